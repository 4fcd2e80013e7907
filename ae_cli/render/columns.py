"""A listing as aligned columns, wrapped to a terminal's width. In a pipe it is never wrapped."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from ae_cli.render.text import safe
from ae_cli.table import Listing

PIPE = 100_000  # columns: wider than any row


def lines(listing: Listing, width: int | None = None) -> Iterator[str]:
    """The listing's title, headers and rows. Control characters are shown, not sent."""
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="none")
    for header in listing.headers:
        grid.add_column(Text(safe(header)), no_wrap=width is None, overflow="fold")
    for row in listing.rows:
        grid.add_row(*(Text(_text(cell)) for cell in row))
    page = Console(file=io.StringIO(), width=width or PIPE, color_system=None, legacy_windows=False)
    with page.capture() as shown:
        page.print(grid)
    yield safe(listing.title)
    yield from (line.rstrip() for line in shown.get().splitlines())
    yield ""


def _text(cell: str | int | float | None) -> str:
    return "" if cell is None else safe(str(cell))
