"""A workbook: the table as numbers and as a page, the findings, the listings, what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from ae_cli.findings import Report
from ae_cli.output import replacing
from ae_cli.render.xlsx import findings, listing, print_view, summary
from ae_cli.render.xlsx.sheet import Book
from ae_cli.table import Listing, Table


def write(
    path: Path, table: Table, report: Report, listings: Sequence[Listing], about: Listing
) -> None:
    """Write the workbook, whole or not at all. Same input, same bytes.

    Its sheets: Summary, Print view, Findings, the listings, About; and Long texts, where a
    text was too long for a cell. An InputError says why the file cannot be written.
    """
    with replacing(path) as file, ExitStack() as files:
        book = Book(files)
        summary.add(book, table)
        print_view.add(book, table)
        findings.add(book, report)
        for rows in (*listings, about):
            listing.add(book, rows)
        listing.add_long_texts(book)
        book.save(file)
