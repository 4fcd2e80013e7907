"""Any file to text cells that remember the row a person sees, whatever wrote it and however."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import EVENTS, HEADER, ROOT, SUBJECTS, Rows, csv_text, write_csv, write_xlsx
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.config import Config
from ae_cli.config import load as load_config
from ae_cli.errors import InputError
from ae_cli.read import Log, Sheet, read_log
from ae_cli.read.formatting import zero_filled
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.study import open_study
from ae_cli.table import Table


def saved(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(*paths: Path, encoding: str | None = None, **how: Any) -> Log:
    how["config"] = how.get("config", Config()).with_files(encoding=encoding)
    return read_log(paths, **how)


def sheet_of(log: Log) -> Sheet:
    return log.events.sources[0].sheet


def texts(log: Log) -> list[tuple[str, ...]]:
    """The rows below the header, as text."""
    sheet = sheet_of(log)
    width = len(sheet.headers)
    return [sheet.row(i)[:width] for i in range(sheet.cells.height)]


def lines(log: Log) -> list[int]:
    return log.events.frame["row"].to_list()


def notes(log: Log) -> str:
    return "\n".join(sheet_of(log).notes)


def refused(*paths: Path, **how: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read(*paths, **how)
    return caught.value


BODY = [tuple(row) for row in EVENTS[1:]]

# Delimited text


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_any_line_end(tmp_path: Path, delimiter: str, end: str) -> None:
    log = read(saved(tmp_path / "ae.csv", csv_text(EVENTS, delimiter, end)))
    assert texts(log) == BODY
    assert lines(log) == [2, 3, 4, 5]
    assert sheet_of(log).headers == HEADER


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"),
     ("utf-16-be", b"\xfe\xff")],
)  # fmt: skip
def test_utf_8_and_utf_16(tmp_path: Path, encoding: str, mark: bytes) -> None:
    rows = [("受试者编号", "不良事件名称"), ("001", "恶心"), ("002", "头痛 é")]
    log = read(saved(tmp_path / "ae.csv", mark + csv_text(rows).encode(encoding)))
    assert texts(log) == rows[1:]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    log = read(saved(tmp_path / "ae.csv", csv_text(EVENTS).rstrip("\n")))
    assert texts(log) == BODY


def test_a_delimiter_in_a_cell_is_text(tmp_path: Path) -> None:
    rows = [HEADER, ("1", 'Rash, "mild", face', "2", "N", "2024-03-04", "a;b\tc|d")]
    for delimiter in ",;\t|":
        log = read(saved(tmp_path / "ae.csv", csv_text(rows, delimiter)))
        assert texts(log) == [tuple(rows[1])]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_is_the_line_a_person_sees(tmp_path: Path, end: str) -> None:
    rows = [("Subject ID", "Adverse event"), ("1", f"Rash{end}of the{end}face"), ("2", "Nausea"),
            ("3", f"two{end}lines"), ("4", "Fever")]  # fmt: skip
    log = read(saved(tmp_path / "ae.csv", csv_text(rows, end=end)))
    assert texts(log) == rows[1:]
    assert lines(log) == [2, 5, 6, 8]


@pytest.mark.parametrize("blank", ["", ",,,,,", "  , ,,,,", "   "])
def test_blank_rows_are_skipped_and_counted(tmp_path: Path, blank: str) -> None:
    written = csv_text(EVENTS).splitlines()
    text = "\n".join([*written[:2], blank, *written[2:4], blank, blank, *written[4:], blank, ""])
    log = read(saved(tmp_path / "ae.csv", text))
    assert texts(log) == BODY
    assert lines(log) == [2, 4, 5, 8]


def test_blank_rows_are_noted(tmp_path: Path) -> None:
    log = read(saved(tmp_path / "ae.csv", csv_text([*EVENTS, [""] * 6, EVENTS[1], [" "] * 6])))
    assert lines(log) == [2, 3, 4, 5, 7]
    assert "2 blank rows skipped" in notes(log)


@pytest.mark.parametrize(
    "above",
    ["\n", "\n\n\n", "Study ABC-1,,\n", "Study ABC-1\nListing 1, adverse events\n\n", '"a\nb"\n',
     "sep=,\n", "Adverse events\n" * 20],
)  # fmt: skip
def test_the_header_is_found_below_a_title(tmp_path: Path, above: str) -> None:
    log = read(saved(tmp_path / "ae.csv", above + csv_text(EVENTS)))
    first = above.count("\n") + 2
    assert texts(log) == BODY
    assert lines(log) == list(range(first, first + 4))
    assert "above the header" in notes(log)


def test_short_rows_are_blank_to_the_right_and_noted(tmp_path: Path) -> None:
    log = read(saved(tmp_path / "ae.csv", csv_text(EVENTS) + "005,Fever\n006,Cough,1\n"))
    assert texts(log)[4:] == [("005", "Fever", "", "", "", ""), ("006", "Cough", "1", "", "", "")]
    assert "rows with fewer cells than the header: 2 (line 6, 7)" in notes(log)


def test_empty_cells_too_many_are_no_matter(tmp_path: Path) -> None:
    log = read(saved(tmp_path / "ae.csv", csv_text(EVENTS).replace("\n", ",,\n")))
    assert texts(log)[0][:6] == BODY[0]
    more = read(saved(tmp_path / "b.csv", csv_text(EVENTS) + "005,Fever,1,N,2024-03-04,Low,, \n"))
    assert texts(more)[4][:6] == ("005", "Fever", "1", "N", "2024-03-04", "Low")


@pytest.mark.parametrize("before", [0, 3])
def test_a_row_too_long_is_refused_with_its_line(tmp_path: Path, before: int) -> None:
    text = "\n" * before + csv_text(EVENTS) + "005,Rash, mild,2,N,2024-03-04,Low\n"
    error = refused(saved(tmp_path / "ae.csv", text))
    assert f"ae.csv, line {6 + before} has 7 cells, the header has 6" in error.what
    assert "quotation marks" in error.remedy


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('1,"Nausea,2\n2,Rash,1\n', 2),
        ('1,Nausea,2\n2,"Rash,1\n3,Fever,1\n', 3),
        ('1,"Nausea "severe" today",2\n', 2),
        ('1,"a\nb",2\n2,"Rash"x,1\n', 4),
        ('1,"Nausea",2\n2,Rash,"1\n', 3),
        ('1,Nausea,""2"\n', 2),
    ],
)
def test_a_quotation_mark_astray_is_refused_with_its_line(
    tmp_path: Path, rows: str, line: int
) -> None:
    error = refused(saved(tmp_path / "ae.csv", "Subject ID,Adverse event,Grade\n" + rows))
    assert f"ae.csv, line {line}: a quotation mark" in error.what


def test_a_quotation_mark_within_a_bare_cell_is_text(tmp_path: Path) -> None:
    log = read(saved(tmp_path / "ae.csv", 'Subject ID,Adverse event\n1,5" wound\n2,a "b" c\n'))
    assert texts(log) == [("1", '5" wound'), ("2", 'a "b" c')]


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    data = csv_text(EVENTS).encode() + "005,恶心,1,,,\n".encode("gb18030")
    error = refused(saved(tmp_path / "ae.csv", data))
    assert "ae.csv, line 6: the text is not UTF-8" in error.what
    assert "CSV UTF-8" in error.remedy
    error = refused(
        saved(tmp_path / "b.csv", b"\xff\xfe" + csv_text(EVENTS).encode("utf-16-le")[:-1])
    )
    assert "UTF-16" in error.what


cell = st.text(alphabet='ab ,;"\n', max_size=4)
table = st.lists(st.tuples(cell, cell, cell), max_size=5)


@examples(100)
@given(rows=table, quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_was_written_is_what_is_read(rows: list[tuple[str, ...]], quoting: Any) -> None:
    """Whichever way in is taken, the fast or the careful: no cell is bent, no row renumbered."""
    from ae_cli.read import delimited

    page = io.StringIO(newline="")
    writer = csv.writer(page, quoting=quoting, lineterminator="\n")
    at = []
    for row in [("Subject ID", "Adverse event", "Grade"), *rows]:
        at.append(page.getvalue().count("\n") + 1)
        writer.writerow(row)
    sheet = delimited.read("x", page.getvalue().encode(), lambda row: row[:1] == ["Subject ID"])
    found = [(n, sheet.row(i)) for i, n in enumerate(sheet.lines) if any(sheet.row(i))]
    written = [(n, row) for n, row in zip(at[1:], rows, strict=True) if any(row)]
    assert found[1:] == written


@examples(500)
@given(text=st.text(alphabet='ab,"\n', max_size=30))
def test_the_fast_way_reads_what_the_careful_way_reads(text: str) -> None:
    from ae_cli.read import delimited
    from ae_cli.read.ragged import careful

    data = f"a,b,c\n{text}".encode()
    fast = delimited._fast("x", data, ",", 0)
    if fast is not None:
        slow = careful("x", data, ",", 0)
        assert _filled(fast) == _filled(slow)


def _filled(sheet: Sheet) -> list[tuple[int, tuple[str, ...]]]:
    """The rows that hold something, without the blanks they may end in: those tell nothing."""
    rows = [(n, _to_the_last(sheet.row(i))) for i, n in enumerate(sheet.lines)]
    return [(n, row) for n, row in rows if any(cell.strip() for cell in row)]


def _to_the_last(row: tuple[str, ...]) -> tuple[str, ...]:
    filled = [i for i, cell in enumerate(row, 1) if cell]
    return row[: max(filled, default=0)]


# Workbooks


def test_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    rows: Rows = [
        HEADER,
        (1, "Nausea", 2, True, date(2024, 3, 4), 1.5),
        ("002", "Rash", 2.0, False, datetime(2024, 3, 4, 10, 30), 1e20),
        (10**10, None, "III", "N", "2024-03", ""),
    ]
    log = read(write_xlsx(tmp_path / "ae.xlsx", {"AE": rows}))
    assert texts(log) == [
        ("1", "Nausea", "2", "TRUE", "2024-03-04", "1.5"),
        ("002", "Rash", "2", "FALSE", "2024-03-04T10:30:00", "100000000000000000000"),
        ("10000000000", "", "III", "N", "2024-03", ""),
    ]
    assert lines(log) == [2, 3, 4]


def test_rows_and_columns_may_be_blank_around_and_within(tmp_path: Path) -> None:
    inner = [("", "", *row) for row in EVENTS]
    blank = ("",) * 8
    rows = [blank, ("", "Study X"), blank, *inner[:3], blank, blank, *inner[3:], blank]
    log = read(write_xlsx(tmp_path / "ae.xlsx", {"AE": rows}))
    assert [row[2:8] for row in texts(log)] == BODY
    assert lines(log) == [5, 6, 9, 10]
    assert "header found in row 4" in notes(log)
    assert "2 blank rows skipped" in notes(log)


def test_line_breaks_in_cells_move_no_row(tmp_path: Path) -> None:
    rows = [("Subject ID", "Adverse\nevent"), ("1", "Rash\nface"), ("2", "Fever")]
    log = read(write_xlsx(tmp_path / "ae.xlsx", {"AE": rows}))
    assert lines(log) == [2, 3]
    assert sheet_of(log).headers == ("Subject ID", "Adverse event")
    assert texts(log)[0] == ("1", "Rash\nface")


def formatted(path: Path, numbers: Sequence[tuple[Any, str]]) -> Path:
    """A log whose identifiers are these numbers in these formats."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("Subject ID", "Adverse event", "Grade"))
    for row, (number, shown) in enumerate(numbers, 2):
        sheet.append((number, "Nausea", 2))
        sheet.cell(row, 1).number_format = shown
    book.save(path)
    return path


