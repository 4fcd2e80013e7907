"""Events by what was answered of them: relationship, action, outcome, seriousness by grade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.model import AdverseEvent, cells
from ae_cli.reports.group import CRITERIA, cross_table, judged_related, serious
from ae_cli.reports.scale import anything
from ae_cli.reports.tally import (
    Line,
    across_groups,
    in_section,
    of_blanks,
    participants_with,
    people,
)
from ae_cli.reports.terms import by_grade, by_term, lacking
from ae_cli.study import Study
from ae_cli.table import Cell, Rate, Row
from ae_cli.vocabulary import Action, Causality, Outcome

LISTS: dict[str, tuple[type[StrEnum], str]] = {
    "related": (Causality, "Relationship to study treatment"),
    "action": (Action, "Action taken with study treatment"),
    "outcome": (Outcome, "Outcome"),
}


def needing(*fields: str) -> Callable[[Study], InputError | None]:
    """Why a table that is made of these answers cannot be made; None where it can."""

    def lacks(study: Study) -> InputError | None:
        absent = next((field for field in fields if not study.has(field)), None)
        if absent is None:
            return lacking(study)
        labels = [cells(AdverseEvent)[field].label for field in absent.split("|")]
        return InputError(
            f"the log has no column for {' or '.join(labels)}, of which the table is made",
            "ae-cli columns FILE shows what each column was taken for",
        )

    return lacks


def by_answer(field: str) -> Callable[[Study], tuple[Row, ...]]:
    """The rows of a table of each answer to a question, in the order of its list."""

    def rows(study: Study) -> tuple[Row, ...]:
        return across_groups(study, of_answers(study, field))

    return rows


def of_answers(study: Study, field: str) -> tuple[Line, ...]:
    """Any event, those with each answer, and those without one. A participant whose events have
    several answers is in several lines."""
    members, title = LISTS[field]
    said = [str(member) for member in members]
    more = [text for text in study.config.lists.of(field) if text not in said]
    lines = [
        participants_with(_key(field, text), text.capitalize(), nw.col(field) == text, field)
        for text in (*said, *more)
    ]
    blank = participants_with(f"{field}_missing", "Not answered", nw.col(field).is_null(), field)
    return in_section(
        title, participants_with("any_ae", "Any adverse event", anything), *lines, of_blanks(blank)
    )


def _key(field: str, text: str) -> str:
    return f"{field}_{'_'.join(text.lower().replace('/', ' ').split())}"


def by_seriousness(study: Study) -> tuple[Row, ...]:
    """Events by grade and seriousness: severity is not seriousness."""
    return across_groups(study, cross_table())


def by_serious(study: Study) -> tuple[Row, ...]:
    """Serious events by class and term, then by criterion, relationship and outcome."""
    related = judged_related(study)
    lines = (
        *in_section("Serious by criterion", *(
            participants_with(key, label.capitalize(), serious & nw.col(key), "serious", key)
            for key, label in CRITERIA.items()
        )),
        *in_section(
            "Serious by relationship",
            participants_with("sae_related", "Related", serious & related, "serious", "related"),
            participants_with(
                "sae_not_related", "Not related", serious & ~related, "serious", "related"
            ),
            of_blanks(participants_with(
                "sae_relationship_missing", "Not answered", serious & nw.col("related").is_null(),
                "serious", "related",
            )),
        ),
        *in_section("Serious by outcome", *(
            participants_with(
                f"sae_{_key('outcome', outcome)}", outcome.capitalize(),
                serious & (nw.col("outcome") == str(outcome)), "serious", "outcome",
            )
            for outcome in Outcome
        )),
    )  # fmt: skip
    terms = by_term(study, serious, "Any serious adverse event")
    return (*terms, *_beside_terms(across_groups(study, lines)))


def _beside_terms(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows as those of terms are: with their events, without intervals."""

    def shown(cell: Cell) -> Cell:
        return replace(cell, ci=None, with_events=True) if isinstance(cell, Rate) else cell

    return tuple(replace(row, cells=tuple(map(shown, row.cells))) for row in rows)


def by_related(study: Study) -> tuple[Row, ...]:
    """Related events by class, term and worst grade."""
    related = judged_related(study)
    make = by_grade if study.has("grade") else by_term
    return make(study, related, "Any related adverse event")


def by_discontinuation(study: Study) -> tuple[Row, ...]:
    """Events for which treatment was withdrawn, or for which the participant left the study."""
    claims = []
    if study.has("action"):
        claims.append(nw.col("action") == str(Action.WITHDRAWN))
    if study.has("discontinued"):
        claims.append(nw.col("discontinued"))
    such = nw.any_horizontal(*claims, ignore_nulls=True)
    return by_term(study, such, "Any such adverse event")


def by_death(study: Study) -> tuple[Row, ...]:
    """Fatal events by class and term, and deaths of the participant file beside them."""
    vital = "participant.died|participant.death_date"
    dead = nw.col("dead")
    lines = in_section(
        "Deaths by the participant file",
        people("deaths", "Deaths, all causes", dead, vital),
        people(
            "deaths_without_fatal_ae", "Deaths without a fatal event",
            dead & (nw.col("fatal_events") == 0), vital, "outcome|grade|sae_death", indent=1,
        ),
    )  # fmt: skip
    terms = by_term(study, nw.col("fatal"), "Any fatal adverse event")
    return (*terms, *_beside_terms(across_groups(study, lines)))
