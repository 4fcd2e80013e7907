"""Exposure, and how often events were for the time that participants were at risk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.reports.columns import MakeCell, People, made, spread, those
from ae_cli.reports.group import judged_related, serious
from ae_cli.reports.scale import anything, grade
from ae_cli.reports.tally import across_groups, participants_with, wants_interval
from ae_cli.statistics import clustered_rate, rate
from ae_cli.study import Study
from ae_cli.study.observation import OBSERVED, Person, participants
from ae_cli.study.population import MONTH_DAYS
from ae_cli.table import (
    PER_100_MONTHS,
    Cell,
    Column,
    Incidence,
    Interval,
    NotEstimable,
    Quantity,
    Row,
)

DOSES = 6  # different numbers of doses that have a line each
FEW = "nobody's time at risk is known"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its heading, what it asks of an event, and the answers it needs."""

    title: str
    such: nw.Expr
    needs: tuple[str, ...] = ()


def kinds(study: Study) -> dict[str, Kind]:
    """By the key that the table by group has for their participants."""
    return {
        "any_ae": Kind("Any adverse event", anything),
        "any_grade_3_plus": Kind("Grade 3 or more", grade >= 3, ("grade",)),
        "any_sae": Kind("Serious", serious, ("serious",)),
        "any_related": Kind("Related to study treatment", judged_related(study), ("related",)),
    }


def asked(study: Study) -> dict[str, nw.Expr]:
    """The kinds that the log can answer."""
    return {key: k.such for key, k in kinds(study).items() if study.answered(*k.needs)}


def observed(study: Study) -> tuple[Person, ...]:
    """The participants who count, with their events of each kind."""
    return participants(study, asked(study))


def without_first_dose(study: Study) -> InputError | None:
    """Why time cannot be counted from the first dose; None where it can."""
    if study.has("participant.first_dose"):
        return None
    return InputError(
        "the table counts time from the first dose, and it is not known of anybody",
        "give a participant file that has it, or one and the dose records: "
        "--subjects FILE --with exposure=FILE",
    )


def by_exposure(study: Study) -> tuple[Row, ...]:
    """Doses and their duration, time of observation, and rates of each kind of event."""
    people = observed(study)
    rates = [row for key, kind in kinds(study).items() for row in _rates(study, people, key, kind)]
    return (*_doses(study, people), *_duration(study, people), *_time(study, people), *rates)


def _doses(study: Study, people: People) -> tuple[Row, ...]:
    """Participants by number of dose records, where few numbers occur; else their spread."""
    section, given = "Dose records with a dose", "exposure" in study.others
    numbers = sorted({p.doses for p in people if p.doses is not None})
    if not given or len(numbers) > DOSES:
        none = "nobody has a dose record"
        return spread(
            study, people, "doses", "doses", section, none, lambda p: p.doses, collected=given
        )
    return tuple(
        made(
            study, people, f"doses_{n}", f"{n}", "participants",
            those(lambda p, n=n: p.doses == n), section,  # type: ignore[misc]
        )
        for n in numbers
    )  # fmt: skip


def _duration(study: Study, people: People) -> tuple[Row, ...]:
    section, known = "First to last dose (days)", study.has("participant.last_dose")
    return (
        made(study, people, "duration_known", "Both days known", "participants",
             those(duration), section, 0, known),
        *spread(study, people, "duration", "days", section, "no complete dates", duration, known),
    )  # fmt: skip


def duration(person: Person) -> int | None:
    """Days from the first dose to the last, both counted."""
    return _between(person.first, person.last_dose)


def _between(first: date | None, last: date | None) -> int | None:
    return (last - first).days + 1 if first and last and last >= first else None


def months(person: Person) -> float | None:
    """Time of observation."""
    return None if person.days is None else person.days / MONTH_DAYS


def _time(study: Study, people: People) -> tuple[Row, ...]:
    section, known = "Observation (months)", study.has(OBSERVED)

    def whole(column: Column, people: People) -> Cell:
        total = sum(p.days for p in people if p.days is not None) / MONTH_DAYS
        return Quantity(total, "months") if total else NotEstimable("no complete dates")

    return (
        made(study, people, "observation_known", "Time known", "participants",
             those(lambda p: p.days), section, 0, known),
        *spread(study, people, "observation", "months", section, "no complete dates", months,
                known),
        made(study, people, "observation_months", "Person-months", "months", whole, section, 0,
             known),
    )  # fmt: skip


def _rates(study: Study, people: People, key: str, kind: Kind) -> tuple[Row, ...]:
    section, known = kind.title, study.answered(*kind.needs) and study.has(OBSERVED)
    (had,) = across_groups(study, (participants_with(key, "Participants", kind.such, *kind.needs),))
    return (
        replace(had, section=section),
        made(study, people, f"{key}_incidence", "First events / months at risk", PER_100_MONTHS,
             _incidence(study, key), section, 0, known and study.has("start")),
        made(study, people, f"{key}_event_rate", "Events / months observed", PER_100_MONTHS,
             _event_rate(study, key), section, 0, known),
    )  # fmt: skip


def _incidence(study: Study, key: str) -> MakeCell:
    """Participants with a first event over time at risk, with the exact Poisson interval."""

    def cell(column: Column, people: People) -> Cell:
        risks = [risk for p in people if (risk := p.at_risk(key)) is not None]
        n, time = sum(had for _, had in risks), sum(days for days, _ in risks) / MONTH_DAYS
        found = rate(n, time)
        if isinstance(found, NotEstimable):
            return NotEstimable(FEW)
        ci = Interval(100 * found.lower, 100 * found.upper)
        return Incidence(n, time, ci if wants_interval(study, column) else None)

    return cell


def _event_rate(study: Study, key: str) -> MakeCell:
    """All events over time of observation; the interval is over participants, where they are many
    enough for one."""

    def cell(column: Column, people: People) -> Cell:
        known = [p for p in people if p.days is not None]
        events, times = _events(known, key), [p.days / MONTH_DAYS for p in known if p.days]
        if not times:
            return NotEstimable(FEW)
        wanted = wants_interval(study, column)
        found = clustered_rate(events, times) if wanted else NotEstimable("not asked")
        ci = None if isinstance(found, NotEstimable) else found
        ends = Interval(100 * ci.lower, 100 * ci.upper) if ci else None
        return Incidence(sum(events), sum(times), ends, of_events=True)

    return cell


def _events(people: People, key: str) -> list[int]:
    return [p.onsets[key].events if key in p.onsets else 0 for p in people]