def test_an_identifier_is_what_its_number_format_shows(tmp_path: Path) -> None:
    numbers = [(1, "000"), (12, '"S-"000'), (3, r"\S\-000"), (4, "00-000"), (5, "[Red]000"),
               (6, "000;-000"), (7, "0000000000"), ("008", "000"), (9, "General"), (1234, "000"),
               (10, "0"), (11, "0.00")]  # fmt: skip
    log = read(formatted(tmp_path / "ae.xlsx", numbers))
    assert log.events.frame["subject"].to_list() == [
        "001", "S-012", "S-003", "00-004", "005", "006", "0000000007", "008", "9", "1234", "10",
        "11",
    ]  # fmt: skip
    assert "identifiers read with the zeros their number format shows: 7" in notes(log)


def test_numbers_that_are_no_identifiers_keep_their_value(tmp_path: Path) -> None:
    path = formatted(tmp_path / "ae.xlsx", [(1, "000")])
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.active["C2"].number_format = "000"
    book.save(path)
    assert texts(read(path)) == [("001", "Nausea", "2")]


@pytest.mark.parametrize(
    ("number", "shown", "text"),
    [
        (1, "000", "001"), (0, "000", "000"), (12345, "000", "12345"), (1001, "00-000", "01-001"),
        (7, '00"a b"0', "00a b7"), (5, "000_)", "005"), (5, "[$-804]000", "005"),
        (5, "General", None), (5, "0", None), (5, "0.00", None), (5, "#,##0", None),
        (5, "yyyy-mm-dd", None), (5, "@", None), (5, "000%", None),
    ],
)  # fmt: skip
def test_how_a_number_format_shows_zeros(number: int, shown: str, text: str | None) -> None:
    assert zero_filled(number, shown) == text


