"""The findings, one row each, with a mark for their severity."""

from __future__ import annotations

from collections.abc import Iterator

from ae_cli.findings import Finding, Report
from ae_cli.render import words
from ae_cli.render.xlsx.cells import Value
from ae_cli.render.xlsx.measure import height
from ae_cli.render.xlsx.sheet import Book, Sheet

# The columns, and how wide they are.
WIDTHS = {
    "Severity": 10, "Rule": 12, "Message": 64, "Fix": 40, "In the table": 32, "File": 18,
    "Sheet": 12, "Row": 8,
    "Subject": 14, "Columns": 20, "Values": 28, "All rows": 14, "Key": 24,
}  # fmt: skip


def add(book: Book, report: Report) -> None:
    """The sheet Findings."""
    sheet = Sheet(book, "Findings", list(WIDTHS.values()), "C2")
    sheet.row(list(WIDTHS), ["head"] * len(WIDTHS))
    plain = ["number" if name == "Row" else "text" for name in WIDTHS][1:]
    for row in _rows(report):
        sheet.row(row, [str(row[0]), *plain], height(row, WIDTHS.values()))
    sheet.filter(1)
    sheet.printed(title="Findings", heads=(1, 1))


def _rows(report: Report) -> Iterator[list[Value]]:
    yield from map(_row, report.findings)
    for rule, more in words.unlisted(report):
        yield [rule.severity, rule.id, f"{more:,} more of this rule, counted but not listed"]


def _row(finding: Finding) -> list[Value]:
    return [
        finding.severity.value,
        finding.rule,
        finding.message,
        finding.fix,
        finding.effect or None,
        finding.file,
        finding.sheet,
        finding.row,
        finding.subject,
        ", ".join(finding.columns or finding.fields),
        "; ".join(f"{name}={value}" for name, value in words.pairs(finding)),
        ", ".join(map(str, finding.rows)) or None,
        finding.key,
    ]
