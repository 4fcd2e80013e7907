"""Events against the other files: results, treatments, qualifiers, the trial's own parameters."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from ae_cli.rules.examples import DIED, a_death, a_person, a_result, an_event, one, who_died
from ae_cli.rules.records import day
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Example, Fields, Row, or_if_blank, rule, when
from ae_cli.study import Study

DICTIONARY = "AEDICT"


def _flagged(flag: str, name: str = "AETRTEM") -> Example:
    """Two events with a flag beside SDTM's own columns: of the first this one, of the other Y."""
    event = dict(an_event(sdtm=True).events[0])
    other = event | {"AESEQ": "2", "AETERM": "Cough"}
    return Example(events=(event | {name: flag}, other | {name: "Y"}))


@rule(
    "AE-XDS-23", WARNING, "Every event has a treatment-emergent flag",
    profile="SDTM", asks=("a flag of SDTM",), needs=("treatment_emergent",),
    grouped=("treatment_emergent",), shows=("treatment_emergent", "term"),
    says="the treatment-emergent flag is blank in {count} rows", fix="enter Y or N",
    why="an event without the flag is in no number of the table",
    sources=("FB0101", "SD1097", "SD1321", "FDAB001"),
    good=[_flagged("Y"), _flagged("N"), _flagged("", name="TRTEMFL"),
          an_event(treatment_emergent="")],
    bad=[_flagged("")],
)  # fmt: skip
def flag_is_given(ae: Fields) -> nw.Expr:
    """In ADaM a blank TRTEMFL says that the event is not treatment-emergent."""
    return ae.filled("treatment_emergent")


def _tested(date: str, made: Example) -> Example:
    return replace(made, labs=(a_result(date=date),))


@rule(
    "AE-XDS-28", WARNING, "No laboratory result is dated after death",
    needs=("subject", "death_date|participant.death_date|disposition.start"),
    asks=("laboratory results",), grouped=("subject",), shows=("subject", "death_date"),
    says=lambda row: f"a laboratory result is dated {day(row, 'lb_last')}, after the death of "
    f"participant {row['subject']}",
    fix="please confirm both dates", why="one of the dates, or the participant, is wrong",
    sources=("sdtmchecks check_lb_lbdtc_after_dd",),
    good=[_tested("2024-03-09", a_death()), _tested("2024-03", a_death()), _tested("", a_death()),
          _tested("2024-04-01", a_death(death_date="")), _tested("2024-04-01", an_event()),
          _tested("2024-04-01", an_event(participants=[who_died(subject="S2")])),
          _tested("2024-04-01", a_death(subject="S2")),
          _tested("2024-03-10", a_death(death_date="2024-03"))],
    bad=[_tested("2024-03-10", a_death()), _tested("2024-04", a_death()),
         _tested("2024-03-10", an_event(participants=[who_died()])),
         _tested("2024-03-10", an_event(beside={"disposition": [DIED]})),
         _tested("2024-03-10", a_death(also=[{"death_date": "", "outcome": "UNKNOWN"}]))],
)  # fmt: skip
def no_result_after_death(ae: Fields) -> nw.Expr:
    deaths = ("participant_death_date", "ds_death", "ae_death")
    late = [ae.certainly_after("lb_last", death) for death in deaths]
    return ~nw.any_horizontal(*late, ignore_nulls=True)


def _dictionaries(study: Study) -> list[str]:
    """The values of the trial's parameter that names the coding dictionary of events."""
    rows = nw.from_native(study.others["parameters"], eager_only=True)
    said = rows.filter(nw.col("name").str.to_uppercase() == DICTIONARY)
    return [value or "" for value in said["value"].to_list()]


def _says_dictionary(row: Row) -> str:
    found = _dictionaries(row["in_study"])
    if len(found) > 1:
        return f"the coding dictionary ({DICTIONARY}) is stated {len(found)} times"
    if not found:
        return f"the trial's parameters do not state the coding dictionary ({DICTIONARY})"
    return f"the coding dictionary is stated without its version: {found[0] or 'blank'}"


@rule(
    "AE-XDS-31", NOTE, "The coding dictionary and its version are stated, once",
    kind="file", needs=("parameters.name", "parameters.value"), says=_says_dictionary,
    fix="state it once, with its version: MedDRA 27.0",
    why="terms mean what they mean in one version of a dictionary",
    sources=("sdtmchecks check_ts_aedict",),
    good=[an_event(beside={"parameters": [one("parameters")]}),
          an_event(beside={"parameters": [one("parameters", value="CTCAE v5"),
                                          one("parameters", name="TITLE", value="")]})],
    bad=[an_event(beside={"parameters": [one("parameters", name="TITLE")]}),
         an_event(beside={"parameters": [one("parameters", value="MedDRA")]}),
         an_event(beside={"parameters": [one("parameters", value="")]}),
         an_event(beside={"parameters": [one("parameters"), one("parameters")]})],
)  # fmt: skip
def dictionary_is_stated(study: Study) -> bool:
    found = _dictionaries(study)
    return len(found) == 1 and any(c.isdigit() for c in found[0])


