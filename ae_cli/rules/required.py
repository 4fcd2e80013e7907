"""What every record must have. Placeholder rows ("none") are no events and are not asked."""

from __future__ import annotations

import narwhals as nw

from ae_cli.rules.examples import a_person, an_event
from ae_cli.rules.rule import ERROR, NOTE, Example, Fields, or_if_blank, rule
from ae_cli.study import Study


@rule(
    "AE-REQ-01", ERROR, "Every event identifies its participant",
    needs=("subject",), shows=("subject", "term"),
    says="the participant is blank", fix="enter the participant's identifier",
    why="an event of nobody has no dose group and no denominator: it is in no number of the table",
    sources=("CG0014", "SD0002"),
    good=[an_event(), an_event(subject="001")],
    bad=[an_event(subject=""), an_event(subject="."), an_event(subject="NA")],
)  # fmt: skip
def participant_is_given(ae: Fields) -> nw.Expr:
    return ae.filled("subject")


@rule(
    "AE-REQ-02", ERROR, "Every event has a reported term",
    needs=("term|preferred_term",),
    says="the adverse event is not named", fix="enter the term, or 'none' if there was no event",
    why="an event without a name cannot be coded, graded or judged",
    sources=("CG0014", "SD0002"),
    good=[an_event(), an_event(term="none", grade=""), an_event(term="无", grade="")],
    bad=[an_event(term=""), an_event(term="NA")],
)  # fmt: skip
def event_is_named(ae: Fields) -> nw.Expr:
    return ae.filled("term" if ae.has("term") else "preferred_term")


@rule(
    "AE-REQ-08", ERROR, "Every event has a grade",
    needs=("grade|severity",),
    says="the grade is blank", fix="enter the CTCAE grade, 1 to 5",
    why="the event counts as ungraded, and its participant's worst grade becomes a minimum",
    sources=("sdtmchecks check_ae_aetoxgr",),
    good=[
        an_event(), an_event(term="none", grade=""), an_event(grade="", severity="MILD"),
        an_event(grade="Grade 3"),
    ],
    bad=[
        an_event(grade=""),
        an_event(severity="MILD", also=[{"grade": "", "severity": "MILD", "start": "2024-04-01"}]),
        an_event(severity="", without=("grade",)),
    ],
)  # fmt: skip
def event_is_graded(ae: Fields) -> nw.Expr:
    return ae.filled("grade" if ae.has("grade") else "severity")


@rule(
    "AE-REQ-09", ERROR, "Seriousness is answered for every event",
    needs=("serious",),
    says="it is not said whether the event is serious", fix="answer yes or no (ICH E2A)",
    why="a blank is not a no: the number of serious events becomes a minimum",
    sources=("CG0042", "SD0057"),
    good=[an_event(), an_event(serious="Y", sae_other="Y"),
          an_event(term="none", grade="", serious="")],
    bad=[an_event(serious=""), an_event(serious="unknown")],
)  # fmt: skip
def seriousness_is_answered(ae: Fields) -> nw.Expr:
    return ae.filled("serious")


@rule(
    "AE-XFD-41", ERROR, "A row that says there was no event holds none",
    needs=("term|preferred_term",), shows=("term", "grade", "serious", "outcome"),
    says="the row says there was no event, but it has a grade, is serious or fatal",
    fix="name the event, or clear the rest of the row",
    why="the row is counted as an event, since a serious one would be lost otherwise",
    sources=("practice",),
    good=[an_event(), an_event(term=""),
          an_event(term="none", grade="", serious="", outcome="", start="", end="")],
    bad=[an_event(term="none"), an_event(term="无", grade="", serious="Y", sae_other="Y")],
)  # fmt: skip
def none_is_none(ae: Fields) -> nw.Expr:
    return ~or_if_blank(ae.says_none, False)


@rule(
    "AE-REQ-16", NOTE, "The log has at least one record",
    kind="file",
    says="the log has a header and no event", fix="nothing, if no event happened",
    why="a study without events is valid; an export that lost its rows looks the same",
    sources=("SD0001",),
    good=[an_event(), an_event(term="none")],
    bad=[Example(({"subject": "", "term": "", "grade": ""},), (a_person(),))],
)  # fmt: skip
def log_has_records(study: Study) -> bool:
    return any(source.sheet.cells.height for source in study.log.events.sources)
