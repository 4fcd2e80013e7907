"""People's headers to fields: real header rows, preference, what is asked, what is noted."""

from __future__ import annotations

import csv
import subprocess
import sys
import tomllib
from collections.abc import Mapping as Chosen
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.errors import InputError
from ae_cli.model import KINDS as RECORDS
from ae_cli.model import (
    AdverseEvent,
    LabResult,
    Record,
    Subject,
    cells,
    kind_of,
)
from ae_cli.read.columns import STAND_INS, Mapping, describe, match, other_version, recognise
from ae_cli.read.headers import lookup
from ae_cli.read.names import KINDS, ByValue, Ignored, Named, agree, names

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "column_headers.csv"
HEADERS = tomllib.loads(files("ae_cli.read").joinpath("headers.toml").read_text("utf-8"))
MODELS: list[type[Record]] = [AdverseEvent, Subject, LabResult]


def read(
    headers: Sequence[str] | str,
    model: type[Record] = AdverseEvent,
    chosen: Chosen[str, str] | None = None,
    **values: Sequence[str],
) -> Mapping:
    """A match; a row may be written with bars, values are given by header."""
    row = _row(headers)
    return match(row, model, chosen or {}, lambda i: values.get(row[i], ()), "log.xlsx [AE]")


def fields(headers: Sequence[str] | str, model: type[Record] = AdverseEvent) -> dict[str, str]:
    """Field to header."""
    return {field: _row(headers)[i] for field, i in read(headers, model).fields.items()}


