"""Which format a file has, told by its content. Each reader is imported when a file needs it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from ae_cli.errors import InputError
from ae_cli.read.readings import utf_16
from ae_cli.read.sheet import Sheet

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how its first bytes tell it, and its sheets from path and bytes.

    `named` says that the first row of a sheet holds the names of its columns, whatever they are.
    """

    name: str
    begins: tuple[bytes, ...]
    read: Callable[[str, bytes], list[Sheet]]
    named: bool = False


def _parquet(path: str, data: bytes) -> list[Sheet]:
    from ae_cli.read import columnar

    return [columnar.read(path, data)]


def _workbook(path: str, data: bytes) -> list[Sheet]:
    from ae_cli.read import workbook

    found = workbook.read(path, data)
    if not found:
        raise InputError(f"{path} has no visible sheet with anything in it", "check the file")
    return found


FORMATS = (
    Format("Parquet", (b"PAR1",), _parquet, named=True),
    Format("Excel", (ZIP, OLE), _workbook),
)


def format_of(data: bytes) -> Format | None:
    """The format whose mark the file begins with, or None: then it can only be text."""
    return next((f for f in FORMATS if data.startswith(f.begins)), None)


# What files that are no table begin with; an .xls from a web page is HTML.
NOT_A_TABLE = (b"%pdf", b"\x89png", b"\xff\xd8", b"<!doctype", b"<html", b"<table", b"<?xml")


def refuse_binary(path: str, data: bytes) -> None:
    """Raises InputError for what is not text."""
    head = data[:4096]
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff") or utf_16(head) is not None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(NOT_A_TABLE) or (not utf16 and _is_binary(head)):
        raise InputError(
            f"{path} is not a table that can be read", "give a CSV, Excel (.xlsx) or Parquet file"
        )


def _is_binary(head: bytes) -> bool:
    """Many control characters; text that is known to be text may have some more."""
    controls = sum(byte < 32 and byte not in b"\t\n\r\x1b\x00" for byte in head)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return controls + max(head.count(0) - 8, 0) > len(head) // 50
    return controls + max(head.count(0) - 8, 0) > len(head) // 4
