"""Footnotes of the tables by term and by answer."""

from __future__ import annotations

from collections.abc import Iterator

from ae_cli.findings import Report
from ae_cli.reports.footnotes import (
    blank,
    dates,
    emergence,
    intervals,
    partly_graded,
    population,
    related,
    scale,
    told,
)
from ae_cli.reports.group import judged_related
from ae_cli.reports.scale import anything
from ae_cli.study import Study
from ae_cli.table import Table


def term_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of a table by term."""
    parts = (population, dates, emergence, scale, _related_here, _lines, _threshold)
    return told(study, table, findings, *parts)


def grade_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of a table by term and worst grade."""
    parts = (
        population, dates, emergence, scale, _related_here, _worst_of_line, _lines, _threshold,
    )  # fmt: skip
    return told(study, table, findings, *parts)


def answer_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of a table by answers."""
    parts = (population, dates, emergence, scale, _related_here, blank, intervals)
    return told(study, table, findings, *parts)


def _related_here(study: Study, table: Table) -> Iterator[str]:
    """What counts as related, where the table asks."""
    return related(study, table) if table.name in ("related", "relation", "serious") else iter(())


def _lines(study: Study, table: Table) -> Iterator[str]:
    """How the lines of terms and classes are counted, and in which order they stand."""
    yield (
        "Participants, % of N, and the number of their events. A participant is counted once in "
        "each line; a class counts those with any of its terms. Only events add."
    )
    if study.choices.sort == "frequency":
        yield "Classes, and terms within them: the commonest in Total first."
    if study.choices.zero_rows:
        yield "Terms without an event that is counted are shown, where the log has such rows."


def _threshold(study: Study, table: Table) -> Iterator[str]:
    least, more = study.choices.at_least, study.choices.more_than
    if least is None and more is None:
        return
    limit = f"at least {least}%" if least is not None else f"more than {more}%"
    yield (
        f"Terms in {limit} of the participants of some group; the lines of classes and of all "
        "events count the other terms too. Classes without such a term are left out."
    )


def _worst_of_line(study: Study, table: Table) -> Iterator[str]:
    yield (
        "Worst grade: the highest known grade of a participant's events in the line; that of a "
        "class is the worst of its terms. Grades that nobody has are not shown."
    )
    such = judged_related(study) if table.name == "related" else anything
    yield from partly_graded(study.counted().filter(such))
