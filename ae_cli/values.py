"""The text of a cell to a value, or a refusal that names the rule it breaks.

Nothing is guessed: what could mean two things raises. A blank gives None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from pydantic_core import PydanticCustomError

from ae_cli.vocabulary import (
    GRADE_WORDS,
    NO_EVENT,
    ONGOING,
    UNANSWERED,
    Answer,
    Criterion,
    expected_spellings,
    is_blank,
    normalise,
    serious_spellings,
    spellings,
    treated_spellings,
    words,
)

DOUBT = re.compile(r"[?？□☐]")  # a guess, or a box that is not ticked
UNREADABLE = "unreadable"  # the error type of a value that is in no list: the field names the rule
GRADE_RANGE = "AE-CTC-08"
GRADE_INVALID = "AE-CTC-01"
NOT_A_NUMBER = "AE-TYP-11"
DAY = "AE-TYP-06"

_NUMERIC = re.compile(r"[+-]?\d+(?:\.\d*)?")


def text(value: Any) -> str | None:
    """Outer spaces gone, blanks None. The text itself is never changed."""
    if value is None or (isinstance(value, str) and is_blank(value)):
        return None
    return str(value).strip() or None


def name(value: Any) -> str | None:
    """Outer spaces gone. What stands for a blank elsewhere may be a name: Na is sodium."""
    return str(value).strip() or None if value is not None else None


def one_of(kind: type[StrEnum]) -> Callable[[Any], StrEnum | None]:
    """A reader for a closed list."""

    def read(value: Any) -> StrEnum | None:
        return _choose(value, spellings(kind))

    return read


def serious(value: Any) -> StrEnum | None:
    """Yes or no, or the word itself: SAE, not serious."""
    return _choose(value, serious_spellings())


def expected(value: Any) -> StrEnum | None:
    """Yes or no, or the word itself: expected, unlisted."""
    return _choose(value, expected_spellings())


def treated(value: Any) -> StrEnum | None:
    """Yes or no, or the words for no: none, 未治疗."""
    return _choose(value, treated_spellings())


_WHOLE = re.compile(r"[+-]?\d{1,6}(?:\.0*)?")


def study_day(value: Any) -> int | None:
    """A whole number of days. There is no day 0: the day of reference is day 1."""
    if value is None or isinstance(value, int) or text(value) is None:
        return value if isinstance(value, int) else None
    form = unicodedata.normalize("NFKC", str(value)).strip()
    if not _NUMERIC.fullmatch(form):
        raise PydanticCustomError(NOT_A_NUMBER, "not a number")
    if not _WHOLE.fullmatch(form) or not int(float(form)):
        raise PydanticCustomError(DAY, "no whole day, or day 0")
    return int(float(form))


def ongoing(value: Any) -> StrEnum | None:
    """Yes or no, or CDISC's relation words: ONGOING, AFTER; BEFORE is no."""
    if isinstance(value, str) and not DOUBT.search(value):
        form = normalise(value)
        if form in words(ONGOING) or form == "after":
            return Answer.YES
        if form in ("before", "coincident", "ended"):
            return Answer.NO
    return _choose(value, spellings(Answer))


def criteria(value: Any) -> tuple[Criterion, ...] | None:
    """One or several seriousness criteria, separated by ; , 、 or a line break."""
    if isinstance(value, tuple):
        return value
    if text(value) is None:
        return None
    if normalise(value) in words(NO_EVENT):  # "none": no criterion is met
        return None
    whole = None if DOUBT.search(value) else spellings(Criterion).get(normalise(value))
    parts = [whole] if whole else [_choose(p, spellings(Criterion)) for p in _split(value)]
    return tuple(sorted({Criterion(p) for p in parts if p}, key=list(Criterion).index)) or None


def _split(value: str) -> list[str]:
    return [part for part in re.split(r"[;；,，、\n]+", value) if part.strip()]


def _choose(value: Any, table: dict[str, StrEnum]) -> StrEnum | None:
    if value is None or isinstance(value, StrEnum):
        return value
    if DOUBT.search(str(value)):
        raise PydanticCustomError(UNREADABLE, "not understood")
    form = normalise(str(value))
    if form in table:
        return table[form]
    if is_blank(unicodedata.normalize("NFKC", str(value))) or form in words(UNANSWERED):
        return None
    raise PydanticCustomError(UNREADABLE, "not understood")


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_HAN = {"零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_NUMBER = r"(?:\d+(?:\.0+)?|i{1,3}|iv|v|[零一二三四五])"
_GRADE = rf"(?:ctcae)?\s*(?:grade|gr|g)?\.?\s*({_NUMBER})\s*(?:级|級|度|级别|級別)?"
_ONE = re.compile(rf"^{_GRADE}$")
_LONGEST_GRADE = 40
_WORD = r"([^\W\d_][^\d():=]*?)"
_WORDED = re.compile(rf"^{_GRADE}\s*[(:=,/–—-]?\s*{_WORD}\s*\)?$")
_WORD_FIRST = re.compile(rf"^{_WORD}\s*[(:=,/–—-]?\s*{_GRADE}\s*\)?$")
_SMALL = _NUMBER.replace(r"\d+", r"\d")  # 2024-02-03 is no list of grades
_MANY = re.compile(
    rf"^(?:ctcae)?\s*(?:grade|gr|g)?\.?\s*{_SMALL}\s*(?:级|級|度)?"
    rf"(?:\s*(?:-+>?|=>|→|~|～|–|—|至|到|to|and|or|/|,|，|、|;|；|&|\+|\|)\s*"
    rf"(?:grade|gr|g)?\.?\s*{_SMALL}\s*(?:级|級|度)?)+$"
)


def grade(value: Any) -> int | None:
    """1 to 5, and 0, which is not an event. 3.0, Grade 3, G3, III, 3级 and 三级 are 3,
    and so is a number with its own word: 3 - severe."""
    if value is None or isinstance(value, int):
        return _in_range(value)
    form = unicodedata.normalize("NFKC", str(value)).casefold().strip()
    if is_blank(form) or normalise(form) in words(f"{UNANSWERED}|{NO_EVENT}"):
        return None
    if one := _ONE.match(form):
        return _in_range(_number(one.group(1)))
    if (number := _worded(form)) is not None:
        return number
    if _MANY.match(form):
        raise PydanticCustomError(GRADE_RANGE, "several grades in one cell")
    raise PydanticCustomError(GRADE_INVALID, "not a grade")


def _worded(form: str) -> int | None:
    """The grade of a number with its word: `Grade 1 (mild)`, `重度(3级)`. They must agree."""
    if len(form) > _LONGEST_GRADE:
        return None
    if found := _WORDED.match(form):
        token, word = found.groups()
    elif found := _WORD_FIRST.match(form):
        word, token = found.groups()
    else:
        return None
    said = next((n for n, forms in enumerate(GRADE_WORDS, 1) if word in forms.split("|")), None)
    if said is not None and said != _number(token):
        raise PydanticCustomError(GRADE_INVALID, "the number and the word are different grades")
    return said


def _number(token: str) -> int:
    if token in _ROMAN:
        return _ROMAN[token]
    return _HAN[token] if token in _HAN else int(min(float(token), 6))  # 400 nines are infinity


def _in_range(number: int | None) -> int | None:
    if number is None or 0 <= number <= 5:
        return number
    raise PydanticCustomError(GRADE_INVALID, "not a grade")
