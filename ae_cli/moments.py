"""Dates in columns, on clocks that may differ: which is the later one, and what cannot be told.

A date is two columns, `_earliest` and `_latest`, on the clock where it was written; a third,
`_offset`, is how far that clock is ahead of UTC, where a clock time says it. Days are those of the
calendar where they were written, so a day is compared as it stands. Two clock times are brought to
one clock; one that says no offset may be of any clock of the world.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import narwhals as nw

from ae_cli.dates import EAST, WEST, zone

NO_OFFSET = "no offset"
_DAY = timedelta(days=1)
_SECONDS = 86_399  # of a day: what is known to the day is as long


@dataclass(frozen=True, slots=True)
class Span:
    """A date in columns; `offset` is None where no cell of it says one."""

    earliest: nw.Expr
    latest: nw.Expr
    offset: nw.Expr | None = None


def span(date: str, columns: Collection[str]) -> Span:
    """The date of these columns."""
    said = f"{date}_offset"
    offset = nw.col(said) if said in columns else None
    return Span(nw.col(f"{date}_earliest"), nw.col(f"{date}_latest"), offset)


def after(one: Span, other: Span) -> nw.Expr:
    """Whether a date is certainly later than another; null where one of them is blank."""
    as_written = one.earliest > other.latest
    if one.offset is None and other.offset is None:
        return as_written
    a, b = on_one_clock(one, other)
    timed = (_clocked(one) & _clocked(other)).fill_null(False)
    return nw.when(timed).then(a.earliest > b.latest).otherwise(as_written)


def same_day(one: Span, other: Span) -> nw.Expr:
    """Whether two dates can be of one day, or one moment; null where one of them is blank."""
    by_days = (one.earliest.dt.truncate("1d") <= other.latest) & (
        one.latest >= other.earliest.dt.truncate("1d")
    )
    return by_days | ~(after(one, other) | after(other, one))


def on_one_clock(*spans: Span) -> tuple[Span, ...]:
    """The same dates on the clock of the first that says its offset: as far as that can be told for
    one that says none. Where none of a row does they stay as they are."""
    said = [each.offset for each in spans if each.offset is not None]
    if not said:
        return spans
    clock = nw.coalesce(*said)
    return tuple(_brought(each, clock) for each in spans)


def _brought(span: Span, clock: nw.Expr) -> Span:
    known = nw.lit(None, nw.Duration("us")) if span.offset is None else span.offset

    def there(end: nw.Expr, farthest: timedelta) -> nw.Expr:
        return (
            nw.when(~known.is_null()).then(end - known + clock)
            .when(~clock.is_null()).then(end - farthest + clock)
            .otherwise(end)
        )  # fmt: skip

    return Span(there(span.earliest, EAST), there(span.latest, WEST), clock)


def _clocked(span: Span) -> nw.Expr:
    """Whether a date has a clock time."""
    return (span.latest - span.earliest).dt.total_seconds() < _SECONDS


def dates(columns: Iterable[str]) -> list[str]:
    """The dates among the columns that say an offset."""
    return [c.removesuffix("_offset") for c in columns if c.endswith("_offset")]


def clocks(frames: Sequence[nw.DataFrame]) -> tuple[str, ...]:
    """The offsets that clock times say, NO_OFFSET among them, where they are several; else none."""
    said: set[timedelta | None] = set()
    for frame in frames:
        for name in (c.removesuffix("_latest") for c in frame.columns if c.endswith("_latest")):
            timed = frame.filter(_clocked(span(name, frame.columns)))
            offset = f"{name}_offset"
            told = timed[offset].unique().to_list() if offset in frame.columns else [None]
            said |= set(told if len(timed) else ())
    offsets = sorted(each for each in said if each is not None)
    names = [*map(zone, offsets), *([NO_OFFSET] if None in said else [])]
    return tuple(names) if offsets and len(names) > 1 else ()


def without_offsets(frame: nw.DataFrame) -> nw.DataFrame:
    """The frame where all clocks are one."""
    return frame.drop([f"{date}_offset" for date in dates(frame.columns)])


def by_days(frame: nw.DataFrame) -> nw.DataFrame:
    """The frame with every clock time that says its offset known to the day alone."""
    for date in dates(frame.columns):
        frame = _of_days(frame, date, ~nw.col(f"{date}_offset").is_null())
    return without_offsets(frame)


def by_days_where_clocks_differ(frame: nw.DataFrame) -> nw.DataFrame:
    """The same only of participants whose clock times of a date do not all say one offset."""
    for date in dates(frame.columns):
        offset = nw.col(f"{date}_offset")
        silent = (_clocked(span(date, frame.columns)) & offset.is_null()).fill_null(False)
        frame = frame.with_columns(
            differ_=(offset.min().over("subject") != offset.max().over("subject")).fill_null(False)
            | (silent.max().over("subject") & ~offset.max().over("subject").is_null())
        )
        frame = _of_days(frame, date, nw.col("differ_")).drop("differ_")
    return frame


def _of_days(frame: nw.DataFrame, date: str, where: nw.Expr) -> nw.DataFrame:
    earliest, latest, offset = (nw.col(f"{date}_{p}") for p in ("earliest", "latest", "offset"))
    here = where & _clocked(span(date, frame.columns))
    first = nw.when(here).then(earliest.dt.truncate("1d")).otherwise(earliest)
    last = nw.when(here).then(last_of_day(latest)).otherwise(latest)
    known = nw.when(~here).then(offset)
    parts = {"earliest": first, "latest": last, "offset": known}
    return frame.with_columns(**{f"{date}_{part}": each for part, each in parts.items()})


def latest_by_days(date: str, columns: Collection[str]) -> nw.Expr:
    """The latest moment of a date from which days are counted: of a clock time that says its
    offset, the end of its day."""
    when = span(date, columns)
    if when.offset is None:
        return when.latest
    return nw.when(when.offset.is_null()).then(when.latest).otherwise(last_of_day(when.latest))


def last_of_day(moment: nw.Expr) -> nw.Expr:
    return moment.dt.truncate("1d") + _DAY - timedelta(seconds=1)
