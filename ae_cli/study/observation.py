"""How long each participant was observed, when they died, and when their events began.

Days are those of the calendar, and known or not: a date that is partial is no day. Death is as the
participant file has it, where it asks; its date is taken from there, else from the disposition,
else from the log. Observation ends with death, else with the last contact, else with the last
record of disposition, and at the latest with the observation window and the cut-off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import narwhals as nw

from ae_cli.study import Study
from ae_cli.study.counting import window_applies

Record = dict[str, Any]
VITAL = "participant.died|participant.death_date|disposition.subject"
OBSERVED = "participant.last_contact|participant.death_date|disposition.start"
FIRST_UNKNOWN = "the day of the first dose is not known"
END_UNKNOWN = "the day on which observation ended is not known"
ENDS_BEFORE = "observation ended before the first dose"
AFTER_END = "an event began after observation ended"


@dataclass(frozen=True, slots=True)
class Onset:
    """The events of a kind that a participant had: how many, and the span of the first onset;
    `blank` tells that one of them has no date, `last` when the last of them began at the least."""

    events: int
    earliest: datetime | None
    latest: datetime | None
    last: datetime | None
    blank: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A participant who counts. A day is None where it is not known."""

    subject: str
    group: str
    first: date | None  # the first dose
    last_dose: date | None
    doses: int | None  # dose records; None without a file of them
    end: date | None  # of observation
    dead: bool
    death: date | None
    alive: date | None  # the last day on which they are known to be alive
    borrowed: bool  # the end is told by the disposition alone
    silent: bool  # nobody answered whether they died, where it was answered of others
    onsets: Mapping[str, Onset]
    unknown: str  # why the time of observation is not known; empty where it is
    days: int | None  # of observation, the first and the last both counted

    def first_day(self, kind: str) -> date | None:
        """The day of the first event of a kind; None where it is not known, or there was none."""
        onset = self.onsets.get(kind)
        if onset is None or self.first is None or onset.latest is None:
            return None
        early = self.first if onset.blank or onset.earliest is None else onset.earliest.date()
        day = max(early, self.first)
        return day if day == onset.latest.date() else None

    def at_risk(self, kind: str) -> tuple[int, bool] | None:
        """Days to the first event of a kind, or of observation without one, and whether there was
        one; None where either is not known."""
        if self.days is None or self.first is None:
            return None
        if kind not in self.onsets:
            return self.days, False
        day = self.first_day(kind)
        return None if day is None else ((day - self.first).days + 1, True)


def participants(study: Study, kinds: Mapping[str, nw.Expr]) -> tuple[Person, ...]:
    """The participants who count, by identifier, with their events of each kind."""
    if study.subjects is None:
        return ()
    rows = nw.from_native(study.subjects).lazy().filter("counted").collect("polars")
    onsets, deaths = _onsets(study, kinds), _deaths_in_log(study)
    answered = "died" in rows.columns and not rows["died"].fill_null(True).all()
    found = [
        _person(study, row, onsets.get(row["subject"], {}), deaths.get(row["subject"]), answered)
        for row in rows.rows(named=True)
    ]
    return tuple(sorted(found, key=lambda person: person.subject))


def day_of(early: datetime | None, late: datetime | None) -> date | None:
    """The day of a date that is known to the day."""
    if early is None or late is None or early.date() != late.date():
        return None
    return early.date()


def day(row: Record, field: str) -> date | None:
    """The same of the columns of a field; None where there are none."""
    return day_of(row.get(f"{field}_earliest"), row.get(f"{field}_latest"))


def _person(
    study: Study, row: Record, onsets: Mapping[str, Onset], in_log: date | None, answered: bool
) -> Person:  # fmt: skip
    dead, cut = _dead(study, row), study.config.cut_off
    death = _death(row, in_log)
    told = [bound for bound in (_window(study, row), cut) if bound is not None]
    contact, borrowed = _contact(row)
    ended, alive, first = _ended(row, death, contact), _alive(row, death), day(row, "first_dose")
    end = None if ended is None else min([ended, *told])
    unknown = _unknown(first, end, onsets)
    return Person(
        subject=row["subject"], group=row["group"],
        first=first,
        last_dose=_capped(day(row, "last_dose"), cut),
        doses=row.get("ex_records") or (0 if "exposure" in study.others else None),
        end=end,
        dead=dead,
        death=death if dead else None,
        alive=_capped(alive, cut),
        borrowed=borrowed and ended is not None and ended == contact,
        silent=answered and not dead and row["died"] is None,
        onsets=onsets,
        unknown=unknown,
        days=(end - first).days + 1 if first and end and not unknown else None,
    )  # fmt: skip


