"""Clock times that say their time zone: compared as moments. Days stay as they are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.dates import date, iso
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.rules.examples import PERSON, a_result
from ae_cli.rules.records import study_of
from ae_cli.study.clocks import IN_TIME, LATE, UNSHOWN

SERIOUS = {"subject": "S1", "term": "Sepsis", "serious": "Y", "expected": "N", "related": "RELATED"}
NAUSEA = {"subject": "S1", "term": "Nausea", "grade": "2"}
ELSEWHERE = {"aware": "2024-03-01T10:00+05:00"}  # of another zone, so that offsets tell something
SEVERAL = "time zones"


def rules_broken(study: Any, *only: str) -> list[str]:
    return [finding.rule for finding in check(study, only=only).findings]


def excluded(start: str, first_dose: str, **more: Any) -> str | None:
    person = {"subject": "S1", "arm": "Low", "first_dose": first_dose}
    study = study_of([NAUSEA | {"start": start}], [person], **more)
    return study.events["excluded"][0]


@pytest.mark.parametrize(
    ("aware", "reported", "wanted"),
    [
        ("2024-03-04T23:00+09:00", "2024-03-05T14:30Z", LATE),  # 24 hours 30
        ("2024-03-04T10:00Z", "2024-03-05T18:30+09:00", IN_TIME),  # 23 hours 30
        ("2024-03-04T10:00+09:00", "2024-03-05T10:00+09:00", IN_TIME),
        ("2024-03-04T10:00+09:00", "2024-03-05T10:01+09:00", LATE),
        ("2024-03-04T10:00", "2024-03-05T10:00Z", UNSHOWN),  # of which zone, is not said
        ("2024-03-04T10:00Z", "2024-03-05T08:00", UNSHOWN),
        ("2024-03-04T10:00Z", "2024-03-04T19:00", IN_TIME),  # on any clock of the world
        ("2024-03-04T10:00Z", "2024-03-06T01:00", LATE),
        ("2024-03-04", "2024-03-06T00:30Z", UNSHOWN),  # 4 March lasts longer west of Greenwich
        ("2024-03-04", "2024-03-06T13:00Z", LATE),
        ("2024-03-04T10:00-00:00", "2024-03-05T10:00Z", IN_TIME),
    ],
)
def test_24_hours_pass_between_moments(aware: str, reported: str, wanted: str) -> None:
    study = study_of([SERIOUS | {"aware": aware, "reported": reported}, SERIOUS | ELSEWHERE])
    assert study.events["clock_aware"][0] == wanted


def test_an_upgrade_on_another_clock_restarts_it() -> None:
    event = SERIOUS | {"aware": "2024-03-01T10:00Z", "reported": "2024-03-05T10:30Z"}
    for upgraded, wanted in (("T20:00+09:00", IN_TIME), ("T19:00+09:00", LATE)):
        study = study_of([event | {"became_serious": f"2024-03-04{upgraded}"}])
        assert study.events["clock_aware"][0] == wanted


def test_a_late_report_is_said_with_its_time_zones() -> None:
    dates = {"aware": "2024-03-04T23:00+09:00", "reported": "2024-03-05T14:30Z"}
    (finding,) = check(study_of([SERIOUS | dates]), only=["TIM-12"]).findings
    assert finding.message == (
        "the report to the sponsor is dated 2024-03-05T14:30Z: late, due by 2024-03-05 14:00Z"
    )
    dates = {"aware": "2024-03-04T10:00Z", "reported": "2024-03-06T02:00"}
    (finding,) = check(study_of([SERIOUS | dates]), only=["TIM-12"]).findings
    assert "late, due by 2024-03-05 10:00Z" in finding.message  # it may be 12:00Z


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2024-03-04T10:00+09:00", "2024-03-04T03:00Z", False),
        ("2024-03-05T01:00+09:00", "2024-03-04T20:00Z", False),  # the day before, and later
        ("2024-03-04T10:00Z", "2024-03-04T18:00+09:00", True),
        ("2024-03-04T10:00Z", "2024-03-04T09:00", False),
        ("2024-03-04T10:00", "2024-03-04T09:00Z", False),
        ("2024-03-05T10:00Z", "2024-03-04T09:00", True),
        ("2024-03-04T10:00+09:00", "2024-03-04", False),
        ("2024-03-05T01:00+09:00", "2024-03-04", True),  # by the days as they are written
        ("2024-03-04T10:00", "2024-03-04T09:00", True),
    ],
)
def test_an_event_ends_before_it_starts_by_its_moments(start: str, end: str, wrong: bool) -> None:
    study = study_of([NAUSEA | {"start": start, "end": end}, NAUSEA | ELSEWHERE])
    assert rules_broken(study, "XFD-16") == ["AE-XFD-16"] * wrong


@pytest.mark.parametrize(
    ("start", "first_dose", "counted"),
    [
        ("2024-01-01T10:30Z", "2024-01-01T18:00+08:00", True),  # 30 minutes after it
        ("2024-01-01T09:30Z", "2024-01-01T18:00+08:00", False),
        ("2024-01-01T20:00+08:00", "2024-01-01T13:00Z", False),  # an hour before it
        ("2024-01-01T10:30", "2024-01-01T18:00+08:00", True),  # cannot be shown
        ("2024-01-01", "2024-01-01T18:00+08:00", True),
        ("2023-12-31", "2024-01-01T01:00+08:00", False),
        ("2023-12-31T20:00Z", "2024-01-01", False),
    ],
)
def test_the_first_dose_is_a_moment(start: str, first_dose: str, counted: bool) -> None:
    assert (excluded(start, first_dose) is None) is counted
    doses = {"exposure": [{"subject": "S1", "treatment": "X", "start": first_dose}]}
    people = [{"subject": "S1", "arm": "Low"}]
    study = study_of([NAUSEA | {"start": start}], people, others=doses)
    assert study.events["excluded"].is_null()[0] is counted


def test_doses_of_several_zones_are_known_to_the_day() -> None:
    """Which of them came first may be another one on another clock."""
    doses = [{"subject": "S1", "treatment": "X", "start": f"2024-01-01T{time}"}
             for time in ("18:00+08:00", "17:00Z")]  # fmt: skip
    for start, counted in (("2024-01-01T09:00Z", True), ("2023-12-31T09:00Z", False)):
        study = study_of([NAUSEA | {"start": start}], [{"subject": "S1", "arm": "Low"}],
                         others={"exposure": doses})  # fmt: skip
        assert study.events["excluded"].is_null()[0] is counted


def test_one_zone_throughout_changes_nothing_and_is_no_note() -> None:
    event = NAUSEA | {"start": "2024-03-04T10:00Z", "end": "2024-03-05"}
    study = study_of([event], [PERSON | {"first_dose": "2024-03-04T11:00Z"}])
    assert study.events["excluded"][0] == "began before the first dose"
    assert not any(SEVERAL in note for note in check(study).notes)
    assert "start_offset" not in study.events.columns


@pytest.mark.parametrize("other", ["2024-03-05T10:00+09:00", "2024-03-05T10:00"])
def test_several_zones_are_a_note_and_a_footnote(other: str) -> None:
    study = study_of([NAUSEA | {"start": "2024-03-04T10:00Z", "end": other}], [PERSON])
    report = check(study)
    (note,) = (note for note in report.notes if SEVERAL in note)
    assert "Z" in note
    assert any(SEVERAL in note for note in summarize(study, report, "group").footnotes)


def test_a_day_stays_the_day_that_is_written() -> None:
    """Study days, copies and the date of death are of the calendar where they were written."""
    events = [NAUSEA | {"start": "2024-03-04T01:00+09:00", "start_day": "4"},
              NAUSEA | {"start": "2024-03-04T23:00-05:00", "start_day": "4"}]  # fmt: skip
    study = study_of(events, [PERSON | {"reference_start": "2024-03-01"}])
    assert rules_broken(study, "TIM-02", "XRC-02") == []
    assert {d.isoformat() for d in study.events["start_earliest"].dt.date()} == {"2024-03-04"}


def test_results_are_compared_with_the_first_dose_by_days() -> None:
    """A sample of the dose's day is not certainly before it, on whichever clock it was taken."""
    labs = [a_result(date="2024-03-01T09:00+09:00"), a_result(date="2024-03-09", value="300")]
    people = [PERSON | {"first_dose": "2024-03-01T08:00Z"}]
    frame = study_of([NAUSEA | {"start": "2024-03-09"}], people, labs=labs).labs
    assert not frame["is_baseline"].any()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2024-03-04T10:30+09:00", "2024-03-04T10:30+09:00"),
        ("2024-03-04 10:30:15.5 -0530".replace(" -", "-"), "2024-03-04T10:30:15-05:30"),
        ("4 Mar 2024 10:30z", "2024-03-04T10:30Z"),
        ("2024-03-04T00:00:00+09:00", "2024-03-04"),  # how a date without a time is exported
    ],
)  # fmt: skip
def test_an_offset_is_kept_with_its_clock_time(text: str, known: str) -> None:
    span = date(text)
    assert span and iso(span) == known


