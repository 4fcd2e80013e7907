"""When events began, how long they went on, and how long it took until the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import narwhals as nw

from ae_cli.reports.columns import RANGE, MakeCell, People, made, those
from ae_cli.reports.exposure import kinds, observed
from ae_cli.reports.survival import NOT_REACHED, middle
from ae_cli.study import Study
from ae_cli.study.observation import OBSERVED
from ae_cli.study.onset import dated
from ae_cli.table import (
    Cell,
    Column,
    Count,
    NotCollected,
    NotEstimable,
    Quantity,
    Rate,
    Row,
    Unit,
    Word,
)

Events = nw.DataFrame[Any]  # of `study.onset.dated`
MakeOf = Callable[[Column, Events], Cell]
FIRST = ("any_ae", "any_grade_3_plus")  # the kinds whose first event has a median
LOW, HIGH = nw.col("low"), nw.col("high")
BEFORE = (HIGH < 0).fill_null(False)


def by_time(study: Study) -> tuple[Row, ...]:
    """Onset by interval, duration, and days to the first event."""
    events, people = dated(study), observed(study)
    return (
        *_onset(study, events, people), *_duration(study, events),
        *(row for key in FIRST for row in _first(study, people, key)),
    )  # fmt: skip


def _made(
    study: Study, events: Events, key: str, label: str, unit: Unit, cell: MakeOf, section: str,
    indent: int, *needs: str,
) -> Row:  # fmt: skip
    """A row of what is made of each column's events; Total has all of them."""
    whole = study.columns[-1]
    cells = tuple(
        cell(column, events if column is whole else events.filter(nw.col("group") == column.name))
        if study.has(*needs) else NotCollected()
        for column in study.columns
    )  # fmt: skip
    return Row(key, label, unit, cells, indent, section)


def intervals(study: Study) -> Iterator[tuple[int, int | None]]:
    """The first and the last day of each interval; the last one has no end."""
    days = study.choices.days
    yield 0, days[0]
    yield from ((before + 1, last) for before, last in pairwise(days))
    yield days[-1] + 1, None


def _onset(study: Study, events: Events, people: People) -> Iterator[Row]:
    """Participants with an event that began in an interval, and those of whom it could be seen."""
    section = "Onset since the first dose"

    def row(key: str, label: str, claim: nw.Expr) -> Row:
        cell = _having(claim)
        return _made(study, events, key, label, "participants", cell, section, 0, "start")

    for first, last in intervals(study):
        key = f"onset_{first}_{'later' if last is None else last}"
        label = f"Days {first}-{last}" if last is not None else f"Day {first} and later"
        yield row(key, label, _within(first, last))
        yield made(
            study, people, f"observed_{first}", f"Observed on day {first}", "participants",
            _observed(first), section, 1, study.has(OBSERVED),
        )  # fmt: skip
    if study.has("treatment_emergent"):
        yield row("onset_before", "Before the first dose", BEFORE)
    some = [BEFORE, *(_within(first, last) for first, last in intervals(study))]
    yield row(
        "onset_unknown", "Interval not known", ~nw.any_horizontal(*some, ignore_nulls=True)
    )  # fmt: skip


def _observed(day: int) -> MakeCell:
    """Participants whose observation goes on to a day, for certain."""
    return those(lambda person: (person.days or 0) > day)


def _within(first: int, last: int | None) -> nw.Expr:
    """Whether an event began in an interval, for certain: both ends of its onset lie in it."""
    inside = (first <= LOW) & ~HIGH.is_null()
    return (inside if last is None else inside & (last >= HIGH)).fill_null(False)


def _having(claim: nw.Expr) -> MakeOf:
    """Participants with such an event, and the number of those events."""

    def cell(column: Column, events: Events) -> Cell:
        such = events.filter(claim)
        return Rate(such["subject"].n_unique(), column.N, len(such), with_events=True)

    return cell


def _duration(study: Study, events: Events) -> Iterator[Row]:
    section, needs = "Duration (days)", ("start", "end")
    known, goes_on = ~nw.col("days").is_null(), nw.col("ongoing")
    claims = {
        "duration_known": ("Events of which both days are known", known),
        "duration_ongoing": ("Going on", ~known & goes_on),
        "duration_unknown": ("Not known", ~known & ~goes_on),
    }
    for key, (label, claim) in claims.items():
        yield _made(study, events, key, label, "events", _count(claim), section, 0, *needs)
        if key == "duration_known":
            yield from _spread(study, events, section, needs)


def _count(claim: nw.Expr) -> MakeOf:
    return lambda column, events: Count(len(events.filter(claim)))


def _spread(study: Study, events: Events, section: str, needs: tuple[str, ...]) -> Iterator[Row]:
    for name, (label, how) in RANGE.items():

        def cell(column: Column, events: Events, how: Any = how) -> Cell:
            known = events["days"].drop_nulls().to_list()
            return Quantity(float(how(known)), "days") if known else NotEstimable("no such event")

        yield _made(study, events, f"event_days_{name}", label, "days", cell, section, 1, *needs)


def _first(study: Study, people: People, key: str) -> tuple[Row, ...]:
    """Days to the first event of a kind, by Kaplan-Meier."""
    kind, section = kinds(study)[key], f"Days to the first event: {kinds(study)[key].title.lower()}"
    known = study.answered(*kind.needs) and study.has(OBSERVED, "start")

    def had(column: Column, people: People) -> Cell:
        times = _times(people, key)
        return Rate(sum(had for _, had in times), len(times), own=True)

    def median(column: Column, people: People) -> Cell:
        times = _times(people, key)
        if not times:
            return NotEstimable("nobody's time to the first event is known")
        day = middle(times)
        return Word(NOT_REACHED) if day is None else Quantity(float(day), "days")

    return (
        made(study, people, f"first_{key}", "With one, of those observed", "participants", had,
             section, 0, known),
        made(study, people, f"first_{key}_median", "Median", "days", median, section, 1, known),
    )  # fmt: skip


def _times(people: People, key: str) -> list[tuple[int, bool]]:
    """Days since the first dose, which is day 0."""
    return [(risk[0] - 1, risk[1]) for p in people if (risk := p.at_risk(key)) is not None]
