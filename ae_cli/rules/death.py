"""Death: outcome, grade 5, criterion and date say the same."""

from __future__ import annotations

import narwhals as nw

from ae_cli.rules.examples import DIED, a_death, a_person, an_event, one, who_died
from ae_cli.rules.rule import ERROR, WARNING, Fields, Row, or_if_blank, rule, when
from ae_cli.vocabulary import Outcome

FATAL = str(Outcome.FATAL)
DATE = "death_date|participant.death_date|disposition.start|status.date"
DIED_THEN = {"disposition": [DIED]}


@rule(
    "AE-XFD-03", ERROR, "A fatal outcome carries the criterion death",
    needs=("outcome", "sae_death"),
    says="the outcome is fatal, but 'results in death' is not yes",
    fix="please confirm the outcome and the criterion",
    why="deaths are counted by more than one column; where they differ a death is lost",
    sources=("SD0090", "sdtmchecks check_ae_fatal"),
    good=[an_event(), a_death(), an_event(outcome="")],
    bad=[a_death(sae_death="N", sae_other="Y"), a_death(sae_death="", sae_other="Y")],
)  # fmt: skip
def fatal_outcome_results_in_death(ae: Fields) -> nw.Expr:
    return when(ae.outcome == FATAL, or_if_blank(ae.sae_death, False))


@rule(
    "AE-XFD-04", ERROR, "The criterion death carries a fatal outcome",
    needs=("sae_death", "outcome"),
    says="the event results in death, but the outcome is {outcome}",
    fix="please confirm the criterion and the outcome",
    why="deaths are counted by more than one column; where they differ a death is lost",
    sources=("SD0091",),
    good=[an_event(), a_death(), an_event(sae_death="")],
    bad=[a_death(outcome="UNKNOWN"), a_death(outcome="")],
)  # fmt: skip
def results_in_death_is_fatal(ae: Fields) -> nw.Expr:
    return when(ae.sae_death, or_if_blank(ae.outcome == FATAL, False))


def _missing_for_grade_5(row: Row) -> str:
    lacks = []
    if "outcome" in row and row["outcome"] != FATAL:
        lacks.append(f"the outcome is {row['outcome'] or 'blank'}")
    if "sae_death" in row and not row["sae_death"]:
        lacks.append("'results in death' is not yes")
    if not lacks:
        lacks.append("there is no date of death")
    return "grade 5 is death, but " + " and ".join(lacks)


@rule(
    "AE-XFD-05", ERROR, "Grade 5 means death: a fatal outcome, the criterion, a date",
    needs=("grade", "outcome|sae_death|" + DATE),
    shows=("grade", "outcome", "sae_death", "death_date"),
    says=_missing_for_grade_5, fix="please confirm the grade and the outcome",
    why="grade 5 is counted as a death",
    sources=("CTCAE", "sdtmchecks check_ae_death"),
    good=[an_event(), a_death(), an_event(grade=""), a_death(without=("death_date",)),
          a_death(death_date="", participants=[who_died()]),
          a_death(death_date="", beside=DIED_THEN),
          a_death(death_date="", beside={"status": [one("status", status="DEAD")]})],
    bad=[a_death(outcome="UNKNOWN"), a_death(sae_death="N", sae_other="Y"), a_death(death_date=""),
         a_death(outcome=""), a_death(death_date="", participants=[a_person()])],
)  # fmt: skip
def grade_5_is_death(ae: Fields) -> nw.Expr:
    claims = []
    if ae.has("outcome"):
        claims.append(or_if_blank(ae.outcome == FATAL, False))
    if ae.has("sae_death"):
        claims.append(or_if_blank(ae.sae_death, False))
    if ae.has(DATE):
        claims.append(ae.filled("death_date") | ae.death_dated())
    return when(ae.grade == 5, nw.all_horizontal(*claims, ignore_nulls=False))


def _fatal_but(row: Row) -> str:
    if row.get("ctc_5") is False:
        return f"the outcome is fatal, but CTCAE has no grade 5 for {row['ctc_term']}"
    return f"the outcome is fatal, but the grade is {row['grade']}: CTCAE grade 5 is death"


@rule(
    "AE-XFD-06", ERROR, "A fatal outcome is grade 5",
    needs=("outcome", "grade"),
    says=_fatal_but, fix="please confirm outcome, term and grade",
    why="a death that is graded lower is missing from the grade 5 rows",
    sources=("CTCAE", "sdtmchecks check_ae_fatal"),
    good=[a_death(), an_event(grade="3"), an_event(grade=""), a_death(grade=""),
          a_death(term="Death neonatal", grade="4")],
    bad=[a_death(grade="4"), a_death(term="Alopecia", grade="2")],
)  # fmt: skip
def fatal_outcome_is_grade_5(ae: Fields) -> nw.Expr:
    exempt = or_if_blank(ae.ctc_term == "Death neonatal", False)
    return when(ae.outcome == FATAL, exempt | or_if_blank(ae.grade == 5, True))


