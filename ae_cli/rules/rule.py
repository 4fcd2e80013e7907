"""What a rule is: one expression over columns, with its words and its examples.

The expression is true where a record is right. A blank gives null in most expressions, and the
engine refuses a null verdict, so every rule says with `or_if_blank` what a blank means for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from ae_cli.findings import Severity
from ae_cli.model import OTHERS
from ae_cli.moments import Span, after, latest_by_days, span
from ae_cli.study import Study
from ae_cli.study.counting import has_window
from ae_cli.study.population import SECONDS_A_DAY, cut_off_moment, renamed

Kind = str  # "cell", "event", "participant", "result", "file", or a kind of `model.OTHERS`
Row = Mapping[str, Any]  # the columns of one record, typed; blanks are None
Says = str | Callable[[Row], str]
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True)
class Example:
    """Records in text cells, as they would stand in a log: keys are model fields or SDTM names.

    `labels` are those of a transport file that holds the events; `meddra` tells that there is a
    release of MedDRA, an invented one.
    """

    events: tuple[Mapping[str, str], ...]
    subjects: tuple[Mapping[str, str], ...] = ()
    labs: tuple[Mapping[str, str], ...] = ()
    others: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    study: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] | None = None
    meddra: bool = False


class Fields:
    """The columns of a frame, by name: `ae.grade` is an expression.

    `prefix` is what the participant file's columns are called by: "participant_" beside events,
    nothing in the participants' own frame. `scope` is the kind of record whose frame this is, where
    its fields are not the log's: `dose.has("start")` asks for `exposure.start` then.
    """

    def __init__(
        self,
        study: Study,
        columns: Collection[str],
        prefix: str = "participant_",
        scope: str = "",
    ) -> None:
        self._study = study
        self._columns = columns
        self._prefix = prefix
        self._scope = scope

    def __getattr__(self, name: str) -> nw.Expr:
        return nw.col(name)

    def has(self, *needed: str) -> bool:
        """Whether these fields were collected; `a|b` asks for either."""
        return self._study.has(*("|".join(map(self._scoped, n.split("|"))) for n in needed))

    def _scoped(self, name: str) -> str:
        return f"{self._scope}.{name}" if self._scope and "." not in name else name

    def first_collected(self, needed: str) -> str:
        """Of `a|b` the first that was collected; the last if none was."""
        return first_collected(self._study, needed)

    def present(self, *columns: str) -> list[str]:
        """Those of these columns that the frame has."""
        return [column for column in columns if column in self._columns]

    def filled(self, name: str) -> nw.Expr:
        """Whether a cell holds something, understood or not; false where it is not collected."""
        column = self._column(name)
        dated = f"{column}_earliest"
        typed = dated if dated in self._columns else column
        if not self.has(name) or typed not in self._columns:
            return nw.lit(False)
        flag = f"{column}_unreadable"
        found = ~nw.col(typed).is_null()
        return found | or_if_blank(nw.col(flag), False) if flag in self._columns else found

    def yes(self, name: str) -> nw.Expr:
        """Whether a yes-or-no cell says yes; false where blank or not collected."""
        return or_if_blank(nw.col(self._column(name)), False) if self.has(name) else nw.lit(False)

    def coded_in_ctcae(self) -> bool:
        """Whether the log's terms are CTCAE's."""
        return self._study.ctcae_coded

    def joins_episodes(self) -> bool:
        """Whether study.toml joins the rows of an episode."""
        return self._study.config.episodes == "joined"

    def threshold(self, name: str) -> int:
        """A number of `[rules.thresholds]`, or its default."""
        return self._study.config.threshold(name)

    def option(self, name: str) -> Any:
        """What `[rules.options]` says where sources disagree, or its default."""
        return getattr(self._study.config.rules.options, name)

    def cut_off(self) -> nw.Expr:
        """The last moment of the cut-off day."""
        return nw.lit(cut_off_moment(self._study.config))

    def span(self, date: str) -> Span:
        """A date in the frame's columns."""
        return span(date, self._columns)

    def latest_by_days(self, date: str) -> nw.Expr:
        """The latest moment of a date from which days are counted."""
        return latest_by_days(date, self._columns)

    def certainly_after(self, date: str, limit: str) -> nw.Expr:
        """Whether a date lies after another one, whatever is known of either."""
        if not {f"{date}_earliest", f"{limit}_latest"} <= set(self._columns):
            return nw.lit(False)
        return or_if_blank(after(self.span(date), self.span(limit)), False)

    def certainly_differ(self, date: str, other: str) -> nw.Expr:
        """Whether two dates cannot be the same, at the precision that both share."""
        return self.certainly_after(date, other) | self.certainly_after(other, date)

    def partial(self, date: str) -> nw.Expr:
        """Whether a date is known less well than to the day."""
        latest, earliest = nw.col(f"{date}_latest"), nw.col(f"{date}_earliest")
        return or_if_blank((latest - earliest).dt.total_seconds() >= SECONDS_A_DAY, False)

    def told(self, column: str) -> nw.Expr:
        """What another file says of the participant: false where that file says nothing."""
        return or_if_blank(nw.col(column), False) if column in self._columns else nw.lit(False)

    def judged_related(self) -> nw.Expr:
        """Whether an event is related, by the answers that study.toml counts."""
        counts = [str(answer) for answer in self._study.config.related.counts]
        return or_if_blank(nw.col("related").is_in(counts), False)

    def death_dated(self) -> nw.Expr:
        """Whether a file beside the log gives the date of the participant's death."""
        known = [c for c in ("ds_death_latest", "ss_dead_latest") if c in self._columns]
        told = [~nw.col(c).is_null() for c in known] + [self.told("ds_deaths_differ")]
        return nw.any_horizontal(self.filled("participant.death_date"), *told, ignore_nulls=True)

    def died_by_file(self) -> nw.Expr:
        """Whether the participant file says that the participant died, at any time."""
        return self.yes("participant.died") | self.filled("participant.death_date")

    def arm_name(self) -> nw.Expr:
        """The log's dose group, under the name study.toml gives it."""
        return renamed(nw.col("arm"), self._study.config)

    def before_window_end(self) -> nw.Expr:
        """Whether an event began within the observation window; true where none is set."""
        if not has_window(self._study.fields, self._study.config):
            return nw.lit(True)
        return or_if_blank(nw.col("start_latest") <= nw.col("participant_window_end"), False)

    def _column(self, name: str) -> str:
        return name.replace("participant.", self._prefix)