def test_events_and_participants_are_found_in_one_workbook(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Read me": [("This workbook was made by the site.",)],
        "DM": SUBJECTS,
        "Empty": [],
        "AE": EVENTS,
        "Labs": [("Subject ID", "Test", "Result"), ("001", "ALT", "30")],
    }
    log = read(write_xlsx(tmp_path / "study.xlsx", sheets))
    assert sheet_of(log).name == "AE"
    assert log.subjects is not None
    assert log.subjects.sources[0].sheet.name == "DM"
    assert log.subjects.frame["subject"].to_list() == ["001", "002", "003", "004"]


def test_files_that_were_swapped_are_told(tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", EVENTS)
    people = write_csv(tmp_path / "people.csv", SUBJECTS)
    both = refused(people, subjects=log)
    assert "people.csv looks like a list of participants" in both.what
    assert "may have been swapped" in both.what
    assert "--subjects" in both.remedy
    assert "and not like a log of events" in refused(people).what
    assert "and not like a list of participants" in refused(log, subjects=log).what


def test_events_alone_are_enough(tmp_path: Path) -> None:
    assert read(write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS})).subjects is None
    assert read(write_csv(tmp_path / "ae.csv", EVENTS)).subjects is None


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    old = [HEADER, ("009", "Old event", "5", "Y", "2020-01-01", "Low")]
    path = write_xlsx(tmp_path / "ae.xlsx", {"Old": old, "AE": EVENTS}, hidden=["Old"])
    assert texts(read(path)) == BODY
    assert "no sheet 'Old'" in refused(path, sheet="Old").what


