"""The XML of a sheet, searched for the few words that matter, at the speed of a search.

Only where one of them stands is a sheet walked through, which takes longer than reading its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ae_cli.read.marks import Marks, place_of
from ae_cli.read.walk import Struck

MANY = 500  # styles that strike through: a search for so many is no faster than a walk
LONG = 1 << 20  # bytes from one tag to the next: only text is so long
# Cells that do not say their address.
_ODD = re.compile(rb'<c(?! r="[A-Z]{1,3}\d{1,7}"|[a-zA-Z])')
_ROW, _COLUMN = re.compile(rb'<c r="[A-Z]+(\d{1,7})'), re.compile(rb'<c r="([A-Z]+)')
_RENAMED = re.compile(rb":(?:c[ />\s]|row)")  # <x:c>: elements under a name with a prefix
MERGES = 1_000_000  # merged cells: more are not made by hand
# A word that is quickly searched for, and what it must be part of to matter.
_WORDS = [
    (b"hidden", re.compile(rb"""hidden\s*=\s*["'](?:1|true|on)""")),
    (b'"e"', re.compile(rb't\s*=\s*"e"')),
    (b"'e'", re.compile(rb"t\s*=\s*'e'")),
    (b"<f", re.compile(rb"<f\b[^<>]*>(?:[^<>]*</f>)?\s*(?:</c>|<v\s*/>|<v>\s*</v>)")),
    (b"strike", re.compile(rb"<(?:\w+:)?strike\b")),
]


def roughly(chunks: Iterable[bytes]) -> tuple[int, int] | None:
    """Rows and columns that a sheet has at most, near enough to what it has; None where that is
    not plain to see.

    Looked at before all else, since calamine makes room for every cell down to the last. What is
    looked for is the cell that is not where the others are: wider than the sheet begins, or lower
    than the piece ends that it stands in. Raises ValueError for too many merged cells.
    """
    width, rows, merges, found = "", 0, 0, True
    for piece in pieces(chunks):
        merges += piece.count(b"mergeCell")
        if not found:
            continue
        width = width or max(map(bytes.decode, set(_COLUMN.findall(piece))), key=_long, default="")
        last = _ROW.match(piece, max(piece.rfind(b'<c r="'), 0))
        row = str(int(last[1])) if last else "0"
        odd = b"<!" in piece or _RENAMED.search(piece)  # a comment may hold what looks like a cell
        found = not (odd or _beyond(width or "A", row).search(piece))
        rows = max(rows, _most(row))
    if merges > MERGES:
        raise ValueError("too many merged cells")
    place = place_of(f"{width or 'A'}1")
    return (rows, place[1]) if found and place else None


def _long(name: str) -> tuple[int, str]:
    return len(name), name


def _most(row: str) -> int:
    """The highest row that `_beyond` lets pass: the first three digits are looked at."""
    return (int(row[:3]) + 1) * 10 ** (len(row) - 3) - 1 if len(row) > 3 else 999


@lru_cache(maxsize=64)
def _beyond(width: str, row: str) -> re.Pattern[bytes]:
    """A cell to the right of a column or below a row, or one that does not say its address."""
    columns = [*(f"[A-Z]{{{n}}}" for n in range(1, len(width))), *_up_to(width, "A", "[A-Z]")]
    rows = [rf"[1-9]\d{{0,{max(len(row) - 1, 3) - 1}}}"]
    if len(row) > 3:
        rows += [rf"{most}\d{{{len(row) - 3}}}" for most in _up_to(row[:3], "1", r"\d")]
    inside = f'(?:{"|".join(columns)})(?:{"|".join(rows)})"'
    return re.compile(f'<c(?! r="{inside}|[a-zA-Z])'.encode())


def _up_to(text: str, first: str, any_one: str) -> Iterator[str]:
    """Patterns of what is as long as a text, and not after it in the order of the alphabet."""
    for i, letter in enumerate(text):
        least = first if i == 0 or first == "A" else "0"
        if letter > least:
            rest = any_one * (len(text) - i - 1)
            yield f"{text[:i]}[{least}-{chr(ord(letter) - 1)}]{rest}"
    yield text


def extent(chunks: Iterable[bytes]) -> Marks | None:
    """How far a sheet may be filled, blank cells included; None where only a walk can tell."""
    rows, columns, cells = {0}, {"A"}, 0
    for piece in pieces(chunks):
        if _ODD.search(piece) or _RENAMED.search(piece):
            return None
        rows.add(max(map(int, set(_ROW.findall(piece))), default=0))
        columns.update(name.decode() for name in set(_COLUMN.findall(piece)))
        cells += piece.count(b"<c ")
    width = max(place[1] for name in columns if (place := place_of(f"{name}1")))
    return Marks(rows=max(rows), columns=width, cells=cells)


def count_texts(chunks: Iterable[bytes]) -> int:
    """How many texts the cells of a workbook share, under any prefix: <si>a</si>, <x:si/>."""
    return sum(p.count(b"si>") // 2 + p.count(b"si/>") for p in pieces(chunks))


def matters(chunks: Iterable[bytes], struck: Struck) -> bool:
    """Whether anything in a sheet is to be noted."""
    if struck.strings or len(struck.styles) > MANY:
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