def refused(*args: object, **kwargs: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(*args, **kwargs)  # type: ignore[arg-type]
    return caught.value


def _words(text: str) -> list[str]:
    return text.split()


def _row(headers: Sequence[str] | str) -> list[str]:
    return headers.split(" | ") if isinstance(headers, str) else list(headers)


# --- the data ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_every_field_has_headers_and_every_entry_is_a_field(model: type[Record]) -> None:
    assert {*HEADERS["record"], *HEADERS[KINDS[model]]} == set(cells(model))
    for entry in HEADERS["by_value"]:
        if entry["kind"] == KINDS[model]:
            mentioned = {
                *entry["fields"],
                *(f for p in ("hints", "codes", "doubts") for f in entry.get(p, {})),
            }
            assert mentioned <= set(cells(model))
    for entry in HEADERS["ignored"]:
        known = {f for m in MODELS if KINDS[m] in entry.get("kind", KINDS[m]).split()
                 for f in cells(m)}  # fmt: skip
        assert set(entry.get("warns_unless", [])) <= known


@pytest.mark.parametrize("model", MODELS)
def test_a_field_s_own_sdtm_name_is_among_its_standard_names(model: type[Record]) -> None:
    standard = names(KINDS[model]).standard
    for field, cell in cells(model).items():
        if cell.sdtm:
            found = standard[cell.sdtm].field
            assert found == field or found in STAND_INS[model][field]


@pytest.mark.parametrize("model", MODELS)
def test_every_spelling_is_found_as_it_stands(model: type[Record]) -> None:
    """No prefix, bracket or seam takes a spelling away from the entry that lists it."""
    known = names(KINDS[model])
    for form, spelling in known.spellings.items():
        found = lookup(spelling, KINDS[model])
        assert found and agree(found.meaning, known.meanings[form]), spelling


def test_no_spelling_is_listed_twice_within_an_entry() -> None:
    for section in ("record", "event", "subject", "lab"):
        for name, entry in HEADERS[section].items():
            listed = [*entry.get("headers", []), *entry.get("also", [])]
            assert len(listed) == len(set(listed)), name


def test_a_spelling_that_means_two_things_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = HEADERS | {"ignored": [{"reason": "none", "headers": ["outcome"]}]}
    monkeypatch.setattr("ae_cli.read.names._data", lambda: both)
    with pytest.raises(ValueError, match="'outcome' means two things"):
        names.__wrapped__("event")


# --- SDTM and ADaM ----------------------------------------------------------------------------

SDTM_AE = _words("""
STUDYID DOMAIN USUBJID AESEQ AESPID AETERM AELLT AELLTCD AEDECOD AEPTCD AEHLT AEHLTCD AEHLGT
AEHLGTCD AEBODSYS AEBDSYCD AESOC AESOCCD AESEV AESER AEACN AEREL AEOUT AESCAN AESCONG AESDISAB
AESDTH AESHOSP AESLIFE AESOD EPOCH AEDTC AESTDTC AEENDTC AEDY AESTDY AEENDY
""")
ADAE = _words("""
STUDYID SITEID USUBJID TRTA TRTAN AGE AGEGR1 AGEGR1N RACE RACEN SEX SAFFL TRTSDT TRTEDT ASTDT
ASTDTF ASTDY AENDT AENDY ADURN ADURU AETERM AELLT AELLTCD AEDECOD AEPTCD AEHLT AEHLTCD AEHLGT
AEHLGTCD AEBODSYS AESOC AESOCCD AESEV AESER AESCAN AESCONG AESDISAB AESDTH AESHOSP AESLIFE AESOD
AEREL AEACN AEOUT AESEQ TRTEMFL AOCCFL AOCCSFL AOCCPFL AOCC02FL AOCC03FL AOCC04FL CQ01NAM
AOCC01FL
""")
PHARMAVERSE_ADAE = _words("""
STUDYID USUBJID SUBJID SITEID COUNTRY DOMAIN RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFPENDTC DTHDTC
DTHADY DTHFL DMDTC DMDY AGE AGEU SEX RACE ETHNIC SAFFL ARM ARMCD ACTARM ACTARMCD TRT01P TRT01A
TRTSDT TRTSDTM TRTSTMF TRTEDT TRTEDTM TRTETMF EOSSTT EOSDT LSTALVDT DTHDT AESEQ AETERM AEDECOD
AEBODSYS AEBDSYCD AESOC AESTDTC ASTDT ASTDTM ASTDTF ASTTMF AEENDTC AENDT AENDTM AENDTF AENTMF
ASTDY AESTDY AENDY AEENDY ADURN ADURU TRTEMFL AOCCIFL AESER AESDTH AESLIFE AESHOSP AESDISAB
AESCONG AESEV ASEV ASEVN AEREL AREL AEACN AESPID AEOUT AESCAN AESOD AEDTC LDOSEDTM
""")
DM = _words("""
STUDYID DOMAIN USUBJID SUBJID RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFICDTC RFPENDTC DTHDTC DTHFL
SITEID AGE AGEU SEX RACE ETHNIC ARMCD ARM ACTARMCD ACTARM COUNTRY DMDTC DMDY
""")
ADSL = _words("""
STUDYID USUBJID SUBJID SITEID SITEGR1 ARM TRT01P TRT01PN TRT01A TRT01AN TRTSDT TRTEDT TRTDURD
AVGDD CUMDOSE AGE AGEGR1 AGEGR1N AGEU RACE RACEN SEX ETHNIC SAFFL ITTFL EFFFL COMP8FL COMP16FL
COMP24FL DISCONFL DSRAEFL DTHFL BMIBL BMIBLGR1 HEIGHTBL WEIGHTBL EDUCLVL DISONSDT DURDIS
DURDSGR1 VISIT1DT RFSTDTC RFENDTC VISNUMEN RFENDT DCDECOD EOSSTT DCSREAS MMSETOT
""")

EVENT = {
    "study": "STUDYID", "subject": "USUBJID", "seq": "AESEQ", "term": "AETERM",
    "preferred_term": "AEDECOD", "soc": "AEBODSYS", "severity": "AESEV", "serious": "AESER",
    "sae_death": "AESDTH", "sae_life_threatening": "AESLIFE", "sae_hospitalisation": "AESHOSP",
    "sae_disability": "AESDISAB", "sae_congenital": "AESCONG", "sae_cancer": "AESCAN",
    "sae_overdose": "AESOD", "related": "AEREL", "action": "AEACN", "outcome": "AEOUT",
}  # fmt: skip
CODES = {
    "llt_code": "AELLTCD", "pt_code": "AEPTCD", "llt": "AELLT", "hlt": "AEHLT",
    "hlt_code": "AEHLTCD", "hlgt": "AEHLGT", "hlgt_code": "AEHLGTCD", "primary_soc": "AESOC",
    "primary_soc_code": "AESOCCD",
}  # fmt: skip
IN_AE = {
    "domain": "DOMAIN", "soc_code": "AEBDSYCD", "epoch": "EPOCH", "collected": "AEDTC",
    "collected_day": "AEDY", "start_day": "AESTDY", "end_day": "AEENDY", "start": "AESTDTC",
    "end": "AEENDTC",
}  # fmt: skip
OF_PHARMAVERSE = {
    "domain": "DOMAIN", "soc_code": "AEBDSYCD", "primary_soc": "AESOC", "collected": "AEDTC",
    "start_day": "AESTDY", "end_day": "AEENDY", "arm": "TRT01A",
}  # fmt: skip
ANALYSED = {
    "site": "SITEID", "safety": "SAFFL", "duration": "ADURN", "treatment_emergent": "TRTEMFL",
    "start": "AESTDTC", "end": "AEENDTC",
}  # fmt: skip
PILOT = {"arm": "TRTA", "arm_number": "TRTAN", "start": "ASTDT", "end": "AENDT"}
PERSON = {
    "study": "STUDYID", "site": "SITEID", "subject": "USUBJID", "sex": "SEX", "age": "AGE",
    "died": "DTHFL",
}  # fmt: skip
IN_DM = {
    "arm": "ARM", "actual_arm": "ACTARM", "first_dose": "RFXSTDTC", "last_dose": "RFXENDTC",
    "last_contact": "RFPENDTC", "death_date": "DTHDTC", "consent": "RFICDTC",
    "reference_start": "RFSTDTC", "reference_end": "RFENDTC",
}  # fmt: skip
IN_ADSL = {
    "safety": "SAFFL", "arm": "TRT01P", "actual_arm": "TRT01A", "arm_number": "TRT01AN",
    "first_dose": "TRTSDT", "last_dose": "TRTEDT", "reference_start": "RFSTDTC",
    "reference_end": "RFENDTC",
}  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "model", "expected"),
    [
        (SDTM_AE, AdverseEvent, EVENT | CODES | IN_AE),
        (ADAE, AdverseEvent, EVENT | CODES | ANALYSED | PILOT),
        (PHARMAVERSE_ADAE, AdverseEvent, EVENT | ANALYSED | OF_PHARMAVERSE),
        (DM, Subject, PERSON | IN_DM),
        (ADSL, Subject, PERSON | IN_ADSL),
    ],
    ids=["SDTM AE", "pilot ADAE", "pharmaverse ADAE", "SDTM DM", "pilot ADSL"],
)
def test_standard_data_sets(
    headers: list[str], model: type[Record], expected: dict[str, str]
) -> None:
    for row in (headers, headers[::-1], [header.lower() for header in headers]):
        mapping = read(row, model)
        assert {f: row[i].upper() for f, i in mapping.fields.items()} == expected
        assert mapping.standard
        assert mapping.notes == ()


def test_first_occurrence_flags_are_ignored_with_the_reason() -> None:
    ignored = dict(read(ADAE).ignored)
    assert ignored["AOCCFL"] == "the program finds first occurrences itself"
    assert ignored["SEX"] == "used only from a participant file"
    assert ignored["CQ01NAM"] == "not used"
    assert dict(read("USUBJID | SEX | AETERM", Subject).ignored) == {
        "AETERM": "used only from a log of events"
    }