def test_of_two_logs_in_a_workbook_one_must_be_named(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "ae.xlsx", {"AE 1": EVENTS[:2], "AE 2": EVENTS})
    error = refused(path)
    assert "AE 1, AE 2" in error.what
    both = "--sheet 'AE 1' --sheet 'AE 2'"
    assert error.remedy == (
        f"name one: --sheet 'AE 1'; or, where each holds a part of the log, all: {both}"
    )
    assert len(texts(read(path, sheet="AE 2"))) == 4
    assert len(texts(read(path, sheet="AE 1"))) == 1
    wrong = refused(path, sheet="AE 3")
    assert "no sheet 'AE 3'" in wrong.what
    assert wrong.remedy == "it has AE 1, AE 2"
    config = Config.model_validate({"files": {"events_sheet": "AE 2"}})
    assert len(texts(read(path, config=config))) == 4


def test_of_two_sheets_of_participants_one_must_be_named(tmp_path: Path) -> None:
    sheets = {"AE": EVENTS, "People": SUBJECTS, "More": SUBJECTS[:2]}
    path = write_xlsx(tmp_path / "ae.xlsx", sheets)
    assert "People, More" in refused(path).what
    named = Config.model_validate({"files": {"subjects_sheet": "More"}})
    log = read(path, config=named)
    assert log.subjects is not None
    assert log.subjects.frame.height == 1


