"""Reporting clocks of serious events: each that is late, or of which the dates cannot show it."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ae_cli.dates import span_of, zone
from ae_cli.findings import Severity
from ae_cli.rules.examples import an_event
from ae_cli.rules.records import day
from ae_cli.rules.rule import NOTE, WARNING, Example, Fields, Row, or_if_blank, rule
from ae_cli.study.clocks import CLOCKS, IN_TIME, LATE, RESTART

SERIOUS = {"serious": "Y", "sae_other": "Y", "expected": "N", "related": "RELATED"}
THREAT: dict[str, Any] = {"sae_life_threatening": "Y"}
SOURCES = ("ICH E2A", "Regulation (EU) 536/2014")
NAMES = {
    "aware": "the investigator's awareness", "reported": "the report to the sponsor",
    "submitted": "the report to the authority", "follow_up_submitted": "the follow-up report",
}  # fmt: skip


def _clock(study: dict[str, Any] | None = None, **changes: Any) -> Example:
    return an_event(study=study, **{**SERIOUS, **changes})


def _weight(row: Row, clock: str) -> Severity:
    return WARNING if row[clock] == LATE or _too_early(row, clock) else NOTE


def _too_early(row: Row, clock: str) -> bool:
    """Whether something was reported before it was known: one of the dates is wrong."""
    known, sent = (span_of(row, field) for field in CLOCKS[clock])
    return bool(known and sent and known.offset == sent.offset and sent.latest < known.earliest)


def _mend(row: Row, clock: str) -> str:
    """What to do, by what is wrong."""
    begin, sent = CLOCKS[clock]
    missing = [NAMES[field] for field in (begin, sent) if span_of(row, field) is None]
    if missing:
        return f"enter the date and time of {' and of '.join(missing)}"
    if _too_early(row, clock):
        return "please confirm both dates: one of them is wrong"
    if row[clock] == LATE:
        return "please confirm both dates; if they are right, record why it was late"
    return "enter both with their times; a date alone cannot prove it"


def _says(row: Row, clock: str) -> str:
    """What is known of a clock, and when its time was over."""
    begin, sent = CLOCKS[clock]
    if row.get(f"{begin}_earliest") is None:
        return f"the date of {NAMES[begin]} is not known, from which the time runs"
    if row.get(f"{sent}_earliest") is None:
        return f"there is no date of {NAMES[sent]}, due {_until(row, clock)}"
    told = f"{NAMES[sent]} is dated {day(row, sent)}"
    if row[clock] == LATE:
        return f"{told}: late, due {_until(row, clock)}"
    if _too_early(row, clock):
        return f"{told}, before {NAMES[begin]}, {day(row, begin)}"
    if (row.get(f"{RESTART}_earliest") or row[f"{sent}_latest"]) > row[f"{sent}_latest"]:
        return f"{told}, before the event became serious, {day(row, RESTART)}"
    return f"{told}, {NAMES[begin]} {day(row, begin)}: these dates cannot show that it was in time"


def _until(row: Row, clock: str) -> str:
    due, offset = row[f"{clock}_due"], row.get(f"{clock}_zone")
    if clock != "clock_aware":
        return f"by {due:%Y-%m-%d}"
    return f"by {due:%Y-%m-%d %H:%M}{zone(offset)}"


@rule(
    "AE-TIM-12", WARNING, "The sponsor knows of a serious event within 24 hours",
    needs=("serious", "aware", "reported"), shows=("aware", "reported", RESTART),
    graded=lambda row: _weight(row, "clock_aware"), says=lambda row: _says(row, "clock_aware"),
    fix=lambda row: _mend(row, "clock_aware"),
    why="the sponsor's own time runs from this report, and others may be in danger",
    sources=SOURCES,
    good=[_clock(aware="2024-03-04", reported="2024-03-04"),
          _clock(aware="2024-03-04T10:00", reported="2024-03-05T10:00"),
          _clock(aware="2024-03-04T10:00", reported="2024-03-05T09"),
          _clock(aware="2024-03-04T10:00Z", reported="2024-03-05T18:30+09:00"),
          _clock(aware="2024-03-01", reported="2024-03-05", became_serious="2024-03-05"),
          _clock(aware="2024-03-01", reported="2024-03-09", serious="N", sae_other="N"),
          _clock(aware="2024-03-01", reported="2024-03-09", serious="", sae_other="N"),
          _clock({"rules": {"thresholds": {"hours_to_sponsor": 72}}},
                 aware="2024-03-04", reported="2024-03-06")],
    bad=[_clock(aware="2024-03-04", reported="2024-03-06"),
         _clock(aware="2024-03-04", reported="2024-03-05"),
         _clock(aware="2024-03-04T10:00", reported="2024-03-05T10:01"),
         _clock(aware="2024-03-04T23:00+09:00", reported="2024-03-05T14:30Z"),
         _clock(aware="2024-03-04", reported=""), _clock(aware="", reported="2024-03-05"),
         _clock(aware="2024-03-04", reported="2024-03-02"),
         _clock(aware="2024-03", reported="2024-03-02"),
         _clock(aware="2024-03-01", reported="2024-03-09", serious=""),
         _clock(aware="2024-03-01", reported="2024-03-01", became_serious="2024-03-05")],
)  # fmt: skip
def sponsor_knows_in_time(ae: Fields) -> nw.Expr:
    return _in_time("clock_aware")


@rule(
    "AE-TIM-13", WARNING, "A SUSAR is reported to the authority in time",
    needs=("serious", "reported", "submitted"), shows=("reported", "submitted", RESTART),
    graded=lambda row: _weight(row, "clock_susar"), says=lambda row: _says(row, "clock_susar"),
    fix=lambda row: f"{_mend(row, 'clock_susar')}; or correct expectedness or relationship",
    why="fatal and life-threatening suspected unexpected serious reactions are due in 7 calendar "
    "days after the sponsor knows, others in 15",
    sources=SOURCES,
    good=[_clock(reported="2024-03-04", submitted="2024-03-19"),
          _clock(reported="2024-03-04", submitted="2024-03-11", **THREAT),
          _clock(reported="2024-03-04T23:00", submitted="2024-03-11T23:59", **THREAT),
          _clock(reported="2024-03-04", submitted="2024-03-20", expected="Y"),
          _clock(reported="2024-03-04", submitted="", related="NOT RELATED"),
          _clock(reported="2024-03-04", submitted="", serious="N", sae_other="N"),
          _clock(reported="2024-03-04", submitted="2024-03-25", became_serious="2024-03-10"),
          _clock(reported="2024-03-04", submitted="2024-03-12", grade="4")],
    bad=[_clock(reported="2024-03-04", submitted="2024-03-20"),
         _clock(reported="2024-03-04", submitted="2024-03-12", **THREAT),
         _clock(reported="2024-03-04", submitted="2024-03-12", outcome="FATAL"),
         _clock(reported="2024-03-04", submitted="2024-03-20", related=""),
         _clock(reported="2024-03-04", submitted="2024-03-20", related="NOT ASSESSABLE"),
         _clock(reported="2024-03-04", submitted="2024-03-20", expected=""),
         _clock(reported="2024-03", submitted="2024-03-20"),
         _clock(reported="2024-03-04", submitted=""), _clock(reported="", submitted="2024-03-20"),
         _clock(reported="2024-03-04", submitted="2024-03-26", became_serious="2024-03-10"),
         _clock({"rules": {"thresholds": {"days_susar": 10}}},
                reported="2024-03-04", submitted="2024-03-15")],
)  # fmt: skip
def susar_is_reported_in_time(ae: Fields) -> nw.Expr:
    return _in_time("clock_susar")


@rule(
    "AE-TIM-14", WARNING, "A fatal or life-threatening SUSAR is followed up in time",
    needs=("serious", "reported", "follow_up_submitted"),
    shows=("reported", "follow_up_submitted", RESTART),
    graded=lambda row: _weight(row, "clock_follow_up"),
    says=lambda row: _says(row, "clock_follow_up"), fix=lambda row: _mend(row, "clock_follow_up"),
    why="what was not known in the first 7 days is due in 8 more", sources=SOURCES,
    good=[_clock(reported="2024-03-04", follow_up_submitted="2024-03-19", **THREAT),
          _clock(reported="2024-03-04", follow_up_submitted=""),
          _clock(reported="2024-03-04", follow_up_submitted="", expected="Y", **THREAT)],
    bad=[_clock(reported="2024-03-04", follow_up_submitted="2024-03-20", **THREAT),
         _clock(reported="2024-03-04", follow_up_submitted="", outcome="FATAL"),
         _clock({"rules": {"thresholds": {"days_follow_up": 3}}},
                reported="2024-03-04", follow_up_submitted="2024-03-15", **THREAT)],
)  # fmt: skip
def susar_is_followed_up_in_time(ae: Fields) -> nw.Expr:
    return _in_time("clock_follow_up")


def _in_time(clock: str) -> nw.Expr:
    return or_if_blank(nw.col(clock) == IN_TIME, True)
