"""Every table there is. A report here is in `summarize by`, in every export and in the docs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ae_cli.errors import InputError
from ae_cli.findings import Report as Findings
from ae_cli.reports.checks import verify
from ae_cli.reports.footnotes import footnotes
from ae_cli.reports.group import by_group
from ae_cli.study import Study
from ae_cli.table import Row, Table

__all__ = ["REPORTS", "summarize"]


@dataclass(frozen=True, slots=True)
class Report:
    """A table by name: what it is called, and the rows it counts."""

    name: str
    title: str
    rows: Callable[[Study], tuple[Row, ...]]


REPORTS: dict[str, Report] = {
    "group": Report("group", "Adverse events by dose group", by_group),
}


def summarize(study: Study, findings: Findings, name: str = "group") -> Table:
    """Make one table of a study. Raises InputError for a table that does not exist."""
    if name not in REPORTS:
        raise InputError(f"there is no table by {name!r}", f"the tables are: {', '.join(REPORTS)}")
    report = REPORTS[name]
    table = Table(
        name=name,
        title=_title(report, study),
        subtitle=" ".join(filter(None, (study.config.title, study.config.registry))),
        columns=study.columns,
        rows=report.rows(study),
        files=findings.files,
        findings=tuple((str(severity), n) for severity, n in findings.counts().items()),
    )
    verify(table)
    return _with_footnotes(table, study, findings)


def _title(report: Report, study: Study) -> str:
    """The table's title: not by dose group where --group forms the columns."""
    by = study.choices.group
    return report.title.replace("dose group", by) if by else report.title


def _with_footnotes(table: Table, study: Study, findings: Findings) -> Table:
    from dataclasses import replace

    return replace(table, footnotes=footnotes(study, table, findings))
