"""Questions about an event that were left blank. Rows of one kind of blank are one finding."""

from __future__ import annotations

import narwhals as nw

from ae_cli.findings import Severity
from ae_cli.rules.examples import a_death, an_event
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Fields, Row, or_if_blank, rule
from ae_cli.study import Study
from ae_cli.vocabulary import Outcome


@rule(
    "AE-REQ-06", WARNING, "An event has its coded term, once coding has been done",
    needs=("preferred_term",), asks=("coding begun",), shows=("term", "preferred_term"),
    says="the event has no preferred term",
    fix="code the event", why="an event that is not coded is in no table by term",
    sources=("sdtmchecks check_ae_aedecod", "CG0014"),
    good=[an_event(), an_event(preferred_term="Nausea", study={"coded_in": "MedDRA"}),
          an_event(preferred_term="", also=[{"preferred_term": ""}]),
          an_event(preferred_term="Nausea", also=[{"preferred_term": "", "term": "none",
                                                   "grade": ""}])],
    bad=[an_event(preferred_term="", study={"coded_in": "MedDRA"},
                  also=[{"preferred_term": "Headache", "term": "Headache"}]),
         an_event(preferred_term=".", study={"coded_in": "MedDRA"},
                  also=[{"preferred_term": "Headache", "term": "Headache"}])],
)  # fmt: skip
def event_is_coded(ae: Fields) -> nw.Expr:
    return ae.filled("preferred_term")


@rule(
    "AE-REQ-07", ERROR, "A scale of severity is collected",
    kind="file",
    says="there is no column of grades or severity", fix="add the CTCAE grade of each event",
    why="without one there is no row by grade, and grade 1-2 cannot be told from grade 3 or more",
    sources=("sdtmchecks check_ae_aetoxgr",),
    good=[an_event(), an_event(severity="MILD", without=("grade",))],
    bad=[an_event(without=("grade",))],
)  # fmt: skip
def scale_is_collected(study: Study) -> bool:
    return study.has("grade|severity")


@rule(
    "AE-REQ-10", WARNING, "The start of an event is given",
    needs=("start|start_relative|start_relation",), shows=("term", "start"),
    says="it is not said when the event started",
    fix="enter the start, as far as it is known: 2024-03", sources=("SD0022",),
    why="without a start nobody can tell whether the event began after the first dose",
    good=[an_event(), an_event(start="2024"), an_event(start="soon"),
          an_event(start="", start_relation="BEFORE", end="", outcome="UNKNOWN")],
    bad=[an_event(start="", end="", outcome="UNKNOWN"),
         an_event(start="", start_relation="", start_relative="", end="", outcome="UNKNOWN")],
)  # fmt: skip
def start_is_given(ae: Fields) -> nw.Expr:
    return ae.filled("start") | ae.filled("start_relation") | ae.filled("start_relative")


@rule(
    "AE-REQ-11", NOTE, "The end of an event is given, or that it goes on",
    needs=("end|ongoing|end_relative|end_relation",), shows=("term", "end"),
    says="it is not said when the event ended, or that it goes on",
    fix="enter the end, or mark the event as ongoing", sources=("SD0021",),
    why="an end that is missing and an event that goes on look the same",
    good=[an_event(), an_event(end="", outcome="NOT RECOVERED/NOT RESOLVED"),
          an_event(end="", ongoing="Y", outcome=""), an_event(end="", outcome="RECOVERED/RESOLVED"),
          an_event(end="", outcome="", end_relative="AFTER"), an_event(end="", outcome="as before"),
          a_death(end="", outcome="UNKNOWN"), a_death(end="", without=("outcome",))],
    bad=[an_event(end="", outcome=""), an_event(end="", without=("outcome",)),
         an_event(end="", outcome="", ongoing=""),
         an_event(end="", outcome="UNKNOWN")],
)  # fmt: skip
def end_is_given(ae: Fields) -> nw.Expr:
    """An outcome says whether an event is over; XFD-13 asks for the date of one that is."""
    fields = ("end", "ongoing", "end_relative", "end_relation", "duration")
    told = nw.any_horizontal(*(ae.filled(f) for f in fields), ignore_nulls=True)
    if not ae.has("outcome"):
        return told | ae.fatal
    unknown = or_if_blank(nw.col("outcome") == str(Outcome.UNKNOWN), False)
    return told | ae.fatal | (ae.filled("outcome") & ~unknown)


def _weight(row: Row) -> Severity:
    return ERROR if any(each.get("serious") for each in row["rows"]) else WARNING


@rule(
    "AE-REQ-12", WARNING, "The relationship to treatment is answered",
    needs=("related",), shows=("term", "related"), graded=_weight,
    says="it is not said whether the event is related to the treatment",
    fix="answer the relationship; of a serious event within its reporting time",
    why="a blank is not a no: the number of related events becomes a minimum",
    sources=("sdtmchecks check_ae_aerel",),
    good=[an_event(), an_event(related="NOT RELATED"), an_event(related="unknown"),
          an_event(term="none", grade="", serious="", related="", outcome="")],
    bad=[an_event(related=""), an_event(related="."),
         an_event(related="", serious="Y", sae_other="Y")],
)  # fmt: skip
def relationship_is_answered(ae: Fields) -> nw.Expr:
    return ae.filled("related")


@rule(
    "AE-REQ-13", NOTE, "The outcome is answered",
    needs=("outcome",), shows=("term", "outcome"), grouped=("study",),
    says="the outcome is blank in {count} rows", fix="enter the outcome",
    why="a fatal outcome that is not entered is a death that is not counted",
    sources=("CDASH AE",),
    good=[an_event(), an_event(outcome="UNKNOWN"),
          an_event(term="none", grade="", serious="", outcome="", end="")],
    bad=[an_event(outcome=""), an_event(outcome="", also=[{}])],
)  # fmt: skip
def outcome_is_answered(ae: Fields) -> nw.Expr:
    """UNKNOWN is an answer: of CDISC's list."""
    return ae.filled("outcome")


@rule(
    "AE-REQ-14", NOTE, "The action taken with the treatment is answered",
    needs=("action",), shows=("term", "action"), grouped=("study",),
    says="the action taken with the treatment is blank in {count} rows",
    fix="enter the action; 'dose not changed' and 'not applicable' are actions too",
    why="events that led to a change of dose cannot be counted", sources=("CDASH AE", "SD0057"),
    good=[an_event(), an_event(action="NOT APPLICABLE"),
          an_event(term="none", grade="", serious="", action="", outcome="")],
    bad=[an_event(action=""), an_event(action="", also=[{}])],
)  # fmt: skip
def action_is_answered(ae: Fields) -> nw.Expr:
    return ae.filled("action")
