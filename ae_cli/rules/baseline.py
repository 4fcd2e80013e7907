"""What a former result knows already: its findings are accepted, and only new ones are left.

A finding is known by its key. Of findings whose records cannot be told apart (`abc`, `abc-2`) as many
are accepted as there were, those that say the same first. One that has become more severe, or groups
more records than before, is new.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ae_cli.errors import InputError
from ae_cli.findings import Baseline, Finding, Report, RuleOutcome, Severity

SCHEMA = 1
REMEDY = "make one with `ae-cli validate FILE --format json > known.json`"


@dataclass(frozen=True)
class Known:
    """A finding of a former result, as far as it is compared. `records` is how many it groups."""

    rule: str
    key: str
    severity: Severity
    records: int
    message: str
    values: tuple[str | None, ...]

    def fits(self, finding: Finding) -> bool:
        """Whether accepting the one accepts the other."""
        grown = finding.records > self.records
        return finding.severity.rank >= self.severity.rank and not grown

    def says(self, finding: Finding) -> bool:
        """Whether they say the same of the same values."""
        return (self.message, self.values) == (finding.message, finding.values)


def load(path: Path) -> tuple[Known, ...]:
    """The findings of a former result. Raises InputError for a file that is none."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}", REMEDY) from None
    try:
        result = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{path} is no JSON, so no former result", REMEDY) from None
    if not isinstance(result, dict) or result.get("command") != "validate":
        raise InputError(f"{path} is no result of `ae-cli validate`", REMEDY)
    if result.get("schema") != SCHEMA:
        raise InputError(
            f"{path} has schema {result.get('schema')!r}, and this ae-cli reads {SCHEMA}", REMEDY
        )
    try:
        return tuple(map(_known, (*result["findings"], *result.get("accepted", ()))))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InputError(f"{path} is damaged: a finding in it is not whole", REMEDY) from None


def _known(item: dict[str, Any]) -> Known:
    texts = item["rule"], item["key"], item["message"]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    records = item.get("records") or len(item.get("rows", ())) or 1
    values = tuple(item.get("values", ()))
    return Known(texts[0], texts[1], Severity(item["severity"]), int(records), texts[2], values)


def accept(report: Report, path: Path, known: tuple[Known, ...]) -> Report:
    """The report with what is new in it, and how much of the baseline is there and gone."""
    left: dict[str, list[Known]] = {}
    for each in known:
        left.setdefault(_record(each.key), []).append(each)
    accepted = _accepted(report, left)
    asked = {rule.id for rule in report.rules if rule.ran}
    rest = Counter(each.rule in asked for those in left.values() for each in those)
    counts = Counter(report.findings[i].rule for i in accepted)
    old = tuple(f for i, f in enumerate(report.findings) if i in accepted)
    return replace(
        report,
        findings=tuple(f for i, f in enumerate(report.findings) if i not in accepted),
        rules=tuple(_without(rule, counts[rule.id]) for rule in report.rules),
        baseline=Baseline(str(path), old, rest[True], rest[False]),
    )


def _record(key: str) -> str:
    """The key without the number of those that cannot be told apart."""
    return key.partition("-")[0]


def _accepted(report: Report, left: dict[str, list[Known]]) -> set[int]:
    """Places of the findings that are known, those in the same words first; what they were known
    by is taken from what is left."""
    found: set[int] = set()
    for exactly in (True, False):
        for i, finding in enumerate(report.findings):
            if i not in found and _take(finding, left, exactly=exactly):
                found.add(i)
    return found


def _take(finding: Finding, left: dict[str, list[Known]], *, exactly: bool) -> bool:
    for each in left.get(_record(finding.key), ()):
        if each.fits(finding) and (each.says(finding) or not exactly):
            left[_record(finding.key)].remove(each)
            return True
    return False


def _without(rule: RuleOutcome, accepted: int) -> RuleOutcome:
    return replace(rule, count=rule.count - accepted, accepted=accepted)
