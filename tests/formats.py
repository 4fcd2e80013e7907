"""Workbooks that no Python library writes, made by hand: .xls (BIFF8), .xlsb and .ods.

Only what a reader needs, after [MS-XLS], [MS-XLSB] and OpenDocument 1.3. A cell is a text, a
number, a date, a truth value, an `Error` or None. Sheets whose names begin with "Hidden" are
hidden.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from test_bad_input import compound_file
from workbooks import zipped

Sheets = Mapping[str, Sequence[Sequence[Any]]]
DATE_FORMAT, ZEROS_FORMAT = 164, 165


@dataclass(frozen=True)
class Error:
    """An error in a cell, as its code in .xls and .xlsb."""

    code: int
    text: str


NOT_AVAILABLE = Error(0x2A, "#N/A")


def serial(day: date) -> int:
    """A day as Excel counts it."""
    return (day - date(1899, 12, 30)).days


def hidden(name: str) -> bool:
    return name.startswith("Hidden")


# .xls


def xls(sheets: Sheets, zeros: bool = False) -> bytes:
    """BIFF8 in a compound file. `zeros` adds a number format of zeros."""
    parts = [_biff_sheet(rows) for rows in sheets.values()]
    sizes = [12 + 2 * len(name) for name in sheets]
    globals_ = _biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + _biff(
        0x42, struct.pack("<H", 1200)
    )
    globals_ += _biff_format(DATE_FORMAT, "yyyy-mm-dd")
    globals_ += _biff_format(ZEROS_FORMAT, "000") if zeros else b""
    globals_ += _biff(0xE0, struct.pack("<HHHB", 0, 0, 0, 0).ljust(20, b"\0"))
    globals_ += _biff(0xE0, struct.pack("<HHHB", 0, DATE_FORMAT, 0, 0).ljust(20, b"\0"))
    at, places = len(globals_) + sum(sizes) + 4, b""
    for (name, _), part in zip(sheets.items(), parts, strict=True):
        raw = name.encode("utf-16-le")
        places += _biff(0x85, struct.pack("<IBBBB", at, hidden(name), 0, len(name), 1) + raw)
        at += len(part)
    stream = globals_ + places + _biff(0xA, b"") + b"".join(parts)
    return compound_file({"Workbook": stream.ljust(4096, b"\0")})


def _biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff_format(number: int, text: str) -> bytes:
    return _biff(0x41E, struct.pack("<HHB", number, len(text), 0) + text.encode("latin-1"))


def _biff_sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    width = max((len(row) for row in rows), default=0)
    out = _biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    out += _biff(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for i, row in enumerate(rows):
        out += b"".join(_biff_cell(i, j, cell) for j, cell in enumerate(row) if cell is not None)
    return out + _biff(0xA, b"")


def _biff_cell(row: int, column: int, cell: Any) -> bytes:
    at = struct.pack("<HHH", row, column, isinstance(cell, date))
    if isinstance(cell, str):
        raw = cell.encode("utf-16-le")
        return _biff(0x204, at + struct.pack("<HB", len(raw) // 2, 1) + raw)
    if isinstance(cell, (bool, Error)):
        error = isinstance(cell, Error)
        return _biff(0x205, at + bytes([cell.code if isinstance(cell, Error) else cell, error]))
    return _biff(0x203, at + struct.pack("<d", serial(cell) if isinstance(cell, date) else cell))


# .xlsb


def xlsb(sheets: Sheets, zeros: bool = False) -> bytes:
    """Binary parts in a zip file."""
    bundle = b"".join(
        _bin(156, struct.pack("<II", hidden(name), i) + _wide(f"rId{i}") + _wide(name))
        for i, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{_R}/worksheet" Target="worksheets/sheet{i}.bin"/>'
        for i in range(1, len(sheets) + 1)
    )
    formats = _bin(44, struct.pack("<H", DATE_FORMAT) + _wide("yyyy-mm-dd"))
    formats += _bin(44, struct.pack("<H", ZEROS_FORMAT) + _wide("000")) if zeros else b""
    styles = _bin(278, b"") + _bin(615, struct.pack("<I", 1 + zeros)) + formats + _bin(616, b"")
    styles += _bin(617, struct.pack("<I", 2)) + _bin(47, bytes(16))
    styles += _bin(47, struct.pack("<HH", 0, DATE_FORMAT) + bytes(12)) + _bin(618, b"")
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_P}/content-types"/>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="rId1" '
        f'Type="{_R}/officeDocument" Target="xl/workbook.bin"/></Relationships>'.encode(),
        "xl/workbook.bin": _bin(131, b"") + _bin(143, b"") + bundle + _bin(144, b"")
        + _bin(132, b""),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_P}/relationships">{links}'
        "</Relationships>".encode(),
        "xl/styles.bin": styles + _bin(279, b""),
    }  # fmt: skip
    for i, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{i}.bin"] = _bin_sheet(rows)
    return zipped(parts)


_P = "http://schemas.openxmlformats.org/package/2006"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _seven(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def _bin(kind: int, body: bytes) -> bytes:
    return _seven(kind) + _seven(len(body)) + body


def _wide(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw


def _bin_sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    width = max((len(row) for row in rows), default=1)
    out = _bin(129, b"") + _bin(148, struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, width - 1))
    out += _bin(145, b"")
    for i, row in enumerate(rows):
        out += _bin(0, struct.pack("<I", i) + bytes(21))
        out += b"".join(_bin_cell(j, cell) for j, cell in enumerate(row) if cell is not None)
    return out + _bin(146, b"") + _bin(130, b"")


def _bin_cell(column: int, cell: Any) -> bytes:
    at = struct.pack("<II", column, isinstance(cell, date))
    if isinstance(cell, str):
        return _bin(6, at + _wide(cell))
    if isinstance(cell, Error):
        return _bin(3, at + bytes([cell.code]))
    if isinstance(cell, bool):
        return _bin(4, at + bytes([cell]))
    return _bin(5, at + struct.pack("<d", serial(cell) if isinstance(cell, date) else cell))


# .ods


def ods(sheets: Sheets, zeros: bool = False) -> bytes:
    """OpenDocument: blank rows and blank cells are written as repeated ones, as programs do."""
    tables = "".join(_ods_table(name, rows) for name, rows in sheets.items())
    zero = '<number:number-style style:name="N1"><number:number number:min-integer-digits="3"/>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS} {_CALC}>'
        '<office:automatic-styles><style:style style:name="h" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
        '<style:style style:name="v" style:family="table">'
        '<style:table-properties table:display="true"/></style:style>'
        f"{zero + '</number:number-style>' if zeros else ''}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({
        "mimetype": kind.encode(),
        "META-INF/manifest.xml": f'<manifest:manifest {_ODS}><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'.encode(),
        "content.xml": content.encode(),
    })  # fmt: skip


_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_N = "urn:oasis:names:tc:opendocument:xmlns"
_ODS = " ".join(
    f'xmlns:{name}="{_N}:{place}:1.0"'
    for name, place in [("office", "office"), ("table", "table"), ("text", "text"),
                        ("style", "style"), ("number", "datastyle"), ("manifest", "manifest")]
)  # fmt: skip


def _ods_table(name: str, rows: Sequence[Sequence[Any]]) -> str:
    style = "h" if hidden(name) else "v"
    body = "".join(_ods_row(row) for row in rows)
    last = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
    last += 'table:number-columns-repeated="1000"/></table:table-row>'
    return f'<table:table table:name={quoteattr(name)} table:style-name="{style}">{body}{last}' + (
        "</table:table>"
    )


def _ods_row(row: Sequence[Any]) -> str:
    if not any(cell is not None for cell in row):
        return "<table:table-row><table:table-cell table:number-columns-repeated='16384'/>" + (
            "</table:table-row>"
        )
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, Error):
        kind, shown = 'string" office:string-value="" calcext:value-type="error', cell.text
    elif isinstance(cell, bool):
        kind, shown = f'boolean" office:boolean-value="{str(cell).lower()}', str(cell)
    elif isinstance(cell, str):
        kind, shown = "string", cell
    elif isinstance(cell, date):
        kind, shown = f'date" office:date-value="{cell.isoformat()}', cell.isoformat()
    else:
        kind, shown = f'float" office:value="{cell}', str(cell)
    return f'<table:table-cell office:value-type="{kind}"><text:p>{escape(shown)}</text:p>' + (
        "</table:table-cell>"
    )
