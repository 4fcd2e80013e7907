"""Text cells to typed columns. Pydantic once per distinct value; nothing is counted here.

A typed frame has, for every field that was found: the value under the field's name (a date as two
columns, `_earliest` and `_latest`, and `_offset` where some clock time says its own), and
`FIELD_unreadable` where some cell could not be understood, with its text as `FIELD_as_written`.
`record` numbers the rows from 0, `file` says which sheet and `row` which line.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from ae_cli.model import Record
from ae_cli.read.column import Column, Problem, Source
from ae_cli.vocabulary import Criterion, VitalStatus

FLAGS = {
    Criterion.DEATH: "sae_death",
    Criterion.LIFE_THREATENING: "sae_life_threatening",
    Criterion.HOSPITALISATION: "sae_hospitalisation",
    Criterion.DISABILITY: "sae_disability",
    Criterion.CONGENITAL: "sae_congenital",
    Criterion.OTHER: "sae_other",
}
MADE_OF = {**dict.fromkeys(FLAGS.values(), "criteria"), "died": "vital_status"}  # where not asked


@dataclass(frozen=True)
class Records:
    """Typed rows of one kind, from one or several sheets, and what was met while reading them."""

    frame: pl.DataFrame
    sources: tuple[Source, ...]
    fields: frozenset[str]
    problems: tuple[Problem, ...]
    notes: tuple[tuple[int, str], ...]  # source, note
    orders: frozenset[str] = frozenset()  # which of day and month comes first in some date
    decided: tuple[str, ...] = ()  # columns of dates with two readings, and how they were read


def read_records(model: type[Record], sources: list[Source]) -> Records:
    """Type every mapped column of every source."""
    read = [_typed(model, source, number) for number, source in enumerate(sources)]
    made = [_made(source, n, read[n]) for n, source in enumerate(sources)]
    frames = [frame for frame, _ in made]
    frame = pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]
    flags = [c for c in frame.columns if c.endswith("_unreadable")]
    frame = frame.with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("record"), pl.col(flags).fill_null(False)
    )
    fields = frozenset().union(*(fields for _, fields in made))
    columns = [column for each in read for column in each]
    problems = tuple(problem for column in columns for problem in column.problems)
    notes = tuple((column.number, note) for column in columns for note in column.notes)
    orders = frozenset().union(*(column.orders for column in columns))
    decided = tuple(column.decided for column in columns if column.decided)
    return Records(frame, tuple(sources), fields, problems, notes, orders, decided)


def _made(
    source: Source, number: int, columns: list[Column]
) -> tuple[pl.DataFrame, frozenset[str]]:
    """The typed columns of a source, with those that follow from others of the same source."""
    frame = _frame(source, number, columns)
    return _died_of_status(*_flags_of_criteria(frame, frozenset(source.mapping.fields)))


def _typed(model: type[Record], source: Source, number: int) -> list[Column]:
    """Every mapped column, typed. Polars lets go of the interpreter, so several at a time."""
    columns = [Column(model, source, number, name) for name in source.mapping.fields]
    with ThreadPoolExecutor() as pool:
        list(pool.map(Column.read, columns))
    return columns


def _frame(source: Source, number: int, columns: list[Column]) -> pl.DataFrame:
    sheet = source.sheet
    file = pl.Series("file", [number], dtype=pl.UInt16).new_from_index(0, sheet.cells.height)
    series = [series for column in columns for series in column.series]
    return pl.DataFrame([sheet.lines.alias("row"), file, *series])


def _flags_of_criteria(
    frame: pl.DataFrame, fields: frozenset[str]
) -> tuple[pl.DataFrame, frozenset[str]]:
    """One column of reasons stands for the criterion columns a log does not have."""
    missing = {c: f for c, f in FLAGS.items() if f not in fields}
    if "criteria" not in fields or not missing:
        return frame, fields
    named = pl.col("criteria").str.split(";")
    told = [named.list.contains(str(c)).alias(f) for c, f in missing.items()]
    return frame.with_columns(told), fields | set(missing.values())


def _died_of_status(
    frame: pl.DataFrame, fields: frozenset[str]
) -> tuple[pl.DataFrame, frozenset[str]]:
    """A vital status, alive or dead, answers whether a participant died."""
    if "vital_status" not in fields or "died" in fields:
        return frame, fields
    dead = (pl.col("vital_status") == str(VitalStatus.DEAD)).alias("died")
    return frame.with_columns(dead), fields | {"died"}
