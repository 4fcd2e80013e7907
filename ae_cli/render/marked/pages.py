"""A workbook of rows as they stand in a file that is no .xlsx."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from ae_cli.errors import InputError
from ae_cli.render.text import safe
from ae_cli.render.xlsx import kept
from ae_cli.render.xlsx.cells import LIMIT
from ae_cli.render.xlsx.measure import fitting
from ae_cli.render.xlsx.styles import STYLES

MOST = 1_048_576
OPENING = 10_000  # characters of a text that no cell can hold
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")  # in the name of a sheet
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet to be: its rows below a header, each with the row that it takes."""

    name: str
    headers: tuple[str, ...]
    rows: Sequence[tuple[str | None, ...]]
    at: Sequence[int]


def made(pages: Sequence[Page]) -> tuple[Any, tuple[str, ...]]:
    """The workbook, and what to say of texts that no cell can hold."""
    book, long = Workbook(), 0
    book.remove(book.active)
    for page in pages:
        if page.at and max(page.at) > MOST:
            raise InputError("the log has more rows than a sheet of Excel", "split the log")
        long += _add(book.create_sheet(sheet_name(page.name)), page)
    return book, (f"{long:,} texts are longer than a cell can hold, and cut",) if long else ()


def sheet_name(name: str) -> str:
    """A name as Excel takes it for a sheet."""
    return FORBIDDEN.sub("_", safe(name)).strip("'")[:31] or "Log"


def _add(sheet: Any, page: Page) -> int:
    top = min(page.at, default=2) - 1
    sample = [page.headers, *page.rows[:SAMPLE]]
    for i, (header, width) in enumerate(zip(page.headers, fitting(sample), strict=True), 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
        _put(sheet.cell(top, i), header)
        kept.dress(sheet.cell(top, i), STYLES["head"])
    long = 0
    for row, texts in zip(page.at, page.rows, strict=True):
        for i, text in enumerate(texts, 1):
            if text is not None:
                long += _put(sheet.cell(row, i), text)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    return long


def _put(cell: Any, text: str) -> bool:
    """Put a text into a cell; whether it was too long for one."""
    long = len(text) > LIMIT // 2
    words = safe(text[:OPENING] if long else text, lines=True)
    kept.put(cell, words + f" … [{len(text):,} characters in all]" if long else words)
    return long
