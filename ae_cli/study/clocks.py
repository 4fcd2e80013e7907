"""Reporting clocks of serious events: what is late, and what the dates cannot show.

Adds to every row of the log, where the columns of a clock were collected:

susar             serious, unexpected and related; what is not answered counts as yes, seriousness
                  where the event is fatal or meets a criterion
urgent            fatal or life-threatening
clock_aware       the report to the sponsor, within hours of the investigator's awareness
clock_susar       the report of a SUSAR to the authority, within days of its receipt by the sponsor
clock_follow_up   the follow-up of an urgent SUSAR, in as many days more
clock_X_due       the last moment that was in time, as late as the dates allow; null: not known
clock_X_zone      where clock times say their offsets: of the clock by which it is told, and
clock_X_sent      by that clock, when the report was sent at the earliest

A clock is null where it does not run, else one of VERDICTS; where study.toml joins episodes to one
event it runs in the first serious row of each, and anew in its first urgent row and in the first
that is a SUSAR. It starts when the event became serious where that is later: an upgrade restarts
it. Dates that are not known to the second are compared at what they may be at most and at least, so
what is LATE is late for certain.

Source: ICH E2A; Regulation (EU) 536/2014, articles 41 and 42.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import narwhals as nw

from ae_cli.config import Config
from ae_cli.model import CRITERIA
from ae_cli.moments import Span, on_one_clock, span
from ae_cli.study.population import cut_off_moment
from ae_cli.vocabulary import Causality

IN_TIME, LATE, UNSHOWN, UNSENT = "in time", "late", "cannot be shown", "not reported"
VERDICTS = (IN_TIME, LATE, UNSHOWN, UNSENT)
CLOCKS = {  # clock: the field it starts with, and the field it ends with
    "clock_aware": ("aware", "reported"),
    "clock_susar": ("reported", "submitted"),
    "clock_follow_up": ("reported", "follow_up_submitted"),
}
RESTART = "became_serious"
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)  # the finest that people write: 10:00 is 24 hours after 10:00


def with_clocks(events: nw.DataFrame, fields: Collection[str], config: Config) -> nw.DataFrame:
    """The events with every clock that the log has columns for."""
    running = [clock for clock, ends in CLOCKS.items() if {"serious", *ends} <= set(fields)]
    if not running:
        return events
    events = events.with_columns(serious_=_serious(fields), urgent=_urgent(fields))
    events = events.with_columns(susar=_susar(fields, config))
    for clock in running:
        events = _with_clock(events, clock, fields, config)
    return events.drop("serious_")


def _with_clock(
    events: nw.DataFrame, clock: str, fields: Collection[str], config: Config
) -> nw.DataFrame:
    begun, upgraded, sent = _dates(clock, fields, events.columns)
    start = {end: _start(begun, upgraded, end) for end in ("earliest", "latest")}
    due = {end: _due(clock, moment, config) for end, moment in start.items()}
    early, late = sent.earliest, sent.latest
    over = nw.lit(cut_off_moment(config)) > due["latest"] if config.cut_off else nw.lit(False)
    verdict = (
        nw.when(~_runs(clock)).then(nw.lit(None, nw.String))
        .when(due["latest"].is_null()).then(nw.lit(UNSHOWN))
        .when(early.is_null() & over).then(nw.lit(LATE))
        .when(early.is_null()).then(nw.lit(UNSENT))
        .when(early > due["latest"]).then(nw.lit(LATE))
        .when(late < start["earliest"]).then(nw.lit(UNSHOWN))  # sent before it began: an upgrade
        .when(late < due["earliest"] + MINUTE).then(nw.lit(IN_TIME))
        .otherwise(nw.lit(UNSHOWN))
    )  # fmt: skip
    zoned = {} if sent.offset is None else {"zone": sent.offset, "sent": early}
    told = {f"{clock}_{name}": each for name, each in {"due": due["latest"], **zoned}.items()}
    events = events.with_columns(**{clock: verdict, **told})
    if config.episodes == "rows":
        return events
    runs = ~nw.col(clock).is_null()
    first = [_first(claim) for claim in (runs, runs & nw.col("urgent"), runs & nw.col("susar"))]
    begins = nw.any_horizontal(*first, ignore_nulls=True)
    return events.with_columns(nw.when(begins).then(nw.col(clock)).alias(clock))


def _first(claim: nw.Expr) -> nw.Expr:
    """Whether a row is the first of its event for which a claim holds."""
    return nw.col("record") == nw.when(claim).then(nw.col("record")).min().over("event")


def _runs(clock: str) -> nw.Expr:
    """Whether a clock runs for an event that is one."""
    serious = nw.col("is_event") & nw.col("serious_")
    return {
        "clock_aware": serious,
        "clock_susar": serious & nw.col("susar"),
        "clock_follow_up": serious & nw.col("susar") & nw.col("urgent"),
    }[clock]


def _dates(
    clock: str, fields: Collection[str], columns: Collection[str]
) -> tuple[Span, Span | None, Span]:
    """The dates that a clock begins and ends with, and in between that of an upgrade. Hours pass
    between moments, on one clock; days are those of the calendars where they were written."""
    begin, sent = CLOCKS[clock]
    names = [sent, begin, *([RESTART] if RESTART in fields else [])]
    spans = [span(name, columns) for name in names]
    if clock == "clock_aware":
        spans = list(on_one_clock(*spans))
    else:
        spans = [Span(each.earliest, each.latest) for each in spans]
    return spans[1], spans[2] if len(spans) > 2 else None, spans[0]


def _start(first: Span, upgraded: Span | None, end: str) -> nw.Expr:
    """When a clock starts: null where that is not known, whatever is known of an upgrade."""
    begun: nw.Expr = getattr(first, end)
    if upgraded is None:
        return begun
    return nw.when(~begun.is_null()).then(nw.max_horizontal(begun, getattr(upgraded, end)))


def _due(clock: str, start: nw.Expr, config: Config) -> nw.Expr:
    """The last moment in time: hours are counted from the moment, days to the end of the day."""
    if clock == "clock_aware":
        return start + timedelta(hours=config.threshold("hours_to_sponsor"))
    urgent = config.threshold("days_urgent")
    urgent += config.threshold("days_follow_up") if clock == "clock_follow_up" else 0
    ends = start.dt.truncate("1d") + DAY - timedelta(seconds=1)
    others = ends + DAY * config.threshold("days_susar")
    return nw.when(nw.col("urgent")).then(ends + DAY * urgent).otherwise(others)


def _serious(fields: Collection[str]) -> nw.Expr:
    """Whether an event is serious; unanswered, it is where it is fatal or meets a criterion."""
    met = [nw.col(f).fill_null(False) for f in sorted(fields) if f in CRITERIA]
    unsaid = nw.any_horizontal(nw.col("fatal"), *met, ignore_nulls=True)
    return nw.col("serious").fill_null(False) | (nw.col("serious").is_null() & unsaid)


def _susar(fields: Collection[str], config: Config) -> nw.Expr:
    """Suspected, unexpected, serious. Without an answer an event may be each of them."""
    serious = nw.col("serious_")
    unexpected = ~nw.col("expected").fill_null(False) if "expected" in fields else nw.lit(True)
    if "related" not in fields:
        return serious & unexpected
    counts = [*map(str, config.related.counts), str(Causality.NOT_ASSESSABLE)]
    return serious & unexpected & (nw.col("related").is_in(counts) | nw.col("related").is_null())


def _urgent(fields: Collection[str]) -> nw.Expr:
    threat = nw.col("sae_life_threatening").fill_null(False)
    return nw.col("fatal") | threat if "sae_life_threatening" in fields else nw.col("fatal")
