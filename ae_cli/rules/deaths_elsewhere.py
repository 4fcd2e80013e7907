"""Deaths in the log against the participant file, and against statuses and details of deaths."""

from __future__ import annotations

import narwhals as nw

from ae_cli.rules.examples import DIED, a_death, a_person, an_event, one, who_died
from ae_cli.rules.records import day
from ae_cli.rules.rule import ERROR, WARNING, Fields, Row, or_if_blank, rule, when
from ae_cli.vocabulary import Outcome

FATAL = str(Outcome.FATAL)
IN_FILE = "participant.died|participant.death_date"
IN_DISPOSITION = {"disposition": [DIED]}
NOT_SAID = "the participant file does not say that the participant died"


def _fatal(ae: Fields) -> nw.Expr:
    return or_if_blank(ae.outcome == FATAL, False) if ae.has("outcome") else nw.lit(False)


def _alive(ae: Fields) -> nw.Expr:
    """Whether the participant file says in so many words that the participant did not die."""
    said_no = or_if_blank(~nw.col("participant_died"), False)
    return (said_no if ae.has("participant.died") else nw.lit(False)) & ~ae.died_by_file()


def _grade_5_of_the_living(ae: Fields) -> nw.Expr:
    grade_5 = or_if_blank(ae.grade == 5, False) if ae.has("grade") else nw.lit(False)
    return grade_5 & _fatal(ae) & _alive(ae)


@rule(
    "AE-XDS-40", ERROR, "A participant with a fatal event of grade 5 is not alive",
    needs=("grade", "outcome", "participant.died"), shows=("grade", "outcome"),
    says="grade 5 and fatal, but the participant file says that the participant did not die",
    fix="please confirm whether the participant died", sources=("CTCAE",),
    why="the death is counted by the log, and by the participant file it did not happen",
    good=[an_event(participants=[a_person()]), a_death(participants=[who_died()]),
          a_death(participants=[a_person(died="")]), a_death(grade="", participants=[a_person()]),
          a_death(outcome="", participants=[a_person()]),
          a_death(participants=[a_person(death_date="2024-03-09")]),
          a_death(participants=[a_person(subject="S2")])],
    bad=[a_death(participants=[a_person()])],
)  # fmt: skip
def grade_5_is_not_alive(ae: Fields) -> nw.Expr:
    return ~_grade_5_of_the_living(ae)


@rule(
    "AE-XDS-06", ERROR, "Who has an event that results in death died by the participant file",
    needs=("sae_death", IN_FILE), shows=("sae_death", "outcome"),
    says=f"the event results in death, but {NOT_SAID}",
    fix="please confirm the death, and enter it in the participant file",
    why="deaths are counted by the participant file, and this one would be missing",
    sources=("CG0135", "CORE-000253", "FB0604", "SD1255"),
    good=[an_event(participants=[a_person()]), a_death(participants=[who_died()]),
          a_death(sae_death="", participants=[a_person(died="")]),
          a_death(participants=[who_died(died="")]),
          a_death(participants=[a_person()]), a_death(participants=[a_person(subject="S2")])],
    bad=[a_death(participants=[a_person(died="")]),
         a_death(grade="4", participants=[a_person()]),
         a_death(outcome="", participants=[a_person()])],
)  # fmt: skip
def criterion_death_is_in_file(ae: Fields) -> nw.Expr:
    known = ae.died_by_file() | ~ae.known | _grade_5_of_the_living(ae)
    return when(ae.sae_death, known)


