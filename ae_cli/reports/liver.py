"""A screen for severe drug-induced liver injury, by multiples of the upper limit and of baseline.

Source: FDA, Guidance for Industry: Drug-Induced Liver Injury, Premarketing Clinical Evaluation,
July 2009 (Hy's law): ALT or AST at least 3 times the upper limit and bilirubin at least 2 times
it. Here bilirubin counts on the day of the ALT or AST and for 30 days after. Alkaline phosphatase
is shown beside and leaves nobody out. In participants who start with abnormal values the same
multiples of their own baseline are counted too. A screen finds whom to look at; it is no diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import narwhals as nw

from ae_cli.findings import Listing
from ae_cli.study import Study
from ae_cli.table import Rate, Row

SECTION = "Screen for severe liver injury (Hy's law)"
TESTS = {"ALT": "enzyme", "AST": "enzyme", "Bilirubin (total)": "bilirubin", "ALP": "alp"}
ENZYMES, BILIRUBIN, DAYS = 3.0, 2.0, timedelta(days=30)
EPS = 1e-9
Scale = str  # "limit" or "baseline": what a value is a multiple of


@dataclass(frozen=True, slots=True)
class Result:
    """One result after baseline, as multiples of the upper limit and of baseline."""

    test: str
    date: datetime | None
    last: datetime | None
    limit: float | None
    baseline: float | None

    def times(self, scale: Scale) -> float:
        return (self.limit if scale == "limit" else self.baseline) or 0.0


@dataclass
class Liver:
    """A participant's results of the liver panel after baseline."""

    subject: str
    group: str
    enzyme: list[Result] = field(default_factory=list)
    bilirubin: list[Result] = field(default_factory=list)
    alp: list[Result] = field(default_factory=list)

    def raised(self, scale: Scale) -> list[Result]:
        return [r for r in self.enzyme if r.times(scale) >= ENZYMES - EPS]

    def yellow(self, scale: Scale) -> list[Result]:
        return [r for r in self.bilirubin if r.times(scale) >= BILIRUBIN - EPS]

    def pairs(self, scale: Scale) -> list[tuple[Result, Result]]:
        """Each raised enzyme with each raised bilirubin of the same day or the 30 days after."""
        return [(e, b) for e in self.raised(scale) for b in self.yellow(scale) if _within(e, b)]

    def has_baseline(self) -> bool:
        """Whether both an enzyme and bilirubin are known as multiples of baseline."""
        return all(any(r.baseline for r in own) for own in (self.enzyme, self.bilirubin))

    def alp_beside(self) -> float | None:
        """The highest multiple of the limit that ALP had in the days of the pairs."""
        near = [a.times("limit") for e, _ in self.pairs("limit") for a in self.alp if _within(e, a)]
        return max(near, default=None)


def _within(first: Result, other: Result) -> bool:
    """Whether a result was taken on the day of another or in the 30 days after, for certain."""
    if first.date is None or other.date is None or first.last is None or other.last is None:
        return False
    return (
        first.last.date() <= other.date.date() and other.last.date() <= (first.date + DAYS).date()
    )


def liver(study: Study) -> tuple[Row, ...]:
    """The rows of the screen; none where enzymes and bilirubin were not measured."""
    people = [p for p in livers(study) if p.enzyme and p.bilirubin]
    if not people:
        return ()

    def row(
        key: str, label: str, claim: Callable[[Liver], object],
        of: Callable[[Liver], object] = bool, indent: int = 0,
    ) -> Row:  # fmt: skip
        cells, asked = [], [p for p in people if of(p)]
        for i, column in enumerate(study.columns):
            own = [p for p in asked if i == len(study.columns) - 1 or p.group == column.name]
            cells.append(Rate(sum(bool(claim(p)) for p in own), len(own), own=True))
        return Row(f"liver_{key}", label, "participants", tuple(cells), indent, SECTION)

    return (
        row("enzymes", "ALT or AST at least 3 x ULN", lambda p: p.raised("limit")),
        row("bilirubin", "Bilirubin at least 2 x ULN", lambda p: p.yellow("limit")),
        row("both", "Both, bilirubin within 30 days after", lambda p: p.pairs("limit")),
        row("both_alp", "of these, ALP at least 2 x ULN",
            lambda p: (p.alp_beside() or 0) >= BILIRUBIN - EPS, lambda p: p.pairs("limit"), 1),
        row("enzymes_base", "ALT or AST at least 3 x baseline", lambda p: p.raised("baseline"),
            Liver.has_baseline),
        row("bilirubin_base", "Bilirubin at least 2 x baseline", lambda p: p.yellow("baseline"),
            Liver.has_baseline),
        row("both_base", "Both by baseline, bilirubin within 30 days after",
            lambda p: p.pairs("baseline"), Liver.has_baseline),
    )  # fmt: skip


def livers(study: Study) -> Iterable[Liver]:
    """Every participant with results of the panel after baseline, by identifier."""
    frame = nw.from_native(study.labs, eager_only=True).filter(
        nw.col("excluded").is_null(), nw.col("test").is_in(list(TESTS)),
        nw.col("after").fill_null(True),
    )  # fmt: skip
    found: dict[tuple[str, str], Liver] = {}
    seen: dict[int, None] = {}
    for row in frame.sort("record").rows(named=True):
        if row["record"] in seen:  # a result may stand for two terms
            continue
        seen[row["record"]] = None
        who = row["subject"], row["group"]
        person = found.setdefault(who, Liver(*who))
        getattr(person, TESTS[row["test"]]).append(_result(row))
    return [found[key] for key in sorted(found)]


def _result(row: dict[str, Any]) -> Result:
    low = row["value_low"]
    return Result(
        row["test"], row["date_earliest"], row["date_latest"],
        _multiple(low, row["upper"]), _multiple(low, row["baseline"]),
    )  # fmt: skip


def _multiple(value: float | None, of: float | None) -> float | None:
    return value / of if value is not None and of else None


def screened(study: Study) -> Listing:
    """The participants in whom both were raised, with the highest values of those days."""
    rows = []
    for person in livers(study):
        for enzyme, bilirubin in _highest(person):
            rows.append((
                person.subject, person.group, enzyme.test, _day(enzyme), _times(enzyme.limit),
                _times(enzyme.baseline), _day(bilirubin), _times(bilirubin.limit),
                _times(bilirubin.baseline), _times(person.alp_beside()),
            ))  # fmt: skip
    headers = (
        "Participant", "Group", "Enzyme", "Date", "x ULN", "x baseline", "Bilirubin, date",
        "Bilirubin, x ULN", "Bilirubin, x baseline", "ALP, x ULN",
    )  # fmt: skip
    title = "ALT or AST at least 3 x ULN, and bilirubin at least 2 x ULN within 30 days after"
    return Listing("Liver screen", title, headers, tuple(rows))


def _highest(person: Liver) -> list[tuple[Result, Result]]:
    """The highest enzyme that has a bilirubin, with the highest of its bilirubins; or nothing."""
    ranked = sorted(person.pairs("limit"), key=lambda p: (p[0].times("limit"), p[1].times("limit")))
    return ranked[-1:]


def _day(result: Result) -> str | None:
    return result.date.date().isoformat() if result.date else None


def _times(multiple: float | None) -> float | None:
    return None if multiple is None else round(multiple, 1)
