"""Words all pages share: a cell as text, and text from a file made safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

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

LONGEST = 300  # a value on a screen; JSON and the workbook hold the whole

# What a screen obeys or hides: controls, direction marks, zero-width characters, half surrogates.
HIDDEN = re.compile(
    "\r\n|[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
SHOWN = {"\r\n": "⏎", "\n": "⏎", "\t": " ", "\x7f": "␡"}
FORMULA = frozenset("=+-@＝＋－＠")  # the wide ones, too: Excel takes them in East Asia


class Parts(NamedTuple):
    """A cell as a page shows it, in the pieces a page may align or put on lines of their own."""

    number: str
    percent: str = ""
    interval: str = ""


def cell_text(cell: Cell) -> str:
    """The cell in one line: `6 (75.0%) [34.9, 96.8]`, or with its events, `6 (75.0%) 9`."""
    return " ".join(part for part in parts(cell) if part)


def parts(cell: Cell) -> Parts:
    """The cell in pieces. Nobody is `0` without a percentage; of nobody is `-`."""
    match cell:
        case Rate(N=0) | Share(of=0):
            return Parts("-")
        case Rate():
            number = f"{cell.n}/{cell.N}" if cell.own else str(cell.n)
            more = str(cell.events) if cell.with_events and cell.events else interval(cell.ci)
            return Parts(number, percentage(cell.n, cell.percent), more)
        case Count():
            return Parts(str(cell.events))
        case Share():
            return Parts(f"{cell.events}/{cell.of}", percentage(cell.events, cell.percent))
        case Quantity():
            return Parts(amount(cell), "", bounds(cell.ci))
        case Incidence():
            number = f"{cell.n}/{tenths(exact(cell.time))}"
            return Parts(number, tenths(exact(cell.rate)), bounds(cell.ci))
        case Word():
            return Parts(safe(cell.word))
        case NotCollected():
            return Parts("not collected")
        case NotEstimable():
            return Parts("not estimable")


def percentage(number: int, percent: Decimal | None) -> str:
    """`(75.0%)`, or nothing where there is no denominator or nothing to count."""
    return f"({percent}%)" if number and percent is not None else ""


def interval(ci: Interval | None) -> str:
    """`[34.9, 96.8]`, in percent."""
    return f"[{tenths(in_percent(ci.lower))}, {tenths(in_percent(ci.upper))}]" if ci else ""


def bounds(ci: Interval | None) -> str:
    """`[1.2, 14.0]`, in the unit of the number beside it."""
    return f"[{tenths(exact(ci.lower))}, {tenths(exact(ci.upper))}]" if ci else ""


def amount(cell: Quantity) -> str:
    """`15.0`, `75.0%`; a p-value has four decimals, and is never nothing."""
    if cell.unit == "p-value":
        return "<0.0001" if cell.value < 0.0001 else f"{cell.value:.4f}"
    return tenths(exact(cell.value)) + ("%" if cell.unit == "percent" else "")


def in_percent(share: float) -> Decimal:
    """100 times the number, without a float's noise."""
    return exact(share).scaleb(2)


def exact(number: float) -> Decimal:
    """The number as people write it: 0.1 is a tenth."""
    return Decimal(repr(float(number)))


def tenths(number: Decimal) -> str:
    """One decimal, half up."""
    return str(number.quantize(Decimal("0.1"), ROUND_HALF_UP))


def heading(column: Column) -> tuple[str, str]:
    """A group's label and its `N=8`; the second is empty where N is unknown."""
    return safe(column.label), "" if column.N is None else f"N={column.N}"


def unit(row: Row) -> str:
    """What the row counts: a share of events counts events."""
    return "events" if row.unit == "share" else row.unit


def sections(table: Table) -> Iterator[tuple[str, Row]]:
    """Each row, with the name of the section that it opens, if it opens one."""
    before = ""
    for row in table.rows:
        yield "" if row.section == before else safe(row.section), row
        before = row.section


def is_words(cell: Cell) -> bool:
    """Whether a cell is words in place of a number."""
    return isinstance(cell, NotCollected | NotEstimable | Word)


def listed_alone(table: Table) -> bool:
    """Whether a table has listings and no rows: a line for each participant."""
    return not table.rows and bool(table.listings)


def footnotes(table: Table) -> list[str]:
    """The table's footnotes, and why a cell could not be estimated."""
    return [safe(note) for note in table.footnotes] + [
        safe(f"{row.label}, {column.label}: not estimable, {cell.reason}")
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if isinstance(cell, NotEstimable)
    ]


def safe(text: str, *, lines: bool = False) -> str:
    """Text that can be shown: what a screen would obey or hide is made visible.

    With `lines`, line breaks stay; else they become ⏎, and a tab a blank.
    """
    if text.isprintable():
        return text
    return HIDDEN.sub(_shown_in_lines if lines else _shown, text)


def _shown_in_lines(found: re.Match[str]) -> str:
    return "\n" if found[0] in ("\n", "\r\n") else _shown(found)


def _shown(found: re.Match[str]) -> str:
    hidden = found[0]
    if hidden in SHOWN:
        return SHOWN[hidden]
    code = ord(hidden)
    return chr(0x2400 + code) if code < 0x20 else f"⟨U+{code:04X}⟩"


def short(text: str) -> str:
    """Safe text of a bearable length; what is left out is counted."""
    if len(text) <= LONGEST:
        return safe(text)
    return f"{safe(text[:LONGEST])}… [{len(text):,} characters in all]"


def count(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet may take this text for a formula."""
    return text.lstrip()[:1] in FORMULA
