"""A workbook of findings alone: what was found, what each rule said, what was read."""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO

from ae_cli.findings import FileReport, Listing, Report, RuleOutcome
from ae_cli.render import words
from ae_cli.render.xlsx import findings, listing
from ae_cli.render.xlsx.sheet import Book

RULES = ("Rule", "Severity", "Title", "Outcome", "Findings", "Reason", "Why", "Accepted")
FILES = ("File", "Sheet", "Role", "Rows read", "Used", "Excluded", "SHA-256", "Notes")


def save(file: IO[bytes], report: Report) -> None:
    """Write the workbook into a file. Same input, same bytes."""
    with ExitStack() as files:
        book = Book(files)
        findings.add(book, report)
        parts = (_about(report), *report.listings, _rules(report), _files(report))
        for rows in (*parts, _excluded(report)):
            listing.add(book, rows)
        listing.add_long_texts(book)
        book.save(file)


def _about(report: Report) -> Listing:
    said = [("Found", words.tally(report)), ("Rules", words.outcomes(report))]
    if report.baseline:
        said.append(("Baseline", words.baseline(report)))
    notes = [("Note", note) for note in report.notes]
    return Listing("Summary", "Summary", ("Item", "Value"), (*said, *notes))


def _rules(report: Report) -> Listing:
    """What became of each rule; how much of it was accepted only where there is a baseline."""
    width = len(RULES) if report.baseline else len(RULES) - 1
    rows = tuple(_rule(rule)[:width] for rule in report.rules)
    return Listing("Rules", "Rules", RULES[:width], rows)


def _rule(rule: RuleOutcome) -> tuple[str | int | None, ...]:
    count, accepted = (rule.count, rule.accepted) if rule.ran else (None, None)
    said = (rule.id, rule.severity.value, rule.title, words.outcome(rule))
    return (*said, count, rule.reason, rule.why, accepted)


def _files(report: Report) -> Listing:
    return Listing("Files", "Files", FILES, tuple(map(_file, report.files)))


def _file(file: FileReport) -> tuple[str | int | None, ...]:
    rows = (file.rows_read, file.rows_used, file.rows_excluded)
    return (file.path, file.sheet, file.role, *rows, file.sha256, "\n".join(file.notes))


def _excluded(report: Report) -> Listing:
    rows = tuple((row.file, row.sheet, row.row, row.reason) for row in report.excluded)
    return Listing("Excluded rows", "Excluded rows", ("File", "Sheet", "Row", "Reason"), rows)
