"""A header looked up: what it means, and which of several columns is meant most plainly.

Looking up forgives writing (case, spaces, punctuation, a hint in brackets, an EDC's suffix), never
words. A word that is merely like another is for `asking` to suggest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ae_cli.model import Record
from ae_cli.read.names import (
    ALSO,
    HINTED,
    ByValue,
    Meaning,
    Named,
    Names,
    agree,
    labels,
    names,
    squash,
    standard_field,
)

LONGEST = 120  # a longer cell is text, not a header
SEAMS = 8  # a cell of more words is a sentence

_BRACKETS = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
_HAN = "\u3400-\u9fff"
_SEAM = re.compile(rf"[\s/|]+|(?<=[{_HAN}])(?=[A-Za-z])|(?<=[A-Za-z.?)])(?=[{_HAN}])")


@dataclass(frozen=True, slots=True)
class Found:
    """What a header means. Of headers with the same `form` the lowest `level` is the plainest.

    `dropped` is what stood in brackets and was passed over to find it.
    """

    meaning: Meaning
    form: str
    level: int
    dropped: str = ""


@lru_cache(maxsize=8192)
def lookup(header: str, kind: str) -> Found | None:
    """What a header means, or None: as it stands, less brackets or suffix, or said twice over."""
    if len(header) > LONGEST:
        return None
    if named := standard_field(header, kind):
        return Found(named, squash(header), 0)
    return _once(header, kind) or _twice(header, kind)


def labelled(header: str, model: type[Record]) -> Found | None:
    """What a header means that is one of the labels the program itself shows."""
    form = squash(header) if len(header) <= LONGEST else ""
    meaning = labels(model).get(form)
    return Found(meaning, form, 0) if meaning else None


def _once(header: str, kind: str) -> Found | None:
    known = names(kind)
    for text, level, dropped in _readings(header, known):
        form = squash(text)
        if meaning := known.meanings.get(form) or _without_prefix(form, known):
            hinted = _hinted(meaning, header)
            return Found(hinted or meaning, form, level, "" if hinted else dropped)
    return None


def _twice(header: str, kind: str) -> Found | None:
    """A header that says one thing in two ways: 开始日期 Start Date, Start/Onset date."""
    text = unicodedata.normalize("NFKC", header).strip()
    seams = list(_SEAM.finditer(text))
    for seam in seams if len(seams) <= SEAMS else ():
        left = _once(text[: seam.start()], kind)
        right = _once(text[seam.end() :], kind) if left else None
        if left and right and agree(left.meaning, right.meaning):
            return Found(left.meaning, squash(header), max(left.level, right.level))
    return None


def _readings(header: str, known: Names) -> Iterator[tuple[str, int, str]]:
    """Ways to read a header, the plainest first: text, level, what was dropped in brackets."""
    text = unicodedata.normalize("NFKC", header).strip()
    if "#" in text:
        yield text.replace("#", " No "), 0, ""
    yield text, 0, ""
    yield from _without_brackets(text, 1)
    for level, suffix in enumerate(known.suffixes, start=2):
        if text.upper().endswith("_" + suffix):
            stem = text[: -len(suffix) - 1]
            yield stem, level, ""
            yield from _without_brackets(stem, level)


def _without_brackets(text: str, level: int) -> Iterator[tuple[str, int, str]]:
    if inside := _BRACKETS.findall(text):
        yield _BRACKETS.sub(" ", text), level, " ".join(inside)


def _without_prefix(form: str, known: Names) -> Meaning | None:
    for prefix in known.prefixes:
        if form.startswith(prefix):
            meaning = known.meanings.get(form.removeprefix(prefix))
            if meaning and meaning.prefixed:
                return meaning
    return None


def _hinted(meaning: Meaning, header: str) -> Named | None:
    """The one field that a hint in brackets names, for a header that could be several."""
    if not isinstance(meaning, ByValue):
        return None
    inside = squash(" ".join(_BRACKETS.findall(unicodedata.normalize("NFKC", header))))
    told = [f for f, words in meaning.hints.items() if any(squash(w) in inside for w in words)]
    return Named(told[0], (HINTED, 0)) if len(told) == 1 else None


# --- which of several columns -----------------------------------------------------------------


def best(columns: dict[int, Found]) -> list[int]:
    """Of columns for one field those that rank first. Several are left where they are equals."""
    ranks = {i: f.meaning.rank for i, f in columns.items() if isinstance(f.meaning, Named)}
    lowest = min(ranks.values())
    first = {i: columns[i] for i, rank in ranks.items() if rank == lowest}
    if lowest[0] == ALSO:
        return [min(first)]
    return plainest(first) if len({f.form for f in first.values()}) == 1 else list(first)


def plainest(columns: dict[int, Found]) -> list[int]:
    """Of columns of one name those that are written most plainly: AESER, not AESER_RAW."""
    lowest = min(f.level for f in columns.values())
    return [i for i, f in columns.items() if f.level == lowest]


# What brackets may hold without a change of meaning: yes or no, a legend of codes, the form of a
# date, a unit, a version, an abbreviation.
_HARMLESS = re.compile(
    r"[\W\d_]*|y\W*(or)?\W*n|yes\W*(or)?\W*no|.*\d\s*[:=].*|.*[:=]\s*\d.*|.*[是有]\W*[否无].*|"
    r"[dmyhs年月日时分/.: -]+|.*ctc.*|verbatim|optional|required|if any|pt|soc|s?aes?|teae|dlt|"
    r"grade|years?|yrs?|days?|岁|天|单选|多选|必填|.*级",
    re.IGNORECASE,
)


def changes_meaning(brackets: str) -> bool:
    """Whether words in brackets may say that a column is about something else."""
    return not _HARMLESS.fullmatch(brackets.strip())


def known(header: str, field: str = "") -> bool:
    """Whether a header is by itself that of a field, or of this one."""
    found = (lookup(header, kind) for kind in ("event", "subject"))
    named = {f.meaning.field for f in found if f and isinstance(f.meaning, Named)}
    return field in named if field else bool(named)
