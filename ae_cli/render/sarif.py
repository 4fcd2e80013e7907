"""SARIF 2.1.0 (OASIS), for code scanning and viewers: rules with their help, results with places.

A row of a text file is a region; a row of a sheet is a logical location, since it is no line.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from ae_cli.findings import FileReport, Finding, Outcome, Report, RuleOutcome
from ae_cli.render import words
from ae_cli.render.address import Lines, uri
from ae_cli.render.json_ import page
from ae_cli.render.text import count, safe

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
Item = dict[str, Any]
LINK = re.compile(r"[\\\[\]]")  # a viewer would make a link of [text](target)


def report(report: Report) -> str:
    """One run: the rules that were asked, the files, the findings."""
    run: Item = {
        "tool": {"driver": _driver(report)},
        "invocations": [_invocation(report)],
        "artifacts": _artifacts(report),
        "results": _results(report),
        "columnKind": "utf16CodeUnits",
        "properties": _about(report),
    }
    return page({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver(report: Report) -> Item:
    return {
        "name": "ae-cli",
        "version": version("ae-cli"),
        "rules": [_rule(rule) for rule in report.rules],
    }


def _rule(rule: RuleOutcome) -> Item:
    title = safe(rule.title or rule.id)
    why = f"Why: {rule.why}." if rule.why else ""
    sources = f"Sources: {', '.join(rule.sources)}." if rule.sources else ""
    help = " ".join(filter(None, (f"{title}.", why, sources)))
    return {
        "id": rule.id,
        "shortDescription": _message(title),
        "fullDescription": _message(safe(rule.why or title)),
        "help": _message(safe(help)),
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [rule.category]} if rule.category else {},
    }


UNASKED = {Outcome.NOT_CHECKED: "not checked", Outcome.OFF: "off in study.toml"}


def _invocation(report: Report) -> Item:
    """What could not be checked, and what crashed: a viewer must not take it for passed."""
    return {
        "executionSuccessful": not report.crashed(),
        "toolConfigurationNotifications": [
            _notice(rule, "note", f"{UNASKED[rule.outcome]}: {rule.reason}")
            for rule in report.rules if rule.outcome in UNASKED
        ],
        "toolExecutionNotifications": [
            _notice(rule, "error", f"crashed, a fault of ae-cli: {rule.reason}")
            for rule in report.rules if rule.outcome is Outcome.CRASHED
        ],
    }  # fmt: skip


def _notice(rule: RuleOutcome, level: str, text: str) -> Item:
    said = _message(f"{rule.id} {safe(text)}")
    return {"level": level, "message": said, "associatedRule": {"id": rule.id}}


def _artifacts(report: Report) -> list[Item]:
    """Each file once, though several of its sheets were read."""
    files = {file.path: file for file in report.files}
    return [_artifact(file) for file in files.values()]


def _artifact(file: FileReport) -> Item:
    hashes = {"hashes": {"sha-256": file.sha256}} if file.sha256 else {}
    return {"location": {"uri": uri(file.path)}, "roles": ["analysisTarget"], **hashes}


def _results(report: Report) -> list[Item]:
    lines, known = Lines(report), report.baseline is not None
    places = {rule.id: i for i, rule in enumerate(report.rules)}
    found = [_result(each, lines.of(each), places, known) for each in report.findings]
    return found + [_unlisted(rule, more, places[rule.id]) for rule, more in words.unlisted(report)]


def _result(finding: Finding, line: int | None, places: dict[str, int], known: bool) -> Item:
    rows = {"relatedLocations": _others(finding, line)} if len(finding.rows) > 1 else {}
    return {
        "ruleId": finding.rule,
        **({"ruleIndex": places[finding.rule]} if finding.rule in places else {}),
        "level": finding.severity.value,
        "message": _message(_said(finding)),
        "locations": [_place(finding, finding.row, line)] if finding.file else [],
        **rows,
        "partialFingerprints": {"aeCliKey/v1": safe(finding.key)},
        **({"baselineState": "new"} if known else {}),
        "properties": _cells(finding),
    }


def _said(finding: Finding) -> str:
    about = ", ".join(filter(None, (words.subject(finding), *words.details(finding))))
    what = safe(finding.message)
    fix = f". Fix: {safe(finding.fix)}" if finding.fix else ""
    return f"{what} ({about}){fix}" if about else what + fix


def _cells(finding: Finding) -> Item:
    """The file's own words, whole."""
    return {
        "sheet": finding.sheet,
        "rows": list(finding.rows or ([finding.row] if finding.row is not None else [])),
        "participant": finding.subject,
        "columns": list(finding.columns or finding.fields),
        "values": list(finding.values),
        "fix": finding.fix,
    }


def _others(finding: Finding, line: int | None) -> list[Item]:
    others = enumerate(finding.rows[1:], 1)
    return [{"id": i, **_place(finding, row, line and row)} for i, row in others]


def _place(finding: Finding, row: int | None, line: int | None) -> Item:
    physical: Item = {"artifactLocation": {"uri": uri(finding.file)}}
    if line:
        return {"physicalLocation": physical | {"region": {"startLine": line}}}
    if row is None:
        return {"physicalLocation": physical}
    sheet = safe(finding.sheet or "")
    logical = {
        "name": f"row {row}", "fullyQualifiedName": f"{sheet}!{row}" if sheet else f"row {row}",
        "kind": "row",
    }  # fmt: skip
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _unlisted(rule: RuleOutcome, more: int, place: int) -> Item:
    text = f"{count(more, 'more finding')} of this rule, counted but not listed"
    said = {"level": rule.severity.value, "message": _message(text)}
    return {"ruleId": rule.id, "ruleIndex": place, **said}


def _about(report: Report) -> Item:
    """The counts and what was excluded: SARIF has no place of its own for them."""
    known = {"baseline": words.baseline(report)} if report.baseline else {}
    return {
        "findings": words.tally(report),
        "rules": words.outcomes(report),
        **known,
        "files": [
            f"{words.source(f.path, f.sheet)}: {words.reading(f, report)}" for f in report.files
        ],
        "notes": [safe(note) for note in report.notes],
    }


def _message(text: str) -> Item:
    """A message, in which nothing is a link."""
    return {"text": LINK.sub(r"\\\g<0>", text) if "](" in text else text}
