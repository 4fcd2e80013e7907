"""Serious events of the log against the safety database's listing of them.

An event and a report of one participant are paired where they share a name (the term as reported,
the preferred term), those with the nearest onset first; then those that are left and began on the
same day. Rows of the log that touch are one event, and of the reports of one case and name the last
counts. Nothing is paired twice.

Adds to the rows of the log and to the reports:

sae_found     PAIRED, ONLY_HERE (a serious event that is in no report), ONLY_THERE (a serious report
              that is no event of the log), EARLIER (a version of a case that a later row replaces);
              null for what is not serious and is in no report
sae_differs   what differs, in words; null where nothing does
sae_beside    the row of the other file; sae_case: the case number

Source: reconciliation as it is practised before a database is locked; ICH E2B for the fields.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from ae_cli.config import Config
from ae_cli.ctcae.spelling import normal_form
from ae_cli.dates import DateSpan, iso, span_of
from ae_cli.vocabulary import Causality

PAIRED, ONLY_HERE, ONLY_THERE, EARLIER = "paired", "only here", "only there", "earlier version"
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
FAR = 10_000_000  # days: where an onset is not known


@dataclass(frozen=True)
class Event:
    """Rows of the log that touch, and so are one event: the first that is serious speaks."""

    rows: tuple[Row, ...]

    @property
    def row(self) -> Row:
        return next((row for row in self.rows if row.get("serious")), self.rows[0])

    @property
    def serious(self) -> bool:
        return any(row.get("serious") for row in self.rows)


def reconciled(
    events: nw.DataFrame, reports: nw.DataFrame, config: Config
) -> tuple[nw.DataFrame, nw.DataFrame]:
    """The rows of the log and the reports with what was found of each."""
    log = _rows(events.filter("is_event"))
    listing = _rows(reports)
    here, there = _by_participant(log), _by_participant(listing)
    told = _Told(set(events.columns) & set(reports.columns), config)
    for who in sorted({*here, *there}):
        told.participant(_events(here.get(who, [])), there.get(who, []))
    return told.beside(events, told.of_log), told.beside(reports, told.of_reports)


def _rows(frame: nw.DataFrame) -> list[Row]:
    named = frame.filter(~nw.col("subject").is_null())
    return named.lazy().collect("polars").sort("record").rows(named=True)


def _by_participant(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row["subject"]].append(row)
    return dict(found)


def _events(rows: Sequence[Row]) -> list[Event]:
    found = defaultdict(list)
    for row in rows:
        found[row["touching"]].append(row)
    return [Event(tuple(same)) for same in found.values()]


class _Told:
    """What was found of each record: `sae_` columns by record, of the log and of the reports."""

    def __init__(self, common: set[str], config: Config) -> None:
        self.common = common
        self.related = {*map(str, config.related.counts)}
        self.of_log: dict[int, Row] = {}
        self.of_reports: dict[int, Row] = {}

    def participant(self, events: list[Event], reports: list[Row]) -> None:
        """Pair the events and the reports of one participant."""
        last = {_version_of(row): row["record"] for row in reports}
        current = [row for row in reports if last[_version_of(row)] == row["record"]]
        for row in reports:
            if last[_version_of(row)] != row["record"]:
                self.of_reports[row["record"]] = _found(EARLIER, row)
        for claim in (_same_name, _same_day):
            events, current = self.pair(events, current, claim)
        for event in events:
            if event.serious:
                self.of_log |= {row["record"]: _found(ONLY_HERE) for row in event.rows}
        for row in current:
            if row.get("serious") is not False:
                self.of_reports[row["record"]] = _found(ONLY_THERE, row)

    def pair(
        self, events: list[Event], reports: list[Row], claim: Callable[[Event, Row], bool]
    ) -> tuple[list[Event], list[Row]]:
        """Pair what a claim holds for, the nearest first; gives what is left."""
        order = sorted(
            (not event.serious, _apart(event, row), event.row["record"], row["record"], i, j)
            for i, event in enumerate(events)
            for j, row in enumerate(reports)
            if claim(event, row)
        )
        taken, given = set[int](), set[int]()
        for *_, i, j in order:
            if i not in taken and j not in given:
                taken.add(i)
                given.add(j)
                self.both(events[i], reports[j])
        return (
            [event for i, event in enumerate(events) if i not in taken],
            [row for j, row in enumerate(reports) if j not in given],
        )

    def both(self, event: Event, report: Row) -> None:
        differs = "; ".join(self.differences(event, report)) or None
        self.of_log |= {
            row["record"]: _found(
                PAIRED, report, differs if row is event.row else None, report["row"]
            )
            for row in event.rows
        }
        self.of_reports[report["record"]] = _found(PAIRED, report, differs, event.row["row"])

    def differences(self, event: Event, there: Row) -> Iterator[str]:
        """The fields that both files have and that say different things, each in words."""
        here = event.row
        if not _same_name(event, there):
            yield f"term {_name(here)} here, {_name(there)} there"
        for field, name in DATES.items():
            if f"{field}_earliest" in self.common and _days_differ(here, there, field):
                yield f"{name} {_day(here, field)} here, {_day(there, field)} there"
        if "serious" in self.common and event.serious != there["serious"]:
            yield f"serious {_yes(event.serious)} here, {_yes(there['serious'])} there"
        for field in ("outcome", "grade"):
            if field in self.common and here[field] != there[field]:
                yield f"{field} {_shown(here[field])} here, {_shown(there[field])} there"
        if "related" in self.common and self.cause(here) != self.cause(there):
            yield f"relationship {_shown(here['related'])} here, {_shown(there['related'])} there"
        for field, name in CRITERIA.items():
            if field in self.common and bool(here[field]) != bool(there[field]):
                yield f"{name} {_yes(here[field])} here, {_yes(there[field])} there"

    def cause(self, row: Row) -> str | None:
        """Related, not, not assessable or not answered: finer scales differ between systems."""
        answer = row["related"]
        if answer is None or answer == str(Causality.NOT_ASSESSABLE):
            return None if answer is None else str(answer)
        return "related" if answer in self.related else "not related"

    def beside(self, frame: nw.DataFrame, told: dict[int, Row]) -> nw.DataFrame:
        names = ("sae_found", "sae_differs", "sae_beside", "sae_case")
        kinds = (nw.String, nw.String, nw.Int64, nw.String)
        columns: dict[str, Any] = {"record": list(told)}
        columns |= {name: [row[name] for row in told.values()] for name in names}
        schema: dict[str, Any] = {
            "record": frame.schema["record"],
            **dict(zip(names, kinds, strict=True)),
        }
        table = nw.from_dict(columns, schema, backend=nw.get_native_namespace(frame))
        joined = frame.select("record").join(table, on="record", how="left").sort("record")
        return frame.with_columns(*joined.drop("record").iter_columns())


def _found(
    what: str, report: Row | None = None, differs: str | None = None, beside: int | None = None
) -> Row:
    case = None if report is None else report.get("case")
    return {"sae_found": what, "sae_differs": differs, "sae_beside": beside, "sae_case": case}


def _version_of(row: Row) -> tuple[Any, ...]:
    """What the versions of one report have in common; a report without a case is one by itself."""
    case = row.get("case")
    return (row["record"],) if case is None else (case, *sorted(_names(row)))


def _names(row: Row) -> set[str]:
    return {normal_form(row[name]) for name in NAMES if row.get(name)}


def _same_name(event: Event, report: Row) -> bool:
    return any(_names(row) & _names(report) for row in event.rows)


def _same_day(event: Event, report: Row) -> bool:
    """Whether both began on one day, known as such; only a serious event is taken for the other."""
    here, there = (_one_day(span_of(row, "start")) for row in (event.rows[0], report))
    return event.serious and here is not None and here == there


def _one_day(span: DateSpan | None) -> date | None:
    return span[0].date() if span and span[0].date() == span[1].date() else None


def _apart(event: Event, report: Row) -> int:
    """Days between the onsets at least."""
    here, there = span_of(event.rows[0], "start"), span_of(report, "start")
    if not here or not there:
        return FAR
    return max((there[0] - here[1]).days + 1, (here[0] - there[1]).days + 1, 0)


def _days_differ(here: Row, there: Row, field: str) -> bool:
    """Whether two dates cannot be one day; a blank differs from a date."""
    a, b = span_of(here, field), span_of(there, field)
    if not a or not b:
        return bool(a) != bool(b)
    return a[0].date() > b[1].date() or b[0].date() > a[1].date()


def _day(row: Row, field: str) -> str:
    span = span_of(row, field)
    return iso(span) if span else "blank"


def _name(row: Row) -> str:
    return str(row.get("term") or row.get("preferred_term") or "blank")


def _shown(value: Any) -> str:
    return "blank" if value is None else str(value)


def _yes(value: bool | None) -> str:
    return "blank" if value is None else "yes" if value else "no"
