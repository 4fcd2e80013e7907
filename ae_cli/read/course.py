"""Grades of one event in several columns, as it changed: read as the worst of them, and its course.

A form may ask for the grade at onset and for each later one: "Initial grade", "CTCAE grade -1",
"CTCAE grade -2". The row is one event. Its grade is the worst, and its course, such as 1 > 3 > 2,
is a field of its own, so that the change is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import polars as pl

from ae_cli.errors import InputError
from ae_cli.model import AdverseEvent, Record
from ae_cli.read.headers import lookup
from ae_cli.read.names import KINDS, Named
from ae_cli.read.sheet import Sheet
from ae_cli.values import grade
from ae_cli.vocabulary import is_blank

PART = "a grade of the event's course: the worst is read"
ARROW = " > "
_NUMBER = re.compile(r"[\s_\-–—－#(（第]*(?P<n>[1-9])[)）次]?(?P<suffix>_[A-Za-z]+)?$")

_CHANGED = re.compile(r"^(变化后|更新后|(changed|new|later)\s+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Course:
    """The columns of a course of grades, and the fields of the columns that stand for them."""

    parts: tuple[int, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


NO_COURSE = Course()


def with_course(
    sheet: Sheet, model: type[Record], chosen: Mapping[str, str]
) -> tuple[Sheet, Course]:
    """The sheet with a column for the worst grade and one for the course, where grades stand in
    several columns. study.toml goes first: a grade it names is the only one.
    """
    parts = () if "grade" in chosen or model is not AdverseEvent else _parts(sheet.headers)
    if not parts:
        return sheet, NO_COURSE
    values = _values(sheet, parts)
    if values is None or not _in_turn(sheet, parts):
        if _is_grade(sheet.headers[parts[0]]):
            raise _doubtful(sheet, parts)
        return sheet, NO_COURSE
    rows = [_told(row, values) for row in sheet.cells.select(_names(parts)).iter_rows()]
    return _added(sheet, parts, rows), Course(parts, _headers(sheet, parts))


def _headers(sheet: Sheet, parts: Sequence[int]) -> dict[str, str]:
    title = f"{sheet.headers[parts[0]]} ... {sheet.headers[parts[-1]]}"
    return {"grade": title, "course": f"{title} (course)"}


def _added(sheet: Sheet, parts: Sequence[int], rows: Sequence[tuple[str | None, ...]]) -> Sheet:
    width, changed = len(sheet.headers), sum(course is not None for _, course in rows)
    added = [pl.Series(str(width + i), [row[i] for row in rows], dtype=pl.String) for i in range(2)]
    note = f"grades of one event stand in {len(parts)} columns and the worst is read: "
    return replace(
        sheet,
        cells=sheet.cells.with_columns(added),
        headers=(*sheet.headers, *_headers(sheet, parts).values()),
        notes=(*sheet.notes, note + f"it changed in {changed} of {len(rows)} rows"),
    )


def _told(row: Sequence[str | None], values: Mapping[str, int | None]) -> tuple[str | None, ...]:
    """The text of the worst grade, and the course where there is one. With a grade that is not
    understood the worst is not known: all of them are the text, and a finding.
    """
    texts = [text for text in row if text and not is_blank(text)]
    grades = [values[text] for text in texts]
    known = [g for g in grades if g is not None]
    if len(texts) < 2 or len(known) < len(grades):
        return ARROW.join(texts) or None, None
    course = [str(g) for g, before in zip(known, [None, *known], strict=False) if g != before]
    return texts[known.index(max(known))], ARROW.join(course) if len(course) > 1 else None


def _names(parts: Sequence[int]) -> list[str]:
    return [str(part) for part in parts]


def _in_turn(sheet: Sheet, parts: Sequence[int]) -> bool:
    """Whether a later grade stands only beside all that come before it.

    A mark in the column of its grade (Grade 1, Grade 2, ... Grade 5) does not.
    """
    later = [p for p in parts if not _is_grade(sheet.headers[p])]
    rows = sheet.cells.select(_names(later)).iter_rows()
    filled = ([not is_blank(text or "") for text in row] for row in rows)
    return not any(b and not a for row in filled for a, b in pairwise(row))


def _doubtful(sheet: Sheet, parts: Sequence[int]) -> InputError:
    listed = ", ".join(sheet.headers[p] for p in parts)
    return InputError(
        f"{sheet.where}: {listed} look like the grades of one event as it changed, but do not "
        "hold one grade after the other",
        "name the column to use in study.toml: "
        f"[columns.events] grade = {sheet.headers[parts[0]]!r}",
    )


def _parts(headers: Sequence[str]) -> tuple[int, ...]:
    """The columns in the order of the course: at onset, then 1, 2, 3; none where there is no such
    order."""
    plain = [i for i, header in enumerate(headers) if _is_grade(header)]
    numbered: dict[int, int] = {}
    for i, header in enumerate(headers):
        n = 0 if i in plain else _later(header)
        if n in numbered:
            return ()
        if n:
            numbered[n] = i
    in_order = sorted(numbered) == list(range(1, len(numbered) + 1))
    enough = len(numbered) > (0 if plain else 1)
    if not in_order or not enough or len(plain) > 1:
        return ()
    return (*plain, *(numbered[n] for n in sorted(numbered)))


def _later(header: str) -> int:
    """Which later grade a header asks for; 0 if none."""
    if _CHANGED.search(header) and _is_grade(_CHANGED.sub("", header)):
        return 1
    match = _NUMBER.search(header)
    found = match and _is_grade(header[: match.start()] + (match["suffix"] or ""))
    return int(match["n"]) if match and found else 0


def _is_grade(header: str) -> bool:
    found = lookup(header, KINDS[AdverseEvent])
    return bool(found and isinstance(found.meaning, Named) and found.meaning.field == "grade")


def _values(sheet: Sheet, parts: Sequence[int]) -> dict[str, int | None] | None:
    """Each text to its grade, or to None where it is not understood; None where a text shows that
    the columns are no grades: a zero or a mark says whether there was an event of that grade."""
    texts = {t for i in parts for t in sheet.cells[str(i)].drop_nulls().unique()}
    values: dict[str, int | None] = {}
    for text in texts:
        if is_blank(text):
            continue
        try:
            values[text] = grade(text)
        except ValueError:
            values[text] = None
            if not any(c.isdigit() for c in text):
                return None
    return None if 0 in values.values() else values
