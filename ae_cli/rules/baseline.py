"""What a former result knows already: its findings are accepted, and only new ones are left.

A finding is known by its key. Of findings whose records cannot be told apart (`abc`, `abc-2`) as
many are accepted as there were, those that say the same first. One that has become more severe, or
groups more records than before, is new.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ae_cli.errors import InputError
from ae_cli.findings import Baseline, Finding, Report, Severity

SCHEMA = 1
REMEDY = "make one with `ae-cli validate FILE -o known.json`"
TEXTS = ("rule", "message", "fix", "file", "key")


def load(path: Path) -> tuple[Finding, ...]:
    """The findings of a former result. Raises InputError for a file that is none."""
    try:
        result = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}", REMEDY) from None
    except (ValueError, RecursionError):
        raise InputError(f"{path} is no JSON, so no former result", REMEDY) from None
    if not isinstance(result, dict) or result.get("command") != "validate":
        raise InputError(f"{path} is no result of `ae-cli validate`", REMEDY)
    if result.get("schema") != SCHEMA:
        raise InputError(
            f"{path} has schema {result.get('schema')!r}; this ae-cli knows {SCHEMA}", REMEDY
        )
    try:
        return tuple(map(_finding, (*result["findings"], *result.get("accepted", ()))))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InputError(f"{path} is damaged: a finding in it is not whole", REMEDY) from None


def _finding(item: dict[str, Any]) -> Finding:
    """A finding as JSON has it. `records` stands only where rows of other files count."""
    texts = {name: item[name] for name in TEXTS}
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError
    rows = tuple(item.get("rows", ()))
    return Finding(
        **texts, severity=Severity(item["severity"]), sheet=item["sheet"], row=item["row"],
        rows=rows, subject=item["subject"], fields=tuple(item["fields"]),
        columns=tuple(item["columns"]), values=tuple(item["values"]),
        records=int(item.get("records", len(rows) or 1)),
    )  # fmt: skip


def accept(report: Report, path: Path, known: Sequence[Finding]) -> Report:
    """The report with what is new in it, and how much of the baseline is there and gone."""
    new, old, left = compared(report.findings, known)
    asked = {rule.id for rule in report.rules if rule.ran}
    gone = sum(finding.rule in asked for finding in left)
    counts = Counter(finding.rule for finding in old)
    rules = [
        replace(rule, count=rule.count - counts[rule.id], accepted=counts[rule.id])
        for rule in report.rules
    ]
    about = Baseline(str(path), old, gone, len(left) - gone)
    return replace(report, findings=new, rules=tuple(rules), baseline=about)


Findings = tuple[Finding, ...]


def compared(
    now: Sequence[Finding], before: Sequence[Finding]
) -> tuple[Findings, Findings, Findings]:
    """Which findings are new, which were there before, and which of before are not there now."""
    old: set[int] = set()
    met: set[int] = set()
    for likeness in (_words, _record):  # the same words first
        _pair(now, before, likeness, old, met)
    return (
        tuple(finding for i, finding in enumerate(now) if i not in old),
        tuple(finding for i, finding in enumerate(now) if i in old),
        tuple(finding for i, finding in enumerate(before) if i not in met),
    )


def _pair(
    now: Sequence[Finding],
    before: Sequence[Finding],
    likeness: Callable[[Finding], Hashable],
    old: set[int],
    met: set[int],
) -> None:
    """Pair what is alike, each once: places of now go to `old`, of before to `met`."""
    left: dict[Hashable, list[int]] = {}
    for at in reversed(range(len(before))):
        if at not in met:
            left.setdefault(likeness(before[at]), []).append(at)
    for i, finding in enumerate(now):
        places = left.get(likeness(finding), []) if i not in old else []
        met_at = next((p for p in reversed(places) if _covers(before[p], finding)), None)
        if met_at is not None:
            places.remove(met_at)  # from near the end, as a rule
            old.add(i)
            met.add(met_at)


def _record(finding: Finding) -> Hashable:
    """The key without the number of those that cannot be told apart."""
    return finding.key.partition("-")[0]


def _words(finding: Finding) -> Hashable:
    return _record(finding), finding.message, finding.values


def _covers(known: Finding, finding: Finding) -> bool:
    return finding.severity.rank >= known.severity.rank and finding.records <= known.records
