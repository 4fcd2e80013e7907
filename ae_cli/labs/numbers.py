"""The text of a result or limit as an interval of numbers: 5.6, "<0.5", "≥ 100", "65.2↑".

A plain number is an interval of one point. A bound leaves one side open, so nothing that it says
is lost and nothing it does not say is assumed. Text that could be two numbers ("1,200") is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

INF = float("inf")
_DIGITS = r"\d+(?:\.\d*)?(?:e[-+]?\d{1,3})?|\.\d+(?:e[-+]?\d{1,3})?"
_RESULT = re.compile(
    rf"(?P<op>[<>]=?|=[<>]|[≤≥≦≧])?\s*(?P<number>[-+]?(?:{_DIGITS}|\d[\d,]*(?:\.\d+)?))"
    r"\s*(?:[↑↓*]+|\((?:h|l|high|low)\)|(?<=\s)(?:h|l|hh|ll))?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?P<low>{_DIGITS})\s*(?:-{{1,2}}|~|–|—|−|〜|to|至|到)\s*(?P<high>{_DIGITS})", re.IGNORECASE
)
_GROUPS = re.compile(r"[-+]?\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|[-+]?\d{1,3},\d{3}\.\d+")
_DECIMAL = re.compile(r"[-+]?\d+,(?:\d{1,2}|\d{4,})")


class Interval(NamedTuple):
    """Where a number lies; `low_open` and `high_open` where the end itself is left out."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False


def interval(text: str) -> Interval | None:
    """What a result says, or None where it is no number, or could be two."""
    found = _RESULT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    number = _number(found["number"]) if found else None
    if found is None or number is None:
        return None
    match (found["op"] or "").replace("≦", "≤").replace("≧", "≥"):
        case "<":
            return Interval(-INF, number, False, True)
        case ">":
            return Interval(number, INF, True, False)
        case "<=" | "=<" | "≤":
            return Interval(-INF, number)
        case ">=" | "=>" | "≥":
            return Interval(number, INF)
    return Interval(number, number)


def limit(text: str) -> float | None:
    """A limit of the normal range; "<40" gives 40."""
    found = interval(text)
    if found is None:
        return None
    return found.high if abs(found.high) < INF else found.low


def limits(text: str) -> tuple[float | None, float | None]:
    """The lower and upper limit of a range in one text: 3.5-5.5, "<40", "> 60"."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]").strip()
    if found := _RANGE.fullmatch(plain):
        return _number(found["low"]), _number(found["high"])
    side = interval(plain)
    if side is None or side.low == side.high:
        return None, None
    return (side.low, None) if side.high == INF else (None, side.high)


def _number(text: str) -> float | None:
    if "," in text:
        if _GROUPS.fullmatch(text):
            text = text.replace(",", "")
        elif _DECIMAL.fullmatch(text):
            text = text.replace(",", ".")
        else:
            return None
    value = float(text)
    return value if abs(value) < 1e15 else None


def intervals(texts: pl.Series, name: str) -> list[pl.Series]:
    """Columns `_low`, `_high`, `_low_open`, `_high_open`; each odd text is read once."""
    plain, odd = _plain(texts)
    found = {text: interval(text) for text in odd}
    known = {text: told for text, told in found.items() if told}
    ends = [
        _filled(plain, texts, known, 0).alias(f"{name}_low"),
        _filled(plain, texts, known, 1).alias(f"{name}_high"),
    ]
    some = [[text for text, told in known.items() if told[i]] for i in (2, 3)]
    there = ends[0].is_not_null()
    none = pl.repeat(False, len(texts), eager=True)
    opens = [(texts.is_in(wide) if wide else none) & there for wide in some]
    return [*ends, opens[0].alias(f"{name}_low_open"), opens[1].alias(f"{name}_high_open")]


def numbers(texts: pl.Series) -> pl.Series:
    """Limits as numbers; null where the text is none."""
    plain, odd = _plain(texts)
    known = {text: (limit(text),) for text in odd}
    return _filled(plain, texts, known, 0)


def _plain(texts: pl.Series) -> tuple[pl.Series, list[str]]:
    """The texts that are plain numbers, as such, and the distinct others."""
    cast = texts.cast(pl.Float64, strict=False)
    fine = (cast.abs() < 1e15).fill_null(False)
    plain = pl.select(pl.when(fine).then(cast)).to_series().alias(texts.name)
    return plain, texts.filter(~fine & texts.is_not_null()).unique().to_list()


def _filled(
    plain: pl.Series, texts: pl.Series, known: Mapping[str, tuple[Any, ...]], at: int
) -> pl.Series:
    """Plain numbers, with what was read from the other texts in their places."""
    if not known:
        return plain
    other = _mapped(texts, list(known), [told[at] for told in known.values()])
    return plain.fill_null(other)


def ranges(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Lower and upper limits of ranges in one column."""
    known = _distinct(texts)
    found = [limits(text) for text in known]
    low, high = ([each[i] for each in found] for i in range(2))
    return _mapped(texts, known, low), _mapped(texts, known, high)


def _distinct(texts: pl.Series) -> list[str]:
    return texts.drop_nulls().unique().to_list()


def _mapped(texts: pl.Series, known: list[str], values: Sequence[float | None]) -> pl.Series:
    if not known:
        return pl.Series(texts.name, [None], dtype=pl.Float64).new_from_index(0, len(texts))
    found = pl.Series(values, dtype=pl.Float64)
    return texts.replace_strict(known, found, default=None, return_dtype=pl.Float64)
