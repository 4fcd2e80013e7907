"""The few verbs every report by group is written in.

A line says what is asked of events or participants; `across_groups` counts all lines at once: over
each participant's events in each group, then over each group's participants, and for Total over
each participant's events wherever they were, so that nobody is counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from ae_cli.statistics import interval
from ae_cli.study import Study
from ae_cli.table import (
    Cell,
    Column,
    Count,
    Interval,
    NotCollected,
    NotEstimable,
    Quantity,
    Rate,
    Row,
    Share,
    Unit,
)

Numbers = dict[str, Any]
EVERYONE = "\0"  # the group of Total, whatever the data call theirs
WORST = "worst"  # the highest known grade of a participant's events, null where none is known


@dataclass(frozen=True)
class Line:
    """One declared row. `events` are counted per participant; `participant` asks of those counts.

    `people` are sums over the participant file instead. `cell` makes the cell from the sums.
    `needs` are the fields it asks of; `of_blanks` says that it counts those without an entry.
    """

    key: str
    label: str
    unit: Unit
    cell: Callable[[Study, Column, Numbers], Cell]
    events: tuple[tuple[str, nw.Expr], ...] = ()
    participant: nw.Expr | None = None
    people: tuple[tuple[str, nw.Expr], ...] = ()
    needs: tuple[str, ...] = ()
    of_blanks: bool = False
    indent: int = 0
    section: str = ""

    def collected(self, study: Study) -> bool:
        """Whether there is something to count. A column of blanks alone has only blanks."""
        return study.has(*self.needs) if self.of_blanks else study.answered(*self.needs)


def participants_with(key: str, label: str, event: nw.Expr, *needs: str, indent: int = 0) -> Line:
    """Participants with at least one such event, and the number of those events."""
    return Line(
        key, label, "participants",
        lambda study, column, n: rate(study, column, n[key], n[f"{key}:events"]),
        events=((f"{key}:events", event),), participant=nw.col(f"{key}:events") > 0,
        needs=needs, indent=indent,
    )  # fmt: skip


def of_blanks(line: Line) -> Line:
    """The line as one that counts what was not answered: a column of blanks alone has that."""
    return replace(line, of_blanks=True)


def participants_whose(
    key: str,
    label: str,
    claim: nw.Expr,
    *needs: str,
    indent: int = 0,
    counts: tuple[tuple[str, nw.Expr], ...] = (),
) -> Line:
    """Participants of whom something is true that is not a matter of one event: a worst grade.

    `claim` asks of WORST and of the named `counts` of a participant's events.
    """
    return Line(
        key, label, "participants", lambda study, column, n: rate(study, column, n[key]),
        events=counts, participant=claim, needs=needs, indent=indent,
    )  # fmt: skip


def people(key: str, label: str, claim: nw.Expr, *needs: str, indent: int = 0) -> Line:
    """Participants of the participant file of whom something is true."""
    return Line(
        key, label, "participants", lambda study, column, n: rate(study, column, n[key]),
        people=((key, total(claim)),), needs=("participant.subject", *needs), indent=indent,
    )  # fmt: skip


def events_with(key: str, label: str, event: nw.Expr, *needs: str, indent: int = 0) -> Line:
    """The number of such events."""
    return Line(
        key, label, "events", lambda study, column, n: Count(n[f"{key}:events"]),
        events=((f"{key}:events", event),), needs=needs, indent=indent,
    )  # fmt: skip


def share_of_events(
    key: str, label: str, event: nw.Expr, of: nw.Expr, none: str, *needs: str, indent: int = 0
) -> Line:
    """Such events among others, without an interval: events cluster in people."""

    def cell(study: Study, column: Column, n: Numbers) -> Cell:
        total = n[f"{key}:of"]
        return Share(n[f"{key}:events"], total) if total else NotEstimable(none)

    return Line(
        key, label, "share", cell, events=((f"{key}:events", event), (f"{key}:of", of)),
        needs=needs, indent=indent,
    )  # fmt: skip


def quantity(key: str, label: str, value: nw.Expr, none: str, *needs: str) -> Line:
    """A number over participants, such as a median, from the participant file."""

    def cell(study: Study, column: Column, n: Numbers) -> Cell:
        found = n.get(key)
        return Quantity(float(found), "months") if found else NotEstimable(none)

    needs = ("participant.subject", *needs)
    return Line(key, label, "months", cell, people=((key, value),), needs=needs)


def total(claim: nw.Expr) -> nw.Expr:
    """How many rows a claim holds for; a blank is not one."""
    return claim.fill_null(False).cast(nw.Int64).sum().cast(nw.Int64)  # DuckDB's sums are wider


def in_section(title: str, *lines: Line) -> tuple[Line, ...]:
    """Lines under one heading."""
    return tuple(replace(line, section=title) for line in lines)


def rate(
    study: Study, column: Column, n: int, events: int | None = None, of: int | None = None
) -> Rate:
    """n of the group's N, or of the row's own `of`, with the interval that was asked for.

    Total has none unless asked.
    """
    N = column.N if of is None else of
    wanted = wants_interval(study, column) and N and 0 <= n <= N
    found = interval(n, N, study.choices.ci) if wanted and N else None
    ci = found if isinstance(found, Interval) else None
    return Rate(n, N, events, ci, own=of is not None)


def wants_interval(study: Study, column: Column) -> bool:
    """Whether a column has intervals: Total only where asked."""
    whole = column is study.columns[-1]
    return study.choices.ci != "none" and (not whole or study.choices.ci_total)


def across_groups(study: Study, lines: Sequence[Line]) -> tuple[Row, ...]:
    """Count every line in every group and in all."""
    checked = [line for line in lines if line.collected(study)]
    sums = _sums(study, checked)
    return tuple(
        Row(
            line.key, line.label, line.unit,
            tuple(_cell(study, line, column, sums) for column in study.columns),
            line.indent, line.section,
        )
        for line in lines
    )  # fmt: skip


def _cell(study: Study, line: Line, column: Column, sums: dict[str, Numbers]) -> Cell:
    if not line.collected(study):
        return NotCollected()
    return line.cell(study, column, sums[EVERYONE if column is study.columns[-1] else column.name])


def _sums(study: Study, lines: Sequence[Line]) -> dict[str, Numbers]:
    """The sums of every group and of Total, by name."""
    events, persons = _events(study, lines), _people(study, lines)
    zero = dict.fromkeys(_names(lines), 0)
    names = [*(column.name for column in study.columns[:-1]), EVERYONE]
    return {name: zero | events.get(name, {}) | persons.get(name, {}) for name in names}


def _names(lines: Sequence[Line]) -> list[str]:
    counted = [name for line in lines for name, _ in (*line.events, *line.people)]
    return counted + [line.key for line in lines if line.participant is not None]


def _events(study: Study, lines: Sequence[Line]) -> dict[str, Numbers]:
    """Per participant and group first, then per group; Total from each participant's own sum."""
    counts = {name: event for line in lines for name, event in line.events}
    claims = {line.key: line.participant for line in lines if line.participant is not None}
    each = _each_participant(study, counts).collect("polars").lazy()
    sums = [nw.col(name).sum() for name in counts]
    whole = each.group_by("subject").agg(*sums, nw.col(WORST).max())
    everyone = whole.with_columns(group=nw.lit(EVERYONE))
    return _by_group(each, sums, claims) | _by_group(everyone, sums, claims)


