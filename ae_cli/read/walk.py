"""The XML of a sheet, cell by cell, for what the values do not tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

from ae_cli.read.marks import Marks, place_of

BLANKS = 2_000_000  # cells without a value: more are not made by hand
WIDEST = 16_384  # columns, in any workbook


class Full(ValueError):
    """More cells than are read."""


@dataclass(frozen=True)
class Struck:
    """What strikes text through: styles of cells, and shared texts with a struck part."""

    styles: frozenset[int] = frozenset()
    strings: frozenset[int] = frozenset()


class Walk:
    """A sheet cell by cell. Where rows and cells say no address they follow one another."""

    def __init__(self, struck: Struck, most: int = BLANKS) -> None:
        self.marks, self.struck, self.most = Marks(), struck, most
        self.columns: set[int] = set()  # those that are hidden
        self.row = self.column = self.blanks = 0
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
            self.blanks += 1
            if self.blanks > self.most:
                raise Full
            return
        marks.rows, marks.columns = max(marks.rows, self.row), max(marks.columns, self.column)
        marks.cells += 1
        if marks.cells > self.most:
            raise Full
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
