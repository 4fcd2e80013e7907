"""Grades against CTCAE: which grades a term has, and severity in words beside them."""

from __future__ import annotations

import narwhals as nw

from ae_cli.ctcae.wording import quoted
from ae_cli.errors import InputError
from ae_cli.rules.examples import a_death, an_event
from ae_cli.rules.rule import ERROR, NOTE, Fields, Row, or_if_blank, rule, when
from ae_cli.vocabulary import Intensity

TERM = "term|preferred_term"


def _permits(ae: Fields) -> nw.Expr:
    """Whether the term has this grade; true without a term of CTCAE or a grade of 1 to 5."""
    fits = nw.any_horizontal(
        *(or_if_blank((ae.grade == g) & nw.col(f"ctc_{g}"), False) for g in range(1, 6)),
        ignore_nulls=True,
    )
    return fits | ae.ctc_term.is_null() | ~or_if_blank(ae.grade.is_between(1, 5), False)


def _single(ae: Fields) -> nw.Expr:
    return ~ae.ctc_only.is_null()


def _quoted(row: Row) -> str:
    """The wording of the grade nearest to the one given, where the user has imported it.

    What is imported and cannot be read takes no finding away.
    """
    grades = (g for g in range(1, 6) if row[f"ctc_{g}"])
    near = min(grades, key=lambda g: (abs(g - row["grade"]), -g))
    try:
        text = quoted(row["in_study"].config.ctcae, row["ctc_term"], near)
    except InputError:
        return ""
    return f" (grade {near}: {text!r})" if text else ""


def _grades(row: Row) -> str:
    grades = [str(g) for g in range(1, 6) if row[f"ctc_{g}"]]
    return grades[0] if len(grades) == 1 else ", ".join(grades[:-1]) + " and " + grades[-1]


SHOWS = ("term", "preferred_term", "grade")


@rule(
    "AE-CTC-03", ERROR, "The grade exists for the term",
    needs=(TERM, "grade"), shows=SHOWS,
    says=lambda row: f"CTCAE has no grade {row['grade']} for {row['ctc_term']}: "
    f"it has {_grades(row)}{_quoted(row)}",
    fix="please confirm the term and the grade",
    why="a grade that CTCAE does not define cannot be compared with anybody's",
    sources=("CTCAE",),
    good=[an_event(), an_event(grade=""), an_event(term="Not a term of CTCAE", grade="4"),
          an_event(term="", grade="4"), an_event(term="Alopecia", grade="5"),
          an_event(term="ALT increased", grade="4"),
          an_event(term="Asystole", grade="1"),
          an_event(term="Asystole", grade="3", study={"ctcae": "6.0"})],
    bad=[an_event(grade="4"), an_event(term="Asystole", grade="3"),
         an_event(term="Asystole", grade="1", study={"ctcae": "6.0"}),
         an_event(term="Vertigo", grade="4"), an_event(term="dry mouth", grade="4"),
         an_event(term="nausea", preferred_term="Nausea", grade="4")],
)  # fmt: skip
def grade_exists(ae: Fields) -> nw.Expr:
    elsewhere = _single(ae) | or_if_blank(ae.grade == 5, False)  # AE-CTC-05 and AE-CTC-04
    return _permits(ae) | elsewhere


@rule(
    "AE-CTC-04", ERROR, "Grade 5 is used only where the term has grade 5",
    needs=(TERM, "grade"), shows=SHOWS,
    says=lambda row: f"CTCAE has no grade 5 (death) for {row['ctc_term']}: "
    f"it has {_grades(row)}{_quoted(row)}",
    fix="please confirm the term, the grade and the outcome: which event caused the death?",
    why="a death is counted under a term that cannot cause it",
    sources=("CTCAE",),
    good=[a_death(), a_death(grade=""), a_death(term="", grade="5"), an_event(grade="4"),
          a_death(term="Syncope")],
    bad=[a_death(term="Alopecia"), a_death(term="nausea")],
)  # fmt: skip
def grade_5_exists(ae: Fields) -> nw.Expr:
    return when(ae.grade == 5, _permits(ae) | _single(ae))


@rule(
    "AE-CTC-05", ERROR, "A term defined for one grade carries that grade",
    needs=(TERM, "grade"), shows=SHOWS,
    says=lambda row: f"{row['ctc_term']} has grade {row['ctc_only']} only, not {row['grade']}"
    f"{_quoted(row)}",
    fix="please confirm the term and the grade",
    why="the term itself says how severe the event was", sources=("CTCAE",),
    good=[a_death(term="Death NOS"), an_event(term="Syncope", grade="3"), an_event(grade="4"),
          an_event(term="Syncope", grade=""), an_event(term=""),
          a_death(term="Death neonatal", study={"ctcae": "4.03"})],
    bad=[an_event(term="Death NOS", grade="3"), an_event(term="Syncope", grade="2"),
         a_death(term="Death neonatal"),
         an_event(term="Death neonatal", grade="4", study={"ctcae": "4.03"})],
)  # fmt: skip
def single_grade(ae: Fields) -> nw.Expr:
    return when(_single(ae), _permits(ae))


@rule(
    "AE-XFD-32", NOTE, "Severity in words and grade agree",
    needs=("severity", "grade"),
    says="{severity} is not grade {grade}: mild is 1, moderate 2, severe 3 or more",
    fix="please confirm both", why="two answers to one question: one of them is wrong",
    sources=("practice",),
    good=[an_event(severity="MODERATE"), an_event(severity="SEVERE", grade="3"),
          a_death(severity="SEVERE"), an_event(severity=""), an_event(severity="MILD", grade="")],
    bad=[an_event(severity="SEVERE", grade="1"), an_event(severity="MILD"),
         an_event(severity="MODERATE", grade="3")],
)  # fmt: skip
def severity_and_grade_agree(ae: Fields) -> nw.Expr:
    fits = (
        ((ae.severity == str(Intensity.MILD)) & (ae.grade == 1))
        | ((ae.severity == str(Intensity.MODERATE)) & (ae.grade == 2))
        | ((ae.severity == str(Intensity.SEVERE)) & (ae.grade >= 3))
    )
    asked = ~ae.severity.is_null() & or_if_blank(ae.grade >= 1, False)
    return when(asked, or_if_blank(fits, False))


@rule(
    "AE-CTC-14", NOTE, "The grade of an event did not change",
    needs=("grade", "course"), shows=("term", "preferred_term", "course", "grade"),
    says="the grade changed, {course}: the event is counted once, at its worst grade",
    fix="nothing, if the row is one event; separate events are separate rows",
    why="tables count an event at its worst grade; how long each grade lasted is not in them",
    sources=("practice",),
    good=[an_event(course=""), an_event()],
    bad=[an_event(course="1 > 2")],
)  # fmt: skip
def grade_did_not_change(ae: Fields) -> nw.Expr:
    return ~ae.filled("course")
