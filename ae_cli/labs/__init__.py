"""Laboratory results to CTCAE grades: which test, which unit, which baseline, which rule.

`grade(records, version, subjects)` gives one row a result and term, in the order of the file, the
low term before the high one; a result that nothing grades has one row, with the reason:

record, file, row   where the result stands, as in every typed frame
subject, arm, visit, visit_number, date_earliest, date_latest
test                the test of the thresholds; null where it is not known
test_text           as the file writes it
value_text          the result as the file writes it
value_low, value_high, value_low_open, value_high_open
                    the result as an interval: both ends alike, but for "<0.5"
unit, lower, upper  as the file writes them, of the family of the value; limits in that unit
baseline            the baseline value, in the unit of the row; null where there is none
baseline_indicator  LOW, NORMAL or HIGH: as given, else the baseline against its limits
derived             how the file says it was derived from other results (ADaM's DTYPE)
is_baseline         whether the row itself was found to be the baseline of its participant and test
direction           L or H; null where there is no term
graded_term         the term, as the thresholds spell it
grade               0 (below grade 1) to 4; null where it is not gradable
criterion           the rule that holds, made from its numbers; null at grade 0
note                what the grade assumes; null where nothing
assumed             whether the grade assumes something of the participant, such as symptoms
reason              why there is no grade; null where there is one

`grades` gives the same frame for each of several ways: against baseline as CTCAE says, against
the limits alone, as shift tables want it, and of the baseline value itself, against the limits.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ae_cli.labs import grading
from ae_cli.labs.baseline import with_baseline
from ae_cli.labs.prepare import prepared
from ae_cli.read import Records

__all__ = ["BASELINE", "LIMITS", "OF_BASELINE", "grade", "grades"]

BASELINE, LIMITS, OF_BASELINE = "against baseline", "against limits", "of the baseline"
_INNER = ("term", "asked", "why", "test_note", "baseline_flag", "fasting", "baseline_high",
          "baseline_low", "way")  # fmt: skip


def grade(
    records: Records, version: str, subjects: Records | None = None, way: str = BASELINE
) -> pl.DataFrame:
    """Every result graded by a version. Raises InputError for a version without thresholds."""
    return grades(records, version, subjects.frame if subjects else None, (way,))[0]


def grades(
    records: Records, version: str, subjects: pl.DataFrame | None, ways: Sequence[str]
) -> list[pl.DataFrame]:
    """Every result graded in several ways, in one pass over the rules of each term.

    `subjects` has the first doses, `first_dose_earliest`, where they are known.
    """
    frame = grading.asked(prepared(records), version)
    frame = with_baseline(frame, subjects)
    whole = pl.concat([_in_way(frame, way) for way in ways])
    done = grading.graded(grading.pairs(whole, version), version)
    done = done.rename({"term_graded": "graded_term"})
    return [done.filter(pl.col("way") == way).drop(_INNER) for way in ways]


def _in_way(frame: pl.DataFrame, way: str) -> pl.DataFrame:
    frame = _of_baseline(frame) if way == OF_BASELINE else frame
    frame = frame.with_columns(way=pl.lit(way), by_limits=pl.lit(way != BASELINE))
    if way == BASELINE:
        return frame
    none = {"baseline": pl.lit(None, pl.Float64), "baseline_indicator": pl.lit(None, pl.String)}
    return frame.with_columns(**none)


def _of_baseline(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the baseline in the place of the result."""
    base = pl.col("baseline")
    return frame.with_columns(
        value_text=base.cast(pl.String), value_low=base, value_high=base,
        value_low_open=pl.lit(False), value_high_open=pl.lit(False),
    )  # fmt: skip
