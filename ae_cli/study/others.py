"""What the other files of a study say of each participant.

`told` gives one row a participant (`subject`), with, where the files were given:

ex_records             dose records: given, and not of nothing
ex_first_*, ex_last_*  spans of the first and the last of them, `_earliest` and `_latest`
ds_records             records of disposition
ds_last_*              the last dated one that is no milestone on the way and no sign of life
ds_death               whether a record says that the participant died; ds_death_* when, where
                       it has one date of it: ds_deaths_differ
ds_death_adverse       whether one says that the death was due to an adverse event
ds_death_disease       whether one says that it was due to the disease
ds_left_study          whether a record ends the participation before completion
ds_closed_*            when the participation ended, completed or not
ds_left_treatment      whether a record ends the treatment; ds_treatment_reason why
ds_treatment_adverse   whether one ends the treatment for an adverse event, or a death
cm_records             concomitant treatments
ss_dead, ss_dead_*     whether a status says that the participant is dead, and since when at least
dd_records             details of a death
lb_last_*              the last laboratory result
ae_records, ae_death_* what the log says: events, and the date of death it gives
ae_death_dated         whether it gives one, understood or not
ae_withdrawn           whether the treatment was withdrawn for an event
ae_action_blank        whether an event has no action
ae_died                whether an event has a fatal outcome, grade 5 or the criterion death

What a file does not say is null, or false where the file was given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import narwhals as nw

from ae_cli import moments
from ae_cli.study import disposition
from ae_cli.study.coding import left_join
from ae_cli.vocabulary import Action

NO_PARTICIPANT = "no participant"
STRANGER = "participant is in neither the log nor the participant file"
ACTIONS = ("action", "action_1", "action_2", "action_3", "action_4")
_NOTHING = r"^\s*0+(?:[.,]0+)?\s*$"
_PLACEBO = r"(?i)placebo|\bvehicle\b|\bsham\b|安慰剂|空白对照"


def with_excluded(frame: nw.DataFrame) -> nw.DataFrame:
    """The records with `excluded`: null, or why a record tells nothing of anybody."""
    if "subject" not in frame.columns:
        return frame.with_columns(excluded=nw.lit(None, nw.String), subject=nw.lit(None, nw.String))
    nobody = nw.when(nw.col("subject").is_null()).then(nw.lit(NO_PARTICIPANT))
    return frame.with_columns(excluded=nobody)


def with_strangers(frame: nw.DataFrame, known: Collection[str]) -> nw.DataFrame:
    """The same, where a record of somebody whom nothing else names tells nothing either."""
    strange = nw.col("excluded").is_null() & ~nw.col("subject").is_in(list(known))
    reason = nw.when(strange.fill_null(False)).then(nw.lit(STRANGER)).otherwise(nw.col("excluded"))
    return frame.with_columns(excluded=reason)


def told(frames: Mapping[str, nw.DataFrame], events: nw.DataFrame) -> nw.DataFrame:
    """One row a participant that any of the files names. `frames` are by kind of record."""
    parts = [_of_events(events)]
    parts += [way(_named(frames[name])) for name, way in _WAYS.items() if name in frames]
    people = nw.concat([part.select("subject") for part in parts]).unique("subject")
    for part in parts:
        people = people.join(part, on="subject", how="left")
    flags = [c for c in people.columns if people.schema[c] == nw.Boolean]
    counts = [c for c in people.columns if c.endswith("_records")]
    return people.with_columns(nw.col(flags).fill_null(False), nw.col(counts).fill_null(0))


def dosed(exposure: nw.DataFrame, subjects: nw.DataFrame) -> nw.DataFrame:
    """The participants with their first and last dose, by the dose records, and `dosed`: whether
    one was given, dated or not.
    """
    doses = _exposure(_named(exposure))
    dates = {
        f"{which}_dose_{part}": f"ex_{which}_{part}"
        for which in ("first", "last")
        for part in ("earliest", "latest", "offset")
        if f"ex_{which}_{part}" in doses.columns
    }
    found = left_join(subjects.select("record", "subject"), doses, "subject")
    gone = ("first_dose_unreadable", "first_dose_offset", "last_dose_offset")
    read_elsewhere = [c for c in gone if c in subjects.columns]
    return subjects.drop(read_elsewhere).with_columns(
        *(found[of].alias(name) for name, of in dates.items()),
        dosed=(found["ex_records"] > 0).fill_null(False),
    )


def with_targets(qualifiers: nw.DataFrame, events: nw.DataFrame) -> nw.DataFrame:
    """Supplemental qualifiers with `points_at_event`: false where their event is not in the log."""
    if not {"subject", "key_value"} <= set(qualifiers.columns) or "seq" not in events.columns:
        return qualifiers.with_columns(points_at_event=nw.lit(True))
    here = events.select("subject", seq_=_number("seq")).drop_nulls().unique()
    found = qualifiers.with_columns(seq_=_number("key_value")).join(
        here.with_columns(found_=nw.lit(True)), on=["subject", "seq_"], how="left"
    )
    ours = (("key", "AESEQ"), ("of_domain", "AE"))
    of = [nw.col(c).str.to_uppercase() != name for c, name in ours if c in qualifiers.columns]
    elsewhere = _any(*of, nw.col("key_value").is_null(), nw.col("subject").is_null())
    reached = found.with_columns(points_at_event=nw.col("found_").fill_null(False) | elsewhere)
    return reached.drop("seq_", "found_").sort("record")


def with_epochs(events: nw.DataFrame, elements: nw.DataFrame) -> nw.DataFrame:
    """The events with `epoch_planned`: whether the trial's arms have an epoch of that name."""
    planned = elements["epoch"].drop_nulls().unique().to_list()
    return events.with_columns(epoch_planned=nw.col("epoch").is_in(planned))


