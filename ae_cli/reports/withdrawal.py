"""Who left the treatment or the study early, and why: CONSORT Harms 2022 asks for each group.

The records of disposition give every reason; the log knows of those who left for an event alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.findings import Report
from ae_cli.reports.footnotes import dates, emergence, intervals, population, told
from ae_cli.reports.group import VITAL
from ae_cli.reports.tally import across_groups, in_section, participants_with, people, rate
from ae_cli.reports.terms import numbered
from ae_cli.study import Study
from ae_cli.table import Cell, NotCollected, Rate, Row, Table
from ae_cli.vocabulary import Action, same_name

NO_REASON = "No reason given"
TREATMENT, STUDY, BOTH = "treatment", "study", "early"
TITLES = {
    TREATMENT: "Left the treatment early",
    STUDY: "Left the study early",
    BOTH: "Left the treatment or the study early",
}
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """A record of disposition that ends something early, for a participant who counts."""

    subject: str
    group: str
    which: frozenset[str]  # of TREATMENT and STUDY
    reason: str
    harm: bool  # an adverse event, or a death


@dataclass(frozen=True)
class Records:
    """The records of disposition: those who left, and who has a record at all."""

    left: tuple[Left, ...]
    known: frozenset[tuple[str, str]]  # group and participant
    late: int  # after the cut-off
    others: int  # of participants who do not count

    @property
    def told_apart(self) -> bool:
        """Whether the ends of treatment and of the study are different records somewhere."""
        return any(len(record.which) == 1 for record in self.left)


def without_withdrawals(study: Study) -> InputError | None:
    """Why there is no table of withdrawals; None where there is one."""
    if study.has("action|discontinued") or _disposed(study):
        return None
    return InputError(
        "nothing says who left: the log has no action taken, and there is no file of disposition "
        "with its participant file",
        "for example: ae-cli summarize by withdrawal ae.csv --subjects dm.csv "
        "--with disposition=ds.csv",
    )


def _disposed(study: Study) -> bool:
    """Whether records of disposition can be put to groups."""
    return "disposition" in study.others and study.subjects is not None


def by_withdrawal(study: Study) -> tuple[Row, ...]:
    """Those who left early by reason; those for whom the log says so; deaths."""
    return numbered((*_by_disposition(study), *_by_log(study)))


def _by_log(study: Study) -> tuple[Row, ...]:
    withdrawn = nw.col("action") == str(Action.WITHDRAWN)
    lines = in_section(
        "By the log of events",
        participants_with(
            "drug_withdrawn", "Treatment withdrawn for an event", withdrawn, "action"
        ),
        participants_with(
            "study_discontinued", "Left the study for an event", nw.col("discontinued"),
            "discontinued",
        ),
    )  # fmt: skip
    deaths = in_section("Deaths", people("deaths", "Deaths, all causes", nw.col("dead"), VITAL))
    return across_groups(study, (*lines, *deaths))


def _by_disposition(study: Study) -> Iterator[Row]:
    if not _disposed(study):
        cells = tuple(NotCollected() for _ in study.columns)
        for which in (TREATMENT, STUDY):
            yield Row(f"left_{which}", "Any reason", "participants", cells, 0, TITLES[which])
        return
    records = disposed(study)
    for which in (TREATMENT, STUDY) if records.told_apart else (BOTH,):
        here = [r for r in records.left if which in r.which or which == BOTH]
        yield from _reasons(study, which, here)
    silent = _row(
        study, "no_disposition", "No record of disposition", _without(study, records),
        "Disposition", 0,
    )  # fmt: skip
    yield replace(silent, cells=tuple(map(_no_outcome, silent.cells)))


def _no_outcome(cell: Cell) -> Cell:
    """The same without an interval."""
    return replace(cell, ci=None) if isinstance(cell, Rate) else cell


def _reasons(study: Study, which: str, records: Sequence[Left]) -> Iterator[Row]:
    """Any reason, harms, and each reason: the commonest first."""
    section = TITLES[which]

    def row(key: str, label: str, claim: Callable[[Left], bool], indent: int) -> Row:
        such = {(r.group, r.subject) for r in records if claim(r)}
        return _row(study, key, label, such, section, indent)

    yield row(f"left_{which}", "Any reason", lambda r: True, 0)
    yield row(f"left_{which}_harm", "For an adverse event or death", lambda r: r.harm, 0)
    often = Counter(reason for reason, _ in {(r.reason, r.subject) for r in records})
    for reason in sorted(often, key=lambda text: (-often[text], text)):
        slug = re.sub(r"\W+", "_", reason).strip("_").lower()
        yield row(f"left_{which}_for_{slug}", reason, _for(reason), 1)


def _for(reason: str) -> Callable[[Left], bool]:
    return lambda record: record.reason == reason


def _row(
    study: Study, key: str, label: str, such: set[tuple[str, str]], section: str, indent: int
) -> Row:  # fmt: skip
    whole = study.columns[-1]
    cells = tuple(
        rate(study, column, sum(column is whole or group == column.name for group, _ in such))
        for column in study.columns
    )
    return Row(key, label, "participants", cells, indent, section)


def _without(study: Study, records: Records) -> set[tuple[str, str]]:
    """The participants who count and have no record."""
    counted = nw.from_native(study.subjects, eager_only=True).filter("counted")
    everyone = set(zip(counted["group"], counted["subject"], strict=True))
    return everyone - records.known


def disposed(study: Study) -> Records:
    """What the records of disposition say of the participants who count, to the cut-off."""
    frame = nw.from_native(study.others["disposition"], eager_only=True)
    rows = list(frame.filter(~nw.col("subject").is_null()).rows(named=True))
    ours = [row for row in rows if row["participant_counted"]]
    used = [row for row in ours if not _late(study, row)]
    names = _spelled([_reason(row) for row in used])
    left = tuple(_left(row, names) for row in used if row["ends_treatment"] or row["ends_study"])
    known = frozenset((row["participant_group"], row["subject"]) for row in used)
    return Records(left, known, len(ours) - len(used), len(rows) - len(ours))


def _late(study: Study, row: Record) -> bool:
    """Whether a record is of a day after the cut-off, for certain."""
    cut, at = study.config.cut_off, row.get("start_earliest")
    return bool(cut and at and at.date() > cut)


def _left(row: Record, names: dict[str, str]) -> Left:
    which = {TREATMENT: row["ends_treatment"], STUDY: row["ends_study"]}
    return Left(
        row["subject"], row["participant_group"], frozenset(w for w, ends in which.items() if ends),
        names[same_name(_reason(row))], bool(row["adverse"] or row["death"]),
    )  # fmt: skip


def _reason(row: Record) -> str:
    """The standard term, else the reported one."""
    return row.get("reason") or row.get("term") or NO_REASON


def _spelled(reasons: Sequence[str]) -> dict[str, str]:
    """Each reason in one spelling: the commonest, and the first of these by the alphabet."""
    found: dict[str, str] = {}
    often = Counter(" ".join(text.split()) for text in reasons)
    for text in sorted(often, key=lambda text: (often[text], [-ord(c) for c in text])):
        found[same_name(text)] = text
    return found


def withdrawal_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of the table by withdrawal."""
    parts = (population, dates, emergence, _records, _disagree, intervals)
    return told(study, table, findings, *parts)


