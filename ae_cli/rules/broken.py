"""The records that break a rule, fetched as they are asked for: a rule can break in every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

import narwhals as nw
import polars as pl

from ae_cli.rules.engine import Verdict, frame_of
from ae_cli.rules.rule import Row, first_collected
from ae_cli.study import Study

Place = tuple[int, int]  # file and row
PLACED = ("record", "file", "row")
AT_ONCE = 10_000  # rows in memory as dictionaries: a row has a hundred columns


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

    first: Row
    places: Sequence[Place]
    rows: Sequence[Row]
    same: tuple[str, ...] | None = None


class Rows(Sequence[Row]):
    """Rows that are fetched when somebody looks at them."""

    def __init__(self, frame: nw.LazyFrame, records: Sequence[int]) -> None:
        self.frame, self.records = frame, records

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return Rows(self.frame, self.records[at])
        return next(iter(Rows(self.frame, [self.records[at]])))

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self.records), AT_ONCE):
            part = self.frame.filter(nw.col("record").is_in(self.records[start : start + AT_ONCE]))
            yield from part.sort("record").collect("polars").iter_rows(named=True)


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
