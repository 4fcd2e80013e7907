"""A listing as aligned columns; as blocks where a screen is too narrow for them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from ae_cli.findings import Listing
from ae_cli.render.text import safe, short
from ae_cli.render.wrap import wrap

GAP = "  "


def lines(listing: Listing, width: int | None = None) -> Iterator[str]:
    """The listing's title, headers and rows. Control characters are shown, not sent. In a pipe,
    without a width, nothing is wrapped."""
    yield from wrap(safe(listing.title), width) if width else [safe(listing.title)]
    rows = [tuple(_text(cell) for cell in row) for row in (listing.headers, *listing.rows)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    room = sum(widths) + len(GAP) * (len(widths) - 1)
    if width and room > width:
        yield from (line for row in rows[1:] for line in _block(rows[0], row, width))
    else:
        yield from (_aligned(row, widths) for row in rows)
    yield ""


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    cells = (set_cell_size(text, width) for text, width in zip(row, widths, strict=True))
    return GAP.join(cells).rstrip()


def _block(headers: tuple[str, ...], row: tuple[str, ...], width: int) -> Iterator[str]:
    """A row under its first cell: header and cell of every other one that holds something."""
    yield from wrap(row[0], width)
    told = [f"{h}: {cell}" for h, cell in zip(headers[1:], row[1:], strict=True) if cell]
    line = ""
    for part in told:
        if line and cell_len(GAP + line + GAP + part) > width:
            yield GAP + line
            line = ""
        line = f"{line}{GAP}{part}" if line else part
        if cell_len(GAP + line) > width:
            *whole, line = wrap(line, width - len(GAP))
            yield from (GAP + each for each in whole)
    if line:
        yield GAP + line


def _text(cell: str | int | float | None) -> str:
    return "" if cell is None else short(str(cell))
