"""Words about findings, shared by the pages that show them. All of them safe to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby, zip_longest

from ae_cli.findings import FileReport, Finding, Outcome, Report, RuleOutcome, Severity
from ae_cli.render.text import count, safe, short

SPANS = 8  # of row numbers on a screen; the rest is counted


def source(file: str, sheet: str | None) -> str:
    """`ae.xlsx [AE]`."""
    return safe(f"{file} [{sheet}]" if sheet else file)


def place(finding: Finding) -> str:
    """`ae.xlsx [AE] row 17, subject S-003`."""
    where = f"{source(finding.file, finding.sheet)} {_rows_of(finding)}".strip()
    return ", ".join(filter(None, (where, subject(finding))))


def subject(finding: Finding) -> str:
    """`subject S-003`, or nothing."""
    return f"subject {short(finding.subject)}" if finding.subject else ""


def details(finding: Finding) -> list[str]:
    """`转归=死亡`, in the file's own words."""
    return [f"{short(name)}={short(value)}" for name, value in pairs(finding)]


def pairs(finding: Finding) -> list[tuple[str, str]]:
    """The columns and their values, whole."""
    names = finding.columns or finding.fields
    found = zip_longest(names, finding.values, fillvalue="")
    return [(name or "", value or "(blank)") for name, value in found]


def rows(numbers: Iterable[int]) -> str:
    """`rows 4-6, 9`."""
    spans = _spans(sorted(set(numbers)))
    shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans[:SPANS])
    more = sum(b - a + 1 for a, b in spans[SPANS:])
    return f"rows {shown}" + (f" and {more:,} more" if more else "")


def _rows_of(finding: Finding) -> str:
    if len(finding.rows) > 1:
        return rows(finding.rows)
    return "" if finding.row is None else f"row {finding.row}"


def _spans(numbers: list[int]) -> list[tuple[int, int]]:
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    spans = [[number for _, number in run] for _, run in runs]
    return [(span[0], span[-1]) for span in spans]


def unlisted(report: Report) -> list[tuple[RuleOutcome, int]]:
    """Rules that found more than the report lists, and how much more."""
    listed = Counter(finding.rule for finding in report.findings)
    rest = [(rule, rule.count - listed[rule.id]) for rule in report.rules]
    return [(rule, more) for rule, more in rest if more > 0]


def totals(report: Report) -> dict[Severity, int]:
    """Findings by severity, listed or not."""
    found = Counter(report.counts())
    for rule, more in unlisted(report):
        found[rule.severity] += more
    return {severity: found[severity] for severity in Severity}


def tally(report: Report) -> str:
    """`2 errors, 1 warning, 0 notes`."""
    return ", ".join(count(n, severity.value) for severity, n in totals(report).items())


def reading(file: FileReport, report: Report) -> str:
    """`44 rows read = 43 used + 1 excluded (total line 1)`."""
    read = f"{count(file.rows_read, 'row')} read = {file.rows_used:,} used"
    return f"{read} + {file.rows_excluded:,} excluded{_reasons(file, report)}"


def _reasons(file: FileReport, report: Report) -> str:
    here = (file.path, file.sheet)
    reasons = Counter(r.reason for r in report.excluded if (r.file, r.sheet) == here)
    listed = ", ".join(f"{short(reason)} {n:,}" for reason, n in reasons.items())
    return f" ({listed})" if listed else ""


def outcomes(report: Report) -> str:
    """`58 passed, 2 with findings, 13 not checked, 0 crashed`."""
    found = Counter(rule.outcome for rule in report.rules)
    named = {Outcome.FINDINGS: "with findings"}
    shown = [o for o in Outcome if found[o] or o is not Outcome.OFF]  # few studies turn one off
    return ", ".join(f"{found[outcome]} {named.get(outcome, outcome.value)}" for outcome in shown)


def by_reason(report: Report, outcome: Outcome) -> dict[str, list[str]]:
    """The rules with this outcome, under the reason they share."""
    found: dict[str, list[str]] = {}
    for rule in report.rules:
        if rule.outcome is outcome:
            found.setdefault(short(rule.reason), []).append(rule.id)
    return found
