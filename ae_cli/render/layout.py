"""Where each piece of a table stands on a page of a given width, as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from ae_cli.render.text import Parts, heading, is_words, parts, safe
from ae_cli.render.wrap import left, right, wrap
from ae_cli.table import Cell, Column, Row, Table

GAP = 2  # blanks between columns
LABEL = 20  # a label narrower than this is hard to read
LONGEST = 100  # and a longer one is wrapped anywhere, in a pipe too
ROOMY = 40  # with this much for labels, intervals may stay on the line
HEAD = 12  # a group's label is wrapped rather than making its column wider than this

Lines = list[str]
LinesOf = Callable[[Cell, "Numbers"], Lines]


@dataclass(frozen=True)
class Block:
    """One group's column: its heading and, for each row, the lines of its cell."""

    head: Lines
    cells: list[Lines]
    width: int


@dataclass(frozen=True)
class Panel:
    """Columns that fit the page together, and the room left for labels."""

    blocks: list[Block]
    label: int
    width: int


def panels(table: Table, width: int | None) -> list[Panel]:
    """The table on a page this wide, or as wide as it likes.

    Intervals share a line with their numbers where there is room, else take the next; groups
    that do not fit beside each other follow below.
    """
    label = min(max([cell_len(label_of(row)) for row in table.rows], default=0), LONGEST)
    blocks = _blocks(table, _beside)
    if width is None or width - _size(blocks) >= min(label, ROOMY):
        return [_panel(blocks, label, width)]
    room = width - min(label, LABEL)
    blocks = _blocks(table, _stacked)
    if _size(blocks) > room:
        blocks = _blocks(table, _split)
    return [_panel(some, label, width) for some in _fitting(blocks, room)]


def label_of(row: Row) -> str:
    """The label, indented."""
    return "  " * row.indent + safe(row.label)


def spanning(row: Row) -> str:
    """What the row says once for all its groups: not collected, not estimable."""
    words = {parts(cell).number if is_words(cell) else "" for cell in row.cells}
    return words.pop() if len(words) == 1 else ""


def _panel(blocks: list[Block], label: int, width: int | None) -> Panel:
    size = _size(blocks)
    room = label if width is None else min(label, max(width - size, LABEL // 2))
    return Panel(blocks, room, room + size)


def _size(blocks: list[Block]) -> int:
    return sum(GAP + block.width for block in blocks)


def _fitting(blocks: list[Block], width: int) -> Iterator[list[Block]]:
    """The blocks in runs that fit, at least one in each."""
    run: list[Block] = []
    for block in blocks:
        if run and _size([*run, block]) > width:
            yield run
            run = []
        run.append(block)
    yield run


def _blocks(table: Table, lines_of: LinesOf) -> list[Block]:
    columns = enumerate(table.columns)
    return [_block(column, [row.cells[i] for row in table.rows], lines_of) for i, column in columns]


def _block(column: Column, cells: list[Cell], lines_of: LinesOf) -> Block:
    numbers = _aligned([parts(cell) for cell in cells if not is_words(cell)])
    lines = [lines_of(cell, numbers) for cell in cells]
    head, room = _head(column), max((cell_len(line) for cell in lines for line in cell), default=0)
    head = [line for words in head for line in wrap(words, max(room, HEAD))]
    width = max(room, *map(cell_len, head))
    return Block(
        [right(line, width) for line in head],
        [[right(line, width) for line in cell] for cell in lines],
        width,
    )


def _head(column: Column) -> Lines:
    return [words for words in heading(column) if words] or [""]


@dataclass(frozen=True)
class Numbers:
    """The widths that make a column's numbers, percentages and intervals stand in line."""

    number: int
    percent: int
    interval: int


def _aligned(cells: list[Parts]) -> Numbers:
    return Numbers(
        max((len(p.number) for p in cells if "/" not in p.number), default=0),
        max((len(p.percent) + 1 for p in cells if p.percent), default=0),
        max((len(p.interval) for p in cells), default=0),
    )


def _beside(cell: Cell, widths: Numbers) -> Lines:
    """The cell in one line."""
    if is_words(cell):
        return [parts(cell).number]
    interval = f" {parts(cell).interval:>{widths.interval}}" if widths.interval else ""
    return [_first(parts(cell), widths) + interval]


def _stacked(cell: Cell, widths: Numbers) -> Lines:
    """The interval below its number."""
    if is_words(cell):
        return parts(cell).number.split()
    first, interval = _first(parts(cell), widths), parts(cell).interval
    return [first, interval] if interval else [first]


def _split(cell: Cell, widths: Numbers) -> Lines:
    """As stacked; a share that would widen the column stands in two lines too."""
    first, *rest = _stacked(cell, widths)
    wide = len(first) > max(widths.number + widths.percent, widths.interval)
    return [*first.split(), *rest] if wide else [first, *rest]


def _first(cell: Parts, widths: Numbers) -> str:
    """The number and its percentage; the share of events ends where percentages end."""
    percent = f" {cell.percent}" if cell.percent else ""
    if "/" in cell.number:
        return f"{cell.number}{percent}".rjust(widths.number + widths.percent)
    return f"{cell.number:>{widths.number}}{percent:>{widths.percent}}"


def label_lines(row: Row, width: int) -> Lines:
    """The label in lines of one width, all of them indented."""
    indent = "  " * row.indent
    lines = wrap(safe(row.label), max(width - len(indent), 1))
    return [left(indent + line, width) for line in lines]
