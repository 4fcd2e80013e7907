"""The zip that a workbook is: safe to open, and what stands where in it.

A workbook may come from anyone. What would take all the memory, or could be read in two ways, is
refused here, before anything is made of it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read.limits import CHUNK, check_growth, raised

SHARE = 32  # lists of sheets and styles are read whole, and take this much less than a file may
OPENED = Limits(megabytes=1 << 40)  # for a workbook that was opened before
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
           OSError, ElementTree.ParseError)  # fmt: skip


def broken(path: str) -> InputError:
    """What is said of a workbook that is no workbook, or a damaged one."""
    return InputError(
        f"{path} cannot be opened as a workbook", "open it in Excel and save it again"
    )


class Package:
    """The parts of one workbook. Raises InputError for what is not safe to expand."""

    def __init__(self, path: str, data: bytes, limits: Limits) -> None:
        self.path, self.limits = path, limits
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise broken(path) from error
        members = self.zip.infolist()
        self._check_names([m.filename for m in members])
        # By what the zip says of itself; that this is true shows when a part is read.
        check_growth(path, len(data), sum(m.file_size for m in members), limits)
        self.names = {m.filename.casefold(): m.filename for m in members}
        self.is_xlsx = "xl/workbook.xml" in self.names

    def _check_names(self, names: list[str]) -> None:
        """A name that stands twice is two files, and each program opens another one."""
        if len({name.casefold() for name in names}) < len(names):
            raise self._refused("a part of it is there twice")
        for name in names:
            if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
                raise self._refused("a part of it has a name that leads outside")
        if b"PK\x05\x06" in self.zip.comment:
            raise self._refused("it is two files in one")

    def _refused(self, why: str) -> InputError:
        return InputError(
            f"{self.path} cannot be opened safely: {why}", "open it in Excel and save it again"
        )

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part in pieces. One that is longer or other than the zip says is refused."""
        try:
            with self.zip.open(name) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except DAMAGED as error:
            raise broken(self.path) from error

    def read(self, name: str) -> bytes:
        """A small part whole; nothing for one that is not there."""
        actual = self.names.get(name.casefold())
        if actual is None:
            return b""
        size = self.zip.getinfo(actual).file_size
        if size * SHARE > self.limits.bytes:
            raise InputError(
                f"{self.path} cannot be opened safely: {name} is far too large",
                f"save the table as CSV; {raised('megabytes', size * SHARE // 1_000_000 + 1)}",
            )
        return b"".join(self.checked(actual))

    def checked(self, name: str) -> Iterator[bytes]:
        """The pieces of a part of XML, without what lets XML grow or say another thing."""
        before = b""
        for chunk in self.chunks(name):
            if not before and not chunk.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
                raise self._refused(f"{name} is not in UTF-8")
            if b"<!DOCTYPE" in before[-9:] + chunk or b"<\0" in chunk[:200]:
                raise self._refused(f"{name} defines words of its own")
            if b"<" not in chunk and len(chunk) == CHUNK:
                raise self._refused("a text in it has more than a million characters")
            yield chunk
            before = chunk

    def check_rest(self, looked_at: set[str]) -> None:
        """Every part that was not looked at is what the zip says, and its XML is plain."""
        for name in set(self.names.values()) - looked_at:
            is_xml = name.casefold().endswith((".xml", ".rels"))
            for _ in self.checked(name) if is_xml else self.chunks(name):
                pass

    def sheets(self) -> list[tuple[str, str]]:
        """The name and the part of every sheet, in the order of the workbook."""
        try:
            book = ElementTree.fromstring(self.read("xl/workbook.xml"))
            links = ElementTree.fromstring(self.read("xl/_rels/workbook.xml.rels"))
        except DAMAGED as error:
            raise broken(self.path) from error
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        found = [element for element in book.iter() if _local(element.tag) == "sheet"]
        return [(sheet.get("name", ""), self._part(sheet, targets)) for sheet in found]

    def _part(self, sheet: ElementTree.Element, targets: dict[str | None, str]) -> str:
        links = [value for key, value in sheet.items() if _local(key) == "id"]
        if len(links) != 1:  # each program would follow another one
            raise broken(self.path)
        target = posixpath.normpath(posixpath.join("/xl", targets.get(links[0], "")))
        name = self.names.get(target.lstrip("/").casefold())
        if name is None:
            raise broken(self.path)
        return name


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
