"""Who counts: the participants, their group, who was treated, how long they were followed.

Adds to every row of the participant file: `group` and `grouped` (whether it has one), `repeated`
(the participant stands in an earlier row), `treated`, `excluded` (why the row is not counted),
`counted`, `dead` (by the cut-off), `follow_up_months` and `window_end` (of the observation window
that study.toml sets).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

import narwhals as nw

from ae_cli import moments
from ae_cli.config import Config
from ae_cli.study.coding import left_join
from ae_cli.study.groups import NO_GROUP

NO_IDENTIFIER = "no participant"
REPEATED = "participant stands in an earlier row"
NOT_FLAGGED = "not in the safety population"
NO_DOSE = "no first dose is recorded"

MONTH_DAYS = 365.25 / 12
SECONDS_A_DAY = 86_400


def with_population(subjects: nw.DataFrame, fields: frozenset[str], config: Config) -> nw.DataFrame:
    """Work out who counts from what the participant file has."""
    arm = arm_field(fields)
    subjects = subjects.with_columns(
        group=renamed(nw.col(arm), config) if arm else nw.lit(None, nw.String),
        repeated=nw.col("record") != nw.col("record").min().over("subject"),
        treated=_treated(fields, subjects.columns),
        dead=_dead(fields, subjects.columns, config),
        follow_up_months=_follow_up(fields, config),
        window_end=_window_end(fields, subjects.columns, config),
    ).with_columns(repeated=nw.col("repeated").fill_null(False))
    return subjects.with_columns(
        group=nw.col("group").fill_null(NO_GROUP),
        grouped=~nw.col("group").is_null(),
        excluded=_excluded("safety" in fields),
    ).with_columns(counted=nw.col("excluded").is_null())


def _excluded(flagged: bool) -> nw.Expr:
    """Why a row of the participant file is not counted; null where it is."""
    return (
        nw.when(nw.col("subject").is_null())
        .then(nw.lit(NO_IDENTIFIER))
        .otherwise(
            nw.when(nw.col("repeated"))
            .then(nw.lit(REPEATED))
            .otherwise(
                nw.when(~nw.col("treated")).then(nw.lit(NOT_FLAGGED if flagged else NO_DOSE))
            )
        )
    )


def arm_field(fields: frozenset[str]) -> str | None:
    return next((f for f in ("actual_arm", "arm") if f in fields), None)


def renamed(arm: nw.Expr, config: Config) -> nw.Expr:
    names = config.group_names
    expr = arm
    for spelled, name in names.items():
        if spelled != name:
            expr = nw.when(arm == spelled).then(nw.lit(name)).otherwise(expr)
    return expr


def _treated(fields: frozenset[str], columns: list[str]) -> nw.Expr:
    """The safety flag as given; else a first dose; else everyone in the file.

    An entry that could not be understood leaves nobody out: it is a finding. Nor does a dose
    record without a date: the dose was given.
    """
    if "safety" in fields:
        return nw.col("safety").fill_null(False) | _unread("safety", columns)
    if "first_dose" in fields:
        dosed = nw.col("dosed") if "dosed" in columns else nw.lit(False)
        return ~nw.col("first_dose_earliest").is_null() | _unread("first_dose", columns) | dosed
    return nw.lit(True)


def _unread(field: str, columns: list[str]) -> nw.Expr:
    """Whether a cell holds something that could not be understood."""
    flag = f"{field}_unreadable"
    return nw.col(flag).fill_null(False) if flag in columns else nw.lit(False)


def cut_off_moment(config: Config) -> datetime | None:
    """The last moment of the cut-off day."""
    return datetime.combine(config.cut_off, time(23, 59, 59)) if config.cut_off else None


def _dead(fields: frozenset[str], columns: list[str], config: Config) -> nw.Expr:
    """Died, by the flag or a date of death, unless certainly later than the cut-off."""
    told = nw.lit(False)
    if "died" in fields:
        told = nw.col("died").fill_null(False)
    if "death_date" in fields:
        dated = ~nw.col("death_date_earliest").is_null() | _unread("death_date", columns)
        told = told | dated
        if moment := cut_off_moment(config):
            told = told & ~(nw.col("death_date_earliest") > moment).fill_null(False)
    return told


def _follow_up(fields: frozenset[str], config: Config) -> nw.Expr:
    """Months from first dose to death, else to last contact, at most to the cut-off.

    Null where a date it needs is missing or partial. The first and the last day both count.
    """
    if "first_dose" not in fields or not {"last_contact", "death_date"} & fields:
        return nw.lit(None, nw.Float64)
    last = _day("last_contact") if "last_contact" in fields else nw.lit(None, nw.Datetime("us"))
    if "death_date" in fields:
        died = ~nw.col("death_date_earliest").is_null()
        last = nw.when(died).then(_day("death_date")).otherwise(last)
    if moment := cut_off_moment(config):
        last = nw.when(last > moment).then(nw.lit(moment)).otherwise(last)
    seconds = (last - _day("first_dose")).dt.total_seconds()
    days = (seconds / SECONDS_A_DAY).floor() + 1
    return nw.when(days > 0).then(days / MONTH_DAYS)


def _day(field: str) -> nw.Expr:
    """A date known to the day, at the start of what is known; null where it is partial."""
    earliest, latest = nw.col(f"{field}_earliest"), nw.col(f"{field}_latest")
    known = (latest - earliest).dt.total_seconds() < SECONDS_A_DAY
    return nw.when(known).then(earliest)


def _window_end(fields: frozenset[str], columns: list[str], config: Config) -> nw.Expr:
    """The last moment of each participant's observation window; null where none is set."""
    window = config.window
    anchors = {"first_dose": window.days_after_first_dose, "last_dose": window.days_after_last_dose}
    for anchor, days in anchors.items():
        if days is not None and anchor in fields:
            return moments.latest_by_days(anchor, columns) + timedelta(days=days)
    return nw.lit(None, nw.Datetime("us"))


def with_event_counts(
    subjects: nw.DataFrame, events: nw.DataFrame, fields: Collection[str]
) -> nw.DataFrame:
    """Each participant with `events` and `fatal_events`, counted or not, with `dlts` and
    `serious_events` that are counted, and `none_recorded`: a row says that there was no event."""
    used = nw.col("excluded").is_null()
    dlt = nw.col("dlt").fill_null(False) if "dlt" in fields else nw.lit(False)
    serious = nw.col("serious").fill_null(False) if "serious" in fields else nw.lit(False)
    known = events.filter("is_event", ~nw.col("subject").is_null())
    told = known.select("subject", "fatal", dlt=dlt & used, serious=serious & used)
    sums = told.group_by("subject").agg(
        events=nw.len(),
        fatal_events=nw.col("fatal").cast(nw.Int64).sum(),
        dlts=nw.col("dlt").cast(nw.Int64).sum(),
        serious_events=nw.col("serious").cast(nw.Int64).sum(),
    )
    joined = left_join(subjects, sums, "subject")
    none = events.filter("says_none", ~nw.col("is_event"), ~nw.col("subject").is_null())["subject"]
    joined = joined.with_columns(none_recorded=nw.col("subject").is_in(none.unique().to_list()))
    counts = ("events", "fatal_events", "dlts", "serious_events")
    return joined.with_columns(
        nw.col(*counts).fill_null(0), nw.col("none_recorded").fill_null(False)
    )
