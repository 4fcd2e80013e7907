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


def convert(ae: Run, log: Path, *words: object) -> list[str]:
    """The events, as understood, as lines of CSV."""
    out = log.with_name("converted.csv")
    assert ae("convert", log, *words, "-o", out, "--force").code == 0
    return out.read_text("utf-8-sig").splitlines()


def test_codes_of_grades_and_of_texts_are_read_too(ae: Run, tmp_path: Path) -> None:
    """Where a dictionary begins to count at 0, every grade would be one too low."""
    write_csv(tmp_path / "dictionary.csv", (
        DICTIONARY[0],
        ("record_id", "f", "text", "Record", ""),
        ("ae_term", "f", "dropdown", "Adverse event", "1, Nausea | 2, Rash"),
        ("ae_grade", "f", "radio", "Grade", "0, Grade 1 | 1, Grade 2 | 2, Grade 3"),
    ))  # fmt: skip
    log = write_csv(tmp_path / "export.csv", (
        ("record_id", "redcap_event_name", "ae_term", "ae_grade"),
        ("S1", "a", "2", "1"), ("S2", "a", "1", "2"),
    ))  # fmt: skip
    words = ("--redcap-dictionary", tmp_path / "dictionary.csv")
    assert convert(ae, log, *words)[1:] == ["S1,Rash,2", "S2,Nausea,3"]


def test_numbered_columns_keep_their_names_under_a_dictionary(ae: Run, tmp_path: Path) -> None:
    labels = (("1", "Adverse event", "Grade"), ("2", "Second adverse event", "Second grade"))
    rows = [(f"ae_{n}_{what}", "f", "text", label, "") for n, *two in labels
            for what, label in zip(("term", "grade"), two, strict=True)]  # fmt: skip
    write_csv(tmp_path / "dictionary.csv", (DICTIONARY[0], DICTIONARY[1], *rows))
    log = write_csv(tmp_path / "wide.csv", (
        ("record_id", "arm", "ae_1_term", "ae_1_grade", "ae_2_term", "ae_2_grade"),
        ("S1", "Low", "Nausea", "1", "Rash", "3"), ("S2", "High", "Pain", "2", "", ""),
    ))  # fmt: skip
    words = ("--redcap-dictionary", tmp_path / "dictionary.csv")
    assert len(convert(ae, log, *words)) == 4


def test_codes_that_differ_by_number_are_refused(ae: Run, tmp_path: Path) -> None:
    codes = ("1, Yes | 0, No", "1, No | 0, Yes")
    rows = [(f"ae_{n}_serious", "f", "radio", "Serious", text) for n, text in enumerate(codes, 1)]
    write_csv(tmp_path / "dictionary.csv", (DICTIONARY[0], DICTIONARY[1], *rows))
    log = write_csv(tmp_path / "wide.csv", (
        ("record_id", "ae_1_term", "ae_1_serious", "ae_2_term", "ae_2_serious"),
        ("S1", "Nausea", "1", "Rash", "1"),
    ))  # fmt: skip
    ran = ae("validate", log, "--redcap-dictionary", tmp_path / "dictionary.csv")
    assert ran.code == 2 and "the codes of ae_serious are not the same" in ran.err


def test_events_at_visits_are_not_made_one(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "export.csv", (
        ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
         "arm", "ae_term", "ae_grade", "cm_name"),
        ("S1", "bl", "", "", "Low", "", "", ""),
        ("S1", "ae_visit", "", "1", "", "Nausea", "1", ""),
        ("S1", "ae_visit", "", "2", "", "Nausea", "2", ""),
        ("S2", "bl", "", "", "High", "", "", ""),
        ("S2", "ae_visit", "", "1", "", "Rash", "2", ""),
        ("S2", "v1", "conmed", "1", "", "", "", "Aspirin"),
    ))  # fmt: skip
    report = ae("validate", log, "--format", "json").json
    assert [(f["role"], f["rows_read"]) for f in report["files"]] == [
        ("events", 3), ("participants", 2),
    ]  # fmt: skip
    assert table(ae, log)["events"][-1]["events"] == 3


def test_the_record_may_stand_in_any_column(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "export.csv", (
        ("site", "subject", "redcap_event_name", "redcap_repeat_instrument",
         "redcap_repeat_instance", "arm", "ae_term", "ae_grade"),
        ("A", "1", "bl", "", "", "Low", "", ""), ("A", "2", "bl", "", "", "High", "", ""),
        ("A", "3", "bl", "", "", "High", "", ""), ("A", "1", "v1", "ae", "1", "", "Rash", "1"),
        ("A", "2", "v1", "ae", "1", "", "Pain", "2"),
    ))  # fmt: skip
    report = ae("validate", log, "--format", "json").json
    assert [(f["role"], f["rows_read"]) for f in report["files"]] == [
        ("events", 2), ("participants", 3),
    ]  # fmt: skip