@pytest.mark.parametrize("text", ["2024-03-04T10:30+15:00", "2024-03-04T10:30-12:30",
                                  "2024-03-04T10:30+09:60"])  # fmt: skip
def test_an_offset_that_no_clock_has_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="no such time zone"):
        date(text)


def test_a_moment_of_python_keeps_its_offset() -> None:
    span = date(datetime(2024, 3, 4, 10, 30, tzinfo=timezone(timedelta(hours=9))))
    assert span and iso(span) == "2024-03-04T10:30:00+09:00"
    assert span.earliest.tzinfo is None


OFFSETS = st.sampled_from([-12, -5, 0, 5.5, 9, 14])
HOURS = st.integers(0, 60)


@examples(100)
@given(HOURS, HOURS, OFFSETS, OFFSETS)
def test_what_is_said_of_two_moments_is_true(one: int, two: int, here: float, there: float) -> None:
    """Whatever their clocks: with both offsets the order is that of the moments."""
    day = datetime(2024, 3, 4, 0, 7, tzinfo=UTC)
    moments = [day + timedelta(hours=hours) for hours in (one, two)]
    zones = [timezone(timedelta(hours=hours)) for hours in (here, there)]
    start, end = (m.astimezone(z).isoformat() for m, z in zip(moments, zones, strict=True))
    study = study_of([NAUSEA | {"start": start, "end": end}])
    assert rules_broken(study, "XFD-16") == ["AE-XFD-16"] * (two < one)


@examples(100)
@given(HOURS, HOURS, OFFSETS, OFFSETS)
def test_a_clock_without_an_offset_accuses_nobody(
    one: int, two: int, here: float, there: float
) -> None:
    """Wherever the clock stood that says no offset, what is found wrong is wrong."""
    day = datetime(2024, 3, 4, 0, 7, tzinfo=UTC)
    start = (day + timedelta(hours=one)).astimezone(timezone(timedelta(hours=here)))
    end = (day + timedelta(hours=two)).astimezone(timezone(timedelta(hours=there)))
    texts = {"start": start.isoformat(), "end": f"{end:%Y-%m-%dT%H:%M:%S}"}
    if rules_broken(study_of([NAUSEA | texts]), "XFD-16"):
        assert end < start
