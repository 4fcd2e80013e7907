"""Deaths in the log against those in the disposition: records, causes and dates."""

from __future__ import annotations

import narwhals as nw

from ae_cli.rules.examples import DIED, a_death, an_event, one, who_died
from ae_cli.rules.records import day
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Example, Fields, or_if_blank, rule, when

TEXT = "disposition.reason|disposition.term"
FORM = "disposition.subcategory|disposition.form"
DEATH = "outcome|grade|sae_death|death_date"
DISEASE = {"term": "DEATH DUE TO PROGRESSIVE DISEASE"}
LEFT = one("disposition", term="WITHDRAWAL BY SUBJECT", reason="WITHDRAWAL BY SUBJECT")


def _death(**changes: str) -> Example:
    """A fatal event, and the death in the disposition."""
    return a_death(beside={"disposition": [DIED | changes]})


def _ended(**changes: str) -> Example:
    """An event that is not fatal, and a record of disposition."""
    return an_event(beside={"disposition": [DIED | changes]})


@rule(
    "AE-XDS-10", WARNING, "Who died of an event left the study by the disposition",
    needs=("subject", DEATH, "disposition.subject", f"{TEXT}|{FORM}"), grouped=("subject",),
    shows=("outcome", "grade", "sae_death", "death_date"),
    says="the log says that participant {subject} died, and the disposition has no end of the "
    "participation before completion",
    fix="please confirm the death, and enter the end of the participation",
    why="the participant counts as still in the study, or as completed",
    sources=("sdtmchecks check_ae_death_ds_discon", "sdtmchecks check_ds_dsdecod_death"),
    good=[_death(), _ended(), a_death(beside={"disposition": [LEFT]}),
          a_death(subject="", beside={"disposition": [DIED]}),
          a_death(beside={"disposition": [one("disposition"), DIED]}),
          an_event(outcome="", beside={"disposition": [one("disposition")]}),
          _death(category="", subcategory="", term="Death", reason="")],
    bad=[a_death(beside={"disposition": [one("disposition")]}),
         a_death(beside={"disposition": [DIED | {"subject": "S2"}]}),
         a_death(outcome="", grade="", sae_death="", beside={"disposition": [one("disposition")]}),
         a_death(beside={"disposition": [one("disposition", reason="", term="", subcategory="")]}),
         a_death(beside={"disposition": [LEFT | {"subcategory": "STUDY TREATMENT"}]})],
)  # fmt: skip
def death_ends_participation(ae: Fields) -> nw.Expr:
    left = ae.told("ds_left_study") | ~ae.filled("subject")
    return ~(ae.fatal | ae.filled("death_date")) | left


@rule(
    "AE-XDS-11", WARNING, "A date of death in the log is a death by the disposition",
    needs=("subject", "death_date", TEXT), grouped=("subject",), shows=("death_date", "term"),
    says=lambda row: "the log gives a date of death, but the disposition says "
    + ("that the participant died of the disease" if row["ds_death"]
       else "that the participant left the study alive"),
    fix="please confirm the death and its cause", why="the cause of the death depends on it",
    sources=("sdtmchecks check_dd_death_date",),
    good=[_death(), _ended(), _death(term="DEATH"), _death(term="", reason="Death"),
          a_death(beside={"disposition": [one("disposition")]}),
          a_death(death_date="", beside={"disposition": [LEFT]}),
          a_death(beside={"disposition": [LEFT, DIED]}),
          an_event(beside={"disposition": [LEFT]})],
    bad=[_death(**DISEASE), a_death(beside={"disposition": [LEFT]}),
         a_death(death_date="2024-03", beside={"disposition": [LEFT]})],
)  # fmt: skip
def death_date_is_a_death(ae: Fields) -> nw.Expr:
    """Where the disposition has no end of the participation at all, AE-XDS-10 asks."""
    alive = ae.told("ds_left_study") & ~ae.told("ds_death")
    return ~(ae.filled("death_date") & (alive | ae.told("ds_death_disease")))


@rule(
    "AE-XDS-12", WARNING, "A death due to an adverse event is in the log",
    kind="disposition", needs=("disposition.subject", TEXT, DEATH), grouped=("subject",),
    shows=("subject", "reason", "term"),
    says="the disposition says that participant {subject} died of an adverse event, and no event "
    "of the log is fatal",
    fix="enter the fatal event with the date of death, or correct the cause",
    why="the event that killed is missing from the table, or not known as fatal",
    sources=("sdtmchecks check_ae_aedthdtc_ds_death",),
    good=[_death(), _ended(**DISEASE), _ended(reason="ADVERSE EVENT", term="ADVERSE EVENT"),
          _ended(reason="DEATH", term="DEATH NOT DUE TO ADVERSE EVENT"),
          a_death(outcome="", grade="", sae_death="", beside={"disposition": [DIED]}),
          a_death(death_date="", beside={"disposition": [DIED]}), _ended(subject=""),
          _ended(term="DEATH", reason="")],
    bad=[_ended(), _ended(subject="S2"), a_death(also=[{"subject": "S3"}],
         beside={"disposition": [DIED | {"subject": "S2"}]})],
)  # fmt: skip
def death_by_event_is_in_log(ds: Fields) -> nw.Expr:
    known = ds.told("ae_died") | ds.told("ae_death_dated") | ~ds.filled("subject")
    return ~(ds.death & ds.adverse) | known


