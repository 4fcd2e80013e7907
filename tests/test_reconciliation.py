"""Serious events of the log and of the safety database, against pairs made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from conftest import Run, write_csv
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.errors import InputError
from ae_cli.findings import Severity
from ae_cli.reports import summarize
from ae_cli.reports.reconciliation import reconciled_listing
from ae_cli.rules import check
from ae_cli.rules.records import study_of
from ae_cli.study import Study
from ae_cli.study.pairing import paired
from ae_cli.study.reconciliation import EARLIER, ONLY_HERE, ONLY_THERE, PAIRED
from ae_cli.table import Count

EVENT = {"subject": "S1", "arm": "Low", "term": "Sepsis", "serious": "Y", "start": "2024-03-04",
         "outcome": "FATAL", "related": "NOT RELATED"}  # fmt: skip
REPORT = {"subject": "S1", "case": "C-1", "term": "Sepsis", "serious": "Y", "start": "2024-03-04",
          "outcome": "FATAL", "related": "NOT RELATED"}  # fmt: skip


def study(events: list[dict[str, str]], reports: list[dict[str, str]], **config: Any) -> Study:
    return study_of(events, None, config, None, {"reports": reports})


def found(study: Study) -> tuple[list[str | None], list[str | None]]:
    """What was found of each row of the log, and of each report."""
    frames = (study.events, study.others["reports"])
    return tuple(pl.DataFrame(frame)["sae_found"].to_list() for frame in frames)  # type: ignore[return-value]


def differs(event: dict[str, str], report: dict[str, str]) -> str | None:
    return pl.DataFrame(study([EVENT | event], [REPORT | report]).events)["sae_differs"][0]


@pytest.mark.parametrize(
    ("event", "report", "words"),
    [
        ({}, {}, None),
        ({}, {"term": "SEPSIS"}, None),
        ({"term": "Anaemia"}, {"term": "Anemia"}, None),
        ({"start": "2024-03"}, {"start": "2024-03-04"}, None),
        ({}, {"start": "2024-03-06"}, "onset 2024-03-04 here, 2024-03-06 there"),
        ({}, {"start": ""}, "onset 2024-03-04 here, blank there"),
        ({}, {"outcome": "UNKNOWN"}, "outcome FATAL here, UNKNOWN there"),
        ({}, {"related": "UNLIKELY RELATED"}, None),  # a finer scale for the same answer
        ({}, {"related": "RELATED"}, "relationship NOT RELATED here, RELATED there"),
        ({}, {"related": "NOT ASSESSABLE"}, "relationship NOT RELATED here, NOT ASSESSABLE there"),
        ({"serious": "N"}, {}, "serious no here, yes there"),
        ({"serious": ""}, {}, "serious blank here, yes there"),
        ({}, {"term": "Septic shock"}, "term Sepsis here, Septic shock there"),
        ({}, {"outcome": "UNKNOWN", "start": "2024-03-05"},
         "onset 2024-03-04 here, 2024-03-05 there; outcome FATAL here, UNKNOWN there"),
    ],
)  # fmt: skip
def test_what_differs_is_said(
    event: dict[str, str], report: dict[str, str], words: str | None
) -> None:
    assert differs(event, report) == words


def test_what_only_one_file_has_is_not_compared() -> None:
    made = study([EVENT | {"grade": "5"}], [REPORT])
    assert pl.DataFrame(made.events)["sae_differs"].to_list() == [None]


def test_pairs_are_made_by_the_nearest_onset() -> None:
    events = [EVENT | {"start": f"2024-03-{day:02}", "end": f"2024-03-{day:02}"} for day in (4, 20)]
    reports = [REPORT | {"start": f"2024-03-{day:02}", "case": f"C-{day}"} for day in (19, 5)]
    made = study(events, reports)
    assert found(made) == ([PAIRED, PAIRED], [PAIRED, PAIRED])
    assert pl.DataFrame(made.events)["sae_case"].to_list() == ["C-5", "C-19"]


def test_rows_that_touch_are_one_event() -> None:
    rows = [
        EVENT | {"grade": "3", "end": "2024-03-06"},
        EVENT | {"grade": "5", "start": "2024-03-06", "end": "2024-03-09"},
    ]
    assert found(study(rows, [REPORT])) == ([PAIRED, PAIRED], [PAIRED])


def test_of_the_versions_of_a_case_the_last_counts() -> None:
    made = study([EVENT], [REPORT | {"outcome": "UNKNOWN"}, REPORT])
    assert found(made) == ([PAIRED], [EARLIER, PAIRED])
    assert pl.DataFrame(made.events)["sae_differs"].to_list() == [None]


def said(made: Study) -> list[str]:
    """The findings of reconciliation, in words."""
    return [f.message for f in check(made, only=["AE-XDS-36", "AE-XDS-54"]).findings]


def pairs(made: Study) -> list[tuple[str | None, ...]]:
    """Term and day of each event of the log beside the case, term and day of its report."""
    here = pl.DataFrame(made.events).filter(sae_found=PAIRED).unique("sae_event")
    there = pl.DataFrame(made.others["reports"]).filter(sae_found=PAIRED)
    told = here.join(there, on="sae_event", suffix="_there", validate="1:1")
    names = ("term", "start_earliest", "case", "term_there", "start_earliest_there")
    return sorted(tuple(map(str, r)) for r in told.select(names).iter_rows())


def told(made: Study) -> list[list[tuple[str, ...]]]:
    """What was found of the rows of either file, wherever they stand in it."""
    files = (made.events, made.others["reports"])
    names = ("subject", "term", "preferred_term", "serious", "grade", "outcome", "start_earliest",
             "end_earliest", "sae_found", "sae_case")  # fmt: skip
    frames = [pl.DataFrame(file).select(names) for file in files]
    return [sorted(tuple(map(str, row)) for row in frame.iter_rows()) for frame in frames]


INFECTION = EVENT | {"term": "Line infection", "preferred_term": "Sepsis", "grade": "3",
                     "end": "2024-03-09", "outcome": "RECOVERED"}  # fmt: skip
SHOCK = EVENT | {"term": "Septic shock", "preferred_term": "Sepsis", "grade": "5",
                 "start": "2024-03-05", "end": "2024-03-09"}  # fmt: skip


def report(event: dict[str, str], case: str, **changes: str) -> dict[str, str]:
    """The safety database's report that says what the log says of an event."""
    return {k: v for k, v in event.items() if k != "arm"} | {"case": case} | changes


