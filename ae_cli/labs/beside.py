"""Laboratory grades beside adverse events: which event a result belongs to, and which has none.

A result and an event belong together where participant and term are the same and the sample was
taken, for all that is known, within the dates of the event. An event without dates may be of any
day; a result without a date is of no event for certain, and of any perhaps.
"""

from __future__ import annotations

import polars as pl

from ae_cli.ctcae.thresholds import VARIANT
from ae_cli.vocabulary import Outcome

_FIRST, _LAST = pl.datetime(1, 1, 1), pl.datetime(9999, 12, 31)
_DAY = pl.duration(days=1)
_OVER = [str(o) for o in (Outcome.RECOVERED, Outcome.SEQUELAE, Outcome.FATAL)]


def with_lab_grades(events: pl.DataFrame, labs: pl.DataFrame) -> pl.DataFrame:
    """Events with `lab_grade`, the worst grade of the results taken within their dates, and
    `lab_result`, that result in words; null where there is none. Results whose grade assumes
    something of the participant, such as symptoms, decide nothing and are left out."""
    sure = labs.filter("dated", pl.col("grade").is_not_null(), ~pl.col("assumed"))
    pairs = _together(events, sure).filter(
        pl.col("date_earliest").dt.date() >= pl.col("start_latest").dt.date(),
        pl.col("date_latest").dt.date() <= pl.col("end_earliest").dt.date(),
    )
    worst = (
        pairs.sort("grade", "date_earliest", descending=[True, False])
        .group_by("event")
        .agg(lab_grade=pl.col("grade").first(), lab_result=_words().first())
    )
    return events.join(worst, left_on="record", right_on="event", how="left", maintain_order="left")


def with_reported(labs: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Results with `reported`: whether an event of that term may have been going on."""
    on = _together(events, labs).filter(
        pl.col("date_latest").fill_null(_LAST) + _DAY >= pl.col("start_earliest").fill_null(_FIRST),
        pl.col("date_earliest").fill_null(_FIRST) <= pl.col("end") + _DAY,
    )
    there = on.select(
        record="result", graded_term=pl.col("graded_term"), reported=pl.lit(True)
    ).unique()
    found = labs.join(there, on=["record", "graded_term"], how="left", maintain_order="left")
    return found.with_columns(pl.col("reported").fill_null(False))


def _together(events: pl.DataFrame, labs: pl.DataFrame) -> pl.DataFrame:
    """Each event with each result of its participant and term."""
    null = pl.lit(None, pl.Datetime("us"))
    ends = "end_earliest" in events.columns
    starts = "start_earliest" in events.columns
    own = events.filter("is_event", pl.col("ctc_term").is_not_null()).select(
        "subject", event="record", term="ctc_term",
        start_earliest="start_earliest" if starts else null,
        start_latest="start_latest" if starts else null,
        end_earliest=_certain_end(events.columns, pl.col("end_earliest") if ends else null),
        end=(pl.col("end_latest") if ends else null).fill_null(_LAST),
    )  # fmt: skip
    results = labs.with_columns(
        result="record", term=pl.col("graded_term").str.replace(VARIANT, "")
    ).drop("record")
    return own.join(results, on=["subject", "term"], how="inner")


def _certain_end(columns: list[str], end: pl.Expr) -> pl.Expr:
    """Until when an event lasted for certain: without an end it goes on, unless it is said to be
    over; then no day but its first is known to be its own."""
    over = pl.col("outcome").is_in(_OVER) if "outcome" in columns else pl.lit(False)
    first = pl.col("start_latest") if "start_latest" in columns else pl.lit(None, pl.Datetime("us"))
    return pl.coalesce(end, pl.when(over).then(first), _LAST)


def _words() -> pl.Expr:
    """A result as a person writes it: 3.1 mmol/L on 2024-03-04."""
    value = pl.concat_str("value_text", "unit", separator=" ", ignore_nulls=True)
    return pl.format("{} on {}", value, pl.col("date_earliest").dt.strftime("%Y-%m-%d"))
