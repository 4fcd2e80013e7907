"""One line a finding, for a pipe: no colour, no wrapping."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ae_cli.findings import Finding, Outcome, Report
from ae_cli.render import words
from ae_cli.render.text import count, short

_COMMAND = re.compile(r"##(?=(?:vso)?\[)")


def concise(report: Report) -> Iterator[str]:
    """A line a finding, in the report's order; a summary last."""
    yield from map(_inert, map(line, report.findings))
    for rule, more in words.unlisted(report):
        yield f"{rule.id} {rule.severity}: {count(more, 'more finding')} not listed"
    yield from (f"{rule.id} crashed: {short(said)}" for rule, said in words.crashes(report))
    yield from map(_inert, map(short, report.notes))
    yield summary(report)


def _inert(text: str) -> str:
    """A line that no build server takes for a command: `##[..]`, `##vso[..]`, `::error::`."""
    return _COMMAND.sub("# #", f"./{text}" if text.startswith("::") else text)


def line(finding: Finding) -> str:
    """`ae.xlsx [AE]:17: AE-XFD-06 error: what (which) fix: how`."""
    said = f"{finding.rule} {finding.severity}: {short(finding.message)}{_about(finding)}"
    fix = f"fix: {short(finding.fix)}" if finding.fix else ""
    return " ".join(filter(None, (_address(finding), said, fix)))


def _address(finding: Finding) -> str:
    """`ae.xlsx [AE]:17:`, as compilers say it."""
    if not finding.file:
        return ""
    row = "" if finding.row is None else f":{finding.row}"
    return f"{words.source(finding.file, finding.sheet)}{row}:"


def _about(finding: Finding) -> str:
    rows = words.rows(finding.rows) if len(finding.rows) > 1 else ""
    said = (rows, words.subject(finding), ", ".join(words.details(finding)))
    about = "; ".join(filter(None, said))
    return f" ({about})" if about else ""


def summary(report: Report) -> str:
    """What was found, read and asked, in one line."""
    read = sum(file.rows_read for file in report.files)
    used = sum(file.rows_used for file in report.files)
    left = sum(file.rows_excluded for file in report.files)
    rows = f"{count(read, 'row')} read = {used:,} used + {left:,} excluded"
    known = f"baseline {words.baseline(report)}; " if report.baseline else ""
    return f"{words.tally(report)}; {known}{rows}; rules: {words.outcomes(report)}{_why(report)}"


def _why(report: Report) -> str:
    """How many rules were not checked, and why; columns that are not there count together."""
    why = "; ".join(f"{reason}: {n}" for reason, n in words.why_unchecked(report).items())
    off = words.by_reason(report, Outcome.OFF).items()
    told = [f"not checked: {why}"] if why else []
    told += [f"off: {', '.join(rules)}: {reason}" for reason, rules in off]
    return f" ({'; '.join(told)})" if told else ""
