"""Graded results in the course of the study: baseline, what came after it, and whose they are.

`followed` gives the frame of `labs.grade`, and to every row:

limits_grade        the grade against the limits alone, as if no baseline were known
base_grade          the `limits_grade` of the participant's baseline for the term
after               whether the result was taken after the baseline, or after the first dose where
                    there is no baseline; null where that cannot be told
visit_order         the number of the visit; null where it has none
dated               whether the day of the sample is known
group, excluded     the participant's dose group, and the reason why the result is not counted
held                whether it is held against events: those of whom none is known are, too

A shift compares grades against the limits at both ends: CTCAE 5.0 grades against an abnormal
baseline, and ALT from 6 to 8 times the upper limit would read as a shift from grade 3 to 0.
"""

from __future__ import annotations

import polars as pl

from ae_cli.labs import BASELINE, LIMITS, OF_BASELINE, grades
from ae_cli.read import Records

NO_PARTICIPANT = "no participant"
UNKNOWN = "participant is not in the participant file"
NO_EVENT = "no participant file, and no event of the participant"
DERIVED = "derived from other results (DTYPE)"
CALCULATED = "CALCULATION"  # of another test, as a count of cells from their share: a result
KEY = ["subject", "graded_term"]


def followed(results: Records, version: str, known: bool, people: pl.DataFrame) -> pl.DataFrame:
    """Every result and term with its place in the study.

    `people` has one row a participant: subject, group, first_dose (null where not known) and
    not_counted, the reason. `known` is whether a participant file names them.
    """
    ways = (BASELINE, LIMITS, OF_BASELINE) if "baseline" in results.fields else (BASELINE, LIMITS)
    doses = people.select("subject", first_dose_earliest="first_dose")
    frame, limits, *of_baseline = grades(results, version, doses, ways)
    given = of_baseline[0]["grade"] if of_baseline else pl.lit(None, pl.Int8)
    frame = frame.with_columns(limits_grade=limits["grade"], given_grade=given).join(
        people, on="subject", how="left", maintain_order="left"
    )
    frame = frame.with_columns(excluded=_excluded(UNKNOWN if known else NO_EVENT)).join(
        _baselines(frame), on=KEY, how="left", maintain_order="left", nulls_equal=True
    )
    day = pl.col("date_earliest").dt.date() == pl.col("date_latest").dt.date()
    return frame.with_columns(
        base_grade=pl.coalesce("base_grade", "given_grade"),
        after=_after(),
        dated=day.fill_null(False),
        visit_order=_number("visit_number"),
        held=pl.col("excluded").is_null() | (pl.col("excluded") == NO_EVENT),
    ).drop("given_grade", "not_counted", "base_row", "base_date", "base_last", "base_visit")


def _excluded(unknown: str) -> pl.Expr:
    return (
        pl.when(pl.col("subject").is_null()).then(pl.lit(NO_PARTICIPANT))
        .when(pl.col("group").is_null()).then(pl.lit(unknown))
        .when(pl.col("not_counted").is_not_null()).then("not_counted")
        .when((pl.col("derived") != CALCULATED) & ~pl.col("is_baseline")).then(pl.lit(DERIVED))
    )  # fmt: skip


def _baselines(frame: pl.DataFrame) -> pl.DataFrame:
    """The row that is the baseline of each participant and term."""
    return frame.filter("is_baseline").select(
        *KEY, base_grade="limits_grade", base_row="record", base_date="date_earliest",
        base_last="date_latest", base_visit=_number("visit_number"),
    ).unique(KEY, keep="last", maintain_order=True)  # fmt: skip


def _after() -> pl.Expr:
    """By date, else by the number of the visit, else by the order of the rows. A repetition on the
    day of the baseline is not after it, unless its time or the number of its visit says so."""
    date, visit, base = pl.col("date_earliest"), _number("visit_number"), pl.col("base_visit")
    there = pl.col("base_row").is_not_null()
    same_day = pl.col("date_latest").dt.date() == pl.col("base_date").dt.date()
    after_baseline = (
        pl.when(date > pl.col("base_last")).then(pl.lit(True))
        .when(pl.col("date_latest") < pl.col("base_date")).then(pl.lit(False))
        .when(visit != base).then(visit > base)
        .when(same_day & (date.dt.date() == pl.col("base_last").dt.date())).then(pl.lit(False))
        .otherwise(pl.col("record") > pl.col("base_row"))
    )  # fmt: skip
    dosed = pl.col("date_latest") >= pl.col("first_dose")
    own = pl.col("baseline").is_not_null()  # given beside the result, which then is a later one
    return (
        pl.when("is_baseline").then(pl.lit(False)).when(there).then(after_baseline)
        .otherwise(pl.coalesce(dosed, pl.when(own).then(pl.lit(True))))
    )  # fmt: skip


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)
