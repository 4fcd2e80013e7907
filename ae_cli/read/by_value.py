"""A header with several meanings, decided by what its column holds, or not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from pydantic import ValidationError

from ae_cli.model import Record, adapter
from ae_cli.read.names import ByValue

MOST = 1000  # distinct values looked at; a column of codes has fewer
SHOWN = 5
LONG = 30


@dataclass(frozen=True, slots=True)
class Held:
    """The answers in a column, and which of them each possible field understands."""

    answers: tuple[str, ...]
    understood: dict[str, frozenset[str]]

    def among(self, codes: Iterable[str]) -> frozenset[str]:
        """The answers that are one of these codes, however written: 1, 1.0."""
        wanted = set(codes)
        return frozenset(answer for answer in self.answers if _code(answer) in wanted)

    def __str__(self) -> str:
        if len(self.answers) > MOST:
            return f"more than {MOST:,} different texts"
        shown = [a if len(a) <= LONG else "longer text" for a in self.answers[:SHOWN]]
        more = len(self.answers) - SHOWN
        return ", ".join(dict.fromkeys(shown)) + (f" and {more} more" if more > 0 else "")


def look(model: type[Record], fields: Sequence[str], values: Collection[str]) -> Held:
    """What a column holds. A blank, or what counts as unanswered, is no answer."""
    texts = {text for value in islice(values, 2 * MOST) if (text := (value or "").strip())}
    read = {field: {text: _read(model, field, text) for text in texts} for field in fields}
    answers = {t for t in texts if all(read[field][t] is not None for field in fields)}
    understood = {
        field: frozenset(t for t in answers if read[field][t] and len(texts) <= MOST)
        for field in fields
    }
    return Held(tuple(sorted(answers)), understood)


def decide(held: Held, meaning: ByValue, fields: Sequence[str], free: Sequence[str]) -> str | None:
    """The field that understands more of the answers than any other, and more than half.

    All others must understand nothing beyond that; a slip of the pen ("Midl") is no obstacle and
    becomes a finding. Where the answers could be codes of a free field, nothing is decided.
    """
    rivals = {f: held.among(meaning.codes.get(f, ()) if f in free else ()) for f in fields}
    for field in fields:
        own = held.understood[field]
        others = (held.understood[f] | rivals[f] for f in fields if f != field)
        if 2 * len(own) > len(held.answers) and all(other < own for other in others):
            return field
    return None


def doubtful(held: Held, meaning: ByValue, field: str, free: Sequence[str]) -> list[str]:
    """Free fields whose codes the answers could be, although `field` was decided."""
    return [
        other
        for other, codes in meaning.doubts.items()
        if other in free and other != field and held.among(codes) == frozenset(held.answers)
    ]


def _read(model: type[Record], field: str, text: str) -> bool | None:
    """Whether the field understands a text; None where it takes it for no answer."""
    try:
        return None if adapter(model, field).validate_python(text) is None else True
    except ValidationError:
        return False


def _code(text: str) -> str:
    return unicodedata.normalize("NFKC", text).removesuffix(".0")
