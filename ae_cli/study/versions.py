"""Which record of one version of a log is which of another: rows are inserted, sorted, corrected.

Records that are the same in every field are one, then those that differ in one field alone, then
of one participant those that are most alike. Where two could be meant, none is: to follow no record
is better than to follow another event's.
"""

from __future__ import annotations

import hashlib
from functools import reduce
from operator import xor

import polars as pl

from ae_cli.read import Records

NAMES = ("subject", "term", "start")  # what tells a record from others: left out last
NUMBER = "seq"  # a running number is renumbered, and tells little
ENOUGH = 3  # fields that agree where a name does not
MOST = 1_000_000  # pairs of records that are held against each other
LENGTH = 6  # of a digest


def digests(records: Records, number: int) -> pl.DataFrame:
    """The rows of a source: `row`, and a short digest of each field; blank is "".

    Dates are taken as they were read, so that the same day written otherwise is the same.
    """
    source = records.sources[number]
    frame = records.frame.filter(pl.col("file") == number)
    fields = sorted(source.mapping.fields)
    texts = frame.select("row", *(_text(frame, field).alias(field) for field in fields))
    return texts.with_columns(_digest(texts[field]) for field in fields)


def _text(frame: pl.DataFrame, field: str) -> pl.Expr:
    """What a field says, however it is written; what could not be read as it stands."""
    dated = [f"{field}_{edge}" for edge in ("earliest", "latest")]
    read = [c for c in (field, *dated) if c in frame.columns]
    written = [c for c in (f"{field}_as_written",) if c in frame.columns]
    shown = (
        pl.concat_str([pl.col(c).cast(pl.String) for c in read], separator=" ") if read else None
    )
    each = [e for e in (shown, *map(pl.col, written)) if e is not None]
    text = pl.coalesce(each) if each else pl.lit(None, pl.String)
    plain = text.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    return plain.fill_null("")


def _digest(column: pl.Series) -> pl.Series:
    texts = column.unique()
    short = [_short(text) for text in texts]
    return column.replace_strict(texts, short, return_dtype=pl.String).alias(column.name)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:LENGTH] if text else ""


def followed(before: pl.DataFrame, now: pl.DataFrame, near: bool = True) -> dict[int, int]:
    """For rows of `before`, by their place in the frame, the place of the same record in `now`.

    Both hold `row` and a text for each field; only fields of both are looked at. Each row is taken
    once. Without `near` the same participant and day are asked for, and one other field may differ.
    """
    fields = [c for c in before.columns if c in now.columns and c != "row"]
    if not fields or before.is_empty() or now.is_empty():
        return {}
    pairing = _Pairing(before, now, fields)
    pairing.same()
    if NUMBER in fields:
        pairing.forget(NUMBER)
        pairing.same()
    for corrected in _corrected(pairing.fields, near):
        pairing.but_one(corrected)
    while near and pairing.likest():
        pass
    return pairing.pairs


def _corrected(fields: list[str], near: bool) -> list[list[str]]:
    """The fields of which one may differ, step by step: what names a record is left out last."""
    values = [field for field in fields if field not in NAMES]
    if near:
        return [values, *([name] for name in reversed(NAMES) if name in fields)]
    return [[*values, *({"term"} & set(fields))]] if "start" in fields else []


class _Pairing:
    """Two versions of a log, and the pairs found so far."""

    def __init__(self, before: pl.DataFrame, now: pl.DataFrame, fields: list[str]) -> None:
        self.fields, self.pairs = fields, dict[int, int]()
        chosen = pl.col("row", *fields)
        self.before = before.select(chosen).with_row_index("b")
        self.now = now.select(chosen).with_row_index("n")

    def forget(self, field: str) -> None:
        """Look at a field no more."""
        self.fields = [each for each in self.fields if each != field]

    def same(self) -> None:
        """Rows that say the same; of several, those of the same line, then those in their order."""
        key = self._key()
        for also in (pl.col("row"), pl.int_range(pl.len()).over("key")):
            left = self.before.with_columns(key).with_columns(also.alias("also"))
            right = self.now.with_columns(key).with_columns(also.alias("also"))
            self._take(left.join(right, on=["key", "also"]).select("b", "n"))

    def but_one(self, fields: list[str]) -> None:
        """Rows that differ in one of these fields alone, and of which no other could be meant."""
        found = [self._but(field) for field in fields]
        if found and not (self.before.is_empty() or self.now.is_empty()):
            self._take(pl.concat(found).unique().filter(_once("b"), _once("n")))

    def _but(self, field: str) -> pl.DataFrame:
        left, right = (side.with_columns(self._key(field)) for side in (self.before, self.now))
        if field in NAMES:
            rest = [f for f in self.fields if f != field]
            left = left.filter(pl.sum_horizontal(pl.col(f) != "" for f in rest) >= ENOUGH)
        left, right = left.filter(_once("key")), right.filter(_once("key"))
        return left.join(right, on="key").select("b", "n")

    def likest(self) -> bool:
        """Rows of a participant that are most alike, each other's best and no second as good."""
        if "subject" not in self.fields or len(self.fields) < ENOUGH:
            return False
        left, right = (side.filter(pl.col("subject") != "") for side in (self.before, self.now))
        many = left.join(right.group_by("subject").len(), on="subject")["len"].sum()
        if not 0 < many <= MOST:
            return False
        both = left.join(right, on="subject", suffix="_now")
        found = both.filter(*self._alike()).with_columns(alike=self._equal())
        best = found.filter(_best("b"), _best("n")).filter(_once("b"), _once("n"))
        self._take(best.select("b", "n"))
        return not best.is_empty()

    def _alike(self) -> list[pl.Expr]:
        """More than half agrees, and the term or the start, where there is one."""
        rest = [f for f in self.fields if f != "subject"]
        said = pl.sum_horizontal((pl.col(f) != "") | (pl.col(f"{f}_now") != "") for f in rest)
        names = [_agrees(f) for f in NAMES[1:] if f in rest]
        return [2 * self._equal() > said, *([pl.any_horizontal(names)] if names else [])]

    def _equal(self) -> pl.Expr:
        return pl.sum_horizontal(_agrees(f) for f in self.fields if f != "subject")

    def _key(self, but: str | None = None) -> pl.Expr:
        """A row in one number, without one of its fields."""
        seeds = {field: seed for seed, field in enumerate(self.fields)}
        hashes = [pl.col(f).hash(seed) for f, seed in seeds.items() if f != but]
        return reduce(xor, hashes, pl.lit(0, pl.UInt64)).alias("key")

    def _take(self, found: pl.DataFrame) -> None:
        found = found.unique("b", keep="first", maintain_order=True)
        found = found.unique("n", keep="first", maintain_order=True)
        self.pairs |= dict(found.select("b", "n").iter_rows())
        self.before = self.before.filter(~pl.col("b").is_in(found["b"].to_list()))
        self.now = self.now.filter(~pl.col("n").is_in(found["n"].to_list()))


def _agrees(field: str) -> pl.Expr:
    return (pl.col(field) == pl.col(f"{field}_now")) & (pl.col(field) != "")


def _once(column: str) -> pl.Expr:
    return pl.len().over(column) == 1


def _best(side: str) -> pl.Expr:
    return pl.col("alike") == pl.col("alike").max().over(side)
