"""Events against doses and consent, and what is wrong with the dose records themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import narwhals as nw

from ae_cli.rules.duplicates import ENDS, START, repeated
from ae_cli.rules.examples import DIED, a_death, a_person, an_event, one, who_died
from ae_cli.rules.records import day
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Example, Fields, Row, or_if_blank, rule

FIRST, LAST = "participant.first_dose|exposure.start", "participant.last_dose|exposure.start"


def _dosed(**changes: str) -> Example:
    return an_event(beside={"exposure": [one("exposure", **changes)]})


def _doses(ae: Fields, which: str) -> list[str]:
    """The first or last dose: by the participant file, and by the dose records."""
    names = (f"participant_{which}_dose", f"ex_{which}")
    return [name for name in names if ae.present(f"{name}_earliest")]


def _before_dosing(ae: Fields) -> nw.Expr:
    """Whether an event certainly started before the first dose."""
    earlier = nw.lit(False)
    for dose in reversed(_doses(ae, "first")):
        dated = ~nw.col(f"{dose}_earliest").is_null()
        earlier = nw.when(dated).then(ae.certainly_after(dose, "start")).otherwise(earlier)
    return earlier


@rule(
    "AE-XDS-20", NOTE, "Participants with events have a dose",
    needs=("subject", "exposure.subject"), grouped=("subject",), shows=("subject", "term", "start"),
    says="participant {subject} has {count} events and no dose record",
    fix="enter the doses, or confirm that no dose was given",
    why="without a dose the participant is outside the safety population; events before the first "
    "dose are in order",
    sources=("SD0070", "FDAB023"),
    good=[_dosed(), an_event(subject="", beside={"exposure": [one("exposure")]}),
          _dosed(treatment="Placebo", dose="0"), _dosed(dose=""),
          _dosed(treatment="安慰剂", dose="0.0")],
    bad=[_dosed(subject="S2"), _dosed(dose="0"), _dosed(dose="0.00"), _dosed(occurred="N"),
         _dosed(treatment="", dose="0")],
)  # fmt: skip
def participant_is_dosed(ae: Fields) -> nw.Expr:
    return or_if_blank(ae.ex_records > 0, False) | ~ae.filled("subject")


def _wrong_order(row: Row) -> str:
    start, end = row.get("start_earliest"), row.get("end_latest")
    if start is not None and end is not None and end < start:
        return f"the dose ends on {day(row, 'end')}, before it starts"
    return "the dose is given after the participant's death"


@rule(
    "AE-XDS-25", ERROR, "Doses end after they start, and none is given after death",
    kind="exposure", needs=("exposure.start",), shows=("subject", "treatment", "start", "end"),
    says=_wrong_order, fix="please confirm the dates",
    why="the first and the last dose, and every day counted from them, would be wrong",
    sources=("sdtmchecks check_ex_exstdtc_after_exendtc", "sdtmchecks check_ex_exstdtc_after_dd",
             "SD0013"),
    good=[_dosed(), _dosed(end=""), _dosed(start=""), _dosed(end="2024-03"), _dosed(start="2024"),
          an_event(participants=[who_died()], beside={"exposure": [one("exposure")]}),
          _dosed(start="2024-03-01T10", end="2024-03-01"),
          an_event(participants=[who_died()],
                   beside={"exposure": [one("exposure", start="2024-03-09", end="2024-03-09")]}),
          a_death(beside={"exposure": [one("exposure", start="2024-04", end="", subject="S2")]})],
    bad=[_dosed(end="2024-02-29"), _dosed(start="2024-04", end="2024-03-31"),
         a_death(beside={"exposure": [one("exposure", start="2024-03-10", end="")]}),
         an_event(participants=[who_died()],
                  beside={"exposure": [one("exposure", start="2024-03-10", end="")]}),
         an_event(beside={"exposure": [one("exposure", start="2024-03-10", end="")],
                          "disposition": [DIED]})],
)  # fmt: skip
def dose_dates_are_ordered(ex: Fields) -> nw.Expr:
    deaths = ("participant_death_date", "ds_death", "ae_death")
    wrong = [ex.certainly_after("start", death) for death in deaths]
    return ~nw.any_horizontal(ex.certainly_after("start", "end"), *wrong, ignore_nulls=True)


SAME = (
    "subject", "treatment", "dose", "unit", *START, *ENDS,
)  # fmt: skip
NEGATIVE = r"^\s*[-−–]\s*[\d.,]*[1-9]"


def _dose_wrong(row: Row) -> str:
    several = f"{row['count']} dose records are the same: treatment, dose and dates"
    return several if row["count"] > 1 else f"the dose is negative: {row.get('dose')}"


@rule(
    "AE-XDS-26", WARNING, "No dose record stands twice, and no dose is negative",
    kind="exposure", needs=("exposure.subject", "exposure.start|exposure.dose"), grouped=SAME,
    shows=("subject", "treatment", "dose", "start", "end"), says=_dose_wrong,
    fix="delete the copies, or correct what differs",
    why="the dose that was given would be counted wrongly",
    sources=("sdtmchecks check_ex_dup", "SD0014"),
    good=[_dosed(), _dosed(dose=""), _dosed(dose="0"),
          *(an_event(beside={"exposure": [one("exposure"), one("exposure", **{field: other})]})
            for field, other in (("subject", "S2"), ("treatment", "Saline"), ("dose", "50"),
                                 ("start", "2024-02-29"), ("end", "2024-03-02"), ("unit", "mg"))),
          an_event(beside={"exposure": [one("exposure", subject="")] * 2}),
          an_event(beside={"exposure": [one("exposure", start=start, end="") for start in
                                        ("yesterday", "last week", "")]})],
    bad=[an_event(beside={"exposure": [one("exposure"), one("exposure", seq="2")]}),
         _dosed(dose="-5"), _dosed(dose="−0.5"),
         an_event(beside={"exposure": [one("exposure", start="", end=""), one("exposure", start="",
                                                                          end="")]})],
)  # fmt: skip
def dose_stands_once(ex: Fields) -> nw.Expr:
    twice = repeated(ex, SAME) & ex.filled("subject")
    negative = ex.dose.str.contains(NEGATIVE) if ex.present("dose") else nw.lit(False)
    return ~(twice | or_if_blank(negative, False))


def _related(start: str, **changes: str) -> Example:
    return an_event(start=start, participants=[a_person(**changes)])


@rule(
    "AE-XDS-41", WARNING, "A related event does not start before the first dose",
    needs=("start", "related", FIRST), asks=("dose dates",), shows=("start", "related"),
    says="the event is judged related ({related}), but it starts before the first dose",
    fix="please confirm the start and the relationship",
    why="a treatment cannot cause what came before it", sources=("ICH E9",),
    good=[_related("2024-03-01"), _related("2024-02-28", first_dose=""), _related(""),
          _related("2024-03", first_dose="2024-03-31"), _related("2024-02-29", first_dose="2024"),
          an_event(start="2024-02-01", related="NOT RELATED", participants=[a_person()]),
          an_event(start="2024-02-01", related="", participants=[a_person()])],
    bad=[_related("2024-02-29", first_dose="2024-03"), _related("2024-02"),
         an_event(start="2024-02-29", beside={"exposure": [one("exposure")]})],
)  # fmt: skip
def related_is_not_earlier(ae: Fields) -> nw.Expr:
    return ~(ae.judged_related() & _before_dosing(ae))


@rule(
    "AE-XDS-34", NOTE, "No event starts before informed consent",
    needs=("start", "participant.consent"), shows=("start",),
    says=lambda row: "the event starts before informed consent, "
    + day(row, "participant_consent"),
    fix="please confirm both dates; what began before consent is medical history",
    why="what began before the trial is no adverse event of it", sources=("EDC practice",),
    good=[_related("2024-03-04", consent="2024-03-04"), _related("2024-03-04", consent="2024-03"),
          _related("2024-03-04", consent=""), _related("", consent="2024-03-05"),
          _related("2024-03", consent="2024-03-31")],
    bad=[an_event(participants=[a_person(consent="2024-03-05")]),
         an_event(start="2024-02", participants=[a_person(consent="2024-03-01")])],
)  # fmt: skip
def starts_after_consent(ae: Fields) -> nw.Expr:
    return ~ae.certainly_after("participant_consent", "start")


DAYS = {"window": {"days_after_last_dose": 30}}
LATER = DAYS | {"rules": {"thresholds": {"days_after_last_dose": 100}}}


def _late(start: str, study: dict[str, Any] = DAYS, **changes: str) -> Example:
    return an_event(start=start, participants=[a_person(**changes)], study=study)


@rule(
    "AE-XDS-35", NOTE, "Events start within the days in which they are reported",
    needs=("subject", "start", LAST), asks=("days after the last dose",), grouped=("subject",),
    shows=("start", "term"),
    says="participant {subject} has {count} events that lie more days after the last dose than "
    "study.toml allows (days_after_last_dose)",
    fix="please confirm the dates, or correct study.toml",
    why="later events are reported only where the protocol asks for them", sources=("practice",),
    good=[_late("2024-04-14"), _late("2024-04"), _late("2024-06-01", last_dose=""),
          _late("", last_dose="2024-01-01"), _late("2024-06-01", LATER), _late("2024-06-01", {})],
    bad=[_late("2024-04-15"), _late("2024-05"), _late("2024-07-01", LATER),
         an_event(start="2024-04-05", beside={"exposure": [one("exposure")]}, study=DAYS)],
)  # fmt: skip
def starts_within_days(ae: Fields) -> nw.Expr:
    days = timedelta(days=ae.threshold("days_after_last_dose"))
    limits = [ae.latest_by_days(name) for name in _doses(ae, "last")]
    limit = nw.coalesce(*limits) if limits else nw.lit(None, nw.Datetime("us"))
    return ~or_if_blank(nw.col("start_earliest") > limit + days, False)
