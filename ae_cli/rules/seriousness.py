"""Seriousness (ICH E2A), its criteria, and what grade has and has not to do with it."""

from __future__ import annotations

import narwhals as nw

from ae_cli.findings import Severity
from ae_cli.rules.examples import a_death, an_event
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Fields, Row, or_if_blank, rule, when

CRITERIA = {
    "sae_death": "death", "sae_life_threatening": "life-threatening",
    "sae_hospitalisation": "hospitalisation", "sae_disability": "disability",
    "sae_congenital": "congenital anomaly", "sae_other": "other medically important",
}  # fmt: skip
LESSER = {"sae_cancer": "cancer", "sae_overdose": "overdose"}  # older criteria, not of ICH E2A
ANY = "|".join((*CRITERIA, *LESSER))
NO_OVERDOSE = {"rules": {"options": {"overdose_is_criterion": False}}}
LABORATORY = (
    "alemia|atremia|alcemia|agnesemia|lycemia|hosphatemia|ricemia|lyceridemia|lbuminemia|"
    "^Anemia$|^Acidosis$|^Alkalosis$|ron overload"
)


def _met(ae: Fields) -> nw.Expr:
    """Whether a criterion is met; overdose is one where the study says so."""
    asked = [*CRITERIA, "sae_cancer", *(["sae_overdose"] * ae.option("overdose_is_criterion"))]
    return nw.any_horizontal(*map(ae.yes, asked), ignore_nulls=True)


def _named(row: Row) -> str:
    named = {**CRITERIA, **LESSER}
    return ", ".join(label for field, label in named.items() if row.get(field))


def _by_criterion(row: Row) -> Severity:
    if any(row.get(field) for field in CRITERIA):
        return ERROR
    return WARNING if row.get("sae_cancer") else NOTE


@rule(
    "AE-XFD-01", ERROR, "An event that meets a seriousness criterion is serious",
    needs=("serious", ANY), graded=_by_criterion,
    says=lambda row: f"not serious, but a seriousness criterion is met: {_named(row)}",
    fix="please confirm the criterion, or answer serious = yes",
    why="the event is missing from every count of serious events",
    sources=("CG0041", "CORE-000022", "ICH E2A"),
    good=[an_event(), an_event(serious="Y", sae_hospitalisation="Y"),
          an_event(serious="", sae_hospitalisation="Y"), an_event(sae_hospitalisation=""),
          an_event(sae_overdose="Y", study=NO_OVERDOSE)],
    bad=[an_event(sae_hospitalisation="Y"), an_event(sae_death="Y"), an_event(sae_overdose="Y"),
         an_event(sae_cancer="Y"), an_event(sae_life_threatening="Y"),
         an_event(sae_disability="Y"), an_event(sae_congenital="Y"), an_event(sae_other="Y")],
)  # fmt: skip
def criterion_makes_serious(ae: Fields) -> nw.Expr:
    return when(_met(ae), or_if_blank(ae.serious, True))


@rule(
    "AE-XFD-02", ERROR, "A serious event meets a seriousness criterion",
    needs=("serious", ANY), asks=("a criterion",), shows=("serious",),
    says="serious, but no seriousness criterion is met",
    fix="mark the criterion (death, life-threatening, hospitalisation, disability, congenital "
    "anomaly, other medically important), or answer serious = no",
    why="without a criterion nobody can tell why the event is serious; severe is not serious",
    sources=("CG0042", "CORE-000266", "SD0009", "ICH E2A"),
    good=[an_event(), an_event(serious="Y", sae_life_threatening="Y"), a_death(),
          an_event(serious=""), an_event(serious="Y", sae_overdose="Y")],
    bad=[an_event(serious="Y"), an_event(serious="Y", sae_overdose="Y", study=NO_OVERDOSE),
         an_event(serious="Y", sae_death="", sae_other="")],
)  # fmt: skip
def serious_meets_criterion(ae: Fields) -> nw.Expr:
    return when(ae.serious, _met(ae))


@rule(
    "AE-XFD-33", NOTE, "A life-threatening event normally has grade 4 or 5",
    needs=("sae_life_threatening", "grade"),
    graded=lambda row: WARNING if row["grade"] <= 2 else NOTE,
    says="life-threatening, but the grade is {grade}: CTCAE grade 4 is life-threatening",
    fix="please confirm the criterion and the grade",
    why="life-threatening means at risk of death at that time, not what might have become so",
    sources=("CTCAE", "ICH E2A"),
    good=[an_event(), an_event(serious="Y", sae_life_threatening="Y", term="Sepsis", grade="4"),
          a_death(sae_life_threatening="Y"), an_event(sae_life_threatening="Y", grade="")],
    bad=[an_event(sae_life_threatening="Y", grade="1"),
         an_event(sae_life_threatening="Y", grade="3")],
)  # fmt: skip
def life_threatening_is_grade_4(ae: Fields) -> nw.Expr:
    return when(ae.sae_life_threatening, or_if_blank(ae.grade >= 4, True))


def _clinical(row: Row) -> Severity:
    """A laboratory value can be grade 4 without being serious more easily than an illness can."""
    import re

    term, soc = row.get("ctc_term") or "", row.get("ctc_soc") or row.get("soc") or ""
    laboratory = soc.casefold() == "investigations" or bool(re.search(LABORATORY, term))
    return NOTE if laboratory else WARNING


@rule(
    "AE-XFD-34", WARNING, "A grade 4 event that is not serious deserves a look",
    needs=("grade", "serious"), graded=_clinical,
    says="grade 4 (life-threatening), but not serious",
    fix="please confirm that no seriousness criterion is met; severe is not the same as serious",
    why="grade and seriousness are two questions, but grade 4 seldom goes without a criterion",
    sources=("CTCAE", "ICH E2A"),
    good=[an_event(), an_event(term="Sepsis", grade="4", serious="Y", sae_life_threatening="Y"),
          an_event(grade="4", serious=""), an_event(grade="")],
    bad=[an_event(term="Sepsis", grade="4"), an_event(term="Lipase increased", grade="4"),
         an_event(term="Hypokalemia", grade="4")],
)  # fmt: skip
def grade_4_is_serious(ae: Fields) -> nw.Expr:
    return when(ae.grade == 4, or_if_blank(ae.serious, True))


@rule(
    "AE-XFD-35", NOTE, "Hospitalisation for a grade 1 event deserves a look",
    needs=("sae_hospitalisation", "grade"),
    says="in hospital for an event of grade 1 (mild)", fix="please confirm both",
    why="a stay that was planned, or for observation, is not a criterion by itself",
    sources=("CTCAE",),
    good=[an_event(), an_event(serious="Y", sae_hospitalisation="Y", grade="3"),
          an_event(serious="Y", sae_hospitalisation="Y", grade=""),
          an_event(sae_hospitalisation="", grade="1")],
    bad=[an_event(serious="Y", sae_hospitalisation="Y", grade="1")],
)  # fmt: skip
def hospital_is_not_grade_1(ae: Fields) -> nw.Expr:
    return when(ae.sae_hospitalisation, or_if_blank(ae.grade != 1, True))
