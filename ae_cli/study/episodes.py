"""Episodes: rows of one event, whose grade changed.

An EDC may begin a new row when the grade of an event changes. Rows of one participant, one group
and one term are an episode where their grades differ and they bear the same `episode` of the log,
or are reported in the same words and touch or overlap for certain: the next begins at the latest
on the day after the last one ended. Only dates known to the day tell that; a row without an end
reaches to its start. Rows that are not counted, or have no grade, stay rows.

Adds to every row: `touching`, the least `record` of the rows it goes with; `linked`, whether an
episode of the log says so; `split`, whether they are an episode; `overlaps`, whether some of them
share a day and are no copies; and `event`, which is `touching` where study.toml joins episodes and
the row is split, else the row's own `record`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import narwhals as nw

from ae_cli.config import Config

_APART = 10_000_000  # days: more than there are in 9999 years
_ROW = ("record", "touching", "linked", "split", "overlaps")


def with_episodes(events: nw.DataFrame, fields: Collection[str], config: Config) -> nw.DataFrame:
    """Find the rows that go together."""
    found = _found(events, fields)
    if found is None or not len(found):
        no = nw.lit(False)
        alone = {"touching": nw.col("record"), "linked": no, "split": no, "overlaps": no}
        return events.with_columns(**alone, event=nw.col("record"))
    joined = events.select("record").join(found.select(*_ROW), on="record", how="left")
    told = joined.sort("record").with_columns(
        nw.coalesce("touching", "record").alias("touching"),
        nw.col("linked", "split", "overlaps").fill_null(False),
    )
    split = nw.col("split") & nw.lit(config.episodes == "joined")
    told = told.with_columns(event=nw.when(split).then("touching").otherwise("record"))
    return events.with_columns(*told.drop("record").iter_columns())


def counted(events: Any, config: Config) -> nw.LazyFrame:
    """The rows that are counted; the rows of a joined episode all have its worst grade, and are
    serious and related if any of them is. Each is one event by the column `event`."""
    used: nw.LazyFrame = nw.from_native(events).lazy().filter(nw.col("excluded").is_null())
    if config.episodes == "rows":
        return used
    columns = used.collect_schema().names()
    whole = {"grade": nw.col("grade").max().over("event")} if "grade" in columns else {}
    if "serious" in columns:
        whole["serious"] = _any(nw.col("serious"))
    if "related" in columns:
        whole["related"] = _related([str(c) for c in config.related.counts])
    return used.with_columns(**whole)


def _any(answer: nw.Expr) -> nw.Expr:
    """Yes if any row says yes, not answered if any row does not answer, else no."""
    yes = answer.fill_null(False).max().over("event")
    open_ = answer.is_null().max().over("event")
    return nw.when(yes).then(nw.lit(True)).otherwise(nw.when(~open_).then(nw.lit(False)))


def _related(counts: list[str]) -> nw.Expr:
    """The relation that counts as related, if a row has one; else blank if a row is blank."""
    answer = nw.col("related")
    related = nw.when(answer.is_in(counts)).then(answer).max().over("event")
    blank = answer.is_null().max().over("event")
    return nw.when(~related.is_null() | ~blank).then(nw.coalesce(related, answer))


def _found(events: nw.DataFrame, fields: Collection[str]) -> nw.DataFrame | None:
    """The rows that are not alone with their term, each with those it touches."""
    if not ({"grade", "subject"} <= set(fields) and {"start", "episode"} & set(fields)):
        return None
    keys = [c for c in ("laterality", "episode") if c in events.columns]
    same = ["subject", "group", "term", *keys]
    rows = events.select(
        "record", "grade", *(nw.col(k).fill_null("") for k in (*same[:2], *keys)),
        _day("start", events).alias("start"), _day("end", events).alias("end"),
        term=nw.col("coded_term").str.to_lowercase(), words=_words(events), may=_may_be_split(),
        linked=~nw.col("episode").is_null() if "episode" in keys else nw.lit(False),
    ).filter("may")  # fmt: skip
    rows = rows.filter(~nw.col("start").is_null() | nw.col("linked"))
    several = rows.filter(rows.select("subject", "term").is_duplicated())
    return _touching(several.sort(*same, "start", "record"), same)


def _words(events: nw.DataFrame) -> nw.Expr:
    """What was reported: "Other, specify" and a preferred term may stand for several events."""
    reported = "term" if "term" in events.columns else "coded_term"
    return nw.coalesce(reported, "coded_term").str.to_lowercase()


def _may_be_split() -> nw.Expr:
    graded = nw.col("grade").is_between(1, 5).fill_null(False)
    return graded & nw.col("excluded").is_null() & ~nw.col("coded_term").is_null()


def _day(field: str, events: nw.DataFrame) -> nw.Expr:
    """A date as the number of its day, where it is known to the day."""
    if f"{field}_earliest" not in events.columns:
        return nw.lit(None, nw.Int64)
    earliest, latest = nw.col(f"{field}_earliest"), nw.col(f"{field}_latest")
    days = earliest.dt.timestamp("ms").cast(nw.Int64) // 86_400_000
    same = days == latest.dt.timestamp("ms").cast(nw.Int64) // 86_400_000
    return nw.when(same).then(days)


def _touching(rows: nw.DataFrame, same: list[str]) -> nw.DataFrame:
    """Which of the rows, in the order of `same` and of time, go with the ones before them.

    Days are counted on from one group of rows to the next, so that what was reached within a group
    is what was reached at all: one pass, and no window for each of many groups.
    """
    other = nw.any_horizontal(*(nw.col(k) != nw.col(k).shift(1) for k in same), ignore_nulls=True)
    rows = rows.with_columns(
        first=other.fill_null(True), of=other.cast(nw.Int64).cum_sum() * _APART
    )
    rows = rows.with_columns(
        begin=nw.col("start") + nw.col("of"),
        until=nw.max_horizontal("start", "end") + nw.col("of"),
    )
    before = nw.col("until").cum_max().shift(1)
    apart = ~nw.col("linked") & (nw.col("begin") > before + 1)
    return _compared(
        rows.with_columns(
            part=(apart.fill_null(False) | nw.col("first")).cast(nw.Int64).cum_sum(),
            shares=(nw.col("begin") <= before).fill_null(False),
        )
    )


def _compared(rows: nw.DataFrame) -> nw.DataFrame:
    """What the rows that touch have in common, and what not."""

    def differs(name: str) -> nw.Expr:
        column = nw.col(name)
        return (column.min().over("part") != column.max().over("part")).fill_null(False)

    copies = ~differs("start") & ~differs("end") & ~differs("grade")
    return rows.with_columns(
        touching=nw.col("record").min().over("part"),
        split=differs("grade") & (nw.col("linked") | ~differs("words")),
        overlaps=nw.col("shares").max().over("part") & ~copies,
    )