def test_another_event_of_the_preferred_term_is_not_in_the_safety_database() -> None:
    made = study([INFECTION, SHOCK], [report(INFECTION, "C-1")])
    assert found(made) == ([PAIRED, ONLY_HERE], [PAIRED])
    assert said(made) == ["the serious event is not in the safety database"]


@pytest.mark.parametrize("start", ["2024-03-04", "2024-03-05"])
def test_events_of_one_preferred_term_are_paired_each(start: str) -> None:
    shock = SHOCK | {"start": start}
    made = study([INFECTION, shock], [report(INFECTION, "C-1"), report(shock, "C-2")])
    assert not said(made)
    assert [(p[0], p[2]) for p in pairs(made)] == [
        ("Line infection", "C-1"),
        ("Septic shock", "C-2"),
    ]


def test_spells_of_one_grade_are_events_of_their_own() -> None:
    seizures = [EVENT | {"term": "Seizure", "grade": "3", "outcome": "RECOVERED", "start": day,
                         "end": day} for day in ("2024-03-04", "2024-03-05")]  # fmt: skip
    made = study(seizures, [report(seizures[1], "C-2"), report(seizures[0], "C-1")])
    assert not said(made)
    assert [(p[1][:10], p[2]) for p in pairs(made)] == [
        ("2024-03-04", "C-1"),
        ("2024-03-05", "C-2"),
    ]


@pytest.mark.parametrize("grade", ["4", ""])
def test_copies_are_one_event(grade: str) -> None:
    event = EVENT | {"grade": grade}
    made = study([event, event], [report(event, "C-1")])
    assert (found(made), said(made)) == (([PAIRED, PAIRED], [PAIRED]), [])
    alone = study([event, event], [REPORT | {"subject": "S9"}])
    assert found(alone)[0] == [ONLY_HERE, ONLY_HERE]


