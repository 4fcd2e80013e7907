"""Workflow commands of GitHub Actions: an annotation a finding, beside its line in a text file.

Source: GitHub Docs, "Workflow commands for GitHub Actions". A step shows ten annotations of each
kind; the log holds all, and the first one says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from ae_cli.findings import Finding, Report, Severity
from ae_cli.render import concise, words
from ae_cli.render.address import Lines, relative
from ae_cli.render.text import count, safe

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
SHOWN = 10  # of each kind that GitHub shows for a step
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = {**DATA, ":": "%3A", ",": "%2C"}


def report(report: Report) -> Iterator[str]:
    """The summary as the first annotation, then the findings."""
    yield _command("notice", {"title": "ae-cli"}, concise.summary(report) + _more(report))
    lines = Lines(report)
    yield from (_annotation(finding, lines.of(finding)) for finding in report.findings)
    for rule, more in words.unlisted(report):
        said = f"{count(more, 'more finding')} not listed"
        yield _command(COMMANDS[rule.severity], {"title": rule.id}, said)
    for rule, said in words.crashes(report):
        yield _command("error", {"title": rule.id}, said)
    yield from (_command("notice", {"title": "ae-cli"}, note) for note in report.notes)


def _more(report: Report) -> str:
    found = words.totals(report).values()
    return f"; GitHub shows {SHOWN} of a kind, the log all" if max(found) >= SHOWN else ""


def _annotation(finding: Finding, line: int | None) -> str:
    """The place within the message too: annotations are also read in a list."""
    where = {"file": relative(finding.file)} if finding.file else {}
    if line is not None:
        where["line"] = str(line)
    return _command(COMMANDS[finding.severity], {**where, "title": finding.rule}, _said(finding))


def _said(finding: Finding) -> str:
    about = ", ".join(words.details(finding))
    what = f"{finding.message} ({about})" if about else finding.message
    fix = f"\nfix: {safe(finding.fix)}" if finding.fix else ""
    return f"{words.place(finding)}: {safe(what)}{fix}"


def _command(name: str, properties: dict[str, str], text: str) -> str:
    said = ",".join(f"{key}={_escaped(safe(value), PROPERTY)}" for key, value in properties.items())
    return f"::{name} {said}::{_escaped(safe(text, lines=True), DATA)}"


def _escaped(text: str, codes: dict[str, str]) -> str:
    return "".join(codes.get(character, character) for character in text)