PREFERENCES = {
    AdverseEvent: {
        "subject": "USUBJID SUBJID",
        "arm": "TRTA TRT01A ACTARM TRTP TRT01P ARM ACTARMCD ARMCD",
        "arm_number": "TRTAN TRT01AN TRTPN",
        "severity": "AESEV ASEV",
        "grade": "AETOXGR ATOXGR AETOXGRN",
        "related": "AEREL AREL",
        "start": "AESTDTC ASTDTM ASTDT AESTDT AESTDAT",
        "end": "AEENDTC AENDTM AENDT AEENDT AEENDAT",
        "treatment_emergent": "TRTEMFL AETRTEM",
        "dlt": "AEDLT DLTFL",
        "occurred": "AEOCCUR AEYN",
    },
    Subject: {
        "arm": "TRT01P ARM ARMCD",
        "actual_arm": "TRT01A TRTA ACTARM ACTARMCD",
        "arm_number": "TRT01AN TRT01PN",
        "first_dose": "RFXSTDTC TRTSDT TRTSDTM",
        "last_dose": "RFXENDTC TRTEDT TRTEDTM",
        "last_contact": "LSTALVDT EOSDT RFPENDTC",
        "death_date": "DTHDTC DTHDT",
    },
}
ORDERS = [(m, f, order.split()) for m, all_ in PREFERENCES.items() for f, order in all_.items()]


@pytest.mark.parametrize(("model", "field", "order"), ORDERS)
def test_of_several_standard_names_the_first_wins(
    model: type[Record], field: str, order: list[str]
) -> None:
    for start in range(len(order)):
        present = order[start:][::-1]
        mapping = read([*([] if field == "subject" else ["SUBJID"]), "AETERM", *present], model)
        assert (
            order[start]
            == [*([] if field == "subject" else ["SUBJID"]), "AETERM", *present][
                mapping.fields[field]
            ]
        )
        losers = {h: why for h, why in mapping.ignored if h in order}
        assert losers == dict.fromkeys(order[start + 1 :], f"{order[start]} is used")


@pytest.mark.parametrize(
    ("headers", "model", "field", "used"),
    [
        ("USUBJID | AETERM | AESOC", AdverseEvent, "soc", "AESOC"),
        ("USUBJID | AETERM | AESOC | AEBODSYS", AdverseEvent, "soc", "AEBODSYS"),
        ("USUBJID | AETERM | AEENRF | AEENRTPT", AdverseEvent, "ongoing", "AEENRTPT"),
        ("USUBJID | AETERM | AEENRF", AdverseEvent, "ongoing", "AEENRF"),
        ("USUBJID | AETERM | AEENRTPT | Ongoing", AdverseEvent, "ongoing", "Ongoing"),
        ("USUBJID | RFSTDTC", Subject, "first_dose", "RFSTDTC"),
        ("USUBJID | RFSTDTC | RFXSTDTC", Subject, "first_dose", "RFXSTDTC"),
    ],
)
def test_a_column_stands_in_for_a_field_that_has_none(
    headers: str, model: type[Record], field: str, used: str
) -> None:
    mapping = read(headers, model)
    assert headers.split(" | ")[mapping.fields[field]] == used


def test_a_standard_name_is_used_before_a_person_s() -> None:
    mapping = read("USUBJID | Patient | AETERM | Event | Start Date | AESTDTC")
    assert dict(mapping.ignored) == {
        "Patient": "USUBJID is used",
        "Event": "AETERM is used",
        "Start Date": "AESTDTC is used",
    }


@pytest.mark.parametrize(
    ("headers", "model", "standard"),
    [
        ("USUBJID | AETERM", AdverseEvent, True),
        ("usubjid | aedecod", AdverseEvent, True),
        ("SUBJID | AETERM", AdverseEvent, False),
        ("USUBJID | Event | AESER", AdverseEvent, False),
        ("USUBJID | AE_TERM", AdverseEvent, False),
        ("Subject | AETERM", AdverseEvent, False),
        ("USUBJID | TRT01P", Subject, True),
        ("USUBJID | Dose group", Subject, False),
        ("SUBJID | ARM", Subject, False),
    ],
)
def test_whether_the_headers_are_standard(
    headers: str, model: type[Record], standard: bool
) -> None:
    assert read(headers, model).standard is standard


def test_a_standard_name_chosen_in_study_toml_is_standard_still() -> None:
    mapping = read("USUBJID | AETERM | TRTA", chosen={"subject": "USUBJID", "term": "AETERM"})
    assert mapping.standard


# --- what people write ------------------------------------------------------------------------

