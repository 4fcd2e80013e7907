"""Findings as CSV: a row a finding, a header first, and nothing that a spreadsheet would run.

A finding is one line: what breaks a line is shown. Several columns or values of one finding stand
in one cell, with a bar between them; JSON has them apart.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from ae_cli.findings import Finding, Report
from ae_cli.render import words
from ae_cli.render.text import looks_like_formula, safe

HEADER = (
    "rule", "severity", "file", "sheet", "row", "rows", "participant", "columns", "values",
    "message", "fix", "key", "effect",
)  # fmt: skip


def report(report: Report) -> str:
    """The findings; of a rule that found more than is listed, how many more; rules that crashed."""
    page = StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([shown(cell) for cell in row] for row in _rows(report))
    return page.getvalue()


def _rows(report: Report) -> Iterator[tuple[object, ...]]:
    yield from map(_row, report.findings)
    for rule, more in words.unlisted(report):
        said = f"{more:,} more of this rule, counted but not listed"
        yield (rule.id, rule.severity, *[None] * 7, said, *[None] * 3)
    for rule, said in words.crashes(report):
        yield (rule.id, "crashed", *[None] * 7, said, *[None] * 3)


def _row(finding: Finding) -> tuple[object, ...]:
    return (
        finding.rule, finding.severity, finding.file, finding.sheet, finding.row,
        " ".join(map(str, finding.rows)), finding.subject,
        _listed(finding.columns or finding.fields), _listed(finding.values), finding.message,
        finding.fix, finding.key, finding.effect or None,
    )  # fmt: skip


def _listed(texts: tuple[str | None, ...]) -> str:
    return " | ".join(text or "" for text in texts)


def shown(value: object) -> object:
    if not isinstance(value, str):
        return value
    shown = safe(value)
    return f"'{shown}" if looks_like_formula(shown) else shown
