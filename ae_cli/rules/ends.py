"""Ends of events: what outcome, end date, start and death say of each other."""

from __future__ import annotations

import narwhals as nw

from ae_cli.rules.date_of_death import on_death
from ae_cli.rules.examples import DIED, a_death, an_event, one, who_died
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Fields, or_if_blank, rule, when
from ae_cli.vocabulary import Outcome

RECOVERING, UNKNOWN = str(Outcome.RECOVERING), str(Outcome.UNKNOWN)
OPEN = [RECOVERING, UNKNOWN]
AT_DEATH = {"term": "Cough", "grade": "1", "outcome": RECOVERING, "sae_death": "N",
            "death_date": "", "end": "2024-03-09"}  # fmt: skip


@rule(
    "AE-XFD-09", ERROR, "A date of death carries the criterion death",
    needs=("death_date", "sae_death"),
    says="a date of death is given, but 'results in death' is not yes",
    fix="please confirm the date and the criterion",
    why="deaths are counted by more than one column; where they differ a death is lost",
    sources=("sdtmchecks check_ae_aedthdtc_aesdth",),
    good=[an_event(), a_death(), a_death(death_date=""), an_event(death_date="", sae_death="")],
    bad=[a_death(sae_death="N", sae_other="Y"), a_death(sae_death="", sae_other="Y"),
         a_death(sae_death="N", sae_other="Y", death_date="2024-03")],
)  # fmt: skip
def death_date_results_in_death(ae: Fields) -> nw.Expr:
    return when(ae.filled("death_date"), or_if_blank(ae.sae_death, False))


@rule(
    "AE-XFD-11", WARNING, "A fatal event ends on the date of death",
    needs=("outcome", "end", "death_date"),
    says="the outcome is fatal, but the event does not end on the date of death",
    fix="enter the date of death as the end of the event, or correct one of the two",
    why="a fatal event that is open, or ends on another day, has a wrong duration",
    sources=("sdtmchecks check_ae_aeout_aeendtc_aedthdtc",),
    good=[an_event(), a_death(), a_death(end="2024-03"), a_death(death_date="2024-03"),
          a_death(death_date=""), an_event(end=""), a_death(end="2024-03-09T10:00"),
          a_death(start="2024-03-10", end="2024-03-10")],
    bad=[a_death(end=""), a_death(end="2024-03-08"), a_death(end="2024-03-10"),
         a_death(end="2024-02"), a_death(end="", without=("start",))],
)  # fmt: skip
def fatal_event_ends_on_death(ae: Fields) -> nw.Expr:
    dated = ~nw.col("death_date_latest").is_null() & ~nw.col("end_latest").is_null()
    same = dated & ~ae.certainly_differ("end", "death_date")
    fatal = or_if_blank(ae.outcome == str(Outcome.FATAL), False)
    fatal = fatal & ~nw.col("death_date_latest").is_null()
    late = ae.certainly_after("start", "death_date")
    return when(fatal & ~late, same)  # of what starts after death TIM-09 tells


@rule(
    "AE-XFD-14", NOTE, "An event that is recovering, or of unknown outcome, has no end date",
    needs=("outcome", "end"),
    says="the outcome is {outcome}, but the event has an end date",
    fix="please confirm the outcome and the end date",
    why="an event that ended is recovered, fatal, or left sequelae",
    sources=("sdtmchecks check_ae_aeout_aeendtc_nonfatal",),
    good=[an_event(), an_event(outcome=RECOVERING, end=""), an_event(outcome=UNKNOWN, end=""),
          an_event(outcome=""),
          an_event(outcome=RECOVERING, end="2024-03-09", participants=[who_died()]),
          an_event(outcome=UNKNOWN, end="2024-03-09T10:00",
                   participants=[who_died(death_date="2024-03")]),
          a_death(also=[AT_DEATH])],
    bad=[an_event(outcome=RECOVERING), an_event(outcome=UNKNOWN),
         a_death(also=[AT_DEATH | {"end": "2024-03-08"}]),
         a_death(also=[AT_DEATH | {"subject": "S2"}]),
         an_event(outcome=UNKNOWN, end="2024-03"),
         an_event(outcome=RECOVERING, end="2024-03-08", participants=[who_died()])],
)  # fmt: skip
def open_outcome_has_no_end(ae: Fields) -> nw.Expr:
    open_ = or_if_blank(nw.col("outcome").is_in(OPEN), False)
    return when(open_, ~ae.filled("end") | on_death(ae, "end"))


