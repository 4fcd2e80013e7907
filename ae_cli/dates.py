"""Dates as people write them, whole or partial, to spans of time. Nothing is imputed or guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from ae_cli.values import DOUBT, UNREADABLE
from ae_cli.vocabulary import ONGOING, UNANSWERED, is_blank, normalise, words


class DateSpan(NamedTuple):
    """A date as far as it is known: the earliest and the latest moment it can mean, on the clock
    where it was written; `offset` is how far that clock is ahead of UTC, where a time says it."""

    earliest: datetime
    latest: datetime
    offset: timedelta | None = None


def iso(span: DateSpan) -> str:
    """A date or a part of one, as ISO 8601 writes it.

    >>> iso(date("4 Mar 2024")), iso(date("Mar 2024")), iso(date("4 Mar 2024 10:30+08:00"))
    ('2024-03-04', '2024-03', '2024-03-04T10:30+08:00')
    """
    seconds = int((span.latest - span.earliest).total_seconds())
    known = next(form for least, form in _PRECISIONS if seconds >= least)
    return span.earliest.strftime(known) + zone(span.offset)


def zone(offset: timedelta | None) -> str:
    """A clock's distance from UTC, as ISO 8601 writes it; nothing where it is not known."""
    if not offset:
        return "" if offset is None else "Z"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{'-' if offset < timedelta() else '+'}{hours:02}:{minutes:02}"


def span_of(row: Mapping[str, Any], field: str) -> DateSpan | None:
    """The date in the columns `FIELD_earliest` and `FIELD_latest` of a row; None where it is blank,
    or was not collected."""
    first = row.get(f"{field}_earliest")
    if first is None:
        return None
    return DateSpan(first, row[f"{field}_latest"], row.get(f"{field}_offset"))


_DAY = 86_400
_PRECISIONS = (
    (364 * _DAY, "%Y"), (27 * _DAY, "%Y-%m"), (_DAY - 1, "%Y-%m-%d"), (3599, "%Y-%m-%dT%H"),
    (59, "%Y-%m-%dT%H:%M"), (0, "%Y-%m-%dT%H:%M:%S"),
)  # fmt: skip


_MONTHS = dict(zip(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    range(1, 13), strict=True,
))  # fmt: skip
_MONTH = (
    r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_UNKNOWN = r"(?:un|unk|uk|xx|nk|-)"
_TIME = (
    r"(?:(?:t|\s+|,\s*)(?P<H>\d{1,2})(?::(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.\d+)?)?)?"
    r"(?P<Z>z|[+-]\d{2}:?\d{2})?)?"
)
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)  # the farthest clocks of the world
ISO = re.compile(
    r"^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?"
    r"|---\d{2})?$"
)
_FORMS = tuple(
    re.compile(pattern + "$", re.IGNORECASE)
    for pattern in (
        rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}}){_TIME}",
        r"(?P<y>\d{4})(?:-(?P<m>\d{1,2}))?",
        r"(?P<y>\d{4})---\d{2}",
        rf"(?P<y>\d{{4}})[./](?P<m>\d{{1,2}})[./](?P<d>\d{{1,2}}){_TIME}",
        r"(?P<y>\d{4})[./](?P<m>\d{1,2})",
        rf"(?P<y>\d{{4}})\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*[日号]?{_TIME}",
        r"(?P<y>\d{4})\s*年(?:\s*(?P<m>\d{1,2})\s*月)?",
        rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-{_UNKNOWN}",
        rf"(?P<y>\d{{4}})-{_UNKNOWN}-{_UNKNOWN}",
        r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})",
        rf"(?P<d>\d{{1,2}})[\s\-/]*{_MONTH}[\s\-/,]*(?P<y>\d{{4}}){_TIME}",
        rf"{_MONTH}\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_TIME}",
        rf"(?:{_UNKNOWN}[\s\-/]*)?{_MONTH}[\s\-/,]*(?P<y>\d{{4}})",
    )
)
_SLASHED = re.compile(rf"(?P<a>\d{{1,2}})[./-](?P<b>\d{{1,2}})[./-](?P<y>\d{{4}}){_TIME}$", re.I)
_SHORT_YEAR = re.compile(
    rf"(?:\d{{1,2}}([./-])\d{{1,2}}\1\d{{1,2}}|\d{{1,2}}[\s\-/]*{_MONTH}[\s\-/,]*\d{{2}}){_TIME}$",
    re.I,
)

# Days since the end of 1899, as Excel counts them: 2000 to 2064. Study days are smaller numbers.
_SERIAL = re.compile(r"(?P<days>\d{5})(?:\.(?P<part>\d+))?$")
_FIRST_SERIAL, _LAST_SERIAL, _EXCEL_0 = 36526, 60000, datetime(1899, 12, 30)

DAY_FIRST, MONTH_FIRST, EITHER = "dmy", "mdy", "either"


