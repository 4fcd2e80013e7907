"""The log against the participant file: who is known, in which group, who died."""

from __future__ import annotations

import narwhals as nw

from ae_cli.findings import Severity
from ae_cli.rules.examples import a_death, a_person, an_event, one, who_died
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Example, Fields, Row, or_if_blank, rule, when
from ae_cli.study import Study
from ae_cli.study.groups import NO_GROUP

DEATH_IN_DS = {"disposition": [one("disposition", reason="DEATH", start="2024-03-09")]}
DEATH_IN_AE = {"rules": {"options": {"death_stands_in": "AE"}}}
MOST_GROUPS = 4  # that an example of --n names
ARM = "participant.arm|participant.actual_arm"


@rule(
    "AE-XDS-01", ERROR, "Every participant with an event is in the participant file",
    needs=("subject", "participant.subject"), grouped=("subject",),
    says="participant {subject} is not in the participant file, which leaves out {count} rows",
    fix="correct the identifier, or add the participant to the file",
    why="an event of an unknown participant has no dose group and no denominator",
    sources=("CG0029", "CORE-000201", "SD0064"),
    good=[an_event(participants=[a_person()]), an_event(subject="", participants=[a_person()])],
    bad=[an_event(subject="S9", participants=[a_person()]),
         an_event(subject="s1", participants=[a_person()])],
)  # fmt: skip
def participant_is_known(ae: Fields) -> nw.Expr:
    return ae.known | ~ae.filled("subject")


@rule(
    "AE-XDS-02", ERROR, "The participant file holds each participant once",
    kind="participant", needs=("participant.subject",), shows=("subject",), grouped=("subject",),
    says="participant {subject} stands {count} times in the participant file; the first is used",
    fix="keep one row for each participant", why="the denominator would be wrong",
    sources=("SD0083", "sdtmchecks check_dm_usubjid_dup"),
    good=[an_event(participants=[a_person(), a_person(subject="S2")]),
          an_event(participants=[a_person(), a_person(subject=""), a_person(subject="")])],
    bad=[an_event(participants=[a_person(), a_person()])],
)  # fmt: skip
def participant_stands_once(dm: Fields) -> nw.Expr:
    several = or_if_blank(nw.len().over("subject") > 1, False)
    return ~(several & ~dm.subject.is_null())


@rule(
    "AE-XDS-03", ERROR, "Every participant counted has a dose group",
    kind="participant", asks=("dose groups",), needs=("participant.subject", ARM),
    shows=("subject", "arm", "actual_arm"),
    says="participant {subject} has no dose group", fix="enter the dose group received",
    why="the participant and the events stand in no group's column",
    sources=("SD0071", "sdtmchecks check_dm_armcd"),
    good=[an_event(participants=[a_person()]), an_event(participants=[a_person(arm="")]),
          an_event(participants=[a_person(),
                                 a_person(subject="S2", actual_arm="", first_dose="")])],
    bad=[an_event(participants=[a_person(actual_arm="")])],
)  # fmt: skip
def participant_has_a_group(dm: Fields) -> nw.Expr:
    return when(dm.counted, dm.grouped)


@rule(
    "AE-XDS-04", WARNING, "Planned and received dose group are the same",
    kind="participant", needs=("participant.subject", "participant.arm", "participant.actual_arm"),
    shows=("subject", "arm", "actual_arm"),
    says="planned {arm}, received {actual_arm}: the table uses the group received",
    fix="please confirm the group received",
    why="the table's groups are those of the dose received",
    sources=("SD2237", "sdtmchecks check_dm_actarm_arm"),
    good=[an_event(participants=[a_person()]), an_event(participants=[a_person(arm="")]),
          an_event(participants=[a_person(first_dose="", actual_arm="High"),
                                 a_person(subject="S2")])],
    bad=[an_event(participants=[a_person(actual_arm="High")])],
)  # fmt: skip
def arms_agree(dm: Fields) -> nw.Expr:
    return when(dm.counted, or_if_blank(dm.arm == dm.actual_arm, True))


def _in_window(row: Row) -> Severity:
    """An unexplained death inside the observation window weighs more than one long after it."""
    died, end = row.get("death_date_earliest"), row.get("window_end")
    if died is None or end is None:
        return WARNING
    return ERROR if died <= end else NOTE


