"""Events of special interest, as study.toml defines them, each kind with its profile."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.findings import Report
from ae_cli.reports.footnotes import event_notes
from ae_cli.reports.group import judged_related, serious
from ae_cli.reports.scale import grade
from ae_cli.reports.tally import Line, across_groups, events_with, in_section, participants_with
from ae_cli.study import Study
from ae_cli.study.selected import selected
from ae_cli.table import Row, Table
from ae_cli.vocabulary import Action


def without_interest(study: Study) -> InputError | None:
    """Why there is no table of events of special interest; None where there is one."""
    if study.config.interest:
        return None
    return InputError(
        "study.toml names no events of special interest",
        'write [[interest]], name = "Liver" and where = "soc == \'Hepatobiliary disorders\'"',
    )


def by_interest(study: Study) -> tuple[Row, ...]:
    """The profile of each kind: who had any, how grave, serious, related, fatal; and the events."""
    return across_groups(study, of_interest(study))


def of_interest(study: Study) -> tuple[Line, ...]:
    """The lines of the table."""
    return tuple(line for number in range(len(study.config.interest))
                 for line in _profile(study, number))  # fmt: skip


def events_of(study: Study, number: int) -> tuple[nw.Expr, tuple[str, ...]]:
    """The events of a kind, and the fields that define it."""
    kind = study.config.interest[number]
    return selected(study, kind.where, f"study.toml, interest {kind.name!r}")


def _profile(study: Study, number: int) -> tuple[Line, ...]:
    such, fields = events_of(study, number)
    key, related = f"interest_{number + 1}", judged_related(study)
    withdrawn = nw.col("action") == str(Action.WITHDRAWN)

    def of(name: str, label: str, claim: nw.Expr, *needs: str) -> Line:
        return participants_with(f"{key}_{name}", label, such & claim, *fields, *needs, indent=1)

    return in_section(
        study.config.interest[number].name,
        participants_with(key, "Any such event", such, *fields),
        of("grade_1_2", "Grade 1-2", grade.is_between(1, 2), "grade"),
        of("grade_3_4", "Grade 3-4", grade.is_between(3, 4), "grade"),
        of("grade_5", "Grade 5", grade == 5, "grade"),
        of("ungraded", "Ungraded", grade.is_null() | (grade == 0), "grade"),
        of("serious", "Serious", serious, "serious"),
        of("related", "Related", related, "related"),
        of("withdrawn", "Treatment withdrawn", withdrawn, "action"),
        of("fatal", "Fatal", nw.col("fatal"), "outcome|grade|sae_death"),
        events_with(f"{key}_events", "Events", such, *fields),
    )


def interest_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of events, and how each kind is defined."""
    return (*event_notes(study, table, findings), *_definitions(study))


def _definitions(study: Study) -> Iterator[str]:
    for kind in study.config.interest:
        yield f"{kind.name}: events where {kind.where} (study.toml)."
    yield "The lines of one kind overlap: a participant may have events of several grades."
