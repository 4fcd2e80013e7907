"""Delimited text: CSV, TSV and their kin. Polars reads it; what Polars would bend is read here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import polars as pl

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read.encoding import to_utf8
from ae_cli.read.limits import WIDEST, check_table
from ae_cli.read.ragged import careful
from ae_cli.read.sheet import DELIMITERS, MAX_HEADER_DEPTH, Sheet, one_header

END_OF_FILE = b"\x1a"  # what DOS, and copy /a of Windows, write at the end of a text
HEAD = 1 << 18
CHUNK = 1 << 20  # bytes looked at together, at least
_CUT = re.compile(rb'""|[^"][^"]')  # between these two no mark loses its neighbour
Recognised = Callable[[Sequence[str]], int]  # how many known fields a row would be a header for


class Quoted(NamedTuple):
    """What stands between quotation marks: how many delimiters, and whether a line breaks there."""

    delimiters: int = 0
    breaks: bool = False


def read(
    path: str,
    data: bytes,
    recognised: Recognised,
    encoding: str | None = None,
    limits: Limits = Limits(),
) -> Sheet:
    """One sheet from delimited text. Raises InputError for an encoding that is in doubt, and for
    what is not rectangular.

    The first row of the result is the header, or the first row at all where none is recognised.
    """
    data, read_as = to_utf8(path, data, encoding, lambda text: _known(text, recognised))
    data = _with_newlines(data.rstrip(END_OF_FILE))
    if not data or data.isspace():
        raise InputError(f"{path} is empty", "check that it was saved")
    found, delimiter, skipped = _header(data, recognised)
    head = _records(data[:HEAD].decode("utf-8", "ignore"), delimiter) if skipped else []
    one_header(path, [(n, recognised(row)) for n, row in head if n <= skipped + 1 and any(row)])
    body = _after_lines(data, skipped)
    _check_size(path, body, delimiter, limits)
    sheet = _fast(path, body, delimiter, skipped)
    sheet = sheet or careful(path, body, delimiter, skipped, known=found > 0)
    above = f"{skipped} lines above the header not read" if skipped else ""
    notes = tuple(filter(None, (read_as, *sheet.notes, above)))
    return Sheet(path, None, sheet.cells, sheet.lines, notes=notes, of_text=True)


def _with_newlines(data: bytes) -> bytes:
    """Lines end in a carriage return alone where an old program for the Mac wrote them."""
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _known(text: str, recognised: Recognised) -> int:
    """How well the headers of a text are known, those in ASCII left out: these tell no encoding."""
    head = text[:HEAD].replace("\r\n", "\n").replace("\r", "\n")
    rows = (row for delimiter in DELIMITERS for _, row in _records(head, delimiter))
    foreign = ([cell for cell in row if not cell.isascii()] for row in rows)
    return max((recognised(cells) for cells in foreign if cells), default=0)


def _header(data: bytes, recognised: Recognised) -> tuple[int, str, int]:
    """How good the best header is, its delimiter, and the number of lines above it."""
    head = data[:HEAD].decode("utf-8", "ignore")
    best = (0, ",", 0)
    for delimiter in DELIMITERS:
        for line, row in _records(head, delimiter):
            found = recognised(row)
            if found > best[0]:
                best = (found, delimiter, line - 1)
    return best


def _records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first records with the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
    records, line = [], 1
    try:
        for row in reader:
            records.append((line, row))
            line = reader.line_num + 1
            if len(records) == MAX_HEADER_DEPTH:
                break
    except csv.Error:  # a cell longer than the head: what came before is enough to find a header
        pass
    return records


def _after_lines(data: bytes, lines: int) -> bytes:
    start = 0
    for _ in range(lines):
        start = data.index(b"\n", start) + 1
    return data[start:] if start else data


def _check_size(path: str, data: bytes, delimiter: str, limits: Limits) -> None:
    """Raises InputError for a table that is blank for the most part, and larger than its file by
    far: a cell takes room whether it is filled or not."""
    first = next(iter(_records(data[:HEAD].decode("utf-8", "ignore"), delimiter)), (1, []))
    rows, columns = data.count(b"\n") + 1, len(first[1])
    if columns > WIDEST or rows * columns * 2 > len(data):
        check_table(path, len(data), rows, columns, limits)


def _fast(path: str, data: bytes, delimiter: str, skipped: int) -> Sheet | None:
    """Polars, where the text is what it takes it for; None where it must be looked at."""
    with ThreadPoolExecutor(1) as pool:  # Polars lets go of the interpreter while it reads
        looking = pool.submit(_quoted, data, delimiter)
        try:
            cells = pl.read_csv(
                data, has_header=False, separator=delimiter, infer_schema=False,
                empty_string_is_null=True,
            )  # fmt: skip
        except (pl.exceptions.PolarsError, OSError):  # OSError: text that begins as zlib does
            return None
        quoted = looking.result()
    cells.columns = [str(i) for i in range(cells.width)]
    if quoted is None or not _rectangular(data, cells, delimiter, quoted):
        return None
    lines = pl.int_range(1, cells.height + 1, dtype=pl.UInt32, eager=True) + skipped
    if quoted.breaks:
        breaks = _line_breaks(cells)
        lines = lines + (breaks.cum_sum() - breaks)
    return Sheet(path, None, cells, lines.cast(pl.UInt32).alias("row"))


def _quoted(data: bytes, delimiter: str) -> Quoted | None:
    """What is between quotation marks, or None where a mark neither opens nor closes a cell nor is
    doubled: Polars drops such a mark.

    Every second mark closes what the one before it opened; a doubled one closes and opens at once.
    """
    if b'"' not in data:
        return Quoted()
    mark = delimiter.encode()
    around = {b"", b"\n", mark}
    start = inside = delimiters = 0
    breaks = False
    while start < len(data):
        cut = _CUT.search(data, start + CHUNK)
        end = cut.start() + 1 if cut else len(data)
        parts = data[start:end].split(b'"')
        before = {part[-1:] for part in set(parts[inside:-1:2])}  # an opening mark
        after = {part[:1] for part in set(parts[2 - inside :: 2])}  # a closing one
        if not (before <= around and after <= around | {b"\r"}):
            return None
        text = b"".join(parts[1 - inside :: 2])
        delimiters, breaks = delimiters + text.count(mark), breaks or b"\n" in text
        start, inside = end, (inside + len(parts) - 1) % 2
    return None if inside else Quoted(delimiters, breaks)


def _rectangular(data: bytes, cells: pl.DataFrame, delimiter: str, quoted: Quoted) -> bool:
    """Every record has as many delimiters as the first. Polars pads a short row with blanks without
    a word: nothing is short where the last column has none."""
    if not cells.to_series(-1).null_count():
        return True
    outside = data.count(delimiter.encode()) - quoted.delimiters
    return outside == (cells.width - 1) * cells.height


def _line_breaks(cells: pl.DataFrame) -> pl.Series:
    """The number of line breaks inside the cells of each record."""
    counts = cells.select(pl.all().str.count_matches("\n", literal=True).fill_null(0))
    return counts.sum_horizontal().cast(pl.UInt32)
