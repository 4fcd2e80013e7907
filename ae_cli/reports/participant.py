"""One line a participant: group, exposure, events, dose changes, death."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.findings import Listing, Report
from ae_cli.reports.exposure import duration, observed
from ae_cli.reports.footnotes import dates, emergence, partly_graded, population, scale, told
from ae_cli.reports.time_notes import observation, unanswered
from ae_cli.study import Study
from ae_cli.study.observation import OBSERVED, VITAL, Onset, Person
from ae_cli.table import Row, Table
from ae_cli.vocabulary import Action

NOT_COLLECTED, NOT_KNOWN = "not collected", "not known"
UNCHANGED = (Action.DOSE_NOT_CHANGED, Action.NOT_APPLICABLE, Action.UNKNOWN)
Value = str | int | None


@dataclass
class Told:
    """What the log says of a participant beside numbers of events."""

    worst: int | None = None
    actions: Counter[str | None] = field(default_factory=Counter)


def without_participants(study: Study) -> InputError | None:
    """Why there is no line for each participant; None where there is one."""
    if study.subjects is not None:
        return None
    return InputError(
        "the table has a line for each participant, and who they are is not known",
        "give --subjects FILE: those without an event stand in no log",
    )


def by_participant(study: Study) -> tuple[Row, ...]:
    """No rows by group: the table is its listing."""
    return ()


def participant_listing(study: Study) -> tuple[Listing, ...]:
    """The participants who count, by group and identifier."""
    told_, place = _told(study), {c.name: i for i, c in enumerate(study.columns)}
    people = sorted(observed(study), key=lambda p: (place.get(p.group, len(place)), p.subject))
    lines = [dict(_line(study, person, told_.get(person.subject, Told()))) for person in people]
    headers = tuple(name for name, _ in _line(study, NOBODY, Told()))
    rows = tuple(tuple(line[name] for name in headers) for line in lines)
    return (Listing("By participant", "Participants who count", headers, rows),)


NOBODY = Person("", "", None, None, None, None, False, None, None, False, False, {}, "", None)


def _line(study: Study, person: Person, log: Told) -> Iterator[tuple[str, Value]]:
    """The cells of a line under their headers."""
    dosed = study.has("participant.first_dose")
    ended = study.has("participant.first_dose", "participant.last_dose")
    yield "Participant", person.subject
    yield "Group", {c.name: c.label for c in study.columns}.get(person.group, person.group)
    yield "First dose", _asked(dosed, person.first.isoformat() if person.first else None)
    yield "First to last dose (days)", _asked(ended, duration(person))
    if "exposure" in study.others:
        yield "Dose records", person.doses
    yield "Observed (days)", _asked(dosed and study.has(OBSERVED), person.days)
    yield "Events", _events(person, "any_ae")
    yield "Worst grade", _worst(study, person, log)
    yield "Serious events", _if(study.answered("serious"), _events(person, "any_sae"))
    yield "First onset (study day)", _if(dosed and study.has("start"), _first_onset(person))
    yield "Dose changes", _if(study.answered("action"), _changes(log))
    died = "yes" if person.dead else NOT_KNOWN if person.silent else "no"
    yield "Died", _if(study.has(VITAL), died)
    day = study_day(person.first, person.death) if person.dead else ""
    yield "Death (study day)", _if(dosed and study.has(VITAL), NOT_KNOWN if day is None else day)


def _if(collected: bool, value: Value) -> Value:
    return value if collected else NOT_COLLECTED


def _asked(collected: bool, value: Value) -> Value:
    """What is asked of everybody: a blank is not known."""
    return _if(collected, NOT_KNOWN if value is None else value)


def _events(person: Person, kind: str) -> int:
    return person.onsets[kind].events if kind in person.onsets else 0


def _worst(study: Study, person: Person, log: Told) -> Value:
    """The highest known grade; nothing without an event."""
    if not study.answered("grade"):
        return NOT_COLLECTED
    if not _events(person, "any_ae"):
        return ""
    return "ungraded" if log.worst is None else log.worst


def _first_onset(person: Person) -> Value:
    """The study day of the first event, where it is known for certain."""
    onset = person.onsets.get("any_ae")
    if onset is None:
        return ""
    day = study_day(person.first, _day(onset))
    return NOT_KNOWN if day is None else day


def _day(onset: Onset) -> date | None:
    """The day of the first onset: no other event can have begun before it."""
    if onset.blank or onset.earliest is None or onset.latest is None:
        return None
    early, late = onset.earliest.date(), onset.latest.date()
    return early if early == late else None


def study_day(first: date | None, day: date | None) -> int | None:
    """As CDISC counts: the first dose is on day 1, and the day before it is -1."""
    if first is None or day is None:
        return None
    return (day - first).days + (day >= first)


def _changes(log: Told) -> str:
    """`dose reduced 1, drug withdrawn 1`, in the order of the list."""
    said = {action: n for action, n in log.actions.items() if action is not None}
    listed = [*map(str, Action), *sorted(set(said) - set(map(str, Action)))]
    changed = [a for a in listed if a in said and a not in map(str, UNCHANGED)]
    if changed:
        return ", ".join(f"{action.lower()} {said[action]}" for action in changed)
    silent = {None, str(Action.UNKNOWN)} & set(log.actions)
    return NOT_KNOWN if silent else "none" if said else ""


def _told(study: Study) -> Mapping[str, Told]:
    used = study.counted()
    found: dict[str, Told] = {}
    if study.has("grade"):
        worst = used.group_by("subject").agg(worst=nw.col("grade").max())
        for subject, grade in worst.collect("polars").iter_rows():
            found.setdefault(subject, Told()).worst = grade
    if study.has("action"):
        acts = used.group_by("subject", "action").agg(n=nw.col("event").n_unique())
        rows: list[tuple[Any, ...]] = sorted(acts.collect("polars").rows(), key=lambda r: r[0])
        for subject, own in groupby(rows, key=lambda row: row[0]):
            found.setdefault(subject, Told()).actions = Counter({a: n for _, a, n in own})
    return found


def participant_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of the table by participant."""
    parts = (population, _not_listed, dates, emergence, scale, _graded, unanswered, observation,
             _days)  # fmt: skip
    return told(study, table, findings, *parts)


def _not_listed(study: Study, table: Table) -> Iterator[str]:
    """Those of the participant file who do not count, and why."""
    people = nw.from_native(study.subjects, eager_only=True)
    reasons = Counter(people["excluded"].drop_nulls().to_list())
    for reason, n in sorted(reasons.items()):
        yield f"Rows of the participant file that are not listed: {n}, {reason}."


def _graded(study: Study, table: Table) -> Iterator[str]:
    return partly_graded(study.counted()) if study.has("grade") else iter(())


def _days(study: Study, table: Table) -> Iterator[str]:
    yield (
        "Events, grades and dose changes are of events that are counted. Study days: the first "
        "dose is on day 1, the day before it is -1; the first onset is not known where an event "
        "whose day is not known may have been earlier."
    )
