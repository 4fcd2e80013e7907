"""The records, said once: every field with its meaning, label and SDTM name.

Fields take the text of a cell in any spelling of `vocabulary`, or a value already typed.
What cannot be understood raises a `ValidationError`: its type is the rule's id, or `unreadable`
where the field's own `Cell.rule` names the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from ae_cli import dates
from ae_cli import values as v
from ae_cli.vocabulary import (
    Action,
    Answer,
    Causality,
    Criterion,
    Evaluability,
    Intensity,
    Outcome,
    VitalStatus,
)

Shape = Literal["text", "number", "date", "choice", "choices"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a field is: its label, SDTM name, shape, and the rule its cells can break."""

    label: str
    sdtm: str = ""
    shape: Shape = "text"
    rule: str = ""
    choices: type[StrEnum] | None = None


Text = Annotated[str | None, BeforeValidator(v.text)]
Name = Annotated[str | None, BeforeValidator(v.name)]
Grade = Annotated[int | None, BeforeValidator(v.grade)]
Date = Annotated[dates.DateSpan | None, BeforeValidator(dates.date)]
EndDate = Annotated[dates.DateSpan | None, BeforeValidator(dates.end_date)]
YesNo = Annotated[Answer | None, BeforeValidator(v.one_of(Answer))]
Serious = Annotated[Answer | None, BeforeValidator(v.serious)]
VitalStatusOf = Annotated[VitalStatus | None, BeforeValidator(v.one_of(VitalStatus))]
Ongoing = Annotated[Answer | None, BeforeValidator(v.ongoing)]
Criteria = Annotated[tuple[Criterion, ...] | None, BeforeValidator(v.criteria)]
OutcomeOf = Annotated[Outcome | None, BeforeValidator(v.one_of(Outcome))]
ActionOf = Annotated[Action | None, BeforeValidator(v.one_of(Action))]
CausalityOf = Annotated[Causality | None, BeforeValidator(v.one_of(Causality))]
IntensityOf = Annotated[Intensity | None, BeforeValidator(v.one_of(Intensity))]
EvaluabilityOf = Annotated[Evaluability | None, BeforeValidator(v.one_of(Evaluability))]

CODED = "AE-COD-24"  # a coded value the catalogue has no rule of its own for
DATED = "AE-TYP-01"


def _yes_no(label: str, sdtm: str, rule: str = CODED) -> Cell:
    return Cell(label, sdtm, "choice", rule, Answer)


def _date(label: str, sdtm: str) -> Cell:
    return Cell(label, sdtm, "date", DATED)


