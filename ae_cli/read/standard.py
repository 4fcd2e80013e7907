"""Records back to text, under SDTM names and in the standard's words.

Every record is there; rows that are none, such as totals, are in `Sheet.left_out`, and columns that
hold no field are named by `left_out` below. What was understood is written as the standard writes
it; what was not, and answers such as "unknown", stand as they stood (of a code, the words it stands
for), so that whoever reads it again meets the same problem in the same place. An end date such as
"ongoing" is written as AEENRTPT.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import polars as pl

from ae_cli.dates import ISO, DateSpan, iso
from ae_cli.model import AdverseEvent, Cell, Record, Subject, cells
from ae_cli.read.column import Column, Source
from ae_cli.read.columns import STAND_INS
from ae_cli.read.course import PART
from ae_cli.read.records import FLAGS, Records
from ae_cli.vocabulary import ONGOING, is_blank, normalise, words

MODELS: dict[str, type[Record]] = {"events": AdverseEvent, "participants": Subject}


def standard(records: Records) -> pl.DataFrame:
    """One text column for every field that was found, in the model's order; null is blank."""
    parts = [_of_source(records, number) for number in range(len(records.sources))]
    frame = pl.concat(parts, how="diagonal")
    model = MODELS[records.sources[0].role]
    named = dict.fromkeys(name(f, c) for f, c in cells(model).items())
    order = [column for column in named if column in frame.columns]
    return frame.select(order)


def name(field: str, cell: Cell) -> str:
    """The SDTM name of a field; one of ours, as short, where SDTM has none."""
    return cell.sdtm or _OWN[field]


_OWN = {
    "course": "AETOXCRS",
    "criteria": "AESREAS",
    "vital_status": "VITSTAT",
    "dlt_evaluable": "DLTEVLFL",
}


def left_out(source: Source) -> list[str]:
    """Columns of a source that hold no field: by header, or by number where they have none."""
    used, cells = set(source.mapping.fields.values()), source.sheet.cells
    parts = {header for header, reason in source.mapping.ignored if reason == PART}
    return [
        header or f"column {i + 1}"
        for i, header in enumerate(source.sheet.headers)
        if i not in used
        and header not in parts
        and (header or not all(map(is_blank, cells[str(i)].unique())))
    ]


def _of_source(records: Records, number: int) -> pl.DataFrame:
    source = records.sources[number]
    model = MODELS[source.role]
    typed = records.frame.filter(pl.col("file") == number)
    fields = _each_column_once(source.mapping.fields)
    told = {field: _texts(model, source, number, field, typed) for field in fields}
    told |= {f: _answers(typed[f]) for f in (*FLAGS.values(), "died") if _made(f, told, typed)}
    if "criteria" in told and _said_by_flags(told, typed):
        del told["criteria"]
    if "end" in told:
        told |= _going_on(told, typed)
    known = cells(model)
    return pl.DataFrame([s.alias(name(f, known[f])) for f, s in told.items()])


def _each_column_once(fields: Mapping[str, int]) -> list[str]:
    """The fields without those that stand in for another one that has the same column.

    AEENRTPT is written as `ongoing` reads it, since an end date can say so too.
    """
    shared = {field for field, at in fields.items() if list(fields.values()).count(at) > 1}
    if {"ongoing", "end_relation"} <= shared and fields["ongoing"] == fields["end_relation"]:
        return [f for f in fields if f != "end_relation"]
    return [f for f in fields if f not in shared or f not in _STAND_INS]


_STAND_INS = frozenset(field for ins in STAND_INS.values() for field in ins)


def _made(field: str, told: dict[str, pl.Series], typed: pl.DataFrame) -> bool:
    """Whether a column was made from another one, such as reasons of seriousness."""
    return field not in told and field in typed.columns