ROWS = [
    (
        "Subject ID | AE Description | Start Date | End Date | Casual Relationship | "
        "Action Taken | SAE? | SAE Reason | Outcome",
        "subject term start end related action serious criteria outcome",
    ),
    (
        "Site ID | Participant ID | Event | AE Onset Date | AE Stop Date | Relatedness | "
        "Action taken with study intervention due to AE | Expected? | Serious (Y or N) | "
        "Ongoing (Y or N) | Initials",
        "site subject term start end related action expected serious ongoing -",
    ),
    (
        "Participant | Event | Grade | Began on | Resolved on | Attribution to study drug",
        "subject term grade start end related",
    ),
    (
        "ID | Verbatim Name | Preferred Term | System Organ Class | Serious | Treatment Arm",
        "subject term preferred_term soc serious arm",
    ),
    (
        "project | Subject | StudyEnvSiteNumber | AETERM | AETERM_PT | AETERM_SOC | AETOXGR_SUB | "
        "AESER_STD | AEACN_SUB | AESTDAT_RAW | AEENDAT_RAW | DLT | ARMDOSE",
        "study subject site term preferred_term soc grade serious action start end dlt arm",
    ),
    (
        "Participant | Dose group | Adverse event | CTCAE v5.0 grade | Toxicity date | Is SAE | "
        "Relation to study drug | Onset date (dd/mm/yyyy) | Resolution Date",
        "subject arm term grade - serious related start end",
    ),
    (
        "patient_id | system_organ_class | adverse_event | grade | serious | "
        "drug_attribution | trt",
        "subject soc term grade serious related arm",
    ),
    (
        "受试者编号 | 不良事件名称 | 开始时间 | 结束时间 | NCI-CTCAE5.0分级 | 与试验药关系 | "
        "是否为SAE，如是请填写SAE表格",
        "subject term start end grade related serious",
    ),
    (
        "序号 | 研究中心名称 | 受试者 | 是否发生不良事件_TXT | 初始严重程度（CTCAE 5.0）_TXT | "
        "对试验药物采取的初始措施_TXT | 与试验药物的关系_TXT | 是否为严重不良事件_TXT | 转归_TXT | "
        "不良事件名称 | 记录ID",
        "seq site subject occurred grade action related serious outcome term -",
    ),
    (
        "受试者编号 | 不良事件名称 | 需住院治疗或延长住院时间 | 危及生命 | "
        "导致永久的或严重的残疾/能力丧失 | 先天性异常或出生缺陷 | 其他重要的医学事件 | "
        "死亡日期 | 是否因此AE导致试验中止",
        "subject term sae_hospitalisation sae_life_threatening sae_disability sae_congenital "
        "sae_other death_date discontinued",
    ),
    (
        "受试者的鉴认代码 | SAE 名称(诊断) | SAE发生时间 | SAE结束时间 | SAE获知时间 | SAE转归 | "
        "SAE与试验药的关系 | 对试验用药采取的措施 | SAE是否预期 | SAE分类",
        "subject term start end aware outcome related action expected criteria",
    ),
    (
        "受试者编号 Subject No. | 不良事件名称 AE Term | 剂量组 (Dose group) | "
        "开始日期 Start Date | 转归/Outcome | CTCAE分级/CTCAE grade",
        "subject term arm start outcome grade",
    ),
    ("Subject ID# | AE # | AE term | Start/Onset date | SAE #2", "subject seq term start -"),
]


@pytest.mark.parametrize(("headers", "expected"), ROWS)
def test_header_rows_of_real_logs(headers: str, expected: str) -> None:
    mapping = read(headers)
    found = {i: field for field, i in mapping.fields.items()}
    assert [found.get(i, "-") for i in range(len(_row(headers)))] == expected.split()
    assert not mapping.standard


PARTICIPANTS = [
    (
        "Participant ID | Dose group | Actual arm | Sex | Age (years) | First dose date | "
        "Last dose date | Last follow-up date | Died | Date of death | DLT evaluable",
        "subject arm actual_arm sex age first_dose last_dose last_contact died death_date "
        "dlt_evaluable",
    ),
    (
        "患者编号 | 剂量组 | 实际给药组 | 性别 | 年龄（岁） | "
        "首次给药日期 | 末次给药日期 | 末次随访日期 | 是否死亡 | 死亡日期",
        "subject arm actual_arm sex age first_dose last_dose last_contact died death_date",
    ),
    ("Subject No. | Arm | Dose received | Gender", "subject arm actual_arm sex"),
    ("Screening number | Group", "subject arm"),
]


@pytest.mark.parametrize(("headers", "expected"), PARTICIPANTS)
def test_header_rows_of_participant_files(headers: str, expected: str) -> None:
    row = _row(headers)
    assert fields(headers, Subject) == dict(zip(expected.split(), row, strict=True))


@pytest.mark.parametrize(
    "header",
    [
        "Dose group",
        "Dose level",
        "Treatment group",
        "Cohort",
        "Arm",
        "Group",
        "剂量组",
        "组别",
        "分组",
    ],
)
@pytest.mark.parametrize("model", MODELS)
def test_a_plain_group_is_the_arm(header: str, model: type[Record]) -> None:
    assert fields(["Subject", "AE term", "Test", "Result", header], model)["arm"] == header


@pytest.mark.parametrize(
    "header",
    [
        "Onset date", "onset_date", "ONSET DATE", "Onset\nDate", "  Onset-Date ", "Onset date:",
        "AE Onset Date", "ONSET_DATE_RAW", "Onset date (DD-MMM-YYYY)", "Ｏｎｓｅｔ　ｄａｔｅ",
        "Date of onset (yyyy/mm/dd)", "不良事件的发生日期", "发生日期（年/月/日）",
    ],
)  # fmt: skip
def test_writing_is_forgiven(header: str) -> None:
    mapping = read(["Subject", "AE term", header])
    assert mapping.fields["start"] == 2
    assert mapping.notes == ()


@pytest.mark.parametrize(
    "header",
    ["Onset", "SAETERM2", "AETOXGRX", "Graded", "Not serious", "Start dose", "x" * 500, ""],
)
def test_words_are_not_forgiven(header: str) -> None:
    found = lookup(header, "event")
    assert (found is None) == (header != "Onset")


def test_brackets_that_say_something_else_are_passed_over_with_a_note() -> None:
    mapping = read("Subject | AE term | Grade (baseline) | Serious (Y/N)")
    assert mapping.fields["grade"] == 2
    assert mapping.notes == ("column 'Grade (baseline)' is read as CTCAE grade",)


def test_a_participant_known_by_a_poor_name_is_noted() -> None:
    assert read("ID | AE term").notes == ("column 'ID' is read as Participant",)
    assert read("Subject | ID | AE term").notes == ()


def test_an_event_that_may_be_a_visit_gives_way() -> None:
    mapping = read("Subject | Event Name | Adverse Event Description | Event")
    assert mapping.fields["term"] == 2
    mapping = read("Subject | Event")
    assert mapping.notes == ("column 'Event' is read as Adverse event",)


