"""What a sheet shows a person and its values do not tell: hidden, merged, struck through, wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

SHOWN = 5  # addresses in a note; of more, the number is enough
Place = tuple[int, int]  # row and column, from 1
Texts = dict[Place, str]

ERRORS = {  # by their codes in .xls and .xlsb

    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip


@dataclass
class Marks:
    """Places in a sheet by what is the matter with them.

    `rows`, `columns` and `cells` say how far a sheet is filled and how much of it is; they are 0
    where it is plain to see that this is not far. `merged` are the cells that were filled.
    """

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[Place] = field(default_factory=list)
    struck: list[Place] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    uncalculated: list[Place] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    cells: int = 0

    def notes(self, below: int = 0) -> Iterator[str]:
        """What to say of the rows below the header."""
        yield from _hidden("row", [str(row) for row in self.hidden_rows if row > below])
        yield from _hidden("column", [letters(column) for column in self.hidden_columns])
        for places, said in (
            (self.merged, "filled from the merged cell above:"),
            (self.struck, "read with text that is struck through:"),
            (self.errors, "with an error of Excel:"),
        ):
            found = sorted(place for place in places if place[0] > below)
            named = [f"{address(place)} {self.errors.get(place, '')}".strip() for place in found]
            if named:
                yield f"{len(named)} {'cell' if len(named) == 1 else 'cells'} {said} {some(named)}"


def _hidden(what: str, names: list[str]) -> Iterator[str]:
    if names:
        several = what if len(names) == 1 else what + "s"
        verb = "is" if len(names) == 1 else "are"
        yield f"{len(names)} hidden {several} {verb} read ({several} {some(names)})"


def some(names: Iterable[str]) -> str:
    """The first names of a list, and how many more there are."""
    found = list(names)
    more = len(found) - SHOWN
    return ", ".join(found[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def letters(column: int) -> str:
    """A column as Excel names it: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(place: Place) -> str:
    """A place as Excel names it: (2, 1) is A2."""
    return f"{letters(place[1])}{place[0]}"


def place_of(reference: str) -> Place | None:
    """The row and column of an address such as AB12; None for what is none."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


_REFERENCE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")