def _unknown(first: date | None, end: date | None, onsets: Mapping[str, Onset]) -> str:
    """Why the time of observation is not known; empty where it is."""
    if first is None:
        return FIRST_UNKNOWN
    if end is None:
        return END_UNKNOWN
    if end < first:
        return ENDS_BEFORE
    after = (onset.last is not None and onset.last.date() > end for onset in onsets.values())
    return AFTER_END if any(after) else ""


def _dead(study: Study, row: Record) -> bool:
    """By the participant file, where it asks; else by the disposition, to the cut-off."""
    if study.has("participant.died|participant.death_date"):
        return bool(row["dead"])
    told, early, cut = row.get("ds_death"), row.get("ds_death_earliest"), study.config.cut_off
    return bool(told) and not (cut and early and early.date() > cut)


def _death(row: Record, in_log: date | None) -> date | None:
    """The day of death. A date of the participant file that is partial stays so."""
    if row.get("death_date_earliest") is not None:
        return day(row, "death_date")
    return day(row, "ds_death") or in_log


def _contact(row: Record) -> tuple[date | None, bool]:
    """The last contact, and whether only the disposition tells it."""
    if row.get("last_contact_earliest") is not None:
        return day(row, "last_contact"), False
    return day(row, "ds_last"), True


def _ended(row: Record, death: date | None, contact: date | None) -> date | None:
    """Death, else last contact. Where there is a date of death that is no day, nothing."""
    if death is not None or row.get("death_date_earliest") is not None:
        return death
    return contact


def _alive(row: Record, death: date | None) -> date | None:
    """The last day on which a participant is known to be alive: of what is partial the first."""
    if death is not None:
        return death
    told = ("death_date", "last_contact", "ds_last", "first_dose")
    known = [row.get(f"{field}_earliest") for field in told]
    return max((moment.date() for moment in known if moment is not None), default=None)


def _window(study: Study, row: Record) -> date | None:
    """The last day of the observation window, where events are held against it."""
    end = row["window_end"] if window_applies(study.fields, study.config) else None
    return None if end is None else end.date()


def _capped(day: date | None, cut: date | None) -> date | None:
    return min(day, cut) if day and cut else day


def _deaths_in_log(study: Study) -> dict[str, date]:
    """The day of death that the rows of the log agree on."""
    events = nw.from_native(study.events).lazy().filter(~nw.col("subject").is_null())
    if "death_date_earliest" not in events.collect_schema().names():
        return {}
    ends = events.group_by("subject").agg(
        e=nw.col("death_date_earliest").max(), z=nw.col("death_date_latest").min()
    )
    days = ((s, day_of(e, z)) for s, e, z in ends.collect("polars").iter_rows())
    return {subject: day for subject, day in days if day is not None}


def _onsets(study: Study, kinds: Mapping[str, nw.Expr]) -> dict[str, dict[str, Onset]]:
    """By participant and kind, what is known of the events that are counted."""
    found: dict[str, dict[str, Onset]] = {}
    used = study.counted()
    dated = study.has("start")
    early, late = (
        nw.col(f"start_{end}") if dated else nw.lit(None, nw.Datetime("us"))
        for end in ("earliest", "latest")
    )
    for kind, such in kinds.items():
        rows = used.filter(such).with_columns(e_=early, z_=late, blank_=early.is_null())
        each = rows.group_by("subject").agg(
            n=nw.col("event").n_unique(), e=nw.col("e_").min(), z=nw.col("z_").min(),
            last=nw.col("e_").max(), blank=nw.col("blank_").max(),
        )  # fmt: skip
        for subject, *numbers in each.collect("polars").iter_rows():
            found.setdefault(subject, {})[kind] = Onset(*numbers)
    return found


def unknown(people: tuple[Person, ...]) -> Iterator[tuple[str, int]]:
    """Why the time of observation is not known, and of how many."""
    for reason in (FIRST_UNKNOWN, END_UNKNOWN, ENDS_BEFORE, AFTER_END):
        if n := sum(person.unknown == reason for person in people):
            yield reason, n
