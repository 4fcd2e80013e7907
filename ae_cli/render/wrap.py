"""Lines of a given width, where a Chinese character takes two places. Nothing is ever cut."""

from __future__ import annotations

import re
from itertools import pairwise

from rich.cells import cell_len

WIDE = "\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60"
CLOSING = "、。，．：；！？）」』】〉》％"  # these do not begin a line
PIECE = re.compile(rf"[{WIDE}][{CLOSING}]*\s*|[^\s{WIDE}]+\s*|\s+")


def wrap(text: str, width: int) -> list[str]:
    """The lines, without the blanks at their ends."""
    edges = [0, *breaks(text, width), len(text)]
    return [text[a:b].rstrip() for a, b in pairwise(edges)]


def breaks(text: str, width: int) -> list[int]:
    """Where new lines begin: between words, beside wide characters, else where it must."""
    found: list[int] = []
    used = 0
    for piece in PIECE.finditer(text):
        size = cell_len(piece[0].rstrip())
        if used and used + size > width:
            found.append(piece.start())
            used = 0
        if size > width:
            used = _chop(piece, width, found)
        else:
            used += cell_len(piece[0])
    return found


def _chop(piece: re.Match[str], width: int, found: list[int]) -> int:
    """Break a word that no line can hold; how much of the last line is used."""
    used = 0
    for place, character in enumerate(piece[0], piece.start()):
        size = cell_len(character)
        if used and used + size > width:
            found.append(place)
            used = 0
        used += size
    return used


def left(text: str, width: int) -> str:
    """The text, with blanks after it."""
    return text + " " * (width - cell_len(text))


def right(text: str, width: int) -> str:
    """The text, with blanks before it."""
    return " " * (width - cell_len(text)) + text