def test_another_ctcae_version_in_a_header_is_noted() -> None:
    mapping = read("Subject | AE term | CTC-AE3.0等级(1：1，2：2，3：3，4：4，5：5）")
    assert mapping.fields["grade"] == 2
    assert mapping.notes == ()
    headers = ["Subject", "AE term", "CTC-AE3.0等级(1：1，2：2，3：3，4：4，5：5）"]
    noted = other_version(headers, mapping, "5.0").notes
    assert len(noted) == 1 and "names CTCAE 3.0, and its grades are checked by 5.0" in noted[0]
    headers = ["Subject", "AE term", "CTCAE v5.0 grade"]
    assert other_version(headers, mapping, "5.0").notes == ()
    assert "names CTCAE 5.0" in other_version(headers, mapping, "6.0").notes[0]


@pytest.mark.parametrize(
    ("header", "used"),
    [("Start time", "Start Date"), ("Screening number", "Subject"), ("Site name", "Site ID")],
)
def test_a_lesser_header_gives_way(header: str, used: str) -> None:
    row = ["AE term", "Start Date", "Subject", "Site ID", header]
    assert (header, f"{used} is used") in read(row).ignored


def test_of_one_variable_s_columns_the_plain_one_is_used() -> None:
    row = "Subject | AE term | AESER_STD | AESER_RAW | AEREL_STD | AEREL"
    row += " | Severity_STD | Severity_RAW"
    mapping = read(row, Severity_RAW=["Mild"], Severity_STD=["1", "2"])
    assert [mapping.fields[f] for f in ("serious", "related", "severity")] == [3, 5, 7]
    assert "grade" not in mapping.fields
    assert ("Severity_STD", "Severity_RAW is used") in mapping.ignored


@pytest.mark.parametrize(
    ("header", "model", "field"),
    [
        ("转归日期", AdverseEvent, "end"),
        ("记录日期", AdverseEvent, "start"),
        ("Dose", Subject, "arm"),
        ("Survival", Subject, "died"),
    ],
)
def test_what_may_be_missed_is_noted_unless_it_is_there(
    header: str, model: type[Record], field: str
) -> None:
    row = ["Subject", "AE term", header]
    assert [note for note in read(row, model).notes if header in note]
    standard = HEADERS[KINDS[model]][field]["standard"][0]
    assert not read([*row, standard], model).notes


def test_later_grades_of_an_event_are_always_noted() -> None:
    mapping = read(
        "受试者 | 不良事件名称 | 初始严重程度（CTCAE 5.0）_TXT | CTCAE分级-1_TXT | CTCAE分级-2_TXT"
    )
    assert mapping.fields["grade"] == 2
    assert len(mapping.notes) == 2
    assert all("may not be the worst" in note for note in mapping.notes)


# --- near, missing, ambiguous -----------------------------------------------------------------


def test_a_near_match_is_noted_and_never_used() -> None:
    mapping = read("Subject | AE term | Grdae | AE Outcom | Weather")
    assert mapping.fields.keys() == {"subject", "term"}
    assert mapping.notes == (
        "column 'Grdae' looks like 'Grade' but was not used",
        "column 'AE Outcom' looks like 'Outcome' but was not used",
    )


def test_a_near_match_for_a_field_that_is_there_is_not_noted() -> None:
    assert read("Subject | AE term | Grade | Grdae").notes == ()
    assert read("USUBJID | AETERM | Grdae").notes == ()


def test_a_missing_term_is_asked_for_with_the_nearest_header() -> None:
    error = refused("Subject | Advers evnt | Weather")
    assert error.what == (
        "log.xlsx [AE]: no column was recognised as term (Adverse event) or "
        "preferred_term (Preferred term)"
    )
    assert error.remedy == (
        "the nearest is 'Advers evnt'; say which it is in study.toml:\n"
        '[columns.events]\nterm = "Advers evnt"'
    )


def test_a_missing_participant_is_asked_for_in_both_kinds() -> None:
    assert "subject (Participant)" in refused("Event | Grade").what
    error = refused("Weather | Sex", Subject)
    assert "no column was recognised as subject (Participant)" in error.what
    assert error.remedy.endswith('[columns.subjects]\nsubject = "..."')
    assert "the columns left are 'Weather'" in error.remedy
    assert refused([], Subject).remedy.startswith("no column is left")


def test_a_preferred_term_is_term_enough() -> None:
    assert fields("Subject | PT") == {"subject": "Subject", "preferred_term": "PT"}


def test_the_lines_for_study_toml_can_be_pasted() -> None:
    header = 'Adverse "evt"\\x'
    lines = refused(["Subject", header]).remedy.split("\n", 1)[1]
    assert tomllib.loads(lines) == {"columns": {"events": {"term": header}}}
    assert read(["Subject", header], chosen={"term": header}).fields["term"] == 1


@pytest.mark.parametrize(
    "pair", ["Start Date | Onset date", "AE start date | SAE start date", "开始日期 | Start Date"]
)
def test_two_headers_of_equal_standing_are_asked_about(pair: str) -> None:
    first, second = pair.split(" | ")
    error = refused(f"Subject | AE term | {pair}")
    assert f"2 columns could be start (Start): {first!r} and {second!r}" in error.what
    assert error.remedy.endswith(f'[columns.events]\nstart = "{first}"')
    mapping = read(f"Subject | AE term | {pair}", chosen={"start": second})
    assert mapping.fields["start"] == 3
    assert mapping.ignored == ((first, f"{second} is used"),)


@pytest.mark.parametrize("header", ["Outcome", "AEOUT", "Severity"])
def test_the_same_header_twice_is_asked_about(header: str) -> None:
    error = refused(["Subject", "AE term", header, header])
    assert f"2 columns are headed {header!r}" in error.what
    assert error.remedy == "rename or remove all but one of them"


