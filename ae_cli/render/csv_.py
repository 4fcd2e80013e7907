"""CSV, tidy: one line a row and group. Percentages and their bounds are in percent."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from ae_cli.findings import Listing
from ae_cli.render.text import in_percent, listed_alone, looks_like_formula, safe, unit
from ae_cli.table import (
    Cell,
    Column,
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

PLACE = ("key", "label", "unit", "group")
OF = ("section", "ctcae")  # what the row is of, and by which version of CTCAE
NUMBERS = ("N", "status", "n", "percent", "lower", "upper", "events", "of", "value", "reason")
Line = dict[str, object]
Cells = tuple[str | int | float | None, ...]


def table(table: Table) -> str:
    """The table, a header first; of one that is a listing the lines of that. Text that a
    spreadsheet would run is defused by an apostrophe."""
    page = StringIO()
    if listed_alone(table):
        csv.writer(page, lineterminator="\n").writerows(map(_plain, _listed(table.listings[0])))
        return page.getvalue()
    writer = csv.DictWriter(page, PLACE + NUMBERS + OF, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_lines(table))
    return page.getvalue()


def _listed(listing: Listing) -> Iterator[Cells]:
    yield listing.headers
    yield from listing.rows


def _plain(cells: Cells) -> list[object]:
    return [_text(cell) if isinstance(cell, str) else cell for cell in cells]


def _lines(table: Table) -> Iterator[Line]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            of = {"section": _text(row.section), "ctcae": table.ctcae}
            yield {**_place(row, column), **_numbers(cell), **of}


def _place(row: Row, column: Column) -> Line:
    texts = (row.key, row.label, unit(row), column.name)
    return dict(zip(PLACE, map(_text, texts), strict=True))


def _numbers(cell: Cell) -> Line:
    match cell:
        case NotCollected():
            return {"status": "not collected"}
        case NotEstimable():
            return {"status": "not estimable", "reason": _text(cell.reason)}
        case Rate():
            rate = {"n": cell.n, "N": cell.N, "percent": cell.percent, "events": cell.events}
            return {"status": "ok", **rate, **_bounds(cell.ci)}
        case Count():
            return {"status": "ok", "events": cell.events}
        case Share():
            share = {"events": cell.events, "of": cell.of, "percent": cell.percent}
            return {"status": "ok", **share}
        case Quantity():
            return {"status": "ok", "value": cell.value, **_ends(cell.ci)}
        case Incidence():
            counted = {"events" if cell.of_events else "n": cell.n, "of": cell.time}
            return {"status": "ok", **counted, "value": cell.rate, **_ends(cell.ci)}
        case Word():
            return {"status": _text(cell.word) or "not applicable"}


def _ends(ci: Interval | None) -> Line:
    """In the unit of the value beside them."""
    return {"lower": ci.lower, "upper": ci.upper} if ci else {}


def _bounds(ci: Interval | None) -> Line:
    bounds = {"lower": in_percent(ci.lower), "upper": in_percent(ci.upper)} if ci else {}
    return {name: f"{bound:f}" for name, bound in bounds.items()}


def _text(text: str) -> str:
    shown = safe(text)
    return f"'{shown}" if looks_like_formula(shown) else shown
