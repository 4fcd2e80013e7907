"""Runs the rules: one pass over the events, one over the participants, and what reading met.

A verdict that is null is a bug of ours, and so is an expression that fails: the rule is reported as
crashed and all the others still run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from ae_cli.findings import Outcome
from ae_cli.model import CRITERIA
from ae_cli.rules.rule import Fields, Rule
from ae_cli.study import Study
from ae_cli.study.levels import stated_versions
from ae_cli.study.sites import has_sites


def _standard(study: Study) -> bool:
    return any(source.mapping.standard for source in study.log.events.sources)


def _flag_of_sdtm(study: Study) -> bool:
    """Whether the treatment-emergent flag is SDTM's, in whose column a blank says nothing."""
    return bool({"AETRTEM", "TRTEM"} & _headers(study, "treatment_emergent"))


def _headers(study: Study, field: str) -> set[str]:
    """What the column of a field is called in the files of events."""
    sources = study.log.events.sources
    at = [(s.sheet.headers, s.mapping.fields.get(field)) for s in sources]
    return {headers[i].strip().upper() for headers, i in at if i is not None}


def _coding_begun(study: Study) -> bool:
    """Whether some event has a preferred term, in a log that is not coded in CTCAE terms. What has
    SDTM or ADaM headers is coded, or should be."""
    if study.ctcae_coded or not study.has("preferred_term"):
        return False
    if _standard(study):
        return True
    coded = nw.from_native(study.events).lazy().filter(~nw.col("preferred_term").is_null())
    return bool(coded.select(nw.len()).collect().item())


ASKS: dict[str, tuple[Callable[[Study], bool], str]] = {
    "CTCAE terms": (lambda s: s.ctcae_coded, "the log is not coded in CTCAE terms"),
    "cut-off": (lambda s: s.config.cut_off is not None, "no cut-off is set in study.toml"),
    "groups of the log": (
        lambda s: s.subjects is None or s.basis.get("group") == "events",
        "the participant file has the groups",
    ),
    "dose dates": (
        lambda s: "first_dose" not in s.basis,
        "the first dose is RFSTDTC, which may be another day",
    ),
    "laboratory results": (lambda s: s.labs is not None, "no laboratory results: give --labs"),
    "SDTM headers": (_standard, "only in a log with SDTM or ADaM headers"),
    "a flag of SDTM": (_flag_of_sdtm, "only where the flag is SDTM's (AETRTEM)"),
    "days after the last dose": (
        lambda s: s.config.days_after_last_dose is not None,
        "study.toml sets no days_after_last_dose",
    ),
    "ongoing at all": (
        lambda s: "AEENRF" not in _headers(s, "ongoing"),
        "AEENRF tells of the end of the reference period, not of the event's",
    ),
    "a criterion": (
        lambda s: s.config.rules.options.overdose_is_criterion or bool(s.fields & CRITERIA),
        "the only criterion is overdose, which study.toml does not count",
    ),
    "coding begun": (_coding_begun, "the events are not coded, or in CTCAE terms"),
    "strict duplicates": (
        lambda s: s.config.rules.options.duplicate_key == "every column",
        "by study.toml such rows are one event: AE-XRC-02",
    ),
    "sites": (has_sites, "no participant who counts has a site"),
    "MedDRA": (lambda s: s.meddra is not None, "no MedDRA folder: give it with --meddra"),
    "a stated version": (
        lambda s: bool(stated_versions(s)),
        "neither the log nor a parameter of the trial says a version of MedDRA",
    ),
    "a transport file": (
        lambda s: any(labelled(s)),
        "no file is a SAS transport file with SDTM or ADaM headers",
    ),
    "dose groups": (lambda s: s.choices.group is None, "--group forms other columns"),
}


def labelled(study: Study) -> Iterator[Mapping[str, str]]:
    """The names and labels of each transport file under standard headers."""
    sources = (source for _, records in study.log.kinds() for source in records.sources)
    yield from (s.sheet.labels for s in sources if s.mapping.standard and s.sheet.labels)


# Rules that are an expression over a frame: the kind of rule, and of record where it differs.
FRAMES = {"event": "events", "participant": "subjects", "result": "labs"}


def kinds(study: Study) -> list[str]:
    """The kinds of rules that this study has a frame for."""
    names = {record: kind for kind, record in FRAMES.items()}
    return [names.get(record, record) for record, _ in study.log.kinds()]


