"""What calamine does not tell of .xlsb: how far a sheet reaches, errors, and number formats.

Source: [MS-XLSB]. A part is a row of records, each a kind, a length and a body.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping

from ae_cli.read.limits import Area
from ae_cli.read.marks import ERRORS, Texts
from ae_cli.read.package import Package

WORKBOOK, STYLES, STRINGS = "xl/workbook.bin", "xl/styles.bin", "xl/sharedstrings.bin"
LONGEST = 1 << 20  # bytes of a record, many times the longest text
Record = tuple[int, bytes]


def errors(package: Package, area: Area) -> list[Texts]:
    """The errors in the cells of each sheet. Raises InputError for sheets too large."""
    links = package.read("xl/_rels/workbook.bin.rels")
    targets: Mapping[str, str] = dict(
        (m[1].decode(), m[2].decode()) if m[1] else (m[4].decode(), m[3].decode())
        for m in _LINK.finditer(links)
    )
    found = []
    for kind, body in records(package.chunks(WORKBOOK)):
        if kind == 156:
            target = targets[wide(body, 8)[0]].removeprefix("/xl/")
            found.append(_errors(area, package.chunks(f"xl/{target}")))
    if STRINGS in package.names:
        texts = records(package.chunks(package.names[STRINGS]))
        area.add(sum(kind == 19 for kind, _ in texts), 1)
    return found


def since_1904(package: Package) -> bool:
    """Whether days are counted from 1904."""
    return any(kind == 153 and body[0] & 1 for kind, body in records(package.chunks(WORKBOOK)))


_LINK = re.compile(
    rb'<Relationship\s[^>]*?(?:Id="([^"]+)"[^>]*?Target="([^"]+)"|Target="([^"]+)"[^>]*?Id="([^"]+)")'
)


def _errors(area: Area, chunks: Iterator[bytes]) -> Texts:
    found, row, rows, columns, cells = {}, 0, 0, 0, 0
    for kind, body in records(chunks):
        if kind == 0:
            row = int.from_bytes(body[:4], "little") + 1
        elif 1 < kind <= 11:  # a cell that is not blank
            column = int.from_bytes(body[:4], "little") + 1
            rows, columns, cells = max(rows, row), max(columns, column), cells + 1
            if kind in (3, 11):  # an error, as a value or from a formula
                found[row, column] = ERRORS.get(body[8], "#N/A")
            if cells > area.limits.cells:
                break
    area.add(rows, columns)
    return found


def records(chunks: Iterable[bytes]) -> Iterator[Record]:
    """The records of a part. One that would be longer than a piece of it is no record."""
    rest = b""
    for chunk in chunks:
        data, at = rest + chunk, 0
        while at + 6 <= len(data):
            kind, body = _seven(data, at, 2)
            size, body = _seven(data, body, 4)
            if size > LONGEST:
                raise ValueError("a record without end")
            if body + size > len(data):
                break
            yield kind, data[body : body + size]
            at = body + size
        rest = data[at:]
    at = 0
    while at < len(rest):
        kind, at = _seven(rest, at, 2)
        size, at = _seven(rest, at, 4)
        yield kind, rest[at : at + size]
        at += size


def _seven(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in bytes of seven bits, the lowest first."""
    number = data[at]
    if number < 0x80:
        return number, at + 1
    number = 0
    for i in range(most):
        number |= (data[at] & 0x7F) << (7 * i)
        at += 1
        if data[at - 1] < 0x80:
            break
    return number, at


def formats(package: Package) -> Iterator[str]:
    """The number formats there are."""
    if STYLES in package.names:
        for kind, body in records(package.chunks(package.names[STYLES])):
            if kind == 44:
                yield wide(body, 2)[0]


def wide(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end
