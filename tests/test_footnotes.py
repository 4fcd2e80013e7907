"""What a table says of the choices behind its numbers, where a golden does not show it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conftest import Rows, Run, write_csv

LOG = (
    ("USUBJID", "AETERM", "AETOXGR", "AESER", "AEACN", "AESTDTC"),
    ("01", "Nausea", "2", "N", "", "2024-03-04"),
    ("02", "Headache", "1", "N", "", "2024-03-05"),
)
PEOPLE = (
    ("USUBJID", "ARM", "SAFFL", "RFSTDTC"),
    ("01", "Low", "Y", "2024-03-01"),
    ("02", "Low", "Y", "2024-03-01"),
    ("03", "High", "N", "2024-03-01"),
)


def page(ae: Run, folder: Path, log: Rows = LOG, people: Rows = PEOPLE) -> dict[str, Any]:
    """The table as JSON: its cells by row, and its footnotes in one text."""
    files = [write_csv(folder / f"{name}.csv", rows) for name, rows in
             (("log", log), ("people", people))]  # fmt: skip
    found = ae("summarize", files[0], "--subjects", files[1], "--format", "json").json
    rows = {row["key"]: row["cells"] for row in found["rows"]}
    return rows | {"said": "\n".join(found["footnotes"])}


def test_a_column_of_blanks_is_no_answer(ae: Run, tmp_path: Path) -> None:
    """Nothing says that no dose was reduced. One answer, and the others are counted."""
    found = page(ae, tmp_path)
    assert {cell["status"] for cell in found["dose_reduced"]} == {"not collected"}
    assert (
        "Blank for every event that is counted, and so not collected: action taken."
        in found["said"]
    )
    answered = (*LOG[:2], (*LOG[2][:4], "DOSE NOT CHANGED", LOG[2][5]))
    found = page(ae, tmp_path, answered)
    assert [cell["n"] for cell in found["dose_reduced"]] == [0, 0]
    assert "Blank for every event" not in found["said"]


def test_blank_answers_are_counted_as_such(ae: Run, tmp_path: Path) -> None:
    unanswered = (LOG[0], *((*row[:3], "", *row[4:]) for row in LOG[1:]))
    found = page(ae, tmp_path, unanswered)
    assert {cell["status"] for cell in found["any_sae"]} == {"not collected"}
    assert [cell["events"] for cell in found["seriousness_missing"]] == [2, 2]


def test_blank_grades_are_no_zeros(ae: Run, tmp_path: Path) -> None:
    """Nor is a fatal event ruled out by columns that nobody filled in."""
    rows = (("Subject ID", "Adverse event", "Grade", "Outcome", "Results in death"),
            ("01", "Nausea", "", "", ""), ("02", "Rash", "", "", ""))  # fmt: skip
    found = page(ae, tmp_path, rows)
    none = {"worst_grade_3_plus", "any_grade_1_2", "events_grade_1", "fatal_ae"}
    assert {key for key in none if found[key][0]["status"] != "not collected"} == set()
    assert found["events_ungraded"][0]["events"] == 2
    assert found["worst_grade_ungraded"][0]["n"] == 2


def test_a_reference_date_is_not_quite_a_first_dose(ae: Run, tmp_path: Path) -> None:
    """It stands for one where there is nothing better, is named, and accuses no safety flag."""
    assert "First dose: RFSTDTC, the reference date of SDTM." in page(ae, tmp_path)["said"]
    words = (tmp_path / "log.csv", "--subjects", tmp_path / "people.csv", "--format", "json")
    outcomes = {r["id"]: r["outcome"] for r in ae("validate", *words).json["rules"]}
    assert outcomes["AE-XDS-42"] == "not checked"
    dosed = ((*PEOPLE[0][:3], "RFXSTDTC"), *PEOPLE[1:])
    assert "RFSTDTC" not in page(ae, tmp_path, people=dosed)["said"]
    outcomes = {r["id"]: r["outcome"] for r in ae("validate", *words).json["rules"]}
    assert outcomes["AE-XDS-42"] == "findings"
