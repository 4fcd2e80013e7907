"""What a sas7bdat file says of its length and its rows, so that none is lost, and none too many.

Source: "SAS7BDAT Database Binary Format" (Shotwell), and for deleted rows what readers of it found:
SAS marks a deleted row and leaves it in its place, and an older ReadStat gives it with the others.
"""

from __future__ import annotations

import struct

from ae_cli.errors import InputError
from ae_cli.read.xport import cut

ROW_SIZE = b"\xf7\xf7\xf7\xf7"  # the subheader that counts the rows


def check_length(path: str, data: bytes) -> None:
    """Raises InputError for a file shorter than its pages."""
    try:
        _, _, head, page, pages = _header(data)
    except (struct.error, IndexError):
        raise cut(path) from None
    if not page or not pages or len(data) < head + page * pages:
        raise cut(path)


def size(path: str, data: bytes) -> int:
    """What the rows take, which a file may hold compressed."""
    try:
        rows, _, width = _rows(data)
    except (struct.error, IndexError):
        raise cut(path) from None
    return rows * width


def deleted_rows(path: str, data: bytes, read: int) -> int:
    """How many rows are marked as deleted. Raises InputError where the rows that were read are not
    all the others."""
    try:
        rows, deleted, _ = _rows(data)
    except (struct.error, IndexError):
        raise cut(path) from None
    if deleted and read == rows:
        raise InputError(
            f"{path} still holds {deleted} rows that were deleted, mixed with the others",
            "copy it in SAS, which leaves them behind: data copy; set ae; run;",
        )
    if read != rows - deleted:
        raise cut(path)
    return deleted


def _header(data: bytes) -> tuple[str, bool, int, int, int]:
    """Byte order, whether numbers have 64 bits, length of the header and of a page, pages."""
    wide, shift = data[32] == 0x33, 4 * (data[35] == 0x33)
    order = "<" if data[37] == 1 else ">"
    head, page = struct.unpack_from(order + "II", data, 196 + shift)
    (pages,) = struct.unpack_from(order + ("Q" if wide else "I"), data, 204 + shift)
    return order, wide, head, page, pages


def _rows(data: bytes) -> tuple[int, int, int]:
    """The rows of a file, deleted ones among them, how many are deleted, and how long a row is."""
    order, wide, head, page, pages = _header(data)
    start, number = (32, order + "QQ") if wide else (16, order + "II")
    size = struct.calcsize(number) // 2
    for at in range(head, head + page * pages, page):
        (count,) = struct.unpack_from(order + "H", data, at + start + 4)
        for i in range(count):
            place, _ = struct.unpack_from(number, data, at + start + 8 + i * 3 * size)
            mark = data[at + place : at + place + size]
            if place and ROW_SIZE in (mark[:4], mark[-4:]):
                rows, deleted = struct.unpack_from(number, data, at + place + 6 * size)
                width, _ = struct.unpack_from(number, data, at + place + 5 * size)
                return rows, deleted, width
    raise IndexError("no row size")
