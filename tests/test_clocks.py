"""Reporting clocks of serious events, against days counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from conftest import Run, write_csv
from hypothesis import assume, given
from hypothesis import strategies as st

from ae_cli.errors import InputError
from ae_cli.findings import Severity
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.rules.records import study_of
from ae_cli.study.clocks import IN_TIME, LATE, UNSENT, UNSHOWN
from ae_cli.table import Count

SERIOUS = {"subject": "S1", "term": "Sepsis", "serious": "Y", "expected": "N", "related": "RELATED"}


def verdict(clock: str, study: Mapping[str, Any] | None = None, **event: str) -> str | None:
    return study_of([SERIOUS | event], config=dict(study or {})).events[clock][0]


@pytest.mark.parametrize(
    ("aware", "reported", "wanted"),
    [
        ("2024-03-04T10:00", "2024-03-05T10:00", IN_TIME),
        ("2024-03-04T10:00", "2024-03-05T10:01", LATE),
        ("2024-03-04", "2024-03-04", IN_TIME),
        ("2024-03-04", "2024-03-05", UNSHOWN),  # between one second and two days
        ("2024-03-04", "2024-03-06", LATE),
        ("2024-03-04T23:30", "2024-03-05", UNSHOWN),  # up to half an hour more
        ("2024-03-04T23:30", "2024-03-06", LATE),
        ("2024-03-04T09:00", "2024-03-05", UNSHOWN),
        ("2024-03-04", "2024-03-02", UNSHOWN),  # before anybody knew
        ("2024-03", "2024-03-20", UNSHOWN),
        ("2024-03-04", "", UNSENT),
        ("", "2024-03-04", UNSHOWN),
    ],
)
def test_24_hours_are_shown_by_dates_or_are_not(aware: str, reported: str, wanted: str) -> None:
    assert verdict("clock_aware", aware=aware, reported=reported) == wanted


@pytest.mark.parametrize(
    ("days", "more", "wanted"),
    [
        (15, {}, IN_TIME),
        (16, {}, LATE),
        (7, {"sae_life_threatening": "Y"}, IN_TIME),
        (8, {"sae_life_threatening": "Y"}, LATE),
        (8, {"outcome": "FATAL"}, LATE),
        (8, {"grade": "5"}, LATE),
        (15, {"grade": "4"}, IN_TIME),  # severe is not serious
        (16, {"related": ""}, LATE),
        (16, {"related": "NOT ASSESSABLE"}, LATE),
        (16, {"related": "NOT RELATED"}, None),
        (16, {"expected": ""}, LATE),
        (16, {"expected": "Y"}, None),
        (16, {"serious": "N"}, None),
        (16, {"serious": ""}, None),
        (22, {"became_serious": "2024-03-11"}, IN_TIME),  # day 0 is the upgrade
        (23, {"became_serious": "2024-03-11"}, LATE),
        (5, {"became_serious": "2024-03-11"}, UNSHOWN),  # reported before it was serious
        (15, {"became_serious": "2024-03-01"}, IN_TIME),
    ],
)
def test_days_of_a_susar(days: int, more: dict[str, str], wanted: str | None) -> None:
    """Day 0 is 2024-03-04, the day of the sponsor's receipt."""
    sent = date(2024, 3, 4) + timedelta(days=days)
    event = {"reported": "2024-03-04", "submitted": sent.isoformat(), "outcome": "", "grade": "3"}
    assert verdict("clock_susar", **event | {"sae_life_threatening": "N"} | more) == wanted


@pytest.mark.parametrize(("days", "wanted"), [(15, IN_TIME), (16, LATE)])
def test_a_follow_up_has_eight_days_more(days: int, wanted: str) -> None:
    sent = date(2024, 3, 4) + timedelta(days=days)
    event = {"reported": "2024-03-04", "follow_up_submitted": sent.isoformat(), "outcome": "FATAL"}
    assert verdict("clock_follow_up", **event) == wanted
    assert verdict("clock_follow_up", **event | {"outcome": "UNKNOWN"}) is None


@pytest.mark.parametrize(
    ("cut_off", "wanted"), [(None, UNSENT), ("2024-03-19", UNSENT), ("2024-03-20", LATE)]
)
def test_what_is_not_reported_is_late_by_the_cut_off(cut_off: str | None, wanted: str) -> None:
    """Never by today."""
    study = {"cut_off": cut_off} if cut_off else {}
    assert verdict("clock_susar", study, reported="2024-03-04", submitted="") == wanted


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(0, 100))
def test_less_exact_dates_never_turn_a_verdict(known: datetime, hours: int) -> None:
    """With times a report is in time or late; with days it is that, or cannot be shown."""
    sent = known + timedelta(hours=hours)
    assume((0, 0) not in {(t.hour, t.minute) for t in (known, sent)})  # which is no time: a date
    exact, plain = "%Y-%m-%dT%H:%M", "%Y-%m-%d"
    sure = verdict("clock_aware", aware=known.strftime(exact), reported=sent.strftime(exact))
    by_day = verdict("clock_aware", aware=known.strftime(plain), reported=sent.strftime(plain))
    assert sure in (IN_TIME, LATE)
    assert by_day in (sure, UNSHOWN)


