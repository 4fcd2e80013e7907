"""What a former result knows already: its findings are accepted, and only new ones are left.

A finding is known where its file, its key, its words and its values are. So is one of the same
event whose other values changed. Of findings whose records cannot be told apart (`abc`, `abc-2`) as
many are accepted as there were, those that say the same first. One that has become more severe, or
groups more records than before, is new.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ae_cli.errors import InputError
from ae_cli.findings import Baseline, Finding, Report, Severity

SCHEMA = 1
REMEDY = "make one with `ae-cli validate FILE -o known.json`"
NAMES = ("term", "start")  # the fields that tell an event from others

Number = Annotated[int, Field(ge=0, lt=2**31)]


class _Finding(BaseModel):
    """A finding as JSON has it. `records` stands only where rows of other files count."""

    model_config = ConfigDict(strict=True)

    rule: str
    severity: Annotated[Severity, Field(strict=False)]
    message: str
    fix: str
    file: str
    sheet: str | None
    row: Number | None
    rows: list[Number] = []
    records: Number | None = None
    subject: str | None
    fields: list[str]
    columns: list[str]
    values: list[str | None]
    key: str

    def finding(self) -> Finding:
        told = {name: value for name, value in self if name != "records"}
        listed = {n: tuple(told[n]) for n in ("rows", "fields", "columns", "values")}
        return Finding(**told | listed, records=self.records or len(self.rows) or 1)


class _File(BaseModel):
    path: str
    role: str


class _Result(BaseModel):
    findings: list[_Finding]
    accepted: list[_Finding] = []
    files: list[_File]


@dataclass(frozen=True, slots=True)
class Known:
    """The findings of a former result, and the role of each of its files."""

    findings: tuple[Finding, ...]
    files: Mapping[str, str]


def load(path: Path) -> Known:
    """A former result. Raises InputError for a file that is none."""
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
        read = _Result.model_validate(result)
    except ValidationError as error:  # its own words would quote the file
        at = ".".join(map(str, error.errors(include_input=False)[0]["loc"]))
        raise InputError(f"{path} is damaged at {at}", REMEDY) from None
    findings = tuple(each.finding() for each in (*read.findings, *read.accepted))
    return Known(findings, {file.path: file.role for file in read.files})


def accept(report: Report, path: Path, known: Known) -> Report:
    """The report with what is new in it, and how much of the baseline is there and gone."""
    named = dict(_renamed(known.files, {file.path: file.role for file in report.files}))
    before = [replace(f, file=named.get(f.file, f.file)) for f in known.findings]
    new, old, left = compared(report.findings, before)
    asked = {rule.id for rule in report.rules if rule.ran}
    gone = sum(finding.rule in asked for finding in left)
    counts = Counter(finding.rule for finding in old)
    rules = [
        replace(rule, count=rule.count - counts[rule.id], accepted=counts[rule.id])
        for rule in report.rules
    ]
    about = Baseline(str(path), old, gone, len(left) - gone)
    notes = (*report.notes, *_of_files(path, known, report, named))
    return replace(report, findings=new, rules=tuple(rules), baseline=about, notes=notes)


def _renamed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A file that is not read now, and the only one of its role that was not read then."""
    for role in dict.fromkeys(before.values()):
        old = [path for path, its in before.items() if its == role and path not in now]
        new = [path for path, its in now.items() if its == role and path not in before]
        if len(old) == len(new) == 1:
            yield old[0], new[0]


def _of_files(path: Path, known: Known, report: Report, named: Mapping[str, str]) -> Iterator[str]:
    """What a reader must know: the baseline is of other files than those that were read."""
    now = {file.path for file in report.files}
    for old, new in named.items():
        yield f"{path} is of {old}: {new} was read in its place"
    for old in known.files:
        if old not in now and old not in named:
            yield f"{path} is of {old} too, which was not read"


Findings = tuple[Finding, ...]


def compared(
    now: Sequence[Finding], before: Sequence[Finding]
) -> tuple[Findings, Findings, Findings]:
    """Which findings are new, which were there before, and which of before are not there now."""
    old: set[int] = set()
    met: set[int] = set()
    for likeness in (_words, _event):  # the same words first
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


def _words(finding: Finding) -> Hashable:
    return _event(finding), finding.message, finding.values


def _event(finding: Finding) -> Hashable:
    """The file, the key, and what tells the event from others where the key leaves it out.

    The key has no number here: it is that of records that cannot be told apart.
    """
    cited = zip(finding.fields, finding.values, strict=False)
    named = tuple(pair for pair in cited if pair[0] in NAMES)
    return finding.file, finding.key.partition("-")[0], named


def _covers(known: Finding, finding: Finding) -> bool:
    return finding.severity.rank >= known.severity.rank and finding.records <= known.records
