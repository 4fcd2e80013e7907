"""Delimited text record by record, as Python reads it: slower than Polars, and it bends nothing."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Sequence

import polars as pl

from ae_cli.errors import InputError
from ae_cli.read.sheet import DELIMITERS, MAX_HEADER_DEPTH, Sheet, from_rows

BATCH = 1 << 16  # records made columns together


def careful(path: str, data: bytes, delimiter: str, skipped: int, known: bool = True) -> Sheet:
    """Record by record: short rows are padded and noted, long ones refused with their line.

    `known` tells that the first row was recognised as a header.
    """
    csv.field_size_limit(max(len(data), 1 << 17))
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="\n")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    rows: list[list[str]] = []
    parts: list[pl.DataFrame] = []
    lines, short, line = array("I"), array("I"), skipped + 1
    try:
        for row in reader:
            header = row if header is None else header
            if len(row) != len(header) and _is_short(path, row, header, line, known):
                short.append(line)
            rows.append(row)
            lines.append(line)
            line = skipped + reader.line_num + 1
            if len(rows) == BATCH:  # rows of Python take many times the room
                parts.append(from_rows(path, None, rows, range(len(rows))).cells)
                rows = []
    except csv.Error as error:
        raise _broken(path, line, "new-line" in str(error)) from None
    parts.append(from_rows(path, None, rows, range(len(rows))).cells)
    cells = pl.concat([part for part in parts if part.width] or parts[:1], how="diagonal")
    numbers = pl.Series("row", lines, dtype=pl.UInt32)
    return Sheet(path, None, cells, numbers, notes=_short_note(short))


def _broken(path: str, line: int, lone_return: bool) -> InputError:
    if lone_return:
        return InputError(
            f"{path}, line {line}: a carriage return stands alone, without a line feed",
            "remove it, or put the text that holds it in quotation marks",
        )
    return InputError(
        f"{path}, line {line}: a quotation mark is opened and not closed as it should be",
        "close the quotation mark, or double it where it is part of the text",
    )


def _is_short(path: str, row: list[str], header: list[str], line: int, known: bool) -> bool:
    """Whether a row has fewer cells than the header. Raises InputError where it has more."""
    if 0 < len(row) < len(header):
        cells, needed = "".join(row), len(header) - 1  # delimiters that part a row
        if len(cells) >= needed > 1 and any(cells.count(mark) >= needed for mark in DELIMITERS):
            raise InputError(
                f"{path}, line {line}: its cells are parted by another mark than those of the "
                "header",
                "put each part in a file of its own, or part all cells by one mark",
            )
        return True
    if any(cell.strip() for cell in row[len(header) :]):
        if not known:
            raise InputError(
                f"{path}: none of the first {MAX_HEADER_DEPTH} rows is known as a header",
                "delete the lines above the header, or name its columns in study.toml",
            )
        raise InputError(
            f"{path}, line {line} has {len(row)} cells, the header has {len(header)}",
            "put text that holds the delimiter in quotation marks, or remove the extra cell",
        )
    return False


def _short_note(short: Sequence[int]) -> tuple[str, ...]:
    if not short:
        return ()
    shown = ", ".join(map(str, short[:5])) + (", ..." if len(short) > 5 else "")
    return (
        f"rows with fewer cells than the header: {len(short)} (line {shown}); the rest is blank",
    )
