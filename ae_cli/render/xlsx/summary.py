"""The table as numbers: for each group n, N, %, its bounds and events in columns of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ae_cli.render.text import heading, in_percent, parts, unit
from ae_cli.render.xlsx.measure import LINE, line_width, lines
from ae_cli.render.xlsx.sheet import Book, Sheet
from ae_cli.render.xlsx.styles import label
from ae_cli.table import (
    Cell,
    Count,
    Incidence,
    Interval,
    NotCollected,
    NotEstimable,
    Quantity,
    Rate,
    Row,
    Share,
    Table,
    Word,
)

LABEL = ("Row", "Section", "Unit")
NUMBERS = ("n", "N", "%", "lower", "upper", "events")
RARE = ("of", "value")  # only where the table has such cells
COUNTS = {"n", "N", "events", "of"}
HEAD = 3  # rows: the title, the groups, the names of the numbers

Numbers = dict[str, int | float]


def add(book: Book, table: Table, name: str) -> None:
    """The sheet of this name: what a program reads, and a person filters."""
    fields = _fields(table)
    widths = _widths(table, fields)
    sheet = Sheet(book, name, widths, "B4")
    by = f" (CTCAE {table.ctcae})" if table.ctcae else ""
    sheet.row([table.title + by], ["title"], height=24)
    _head(sheet, table, fields)
    for row in table.rows:
        values, styles = zip(*_row(row, fields), strict=True)
        sheet.row(values, styles, LINE * lines(row.label, widths[0] - 2 * row.indent))
    sheet.filter(HEAD)
    sheet.printed(title=table.title, heads=(2, HEAD))


def _fields(table: Table) -> list[str]:
    used = {name for row in table.rows for cell in row.cells for name in _numbers(cell)}
    return [*NUMBERS, *(name for name in RARE if name in used)]


def _widths(table: Table, fields: list[str]) -> list[float]:
    widest = max((line_width(row.label) + 2 * row.indent for row in table.rows), default=0)
    sections = max((line_width(row.section) for row in table.rows), default=0)
    groups = [6.0 if name in ("n", "N") else 7.5 for name in fields] * len(table.columns)
    return [min(max(widest + 2, 24), 60), min(max(sections + 3, 12), 30), 12, *groups, 24]


def _head(sheet: Sheet, table: Table, fields: list[str]) -> None:
    """Two rows: the groups over their numbers, and the names of the numbers."""
    blank = [""] * (len(fields) - 1)
    groups = [word for column in table.columns for word in (" ".join(heading(column)), *blank)]
    sheet.row(["", "", "", *groups, ""], _head_styles(len(groups)), height=20)
    for i in range(len(table.columns)):
        first = len(LABEL) + i * len(fields)
        sheet.merge(first, first + len(fields) - 1)
    names = fields * len(table.columns)
    sheet.row([*LABEL, *names, "Key"], _head_styles(len(names)), height=20)


def _head_styles(numbers: int) -> list[str]:
    return [*["head"] * len(LABEL), *["head of numbers"] * numbers, "head"]


def _row(row: Row, fields: list[str]) -> Iterator[tuple[str | int | float | None, str]]:
    yield row.label, label(row.indent)
    yield row.section, "pale"
    yield unit(row), "pale"
    for cell in row.cells:
        yield from _cell(cell, fields)
    yield row.key, "pale"


def _cell(cell: Cell, fields: list[str]) -> Iterator[tuple[str | int | float, str]]:
    """A cell's numbers under their names; or the words why there are none, under the first."""
    numbers = _numbers(cell)
    words = "" if numbers else parts(cell).number
    for name in fields:
        whole = name in COUNTS and isinstance(numbers.get(name, 0), int)
        style = "count" if whole else "decimal"
        if name == fields[0]:
            yield numbers.get(name, words), "words" if words else "first count"
        else:
            yield numbers.get(name, ""), style


def _numbers(cell: Cell) -> Numbers:
    match cell:
        case Rate():
            known = {"n": cell.n, "N": cell.N, "%": cell.percent, "events": cell.events}
            return {**_known(known), **_bounds(cell)}
        case Count():
            return {"events": cell.events}
        case Share():
            return _known({"%": cell.percent, "events": cell.events, "of": cell.of})
        case Quantity():
            return {"value": cell.value, **_ends(cell.ci)}
        case Incidence():
            counted = {"events" if cell.of_events else "n": cell.n, "of": cell.time}
            return {**counted, "value": cell.rate, **_ends(cell.ci)}
        case NotCollected() | NotEstimable() | Word():
            return {}


def _known(numbers: Mapping[str, int | Decimal | None]) -> Numbers:
    known = {name: number for name, number in numbers.items() if number is not None}
    return {name: n if isinstance(n, int) else float(n) for name, n in known.items()}


def _ends(ci: Interval | None) -> Numbers:
    """In the unit of the value beside them."""
    return {"lower": ci.lower, "upper": ci.upper} if ci else {}


def _bounds(cell: Rate) -> Numbers:
    """In percent, as the percentage beside them."""
    if cell.ci is None:
        return {}
    return {"lower": float(in_percent(cell.ci.lower)), "upper": float(in_percent(cell.ci.upper))}
