"""The kin of .xlsx: .xls, .xlsb and .ods."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable

import formats
from workbooks import parts_of, zipped

from corpus.base import DAYS, EN, Rows, edited
from corpus.case import Expected, error, finding, same, series
from corpus.write import typed

KIN, CUT = "Excel's kin", "Files that were cut"
WRITERS: dict[str, Callable[..., bytes]] = {
    "xls": formats.xls, "xlsb": formats.xlsb, "ods": formats.ods,
}  # fmt: skip


def failed(rows: Rows) -> list[list[object]]:
    """The log, typed, with an error for the grade of its third line."""
    grid: list[list[object]] = typed(rows)
    grid[2][3] = formats.NOT_AVAILABLE
    return grid


for _kind, _write in WRITERS.items():
    series(
        same(KIN, f"ae.{_kind}", said=("1 hidden sheet is not read",)), f"an {_kind} workbook",
        f"The log in .{_kind}, beside a hidden sheet with an older one.",
        lambda write=_write: write({"Hidden": EN[:5], "AE": typed(EN)}),
    )  # fmt: skip
    series(
        same(KIN, f"ae.{_kind}", said=("save as .xlsx",)), f"zeros that a format shows in {_kind}",
        f"A format of an .{_kind} workbook shows zeros before numbers: a note says so.",
        lambda write=_write: write({"AE": typed(EN)}, zeros=True),
    )  # fmt: skip
    series(
        error(CUT, f"ae.{_kind}", file=f"ae.{_kind}"), f"an {_kind} cut short",
        f"The last third of an .{_kind} workbook is missing.",
        lambda write=_write: (whole := write({"AE": EN}))[: len(whole) * 2 // 3],
    )  # fmt: skip
    if _kind != "ods":
        series(
            finding(KIN, Expected("AE-CTC-01", rows=(3,), count=1), file=f"ae.{_kind}",
                    others=True, like=edited(EN, {(3, "CTCAE grade"): ""})),
            f"an error in a cell of {_kind}", f"A grade in .{_kind} is #N/A, which is no blank.",
            lambda write=_write: write({"AE": failed(EN)}),
        )  # fmt: skip


def since_1904(kind: str, data: bytes) -> bytes:
    """The workbook, counting its days from 1904."""
    if kind == "xls":  # in the place of the record that names a code page
        page, mode = struct.pack("<HHH", 0x42, 2, 1200), struct.pack("<HHH", 0x22, 2, 1)
        assert page in data
        return data.replace(page, mode)
    parts = parts_of(data)
    if kind == "xlsb":
        begin = bytes([0x83, 0x01, 0])
        told = bytes([0x99, 0x01, 8]) + struct.pack("<II", 1, 0)
        parts["xl/workbook.bin"] = parts["xl/workbook.bin"].replace(begin, begin + told)
    else:
        settings = b'<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
        settings += b"</table:calculation-settings><table:table "
        parts["content.xml"] = parts["content.xml"].replace(b"<table:table ", settings, 1)
    return zipped(parts)


def counted(kind: str) -> bytes:
    """The log with its dates as plain numbers, counted from 1904."""
    first = dt.date(1904, 1, 1)
    days = [(*row[:8], *((dt.date.fromisoformat(d) - first).days if d else None
                         for d in row[8:])) for row in EN[1:]]  # fmt: skip
    return since_1904(kind, WRITERS[kind]({"AE": [EN[0], *days]}))


for _kind in WRITERS:
    series(
        finding(KIN, Expected("AE-TYP-01", count=DAYS, says="from 1904 or 1900"),
                file=f"ae.{_kind}", others=True),
        f"plain numbers of 1904 in {_kind}",
        f"Dates in .{_kind} lost their format, and the workbook counts from 1904.",
        lambda kind=_kind: counted(kind),
    )  # fmt: skip


@error(KIN, "#N/A", "save it as .xlsx", file="ae.ods")
def an_error_in_a_cell_of_ods() -> bytes:
    """A grade in .ods is #N/A, which cannot be told from a blank there."""
    return formats.ods({"AE": failed(EN)})


@error(KIN, "this .xls is a web page", "save it as .xlsx", file="ae.xls")
def a_web_page_named_xls() -> bytes:
    """An .xls that is a web page, as many systems export it."""
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in EN)
    return f"<html><body><table>{cells}</table></body></html>".encode()
