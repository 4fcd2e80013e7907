"""Dates: order, end and outcome, death, cut-off. A partial date is a span and never imputed."""

from __future__ import annotations

import narwhals as nw

from ae_cli.rules.date_of_death import after_death, on_death
from ae_cli.rules.examples import DIED, a_death, a_person, an_event, who_died
from ae_cli.rules.rule import ERROR, WARNING, Fields, or_if_blank, rule, when
from ae_cli.vocabulary import Outcome

NOT_RECOVERED = str(Outcome.NOT_RECOVERED)
AT_DEATH = {"term": "Nausea", "grade": "1", "outcome": NOT_RECOVERED, "sae_death": "N",
            "death_date": "", "end": "2024-03-09"}  # fmt: skip
LATER = AT_DEATH | {"outcome": "UNKNOWN", "start": "2024-03-20", "end": ""}
NO_DURATION = {"rules": {"options": {"duration_closes": False}}}


@rule(
    "AE-XFD-12", WARNING, "An event that is not recovered has no end date",
    needs=("outcome", "end"),
    says="not recovered, but the event has an end date",
    fix="please confirm the outcome and the end date",
    why="an event that ended is recovered, fatal, or left sequelae",
    sources=("FB3409", "CORE-000657"),
    good=[an_event(), an_event(outcome="NOT RECOVERED/NOT RESOLVED", end=""),
          an_event(outcome=""),
          an_event(outcome="NOT RECOVERED/NOT RESOLVED", end="2024-03-09",
                   participants=[who_died()]),
          an_event(outcome=NOT_RECOVERED, end="2024-03-09",
                   participants=[who_died(death_date="2024-03")]),
          an_event(outcome=NOT_RECOVERED, end="2024-03-09T10:00", participants=[who_died()]),
          an_event(outcome=NOT_RECOVERED, end="2024-03-09T10:00",
                   participants=[who_died(death_date="2024-03-09T09:30")]),
          an_event(outcome=NOT_RECOVERED, end="2024-03-09", beside={"disposition": [DIED]}),
          a_death(also=[AT_DEATH]),
          a_death(also=[AT_DEATH], participants=[who_died(death_date="2024-03-10")]),
          a_death(also=[AT_DEATH], participants=[who_died(death_date="2024")])],
    bad=[an_event(outcome="NOT RECOVERED/NOT RESOLVED", end="2024-03-09"),
         a_death(also=[AT_DEATH | {"subject": "S2"}]),
         a_death(also=[AT_DEATH | {"end": "2024-02"}]),
         a_death(subject="", also=[AT_DEATH]),
         a_death(also=[AT_DEATH | {"end": "2024-03-08"}],
                 participants=[who_died(death_date="2024-03")]),
         an_event(outcome=NOT_RECOVERED, end="2024-03-10T00:30", participants=[who_died()]),
         an_event(outcome="NOT RECOVERED/NOT RESOLVED", end="2024-03-08",
                  participants=[who_died()])],
)  # fmt: skip
def not_recovered_has_no_end(ae: Fields) -> nw.Expr:
    closed = ae.filled("end") & ~on_death(ae, "end")
    return when(ae.outcome == str(Outcome.NOT_RECOVERED), ~closed)


@rule(
    "AE-XFD-13", WARNING, "A recovered event has an end date",
    needs=("outcome", "end"), shows=("outcome", "end", "duration"),
    says=lambda row: "recovered, but no end date is given"
    if not row["in_study"].config.rules.options.duration_closes
    else "recovered, but neither end date nor duration is given", fix="enter the end date",
    why="without it neither the duration nor the grade at a given time can be told",
    sources=("FB3410", "CORE-000659", "SD1333"),
    good=[an_event(), an_event(outcome="RECOVERING/RESOLVING", end=""),
          an_event(outcome="", end=""),
          an_event(end="2024-03"), an_event(end="", duration="P2D")],
    bad=[an_event(end=""), an_event(end="", duration=""),
         an_event(end="", duration="P2D", study=NO_DURATION)],
)  # fmt: skip
def recovered_has_an_end(ae: Fields) -> nw.Expr:
    closed = ae.filled("end")
    if ae.option("duration_closes"):
        closed = closed | ae.filled("duration")
    return when(ae.outcome == str(Outcome.RECOVERED), closed)


@rule(
    "AE-XFD-16", ERROR, "The event does not end before it starts",
    needs=("start", "end"),
    says="the event ends before it starts", fix="please confirm both dates",
    why="one of the dates is wrong; compared as far as both are known",
    sources=("SD0013", "FB3209", "CORE-000718"),
    good=[an_event(), an_event(end="2024-03"), an_event(end=""), an_event(start=""),
          an_event(start="2024-03-04", end="2024-03-04"),
          an_event(start="2024-03-04T10:00", end="2024-03-04")],
    bad=[an_event(end="2024-03-03"), an_event(end="2024-02"), an_event(end="2023"),
         an_event(start="2024-03-04T10:00", end="2024-03-04T09:00")],
)  # fmt: skip
def ends_after_start(ae: Fields) -> nw.Expr:
    return ~ae.certainly_after("start", "end")