def test_rows_without_an_onset_are_no_copies() -> None:
    event = EVENT | {"start": ""}
    assert not said(study([event, event], [report(event, "C-1"), report(event, "C-2")]))


def test_rows_that_bear_one_number_of_the_log_are_one_event() -> None:
    event = EVENT | {"grade": "4", "episode": "1"}
    rows = [event | {"start": day} for day in ("2024-03-20", "2024-03-04", "")]
    made = study(rows, [REPORT | {"grade": "4"}])
    assert (found(made), said(made)) == (([PAIRED] * 3, [PAIRED]), [])


COURSE = [
    EVENT | {"grade": "3", "end": "2024-03-06", "outcome": "NOT RECOVERED", "sae_death": "N",
             "related": "NOT RELATED"},
    EVENT | {"grade": "5", "start": "2024-03-06", "end": "2024-03-09", "sae_death": "Y",
             "related": "POSSIBLY RELATED"},
]  # fmt: skip
WHOLE = report(COURSE[1], "C-1", start="2024-03-04")


@pytest.mark.parametrize("episodes", ["rows", "joined"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_course_of_an_event_is_compared_as_a_whole(episodes: str, turned: bool) -> None:
    made = study(COURSE[::-1] if turned else COURSE, [WHOLE], episodes=episodes)
    assert (found(made), said(made)) == (([PAIRED, PAIRED], [PAIRED]), [])


@pytest.mark.parametrize(
    ("first", "last", "report", "words"),
    [
        ({}, {}, {"grade": "3"}, "grade 5 here, 3 there"),
        ({}, {}, {"outcome": "NOT RECOVERED"},
         "outcome FATAL here, NOT RECOVERED/NOT RESOLVED there"),
        ({}, {}, {"start": "2024-03-06"}, "onset 2024-03-04 here, 2024-03-06 there"),
        ({}, {}, {"end": "2024-03-06"}, "end 2024-03-09 here, 2024-03-06 there"),
        ({}, {}, {"related": "NOT RELATED"},
         "relationship POSSIBLY RELATED here, NOT RELATED there"),
        ({"related": "DEFINITELY RELATED"}, {}, {"related": "NOT RELATED"},
         "relationship DEFINITELY RELATED here, NOT RELATED there"),
        ({"related": ""}, {"related": "NOT RELATED"}, {"related": "NOT RELATED"},
         "relationship blank here, NOT RELATED there"),
        ({"related": "NOT ASSESSABLE"}, {"related": ""}, {"related": "NOT ASSESSABLE"}, None),
        ({}, {}, {"sae_death": "N"}, "results in death yes here, no there"),
        ({"serious": "N"}, {}, {}, None),  # it became serious
        ({}, {"serious": "N"}, {}, None),
        ({}, {"serious": ""}, {"serious": "N"}, "serious yes here, no there"),
        ({"outcome": "FATAL"}, {"outcome": "UNKNOWN"}, {}, None),  # nobody recovers from that
        ({}, {"outcome": "RECOVERED"}, {"outcome": "RECOVERED"}, None),
        ({}, {"outcome": ""}, {"outcome": "NOT RECOVERED"},
         "outcome blank here, NOT RECOVERED/NOT RESOLVED there"),
        ({}, {"end": ""}, {"end": ""}, None),  # it goes on
        ({"end": ""}, {"start": "2024-03-04"}, {"end": ""}, None),
        ({"end": ""}, {"start": "2024-03-05"}, {}, None),  # a row that was not closed
        ({"end": "2024-03-20", "outcome": "RECOVERED"}, {"outcome": "UNKNOWN"},
         {"end": "2024-03-20", "outcome": "RECOVERED"}, None),  # the worst is in between
    ],
)  # fmt: skip
def test_what_rows_of_one_event_say_together(
    first: dict[str, str], last: dict[str, str], report: dict[str, str], words: str | None
) -> None:
    made = study([COURSE[0] | first, COURSE[1] | last], [WHOLE | report])
    assert pl.DataFrame(made.others["reports"])["sae_differs"].to_list() == [words]


def test_the_reported_term_goes_before_the_preferred_term() -> None:
    early = INFECTION | {"start": "2024-01-10", "end": "2024-01-12"}
    here = [SHOCK | {"start": "2024-03-04"}, early]
    reports = [report(early, "C-1", start=""), report(here[0], "C-2", start="")]
    made = study(here, reports)
    assert [(p[0], p[2]) for p in pairs(made)] == [
        ("Line infection", "C-1"),
        ("Septic shock", "C-2"),
    ]
    assert said(made) == [
        f"the safety database (case {case}), row {row}, differs: onset {day} here, blank there"
        for case, row, day in (("C-2", 2, "2024-03-04"), ("C-1", 1, "2024-01-10"))
    ]


def test_an_event_in_the_same_words_is_not_taken_for_another() -> None:
    def row(term: str, coded: str, *days: str) -> dict[str, str]:
        dates = dict(zip(("start", "end"), days, strict=False))
        return EVENT | {"term": term, "preferred_term": coded, "end": ""} | dates

    made = study(
        [row("Pneumonia", "Pneumonia", "2024-03-01", "2024-03-02"),
         row("Lung abscess", "Pneumonia", "2024-03-06", "2024-03-09")],
        [report(row("Pneumonia", "Pneumonia", "2024-03-05"), "C-1"),
         report(row("Lung abscess", "", "2024-03-07"), "C-2")],
    )  # fmt: skip
    assert [(p[0], p[2]) for p in pairs(made)] == [("Lung abscess", "C-2"), ("Pneumonia", "C-1")]


def test_the_days_between_all_onsets_are_the_least() -> None:
    """The nearest two, 13 and 11, would leave 8 and 16 to each other."""
    here = [EVENT | {"start": f"2024-03-{day}"} for day in ("08", "13")]
    reports = [REPORT | {"start": f"2024-03-{day}", "case": f"C-{day}"} for day in ("16", "11")]
    assert [p[2] for p in pairs(study(here, reports))] == ["C-11", "C-16"]


def test_where_onsets_are_unknown_the_rest_of_the_event_decides() -> None:
    here = [EVENT | {"start": ""}, EVENT | {"start": "", "outcome": "RECOVERED"}]
    assert not said(study(here, [report(here[1], "C-1"), report(here[0], "C-2")]))


def test_a_serious_report_goes_to_the_serious_event() -> None:
    here = [EVENT | {"serious": "N", "end": "2024-03-04"}, EVENT | {"start": "2024-03-08"}]
    assert found(study(here, [REPORT]))[0] == [None, PAIRED]
    reports = [REPORT | {"serious": "N", "start": "2024-03-08"}, REPORT | {"case": "C-2"}]
    made = study(here[1:], reports)
    assert found(made) == ([PAIRED], [None, PAIRED])
    coded = [here[0] | {"term": "Line infection"}, here[1] | {"term": "Septic shock"}]
    coded = [row | {"preferred_term": "Sepsis"} for row in coded]
    assert found(study(coded, [REPORT]))[0] == [None, PAIRED]


def test_the_reported_term_goes_before_what_is_serious() -> None:
    here = [SHOCK | {"serious": "N"}, INFECTION]
    made = study(here, [report(SHOCK, "C-1")])
    assert found(made)[0] == [PAIRED, ONLY_HERE]
    assert said(made) == [
        "the safety database (case C-1), row 1, differs: serious no here, yes there",
        "the serious event is not in the safety database",
    ]


def test_only_a_serious_event_is_taken_for_another_of_its_day() -> None:
    cough = EVENT | {"term": "Cough", "serious": "N"}
    assert found(study([cough], [REPORT])) == ([None], [ONLY_THERE])
    assert found(study([cough | {"serious": "Y"}], [REPORT])) == ([PAIRED], [PAIRED])


@pytest.mark.parametrize("turned", [False, True])
def test_of_reports_that_say_the_same_the_case_decides(turned: bool) -> None:
    reports = [REPORT, REPORT | {"case": "C-2"}]
    made = study([EVENT], reports[::-1] if turned else reports)
    assert [p[2] for p in pairs(made)] == ["C-1"]


TWICE = [
    EVENT | {"term": "Febrile neutropenia", "grade": "3", "outcome": "RECOVERED",
             "start": f"2024-0{month}-04", "end": f"2024-0{month}-06"}
    for month in (3, 5)
]  # fmt: skip


@pytest.mark.parametrize("fields", [("start", "end"), ("start",)])
def test_one_case_may_have_a_term_twice(fields: tuple[str, ...]) -> None:
    there = [
        {k: v for k, v in report(e, "C-1").items() if k != "end" or k in fields} for e in TWICE
    ]
    made = study(TWICE, there)
    assert (found(made), said(made)) == (([PAIRED, PAIRED], [PAIRED, PAIRED]), [])


def test_the_second_time_of_a_case_alone_is_found() -> None:
    made = study(TWICE[1:], [report(e, "C-1") for e in TWICE])
    assert found(made) == ([PAIRED], [ONLY_THERE, PAIRED])
    first, last = (report(e, "C-1") for e in TWICE)
    made = study(TWICE, [first, last, first | {"outcome": "UNKNOWN"}])
    assert found(made)[1] == [EARLIER, PAIRED, PAIRED]


@pytest.mark.parametrize(
    "days", ["03-04 03-09 03-06 03-12", "03-04 03-06 05-04", "03-04 03-06 05-04 05-06"]
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_is_certainly_another_time_is_no_version(days: str, turned: bool) -> None:
    dates = [f"2024-{day}" for day in days.split()] + [""]
    first, last = (EVENT | {"start": dates[i], "end": dates[i + 1]} for i in (0, 2))
    reports = [report(event, "C-1") for event in (first, last)]
    made = study([first], reports[::-1] if turned else reports)
    assert sorted(map(str, found(made)[1])) == [ONLY_THERE, PAIRED]


def test_a_blank_version_is_one_of_the_row_before_it() -> None:
    first, last = (report(e, "C-1") for e in TWICE)
    made = study(TWICE, [first, last, last | {"start": "", "end": ""}])
    assert found(made)[1] == [PAIRED, EARLIER, PAIRED]


def test_an_event_of_another_name_does_not_make_a_version_an_event() -> None:
    here = [EVENT, EVENT | {"term": "Cough", "start": "2024-03-05", "serious": "N"}]
    assert found(study(here, [REPORT | {"start": "2024-03-05"}, REPORT]))[1] == [EARLIER, PAIRED]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ({"end": ""}, {}), ({"start": ""}, {}), ({"start": "2024-03-05"}, {}),
        ({"start": "2024-03"}, {}), ({"end": "2024-03-07"}, {}), ({}, {"start": ""}),
    ],
)  # fmt: skip
def test_a_version_may_correct_the_onset_or_the_end(
    first: dict[str, str], last: dict[str, str]
) -> None:
    event = EVENT | {"end": "2024-03-09"}
    made = study([event], [report(event, "C-1", **first), report(event, "C-1", **last)])
    assert found(made) == ([PAIRED], [EARLIER, PAIRED])


def test_each_side_alone_is_found() -> None:
    others = [REPORT | {"subject": "S2"}, REPORT | {"subject": "S3", "serious": "N"}]
    made = study([EVENT, EVENT | {"subject": "S4", "serious": "N"}], others)
    assert found(made) == ([ONLY_HERE, None], [ONLY_THERE, None])
    severities = {f.rule: f.severity for f in check(made).findings if "XDS-36" in f.rule or
                  "XDS-54" in f.rule}  # fmt: skip
    assert severities == {"AE-XDS-36": Severity.WARNING, "AE-XDS-54": Severity.ERROR}


@pytest.mark.parametrize(
    ("event", "report", "severity"),
    [
        ({"sae_death": ""}, {"sae_death": "Y"}, Severity.ERROR),
        ({"sae_death": "N"}, {"sae_death": "Y"}, Severity.ERROR),
        ({"sae_death": "Y"}, {"sae_death": "N"}, Severity.WARNING),
        ({"serious": ""}, {}, Severity.ERROR),
        ({"serious": ""}, {"serious": "N"}, Severity.WARNING),
        ({"outcome": "UNKNOWN"}, {}, Severity.ERROR),
        ({}, {"outcome": "UNKNOWN"}, Severity.WARNING),
    ],
)  # fmt: skip
def test_a_difference_that_hides_a_death_or_a_serious_event_is_an_error(
    event: dict[str, str], report: dict[str, str], severity: Severity
) -> None:
    made = study([EVENT | event, EVENT | {"subject": "S2"}], [REPORT | report])
    hits = [f for f in check(made, only=["AE-XDS-36"]).findings if "differs" in f.message]
    assert [f.severity for f in hits] == [severity]


def test_an_identifier_written_otherwise_is_said_and_never_merged() -> None:
    made = study([EVENT | {"subject": "S-01"}], [REPORT | {"subject": "s1"}])
    assert found(made) == ([ONLY_HERE], [ONLY_THERE])
    said = [f.message for f in check(made, only=["AE-XDS-54"]).findings]
    assert said == [
        "case C-1, Sepsis: serious in the safety database, and not in the log; the log has a "
        "participant S-01"
    ]


def test_the_listing_shows_the_nearest_participant_of_a_report_the_log_lacks() -> None:
    made = study([EVENT | {"subject": "01-003"}], [REPORT | {"subject": "1-3"}])
    (listing,) = reconciled_listing(made)
    assert [(row[0], row[2], row[-1]) for row in listing.rows] == [
        ("01-003", "only here", None),
        ("1-3", "only there", "the nearest participant of the log is 01-003"),
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_of_events_as_near_to_a_report_the_order_decides_nothing(turned: bool) -> None:
    here = [EVENT | {"term": term, "start": ""} for term in ("Sepsis", "SEPSIS")]
    made = study(here[::-1] if turned else here, [REPORT])
    assert [p[0] for p in pairs(made)] == ["SEPSIS"]


def test_a_sum_of_first_costs_goes_before_any_sum_of_the_next() -> None:
    costs = {"aA": (0, 3), "bB": (0, 3), "aB": (1, 0), "bA": (0, 0)}
    shared = (lambda a: ["any"], lambda b: ["any"])
    made = paired("ab", "AB", [shared], lambda a, b: costs[a + b], str)
    assert sorted(made) == [("a", "A"), ("b", "B")]


DAYS = ["2024-03-04", "2024-03-05", "2024-03-06", "2024-03", "soon", ""]
TERMS = ["Sepsis", "SEPSIS", "Septic shock", "Cough", ""]
rows = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["S1", "S1", "S2", ""]),
        "term": st.sampled_from(TERMS),
        "preferred_term": st.sampled_from(["Sepsis", "Cough", ""]),
        "serious": st.sampled_from(["Y", "Y", "N", ""]),
        "grade": st.sampled_from(["3", "5", ""]),
        "outcome": st.sampled_from(["FATAL", "RECOVERED", ""]),
        "start": st.sampled_from(DAYS),
        "end": st.sampled_from(DAYS),
        "case": st.sampled_from(["C-1", "C-2", ""]),
    }
)