@rule(
    "AE-XFD-07", ERROR, "Grade 5 is serious",
    needs=("grade", "serious"),
    says="grade 5 is death, but the event is not serious",
    fix="please confirm the grade, or answer serious = yes",
    why="a death is missing from the serious adverse events",
    sources=("CTCAE", "ICH E2A"),
    good=[an_event(), a_death(), a_death(serious=""), an_event(grade="")],
    bad=[a_death(serious="N", sae_death="N")],
)  # fmt: skip
def grade_5_is_serious(ae: Fields) -> nw.Expr:
    return when(ae.grade == 5, or_if_blank(ae.serious, True))


@rule(
    "AE-XFD-08", ERROR, "An event that results in death has a date of death",
    needs=("sae_death", DATE), shows=("sae_death", "death_date"),
    says="the event results in death, but no date of death is given",
    fix="enter the date of death, in the log or in the participant file",
    why="without the date nobody can tell whether the death lies in the window",
    sources=("sdtmchecks check_ae_aesdth_aedthdtc",),
    good=[an_event(), a_death(), an_event(sae_death=""),
          a_death(death_date="", participants=[who_died()]),
          a_death(death_date="", beside=DIED_THEN),
          a_death(death_date="", beside={"disposition": [DIED, DIED | {"start": "2024-04"}]})],
    bad=[a_death(death_date=""), a_death(death_date="", participants=[a_person()]),
         a_death(death_date="", beside={"disposition": [DIED | {"start": ""}]})],
)  # fmt: skip
def death_has_a_date(ae: Fields) -> nw.Expr:
    return when(ae.sae_death, ae.filled("death_date") | ae.death_dated())


@rule(
    "AE-XFD-10", ERROR, "A date of death and a fatal outcome come together",
    needs=("outcome", DATE), shows=("outcome", "death_date"),
    says=lambda row: "the outcome is fatal, but no date of death is given"
    if row["outcome"] == FATAL
    else f"a date of death is given, but the outcome is {row['outcome'] or 'blank'}",
    fix="please confirm the outcome and the date of death",
    why="one of the two is missing or wrong, and with it a death in one of the counts",
    sources=("sdtmchecks check_ae_aeout",),
    good=[an_event(), a_death(), a_death(death_date="", participants=[who_died()]),
          a_death(death_date="", beside=DIED_THEN), an_event(participants=[who_died()]),
          an_event(outcome="")],
    bad=[an_event(death_date="2024-03-09"), a_death(death_date=""),
         an_event(outcome="", death_date="2024-03-09"),
         a_death(death_date="", participants=[a_person()])],
)  # fmt: skip
def death_date_and_fatal_outcome(ae: Fields) -> nw.Expr:
    fatal = or_if_blank(ae.outcome == FATAL, False)
    here, anywhere = ae.filled("death_date"), ae.death_dated()
    return when(fatal, here | anywhere) & when(here, fatal)


@rule(
    "AE-XRC-08", WARNING, "A participant has one fatal event",
    needs=("subject", "outcome"), grouped=("subject",),
    says="{count} fatal events in one participant",
    fix="keep the event that caused the death as fatal, or join the rows",
    why="fatal events would exceed deaths", sources=("practice",),
    good=[an_event(), a_death(), a_death(also=[{"outcome": "RECOVERED/RESOLVED"}]),
          a_death(also=[{"outcome": ""}]), a_death(also=[{"subject": "S2"}]),
          a_death(subject="", also=[{}])],
    bad=[a_death(also=[{"term": "Hepatic failure"}])],
)  # fmt: skip
def one_fatal_event(ae: Fields) -> nw.Expr:
    fatal = or_if_blank(ae.outcome == FATAL, False)
    several = fatal.cast(nw.Int64).sum().over("subject") > 1
    return ~(fatal & or_if_blank(several, False) & ae.filled("subject"))


@rule(
    "AE-XRC-10", ERROR, "A participant has one date of death",
    needs=("subject", "death_date"), grouped=("subject",),
    says="the participant has several dates of death", fix="please confirm the date of death",
    why="survival and every check against the date of death depend on it",
    sources=("sdtmchecks check_ds_multdeath_dsstdtc",),
    good=[an_event(), a_death(), a_death(also=[{}]), a_death(also=[{"death_date": ""}]),
          a_death(also=[{"death_date": "2024-03"}]),
          a_death(also=[{"subject": "S2", "death_date": "2024-04-01"}]),
          a_death(subject="", also=[{"death_date": "2024-04-01"}])],
    bad=[a_death(also=[{"death_date": "2024-03-10"}])],
)  # fmt: skip
def one_death_date(ae: Fields) -> nw.Expr:
    first = nw.col("death_date_latest").min().over("subject")
    last = nw.col("death_date_earliest").max().over("subject")
    differ = or_if_blank(first < last, False) & ae.filled("subject")
    return ~(differ & ae.filled("death_date"))
