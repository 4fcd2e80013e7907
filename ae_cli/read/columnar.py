"""Parquet: typed columns become the text a person would write."""

from __future__ import annotations

import io

import polars as pl

from ae_cli.errors import InputError
from ae_cli.read.sheet import Sheet


def read(path: str, data: bytes) -> Sheet:
    """One sheet whose first row holds the column names. Row numbers count records from 1."""
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError:
        raise InputError(
            f"{path} is damaged: it cannot be read as Parquet", "make it again"
        ) from None
    if not frame.width:
        raise InputError(f"{path} has no columns", "make it again")
    names = pl.DataFrame({str(i): [name] for i, name in enumerate(frame.columns)})
    body = frame.select(
        _text(column).alias(str(i)) for i, column in enumerate(frame.iter_columns())
    )
    lines = pl.int_range(0, frame.height + 1, dtype=pl.UInt32, eager=True).alias("row")
    return Sheet(path, None, pl.concat([names, body]), lines)


def _text(column: pl.Series) -> pl.Series:
    """A column as text. What has no plain text, such as a list, is written as Python writes it."""
    if column.dtype.is_float():  # whole numbers without a point
        column = column.fill_nan(None).cast(pl.String).str.strip_suffix(".0")
    elif column.dtype == pl.Datetime:
        column = column.dt.replace_time_zone(None)
        midnight = (column.dt.date().cast(column.dtype) == column).all()
        column = column.dt.date() if midnight else column.dt.to_string("%Y-%m-%dT%H:%M:%S")
    elif column.dtype == pl.Boolean:
        column = column.cast(pl.String).str.to_uppercase()
    elif column.dtype in (pl.Binary, pl.Duration, pl.Object) or column.dtype.is_nested():
        column = pl.Series([_written(value) for value in column.to_list()], dtype=pl.String)
    return column.cast(pl.String).replace("", None)


def _written(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return None if value is None else str(value)
