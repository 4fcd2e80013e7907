"""Excel workbooks: calamine reads the values, and what else a sheet tells is added to them."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice, repeat
from typing import Any

import polars as pl
import python_calamine as calamine

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read import legacy
from ae_cli.read.compound import OLE
from ae_cli.read.looked import Looked
from ae_cli.read.marks import Marks, Place, Texts, some
from ae_cli.read.package import broken
from ae_cli.read.sheet import HIDDEN, Sheet, as_cell

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
VISIBLE = calamine.SheetVisibleEnum.Visible
WORKSHEET = calamine.SheetTypeEnum.WorkSheet
BATCH = 1 << 14  # rows
Marking = Callable[[int], list[Future[Marks]]]  # from the number of sheets


def read(path: str, data: bytes, limits: Limits = Limits()) -> list[Sheet]:
    """Every visible sheet that holds something. Raises InputError for what cannot be opened."""
    protected = InputError(f"{path} is protected by a password", "save a copy without one")
    if data.startswith(OLE) and ENCRYPTED in data:
        raise protected
    looked = None if data.startswith(OLE) else Looked(path, data, limits)
    try:
        with ThreadPoolExecutor(1) as pool:
            marking = partial(looked.marks, pool) if looked else _unmarked
            errors = legacy.errors(path, data, looked.package if looked else None, limits)
            sheets = _sheets(path, data, marking, errors)
    except calamine.PasswordError:
        raise protected from None
    except InputError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # calamine stops in a way of its own where it meets what it did not expect
        raise broken(path) from error
    return [replace(sheet, workbook=data) for sheet in sheets if sheet.cells.height]


def _unmarked(sheets: int) -> list[Future[Marks]]:
    none: Future[Marks] = Future()
    none.set_result(Marks())
    return [none] * sheets


def _sheets(path: str, data: bytes, marking: Marking, found: Sequence[Texts]) -> list[Sheet]:
    book = calamine.load_workbook(io.BytesIO(data))
    listed = book.sheets_metadata
    marks = marking(len(listed))
    errors = dict(zip((m.name for m in listed), found or repeat({}), strict=bool(found)))
    hidden = [m.name for m in listed if m.visible != VISIBLE and m.typ == WORKSHEET]
    note = f"{len(hidden)} {HIDDEN}{' is' if len(hidden) == 1 else 's are'} not read"
    notes = (f"{note} ({some(hidden)})",) if hidden else ()
    return [
        replace(_sheet(path, of.name, book, marked, errors[of.name]), notes=notes)
        for of, marked in zip(listed, marks, strict=True)
        if of.visible == VISIBLE
    ]


def _sheet(
    path: str, name: str, book: Any, marked: Future[Marks], errors: Mapping[Place, str]
) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    columns, marks = _columns(sheet), marked.result()
    marks = replace(marks, errors={**marks.errors, **errors})
    for (row, column), text in marks.errors.items():
        _widened(columns, row, column)[row - 1] = text
    _fill(path, columns, sheet.merged_cell_ranges or (), marks)
    cells = pl.DataFrame([pl.Series(str(i), c, dtype=pl.String) for i, c in enumerate(columns)])
    lines = pl.Series("row", range(1, cells.height + 1), dtype=pl.UInt32)
    cells = cells.with_columns(pl.all().replace("", None)) if cells.width else cells
    return Sheet(path, name, cells, lines, marks=marks)


def _columns(sheet: Any) -> list[Any]:
    """The texts by column, made some rows at a time: as objects of Python they take much room.

    Blank rows above the first cell are given, blank columns beside it are not. Collecting garbage
    is put off: a million rows make none.
    """
    collecting, rows, parts = gc.isenabled(), sheet.iter_rows(), []
    gc.disable()
    try:
        while batch := list(islice(rows, BATCH)):
            columns = zip(*batch, strict=True)
            parts.append([pl.Series(_texts(column), dtype=pl.String) for column in columns])
    finally:
        if collecting:
            gc.enable()
    found = [pl.concat(column, rechunk=True) for column in zip(*parts, strict=True)]
    left = pl.Series([None], dtype=pl.String).new_from_index(0, len(found[0]) if found else 0)
    return [*[left] * (sheet.start[1] if found and sheet.start else 0), *found]


def _widened(columns: list[Any], row: int, column: int) -> list[str | None]:
    """The column a cell stands in, for a cell that may lie outside of all others."""
    height = max(row, len(columns[0]) if columns else 0)
    columns.extend([None] * height for _ in range(column - len(columns)))
    for i, cells in enumerate(columns):
        if len(cells) < height:
            columns[i] = [*cells, *[None] * (height - len(cells))]
    return _listed(columns, column - 1)


def _listed(columns: list[Any], index: int) -> list[str | None]:
    """A column whose cells can be changed."""
    if not isinstance(columns[index], list):
        columns[index] = list(columns[index])
    return columns[index]  # type: ignore[no-any-return]


def _fill(path: str, columns: list[Any], merges: Sequence[Any], marks: Marks) -> None:
    """Fill what is merged downwards, in its first column, where the row has more to say.

    A row that is merged as a whole is one tall row: filling it would count it several times.
    """
    filled, height, seen = {}, len(columns[0]) if columns else 0, 0
    for index in range(len(columns) if merges else 0):
        _listed(columns, index)  # looked at cell by cell, which lists are the faster for
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
            columns[left][row] = filled[row, left]
            marks.merged.append((row + 1, left + 1))


def _texts(column: Sequence[Any]) -> Sequence[str | None]:
    """A column as a person reads it. Most hold text alone, and stay as they are."""
    kinds = set(map(type, column))
    if kinds <= {str}:
        return column
    if bool in kinds:  # True equals 1, and would be taken for it
        return [as_cell(value) for value in column]
    texts = {value: as_cell(value) for value in set(column)}
    return list(map(texts.__getitem__, column))
