"""A copy of a log with its findings in it: cells coloured by severity, with notes, and a list.

The copy is the user's own workbook, with its layout, formulas, other sheets and notes. Of a file
that is no .xlsx it is a workbook of its rows as they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from ae_cli.findings import Report
from ae_cli.render.marked import listed, pages
from ae_cli.render.marked.marks import Layout, placed
from ae_cli.render.marked.pages import Page
from ae_cli.render.marked.paint import paint
from ae_cli.render.text import count
from ae_cli.render.xlsx import kept
from ae_cli.render.xlsx.mark import marked

__all__ = ["Layout", "Page", "write"]


def write(
    file: IO[bytes], report: Report, name: str, data: bytes | None, layouts: Sequence[Layout],
    rows: Sequence[Page],
) -> tuple[str, ...]:  # fmt: skip
    """Write the marked copy of the log called `name`; what to say of it.

    `data` is the workbook it is made of; where it is None, it is made of `rows`. `layouts` tell
    where the fields stand.
    """
    book, lost = kept.opened(name, data) if data else pages.made(rows)
    columns = {page.title: page.max_column for page in book.worksheets}
    marks, first = placed(report.findings, layouts, columns)
    said = paint(book, marks)
    said += listed.add(book, report, first)
    marked(book)
    kept.save(book, file)
    kept_not = (f"not in the copy as in {name}: {', '.join(lost)}",) if lost and data else lost
    if data and (n := kept.formulas(book)):
        said += (f"without values until Excel opens it: {count(n, 'formula')}",)
    return (*kept_not, *said)
