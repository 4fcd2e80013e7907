"""Each result's baseline: given beside it, else the flagged result of the participant and test,
else the last one before the first dose where a participant file gives that, else the last one of a
visit that is named baseline.

A result on the day of the first dose, without times on both sides, is not certainly before it and
is no baseline by that rule; a flag says so where it is one.
"""

from __future__ import annotations

import polars as pl

from ae_cli.labs import tests, units
from ae_cli.labs.prepare import HIGH, LOW, NORMAL

KEY = ["subject", "test"]
EPS = 1e-9
NAMED = ("baseline", "baseline visit", "visit baseline", "基线", "基线期", "基线访视")
_OWN = ("value", "unit", "lower", "upper")


def with_baseline(frame: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    """The frame with `baseline` in the unit of the row, `baseline_indicator` and `is_baseline`."""
    found = _chosen(frame, subjects)
    frame = frame.join(found, on=KEY, how="left", maintain_order="left").with_columns(
        is_baseline=(pl.col("record") == pl.col("base_record")).fill_null(False)
    )
    found_here = pl.col("baseline").is_null() & pl.col("base_value").is_not_null()
    scaled = pl.col("base_value") * _factors(frame)
    value = pl.coalesce("baseline", scaled)
    high, low = _sides(value, found_here)
    frame = frame.with_columns(
        baseline=pl.when(value > 0).then(value), baseline_high=high, baseline_low=low
    )
    return frame.with_columns(
        baseline_indicator=pl.coalesce("baseline_indicator", _told())
    ).drop([f"base_{name}" for name in (*_OWN, "record")])  # fmt: skip


def _chosen(frame: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    """The baseline result of each participant and test."""
    usable = frame.filter(
        pl.col("subject").is_not_null(), pl.col("test").is_not_null(),
        pl.col("value_low") == pl.col("value_high"),
    )  # fmt: skip
    flagged = usable.filter(pl.col("baseline_flag").fill_null(False))
    before = _before_dosing(usable, subjects).join(flagged, on=KEY, how="anti")
    known = pl.concat([flagged, before])
    known = pl.concat([known, _named(usable, subjects).join(known, on=KEY, how="anti")])
    last = known.sort("date_earliest", "record", nulls_last=False)
    return last.group_by(KEY, maintain_order=True).last().select(
        *KEY, base_record="record", base_value="value_low", base_unit="unit",
        base_lower="lower", base_upper="upper",
    )  # fmt: skip


def _before_dosing(usable: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    known = _with_dose(usable, subjects)
    return known.filter(pl.col("date_latest") < pl.col("dose")).drop("dose")


def _named(usable: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    """Results of a visit that is named baseline, but for those certainly after the first dose."""
    visit = pl.col("visit").str.strip_chars().str.to_lowercase()
    known = _with_dose(usable.filter(visit.is_in(NAMED)), subjects)
    late = pl.col("date_earliest").dt.date() > pl.col("dose").dt.date()
    return known.filter(~late.fill_null(False)).drop("dose")


def _with_dose(usable: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    """The results with `dose`, the first moment of the first dose; null where it is not known."""
    if subjects is None or "first_dose_earliest" not in subjects.columns:
        return usable.with_columns(dose=pl.lit(None, pl.Datetime("us")))
    doses = subjects.group_by("subject").agg(dose=pl.col("first_dose_earliest").min())
    return usable.join(doses, on="subject", how="left", maintain_order="left")


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


def _sides(value: pl.Expr, found_here: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Whether baseline is above and below its limits: by the indicator, else by the limits of the
    result it was found in, else by those of the row. Null where the limit is not known."""
    told, there = pl.col("baseline_indicator"), pl.col("base_value")
    sides = []
    for name, limit, sign in ((HIGH, "upper", 1), (LOW, "lower", -1)):
        own = _past(value, pl.col(limit), sign)
        base = _past(there, pl.col(f"base_{limit}"), sign)
        by_limits = pl.when(found_here).then(pl.coalesce(base, own)).otherwise(own)
        sides.append(pl.when(told.is_not_null()).then(told == name).otherwise(by_limits))
    return sides[0], sides[1]


def _past(value: pl.Expr, limit: pl.Expr, sign: int) -> pl.Expr:
    usable = pl.when(limit > 0).then(limit) if sign > 0 else limit
    return sign * (value - usable) > EPS * usable.abs()


def _told() -> pl.Expr:
    """LOW, NORMAL or HIGH; a lower limit may be missing where the upper is not exceeded."""
    high, low = pl.col("baseline_high"), pl.col("baseline_low")
    normal = (~high & ~low.fill_null(False)).fill_null(False)
    return (
        pl.when(high).then(pl.lit(HIGH))
        .when(low).then(pl.lit(LOW))
        .when(normal).then(pl.lit(NORMAL))
    )  # fmt: skip
