"""A participant."""

from __future__ import annotations

from typing import Annotated

from ae_cli.model.fields import (
    CODED,
    Cell,
    Date,
    EvaluabilityOf,
    Record,
    Text,
    VitalStatusOf,
    YesNo,
    dated,
    yes_no,
)
from ae_cli.vocabulary import Evaluability, VitalStatus


class Subject(Record):
    """One participant: dose group, exposure, vital status."""

    arm: Annotated[Text, Cell("Dose group", "ARM")] = None
    actual_arm: Annotated[Text, Cell("Dose group received", "ACTARM")] = None
    arm_number: Annotated[Text, Cell("Dose group, number", "TRT01AN")] = None
    sex: Annotated[Text, Cell("Sex", "SEX")] = None
    age: Annotated[Text, Cell("Age", "AGE")] = None
    birth_date: Annotated[Date, dated("Date of birth", "BRTHDTC")] = None
    consent: Annotated[Date, dated("Informed consent", "RFICDTC")] = None
    reference_start: Annotated[Date, dated("Reference start", "RFSTDTC")] = None
    reference_end: Annotated[Date, dated("Reference end", "RFENDTC")] = None
    first_dose: Annotated[Date, dated("First dose", "RFXSTDTC")] = None
    last_dose: Annotated[Date, dated("Last dose", "RFXENDTC")] = None
    last_contact: Annotated[Date, dated("Last contact", "RFPENDTC")] = None
    died: Annotated[YesNo, yes_no("Died", "DTHFL")] = None
    vital_status: Annotated[
        VitalStatusOf, Cell("Vital status", "", "choice", CODED, VitalStatus)
    ] = None
    death_date: Annotated[Date, dated("Date of death", "DTHDTC")] = None
    dlt_evaluable: Annotated[
        EvaluabilityOf, Cell("Evaluable for DLT", "", "choice", CODED, Evaluability)
    ] = None
