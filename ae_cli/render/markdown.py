"""Markdown as GitHub reads it. Text from a file can form no link, picture or markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ae_cli.findings import Listing
from ae_cli.render import text
from ae_cli.table import Row, Table

MARKS = re.compile(r"([\\`*_\[\]~|#])")


def table(table: Table) -> str:
    """Title, table, footnotes."""
    return "\n".join(_lines(table)) + "\n"


def _lines(table: Table) -> Iterator[str]:
    yield f"## {_plain(table.title)}"
    if table.subtitle:
        yield from ("", _plain(table.subtitle))
    if not text.listed_alone(table):
        yield ""
        yield from _head(table)
        yield from _body(table)
    for listing in table.listings:
        yield from _listing(listing)
    notes = text.footnotes(table)
    if notes:
        yield ""
        yield from (f"- {_plain(note)}" for note in notes)


def _listing(listing: Listing) -> Iterator[str]:
    yield from ("", f"### {_plain(listing.title)}", "")
    if not listing.rows:
        yield "None."
        return
    yield _line([_plain(header) for header in listing.headers])
    yield _line(["---"] * len(listing.headers))
    for row in listing.rows:
        yield _line(["" if cell is None else _plain(str(cell)) for cell in row])


def _head(table: Table) -> Iterator[str]:
    heads = ("<br>".join(filter(None, map(_plain, text.heading(c)))) for c in table.columns)
    yield _line(["", *heads])
    yield _line(["---", *("---:" for _ in table.columns)])


def _body(table: Table) -> Iterator[str]:
    for section, row in text.sections(table):
        if section:
            yield _line([f"**{_plain(section)}**", *("" for _ in table.columns)])
        yield _row(row)


def _row(row: Row) -> str:
    label = "&emsp;" * row.indent + _plain(row.label)
    return _line([label, *(text.cell_text(cell) for cell in row.cells)])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(words: str) -> str:
    return MARKS.sub(r"\\\1", html.escape(text.safe(words), quote=False))
