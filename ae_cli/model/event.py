"""An adverse event, and what a safety database adds to it."""

from __future__ import annotations

from typing import Annotated

from ae_cli import values as v
from ae_cli.model.fields import (
    CODED,
    ActionOf,
    CausalityOf,
    Cell,
    Criteria,
    Date,
    Day,
    EndDate,
    Expected,
    Grade,
    IntensityOf,
    Ongoing,
    OutcomeOf,
    Record,
    Serious,
    Text,
    Treated,
    YesNo,
    dated,
    study_day,
    yes_no,
)
from ae_cli.vocabulary import Action, Causality, Criterion, Intensity, Outcome


class AdverseEvent(Record):
    """One row of an adverse event log."""

    domain: Annotated[Text, Cell("Domain", "DOMAIN")] = None
    seq: Annotated[Text, Cell("Sequence number", "AESEQ")] = None
    episode: Annotated[Text, Cell("Episode", "AEGRPID")] = None
    occurred: Annotated[YesNo, yes_no("Any adverse event", "AEOCCUR")] = None
    arm: Annotated[Text, Cell("Dose group", "TRTA")] = None
    arm_number: Annotated[Text, Cell("Dose group, number", "TRTAN")] = None
    term: Annotated[Text, Cell("Adverse event", "AETERM")] = None
    modified_term: Annotated[Text, Cell("Modified term", "AEMODIFY")] = None
    preferred_term: Annotated[Text, Cell("Preferred term", "AEDECOD")] = None
    soc: Annotated[Text, Cell("System organ class", "AEBODSYS")] = None
    soc_code: Annotated[Text, Cell("System organ class, code", "AEBDSYCD")] = None
    primary_soc: Annotated[Text, Cell("Primary system organ class", "AESOC")] = None
    primary_soc_code: Annotated[Text, Cell("Primary system organ class, code", "AESOCCD")] = None
    hlgt: Annotated[Text, Cell("High level group term", "AEHLGT")] = None
    hlgt_code: Annotated[Text, Cell("High level group term, code", "AEHLGTCD")] = None
    hlt: Annotated[Text, Cell("High level term", "AEHLT")] = None
    hlt_code: Annotated[Text, Cell("High level term, code", "AEHLTCD")] = None
    llt: Annotated[Text, Cell("Lowest level term", "AELLT")] = None
    llt_code: Annotated[Text, Cell("MedDRA LLT code", "AELLTCD")] = None
    pt_code: Annotated[Text, Cell("MedDRA PT code", "AEPTCD")] = None
    toxicity: Annotated[Text, Cell("Toxicity", "AETOX")] = None
    category: Annotated[Text, Cell("Category", "AECAT")] = None
    subcategory: Annotated[Text, Cell("Subcategory", "AESCAT")] = None
    prespecified: Annotated[Text, Cell("Prespecified", "AEPRESP")] = None
    status: Annotated[Text, Cell("Completion status", "AESTAT")] = None
    reason_not_done: Annotated[Text, Cell("Reason not done", "AEREASND")] = None
    laterality: Annotated[Text, Cell("Side", "AELAT")] = None
    severity: Annotated[
        IntensityOf, Cell("Severity", "AESEV", "choice", "AE-COD-11", Intensity)
    ] = None
    grade: Annotated[Grade, Cell("CTCAE grade", "AETOXGR", "number", v.GRADE_INVALID)] = None
    course: Annotated[Text, Cell("Course of the grade")] = None
    serious: Annotated[Serious, yes_no("Serious", "AESER", "AE-COD-01")] = None
    criteria: Annotated[Criteria, Cell("Reason serious", "", "choices", CODED, Criterion)] = None
    sae_death: Annotated[YesNo, yes_no("Results in death", "AESDTH", "AE-COD-05")] = None
    sae_life_threatening: Annotated[YesNo, yes_no("Life-threatening", "AESLIFE", "AE-COD-07")] = (
        None
    )
    sae_hospitalisation: Annotated[YesNo, yes_no("Hospitalisation", "AESHOSP", "AE-COD-06")] = None
    sae_disability: Annotated[YesNo, yes_no("Disability", "AESDISAB", "AE-COD-04")] = None
    sae_congenital: Annotated[YesNo, yes_no("Congenital anomaly", "AESCONG", "AE-COD-03")] = None
    sae_other: Annotated[YesNo, yes_no("Other medically important", "AESMIE", "AE-COD-09")] = None
    sae_cancer: Annotated[YesNo, yes_no("Involves cancer", "AESCAN", "AE-COD-02")] = None
    sae_overdose: Annotated[YesNo, yes_no("Overdose", "AESOD", "AE-COD-08")] = None
    other_reason: Annotated[Text, Cell("Medically important, in words", "AESOSP")] = None
    expected: Annotated[Expected, yes_no("Expected", "AEEXP")] = None
    related: Annotated[
        CausalityOf, Cell("Relationship", "AEREL", "choice", "AE-COD-14", Causality)
    ] = None
    related_1: Annotated[Text, Cell("Relationship, first treatment", "AEREL1")] = None
    related_2: Annotated[Text, Cell("Relationship, second treatment", "AEREL2")] = None
    related_3: Annotated[Text, Cell("Relationship, third treatment", "AEREL3")] = None
    related_4: Annotated[Text, Cell("Relationship, fourth treatment", "AEREL4")] = None
    action: Annotated[ActionOf, Cell("Action taken", "AEACN", "choice", "AE-COD-13", Action)] = None
    action_1: Annotated[Text, Cell("Action, first treatment", "AEACN1")] = None
    action_2: Annotated[Text, Cell("Action, second treatment", "AEACN2")] = None
    action_3: Annotated[Text, Cell("Action, third treatment", "AEACN3")] = None
    action_4: Annotated[Text, Cell("Action, fourth treatment", "AEACN4")] = None
    other_action: Annotated[Text, Cell("Other action", "AEACNOTH")] = None
    other_action_1: Annotated[Text, Cell("Other action, first", "AEACNOT1")] = None
    other_action_2: Annotated[Text, Cell("Other action, second", "AEACNOT2")] = None
    treatment_given: Annotated[Treated, yes_no("Treatment given", "AECONTRT", "AE-COD-10")] = None
    discontinued: Annotated[YesNo, yes_no("Left the study", "AEDIS")] = None
    outcome: Annotated[OutcomeOf, Cell("Outcome", "AEOUT", "choice", "AE-COD-12", Outcome)] = None
    start: Annotated[Date, dated("Start", "AESTDTC")] = None
    end: Annotated[EndDate, dated("End", "AEENDTC")] = None
    ongoing: Annotated[Ongoing, yes_no("Ongoing", "AEENRTPT")] = None
    start_relative: Annotated[Text, Cell("Start, relative", "AESTRF")] = None
    start_relation: Annotated[Text, Cell("Start, to a time point", "AESTRTPT")] = None
    start_point: Annotated[Text, Cell("Time point of the start", "AESTTPT")] = None
    end_relative: Annotated[Text, Cell("End, relative", "AEENRF")] = None
    end_relation: Annotated[Text, Cell("End, to a time point", "AEENRTPT")] = None
    end_point: Annotated[Text, Cell("Time point of the end", "AEENTPT")] = None
    start_day: Annotated[Day, study_day("Study day of the start", "AESTDY")] = None
    end_day: Annotated[Day, study_day("Study day of the end", "AEENDY")] = None
    duration: Annotated[Text, Cell("Duration", "AEDUR")] = None
    collected: Annotated[Date, dated("Date of collection", "AEDTC")] = None
    collected_day: Annotated[Day, study_day("Study day of collection", "AEDY")] = None
    epoch: Annotated[Text, Cell("Epoch", "EPOCH")] = None
    became_serious: Annotated[Date, dated("Became serious", "AESERDTC")] = None
    aware: Annotated[Date, dated("Investigator aware", "AEAWDTC")] = None
    reported: Annotated[Date, dated("Reported to the sponsor", "AERPDTC")] = None
    submitted: Annotated[Date, dated("Reported to the authority", "AESUBDTC")] = None
    follow_up_submitted: Annotated[Date, dated("Follow-up to the authority", "AEFUPDTC")] = None
    death_date: Annotated[Date, dated("Date of death", "AEDTHDTC")] = None
    treatment_emergent: Annotated[YesNo, yes_no("Treatment-emergent", "TRTEMFL")] = None
    dlt: Annotated[YesNo, yes_no("Dose-limiting toxicity", "AEDLT")] = None


class SafetyReport(AdverseEvent):
    """One serious event as the safety database has it."""

    case: Annotated[Text, Cell("Case number", "CASEID")] = None


# The criteria of seriousness; overdose is one in some studies alone.
CRITERIA = frozenset(
    f for f in AdverseEvent.model_fields if f.startswith("sae_") and f != "sae_overdose"
)