@rule(
    "AE-XFD-36", WARNING, "An ongoing event has no end and is not recovered",
    needs=("ongoing", "end|outcome"), asks=("ongoing at all",),
    shows=("ongoing", "end", "outcome"),
    says="ongoing, but the event has an end date, is recovered or fatal",
    fix="please confirm which is true",
    why="an event cannot be over and go on", sources=("CDASH AE",),
    good=[an_event(), an_event(ongoing="N"),
          an_event(ongoing="Y", end="", outcome="NOT RECOVERED/NOT RESOLVED"),
          an_event(ongoing="Y", end="", outcome=""),
          an_event(ongoing="Y", without=("end",), outcome="RECOVERING/RESOLVING")],
    bad=[an_event(ongoing="Y"), an_event(ongoing="Y", outcome="NOT RECOVERED/NOT RESOLVED"),
         an_event(ongoing="Y", end=""), an_event(ongoing="ONGOING", without=("outcome",)),
         an_event(ongoing="Y", end="", outcome="RECOVERED/RESOLVED WITH SEQUELAE"),
         a_death(ongoing="Y", end="")],
)  # fmt: skip
def ongoing_is_open(ae: Fields) -> nw.Expr:
    over = [str(Outcome.RECOVERED), str(Outcome.SEQUELAE), str(Outcome.FATAL)]
    recovered = (
        or_if_blank(nw.col("outcome").is_in(over), False) if ae.has("outcome") else nw.lit(False)
    )
    return when(ae.ongoing, ~ae.filled("end") & ~recovered)


@rule(
    "AE-TIM-09", ERROR, "Death is not before the start of the fatal event",
    needs=("start", "death_date", "outcome|grade|sae_death"), shows=("start", "death_date"),
    says="the fatal event starts after the death", fix="please confirm both dates",
    why="the event cannot have caused a death that came before it",
    sources=("sdtmchecks check_ae_aestdtc_after_dd",),
    good=[an_event(), a_death(), a_death(start="2024-03-09"), a_death(start=""),
          a_death(death_date=""), a_death(start="2024-03")],
    bad=[a_death(start="2024-03-10"), a_death(start="2024-04")],
)  # fmt: skip
def death_after_start(ae: Fields) -> nw.Expr:
    return when(ae.fatal, ~ae.certainly_after("start", "death_date"))


@rule(
    "AE-XDS-15", ERROR, "No event starts after the participant's death",
    needs=("start", "death_date|participant.death_date|disposition.start"),
    shows=("start", "death_date"), says="the event starts after the participant's death",
    fix="please confirm both dates",
    why="one of the dates is wrong, or the participant is another one",
    sources=("sdtmchecks check_ae_aestdtc_after_dd",),
    good=[an_event(), an_event(participants=[who_died()]),
          an_event(start="", participants=[who_died()]),
          an_event(start="2024-03", participants=[who_died()]), a_death(start="2024-03-10"),
          an_event(start="2024-03-09", beside={"disposition": [DIED]}),
          a_death(also=[LATER | {"subject": "S2"}]), a_death(subject="", also=[LATER]),
          an_event(participants=[a_person()])],
    bad=[an_event(start="2024-03-10", end="2024-03-11", participants=[who_died()]),
         an_event(start="2024-03-10", end="2024-03-11", without=("death_date",),
                  beside={"disposition": [DIED]}),
         a_death(also=[LATER]),
         a_death(also=[LATER], participants=[who_died(death_date="2024-03")]),
         an_event(start="2024-04-06", end="", participants=[who_died(death_date="2024")],
                  beside={"disposition": [DIED]}),
         a_death(also=[LATER], beside={"disposition": [DIED | {"start": "2024"}]})],
)  # fmt: skip
def starts_before_death(ae: Fields) -> nw.Expr:
    by_itself = ~death_after_start(ae) if ae.has("death_date") else nw.lit(False)
    return ~after_death(ae, "start") | by_itself  # of which AE-TIM-09 tells


@rule(
    "AE-TIM-10", ERROR, "No event starts after the cut-off",
    needs=("start",), asks=("cut-off",),
    says="the event starts after the cut-off of the study file", fix="please confirm the date",
    why="a date in the future is a typing error; never compared with today",
    sources=("practice",),
    good=[an_event(), an_event(start="2024-12-31", end="2024-12-31"),
          an_event(start="2024-12", end=""),
          an_event(start="")],
    bad=[an_event(start="2025-01-01", end="2025-01-02"), an_event(start="2099-01-01", end="")],
)  # fmt: skip
def starts_before_cut_off(ae: Fields) -> nw.Expr:
    return or_if_blank(nw.col("start_earliest") <= ae.cut_off(), True)
