"""Workbooks as other programs write them: their parts, changed by hand."""

from __future__ import annotations

import re
from datetime import date

from test_workbooks import inline
from workbooks import SHEET, TEXTS

from corpus.base import DAYS, EN, LAST
from corpus.case import Expected, error, finding, same, series
from corpus.write import reworked, swapped, typed, xlsx

EXCEL, BOOK = "Excel", "ae.xlsx"
TERM = EN[2][2]
TEXT = f"<si><t>{TERM}</t></si>"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

for _name, _said in {"small": "A1:B2", "of one cell": "A1", "huge": "A1:XFD1048576"}.items():
    series(
        same(EXCEL, BOOK), f"a wrong dimension, {_name}",
        f"The sheet says that it is {_said}, and is not.",
        lambda said=_said: reworked(xlsx({"AE": EN}), {
            SHEET: swapped('<dimension ref="[^"]*" ?/>', f'<dimension ref="{said}"/>')}),
    )  # fmt: skip

RICH = {
    "in several fonts": f"<si><r><t>{TERM[:3]}</t></r><r><rPr><b/></rPr><t>{TERM[3:]}</t></r></si>",
    "with a reading aid": f'<si><t>{TERM}</t><rPh sb="0" eb="2"><t>ノージア</t></rPh></si>',
    "in a CDATA section": f"<si><t><![CDATA[{TERM}]]></t></si>",
}  # fmt: skip
for _name, _text in RICH.items():
    series(
        same(EXCEL, BOOK), f"text {_name}", f"A term is written {_name}.",
        lambda text=_text: reworked(xlsx({"AE": EN}), {TEXTS: swapped(TEXT, text)}),
    )  # fmt: skip


@same(EXCEL, BOOK)
def text_within_cells_without_addresses() -> bytes:
    """Cells have no addresses and hold their text themselves."""
    rows = inline(EN, '<c t="inlineStr">')
    return reworked(xlsx({"AE": EN}), {SHEET: swapped("<sheetData>.*</sheetData>", rows)})


@same(EXCEL, BOOK)
def elements_with_a_prefix() -> bytes:
    """Every element of the sheet has a prefix."""

    def prefixed(text: str) -> str:
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", f"<worksheet>{inline(EN)}</worksheet>")
        return text.replace("<x:worksheet>", f'<x:worksheet xmlns:x="{SPACE}">')

    return reworked(xlsx({"AE": EN}), {SHEET: prefixed})


@same(EXCEL, BOOK)
def strict_open_xml() -> bytes:
    """The workbook was saved as Strict Open XML."""
    kinds = {SPACE: "http://purl.oclc.org/ooxml/spreadsheetml/main",
             "http://schemas.openxmlformats.org/officeDocument/2006/relationships":
             "http://purl.oclc.org/ooxml/officeDocument/relationships"}  # fmt: skip

    def strict(text: str) -> str:
        for loose, name in kinds.items():
            text = text.replace(loose, name)
        return text

    return reworked(xlsx({"AE": typed(EN)}), {}, strict)


@same(EXCEL, "ae.xlsm")
def a_workbook_with_macros() -> bytes:
    """An .xlsm with a part of macros, which are not run."""
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    edits = {"[Content_Types].xml": swapped(re.escape(sheet), kind)}
    return reworked(xlsx({"AE": typed(EN)}), edits, more={"xl/vbaProject.bin": bytes(range(256))})


def ended(row: str) -> bytes:
    """The log with a row more at the end of the sheet."""
    data = xlsx({"AE": EN})
    return reworked(data, {SHEET: swapped("</sheetData>", f"{row}</sheetData>")})


@error(EXCEL, "is filled down to cell XFD1048576", "delete", file=BOOK)
def a_stray_cell_in_the_last_corner() -> bytes:
    """A cell in the last corner of the sheet holds a number."""
    return ended('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@same(EXCEL, BOOK)
def a_format_in_the_last_corner() -> bytes:
    """The cell in the last corner has a format and nothing in it."""
    return ended('<row r="1048576"><c r="XFD1048576" s="0"/></row>')


@finding(EXCEL, Expected("AE-REQ-01", rows=(LAST + 500,)), file=BOOK, others=True)
def a_stray_cell_below() -> bytes:
    """Five hundred rows below the log somebody typed a word under the terms."""
    row = LAST + 500
    cell = f'<c r="C{row}" t="inlineStr"><is><t>Rash</t></is></c>'
    return ended(f'<row r="{row}">{cell}</row>')


@same(EXCEL, BOOK, said=("blank row",))
def a_thousand_formatted_rows() -> bytes:
    """A thousand rows below the log have borders and spaces, and nothing else."""
    cell = '<c r="A{0}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>'
    lines = (f'<row r="{r}">{cell.format(r)}</row>' for r in range(LAST + 1, LAST + 1001))
    return ended("".join(lines))


@finding(EXCEL, Expected("AE-TYP-01", count=DAYS, says="from 1904 or 1900"), file=BOOK, others=True)
def plain_numbers_in_a_workbook_of_1904() -> bytes:
    """Dates lost their format in a workbook that counts from 1904: a number is four years off."""

    def number(text: str) -> int:
        return (date.fromisoformat(text) - date(1904, 1, 1)).days

    rows = [(*row[:8], number(row[8]), row[9] and number(row[9])) if i else row
            for i, row in enumerate(EN)]  # fmt: skip
    edits = {"xl/workbook.xml": swapped("<workbookPr */>|<workbookPr></workbookPr>",
                                        '<workbookPr date1904="1"/>')}  # fmt: skip
    return reworked(xlsx({"AE": rows}), edits)
