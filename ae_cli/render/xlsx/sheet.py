"""A workbook and its sheets. openpyxl writes all but the rows, which would take it too long.

Rows go to a file as they come, so memory does not grow with a listing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from ae_cli.render.text import looks_like_formula, safe
from ae_cli.render.xlsx import cells
from ae_cli.render.xlsx.archive import Archive
from ae_cli.render.xlsx.mark import marked
from ae_cli.render.xlsx.styles import STYLES

A4 = 9
INCHES = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.7, "header": 0.3, "footer": 0.3}
FOOTER = 200  # characters: with a longer one Excel takes the file for a broken one
TALLEST = 409.0  # points: Excel shows no taller row


class Book:
    """A workbook, and the texts that no cell of it can hold. Its rows wait in `files`.

    An exact one is data to be read again: its texts are as they were, not as they are shown.
    """

    def __init__(self, files: ExitStack, *, exact: bool = False) -> None:
        self.exact = exact
        self.workbook = Workbook(write_only=True)
        self.long_texts: list[cells.LongText] = []
        self._rows: dict[str, IO[bytes]] = {}
        self._styles: dict[tuple[str, bool], int] = {}
        self._files = files
        properties = self.workbook.properties
        properties.creator = "ae-cli"
        properties.created = properties.modified = datetime(2000, 1, 1)
        if not exact:
            marked(self.workbook)

    def sheet(self, name: str) -> tuple[Any, IO[bytes]]:
        """A new sheet, and the file that its rows go to."""
        page = self.workbook.create_sheet(name)
        rows = self._files.enter_context(TemporaryFile())  # noqa: SIM115 (closed with `files`)
        self._rows[f"xl/worksheets/sheet{len(self._rows) + 1}.xml"] = rows
        return page, rows

    def style(self, name: str, *, quoted: bool = False) -> int:
        """The number of a style; a quoted one stays text when the cell is edited."""
        if (name, quoted) not in self._styles:
            cell = WriteOnlyCell(self.workbook.worksheets[0])
            for part, look in STYLES[name].items():
                setattr(cell, part, look)
            cell.quotePrefix = quoted
            self._styles[name, quoted] = cell.style_id
        return self._styles[name, quoted]

    def save(self, file: IO[bytes]) -> None:
        """Write it: without a clock, the same input gives the same bytes."""
        with Archive(file, self._rows) as archive:
            ExcelWriter(self.workbook, archive).write_data()


class Sheet:
    """One sheet, row by row."""

    def __init__(self, book: Book, name: str, widths: Sequence[float], freeze: str = "") -> None:
        self.book, self.name, self.rows = book, name, 0
        self.page, self._file = book.sheet(name)
        self._letters = [get_column_letter(i) for i in range(1, len(widths) + 1)]
        for letter, width in zip(self._letters, widths, strict=True):
            self.page.column_dimensions[letter].width = width
        self.page.freeze_panes = freeze or None
        self.page.merged_cells = []  # openpyxl's own set has a different order in each run

    def row(self, values: Sequence[cells.Value], styles: Iterable[str], height: float = 0) -> None:
        """Append a row, each value in its style; None is no cell, "" an empty one."""
        self.rows += 1
        tall = f' ht="{min(height, TALLEST):g}" customHeight="1"' if height else ""
        row = "".join(map(self._cell, self._letters, values, styles))
        self._file.write(f'<row r="{self.rows}"{tall}>{row}</row>'.encode())

    def across(self, value: str, style: str, height: float) -> None:
        """Append a text that stands across all columns."""
        columns = len(self._letters)
        self.row([value, *[""] * (columns - 1)], [style] * columns, height)
        if columns > 1:
            self.merge(0, columns - 1)

    def merge(self, first: int, last: int) -> None:
        """Make these columns of the last row one cell."""
        area = f"{self._letters[first]}{self.rows}:{self._letters[last]}{self.rows}"
        self.page.merged_cells.append(area)

    def filter(self, head: int) -> None:
        """A filter on each column, below the row `head`."""
        self.page.auto_filter.ref = f"A{head}:{self._letters[-1]}{max(self.rows, head)}"

    def printed(self, *, title: str, heads: tuple[int, int], landscape: bool = True) -> None:
        """A page one sheet wide, with the head on each page and its number below."""
        page = self.page
        page.print_title_rows = "{}:{}".format(*heads)
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.page_setup.orientation = "landscape" if landscape else "portrait"
        page.page_setup.paperSize = A4
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        for side, inches in INCHES.items():
            setattr(page.page_margins, side, inches)
        footer = safe(title).replace("&", "&&")
        page.oddFooter.left.text = footer if len(footer) <= FOOTER else self.name
        page.oddFooter.right.text = "&P / &N"

    def _cell(self, letter: str, value: cells.Value, style: str) -> str:
        if value is None:
            return ""
        address = f"{letter}{self.rows}"
        value = value if self.book.exact else cells.shown(value)
        if not isinstance(value, str):
            return cells.number(address, self.book.style(style), value)
        if not value:
            return cells.blank(address, self.book.style(style))
        kept = value if cells.fits(value) else self._opening(address, value)
        return cells.text(address, self.book.style(style, quoted=looks_like_formula(value)), kept)

    def _opening(self, address: str, value: str) -> str:
        """The beginning of a text that goes whole to a sheet of its own."""
        self.book.long_texts.append(cells.LongText(self.name, address, value))
        return self.book.long_texts[-1].opening()