def _qualified(**changes: str) -> Example:
    return an_event(sdtm=True, beside={"qualifiers": [one("qualifiers", **changes)]})


@rule(
    "AE-XDS-32", ERROR, "Supplemental qualifiers belong to an event",
    kind="qualifiers", needs=("qualifiers.subject", "qualifiers.key_value", "seq"),
    shows=("subject", "key", "key_value", "name"),
    says="the qualifier {name} is of event {key_value}, which is not in the log",
    fix="correct the number, or add the event", sources=("CG0371",),
    why="what it says of the event is lost",
    good=[_qualified(), _qualified(key_value="1.0"), _qualified(key_value="01"),
          _qualified(key="AESPID", key_value="E-7"), _qualified(of_domain="DM", key_value="9"),
          _qualified(key_value=""), _qualified(subject=""), _qualified(of_domain="", key="")],
    bad=[_qualified(key_value="99"), _qualified(subject="S2"), _qualified(key_value="10"),
         _qualified(key="", key_value="99")],
)  # fmt: skip
def qualifier_has_its_event(supp: Fields) -> nw.Expr:
    return supp.points_at_event


@rule(
    "AE-XDS-33", NOTE, "Epochs are those of the trial's arms",
    needs=("epoch", "elements.epoch"), grouped=("epoch",), shows=("epoch",),
    says="the epoch {epoch} of {count} rows is in no arm of the trial (TA)",
    fix="write the epoch as the arms do", why="events are counted by epoch",
    sources=("CG0009", "CORE-000271", "SD1015"),
    good=[an_event(beside={"elements": [one("elements")]}),
          an_event(epoch="", beside={"elements": [one("elements")]}),
          an_event(beside={"elements": [one("elements", epoch="SCREENING"), one("elements")]})],
    bad=[an_event(epoch="XYZ", beside={"elements": [one("elements"), one("elements", epoch="")]})],
)  # fmt: skip
def epoch_is_planned(ae: Fields) -> nw.Expr:
    return or_if_blank(ae.epoch_planned, True)


def _aged(age: str, **changes: str) -> Example:
    return an_event(participants=[a_person(age=age, **changes)])


CHILDREN = {"rules": {"thresholds": {"youngest": 2, "oldest": 12}}}


@rule(
    "AE-XDS-37", NOTE, "Ages are given, and as the study expects them",
    kind="participant", needs=("participant.age",), shows=("subject", "age"),
    says=lambda row: f"the age is {row['age'] or 'blank'}",
    fix="please confirm the age; the limits are set in study.toml, youngest and oldest",
    why="an age outside the study's is an error of typing, or of inclusion",
    sources=("sdtmchecks check_dm_age_missing",),
    good=[_aged("45"), _aged("18"), _aged("89.5"), _aged("45 years"), _aged("45岁"),
          an_event(participants=[a_person(age="45"), a_person(subject="S2", first_dose="")]),
          an_event(participants=[a_person(age="5")], study=CHILDREN)],
    bad=[_aged(""), _aged("17"), _aged("90"), _aged("17.9"), _aged("unknown"), _aged("-45"),
         an_event(participants=[a_person(age="45")], study=CHILDREN)],
)  # fmt: skip
def age_is_expected(dm: Fields) -> nw.Expr:
    number = dm.age.str.replace_all(r"(?i)\s*(?:years?|yrs?|y|岁)?\s*$", "")
    years = nw.when(number.str.contains(r"^\d{1,3}(?:\.\d+)?$")).then(number).cast(nw.Float64)
    within = (years >= dm.threshold("youngest")) & (years < dm.threshold("oldest"))
    return when(dm.counted, or_if_blank(within, False))


def _treated(given: str, **changes: str) -> Example:
    return an_event(treatment_given=given, beside={"concomitant": [one("concomitant", **changes)]})


@rule(
    "AE-XDS-39", NOTE, "A treatment given for an event is among the concomitant treatments",
    needs=("subject", "treatment_given", "concomitant.subject"), grouped=("subject",),
    shows=("treatment_given", "term"),
    says="treatment was given for {count} events of participant {subject}, who has no concomitant "
    "treatment",
    fix="enter the treatment, or correct the answer",
    why="what else was given may explain an event, or hide one", sources=("EDC practice",),
    good=[_treated("Y"), _treated("N", subject="S2"), _treated("", subject="S2"),
          an_event(subject="", treatment_given="Y", beside={"concomitant": [one("concomitant")]})],
    bad=[_treated("Y", subject="S2")],
)  # fmt: skip
def treatment_is_recorded(ae: Fields) -> nw.Expr:
    recorded = or_if_blank(ae.cm_records > 0, False) | ~ae.filled("subject")
    return ~ae.yes("treatment_given") | recorded