def _named(frame: nw.DataFrame) -> nw.DataFrame:
    """The records of somebody, with the span of their date as `span_*`."""
    date = "date" if "date_earliest" in frame.columns else "start"
    named = frame.filter(~nw.col("subject").is_null())
    return named.with_columns(**_span(date, frame.columns))


def _of_events(events: nw.DataFrame) -> nw.DataFrame:
    has = events.columns
    actions = [nw.col(c) for c in ACTIONS if c in has]
    read = ~nw.col("death_date_earliest").is_null() if "death_date_earliest" in has else None
    unread = nw.col("death_date_unreadable") if "death_date_unreadable" in has else None
    named = moments.by_days(events.filter("is_event", ~nw.col("subject").is_null()))
    rows = named.with_columns(
        withdrawn_=_any(*(action == str(Action.WITHDRAWN) for action in actions)),
        unanswered_=nw.all_horizontal(*(a.is_null() for a in actions), ignore_nulls=True)
        if actions else nw.lit(True),
        dated_=_any(*(each for each in (read, unread) if each is not None)),
        **_span("death_date", has),
    )  # fmt: skip
    return rows.group_by("subject").agg(
        ae_records=nw.len(),
        ae_withdrawn=nw.col("withdrawn_").any(),
        ae_action_blank=nw.col("unanswered_").any(),
        ae_died=nw.col("fatal").any(),
        ae_death_dated=nw.col("dated_").any(),
        ae_death_earliest=nw.col("span_earliest").max(),
        ae_death_latest=nw.col("span_latest").min(),
    )


