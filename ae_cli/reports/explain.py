"""The participants and the rows of the log behind one number of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.findings import Listing
from ae_cli.reports.answers import LISTS, of_answers
from ae_cli.reports.group import cross_table, of_groups
from ae_cli.reports.interest import of_interest
from ae_cli.reports.records import Record, records
from ae_cli.reports.scale import anything
from ae_cli.reports.tally import WORST, Line, across_groups, each_participant
from ae_cli.study import Study
from ae_cli.table import Cell, Column

LINES: dict[str, Callable[[Study], tuple[Line, ...]]] = {
    "group": of_groups,
    **{name: partial(of_answers, field=field) for name, field in
       (("relation", "related"), *((name, name) for name in LISTS if name != "related"))},
    "interest": of_interest,
    "seriousness": lambda study: cross_table(),
}  # fmt: skip


FIELDS = ("subject", "term", "preferred_term", "start", "grade", "serious", "outcome")  # shown


@dataclass(frozen=True, slots=True)
class Explained:
    """A cell, who is in it, and the records of the log that put them there."""

    line: Line
    column: Column
    cell: Cell
    participants: tuple[str, ...]
    records: tuple[Record, ...]


def explain(study: Study, table: str, row: str, group: str) -> Explained:
    """What stands behind a number. Raises InputError for a table, line or group that is not there,
    and for a line that is made of no participants or events."""
    if table not in LINES:
        raise InputError(f"the table by {table} cannot be explained", f"one of: {', '.join(LINES)}")
    lines = LINES[table](study)
    line, column = _line(lines, row), _column(study, group)
    counted = next(each for each in across_groups(study, lines) if each.key == line.key)
    cell = counted.cells[study.columns.index(column)]
    if not line.collected(study):
        raise InputError(f"{line.label}: not collected", "there is nothing to count")
    events = _events(study, column)
    if line.claim is not None or line.without is not None:
        who = _people(study, line, column, events)
        return Explained(line, column, cell, who, _records(study, _of(events, who)))
    if any(name == f"{line.key}:events" for name, _ in line.events):
        such = events.filter(line.events[0][1].fill_null(False))
        return Explained(line, column, cell, _names(such), _records(study, such))
    if line.participant is None:
        raise InputError(f"{line.label} is no count of participants or events", "choose another")
    who = _whose(study, line, column)
    return Explained(line, column, cell, who, _records(study, _of(events, who)))


def _line(lines: Sequence[Line], named: str) -> Line:
    """A line by its key, its label, or `section: label`."""
    wanted = _form(named)
    for name in ("{0.key}", "{0.section}: {0.label}", "{0.label}"):
        found = [line for line in lines if _form(name.format(line)) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            told = ", ".join(f"{line.section}: {line.label}" for line in found)
            raise InputError(f"several lines are called {named!r}", f"say which: {told}")
    told = ", ".join(dict.fromkeys(line.label for line in lines))
    raise InputError(f"the table has no line {named!r}", f"it has {told}")


def _column(study: Study, named: str) -> Column:
    wanted = _form(named)
    for column in study.columns:
        if wanted in (_form(column.name), _form(column.label)):
            return column
    told = ", ".join(column.name for column in study.columns)
    raise InputError(f"there is no group {named!r}", f"the groups are {told}")


def _form(text: str) -> str:
    return " ".join(text.casefold().split())


def _events(study: Study, column: Column) -> nw.LazyFrame:
    used = study.counted()
    return used if column is study.columns[-1] else used.filter(nw.col("group") == column.name)


def _of(events: nw.LazyFrame, who: Sequence[str]) -> nw.LazyFrame:
    return events.filter(nw.col("subject").is_in(list(who)))


def _names(rows: nw.LazyFrame) -> tuple[str, ...]:
    names = rows.select("subject").drop_nulls().unique().collect("polars")["subject"]
    return tuple(sorted(names.to_list()))


def _people(study: Study, line: Line, column: Column, events: nw.LazyFrame) -> tuple[str, ...]:
    """Participants of the participant file: of whom something is true, or without such an event."""
    if study.subjects is None:
        raise InputError(f"{line.label}: who they are is not known", "give --subjects FILE")
    people = nw.from_native(study.subjects).lazy().filter(nw.col("counted"))
    if column is not study.columns[-1]:
        people = people.filter(nw.col("group") == column.name)
    if line.claim is not None:
        return _names(people.filter(line.claim.fill_null(False)))
    such = line.without if line.without is not None else anything
    have = _names(events.filter(such.fill_null(False)))
    return tuple(name for name in _names(people) if name not in set(have))


def _whose(study: Study, line: Line, column: Column) -> tuple[str, ...]:
    """Participants of whose events something is true together, such as the worst grade."""
    assert line.participant is not None
    each = each_participant(study, dict(line.events)).collect("polars").lazy()
    if column is study.columns[-1]:
        sums = [nw.col(name).sum() for name, _ in line.events]
        each = each.group_by("subject").agg(*sums, nw.col(WORST).max())
    else:
        each = each.filter(nw.col("group") == column.name)
    return _names(each.filter(line.participant.fill_null(False)))


def _records(study: Study, events: nw.LazyFrame) -> tuple[Record, ...]:
    """The records of these events, in the order of the log."""
    numbers = events.select("record").sort("record").collect("polars")["record"]
    found = records(study)
    return tuple(found[number] for number in numbers)


def listed(explained: Explained) -> Listing:
    """The records for a reader: where they stand, and what tells them."""
    known = [f for f in FIELDS if any(f in record.texts for record in explained.records)]
    heads = [next(r.header(f) for r in explained.records if f in r.texts) for f in known]
    rows = ((r.where, *(r.texts.get(f) for f in known)) for r in explained.records)
    return Listing("records", "Records of the log", ("Row", *heads), tuple(rows))