class Record(BaseModel):
    """What events and participants share."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    study: Annotated[Text, Cell("Study", "STUDYID")] = None
    site: Annotated[Text, Cell("Site", "SITEID")] = None
    subject: Annotated[Text, Cell("Participant", "USUBJID")] = None
    safety: Annotated[YesNo, _yes_no("Safety population", "SAFFL")] = None


class AdverseEvent(Record):
    """One row of an adverse event log."""

    seq: Annotated[Text, Cell("Sequence number", "AESEQ")] = None
    episode: Annotated[Text, Cell("Episode", "AEGRPID")] = None
    occurred: Annotated[YesNo, _yes_no("Any adverse event", "AEOCCUR")] = None
    arm: Annotated[Text, Cell("Dose group", "TRTA")] = None
    arm_number: Annotated[Text, Cell("Dose group, number", "TRTAN")] = None
    term: Annotated[Text, Cell("Adverse event", "AETERM")] = None
    modified_term: Annotated[Text, Cell("Modified term", "AEMODIFY")] = None
    preferred_term: Annotated[Text, Cell("Preferred term", "AEDECOD")] = None
    soc: Annotated[Text, Cell("System organ class", "AEBODSYS")] = None
    llt_code: Annotated[Text, Cell("MedDRA LLT code", "AELLTCD")] = None
    pt_code: Annotated[Text, Cell("MedDRA PT code", "AEPTCD")] = None
    laterality: Annotated[Text, Cell("Side", "AELAT")] = None
    severity: Annotated[
        IntensityOf, Cell("Severity", "AESEV", "choice", "AE-COD-11", Intensity)
    ] = None
    grade: Annotated[Grade, Cell("CTCAE grade", "AETOXGR", "number", v.GRADE_INVALID)] = None
    course: Annotated[Text, Cell("Course of the grade")] = None
    serious: Annotated[Serious, _yes_no("Serious", "AESER", "AE-COD-01")] = None
    criteria: Annotated[Criteria, Cell("Reason serious", "", "choices", CODED, Criterion)] = None
    sae_death: Annotated[YesNo, _yes_no("Results in death", "AESDTH", "AE-COD-05")] = None
    sae_life_threatening: Annotated[YesNo, _yes_no("Life-threatening", "AESLIFE", "AE-COD-07")] = (
        None
    )
    sae_hospitalisation: Annotated[YesNo, _yes_no("Hospitalisation", "AESHOSP", "AE-COD-06")] = None
    sae_disability: Annotated[YesNo, _yes_no("Disability", "AESDISAB", "AE-COD-04")] = None
    sae_congenital: Annotated[YesNo, _yes_no("Congenital anomaly", "AESCONG", "AE-COD-03")] = None
    sae_other: Annotated[YesNo, _yes_no("Other medically important", "AESMIE", "AE-COD-09")] = None
    sae_cancer: Annotated[YesNo, _yes_no("Involves cancer", "AESCAN", "AE-COD-02")] = None
    sae_overdose: Annotated[YesNo, _yes_no("Overdose", "AESOD", "AE-COD-08")] = None
    related: Annotated[
        CausalityOf, Cell("Relationship", "AEREL", "choice", "AE-COD-14", Causality)
    ] = None
    action: Annotated[ActionOf, Cell("Action taken", "AEACN", "choice", "AE-COD-13", Action)] = None
    treatment_given: Annotated[YesNo, _yes_no("Treatment given", "AECONTRT", "AE-COD-10")] = None
    discontinued: Annotated[YesNo, _yes_no("Left the study", "AEDIS")] = None
    outcome: Annotated[OutcomeOf, Cell("Outcome", "AEOUT", "choice", "AE-COD-12", Outcome)] = None
    start: Annotated[Date, _date("Start", "AESTDTC")] = None
    end: Annotated[EndDate, _date("End", "AEENDTC")] = None
    ongoing: Annotated[Ongoing, _yes_no("Ongoing", "AEENRTPT")] = None
    duration: Annotated[Text, Cell("Duration", "AEDUR")] = None
    death_date: Annotated[Date, _date("Date of death", "AEDTHDTC")] = None
    treatment_emergent: Annotated[YesNo, _yes_no("Treatment-emergent", "TRTEMFL")] = None
    dlt: Annotated[YesNo, _yes_no("Dose-limiting toxicity", "AEDLT")] = None


class Subject(Record):
    """One participant: dose group, exposure, vital status."""

    arm: Annotated[Text, Cell("Dose group", "ARM")] = None
    actual_arm: Annotated[Text, Cell("Dose group received", "ACTARM")] = None
    arm_number: Annotated[Text, Cell("Dose group, number", "TRT01AN")] = None
    sex: Annotated[Text, Cell("Sex", "SEX")] = None
    age: Annotated[Text, Cell("Age", "AGE")] = None
    first_dose: Annotated[Date, _date("First dose", "RFXSTDTC")] = None
    last_dose: Annotated[Date, _date("Last dose", "RFXENDTC")] = None
    last_contact: Annotated[Date, _date("Last contact", "RFPENDTC")] = None
    died: Annotated[YesNo, _yes_no("Died", "DTHFL")] = None
    vital_status: Annotated[
        VitalStatusOf, Cell("Vital status", "", "choice", CODED, VitalStatus)
    ] = None
    death_date: Annotated[Date, _date("Date of death", "DTHDTC")] = None
    dlt_evaluable: Annotated[
        EvaluabilityOf, Cell("Evaluable for DLT", "", "choice", CODED, Evaluability)
    ] = None


class LabResult(Record):
    """One laboratory result. Numbers stay text here: "<0.5" is a result, and `labs` reads it.

    Value, unit and limits come in two families, standard and original, and are never mixed.
    """

    arm: Annotated[Text, Cell("Dose group", "TRTA")] = None
    test_code: Annotated[Name, Cell("Test, code", "LBTESTCD")] = None
    test: Annotated[Name, Cell("Test", "LBTEST")] = None
    category: Annotated[Text, Cell("Category of the test", "LBCAT")] = None
    specimen: Annotated[Text, Cell("Specimen", "LBSPEC")] = None
    term: Annotated[Text, Cell("CTCAE term")] = None
    value: Annotated[Text, Cell("Result", "LBSTRESN")] = None
    result: Annotated[Text, Cell("Result as text", "LBSTRESC")] = None
    unit: Annotated[Text, Cell("Unit", "LBSTRESU")] = None
    lower: Annotated[Text, Cell("Lower limit", "LBSTNRLO")] = None
    upper: Annotated[Text, Cell("Upper limit", "LBSTNRHI")] = None
    range: Annotated[Text, Cell("Normal range", "LBSTNRC")] = None
    original_value: Annotated[Text, Cell("Result as reported", "LBORRES")] = None
    original_unit: Annotated[Text, Cell("Unit as reported", "LBORRESU")] = None
    original_lower: Annotated[Text, Cell("Lower limit as reported", "LBORNRLO")] = None
    original_upper: Annotated[Text, Cell("Upper limit as reported", "LBORNRHI")] = None
    date: Annotated[Date, _date("Date of the sample", "LBDTC")] = None
    visit: Annotated[Text, Cell("Visit", "VISIT")] = None
    visit_number: Annotated[Text, Cell("Visit, number", "VISITNUM")] = None
    baseline: Annotated[Text, Cell("Baseline value", "BASE")] = None
    baseline_flag: Annotated[YesNo, _yes_no("Is the baseline", "LBLOBXFL")] = None
    baseline_indicator: Annotated[Text, Cell("Baseline against its limits", "BNRIND")] = None
    derived: Annotated[Text, Cell("How it was derived", "DTYPE")] = None
    fasting: Annotated[YesNo, _yes_no("Fasting", "LBFAST")] = None


@cache
def cells(model: type[Record]) -> dict[str, Cell]:
    """What each field of a record is."""
    return {
        name: next(m for m in info.metadata if isinstance(m, Cell))
        for name, info in model.model_fields.items()
    }


@cache
def adapter(model: type[Record], field: str) -> TypeAdapter[object]:
    """The door for one field's values: the model's own validators, without a record around."""
    info = model.model_fields[field]
    return TypeAdapter(Annotated[info.annotation, *info.metadata])  # type: ignore[arg-type]
