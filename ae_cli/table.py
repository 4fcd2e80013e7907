"""A table of numbers: cells are numbers until a page is written. The one rounding is here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from ae_cli.findings import FileReport, Listing

PER_100_MONTHS: Final = "per 100 person-months"
Unit = Literal[
    "participants", "events", "share", "months", "days", "doses", "percent", "p-value",
    "per 100 person-months",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper bound: of a proportion 0 to 1, of a quantity in its own unit."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Rate:
    """`n` of `N` participants, with the events they had. Without N there is no percentage.

    `own` tells that N is not the column's but the row's own: the evaluable, of whom some had a DLT.
    `with_events` tells that a page shows the events beside the participants.
    """

    n: int
    N: int | None
    events: int | None = None
    ci: Interval | None = None
    own: bool = False
    with_events: bool = False

    @property
    def percent(self) -> Decimal | None:
        return percent(self.n, self.N)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of events."""

    events: int


@dataclass(frozen=True, slots=True)
class Share:
    """`events` of `of` events. No interval: events cluster in people."""

    events: int
    of: int

    @property
    def percent(self) -> Decimal | None:
        return percent(self.events, self.of)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit: months of follow-up."""

    value: float
    unit: str
    ci: Interval | None = None


@dataclass(frozen=True, slots=True)
class Incidence:
    """`n` participants with a first event in `time` person-months at risk, or with `of_events` so
    many events in the person-months of observation. `ci` is of the rate for 100 of them."""

    n: int
    time: float
    ci: Interval | None = None
    of_events: bool = False

    @property
    def rate(self) -> float:
        """For 100 person-months."""
        return 100 * self.n / self.time


@dataclass(frozen=True, slots=True)
class Word:
    """A result that is no number: a median that was not reached. Without a word the row has nothing
    to say of the column."""

    word: str = ""


@dataclass(frozen=True, slots=True)
class NotCollected:
    """The log has no such column. Not collected is not zero."""


@dataclass(frozen=True, slots=True)
class NotEstimable:
    """The column is there, but this number cannot be had."""

    reason: str


Cell = Rate | Count | Share | Quantity | Incidence | Word | NotCollected | NotEstimable


@dataclass(frozen=True, slots=True)
class Column:
    """One group. `name` is the data's own word, `label` what the page shows. N may be unknown."""

    name: str
    label: str
    N: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `cells` in the order of the table's columns."""

    key: str
    label: str
    unit: Unit
    cells: tuple[Cell, ...]
    indent: int = 0
    section: str = ""


@dataclass(frozen=True)
class Table:
    """A report, as numbers. `files` and `findings` say what it stands on, `listings` whom a reader
    will want to see one by one."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    subtitle: str = ""
    files: tuple[FileReport, ...] = ()
    findings: tuple[tuple[str, int], ...] = ()
    listings: tuple[Listing, ...] = ()
    ctcae: str = ""  # the version of the grades


def percent(n: int, of: int | None, digits: int = 1) -> Decimal | None:
    """100 n / of, rounded half up from the integers; None where there is nothing to divide by."""
    if not of:
        return None
    exact = Decimal(100 * n) / Decimal(of)
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
