"""The lines of the table by worst grade and by grade; by severity where that is all there is."""

from __future__ import annotations

import narwhals as nw

from ae_cli.reports.tally import (
    WORST,
    Line,
    events_with,
    in_section,
    of_blanks,
    participants_whose,
    participants_with,
)
from ae_cli.study import Study
from ae_cli.vocabulary import Intensity

GRADES = (1, 2, 3, 4, 5)
anything = ~nw.col("record").is_null()
grade, worst = nw.col("grade"), nw.col(WORST)
ungraded = grade.is_null()


def by_scale(study: Study) -> tuple[Line, ...]:
    """Participants by their worst, and events, on the scale that the log has."""
    if study.has("severity") and not study.has("grade"):
        return (*_worst_severity(), *_events_by_severity())
    return (*_worst_grade(), *_events_by_grade())


def _worst_grade() -> tuple[Line, ...]:
    return in_section(
        "Participants by worst grade",
        participants_whose("worst_grade_1_2", "Worst grade 1-2", worst.is_between(1, 2), "grade"),
        *(
            participants_whose(f"worst_grade_{g}", f"Grade {g}", worst == g, "grade", indent=1)
            for g in GRADES[:2]
        ),
        participants_whose("worst_grade_3_plus", "Worst grade 3 or more", worst >= 3, "grade"),
        *(
            participants_whose(f"worst_grade_{g}", f"Grade {g}", worst == g, "grade", indent=1)
            for g in GRADES[2:]
        ),
        of_blanks(
            participants_whose("worst_grade_ungraded", "Ungraded only", worst.is_null(), "grade")
        ),
    ) + in_section(
        "Participants with at least one event of",
        participants_with("any_grade_1_2", "Grade 1-2", grade.is_between(1, 2), "grade"),
        participants_with("any_grade_3_plus", "Grade 3 or more", grade >= 3, "grade"),
    )


def _events_by_grade() -> tuple[Line, ...]:
    return in_section(
        "Events",
        events_with("events", "Adverse events", anything),
        *(
            events_with(f"events_grade_{g}", f"Grade {g}", grade == g, "grade", indent=1)
            for g in GRADES
        ),
        of_blanks(events_with("events_ungraded", "Ungraded", ungraded, "grade", indent=1)),
    )


def _worst_severity() -> tuple[Line, ...]:
    counts = tuple((f"{w.name}:events", nw.col("severity") == str(w)) for w in Intensity)
    mild, moderate, severe = (nw.col(name) > 0 for name, _ in counts)
    claims = {
        "mild": mild & ~moderate & ~severe,
        "moderate": moderate & ~severe,
        "severe": severe,
        "missing": ~mild & ~moderate & ~severe,
    }
    return in_section(
        "Participants by worst severity",
        *(
            participants_whose(
                f"worst_severity_{key}", key.capitalize(), claim, "severity", counts=counts
            )
            for key, claim in claims.items()
        ),
    )


def _events_by_severity() -> tuple[Line, ...]:
    severity = nw.col("severity")
    missing = events_with(
        "events_severity_missing", "Severity missing", severity.is_null(), "severity", indent=1
    )
    return in_section(
        "Events",
        events_with("events", "Adverse events", anything),
        *(
            events_with(
                f"events_severity_{w.name.lower()}", w.name.capitalize(), severity == str(w),
                "severity", indent=1,
            )
            for w in Intensity
        ),
        missing,
    )  # fmt: skip
