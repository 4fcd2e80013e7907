"""Study days: the formula of SDTM, in which the day of reference is day 1 and there is no day 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals as nw

from ae_cli.rules.examples import a_person, an_event
from ae_cli.rules.rule import NOTE, WARNING, Example, Fields, Row, or_if_blank, rule

REFERENCE = "participant.reference_start"
DAY = 86_400  # seconds
FIELDS = {"start": "start_day", "end": "end_day", "collected": "collected_day"}
NAMES = {"start": "start", "end": "end", "collected": "collection"}


def _dated(person: str = "2024-03-01", **cells: str) -> Example:
    """An event of a participant whose day of reference is 1 March 2024."""
    return an_event(participants=[a_person(reference_start=person)], **cells)  # type: ignore[arg-type]


def _whole(field: str) -> nw.Expr:
    """Whether a date is known to the day."""
    earliest, latest = nw.col(f"{field}_earliest"), nw.col(f"{field}_latest")
    return or_if_blank((latest - earliest).dt.total_seconds() < DAY, False)


def _day(field: str) -> nw.Expr:
    """The study day of a date, by the formula; null where either date is blank."""
    at = nw.col(f"{field}_earliest").dt.truncate("1d")
    of = nw.col("participant_reference_start_earliest").dt.truncate("1d")
    days = (at - of).dt.total_seconds() // DAY
    return nw.when(days >= 0).then(days + 1).otherwise(days)


def _known(field: str) -> nw.Expr:
    return _whole(field) & _whole("participant_reference_start")


def _day_is_right(field: str) -> Callable[[Fields], nw.Expr]:
    def test(ae: Fields) -> nw.Expr:
        given = nw.col(FIELDS[field])
        return or_if_blank(given == _day(field), True) | ~_known(field)

    return test


def _said(field: str) -> Callable[[Row], str]:
    def says(row: Row) -> str:
        at, of = row[f"{field}_earliest"], row["participant_reference_start_earliest"]
        days = (at.date() - of.date()).days
        right = days + 1 if days >= 0 else days
        return f"the study day of the {NAMES[field]} is {row[FIELDS[field]]}, by the dates {right}"

    return says


def _formula(id: str, field: str, sources: tuple[str, ...]) -> None:
    day, also = FIELDS[field], {"end": ""} if field == "start" else {}
    cells: dict[str, Any] = {**also, "outcome": "UNKNOWN"} if also else {}

    def example(date: str, of: str, **more: str) -> Example:
        return _dated(**{**cells, field: date, day: of, **more})

    rule(
        id, WARNING, f"The study day of the {NAMES[field]} follows the formula",
        needs=(day, field, REFERENCE), shows=(day, field), says=_said(field),
        fix="correct the day, or the dates", why="windows by study day shift by a day",
        sources=sources,
        good=[example("2024-03-04", "4"), example("2024-03-01", "1"), example("2024-02-29", "-1"),
              example("2024-03-04", ""), example("2024-03", "9"), example("", "9"),
              example("2024-03-04", "9", person="2024-03"), example("2024-03-04T23:00", "4"),
              example("2024-03-04", "4", person="2024-03-01T18:00")],
        bad=[example("2024-03-04", "3"), example("2024-03-04", "5"), example("2024-02-29", "-2"),
             example("2024-03-01", "2"),
             example("2024-03-04T01:00", "3", person="2024-03-01T18:00")],
    )(_day_is_right(field))  # fmt: skip


_formula("AE-TIM-01", "start", ("CG0220", "CORE-000552", "SD1090"))
_formula("AE-TIM-02", "end", ("CG0222", "CORE-000553", "SD1094"))
_formula("AE-TIM-03", "collected", ("CG0006", "CORE-000529", "SD1086", "FB1603"))


def _of_each(ae: Fields, claim: Callable[[str], nw.Expr]) -> nw.Expr:
    """The claim for every date that has its study day beside it."""
    asked = [f for f, day in FIELDS.items() if ae.has(f, day)]
    return nw.all_horizontal(*map(claim, asked), ignore_nulls=True) if asked else nw.lit(True)


PAIRED = "start_day|end_day|collected_day"
SHOWN = ("start", "start_day", "end", "end_day", "collected", "collected_day")


@rule(
    "AE-TIM-04", WARNING, "A study day is blank where a date is not known to the day",
    needs=(PAIRED, REFERENCE), shows=SHOWN,
    says="a study day is given, but its date, or the day of reference, is not known to the day",
    fix="leave the day blank, or complete the date",
    why="a day that nobody knows was made up somewhere",
    sources=("CG0221", "CORE-000138", "CG0223", "CG0007", "SD1085", "SD1089"),
    good=[_dated(start_day="4"), _dated(start="2024-03", start_day=""),
          _dated(start="2024", start_day="", end="2024-03-06", end_day="6")],
    bad=[_dated(start="2024-03", start_day="5"), _dated(end="2024-03", end_day="5"),
         _dated(collected="", collected_day="5"), _dated(start_day="4", person="2024-03")],
)  # fmt: skip
def no_day_of_a_partial_date(ae: Fields) -> nw.Expr:
    return _of_each(ae, lambda f: ~ae.filled(FIELDS[f]) | _known(f) | ~ae.known)


@rule(
    "AE-TIM-05", NOTE, "A study day is given where both dates are known to the day",
    needs=(PAIRED, REFERENCE), shows=SHOWN, grouped=("study",), profile="SDTM",
    asks=("SDTM headers",),
    says="a study day is blank in {count} rows, though its dates are known to the day",
    fix="fill in the study days", why="a reviewer sorts events by their day",
    sources=("SD1088", "SD1092", "SD1084", "FB1602", "CORE-000853"),
    good=[an_event(sdtm=True, participants=[a_person(reference_start="2024-03-01")]),
          _dated(start_day=""),
          an_event(sdtm=True, participants=[a_person(reference_start="2024-03-01")],
                   start="2024-03", start_day="")],
    bad=[an_event(sdtm=True, participants=[a_person(reference_start="2024-03-01")], start_day=""),
         an_event(sdtm=True, participants=[a_person(reference_start="2024-03-01")], end_day="")],
)  # fmt: skip
def day_of_a_known_date(ae: Fields) -> nw.Expr:
    return _of_each(ae, lambda f: ae.filled(FIELDS[f]) | ~_known(f))


@rule(
    "AE-TIM-06", NOTE, "Columns of dates and of study days come in pairs",
    kind="file", profile="SDTM", asks=("SDTM headers",),
    says=lambda row: f"a date or study day without the other: {', '.join(_alone(row))}",
    fix="add the other column", why="rules that compare the two are not checked",
    sources=("FB3201", "CORE-000321", "FB3202", "FB3203", "SD1087", "SD1091"),
    good=[an_event(sdtm=True), an_event(start_day="4"),
          an_event(sdtm=True, start_day="", end_day="")],
    bad=[an_event(sdtm=True, without=("start",)), an_event(sdtm=True, without=("end",)),
         an_event(sdtm=True, collected="2024-03-05")],
)  # fmt: skip
def dates_and_days_are_paired(study: Any) -> bool:
    return not _alone({"in_study": study})


def _alone(row: Row) -> list[str]:
    from ae_cli.model import AdverseEvent, cells

    names = {f: cell.sdtm for f, cell in cells(AdverseEvent).items()}
    has = row["in_study"].has
    pairs = [(f, day) for f, day in FIELDS.items() if has(f) != has(day)]
    return [names[f] if has(f) else names[day] for f, day in pairs]


@rule(
    "AE-TIM-07", NOTE, "The event starts on or before the day it was collected",
    needs=("start", "collected"),
    says="the event starts after the day on which it was collected",
    fix="please confirm both dates", why="nobody can report an event that is still to come",
    sources=("FB3211",),
    good=[an_event(collected="2024-03-04"), an_event(collected="2024-03-05"),
          an_event(collected=""), an_event(start="", collected="2024-03-05"),
          an_event(start="2024-03", collected="2024-03-01"), an_event(collected="2024-03")],
    bad=[an_event(collected="2024-03-03"), an_event(start="2024-04", collected="2024-03-31")],
)  # fmt: skip
def collected_after_start(ae: Fields) -> nw.Expr:
    return ~ae.certainly_after("start", "collected")


def _refers(ae: Fields, relative: str, reference: str) -> nw.Expr:
    if not ae.has(relative):
        return nw.lit(True)
    return ~ae.filled(relative) | ae.filled(f"participant.{reference}") | ~ae.known


@rule(
    "AE-TIM-08", WARNING, "What is relative to the reference period has that period",
    needs=("start_relative|end_relative", "participant.subject"),
    shows=("start_relative", "end_relative"),
    says="the start or end is relative to the reference period, of which a date is missing",
    fix="enter the dates of the reference period (RFSTDTC, RFENDTC)",
    why="BEFORE or AFTER says nothing without the day",
    sources=("CG0227", "CORE-000177", "CG0226", "CORE-000262", "SD1030", "SD1031"),
    good=[an_event(end_relative="", participants=[a_person(reference_end="")]),
          an_event(end_relative="AFTER", end="", outcome="UNKNOWN",
                   participants=[a_person(reference_end="2024-06-01")]),
          an_event(start_relative="BEFORE", participants=[a_person(reference_start="2024-03-01")]),
          an_event(end_relative="AFTER", participants=[a_person(subject="S2", reference_end="")])],
    bad=[an_event(end_relative="AFTER", participants=[a_person(reference_end="")]),
         an_event(end_relative="AFTER", participants=[a_person()]),
         an_event(start_relative="BEFORE", participants=[a_person(reference_start="")])],
)  # fmt: skip
def relative_has_reference(ae: Fields) -> nw.Expr:
    start = _refers(ae, "start_relative", "reference_start")
    return start & _refers(ae, "end_relative", "reference_end")


def _partial(row: Row) -> str:
    counted = row.get("excluded") is None
    told = "it counts, since it may have begun after the first dose" if counted else row["excluded"]
    return f"the start is not known to the day, nor on which side of the first dose it lies: {told}"


@rule(
    "AE-TIM-11", NOTE, "An onset that is not known to the day is listed",
    needs=("start", "participant.first_dose"), shows=("start",), says=_partial,
    fix="complete the date if it is known",
    why="nothing is imputed: an event counts as treatment-emergent unless it certainly is not",
    sources=("practice",),
    good=[an_event(participants=[a_person()]), an_event(start="", participants=[a_person()]),
          an_event(start="2024-02", participants=[a_person()]),
          an_event(start="2024-04", end="", participants=[a_person()]),
          an_event(start="2024-03", participants=[a_person(first_dose="")])],
    bad=[an_event(start="2024-03", end="", participants=[a_person(first_dose="2024-03-05")]),
         an_event(start="2024", end="", participants=[a_person(first_dose="2024-03-05")])],
)  # fmt: skip
def onset_is_certain(ae: Fields) -> nw.Expr:
    dose = nw.col("participant_first_dose_earliest")
    astride = (nw.col("start_earliest") < dose) & (nw.col("start_latest") >= dose)
    return ~(or_if_blank(astride, False) & ~_whole("start"))
