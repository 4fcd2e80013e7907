"""What calamine does not tell of .xls, .xlsb and .ods: errors such as #N/A, which it gives as
blanks, and number formats that show zeros before a number.

Sources: [MS-XLS] and [MS-XLSB] for the records; OpenDocument 1.3 for .ods.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence

from ae_cli.errors import InputError
from ae_cli.read.compound import OLE, NoWorkbook, workbook_stream
from ae_cli.read.package import broken

Texts = dict[tuple[int, int], str]  # by row and column, from 1
Record = tuple[int, bytes]

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
DAMAGED = (
    struct.error, IndexError, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
LARGEST = 1 << 26  # cells: calamine makes room for every one
ZEROS_NOTE = (
    "a number format shows zeros before numbers; they are read from .xlsx only: "
    "save as .xlsx if identifiers are such numbers"
)
_ZEROS = re.compile(r"(?<![.0#?,:sS])00(?![:.]?[sS])")


def errors(path: str, data: bytes, names: Sequence[str]) -> dict[str, Texts]:
    """The errors in the cells of each sheet. Raises InputError for those of .ods."""
    try:
        if data.startswith(OLE):
            return dict(zip(names, _xls_sheets(data), strict=True))
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            members = set(book.namelist())
            if "content.xml" in members and b'value-type="error"' in book.read("content.xml"):
                raise InputError(
                    f"{path} holds errors such as #N/A, which .ods does not tell from blanks",
                    "correct them, or save it as .xlsx",
                )
            return _xlsb_sheets(path, book) if "xl/workbook.bin" in members else {}
    except DAMAGED as error:
        raise broken(path) from error


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
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = set(book.namelist())
        if "xl/styles.bin" in parts:
            records = _xlsb_records(book.read("xl/styles.bin"))
            return any(k == 44 and _ZEROS.search(_wide(body, 2)[0]) for k, body in records)
        styles = [book.read(name) for name in ("content.xml", "styles.xml") if name in parts]
    return any(_ODS_ZEROS.search(text) for text in styles)


def since_1904(data: bytes) -> bool:
    """Whether the workbook counts its days from 1904, as those of old Macs do."""
    try:
        return _since_1904(data)
    except DAMAGED:
        return False


def _since_1904(data: bytes) -> bool:
    if data.startswith(OLE):
        return (0x22, b"\x01\x00") in _xls_records(workbook_stream(data), 0)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name.casefold(): name for name in book.namelist()}
        if name := parts.get("xl/workbook.bin"):
            return any(k == 153 and body[0] & 1 for k, body in _xlsb_records(book.read(name)))
        name = parts.get("xl/workbook.xml") or parts.get("content.xml")
        return bool(name and _1904.search(book.read(name)))


_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true|on)["']|date-value="1904""")
_ODS_ZEROS = re.compile(rb'<number:number [^>]*min-integer-digits="([2-9]|\d\d)"')

# .xls


def _xls_sheets(data: bytes) -> list[Texts]:
    stream = workbook_stream(data)
    starts = [
        struct.unpack_from("<I", body)[0] for kind, body in _xls_records(stream, 0) if kind == 0x85
    ]
    return [_xls_errors(stream, start) for start in starts]


def _xls_errors(stream: bytes, start: int) -> Texts:
    found = {}
    for kind, body in _xls_records(stream, start):
        boolean_or_error = kind == 0x205 and body[7] == 1
        if boolean_or_error or (kind == 0x6 and body[12:14] == b"\xff\xff" and body[6] == 2):
            row, column = struct.unpack_from("<HH", body)
            code = body[6] if boolean_or_error else body[8]
            found[row + 1, column + 1] = ERRORS.get(code, "#N/A")
    return found


def _xls_records(stream: bytes, at: int) -> Iterator[Record]:
    """The records of one part of a stream, without those of a chart within it."""
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


# .xlsb


def _xlsb_sheets(path: str, book: zipfile.ZipFile) -> dict[str, Texts]:
    links = book.read("xl/_rels/workbook.bin.rels")
    targets: Mapping[str, str] = dict(
        (m[1].decode(), m[2].decode()) if m[1] else (m[4].decode(), m[3].decode())
        for m in _LINK.finditer(links)
    )
    found = {}
    for kind, body in _xlsb_records(book.read("xl/workbook.bin")):
        if kind == 156:
            link, end = _wide(body, 8)
            target = targets[link].removeprefix("/xl/")
            found[_wide(body, end)[0]] = _xlsb_errors(path, book.read(f"xl/{target}"))
    return found


_LINK = re.compile(
    rb'<Relationship\s[^>]*?(?:Id="([^"]+)"[^>]*?Target="([^"]+)"|Target="([^"]+)"[^>]*?Id="([^"]+)")'
)


def _xlsb_errors(path: str, data: bytes) -> Texts:
    found, row, widest = {}, 0, 0
    for kind, body in _xlsb_records(data):
        if kind == 0:
            row = int.from_bytes(body[:4], "little")
        elif kind <= 11:  # a cell
            column = int.from_bytes(body[:4], "little")
            widest = max(widest, column)
            if kind in (3, 11):  # an error, as a value or from a formula
                found[row + 1, column + 1] = ERRORS.get(body[8], "#N/A")
    if (row + 1) * (widest + 1) > LARGEST:
        raise InputError(
            f"{path}: a sheet is filled down to row {row + 1}, column {widest + 1}",
            "delete the columns and rows outside the table, and save it",
        )
    return found


def _xlsb_records(data: bytes) -> Iterator[Record]:
    at = 0
    while at < len(data):
        kind, at = _seven(data, at, 2)
        size, at = _seven(data, at, 4)
        yield kind, data[at : at + size]
        at += size


def _seven(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in bytes of seven bits, the lowest first."""
    number = 0
    for i in range(most):
        number |= (data[at] & 0x7F) << (7 * i)
        at += 1
        if data[at - 1] < 0x80:
            break
    return number, at


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end