def made_of(events: list[dict[str, str]], reports: list[dict[str, str]]) -> Study:
    """A study of rows beside an event that both files know."""
    log = [{k: v for k, v in row.items() if k != "case"} for row in events]
    return study([SHOCK, *log], [report(SHOCK, "C-1"), *reports])


@examples(60)
@given(st.lists(rows, max_size=7), st.lists(rows, max_size=7))
def test_nothing_is_lost_or_paired_twice(
    events: list[dict[str, str]], reports: list[dict[str, str]]
) -> None:
    """Every serious event and report of somebody is in one pair, or known to one side alone."""
    made = made_of(events, reports)
    here, there = pl.DataFrame(made.events), pl.DataFrame(made.others["reports"])
    named = here.filter("is_event", pl.col("subject").is_not_null())
    assert not named.filter("serious", pl.col("sae_found").is_null()).height
    said = there.filter(pl.col("subject").is_not_null())
    assert not said.filter(pl.col("serious").is_not_null() & pl.col("serious"),
                           pl.col("sae_found").is_null()).height  # fmt: skip
    sides = [frame.filter(sae_found=PAIRED) for frame in (here, there)]
    assert set(sides[0]["sae_event"]) == set(sides[1]["sae_event"])
    assert sides[1]["sae_event"].is_unique().all()
    table = summarize(made, check(made, only=["AE-XDS-36"]), "reconciliation")
    totals = {r.key: r.cells[-1].events for r in table.rows if isinstance(r.cells[-1], Count)}
    assert totals.pop("sae_known") == sum(totals.values()) == len(table.listings[0].rows)


