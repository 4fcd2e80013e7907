"""A sheet that a person fills in: one column takes an answer, offered from columns beside it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ae_cli.errors import InputError
from ae_cli.findings import Listing
from ae_cli.output import replacing
from ae_cli.render.xlsx import listing
from ae_cli.render.xlsx.cells import fits
from ae_cli.render.xlsx.sheet import Book


def write(path: Path, rows: Listing, about: Listing, answer: int, offered: range) -> None:
    """Write the sheet and what it stands on; `answer` and `offered` are columns, from 0.

    Texts are as they were, to be found again. The list offers and does not insist. Raises
    InputError for a text that no cell can hold, and for more rows than a sheet has.
    """
    _check(rows)
    with replacing(path) as file, ExitStack() as files:
        book = Book(files, exact=True)
        for each in (rows, about):
            listing.add(book, each)
        page = book.workbook[rows.name]
        page.data_validations.append(_choice(answer, offered, len(rows.rows)))
        book.save(file)


def _choice(answer: int, offered: range, rows: int) -> DataValidation:
    """A list for each cell of the column, of the cells of its own row."""
    first, last, to = map(get_column_letter, (offered[0] + 1, offered[-1] + 1, answer + 1))
    return DataValidation(
        type="list", formula1=f"${first}2:${last}2", sqref=f"{to}2:{to}{max(rows, 1) + 1}",
        allow_blank=True, showErrorMessage=False,
    )  # fmt: skip


def _check(rows: Listing) -> None:
    if len(rows.rows) > listing.ROWS:
        raise InputError("the worksheet has more rows than a sheet of Excel", "split the log")
    texts = (value for row in rows.rows for value in row if isinstance(value, str))
    if long := next((text for text in texts if not fits(text)), None):
        raise InputError(
            f"a text of {len(long):,} characters is longer than a cell of Excel can hold",
            "shorten it in the log: it is no name of an event",
        )