def order_of(text: str) -> str | None:
    """Which of day and month comes first in 13/04/2024; "either" in 03/04/2024; None for others."""
    found = _SLASHED.match(unicodedata.normalize("NFKC", text).strip())
    if not found or found["a"] == found["b"]:
        return None
    year, a, b = (int(found[part]) for part in ("y", "a", "b"))
    ways = {DAY_FIRST: _is_day(year, b, a), MONTH_FIRST: _is_day(year, a, b)}
    if all(ways.values()):
        return EITHER
    return next((order for order, is_day in ways.items() if is_day), None)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        Day(year, month, day)
    except ValueError:
        return False
    return True


def in_order(text: str, order: str) -> str:
    """A date of two readings, such as 03/04/2024, rewritten year first."""
    form = unicodedata.normalize("NFKC", text).strip()
    found = _SLASHED.match(form)
    if not found:
        return text
    day, month = (found["a"], found["b"]) if order == DAY_FIRST else (found["b"], found["a"])
    return f"{found['y']}-{month}-{day}{form[found.end('y') :]}"


def date(value: Any) -> DateSpan | None:
    """A date, whole or partial, as a span. 03/04/2024 has two readings and is refused."""
    if value is None or isinstance(value, DateSpan):
        return value
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=None)
        return DateSpan(moment, moment, value.utcoffset())
    if isinstance(value, Day):
        return _span(value.year, value.month, value.day)
    form = unicodedata.normalize("NFKC", str(value)).strip()
    if is_blank(form) or normalise(form) in words(UNANSWERED):
        return None
    return _parse(form)


def end_date(value: Any) -> DateSpan | None:
    """As `date`; a word that says the event goes on is no end date."""
    if isinstance(value, str) and not DOUBT.search(value) and normalise(value) in words(ONGOING):
        return None
    return date(value)


def _parse(form: str) -> DateSpan:
    if slashed := _SLASHED.match(form):
        return _day_month(slashed)
    for pattern in _FORMS:
        if found := pattern.match(form):
            return _build(found.groupdict())
    if serial := _SERIAL.match(form):
        return _of_serial(serial)
    if _SHORT_YEAR.match(form):
        raise PydanticCustomError(UNREADABLE, "the year has two digits")
    raise PydanticCustomError(UNREADABLE, "not a date")


def is_serial(text: str) -> bool:
    """Whether a text is a number that counts days, as that of a date cell without its format."""
    return bool(_SERIAL.match(unicodedata.normalize("NFKC", text).strip()))


def _of_serial(found: re.Match[str]) -> DateSpan:
    """43249 is 29 May 2018: a date cell that lost its format. A fraction is the time."""
    days = int(found["days"])
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        raise PydanticCustomError(UNREADABLE, "not a date")
    day = _EXCEL_0 + timedelta(days=days)
    seconds = round(float(f"0.{found['part'] or 0}") * 86_400)
    if not seconds:  # as for a time of midnight: a date without a time
        return _span(day.year, day.month, day.day)
    moment = day + timedelta(seconds=seconds)
    return DateSpan(moment, moment)


def _day_month(found: re.Match[str]) -> DateSpan:
    a, b = int(found["a"]), int(found["b"])
    if a <= 12 and b <= 12 and a != b:
        raise PydanticCustomError(UNREADABLE, "day and month could be either way round")
    day, month = (a, b) if b <= 12 else (b, a)
    return _build(found.groupdict() | {"d": str(day), "m": str(month)})


def _build(parts: dict[str, str | None]) -> DateSpan:
    name = parts.get("mon")
    month = _MONTHS[name[:3].casefold()] if name else parts.get("m")
    numbers = [
        parts.get("y"),
        month,
        parts.get("d"),
        parts.get("H"),
        parts.get("M"),
        parts.get("S"),
    ]
    known = [int(n) for n in numbers if n is not None]
    offset = _offset(parts.get("Z"))
    midnight = len(known) > 4 and not any(known[3:])  # how a date without a time is exported
    return _span(*known[:3]) if midnight else _span(*known)._replace(offset=offset)


def _offset(text: str | None) -> timedelta | None:
    if not text or text in "Zz":
        return timedelta() if text else None
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)
    if minutes > 59 or not WEST <= offset <= EAST:
        raise PydanticCustomError(UNREADABLE, "no such time zone")
    return offset


def _span(year: int, *rest: int) -> DateSpan:
    """The span of a date known down to year, month, day, hour, minute or second."""
    if not 1800 <= year <= 2199:
        raise PydanticCustomError(UNREADABLE, "no year of a trial")
    try:
        earliest = datetime(*(year, *rest, 1, 1)[: max(3, len(rest) + 1)])  # type: ignore[arg-type]
    except ValueError:
        raise PydanticCustomError(UNREADABLE, "no such day") from None
    return DateSpan(earliest, _next(earliest, len(rest)) - timedelta(seconds=1))


def _next(moment: datetime, known: int) -> datetime:
    if known == 0:
        return moment.replace(year=moment.year + 1)
    if known == 1:
        return (moment + timedelta(days=32)).replace(day=1)
    steps = {2: timedelta(days=1), 3: timedelta(hours=1), 4: timedelta(minutes=1)}
    return moment + steps.get(known, timedelta(seconds=1))
