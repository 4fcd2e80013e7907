"""The table as a page to print: `n (%) [CI]` in each cell, the footnotes below."""

from __future__ import annotations

from collections.abc import Sequence

from ae_cli.render.text import cell_text, footnotes, heading, is_words, sections
from ae_cli.render.xlsx.measure import LINE, height, line_width, lines
from ae_cli.render.xlsx.sheet import Book, Sheet
from ae_cli.render.xlsx.styles import label
from ae_cli.table import Row, Table

SMALL = 14.0  # for text of 9 points
PORTRAIT = 140  # characters: a wider table would be too small on an upright page
LABEL = 48.0


def add(book: Book, table: Table, name: str) -> None:
    """The sheet of this name."""
    widths = _widths(table)
    sheet = Sheet(book, name, widths)
    top = _title(sheet, table, sum(widths))
    _head(sheet, table, widths)
    _body(sheet, table, widths)
    sheet.across("", "footnote", SMALL)
    for note in footnotes(table):
        sheet.across(note, "footnote", SMALL * lines(note, sum(widths) * 1.1))
    sheet.page.sheet_view.showGridLines = False
    sheet.printed(title=table.title, heads=(top, top), landscape=sum(widths) > PORTRAIT)


def _widths(table: Table) -> list[float]:
    labels = [line_width(row.label) + 2 * row.indent for row in table.rows]
    return [min(max([*labels, 20]) + 3.0, LABEL), *(_width(table, i) for i in _columns(table))]


def _columns(table: Table) -> range:
    return range(len(table.columns))


def _width(table: Table, i: int) -> float:
    cells = [len(cell_text(row.cells[i])) for row in table.rows]
    return max([*cells, min(line_width(table.columns[i].label), 24), 10]) + 2.0


def _title(sheet: Sheet, table: Table, width: float) -> int:
    """Title and subtitle; the row that the head takes next."""
    sheet.across(table.title, "page title", 20.0 * lines(table.title, width / 1.3))
    if table.subtitle:
        sheet.across(table.subtitle, "subtitle", LINE * lines(table.subtitle, width))
    sheet.across("", "subtitle", LINE / 2)
    return sheet.rows + 1


def _head(sheet: Sheet, table: Table, widths: Sequence[float]) -> None:
    heads = ["\n".join(filter(None, heading(column))) for column in table.columns]
    styles = ["head", *["head of numbers"] * len(heads)]
    sheet.row(["", *heads], styles, height(heads, widths[1:]) + 4)


def _body(sheet: Sheet, table: Table, widths: Sequence[float]) -> None:
    for section, row in sections(table):
        if section:
            sheet.across(section, "section", LINE * lines(section, sum(widths)) + 2)
        _row(sheet, row, widths[0])


def _row(sheet: Sheet, row: Row, width: float) -> None:
    styles = ["page words" if is_words(cell) else "page cell" for cell in row.cells]
    texts = [cell_text(cell) for cell in row.cells]
    tall = LINE * lines(row.label, width - 2 * row.indent) + 2
    sheet.row([row.label, *texts], [label(row.indent), *styles], tall)
