"""Exports of REDCap: several forms in a file, several events in a row, codes by a dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Rows, Run, write_csv

DICTIONARY = (
    ("field_name", "form_name", "field_type", "field_label", "select_choices_or_calculations"),
    ("record_id", "baseline", "text", "Record", ""),
    ("treatment_arm", "baseline", "radio", "Dose group", "1, Low | 2, High"),
    ("ae_term", "adverse_events", "text", "Adverse event", ""),
    ("ae_grade", "adverse_events", "dropdown", "Grade", "1, Grade 1 | 2, Grade 2 | 3, Grade 3"),
    ("ae_severity", "adverse_events", "yesno", "Is this event serious?", ""),
    ("ae_related", "adverse_events", "radio", "Related", "1, Related | 2, Possible | 3, Unrelated"),
    ("ae_why", "adverse_events", "checkbox", "Why serious",
     "1, Results in death | 2, Hospitalisation"),
)  # fmt: skip
CLEAN = (
    ("Subject ID", "Adverse event", "Grade", "Serious", "Related", "Results in death",
     "Hospitalisation"),
    ("1", "Nausea", "1", "N", "Possible", "", ""),
    ("1", "Rash", "2", "N", "Related", "", ""),
    ("3", "Sepsis", "3", "Y", "Unrelated", "N", "Y"),
)  # fmt: skip
PEOPLE = (("Subject ID", "Dose group"), ("1", "Low"), ("2", "High"), ("3", "High"))
REPEATED = (
    ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
     "treatment_arm", "weight", "ae_term", "ae_grade", "ae_severity", "ae_related", "ae_why___1",
     "ae_why___2"),
    ("1", "baseline", "", "", "Low", "60", "", "", "", "", "", ""),
    ("1", "baseline", "adverse_events", "1", "", "", "Nausea", "1", "0", "2", "", ""),
    ("1", "baseline", "adverse_events", "2", "", "", "Rash", "2", "0", "1", "", ""),
    ("1", "visit_2", "", "", "", "61", "", "", "", "", "", ""),
    ("2", "baseline", "", "", "High", "70", "", "", "", "", "", ""),
    ("3", "baseline", "", "", "High", "80", "", "", "", "", "", ""),
    ("3", "visit_2", "adverse_events", "1", "", "", "Sepsis", "3", "1", "3", "0", "1"),
)  # fmt: skip
WIDE = (
    ("record_id", "ae_1_term", "ae_1_grade", "ae_1_serious", "ae_1_related", "ae_2_term",
     "ae_2_grade", "ae_2_serious", "ae_2_related"),
    ("1", "Nausea", "1", "N", "Possible", "Rash", "2", "N", "Related"),
    ("2", "", "", "", "", "", "", "", ""),
    ("3", "Sepsis", "3", "Y", "Unrelated", "", "", "", ""),
)  # fmt: skip


def table(ae: Run, *words: object) -> dict[str, Any]:
    page = ae("summarize", *words, "--format", "json").json
    return {row["key"]: row["cells"] for row in page["rows"]}


def clean(ae: Run, folder: Path, events: Rows = CLEAN) -> dict[str, Any]:
    people = write_csv(folder / "people.csv", PEOPLE)
    return table(ae, write_csv(folder / "clean.csv", events), "--subjects", people)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    write_csv(tmp_path / "dictionary.csv", DICTIONARY)
    text = '[files]\nredcap_dictionary = "dictionary.csv"\n'
    (tmp_path / "study.toml").write_text(text, "utf-8")
    return write_csv(tmp_path / "export.csv", REPEATED)


def test_repeating_forms_are_events_and_participants(ae: Run, tmp_path: Path, export: Path) -> None:
    assert table(ae, export) == clean(ae, tmp_path)
    report = ae("validate", export, "--format", "json").json
    assert [(f["role"], f["rows_read"]) for f in report["files"]] == [
        ("events", 3), ("participants", 3),
    ]  # fmt: skip
    notes = [note for file in report["files"] for note in file["notes"]]
    assert "3 of 7 rows are of the form adverse_events" in notes
    assert (
        "4 rows of visits are 3 participants; not read, as visits differ in them: weight" in notes
    )
    rows = [f["row"] for f in report["findings"] if f["rule"] == "AE-XDS-19"]
    assert rows == [6]  # participant 2, in the line of the export


def test_codes_are_those_of_the_dictionary(ae: Run, export: Path) -> None:
    """A field called severity that asks whether the event is serious is told by its label."""
    said = ae("columns", export).out
    assert "Is this event serious? [ae_severity]" in said
    assert "0 = N (2), 1 = Y (1)" in said
    assert "Hospitalisation [ae_why___2]" in said


def test_a_code_nobody_understands_says_what_it_stands_for(
    ae: Run, tmp_path: Path, export: Path
) -> None:
    odd = tuple((*row[:4], row[4].replace("3, Unrelated", "3, Ask Bob")) for row in DICTIONARY)
    write_csv(tmp_path / "dictionary.csv", odd)
    (finding,) = [f for f in ae("validate", export, "--format", "json").json["findings"]
                  if f["rule"] == "AE-COD-14"]  # fmt: skip
    assert finding["values"] == ["3"] and "it stands for 'Ask Bob'" in finding["message"]


def test_several_events_in_a_row_are_several_records(ae: Run, tmp_path: Path) -> None:
    wide = write_csv(tmp_path / "wide.csv", WIDE)
    write_csv(tmp_path / "dictionary.csv", DICTIONARY)
    text = '[files]\nredcap_dictionary = "dictionary.csv"\n'
    (tmp_path / "study.toml").write_text(text, "utf-8")
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    short = tuple(row[:5] for row in CLEAN)
    assert table(ae, wide, "--subjects", people) == clean(ae, tmp_path, short)
    report = ae("validate", wide, "--subjects", people, "--format", "json").json
    assert report["files"][0]["rows_read"] == 4 and report["files"][0]["rows_used"] == 3
    assert [e["row"] for e in report["excluded"]] == [3]
    assert any("3 rows are 4 records" in note for note in report["files"][0]["notes"])


@pytest.mark.parametrize("header", [("dose_1_date", "dose_2_date"), ("lab_1_name", "lab_2_name")])
def test_other_numbered_columns_stay_where_they_are(
    ae: Run, tmp_path: Path, header: tuple[str, str]
) -> None:
    rows = (("Subject ID", "Adverse event", *header), ("1", "Rash", "2024-01-01", "2024-02-01"))
    log = write_csv(tmp_path / "ae.csv", rows)
    assert ae("validate", log, "--format", "json").json["files"][0]["rows_read"] == 1


def test_a_dictionary_that_is_none(ae: Run, tmp_path: Path, export: Path) -> None:
    write_csv(tmp_path / "dictionary.csv", (("a", "b"), ("1", "2")))
    ran = ae("validate", export)
    assert ran.code == 2 and "is not a data dictionary of REDCap" in ran.err
