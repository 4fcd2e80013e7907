"""Each event that is counted, with its days: when it began after the first dose, how long it took.

The day of the first dose is day 0. `low` and `high` are the first and the last day on which an
event can have begun: one that is emergent by its dates began on day 0 at the earliest. `days` of an
event count the first and the last. What is not known is null.
"""

from __future__ import annotations

import narwhals as nw

from ae_cli.study import Study

DAY = 86_400  # seconds


def dated(study: Study) -> nw.DataFrame:
    """One row an event: `group`, `subject`, `low`, `high`, `days` and `ongoing`."""
    used = study.counted()
    has = used.collect_schema().names()
    rows = used.select(
        "group",
        "subject",
        "event",
        **_span("start", "s", has),
        **_span("end", "e", has),
        **_span("participant_first_dose", "f", has),
        ongoing_=nw.col("ongoing").fill_null(False) if "ongoing" in has else nw.lit(False),
    ).with_columns(no_start_=nw.col("s_early").is_null(), no_end_=nw.col("e_late").is_null())
    each = rows.group_by("group", "subject", "event").agg(
        nw.col("s_early", "s_late", "f_early", "f_late").min(),
        nw.col("e_early", "e_late").max(),
        nw.col("ongoing_", "no_start_", "no_end_").max(),
    )
    return _numbered(each, flagged=study.has("treatment_emergent")).collect("polars")


def _numbered(each: nw.LazyFrame, *, flagged: bool) -> nw.LazyFrame:
    """The dates as numbers of days."""
    first, begun, ended = (_day(name) for name in ("f", "s", "e"))
    low, high = _between(first, nw.col("s_early")), _between(first, nw.col("s_late"))
    known = ~nw.col("no_start_")
    low = low if flagged else nw.max_horizontal(low, nw.lit(0))
    days = nw.when(~nw.col("no_end_") & known).then(_between(begun, ended) + 1)
    return each.select(
        "group", "subject", low=nw.when(known & ~first.is_null()).then(low),
        high=nw.when(known & ~first.is_null()).then(high),
        days=nw.when(days > 0).then(days), ongoing="ongoing_",
    )  # fmt: skip


def _span(field: str, name: str, has: list[str]) -> dict[str, nw.Expr]:
    """The two ends of a date, as days."""
    return {
        f"{name}_{short}": nw.col(f"{field}_{end}").dt.truncate("1d")
        if f"{field}_{end}" in has else nw.lit(None, nw.Datetime("us"))
        for short, end in (("early", "earliest"), ("late", "latest"))
    }  # fmt: skip


def _day(name: str) -> nw.Expr:
    """A date where it is known to the day."""
    early, late = nw.col(f"{name}_early"), nw.col(f"{name}_late")
    return nw.when(early == late).then(early)


def _between(first: nw.Expr, last: nw.Expr) -> nw.Expr:
    return ((last - first).dt.total_seconds() // DAY).cast(nw.Int64)
