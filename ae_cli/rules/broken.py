"""The records that break a rule, fetched as they are asked for: a rule can break in every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

import narwhals as nw
import polars as pl

from ae_cli.rules.engine import Verdict, frame_of
from ae_cli.rules.rule import Row, first_collected
from ae_cli.study import Study

Place = tuple[int, int]  # file and row
PLACED = ("record", "file", "row")
AT_ONCE = 50_000  # rows fetched together


class Placed(NamedTuple):
    """The records of a group, and where they stand.

    `same` is what they share where they are not of one participant; None where they are.
    """

    records: list[int]
    places: list[Place]
    same: tuple[str, ...] | None


@dataclass(frozen=True)
class Group:
    """The rows of one finding: the first of them whole, where all of them stand, and `same` as
    in Placed."""

    first: Fetched
    places: Sequence[Place]
    rows: Sequence[Fetched]
    same: tuple[str, ...] | None = None


class _Columns(dict[str, list[Any]]):
    """The columns of some rows, each in Python's values from when it is first looked at: there are
    a hundred of them, and a rule looks at a few."""

    def __init__(self, table: nw.DataFrame[Any]) -> None:
        self.table = table

    def __missing__(self, name: str) -> list[Any]:
        if name not in self.table.columns:
            raise KeyError(name)
        self[name] = values = self.table[name].to_list()
        return values


class Fetched(Mapping[str, Any]):
    """A row of a table, and what is said `more` of it."""

    __slots__ = ("at", "columns", "more")

    def __init__(self, columns: _Columns, at: int, more: Row | None = None) -> None:
        self.columns, self.at, self.more = columns, at, more or {}

    def __getitem__(self, name: str) -> Any:
        return self.more[name] if name in self.more else self.columns[name][self.at]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self.columns.table.columns, *self.more)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def saying(self, **more: object) -> Fetched:
        """The row with what is known of it beside its columns."""
        return Fetched(self.columns, self.at, {**self.more, **more})


class Rows(Sequence[Fetched]):
    """Rows that are fetched when somebody looks at them."""

    def __init__(self, frame: nw.LazyFrame, records: Sequence[int]) -> None:
        self.frame, self.records = frame, records

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, at: int) -> Fetched: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Fetched]: ...
    def __getitem__(self, at: int | slice) -> Fetched | Sequence[Fetched]:
        if isinstance(at, slice):
            return Rows(self.frame, self.records[at])
        return next(iter(Rows(self.frame, [self.records[at]])))

    def __iter__(self) -> Iterator[Fetched]:
        for start in range(0, len(self.records), AT_ONCE):
            part = self.frame.filter(nw.col("record").is_in(self.records[start : start + AT_ONCE]))
            table = part.sort("record").collect("polars")
            columns = _Columns(table)
            yield from (Fetched(columns, i) for i in range(len(table)))


class Groups:
    """The findings of a rule, each as its rows, in the order of the records.

    `firsts` are the records at which they stand.
    """

    def __init__(self, study: Study, verdict: Verdict) -> None:
        self.frame = frame_of(study, verdict.rule.kind)[0]
        self.grouped = bool(verdict.rule.grouped)
        self.found = list(_grouped(study, verdict, self.frame)) if self.grouped else []
        self.firsts = [group.records[0] for group in self.found] or list(verdict.records)

    def __iter__(self) -> Iterator[Group]:
        if not self.grouped:
            for row in Rows(self.frame, self.firsts):
                yield Group(row, [(row["file"], row["row"])], [row])
            return
        for batch in _batches(self.found):
            yield from self._of(batch)

    def _of(self, batch: Sequence[Placed]) -> Iterator[Group]:
        """Groups whose rows are fetched together; of one that is too large, the first row alone."""
        large = len(batch[0].records) > AT_ONCE
        wanted = batch[0].records[:1] if large else sorted(r for g in batch for r in g.records)
        rows = {row["record"]: row for row in Rows(self.frame, wanted)}
        for records, places, same in batch:
            own = Rows(self.frame, records) if large else [rows[record] for record in records]
            yield Group(rows[records[0]], places, own, same)


def _batches(found: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Groups of no more rows together than are held at once; a larger one stands alone."""
    batch: list[Placed] = []
    size = 0
    for group in found:
        if batch and size + len(group.records) > AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(group)
        size += len(group.records)
    if batch:
        yield batch


def _grouped(study: Study, verdict: Verdict, frame: nw.LazyFrame) -> Iterator[Placed]:
    """The records of each group, by the same columns that the rule itself compares."""
    grouped = verdict.rule.grouped
    named = grouped(study) if callable(grouped) else grouped
    keys = [first_collected(study, key) for key in named]
    keys = [key for key in keys if key in frame.collect_schema().names()]
    columns = dict.fromkeys((*PLACED, "subject", *keys))
    broken = frame.filter(nw.col("record").is_in(verdict.records)).select(*columns)
    table = broken.sort("record").collect("polars").to_native()
    one = pl.col("subject").n_unique() == 1
    same = [pl.col(key).alias(f"key {key}") for key in keys]  # a key may be where the row stands
    grouped = table.group_by(same or pl.lit(0), maintain_order=True).agg(*PLACED, alone=one)
    for *values, records, files, rows, alone in grouped.iter_rows():
        shared = None if alone else tuple("" if v is None else str(v) for v in values)
        yield Placed(records, list(zip(files, rows, strict=True)), shared)
