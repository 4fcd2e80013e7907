"""Grades of one event in several columns, as it changed: read as the worst of them, and its course.

A form may ask for the grade at onset and for each later one: "Initial grade", "CTCAE grade -1",
"CTCAE grade -2". The row is one event. Its grade is the worst, and its course, such as 1 > 3 > 2,
is a field of its own, so that the change is a finding.

Columns of the same names can hold other things: a mark, or a number of events under each grade. So
only what is certain is read; what may be a grade, and is higher than the one read, is asked about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import polars as pl

from ae_cli.errors import InputError
from ae_cli.model import AdverseEvent, Record
from ae_cli.read.asking import NOT_USED, Asking
from ae_cli.read.headers import lookup
from ae_cli.read.names import KINDS, Ignored, Named, squash
from ae_cli.read.sheet import Chosen, Sheet
from ae_cli.values import grade
from ae_cli.vocabulary import is_blank

PART = "one of the grades of the event, of which the worst is taken"
LATER = "of a later grade"  # how headers.toml begins the reason of such columns
ARROW = " > "
_NUMBER = re.compile(
    r"(?P<mark>[\s_\-–—－#(（第]*)0?(?P<n>[1-9]\d?)[)）次]?(?P<suffix>_[A-Za-z]+)?$"
)
_CHANGED = re.compile(r"^(变化后|更新后|(changed|new|later)\s+)", re.IGNORECASE)
_WORST = re.compile(r"worst|max|highest|最", re.IGNORECASE)
_GRADE = re.compile(r"grade|toxgr|分级|等级|级别", re.IGNORECASE)
_ELSE = re.compile(
    r"base|\bpre|previous|prior|before|tumou?r|disease|histol|cancer|ecog|perform|gvhd|relation|"
    r"基线|既往|之前|治疗前|肿瘤|疾病|病理|体能",
    re.IGNORECASE,
)

Values = Mapping[str, int | None]  # a text to its grade; None where it is not understood


@dataclass(frozen=True, slots=True)
class Course:
    """The columns of a course of grades, and the fields of the columns that stand for them."""

    parts: tuple[int, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


NO_COURSE = Course()


def with_course(sheet: Sheet, model: type[Record], chosen: Chosen) -> tuple[Sheet, Course]:
    """The sheet with a column for the worst grade and one for the course, where grades stand in
    several columns. study.toml goes first: one header is the only grade, a list is a course.

    Raises InputError where the columns may be a course and may be something else.
    """
    wanted = chosen.get("grade", ())
    if model is not AdverseEvent or isinstance(wanted, str):
        return sheet, NO_COURSE
    ask = Asking(sheet.headers, model, sheet.where)
    parts = tuple(ask.position("grade", header) for header in wanted)
    if not wanted:
        parts = _in_order(sheet.headers, left_out(ask, chosen))
        values = _values(sheet, parts)
        if not parts or set(values.values()) <= {None, 0, 1}:  # marks, of whatever kind
            return sheet, NO_COURSE
        if doubt := _doubt(sheet, parts, values):
            raise _ask(sheet, parts, doubt)
    values = _values(sheet, parts)
    rows = [_told(row, values) for row in sheet.cells.select(_names(parts)).iter_rows()]
    return _added(sheet, parts, rows), Course(parts, _headers(sheet, parts))


def check_others(sheet: Sheet, read: int | None, chosen: Chosen) -> None:
    """Raises InputError where a column beside the grade that is read holds a higher one."""
    if read is None or "grade" in chosen:
        return
    skipped = {read, *left_out(Asking(sheet.headers, AdverseEvent, sheet.where), chosen)}
    others = [i for i, h in enumerate(sheet.headers) if i not in skipped and _about_grade(h)]
    for other in others:
        values = _values(sheet, (read, other))
        for at, (own, text) in enumerate(sheet.cells.select(_names((read, other))).iter_rows()):
            found = values.get(text or "")
            if found and found > (values.get(own or "") or 0):
                why = f"row {sheet.lines[at]} has {text!r} in {sheet.headers[other]!r}"
                raise _ask(sheet, (read, other), why)


def left_out(ask: Asking, chosen: Chosen) -> set[int]:
    """The columns that study.toml says not to use."""
    named = chosen.get(NOT_USED, ())
    return {ask.position(NOT_USED, h) for h in ([named] if isinstance(named, str) else named)}


def _in_order(headers: Sequence[str], skipped: Collection[int]) -> tuple[int, ...]:
    """The columns in the order of the course: at onset, then 1, 2, 3; none without such an order.

    Without a grade at onset the numbers must be set off: "CTCAE grade -1". "Grade 1" may as well be
    the column of events of grade 1.
    """
    known = {i: h for i, h in enumerate(headers) if i not in skipped}
    plain = [i for i, header in known.items() if _is_grade(header)]
    later = [(n, i) for i, h in known.items() if i not in plain and (n := _later(h))]
    if [n for n, _ in sorted(later)] != list(range(1, len(later) + 1)):
        return ()
    numbered = tuple(i for _, i in sorted(later))
    if len(plain) == 1 and numbered and not _WORST.search(headers[plain[0]]):
        return (plain[0], *numbered)
    return numbered if len(numbered) > 1 and not plain else ()


def _later(header: str) -> int:
    """Which later grade a header asks for; 0 if none."""
    if _CHANGED.search(header) and _is_grade(_CHANGED.sub("", header)):
        return 1
    match = _NUMBER.search(header)
    found = match and _is_grade(header[: match.start()] + (match["suffix"] or ""))
    return int(match["n"]) if match and found else 0


def _set_off(header: str) -> bool:
    match = _NUMBER.search(header)
    return bool(match and match["mark"].strip())


def _is_grade(header: str) -> bool:
    found = lookup(header, KINDS[AdverseEvent])
    return bool(found and isinstance(found.meaning, Named) and found.meaning.field == "grade")


def _about_grade(header: str) -> bool:
    """Whether a header may be that of the event's grade, by whatever words."""
    found = lookup(header, KINDS[AdverseEvent])
    if found is None:
        return bool(_GRADE.search(squash(header))) and not _ELSE.search(header)
    if isinstance(found.meaning, Ignored):
        return found.meaning.reason.startswith(LATER)
    return _is_grade(header)