def _exposure(frame: nw.DataFrame) -> nw.DataFrame:
    """Of the doses that were given. The first or the last of them is not known where one has no
    date that could be understood: a treatment without an end goes on."""
    doses = frame.with_columns(given_=_given(frame.columns)).filter("given_")
    ends = "end" if "end_earliest" in frame.columns else "start"
    rows = doses.with_columns(**_span(ends, frame.columns, "end_"))
    begun, ended = nw.col("span_earliest").is_null(), nw.col("end_span_latest").is_null()
    found = rows.group_by("subject").agg(
        ex_records=nw.len(),
        ex_first_earliest=nw.col("span_earliest").min(),
        ex_first_latest=nw.col("span_latest").min(),
        ex_last_earliest=nw.col("end_span_earliest").max(),
        ex_last_latest=nw.col("end_span_latest").max(),
        first_open_=begun.any(),
        last_open_=ended.any(),
        **_offsets({"first": "start", "last": ends}, rows.columns),
    )
    known = {
        f"ex_{which}_{end}": nw.when(~nw.col(f"{which}_open_")).then(nw.col(f"ex_{which}_{end}"))
        for which in ("first", "last")
        for end in ("earliest", "latest")
    }
    return found.with_columns(**known).drop("first_open_", "last_open_")


def _offsets(dates: Mapping[str, str], columns: Collection[str]) -> dict[str, nw.Expr]:
    """The offset of a participant's dose dates, which all clock times among them share."""
    said = {which: f"{date}_offset" for which, date in dates.items()}
    return {f"ex_{which}_offset": nw.col(c).max() for which, c in said.items() if c in columns}


def _given(has: Collection[str]) -> nw.Expr:
    """Whether a dose was given: a dose of 0 is none, unless it is of placebo."""
    refused = (nw.col("occurred") == nw.lit(False)).fill_null(False)
    given = ~refused if "occurred" in has else nw.lit(True)
    if "dose" not in has:
        return given
    placebo = _any(nw.col("treatment").str.contains(_PLACEBO)) if "treatment" in has else None
    something = ~nw.col("dose").str.contains(_NOTHING).fill_null(False)
    return given & (something if placebo is None else something | placebo)


def _concomitant(rows: nw.DataFrame) -> nw.DataFrame:
    return rows.group_by("subject").agg(cm_records=nw.len())


def _status(rows: nw.DataFrame) -> nw.DataFrame:
    dead = _any(*(disposition.dead(nw.col(c)) for c in ("status",) if c in rows.columns))
    rows = rows.with_columns(
        dead_=dead,
        earliest_=nw.when(dead).then(nw.col("span_earliest")),
        latest_=nw.when(dead).then(nw.col("span_latest")),
    )
    return rows.group_by("subject").agg(
        ss_dead=nw.col("dead_").any(),
        ss_dead_earliest=nw.col("earliest_").min(),
        ss_dead_latest=nw.col("latest_").min(),
    )


def _death_details(rows: nw.DataFrame) -> nw.DataFrame:
    return rows.group_by("subject").agg(dd_records=nw.len())


def _labs(rows: nw.DataFrame) -> nw.DataFrame:
    early, late = nw.col("span_earliest").max(), nw.col("span_latest").max()
    return rows.group_by("subject").agg(lb_last_earliest=early, lb_last_latest=late)


_WAYS = {
    "exposure": _exposure,
    "disposition": disposition.of_participants,
    "concomitant": _concomitant,
    "status": _status,
    "death_details": _death_details,
    "labs": _labs,
}


def _any(*claims: nw.Expr) -> nw.Expr:
    known = [claim.fill_null(False) for claim in claims]
    return nw.any_horizontal(*known, ignore_nulls=True) if known else nw.lit(False)


def _number(column: str) -> nw.Expr:
    """A sequence number as one text: 1, 1.0 and 001 are the same."""
    text = nw.col(column).str.strip_chars()
    return text.str.replace_all(r"^0+(\d)", "$1").str.replace_all(r"\.0+$", "")


def _span(field: str, columns: Collection[str], prefix: str = "") -> dict[str, nw.Expr]:
    """The two ends of a date under names of their own; null where it was not collected."""
    return {
        f"{prefix}span_{end}": nw.col(f"{field}_{end}")
        if f"{field}_{end}" in columns
        else nw.lit(None, nw.Datetime("us"))
        for end in ("earliest", "latest")
    }
