"""A workbook's sheets as they stand, for what is no log: rows of text, no header looked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read.files import content, shown_name
from ae_cli.read.formats import format_of
from ae_cli.read.sheet import Sheet, check_texts

Rows = list[tuple[str, ...]]


def workbook(path: Path, limits: Limits = Limits()) -> tuple[str, list[tuple[str, Rows]]]:
    """The SHA-256 of a workbook, and its visible sheets: name and rows, blanks as "".

    Raises InputError for what is no workbook, or cannot be opened safely.
    """
    data, name = content(path, limits), shown_name(path)
    form = format_of(data)
    if form is None or form.name != "Excel":
        raise InputError(f"{name} is no workbook", "give an Excel file: .xlsx, .xls, .xlsb or .ods")
    sheets = form.sheets(name, data, limits)
    for sheet in sheets:
        check_texts(sheet)
    return hashlib.sha256(data).hexdigest(), [(sheet.name or "", _rows(sheet)) for sheet in sheets]


def _rows(sheet: Sheet) -> Rows:
    return [tuple(cell or "" for cell in row) for row in sheet.cells.iter_rows()]
