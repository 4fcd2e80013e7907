"""Columns that come in pairs: a relation and its time point, a code and its text."""

from __future__ import annotations

import narwhals as nw

from ae_cli.rules.examples import an_event
from ae_cli.rules.rule import NOTE, WARNING, Example, Fields, or_if_blank, rule, when

WITHOUT_CODE = "a code without its text, or a text without its code"


def _both(ae: Fields, one: str, other: str) -> nw.Expr:
    return ae.filled(one) == ae.filled(other)


def _pair(**cells: str) -> Example:
    return an_event(**cells)  # type: ignore[arg-type]


@rule(
    "AE-XFD-18", WARNING, "The relation of the end and its time point come together",
    needs=("end_relation", "end_point"),
    says="of the relation of the end (AEENRTPT) and its time point (AEENTPT) one is blank",
    fix="enter both, or neither", why="ONGOING says nothing without the day it is said of",
    sources=("CG0045", "CORE-000106", "SD0050"),
    good=[_pair(end_relation="ONGOING", end_point="2024-06-01", end="", outcome="UNKNOWN"),
          _pair(end_relation="", end_point="")],
    bad=[_pair(end_relation="ONGOING", end_point=""), _pair(end_relation="", end_point="VISIT 3")],
)  # fmt: skip
def end_relation_has_point(ae: Fields) -> nw.Expr:
    return _both(ae, "end_relation", "end_point")


@rule(
    "AE-XFD-19", WARNING, "The relation of the start and its time point come together",
    needs=("start_relation", "start_point"),
    says="of the relation of the start (AESTRTPT) and its time point (AESTTPT) one is blank",
    fix="enter both, or neither", why="BEFORE says nothing without the day it is said of",
    sources=("CG0059", "CORE-000085", "SD0049"),
    good=[_pair(start_relation="BEFORE", start_point="SCREENING"),
          _pair(start_relation="", start_point="")],
    bad=[_pair(start_relation="BEFORE", start_point=""),
         _pair(start_relation="", start_point="SCREENING")],
)  # fmt: skip
def start_relation_has_point(ae: Fields) -> nw.Expr:
    return _both(ae, "start_relation", "start_point")


@rule(
    "AE-XFD-21", WARNING, "A toxicity that is named has a grade",
    needs=("toxicity", "grade"),
    says="a toxicity is named, but its grade is blank", fix="enter the grade, 1 to 5",
    why="the toxicity is in no row by grade", sources=("CG0428", "CORE-000102", "SD1036"),
    good=[an_event(toxicity="Anemia"), an_event(toxicity="", grade=""),
          an_event(toxicity="Anemia", grade="six")],
    bad=[an_event(toxicity="Anemia", grade="")],
)  # fmt: skip
def toxicity_is_graded(ae: Fields) -> nw.Expr:
    return when(ae.filled("toxicity"), ae.filled("grade"))


@rule(
    "AE-XFD-22", NOTE, "A grade has a toxicity, where that column is used",
    needs=("toxicity", "grade"), grouped=("study",),
    says="a grade is given, but no toxicity (AETOX): {count} rows",
    fix="name the toxicity that is graded, or leave the column out",
    why="nobody can tell what was graded", sources=("SD1037",),
    good=[an_event(toxicity="Anemia"), an_event(toxicity="", grade=""),
          an_event(toxicity="", also=[{}]), an_event(toxicity="", grade="0", also=[
              {"toxicity": "Anemia"}])],
    bad=[an_event(toxicity="", also=[{"toxicity": "Anemia"}])],
)  # fmt: skip
def grade_has_toxicity(ae: Fields) -> nw.Expr:
    used = or_if_blank((~nw.col("toxicity").is_null()).any(), False)
    graded = or_if_blank(ae.grade > 0, False)
    return ~(used & graded & ~ae.filled("toxicity"))


@rule(
    "AE-XFD-23", WARNING, "A system organ class and its code come together",
    needs=("soc", "soc_code"), grouped=("study",),
    says=f"system organ class: {WITHOUT_CODE}, in {{count}} rows", fix="enter both",
    why="code and text are read by different programs, and must say the same",
    sources=("CG0082", "CORE-000024", "SD1241"),
    good=[an_event(soc_code="10017947"), an_event(soc="", soc_code="")],
    bad=[an_event(soc="", soc_code="10017947"), an_event(soc_code="")],
)  # fmt: skip
def soc_has_code(ae: Fields) -> nw.Expr:
    return _both(ae, "soc", "soc_code")


