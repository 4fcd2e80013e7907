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

from ae_cli.errors import InputError
from ae_cli.render.text import count, looks_like_formula
from ae_cli.render.xlsx.cells import CODED, Value
from ae_cli.render.xlsx.measure import height, line_width
from ae_cli.render.xlsx.sheet import TALLEST as TALLEST_ROW
from ae_cli.render.xlsx.styles import HAIR

WIDTH, TALLEST = 380, 420  # points of the box of a note
LINE = 52  # characters to a line of it

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
_SHAPE = re.compile(rb"<xdr:(?:sp|cxnSp|grpSp)[ >]")
_EXTENSION = re.compile(r"^(.+?) extension is not supported")


def opened(path: str, data: bytes) -> tuple[Any, tuple[str, ...]]:
    """The workbook with its formulas, and what is lost or changed when it is written again.

    Raises InputError for what is no workbook.
    """
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            book = load_workbook(io.BytesIO(data), rich_text=True)
        return book, _lost(data, [str(each.message) for each in told])
    except Exception as error:  # a damaged file fails in many ways, and each text may quote it
        raise InputError(
            f"{path} cannot be opened as a workbook", "open it in Excel and save it as .xlsx"
        ) from error


def _lost(data: bytes, told: list[str]) -> tuple[str, ...]:
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            found.update(kind for kind, form in _PARTS.items() if re.fullmatch(form, name))
            if re.fullmatch(r"xl/drawings/drawing\d*\.xml", name):
                found["shape"] += len(_SHAPE.findall(package.read(name)))
    extensions = {said[1] for line in told if (said := _EXTENSION.match(line))}
    later = (f"{name.lower()} of later versions of Excel" for name in sorted(extensions))
    return (*(count(n, kind) for kind, n in found.items() if n), *later)


def save(book: Any, file: IO[bytes]) -> None:
    """Write the workbook. openpyxl takes away what keeps a text such as _x0041_ from being A."""
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if type(cell.value) is str and cell.data_type == "s" and "_x" in cell.value:
                    put(cell, CODED.sub("_x005F_", cell.value))
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