@dataclass(frozen=True)
class Rule:
    """One rule. `grouped` makes one finding of the rows that agree in these columns, which an
    option of the study may decide.

    `needs` and `grouped` may say `a|b`: either, and the first of them that was collected.

    `shows` are the fields whose cells a finding lists: by default those of `needs` in the log.
    `asks` names what a study must have beside columns: "CTCAE terms" or "a cut-off".
    """

    id: str
    title: str
    severity: Severity
    says: Says
    fix: Says
    why: str
    sources: tuple[str, ...]
    good: tuple[Example, ...]
    bad: tuple[Example, ...]
    kind: Kind
    test: Callable[[Any], Any] | None = None
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    grouped: tuple[str, ...] | Callable[[Study], tuple[str, ...]] = ()
    profile: str = "any"
    graded: Callable[[Row], Severity] | None = None
    expects: str = ""
    overridden: bool = False  # study.toml sets its severity

    @property
    def category(self) -> str:
        return CATEGORIES.get(self.id.split("-")[1], "the study's own")

    def fields(self) -> tuple[str, ...]:
        """The fields of the log a finding shows."""
        if self.shows:
            return self.shows
        scope = f"{self.kind}." if self.kind in OTHERS else ""
        named = [f for need in self.needs for f in need.split("|") if f.startswith(scope)]
        own = [f.removeprefix(scope) for f in named]
        return tuple(dict.fromkeys(f for f in own if "." not in f))


CATEGORIES = {
    "REQ": "required", "TYP": "type", "COD": "code list", "XFD": "cross-field",
    "XRC": "cross-record", "XDS": "cross-dataset", "TIM": "timing", "CTC": "CTCAE",
    "PLA": "plausibility",
}  # fmt: skip

RULES: dict[str, Rule] = {}


def add(rule: Rule) -> Rule:
    """Put a rule in the registry. A second rule with the same id is a mistake of ours."""
    if rule.id in RULES:
        raise ValueError(f"two rules are called {rule.id}")
    RULES[rule.id] = rule
    return rule


def rule(
    id: str,
    severity: Severity,
    title: str,
    *,
    says: Says,
    fix: Says,
    why: str,
    good: list[Example],
    bad: list[Example],
    sources: tuple[str, ...] = (),
    kind: Kind = "event",
    **more: Any,
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Declare a rule: the decorated function gives its expression from the frame's fields."""

    def declare(test: Callable[[Any], Any]) -> Callable[[Any], Any]:
        add(
            Rule(
                id, title, severity, says, fix, why, sources, tuple(good), tuple(bad), kind, test,
                **more,
            )
        )  # fmt: skip
        return test

    return declare


def first_collected(study: Study, needed: str) -> str:
    """Of `a|b` the first that was collected; the last if none was."""
    names = needed.split("|")
    return next((name for name in names if study.has(name)), names[-1])


def or_if_blank(claim: nw.Expr, verdict: bool) -> nw.Expr:
    """What a claim about a blank comes to: true passes, false fails."""
    return claim.fill_null(verdict)


def when(condition: nw.Expr, claim: nw.Expr) -> nw.Expr:
    """Where the condition holds, the claim must. A condition over a blank does not hold."""
    return ~or_if_blank(condition, False) | claim
