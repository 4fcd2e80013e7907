"""What is too large to read: a file, what it grows to, the area of its sheets.

`config.Limits` has the numbers. Sizes are compared before anything is read or made room for, and
whoever means it can raise them; each refusal names the entry.
"""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import BinaryIO

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read.marks import address

CHUNK = 1 << 20
CELL = 16  # bytes: what a cell takes at least, blank or not
WIDEST = 16_384  # columns, as in Excel: beyond, the delimiter is no delimiter


def check_size(path: str, size: int, limits: Limits) -> None:
    """Raises InputError for a file of more bytes than are read."""
    if size > limits.bytes:
        raise InputError(
            f"{path} has {_mb(size)}, and no more than {limits.megabytes:,} MB are read",
            raised("megabytes", _least(size)),
        )


def check_growth(path: str, packed: int, size: int, limits: Limits) -> None:
    """Raises InputError for what would take more room than a file may have, unpacked."""
    if size > limits.bytes:
        raise InputError(
            f"{path} would grow from {_mb(packed)} to {_mb(size)}, and {limits.megabytes:,} MB "
            "are the most",
            f"save the table as CSV; {raised('megabytes', _least(size))}",
        )


def check_table(path: str, packed: int, rows: int, columns: int, limits: Limits) -> None:
    """The same of a table, by its rows and columns."""
    if columns > WIDEST:
        raise InputError(
            f"{path} has {columns:,} columns", f"no more than {WIDEST:,} are read; check the file"
        )
    check_growth(path, packed, rows * columns * CELL, limits)


class Area:
    """The sheets of a workbook, whose areas are added up: room is made for every cell, filled or
    not, down to the last."""

    def __init__(self, path: str, limits: Limits) -> None:
        self.path, self.limits, self.cells = path, limits, 0

    @property
    def left(self) -> int:
        """The cells that the other sheets may have."""
        return self.limits.cells - self.cells

    def add(self, rows: int, columns: int, sheet: str = "a sheet") -> None:
        """One more sheet. Raises InputError once they are too large together."""
        self.check(rows, columns, sheet)
        self.cells += rows * columns

    def check(self, rows: int, columns: int, sheet: str = "a sheet") -> None:
        """The same of a sheet that is not over yet."""
        if rows * columns > self.left:
            raise InputError(
                f"{self.path}: {sheet} is filled down to cell {address((rows, columns))}, "
                f"and no more than {self.limits.cells:,} cells are read",
                "delete the columns and rows outside the table and save it, or save it as CSV; "
                + raised("cells", self.cells + rows * columns),
            )


def raised(entry: str, needed: int) -> str:
    """How a person says that it is meant."""
    option = {"megabytes": "--max-mb", "cells": "--max-cells"}[entry]
    return f"if it is meant: {option} {needed}, or {entry} = {needed} under [limits] in study.toml"


def whole(stream: BinaryIO, name: str, limits: Limits) -> bytes:
    """All that comes from a stream that does not say how much. Raises InputError for too much."""
    out = io.BytesIO()  # gives its bytes away without copying them
    while chunk := stream.read(CHUNK):
        out.write(chunk)
        if out.tell() > limits.bytes:
            raise InputError(
                f"{name} has more than {limits.megabytes:,} MB, which are the most",
                raised("megabytes", 2 * limits.megabytes),
            )
    return out.getvalue()


def of_file(path: Path, limits: Limits) -> bytes:
    """The bytes of a file. Raises InputError for a device or a pipe, of which there is no end to
    be seen, and OSError."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(str(path))
    if not stat.S_ISREG(status.st_mode):
        raise InputError(
            f"{path} is not a file but a device or a pipe",
            f"send it by standard input: ae-cli validate - < {path}",
        )
    check_size(str(path), status.st_size, limits)
    with path.open("rb") as file:
        data = file.read(status.st_size)
        return data + whole(file, str(path), limits)  # what the system did not count


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 10e6 else f"{size / 1e6:,.0f} MB"


def _least(size: int) -> int:
    return -(-size // 1_000_000)
