"""JUnit XML, for the test view of a build server: a suite a category, a test case a rule.

A rule fails where a finding ends the run with 1; other findings stand in its output. A rule that
was not checked is skipped, one that crashed is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from ae_cli.findings import Finding, Outcome, Report, RuleOutcome, Severity
from ae_cli.render import concise, words
from ae_cli.render.text import count, safe

COUNTED = ("tests", "failures", "errors", "skipped")


def report(report: Report, fail_on: str = Severity.ERROR) -> str:
    """The whole result as XML."""
    suites = ET.Element("testsuites", name="ae-cli")
    reading = _suite(suites, "reading", [_file(line) for line in _read(report)])
    _properties(reading, report)
    found = words.by_rule(report)
    categories: dict[str, list[ET.Element]] = {}
    for rule in report.rules:
        case = _rule(rule, found.get(rule.id, []), fail_on)
        categories.setdefault(rule.category or "rules", []).append(case)
    for name, cases in categories.items():
        _suite(suites, name, cases)
    for name in COUNTED:
        suites.set(name, str(sum(int(suite.get(name, 0)) for suite in suites)))
    ET.indent(suites, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, "unicode")}\n'


def _suite(suites: ET.Element, name: str, cases: Iterable[ET.Element]) -> ET.Element:
    suite = ET.SubElement(suites, "testsuite", name=name)
    suite.extend(cases)
    counts = {"tests": "testcase", "failures": "*/failure", "errors": "*/error"}
    for attribute, path in {**counts, "skipped": "*/skipped"}.items():
        suite.set(attribute, str(len(suite.findall(path))))
    for case in suite:
        case.set("classname", f"ae-cli.{name}")
    return suite


def _properties(suite: ET.Element, report: Report) -> None:
    said = {"summary": concise.summary(report), "baseline": words.baseline(report)}
    about = [("note", note) for note in report.notes]
    properties = ET.Element("properties")
    for name, value in (*((k, v) for k, v in said.items() if v), *about):
        ET.SubElement(properties, "property", name=name, value=safe(value))
    suite.insert(0, properties)


def _read(report: Report) -> Iterable[tuple[str, str]]:
    for file in report.files:
        excluded = [
            f"row {row.row} excluded: {safe(row.reason)}"
            for row in report.excluded
            if (row.file, row.sheet) == (file.path, file.sheet)
        ]
        lines = [words.reading(file, report), *map(safe, file.notes), *excluded]
        yield words.source(file.path, file.sheet), "\n".join(lines)


def _file(line: tuple[str, str]) -> ET.Element:
    name, said = line
    case = ET.Element("testcase", name=name)
    ET.SubElement(case, "system-out").text = said
    return case


def _rule(rule: RuleOutcome, found: list[Finding], fail_on: str) -> ET.Element:
    case = ET.Element("testcase", name=" ".join(filter(None, (rule.id, safe(rule.title)))))
    if rule.outcome is Outcome.NOT_CHECKED:
        ET.SubElement(case, "skipped", message=safe(rule.reason))
    elif rule.outcome is Outcome.OFF:
        ET.SubElement(case, "skipped", message=f"off in study.toml: {safe(rule.reason)}")
    elif rule.outcome is Outcome.CRASHED:
        said = f"a fault of ae-cli: {safe(rule.reason)}"
        ET.SubElement(case, "error", message=said, type="crashed")
    elif rule.count or rule.accepted:
        _found(case, rule, found, fail_on)
    return case


def _found(case: ET.Element, rule: RuleOutcome, found: list[Finding], fail_on: str) -> None:
    lines = [*map(concise.line, found)]
    if rule.count > len(found):
        lines.append(f"{count(rule.count - len(found), 'more finding')} not listed")
    if rule.accepted:
        lines.append(f"{count(rule.accepted, 'finding')} accepted by the baseline")
    worst = min((finding.severity for finding in found), key=lambda s: s.rank, default=None)
    if worst and fail_on != "never" and worst.rank <= Severity(fail_on).rank:
        message = f"{count(rule.count, 'finding')}: {safe(found[0].message)}"
        part = ET.SubElement(case, "failure", message=message, type=worst.value)
    else:
        part = ET.SubElement(case, "system-out")
    part.text = "\n".join(lines)
