"""Records back to text, under SDTM names and in the standard's words.

Every row that was read is there. What was understood is written as the standard writes it; what was
not stands as it stood, so that whoever reads it again meets the same problem in the same place.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from ae_cli.model import AdverseEvent, Cell, Record, Subject, cells
from ae_cli.read.column import Column, Source
from ae_cli.read.records import FLAGS, Records
from ae_cli.values import ISO, DateSpan

MODELS: dict[str, type[Record]] = {"events": AdverseEvent, "participants": Subject}


def standard(records: Records) -> pl.DataFrame:
    """One text column for every field that was found, in the model's order; null is blank."""
    parts = [_of_source(records, number) for number in range(len(records.sources))]
    frame = pl.concat(parts, how="diagonal")
    model = MODELS[records.sources[0].role]
    order = [name(f, c) for f, c in cells(model).items() if name(f, c) in frame.columns]
    return frame.select(order)


def name(field: str, cell: Cell) -> str:
    """The SDTM name of a field; one of ours, as short, where SDTM has none."""
    return cell.sdtm or _OWN[field]


_OWN = {"criteria": "AESREAS", "vital_status": "VITSTAT", "dlt_evaluable": "DLTEVLFL"}


def left_out(source: Source) -> list[str]:
    """Headers of a source whose columns hold no field."""
    used = set(source.mapping.fields.values())
    return [h for i, h in enumerate(source.sheet.headers) if h and i not in used]


def _of_source(records: Records, number: int) -> pl.DataFrame:
    source = records.sources[number]
    model = MODELS[source.role]
    typed = records.frame.filter(pl.col("file") == number)
    told = {field: _texts(model, source, number, field, typed) for field in source.mapping.fields}
    told |= {f: _answers(typed[f]) for f in (*FLAGS.values(), "died") if _made(f, told, typed)}
    if all(field in told for field in FLAGS.values()) and _said_by_flags(source, typed):
        told.pop("criteria", None)
    known = cells(model)
    return pl.DataFrame([s.alias(name(f, known[f])) for f, s in told.items()])


def _made(field: str, told: dict[str, pl.Series], typed: pl.DataFrame) -> bool:
    """Whether a column was made from another one, such as reasons of seriousness."""
    return field not in told and field in typed.columns


def _said_by_flags(source: Source, typed: pl.DataFrame) -> bool:
    """Whether the reasons of seriousness stand in full in the columns made from them."""
    return "criteria" in source.mapping.fields and "criteria_unreadable" not in typed.columns


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
    values = column.values(texts, column.plainer(texts))
    said = [_written(text, value) for text, value in values.items()]
    if field == "ongoing":  # SDTM asks where an end stands to a reference time, not yes or no
        said = [_RELATIONS.get(word, word) if word else None for word in said]
    return raw.replace(list(values), said)


_RELATIONS = {"Y": "ONGOING", "N": "BEFORE"}


def _written(text: str, value: Any) -> str | None:
    """A value in the standard's words; of a date as much as is known."""
    if value is None:
        return None
    if isinstance(value, DateSpan):
        return text.strip() if ISO.match(text.strip()) else iso(value)
    return ";".join(value) if isinstance(value, tuple) else str(value)


def iso(span: DateSpan) -> str:
    """A date or a part of one, as ISO 8601 writes it.

    >>> from ae_cli.values import date
    >>> iso(date("4 Mar 2024")), iso(date("Mar 2024")), iso(date("4 Mar 2024 10:30"))
    ('2024-03-04', '2024-03', '2024-03-04T10:30')
    """
    seconds = int((span.latest - span.earliest).total_seconds())
    known = next(form for least, form in _PRECISIONS if seconds >= least)
    return span.earliest.strftime(known)


_DAY = 86_400
_PRECISIONS = (
    (364 * _DAY, "%Y"), (27 * _DAY, "%Y-%m"), (_DAY - 1, "%Y-%m-%d"), (3599, "%Y-%m-%dT%H"),
    (59, "%Y-%m-%dT%H:%M"), (0, "%Y-%m-%dT%H:%M:%S"),
)  # fmt: skip