def test_identifiers_keep_the_zeros_a_workbook_shows(ae: Run, tmp_path: Path) -> None:
    """Also where columns stand elsewhere once the events are one below the other."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("ae_1_grade", "ae_1_term", "ae_2_grade", "ae_2_term", "Subject ID"),
                (1, "Rash", 2, "Pain", 7), (2, "Cough", None, None, 8)):  # fmt: skip
        sheet.append(row)
    for row in (2, 3):
        sheet.cell(row, 1).number_format = "00"
        sheet.cell(row, 5).number_format = "000"
    book.save(tmp_path / "wide.xlsx")
    lines = convert(ae, tmp_path / "wide.xlsx")
    assert {line.split(",")[0] for line in lines[1:]} == {"007", "008"}
    repeated = openpyxl.Workbook()
    for row in (("record_id", "redcap_repeat_instrument", "redcap_repeat_instance", "ae_term"),
                (7, None, None, None), (7, "adverse_events", 1, "Rash")):  # fmt: skip
        repeated.active.append(row)
    repeated.active["A3"].number_format = "000"
    repeated.save(tmp_path / "repeated.xlsx")
    assert convert(ae, tmp_path / "repeated.xlsx")[1].startswith("007,")


def test_nobody_had_an_event_yet(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "export.csv", (
        ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
         "arm", "ae_term", "ae_grade", "cm_name"),
        ("S1", "bl", "", "", "Low", "", "", ""), ("S2", "bl", "", "", "High", "", "", ""),
        ("S2", "v1", "conmed", "1", "", "", "", "Aspirin"),
    ))  # fmt: skip
    found = table(ae, log)
    assert [cell["n"] for cell in found["no_ae"]] == [1, 1, 2]


LABELLED = (
    ("Record ID", "Event Name", "Repeat Instrument", "Repeat Instance", "Dose group", "Weight",
     "Adverse event", "Grade", "Serious?", "Related", "Why serious (choice=Results in death)",
     "Why serious (choice=Hospitalisation)"),
    ("1", "Baseline", "", "", "Low", "60", "", "", "", "", "", ""),
    ("1", "Baseline", "Adverse events", "1", "", "", "Nausea", "Grade 1", "No", "Possible",
     "Unchecked", "Unchecked"),
    ("1", "Baseline", "Adverse events", "2", "", "", "Rash", "Grade 2", "No", "Related",
     "Unchecked", "Unchecked"),
    ("1", "Visit 2", "", "", "", "61", "", "", "", "", "", ""),
    ("2", "Baseline", "", "", "High", "70", "", "", "", "", "", ""),
    ("3", "Baseline", "", "", "High", "80", "", "", "", "", "", ""),
    ("3", "Visit 2", "Adverse events", "1", "", "", "Sepsis", "Grade 3", "Yes", "Unrelated",
     "Unchecked", "Checked"),
)  # fmt: skip


def test_an_export_with_labels_is_one_with_names(ae: Run, tmp_path: Path) -> None:
    export = write_csv(tmp_path / "labels.csv", LABELLED)
    assert table(ae, export) == clean(ae, tmp_path)


def test_a_box_of_a_long_question_is_known_by_its_choice(ae: Run, tmp_path: Path) -> None:
    longer = {
        "Why serious (choice=Results in death)": "Why (all that apply) (choice=Death (fatal))",
        "Why serious (choice=Hospitalisation)": "Why (all that apply) (choice=Hospitalization)",
    }  # fmt: skip
    rows = [tuple(longer.get(cell, cell) for cell in row) for row in LABELLED]
    assert table(ae, write_csv(tmp_path / "labels.csv", rows)) == clean(ae, tmp_path)


def test_a_dictionary_in_another_encoding_is_read_or_asked_about(ae: Run, tmp_path: Path) -> None:
    words = {
        "Related": "相关",
        "Possible": "可能相关",
        "Unrelated": "无关",
        "Dose group": "剂量组别",
    }
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in DICTIONARY)
    for english, chinese in words.items():
        text = text.replace(english, chinese)
    export = write_csv(tmp_path / "export.csv", REPEATED)
    dictionary = tmp_path / "dictionary.csv"
    said = []
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        dictionary.write_bytes(text.encode(encoding))
        told = ("--redcap-dictionary", dictionary, "--encoding", "gb18030", "--format", "json")
        said.append(ae("columns", export, *told).json["files"][0]["notes"])
    assert said[0] == said[1] == said[2]
    assert any("2 = POSSIBLY RELATED" in note for note in said[0])