ROWS = [
    ["subject", "group", "term", "grade", "serious", "life-threatening", "outcome", "relationship",
     "expected", "Date aware", "Reported to sponsor", "Submission date", "Follow-up submitted"],
    ["S1", "Low", "Nausea", "1", "N", "N", "recovered", "related", "Y", "", "", "", ""],
    ["S2", "Low", "Sepsis", "4", "Y", "Y", "ongoing", "related", "N",
     "2024-03-04 10:00", "2024-03-05 09:00", "2024-03-11", "2024-03-22"],
    ["S3", "High", "Liver failure", "5", "Y", "N", "fatal", "unknown", "",
     "2024-03-05", "2024-03-06", "2024-03-20", ""],
    ["S4", "High", "Lung infection", "3", "Y", "N", "recovered", "related", "N",
     "2024-04-02", "2024-04-05", "2024-04-25", ""],
    ["S5", "High", "Abdominal pain", "2", "Y", "N", "recovered", "not related", "N",
     "2024-04-02", "", "", ""],
]  # fmt: skip


def test_the_table_counts_each_clock_by_group(tmp_path: Any, ae: Run) -> None:
    log = write_csv(tmp_path / "log.csv", ROWS)
    run = ae("summarize", "by", "clock", log)
    assert run.code == 0
    events = [line.split()[1:] for line in run.out.splitlines() if line.startswith("Events")]
    assert events == [["1", "3", "4"], ["1", "2", "3"], ["1", "1", "2"]]
    assert "S5" in run.out
    assert "not reported" in run.out


def test_each_clock_splits_its_events() -> None:
    headers = ROWS[0]
    study = study_of([dict(zip(headers, row, strict=True)) for row in ROWS[1:]])
    table = summarize(study, check(study), "clock")
    numbers = {r.key: [c.events for c in r.cells if isinstance(c, Count)] for r in table.rows}
    assert numbers["clock_aware"] == [1, 3, 4]
    assert numbers["clock_susar"] == [1, 2, 3]
    assert numbers["clock_follow_up"] == [1, 1, 2]
    for clock in ("clock_aware", "clock_susar", "clock_follow_up"):
        parts = [n for key, n in numbers.items() if key.startswith(f"{clock}_")]
        assert [sum(column) for column in zip(*parts, strict=True)] == numbers[clock]
    assert numbers["clock_susar_late"] == [0, 2, 2]
    assert len(table.listings[0].rows) == 7


def test_an_event_of_several_rows_has_one_clock_where_they_are_joined() -> None:
    rows = [
        SERIOUS | {"grade": grade, "start": start, "end": end, "aware": "2024-03-04",
                   "reported": reported}
        for grade, start, end, reported in (
            ("3", "2024-03-04", "2024-03-06", "2024-03-04"),
            ("4", "2024-03-06", "2024-03-09", "2024-03-09"),
        )
    ]  # fmt: skip
    apart = study_of(rows).events["clock_aware"]
    joined = study_of(rows, config={"episodes": "joined"}).events["clock_aware"]
    assert (list(apart), list(joined)) == ([IN_TIME, LATE], [IN_TIME, None])


def test_a_late_report_is_a_warning_and_an_unproven_one_a_note() -> None:
    late = study_of([SERIOUS | {"aware": "2024-03-04", "reported": "2024-03-09"}])
    finding = check(late, only=["AE-TIM-12"]).findings[0]
    assert (finding.severity, finding.message) == (
        Severity.WARNING,
        "the report to the sponsor is dated 2024-03-09: late, due by 2024-03-05 23:59",
    )
    open_ = study_of([SERIOUS | {"aware": "2024-03-04", "reported": "2024-03-05"}])
    assert check(open_, only=["AE-TIM-12"]).findings[0].severity is Severity.NOTE


def test_a_log_without_the_dates_has_no_such_table() -> None:
    study = study_of([SERIOUS])
    with pytest.raises(InputError, match="no two dates of a clock"):
        summarize(study, check(study), "clock")


def test_a_joined_event_that_becomes_fatal_has_a_clock_from_then() -> None:
    """Reported as a SUSAR on day 14: in time at first, and late for what became fatal on day 2."""
    first = SERIOUS | {"grade": "3", "start": "2024-03-04", "end": "2024-03-06",
                       "reported": "2024-03-04", "submitted": "2024-03-18"}  # fmt: skip
    worse = first | {"grade": "5", "outcome": "FATAL", "start": "2024-03-06", "end": "2024-03-09",
                     "reported": "2024-03-06"}  # fmt: skip
    joined = study_of([first | {"outcome": "NOT RECOVERED"}, worse], config={"episodes": "joined"})
    assert joined.events["clock_susar"].to_list() == [IN_TIME, LATE]
    same = study_of([first, worse | {"grade": "4", "outcome": ""}], config={"episodes": "joined"})
    assert same.events["clock_susar"].to_list() == [IN_TIME, None]


@pytest.mark.parametrize("sign", [{"sae_hospitalisation": "Y"}, {"outcome": "FATAL"}])
def test_a_clock_runs_where_seriousness_is_not_answered_and_a_criterion_is(
    sign: dict[str, str],
) -> None:
    dates = {"aware": "2024-03-01", "reported": "2024-03-20"}
    assert verdict("clock_aware", serious="", **dates, **sign) == LATE
    assert verdict("clock_aware", serious="N", **dates, **sign) is None
    assert verdict("clock_aware", serious="", **dates) is None
