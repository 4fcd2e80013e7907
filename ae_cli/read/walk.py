"""The XML of a sheet, for what the values do not tell.

It is first searched for the few words that matter, at the speed of a search. Only where one of
them stands is it walked through, cell by cell, which takes longer than reading the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from ae_cli.read.marks import Marks, place_of

LONG = 1 << 20  # bytes from one tag to the next: only text is so long
WIDEST = 16_384  # columns, in any workbook


@dataclass(frozen=True)
class Struck:
    """What strikes text through: styles of cells, and shared texts with a struck part."""

    styles: frozenset[int] = frozenset()
    strings: frozenset[int] = frozenset()


# Anything but cells that say their address and stand within 30 columns and 299,999 rows.
_NOT_PLAIN = re.compile(rb'<c(?! r="(?:[A-Z]|A[A-D])[12]?\d{1,5}"|[a-zA-Z])')
_RENAMED = (b":c ", b":c>", b":row")  # <x:c>: elements under a name with a prefix
# A word that is quickly searched for, and what it must be part of to matter.
_WORDS = [
    (b"hidden", re.compile(rb"""hidden\s*=\s*["'](?:1|true|on)""")),
    (b'"e"', re.compile(rb't\s*=\s*"e"')),
    (b"'e'", re.compile(rb"t\s*=\s*'e'")),
    (b"<f", re.compile(rb"<f\b[^<>]*>(?:[^<>]*</f>)?\s*(?:</c>|<v\s*/>|<v>\s*</v>)")),
    (b"strike", re.compile(rb"<(?:\w+:)?strike\b")),
]


def plain(chunks: Iterable[bytes]) -> bool:
    """Whether all cells of a sheet say where they stand, and none is far out.

    Looked at before all else, since calamine makes room for every cell down to the last.
    """
    return not any(
        _NOT_PLAIN.search(piece) or any(word in piece for word in _RENAMED)
        for piece in pieces(chunks)
    )


def matters(chunks: Iterable[bytes], struck: Struck) -> bool:
    """Whether anything in a sheet is to be noted."""
    if struck.strings:
        return True
    styles = b"|".join(str(style).encode() for style in struck.styles)
    styled = re.compile(rb"""s\s*=\s*["'](?:""" + styles + rb""")["']""") if styles else None
    return any(
        any(word in piece and pattern.search(piece) for word, pattern in _WORDS)
        or (styled and styled.search(piece))
        for piece in pieces(chunks)
    )


def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, cut where a cell ends, or before a tag where none does, so that no tag is cut."""
    rest = b""
    for chunk in chunks:
        found = rest + chunk
        cut = found.rfind(b"</c>") + 4
        if cut < 4:
            cut = found.rfind(b"<")
        if cut < 0 or len(found) - cut > LONG:
            cut = len(found)
        yield found[:cut]
        rest = found[cut:]
    yield rest


class Walk:
    """A sheet cell by cell. Where rows and cells say no address they follow one another."""

    def __init__(self, struck: Struck) -> None:
        self.marks, self.struck = Marks(), struck
        self.columns: set[int] = set()  # those that are hidden
        self.row = self.column = 0
        self.at: dict[str, str] = {}
        self.text: list[str] = []
        self.hidden = self.formula = self.value = self.strike = self.reading = False

    def over(self, chunks: Iterable[bytes]) -> Marks:
        """What there is to be said. Raises ExpatError for XML that is none."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        self.marks.hidden_columns = sorted(c for c in self.columns if c <= self.marks.columns)
        return self.marks

    def start(self, tag: str, at: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.cell(at)
        elif name in ("v", "t"):
            self.reading = self.value = True
        elif name == "row":
            self.row, self.column = int(at.get("r", self.row + 1)), 0
            self.hidden = _yes(at.get("hidden"))
        elif name == "f":
            self.formula = True
        elif name == "strike":
            self.strike = self.strike or _yes(at.get("val", "1"))
        elif name == "col" and _yes(at.get("hidden")):
            last = min(int(at.get("max", 0)), WIDEST)
            self.columns.update(range(int(at.get("min", 0)), last + 1))

    def cell(self, at: dict[str, str]) -> None:
        """The place of a cell; its own word outweighs the row it stands in."""
        found = place_of(at.get("r", ""))
        self.row, self.column = found or (max(self.row, 1), self.column + 1)
        self.at, self.text = at, []
        self.formula = self.value = self.strike = False

    def characters(self, text: str) -> None:
        if self.reading:
            self.text.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.ended("".join(self.text))
        elif name in ("v", "t"):
            self.reading = False

    def ended(self, text: str) -> None:
        """A cell is whole. A formula whose text is empty was calculated; one without was not."""
        here, kind, marks = (self.row, self.column), self.at.get("t", "n"), self.marks
        if self.formula and not text and not (kind == "str" and self.value):
            marks.uncalculated.append(here)
        if not self.value:
            return
        marks.rows, marks.columns = max(marks.rows, self.row), max(marks.columns, self.column)
        marks.cells += 1
        if kind == "e":
            marks.errors[here] = text or "#N/A"
        if text and self.is_struck(kind, text):
            marks.struck.append(here)
        if self.hidden and marks.hidden_rows[-1:] != [self.row]:
            marks.hidden_rows.append(self.row)

    def is_struck(self, kind: str, text: str) -> bool:
        strings, styles = self.struck.strings, self.struck.styles
        if self.strike or (styles and int(self.at.get("s", 0)) in styles):
            return True
        return kind == "s" and bool(strings) and int(text) in strings


class Strings:
    """The shared texts of a workbook of which some part is struck through, by number."""

    def __init__(self) -> None:
        self.number, self.found = -1, set[int]()

    def over(self, chunks: Iterable[bytes]) -> frozenset[int]:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        for chunk in chunks:
            parser.Parse(chunk, False)
        return frozenset(self.found)

    def start(self, tag: str, at: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.number += name == "si"
        if name == "strike" and _yes(at.get("val", "1")):
            self.found.add(self.number)


def _yes(value: str | None) -> bool:
    return value in ("1", "true", "on")
