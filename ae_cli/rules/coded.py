"""Codes, terms and judgements that must say the same from row to row, and side by side."""

from __future__ import annotations

import re

import narwhals as nw

from ae_cli.rules.examples import an_event
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Example, Fields, Row, or_if_blank, rule, when
from ae_cli.vocabulary import Action, Causality, spellings

NOT_RELATED = [str(Causality.NOT_RELATED), str(Causality.UNLIKELY)]
DRUGS = range(1, 5)
YES = "|".join(
    re.escape(words) for words, answer in spellings(Causality).items()
    if answer not in (Causality.NOT_RELATED, Causality.UNLIKELY, Causality.NOT_ASSESSABLE)
)  # fmt: skip
EYE = r"(?i)^eye disorders$|^眼(?:部|器官)?疾病"


def _several(ae: Fields, of: str, for_one: str) -> nw.Expr:
    """Whether a value of one column stands beside several of another; blanks do not count."""
    both = ae.filled(of) & ae.filled(for_one)
    values = nw.when(both).then(nw.col(of))
    differ = values.min().over(for_one) != values.max().over(for_one)
    return or_if_blank(differ, False) & both


def _terms(*pairs: tuple[str, str]) -> Example:
    """Events of these preferred terms and codes."""
    first, *others = [{"preferred_term": t, "pt_code": c} for t, c in pairs]
    return an_event(also=others, **first)  # type: ignore[arg-type]


def _classes(*pairs: tuple[str, str]) -> Example:
    first, *others = [{"soc": t, "soc_code": c} for t, c in pairs]
    return an_event(also=others, **first)  # type: ignore[arg-type]


@rule(
    "AE-XRC-04", WARNING, "A preferred term has one code, and a code one term",
    needs=("preferred_term", "pt_code"), grouped=("preferred_term", "pt_code"),
    says="{preferred_term} with code {pt_code} ({count} rows): elsewhere one of them stands with "
    "another", fix="code these events alike", why="one event is counted under two terms",
    sources=("CG0049", "CORE-000268", "FB0909", "SD1287"),
    good=[_terms(("Nausea", "1"), ("Nausea", "1"), ("Rash", "2")), _terms(("", "")),
          _terms(("Nausea", "1"), ("Nausea", ""), ("", "2"))],
    bad=[_terms(("Nausea", "1"), ("Nausea", "2")), _terms(("Nausea", "1"), ("Rash", "1"))],
)  # fmt: skip
def term_has_one_code(ae: Fields) -> nw.Expr:
    return ~(_several(ae, "pt_code", "preferred_term") | _several(ae, "preferred_term", "pt_code"))


@rule(
    "AE-XRC-05", WARNING, "A system organ class has one code, and a code one text",
    needs=("soc", "soc_code"), grouped=("soc", "soc_code"),
    says="{soc} with code {soc_code} ({count} rows): elsewhere one of them stands with another",
    fix="write class and code alike", why="one class is counted as two",
    sources=("CG0083", "CORE-000184", "FB0910", "SD1242"),
    good=[_classes(("Eye disorders", "1"), ("Eye disorders", "1"), ("Skin", "2")),
          _classes(("", "")), _classes(("Eye disorders", "1"), ("Eye disorders", ""))],
    bad=[_classes(("Eye disorders", "1"), ("Eye disorders", "2")),
         _classes(("Eye disorders", "1"), ("Skin", "1"))],
)  # fmt: skip
def class_has_one_code(ae: Fields) -> nw.Expr:
    return ~(_several(ae, "soc_code", "soc") | _several(ae, "soc", "soc_code"))


@rule(
    "AE-XRC-06", ERROR, "All records belong to one study",
    needs=("study",), grouped=("study",),
    says="study {study} in {count} rows: the log, or the participant file, names another",
    fix="take the records of other studies out, or correct the study",
    why="events of another study would be counted here",
    sources=("SD1005", "CG0409", "CORE-000172"),
    good=[an_event(), an_event(also=[{"study": ""}]), an_event(also=[{}]),
          an_event(participants=[{"subject": "S1", "study": "", "arm": "Low"}])],
    bad=[an_event(also=[{"study": "T-2"}]),
         an_event(participants=[{"subject": "S1", "study": "T-2", "arm": "Low"}])],
)  # fmt: skip
def one_study(ae: Fields) -> nw.Expr:
    several = nw.col("study").min() != nw.col("study").max()
    other = (
        or_if_blank(nw.col("study") != nw.col("participant_study"), False)
        if ae.has("participant.study")
        else nw.lit(False)
    )
    return ~((or_if_blank(several, False) | other) & ae.filled("study"))


@rule(
    "AE-XRC-09", NOTE, "One reported term is coded to one preferred term",
    needs=("term", "preferred_term"), grouped=("term",),
    says=lambda row: f"{row['term']} is coded in {len(_coded(row))} ways: "
    f"{', '.join(_coded(row))}",
    fix="code the same words alike", why="one event is counted under two terms",
    sources=("practice",),
    good=[an_event(preferred_term="Nausea"), an_event(preferred_term="Nausea", also=[{}]),
          an_event(preferred_term="Nausea", also=[{"preferred_term": ""}]),
          an_event(term="", preferred_term="Nausea", also=[{"preferred_term": "Rash"}]),
          an_event(preferred_term="Nausea", also=[{"term": "Rash", "preferred_term": "Rash"}])],
    bad=[an_event(preferred_term="Nausea", also=[{"preferred_term": "Vomiting"}]),
         an_event(preferred_term="Nausea", also=[{}, {"preferred_term": "Vomiting"}])],
)  # fmt: skip
def coded_one_way(ae: Fields) -> nw.Expr:
    return ~_several(ae, "preferred_term", "term")