def test_the_same_unused_header_twice_is_no_matter() -> None:
    assert read(["Subject", "AE term", "Weather", "Weather", "", ""]).ignored == (
        ("Weather", "not used"),
        ("Weather", "not used"),
        ("", "no header"),
        ("", "no header"),
    )


# --- study.toml -------------------------------------------------------------------------------


def test_study_toml_is_used_before_any_header() -> None:
    mapping = read("Subject | AE term | What befell | Grade", chosen={"term": "what  befell"})
    assert mapping.fields == {"subject": 0, "term": 2, "grade": 3}
    assert mapping.ignored == (("AE term", "What befell is used"),)


def test_study_toml_can_leave_a_header_out() -> None:
    mapping = read(
        "Subject | AE term | Severity", chosen={"not_used": "Severity"}, Severity=["x", "1"]
    )
    assert mapping.ignored == (("Severity", "left out by study.toml"),)


def test_study_toml_may_give_one_column_to_two_fields() -> None:
    mapping = read("Subject | AE term", chosen={"term": "AE term", "preferred_term": "AE term"})
    assert mapping.fields == {"subject": 0, "term": 1, "preferred_term": 1}
    assert describe(["Subject", "AE term"], mapping, AdverseEvent)[1] == (
        "AE term",
        "Adverse event and Preferred term",
        "",
    )


def test_study_toml_names_a_header_that_is_not_there() -> None:
    error = refused("Subject | AE term | Grade CTC", chosen={"grade": "Grade CTCAE"})
    assert "study.toml says grade = 'Grade CTCAE', and there is no such header" in error.what
    assert error.remedy == "did you mean 'Grade CTC'?"


@pytest.mark.parametrize(("field", "meant"), [("AETOXGR", "grade"), ("outcom", "outcome")])
def test_study_toml_names_a_field_that_is_not_there(field: str, meant: str) -> None:
    error = refused("Subject | AE term", chosen={field: "AE term"})
    assert error.what == f"study.toml: {field!r} under [columns.events] is no field"
    assert error.remedy == f"did you mean {meant!r}?"
    assert "the fields are study, site" in refused("Subject", Subject, chosen={"zzz": "a"}).remedy


def test_study_toml_names_a_header_that_is_there_twice() -> None:
    error = refused(["Subject", "AE term", "X", "X"], chosen={"grade": "X"})
    assert "2 columns are headed 'X'" in error.what


HELD = {"Severity": ["mild", "severe"]}
ELSE = {  # labels that people use for another field
    ("Toxicity", "toxicity"),
    ("Primary system organ class", "primary_soc"),
}


@pytest.mark.parametrize("model", [kind.model for kind in RECORDS.values()])
def test_every_label_that_is_shown_is_read_as_its_field(model: type[Record]) -> None:
    needed = {field: cells(model)[field].label for fs in kind_of(model).needed for field in fs[:1]}
    for field, cell in cells(model).items():
        if (cell.label, field) in ELSE:
            continue
        row = list(dict.fromkeys([*needed.values(), cell.label]))
        mapping = read(row, model, None, **HELD)
        assert mapping.fields.get(field) == row.index(cell.label), (field, cell.label)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Action taken with IMP", "action"),
        ("Action taken regarding IMP", "action"),
        ("Dose modification", "action"),
        ("Date PI aware", "aware"),
    ],
)
def test_headers_of_sites(header: str, field: str) -> None:
    assert fields(["Subject", "AE", header])[field] == header


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Resolved", ["2024-03-01", "2024-03"], "end"),
        ("Resolved", ["Recovered", "Ongoing"], "outcome"),
        ("Result", ["Recovered", "Fatal"], "outcome"),
        ("Resolved", ["Yes", "No"], None),
        ("Result", ["5.6", "7"], None),
    ],
)
def test_a_result_is_what_its_values_say(header: str, values: list[str], field: str | None) -> None:
    mapping = read(["Subject", "AE", header], AdverseEvent, None, **{header: values})
    assert mapping.fields.keys() == {"subject", "term"} | ({field} if field else set())
    assert mapping.notes[0].startswith(f"column '{header}' {'holds' if field else 'is not used'}")


def test_a_header_that_holds_a_known_one_is_noted() -> None:
    notes = read("Subject | AE | Action taken in the matter | Start date of the rash").notes
    assert notes == (
        "column 'Action taken in the matter' looks like 'Action taken' but was not used",
        "column 'Start date of the rash' looks like 'Start date' but was not used",
    )


def test_nothing_is_proposed_rather_than_something_unlike() -> None:
    for header in ("Team", "Weather", "Treatment date", "Investigator", "Batch number"):
        remedy = refused(["Subject", header]).remedy
        assert "the nearest" not in remedy, header
        assert "the columns left are" in remedy


# --- decided by values ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ("1 2 3", "grade"),
        ("Grade 1;Grade 3", "grade"),
        ("1级;2级;5级", "grade"),
        ("1 2 2-3", "grade"),
        ("0 1 2", "grade"),
        ("1.0 2.0", "grade"),
        ("Mild;Moderate;Severe", "severity"),
        ("轻度;中度;重度", "severity"),
        ("Mild;Moderate;Midl", "severity"),
        ("AE SAE", "serious"),
        ("Yes;No;;NA;unknown", "serious"),
        ("是;否", "serious"),
        ("SAE", "serious"),
    ],
)
@pytest.mark.parametrize(
    "header", ["Severity", "严重程度", "ae_severity", "Severity/Grade", "分级"]
)
def test_values_decide_what_a_severity_is(values: str, field: str, header: str) -> None:
    held = values.split(";") if ";" in values else values.split()
    mapping = read(["Subject", "AE term", header], AdverseEvent, None, **{header: held})
    assert mapping.fields.keys() == {"subject", "term", field}
    assert f"read as {cells(AdverseEvent)[field].label}" in mapping.notes[0]