@rule(
    "AE-XFD-24", WARNING, "A code of a preferred term has its term",
    needs=("pt_code", "preferred_term"),
    says="the preferred term has a code, but no text", fix="enter the preferred term",
    why="tables are made of the text", sources=("CG0050", "CORE-000267", "SD1289"),
    good=[an_event(pt_code="10028813", preferred_term="Nausea"),
          an_event(pt_code="", preferred_term=""), an_event(pt_code="", preferred_term="Nausea")],
    bad=[an_event(pt_code="10028813", preferred_term="")],
)  # fmt: skip
def pt_code_has_term(ae: Fields) -> nw.Expr:
    return when(ae.filled("pt_code"), ae.filled("preferred_term"))


@rule(
    "AE-XFD-25", WARNING, "A subcategory has a category",
    needs=("category", "subcategory"),
    says="a subcategory is given, but no category", fix="enter the category",
    why="a subcategory means something within its category alone",
    sources=("CG0429", "CORE-000103", "SD1098"),
    good=[an_event(category="A", subcategory="B"), an_event(category="A", subcategory=""),
          an_event(category="", subcategory="")],
    bad=[an_event(category="", subcategory="B")],
)  # fmt: skip
def subcategory_has_category(ae: Fields) -> nw.Expr:
    return when(ae.filled("subcategory"), ae.filled("category"))


def _repeats(ae: Fields, field: str) -> nw.Expr:
    """Whether a field says the same as the category's other level, the term, the class or AE."""
    text = nw.col(field).str.to_lowercase()
    others = [f for f in ("category", "term", "preferred_term", "soc", "domain")
              if f != field and ae.has(f)]  # fmt: skip
    same = [or_if_blank(text == nw.col(f).str.to_lowercase(), False) for f in others]
    return nw.any_horizontal(*same, ignore_nulls=True) if same else nw.lit(False)


@rule(
    "AE-XFD-26", NOTE, "Category and subcategory say something of their own",
    needs=("category|subcategory",), shows=("category", "subcategory", "term", "soc"),
    grouped=("category", "subcategory"),
    says=lambda row: f"category {row.get('category') or 'blank'}, subcategory "
    f"{row.get('subcategory') or 'blank'}: one repeats another column ({row['count']} rows)",
    fix="leave the category blank, or name the category", why="a repeated text says nothing more",
    sources=("CG0027", "CORE-000237", "SD1041", "SD1039", "SD1040"),
    good=[an_event(category="A", subcategory="B"), an_event(category="", subcategory=""),
          an_event(category="A"), an_event(category="", subcategory="A")],
    bad=[an_event(category="A", subcategory="a"), an_event(category="nausea"),
         an_event(subcategory="Gastrointestinal disorders", category="A"),
         an_event(category="AE", domain="AE"), an_event(subcategory="Nausea")],
)  # fmt: skip
def category_is_its_own(ae: Fields) -> nw.Expr:
    asked = [f for f in ("category", "subcategory") if ae.has(f)]
    return ~nw.any_horizontal(*(_repeats(ae, f) for f in asked), ignore_nulls=True)


@rule(
    "AE-XFD-28", NOTE, "Other medically important, and the words for it, come together",
    needs=("sae_other", "other_reason"),
    says=lambda row: "other medically important, but not in what way"
    if row["sae_other"]
    else "it is said why the event is medically important, but the criterion is not yes",
    fix="enter both: the criterion, and in what way", sources=("CG0043", "CORE-000597", "SD1143"),
    why="the criterion is a judgement, and the words are its reason",
    good=[an_event(sae_other="Y", serious="Y", other_reason="seizure at home"),
          an_event(other_reason=""), an_event(sae_other="", other_reason="")],
    bad=[an_event(other_reason="seizure at home"), an_event(sae_other="", other_reason="seizure"),
         an_event(sae_other="Y", serious="Y", other_reason="")],
)  # fmt: skip
def other_reason_is_told(ae: Fields) -> nw.Expr:
    return ae.yes("sae_other") == ae.filled("other_reason")


@rule(
    "AE-XFD-29", NOTE, "Several other actions are named one by one",
    needs=("other_action", "other_action_1"),
    says="other action is MULTIPLE, but the actions are not named one by one",
    fix="enter each action in its own column", why="MULTIPLE names none of them",
    sources=("sdtmchecks check_ae_aeacnoth",),
    good=[an_event(other_action="MULTIPLE", other_action_1="A", other_action_2="B"),
          an_event(other_action="", other_action_1=""),
          an_event(other_action="HOSPITALISED", other_action_1=""),
          an_event(other_action="Multiple", other_action_1="A")],
    bad=[an_event(other_action="MULTIPLE", other_action_1=""),
         an_event(other_action="multiple", other_action_1="A", other_action_2="")],
)  # fmt: skip
def multiple_actions_are_named(ae: Fields) -> nw.Expr:
    several = ae.other_action.str.strip_chars().str.to_uppercase() == "MULTIPLE"
    named = [ae.filled(f) for f in ("other_action_1", "other_action_2") if ae.has(f)]
    return when(several, nw.all_horizontal(*named, ignore_nulls=True))
