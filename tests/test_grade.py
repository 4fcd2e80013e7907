"""`ae-cli grade`: what goes in comes out, with the grades beside it; nothing else is touched."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from conftest import Run, write_csv, write_xlsx
from openpyxl import load_workbook

HEADER = ("Participant", "Visit", "Test", "Value", "Unit", "Lower limit", "Upper limit", "Comment")
LABS = (
    HEADER,
    ("001", "Day 1", "ALT", "250", "U/L", "7", "40", "haemolysed?"),
    ("001", "Day 1", "Potassium", "3.2", "mmol/L", "3.5", "5.1", ""),
    ("002", "Day 1", "PTA", "40", "%", "70", "120", ""),
    ("002", "Day 1", "Platelets", "", "10^9/L", "150", "400", "=1+1"),
)
ADDED = ["graded_term", "grade", "criterion", "note"]


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "labs.csv", LABS)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_keeps_columns_rows_and_order(ae: Run, labs: Path) -> None:
    ran = ae("grade", labs, "--format", "csv")
    rows = read(ran.out)
    assert ran.code == 0
    assert list(rows[0]) == [*HEADER, *ADDED]
    assert [(r["Participant"], r["graded_term"], r["grade"]) for r in rows] == [
        ("001", "Alanine aminotransferase increased", "3"),
        ("001", "Hypokalemia", "2"),
        ("001", "Hyperkalemia", "0"),
        ("002", "", ""),
        ("002", "Platelet count decreased", ""),
    ]
    assert rows[0]["criterion"] == "> 5 x ULN to 20 x ULN"
    assert rows[3]["note"].startswith("not gradable: prothrombin activity")
    assert rows[4]["note"] == "not gradable: no result"
    assert rows[4]["Comment"] == "'=1+1"


def test_a_term_column_restricts_each_row(ae: Run, tmp_path: Path) -> None:
    rows = (
        ("USUBJID", "term", "value", "unit", "lower limit", "upper limit", "baseline indicator"),
        ("1", "Hypokalaemia", "3.2", "mmol/L", "3.5", "5.1", ""),
        ("1", "ALANINE AMINOTRANSFERASE INCREASED", "250", "", "7", "40", "NORMAL"),
        ("1", "Nausea", "2", "", "", "", ""),
    )
    out = read(ae("grade", write_csv(tmp_path / "l.csv", rows), "--format", "csv").out)
    assert [(r["graded_term"], r["grade"]) for r in out] == [
        ("Hypokalemia", "2"),
        ("Alanine aminotransferase increased", "3"),
        ("", ""),
    ]
    assert [r["note"] for r in out][1:] == [
        "",
        "not gradable: CTCAE 5.0 has no laboratory grades for this term",
    ]


def test_json(ae: Run, labs: Path) -> None:
    page = ae("grade", labs, "--ctcae", "6.0", "--format", "json").json
    assert (page["schema"], page["command"], page["ctcae"]) == (1, "grade", "6.0")
    assert [row["grade"] for row in page["rows"]] == [3, 2, 0, None, None]
    assert page["rows"][4]["Comment"] == "=1+1"
    counts = page["counts"]
    assert counts["results"] == 4 and counts["rows"] == 5
    assert counts["graded"] + counts["not_gradable"] == counts["rows"]
    told = sum(sum(t["results"].values()) + sum(t["reasons"].values()) for t in counts["terms"])
    assert told + sum(counts["reasons"].values()) == counts["rows"]
    assert page["files"][0]["rows"] == 4 and len(page["files"][0]["sha256"]) == 64


def test_the_table_shows_grades_and_counts_the_rest(ae: Run, labs: Path) -> None:
    out = ae("grade", labs).out
    assert "Laboratory results of grade 3 or 4 (CTCAE 5.0): 1" in out
    assert "4 results read, 5 rows of result and term:\n  3 graded, 2 not gradable" in out
    assert "not gradable, Platelet count decreased: no result (1)" in out


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_a_file_is_written_and_not_over_another(
    ae: Run, labs: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"out{suffix}"
    assert ae("grade", labs, "-o", path).code == 0
    first = path.read_bytes()
    assert ae("grade", labs, "-o", path).code == 2
    assert path.read_bytes() == first
    assert ae("grade", labs, "-o", path, "--force").code == 0
    if suffix == ".xlsx":
        rows = list(load_workbook(path).active.iter_rows(values_only=True))
        assert rows[0] == (*HEADER, *ADDED) and len(rows) == 6
        assert rows[5][7] == "=1+1" and load_workbook(path).active.cell(6, 8).data_type != "f"


def test_an_input_is_never_overwritten(ae: Run, labs: Path) -> None:
    before = labs.read_bytes()
    ran = ae("grade", labs, "-o", labs, "--force")
    assert ran.code == 2 and "is an input of this run" in ran.err
    assert labs.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "xlsx"), "cannot be shown on the screen"),
        (("--format", "csv", "-o", "x.json"), "does not end in .csv"),
        (("-o", "x.pdf"), "is not known"),
        (("--ctcae", "3.0"), "CTCAE version '3.0' is not known"),
    ],
)
def test_what_does_not_go_together_is_refused(
    ae: Run, labs: Path, words: tuple[str, ...], said: str
) -> None:
    ran = ae("grade", labs, *words)
    assert ran.code == 2 and said in ran.err


def test_hostile_text_is_shown_and_not_run(ae: Run, tmp_path: Path) -> None:
    rows = [
        ("Participant", "Test", "Value", "Unit", "Upper limit", "=HYPERLINK(1)"),
        ("\x1b[31m1", "ALT", "900\x07", "U/L", "40", "@x"),
        ("\x1b[31m1", "ALT", "900", "U/L", "40", "@x"),
    ]
    path = write_csv(tmp_path / "l.csv", rows)
    ran = ae("grade", path)
    assert "\x1b" not in ran.out + ran.err and "\x07" not in ran.out
    out = ae("grade", path, "--format", "csv").out
    assert "'=HYPERLINK(1)" in out and "'@x" in out


def test_a_column_of_ours_that_is_there_already_keeps_its_name(ae: Run, tmp_path: Path) -> None:
    head = ("Participant", "Test", "Value", "Upper limit", "grade")
    rows = (head, ("1", "ALT", "900", "40", "?"))
    (out,) = read(ae("grade", write_csv(tmp_path / "l.csv", rows), "--format", "csv").out)
    assert (out["grade"], out["grade_ctcae"]) == ("?", "4")


def test_study_toml_names_files_columns_and_version(ae: Run, labs: Path, tmp_path: Path) -> None:
    head = ("Participant", "What", "Value", "Unit", "Upper limit")
    rows = (head, ("1", "ANC", "0.8", "10^9/L", "7"))
    write_csv(tmp_path / "other.csv", rows)
    (tmp_path / "study.toml").write_text(
        'ctcae = "6.0"\n[files]\nlabs = "other.csv"\n[columns.labs]\ntest = "What"\n', "utf-8"
    )
    page = ae("grade", "--study", tmp_path / "study.toml", "--format", "json").json
    assert page["ctcae"] == "6.0" and page["rows"][0]["grade"] == 2


def test_a_sheet_of_a_workbook_and_the_first_dose(ae: Run, tmp_path: Path) -> None:
    results = (
        ("Subject", "Test", "Result", "Unit", "Normal range", "Date"),
        ("1", "ALT", "120", "U/L", "7-40", "2024-01-01"),
        ("1", "ALT", "250", "U/L", "7-40", "2024-02-01"),
    )
    people = (("Subject", "First dose", "Sex"), ("1", "2024-01-05", "F"))
    head = ("Subject", "Adverse event", "Dose group", "Death date")
    events = (head, ("1", "Nausea", "Low", ""))
    sheets = {"People": people, "AE": events, "Labs": results}
    path = write_xlsx(tmp_path / "l.xlsx", sheets)
    page = ae("grade", path, "--format", "json").json
    assert [row["grade"] for row in page["rows"]] == [0, 1]
    assert page["files"][0]["sheet"] == "Labs"
    assert ae("validate", path).code in (0, 1)


def test_several_files_with_columns_of_their_own(ae: Run, labs: Path, tmp_path: Path) -> None:
    rows = (("USUBJID", "LBTESTCD", "LBSTRESN", "LBSTNRHI"), ("9", "ALT", "900", "40"))
    other = write_csv(tmp_path / "lb.csv", rows)
    out = read(ae("grade", labs, other, "--format", "csv").out)
    assert len(out) == 6 and out[5]["USUBJID"] == "9" and out[5]["grade"] == "4"


def test_what_is_missing_is_asked_for(ae: Run, tmp_path: Path) -> None:
    ran = ae("grade", write_csv(tmp_path / "l.csv", (("Participant", "Test"), ("1", "ALT"))))
    assert ran.code == 2 and "no column was recognised as value" in ran.err
    assert "[columns.labs]" in ran.err
    assert ae("grade").code == 2


def test_a_term_of_another_version_is_named_by_what_it_became(ae: Run, tmp_path: Path) -> None:
    head = ("Participant", "Term", "Value", "Unit", "Lower limit")
    rows = (head, ("1", "Platelet count decreased", "70", "10^9/L", "125"))
    path = write_csv(tmp_path / "l.csv", rows)
    (out,) = read(ae("grade", path, "--ctcae", "6.0", "--format", "csv").out)
    assert (out["grade"], out["note"]) == (
        "", "not gradable: not a term of CTCAE 6.0: there it is Thrombocytopenia",
    )  # fmt: skip