def test_bare_numbers_up_to_three_are_grades_with_a_doubt() -> None:
    (note,) = read("Subject | AE term | Severity", Severity=["1", "2", "3"]).notes
    assert note == (
        "column 'Severity' holds 1, 2, 3: read as CTCAE grade; if these are codes for mild, "
        'moderate, severe, say so in study.toml, under [columns.events]: severity = "Severity"'
    )
    (note,) = read("Subject | AE term | Severity", Severity=["1", "2", "3", "4"]).notes
    assert "codes" not in note
    (note,) = read("Subject | AE term | Severity | Intensity", Severity=["1", "2"]).notes
    assert "codes" not in note


@pytest.mark.parametrize(
    "values", ["0 1", "1", "0", "1 Mild", "Mild SAE", "pain nausea", "1 2 Severe"]
)
def test_values_that_do_not_decide_are_asked_about(values: str) -> None:
    """0 and 1 may be no and yes: REDCap's ae_severity asks whether the event is serious."""
    error = refused("Subject | AE term | Severity", Severity=values.split())
    assert "column 'Severity' could be grade (CTCAE grade) or severity (Severity)" in error.what
    lines = error.remedy.split("\n")
    assert lines[0] == "say which in study.toml with one of these lines:"
    for line in lines[2:]:
        chosen = tomllib.loads("\n".join([lines[1], line]))["columns"]["events"]
        assert read("Subject | AE term | Severity", chosen=chosen, Severity=values.split())


def test_an_error_shows_few_values_and_no_long_text() -> None:
    error = refused("Subject | AE term | Severity", Severity=[f"{c}{c}" for c in "abcdefg"])
    assert error.what.endswith("it holds aa, bb, cc, dd, ee and 2 more")
    error = refused(
        "Subject | AE term | Severity", Severity=["Mrs Miller felt a headache after lunch"]
    )
    assert error.what.endswith("it holds longer text")
    error = refused("Subject | AE term | Severity", Severity=[f"aa{i}" for i in range(5000)])
    assert error.what.endswith("it holds more than 1,000 different texts")


def test_a_field_with_a_header_of_its_own_is_no_candidate() -> None:
    row = "Subject | AE term | SAE? | Severity"
    assert read(row, Severity=["0", "1"]).fields["grade"] == 3
    row = "Subject | AE term | Grade | SAE? | Severity"
    assert read(row, Severity=["Mild"]).fields["severity"] == 4
    same = read(row, Severity=["1", "2"])
    assert same.ignored == (("Severity", "Grade is used"),)
    assert same.notes == ("column 'Severity' is not used: Grade is used",)
    assert "could be severity (Severity), and" in refused(row, Severity=["x", "1"]).what


def test_two_columns_decided_alike_are_asked_about() -> None:
    error = refused(
        "Subject | AE term | Severity | 严重程度", Severity=["1", "2"], 严重程度=["1", "3"]
    )
    assert "2 columns could be grade (CTCAE grade)" in error.what


def test_two_columns_decided_apart_are_both_used() -> None:
    mapping = read("Subject | AE term | Severity | 分级", Severity=["Mild"], 分级=["1", "2"])
    assert mapping.fields == {"subject": 0, "term": 1, "severity": 2, "grade": 3}


@pytest.mark.parametrize("values", [[], ["", " ", "NA", "-"], ["unknown"]])
def test_a_column_that_holds_nothing_is_not_guessed_at(values: list[str]) -> None:
    mapping = read("Subject | AE term | Severity", Severity=values)
    assert mapping.ignored == (("Severity", "holds nothing that tells what it is"),)
    assert mapping.notes


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Severity (1=mild, 2=moderate, 3=severe)", "severity"),
        ("严重程度评估（轻度：1，中度：2，严重：3）", "severity"),
        ("Severity (CTCAE 4.03)", "grade"),
        ("严重程度（CTCAE 5.0）", "grade"),
        ("Severity (SAE: Y/N)", "serious"),
    ],
)
def test_a_hint_in_brackets_settles_it_before_the_values(header: str, field: str) -> None:
    assert (
        read(["Subject", "AE term", header], AdverseEvent, None, **{header: ["1", "2"]}).fields[
            field
        ]
        == 2
    )


def test_death_of_a_participant_is_a_word_or_a_date() -> None:
    assert "died" in read("Subject | Death", Subject, Death=["Yes", "No"]).fields
    assert "death_date" in read("Subject | Death", Subject, Death=["2024-03-05", ""]).fields
    assert "Died is used" in str(read("Subject | Died | Death", Subject, Death=["Y"]).ignored)


def test_seriousness_is_an_answer_or_a_reason() -> None:
    assert (
        "serious" in read("Subject | AE term | Seriousness", Seriousness=["Serious", "No"]).fields
    )
    mapping = read("Subject | AE term | Seriousness", Seriousness=["Death", "Hospitalization"])
    assert "criteria" in mapping.fields


# --- recognise, describe, and what holds for all ----------------------------------------------


def test_recognise_gives_fields_by_name_alone() -> None:
    assert recognise(["Subject", "AE term", "Severity", "Weather"], AdverseEvent) == {
        "subject",
        "term",
        "grade",
    }
    assert recognise(["S-001", "headache", "2024-01-05", "1", "x" * 40_000], AdverseEvent) == set()
    assert recognise(ADSL, Subject) >= {"subject", "arm", "actual_arm", "first_dose"}


