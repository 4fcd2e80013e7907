"""One cell of a query log: whose it is, and how it is written.

What ae-cli writes it remembers as a short digest. A cell that differs from it was changed by a
person: a question stays as it was reworded, a word written over the state goes to the status, and
any other text goes to the note of its cell before the cell is brought up to date.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from ae_cli.render.queries.words import REST
from ae_cli.render.text import safe

Value = str | int | date | None
LONGEST = 2_000  # characters of a text: a row is read by people
SIZE = 6


def text(value: Any) -> str:
    """What a cell says, however its program keeps it: 5.0 is 5, midnight is a day."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value == datetime(*value.timetuple()[:3]) else str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def digest(value: Any) -> str:
    """A short name of a text, which does not tell it."""
    return hashlib.sha256(text(value).strip().encode("utf-8", "replace")).hexdigest()[:SIZE]


def shown(value: Value, language: str) -> Value:
    """A value as its cell holds it: safe to show, and of a length that people read."""
    if not isinstance(value, str):
        return value
    words = safe(value[:LONGEST], lines=True)
    rest = REST[language].format(n=len(value)) if len(value) > LONGEST else ""
    return words + rest