@examples(60)
@given(st.lists(rows, max_size=7), st.lists(rows, max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_pair(
    events: list[dict[str, str]], reports: list[dict[str, str]], random: Random
) -> None:
    """Of the versions of a case the last counts, so here each report has a case of its own."""
    reports = [row | {"case": f"C-{i}"} for i, row in enumerate(reports, 2)]
    turned = [random.sample(side, len(side)) for side in (events, reports)]
    before, after = made_of(events, reports), made_of(*turned)
    assert told(before) == told(after)
    assert pairs(before) == pairs(after)


@examples(200)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=5),
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=5),
)
def test_pairs_are_the_most_and_the_cheapest(
    here: list[tuple[str, int]], there: list[tuple[str, int]]
) -> None:
    """Against every way there is to pair two short lists."""

    def worth(pairs: Iterable[tuple[Any, Any]]) -> tuple[int, int, int]:
        good = [(a, b) for a, b in pairs if a[0] == b[0]]
        return (-len(good), *(sum(cost(a, b)[i] for a, b in good) for i in (0, 1)))

    def cost(a: tuple[str, int], b: tuple[str, int]) -> tuple[int, int]:
        return abs(a[1] - b[1]) // 3, (a[1] * b[1]) % 4

    if len(here) > len(there):
        here, there = there, here
    made = paired(here, there, [(lambda a: a[0], lambda b: b[0])], cost, str)
    assert worth(made) == min(
        worth(zip(here, way, strict=True)) for way in permutations(there, len(here))
    )


