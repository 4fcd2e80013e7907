"""The XML of a sheet, searched for the few words that matter, at the speed of a search.

Only where one of them stands is a sheet walked through, which takes longer than reading its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ae_cli.read.marks import Marks, place_of
from ae_cli.read.walk import Struck

MANY = 500  # styles that strike through: a search for so many is no faster than a walk
LONG = 1 << 20  # bytes from one tag to the next: only text is so long
# Cells that do not say their address; those, and cells beyond 26 columns and 199,999 rows.
_ODD = re.compile(rb'<c(?! r="[A-Z]{1,3}\d{1,7}"|[a-zA-Z])')
_FAR = re.compile(rb'<c(?! r="[A-Z]1?\d{1,5}"|[a-zA-Z])')
NEAR = 26 * 199_999  # cells, as many as a plain sheet has at most
_ROW, _COLUMN = re.compile(rb'<c r="[A-Z]+(\d+)'), re.compile(rb'<c r="([A-Z]+)')
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


def plain(chunks: Iterable[bytes]) -> bool:
    """Whether every cell says its address and none is far out.

    Looked at before all else, since calamine makes room for every cell down to the last. Raises
    ValueError for too many merged cells.
    """
    found, merges = True, 0
    for piece in pieces(chunks):
        merges += piece.count(b"mergeCell")
        found = found and not _FAR.search(piece) and not _RENAMED.search(piece)
    if merges > MERGES:
        raise ValueError("too many merged cells")
    return found


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
