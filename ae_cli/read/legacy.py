"""What calamine does not tell of .xls (and, by their modules, of .xlsb and .ods): how far a sheet
reaches, errors such as #N/A, which it gives as blanks, and number formats that show zeros.

Source: [MS-XLS].
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from ae_cli.config import Limits
from ae_cli.read import opendocument, xlsb
from ae_cli.read.compound import OLE, NoWorkbook, workbook_stream
from ae_cli.read.limits import Area
from ae_cli.read.marks import ERRORS, Texts
from ae_cli.read.package import OPENED, Package, broken

Record = tuple[int, bytes]

DAMAGED = (
    struct.error, IndexError, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# Records of .xls that hold a cell: texts, numbers, truth values, formulas, several numbers.
XLS_CELLS = frozenset((0x203, 0x204, 0xD6, 0x205, 0x6, 0x27E, 0xFD, 0xBD))
DIMENSIONS, XLS_ROWS, XLS_COLUMNS = 0x200, 65_536, 256
ZEROS_NOTE = (
    "a number format shows zeros before numbers; they are read from .xlsx only: "
    "save as .xlsx if identifiers are such numbers"
)
_ZEROS = re.compile(r"(?<![.0#?,:sS])00(?![:.]?[sS])")


def errors(path: str, data: bytes, package: Package | None, limits: Limits) -> list[Texts]:
    """The errors in the cells of each sheet, in the order of the workbook; of no sheet where the
    format is read otherwise. Raises InputError for sheets too large, and for errors in .ods."""
    try:
        if package is None:
            return _xls_sheets(Area(path, limits), workbook_stream(data))
        if xlsb.WORKBOOK in package.names:
            return xlsb.errors(package, Area(path, limits))
        if opendocument.CONTENT in package.names:
            opendocument.check(package, Area(path, limits))
    except DAMAGED as error:
        raise broken(path) from error
    return []


def check_whole(path: str, data: bytes) -> None:
    """Raises InputError for an .xls file that lacks a part of its workbook."""
    try:
        if data.startswith(OLE):
            workbook_stream(data)
    except NoWorkbook:  # a locked workbook, or no workbook at all
        return
    except DAMAGED as error:
        raise broken(path) from error


def shows_zeros(data: bytes) -> bool:
    """Whether a number format of the workbook shows zeros before a number: 000."""
    try:
        return _shows_zeros(data)
    except DAMAGED:  # a part that the values do not need
        return False


def _shows_zeros(data: bytes) -> bool:
    if data.startswith(OLE):
        shown = (
            _xls_text(body)
            for kind, body in _xls_records(workbook_stream(data), 0)
            if kind == 0x41E
        )
        return any(_ZEROS.search(text) for text in shown)
    package = Package("", data, OPENED)
    if xlsb.WORKBOOK in package.names:
        return any(map(_ZEROS.search, xlsb.formats(package)))
    return opendocument.shows_zeros(package)


def since_1904(data: bytes) -> bool:
    """Whether the workbook counts its days from 1904, as those of old Macs do."""
    try:
        if data.startswith(OLE):
            return (0x22, b"\x01\x00") in _xls_records(workbook_stream(data), 0)
        package = Package("", data, OPENED)
        if xlsb.WORKBOOK in package.names:
            return xlsb.since_1904(package)
        if opendocument.CONTENT in package.names:
            return opendocument.since_1904(package)
        return bool(_1904.search(package.read("xl/workbook.xml")))
    except DAMAGED:
        return False


_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true|on)["']""")


# .xls


def _xls_sheets(area: Area, stream: bytes) -> list[Texts]:
    starts = [
        struct.unpack_from("<I", body)[0] for kind, body in _xls_records(stream, 0) if kind == 0x85
    ]
    return [_xls_errors(area, stream, start) for start in starts]


def _xls_errors(area: Area, stream: bytes, start: int) -> Texts:
    found, rows, columns = {}, 0, 0
    for kind, body in _xls_records(stream, start):
        if kind == DIMENSIONS:
            _check_dimensions(body)
        if kind not in XLS_CELLS:
            continue
        row, column = struct.unpack_from("<HH", body)
        last = column + max(len(body) - 6, 0) // 6 if kind == 0xBD else column + 1
        rows, columns = max(rows, row + 1), max(columns, last)
        boolean_or_error = kind == 0x205 and body[7] == 1
        if boolean_or_error or (kind == 0x6 and body[12:14] == b"\xff\xff" and body[6] == 2):
            code = body[6] if boolean_or_error else body[8]
            found[row + 1, column + 1] = ERRORS.get(code, "#N/A")
    area.add(rows, columns)
    return found


def _check_dimensions(body: bytes) -> None:
    """Raises ValueError for a sheet that says that it is larger than any can be: calamine makes
    room for what it says."""
    form = {10: "<4H", 14: "<2I2H"}.get(len(body), "<2I2H")
    top, bottom, left, right = struct.unpack_from(form, body)
    if not (top <= bottom <= XLS_ROWS and left <= right <= XLS_COLUMNS):
        raise ValueError("no such sheet")


def _xls_records(stream: bytes, at: int) -> Iterator[Record]:
    """The records of one part of a stream, without those of a chart within it."""
    if struct.unpack_from("<H", stream, at) != (0x809,):
        raise ValueError("no part begins here")
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == 0x809) - (kind == 0xA)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        if depth <= 0:
            return
        at += 4 + size


def _xls_text(body: bytes) -> str:
    """A number format: ASCII in effect, in one or two bytes a character."""
    return body[2:].replace(b"\0", b"").decode("latin-1")
