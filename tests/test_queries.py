"""Query logs: what became of each finding, and that nothing a person typed is ever lost."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import HEADER, Ran, Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table
from studies import examples

from ae_cli.cli.clock import DAY
from ae_cli.errors import InputError
from ae_cli.findings import Finding, Severity
from ae_cli.output import together
from ae_cli.render.queries import QueryLog, Seen, opened, save, update
from ae_cli.render.queries.words import HEADERS, STATES, State

ZH = ("受试者编号", "不良事件名称", "CTCAE分级", "是否严重", "开始日期", "转归")
FIRST, SECOND, THIRD = (datetime(2024, 5, n) for n in (6, 7, 8))


def day(patch: pytest.MonkeyPatch, when: datetime) -> None:
    patch.setenv(DAY, str(int((when - datetime(1970, 1, 1)).total_seconds())))


def write(path: Path, *rows: Sequence[str], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def event(subject: str = "001", grade: str = "2", serious: str = "N", **more: str) -> list[str]:
    term, start = more.get("term", "Nausea"), more.get("start", "2024-03-04")
    return [subject, term, grade, serious, start, "Low"]


def rows(path: Path) -> list[dict[str, Any]]:
    page = openpyxl.load_workbook(path).worksheets[0]
    head, *body = page.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


def change(path: Path, how: Callable[[Any], None]) -> Path:
    """What a person does with a query log in Excel."""
    book = openpyxl.load_workbook(path)
    how(book)
    book.save(path)
    return path


def at(page: Any, header: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == header)


def typed(path: Path, row: int, **columns: object) -> Path:
    def fill(book: Any) -> None:
        page = book.worksheets[0]
        for header, value in columns.items():
            page.cell(row, at(page, header.replace("_", " ")), value)

    return change(path, fill)


def saved(log: QueryLog, what: Seen) -> None:
    with together() as files:
        save(log, update(log, what).memory, files)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of which two cells are to be asked about."""
    return write(tmp_path / "ae.csv", event(grade=""), event("002", serious=""), event("003"))


@pytest.fixture
def asked(ae: Run, log: Path) -> Callable[..., Ran]:
    def run(*words: object, only: str = "REQ-08,REQ-09", code: int = 1) -> Ran:
        queries = log.with_name("queries.xlsx")
        ran = ae("validate", log, "--only", only, "--queries", queries, *words)
        assert ran.code == code, ran.err
        return ran

    return run


def states(path: Path) -> list[str]:
    return [row["State"] for row in rows(path)]


# --- what becomes of a finding --------------------------------------------------------------------


def test_a_row_a_finding(asked: Callable[..., Ran], log: Path, monkeypatch: Any) -> None:
    day(monkeypatch, FIRST)
    ran = asked()
    assert "2 new" in ran.err
    first, second = rows(log.with_name("queries.xlsx"))
    assert first["Question"] == "The grade is blank. Enter the CTCAE grade, 1 to 5."
    told = {k: v for k, v in first.items() if k not in ("Question", "Key")}
    assert told == {
        "State": "New", "Severity": "error", "Site": None, "Participant": "001", "Row": 2,
        "Term": "Nausea", "Columns": "Grade", "Values": "(blank)", "Answer": None, "Status": None,
        "Owner": None, "First seen": FIRST, "Last seen": FIRST, "Rule": "AE-REQ-08",
        "File": "ae.csv", "Sheet": None,
    }  # fmt: skip
    assert second["Rule"] == "AE-REQ-09"


def test_new_open_resolved_reopened(asked: Callable[..., Ran], log: Path, monkeypatch: Any) -> None:
    queries = log.with_name("queries.xlsx")
    day(monkeypatch, FIRST)
    asked()
    day(monkeypatch, SECOND)
    write(log, event(grade="2"), event("002", serious=""), event("003", grade=""))
    assert "1 new, 1 open, 1 resolved" in asked().err
    assert states(queries) == ["Resolved", "Open", "New"]
    day(monkeypatch, THIRD)
    write(log, event(grade=""), event("002", serious="Y"), event("003"))
    assert "2 resolved, 1 reopened" in asked().err
    assert states(queries) == ["Reopened", "Resolved", "Resolved"]
    seen = [(row["First seen"], row["Last seen"]) for row in rows(queries)]
    assert seen == [(FIRST, THIRD), (FIRST, SECOND), (SECOND, SECOND)]
    asked()
    assert states(queries) == ["Open", "Resolved", "Resolved"]


