"""Records that stand twice. Duplicates are grouped: one finding for all rows of one event."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import narwhals as nw

from ae_cli.rules.examples import an_event
from ae_cli.rules.rule import (
    ERROR,
    NOTE,
    WARNING,
    Fields,
    Row,
    first_collected,
    or_if_blank,
    rule,
)
from ae_cli.study import Study

# What makes two rows one event. Two blanks are equal; columns that a log lacks do not tell. What
# could not be understood is no blank, and equal to the same text alone.
START = ("start_earliest", "start_latest", "start_offset", "start_as_written")
ENDS = ("end_earliest", "end_latest", "end_offset", "end_as_written")
KEY = (
    "subject", "term", "preferred_term", "modified_term", "laterality", *START, *ENDS,
)  # fmt: skip
SCALES = {  # the second only where there is no grade
    "grade": ("grade", "grade_as_written"), "severity": ("severity", "severity_as_written"),
}  # fmt: skip
SCALE = "|".join(SCALES)
LOOSE = ("subject", "term", "preferred_term", *START)
BY_START = {"rules": {"options": {"duplicate_key": "term and start"}}}


def _loose(study: Study) -> bool:
    return study.config.rules.options.duplicate_key == "term and start"


def _scale(study: Study) -> tuple[str, ...]:
    return SCALES[first_collected(study, SCALE)]


@rule(
    "AE-XRC-01", ERROR, "The sequence number is unique within a participant",
    needs=("subject", "seq"), grouped=("subject", "seq"),
    says="{count} rows have the sequence number {seq}", fix="number the events 1, 2, 3, ...",
    why="other records point at an event by this number", sources=("SD0005", "CORE-000750"),
    good=[an_event(), an_event(also=[{}]), an_event(also=[{"subject": "S2", "seq": "1"}]),
          an_event(seq="", also=[{"seq": ""}]), an_event(subject="", also=[{"seq": "1"}])],
    bad=[an_event(also=[{"seq": "1", "term": "Vomiting"}])],
)  # fmt: skip
def seq_is_unique(ae: Fields) -> nw.Expr:
    named = ae.filled("subject") & ae.filled("seq")
    return ~(repeated(ae, ("subject", "seq")) & named)


@rule(
    "AE-XRC-02", WARNING, "No event stands twice",
    needs=("subject", "term|preferred_term", "start"),
    shows=("term", "preferred_term", "start", "grade"),
    grouped=lambda study: LOOSE if _loose(study) else (*KEY, *_scale(study)),
    says=lambda row: f"{row['count']} rows are the same event: participant, term"
    + (" and start" if _loose(row["in_study"]) else ", dates and grade"),
    fix="delete the copies, or correct what differs",
    why="the number of events is too large; numbers of participants are not affected",
    sources=("sdtmchecks check_ae_dup",),
    good=[an_event(), an_event(also=[{"start": "2024-03-05"}]), an_event(also=[{"grade": "3"}]),
          an_event(also=[{"subject": "S2"}]), an_event(subject="", also=[{}]),
          an_event(term="", also=[{}]), an_event(also=[{"end": ""}]),
          an_event(also=[{"start": "2024-03-05"}], study=BY_START),
          an_event(start="early March", also=[{"start": "late May"}]),
          an_event(start="03/04/2024", also=[{"start": "05/06/2024"}]),
          an_event(start="early March", also=[{"start": "2024-03-04"}, {"start": ""}],
                   study=BY_START),
          an_event(grade="2-3", also=[{"grade": "1->2"}]), an_event(end="June", also=[{"end": ""}]),
          an_event(start="2024-03-04T10:00Z", also=[{"start": "2024-03-04T10:00+09:00"}])],
    bad=[an_event(also=[{}]), an_event(start="", also=[{}]),
         an_event(start="early March", also=[{}]), an_event(grade="2-3", also=[{}]),
         an_event(start="early March", also=[{"start": ""}, {"start": ""}]),
         an_event(end="June", also=[{}], study=BY_START),
         an_event(also=[{"end": ""}], study=BY_START),
         an_event(also=[{"grade": "3"}], study=BY_START)],
)  # fmt: skip
def no_duplicate(ae: Fields) -> nw.Expr:
    named = ae.filled("subject") & (ae.filled("term") | ae.filled("preferred_term"))
    loose = ae.option("duplicate_key") == "term and start"
    key = LOOSE if loose else (*KEY, *SCALES[ae.first_collected(SCALE)])
    return ~(repeated(ae, key) & named)


NEAR = (
    "subject", "term", "preferred_term", "modified_term", "category", "laterality", *START,
)  # fmt: skip


@rule(
    "AE-XRC-03", NOTE, "No event stands twice with different ends",
    needs=("subject", "term|preferred_term", "start", "end"), asks=("strict duplicates",),
    shows=("term", "preferred_term", "start", "end", "grade"),
    grouped=lambda study: (*NEAR, *_scale(study)),
    says="{count} rows have the same participant, term, start and grade, and different ends",
    fix="delete the copies, or correct what differs",
    why="one of the rows may be a correction of the other", sources=("SD1201",),
    good=[an_event(), an_event(also=[{}]), an_event(also=[{"end": "", "grade": "3"}]),
          an_event(also=[{"start": "2024-03-05", "end": ""}]),
          an_event(also=[{"end": "", "subject": "S2"}]), an_event(subject="", also=[{"end": ""}]),
          an_event(category="A", also=[{"category": "B", "end": ""}]),
          an_event(start="", end="", also=[{"end": "2024-03-07"}]),
          an_event(also=[{"end": "late May"}]), an_event(end="", also=[{"end": "late May"}]),
          an_event(grade="2-3", also=[{"grade": "1->2", "end": ""}])],
    bad=[an_event(also=[{"end": ""}]), an_event(also=[{"end": "2024-03-07"}]),
         an_event(also=[{}, {"end": "2024-03"}]),
         an_event(end="late May", also=[{"end": "2024-03-08"}, {"end": "2024-03-09"}])],
)  # fmt: skip
def no_near_duplicate(ae: Fields) -> nw.Expr:
    unread = ae.present("end_unreadable")  # of which nobody knows that it is another end
    near = ae.present(*NEAR, *SCALES[ae.first_collected(SCALE)], *unread)
    same = nw.len().over(*near, *ae.present(*ENDS)) == nw.len().over(*near)
    named = ae.filled("subject") & (ae.filled("term") | ae.filled("preferred_term"))
    known = (
        named
        & ae.filled("start")
        & nw.all_horizontal(nw.lit(True), *(~nw.col(mark) for mark in unread), ignore_nulls=True)
    )
    return or_if_blank(same, True) | ~known


def _touching(row: Row) -> str:
    """How many rows touch, and their grades in the order of time."""
    rows = sorted(row["rows"], key=lambda r: (r["start_earliest"] or datetime.max, r["grade"]))
    course = " > ".join(str(r["grade"]) for r in rows)
    how = "bear one episode number" if row["linked"] else "follow each other or overlap"
    told = f"{row['count']} rows of {row['coded_term']} {how}"
    return f"{told}, with grades {course}" if len({r["grade"] for r in rows}) > 1 else told


def _one_event(row: Row) -> str:
    if row["split"]:
        return (
            'if they are one event, write episodes = "joined" in study.toml: it counts once, at '
            "its worst grade"
        )
    return "if they are one event, enter it once, or give its rows one episode number"


@rule(
    "AE-XRC-07", NOTE, "An event is not split into rows by its grade",
    needs=("subject", "term|preferred_term", "grade", "start|episode"),
    shows=("term", "preferred_term", "grade", "start", "end"), grouped=("touching",),
    says=_touching,
    fix=_one_event,
    why="the number of events is too large; participants by worst grade are not affected",
    sources=("practice",),
    good=[an_event(), an_event(also=[{"start": "2024-03-08", "end": "2024-03-09", "grade": "3"}]),
          an_event(episode="7", also=[{"start": "2024-05-01", "end": "", "grade": "1"}]),
          an_event(also=[{"start": "2024-03-07", "term": "Vomiting", "grade": "3"}]),
          an_event(also=[{"start": "2024-03-07", "subject": "S2", "grade": "3"}]),
          an_event(also=[{"start": "2024-03", "end": "", "grade": "3"}]),
          an_event(also=[{"start": "2024-03-07", "end": "", "grade": ""}]),
          an_event(also=[{}]),
          an_event(also=[{"start": "2024-03-06", "grade": "3"}], study={"episodes": "joined"})],
    bad=[an_event(also=[{"start": "2024-03-05", "end": "2024-03-12"}]),
         an_event(also=[{"start": "2024-03-07", "end": "", "grade": "3"}]),
         an_event(also=[{"start": "2024-03-05", "end": "2024-03-12"}],
                  study={"episodes": "joined"}),
         an_event(preferred_term="Nausea", also=[{"term": "Sick at night", "grade": "1"}],
                  study={"episodes": "joined"})],
)  # fmt: skip
def not_split(ae: Fields) -> nw.Expr:
    known = ae.split & ae.linked  # AE-CTC-09
    return ~ae.overlaps | ae.split if ae.joins_episodes() else ~(ae.split | ae.overlaps) | known


@rule(
    "AE-CTC-09", NOTE, "An event with several grades is counted once, at the highest",
    needs=("subject", "term|preferred_term", "grade", "episode"),
    shows=("term", "preferred_term", "grade", "episode"), grouped=("touching",),
    says=_touching,
    fix='write episodes = "joined" in study.toml: the event counts once, at its worst grade',
    why="the number of events is too large; participants by worst grade are not affected",
    sources=("CTCAE",),
    good=[an_event(), an_event(episode="7"),
          an_event(episode="7", also=[{"episode": "8", "start": "2024-05-01", "grade": "1"}]),
          an_event(episode="7", also=[{"start": "2024-05-01", "grade": "1"}],
                   study={"episodes": "joined"}),
          an_event(episode="", also=[{"start": "2024-03-07", "end": "", "grade": "3"}])],
    bad=[an_event(episode="7", also=[{"start": "2024-05-01", "end": "", "grade": "1"}])],
)  # fmt: skip
def episode_is_counted_once(ae: Fields) -> nw.Expr:
    return ~(ae.split & ae.linked) | nw.lit(ae.joins_episodes())


def repeated(ae: Fields, key: Collection[str]) -> nw.Expr:
    """Whether another row has the same in these columns, of those that there are."""
    return or_if_blank(nw.len().over(*ae.present(*key)) > 1, False)
