"""How people write grades, dates and answers, and what each is read as. Nothing is guessed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from ae_cli import dates
from ae_cli import values as v
from ae_cli.vocabulary import (
    SERIOUS_WORDS,
    SPELLINGS,
    Action,
    Answer,
    Causality,
    Criterion,
    Evaluability,
    Intensity,
    Outcome,
    normalise,
    serious_spellings,
    spellings,
    words,
)

REFUSED = "refused"  # by the field's own rule
RANGE = v.GRADE_RANGE

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "value_spellings.csv"


def read(how: Callable[[Any], Any], text: Any) -> Any:
    """The value of a text, or the rule that it breaks."""
    try:
        return how(text)
    except PydanticCustomError as error:
        return RANGE if error.type == RANGE else REFUSED


# Every value in use that was collected, with what it means; written out one by one.
SEEN: dict[str, dict[str, Any]] = {
    "grade": {
        "1级": 1, "2级": 2, "3级": 3, "4级": 4, "5级": 5, "Ⅰ级": 1, "G1": 1,
        "1级->2级": RANGE,
        "轻度": REFUSED, "中度": REFUSED, "重度": REFUSED,  # severity is not a CTCAE grade
        "Mild": REFUSED, "Moderate": REFUSED, "Severe": REFUSED, "Life threatening": REFUSED,
    },
    "related": {
        "肯定有关": Causality.DEFINITE, "很可能有关": Causality.PROBABLE,
        "极可能有关": Causality.PROBABLE, "可能有关": Causality.POSSIBLE,
        "可能无关": Causality.UNLIKELY, "无关": Causality.NOT_RELATED,
        "肯定无关": Causality.NOT_RELATED, "无法判定": Causality.NOT_ASSESSABLE,
        "有关": Causality.RELATED, "无关联": Causality.NOT_RELATED,
        "Unrelated": Causality.NOT_RELATED, "Unlikely": Causality.UNLIKELY,
        "Possible": Causality.POSSIBLE, "Probable": Causality.PROBABLE,
        "Definite": Causality.DEFINITE, "NONE": Causality.NOT_RELATED,
        "REMOTE": Causality.UNLIKELY, "POSSIBLE": Causality.POSSIBLE,
        "PROBABLE": Causality.PROBABLE, "NOT RELATED": Causality.NOT_RELATED,
        "UNLIKELY RELATED": Causality.UNLIKELY, "POSSIBLY RELATED": Causality.POSSIBLE,
        "RELATED": Causality.RELATED,
    },
    "outcome": {
        "痊愈": Outcome.RECOVERED, "痊愈伴后遗症": Outcome.SEQUELAE,
        "痊愈（无后遗症）": Outcome.RECOVERED, "好转/缓解": Outcome.RECOVERING,
        "未好转/持续": Outcome.NOT_RECOVERED, "致死": Outcome.FATAL, "未知": Outcome.UNKNOWN,
        "恢复/解决": Outcome.RECOVERED, "恢复/解决有后遗症": Outcome.SEQUELAE,
        "未恢复/未解决": Outcome.NOT_RECOVERED, "恢复中": Outcome.RECOVERING,
        "死亡": Outcome.FATAL, "持续": Outcome.NOT_RECOVERED, "症状持续": Outcome.NOT_RECOVERED,
        "症状消失(后遗症 □有 □无)": REFUSED,  # a form of which no box is ticked
        "Completely recovered": Outcome.RECOVERED, "Complete recovery": Outcome.RECOVERED,
        "Condition improving": Outcome.RECOVERING, "Condition Improving": Outcome.RECOVERING,
        "Don't Know": Outcome.UNKNOWN, "Not Applicable": None,
        "Unknown/lost to follow-up": Outcome.UNKNOWN, "Lost to follow-up": Outcome.UNKNOWN,
        "Condition still present and unchanged": Outcome.NOT_RECOVERED,
        "Resolved without Sequelae": Outcome.RECOVERED,
        "Resolved with Sequelae": Outcome.SEQUELAE, "Recovered with sequelae": Outcome.SEQUELAE,
        "Recovered": Outcome.RECOVERED, "Condition worsening": Outcome.NOT_RECOVERED,
    },
    "serious": {"是": Answer.YES, "否": Answer.NO},
    "action": {
        "剂量不变": Action.DOSE_NOT_CHANGED, "增加剂量": Action.DOSE_INCREASED,
        "减少剂量": Action.DOSE_REDUCED, "暂停用药": Action.INTERRUPTED,
        "停止用药": Action.WITHDRAWN, "已结束用药": Action.NOT_APPLICABLE,
        "不适用": Action.NOT_APPLICABLE,
    },
    "date": {
        "2018年5月29日": ("2018-05-29", "2018-05-29"),
        "2020-05-UN (unknown day)": ("2020-05-01", "2020-05-31"),
        "^ (ongoing/none)": None,
    },
}  # fmt: skip
READERS: dict[str, Callable[[Any], Any]] = {
    "grade": v.grade,
    "related": v.one_of(Causality),
    "outcome": v.one_of(Outcome),
    "serious": v.serious,
    "action": v.one_of(Action),
    "date": dates.end_date,
}


def days(span: Any) -> Any:
    """The first and the last day of a span."""
    if not isinstance(span, dates.DateSpan):
        return span
    return (span.earliest.date().isoformat(), span.latest.date().isoformat())


@pytest.mark.parametrize(
    ("concept", "text", "meant"),
    [(concept, text, meant) for concept, told in SEEN.items() for text, meant in told.items()],
)
def test_a_value_in_use_is_read_or_refused(concept: str, text: str, meant: Any) -> None:
    cell = text.split(" (", maxsplit=1)[0] if concept == "date" else text  # a remark follows
    assert days(read(READERS[concept], cell)) == meant


@pytest.mark.skipif(not FACTS.exists(), reason="the collection of values is not beside the project")
def test_every_value_collected_is_decided_here() -> None:
    with FACTS.open(encoding="utf-8-sig", newline="") as file:
        found = {(row["concept"], row["value"]) for row in csv.DictReader(file)}
    assert found - {(concept, text) for concept, told in SEEN.items() for text in told} == set()


# Grades


@pytest.mark.parametrize(
    "text",
    ["3", "3.0", "3.00", "03", "３", " 3 ", "Grade 3", "grade3", "GRADE III", "G3", "G 3", "Gr. 3",
     "gr 3", "iii", "III", "Ⅲ", "Ⅲ级", "III级", "3级", "3 级", "三级", "三", "3度", "CTCAE 3",
     "CTCAE grade 3"],
)  # fmt: skip
def test_a_grade_in_any_spelling(text: str) -> None:
    assert v.grade(text) == 3


@pytest.mark.parametrize(
    "text", ["", " ", "NA", "n/a", ".", "-", "—", "unknown", "未知", "不详", "无", "none"]
)
def test_no_grade(text: str) -> None:
    assert v.grade(text) is None


@pytest.mark.parametrize(
    "text",
    ["2-3", "2~3", "2～3", "2/3", "1,2", "1、2", "1；2", "2 to 3", "2 or 3", "1级->2级", "1→2",
     "1至2级", "grade 2-3", "III-IV", "G2/G3", "2 & 3"],
)  # fmt: skip
def test_several_grades_are_refused_as_such(text: str) -> None:
    assert read(v.grade, text) == RANGE


@pytest.mark.parametrize(
    "text",
    ["6", "10", "-1", "3.5", "3+", ">3", "≥3", "<3", "3?", "3 (moderate)", "mild", "severe", "重度",
     "Grade", "vi", "六级", "十级", "1 2", "ii i", "TRUE", "1e0", "3级?",
     "2024-02-03"],
)  # fmt: skip
def test_what_is_no_grade_is_refused(text: str) -> None:
    assert read(v.grade, text) == REFUSED


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Grade 1 (mild)", 1), ("1 - mild", 1), ("1级(轻度)", 1), ("2级（中度）", 2), ("1=Mild", 1),
        ("G3: severe", 3), ("III severe", 3), ("重度(3级)", 3), ("Moderate (2)", 2),
        ("4 - Life-threatening", 4), ("Grade 5 (fatal)", 5), ("三级 重度", 3),
    ],
)  # fmt: skip
def test_a_grade_with_its_word(text: str, number: int) -> None:
    assert v.grade(text) == number


@pytest.mark.parametrize("text", ["2 - severe", "Grade 1 (moderate)", "轻度(3级)", "0 mild"])
def test_a_grade_with_the_word_of_another_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="the word are different grades"):
        v.grade(text)


@pytest.mark.parametrize(
    "text",
    ["1 day", "1 - mild (2)", "mild", "not 1 mild", "3 - not severe", "2 (mild to moderate)"],
)
def test_a_number_with_other_words_is_no_grade(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="not a grade"):
        v.grade(text)


@pytest.mark.parametrize("text", ["25-03-14", "3/4/25", "14.03.24", "14-Mar-24", "25/03/14 10:30"])
def test_a_year_of_two_digits_is_refused_as_such(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="the year has two digits"):
        dates.date(text)


@pytest.mark.parametrize("text", ["none", "None", "No treatment", "无", "未治疗", "no"])
def test_no_treatment_is_an_answer(text: str) -> None:
    assert v.treated(text) is Answer.NO


@pytest.mark.parametrize("number", range(6))
def test_a_number_is_a_grade(number: int) -> None:
    assert v.grade(number) == number
    assert v.grade(str(number)) == number


def test_a_number_out_of_range_is_refused() -> None:
    assert [read(v.grade, number) for number in (-1, 6, 99)] == [REFUSED] * 3


# Dates


@pytest.mark.parametrize(
    "text",
    ["2024-03-05", " 2024-03-05 ", "2024-3-5", "2024/3/5", "2024/03/05", "2024.03.05", "20240305",
     "2024-03-05T00:00:00", "2024-03-05 00:00", "05MAR2024", "5-Mar-2024", "05 March 2024",
     "March 5, 2024", "Mar 5th, 2024", "5 MAR 2024 00:00", "2024年3月5日", "2024 年 3 月 5 号",
     "２０２４年３月５日", "２０２４-０３-０５"],
)  # fmt: skip
def test_a_day_in_any_form(text: str) -> None:
    day = datetime(2024, 3, 5)
    assert dates.date(text) == dates.DateSpan(day, day + timedelta(days=1, seconds=-1))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024年", "2024-01-01", "2024-12-31"),
        ("2024-UN-UN", "2024-01-01", "2024-12-31"),
        ("2024---05", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024/2", "2024-02-01", "2024-02-29"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("Feb 2024", "2024-02-01", "2024-02-29"),
        ("UN-FEB-2024", "2024-02-01", "2024-02-29"),
        ("2024-02-UNK", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("1 sept 2024", "2024-09-01", "2024-09-01"),
        ("25/12/2024", "2024-12-25", "2024-12-25"),
        ("12/25/2024", "2024-12-25", "2024-12-25"),
        ("15.03.2024", "2024-03-15", "2024-03-15"),
        ("05/05/2024", "2024-05-05", "2024-05-05"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)  # fmt: skip
def test_a_date_is_as_long_as_it_is_unknown(text: str, first: str, last: str) -> None:
    assert days(dates.date(text)) == (first, last)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2024-03-05T10", datetime(2024, 3, 5, 10, 59, 59)),
        ("2024-03-05T10:30", datetime(2024, 3, 5, 10, 30, 59)),
        ("2024-03-05 10:30:15", datetime(2024, 3, 5, 10, 30, 15)),
        ("2024-03-05T10:30:15.250Z", datetime(2024, 3, 5, 10, 30, 15)),
        ("2024-03-05T10:30+08:00", datetime(2024, 3, 5, 10, 30, 59)),
        ("2024年3月5日 10:30", datetime(2024, 3, 5, 10, 30, 59)),
        ("15/3/2024 10:30", datetime(2024, 3, 15, 10, 30, 59)),
    ],
)
def test_a_time_is_kept_as_far_as_it_is_known(text: str, last: datetime) -> None:
    span = dates.date(text)
    assert span is not None
    assert span.latest == last


@pytest.mark.parametrize(
    "text",
    ["03/04/2024", "3.4.2024", "3-4-2024", "3/4/24", "05-03-24", "05 MAR 24",
     "202403", "99999999", "2024-02-30", "2023-02-29", "2024-04-31", "2024-13-01", "2024-00-10",
     "31-Feb-2024", "2024-03-05T24:00", "2024-03-05T10:60", "0000-01-01", "1799-12-31",
     "2200-01-01", "10:30", "soon", "day 3", "ongoing", "2024-03-05?", "~2024", "--03-05",
     "2024-03-05 to 2024-03-07", "2024-W10", "maybe 2024", "decision 2024", "sepsis 2024",
     "12:00:00 AM", "UN UN 2024"],
)  # fmt: skip
def test_what_is_no_certain_date_is_refused(text: str) -> None:
    assert read(dates.date, text) == REFUSED


@pytest.mark.parametrize("text", ["ongoing", "Continuing", "持续", "进行中", "仍在持续"])
def test_an_event_that_goes_on_has_no_end(text: str) -> None:
    assert dates.end_date(text) is None
    assert read(dates.end_date, f"{text}?") == REFUSED
    assert read(dates.date, text) == REFUSED


@pytest.mark.parametrize("text", ["", "NA", ".", "^", "unknown", "不详", "未知", "/"])
def test_no_date(text: str) -> None:
    assert dates.date(text) is None
    assert dates.end_date(text) is None


# Answers

AMBIGUOUS = ["?", "Y?", "是？", "Yes/No", "Y/N", "是/否", "□是", "□是 □否", "☐ Yes", "1", "0", "x",
             "T", "ongoing?", "+", "*", "±", "maybe", "yes, in hospital", "Yes No"]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Y", "y", "Ｙ", "YES", "Yes.", " yes ", "(Y)", "true", "TRUE", "checked", "是", "是的",
             "有", "√", "✓", "✔", "☑是"],
)  # fmt: skip
def test_yes(text: str) -> None:
    assert v.one_of(Answer)(text) is Answer.YES
    assert v.serious(text) is Answer.YES


@pytest.mark.parametrize(
    "text", ["N", "n", "No", "NO.", "false", "unchecked", "否", "无", "没有", "不是", "×"]
)
def test_no(text: str) -> None:
    assert v.one_of(Answer)(text) is Answer.NO
    assert v.serious(text) is Answer.NO


@pytest.mark.parametrize(
    "text", ["", " ", "NA", "N/A", "n.a.", ".", "-", "—", "/", "U", "unknown", "not known",
             "not done", "missing", "未知", "不详", "未填", "缺失"],
)  # fmt: skip
def test_unanswered(text: str) -> None:
    assert v.one_of(Answer)(text) is None
    assert v.serious(text) is None
    assert v.ongoing(text) is None


@pytest.mark.parametrize("text", AMBIGUOUS)
@pytest.mark.parametrize(
    "how", [v.one_of(Answer), v.serious, v.ongoing, v.one_of(Outcome), v.one_of(Action)]
)
def test_what_could_be_either_is_refused(how: Callable[[Any], Any], text: str) -> None:
    assert read(how, text) == REFUSED


@pytest.mark.parametrize(
    ("text", "meant"),
    [("SAE", Answer.YES), ("serious", Answer.YES), ("严重", Answer.YES), ("AE", Answer.NO),
     ("Not serious", Answer.NO), ("non-serious", Answer.NO), ("非严重", Answer.NO)],
)  # fmt: skip
def test_seriousness_may_be_answered_with_the_word(text: str, meant: Answer) -> None:
    assert v.serious(text) is meant
    assert read(v.one_of(Answer), text) == REFUSED


@pytest.mark.parametrize(
    ("text", "meant"),
    [("ONGOING", Answer.YES), ("After", Answer.YES), ("持续", Answer.YES), ("Y", Answer.YES),
     ("BEFORE", Answer.NO), ("ended", Answer.NO), ("coincident", Answer.NO), ("否", Answer.NO)],
)  # fmt: skip
def test_ongoing_may_be_a_relation_in_time(text: str, meant: Answer) -> None:
    assert v.ongoing(text) is meant


# Lists

LISTED: dict[type[StrEnum], dict[str, StrEnum | str | None]] = {
    Outcome: {
        "died": Outcome.FATAL, "resulted in death": Outcome.FATAL, "致命": Outcome.FATAL,
        "resolved": Outcome.RECOVERED, "治愈": Outcome.RECOVERED, "已恢复": Outcome.RECOVERED,
        "RECOVERED/RESOLVED": Outcome.RECOVERED, "recovered / resolved": Outcome.RECOVERED,
        "有后遗症": Outcome.SEQUELAE, "改善": Outcome.RECOVERING, "improving": Outcome.RECOVERING,
        "未恢复": Outcome.NOT_RECOVERED, "ongoing": Outcome.NOT_RECOVERED,
        "失访": Outcome.UNKNOWN, "U": None, "缓解": REFUSED, "稳定": REFUSED, "Fatal?": REFUSED,
        "stable": REFUSED, "other": REFUSED, "其他": REFUSED, "not fatal": REFUSED,
        "recovered/not recovered": REFUSED, "discharged": REFUSED, "grade 5": REFUSED,
    },
    Action: {
        "None": Action.DOSE_NOT_CHANGED, "无": Action.DOSE_NOT_CHANGED, "减量": Action.DOSE_REDUCED,
        "held": Action.INTERRUPTED, "暂停": Action.INTERRUPTED, "停药": Action.WITHDRAWN,
        "discontinued": Action.WITHDRAWN, "延迟给药": Action.DOSE_DELAYED,
        "减慢滴速": Action.DOSE_RATE_REDUCED, "不详": Action.UNKNOWN, "NA": None,
        "dose changed": REFUSED, "adjusted": REFUSED, "调整剂量": REFUSED, "medication": REFUSED,
        "对症治疗": REFUSED, "Reduced?": REFUSED,
    },
    Causality: {
        "N": Causality.NOT_RELATED, "no": Causality.NOT_RELATED, "是": Causality.RELATED,
        "Yes": Causality.RELATED, "likely": Causality.PROBABLE, "可能": Causality.POSSIBLE,
        "不太可能": Causality.UNLIKELY, "doubtful": Causality.UNLIKELY,
        "certain": Causality.DEFINITE, "unassessable": Causality.NOT_ASSESSABLE,
        "待评价": Causality.NOT_ASSESSABLE, "/": None, "MAYBE": REFUSED, "可能有关?": REFUSED,
        "可能有关/可能无关": REFUSED, "possible/probable": REFUSED, "3": REFUSED,
    },
    Intensity: {
        "mild": Intensity.MILD, "轻度": Intensity.MILD, "中": Intensity.MODERATE,
        "Severe": Intensity.SEVERE, "重度": Intensity.SEVERE, "严重": Intensity.SEVERE,
        "3": REFUSED, "mild-moderate": REFUSED, "轻中度": REFUSED, "life threatening": REFUSED,
    },
    Evaluability: {
        "evaluable": Evaluability.YES, "不可评价": Evaluability.NO, "N": Evaluability.NO,
        "观察中": Evaluability.PENDING, "in window": Evaluability.PENDING, "later": REFUSED,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [(kind, text, meant) for kind, told in LISTED.items() for text, meant in told.items()],
)
def test_a_listed_value(kind: type[StrEnum], text: str, meant: object) -> None:
    assert read(v.one_of(kind), text) == meant


@pytest.mark.parametrize("kind", SPELLINGS)
def test_every_member_is_a_spelling_of_itself(kind: type[StrEnum]) -> None:
    for member in kind:
        for text in (member, str(member), str(member).lower(), f"  {member} "):
            assert v.one_of(kind)(text) is member


@pytest.mark.parametrize("kind", SPELLINGS)
def test_no_spelling_belongs_to_two_members(kind: type[StrEnum]) -> None:
    """The table refuses a second owner by itself; here it is counted."""
    owners = Counter(
        form
        for member in kind
        for form in words("|".join(filter(None, (member, SPELLINGS[kind].get(member)))))
    )
    assert [form for form, n in owners.items() if n > 1] == []
    assert set(spellings(kind)) == set(owners)


def test_the_words_for_serious_agree_with_yes_and_no() -> None:
    yes, no = (set(words(SERIOUS_WORDS[answer])) for answer in (Answer.YES, Answer.NO))
    assert not yes & no
    assert serious_spellings().items() >= spellings(Answer).items()


@pytest.mark.parametrize("kind", SPELLINGS)
def test_no_spelling_is_empty_or_longer_than_a_cell(kind: type[StrEnum]) -> None:
    assert all(0 < len(form) < 100 for form in spellings(kind))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Death", (Criterion.DEATH,)),
        ("死亡；住院", (Criterion.DEATH, Criterion.HOSPITALISATION)),
        ("hospitalization, life-threatening",
         (Criterion.LIFE_THREATENING, Criterion.HOSPITALISATION)),
        ("致残\n延长住院时间", (Criterion.HOSPITALISATION, Criterion.DISABILITY)),
        ("住院、住院", (Criterion.HOSPITALISATION,)),
        ("congenital anomaly/birth defect", (Criterion.CONGENITAL,)),
        ("重要医学事件", (Criterion.OTHER,)),
        ("", None), ("/", None), ("NA", None),
        ("felt bad", REFUSED), ("住院?", REFUSED), ("death, other", REFUSED),
        ("□死亡 □住院", REFUSED),
    ],
)  # fmt: skip
def test_reasons_why_serious(text: str, meant: object) -> None:
    assert read(v.criteria, text) == meant


# Text


@pytest.mark.parametrize(
    "text", ["", " ", "\t", "\u3000", "NA", "n/a", ".", "-", "--", "—", "null"]
)
def test_a_blank_is_no_text(text: str) -> None:
    assert v.text(text) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [(" a  b ", "a  b"), ("\u3000恶心\u3000", "恶心"), ("[red]x[/red]", "[red]x[/red]"),
     ("none", "none"), ("无", "无"), ("0", "0"), ("=1+1", "=1+1"), ("a\u202eb", "a\u202eb")],
)  # fmt: skip
def test_a_text_keeps_all_but_its_outer_spaces(text: str, kept: str) -> None:
    assert v.text(text) == kept


@pytest.mark.parametrize(
    ("text", "form"),
    [("RECOVERED/RESOLVED", "recovered resolved"), ("recovered - resolved", "recovered resolved"),
     ("痊愈（无后遗症）", "痊愈 无后遗症"), ("Ｙｅｓ", "yes"), ("√", "yes"), ("_x_", "x"),
     ("---", "")],
)  # fmt: skip
def test_one_form_for_a_spelling(text: str, form: str) -> None:
    assert normalise(text) == form
