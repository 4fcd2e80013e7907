"""Parquet: typed columns become the text a person would write."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import polars as pl

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read.limits import check_table
from ae_cli.read.sheet import Sheet


def read(path: str, data: bytes, limits: Limits) -> Sheet:
    """One sheet whose first row holds the column names. Row numbers count records from 1."""
    try:
        found = pl.scan_parquet(io.BytesIO(data))
        rows, columns = found.select(pl.len()).collect().item(), len(found.collect_schema())
        check_table(path, len(data), rows, columns, limits)
        frame = found.collect()
    except pl.exceptions.PolarsError:
        raise InputError(
            f"{path} is damaged: it cannot be read as Parquet", "make it again"
        ) from None
    if not frame.width:
        raise InputError(f"{path} has no columns", "make it again")
    return from_frame(path, None, frame.columns, [as_text(c) for c in frame.iter_columns()])


def from_frame(
    path: str,
    name: str | None,
    names: Sequence[str],
    columns: Sequence[pl.Series],
    notes: Iterable[str] = (),
) -> Sheet:
    """A sheet from columns of text, their names above them; records are counted from 1."""
    head = pl.DataFrame({str(i): [text] for i, text in enumerate(names)})
    body = pl.DataFrame([column.alias(str(i)) for i, column in enumerate(columns)])
    lines = pl.int_range(0, body.height + 1, dtype=pl.UInt32, eager=True).alias("row")
    return Sheet(path, name, pl.concat([head, body]), lines, notes=tuple(notes))


def as_text(column: pl.Series) -> pl.Series:
    """A column as text. What has no plain text, such as a list, is written as Python writes it."""
    if column.dtype.is_float():
        column = _number(column.fill_nan(None))
    elif column.dtype == pl.Datetime:
        column = column.dt.replace_time_zone(None)
        midnight = (column.dt.date().cast(column.dtype) == column).all()
        column = column.dt.date() if midnight else column.dt.to_string("%Y-%m-%dT%H:%M:%S")
    elif column.dtype == pl.Boolean:
        column = column.cast(pl.String).str.to_uppercase()
    elif column.dtype in (pl.Binary, pl.Duration, pl.Object) or column.dtype.is_nested():
        column = pl.Series([_written(value) for value in column.to_list()], dtype=pl.String)
    return column.cast(pl.String).replace("", None)


def _number(column: pl.Series) -> pl.Series:
    """Whole numbers without a point or an exponent."""
    whole = (column == column.floor()) & (column.abs() < 2**63)
    digits = pl.when(whole).then(pl.col("x").cast(pl.Int64, strict=False))
    texts = pl.DataFrame({"x": column}).select(digits.cast(pl.String)).to_series()
    return texts.fill_null(column.cast(pl.String))


def _written(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return None if value is None else str(value)
