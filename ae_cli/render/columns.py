"""A listing as aligned columns for a terminal. In a pipe it is never wrapped."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from ae_cli.render.text import safe
from ae_cli.table import Listing

GAP = "  "


def lines(listing: Listing) -> Iterator[str]:
    """The listing's title, headers and rows. Control characters are shown, not sent."""
    rows = [tuple(_text(cell) for cell in row) for row in (listing.headers, *listing.rows)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    yield safe(listing.title)
    for row in rows:
        cells = (set_cell_size(text, width) for text, width in zip(row, widths, strict=True))
        yield GAP.join(cells).rstrip()
    yield ""


def _text(cell: str | int | float | None) -> str:
    return "" if cell is None else safe(str(cell))
