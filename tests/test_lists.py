"""Lists of events one by one: who is in them, in which order, and that no death is lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, write_csv

SAMPLE = Path(__file__).parents[1] / "samples" / "hucmsc" / "events.xlsx"
HEADER = ("Subject", "AE term", "Grade", "Serious", "Start date", "DLT", "Action taken", "Group")
ROWS = (
    ("002", "Rash", "1", "N", "2024-03-09", "N", "Drug withdrawn", "Low"),
    ("001", "Sepsis", "4", "Y", "2024-04-01", "Y", "Dose not changed", "Low"),
    ("001", "Nausea", "2", "N", "2024-03-04", "N", "Dose not changed", "Low"),
    ("002", "none", "", "", "", "", "", "Low"),
)


def listed(ae: Run, *words: object) -> list[dict[str, Any]]:
    ran = ae("list", *words, "--format", "csv")
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("events", ["Nausea", "Sepsis", "Rash"]),
        ("serious", ["Sepsis"]),
        ("dlt", ["Sepsis"]),
        ("discontinuations", ["Rash"]),
        ("deaths", []),
    ],
)
def test_who_is_in_a_list_by_participant_and_date(
    ae: Run, tmp_path: Path, kind: str, terms: list[str]
) -> None:
    log = write_csv(tmp_path / "ae.csv", (HEADER, *ROWS))
    assert [row["Adverse event"] for row in listed(ae, kind, log)] == terms


def test_every_death_is_in_the_list_of_deaths(ae: Run) -> None:
    """Five participants of the sample died; the log has a fatal event of one of them."""
    rows = listed(ae, "deaths", SAMPLE)
    assert [(row["Participant"], row["Date of death"]) for row in rows] == [
        ("HUC-003", "2022-11-30"), ("HUC-007", "2023-03-15"), ("HUC-010", "2023-04-08"),
        ("HUC-014", "2023-07-26"), ("HUC-021", "2024-05-06"),
    ]  # fmt: skip
    page = ae("list", "deaths", SAMPLE).out
    assert all(f"HUC-{n}" in page for n in ("003", "007", "010", "014", "021"))


def test_the_study_day_of_the_onset(ae: Run) -> None:
    """HUC-003 had the first dose on 2022-09-30, day 1."""
    first = listed(ae, "serious", SAMPLE)[0]
    assert (first["Start"], first["Study day"]) == ("2022-10-23", "24")


def test_a_list_of_what_was_not_collected_is_an_error(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [row[:3] for row in (HEADER, *ROWS)])
    ran = ae("list", "serious", log)
    assert ran.code == 2 and "has no column for Serious" in ran.err
    assert ae("list", "everything", log).code == 2


def test_the_list_has_as_many_as_the_table(ae: Run) -> None:
    table = ae("summarize", "by", "group", SAMPLE, "--format", "json").json
    events = {row["key"]: row["cells"][-1]["events"] for row in table["rows"]
              if row["key"] in ("events", "events_serious")}  # fmt: skip
    assert events["events_serious"] == len(listed(ae, "serious", SAMPLE))
    assert events["events"] == sum(row["Counted"] == "yes" for row in listed(ae, "events", SAMPLE))
