"""A cell in the words of the file: text is text and never a formula; nothing is cut."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ae_cli.render.text import safe

LIMIT = 32_767  # UTF-16 units in a cell; Excel cuts the rest without a word
OPENING = 1_000  # characters of a longer text that its cell still shows
PART = 1_200  # characters to a row of the sheet that shows it whole
DIGITS = 10**15  # Excel keeps fifteen; a longer number is kept as text
LONG_TEXTS = "Long texts"

Value = str | int | float | None
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as A
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # a return, too: XML reads it as a line


@dataclass(frozen=True, slots=True)
class LongText:
    """A text too long for its cell, safe to show, and the cell it belongs to."""

    sheet: str
    cell: str
    text: str

    def opening(self) -> str:
        """What its own cell shows."""
        whole = f"{len(self.text):,} characters, whole in the sheet {LONG_TEXTS}"
        return f"{self.text[:OPENING]} … [{whole}]"

    def parts(self) -> Iterator[str]:
        """The whole of it."""
        return (self.text[i : i + PART] for i in range(0, len(self.text), PART))


def shown(value: str | float) -> str | float:
    """The value as a cell shows it: text safe, line breaks kept; a number stays a number."""
    if isinstance(value, str):
        return safe(value, lines=True)
    return value if abs(value) < DIGITS else str(value)  # so are infinity and NaN


def fits(text: str) -> bool:
    """Whether one cell can hold the text."""
    return len(text) <= LIMIT // 2 or len(text.encode("utf-16-le")) // 2 <= LIMIT


def blank(address: str, style: int) -> str:
    """A cell with nothing but a look."""
    return f'<c r="{address}" s="{style}"/>'


def number(address: str, style: int, value: float) -> str:
    """A number; true is 1."""
    return f'<c r="{address}" s="{style}"><v>{+value}</v></c>'


def text(address: str, style: int, value: str) -> str:
    """A text, blanks and all, whatever it looks like."""
    words = html.escape(CODED.sub("_x005F_", value) if "_x" in value else value, quote=False)
    if not words.isprintable():
        words = _NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", words)
    kept = f'<is><t xml:space="preserve">{words}</t></is>'
    return f'<c r="{address}" s="{style}" t="inlineStr">{kept}</c>'