def _coded(row: Row) -> list[str]:
    return sorted({each["preferred_term"] for each in row["rows"] if each["preferred_term"]})


def _drugs(ae: Fields, field: str) -> list[str]:
    return [f"{field}_{n}" for n in DRUGS if ae.has(f"{field}_{n}")]


@rule(
    "AE-XFD-30", NOTE, "The relationship agrees with that to each treatment",
    needs=("related", "related_1|related_2|related_3|related_4"),
    shows=("related", "related_1", "related_2", "related_3", "related_4"),
    says=lambda row: "related, but to none of the treatments"
    if row["related"] not in NOT_RELATED
    else "not related, but related to one of the treatments",
    fix="please confirm the relationship", why="the table counts the first answer alone",
    sources=("sdtmchecks check_ae_aerel",),
    good=[an_event(related_1="Y", related="RELATED"),
          an_event(related_1="N", related="NOT RELATED"),
          an_event(related_1="N", related_2="Y", related="RELATED"),
          an_event(related_1="", related="RELATED"), an_event(related_1="Y", related=""),
          *(an_event(related_1=said, related=said)
            for said in ("POSSIBLE", "SUSPECTED", "可能有关")),
          an_event(related_1="N", related_2="", related="NOT RELATED")],
    bad=[an_event(related_1="Y", related="NOT RELATED"),
         an_event(related_1="PROBABLE", related="NOT RELATED"),
         an_event(related_1="N", related_2="N", related="RELATED"),
         an_event(related_1="N", related_2="RELATED", related="UNLIKELY RELATED")],
)  # fmt: skip
def relationships_agree(ae: Fields) -> nw.Expr:
    named = _drugs(ae, "related")
    yes = nw.any_horizontal(
        *(or_if_blank(nw.col(f).str.contains(rf"(?i)^\W*(?:{YES})\W*$"), False) for f in named),
        ignore_nulls=True,
    )
    answered = nw.any_horizontal(*(ae.filled(f) for f in named), ignore_nulls=True)
    related = ~nw.col("related").is_in(NOT_RELATED)
    return when(answered & ~nw.col("related").is_null(), or_if_blank(related, False) == yes)


@rule(
    "AE-XFD-31", NOTE, "An eye event says which eye",
    needs=("soc", "laterality"), shows=("term", "soc", "laterality"),
    says="an event of the eye, but the side is blank", fix="enter left, right or both",
    why="two events of two eyes look like one that stands twice",
    sources=("sdtmchecks check_ae_aelat",),
    good=[an_event(laterality=""), an_event(soc="", laterality=""),
          an_event(soc="Eye disorders", term="Blurred vision", laterality="LEFT")],
    bad=[an_event(soc="EYE DISORDERS", term="Blurred vision", laterality=""),
         an_event(soc="眼部疾病", term="Blurred vision", laterality=".")],
)  # fmt: skip
def eye_has_a_side(ae: Fields) -> nw.Expr:
    return when(ae.soc.str.contains(EYE), ae.filled("laterality"))


@rule(
    "AE-XFD-37", NOTE, "Treatment withdrawn for an event that is not related deserves a look",
    needs=("action", "related"),
    says="the treatment was withdrawn, but the event is {related}",
    fix="please confirm the action and the relationship",
    why="who stops a treatment for an event often suspects it", sources=("practice",),
    good=[an_event(), an_event(action="DRUG WITHDRAWN"),
          an_event(action="DRUG WITHDRAWN", related=""), an_event(action="", related="NOT RELATED"),
          an_event(action="DOSE NOT CHANGED", related="NOT RELATED")],
    bad=[an_event(action="DRUG WITHDRAWN", related="NOT RELATED")],
)  # fmt: skip
def withdrawal_is_related(ae: Fields) -> nw.Expr:
    unrelated = or_if_blank(ae.related == str(Causality.NOT_RELATED), False)
    return when(ae.action == str(Action.WITHDRAWN), ~unrelated)


@rule(
    "AE-XFD-38", WARNING, "A serious, related event says whether it was expected",
    needs=("serious", "related", "expected"),
    says="serious and related, but it is not said whether the event was expected",
    fix="answer by the reference safety information",
    why="a suspected unexpected serious reaction has a reporting time of 7 or 15 days",
    sources=("ICH E2A",),
    good=[an_event(expected=""), an_event(expected="N", serious="Y", sae_other="Y"),
          an_event(expected="", serious="Y", sae_other="Y", related="NOT RELATED"),
          an_event(expected="", serious="", related="RELATED"),
          an_event(expected="", serious="Y", sae_other="Y", related="")],
    bad=[an_event(expected="", serious="Y", sae_other="Y"),
         an_event(expected="", serious="Y", sae_other="Y", related="NOT ASSESSABLE")],
)  # fmt: skip
def expectedness_is_answered(ae: Fields) -> nw.Expr:
    """What counts as related here is fixed: that which could be a reaction, not study.toml's."""
    suspected = or_if_blank(~nw.col("related").is_in(NOT_RELATED), False)
    return when(or_if_blank(ae.serious, False) & suspected, ae.filled("expected"))
