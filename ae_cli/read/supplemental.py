"""Supplemental qualifiers (SUPPAE) as columns of the events they belong to.

Only what is a field of an event is taken, and only where the log has no such column itself.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ae_cli.model import AdverseEvent
from ae_cli.read.headers import lookup
from ae_cli.read.names import KINDS, Named
from ae_cli.read.records import Records
from ae_cli.read.sheet import Sheet

DOMAIN, KEY = "AE", "AESEQ"
_IDS = ("subject", "key_value", "name", "value")


def joined(sheet: Sheet, qualifiers: Records, subject: int, seq: int) -> Sheet:
    """The sheet with a column for each qualifier of its events; `subject` and `seq` are columns."""
    told = _of_events(qualifiers)
    for name in _wanted(told, sheet):
        values = told.filter(pl.col("name") == name).select("subject", "seq", "value")
        keys = sheet.cells.select(
            subject=pl.col(str(subject)).str.strip_chars(), seq=_number(str(seq))
        )
        found = keys.join(
            values.unique(["subject", "seq"], keep="first"), on=["subject", "seq"], how="left",
            maintain_order="left",
        )["value"]  # fmt: skip
        sheet = _with_column(sheet, name, found, qualifiers.sources[0].sheet.where)
    return sheet


def _of_events(qualifiers: Records) -> pl.DataFrame:
    frame = qualifiers.frame
    if "key" in frame.columns:
        frame = frame.filter(pl.col("key").str.to_uppercase() == KEY)
    if "of_domain" in frame.columns:
        frame = frame.filter(pl.col("of_domain").str.to_uppercase() == DOMAIN)
    return frame.select(*_IDS).drop_nulls().with_columns(seq=_number("key_value"))


def _wanted(told: pl.DataFrame, sheet: Sheet) -> list[str]:
    """The qualifiers that are fields of an event, of which the log says nothing itself."""
    has = {_field(header) for header in sheet.headers}
    names = told["name"].unique().sort().to_list()
    return [name for name in names if (field := _field(name)) and field not in has]


def _field(header: str) -> str | None:
    found = lookup(header, KINDS[AdverseEvent])
    return found.meaning.field if found and isinstance(found.meaning, Named) else None


def _number(column: str) -> pl.Expr:
    """A sequence number as one text: 1, 1.0 and 001 are the same."""
    text = pl.col(column).str.strip_chars()
    return pl.coalesce(text.cast(pl.Float64, strict=False).cast(pl.String), text)


def _with_column(sheet: Sheet, name: str, values: pl.Series, source: str) -> Sheet:
    at = str(sheet.cells.width)
    note = f"{name} of {values.count()} rows is read from {source}"
    return replace(
        sheet,
        cells=sheet.cells.with_columns(values.alias(at)),
        headers=(*sheet.headers, name),
        notes=(*sheet.notes, note),
    )
