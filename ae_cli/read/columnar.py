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
    names = pl.DataFrame({str(i): [name] for i, name in enumerate(frame.columns)})
    body = frame.select(
        _text(column).alias(str(i)) for i, column in enumerate(frame.iter_columns())
    )
    lines = pl.int_range(0, frame.height + 1, dtype=pl.UInt32, eager=True).alias("row")
    return Sheet(path, None, pl.concat([names, body]), lines)


def _text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        whole = column.is_finite().all() and (column == column.round()).all()
        column = column.cast(pl.Int64) if whole else column
    elif column.dtype == pl.Datetime:
        midnight = (column.dt.date().cast(column.dtype) == column).all()
        column = column.dt.date() if midnight else column.dt.to_string("%Y-%m-%dT%H:%M:%S")
    elif column.dtype == pl.Boolean:
        return column.cast(pl.String).str.to_uppercase()
    return column.cast(pl.String).replace("", None)