@rule(
    "AE-XDS-07", WARNING, "A participant who died has a fatal event",
    kind="participant", needs=("participant.subject", "participant.died|participant.death_date",
           "outcome|grade|sae_death"),
    shows=("subject", "died", "death_date"), graded=_in_window,
    says="participant {subject} died by the participant file, but no event of the log is fatal",
    fix="enter the fatal event, or confirm that the death was not an adverse event",
    why="deaths and serious adverse events do not reconcile",
    sources=("FB0609", "CORE-001078", "sdtmchecks check_dm_ae_ds_death"),
    good=[a_death(participants=[who_died()]), an_event(participants=[a_person()]),
          an_event(participants=[a_person(died="")]),
          an_event(sae_death="Y", serious="Y", participants=[who_died()]),
          an_event(participants=[who_died()], beside=DEATH_IN_DS)],
    bad=[an_event(participants=[who_died()], beside=DEATH_IN_DS, study=DEATH_IN_AE),
         an_event(participants=[who_died()], beside={"disposition": [one("disposition")]}),
         an_event(participants=[who_died()]), an_event(participants=[who_died(died="")]),
         an_event(participants=[who_died(death_date="")])],
)  # fmt: skip
def death_is_explained(dm: Fields) -> nw.Expr:
    explained = dm.fatal_events > 0
    if dm.option("death_stands_in") == "AE or DS" and dm.present("ds_death"):
        explained = explained | or_if_blank(dm.ds_death, False)
    return when(dm.died_by_file(), explained)


@rule(
    "AE-XDS-19", NOTE, "Participants without any event are listed",
    kind="participant", needs=("participant.subject",), shows=("subject",),
    says="participant {subject} has no adverse event, and no row that says so",
    fix="please confirm that there was none",
    why="a participant without events counts in N; a log not yet entered looks the same",
    sources=("sdtmchecks check_dm_usubjid_ae_usubjid",),
    good=[an_event(participants=[a_person()]),
          an_event(participants=[a_person(), a_person(subject="")]),
          an_event(participants=[a_person(), a_person(subject="S2", first_dose="")]),
          an_event(term="none", grade="", participants=[a_person()])],
    bad=[an_event(participants=[a_person(), a_person(subject="S2")]),
         an_event(term="none", grade="", participants=[a_person(), a_person(subject="S2")])],
)  # fmt: skip
def participant_has_events(dm: Fields) -> nw.Expr:
    return when(dm.counted, (dm.events > 0) | dm.none_recorded)


def _flagged(row: Row) -> str:
    """What the flag says, what the dates do, and whether the row is counted."""
    flag, began = "flagged", "before the first dose"
    if not row["treatment_emergent"]:
        flag, began = "not flagged", "on the day of the first dose or later"
    why = row["excluded"]
    counted = "it is counted" if why is None else f"it is not counted ({why})"
    return f"{flag} treatment-emergent, but it began {began}: {counted}"


@rule(
    "AE-XDS-24", WARNING, "The treatment-emergent flag agrees with the dates",
    needs=("treatment_emergent", "start", "participant.first_dose"),
    shows=("treatment_emergent", "start"),
    graded=lambda row: NOTE if row["treatment_emergent"] else WARNING,
    says=_flagged,
    fix="please confirm the flag and the dates", why="the flag decides whether the row is counted",
    sources=("FDAB001",),
    good=[an_event(treatment_emergent="Y", participants=[a_person()]),
          an_event(treatment_emergent="", start="2024-02-01", participants=[a_person()]),
          an_event(treatment_emergent="", start="2024-03",
                   participants=[a_person(first_dose="2024-03-05")]),
          an_event(treatment_emergent="N", start="2024-03-05",
                   participants=[a_person(first_dose="2024-03")]),
          an_event(treatment_emergent="perhaps", participants=[a_person()]),
          an_event(treatment_emergent="N", start="2024-03-01T08:00",
                   participants=[a_person(first_dose="2024-03-01T09:00")]),
          an_event(treatment_emergent="N", start="2024-03-01T18:00",
                   participants=[a_person(first_dose="2024-03-01T19:00")]),
          an_event(treatment_emergent="Y", start="2024-03-01",
                   participants=[a_person(first_dose="2024-03-01T09:00")]),
          an_event(treatment_emergent="", start="", participants=[a_person()])],
    bad=[an_event(treatment_emergent="N", start="2024-03-01", participants=[a_person()]),
         an_event(treatment_emergent="N", start="2024-03-01T08:00", participants=[a_person()]),
         an_event(treatment_emergent="N", start="2024-04-01",
                  participants=[a_person(first_dose="2024-03")]),
         an_event(treatment_emergent="", also=[{"treatment_emergent": "Y"}],
                  participants=[a_person()]),
         an_event(treatment_emergent="N", participants=[a_person()]),
         an_event(treatment_emergent="Y", start="2024-02-01", participants=[a_person()])],
)  # fmt: skip
def flag_agrees(ae: Fields) -> nw.Expr:
    before = ae.certainly_after("participant_first_dose", "start")
    day = nw.col("participant_first_dose_latest").dt.truncate("1d")
    after = or_if_blank(nw.col("start_earliest") >= day, False) & ~before
    after = after & ae.before_window_end()
    flagged = ae.yes("treatment_emergent")
    unread = [or_if_blank(nw.col(c), False) for c in ae.present("treatment_emergent_unreadable")]
    silent = ~nw.any_horizontal(flagged, *unread, ignore_nulls=True)
    return ~(flagged & before) & ~(silent & after)


def _flag(row: Row) -> str:
    return {True: "Y", False: "N", None: "blank"}[row["safety"]]