@rule(
    "AE-XDS-05", ERROR, "Who has a fatal event died by the participant file",
    needs=("outcome", IN_FILE), shows=("outcome",),
    says=f"the outcome is fatal, but {NOT_SAID}",
    fix="please confirm the death, and enter it in the participant file",
    why="deaths are counted by the participant file, and this one would be missing",
    sources=("CG0134", "CORE-000254", "FB0603", "SD1254"),
    good=[an_event(participants=[a_person()]), a_death(participants=[who_died()]),
          a_death(participants=[a_person(died="")]), a_death(participants=[a_person()]),
          a_death(outcome="", sae_death="", participants=[a_person(died="")]),
          a_death(sae_death="", participants=[who_died(died="")]),
          a_death(sae_death="", participants=[a_person(subject="S2")])],
    bad=[a_death(sae_death="", participants=[a_person(died="")]),
         a_death(sae_death="N", grade="4", participants=[a_person()]),
         a_death(without=("sae_death",), participants=[a_person(died="")])],
)  # fmt: skip
def fatal_outcome_is_in_file(ae: Fields) -> nw.Expr:
    """Where the criterion death says so too, AE-XDS-06 asks."""
    known = ae.died_by_file() | ~ae.known | _grade_5_of_the_living(ae) | ae.yes("sae_death")
    return ~_fatal(ae) | known


@rule(
    "AE-XDS-08", WARNING, "A fatal event ends on the date of death of the participant file",
    needs=("outcome", "end", "participant.death_date"), shows=("outcome", "end"),
    says=lambda row: f"the fatal event ends on {day(row, 'end')}, but by the participant file the "
    f"participant died on {day(row, 'participant_death_date')}",
    fix="please confirm both dates", why="a fatal event lasts until death",
    sources=("FB0612", "CORE-000841"),
    good=[a_death(death_date="", participants=[who_died()]),
          a_death(death_date="", end="", participants=[who_died()]),
          a_death(death_date="", end="2024-03", participants=[who_died()]),
          a_death(death_date="", end="2024-03-08", participants=[who_died(death_date="2024-03")]),
          a_death(death_date="", end="2024-03-08", participants=[who_died(death_date="")]),
          a_death(death_date="", outcome="", end="2024-03-08", participants=[who_died()]),
          a_death(end="2024-03-08", participants=[who_died()]),
          an_event(participants=[who_died()])],
    bad=[a_death(death_date="", end="2024-03-08", participants=[who_died()]),
         a_death(death_date="", end="2024-03-10", participants=[who_died()]),
         a_death(death_date="", end="2024-02", participants=[who_died()])],
)  # fmt: skip
def fatal_event_ends_on_file_date(ae: Fields) -> nw.Expr:
    """A date of death of the event itself is compared by AE-XFD-11 and AE-XDS-09."""
    other = ae.certainly_differ("end", "participant_death_date") & ~ae.filled("death_date")
    return ~(_fatal(ae) & other)


def _elsewhere(row: Row) -> list[str]:
    """The dates of death that are not that of the row."""
    named = {"participant_death_date": "the participant file", "ds_death": "disposition"}
    dates = {where: day(row, field) for field, where in named.items()}
    return [f"{date} by {where}" for where, date in dates.items() if date != "blank"]


@rule(
    "AE-XDS-09", ERROR, "The date of death is the same in all files",
    needs=("death_date", "participant.death_date|disposition.start"), shows=("death_date",),
    says=lambda row: f"the date of death is {day(row, 'death_date')} in the log, "
    + " and ".join(_elsewhere(row)),
    fix="please confirm the date of death, and correct the file that is wrong",
    why="survival and every check against the date of death depend on it",
    sources=("sdtmchecks check_dd_ae_aedthdtc_ds_dsstdtc", "SD1317", "CG0069"),
    good=[an_event(participants=[who_died()]), a_death(participants=[who_died()]),
          a_death(beside=IN_DISPOSITION), a_death(participants=[who_died(death_date="2024-03")]),
          a_death(death_date="2024", participants=[who_died()]),
          a_death(death_date="", participants=[who_died()]),
          a_death(participants=[who_died(death_date="")]),
          a_death(beside={"disposition": [one("disposition", start="2024-03-10")]}),
          a_death(beside={"disposition": [DIED | {"start": ""}]})],
    bad=[a_death(participants=[who_died(death_date="2024-03-10")]),
         a_death(participants=[who_died(death_date="2024-03-08")]),
         a_death(beside={"disposition": [DIED | {"start": "2024-03-10"}]}),
         a_death(participants=[who_died()],
                 beside={"disposition": [DIED | {"start": "2024-02"}]})],
)  # fmt: skip
def death_dates_agree(ae: Fields) -> nw.Expr:
    by_file = ae.certainly_differ("death_date", "participant_death_date")
    return ~(by_file | ae.certainly_differ("death_date", "ds_death"))