@rule(
    "AE-XDS-21", WARNING, "A date of death in the log is complete",
    needs=("death_date",),
    says=lambda row: f"the date of death is partial: {day(row, 'death_date')}",
    fix="enter the day, if it can be known",
    sources=("sdtmchecks check_ae_ds_partial_death_dates",),
    why="whether the death lies in the window, and survival, cannot be told",
    good=[an_event(), a_death(), a_death(death_date="2024-03-09T10:15"), a_death(death_date="")],
    bad=[a_death(death_date="2024-03"), a_death(death_date="2024"),
         an_event(death_date="2024-02")],
)  # fmt: skip
def death_date_is_complete(ae: Fields) -> nw.Expr:
    return ~ae.partial("death_date")


@rule(
    "AE-XDS-52", WARNING, "A date of death in the disposition is complete",
    kind="disposition", needs=("disposition.start", TEXT), shows=("subject", "reason", "start"),
    says=lambda row: f"the date of death is partial: {day(row, 'start')}",
    fix="enter the day, if it can be known",
    sources=("sdtmchecks check_ae_ds_partial_death_dates",),
    why="whether the death lies in the window, and survival, cannot be told",
    good=[_ended(), _ended(start=""), _ended(reason="COMPLETED", term="", start="2024-03")],
    bad=[_ended(start="2024-03"), _ended(start="2024")],
)  # fmt: skip
def disposition_date_is_complete(ds: Fields) -> nw.Expr:
    return ~(ds.death & ds.partial("start"))


@rule(
    "AE-XDS-51", ERROR, "The disposition has the participant file's date of death",
    kind="disposition", needs=("disposition.start", TEXT, "participant.death_date"),
    shows=("subject", "reason", "start"),
    says=lambda row: f"the date of death is {day(row, 'start')} by the disposition and "
    f"{day(row, 'participant_death_date')} by the participant file",
    fix="please confirm the date of death", why="survival depends on it",
    sources=("SD1317", "CG0069"),
    good=[an_event(participants=[who_died()], beside={"disposition": [DIED]}),
          an_event(participants=[who_died()], beside={"disposition": [one("disposition")]}),
          an_event(participants=[who_died()], beside={"disposition": [DIED | {"start": ""}]}),
          an_event(participants=[who_died(death_date="2024-03")], beside={"disposition": [DIED]}),
          an_event(participants=[who_died()], beside={"disposition": [DIED | {"subject": "S2"}]})],
    bad=[an_event(participants=[who_died(death_date=date)], beside={"disposition": [DIED]})
         for date in ("2024-03-10", "2024-03-08")],
)  # fmt: skip
def death_date_of_file(ds: Fields) -> nw.Expr:
    return ~(ds.death & ds.certainly_differ("start", "participant_death_date"))


def _said_dead(*dates: str) -> Example:
    """Records of one participant's death with these dates."""
    return an_event(beside={"disposition": [DIED | {"start": date} for date in dates]})


@rule(
    "AE-XDS-53", ERROR, "The disposition has one date of death",
    kind="disposition", needs=("disposition.subject", "disposition.start", TEXT),
    grouped=("subject",), shows=("subject", "reason", "start"),
    says=lambda row: f"the disposition has another date of death of participant {row['subject']} "
    f"beside {day(row, 'start')}",
    fix="please confirm the date of death", why="survival depends on it",
    sources=("sdtmchecks check_ds_multdeath_dsstdtc",),
    good=[_said_dead("2024-03-09"), _said_dead("2024-03-09", "2024-03-09"),
          _said_dead("2024-03", "2024-03-09"), _said_dead("2024-03-09", ""),
          an_event(beside={"disposition": [DIED, DIED | {"subject": "S2", "start": "2024-04"}]}),
          an_event(beside={"disposition": [DIED, one("disposition", start="2024-04")]})],
    bad=[_said_dead("2024-03-09", "2024-03-10"), _said_dead("2024-03", "2024-04-01"),
         _said_dead("2024-03-09", "", "2024-03-08")],
)  # fmt: skip
def one_date_of_death(ds: Fields) -> nw.Expr:
    return ~(ds.death & ds.told("ds_deaths_differ"))


@rule(
    "AE-XDS-30", NOTE, "A death states its cause",
    kind="disposition", needs=("disposition.term", "disposition.reason"),
    shows=("subject", "term", "reason"),
    says="the cause of death is missing: {term}", fix="enter what the participant died of",
    why="whether an adverse event killed cannot be told",
    sources=("sdtmchecks check_ds_dsterm_death_due_to",),
    good=[_ended(), _ended(term="DEATH DUE TO UNKNOWN"), _ended(term=""), _ended(term="DEATH")],
    bad=[_ended(term="DEATH DUE TO"), _ended(term="Death due to:"), _ended(term="DEATH DUE TO  ")],
)  # fmt: skip
def death_states_cause(ds: Fields) -> nw.Expr:
    return when(ds.term.str.contains(r"(?i)\bdue to\W*$"), or_if_blank(~ds.death, False))
