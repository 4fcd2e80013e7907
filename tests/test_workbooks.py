"""Odd workbooks give the table of the clean one and a note, or are refused; hostile ones too."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import EVENTS, HEADER, Rows, write_xlsx
from formats import ods, xls, xlsb
from hypothesis import given
from hypothesis import strategies as st
from studies import examples
from workbooks import SHEET, STYLES, TEXTS, Edit, parts_of, shared, with_part, xlsx, zipped

from ae_cli.errors import InputError
from ae_cli.read import Log, read_log
from ae_cli.read.marks import Marks, address, letters, place_of
from ae_cli.read.search import extent, matters, pieces, roughly
from ae_cli.read.walk import Struck, Walk
from ae_cli.read.workbook import read as read_workbook

BODY = [tuple(row) for row in EVENTS[1:]]


def edited(path: Path, edits: Mapping[str, Edit], rows: Rows = EVENTS) -> Path:
    """The log as a workbook whose parts were changed by hand."""
    parts = shared(xlsx({"AE": rows}))
    path.write_bytes(zipped({n: edits.get(n, lambda t: t)(text) for n, text in parts.items()}))
    return path


def shaped(path: Path, shape: Callable[[Any], object], rows: Rows = EVENTS) -> Path:
    """The log as a workbook whose sheet was changed with openpyxl."""
    from openpyxl import load_workbook

    book = load_workbook(write_xlsx(path, {"AE": rows}))
    shape(book["AE"])
    book.save(path)
    return path


def texts(log: Log) -> list[tuple[str, ...]]:
    sheet = log.events.sources[0].sheet
    return [sheet.row(i)[: len(HEADER)] for i in range(sheet.cells.height)]


def notes(log: Log) -> tuple[str, ...]:
    return log.events.sources[0].sheet.notes


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_log([path])
    return caught.value


def sheet_xml(text: str) -> Edit:
    """A sheet with these rows."""
    return lambda old: re.sub("<sheetData>.*</sheetData>", lambda _: text, old, flags=re.DOTALL)


# Hidden


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        for row in (3, 5, 40):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.column_dimensions.group("J", "XFD", hidden=True)

    log = read_log([shaped(tmp_path / "ae.xlsx", hide)])
    assert texts(log) == BODY
    assert notes(log) == (
        "2 hidden rows are read (rows 3, 5)",
        "1 hidden column is read (column D)",
    )


def test_many_hidden_rows_are_counted(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        for row in range(4, 14):
            sheet.row_dimensions[row].hidden = True

    log = read_log([shaped(tmp_path / "ae.xlsx", hide, [EVENTS[0], *EVENTS[1:] * 5])])
    assert notes(log) == ("10 hidden rows are read (rows 4, 5, 6, 7, 8 and 5 more)",)


def test_hidden_rows_above_the_header_are_no_matter(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[1].hidden = True

    log = read_log([shaped(tmp_path / "ae.xlsx", hide, [("Study X",), *EVENTS])])
    assert texts(log) == BODY
    assert not [note for note in notes(log) if "hidden" in note]


def test_rows_that_say_that_they_are_not_hidden_are_not(tmp_path: Path) -> None:
    path = edited(
        tmp_path / "ae.xlsx", {SHEET: lambda t: t.replace("<row ", '<row hidden="false" ')}
    )
    assert notes(read_log([path])) == ()


def test_a_hidden_sheet_is_not_read_and_said(tmp_path: Path) -> None:
    old = [HEADER, ("009", "Old event", "5", "Y", "2020-01-01", "Low")]
    path = write_xlsx(tmp_path / "ae.xlsx", {"Old": old, "AE": EVENTS}, hidden=["Old"])
    assert texts(read_log([path])) == BODY
    assert notes(read_log([path])) == ("1 hidden sheet is not read (Old)",)


# Merged


LONG: Rows = [
    HEADER,
    ("001", "Nausea", "2", "N", "2024-03-04", "Low"),
    (None, "Headache", "1", "N", "2024-03-05", None),
    (None, "Fever", "1", "N", "2024-03-06", None),
    ("002", "Sepsis", "4", "Y", "2024-04-01", "High"),
]


def merging(*ranges: str) -> Callable[[Any], None]:
    return lambda sheet: [sheet.merge_cells(area) for area in ranges] and None


def test_a_merged_identifier_belongs_to_all_its_rows(tmp_path: Path) -> None:
    log = read_log([shaped(tmp_path / "ae.xlsx", merging("A2:A4", "F2:F4"), LONG)])
    assert [row[0] for row in texts(log)] == ["001", "001", "001", "002"]
    assert [row[5] for row in texts(log)] == ["Low", "Low", "Low", "High"]
    assert notes(log) == ("4 cells filled from the merged cell above: A3, F3, A4, F4",)


def test_a_blank_that_is_not_merged_stays_blank(tmp_path: Path) -> None:
    log = read_log([shaped(tmp_path / "ae.xlsx", merging("F2:F4"), LONG)])
    assert [row[0] for row in texts(log)] == ["001", "", "", "002"]


def test_nothing_is_filled_across_columns(tmp_path: Path) -> None:
    rows = [HEADER, ("001", "Nausea", None, None, "2024-03-04", "Low"), *LONG[2:]]
    log = read_log([shaped(tmp_path / "ae.xlsx", merging("B2:D2", "A2:A4"), rows)])
    assert texts(log)[0] == ("001", "Nausea", "", "", "2024-03-04", "Low")


def test_a_merged_title_changes_nothing(tmp_path: Path) -> None:
    rows = [("Study X",), (None,), *EVENTS]
    log = read_log([shaped(tmp_path / "ae.xlsx", merging("A1:F2"), rows)])
    assert texts(log) == BODY
    assert notes(log) == ("header found in row 3; the rows above it are not read",)


def test_a_row_merged_as_a_whole_is_one_event(tmp_path: Path) -> None:
    rows = [*EVENTS[:2], (None,) * 6, (None,) * 6, *EVENTS[2:]]
    path = shaped(tmp_path / "ae.xlsx", merging(*(f"{c}2:{c}4" for c in "ABCDEF")), rows)
    log = read_log([path])
    assert texts(log) == BODY
    assert notes(log) == ("2 blank rows skipped",)


# Struck through


def test_text_that_is_struck_through_is_read_and_said(tmp_path: Path) -> None:
    from openpyxl.styles import Font

    def strike(sheet: Any) -> None:
        sheet["B3"].font = sheet["H9"].font = Font(strike=True)

    log = read_log([shaped(tmp_path / "ae.xlsx", strike)])
    assert texts(log) == BODY
    assert notes(log) == ("1 cell read with text that is struck through: B3",)


def test_a_word_that_is_struck_through_is_said_too(tmp_path: Path) -> None:
    partly = "<si><r><rPr><strike/></rPr><t>Head</t></r><r><t>ache</t></r></si>"
    edit = {TEXTS: lambda t: t.replace("<si><t>Headache</t></si>", partly)}
    log = read_log([edited(tmp_path / "ae.xlsx", edit)])
    assert texts(log) == BODY
    assert notes(log) == ("1 cell read with text that is struck through: B3",)


# Formulas and errors


def test_a_formula_without_a_value_is_no_blank(tmp_path: Path) -> None:
    def formula(sheet: Any) -> None:
        sheet["C3"], sheet["F5"] = "=1+1", '=IF(A1="","x","y")'

    error = refused(shaped(tmp_path / "ae.xlsx", formula))
    assert "ae.xlsx [AE]: 2 formulas have no value (C3, F5)" in error.what
    assert error.remedy == "open it in Excel, which calculates them, and save it"


def test_a_formula_is_read_by_its_value(tmp_path: Path) -> None:
    cells = {
        "C2": "><f>1+1</f><v>2</v></c>",
        "D2": ' t="str"><f>"N"</f><v>N</v></c>',
        "F3": ' t="str"><f>""</f><v></v></c>',
    }

    def edit(text: str) -> str:
        for at, new in cells.items():
            text, n = re.subn(f'<c r="{at}".*?</c>', f'<c r="{at}"{new}', text)
            assert n == 1
        return text

    rows = texts(read_log([edited(tmp_path / "ae.xlsx", {SHEET: edit})]))
    assert rows == [BODY[0], (*BODY[1][:5], ""), *BODY[2:]]


def test_an_error_is_said_with_its_place(tmp_path: Path) -> None:
    def fail(sheet: Any) -> None:
        sheet["A3"], sheet["J9"] = "#REF!", "#N/A"

    log = read_log([shaped(tmp_path / "ae.xlsx", fail)])
    assert texts(log)[1][0] == "#REF!"
    assert "2 cells with an error of Excel: A3 #REF!, J9 #N/A" in notes(log)


# Numbers, dates, times


@pytest.mark.parametrize(
    "shown",
    ["yyyy-mm-dd", "dd/mm/yyyy", "[$-804]yyyy-mm-dd;@", 'yyyy"年"m"月"d"日"', "d.m.yy", "mmm-yy",
     r"dd\.mm\.yyyy", "[$-F800]dddd, mmmm dd, yyyy", "m/d/yy h:mm"],
)  # fmt: skip
@pytest.mark.parametrize("epoch", [1900, 1904])
def test_a_date_is_the_day_it_means_however_shown(tmp_path: Path, shown: str, epoch: int) -> None:
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

    path = write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS})
    book = load_workbook(path)
    book.epoch = CALENDAR_MAC_1904 if epoch == 1904 else CALENDAR_WINDOWS_1900
    for row in range(2, 6):
        cell = book["AE"].cell(row, 5)
        cell.value, cell.number_format = date.fromisoformat(cell.value), shown
    book.save(path)
    assert texts(read_log([path])) == BODY


def test_times_durations_and_percentages(tmp_path: Path) -> None:
    def values(sheet: Any) -> None:
        for at, value, shown in (
            ("E2", datetime(2024, 3, 4, 8, 0), "h:mm"), ("E3", time(10, 30), "h:mm"),
            ("B2", timedelta(hours=26), "[h]:mm"), ("B3", 0.15, "0%"), ("C2", 2, '0 "days"'),
            ("C3", 1, "[Red]0"),
        ):  # fmt: skip
            sheet[at].value, sheet[at].number_format = value, shown

    rows = texts(read_log([shaped(tmp_path / "ae.xlsx", values)]))
    assert [row[1] for row in rows[:2]] == ["1 day, 2:00:00", "0.15"]
    assert [row[2] for row in rows[:2]] == ["2", "1"]
    assert [row[4] for row in rows[:2]] == ["2024-03-04T08:00:00", "10:30:00"]


# Text


RICH = '<si><r><t>Nau</t></r><r><rPr><b/></rPr><t xml:space="preserve">sea</t></r></si>'
PHONETIC = '<si><t>Nausea</t><rPh sb="0" eb="2"><t>ノージア</t></rPh><phoneticPr fontId="1"/></si>'


@pytest.mark.parametrize("text", [RICH, PHONETIC, "<si><t><![CDATA[Nausea]]></t></si>"])
def test_text_is_what_is_shown(tmp_path: Path, text: str) -> None:
    edit = {TEXTS: lambda t: t.replace("<si><t>Nausea</t></si>", text)}
    assert texts(read_log([edited(tmp_path / "ae.xlsx", edit)])) == BODY


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a_x000D_b", "a\rb"), ("a_x005F_x000D_b", "a_x000D_b"), ("&#10;a&amp;b", "\na&b"),
        ("长" * 40_000, "长" * 40_000),
    ],
    ids=["return", "escape", "entities", "long"],
)  # fmt: skip
def test_text_is_neither_cut_nor_bent(tmp_path: Path, text: str, read: str) -> None:
    new = f'<si><t xml:space="preserve">{text}</t></si>'
    edit = {TEXTS: lambda t: t.replace("<si><t>Nausea</t></si>", new)}
    assert texts(read_log([edited(tmp_path / "ae.xlsx", edit)]))[0][1] == read


def inline(rows: Rows, cell: str = '<c r="{at}" t="inlineStr">') -> str:
    from openpyxl.utils import get_column_letter

    lines = []
    for i, row in enumerate(rows, 1):
        found = [
            cell.format(at=f"{get_column_letter(j)}{i}") + f"<is><t>{value}</t></is></c>"
            for j, value in enumerate(row, 1)
        ]
        lines.append((f'<row r="{i}">' if "{at}" in cell else "<row>") + "".join(found) + "</row>")
    return "<sheetData>" + "".join(lines) + "</sheetData>"


@pytest.mark.parametrize("cell", ['<c r="{at}" t="inlineStr">', '<c t="inlineStr">',
                                  "<c t='inlineStr' r='{at}'>"])  # fmt: skip
def test_text_within_the_cells_and_cells_without_addresses(tmp_path: Path, cell: str) -> None:
    path = edited(tmp_path / "ae.xlsx", {SHEET: sheet_xml(inline(EVENTS, cell))})
    assert texts(read_log([path])) == BODY


def test_elements_may_have_a_prefix(tmp_path: Path) -> None:
    def prefixed(text: str) -> str:
        text = inline(EVENTS).replace('<row r="3"', '<row r="3" hidden="1"')
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", f"<worksheet>{text}</worksheet>")
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return text.replace("<x:worksheet>", f'<x:worksheet xmlns:x="{space}">')

    log = read_log([edited(tmp_path / "ae.xlsx", {SHEET: prefixed})])
    assert texts(log) == BODY
    assert notes(log) == ("1 hidden row is read (row 3)",)


def test_strict_open_xml(tmp_path: Path) -> None:
    def strict(text: str) -> str:
        text = text.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                            "http://purl.oclc.org/ooxml/spreadsheetml/main")  # fmt: skip
        return text.replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                            "http://purl.oclc.org/ooxml/officeDocument/relationships")  # fmt: skip

    path = shaped(tmp_path / "ae.xlsx", merging("A2:A4"), LONG)
    parts = parts_of(path.read_bytes())
    path.write_bytes(zipped({name: strict(part.decode()) for name, part in parts.items()}))
    log = read_log([path])
    assert [row[0] for row in texts(log)] == ["001", "001", "001", "002"]


@pytest.mark.parametrize("said", ["A1:B2", "A1", "A1:XFD1048576", ""])
def test_a_wrong_dimension_is_no_matter(tmp_path: Path, said: str) -> None:
    def dimension(text: str) -> str:
        return re.sub(
            '<dimension ref="[^"]*" ?/>', f'<dimension ref="{said}"/>' if said else "", text
        )

    assert texts(read_log([edited(tmp_path / "ae.xlsx", {SHEET: dimension})])) == BODY


# Hostile


FAR = {
    "plain": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "in another row": '<row r="6"><c r="XFD1048576"><v>1</v></c></row>',
    "quoted": "<row r='6'><c t='n'  r = 'XFD1048576'><v>1</v></c></row>",
    "prefix": '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
              '<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "no address": '<row r="1048576">' + "<c><v>1</v></c>" * 16_000 + "</row>",
    "empty text": '<row r="6"><c r="XFD1048576" t="str"><f>""</f><v></v></c></row>',
    "error": '<row r="6"><c r="XFD1048576" t="e"><v>#N/A</v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("name", FAR)
@pytest.mark.parametrize("dimension", ["", '<dimension ref="A1:F5"/>'])
def test_a_cell_far_out_takes_no_memory(tmp_path: Path, name: str, dimension: str) -> None:
    def far(text: str) -> str:
        text = re.sub('<dimension ref="[^"]*" ?/>', dimension, text)
        return text.replace("</sheetData>", FAR[name] + "</sheetData>")

    assert "is filled down to cell" in refused(edited(tmp_path / "ae.xlsx", {SHEET: far})).what


def test_a_long_column_and_a_wide_row_make_one_area(tmp_path: Path) -> None:
    """Each of them is small, and they stand in pieces of the sheet of their own."""
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(6, 90_000))
    wide = '<row r="6"><c r="ZZ6"><v>1</v></c></row>'

    def far(text: str) -> str:
        return text.replace("</sheetData>", rows + wide + "</sheetData>")

    assert "down to cell ZZ89999" in refused(edited(tmp_path / "ae.xlsx", {SHEET: far})).what


def test_a_format_far_out_is_no_matter(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = edited(tmp_path / "ae.xlsx", {SHEET: lambda t: t.replace("</sheetData>", far)})
    assert texts(read_log([path])) == BODY


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;">]>'
)


@pytest.mark.parametrize(
    "part", [SHEET, TEXTS, STYLES, "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
             "[Content_Types].xml", "docProps/app.xml"]
)  # fmt: skip
def test_no_part_may_define_words_of_its_own(tmp_path: Path, part: str) -> None:
    def laugh(text: str) -> str:
        text = re.sub(r"^<\?xml[^>]*\?>\s*", "", text)
        return LAUGHS + text.replace("Nausea", "&d;")

    error = refused(edited(tmp_path / "ae.xlsx", {part: laugh}))
    assert "cannot be opened safely" in error.what
    late = edited(tmp_path / "b.xlsx", {part: lambda t: f"<!--{' ' * (1 << 20)}-->{laugh(t)}"})
    assert "cannot be opened safely" in refused(late).what


def raw(path: Path, *members: tuple[str, bytes], **more: bytes) -> Path:
    """The log with members more."""
    data = xlsx({"AE": EVENTS})
    for name, part in members:
        data = with_part(data, name, part)
    path.write_bytes(data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [SHEET, SHEET.upper()])
def test_a_part_that_is_there_twice(tmp_path: Path, name: str) -> None:
    error = refused(raw(tmp_path / "ae.xlsx", (name, b"<x/>")))
    assert error.what.endswith("cannot be opened safely: a part of it is there twice")


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil", "/etc/passwd", "..\\evil"])
def test_a_name_that_leads_outside(tmp_path: Path, name: str) -> None:
    error = refused(raw(tmp_path / "ae.xlsx", (name, b"<x/>")))
    assert "a name that leads outside" in error.what


def lying(path: Path, part: str, size: int) -> Path:
    """The log with a part that says it is of another size, in both of the places for it."""
    data = bytearray(xlsx({"AE": EVENTS}))
    for mark, name_at, size_at in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            if data[at + name_at : at + name_at + len(part)] == part.encode():
                data[at + size_at : at + size_at + 4] = struct.pack("<I", size)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("part", [SHEET, TEXTS, STYLES, "xl/workbook.xml", "docProps/app.xml"])
@pytest.mark.parametrize("size", [0, 10, 100_000])
def test_a_part_that_lies_about_its_size(tmp_path: Path, part: str, size: int) -> None:
    """It is refused, or what it truly holds is read."""
    path = lying(tmp_path / "ae.xlsx", part, size)
    try:
        assert texts(read_log([path])) == BODY
    except InputError as error:
        assert "cannot be opened" in error.what


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("part", [SHEET, TEXTS, "xl/workbook.xml"])
def test_a_part_in_another_encoding_is_not_taken_for_empty(
    tmp_path: Path, encoding: str, part: str
) -> None:
    path = tmp_path / "ae.xlsx"
    parts: dict[str, Any] = shared(xlsx({"AE": EVENTS}))
    parts[part] = parts[part].encode(encoding)
    path.write_bytes(zipped(parts))
    assert "cannot be opened" in refused(path).what


@pytest.mark.parametrize("part", [SHEET, TEXTS, STYLES, "xl/workbook.xml"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.999])
def test_a_part_that_is_cut_short(tmp_path: Path, part: str, share: float) -> None:
    path = edited(tmp_path / "ae.xlsx", {part: lambda t: t[: int(len(t) * share)]})
    try:
        assert texts(read_log([path])) == BODY  # styles are not needed for text
    except InputError as error:
        assert "cannot be opened" in error.what


def test_merged_cells_over_one_another_take_no_time(tmp_path: Path) -> None:
    areas = '<mergeCell ref="A1:A1048576"/>' * 20_000
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(6, 20_000))

    def merge(text: str) -> str:
        more = f"{rows}</sheetData><mergeCells>{areas}</mergeCells>"
        return text.replace("</sheetData>", more)

    assert "cannot be opened" in refused(edited(tmp_path / "ae.xlsx", {SHEET: merge})).what


def test_a_number_too_large_for_a_duration(tmp_path: Path) -> None:
    def huge(sheet: Any) -> None:
        sheet["C2"].value, sheet["C2"].number_format = 1e300, "[h]:mm"

    assert "cannot be opened" in refused(shaped(tmp_path / "ae.xlsx", huge)).what


MADE = {
    "text": (lambda: "<row><c><v>" + "a" * (4 << 20) + "</v></c></row>", "a million characters"),
    "blank cells": (lambda: "<row>" + "<c/>" * 2_300_000 + "</row>", "more than 2,200,000 cells"),
    "merged cells": (lambda: '<row/><mergeCell ref="A1:B1"/>' * 1_100_000, "cannot be opened"),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_what_no_person_made_is_refused(tmp_path: Path, name: str) -> None:
    more, said = MADE[name]
    path = edited(
        tmp_path / "ae.xlsx", {SHEET: lambda t: t.replace("</sheetData>", more() + "</sheetData>")}
    )
    assert said in refused(path).what


def test_a_sheet_of_many_columns_is_read(tmp_path: Path) -> None:
    wide = [(*row, *[None] * 60, "x") for row in EVENTS]
    assert texts(read_log([write_xlsx(tmp_path / "ae.xlsx", {"AE": wide})])) == BODY


def test_too_many_styles(tmp_path: Path) -> None:
    path = edited(tmp_path / "ae.xlsx", {STYLES: lambda t: t + "<xf/>" * (4 << 20)})
    assert "xl/styles.xml is far too large" in refused(path).what


# The search


@pytest.mark.parametrize("size", range(1, 60))
def test_no_word_is_missed_where_chunks_meet(size: int) -> None:
    words = ('<c r="A1" t="e"><v>#N/A</v></c>', '<row r="2" hidden="1"></row>',
             '<c r="B1"><f>1+1</f><v></v></c>')  # fmt: skip
    for word in words:
        xml = f'<x><c r="A1"><v>1</v></c>{word}<c r="B2"><v>1</v></c></x>'.encode()
        chunks = [xml[i : i + size] for i in range(0, len(xml), size)]
        assert b"".join(pieces(chunks)) == xml
        if size > 40:  # a formula may be cut where no cell ends within a chunk, which is a megabyte
            assert matters(chunks, Struck())
        far = xml.replace(b'<c r="B2"', b'<c r="XFD1048576"')
        reach = roughly(far[i : i + size] for i in range(0, len(far), size))
        assert reach is None or reach >= (1_048_576, 16_384)
        found = extent(far[i : i + size] for i in range(0, len(far), size))
        assert found is not None
        assert (found.rows, found.columns) == (1_048_576, 16_384)


places = st.tuples(st.integers(1, 1_048_576), st.integers(1, 800))


@examples(300)
@given(st.lists(st.one_of(places, st.tuples(st.integers(1, 300), st.integers(1, 4))), min_size=1),
       st.integers(20, 400))  # fmt: skip
def test_no_cell_is_farther_than_is_said(cells: list[tuple[int, int]], size: int) -> None:
    for some in (cells, sorted(cells)):
        xml = "".join(f'<c r="{letters(c)}{r}"><v>1</v></c>' for r, c in some).encode()
        reach = roughly(xml[i : i + size] for i in range(0, len(xml), size))
        if reach:
            assert reach[0] >= max(r for r, _ in some) and reach[1] >= max(c for _, c in some)


@pytest.mark.parametrize("last", ['<c r="A0000012"></c>', '<!-- <c r="A0000012"></c> -->',
                                  '<![CDATA[<c r="A9999999"></c>]]>'])  # fmt: skip
def test_what_looks_like_the_last_cell_hides_none(last: str) -> None:
    xml = f'<c r="GR1"><v>1</v></c><c r="A999999"><v>1</v></c>{last}'
    reach = roughly([xml.encode()])
    assert reach is None or reach >= (999_999, 200)


def test_a_sheet_of_two_parts_is_refused(tmp_path: Path) -> None:
    def twice(text: str) -> str:
        other = 'xmlns:x="http://example.org" x:id="rId2" r:id='
        return text.replace("r:id=", other, 1)

    path = edited(tmp_path / "ae.xlsx", {"xl/workbook.xml": twice})
    assert "cannot be opened" in refused(path).what


@pytest.mark.parametrize("rows", [1, 999, 1000, 54_321, 99_999, 100_001, 1_048_576])
@pytest.mark.parametrize("columns", [1, 20, 26, 27, 60])
def test_an_ordinary_sheet_is_known_nearly_to_the_row(rows: int, columns: int) -> None:
    shown = sorted({1, 2, rows // 3 + 1, rows // 2 + 1, rows})
    xml = "".join(
        f'<c r="{letters(c)}{r}"><v>1</v></c>' for r in shown for c in range(1, columns + 1)
    )
    reach = roughly([xml.encode()])
    assert reach is not None
    assert rows <= reach[0] <= max(999, 1.01 * rows) and reach[1] == columns


def test_a_walk_tells_how_far_a_sheet_is_filled() -> None:
    first, blank = b'<row><c><v>1</v></c><c r="D7"><v>1</v></c></row>', b"<row><c/></row>"
    marks = Walk(Struck()).over([b"<s>", first, blank, b"<row><c><v>2</v></c></row></s>"])
    assert (marks.rows, marks.columns, marks.cells) == (9, 4, 3)


@pytest.mark.parametrize("name", ["A1", "Z9", "AA10", "XFD1048576"])
def test_an_address_is_a_place(name: str) -> None:
    place = place_of(name)
    assert place is not None
    assert address(place) == name


def test_nothing_is_noted_of_a_plain_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS})
    (sheet,) = read_workbook(str(path), path.read_bytes())
    assert sheet.marks == Marks()


@examples(60)
@given(
    top=st.integers(0, 3),
    left=st.integers(0, 3),
    rows=st.lists(st.lists(st.sampled_from([None, None, "a", "b"]), max_size=4), max_size=5),
)
def test_every_cell_stays_where_it_stands(
    top: int, left: int, rows: list[list[str | None]]
) -> None:
    grid = [*[[None]] * top, *([*[None] * left, *row] for row in rows), [*[None] * left, "x"]]
    for write in (xls, xlsb, ods):
        (sheet,) = read_workbook("x", write({"AE": grid}))
        found = {
            (line, column): text
            for line, row in zip(sheet.lines, sheet.cells.iter_rows(), strict=True)
            for column, text in enumerate(row)
            if text
        }
        wanted = {
            (line, column): text
            for line, row in enumerate(grid, 1)
            for column, text in enumerate(row)
            if text
        }
        assert found == wanted
