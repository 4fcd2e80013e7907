"""Dates as people write them: whole, in part, as numbers, and in an order that nothing tells."""

from __future__ import annotations

import itertools
from datetime import date

from corpus.base import EN, Rows, edited, mapped
from corpus.case import Expected, Given, finding, same, series
from corpus.write import csv_bytes

DATES, START, END = "Dates", "Start date", "End date"


def whole(text: str, pattern: str) -> str:
    return date.fromisoformat(text).strftime(pattern) if text else ""


def dated(rows: Rows, pattern: str) -> Rows:
    """The log with its dates in another form."""
    return mapped(
        mapped(rows, START, lambda d: whole(d, pattern)), END, lambda d: whole(d, pattern)
    )


def serials(rows: Rows) -> Rows:
    def number(text: str) -> str:
        return str((date.fromisoformat(text) - date(1899, 12, 30)).days) if text else ""

    return mapped(mapped(rows, START, number), END, number)


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
    "2024-03": "2024-03", "2024年3月": "2024-03", "2024-03-UN": "2024-03", "UN-MAR-2024": "2024-03",
    "2024---05": "2024", "2024-UN-UN": "2024", "2024": "2024", "2024年": "2024",
    "Mar 2024": "2024-03",
}  # fmt: skip
for _text, _iso in PARTIAL.items():
    if _text == _iso:
        continue
    series(
        finding(DATES, others=True, like=edited(EN, {(4, START): _iso})),
        f"a partial date {_text}", f"A start known in part: {_text} is {_iso} and no more.",
        lambda text=_text: csv_bytes(edited(EN, {(4, START): text})),
    )  # fmt: skip
DAYS = ("2024-02-30", "31/02/2024", "2024-13-01", "soon", "20240230", "2024-3-4-5",
              "0000-00-00", "12.5", "March")  # fmt: skip
for _text in DAYS:
    series(
        finding(DATES, Expected("AE-TYP-01", rows=(4,), count=1), others=True,
                like=edited(EN, {(4, START): ""})),
        f"no date {_text}".replace("/", "."), f"A start that is no day: {_text}.",
        lambda text=_text: csv_bytes(edited(EN, {(4, START): text})),
    )  # fmt: skip


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
    for header in (START, END):
        rows = mapped(rows, header, lambda d: "" if open_either_way(d) else d)
    return rows, count


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