def _each_participant(study: Study, counts: dict[str, nw.Expr]) -> nw.LazyFrame:
    """How many events of each kind a participant had in a group, and the worst grade. Rows that are
    joined are one event: of a kind if any of them is."""
    who, used = ("group", "subject"), study.counted()
    worst = {WORST: nw.col("grade" if study.has("grade") else "record").max()}
    if study.config.episodes == "rows":
        return used.group_by(*who).agg(**{k: total(event) for k, event in counts.items()}, **worst)
    held = {k: event.fill_null(False).cast(nw.Int64).max() for k, event in counts.items()}
    events = used.group_by(*who, "event").agg(**held, **worst)
    return events.group_by(*who).agg(*(nw.col(k).sum() for k in counts), nw.col(WORST).max())


def _by_group(
    each: nw.LazyFrame, sums: Sequence[nw.Expr], claims: dict[str, nw.Expr]
) -> dict[str, Numbers]:
    held = {key: total(claim) for key, claim in claims.items()}
    return _rows(each.group_by("group").agg(*sums, **held))


def _people(study: Study, lines: Sequence[Line]) -> dict[str, Numbers]:
    """Sums over the participants who count, from the participant file."""
    values = {name: value for line in lines for name, value in line.people}
    if study.subjects is None or not values:
        return {}
    counted = nw.from_native(study.subjects).lazy().filter(nw.col("counted"))
    everyone = counted.with_columns(group=nw.lit(EVERYONE))
    groups, whole = (frame.group_by("group").agg(**values) for frame in (counted, everyone))
    return _rows(groups) | _rows(whole)


def _rows(frame: nw.LazyFrame) -> dict[str, Numbers]:
    return {row.pop("group"): row for row in frame.collect("polars").rows(named=True)}
