"""How wide columns are and how tall rows: the same in every program, whatever it would guess."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rich.cells import cell_len

from ae_cli.render.text import safe
from ae_cli.render.wrap import wrap
from ae_cli.render.xlsx.cells import Value

LINE = 15.0  # points, for text of 11 points
NARROW, WIDE = 6, 48
ALL_COLUMNS = 160  # characters: a sheet of few columns may have wide ones
ENOUGH = 2_000  # characters that fill the tallest row


def fitting(rows: Sequence[Sequence[Value]]) -> Iterator[float]:
    """A width for each column, by its widest line, within reason."""
    for column in zip(*rows, strict=True):
        widest = max(map(line_width, column)) + 3
        yield min(max(widest, NARROW), max(WIDE, ALL_COLUMNS // len(rows[0])))


def line_width(value: Value) -> int:
    """The places the widest line takes; a Chinese character takes two."""
    if value is None:
        return 0
    return max(cell_len(safe(line)) for line in str(value)[:ENOUGH].split("\n"))


def height(values: Iterable[Value], widths: Iterable[float]) -> float:
    """The height of a row of wrapped texts."""
    return LINE * max(map(lines, values, widths), default=1)


@lru_cache(maxsize=10_000)
def lines(value: Value, width: float) -> int:
    """The lines a wrapped text takes, or one more: fonts differ."""
    if not isinstance(value, str):
        return 1
    room = max(math.floor(width) - 1, 1)
    text = safe(value[:ENOUGH], lines=True)
    return sum(len(wrap(line, room)) for line in text.split("\n"))
