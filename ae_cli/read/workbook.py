"""Excel workbooks: calamine reads the values; number formats where an identifier needs them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time
from typing import Any

import python_calamine as calamine

from ae_cli.errors import InputError
from ae_cli.read.sheet import Sheet, from_rows


def read(path: str, data: bytes) -> list[Sheet]:
    """Every visible sheet that holds something. Raises InputError for what cannot be opened."""
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        visible = [
            m.name for m in book.sheets_metadata if m.visible == calamine.SheetVisibleEnum.Visible
        ]
        sheets = [_sheet(path, name, book) for name in visible]
    except calamine.PasswordError:
        raise InputError(f"{path} is protected by a password", "save a copy without one") from None
    except (
        calamine.CalamineError,
        calamine.XmlError,
        calamine.ZipError,
        zipfile.BadZipFile,
    ) as error:
        raise InputError(
            f"{path} cannot be opened as a workbook", "open it in Excel and save it again"
        ) from error
    return [sheet for sheet in sheets if sheet.cells.height]


def _sheet(path: str, name: str, book: Any) -> Sheet:
    grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    rows = [[_text(value) for value in row] for row in grid]
    return from_rows(path, name, rows, range(1, len(rows) + 1))


def _text(value: Any) -> str | None:
    """A cell as a person reads it: whole numbers without a point, midnight without a time."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


_LEADING_ZEROS = re.compile(rb'formatCode="[^"]*0{2,}[^"]*"')
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')


def has_zero_formats(data: bytes) -> bool:
    """Whether any cell style of the workbook could show leading zeros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return bool(_LEADING_ZEROS.search(book.read("xl/styles.xml").replace(b"&quot;", b"'")))
    except (zipfile.BadZipFile, KeyError):
        return False


def shown_identifiers(data: bytes, sheet: Sheet, column: int) -> dict[int, str]:
    """Row to text, for numbers of a column whose number format shows leading zeros: 001."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    shown = {}
    for (cell,) in book[sheet.name].iter_rows(min_col=column + 1, max_col=column + 1):
        if isinstance(cell.value, (int, float)) and float(cell.value).is_integer():
            text = zero_filled(int(cell.value), cell.number_format)
            if text is not None and text != str(int(cell.value)):
                shown[cell.row] = text
    return shown


def zero_filled(number: int, number_format: str) -> str | None:
    """A whole number as a format of zeros and literal text shows it; None for other formats.

    >>> zero_filled(1, "000"), zero_filled(12, '"S-"000'), zero_filled(1001, "00-000")
    ('001', 'S-012', '01-001')
    """
    pattern = number_format.split(";", maxsplit=1)[0]
    marks = _QUOTED.sub(lambda m: "\0" * len(m.group(1) or m.group(2) or ""), pattern)
    literals = iter("".join(m.group(1) or m.group(2) or "" for m in _QUOTED.finditer(pattern)))
    if not re.fullmatch(r"[0\0\- /]*", marks) or "00" not in marks.replace("\0", ""):
        return None
    digits = list(str(number).zfill(marks.count("0")))
    extra = len(digits) - marks.count("0")
    out = []
    for mark in marks:
        if mark == "0":
            out.append("".join(digits[: extra + 1]))
            digits, extra = digits[extra + 1 :], 0
        else:
            out.append(next(literals) if mark == "\0" else mark)
    return "".join(out)
