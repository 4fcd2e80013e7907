"""Forms of one export: a repeating form has rows of its own, what is asked once stands in the rest.

Such rows are told by the column `redcap_repeat_instrument`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from ae_cli.read.headers import known
from ae_cli.read.sheet import Sheet

INSTRUMENT, INSTANCE, EVENT = (
    "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_event_name",
)  # fmt: skip
ONCE, EVENTS = "asked once", "events of visits"  # what a sheet is called that has no form's name


def record_column(sheet: Sheet) -> int:
    """The column of the record: that of the participant, else the first of an export."""
    return next((i for i, h in enumerate(sheet.headers) if known(h, "subject")), 0)


def forms(sheet: Sheet) -> list[Sheet]:
    """One sheet for each repeating form, and one for what is asked once; else the sheet itself."""
    if INSTRUMENT not in sheet.headers:
        return [sheet]
    instrument = sheet.cells[str(sheet.headers.index(INSTRUMENT))]
    names = instrument.drop_nulls().unique(maintain_order=True).to_list()
    asked_once, events = _without_events(sheet, instrument.is_null())
    parts = [_part(sheet, name, (instrument == name).fill_null(False)) for name in names]
    terms = [str(i) for i, header in enumerate(sheet.headers) if known(header, "term")]
    nobody_yet = bool(terms) and all(sheet.cells[term].is_null().all() for term in terms)
    if events.any() or nobody_yet:
        parts.append(_part(sheet, EVENTS, events))
    once = [_once(_part(sheet, ONCE, asked_once))] if asked_once.any() else []
    return [*once, *parts]


def _without_events(sheet: Sheet, rows: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Rows of no repeating form: those without an event, and those that have one."""
    terms = [str(i) for i, h in enumerate(sheet.headers) if known(h, "term")]
    filled = sheet.cells.select(pl.any_horizontal(pl.col(terms).is_not_null())) if terms else None
    has = filled.to_series() if filled is not None else rows & False
    return rows & ~has, rows & has


def _part(sheet: Sheet, name: str, rows: pl.Series) -> Sheet:
    """The rows of one form, with the columns that have an entry there.

    A column that is blank everywhere may be of any form: it goes to the events.
    """
    cells = sheet.cells.filter(rows)
    own = [INSTRUMENT, INSTANCE]
    terms = [i for i, header in enumerate(sheet.headers) if known(header, "term")]
    events = name == EVENTS or any(not cells[str(i)].is_null().all() for i in terms)
    record = record_column(sheet)
    kept = [
        i for i, header in enumerate(sheet.headers)
        if header not in own and (i == record or not cells[str(i)].is_null().all()
                                  or (events and sheet.cells[str(i)].is_null().all()))
    ]  # fmt: skip
    form = f"of the form {name}" if name not in (ONCE, EVENTS) else "of no repeating form"
    note = f"{cells.height} of {sheet.cells.height} rows are {form}"
    part = _with_columns(sheet, cells, kept)
    return replace(part, name=name, lines=sheet.lines.filter(rows), notes=(*sheet.notes, note))


def _with_columns(sheet: Sheet, cells: pl.DataFrame, kept: Sequence[int]) -> Sheet:
    return replace(
        sheet,
        cells=pl.DataFrame([cells[str(i)].alias(str(at)) for at, i in enumerate(kept)]),
        headers=tuple(sheet.headers[i] for i in kept),
        codes={at: sheet.codes[i] for at, i in enumerate(kept) if i in sheet.codes},
    )


def _once(sheet: Sheet) -> Sheet:
    """One row a record: visits share what is asked once. A column that differs is a visit's own."""
    record = sheet.cells[str(record_column(sheet))]
    if EVENT not in sheet.headers or not record.drop_nulls().is_duplicated().any():
        return sheet
    key = record.fill_null("\0" + sheet.lines.cast(pl.String))  # a blank is nobody in particular
    numbered = sheet.cells.with_columns(key.alias("record"), sheet.lines.alias("row"))
    told = numbered.group_by("record", maintain_order=True).agg(
        pl.col("row").first(), pl.exclude("record", "row").drop_nulls().first()
    )
    several = numbered.group_by("record").agg(
        (pl.exclude("record", "row").drop_nulls().n_unique() > 1).any()
    )
    kept = [
        i for i, header in enumerate(sheet.headers)
        if header != EVENT and not several[str(i)].any()
    ]  # fmt: skip
    note = f"{sheet.cells.height} rows of visits are {told.height} participants"
    differ = [h for i, h in enumerate(sheet.headers) if i not in kept and h != EVENT]
    left = f"; not read, as visits differ in them: {', '.join(differ)}" if differ else ""
    once = _with_columns(sheet, told.drop("record", "row"), kept)
    return replace(once, lines=told["row"], notes=(*sheet.notes, note + left))
