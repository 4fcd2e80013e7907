"""Overall survival of each group: Kaplan-Meier at given months after the first dose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from ae_cli.errors import InputError
from ae_cli.reports.columns import MakeCell, People, made
from ae_cli.reports.exposure import without_first_dose
from ae_cli.reports.tally import rate, wants_interval
from ae_cli.statistics import Estimate, kaplan_meier, logrank, survival_at
from ae_cli.study import Study
from ae_cli.study.observation import FIRST_UNKNOWN, VITAL, Person, participants
from ae_cli.study.population import MONTH_DAYS
from ae_cli.table import Cell, Column, Interval, NotEstimable, Quantity, Rate, Row, Word

ROUNDS = 10_000  # exchanges of the groups
DEATH_UNKNOWN = "the day of death is not known"
BEFORE_DOSE = "they died before the first dose by its date"
AFTER_CUT = "the first dose is after the cut-off"
NOT_REACHED = "not reached"
Followed = tuple[int, bool]  # days since the first dose, and whether they ended with death


def without_vital_status(study: Study) -> InputError | None:
    """Why there is no table of survival; None where there is one."""
    if not study.has(VITAL):
        return InputError(
            "the files do not say who died",
            "give a participant file with vital status or dates of death, or the disposition: "
            "--subjects FILE --with disposition=FILE",
        )
    return without_first_dose(study)


def by_survival(study: Study) -> tuple[Row, ...]:
    """Deaths, survival at each month that was asked for, and its median."""
    people = participants(study, {})
    months = [row for month in study.choices.months for row in _at(study, people, month)]
    tests = _test(study, people) if study.choices.p_values else ()
    return (*_deaths(study, people), *months, _median(study, people), *tests)


def lost(person: Person, study: Study) -> str:
    """Why a participant's time to death or last contact is not known; empty where it is."""
    if person.dead and person.death is None:
        return DEATH_UNKNOWN
    if person.first is None:
        return FIRST_UNKNOWN
    if person.dead and person.death and person.death < person.first:
        return BEFORE_DOSE
    cut = study.config.cut_off
    return AFTER_CUT if cut and person.first > cut else ""


def followed(person: Person, study: Study) -> Followed | None:
    """Days from the first dose, which is day 0, to death or to the last sign of life."""
    last = person.death if person.dead else person.alive
    if lost(person, study) or person.first is None or last is None:
        return None
    return max((last - person.first).days, 0), person.dead


def _known(study: Study, people: People) -> list[Followed] | NotEstimable:
    """The times of a group. One that lacks a death would say too much of those who live."""
    dead = sum(p.dead and followed(p, study) is None for p in people)
    if dead:
        return NotEstimable(f"the time to death is not known of {dead} who died")
    found = [time for p in people if (time := followed(p, study)) is not None]
    return found or NotEstimable("nobody was followed from the first dose")


def _deaths(study: Study, people: People) -> tuple[Row, ...]:
    section = "Follow-up"

    def deaths(column: Column, people: People) -> Cell:
        return rate(study, column, sum(p.dead for p in people))

    def known(column: Column, people: People) -> Cell:
        return Rate(sum(followed(p, study) is not None for p in people), column.N)

    return (
        made(study, people, "deaths", "Deaths, all causes", "participants", deaths, section),
        made(study, people, "followed", "Followed from the first dose", "participants", known,
             section),
    )  # fmt: skip


def named(month: Decimal) -> str:
    """A number of months as people write it."""
    return f"{month.normalize():f}"


def _at(study: Study, people: People, month: Decimal) -> Iterator[Row]:
    """Survival at a month, and what it stands on: the dead, those followed so long, the others."""
    at, key = float(month) * MONTH_DAYS, named(month).replace(".", "_")
    section = f"{named(month)} month{'' if month == 1 else 's'} after the first dose"
    parts: tuple[tuple[str, str, MakeCell], ...] = (
        ("deaths", "Died until then", _count(study, lambda t, died: died and t <= at)),
        ("at_risk", "Alive then", _count(study, lambda t, died: t > at or (t == at and not died))),
        ("lost", "Followed for less", _count(study, lambda t, died: t < at and not died)),
    )
    yield made(
        study, people, f"alive_{key}", "Alive (Kaplan-Meier)", "percent", _survival(study, at),
        section,
    )  # fmt: skip
    for name, label, cell in parts:
        yield made(study, people, f"{name}_{key}", label, "participants", cell, section, 1)


def _count(study: Study, claim: Callable[[int, bool], bool]) -> MakeCell:
    """Participants by their time: a number alone, since who was lost is in no denominator."""

    def cell(column: Column, people: People) -> Cell:
        times = _known(study, people)
        if isinstance(times, NotEstimable):
            return Word("not estimable")  # the line above says why
        return Rate(sum(claim(*time) for time in times), None)

    return cell


def _survival(study: Study, at: float) -> MakeCell:
    def cell(column: Column, people: People) -> Cell:
        times = _known(study, people)
        if isinstance(times, NotEstimable):
            return times
        found = survival_at([t for t, _ in times], [died for _, died in times], at)
        if isinstance(found, NotEstimable):
            return found
        ci = Interval(100 * found.lower, 100 * found.upper)
        return Quantity(_percent(found), "percent", ci if wants_interval(study, column) else None)

    return cell


def _percent(found: Estimate) -> float:
    return round(100 * found.estimate, 9)  # a product of fractions: 75 is 75


def _median(study: Study, people: People) -> Row:
    def cell(column: Column, people: People) -> Cell:
        times = _known(study, people)
        if isinstance(times, NotEstimable):
            return times
        day = middle(times)
        return Word(NOT_REACHED) if day is None else Quantity(day / MONTH_DAYS, "months")

    return made(study, people, "survival_median", "Median (months)", "months", cell, "Survival")


def middle(times: list[Followed]) -> float | None:
    """The first time by which at least half had the event, by Kaplan-Meier; None before that."""
    steps = kaplan_meier([t for t, _ in times], [had for _, had in times])
    return next((step.time for step in steps if step.survival <= 0.5 + 1e-12), None)


def _test(study: Study, people: People) -> tuple[Row, ...]:
    """The log-rank test of each group against the first, and of all, by exchange."""
    first, whole = study.columns[0], study.columns[-1]

    def cell(column: Column, here: People) -> Cell:
        if column is first and column is not whole:
            return Word()
        groups = {first.name, column.name}
        return _p(study, [p for p in people if column is whole or p.group in groups])

    section = "Log-rank test, exploratory"
    return (made(study, people, "logrank_p", "p", "p-value", cell, section),)


def _p(study: Study, people: People) -> Cell:
    times = _known(study, people)
    if isinstance(times, NotEstimable):
        return times
    ends = sorted(
        (p.group, *time) for p in people if (time := followed(p, study)) is not None
    )  # whoever stands first in the file, the same exchanges
    groups, days, died = (list(part) for part in zip(*ends, strict=True))
    found = logrank(days, died, groups, ROUNDS)
    if isinstance(found, NotEstimable):
        return found
    return Quantity(found.pvalue, "p-value")
