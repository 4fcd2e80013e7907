"""A serious event as one file tells it, and what another file tells otherwise.

The rows of one event tell it together: its first onset; the end and the outcome of the row that
lasts longest, but fatal if any row is; its worst grade and strongest relationship; serious, and for
a reason, if a row says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ae_cli.config import Config
from ae_cli.ctcae.spelling import normal_form
from ae_cli.dates import DateSpan, iso, span_of
from ae_cli.vocabulary import Causality, Outcome

Row = dict[str, Any]
NAMES = ("term", "preferred_term", "modified_term", "llt")
CRITERIA = {
    "sae_death": "results in death",
    "sae_life_threatening": "life-threatening",
    "sae_hospitalisation": "hospitalisation",
    "sae_disability": "disability",
    "sae_congenital": "congenital anomaly",
    "sae_other": "other medically important",
}
DATES = {"start": "onset", "end": "end", "death_date": "date of death"}
FAR = 150_000  # days: more than from 1800 to 2199, for an onset that is not known
NOT_RELATED, RELATED = "not related", "related"
STRENGTH = (NOT_RELATED, None, str(Causality.NOT_ASSESSABLE), RELATED)  # a blank clears nothing
LEVELS = [str(level) for level in Causality]


@dataclass(frozen=True)
class Told:
    """An event by its rows in one file, in the order of the file, and what they say together."""

    rows: tuple[Row, ...]
    how: Comparison
    listed: bool = False  # among serious events: it is one unless it says no

    @cached_property
    def facts(self) -> Row:
        return self.how.facts(self.rows)

    @cached_property
    def serious(self) -> bool:
        said = _any(self.rows, "serious")
        return said is True or (self.listed and said is None)

    @property
    def row(self) -> Row:
        """The row that speaks for the event: the first that is serious."""
        return next((row for row in self.rows if row.get("serious")), self.rows[0])

    @cached_property
    def terms(self) -> set[str]:
        """The event as reported."""
        return {normal_form(row["term"]) for row in self.rows if row.get("term")}

    @cached_property
    def names(self) -> set[str]:
        """The event as reported and as coded."""
        return {name for row in self.rows for name in names(row)}

    def serious_as(self, names: Collection[str]) -> set[tuple[str, bool]]:
        """Names that only an event as serious shares."""
        return {(name, self.serious) for name in names}

    @property
    def days(self) -> set[date]:
        """The day it began on, if that is known."""
        return one_day(self.facts["start"])

    @cached_property
    def content(self) -> str:
        """What the event is, wherever it stands in its file: to put events in an order."""
        told = sorted((name, str(row.get(name))) for row in self.rows for name in (*NAMES, "case"))
        return repr((told, sorted(map(repr, self.facts.items()))))


def names(row: Row) -> set[str]:
    """What a row calls its event."""
    return {normal_form(row[name]) for name in NAMES if row.get(name)}


def one_day(span: DateSpan | None) -> set[date]:
    """The day of a date, if it is known to the day."""
    days = {span.earliest.date(), span.latest.date()} if span else set()
    return days if len(days) == 1 else set()


def days_apart(a: DateSpan | None, b: DateSpan | None) -> int | None:
    """Days between two dates at least; None where one is blank."""
    if not a or not b:
        return None
    later = (b.earliest.date() - a.latest.date()).days
    return max(later, (a.earliest.date() - b.latest.date()).days, 0)


@dataclass(frozen=True)
class Comparison:
    """How events are understood and compared: by the fields of both files, as the study says."""

    common: frozenset[str]
    related: frozenset[str]
    all_serious: bool  # the other file does not say it: it is a listing of serious events

    @classmethod
    def of(cls, here: Collection[str], there: Collection[str], config: Config) -> Comparison:
        common, related = frozenset(here) & frozenset(there), map(str, config.related.counts)
        return cls(common, frozenset(related), "serious" in here and "serious" not in there)

    def facts(self, rows: Sequence[Row]) -> Row:
        """What the rows of one event say together; null is what none of them says."""
        last = _last(rows)
        fatal = any(row.get("outcome") == str(Outcome.FATAL) for row in rows)
        return {
            "start": min((span_of(row, "start") for row in rows), key=_from_start),
            "end": span_of(last, "end"),
            "death_date": min((span_of(row, "death_date") for row in rows), key=_from_start),
            "outcome": str(Outcome.FATAL) if fatal else last.get("outcome"),
            "grade": max((g for row in rows if (g := row.get("grade")) is not None), default=None),
            "related": max((row.get("related") for row in rows), key=self.strength),
            "serious": _any(rows, "serious"),
            **{field: _any(rows, field) for field in CRITERIA},
        }

    def strength(self, answer: str | None) -> tuple[int, int, str]:
        """A relationship that counts as related goes before others, a blank before a no."""
        level = LEVELS.index(answer) if answer in LEVELS else -1
        return STRENGTH.index(self.cause(answer)), level, answer or ""

    def cause(self, answer: str | None) -> str | None:
        """Related, not, not assessable or not answered: finer scales differ between systems."""
        if answer is None or answer == str(Causality.NOT_ASSESSABLE):
            return answer
        return RELATED if answer in self.related else NOT_RELATED

    def differences(self, event: Told, report: Told) -> Iterator[str]:
        """The fields that both files have and that say different things, each in words."""
        here, there = event.facts, report.facts
        if not event.names & report.names:
            yield f"term {_name(event.row)} here, {_name(report.row)} there"
        for field, name in DATES.items():
            blank = (here[field] is None) != (there[field] is None)
            if f"{field}_earliest" in self.common and (
                blank or days_apart(here[field], there[field])
            ):
                yield f"{name} {_day(here[field])} here, {_day(there[field])} there"
        serious = self.all_serious or there["serious"]
        asked = self.all_serious or "serious" in self.common
        if asked and here["serious"] != serious:
            yield f"serious {_yes(here['serious'])} here, {_yes(serious)} there"
        for field in ("outcome", "grade"):
            if field in self.common and here[field] != there[field]:
                yield f"{field} {_shown(here[field])} here, {_shown(there[field])} there"
        if "related" in self.common and self.cause(here["related"]) != self.cause(there["related"]):
            yield f"relationship {_shown(here['related'])} here, {_shown(there['related'])} there"
        for field, name in CRITERIA.items():
            if field in self.common and bool(here[field]) != bool(there[field]):
                yield f"{name} {_yes(here[field])} here, {_yes(there[field])} there"

    def cost(self, event: Told, report: Told) -> tuple[int, int]:
        """What speaks against a pair: days between the onsets, then how many fields differ."""
        apart = days_apart(event.facts["start"], report.facts["start"])
        differs = sum(1 for _ in self.differences(event, report))
        return FAR if apart is None else apart, differs


def _last(rows: Sequence[Row]) -> Row:
    """The row that lasts longest: the newest where that goes on, else the one with the last end."""
    newest = max(rows, key=_course)
    ended = [row for row in rows if span_of(row, "end")]
    if not span_of(newest, "end"):
        return newest
    return max(ended, key=lambda row: (row["end_latest"], _course(row)))


def _course(row: Row) -> tuple[Any, ...]:
    """Where a row stands in the course of its event: by its start, then by what it reaches."""
    start, end = span_of(row, "start"), span_of(row, "end")
    grade = row.get("grade")
    return (start or (), end is None, end or (), -1 if grade is None else grade,
            row.get("outcome") or "")  # fmt: skip


def _from_start(span: DateSpan | None) -> tuple[bool, tuple[Any, ...]]:
    """The earliest date first, and blanks last."""
    return span is None, span or ()


def _any(rows: Sequence[Row], field: str) -> bool | None:
    """Yes if a row says so, not answered if one does not answer, else no."""
    said = {row.get(field) for row in rows}
    return True if True in said else None if None in said else False


def _day(span: DateSpan | None) -> str:
    return iso(span) if span else "blank"


def _name(row: Row) -> str:
    return str(row.get("term") or row.get("preferred_term") or "blank")


def _shown(value: Any) -> str:
    return "blank" if value is None else str(value)


def _yes(value: bool | None) -> str:
    return "blank" if value is None else "yes" if value else "no"
