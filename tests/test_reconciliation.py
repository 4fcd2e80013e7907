"""Serious events of the log and of the safety database, against pairs made by hand."""

from __future__ import annotations

from pathlib import Path
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
from ae_cli.rules import check
from ae_cli.rules.records import study_of
from ae_cli.study import Study
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


def test_each_side_alone_is_found() -> None:
    others = [REPORT | {"subject": "S2"}, REPORT | {"subject": "S3", "serious": "N"}]
    made = study([EVENT, EVENT | {"subject": "S4", "serious": "N"}], others)
    assert found(made) == ([ONLY_HERE, None], [ONLY_THERE, None])
    severities = {f.rule: f.severity for f in check(made).findings if "XDS-36" in f.rule or
                  "XDS-54" in f.rule}  # fmt: skip
    assert severities == {"AE-XDS-36": Severity.WARNING, "AE-XDS-54": Severity.ERROR}


def test_an_identifier_written_otherwise_is_said_and_never_merged() -> None:
    made = study([EVENT | {"subject": "S-01"}], [REPORT | {"subject": "s1"}])
    assert found(made) == ([ONLY_HERE], [ONLY_THERE])
    said = [f.message for f in check(made, only=["AE-XDS-54"]).findings]
    assert said == [
        "case C-1, Sepsis: serious in the safety database, and not in the log; the log has a "
        "participant S-01"
    ]


rows = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["S1", "S2", ""]),
        "term": st.sampled_from(["Sepsis", "SEPSIS", "Cough", ""]),
        "serious": st.sampled_from(["Y", "Y", "N", ""]),
        "start": st.sampled_from(["2024-03-04", "2024-03-05", "2024-03", "soon", ""]),
        "case": st.sampled_from(["C-1", "C-2", ""]),
    }
)


@examples(60)
@given(st.lists(rows, min_size=1, max_size=7), st.lists(rows, min_size=1, max_size=7))
def test_nothing_is_lost_or_paired_twice(
    events: list[dict[str, str]], reports: list[dict[str, str]]
) -> None:
    """Every serious event and report of somebody is in one pair, or known to one side alone."""
    log = [{k: v for k, v in row.items() if k != "case"} for row in events]
    if not any(any(row.values()) for row in log) or not any(any(r.values()) for r in reports):
        return
    made = study(log, reports)
    here, there = pl.DataFrame(made.events), pl.DataFrame(made.others["reports"])
    named = here.filter("is_event", pl.col("subject").is_not_null())
    assert not named.filter("serious", pl.col("sae_found").is_null()).height
    said = there.filter(pl.col("subject").is_not_null())
    assert not said.filter(pl.col("serious").is_not_null() & pl.col("serious"),
                           pl.col("sae_found").is_null()).height  # fmt: skip
    paired = here.filter(pl.col("sae_found") == PAIRED)
    assert paired["touching"].n_unique() == there.filter(pl.col("sae_found") == PAIRED).height
    by_report = paired.group_by("subject", "sae_beside").agg(pl.col("touching").n_unique())
    assert by_report["touching"].to_list() == [1] * by_report.height
    table = summarize(made, check(made, only=["AE-XDS-36"]), "reconciliation")
    totals = {r.key: r.cells[-1].events for r in table.rows if isinstance(r.cells[-1], Count)}
    assert totals.pop("sae_known") == sum(totals.values()) == len(table.listings[0].rows)


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
        "sae_known": [1, 2, 4], "sae_agrees": [1, 1, 2], "sae_differs": [0, 0, 0],
        "sae_only_here": [0, 1, 1], "sae_only_there": [0, 0, 1],
    }  # fmt: skip
    said = "\n".join(page["footnotes"])
    assert "Log: 3 rows read = 2 in both + 1 only in the log." in said
    assert "Safety database: 4 rows read = 2 in both + 1 only in the safety database + 1" in said


def test_without_a_safety_database_there_is_no_such_table() -> None:
    made = study_of([EVENT])
    with pytest.raises(InputError, match="listing of the safety database"):
        summarize(made, check(made), "reconciliation")
