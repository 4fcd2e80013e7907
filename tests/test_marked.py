"""Marked copies: the log's own workbook with its findings in it, and nothing else changed."""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import EVENTS, SUBJECTS, Run
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill

from ae_cli.findings import Finding, Severity
from ae_cli.render.marked.marks import Layout, placed
from ae_cli.render.marked.paint import IN_NOTE, words

RED, YELLOW, GREY = "00FFC7CE", "00FFE699", "00E5E7EB"


def saved(made: Any, path: Path) -> Path:
    """The workbook as Excel saves it: its formulas calculated."""
    raw = io.BytesIO()
    made.save(raw)
    with ZipFile(raw) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"</f><v ?/?>(</v>)?", b"</f><v>2</v>", old.read(name)))
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A log as a person keeps it: a title, two sheets, formulas, notes, colours, merged cells."""
    made = openpyxl.Workbook()
    page = made.active
    page.title = "AE log"
    page["A1"] = "Adverse events"
    page.merge_cells("A1:F1")
    for row in EVENTS:
        page.append(row)
    page["C3"] = None  # the grade of the first event
    page["D5"] = None  # whether the third is serious
    page["D5"].comment = Comment("ask Dr Li", "LX")
    page["H3"] = "=1+1"
    page["B4"].font = Font(b=True)
    page["B4"].fill = PatternFill("solid", fgColor="00FF00")
    page.column_dimensions["B"].width = 41
    people = made.create_sheet("People")
    for row in SUBJECTS:
        people.append(row)
    people["B3"] = None  # 002 has no dose group
    made.create_sheet("Plan")["B2"] = "=SUM(1,2)"
    return saved(made, tmp_path / "ae.xlsx")


def marked(ae: Run, log: Path, *words: object) -> Any:
    to = log.with_name("marked.xlsx")
    ran = ae("validate", log, "--marked", to, *words)
    assert ran.code in (0, 1), ran.err
    return openpyxl.load_workbook(to)


def colour(cell: Any) -> str:
    return cell.fill.fgColor.rgb if cell.fill.fill_type else ""


def test_cells_are_coloured_and_noted(ae: Run, book: Path) -> None:
    page = marked(ae, book)["AE log"]
    assert colour(page["C3"]) == RED
    note = page["C3"].comment.text
    assert "AE-REQ-08 error: the grade is blank\n→ enter the CTCAE grade, 1 to 5" in note
    assert colour(page["D5"]) == RED
    assert page["D5"].comment.text.startswith("ask Dr Li\n\nAE-REQ-09 error")
    assert page["D5"].comment.author == "LX"


def test_all_else_is_as_it_was(ae: Run, book: Path) -> None:
    before = book.read_bytes()
    copy, was = marked(ae, book), openpyxl.load_workbook(book)
    assert copy.sheetnames == ["AE log", "People", "Plan", "Findings"]
    for name in was.sheetnames:
        values = [[cell.value for cell in row] for row in was[name].iter_rows()]
        assert [[cell.value for cell in row] for row in copy[name].iter_rows()] == values
    page = copy["AE log"]
    assert page["B4"].font.b and colour(page["B4"]) == "0000FF00"
    assert page.column_dimensions["B"].width == 41
    assert [str(area) for area in page.merged_cells.ranges] == ["A1:F1"]
    assert page["H3"].value == "=1+1" and page["H3"].data_type == "f"
    assert book.read_bytes() == before


def test_findings_of_participants_mark_their_sheet(ae: Run, book: Path) -> None:
    page = marked(ae, book)["People"]
    assert "AE-XDS-03" in page["B3"].comment.text
    assert colour(page["A4"]) == GREY  # 003 has no event


def test_a_participant_file_of_its_own_is_listed(ae: Run, book: Path, people: Path) -> None:
    copy = marked(ae, book, "--subjects", people)
    found = [row for row in copy["Findings"].iter_rows(values_only=True) if row[1] == "AE-XDS-19"]
    assert [(row[2], row[3]) for row in found] == [("row 4", "003")]
    assert not any(cell.comment for row in copy["People"].iter_rows() for cell in row)


def test_all_findings_are_listed_with_links(ae: Run, book: Path) -> None:
    copy = marked(ae, book)
    count = len(ae("validate", book, "--format", "json").json["findings"])
    page = copy["Findings"]
    assert page.max_row == count + 1
    row = next(row for row in page.iter_rows() if row[1].value == "AE-REQ-08")
    assert row[2].value.startswith("AE log C3")
    assert row[2].hyperlink.location == "'AE log'!C3"
    assert page.auto_filter.ref == f"A1:H{count + 1}"


def test_the_original_is_never_written_over(ae: Run, book: Path) -> None:
    before = book.read_bytes()
    for force in ((), ("--force",)):
        assert "is an input of this run" in ae("validate", book, "--marked", book, *force).err
    assert book.read_bytes() == before
    to = book.with_name("marked.xlsx")
    to.write_text("mine")
    ran = ae("validate", book, "--marked", to)
    assert (ran.code, to.read_text()) == (2, "mine") and "already exists" in ran.err
    assert marked(ae, book, "--force")["AE log"]


def test_what_is_refused(ae: Run, book: Path, log: Path) -> None:
    to = book.with_name("marked.xlsx")
    assert "does not end in .xlsx" in ae("validate", book, "--marked", "marked.csv").err
    assert "is made of one log" in ae("validate", book, log, "--marked", to).err
    assert not to.exists()


def test_rows_of_a_text_file_keep_their_numbers(ae: Run, tmp_path: Path) -> None:
    log = tmp_path / "ae.csv"
    rows = [list(row) for row in EVENTS]
    rows[1][1], rows[2][2], rows[3][1] = "two\nlines", "", "=cmd()"
    with log.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*rows, ["Total", "", "", "", "", ""]])
    copy = marked(ae, log, "--only", "REQ-08")
    page = copy["ae"]
    assert [cell.value for cell in page[1]] == rows[0]
    assert page["B2"].value == "two\nlines"
    assert page["B5"].value == "=cmd()" and page["B5"].data_type == "s"
    assert colour(page["C4"]) == RED  # line 4 of the file
    assert [row[0].value for row in page.iter_rows() if row[0].value] == [
        "Subject ID", "001", "001", "002", "004", "Total",
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["parquet", "json"])
def test_other_formats_become_a_workbook(ae: Run, tmp_path: Path, suffix: str) -> None:
    import polars as pl

    frame = pl.DataFrame([dict(zip(EVENTS[0], row, strict=True)) for row in EVENTS[1:]])
    frame[0, "Grade"] = None
    log = tmp_path / f"ae.{suffix}"
    getattr(frame, f"write_{suffix}")(log)
    page = marked(ae, log, "--only", "REQ-08").worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.comment]
    assert [(page.cell(1, c.column).value, page.cell(c.row, 2).value) for c in cells] == [
        ("Grade", "Nausea")
    ]


def test_duplicates_mark_all_their_rows(ae: Run, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (*EVENTS, EVENTS[1]):
        made.active.append(row)
    made.save(tmp_path / "ae.xlsx")
    copy = marked(ae, tmp_path / "ae.xlsx", "--only", "XRC-02")
    page = copy.worksheets[0]
    assert [r for r in range(1, 7) if page.cell(r, 2).comment] == [2, 6]
    assert colour(page["B2"]) == colour(page["B6"]) == YELLOW
    assert "rows 2, 6" in copy["Findings"]["C2"].value


def test_a_merged_cell_is_marked_where_it_shows(ae: Run, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (*EVENTS, ("005", "Fever", None, "N", "2024-03-04", "Low")):
        made.active.append(row)
    made.active["B6"].value = "Fever"
    made.active.merge_cells("B6:C6")
    made.save(tmp_path / "ae.xlsx")
    page = marked(ae, tmp_path / "ae.xlsx", "--only", "REQ-08").worksheets[0]
    assert "AE-REQ-08" in page["B6"].comment.text and colour(page["B6"]) == RED


def test_a_finding_without_a_cell_marks_the_participant_or_is_listed() -> None:
    layout = Layout("ae.xlsx", "AE", "AE", {"subject": 2, "grade": 5}, 2)
    absent = Finding("R", Severity.NOTE, "m", "f", "ae.xlsx", "AE", 4, fields=("outcome",))
    brought = Layout("ae.xlsx", "AE", "AE", {"subject": 2, "outcome": 7}, 2)
    assert list(placed([absent], [brought], {"AE": 6})[0]) == [("AE", 4, 2)]
    whole = Finding("R", Severity.NOTE, "m", "f", "ae.xlsx", "AE")
    marks, first = placed([absent, whole], [layout], {"AE": 6})
    assert list(marks) == [("AE", 4, 2)]
    assert first == [("AE", 4, 2), None]


def test_a_note_of_many_findings_says_how_many_more() -> None:
    many = [Finding(f"R{n}", Severity.NOTE, "m", "f") for n in range(IN_NOTE + 3)]
    assert words(many).endswith("and 3 more: see the list of findings")
    long = words([Finding("R", Severity.NOTE, "T" * 40_000, "f")])
    assert len(long) < 2_000 and "40,0" in long


def test_what_is_lost_is_said(ae: Run, book: Path) -> None:
    drawn = pytest.importorskip("PIL.Image").new("RGB", (9, 9))
    drawn.save(dot := io.BytesIO(), "png")
    made = openpyxl.load_workbook(book)
    made["AE log"].add_image(Image(dot), "J3")
    saved(made, book)
    assert "1 image" in ae("validate", book, "--marked", book.with_name("marked.xlsx")).err


def test_a_chart_is_said(ae: Run, book: Path) -> None:
    from openpyxl.chart import BarChart, Reference

    made = openpyxl.load_workbook(book)
    chart = BarChart()
    chart.add_data(Reference(made["Plan"], min_col=2, min_row=1, max_row=2))
    made["Plan"].add_chart(chart, "D2")
    saved(made, book)
    ran = ae("validate", book, "--marked", book.with_name("marked.xlsx"))
    assert "1 chart" in ran.err


def test_standard_input_has_a_copy(monkeypatch: pytest.MonkeyPatch, ae: Run, log: Path) -> None:
    text = io.TextIOWrapper(io.BytesIO(log.read_bytes()))
    monkeypatch.setattr(sys, "stdin", text)
    to = log.with_name("marked.xlsx")
    assert ae("validate", "-", "--marked", to).code in (0, 1)
    assert openpyxl.load_workbook(to).worksheets[0]["B2"].value == "Nausea"


def test_a_sheet_called_findings_stays(ae: Run, book: Path) -> None:
    made = openpyxl.load_workbook(book)
    made["Plan"].title = "Findings"
    saved(made, book)
    copy = marked(ae, book)
    assert copy["Findings"]["B2"].value == "=SUM(1,2)"
    assert copy["Findings1"]["A1"].value == "Severity"