def _values(sheet: Sheet, parts: Sequence[int]) -> dict[str, int | None]:
    texts = {t for i in parts for t in sheet.cells[str(i)].drop_nulls().unique()}
    return {text: _grade(text) for text in texts if not is_blank(text)}


def _grade(text: str) -> int | None:
    try:
        return grade(text)
    except ValueError:
        return None


def _doubt(sheet: Sheet, parts: Sequence[int], values: Values) -> str:
    """Why the columns may be no course; empty where they are one."""
    for at, row in _filled(sheet, parts):
        for part, text in zip(parts, row, strict=True):
            unknown = text and values[text] is None and not any(c.isdigit() for c in text)
            if text and (values[text] == 0 or unknown):
                return f"row {at} has {text!r} in {sheet.headers[part]!r}"
        later = list(zip(parts, row, strict=True))[_is_grade(sheet.headers[parts[0]]) :]
        for (before, blank), (part, text) in pairwise(later):
            if text and not blank:
                named = f"{sheet.headers[part]!r}, and none in {sheet.headers[before]!r}"
                return f"row {at} has {text!r} in {named}"
    if not _is_grade(sheet.headers[parts[0]]) and not all(
        _set_off(sheet.headers[part]) for part in parts
    ):
        return "they may be marks or numbers of events under each grade"
    numbered = [p for p in parts if _set_off(sheet.headers[p]) or _NUMBER.search(sheet.headers[p])]
    coded = {1, 2}.issuperset(v for v in _values(sheet, numbered).values())
    if numbered and coded and all(all(row[-len(numbered) :]) for _, row in _filled(sheet, parts)):
        return "every row has 1 or 2 in all of them, as answers to yes-or-no questions have"
    return ""


def _filled(sheet: Sheet, parts: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """The rows that have anything in these columns, with their lines; blanks as empty texts."""
    for at, row in zip(sheet.lines, sheet.cells.select(_names(parts)).iter_rows(), strict=True):
        texts = ["" if is_blank(text or "") else text for text in row]
        if any(texts):
            yield at, texts


def _told(row: Sequence[str | None], values: Values) -> tuple[str | None, ...]:
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


def _names(parts: Sequence[int]) -> list[str]:
    return [str(part) for part in parts]


def _ask(sheet: Sheet, parts: Sequence[int], why: str) -> InputError:
    names = [sheet.headers[part] for part in parts]
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    listed = ", ".join(quoted)
    return InputError(
        f"{sheet.where}: {listed} may be several grades of one event, or something else: {why}",
        "say it in study.toml, under [columns.events]\n"
        f"    the worst of them:  grade = [{listed}]\n"
        f"    one of them alone:  grade = {quoted[0]}\n"
        f"    none of the others: not_used = [{', '.join(quoted[1:])}]",
    )
