"""Which format a file has, told by its content. Each reader is imported when a file needs it."""

from __future__ import annotations

import codecs
import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read.compound import OLE
from ae_cli.read.json_ import GZIP, is_json
from ae_cli.read.readings import utf_16
from ae_cli.read.sheet import Sheet

ZIP = b"PK\x03\x04"
XPORT = b"HEADER RECORD*******"
CPORT = (b"**COMPRESSED**", b"LIB CONTROL")
SAS7BDAT = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")


Reader = Callable[[str, bytes, Limits], list[Sheet]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what tells it, and its sheets from path, bytes and limits.

    `mark` is what it begins with, or a question asked of all its bytes.

    `named` says that the first row of a sheet holds the names of its columns, whatever they are.
    """

    name: str
    mark: tuple[bytes, ...] | Callable[[bytes], bool]
    read: Reader
    named: bool = False

    def sheets(self, path: str, data: bytes, limits: Limits) -> list[Sheet]:
        """What the file holds. Raises InputError also where a library panics: Rust's way to stop
        where it meets what it did not expect."""
        try:
            return self.read(path, data, limits)
        except BaseException as error:
            if isinstance(error, MemoryError) or type(error).__name__ == "PanicException":
                raise InputError(
                    f"{path} is damaged: it cannot be read as {self.name}", "make it again"
                ) from None
            raise

    def fits(self, data: bytes) -> bool:
        """Whether a file has the mark."""
        return self.mark(data) if callable(self.mark) else data.startswith(self.mark)


def _parquet(path: str, data: bytes, limits: Limits) -> list[Sheet]:
    from ae_cli.read import columnar

    return [columnar.read(path, data, limits)]


def _workbook(path: str, data: bytes, limits: Limits) -> list[Sheet]:
    from ae_cli.read import legacy, workbook

    legacy.check_whole(path, data)
    found = workbook.read(path, data, limits)
    if not found:
        raise InputError(f"{path} has no visible sheet with anything in it", "check the file")
    if legacy.since_1904(data):
        found = [replace(sheet, since_1904=True) for sheet in found]
    if legacy.shows_zeros(data):
        return [replace(sheet, notes=(*sheet.notes, legacy.ZEROS_NOTE)) for sheet in found]
    return found


def _from(module: str, function: str) -> Reader:
    """A function of a module that is imported when it is called."""

    def call(path: str, data: bytes, limits: Limits) -> list[Sheet]:
        found = getattr(importlib.import_module(f"ae_cli.read.{module}"), function)
        return found(path, data, limits)  # type: ignore[no-any-return]

    return call


FORMATS = (
    Format("Parquet", (b"PAR1",), _parquet, named=True),
    Format("Excel", (ZIP, OLE), _workbook),
    Format("SAS transport", (XPORT,), _from("sas", "read_xport"), named=True),
    Format("SAS", (SAS7BDAT,), _from("sas", "read_sas7bdat"), named=True),
    Format("SAS CPORT", CPORT, _from("sas", "refuse_cport")),
    Format("JSON", is_json, _from("json_", "read"), named=True),
    Format("gzip", (GZIP,), _from("json_", "refuse_packed")),
)
READABLE = "CSV, Excel (.xlsx, .xls, .xlsb, .ods), Parquet, SAS (.xpt, .sas7bdat) or JSON"


def format_of(data: bytes) -> Format | None:
    """The format whose mark the file begins with, or None: then it can only be text."""
    return next((f for f in FORMATS if f.fits(data)), None)


NOT_A_TABLE = (b"%pdf", b"\x89png", b"\xff\xd8", b"<?xml")  # what other files begin with
WEB_PAGE = (b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<style", b"<!--")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # the marks of UTF-16 and UTF-32


def refuse_binary(path: str, data: bytes) -> None:
    """Raises InputError for what is not text."""
    head = data[:4096]
    wide = data.startswith(WIDE) or utf_16(head) is not None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(WEB_PAGE) or (start.startswith(b"<?xml") and b"<html" in start):
        kind = PurePath(path).suffix.lower()
        what = f"this {kind} is a web page" if kind in (".xls", ".xlsx") else "it is a web page"
        raise InputError(f"{path}: {what}", "open it in Excel and save it as .xlsx")
    if start.startswith(NOT_A_TABLE) or (not wide and _is_binary(head)):
        raise InputError(f"{path} is not a table that can be read", f"give a {READABLE} file")


def _is_binary(head: bytes) -> bool:
    """Many control characters; text that is known to be text may have some more."""
    controls = sum(byte < 32 and byte not in b"\t\n\r\x1b\x00" for byte in head)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return controls + max(head.count(0) - 8, 0) > len(head) // 50
    return controls + max(head.count(0) - 8, 0) > len(head) // 4
