"""The table by dose group: the overall summary of adverse events."""

from __future__ import annotations

import narwhals as nw

from ae_cli.reports.scale import GRADES, anything, by_scale, grade, ungraded
from ae_cli.reports.tally import (
    Line,
    across_groups,
    events_with,
    in_section,
    of_blanks,
    participants_with,
    people,
    quantity,
    rate,
    share_of_events,
    total,
)
from ae_cli.study import Study
from ae_cli.table import Cell, Column, NotEstimable, Rate, Row
from ae_cli.vocabulary import Action, Evaluability

CRITERIA = {
    "sae_death": "resulting in death",
    "sae_life_threatening": "life-threatening",
    "sae_hospitalisation": "hospitalisation",
    "sae_disability": "disability",
    "sae_congenital": "congenital anomaly",
    "sae_other": "other medically important",
}
ACTIONS = {
    "dose_interrupted": ("Dose interrupted", Action.INTERRUPTED),
    "dose_delayed": ("Dose delayed", Action.DOSE_DELAYED),
    "dose_reduced": ("Dose reduced", Action.DOSE_REDUCED),
    "drug_withdrawn": ("Treatment withdrawn", Action.WITHDRAWN),
}

VITAL = "participant.died|participant.death_date"
FATAL = "outcome|grade|sae_death"

serious, not_serious = nw.col("serious"), ~nw.col("serious")


def by_group(study: Study) -> tuple[Row, ...]:
    """Grade 1-2 and serious adverse event rates in each dose group."""
    return across_groups(study, of_groups(study))


def of_groups(study: Study) -> tuple[Line, ...]:
    """The lines of the table."""
    return (
        *_overall(study),
        *by_scale(study),
        *_shares(),
        *_serious(with_grades=study.has("grade") or not study.has("severity")),
        *_related(study),
        *_consequences(),
        *dose_limiting(),
        *_deaths(),
        *_follow_up(),
    )


def _overall(study: Study) -> tuple[Line, ...]:
    """Without N nobody can be said to have had no event: that row is left out."""
    none = Line("no_ae", "No adverse event", "participants", _no_ae, without=anything)
    known = study.columns[-1].N is not None
    return in_section(
        "Participants",
        participants_with("any_ae", "Any adverse event", anything),
        *([none] if known else []),
    )


def _no_ae(study: Study, column: Column, sums: dict[str, int]) -> Cell:
    return rate(study, column, (column.N or 0) - sums["any_ae"])


def _shares() -> tuple[Line, ...]:
    return in_section(
        "Events",
        share_of_events(
            "events_grade_1_2_share", "Grade 1-2, of graded events", grade.is_between(1, 2),
            grade >= 1, "no graded event", "grade",
        ),
        share_of_events(
            "events_serious_share", "Serious, of all events", serious, anything, "no event",
            "serious",
        ),
    )  # fmt: skip


def _serious(with_grades: bool) -> tuple[Line, ...]:
    any_sae = in_section(
        "Serious adverse events (SAE)",
        participants_with("any_sae", "Any serious adverse event", serious, "serious"),
        *(
            participants_with(key, label, serious & nw.col(key), "serious", key, indent=1)
            for key, label in CRITERIA.items()
        ),
        people(
            "deaths_without_sae",
            "Deaths without a serious event",
            nw.col("dead") & (nw.col("serious_events") == 0),
            VITAL,
            "serious",
        ),
        of_blanks(
            participants_with(
                "seriousness_missing", "Seriousness not answered", serious.is_null(), "serious"
            )
        ),
        events_with("events_serious", "Serious adverse events", serious, "serious"),
    )
    return (*any_sae, *(cross_table() if with_grades else ()))


def cross_table() -> tuple[Line, ...]:
    """Severity is not seriousness: events by both."""
    return tuple(
        line
        for key, title, such in (
            ("events_serious", "Serious events by grade", serious),
            ("events_nonserious", "Events not serious, by grade", not_serious),
        )
        for line in in_section(
            title,
            *(
                events_with(
                    f"{key}_grade_{g}", f"Grade {g}", such & (grade == g), "serious", "grade"
                )
                for g in GRADES
            ),
            events_with(f"{key}_grade_ungraded", "Ungraded", such & ungraded, "serious", "grade"),
        )
    )


