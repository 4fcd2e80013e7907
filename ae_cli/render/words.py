"""Words about findings, shared by the pages that show them. All of them safe to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

from ae_cli.findings import FileReport, Finding, Outcome, Report, RuleOutcome, Severity
from ae_cli.render.text import count, safe, short

ACCEPTED = "accepted findings alone"
NAMED = {Outcome.FINDINGS.value: "with findings", ACCEPTED: f"with {ACCEPTED}"}
SPANS = 8  # of row numbers on a screen; the rest is counted


def source(file: str, sheet: str | None) -> str:
    """`ae.xlsx [AE]`."""
    return safe(f"{file} [{sheet}]" if sheet else file)


def place(finding: Finding) -> str:
    """`ae.xlsx [AE] row 17, subject S-003`."""
    return ", ".join(filter(None, (where(finding), subject(finding))))


def where(finding: Finding, most: int | None = SPANS) -> str:
    """`ae.xlsx [AE] row 17`."""
    return f"{source(finding.file, finding.sheet)} {_rows_of(finding, most)}".strip()


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


def rows(numbers: Iterable[int], most: int | None = SPANS) -> str:
    """`rows 4-6, 9`; of more than `most` spans the rest is counted."""
    spans = _spans(sorted(set(numbers)))
    shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans[:most])
    more = sum(b - a + 1 for a, b in spans[len(spans) if most is None else most :])
    return f"rows {shown}" + (f" and {more:,} more" if more else "")


def _rows_of(finding: Finding, most: int | None) -> str:
    if len(finding.rows) > 1:
        return rows(finding.rows, most)
    return "" if finding.row is None else f"row {finding.row}"


def _spans(numbers: list[int]) -> list[tuple[int, int]]:
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    spans = [[number for _, number in run] for _, run in runs]
    return [(span[0], span[-1]) for span in spans]


def by_rule(report: Report) -> dict[str, list[Finding]]:
    """Findings under their rule; rules by their worst finding, then as they come."""
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding)
    worst = {rule: min(f.severity.rank for f in of_rule) for rule, of_rule in found.items()}
    return dict(sorted(found.items(), key=lambda item: worst[item[0]]))


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
    here = (file.path, file.sheet, file.role)
    reasons = Counter(r.reason for r in report.excluded if (r.file, r.sheet, r.role) == here)
    listed = ", ".join(f"{short(reason)} {n:,}" for reason, n in reasons.items())
    return f" ({listed})" if listed else ""


def outcomes(report: Report) -> str:
    """`58 passed, 2 with findings, 13 not checked, 0 crashed`."""
    found = Counter(map(outcome, report.rules))
    rare = {Outcome.OFF.value, ACCEPTED}  # said only where there are some
    named = [each for each in (*Outcome, ACCEPTED) if each in found or each not in rare]
    return ", ".join(f"{found[each]} {NAMED.get(each, each)}" for each in named)


def outcome(rule: RuleOutcome) -> str:
    """What became of a rule. One whose findings are all accepted has not passed."""
    return ACCEPTED if rule.accepted and not rule.count else rule.outcome.value


def baseline(report: Report) -> str:
    """`known.json: 12 findings accepted, 2 gone`, or nothing where there is no baseline."""
    known = report.baseline
    if known is None:
        return ""
    accepted = count(len(known.accepted), "finding")
    unasked = f", {known.unasked:,} of rules that were not checked now" if known.unasked else ""
    return f"{safe(known.path)}: {accepted} accepted, {known.gone:,} gone{unasked}"


def crashes(report: Report) -> Iterator[tuple[RuleOutcome, str]]:
    """Each rule of ours that failed, and what to say of it."""
    for rule in report.rules:
        if rule.outcome is Outcome.CRASHED:
            yield rule, f"the rule crashed, a bug of ae-cli: please report it ({rule.reason})"


BY_WITH, OTHER_FILES = "give it with --with", "no such file: give more with --with"
OF_COLUMNS = {"no column for ": "no such column", "no answer to ": "no answer in a column"}


def of_columns(reason: str) -> str:
    """What the reasons that differ by the column alone begin with; empty for another reason."""
    return next((start for start in OF_COLUMNS if reason.startswith(start)), "")


def unchecked(report: Report) -> dict[str, str]:
    """The rules that were not checked, by reason; all columns that are not there are one reason,
    and all those without an answer."""
    columns: dict[str, list[str]] = {start: [] for start in OF_COLUMNS}
    found: dict[str, str] = {}
    for reason, rules in by_reason(report, Outcome.NOT_CHECKED).items():
        ids = ", ".join(rule.removeprefix("AE-") for rule in rules)
        if start := of_columns(reason):
            columns[start].append(f"{reason.removeprefix(start)} ({ids})")
        else:
            found[reason] = ids
    return {start.strip(): "; ".join(told) for start, told in columns.items() if told} | found


def why_unchecked(report: Report) -> Counter[str]:
    """How many rules were not checked, by reason; all columns that are not there are one reason,
    and all files that would go with the log."""
    counts: Counter[str] = Counter()
    for reason, rules in by_reason(report, Outcome.NOT_CHECKED).items():
        other = OTHER_FILES if reason.endswith(BY_WITH) else reason
        counts[OF_COLUMNS.get(of_columns(reason), other)] += len(rules)
    return counts


def by_reason(report: Report, outcome: Outcome) -> dict[str, list[str]]:
    """The rules with this outcome, under the reason they share."""
    found: dict[str, list[str]] = {}
    for rule in report.rules:
        if rule.outcome is outcome:
            found.setdefault(short(rule.reason), []).append(rule.id)
    return found