def _records(study: Study, table: Table) -> Iterator[str]:
    """Where reasons come from, and which records are not used."""
    if not _disposed(study):
        yield (
            "No records of disposition with a participant file: who left for another reason than "
            "an adverse event is not known."
        )
        return
    yield (
        "Reasons: as the records of disposition have them, the standard term before the reported "
        "one. A participant with several records may be in several lines."
    )
    records = disposed(study)
    if not records.told_apart:
        yield "The records do not tell the end of treatment from that of the study."
    if records.late:
        yield f"Records of disposition after the cut-off, not used: {records.late}."
    if records.others:
        yield f"Records of disposition of participants who do not count: {records.others}."


def _disagree(study: Study, table: Table) -> Iterator[str]:
    """Those who left the treatment for harm by one source alone."""
    if not _disposed(study) or not study.answered("action"):
        return
    log = study.counted().filter(nw.col("action") == str(Action.WITHDRAWN)).select("subject")
    here = set(log.collect("polars")["subject"].to_list())
    there = {r.subject for r in disposed(study).left if r.harm and TREATMENT in r.which}
    if only := len(here - there):
        yield (
            "Treatment withdrawn for an event by the log, and no such end of treatment in the "
            f"disposition: {only} participants."
        )
    if only := len(there - here):
        yield (
            "Left the treatment for an adverse event or death by the disposition, and no event of "
            f"the log says that it was withdrawn: {only} participants."
        )