@rule(
    "AE-XFD-15", WARNING, "An event that left sequelae has an end date",
    needs=("outcome", "end"), shows=("outcome", "end", "duration"),
    says="recovered with sequelae, but no end date is given", fix="enter the end date",
    why="without it neither the duration nor the grade at a given time can be told",
    sources=("sdtmchecks check_ae_aeout_aeendtc_nonfatal",),
    good=[an_event(), an_event(outcome=str(Outcome.SEQUELAE)), an_event(outcome="", end=""),
          an_event(outcome=str(Outcome.SEQUELAE), end="2024"),
          an_event(outcome=str(Outcome.SEQUELAE), end="", duration="P2D")],
    bad=[an_event(outcome=str(Outcome.SEQUELAE), end=""),
         an_event(outcome=str(Outcome.SEQUELAE), end="", duration="")],
)  # fmt: skip
def sequelae_have_an_end(ae: Fields) -> nw.Expr:
    closed = ae.filled("end")
    if ae.option("duration_closes"):
        closed = closed | ae.filled("duration")
    return when(ae.outcome == str(Outcome.SEQUELAE), closed)


@rule(
    "AE-XFD-17", ERROR, "The study day of the end is not before that of the start",
    needs=("start_day", "end_day"),
    says="the event ends on study day {end_day}, before it starts on day {start_day}",
    fix="please confirm both days", why="one of the days is wrong",
    sources=("SD0012",),
    good=[an_event(start_day="3", end_day="5"), an_event(start_day="3", end_day="3"),
          an_event(start_day="", end_day="1"), an_event(start_day="3", end_day="")],
    bad=[an_event(start_day="5", end_day="3"), an_event(start_day="1", end_day="-1")],
)  # fmt: skip
def end_day_after_start_day(ae: Fields) -> nw.Expr:
    return or_if_blank(ae.end_day >= ae.start_day, True)


@rule(
    "AE-XFD-20", WARNING, "An event that has an end has a start",
    needs=("start", "end"),
    says="an end date is given, but no start",
    fix="enter the start, as far as it is known: 2024-03",
    why="without a start nobody can tell whether the event began after the first dose",
    sources=("SD0031", "FB4301", "CORE-000892"),
    good=[an_event(), an_event(start="2024"), an_event(start="", end=""),
          an_event(start="", start_relation="BEFORE"), an_event(start="", start_relative="BEFORE")],
    bad=[an_event(start=""), an_event(start="", end="2024-03"),
         an_event(start="", start_relation="", start_relative="")],
)  # fmt: skip
def end_needs_start(ae: Fields) -> nw.Expr:
    started = ae.filled("start") | ae.filled("start_relation") | ae.filled("start_relative")
    return when(ae.filled("end"), started)


@rule(
    "AE-XRC-11", NOTE, "The events of a participant who died are closed, or not recovered",
    needs=("subject", "outcome"), shows=("outcome", "end"),
    says="the participant died, but the outcome of this event is {outcome}, with no end date",
    fix="enter the outcome at death: not recovered, or what it was, with its end",
    why="an event cannot go on recovering after death", sources=("practice",),
    good=[an_event(participants=[who_died()]),
          an_event(outcome=RECOVERING, end="2024-03-08", participants=[who_died()]),
          an_event(outcome=str(Outcome.NOT_RECOVERED), end="", participants=[who_died()]),
          an_event(outcome=RECOVERING, end=""), an_event(outcome="", participants=[who_died()]),
          a_death(outcome=UNKNOWN, end="", participants=[who_died()]),
          a_death(also=[{"subject": "S2", "outcome": RECOVERING, "end": "", "death_date": ""}])],
    bad=[an_event(outcome=RECOVERING, end="", participants=[who_died()]),
         an_event(outcome=UNKNOWN, end="", participants=[who_died(died="")]),
         an_event(outcome=UNKNOWN, end="", participants=[who_died(death_date="")]),
         a_death(also=[{"outcome": RECOVERING, "end": "", "death_date": "", "grade": "2",
                        "sae_death": "N"}]),
         a_death(without=("death_date",), also=[{"outcome": UNKNOWN, "end": "", "grade": "2",
                                                 "sae_death": "N"}]),
         an_event(outcome=RECOVERING, end="", beside={"disposition": [DIED]}),
         an_event(outcome=RECOVERING, end="", beside={"status": [one("status", status="DEAD")]})],
)  # fmt: skip
def closed_at_death(ae: Fields) -> nw.Expr:
    dated = nw.col("death_date_latest").max().over("subject") if ae.has("death_date") else None
    stated = ~dated.is_null() if dated is not None else nw.lit(False)
    fatal = nw.col("fatal").max().over("subject")
    here = nw.any_horizontal(stated, fatal, ignore_nulls=True) & ae.filled("subject")
    elsewhere = ae.died_by_file() | ae.told("ds_death") | ae.told("ss_dead")
    dead = elsewhere | or_if_blank(here, False)
    going_on = or_if_blank(nw.col("outcome").is_in(OPEN), False) & ~ae.filled("end")
    return ~(dead & going_on & ~ae.fatal)
