"""How a column writes: which of day and month comes first, and what its codes stand for.

Both are the column's own business and are told by the column: by a date that can be read in one way
alone, by a legend in the header, or by study.toml. Nothing is taken from how likely it looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from ae_cli.dates import DAY_FIRST, EITHER, MONTH_FIRST, in_order, order_of

ENOUGH = 3  # different dates: that all are of the first twelve days is rarely chance
_DAY = re.compile(r"\d{4}-\d{2}-(?P<day>\d{2})")
UNDECIDED = "undecided"  # the dates of a study contradict each other
ORDERS = {DAY_FIRST: "day before month", MONTH_FIRST: "month before day"}

_BRACKETS = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
_HAN = "\u3400-\u9fff"
_SEAM = r"(?:^|[\s,;/|、]+)"
_CODES = (
    re.compile(rf"{_SEAM}(\d{{1,2}})\s*[=:]\s*"),  # 1=Yes, 2=No
    re.compile(rf"(?:^|[\s,;/|、]*)(\d{{1,2}})\s*[=:.\-]?\s*(?=[{_HAN}])"),  # 1是2否
)


def legend(header: str) -> dict[str, str]:
    """What the codes of a column stand for, where its header says so for two or more.

    Code first and then its words, from the first code to the end or the closing bracket: a legend
    that puts the word first (Yes=1) must not be read shifted by one, so it is not read at all.

    >>> legend("SAE? (1=Yes, 2=No)"), legend("是否SAE（1是 2否）"), legend("SAE (Yes-1: No-2)")
    ({'1': 'Yes', '2': 'No'}, {'1': '是', '2': '否'}, {})
    """
    text = unicodedata.normalize("NFKC", header)
    regions = _BRACKETS.findall(text) or [
        text[first.start() :] if (first := _FIRST.search(text)) else ""
    ]
    found = (_pairs(code, region.strip()) for region in regions for code in _CODES)
    return next((pairs for pairs in found if pairs), {})


_FIRST = re.compile(r"(?<=\s)\d{1,2}\s*\S|(?<=[:：])\d{1,2}\s*\S")


def _pairs(code: re.Pattern[str], region: str) -> dict[str, str]:
    """The codes of a region and their words; nothing where anything is left over."""
    before, *rest = code.split(region)
    codes, words = rest[::2], [word.strip(" ,;/|、") for word in rest[1::2]]
    whole = not before and len(set(codes)) == len(codes) and all(map(_is_word, words))
    if code is _CODES[1]:  # nothing between code and words: a digit at the end is the next code
        whole = whole and not any(word[-1].isdigit() for word in words)
    return dict(zip(codes, words, strict=True)) if whole and len(codes) > 1 else {}


def _is_word(text: str) -> bool:
    """Whether what follows a code can be its words alone."""
    return bool(text) and not re.search(r"[=:]|[-–]$", text) and not text[0].isdigit()


def decoded(texts: Sequence[str], codes: Mapping[str, str]) -> dict[str, str]:
    """The texts that are codes, and the words they stand for. A number may be written 1.0."""
    found = {}
    for text in texts:
        code = text.strip().removesuffix(".0")
        if code in codes:
            found[text] = codes[code]
    return found


def dated(texts: Sequence[str], asked: str | None) -> tuple[dict[str, str], str]:
    """The dates of two readings in the order that the column shows or a person named; and why."""
    shown = orders_shown(texts)
    if not asked and len(shown) != 1:  # none or both: no open date is told
        return {}, ""
    order = asked or next(iter(shown))
    open_dates = [text for text in texts if order_of(text) == EITHER]
    if order not in ORDERS or not open_dates:
        return {}, ""
    why = "as named" if asked else f"as {shown[order]} shows"
    return {text: in_order(text, order) for text in open_dates}, f"{ORDERS[order]}, {why}"


def against(texts: Iterable[str], asked: str | None) -> dict[str, str]:
    """The dates that can only be read in another order than a person named, and why."""
    shown = {text: order_of(text) for text in texts} if asked in ORDERS else {}
    return {
        text: f"{ORDERS[order]}, and date_order says {asked}"
        for text, order in shown.items()
        if order in ORDERS and order != asked
    }


def exchanged(texts: Sequence[str]) -> list[str]:
    """The dates that show that a spreadsheet may have exchanged day and month of the others.

    Opening 03/04/2024 in another country's Excel gives a date, of the wrong month; 13/04/2024 stays
    text. So a column of such texts among dates without any day after the 12th is suspicious.

    >>> exchanged(["2024-03-04", "2024-07-04", "2024-12-05", "13/04/2024"])
    ['13/04/2024']
    """
    days = [found["day"] for text in texts if (found := _DAY.match(text))]
    orders = {text: order for text in texts if (order := order_of(text))}
    early = len(days) >= ENOUGH and all(int(day) <= 12 for day in days)
    return list(orders) if early and set(orders.values()) in ({DAY_FIRST}, {MONTH_FIRST}) else []


def orders_shown(texts: Iterable[str]) -> dict[str, str]:
    """The orders in which some date can only be read, each with such a date."""
    return {order: text for text in texts if (order := order_of(text)) in ORDERS}
