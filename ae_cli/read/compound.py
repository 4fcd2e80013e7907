"""The stream of a compound file that holds a workbook: how an .xls file keeps it.

Source: [MS-CFB], Compound File Binary File Format.
"""

from __future__ import annotations

import struct

OLE = b"\xd0\xcf\x11\xe0"
LAST = 0xFFFFFFFA  # sector numbers end here; above are marks


class NoWorkbook(ValueError):
    """A compound file that holds something else, such as a locked workbook or a letter."""


def workbook_stream(data: bytes) -> bytes:
    """Raises ValueError, struct.error or IndexError where a part of it is missing."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if not 6 <= small_shift <= shift <= 12:
        raise ValueError("no such sectors")
    (folder,) = struct.unpack_from("<I", data, 48)
    limit, small_table = struct.unpack_from("<II", data, 56)
    size = 1 << shift
    tables = list(struct.unpack_from("<109I", data, 76))
    (more,) = struct.unpack_from("<I", data, 68)
    while more < LAST and len(tables) * size <= len(data) + 109 * size:  # it may be a circle
        *listed, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        tables += listed
    joined = b"".join(data[(t + 1) * size : (t + 2) * size] for t in tables if t < LAST)
    entries = _chain(data[size:], folder, size, joined)
    root, book = entries[:128], _entry(entries)
    start, length = struct.unpack_from("<II", book, 116)
    if length >= limit:
        found = _chain(data[size:], start, size, joined)
    else:
        small = _chain(data[size:], struct.unpack_from("<I", root, 116)[0], size, joined)
        links = _chain(data[size:], small_table, size, joined)
        found = _chain(small, start, 1 << small_shift, links)
    if len(found) < length:
        raise ValueError("cut")
    return found[:length]


def _entry(entries: bytes) -> bytes:
    for at in range(0, len(entries), 128):
        name = entries[at : at + 64].decode("utf-16-le", "replace").split("\0")[0]
        if name in ("Workbook", "Book"):
            return entries[at : at + 128]
    raise NoWorkbook


def _chain(sectors: bytes, at: int, size: int, table: bytes) -> bytes:
    links = struct.unpack(f"<{len(table) // 4}I", table)
    found: list[bytes] = []
    while at < LAST and len(found) * size <= len(sectors):  # it may be a circle
        found.append(sectors[at * size : (at + 1) * size])
        if not found[-1]:
            raise ValueError("cut")
        at = links[at]
    return b"".join(found)