def test_a_sheet_of_participants_that_is_named_is_not_done_without(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS, "DM": SUBJECTS})
    config = Config.model_validate({"files": {"subjects_sheet": "Subjects"}})
    assert "'Subjects'" in refused(path, config=config).what
    assert "'Subjects'" in refused(write_csv(tmp_path / "ae.csv", EVENTS), config=config).what
    assert "'Subjects'" in refused(path, subjects=path, config=config).what


def test_the_participants_may_be_named_in_the_workbook_of_the_events(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "study.xlsx", {"AE": EVENTS, "DM": SUBJECTS})
    log = read(path, subjects=path)
    assert log.subjects is not None
    assert log.subjects.sources[0].sheet.name == "DM"


def test_a_chart_is_no_sheet(tmp_path: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.chart import BarChart, Reference

    path = write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS})
    book = load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(book["AE"], min_col=3, min_row=1, max_row=4))
    book.create_chartsheet("Chart").add_chart(chart)
    book.save(path)
    assert texts(read(path)) == BODY


def test_an_error_in_a_cell_is_no_blank(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS, "DM": SUBJECTS})
    book = load_workbook(path)
    book["AE"]["C3"], book["AE"]["F5"] = "#N/A", "#REF!"
    book["DM"]["B2"] = "#DIV/0!"
    book.save(path)
    log = read(path)
    assert texts(log)[1][2] == "#N/A"
    assert texts(log)[3][5] == "#REF!"
    assert log.subjects is not None
    assert log.subjects.frame["arm"][0] == "#DIV/0!"
    assert sorted(p.text for p in log.events.problems) == ["#N/A", "#REF!"]
    assert [(p.text, p.rule) for p in log.subjects.problems] == [("#DIV/0!", "AE-TYP-12")]


def test_a_cell_far_outside_the_table_is_refused_before_it_takes_the_memory(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS})
    book = load_workbook(path)
    book["AE"]["XFD1048576"] = "x"
    book.save(path)
    assert "filled down to cell XFD1048576" in refused(path).what


# Parquet


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "Subject ID": pl.Series([1.0, 2.0, None]),
            "Adverse event": ["Nausea", "", None],
            "Grade": pl.Series([2, None, 3], dtype=pl.Int8),
            "Serious": [True, False, None],
            "Start date": [date(2024, 3, 4), None, date(2024, 3, 5)],
            "End date": [datetime(2024, 3, 4), None, datetime(2024, 3, 6)],
            "Date of death": [datetime(2024, 3, 4, 10, 30), None, None],
            "Age": pl.Series([30.0, 30.5, float("nan")]),
            "Dose group": pl.Series(["Low", None, "High"], dtype=pl.Categorical),
            "Codes": [[1, 2], None, []],
        }
    )
    frame.write_parquet(tmp_path / "ae.parquet")
    log = read(tmp_path / "ae.parquet")
    assert texts(log) == [
        ("1", "Nausea", "2", "TRUE", "2024-03-04", "2024-03-04", "2024-03-04T10:30:00", "30", "Low",
         "[1, 2]"),
        ("2", "", "", "FALSE", "", "", "", "30.5", "", ""),
        ("", "", "3", "", "2024-03-05", "2024-03-06", "", "", "High", "[]"),
    ]  # fmt: skip
    assert lines(log) == [1, 2, 3]


def test_a_time_zone_changes_no_clock(tmp_path: Path) -> None:
    start = pl.Series([datetime(2024, 3, 4, 23, 30)]).dt.replace_time_zone("Asia/Shanghai")
    frame = pl.DataFrame({"Subject ID": ["1"], "Adverse event": ["Nausea"], "Start date": start})
    frame.write_parquet(tmp_path / "ae.parquet")
    assert texts(read(tmp_path / "ae.parquet"))[0][2] == "2024-03-04T23:30:00"


# Whatever it is called


