"""A workbook: the table as numbers and as a page, the findings, the listings, what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from ae_cli.findings import Listing, Report
from ae_cli.output import replacing
from ae_cli.render.text import listed_alone
from ae_cli.render.xlsx import findings, listing, print_view, summary
from ae_cli.render.xlsx.sheet import Book
from ae_cli.table import Table


def write(
    path: Path,
    tables: Sequence[Table],
    report: Report,
    listings: Sequence[Listing],
    about: Listing,
) -> None:
    """Write the workbook, whole or not at all. Same input, same bytes.

    Its sheets: Summary and Print view of the first table, then those of the others with their
    listings, Findings, the listings, About; and Long texts, where a text was too long for a cell.
    An InputError says why the file cannot be written.
    """
    with replacing(path) as file, ExitStack() as files:
        book = Book(files)
        for i, table in enumerate(tables):
            name = f"{table.name.capitalize()} " if i else ""
            if not listed_alone(table):
                summary.add(book, table, f"{name}summary".strip().capitalize())
                print_view.add(book, table, f"{name}print view".strip().capitalize())
            for rows in table.listings:
                listing.add(book, rows)
        findings.add(book, report)
        for rows in (*listings, about):
            listing.add(book, rows)
        listing.add_long_texts(book)
        book.save(file)