NO_RECORDS = "no records of the kind it is about"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule said: the records that break it, or why it could not say anything."""

    rule: Rule
    outcome: Outcome
    records: tuple[int, ...] = ()
    reason: str = ""


def run(study: Study, rules: Iterable[Rule]) -> list[Verdict]:
    """A verdict of every rule but those on cells, which reading has raised already."""
    chosen = [r for r in rules if r.kind != "cell"]
    found = {r.id: v for r in chosen if (v := _unchecked(study, r))}
    checkable = [r for r in chosen if r.id not in found]
    told = (v for kind in kinds(study) for v in _run(study, kind, checkable))
    found |= {v.rule.id: _answered(study, v) for v in told}
    found |= {r.id: _of_file(study, r) for r in checkable if r.kind == "file"}
    return [found.get(r.id) or Verdict(r, Outcome.NOT_CHECKED, (), NO_RECORDS) for r in chosen]


def _answered(study: Study, verdict: Verdict) -> Verdict:
    """The verdict, if there was something to judge: a question without a single answer breaks
    nothing and proves nothing."""
    if verdict.outcome is not Outcome.PASSED or verdict.rule.kind != "event":
        return verdict
    unasked = [need for need in verdict.rule.needs if not study.answered(need)]
    if not unasked:
        return verdict
    reason = f"no answer to {label(unasked[0].split('|')[0])}"
    return Verdict(verdict.rule, Outcome.NOT_CHECKED, reason=reason)


def _unchecked(study: Study, rule: Rule) -> Verdict | None:
    """Why a rule cannot be checked, also where that itself is a bug of ours; None if it can."""
    try:
        reason = not_checked(study, rule)
    except BaseException as error:  # a rule of ours that fails must not silence the others
        return crash(rule, error)
    return Verdict(rule, Outcome.NOT_CHECKED, reason=reason) if reason else None


def _of_file(study: Study, rule: Rule) -> Verdict:
    try:
        passed = rule.test is None or rule.test(study)
    except BaseException as error:  # as for the others
        return crash(rule, error)
    return Verdict(rule, Outcome.PASSED if passed else Outcome.FINDINGS)


def not_checked(study: Study, rule: Rule) -> str:
    """Why a rule cannot be checked in this study; empty if it can."""
    for need in rule.needs:
        if not study.has(need):
            return missing(study, need)
    for ask in rule.asks:
        holds, reason = ASKS[ask]
        if not holds(study):
            return reason
    return ""


def missing(study: Study, need: str) -> str:
    """The words for a column that is not there."""
    names = need.split("|")
    if not any(_is_read(study, name) for name in names):
        return _no_file(names[0].partition(".")[0])
    labels = [label(name) for name in (names if len(names) < 4 else names[:2])]
    others = " and the like" if len(names) > len(labels) else ""
    return f"no column for {' or '.join(labels)}{others}"


def label(name: str) -> str:
    """What a field is called, and in which file."""
    from ae_cli.model import KINDS, cells

    scope, _, field = name.rpartition(".")
    kind = KINDS[_RECORDS.get(scope, scope)]
    of = {"": "", "participant": " of the participant"}.get(scope, f" in the {kind.role}")
    return cells(kind.model)[field].label + of


_RECORDS = {"": "events", "participant": "subjects"}  # what a prefix of a field stands for


def _is_read(study: Study, name: str) -> bool:
    scope = name.rpartition(".")[0]
    return any(kind == _RECORDS.get(scope, scope) for kind, _ in study.log.kinds())


def _no_file(scope: str) -> str:
    from ae_cli.model import KINDS

    if scope == "participant":
        return "no participant file"
    return f"no file of {KINDS[scope].role}: give it with --with"


def _run(study: Study, kind: str, rules: Sequence[Rule]) -> list[Verdict]:
    rules = [r for r in rules if r.kind == kind]
    if not rules:
        return []
    try:
        frame, fields = frame_of(study, kind)
    except BaseException as error:
        return [crash(rule, error) for rule in rules]
    tests: dict[str, nw.Expr] = {}
    crashed = []
    for rule in rules:
        try:
            tests[rule.id] = rule.test(fields)  # type: ignore[misc]
        except BaseException as error:  # as above
            crashed.append(crash(rule, error))
    return crashed + _verdicts(frame, {r.id: r for r in rules}, tests)


def frame_of(study: Study, kind: str) -> tuple[nw.LazyFrame, Fields]:
    """The rows that rules of a kind are asked about, and their fields."""
    if kind == "participant":
        people = nw.from_native(study.subjects).lazy()
        return people, Fields(study, people.collect_schema().names(), prefix="")
    if kind == "result":  # of the severe ones: a result is severe by one term alone
        severe = nw.from_native(study.labs).lazy().filter(nw.col("grade") >= 3)
        return severe, Fields(study, severe.collect_schema().names(), prefix="")
    if kind != "event":
        frame = nw.from_native(study.others[kind]).lazy()
        return frame, Fields(study, frame.collect_schema().names(), scope=kind)
    events = nw.from_native(study.events).lazy().filter(nw.col("is_event"))
    return events, Fields(study, events.collect_schema().names())


def _verdicts(
    frame: nw.LazyFrame, rules: dict[str, Rule], tests: dict[str, nw.Expr]
) -> list[Verdict]:
    """All verdicts in one pass; if that fails, each rule alone, to know which it was."""
    try:
        table = frame.select("record", **tests).collect("polars")
    except BaseException as error:
        if len(tests) == 1:
            return [crash(rules[id], error) for id in tests]
        return [v for id, test in tests.items() for v in _verdicts(frame, rules, {id: test})]
    return [_verdict(table, rules[id]) for id in tests]


def _verdict(table: nw.DataFrame[Any], rule: Rule) -> Verdict:
    verdict = table[rule.id]
    if verdict.dtype != nw.Boolean:
        return Verdict(rule, Outcome.CRASHED, reason="the rule's verdict is neither true nor false")
    if verdict.is_null().any():
        return Verdict(rule, Outcome.CRASHED, reason="the rule has no verdict for a blank")
    broken = tuple(sorted(table["record"].filter(~verdict).to_list()))
    return Verdict(rule, Outcome.FINDINGS if broken else Outcome.PASSED, broken)


def crash(rule: Rule, error: BaseException) -> Verdict:
    """Named by its kind alone: the text of an error can hold a patient's data.

    A panic of Polars is no Exception, so whoever calls this caught everything; what is no bug of a
    rule goes on.
    """
    if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
        raise error
    return Verdict(rule, Outcome.CRASHED, reason=f"a bug of ours ({type(error).__name__})")
