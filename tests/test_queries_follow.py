"""An answer stays with its event, however rows are inserted, sorted, corrected, moved, renamed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Ran, Run

HEADER = ("No.", "Subject", "AE term", "Grade", "Serious", "Start date", "End date", "Group")


def event(no: int, term: str, start: str, **more: str) -> list[str]:
    grade, end = more.get("grade", "2"), more.get("end", "2024-03-20")
    return [str(no), "001", term, grade, "N", start, end, "Low"]


def write(path: Path, *rows: Sequence[str], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def book(path: Path, **sheets: Sequence[Sequence[str]]) -> Path:
    made = openpyxl.Workbook()
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in (HEADER, *rows):
            page.append(list(row))
    del made["Sheet"]
    made.save(path)
    return path


class Asking:
    """A query log beside a log, and the answers in it by term."""

    def __init__(self, ae: Run, folder: Path, only: str) -> None:
        self.ae, self.only, self.path = ae, only, folder / "queries.xlsx"

    def run(self, *files: Any) -> Ran:
        ran = self.ae("validate", *files, "--only", self.only, "--queries", self.path)
        assert ran.code in (0, 1), ran.err
        return ran

    def rows(self) -> list[dict[str, Any]]:
        page = openpyxl.load_workbook(self.path).worksheets[0]
        head, *body = page.iter_rows(values_only=True)
        return [dict(zip(map(str, head), row, strict=True)) for row in body]

    def answer(self) -> None:
        """Answer each query with its term and its row."""
        made = openpyxl.load_workbook(self.path)
        page = made.worksheets[0]
        at = {cell.value: cell.column for cell in page[1]}
        for row in range(2, page.max_row + 1):
            words = f"{page.cell(row, at['Term']).value} {page.cell(row, at['Row']).value}"
            page.cell(row, at["Answer"]).value = words
        made.save(self.path)

    def told(self) -> list[tuple[Any, ...]]:
        return [(row["State"], row["Row"], row["Answer"]) for row in self.rows()]


@pytest.fixture
def dates(ae: Run, tmp_path: Path) -> Asking:
    return Asking(ae, tmp_path, "XFD-16")


A = event(1, "Nausea", "2024-03-04", end="2024-03-01")
B = event(2, "Nausea", "2024-04-04", end="2024-04-01")
C = event(3, "Rash", "2024-03-08")


def numbered(*rows: list[str]) -> list[list[str]]:
    return [[str(n), *row[1:]] for n, row in enumerate(rows, 1)]


def test_a_row_inserted_above_takes_no_answer(dates: Asking, tmp_path: Path) -> None:
    """Two events of one term whose dates are wrong; a third is put above, all are renumbered."""
    log = write(tmp_path / "ae.csv", A, B, C)
    dates.run(log)
    dates.answer()
    new = event(1, "Nausea", "2024-02-04", end="2024-02-01")
    write(log, *numbered(new, A, B, C))
    assert "1 new, 2 open" in dates.run(log).err
    assert dates.told() == [("Open", 3, "Nausea 2"), ("Open", 4, "Nausea 3"), ("New", 2, None)]


def test_a_row_deleted_resolves_its_own_query(dates: Asking, tmp_path: Path) -> None:
    log = write(tmp_path / "ae.csv", A, B, C)
    dates.run(log)
    dates.answer()
    write(log, *numbered(B, C))
    dates.run(log)
    assert [told[::2] for told in dates.told()] == [("Resolved", "Nausea 2"), ("Open", "Nausea 3")]


def test_a_sorted_log_keeps_every_answer(dates: Asking, tmp_path: Path) -> None:
    log = write(tmp_path / "ae.csv", A, B, C)
    dates.run(log)
    dates.answer()
    write(log, *numbered(C, B, A))
    dates.run(log)
    assert dates.told() == [("Open", 4, "Nausea 2"), ("Open", 3, "Nausea 3")]


def test_a_date_corrected_and_still_wrong_is_the_same_query(dates: Asking, tmp_path: Path) -> None:
    log = write(tmp_path / "ae.csv", A, B, C)
    dates.run(log)
    dates.answer()
    wrong_still = [*A[:5], "2024-03-02", *A[6:]]
    write(log, wrong_still, [*B[:5], "2024-03-31", *B[6:]], C)
    dates.run(log)
    assert dates.told() == [("Open", 2, "Nausea 2"), ("Resolved", 3, "Nausea 3")]


@pytest.mark.parametrize("term", ["nausea", " Nausea ", "NAUSEA", "Vomiting"])
def test_a_term_corrected_keeps_the_query(ae: Run, tmp_path: Path, term: str) -> None:
    grades = Asking(ae, tmp_path, "REQ-08")
    log = write(tmp_path / "ae.csv", event(1, "Nausea", "2024-03-04", grade=""), B, C)
    grades.run(log)
    grades.answer()
    write(log, event(1, term, "2024-03-04", grade=""), B, C)
    assert "1 open" in grades.run(log).err
    (row,) = grades.rows()
    assert (row["State"], row["Term"], row["Answer"]) == ("Open", term.strip(), "Nausea 2")


def test_rows_moved_to_another_sheet(ae: Run, tmp_path: Path) -> None:
    grades = Asking(ae, tmp_path, "REQ-08")
    asked = event(1, "Nausea", "2024-03-04", grade="")
    log = book(tmp_path / "ae.xlsx", Site1=[asked, B], Site2=[C])
    grades.run(f"{log}", "--sheet", "Site1")
    grades.answer()
    book(log, Site1=[B], Site2=[C, asked])
    assert "1 open" in grades.run(f"{log}", "--sheet", "Site2").err
    (row,) = grades.rows()
    assert (row["State"], row["Sheet"], row["Row"], row["Answer"]) == (
        "Open", "Site2", 3, "Nausea 2",
    )  # fmt: skip


def test_a_new_cut_under_a_new_name(ae: Run, tmp_path: Path) -> None:
    """Two blank grades of March; in April one is mended, and a third event came."""
    grades = Asking(ae, tmp_path, "REQ-08")
    blank = [event(n, term, "2024-03-04", grade="") for n, term in ((1, "Nausea"), (2, "Rash"))]
    grades.run(write(tmp_path / "march.csv", *blank, B))
    grades.answer()
    mended = event(2, "Rash", "2024-03-04", grade="1")
    new = event(3, "Fever", "2024-04-09", grade="")
    april = write(tmp_path / "april.csv", new, blank[0], mended, B)
    ran = grades.run(april)
    assert "1 new, 1 open, 1 resolved" in ran.err
    assert "april.csv is march.csv under a new name" in ran.err
    told = [(row["State"], row["File"], row["Answer"]) for row in grades.rows()]
    assert told == [
        ("Open", "april.csv", "Nausea 2"), ("Resolved", "april.csv", "Rash 3"),
        ("New", "april.csv", None),
    ]  # fmt: skip
    write(april, new, blank[0], blank[1], B)
    assert "2 open, 1 reopened" in grades.run(april).err


def test_another_sites_log_is_another_log(ae: Run, tmp_path: Path) -> None:
    """Participants of the same numbers and events of the same terms, of other days."""
    grades = Asking(ae, tmp_path, "REQ-08")
    one = [event(n, term, "2024-03-04", grade="") for n, term in ((1, "Nausea"), (2, "Rash"))]
    two = [event(n, term, "2024-05-09", grade="") for n, term in ((1, "Nausea"), (2, "Rash"))]
    grades.run(write(tmp_path / "one.csv", *one))
    ran = grades.run(write(tmp_path / "two.csv", *two))
    assert "4 new" in ran.err and "2 queries left as before, of files not read: one.csv" in ran.err


def test_an_event_deleted_is_not_the_next_one(ae: Run, tmp_path: Path) -> None:
    """One event is taken out, and another of the same day is entered with the same fault."""
    grades = Asking(ae, tmp_path, "REQ-08")
    log = write(tmp_path / "ae.csv", event(1, "Nausea", "2024-03-04", grade=""), B)
    grades.run(log)
    grades.answer()
    write(log, B, event(3, "Vomiting", "2024-03-07", grade="", end="2024-03-08"))
    grades.run(log)
    assert [told[::2] for told in grades.told()] == [("Resolved", "Nausea 2"), ("New", None)]