@rule(
    "AE-XDS-22", WARNING, "The participant file has a death and its date together",
    kind="participant", needs=("participant.died", "participant.death_date"),
    shows=("subject", "died", "death_date"),
    says=lambda row: "the participant died, but no date of death is given" if row["died"]
    else "a date of death is given, but it is not said that the participant died",
    fix="please confirm the death and its date", why="one of the two is missing or wrong",
    sources=("SD2004", "SD2005", "CG0435", "sdtmchecks check_dm_dthfl_dthdtc"),
    good=[an_event(participants=[a_person()]), an_event(participants=[who_died()]),
          an_event(participants=[who_died(death_date="2024")]),
          an_event(participants=[a_person(died="")])],
    bad=[an_event(participants=[who_died(died="")]), an_event(participants=[who_died(died="N")]),
         an_event(participants=[who_died(death_date="")])],
)  # fmt: skip
def death_and_date_together(dm: Fields) -> nw.Expr:
    return dm.yes("participant.died") == dm.filled("participant.death_date")


def _who_says(row: Row) -> str:
    told = {"ds_death": "the disposition", "ss_dead": "a status"}
    says = [where for column, where in told.items() if row.get(column)]
    says += ["a detail of the death"] if row.get("dd_records") else []
    return f"{' and '.join(says)} says that participant {row['subject']} died"


DEAD = {"status": [one("status", status="DEAD")]}


@rule(
    "AE-XDS-29", WARNING, "A death in another file is in the participant file",
    kind="participant",
    needs=(IN_FILE, "disposition.reason|disposition.term|status.status|death_details.test"),
    shows=("subject", "died", "death_date"),
    says=lambda row: f"{_who_says(row)}, and the participant file does not",
    fix="please confirm the death, and enter it in the participant file with its date",
    why="deaths are counted by the participant file, and this one would be missing",
    sources=("SD1252", "SD1253", "SD1256", "SD1261", "CG0132", "CG0133", "CG0136",
             "sdtmchecks check_ss_ssdtc_dead_dthdtc"),
    good=[an_event(participants=[who_died()], beside=IN_DISPOSITION),
          an_event(participants=[who_died(died="")], beside=DEAD),
          an_event(participants=[a_person()], beside={"disposition": [one("disposition")]}),
          *(an_event(participants=[a_person()], beside={"disposition": [
              one("disposition", reason="OTHER", term=alive)]})
            for alive in ("DEATH OF SPOUSE", "HUSBAND'S DEATH", "NOT KNOWN TO BE DEAD", "未死亡")),
          an_event(participants=[a_person()], beside={"status": [one("status", status="未死亡")]}),
          an_event(participants=[a_person()], beside={"status": [one("status")]}),
          an_event(participants=[a_person()], beside={"status": [one("status", status="")]}),
          an_event(participants=[a_person()], beside={"status": [one("status", subject="S2",
                                                                     status="DEAD")]})],
    bad=[an_event(participants=[a_person()], beside=IN_DISPOSITION),
         an_event(participants=[a_person(died="")], beside=DEAD),
         an_event(participants=[a_person()], beside={"death_details": [one("death_details")]}),
         an_event(participants=[a_person(died="", subject="S2")],
                  beside={"status": [one("status", subject="S2", status="Dead")]})],
)  # fmt: skip
def death_elsewhere_is_in_file(dm: Fields) -> nw.Expr:
    details = nw.col("dd_records") if dm.present("dd_records") else nw.lit(0)
    elsewhere = dm.told("ds_death") | dm.told("ss_dead") | or_if_blank(details > 0, False)
    return dm.died_by_file() | ~elsewhere
