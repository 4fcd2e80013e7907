"""Plain rows on a sheet: a frozen head, a filter, widths that fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ae_cli.findings import Listing
from ae_cli.render.xlsx.cells import LONG_TEXTS, Value
from ae_cli.render.xlsx.measure import fitting, height
from ae_cli.render.xlsx.sheet import Book, Sheet

ROWS = 1_048_575  # a sheet holds this many below its head; the rest goes to a second one
SAMPLE = 1000  # rows looked at for the widths

Rows = Sequence[tuple[Value, ...]]


def add(book: Book, listing: Listing) -> None:
    """The listing on a sheet of its name, or on several where it is longer than a sheet."""
    for name, rows in _sheets(listing):
        widths = list(fitting([listing.headers, *rows[:SAMPLE]]))
        styles = _styles(rows[:SAMPLE], len(widths))
        sheet = Sheet(book, name, widths, "A2")
        sheet.row(listing.headers, ["head"] * len(widths), height(listing.headers, widths))
        for row in rows:
            sheet.row(row, styles, height(row, widths))
        sheet.filter(1)
        sheet.printed(title=listing.title, heads=(1, 1))


def _sheets(listing: Listing) -> Iterator[tuple[str, Rows]]:
    for number, start in enumerate(range(0, max(len(listing.rows), 1), ROWS), 1):
        name = listing.name if number == 1 else f"{listing.name} {number}"
        yield name, listing.rows[start : start + ROWS]


def _styles(rows: Rows, columns: int) -> list[str]:
    """A column is set to the left, as text, if any of its values is one."""
    texts = {i for row in rows for i, value in enumerate(row) if isinstance(value, str)}
    return ["text" if i in texts else "number" for i in range(columns)]


def add_long_texts(book: Book) -> None:
    """The texts that were too long for a cell, in parts, with the cell they belong to."""
    if not book.long_texts:
        return
    widths = (20, 8, 6, 100)
    sheet = Sheet(book, LONG_TEXTS, widths, "A2")
    sheet.row(("Sheet", "Cell", "Part", "Text"), ["head"] * len(widths))
    for long in book.long_texts:
        for number, part in enumerate(long.parts(), 1):
            row = (long.sheet, long.cell, number, part)
            sheet.row(row, ["text"] * len(widths), height(row, widths))
    sheet.filter(1)
    sheet.printed(title=LONG_TEXTS, heads=(1, 1))