def test_describe_says_what_became_of_every_header() -> None:
    row = ["Subject", "AE term", "Grade", "Weather", "Onset time", "Start Date"]
    assert describe(row, read(row), AdverseEvent) == [
        ("Subject", "Participant", ""),
        ("AE term", "Adverse event", ""),
        ("Grade", "CTCAE grade", ""),
        ("Weather", "", "not used"),
        ("Onset time", "", "Start Date is used"),
        ("Start Date", "Start", ""),
    ]


SPELLINGS = sorted({*names("event").spellings.values(), *names("subject").spellings.values()})
HEADER = st.one_of(st.sampled_from(SPELLINGS), st.text(max_size=12))
VALUE = st.sampled_from(["", "1", "2", "Mild", "SAE", "AE", "Yes", "2024-01-05", "x"])


@examples(300)
@given(
    st.lists(HEADER, max_size=12),
    st.lists(VALUE, max_size=4),
    st.randoms(),
    st.sampled_from(MODELS),
)
def test_every_column_is_accounted_for_and_order_does_not_matter(
    headers: list[str], values: list[str], random: object, model: type[Record]
) -> None:
    row = ["Subject", "AE term", *headers]
    try:
        mapping = match(row, model, {}, lambda _: values, "log.csv")
    except InputError as error:
        assert error.remedy
        return
    described = describe(row, mapping, model)
    assert [header for header, _, _ in described] == row
    assert all(bool(label) != bool(reason) for _, label, reason in described)
    assert len(row) == len(set(mapping.fields.values())) + len(mapping.ignored)
    again = match(row, model, {}, lambda _: values, "log.csv")
    assert again == mapping


@examples(200)
@given(st.permutations([*_row(ROWS[0][0]), "Severity", "SEQNO", "Weather"]))
def test_the_order_of_columns_changes_nothing(row: list[str]) -> None:
    found = {field: row[i] for field, i in read(row, Severity=["1", "4"]).fields.items()}
    assert found == dict(zip(ROWS[0][1].split(), _row(ROWS[0][0]), strict=True)) | {
        "grade": "Severity",
        "seq": "SEQNO",
    }


def test_matching_loads_no_polars() -> None:
    """Only the modules themselves: `ae_cli.read` brings Polars for the files."""
    code = "import sys, ae_cli.model, ae_cli.config; print('polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    for module in ("columns", "headers", "names", "asking", "by_value"):
        text = files("ae_cli.read").joinpath(f"{module}.py").read_text("utf-8")
        assert "polars" not in text


# --- the headers collected from real logs -----------------------------------------------------

CONCEPTS = {
    "pt": "preferred_term", "group": "arm", "dose_group": "arm", "death": "sae_death",
    "hosp": "sae_hospitalisation", "life": "sae_life_threatening", "fatal": "sae_death",
    "serious_reason": "criteria", "sae_reason": "criteria", "reason": "criteria",
    "te_flag": "treatment_emergent", "any": "occurred", "treatment": "treatment_given",
    "serious_code": "serious",
}  # fmt: skip
ONE_CRITERION = {
    "需住院治疗或延长住院时间": "sae_hospitalisation",
    "危及生命": "sae_life_threatening",
    "导致永久的或严重的残疾/能力丧失": "sae_disability",
    "先天性异常或出生缺陷": "sae_congenital",
    "其他重要的医学事件": "sae_other",
}
ELSEWHERE = {
    "AESOC": "primary_soc",  # which stands in for soc where there is no AEBODSYS
    "ae_unexpected": "the reverse of what is asked",
    "Is the event unexpected or unanticipated?": "the reverse of what is asked",
    "Date Reported": "collected",
    "严重程度评估（轻度：1，中度：2，严重：3）": "severity",  # its codes are in the header
    "CTCAE分级-1_TXT": "a later grade of the event: rows are not joined yet",
    "CTCAE分级-2_TXT": "a later grade of the event: rows are not joined yet",
    "CTCAE分级-3_TXT": "a later grade of the event: rows are not joined yet",
    "对不良事件采取的措施": "what was done for the event; the same log has a column for the device",
    "记录日期": "the date of the entry: not certainly the onset",
    "Subject Initials": "initials are no identifier",
    "受试者姓名缩写": "initials are no identifier",
}
NOT_OURS = {
    "onset_day", "stratum", "sign", "aesi", "status", "record", "visit", "creator",
    "outcome_date", "grade_changed", "narrative", "grade_used", "dose",
}  # fmt: skip


def collected() -> list[dict[str, str]]:
    if not FACTS.is_file():
        return []
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


needs_facts = pytest.mark.skipif(not FACTS.is_file(), reason="the shared facts are not here")


@needs_facts
def test_every_collected_header_means_its_concept() -> None:
    wrong = [(row["concept"], row["header"]) for row in collected() if not _as_collected(row)]
    assert wrong == []


def _as_collected(row: dict[str, str]) -> bool:
    concept, header = row["concept"], row["header"]
    field = ONE_CRITERION.get(header) or CONCEPTS.get(concept, concept)
    model = Subject if field in cells(Subject).keys() - cells(AdverseEvent) else AdverseEvent
    found = lookup(header, KINDS[model])
    meaning = found.meaning if found else None
    if header in ELSEWHERE or concept in NOT_OURS:
        expected = ELSEWHERE.get(header)
        return isinstance(meaning, Ignored) or (
            isinstance(meaning, Named) and meaning.field == expected
        )
    if isinstance(meaning, ByValue):
        return field in meaning.fields
    return isinstance(meaning, Named) and meaning.field == field


@needs_facts
def test_every_exception_is_in_use() -> None:
    assert ELSEWHERE.keys() | ONE_CRITERION.keys() <= {row["header"] for row in collected()}
    assert {row["concept"] for row in collected()} >= NOT_OURS
    ours = {*cells(AdverseEvent), *cells(Subject), *CONCEPTS}
    assert {row["concept"] for row in collected()} <= ours | NOT_OURS
