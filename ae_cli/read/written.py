"""How a column writes: which of day and month comes first, and what its codes stand for.

Both are the column's own business and are told by the column: by a date that can be read in one way
alone, by a legend in the header, or by study.toml. Nothing is taken from how likely it looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ae_cli.values import DAY_FIRST, MONTH_FIRST, in_order, order_of

ORDERS = {DAY_FIRST: "day before month", MONTH_FIRST: "month before day"}

_CODE = r"(?<![\d.])(\d{1,2})"
_PAIR = re.compile(rf"{_CODE}\s*[=:]\s*([^\d\s,;/|=:()\[\]、][^\d,;/|=:()\[\]、]*)")
_HAN_PAIR = re.compile(rf"{_CODE}\s*[=:.]?\s*([\u3400-\u9fff]+)")


def legend(header: str) -> dict[str, str]:
    """What the codes of a column stand for, where its header says so for two or more.

    >>> legend("SAE? (1=Yes, 2=No)"), legend("是否SAE（1是 2否）"), legend("Grade (1-5)")
    ({'1': 'Yes', '2': 'No'}, {'1': '是', '2': '否'}, {})
    """
    text = unicodedata.normalize("NFKC", header)
    for pattern in (_PAIR, _HAN_PAIR):
        pairs = [(code, words.strip()) for code, words in pattern.findall(text)]
        if len(pairs) > 1 and len(dict(pairs)) == len(pairs):
            return dict(pairs)
    return {}


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
    shown = {order: text for text in texts if (order := order_of(text)) in ORDERS}
    if len(shown | {asked: ""} if asked else shown) > 1:  # both ways: no open date is told
        return {}, ""
    order = asked or next(iter(shown), None)
    open_dates = [text for text in texts if order_of(text) == "either"]
    if order is None or not open_dates:
        return {}, ""
    why = f"as {shown[order]} shows" if order in shown else "as named"
    return {text: in_order(text, order) for text in open_dates}, f"{ORDERS[order]}, {why}"