@pytest.mark.parametrize("name", ["ae.csv", "ae.xlsx", "ae.parquet", "ae.dat", "ae"])
def test_a_file_is_told_by_what_it_holds(tmp_path: Path, name: str) -> None:
    for i, write in enumerate((write_csv, _xlsx, _parquet)):
        folder = tmp_path / str(i)
        folder.mkdir()
        assert texts(read(write(folder / name, EVENTS))) == BODY


def _xlsx(path: Path, rows: Rows) -> Path:
    write_xlsx(path.with_suffix(".xlsx"), {"AE": rows}).rename(path)
    return path


def _parquet(path: Path, rows: Rows) -> Path:
    columns = zip(*rows[1:], strict=True)
    pl.DataFrame(dict(zip(rows[0], map(list, columns), strict=True))).write_parquet(path)
    return path


def test_parts_of_a_log_are_one_log(tmp_path: Path) -> None:
    """The parts may differ in kind, in the order of their columns and in the columns they have."""
    first = write_csv(tmp_path / "1.csv", EVENTS[:3])
    turned = [row[::-1] for row in (HEADER, *EVENTS[3:4])]
    second = write_xlsx(tmp_path / "2.xlsx", {"AE": turned})
    third = _parquet(tmp_path / "3.parquet", [row[:3] for row in (HEADER, *EVENTS[4:])])
    log = read(first, second, third)
    assert log.events.frame["term"].to_list() == [row[1] for row in BODY]
    assert log.events.frame["row"].to_list() == [2, 3, 2, 1]
    assert log.events.frame["file"].to_list() == [0, 0, 1, 2]
    assert log.events.frame["arm"].to_list() == ["Low", "Low", "High", None]


def test_columns_of_no_use_change_nothing_that_is_read(tmp_path: Path) -> None:
    rows = [(*row, f"remark {i}", "") for i, row in enumerate(EVENTS)]
    log = read(write_csv(tmp_path / "ae.csv", rows))
    assert log.events.frame["term"].to_list() == [row[1] for row in BODY]


# The same study in every format gives the same table (law L14)

FOLDER = ROOT / "samples" / "hucmsc"


def tables(folder: Path) -> dict[str, tuple[Path, Path | None]]:
    """The sample study, written in each format; the participants in the same or in a sheet."""
    events = sheet_of(read(FOLDER / "events.xlsx"))
    rows = [events.headers, *(events.row(i) for i in range(events.cells.height))]
    with (FOLDER / "subjects.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.reader(file))
    utf16 = saved(folder / "u.csv", b"\xff\xfe" + csv_text(rows).encode("utf-16-le"))
    split = [rows[:20], [rows[0], *rows[20:]]]
    return {
        "csv": (write_csv(folder / "ae.csv", rows), write_csv(folder / "dm.csv", people)),
        "tsv": (saved(folder / "ae.tsv", csv_text(rows, "\t", "\r\n")), folder / "dm.csv"),
        "semicolon": (saved(folder / "s.csv", csv_text(rows, ";")), folder / "dm.csv"),
        "utf-16": (utf16, folder / "dm.csv"),
        "xlsx": (write_xlsx(folder / "ae.xlsx", {"AE": rows, "DM": people}), None),
        "parquet": (
            _parquet(folder / "ae.parquet", rows),
            _parquet(folder / "dm.parquet", people),
        ),
        "parts": (write_csv(folder / "1.csv", split[0]), write_csv(folder / "2.csv", split[1])),
    }


@pytest.fixture(scope="module")
def tabled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Table]:
    files = tables(tmp_path_factory.mktemp("formats"))
    config = load_config(FOLDER / "study.toml")

    def make(name: str) -> Table:
        events, people = files[name]
        parts = [events, people] if name == "parts" and people else [events]
        study = open_study(parts, files["csv"][1] if name == "parts" else people, config)
        return summarize(study, check(study))

    return make


@pytest.mark.parametrize("name", ["tsv", "semicolon", "utf-16", "xlsx", "parquet", "parts"])
def test_each_format_gives_the_same_table(tabled: Callable[[str], Table], name: str) -> None:
    one, other = tabled("csv"), tabled(name)
    assert (other.columns, other.rows) == (one.columns, one.rows)
    assert other.findings == one.findings
    assert other.footnotes == one.footnotes
