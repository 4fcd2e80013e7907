"""When events began, how long they went on, and how long it took until the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

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

Event = dict[str, Any]  # group, subject, low, high, days, ongoing
Events = Sequence[Event]
Claim = Callable[[Event], bool]
FIRST = ("any_ae", "any_grade_3_plus")  # the kinds whose first event has a median


def by_time(study: Study) -> tuple[Row, ...]:
    """Onset by interval, duration, and days to the first event."""
    events, people = dated(study).rows(named=True), observed(study)
    return (
        *_onset(study, events, people), *_duration(study, events),
        *(row for key in FIRST for row in _first(study, people, key)),
    )  # fmt: skip


def _made(
    study: Study, events: Events, key: str, label: str, unit: Unit,
    cell: Callable[[Column, Events], Cell], section: str, indent: int, *needs: str,
) -> Row:  # fmt: skip
    """A row of what is made of each column's events; Total has all of them."""
    whole = study.columns[-1]
    cells = tuple(
        cell(column, [e for e in events if column is whole or e["group"] == column.name])
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
    section, needs = "Onset since the first dose", ("start",)
    for first, last in intervals(study):
        key = f"onset_{first}_{'later' if last is None else last}"
        label = f"Days {first}-{last}" if last is not None else f"Day {first} and later"
        cell = _having(_in(first, last))
        yield _made(study, events, key, label, "participants", cell, section, 0, *needs)
        yield made(
            study, people, f"observed_{first}", f"Observed on day {first}", "participants",
            _observed(first), section, 1, study.has(OBSERVED),
        )  # fmt: skip
    rest: dict[str, tuple[str, Claim]] = {
        "onset_before": ("Before the first dose", _before),
        "onset_unknown": ("Interval not known", lambda e: not _before(e) and not _some(study, e)),
    }
    for key, (label, claim) in rest.items():
        if key != "onset_before" or study.has("treatment_emergent"):
            yield _made(
                study, events, key, label, "participants", _having(claim), section, 0, *needs
            )


def _observed(day: int) -> MakeCell:
    """Participants whose observation goes on to a day, for certain."""
    return those(lambda person: (person.days or 0) > day)


def _in(first: int, last: int | None) -> Claim:
    return lambda event: placed(event) and within(event, first, last)


def placed(event: Event) -> bool:
    """Whether both ends of an onset are days since the first dose."""
    return event["low"] is not None and event["high"] is not None


def within(event: Event, first: int, last: int | None) -> bool:
    """Whether an event began in an interval, for certain."""
    return bool(event["low"] >= first and (last is None or event["high"] <= last))


def _some(study: Study, event: Event) -> bool:
    return placed(event) and any(within(event, a, z) for a, z in intervals(study))


def _before(event: Event) -> bool:
    return placed(event) and bool(event["high"] < 0)


def _having(claim: Claim) -> Callable[[Column, Events], Cell]:
    """Participants with such an event, and the number of those events."""

    def cell(column: Column, events: Events) -> Cell:
        such = [e for e in events if claim(e)]
        n = len({e["subject"] for e in such})
        return Rate(n, column.N, len(such), with_events=True)

    return cell


def _duration(study: Study, events: Events) -> Iterator[Row]:
    section, needs = "Duration (days)", ("start", "end")
    claims: dict[str, tuple[str, Claim]] = {
        "duration_known": ("Events of which both days are known", lambda e: e["days"] is not None),
        "duration_ongoing": ("Going on", lambda e: e["days"] is None and e["ongoing"]),
        "duration_unknown": ("Not known", lambda e: e["days"] is None and not e["ongoing"]),
    }
    for key, (label, claim) in claims.items():
        count = _count(claim)
        yield _made(study, events, key, label, "events", count, section, 0, *needs)
        if key == "duration_known":
            yield from _spread(study, events, section, needs)


def _count(claim: Claim) -> Callable[[Column, Events], Cell]:
    return lambda column, events: Count(sum(map(claim, events)))


def _spread(study: Study, events: Events, section: str, needs: tuple[str, ...]) -> Iterator[Row]:
    for name, (label, how) in RANGE.items():

        def cell(column: Column, events: Events, how: Any = how) -> Cell:
            known = [e["days"] for e in events if e["days"] is not None]
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