def _said_by_flags(told: dict[str, pl.Series], typed: pl.DataFrame) -> bool:
    """Whether the reasons of seriousness stand in full in the columns of the criteria."""
    named = typed["criteria"].str.split(";")
    as_text = told["criteria"].filter(typed["criteria"].is_null())
    return as_text.null_count() == len(as_text) and all(
        flag in told and told[flag].eq_missing(_answers(named.list.contains(str(reason)))).all()
        for reason, flag in FLAGS.items()
    )


def _going_on(told: dict[str, pl.Series], typed: pl.DataFrame) -> dict[str, pl.Series]:
    """An end date that says that the event goes on is no date, but an answer to `ongoing`.

    It stays where the column of that field says something else.
    """
    end = told["end"]
    spelled = [t for t in end.drop_nulls().unique() if normalise(t) in words(ONGOING)]
    on = end.is_in(spelled).fill_null(False)
    if "end_unreadable" in typed.columns:  # "ongoing?" is a question
        on &= ~typed["end_unreadable"]
    if not on.any():
        return {}
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, len(end))
    says = pl.Series(["ONGOING"]).new_from_index(0, len(end))
    ongoing = told.get("ongoing", blank)
    ongoing = says.zip_with(on & ongoing.is_null(), ongoing)
    agreed = ongoing.is_in(["ONGOING", "AFTER"]).fill_null(False)
    return {"end": blank.zip_with(on & agreed, end), "ongoing": ongoing}


def _answers(flags: pl.Series) -> pl.Series:
    return flags.replace_strict([True, False], ["Y", "N"], return_dtype=pl.String)


def _texts(
    model: type[Record], source: Source, number: int, field: str, typed: pl.DataFrame
) -> pl.Series:
    cell = cells(model)[field]
    if cell.shape == "text":
        return typed[field]
    raw = source.sheet.cells[str(source.mapping.fields[field])]
    column = Column(model, source, number, field)
    texts = raw.drop_nulls().unique().sort().to_list()
    plainer = column.plainer(texts)
    values = column.values(texts, plainer)
    said = [_written(text, value, plainer.get(text, text)) for text, value in values.items()]
    if field == "ongoing":  # SDTM asks where an end stands to a reference time, not yes or no
        said = [_relation(text, word) for text, word in zip(values, said, strict=True)]
    return raw.replace(list(values), said)


def _relation(text: str, word: str | None) -> str | None:
    own = text.strip().upper()
    return own if own in _RELATIONS else {"Y": "ONGOING", "N": "BEFORE"}.get(word or "", word)


_RELATIONS = frozenset({"BEFORE", "COINCIDENT", "ONGOING", "AFTER"})


def _written(text: str, value: Any, meant: str) -> str | None:
    """A value in the standard's words; an answer that has no value, as it was given."""
    if value is None:
        return None if is_blank(meant) else meant.strip()
    if isinstance(value, DateSpan):
        return _dated(unicodedata.normalize("NFKC", text).strip(), value)
    return ";".join(value) if isinstance(value, tuple) else str(value)


_TIME = re.compile(
    r"(?:t|\s)(?P<H>\d{1,2})(?P<rest>(?::\d{2}(?::\d{2})?)?)"
    r"(?P<fraction>\.\d+)?(?P<zone>z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)


def _dated(text: str, span: DateSpan) -> str:
    """A date as much as is known, with the time zone and the fraction of a second it was given.

    >>> from ae_cli.dates import date
    >>> [_dated(t, date(t)) for t in ("2024-03-04 10:30+08:00", "4 Mar 2024 9:30:15.5")]
    ['2024-03-04T10:30+08:00', '2024-03-04T09:30:15.5']
    """
    if ISO.match(text):
        return text
    time = _TIME.search(text)
    if time and (time["zone"] or (time["fraction"] or "").strip(".0")):
        more = f"{time['rest']}{time['fraction'] or ''}{(time['zone'] or '').upper()}"
        whole = f"{span.earliest:%Y-%m-%d}T{int(time['H']):02}{more}"
        if ISO.match(whole):
            return whole
    return iso(span)