def test_the_table_and_its_accounts(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "log.csv", (
        ("subject", "group", "term", "serious", "start"),
        ("S1", "Low", "Sepsis", "Y", "2024-03-04"), ("S2", "High", "Cough", "N", "2024-03-04"),
        ("S3", "High", "Liver failure", "Y", "2024-03-04"),
    ))  # fmt: skip
    sae = write_csv(tmp_path / "sae.csv", (
        ("Case number", "Subject", "Term", "Onset date"),
        ("C-1", "S1", "Sepsis", "2024-03-05"), ("C-1", "S1", "Sepsis", "2024-03-04"),
        ("C-2", "S2", "Cough", "2024-03-04"), ("C-3", "S9", "Stroke", "2024-03-04"),
    ))  # fmt: skip
    page = ae("summarize", "by", "reconciliation", log, "--with", sae, "--format", "json").json
    numbers = {r["key"]: [c["events"] for c in r["cells"]] for r in page["rows"]}
    assert numbers == {
        "sae_known": [1, 2, 4], "sae_agrees": [1, 0, 1], "sae_differs": [0, 1, 1],
        "sae_only_here": [0, 1, 1], "sae_only_there": [0, 0, 1],
    }  # fmt: skip
    assert [row[-1] for row in page["listings"][0]["rows"] if "C-2" in row] == [
        "serious no here, yes there"  # every case of a listing without that column is serious
    ]
    said = "\n".join(page["footnotes"])
    assert "Log: 3 rows read = 2 in both + 1 only in the log." in said
    assert "Safety database: 4 rows read = 2 in both + 1 only in the safety database + 1" in said


def test_without_a_safety_database_there_is_no_such_table() -> None:
    made = study_of([EVENT])
    with pytest.raises(InputError, match="listing of the safety database"):
        summarize(made, check(made), "reconciliation")


@pytest.mark.parametrize(("serious", "said"), [("N", "no"), ("", "blank"), ("Y", None)])
def test_a_listing_that_does_not_say_so_is_of_serious_events(
    serious: str, said: str | None
) -> None:
    event = {"subject": "S1", "term": "Nausea", "start": "2024-03-04", "serious": serious}
    report = {"case": "C-1", "subject": "S1", "term": "Nausea", "start": "2024-03-04"}
    found = check(study_of([event], others={"reports": [report]}), only=["AE-XDS-36"]).findings
    assert [f.severity for f in found] == ([Severity.ERROR] if said else [])
    assert all(f"serious {said} here, yes there" in f.message for f in found)
