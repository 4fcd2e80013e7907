"""Every table there is. A report here is in `summarize by`, in every export and in the docs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ae_cli.errors import InputError
from ae_cli.findings import Listing
from ae_cli.findings import Report as Findings
from ae_cli.reports.answers import (
    by_answer,
    by_death,
    by_discontinuation,
    by_related,
    by_serious,
    by_seriousness,
    needing,
)
from ae_cli.reports.checks import verify
from ae_cli.reports.clock import by_clock, clock_listings, clock_notes, without_clocks
from ae_cli.reports.comparisons import comparison_notes, comparisons
from ae_cli.reports.dose_limiting import by_dlt, design_listing, dlt_notes, without_dlt
from ae_cli.reports.exposure import by_exposure, without_first_dose
from ae_cli.reports.footnotes import event_notes
from ae_cli.reports.group import by_group
from ae_cli.reports.interest import by_interest, interest_notes, without_interest
from ae_cli.reports.lab import by_lab, by_visit
from ae_cli.reports.lab_notes import lab_listings, result_notes
from ae_cli.reports.onset import by_time
from ae_cli.reports.participant import (
    by_participant,
    participant_listing,
    participant_notes,
    without_participants,
)
from ae_cli.reports.reconciliation import (
    by_reconciliation,
    reconciled_listing,
    reconciliation_notes,
    without_reports,
)
from ae_cli.reports.survival import by_survival, without_vital_status
from ae_cli.reports.term_notes import answer_notes, grade_notes, term_notes
from ae_cli.reports.terms import by_grade, by_term, lacking, without_grades
from ae_cli.reports.time_notes import exposure_notes, survival_notes, time_notes
from ae_cli.reports.withdrawal import by_withdrawal, withdrawal_notes, without_withdrawals
from ae_cli.study import Study
from ae_cli.table import Row, Table

TESTED = ("compare", "trend", "p_values")
COMPARED = {"compare", "trend"}
__all__ = ["REPORTS", "summarize"]


Notes = Callable[[Study, Table, Findings], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """A table by name: what it is called, the rows it counts, and what is said below it.

    `lists` are the listings that belong to it. `of_labs`: it is made of laboratory results.
    `lacks` gives what to say where it cannot be made of a study, and what to do. `in_workbook`:
    `export` writes it unasked. `of_terms`: it has a line for each term, of which a run may choose.
    `takes` are the choices of times and tests that it looks at.
    """

    name: str
    title: str
    rows: Callable[[Study], tuple[Row, ...]]
    notes: Notes = event_notes
    lists: Callable[[Study], tuple[Listing, ...]] = lambda study: ()
    of_labs: bool = False
    lacks: Callable[[Study], InputError | None] = lambda study: None
    in_workbook: bool = True
    of_terms: bool = False
    takes: tuple[str, ...] = ()


def _no_results(study: Study) -> InputError | None:
    if study.labs is not None:
        return None
    return InputError(
        "the table is made of laboratory results, and none were named",
        "for example: ae-cli summarize by lab labs.csv --subjects participants.csv",
    )


_LAB = "Laboratory shifts by CTCAE grade, baseline to worst, by dose group"
_VISIT = "Laboratory shifts by CTCAE grade, baseline to each visit, by dose group"
REPORTS: dict[str, Report] = {
    "group": Report("group", "Adverse events by dose group", by_group, takes=TESTED),
    "term": Report(
        "term",
        "Adverse events by system organ class and term, by dose group",
        by_term,
        term_notes,
        lacks=lacking,
        of_terms=True,
        takes=TESTED,
    ),
    "grade": Report(
        "grade",
        "Adverse events by system organ class, term and worst grade, by dose group",
        by_grade,
        grade_notes,
        lacks=without_grades,
        of_terms=True,
    ),
    "serious": Report(
        "serious",
        "Serious adverse events by system organ class and term, by dose group",
        by_serious,
        term_notes,
        lacks=needing("serious"),
        in_workbook=False,
        of_terms=True,
        takes=TESTED,
    ),
    "related": Report(
        "related",
        "Related adverse events by system organ class, term and worst grade, by dose group",
        by_related,
        grade_notes,
        lacks=needing("related"),
        in_workbook=False,
        of_terms=True,
    ),
    "discontinuation": Report(
        "discontinuation",
        "Adverse events leading to the end of treatment or study, by dose group",
        by_discontinuation,
        term_notes,
        lacks=needing("action|discontinued"),
        in_workbook=False,
        of_terms=True,
    ),
    "death": Report(
        "death",
        "Fatal adverse events and deaths, by dose group",
        by_death,
        term_notes,
        lacks=needing("outcome|grade|sae_death"),
        in_workbook=False,
        of_terms=True,
    ),
    "seriousness": Report(
        "seriousness",
        "Adverse events by grade and seriousness, by dose group",
        by_seriousness,
        answer_notes,
        lacks=needing("serious", "grade"),
        in_workbook=False,
    ),
    **{
        name: Report(
            name,
            f"{title}, by dose group",
            by_answer(field),
            answer_notes,
            lacks=needing(field),
            in_workbook=False,
        )
        for name, field, title in (
            ("relation", "related", "Adverse events by relationship to treatment"),
            ("action", "action", "Adverse events by action taken with treatment"),
            ("outcome", "outcome", "Adverse events by outcome"),
        )
    },
    "exposure": Report(
        "exposure",
        "Exposure, and adverse events for the time at risk, by dose group",
        by_exposure,
        exposure_notes,
        lacks=without_first_dose,
    ),
    "survival": Report(
        "survival",
        "Overall survival after the first dose, by dose group",
        by_survival,
        survival_notes,
        lacks=without_vital_status,
        takes=("months", "p_values"),
    ),
    "time": Report(
        "time",
        "Onset and duration of adverse events, and time to the first, by dose group",
        by_time,
        time_notes,
        lacks=without_first_dose,
        takes=("days",),
    ),
    "participant": Report(
        "participant",
        "Participants, one by one",
        by_participant,
        participant_notes,
        participant_listing,
        lacks=without_participants,
    ),
    "interest": Report(
        "interest",
        "Adverse events of special interest, by dose group",
        by_interest,
        interest_notes,
        lacks=without_interest,
    ),
    "dlt": Report(
        "dlt",
        "Dose-limiting toxicities, by dose group",
        by_dlt,
        dlt_notes,
        design_listing,
        lacks=without_dlt,
        in_workbook=False,
    ),
    "withdrawal": Report(
        "withdrawal",
        "Participants who left early, by reason and dose group",
        by_withdrawal,
        withdrawal_notes,
        lacks=without_withdrawals,
    ),
    "clock": Report(
        "clock",
        "Reporting of serious events, by dose group",
        by_clock,
        clock_notes,
        clock_listings,
        lacks=without_clocks,
    ),
    "reconciliation": Report(
        "reconciliation",
        "Serious events, log and safety database, by dose group",
        by_reconciliation,
        reconciliation_notes,
        reconciled_listing,
        lacks=without_reports,
    ),
    "lab": Report("lab", _LAB, by_lab, result_notes, lab_listings, True, _no_results),
    "visit": Report("visit", _VISIT, by_visit, result_notes, of_labs=True, lacks=_no_results),
}


def available(study: Study) -> list[str]:
    """The tables of a workbook that can be made of a study."""
    return [
        name for name, report in REPORTS.items() if report.in_workbook and not report.lacks(study)
    ]


def summarize(study: Study, findings: Findings, name: str = "group") -> Table:
    """Make one table of a study. Raises InputError for a table that does not exist."""
    if name not in REPORTS:
        raise InputError(f"there is no table by {name!r}", f"the tables are: {', '.join(REPORTS)}")
    report = REPORTS[name]
    if lacking := report.lacks(study):
        raise lacking
    table = Table(
        name=name,
        title=_title(report, study),
        subtitle=" ".join(filter(None, (study.config.title, study.config.registry))),
        columns=study.columns,
        rows=report.rows(study),
        files=findings.files,
        findings=tuple((str(severity), n) for severity, n in findings.counts().items()),
        listings=report.lists(study),
        ctcae=study.config.ctcae,
    )
    verify(table)
    notes = report.notes(study, table, findings)
    if COMPARED & {*report.takes}:
        more = (*table.listings, *comparisons(study, table))
        return replace(table, listings=more, footnotes=(*notes, *comparison_notes(study)))
    return replace(table, footnotes=notes)


def _title(report: Report, study: Study) -> str:
    """The table's title: not by dose group where --group forms the columns."""
    by = study.choices.group
    return report.title.replace("dose group", by) if by else report.title
