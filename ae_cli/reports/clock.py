"""Reporting clocks of serious events, counted by dose group; those not in time are listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw

from ae_cli.dates import iso, span_of, zone
from ae_cli.errors import InputError
from ae_cli.findings import Listing, Report
from ae_cli.reports.footnotes import population, time_zones, turned_off
from ae_cli.reports.tally import Line, across_groups, events_with, in_section, of_blanks
from ae_cli.study import Study
from ae_cli.study.clocks import CLOCKS, IN_TIME, LATE, UNSENT, UNSHOWN
from ae_cli.table import Row, Table

NAMES = {
    "clock_aware": "Serious events, reported to the sponsor",
    "clock_susar": "SUSARs, reported to the authority",
    "clock_follow_up": "Fatal or life-threatening SUSARs, followed up",
}
LABELS = {IN_TIME: "In time", LATE: "Late", UNSHOWN: "Cannot be shown", UNSENT: "No date of it"}
HEADERS = (
    "Participant", "Group", "Row", "Event", "Report to", "Verdict", "Known", "Due", "Reported",
)  # fmt: skip
REPORT_TO = {"clock_aware": "sponsor", "clock_susar": "authority", "clock_follow_up": "follow-up"}


def without_clocks(study: Study) -> InputError | None:
    """Why there is no table of clocks; None where there is one."""
    if _running(study):
        return None
    return InputError(
        "the log has no two dates of a clock: when the investigator was aware of a serious event, "
        "when the sponsor was told, when the authority was",
        "name such columns in study.toml, for example: aware = 'Date site aware'",
    )


def _running(study: Study) -> list[str]:
    return [clock for clock, ends in CLOCKS.items() if study.has("serious", *ends)]


def by_clock(study: Study) -> tuple[Row, ...]:
    """Of each clock the events it runs for, by what is known of it."""
    lines = [line for clock in _running(study) for line in _of_clock(study, clock)]
    return across_groups(study, lines)


def _of_clock(study: Study, clock: str) -> tuple[Line, ...]:
    ran, needs = nw.col(clock), ("serious", *CLOCKS[clock])
    verdicts = [
        events_with(f"{clock}_{word.replace(' ', '_')}", label, ran == word, *needs, indent=1)
        for word, label in LABELS.items()
    ]
    events = events_with(clock, "Events", ~ran.is_null(), *needs)
    return in_section(
        f"{NAMES[clock]}{_within(study, clock)}", *map(of_blanks, (events, *verdicts))
    )


def _within(study: Study, clock: str) -> str:
    limit = study.config.threshold
    if clock == "clock_aware":
        return f" within {limit('hours_to_sponsor')} hours"
    urgent = limit("days_urgent")
    if clock == "clock_follow_up":
        return f" within {limit('days_follow_up')} more days"
    return f" within {urgent} days (fatal or life-threatening) or {limit('days_susar')}"


def clock_listings(study: Study) -> tuple[Listing, ...]:
    """The events that are late, or of which the dates cannot show that they are not."""
    runs = [~nw.col(clock).is_null() for clock in _running(study)]
    some = study.counted().filter(nw.any_horizontal(*runs, ignore_nulls=True))
    used = some.collect("polars").sort("record")
    rows = tuple(
        _listed(row, clock)
        for row in used.rows(named=True)
        for clock in _running(study)
        if row[clock] not in (None, IN_TIME)
    )
    return (Listing("Not in time", "Serious events not shown to be in time", HEADERS, rows),)


def _listed(row: dict[str, Any], clock: str) -> tuple[str | int | None, ...]:
    begin, sent = CLOCKS[clock]
    return (
        row["subject"], row["group"], row["row"], row["coded_term"], REPORT_TO[clock],
        row[clock], _day(row, begin), _due(row, clock), _day(row, sent),
    )  # fmt: skip


def _day(row: dict[str, Any], field: str) -> str | None:
    span = span_of(row, field)
    return iso(span) if span else None


def _due(row: dict[str, Any], clock: str) -> str | None:
    moment, offset = row[f"{clock}_due"], row.get(f"{clock}_zone")
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}{zone(offset)}"


def clock_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """What the clocks take for granted."""
    return (
        *population(study, table), *_clocks(study), *time_zones(study), *turned_off(findings),
    )  # fmt: skip


def _clocks(study: Study) -> Iterator[str]:
    """How the clocks run."""
    yield (
        "Late: late for certain, whatever the dates leave open. Dates without times cannot show "
        "24 hours, unless both are of one day."
    )
    if "clock_susar" in _running(study):
        yield (
            "SUSAR: serious, unexpected and related; an event whose expectedness or relationship "
            "is not answered or not assessable is taken for one. Day 0 is the day on which the "
            "sponsor received the minimum information: the date of the report to the sponsor."
        )
    if study.has("became_serious"):
        yield "A clock starts anew on the day on which the event became serious."
    cut_off = study.config.cut_off
    if cut_off:
        yield f"What was due by the cut-off, {cut_off}, and has no date of it is late."
    else:
        yield "No cut-off is set in study.toml: what has no date of a report is not called late."
