"""Dates as people write them: whole, in part, as numbers, and in an order that nothing tells."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date

from corpus.base import EN, END, START, Rows, lines, listed, mapped
from corpus.case import Expected, Given, finding, same, series
from corpus.write import csv_bytes

DATES = "Dates"


def whole(text: str, pattern: str) -> str:
    return date.fromisoformat(text).strftime(pattern) if text else ""


def days(rows: Rows, change: Callable[[str], str]) -> Rows:
    """The log with every date in other words."""
    return mapped(mapped(rows, START, change), END, change)


def dated(rows: Rows, pattern: str) -> Rows:
    """The log with its dates in another form."""
    return days(rows, lambda d: whole(d, pattern))


def serials(rows: Rows) -> Rows:
    def number(text: str) -> str:
        return str((date.fromisoformat(text) - date(1899, 12, 30)).days) if text else ""

    return days(rows, number)


FORMS = {
    "by year, with slashes": "%Y/%m/%d", "by year, with points": "%Y.%m.%d",
    "without marks": "%Y%m%d", "in Chinese": "%Y年%m月%d日",
    "with a month in letters": "%d%b%Y", "with a month in letters and marks": "%d-%b-%Y",
    "with a month in full": "%d %B %Y", "month in full first": "%B %d, %Y",
    "with a time of midnight": "%Y-%m-%d 00:00:00",
}  # fmt: skip
for _name, _pattern in FORMS.items():
    series(
        same(DATES), f"dates {_name}", f"Dates {_name}, such as {whole('2024-05-02', _pattern)}.",
        lambda pattern=_pattern: csv_bytes(dated(EN, pattern)),
    )  # fmt: skip


@same(DATES)
def dates_as_numbers_of_excel() -> bytes:
    """Dates that lost their format: 45354 is 2024-03-03."""
    return csv_bytes(serials(EN))


PARTIAL = {
    "2024年3月": "2024-03", "2024-03-UN": "2024-03", "UN-MAR-2024": "2024-03",
    "2024---05": "2024", "2024-UN-UN": "2024", "2024年": "2024", "Mar 2024": "2024-03",
    "2024-03-xx": "2024-03", "2024/03": "2024-03", "2024.3": "2024-03", "unk Mar 2024": "2024-03",
    "2024-3": "2024-03", "March 2024": "2024-03", "2024-03--": "2024-03",
}  # fmt: skip
NO_DAYS = ("2024-02-30", "31/02/2024", "2024-13-01", "soon", "20240230", "2024-3-4-5", "12.5",
           "0000-00-00", "March", "2024-03-04?", "about 2024-03-04", "24-03-04", "03-04",
           "2024-03-04 to 2024-03-06", "2024年13月1日", "99999")  # fmt: skip


@finding(DATES, others=True, like=listed(START, list(PARTIAL.values())))
def dates_known_in_part() -> bytes:
    """Starts known to the month or the year, in many forms: no more is made of them."""
    return csv_bytes(listed(START, list(PARTIAL)))


@finding(DATES, Expected("AE-TYP-01", rows=lines(NO_DAYS)), others=True,
         like=listed(START, [""] * len(NO_DAYS)))  # fmt: skip
def dates_that_are_none() -> bytes:
    """Days that no calendar has, doubts, and parts of dates that could be several."""
    return csv_bytes(listed(START, NO_DAYS))


@same(DATES)
def day_first_as_another_date_shows() -> bytes:
    """Dates with the day first; some of them can be read in no other way."""
    return csv_bytes(dated(EN, "%d/%m/%Y"))


@same(DATES)
def month_first_as_another_date_shows() -> bytes:
    """Dates with the month first; some of them can be read in no other way."""
    return csv_bytes(dated(EN, "%m/%d/%Y"))


# Days of no more than 12, so that no date tells the order.
EARLY = mapped(EN, START, lambda d: f"{d[:8]}{int(d[8:]) % 12 or 1:02}")
EARLY = mapped(EARLY, END, lambda d: d and f"2024-07-{int(d[8:]) % 12 or 1:02}")


def open_either_way(text: str) -> bool:
    """Whether a date could be read with its day or with its month first."""
    return bool(text) and int(text[8:]) <= 12 and text[5:7] != text[8:]


def undecided(rows: Rows) -> tuple[Rows, int]:
    """The log without the dates that nothing tells, and how many these are."""
    count = sum(open_either_way(d) for row in rows[1:] for d in row[8:])
    return days(rows, lambda d: "" if open_either_way(d) else d), count


TOLD, UNTOLD = undecided(EARLY)


@finding(DATES, Expected("AE-TYP-01", says="either way round", count=UNTOLD), others=True,
         like=TOLD)  # fmt: skip
def day_and_month_that_nothing_tells() -> bytes:
    """No date of the log tells which of day and month comes first."""
    return csv_bytes(dated(EARLY, "%d/%m/%Y"))


for _order, _pattern in {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}.items():
    series(
        finding(DATES, others=True, like=EARLY), f"day and month by study.toml {_order}",
        f"No date tells the order, and study.toml says {_order}.",
        lambda order=_order, pattern=_pattern: Given(
            {"ae.csv": csv_bytes(dated(EARLY, pattern))}, config={"date_order": order}),
    )  # fmt: skip


SURE, UNSURE = undecided(EN)


@finding(DATES, Expected("AE-TYP-01", says="either way round", count=UNSURE), others=True,
         like=SURE)  # fmt: skip
def dates_that_contradict_each_other() -> bytes:
    """Starts with the day first, ends with the month first: neither order is taken."""
    rows = mapped(EN, START, lambda d: whole(d, "%d/%m/%Y"))
    return csv_bytes(mapped(rows, END, lambda d: whole(d, "%m/%d/%Y")))


@same(DATES)
def an_end_that_goes_on() -> bytes:
    """Open ends say so in words: ongoing, 持续, Continuing."""
    words = itertools.cycle(("ongoing", "持续", "Continuing"))
    return csv_bytes(mapped(EN, END, lambda d: d or next(words)))
