"""Excel workbooks: calamine reads the values; number formats where an identifier needs them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import python_calamine as calamine

from ae_cli.errors import InputError
from ae_cli.read import legacy
from ae_cli.read.compound import OLE
from ae_cli.read.sheet import Sheet, from_rows

Texts = dict[tuple[int, int], str]  # by row and column, from 1


def read(path: str, data: bytes) -> list[Sheet]:
    """Every visible sheet that holds something. Raises InputError for what cannot be opened."""
    if data.startswith(OLE) and ENCRYPTED in data:
        raise InputError(f"{path} is protected by a password", "save a copy without one")
    errors = _looked_into(path, data)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        visible = [
            m.name for m in book.sheets_metadata if m.visible == calamine.SheetVisibleEnum.Visible
        ]
        errors = errors or legacy.errors(path, data, [m.name for m in book.sheets_metadata])
        sheets = [_sheet(path, name, book, errors.get(name, {})) for name in visible]
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
    return [replace(sheet, workbook=data) for sheet in sheets if sheet.cells.height]


def _sheet(path: str, name: str, book: Any, errors: Texts) -> Sheet:
    grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    rows = [[_text(value) for value in row] for row in grid]
    for (row, column), text in errors.items():
        rows[row - 1][column - 1] = text
    return from_rows(path, name, rows, range(1, len(rows) + 1))


def _looked_into(path: str, data: bytes) -> dict[str, Texts]:
    """What calamine would stumble over: a cell so far out that the area down to it is too large,
    and errors such as #N/A, which it takes for blanks; they are given by sheet and cell.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = [n for n in book.namelist() if re.fullmatch(r"xl/worksheets/\w+\.xml", n)]
            errors = [name for name in names if _looked_at(path, book, name)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return {}  # not an .xlsx, or a damaged one: calamine's business
    return _errors(path, data) if errors else {}


def _looked_at(path: str, book: zipfile.ZipFile, name: str) -> bool:
    """Whether a sheet holds an error. Raises InputError if its area is too large."""
    with book.open(name) as sheet:
        before = sheet.read(CHUNK)
        area = _DIMENSION.search(before)
        if area and int(area[2]) * _number_of(area[1]) > LARGEST:
            raise InputError(
                f"{path}: a sheet is filled down to cell {(area[1] + area[2]).decode()}",
                "delete the columns and rows outside the table, and save it",
            )
        while before:
            chunk = sheet.read(CHUNK)
            if b't="e"' in before + chunk[:4]:
                return True
            before = chunk
    return False


def _number_of(letters: bytes) -> int:
    return sum((letter - 64) * 26**i for i, letter in enumerate(reversed(letters)))


def _errors(path: str, data: bytes) -> dict[str, Texts]:
    with _formats(path, data) as book:
        return {
            sheet.title: {
                (cell.row, cell.column): str(cell.value)
                for row in sheet.iter_rows()
                for cell in row
                if cell.data_type == "e"
            }
            for sheet in book.worksheets
        }


@contextmanager
def _formats(path: str, data: bytes) -> Iterator[Any]:
    """The workbook by openpyxl, which knows more of a cell than its value, and takes longer."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it would lose by saving is no matter here
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        except Exception as error:
            raise InputError(
                f"{path}: the formats of its cells cannot be read",
                "open it in Excel and save it again",
            ) from error
        for sheet in book.worksheets:
            sheet.reset_dimensions()
        yield book


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


ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CHUNK = 1 << 20
LARGEST = 1 << 26  # cells: all rows of 64 columns; calamine makes room for every one
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')

_LEADING_ZEROS = re.compile(rb'formatCode="[^"]*0{2,}[^"]*"')
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_UNSEEN = re.compile(r"\[[^\]]*\]|_.|\*.")  # a colour or language, a width, a filling


def has_zero_formats(data: bytes) -> bool:
    """Whether any cell style of the workbook could show leading zeros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return bool(_LEADING_ZEROS.search(book.read("xl/styles.xml").replace(b"&quot;", b"'")))
    except (zipfile.BadZipFile, KeyError):
        return False


def shown_identifiers(data: bytes, sheet: Sheet, column: int) -> dict[int, str]:
    """Row to text, for numbers of a column whose number format shows leading zeros: 001."""
    shown = {}
    with _formats(sheet.path, data) as book:
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
    marks = _UNSEEN.sub("", marks)
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
