"""Each result's baseline: given beside it, else the flagged result of the participant and test,
else the last one before the first dose where a participant file gives that.

A result on the day of the first dose, without times on both sides, is not certainly before it and
is no baseline by that rule; a flag says so where it is one.
"""

from __future__ import annotations

import polars as pl

from ae_cli.labs import tests, units
from ae_cli.labs.prepare import HIGH, LOW, NORMAL

KEY = ["subject", "test"]
EPS = 1e-9
_OWN = ("value", "unit", "lower", "upper")


def with_baseline(frame: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    """The frame with `baseline` in the unit of the row, `baseline_indicator` and `is_baseline`."""
    found = _chosen(frame, subjects)
    frame = frame.join(found, on=KEY, how="left", maintain_order="left").with_columns(
        is_baseline=(pl.col("record") == pl.col("base_record")).fill_null(False)
    )
    scaled = pl.col("base_value") * _factors(frame)
    value = pl.coalesce("baseline", scaled)
    own = _against(value, pl.col("lower"), pl.col("upper"))
    there = _against(pl.col("base_value"), pl.col("base_lower"), pl.col("base_upper"))
    told = pl.when(pl.col("baseline").is_null()).then(pl.coalesce(there, own)).otherwise(own)
    return frame.with_columns(
        baseline=pl.when(value > 0).then(value),
        baseline_indicator=pl.coalesce("baseline_indicator", told),
    ).drop([f"base_{name}" for name in (*_OWN, "record")])


def _chosen(frame: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    """The baseline result of each participant and test."""
    usable = frame.filter(
        pl.col("subject").is_not_null(), pl.col("test").is_not_null(),
        pl.col("value_low") == pl.col("value_high"),
    )  # fmt: skip
    flagged = usable.filter(pl.col("baseline_flag").fill_null(False))
    before = _before_dosing(usable, subjects).join(flagged, on=KEY, how="anti")
    last = pl.concat([flagged, before]).sort("date_earliest", "record", nulls_last=False)
    return last.group_by(KEY, maintain_order=True).last().select(
        *KEY, base_record="record", base_value="value_low", base_unit="unit",
        base_lower="lower", base_upper="upper",
    )  # fmt: skip


def _before_dosing(usable: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    if subjects is None or "first_dose_earliest" not in subjects.columns:
        return usable.clear()
    doses = subjects.group_by("subject").agg(dose=pl.col("first_dose_earliest").min())
    known = usable.join(doses, on="subject", how="inner", maintain_order="left")
    return known.filter(pl.col("date_latest") < pl.col("dose")).drop("dose")


def _factors(frame: pl.DataFrame) -> pl.Series:
    """From the unit of the baseline result to the unit of each row; null where they do not meet."""
    keys = ["test", "base_unit", "unit"]
    pairs = frame.select(keys).unique()
    found = [_factor(*row) for row in pairs.iter_rows()]
    told = pairs.with_columns(pl.Series("factor", found, pl.Float64))
    return frame.select(keys).join(
        told, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )["factor"]  # fmt: skip


def _factor(name: str | None, given: str | None, wanted: str | None) -> float | None:
    if given == wanted:
        return 1.0
    if not name or not given or not wanted:
        return None
    test = tests.test(name)
    one, other = units.unit(given, test.kind), units.unit(wanted, test.kind)
    if one is None or other is None:
        return 1.0 if units.normal(given) == units.normal(wanted) else None
    return units.factor(test, one, other)


def _against(value: pl.Expr, lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """LOW, NORMAL or HIGH; null where a limit that would decide is not known."""
    high = value - upper > EPS * upper.abs()
    low = lower - value > EPS * lower.abs()
    normal = ~high & ~low.fill_null(False)
    return (
        pl.when(high).then(pl.lit(HIGH)).when(low).then(pl.lit(LOW))
        .when(normal.fill_null(False)).then(pl.lit(NORMAL))
    )  # fmt: skip
