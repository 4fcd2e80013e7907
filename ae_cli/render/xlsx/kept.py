"""A workbook of somebody's own, opened to be added to; and what would not survive that."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import coordinate_to_tuple

from ae_cli.errors import InputError
from ae_cli.render.text import count, looks_like_formula
from ae_cli.render.xlsx.cells import CODED, Value
from ae_cli.render.xlsx.measure import height, line_width
from ae_cli.render.xlsx.sheet import TALLEST as TALLEST_ROW
from ae_cli.render.xlsx.styles import HAIR

WIDTH, TALLEST = 380, 420  # points of the box of a note
LINE = 52  # characters to a line of it
LONGEST = 100  # characters of what openpyxl says

# Parts of a workbook that openpyxl does not write again as they were.
_PARTS = {
    "chart": r"xl/charts/chart\d*\.xml",
    "image": r"xl/media/[^/]+",
    "pivot table": r"xl/pivotTables/pivotTable\d*\.xml",
    "macro project": r"xl/vbaProject\.bin",
    "embedded object": r"xl/embeddings/[^/]+",
    "form control": r"xl/(ctrlProps|activeX)/[^/]+\.xml",
    "slicer": r"xl/slicers/[^/]+\.xml",
    "comment thread": r"xl/threadedComments/[^/]+\.xml",
    "data connection": r"xl/(connections|queryTables/[^/]+)\.xml",
}
_SHAPE = re.compile(rb"<(?:\w+:)?(?:sp|cxnSp|grpSp)[ >]")
_EXTENSION = re.compile(r"^(.+?) extension is not supported")
_NO_DATE = re.compile(r"Cell (\w+) is marked as a date but the serial value (\S+) is outside")
_HARMLESS = re.compile(r"Workbook contains no (default style|stylesheet)|DrawingML support")
_RETURN = "_x000D_"  # a line break of another system, as workbooks write it and openpyxl reads it
REPLACED = ("comment thread", "data connection")  # their texts and values stay in cells and notes


class Lost(tuple[str, ...]):
    """What is lost or changed when a workbook is written again; `whole`: things that are gone."""

    whole: tuple[str, ...] = ()


def opened(path: str, data: bytes) -> tuple[Any, Lost]:
    """The workbook with its formulas, and what is lost or changed when it is written again.

    Raises InputError for what is no workbook.
    """
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            book = load_workbook(io.BytesIO(data), rich_text=True)
        said = [str(each.message) for each in told]
        lost = _lost(data, said)
    except Exception as error:  # a damaged file fails in many ways, and each text may quote it
        raise InputError(
            f"{path} cannot be opened as a workbook", "open it in Excel and save it as .xlsx"
        ) from error
    _numbers(path, book, said)
    return book, lost


def _numbers(path: str, book: Any, told: list[str]) -> None:
    """Give cells their numbers back that openpyxl takes for dates beyond the calendar.

    Raises InputError where it cannot be told in which sheet one stood.
    """
    found: dict[str, list[float]] = {}
    for line in told:
        if said := _NO_DATE.match(line):
            found.setdefault(said[1], []).append(float(said[2]))
    for at, numbers in found.items():
        there = (page._cells.get(coordinate_to_tuple(at)) for page in book.worksheets)
        cells = [cell for cell in there if cell is not None and _undated(cell)]
        if len(cells) != len(numbers):
            raise InputError(
                f"{path}, cell {at}: the number {numbers[0]:g} is formatted as a date, and is none",
                "give the cell the format General, and save the file",
            )
        for cell, number in zip(cells, numbers, strict=True):
            cell.value = int(number) if number.is_integer() else number


def _undated(cell: Any) -> bool:
    taken: bool = cell.data_type == "e" and cell.value == "#VALUE!"
    return taken and bool(is_date_format(cell.number_format))


def _lost(data: bytes, told: list[str]) -> Lost:
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            found.update(kind for kind, form in _PARTS.items() if re.fullmatch(form, name))
            if re.fullmatch(r"xl/drawings/drawing\d*\.xml", name):
                found["shape"] += len(_SHAPE.findall(package.read(name)))
    extensions = {said[1] for line in told if (said := _EXTENSION.match(line))}
    later = (f"{name.lower()} of later versions of Excel" for name in sorted(extensions))
    known = (_EXTENSION, _NO_DATE, _HARMLESS)
    more = dict.fromkeys(line for line in told if not any(form.match(line) for form in known))
    parts = {kind: count(n, kind) for kind, n in found.items() if n}
    lost = Lost((*parts.values(), *later, *(f"{line[:LONGEST]!r}" for line in more)))
    lost.whole = tuple(said for kind, said in parts.items() if kind not in REPLACED)
    return lost


def formulas(book: Any) -> int:
    """How many formulas there are: their values are gone until Excel computes them."""
    cells = (cell for page in book.worksheets for cell in page._cells.values())
    return sum(cell.data_type == "f" for cell in cells)


def save(book: Any, file: IO[bytes]) -> None:
    """Write the workbook. openpyxl takes away what keeps a text such as _x0041_ from being A.

    A line break that is written so stays one.
    """
    for page in book.worksheets:
        for cell in list(page._cells.values()):
            if type(cell.value) is str and cell.data_type == "s" and "_x" in cell.value:
                put(cell, _RETURN.join(CODED.sub("_x005F_", t) for t in cell.value.split(_RETURN)))
    book.save(file)


def put(cell: Any, value: str | int | date | None) -> None:
    """Put a value into a cell. Text is text, and never a formula."""
    cell.value = value
    cell.quotePrefix = isinstance(value, str) and looks_like_formula(value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def dress(cell: Any, look: Mapping[str, Any]) -> None:
    """Give a cell one of our looks, and a line below."""
    for part, how in {"border": HAIR, **look}.items():
        setattr(cell, part, how)


def tall(values: Iterable[Value], widths: Iterable[float]) -> float:
    """The height of a row of wrapped texts; Chinese ones stand taller."""
    texts = list(values)
    wide = any(not str(value).isascii() for value in texts if value)
    return min(height(texts, widths) * (1.2 if wide else 1) + 4, TALLEST_ROW)


def note(cell: Any, words: str) -> None:
    """Add to the note of a cell; what stands there stays. Its box is made to hold all."""
    before = cell.comment
    text = f"{before.text}\n\n{words}" if before else words
    lines = sum(1 + line_width(line) // LINE for line in text.split("\n"))
    cell.comment = Comment(text, before.author if before else "ae-cli")
    cell.comment.width, cell.comment.height = WIDTH, min(20 + 18 * lines, TALLEST)
