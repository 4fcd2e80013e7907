"""What the other files of a study say of each participant.

`told` gives one row a participant (`subject`), with, where the files were given:

ex_records             dose records: given, and not of nothing
ex_first_*, ex_last_*  spans of the first and the last of them, `_earliest` and `_latest`
ds_records             records of disposition
ds_last_*              the last dated one, death and what follows it included
ds_death               whether a record says that the participant died; ds_death_* when
ds_death_adverse       whether one says that the death was due to an adverse event
ds_left_study          whether a record ends the participation; ds_left_study_* when
ds_left_treatment      whether a record ends the treatment
ds_treatment_adverse   whether one ends the treatment for an adverse event
cm_records             concomitant treatments
ae_records, ae_death_* what the log says: events, and the date of death it gives
ae_withdrawn           whether the treatment was withdrawn for an event
ae_died                whether an event has a fatal outcome, grade 5 or the criterion death

What a file does not say is null, or false where the file was given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import narwhals as nw

from ae_cli.study.coding import left_join
from ae_cli.vocabulary import Action

NO_PARTICIPANT = "no participant"
_DEATH = r"(?i)\bdeath\b|\bdied\b|死亡"
_ADVERSE = r"(?i)\badverse event|不良事件"
_COMPLETED = r"(?i)\bcomplete[d]?\b|完成"
_TREATMENT = r"(?i)treatment|study drug|\bdrug\b|dis[ck]tx|exposure|用药|治疗|给药"
_STUDY = r"(?i)\bstudy\b|\btrial\b|dis[ck]study|participation|研究|试验"
_EVENT = r"(?i)disposition"


def with_excluded(frame: nw.DataFrame) -> nw.DataFrame:
    """The records with `excluded`: null, or why a record tells nothing of anybody."""
    if "subject" not in frame.columns:
        return frame.with_columns(excluded=nw.lit(None, nw.String), subject=nw.lit(None, nw.String))
    nobody = nw.when(nw.col("subject").is_null()).then(nw.lit(NO_PARTICIPANT))
    return frame.with_columns(excluded=nobody)


def told(frames: Mapping[str, nw.DataFrame], events: nw.DataFrame) -> nw.DataFrame:
    """One row a participant that any of the files names."""
    parts = [_of_events(events)]
    ways = {"exposure": _exposure, "disposition": _disposition, "concomitant": _concomitant}
    parts += [way(frames[name]) for name, way in ways.items() if name in frames]
    people = nw.concat([part.select("subject") for part in parts]).unique("subject")
    for part in parts:
        people = people.join(part, on="subject", how="left")
    flags = [c for c in people.columns if people.schema[c] == nw.Boolean]
    counts = [c for c in people.columns if c.endswith("_records")]
    return people.with_columns(nw.col(flags).fill_null(False), nw.col(counts).fill_null(0))


def dosed(exposure: nw.DataFrame, subjects: nw.DataFrame) -> nw.DataFrame:
    """The participants with their first and last dose, by the dose records."""
    doses = _exposure(exposure)
    dates = {
        f"{which}_dose_{end}": f"ex_{which}_{end}"
        for which in ("first", "last")
        for end in ("earliest", "latest")
    }
    found = left_join(subjects.select("record", "subject"), doses, "subject")
    return subjects.with_columns(*(found[of].alias(name) for name, of in dates.items()))


def _of_events(events: nw.DataFrame) -> nw.DataFrame:
    has = events.columns
    withdrawn = (
        _any(*(nw.col(c) == str(Action.WITHDRAWN) for c in _actions(has)))
        if _actions(has)
        else nw.lit(False)
    )
    rows = events.filter("is_event", ~nw.col("subject").is_null()).with_columns(
        withdrawn_=withdrawn, **_span("death_date", has)
    )
    return rows.group_by("subject").agg(
        ae_records=nw.len(),
        ae_withdrawn=nw.col("withdrawn_").any(),
        ae_died=nw.col("fatal").any(),
        ae_death_earliest=nw.col("span_earliest").max(),
        ae_death_latest=nw.col("span_latest").min(),
    )


def _actions(columns: Collection[str]) -> list[str]:
    return [c for c in ("action", "action_1", "action_2", "action_3", "action_4") if c in columns]


def _exposure(frame: nw.DataFrame) -> nw.DataFrame:
    has = frame.columns
    given = (
        ~(nw.col("occurred") == nw.lit(False)).fill_null(False)
        if "occurred" in has
        else nw.lit(True)
    )
    if "dose" in has:
        given = given & ~nw.col("dose").str.strip_chars().is_in(["0", "0.0", "0.00"]).fill_null(
            False
        )
    ends = _span("end", has, "end")
    rows = frame.filter(given, ~nw.col("subject").is_null()).with_columns(
        **_span("start", has), **ends
    )
    rows = rows.with_columns(
        end_earliest_=nw.coalesce("end_span_earliest", "span_earliest"),
        end_latest_=nw.coalesce("end_span_latest", "span_latest"),
    )
    return rows.group_by("subject").agg(
        ex_records=nw.len(),
        ex_first_earliest=nw.col("span_earliest").min(),
        ex_first_latest=nw.col("span_latest").min(),
        ex_last_earliest=nw.col("end_earliest_").max(),
        ex_last_latest=nw.col("end_latest_").max(),
    )


def with_meaning(frame: nw.DataFrame) -> nw.DataFrame:
    """The records of disposition with what each says: `death`, `adverse`, `ends_study`,
    `ends_treatment`."""
    has = frame.columns
    says = [nw.col(c) for c in ("reason", "term") if c in has]
    form = [nw.col(c) for c in ("category", "subcategory", "form", "epoch") if c in has]
    death, adverse = _matches(says, _DEATH), _matches(says, _ADVERSE)
    completed = _matches(says, _COMPLETED)
    event = ~_unlike(frame, _EVENT)
    treatment = _matches([*form, *says], _TREATMENT)
    study = _matches([*form, *says], _STUDY)
    return frame.with_columns(
        death=death,
        adverse=adverse,
        ends_treatment=event & treatment & ~completed,
        ends_study=event & (study | ~treatment) & ~completed | death,
    )


def _unlike(frame: nw.DataFrame, pattern: str) -> nw.Expr:
    """Whether a record has a category, and another one: of protocol milestones, say."""
    if "category" not in frame.columns:
        return nw.lit(False)
    given = nw.col("category")
    return (~given.is_null() & ~given.str.contains(pattern)).fill_null(False)


def _disposition(frame: nw.DataFrame) -> nw.DataFrame:
    rows = frame.filter(~nw.col("subject").is_null()).with_columns(**_span("start", frame.columns))
    early, late = nw.col("span_earliest"), nw.col("span_latest")
    dead, left = nw.col("death"), nw.col("ends_study")
    none = nw.lit(None, nw.Datetime("us"))
    rows = rows.with_columns(
        dead_earliest_=nw.when(dead).then(early).otherwise(none),
        dead_latest_=nw.when(dead).then(late).otherwise(none),
        left_earliest_=nw.when(left).then(early).otherwise(none),
        left_latest_=nw.when(left).then(late).otherwise(none),
        killed_=dead & nw.col("adverse"),
        stopped_=nw.col("ends_treatment") & nw.col("adverse"),
    )
    return rows.group_by("subject").agg(
        ds_records=nw.len(),
        ds_last_earliest=early.max(), ds_last_latest=late.max(),
        ds_death=dead.any(),
        ds_death_earliest=nw.col("dead_earliest_").max(),
        ds_death_latest=nw.col("dead_latest_").min(),
        ds_death_adverse=nw.col("killed_").any(),
        ds_left_study=left.any(),
        ds_left_study_earliest=nw.col("left_earliest_").max(),
        ds_left_study_latest=nw.col("left_latest_").max(),
        ds_left_treatment=nw.col("ends_treatment").any(),
        ds_treatment_adverse=nw.col("stopped_").any(),
    )  # fmt: skip


def _concomitant(frame: nw.DataFrame) -> nw.DataFrame:
    rows = frame.filter(~nw.col("subject").is_null())
    return rows.group_by("subject").agg(cm_records=nw.len())


def _matches(columns: list[nw.Expr], pattern: str) -> nw.Expr:
    return _any(*(c.str.contains(pattern) for c in columns)) if columns else nw.lit(False)


def _any(*claims: nw.Expr) -> nw.Expr:
    return nw.any_horizontal(*(c.fill_null(False) for c in claims), ignore_nulls=True)


def _span(field: str, columns: Collection[str], prefix: str = "") -> dict[str, nw.Expr]:
    """The two ends of a date under names of their own; null where it was not collected."""
    made = f"{prefix}_" if prefix else ""
    return {
        f"{made}span_{end}": nw.col(f"{field}_{end}")
        if f"{field}_{end}" in columns
        else nw.lit(None, nw.Datetime("us"))
        for end in ("earliest", "latest")
    }
