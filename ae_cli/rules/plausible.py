"""What is possible and seldom right: deserves a look. The words are in words.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import narwhals as nw

from ae_cli.rules.examples import a_person, an_event
from ae_cli.rules.rule import NOTE, Example, Fields, Row, or_if_blank, rule

FILE = Path(__file__).with_name("words.toml")
TERM = "term|preferred_term"
FEMALE, MALE = r"(?i)^\W*(?:f|female|女性?)\W*$", r"(?i)^\W*(?:m|male|男性?)\W*$"
FIRST_YEAR = 1900


@cache
def pattern(part: str, name: str) -> str:
    """The words of an entry, as one expression."""
    words: list[str] = tomllib.loads(FILE.read_text("utf-8"))[part][name]
    return "(?i)" + "|".join(f"(?:{word})" for word in words)


def _whole(part: str) -> str:
    """The words of a part, where nothing else stands beside them."""
    names = tomllib.loads(FILE.read_text("utf-8"))[part]
    words = "|".join(f"(?:{word})" for name in names for word in names[name])
    return rf"(?i)^\W*(?:{words})\W*$"


def _of_a(sex: str, term: str) -> Example:
    return an_event(term=term, participants=[a_person(sex=sex)])


def _wrong_sex(row: Row) -> str:
    return f"{row['coded_term']} in a participant whose sex is {row['participant_sex']}"


@rule(
    "AE-PLA-01", NOTE, "Events of one sex agree with the participant's",
    needs=(TERM, "participant.sex"), shows=("term", "preferred_term"), says=_wrong_sex,
    fix="please confirm the event and the participant's sex",
    why="the event, the sex or the participant is another one", sources=("practice",),
    good=[_of_a("F", "Vaginal hemorrhage"), _of_a("M", "Prostatitis"), _of_a("M", "Nausea"),
          _of_a("", "Prostatitis"), _of_a("U", "Prostatitis"), _of_a("女", "月经不调"),
          _of_a("F", "Breast pain"), an_event(term="", participants=[a_person(sex="F")])],
    bad=[_of_a("F", "Prostatitis"), _of_a("male", "Uterine hemorrhage"), _of_a("男", "月经不调"),
         _of_a("Female", "Erectile dysfunction"), _of_a("M", "Pregnancy")],
)  # fmt: skip
def sex_agrees(ae: Fields) -> nw.Expr:
    sex = nw.col("participant_sex")
    wrong = sex.str.contains(MALE) & ae.coded_term.str.contains(pattern("sex", "female"))
    other = sex.str.contains(FEMALE) & ae.coded_term.str.contains(pattern("sex", "male"))
    return ~(or_if_blank(wrong, False) | or_if_blank(other, False))


@rule(
    "AE-PLA-03", NOTE, "The term names an event, and not an outcome or a procedure",
    needs=("term",),
    says="the term is an outcome or a procedure, and not the event behind it: {term}",
    fix="name the event: what the participant died of, was admitted or treated for",
    why="an outcome has no grade and no cause of its own", sources=("CDASH AE", "ICH E2A"),
    good=[an_event(), an_event(term=""), an_event(term="Death NOS"),
          an_event(term="Sudden death NOS"), an_event(term="Infusion related reaction"),
          an_event(term="Death neonatal"), an_event(term="术后出血")],
    bad=[an_event(term="DEATH"), an_event(term="surgery"), an_event(term="Hospitalization."),
         an_event(term="死亡"), an_event(term="住院"), an_event(term="Blood transfusion")],
)  # fmt: skip
def term_is_an_event(ae: Fields) -> nw.Expr:
    return or_if_blank(~ae.term.str.contains(_whole("bare")), True)


@rule(
    "AE-XFD-39", NOTE, "A stay in hospital that was planned is not by itself a criterion",
    needs=("sae_hospitalisation", TERM), shows=("term", "preferred_term", "sae_hospitalisation"),
    says="hospitalisation is marked, and the term speaks of a planned stay or a visit: {term}",
    fix="please confirm that the stay was not planned before the trial, and was an admission",
    why="a stay planned before the trial, or a visit to emergency alone, meets no criterion",
    sources=("ICH E2A", "practice"),
    good=[an_event(), an_event(serious="Y", sae_hospitalisation="Y"),
          an_event(term="Elective hernia repair"), an_event(term="", sae_hospitalisation="Y"),
          an_event(term="Elective hernia repair", sae_hospitalisation="")],
    bad=[an_event(term="Elective hernia repair", serious="Y", sae_hospitalisation="Y"),
         an_event(term="择期手术", serious="Y", sae_hospitalisation="Y"),
         an_event(term="ER visit for cough", serious="Y", sae_hospitalisation="Y")],
)  # fmt: skip
def stay_was_not_planned(ae: Fields) -> nw.Expr:
    name = ae.term if ae.has("term") else ae.coded_term
    planned = or_if_blank(name.str.contains(pattern("stay", "planned")), False)
    return ~(or_if_blank(ae.sae_hospitalisation, False) & planned)


def _beside_2024(start: str, **more: Any) -> Example:
    """An event that started then, among others of 2024."""
    others = [{"start": "2024-03-05", "end": "", "term": term} for term in ("Cough", "Rash")]
    return an_event(start=start, end="", also=others, **more)


LATER = {"rules": {"thresholds": {"years_apart": 20}}}


@rule(
    "AE-PLA-07", NOTE, "Dates lie after birth, and in a year that can be",
    needs=("start|end|death_date",), shows=("start", "end", "death_date"),
    says="a date lies before the participant's birth, or in a year that cannot be or is far from "
    "those of the other records",
    fix="please confirm the dates", why="a typing error in the year moves an event by decades",
    sources=("practice",),
    good=[an_event(), an_event(start=""), an_event(start="1900", end=""),
          an_event(participants=[a_person(birth_date="2024-03-04")]),
          an_event(participants=[a_person(birth_date="2024")]),
          an_event(participants=[a_person(birth_date="")]), _beside_2024("2014-01-01"),
          _beside_2024("2034-12-31"), _beside_2024("", study=LATER),
          _beside_2024("2044", study=LATER)],
    bad=[an_event(start="1899-12-31", end=""), an_event(start="1850", end=""),
         _beside_2024("1925-03-04"), _beside_2024("2105-03-04"), _beside_2024("2013-12"),
         _beside_2024("2035"), _beside_2024("2045", study=LATER), an_event(end="2105-03-04"),
         an_event(participants=[a_person(birth_date="2024-03-05")]),
         an_event(start="", end="2024-02-03", participants=[a_person(birth_date="2024-03")])],
)  # fmt: skip
def dates_can_be(ae: Fields) -> nw.Expr:
    """The date of birth is held against the dates, and shown nowhere."""
    dated = [f for f in ("start", "end", "death_date") if ae.has(f)]
    early = [nw.col(f"{f}_latest").dt.year() < FIRST_YEAR for f in dated]
    if ae.has("participant.birth_date"):
        born = nw.col("participant_birth_date_earliest")
        early += [nw.col(f"{f}_latest") < born for f in dated]
    wrong = [*early, *_far(dated, ae.threshold("years_apart"))]
    return ~nw.any_horizontal(*(or_if_blank(each, False) for each in wrong), ignore_nulls=True)


def _far(dated: list[str], years: int) -> list[nw.Expr]:
    """Whether all of a date lies more years than these from the median year of the first field."""
    usual = nw.col(f"{dated[0]}_earliest").dt.year().median()
    before = [nw.col(f"{f}_latest").dt.year() < usual - years for f in dated]
    return before + [nw.col(f"{f}_earliest").dt.year() > usual + years for f in dated]