def judged_related(study: Study) -> nw.Expr:
    """Whether an event is related, by the answers that study.toml counts; null where blank."""
    return nw.col("related").is_in([str(answer) for answer in study.config.related.counts])


def _related(study: Study) -> tuple[Line, ...]:
    related = judged_related(study)
    return in_section(
        "Related to study treatment",
        participants_with("any_related", "Any related adverse event", related, "related"),
        participants_with(
            "related_grade_3_plus", "Related, grade 3 or more", related & (grade >= 3),
            "related", "grade", indent=1,
        ),
        participants_with(
            "related_sae", "Related and serious", related & serious, "related", "serious", indent=1
        ),
        of_blanks(
            participants_with(
                "relationship_missing", "Relationship not answered", nw.col("related").is_null(),
                "related",
            )
        ),
    )  # fmt: skip


def _consequences() -> tuple[Line, ...]:
    return in_section(
        "Participants with an event leading to",
        *(
            participants_with(key, label, nw.col("action") == str(action), "action")
            for key, (label, action) in ACTIONS.items()
        ),
        participants_with(
            "study_discontinued", "Leaving the study", nw.col("discontinued"), "discontinued"
        ),
        participants_with(
            "treatment_given", "Treatment given", nw.col("treatment_given"), "treatment_given"
        ),
    )


def dose_limiting(evaluable: bool = False) -> tuple[Line, ...]:
    """Of the evaluable: those with a dose-limiting toxicity, or judged without one; never of N.

    Those whose window is open are a number alone: they may be evaluable one day. `evaluable` adds
    a line of these.
    """
    told = "participant.dlt_evaluable"
    judged = nw.col("dlt_evaluable") == str(Evaluability.YES)
    waiting = nw.col("dlt_evaluable") == str(Evaluability.PENDING)
    hit = nw.col("dlts") > 0

    def cell(study: Study, column: Column, sums: dict[str, int]) -> Cell:
        if not study.has(told):
            return NotEstimable("who was evaluable is not recorded")
        n, of = sums["dlt"], sums["dlt:of"]
        return rate(study, column, n, of=of) if of else NotEstimable("nobody was evaluable")

    able = hit | judged.fill_null(False)
    counts = (("dlt", total(hit)), ("dlt:of", total(able)))
    of_them = people("dlt_evaluable", "Evaluable", able, "dlt", told)
    return in_section(
        "Dose-limiting toxicity (DLT)",
        *([of_them] if evaluable else []),
        Line(
            "dlt",
            "DLT, of the evaluable",
            "participants",
            cell,
            people=counts,
            claim=hit,
            needs=("dlt", told),
        ),
        Line(
            "dlt_pending",
            "Window still open",
            "participants",
            lambda study, column, n: Rate(n["dlt_pending"], None),
            people=(("dlt_pending", total(waiting & ~hit)),),
            claim=waiting & ~hit,
            needs=("dlt", told),
        ),
    )


def _deaths() -> tuple[Line, ...]:
    dead, explained = nw.col("dead"), nw.col("fatal_events") > 0
    return in_section(
        "Deaths",
        participants_with(
            "fatal_ae", "Fatal adverse event", nw.col("fatal"), FATAL
        ),
        people("deaths", "Deaths, all causes", dead, VITAL),
        people(
            "deaths_without_fatal_ae", "Deaths without a fatal event", dead & ~explained, VITAL,
            FATAL, indent=1,
        ),
    )  # fmt: skip


def _follow_up() -> tuple[Line, ...]:
    months = nw.col("follow_up_months")
    dates = ("participant.first_dose", "participant.last_contact|participant.death_date")
    return in_section(
        "Follow-up (months)",
        quantity("follow_up_median", "Median", months.median(), "no complete dates", *dates),
        quantity("person_months", "Person-months", months.sum(), "no complete dates", *dates),
    )