def _undated_dose(**changes: str) -> Example:
    """A participant whose dose has no date, beside one whose dose has."""
    people = [a_person(first_dose="", **changes), a_person(subject="S2", first_dose="", safety="Y")]
    doses = [one("exposure", start="", end=""), one("exposure", subject="S2")]
    return an_event(participants=people, beside={"exposure": doses})


@rule(
    "AE-XDS-42", ERROR, "The safety flag agrees with the dose records",
    kind="participant", needs=("participant.safety", "participant.first_dose"),
    asks=("dose dates",),
    shows=("subject", "safety", "first_dose"),
    says=lambda row: f"the safety flag is {_flag(row)}, but a first dose is "
    f"{'given' if row['first_dose_earliest'] or row.get('dosed') else 'missing'}: N is "
    f"{row['in_study'].columns[-1].N} by the flag and {row['in_study'].basis['N by dose']} by the "
    "doses; "
    "the table uses the flag",
    fix="correct the flag or the dose date", why="the denominators depend on which one is right",
    sources=("ICH E9",),
    good=[an_event(participants=[a_person(safety="Y")]),
          an_event(participants=[a_person(safety="N", first_dose="")]),
          an_event(participants=[a_person(safety="", first_dose="")]),
          _undated_dose(safety="Y")],
    bad=[an_event(participants=[a_person(safety="N")]), _undated_dose(safety="N"),
         an_event(participants=[a_person(safety=""), a_person(subject="S2", safety="Y")]),
         an_event(participants=[a_person(safety="Y", first_dose=""),
                                a_person(subject="S2", safety="Y")])],
)  # fmt: skip
def flag_agrees_with_doses(dm: Fields) -> nw.Expr:
    dosed = nw.col("dosed") if dm.present("dosed") else nw.lit(False)
    given = ~nw.col("first_dose_earliest").is_null() | dosed
    return (or_if_blank(dm.safety, False) == given) | dm.repeated


@rule(
    "AE-XDS-43", ERROR, "The log and the participant file name the same dose group",
    needs=("subject", "arm", "participant.subject", ARM), asks=("dose groups",),
    shows=("subject", "arm"),
    says="the log says {arm}, the participant file {participant_group}: the file's group is used",
    fix="correct the one that is wrong", why="the event may stand in the wrong column",
    sources=("SD2237",),
    good=[an_event(arm="Low", participants=[a_person()]),
          an_event(arm="", participants=[a_person()]),
          an_event(arm="Low", participants=[a_person(subject="S2")]),
          an_event(arm="Low", participants=[a_person(actual_arm="High")])],
    bad=[an_event(arm="High", participants=[a_person()])],
)  # fmt: skip
def groups_agree(ae: Fields) -> nw.Expr:
    given = ae.arm_name()
    planned = (
        or_if_blank(given == nw.col("participant_arm"), False)
        if ae.has("participant.arm")
        else nw.lit(False)
    )
    return or_if_blank(given == nw.col("participant_group"), True) | planned | ~ae.known


@rule(
    "AE-XDS-44", ERROR, "A participant has one dose group",
    needs=("subject", "arm"), asks=("groups of the log",), grouped=("subject",),
    shows=("subject", "arm"),
    says="participant {subject} stands in several dose groups",
    fix="correct the group, or give a participant file with --subjects",
    why="each event counts in its row's group, so the participant counts in several columns",
    sources=("practice",),
    good=[an_event(arm="Low"), an_event(arm="Low", also=[{}]),
          an_event(arm="Low", also=[{"arm": ""}]),
          an_event(arm="Low", also=[{"subject": "S2", "arm": "High"}]),
          an_event(arm="Low", subject="", also=[{"arm": "High"}])],
    bad=[an_event(arm="Low", also=[{"arm": "High"}])],
)  # fmt: skip
def one_group(ae: Fields) -> nw.Expr:
    arm = ae.arm_name()
    differ = arm.min().over("subject") != arm.max().over("subject")
    return ~(or_if_blank(differ, False) & ae.filled("subject") & ae.filled("arm"))


def _how_to_give_n(row: Row) -> str:
    names = [column.name for column in row["in_study"].columns[:-1] if column.name != NO_GROUP]
    numbers = ",".join(f"{name}=8" for name in names[:MOST_GROUPS])
    plain = numbers and not any(sign in name for name in names for sign in '=,"')
    given = f', or the numbers, such as --n "{numbers}"' if plain else ""
    return f"give one with --subjects FILE{given}"


@rule(
    "AE-XDS-45", NOTE, "The number of participants is known",
    kind="file",
    says="there is no participant file: percentages of participants cannot be given",
    fix=_how_to_give_n,
    why="a denominator is the number of participants, with those who had no event",
    sources=("ICH E3 12.2.2",),
    good=[an_event(participants=[a_person()])],
    bad=[an_event()],
)  # fmt: skip
def participants_are_known(study: Study) -> bool:
    return study.basis["N"] != "none"
