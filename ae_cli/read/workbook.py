"""Excel workbooks: calamine reads the values, `walk` what else a sheet tells."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import polars as pl
import python_calamine as calamine

from ae_cli.errors import InputError
from ae_cli.read import formatting
from ae_cli.read.formats import OLE
from ae_cli.read.marks import Marks, address, place_of, some
from ae_cli.read.package import DAMAGED, Package, broken
from ae_cli.read.sheet import Sheet
from ae_cli.read.walk import Struck, Walk, expat, matters

LARGEST = 10_000_000  # cells, filled or not: calamine makes room for every one
SPARSE = 4  # a larger sheet is read if one in so many of its cells is filled
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PROTECTED = "save a copy without one"


def read(path: str, data: bytes) -> list[Sheet]:
    """Every visible sheet that holds something. Raises InputError for what cannot be opened."""
    if data.startswith(OLE) and ENCRYPTED in data:
        raise InputError(f"{path} is protected by a password", _PROTECTED)
    marks = [] if data.startswith(OLE) else _looked_at(path, data)
    try:
        sheets = _sheets(path, data, marks)
    except calamine.PasswordError:
        raise InputError(f"{path} is protected by a password", _PROTECTED) from None
    except InputError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # calamine stops in its own way where it did not expect something
        raise broken(path) from error
    return [replace(sheet, workbook=data) for sheet in sheets if sheet.cells.height]


def _sheets(path: str, data: bytes, marks: list[Marks]) -> list[Sheet]:
    book = calamine.load_workbook(io.BytesIO(data))
    listed = book.sheets_metadata
    if marks and len(marks) != len(listed):
        raise broken(path)
    shown = [(i, m.name) for i, m in enumerate(listed) if m.visible == VISIBLE]
    hidden = [m.name for m in listed if m.visible != VISIBLE and m.typ == WORKSHEET]
    note = f"{len(hidden)} hidden {'sheet is' if len(hidden) == 1 else 'sheets are'} not read"
    notes = (f"{note} ({some(hidden)})",) if hidden else ()
    found = [_sheet(path, name, book, marks[i] if marks else Marks()) for i, name in shown]
    return [replace(sheet, notes=notes) for sheet in found]


VISIBLE = calamine.SheetVisibleEnum.Visible
WORKSHEET = calamine.SheetTypeEnum.WorkSheet


def _looked_at(path: str, data: bytes) -> list[Marks]:
    """What the values of each sheet do not tell. Raises InputError for what is not safe to read."""
    package = Package(path, data)
    if not package.is_xlsx:
        return []
    struck, sheets = formatting.struck(package), package.sheets()
    marks = [_marks(package, part, struck) for _, part in sheets]
    for (name, _), found in zip(sheets, marks, strict=True):
        _check(f"{path} [{name}]", found)
    package.check_rest({part for _, part in sheets})
    return marks


def _marks(package: Package, part: str, struck: Struck) -> Marks:
    if not matters(package.checked(part), struck):
        return Marks()
    try:
        return Walk(struck).over(package.checked(part))
    except (expat.ExpatError, *DAMAGED) as error:
        raise broken(package.path) from error


def _check(where: str, marks: Marks) -> None:
    """Refuse an area that is too large, and formulas that would be read as blanks."""
    if marks.rows * marks.columns > max(LARGEST, SPARSE * marks.cells):
        raise InputError(
            f"{where}: a sheet is filled down to cell {address((marks.rows, marks.columns))}",
            "delete the columns and rows outside the table, and save it",
        )
    if marks.uncalculated:
        n, cells = len(marks.uncalculated), some(map(address, marks.uncalculated))
        raise InputError(
            f"{where}: {n} {'formula has' if n == 1 else 'formulas have'} no value ({cells})",
            "open it in Excel, which calculates them, and save it",
        )


def _sheet(path: str, name: str, book: Any, marks: Marks) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    columns = [_texts(column) for column in zip(*sheet.to_python(skip_empty_area=False))]
    for (row, column), text in marks.errors.items():
        _widened(columns, row, column)[row - 1] = text
    _fill(path, columns, sheet.merged_cell_ranges or (), marks)
    cells = pl.DataFrame([pl.Series(str(i), c, dtype=pl.String) for i, c in enumerate(columns)])
    lines = pl.Series("row", range(1, cells.height + 1), dtype=pl.UInt32)
    cells = cells.with_columns(pl.all().replace("", None)) if cells.width else cells
    return Sheet(path, name, cells, lines, marks=marks)


def _widened(columns: list[Any], row: int, column: int) -> list[str | None]:
    """The column a cell stands in, for a cell that may lie outside of all others."""
    height = max(row, len(columns[0]) if columns else 0)
    columns.extend([] for _ in range(column - len(columns)))
    for i, cells in enumerate(columns):
        if len(cells) < height:
            columns[i] = [*cells, *[None] * (height - len(cells))]
    columns[column - 1] = list(columns[column - 1])
    return columns[column - 1]  # type: ignore[no-any-return]


def _fill(path: str, columns: list[Any], merges: Sequence[Any], marks: Marks) -> None:
    """Fill what is merged downwards, in its first column, where the row has more to say.

    A row that is merged as a whole is one tall row: filling it would count it several times.
    """
    filled, height, seen = {}, len(columns[0]) if columns else 0, 0
    for (top, left), (bottom, _) in merges:
        rows = range(top + 1, min(bottom + 1, height)) if left < len(columns) else range(0)
        seen += len(rows)
        if seen > height * len(columns):
            raise broken(path)  # merged cells that lie over one another
        text = columns[left][top] if rows else None
        filled.update({(row, left): text for row in rows if text and not columns[left][row]})
    own = {row for row, _ in filled if any((c[row] or "").strip() for c in columns)}
    for row, left in sorted(filled):
        if row in own:
            columns[left] = columns[left] if isinstance(columns[left], list) else list(columns[left])
            columns[left][row] = filled[row, left]
            marks.merged.append((row + 1, left + 1))


def _texts(column: Sequence[Any]) -> Sequence[str | None]:
    """A column as a person reads it. Most hold text alone, and stay as they are."""
    kinds = set(map(type, column))
    if kinds <= {str}:
        return column
    if bool in kinds:  # True equals 1, and would be taken for it
        return [_text(value) for value in column]
    texts = {value: _text(value) for value in set(column)}
    return [texts[value] for value in column]


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
