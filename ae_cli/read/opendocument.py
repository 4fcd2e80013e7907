"""What calamine does not tell of .ods: how far its tables reach, errors, numbers with zeros before.

Source: OpenDocument 1.3. A cell or a row may say that it is repeated, so a short file can hold a
table of any size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ae_cli.errors import InputError
from ae_cli.read.limits import Area
from ae_cli.read.package import Package

CONTENT, STYLES = "content.xml", "styles.xml"
LONGEST = 16 << 20  # bytes of a row
_TAG = rb"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_ROW = re.compile(rb"<table:table-row(?=[\s/>])")
_HEAD = re.compile(rb"<table:table-row" + _TAG)
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(" + _TAG + rb")>")
_TABLE = re.compile(rb"<table:table(?=[\s/>])")
_TIMES = re.compile(rb"""(?:rows|columns)-repeated\s*=\s*["'](\d{1,9})["']""")
_ERROR = re.compile(rb"""value-type\s*=\s*["']error""")
_1904 = re.compile(rb"""null-date\s[^<>]*date-value\s*=\s*["']1904""")
_ZEROS = re.compile(rb'<number:number [^>]*min-integer-digits="([2-9]|\d\d)"')


def check(package: Package, area: Area) -> None:
    """Raises InputError for tables that reach too far, and for errors, which look like blanks."""
    tables = _Tables(area)
    for row in _rows(package):
        tables.add(row)
        if b"error" in row and _ERROR.search(row):
            raise InputError(
                f"{package.path} holds errors such as #N/A, which .ods does not tell from blanks",
                "correct them, or save it as .xlsx",
            )
    tables.end()


def shows_zeros(package: Package) -> bool:
    """Whether a number format shows zeros before a number."""
    return any(
        _ZEROS.search(row)
        for name in (CONTENT, STYLES)
        if name in package.names
        for row in _rows(package, name)
    )


def since_1904(package: Package) -> bool:
    """Whether days are counted from 1904."""
    return any(map(_1904.search, _rows(package)))


def _rows(package: Package, name: str = CONTENT) -> Iterator[bytes]:
    """The XML cut where rows begin."""
    rest = b""
    for chunk in package.checked(package.names[name]):
        *rows, rest = _cut(rest + chunk)
        yield from rows
        if len(rest) > LONGEST:
            raise ValueError("a row without end")
    yield rest


def _cut(text: bytes) -> list[bytes]:
    places = [0, *(found.start() for found in _ROW.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(places)]


class _Tables:
    """Adds the areas of tables up, row by row, blank ends left out."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self.at = self.rows = self.columns = 0

    def add(self, row: bytes) -> None:
        """One row, and what stands behind it until the next."""
        if _ROW.match(row):
            head = _HEAD.match(row)
            self.at += _times(head[0]) if head else 1
            if (last := _filled(row)) > 0:
                self.rows, self.columns = self.at, max(self.columns, last)
                self.area.check(self.rows, self.columns)
        if _TABLE.search(row):
            self.end()

    def end(self) -> None:
        """The table is over."""
        self.area.add(self.rows, self.columns)
        self.at = self.rows = self.columns = 0


def _filled(row: bytes) -> int:
    """The last column with something in it, or a later one."""
    if b"-repeated" not in row:
        return row.count(b"<table:table-cell") + row.count(b"<table:covered-table-cell")
    at = last = 0
    for cell in _CELL.finditer(row):
        at += _times(cell[1])
        if not cell[1].endswith(b"/") or b"value" in cell[1]:
            last = at
    return last


def _times(tag: bytes) -> int:
    """How often a cell or a row stands there. Raises ValueError where that is no number."""
    if b"-repeated" not in tag:
        return 1
    found = _TIMES.search(tag)
    if found is None:
        raise ValueError("repeated, and not so many times")
    return int(found[1])