def test_a_row_that_moved_is_the_same_query(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    write(log, event("000"), event("003"), event("002", serious=""), event(grade=""))
    asked()
    told = [(row["State"], row["Row"]) for row in rows(log.with_name("queries.xlsx"))]
    assert told == [("Open", 5), ("Open", 4)]


def test_of_rows_that_cannot_be_told_apart_the_answer_stays_with_its_row(
    asked: Callable[..., Ran], log: Path
) -> None:
    write(log, event(grade=""), event(grade=""))
    asked()
    typed(log.with_name("queries.xlsx"), 3, Answer="of the second")
    write(log, event(grade="1"), event(grade=""))
    asked()
    told = [
        (row["State"], row["Row"], row["Answer"]) for row in rows(log.with_name("queries.xlsx"))
    ]
    assert told == [("Resolved", 2, None), ("Open", 3, "of the second")]


def test_rules_not_checked_leave_their_queries(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    write(log, event(), event("002", serious="N"))
    ran = asked(only="REQ-09", code=0)
    assert "1 query left as before, of rules not checked: AE-REQ-08" in ran.err
    assert states(log.with_name("queries.xlsx")) == ["New", "Resolved"]
    write(log, *[row[:2] + row[3:] for row in (event(),)], header=[*HEADER[:2], *HEADER[3:]])
    assert "rules not checked: AE-REQ-08" in asked(code=0).err  # there is no grade any more
    assert states(log.with_name("queries.xlsx")) == ["New", "Resolved"]


def test_a_column_that_is_gone_resolves_nothing(asked: Callable[..., Ran], log: Path) -> None:
    header = [*HEADER[:5], "End date"]
    write(log, [*event(start="2024-02-30")[:5], "2024-04-05"], header=header)
    asked(only="TYP-01")
    write(log, [*event()[:4], "2024-04-05"], header=[*header[:4], "End date"])
    ran = asked(only="TYP-01", code=0)
    assert "1 query left as before, of columns that are not there" in ran.err
    assert states(log.with_name("queries.xlsx")) == ["New"]


def test_queries_of_another_file_are_left(ae: Run, asked: Callable[..., Ran], log: Path) -> None:
    asked()
    other = log.parent / "site2"
    other.mkdir()
    same_name = write(other / "ae.csv", event("009", grade=""))
    queries = log.with_name("queries.xlsx")
    ran = ae("validate", same_name, "--only", "REQ-08,REQ-09", "--queries", queries)
    assert "2 queries left as before, of files not read: ae.csv" in ran.err
    assert states(queries) == ["New", "New", "New"]
    assert rows(queries)[2]["File"] == "site2/ae.csv"
    both = ae("validate", log, same_name, "--only", "REQ-08,REQ-09", "--queries", queries)
    assert "3 open" in both.err


def test_a_finding_of_several_rows_is_one_query(ae: Run, log: Path) -> None:
    write(log, event(), event(), event("002"))
    queries = log.with_name("queries.xlsx")
    ae("validate", log, "--only", "XRC-02", "--queries", queries)
    assert [(row["Row"], row["Rule"]) for row in rows(queries)] == [("2, 3", "AE-XRC-02")]


# --- what a person typed --------------------------------------------------------------------------


def test_columns_of_people_are_never_written(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Status="Closed", Owner="LX", Answer="=A1&1")

    def arrange(book: Any) -> None:
        page = book.worksheets[0]
        page.insert_cols(1)
        page["A1"], page["A2"] = "Visit", 7
        page["A2"].fill = PatternFill("solid", fgColor="00FF00")
        page["A3"].comment = Comment("ask again", "LX")
        page.column_dimensions["A"].width = 33
        page.cell(9, 2, "a row of my own")
        book.create_sheet("Notes")["B2"] = "call site 2"

    change(queries, arrange)
    write(log, event(), event("002", serious=""), event("003", grade=""))
    asked()
    book = openpyxl.load_workbook(queries)
    page = book.worksheets[0]
    first = dict(zip([c.value for c in page[1]], [c.value for c in page[2]], strict=True))
    assert (first["Status"], first["Owner"], first["Answer"]) == ("Closed", "LX", "=A1&1")
    assert (first["State"], first["Visit"]) == ("Resolved", 7)
    assert page["A2"].fill.fgColor.rgb == "0000FF00"
    assert page["A3"].comment.text == "ask again"
    assert page.column_dimensions["A"].width == 33
    assert page.cell(9, 2).value == "a row of my own"
    assert page.cell(10, 2).value == "New"
    assert book["Notes"]["B2"].value == "call site 2"


def test_words_over_the_state_go_to_the_status(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, State="Closed")
    asked()
    first = rows(queries)[0]
    assert (first["State"], first["Status"]) == ("Open", "Closed")
    typed(queries, 2, State="Sent")
    asked()
    page = openpyxl.load_workbook(queries).worksheets[0]
    assert "Sent" in page["A2"].comment.text and rows(queries)[0]["Status"] == "Closed"


def test_a_reworded_question_stays(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Question="Dear Dr Li, which grade was it?")
    for _ in range(2):
        asked()
        assert rows(queries)[0]["Question"] == "Dear Dr Li, which grade was it?"


def test_words_over_a_value_of_ours_go_to_its_note(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Row="two, or three", Term="see page 7")
    asked()
    page = openpyxl.load_workbook(queries).worksheets[0]
    assert page.cell(2, at(page, "Row")).value == 2
    assert "two, or three" in page.cell(2, at(page, "Row")).comment.text
    assert "see page 7" in page.cell(2, at(page, "Term")).comment.text


def test_rows_sorted_doubled_and_without_a_key(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Answer="first")

    def arrange(book: Any) -> None:
        page = book.worksheets[0]
        old = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        mine = [None] * (page.max_column - 1) + ["no key"]
        twice = [*old[0]]
        twice[at(page, "Answer") - 1] = "first, again"
        for r, values in enumerate([old[1], mine, twice, old[0]], 2):
            for c, value in enumerate(values, 1):
                page.cell(r, c).value = value

    change(queries, arrange)
    write(log, event(), event("002", serious=""))
    asked()
    told = [(row["State"], row["Answer"], row["Key"] == "no key") for row in rows(queries)]
    assert told == [
        ("Open", None, False), (None, None, True), ("Resolved", "first, again", False),
        ("Resolved", "first", False),
    ]  # fmt: skip


def test_the_hidden_sheet_may_be_lost(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Answer="Grade 2", Term="Sickness")
    change(queries, lambda book: book.remove(book["ae-cli"]))
    write(log, event(), event("002", serious=""))
    asked()
    first, second = rows(queries)
    assert (first["State"], second["State"]) == ("Resolved", "Open")
    assert (first["Answer"], first["Term"]) == ("Grade 2", "Sickness")


def test_the_former_query_log_stays_beside(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Answer="Grade 2")
    before = queries.read_bytes()
    asked()
    assert queries.with_name("queries.xlsx.bak").read_bytes() == before


def test_a_table_made_of_the_rows_grows(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = log.with_name("queries.xlsx")

    def as_table(book: Any) -> None:
        page = book.worksheets[0]
        page.auto_filter.ref = None
        page.add_table(Table(displayName="Q", ref="A1:Q3"))

    change(queries, as_table)
    write(log, event(grade=""), event("002", serious=""), event("003", grade=""))
    asked()
    assert openpyxl.load_workbook(queries).worksheets[0].tables["Q"].ref == "A1:Q4"


# --- what is refused ------------------------------------------------------------------------------


def refused(asked: Callable[..., Ran], queries: Path, *words: str) -> None:
    before = queries.read_bytes()
    said = asked(code=2).err
    assert all(word in said for word in words), said
    assert queries.read_bytes() == before
    assert not queries.with_name("queries.xlsx.bak").exists()


def test_a_number_that_is_no_date_stays_a_number(asked: Callable[..., Ran], log: Path) -> None:
    """Excel shows ### for it; openpyxl would write #VALUE!."""
    asked()
    queries = log.with_name("queries.xlsx")

    def enter(book: Any) -> None:
        for page, at, number in (("Queries", "J2", 20250113), ("Mine", "J2", -4.5)):
            cell = (book[page] if page in book.sheetnames else book.create_sheet(page))[at]
            cell.value, cell.number_format = number, "yyyy-mm-dd"

    change(queries, enter)
    for _ in range(2):
        asked()
    package = zipfile.ZipFile(queries)
    pages = [package.read(name).decode() for name in package.namelist() if "worksheets/" in name]
    numbers = re.findall(r'r="J2"[^>]*><v>([^<]+)</v>', "".join(pages))
    assert list(map(float, numbers)) == [20250113, -4.5]
    assert not any("#VALUE!" in page for page in pages)


def test_merged_cells_of_queries_are_refused(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = log.with_name("queries.xlsx")
    change(queries, lambda book: book.worksheets[0].merge_cells("A2:B2"))
    before = queries.read_bytes()
    assert "[Queries], A2:B2: these cells are merged" in asked(code=2).err
    assert queries.read_bytes() == before


def test_merged_cells_of_people_stay(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = log.with_name("queries.xlsx")

    def merge(book: Any) -> None:
        page = book.worksheets[0]
        answers = at(page, "Answer")
        page.cell(2, answers).value = "both"
        page.merge_cells(start_row=2, end_row=3, start_column=answers, end_column=answers)
        page["A5"].value = "a heading of mine"
        page.merge_cells("A5:D6")

    change(queries, merge)
    write(log, event(grade=""), event("002", serious=""), event("003", grade=""))
    asked()
    page = openpyxl.load_workbook(queries).worksheets[0]
    assert {str(area) for area in page.merged_cells.ranges} == {"J2:J3", "A5:D6"}
    assert (page["J2"].value, page["A5"].value, page["A7"].value) == (
        "both", "a heading of mine", "New",
    )  # fmt: skip


def test_what_cannot_be_kept_is_not_lost_unasked(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = log.with_name("queries.xlsx")

    def draw(book: Any) -> None:
        chart = BarChart()
        chart.add_data(Reference(book.worksheets[0], min_col=5, min_row=1, max_row=2))
        book.worksheets[0].add_chart(chart, "T2")

    change(queries, draw)
    before = queries.read_bytes()
    assert "holds what would be lost: 1 chart" in asked(code=2).err
    assert queries.read_bytes() == before
    assert "not kept in the new one: 1 chart" in asked("--force").err
    assert queries.with_name("queries.xlsx.bak").read_bytes() == before


def test_a_backup_of_somebody_else_is_not_replaced(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = log.with_name("queries.xlsx")
    mine = queries.with_name("queries.xlsx.bak")
    mine.write_bytes(b"mine")
    assert "is no query log" in asked(code=2).err
    assert mine.read_bytes() == b"mine"
    asked("--force")
    for _ in range(2):  # a former query log is replaced by the next
        asked()


def test_a_sheet_of_people_may_be_called_as_ours(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Answer="Grade 2")

    def swap(book: Any) -> None:
        book["ae-cli"].title = "kept"
        book.create_sheet("ae-cli")["A1"] = "notes of mine"

    change(queries, swap)
    for _ in range(2):
        asked()
    book = openpyxl.load_workbook(queries)
    assert book["ae-cli"]["A1"].value == "notes of mine"
    assert len(book.sheetnames) == 3
    assert states(queries) == ["Open", "Open"]


def test_a_line_break_of_excel_stays_one(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 2, Answer="one_x000D_\ntwo", Owner="_x0041_")
    for _ in range(2):
        asked()
    assert rows(queries)[0]["Answer"] == "one_x000D_\ntwo"
    texts = zipfile.ZipFile(queries).read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x000D_" not in texts and "_x005F_x0041_" in texts


def test_formulas_without_values_are_said(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    typed(log.with_name("queries.xlsx"), 2, Answer="=1+1")
    assert "without values until Excel opens it: 1 formula" in asked().err


def test_rows_that_are_only_formatted_cost_nothing(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = log.with_name("queries.xlsx")

    def paint(book: Any) -> None:
        for row in range(2, 8_000):
            book.worksheets[0].cell(row, 1).fill = PatternFill("solid", fgColor="FFFF00")

    change(queries, paint)
    write(log, event(grade=""), event("002", serious=""), event("003", grade=""))
    asked()
    assert [row["Row"] for row in rows(queries) if row["State"]] == [2, 3, 4]


def test_a_renamed_header_is_refused(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = typed(log.with_name("queries.xlsx"), 1, Answer="Site answer")
    refused(asked, queries, "there is no column 'Answer'", "row 1")


def test_a_doubled_header_is_refused(asked: Callable[..., Ran], log: Path) -> None:
    asked()
    queries = change(
        log.with_name("queries.xlsx"), lambda book: book.worksheets[0].cell(1, 20, "Answer")
    )
    refused(asked, queries, "several columns are called 'Answer'")


def test_another_workbook_is_refused(asked: Callable[..., Ran], log: Path) -> None:
    queries = log.with_name("queries.xlsx")
    openpyxl.Workbook().save(queries)
    refused(asked, queries, "is not a query log of ae-cli")
    queries.write_text("no workbook at all")
    refused(asked, queries, "cannot be opened as a workbook")


@pytest.mark.parametrize("lock", ["~$queries.xlsx", ".~lock.queries.xlsx#"])
def test_an_open_query_log_is_refused(asked: Callable[..., Ran], log: Path, lock: str) -> None:
    asked()
    log.with_name(lock).write_text("")
    refused(asked, log.with_name("queries.xlsx"), "is open in another program")


def test_what_cannot_be_written_leaves_all_as_it_was(
    asked: Callable[..., Ran], log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked()
    queries = log.with_name("queries.xlsx")
    before, replaced = queries.read_bytes(), Path.replace

    def locked(self: Path, to: Path) -> Path:
        if to == queries:
            raise PermissionError(13, "Permission denied")
        return replaced(self, to)

    monkeypatch.setattr(Path, "replace", locked)
    assert "cannot be written" in asked(code=2).err
    assert queries.read_bytes() == before


def test_a_query_log_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    run(path, [0], FIRST)
    held = opened(path, path.read_bytes(), "en")
    typed(path, 2, Answer="just now")
    with pytest.raises(InputError, match="was changed during the run"):
        saved(held, seen([0], FIRST))
    assert rows(path)[0]["Answer"] == "just now"


def test_the_log_itself_and_other_suffixes_are_refused(ae: Run, log: Path) -> None:
    assert "does not end in .xlsx" in ae("validate", log, "--queries", "queries.csv").err
    book = log.with_name("ae.xlsx")
    page = openpyxl.Workbook()
    page.active.append(HEADER)
    page.active.append(event())
    page.save(book)
    assert "is an input of this run" in ae("validate", book, "--queries", book).err
    assert "give --queries" in ae("validate", log, "--language", "zh").err


# --- languages and hostile texts ------------------------------------------------------------------


def test_a_chinese_log_is_asked_in_chinese(ae: Run, tmp_path: Path) -> None:
    row = ["001", "恶心", "", "否", "2024-03-04", "痊愈"]
    log, queries = write(tmp_path / "ae.csv", row, header=ZH), tmp_path / "queries.xlsx"
    ae("validate", log, "--only", "REQ-08", "--queries", queries)
    first = rows(queries)[0]
    assert (first["质疑状态"], first["级别"], first["受试者"]) == ("新增", "错误", "001")
    assert first["质疑内容"] == "未填写不良事件的分级。请补充 CTCAE 分级（1 至 5 级）。"
    assert first["现有内容"] == "（空白）"
    typed(queries, 2, 处理情况="已答复", 答复="2级")
    ran = ae("validate", log, "--only", "REQ-08", "--queries", queries, "--language", "en")
    assert "keeps its own language" in ran.err
    first = rows(queries)[0]
    assert (first["质疑状态"], first["处理情况"], first["答复"]) == ("未解决", "已答复", "2级")


def test_the_language_can_be_said(ae: Run, log: Path) -> None:
    queries = log.with_name("queries.xlsx")
    ae("validate", log, "--queries", queries, "--language", "zh")
    assert "质疑内容" in rows(queries)[0]
    assert "is not known" in ae("validate", log, "--queries", queries, "--language", "fr").err


HOSTILE = ("=1+1", "@SUM(A1)", "a\x07b", "_x0041_", "T" * 40_000, "<b>&", "\u202eabc", "a\r\nb")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_log_stays_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "q.xlsx"
    for n in range(2):
        log = opened(path, path.read_bytes() if n else None, "en")
        found = replace(finding(0), term=text, values=(text,), subject=text, message=text)
        saved(log, Seen([found], date(2024, 5, 6), READ, RULES))
    page = openpyxl.load_workbook(path).worksheets[0]
    cells = [page.cell(2, at(page, header)) for header in ("Term", "Values", "Participant")]
    assert all(cell.data_type == "s" and cell.comment is None for cell in cells)
    assert all(len(cell.value) < 3_000 for cell in cells)
    if len(text) > 3_000:
        assert "40,000 characters" in cells[0].value
    if text.startswith(("=", "@")):
        assert all(cell.quotePrefix for cell in cells) and cells[0].value == text


# --- any runs, any people -------------------------------------------------------------------------

RULES = frozenset({"R0", "R1", "R2"})
READ = {("ae.csv", ""): frozenset({"grade"}), ("b.csv", "S"): frozenset({"grade"})}
PEOPLE = ("Answer", "Owner", "Status", "Mine")


def finding(n: int) -> Finding:
    """One of some findings: of three rules, in two files; those of 6 and 7 have keys alike."""
    file, sheet = ("ae.csv", None) if n % 2 else ("b.csv", "S")
    key = f"{n:012x}" if n < 6 else "f" * 12 + ("" if n == 6 else "-2")
    if n >= 6:
        file, sheet = "ae.csv", None
    return Finding(
        f"R{n % 3}", Severity.ERROR, f"message {n}", "mend it", file, sheet, n + 2, subject=f"S{n}",
        fields=("grade",), columns=("Grade",), values=("9",), key=key, term="Nausea",
    )  # fmt: skip


def seen(
    numbers: Sequence[int], when: datetime, rules: frozenset[str] = RULES, files: int = 2
) -> Seen:
    read = dict(list(READ.items())[:files])
    at_hand = [
        f for f in map(finding, sorted(numbers))
        if f.rule in rules and (f.file, f.sheet or "") in read
    ]  # fmt: skip
    return Seen(at_hand, when.date(), read, rules)


def run(path: Path, numbers: Sequence[int], when: datetime, **more: Any) -> QueryLog:
    log = opened(path, path.read_bytes() if path.exists() else None, "en")
    saved(log, seen(numbers, when, **more))
    return log


def everything(path: Path) -> Counter[str]:
    """Every text of a query log, in cells and in notes, but what ae-cli keeps to itself."""
    found: Counter[str] = Counter()
    for page in openpyxl.load_workbook(path).worksheets:
        for row in page.iter_rows() if page.title != "ae-cli" else ():
            for cell in row:
                found[str(cell.value)] += 1
                found[cell.comment.text if cell.comment else ""] += 1
    return found


def does(path: Path, what: str, n: int, text: str) -> None:
    """One thing that a person does."""

    def how(book: Any) -> None:
        page = book.worksheets[0]
        rows = range(2, page.max_row + 1)
        row = rows[n % len(rows)] if rows else 2
        match what:
            case "people":
                if not any(cell.value == "Mine" for cell in page[1]):
                    page.cell(1, page.max_column + 1, "Mine")
                cell = page.cell(row, at(page, PEOPLE[n % 4]))
                cell.value = f"{cell.value or ''}{text}"
            case "ours":
                headers = [h for h in HEADERS["en"].values() if h not in PEOPLE]
                cell = page.cell(row, at(page, headers[n % len(headers)]))
                again = n % 3 or "typed<" in str(cell.value)  # nobody loses words of their own
                cell.value = f"{text} was {cell.value}" if again else text
            case "own row":
                page.cell(page.max_row + 1, at(page, PEOPLE[n % 3]), text)
            case "sort":
                old = [[cell.value for cell in page[r]] for r in rows]
                for r, values in zip(rows, reversed(old), strict=True):
                    for c, value in enumerate(values, 1):
                        page.cell(r, c).value = value
            case "double":
                page.append([cell.value for cell in page[row]])
                page.cell(page.max_row, at(page, "Answer")).value = text
            case "forget":
                if "ae-cli" in book.sheetnames:
                    del book["ae-cli"]

    change(path, how)


ACTS = st.tuples(
    st.sampled_from(["people", "ours", "own row", "sort", "double", "forget"]), st.integers(0, 50)
)
RUNS = st.tuples(
    st.lists(st.integers(0, 7), unique=True),
    st.sets(st.sampled_from(sorted(RULES)), min_size=1).map(frozenset),
    st.sampled_from([1, 2, 2]),
    st.lists(ACTS, max_size=3),
)


@settings(examples(25), suppress_health_check=list(HealthCheck))
@given(st.lists(RUNS, min_size=2, max_size=4))
def test_nothing_that_a_person_typed_is_lost(tmp_path: Path, runs: Any) -> None:
    path = tmp_path / "q.xlsx"
    path.unlink(missing_ok=True)
    written: list[str] = []
    for number, (found, rules, files, acts) in enumerate(runs):
        run(path, found, FIRST, rules=rules, files=files)
        there = everything(path)
        lost = [text for text in written if not any(text in each for each in there)]
        assert not lost
        for i, (what, n) in enumerate(acts):
            does(path, what, n, text := f"typed<{number}.{i}>")
            if what not in ("sort", "forget"):
                written.append(text)


@settings(examples(25), suppress_health_check=list(HealthCheck))
@given(st.lists(RUNS, min_size=2, max_size=5))
def test_the_state_is_what_the_runs_make_it(tmp_path: Path, runs: Any) -> None:
    """Against a plain account of each finding, run by run."""
    path = tmp_path / "q.xlsx"
    path.unlink(missing_ok=True)
    account: dict[int, State] = {}
    for found, rules, files, _ in runs:
        met = [n for n in found if n < 6]
        run(path, met, FIRST, rules=rules, files=files)
        read = list(READ)[:files]
        for n in range(6):
            known = finding(n)
            looked = known.rule in rules and (known.file, known.sheet or "") in read
            if looked and n in met:
                was = account.get(n)
                again = State.REOPENED if was is State.RESOLVED else State.OPEN
                account[n] = again if was else State.NEW
            elif looked and n in account:
                account[n] = State.RESOLVED
        told = {row["Participant"]: row["State"] for row in rows(path)}
        assert told == {f"S{n}": STATES["en"][state] for n, state in account.items()}
        assert len(rows(path)) == len(account)


def test_the_sample_twice(ae: Run, tmp_path: Path) -> None:
    root = Path(__file__).parents[1] / "samples" / "dirty"
    shutil.copytree(root, tmp_path / "dirty")
    words = (tmp_path / "dirty" / "events.csv", "--subjects", tmp_path / "dirty" / "subjects.csv")
    queries = tmp_path / "queries.xlsx"
    first = ae("validate", *words, "--queries", queries)
    new = rows(queries)
    assert f"{len(new)} new" in first.err
    assert len({row["Key"] for row in new}) == len(new)
    ae("validate", *words, "--queries", queries)
    again = [{**row, "State": "New"} for row in rows(queries)]
    assert again == new
