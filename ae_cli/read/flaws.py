"""What is wrong with how a cell is written, whatever it says: a finding, and never another value.

Columns of free text are looked at as a whole, since most of their texts are without a flaw.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import polars as pl

from ae_cli.vocabulary import is_blank

SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())  # what str.strip() takes away
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
FIELD_LIMIT = 200  # characters: what SAS transport files and many forms hold
NUMBER, EDGES, DURATION, CUT, NO_MONTH, GARBLED = (
    "AE-TYP-03", "AE-TYP-04", "AE-TYP-05", "AE-TYP-07", "AE-TYP-09", "AE-TYP-10",
)  # fmt: skip
RELATION, PRESPECIFIED, FORMULA = "AE-COD-16", "AE-COD-19", "AE-TYP-12"

# U+FFFD; the control characters that bytes 80 to 9F become in Latin-1; UTF-8 read as Windows-1252,
# once and twice; and UTF-8 read as GBK.
_GARBLED = (
    "[\ufffd\u0080-\u009f]|\u00ef\u00bf\u00bd|\u00e2\u20ac[\u2018-\u203a\u0152\u0153\u00a6\u2122]"
    # Three bytes, of Chinese: no language has two such signs after a letter. é ”» is French.
    "|[\u00e0-\u00ef][\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]{2}"
    "|\u00c3[\u00a0-\u00bf]|\u00c2[\u00a0-\u00bf]|\u951f\u65a4\u62f7"
)
_POSITIVE = r"^\s*0*[1-9]\d*(?:\.0+)?\s*$"
_NUMERIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_NO_MONTH = re.compile(r"\s*\d{4}---\d{2}")


class Flaw(NamedTuple):
    """A text that breaks a rule, and how."""

    text: str
    rule: str
    detail: str


def of_edges(texts: Iterable[str]) -> Iterator[Flaw]:
    """Texts that begin with a space, or are a dot that stands for nothing."""
    for text in texts:
        if text.strip() == ".":
            yield Flaw(text, EDGES, "a dot alone, which is read as blank")
        elif text[:1].isspace() and text.strip():
            yield Flaw(text, EDGES, "begins with a space")


def of_text(raw: pl.Series, field: str, standard: bool) -> Iterator[Flaw]:
    """What only a column of free text can have. `standard`: under an SDTM or ADaM header."""
    for text in _those(raw, raw.is_in(ERRORS)):
        yield Flaw(text, FORMULA, "an error of a formula, and no value")
    foreign = raw.filter((raw.str.len_bytes() != raw.str.len_chars()).fill_null(False))
    for text in _those(foreign, foreign.str.contains(_GARBLED)):
        yield Flaw(text, GARBLED, f"{_odd(text)} stands where another character was")
    if field == "term":
        long = raw.filter((raw.str.len_bytes() >= FIELD_LIMIT).fill_null(False))
        for text in _those(long, long.str.len_chars() == FIELD_LIMIT):
            yield Flaw(text, CUT, f"exactly {FIELD_LIMIT} characters")
    if field == "seq":
        for text in _those(raw, ~raw.str.contains(_POSITIVE)):
            if not is_blank(text) and (standard or _NUMERIC.fullmatch(text.strip())):
                yield Flaw(text, NUMBER, "no positive whole number")


def _those(raw: pl.Series, claim: pl.Series) -> list[str]:
    return raw.filter(claim.fill_null(False)).unique().sort().to_list()


def _odd(text: str) -> str:
    found = re.search(_GARBLED, text)
    return repr(found[0]) if found else "a character"


def of_dates(texts: Iterable[str]) -> Iterator[Flaw]:
    """Dates with a day and without a month."""
    for text in texts:
        if _NO_MONTH.match(text):
            yield Flaw(text, NO_MONTH, "a day without a month, which is read as the year alone")


def of_words(field: str, texts: Iterable[str], header: str, standard: bool) -> Iterator[Flaw]:
    """Texts that are none of the words of their column, where it has such words.

    `standard` tells that the header is SDTM's or ADaM's: there a word is written as it is listed.
    """
    if field not in _WORDS:
        return
    rule, check = _WORDS[field]
    for text in texts:
        if detail := check(text.strip() if standard else text.strip().upper(), header.upper()):
            yield Flaw(text, rule, detail)


Check = Callable[[str, str], str]  # a text and its header to what is wrong, in words


def _one_of(*words: str) -> Check:
    told = ", ".join(words[:-1]) + f" or {words[-1]}" if len(words) > 1 else words[0]
    return lambda text, _header: "" if text in words else f"not {told}"


_AMOUNT = r"\d+(?:[.,]\d+)?"
_ISO = re.compile(
    rf"P(?=[\dT])(?:{_AMOUNT}W|(?:{_AMOUNT}Y)?(?:{_AMOUNT}M)?(?:{_AMOUNT}D)?"
    rf"(?:T(?=\d)(?:{_AMOUNT}H)?(?:{_AMOUNT}M)?(?:{_AMOUNT}S)?)?)"
)
_PLAIN = re.compile(
    rf"{_AMOUNT}\s*(?:(?:SECOND|MINUTE|MIN|HOUR|HR|DAY|WEEK|MONTH|YEAR)S?|[SHDWY]|"
    r"秒|分钟|小时|天|日|周|个?月|年)?"
)


def _duration(text: str, header: str) -> str:
    """SDTM's AEDUR is ISO 8601; elsewhere a number, with or without its unit, is as good."""
    if re.match(r"[-\u2212]|P[-\u2212]", text):
        return "less than nothing"
    own = header.strip() != "AEDUR" and _PLAIN.fullmatch(text)
    return "" if own or _ISO.fullmatch(text) else "no duration in ISO 8601, such as P2D or PT6H"


_WORDS: dict[str, tuple[str, Check]] = {
    "start_relation": (RELATION, _one_of("BEFORE", "COINCIDENT", "AFTER", "U", "UNKNOWN")),
    "end_relation": (
        RELATION,
        _one_of("BEFORE", "COINCIDENT", "AFTER", "ONGOING", "U", "UNKNOWN"),
    ),
    "prespecified": (PRESPECIFIED, _one_of("Y")),
    "duration": (DURATION, _duration),
}
WORDED = frozenset(_WORDS)
