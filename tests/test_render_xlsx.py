"""The workbook, opened again: numbers are numbers, text is text, nothing is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import python_calamine
from test_render import CI, FATAL, HOSTILE, REPORT, TABLE, hostile, hostile_report

from ae_cli.errors import InputError
from ae_cli.findings import Listing
from ae_cli.render.text import safe
from ae_cli.render.xlsx import listing, write
from ae_cli.render.xlsx.cells import LONG_TEXTS
from ae_cli.table import Column, Rate, Row, Table

HEADERS = ("Subject", "Term", "Grade", "Days")
SERIOUS = Listing("Serious events", "Serious events", HEADERS, (("001", "=1+1", 3, 1.5),))
EVENTS = Listing(
    "All events", "All events & more", HEADERS, (("001", "头痛", None, 0), *SERIOUS.rows)
)
PEOPLE = Listing("Participants", "Participants", ("Subject", "Group"), ())
ABOUT = Listing("About", "About", ("Item", "Value"), (("Program", "ae-cli"), ("Rows read", 45)))
SHEETS = [
    "Summary", "Print view", "Findings", "Serious events", "All events", "Participants", "About",
]  # fmt: skip


def written(
    path: Path, table: Table = TABLE, report=REPORT, rows=(SERIOUS, EVENTS, PEOPLE)
) -> Path:
    write(path, [table], report, rows, ABOUT)
    return path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written(tmp_path_factory.mktemp("book") / "a.xlsx"))


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def values(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def listed(path: Path, *texts: str | int | float | None) -> list[openpyxl.cell.Cell]:
    """The cells of a listing with these values, written and read again."""
    one = Listing("All events", "All", tuple(f"c{i}" for i in range(len(texts))), (texts,))
    return list(openpyxl.load_workbook(written(path, rows=[one]))["All events"][2])


def test_the_sheets_come_in_their_order(book) -> None:
    assert book.sheetnames == SHEETS


def test_the_summary_holds_each_number_in_a_column_of_its_own(book) -> None:
    rows = values(book["Summary"])
    fields = ["n", "N", "%", "lower", "upper", "events", "of", "value"]
    assert rows[0][0] == TABLE.title
    assert (rows[1][3], rows[1][11]) == ("低剂量 N=8", "Total N=16")
    assert rows[2] == ["Row", "Section", "Unit", *fields, *fields, "Key"]
    low = [6, 8, 75, 34.91442055871758, 96.81459737500557, 11, None, None]
    total = [16, 16, 100, None, None, None, None, None]
    assert rows[3] == ["Any adverse event", "P", "participants", *low, *total, "any_ae"]
    assert rows[6][3:11] == [None, None, 81.8, None, None, 9, 11, None]
    assert rows[7][3:5] == ["not collected", None]
    assert (rows[8][10], rows[8][11]) == (5.25, "not estimable")


def test_the_numbers_of_the_summary_are_numbers_with_a_format(book) -> None:
    cells = book["Summary"][4]
    assert [cell.data_type for cell in cells[3:9]] == ["n"] * 6
    assert [cell.number_format for cell in cells[3:9]] == ["0", "0", "0.0", "0.0", "0.0", "0"]


def test_columns_that_no_cell_needs_are_left_out(tmp_path) -> None:
    table = replace(TABLE, rows=TABLE.rows[:3])
    rows = values(openpyxl.load_workbook(written(tmp_path / "a.xlsx", table))["Summary"])
    assert rows[2][3:10] == ["n", "N", "%", "lower", "upper", "events", "n"]


def test_the_print_view_shows_the_cells_as_text(book) -> None:
    rows = values(book["Print view"])
    texts = [[cell for cell in row if cell is not None] for row in rows]
    assert texts == [
        [TABLE.title],
        [TABLE.subtitle],
        [],
        ["低剂量\nN=8", "Total\nN=16"],
        ["P"],
        ["Any adverse event", "6 (75.0%) [34.9, 96.8]", "16 (100.0%)"],
        ["Serious", "0 [0.0, 36.9]", "1 (6.3%)"],
        ["E"],
        ["Events", "11", "120"],
        ["Grade 1-2", "9/11 (81.8%)", "-"],
        ["剂量限制性毒性", "not collected", "not collected"],
        ["Follow-up", "5.3", "not estimable"],
        [],
        ["Intervals are exact."],
        ["Follow-up, Total: not estimable, no dates"],
    ]
    assert book["Print view"]["A7"].alignment.indent == 1


def test_a_narrow_print_view_stands_upright_and_a_wide_one_lies(book, tmp_path) -> None:
    assert book["Print view"].page_setup.orientation == "portrait"
    columns = tuple(Column(f"g{i}", f"Group {i}", 8) for i in range(6))
    row = Row("any_ae", "Any", "participants", (Rate(6, 8, 11, CI),) * 6)
    wide = written(tmp_path / "a.xlsx", replace(TABLE, columns=columns, rows=(row,)))
    assert openpyxl.load_workbook(wide)["Print view"].page_setup.orientation == "landscape"


def test_findings_one_row_each_marked_by_severity(book) -> None:
    sheet = book["Findings"]
    head, twice, fatal, unlisted = values(sheet)
    assert dict(zip(head, fatal, strict=True)) == {
        "Severity": "error", "Rule": "AE-XFD-06", "Message": FATAL.message, "Fix": FATAL.fix,
        "File": "ae.xlsx", "Sheet": "AE", "Row": 17, "Subject": "S-003",
        "Columns": "转归, CTCAE分级", "Values": "转归=死亡; CTCAE分级=4", "All rows": None,
        "Key": FATAL.key, "In the table": None,
    }  # fmt: skip
    assert twice[head.index("All rows")] == "5, 6, 7, 12"
    assert unlisted[:3] == ["warning", "AE-XRC-01", "2 more of this rule, counted but not listed"]
    fills = [sheet.cell(row, 1).fill.fgColor.rgb for row in (2, 3)]
    assert fills == ["00FFE699", "00FFC7CE"]


def test_listings_keep_numbers_numbers_and_text_text(book) -> None:
    assert values(book["All events"]) == [
        list(HEADERS), ["001", "头痛", None, 0], ["001", "=1+1", 3, 1.5],
    ]  # fmt: skip
    assert [cell.data_type for cell in book["All events"][3]] == ["s", "s", "n", "n"]
    assert values(book["Participants"]) == [["Subject", "Group"]]
    assert values(book["About"])[1:] == [["Program", "ae-cli"], ["Rows read", 45]]


@pytest.mark.parametrize("name", ["Findings", "Serious events", "All events", "About"])
def test_each_list_has_a_frozen_head_a_filter_and_a_page_one_sheet_wide(book, name) -> None:
    sheet = book[name]
    last = openpyxl.utils.get_column_letter(sheet.max_column)
    assert sheet.freeze_panes in ("A2", "C2")
    assert sheet.auto_filter.ref == f"A1:{last}{sheet.max_row}"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


def test_the_summary_has_them_too(book) -> None:
    sheet = book["Summary"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B4", "A3:T9")
    assert sheet.print_title_rows == "$2:$3"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"D2:K2", "L2:S2"}


def test_rows_are_as_tall_as_their_text(tmp_path) -> None:
    one = Listing("All events", "All", ("Term",), (("word " * 100,), ("a\nb\nc",), ("short",)))
    sheet = openpyxl.load_workbook(written(tmp_path / "a.xlsx", rows=[one]))["All events"]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [60, 45, 15]
    assert sheet.column_dimensions["A"].width == 160


@pytest.mark.parametrize("text", [*HOSTILE[:-1], "@x", "-1", "+1", "＝1", "#N/A", "_x0041_", " a "])
def test_any_text_is_text_and_is_never_run(tmp_path, text: str) -> None:
    (cell,) = listed(tmp_path / "a.xlsx", text)
    assert cell.data_type == "s"
    assert cell.value.replace("_x005F_", "_") == safe(text, lines=True)
    assert cell.quotePrefix == (text[0] in "=+-@＝")
    (_, (shown,)) = (
        python_calamine.load_workbook(tmp_path / "a.xlsx")
        .get_sheet_by_name("All events")
        .to_python()
    )
    assert shown == safe(text, lines=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_anywhere_gives_a_workbook_that_opens_without_a_formula(tmp_path, text) -> None:
    everywhere = Listing("All events", text, (text,), ((text,),))
    path = tmp_path / "a.xlsx"
    table = replace(hostile(text), listings=(replace(everywhere, name="Beside"),))
    write(path, [table], hostile_report(text), [everywhere], replace(everywhere, name="About"))
    book = openpyxl.load_workbook(path)
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert types == {"s", "n"}
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))


@pytest.mark.parametrize("text", ["x" * 40_000, "长" * 40_000, "😀" * 20_000, "_x0041_" * 5_000])
def test_a_text_too_long_for_a_cell_stands_whole_on_a_sheet_of_its_own(tmp_path, text) -> None:
    one = Listing("All events", "All", ("Subject", "Term"), (("S-1", text),))
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", rows=[one]))
    count = f"{len(text):,} characters, whole in the sheet {LONG_TEXTS}]"
    assert book["All events"]["B2"].value.endswith(count)
    assert book.sheetnames[-1] == LONG_TEXTS
    head, *parts = values(book[LONG_TEXTS])
    assert head == ["Sheet", "Cell", "Part", "Text"]
    assert {tuple(part[:2]) for part in parts} == {("All events", "B2")}
    assert [part[2] for part in parts] == list(range(1, len(parts) + 1))
    assert "".join(part[3] for part in parts).replace("_x005F_", "_") == text


def test_the_longest_text_that_fits_stays_in_its_cell(tmp_path) -> None:
    (cell,) = listed(tmp_path / "a.xlsx", "x" * 32_767)
    assert cell.value == "x" * 32_767


def test_a_number_that_a_sheet_cannot_hold_is_text(tmp_path) -> None:
    cells = listed(
        tmp_path / "a.xlsx", 12345678901234567890, float("nan"), float("inf"), 10**14, True
    )
    assert [cell.value for cell in cells] == ["12345678901234567890", "nan", "inf", 10**14, 1]


def test_a_listing_longer_than_a_sheet_goes_on_in_a_second_one(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(listing, "ROWS", 2)
    rows = tuple((f"S-{i}",) for i in range(5))
    long = Listing("All events", "All", ("Subject",), rows)
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", rows=[long]))
    assert book.sheetnames[3:6] == ["All events", "All events 2", "All events 3"]
    assert values(book["All events 3"]) == [["Subject"], ["S-4"]]


def test_a_footer_shows_an_ampersand(book) -> None:
    assert book["All events"].oddFooter.left.text == "All events && more"


def test_a_footer_too_long_for_excel_is_the_name_of_the_sheet(tmp_path) -> None:
    path = written(tmp_path / "a.xlsx", rows=[replace(EVENTS, title="long " * 60)])
    assert openpyxl.load_workbook(path)["All events"].oddFooter.left.text == "All events"


def test_the_same_input_gives_the_same_bytes_in_any_run_time_and_zone(tmp_path) -> None:
    code = "import sys, pathlib, test_render_xlsx as t; t.written(pathlib.Path(sys.argv[1]))"
    here = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    for name, seed, zone in (("a.xlsx", "1", "UTC"), ("b.xlsx", "2", "Asia/Shanghai")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": here}
        subprocess.run([sys.executable, "-c", code, tmp_path / name], check=True, env=env)
        while not zone.startswith("Asia") and time.time() % 2 < 1.9:
            time.sleep(0.05)  # a zip counts in steps of two seconds
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_file_says_who_made_it_and_not_when(tmp_path) -> None:
    path = written(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert ">ae-cli<" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_a_failure_leaves_the_old_file_whole_and_no_other(tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    class Broken(tuple):
        def __iter__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(path, [TABLE], REPORT, [replace(EVENTS, rows=(Broken(),))], ABOUT)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.xlsx"]


def test_an_old_file_is_replaced_and_nothing_else_is_left(tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    assert zipfile.is_zipfile(written(path))
    assert names(tmp_path) == ["a.xlsx"]


@pytest.mark.parametrize("name", ["nowhere/a.xlsx", "folder"])
def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written") as refused:
        written(tmp_path / name)
    assert refused.value.remedy
    assert names(tmp_path) == ["folder"]


def test_an_empty_table_and_report_give_a_workbook(tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    table = Table("group", "Nothing", (), ())
    write(path, [table], replace(REPORT, findings=(), rules=()), [], ABOUT)
    assert openpyxl.load_workbook(path).sheetnames == ["Summary", "Print view", "Findings", "About"]
