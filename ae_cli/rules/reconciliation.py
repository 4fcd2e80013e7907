"""Serious events against the safety database: known to one of the two alone, or told otherwise."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ae_cli.findings import Severity
from ae_cli.rules.deaths import SIGNS_OF_DEATH, fatal_report
from ae_cli.rules.examples import a_death, a_person, an_event, one, who_died
from ae_cli.rules.rule import ERROR, WARNING, Example, Fields, Row, or_if_blank, rule
from ae_cli.study.reconciliation import ONLY_HERE, ONLY_THERE

REPORTS = ("reports.subject", "reports.term|reports.preferred_term")


def _beside(report: dict[str, str], **changes: Any) -> Example:
    """A fatal event, and the safety database with one report."""
    return a_death(beside={"reports": [report]}, **changes)


def _says(row: Row) -> str:
    if row["sae_found"] == ONLY_HERE:
        return "the serious event is not in the safety database"
    case = f" (case {row['sae_case']})" if row["sae_case"] else ""
    return f"the safety database{case}, row {row['sae_beside']}, differs: {row['sae_differs']}"


def _weight(row: Row) -> Severity:
    """A difference that hides a serious event or a death from the table is an error."""
    differs = row["sae_differs"] or ""
    hidden = (
        "serious no here",
        "serious blank here, yes",
        "here, FATAL there",
        "in death no here",
        "in death blank here",
    )
    return ERROR if any(each in differs for each in hidden) else WARNING


@rule(
    "AE-XDS-36", WARNING, "Serious events agree with the safety database",
    needs=("subject", "serious", "term|preferred_term", *REPORTS), says=_says, graded=_weight,
    shows=("term", "start", "end", "outcome", "related", "serious", "death_date"),
    fix="please confirm, and correct the side that is wrong",
    why="regulators get the safety database's numbers and readers the log's: both must be one",
    sources=("SAE reconciliation practice", "ICH E2B"),
    good=[_beside(one("reports")), an_event(beside={"reports": [one("reports", subject="S2")]}),
          _beside(one("reports", term="SEPSIS ")), _beside(one("reports", start="2024-03")),
          _beside(one("reports", term="Septic shock", preferred_term="Sepsis")),
          _beside(one("reports", related="UNLIKELY RELATED")),
          _beside(one("reports"), related="UNLIKELY RELATED"),
          _beside(one("reports"), subject=""),
          an_event(serious="", beside={"reports": [one("reports")]}),
          a_death(beside={"reports": [one("reports", outcome="UNKNOWN"), one("reports")]}),
          a_death(also=[{"term": "Cough", "start": "2024-03-06", "serious": "N"}],
                  beside={"reports": [one("reports")]}),
          a_death(also=[{"grade": "4", "start": "2024-03-01", "end": "2024-03-04",
                         "outcome": "NOT RECOVERED/NOT RESOLVED", "sae_death": "N"}],
                  beside={"reports": [one("reports", start="2024-03-01", end="2024-03-09",
                                          grade="5", sae_death="Y")]}),
          a_death(also=[{"start": "2024-05-06", "end": "2024-05-07"}],
                  beside={"reports": [one("reports"), one("reports", start="2024-05-06")]})],
    bad=[*(_beside(one("reports", **changes)) for changes in (
            {"subject": "S2"}, {"term": "Nausea", "start": ""}, {"term": "Nausea"},
            {"start": "2024-03-05"}, {"start": ""}, {"outcome": "UNKNOWN"}, {"related": "RELATED"},
            {"related": ""}, {"serious": "N"}, {"sae_death": "N"}, {"grade": "4"},
            {"end": "2024-03-10"}, {"death_date": "2024-03-10"})),
         _beside(one("reports"), term=""),
         an_event(beside={"reports": [one("reports", term="Nausea", outcome="RECOVERED/RESOLVED",
                                          related="RELATED")]}),
         a_death(also=[{"seq": "2", "start": "2024-05-06", "end": "2024-05-07"}],
                 beside={"reports": [one("reports")]}),
         a_death(preferred_term="Sepsis", also=[{"term": "Septic shock", "grade": "4"}],
                 beside={"reports": [one("reports")]})],
)  # fmt: skip
def serious_events_agree(ae: Fields) -> nw.Expr:
    alone = or_if_blank(ae.sae_found == ONLY_HERE, False)
    return ~alone & ae.sae_differs.is_null()


def _not_here(row: Row) -> str:
    case = f"case {row['sae_case']}, " if row["sae_case"] else ""
    name = row.get("term") or row.get("preferred_term") or "an event"
    told = f"; the log has a participant {row['sae_near']}" if row["sae_near"] else ""
    return f"{case}{name}: serious in the safety database, and not in the log{told}"


@rule(
    "AE-XDS-54", ERROR, "A serious event of the safety database is in the log",
    kind="reports", needs=("serious", *REPORTS, "term|preferred_term"), says=_not_here,
    shows=("subject", "case", "term", "start", "outcome"),
    fix="enter the event in the log, or correct the participant or the term",
    why="a serious event that only the safety database knows is in no table",
    sources=("SAE reconciliation practice",),
    good=[_beside(one("reports")), _beside(one("reports", subject="")),
          _beside(one("reports", subject="S2", serious="N")),
          _beside(one("reports", term="Septic shock")),
          a_death(beside={"reports": [one("reports", outcome="UNKNOWN"), one("reports")]})],
    bad=[_beside(one("reports", subject="S2")), _beside(one("reports", subject="s-01")),
         _beside(one("reports", term="Nausea", start="")),
         _beside(one("reports", term="Nausea", start="2024-03-05")),
         _beside(one("reports", subject="S2", serious="")),
         a_death(beside={"reports": [one("reports"), one("reports", case="C-2")]}),
         a_death(beside={"reports": [one("reports", start="2024-01-04", end="2024-01-06"),
                                     one("reports")]})],
)  # fmt: skip
def reported_event_is_in_log(report: Fields) -> nw.Expr:
    return ~or_if_blank(report.sae_found == ONLY_THERE, False)


@rule(
    "AE-XDS-55", ERROR, "Who died by the safety database died by the participant file",
    kind="reports", says="the event is fatal in the safety database, but the participant file does "
    "not say that the participant died",
    needs=("subject", "outcome|grade|sae_death|death_date",
           "participant.died|participant.death_date"),
    shows=("case", "term", "outcome", "grade", "sae_death", "death_date"),
    fix="please confirm the death, and enter it in the participant file and the log",
    why="deaths are counted by the participant file and the log, and this one would be missing",
    sources=("SAE reconciliation practice",),
    good=[_beside(one("reports"), participants=[who_died()]),
          _beside(one("reports"), participants=[a_person(death_date="2024-03-09")]),
          _beside(one("reports", outcome="UNKNOWN"), participants=[a_person()]),
          _beside(one("reports", outcome=""), participants=[a_person()]),
          _beside(one("reports", subject="S2"), participants=[a_person()])],
    bad=[_beside(one("reports"), participants=[a_person()]),
         _beside(one("reports"), participants=[a_person(died="")]),
         an_event(beside={"reports": [one("reports", subject="S2", start="")]},
                  participants=[a_person(), a_person(subject="S2")]),
         _beside(one("reports", outcome="", grade="5"), participants=[a_person()]),
         _beside(one("reports", outcome="", sae_death="Y"), participants=[a_person()]),
         _beside(one("reports", outcome="", death_date="2024-03-09"), participants=[a_person()])],
)  # fmt: skip
def reported_death_is_in_file(report: Fields) -> nw.Expr:
    signs = fatal_report(report.present(*SIGNS_OF_DEATH))
    stranger = ~or_if_blank(report.known, False)
    return ~nw.any_horizontal(*signs, ignore_nulls=True) | report.died_by_file() | stranger
