"""A problem in the data is a value, never an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters. `rank` orders them: error is 0."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Outcome(StrEnum):
    """What became of a rule in one run. A rule not checked is not a rule passed."""

    PASSED = "passed"
    FINDINGS = "findings"
    NOT_CHECKED = "not checked"
    CRASHED = "crashed"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: where it is, what is wrong, how to mend it.

    `row` is the line or sheet row a person sees; `rows` holds all of them where one finding
    groups several (duplicates). `columns` and `values` are the file's own words, in the order
    of `fields`. `key` names the finding across corrections of the log.
    """

    rule: str
    severity: Severity
    message: str
    fix: str
    file: str = ""
    sheet: str | None = None
    row: int | None = None
    rows: tuple[int, ...] = ()
    subject: str | None = None
    fields: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[str | None, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule's line of a report. `count` is the number of findings, however many are listed."""

    id: str
    title: str
    severity: Severity
    outcome: Outcome
    count: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A row that was read and not used, with the reason."""

    file: str
    sheet: str | None
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was read from one file or sheet. read = used + excluded, always."""

    path: str
    sheet: str | None
    sha256: str
    role: str
    rows_read: int
    rows_used: int
    rows_excluded: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The result of validating: what was read, what was excluded, what each rule said."""

    files: tuple[FileReport, ...]
    excluded: tuple[Excluded, ...]
    findings: tuple[Finding, ...]
    rules: tuple[RuleOutcome, ...]
    notes: tuple[str, ...] = field(default=())

    def counts(self) -> dict[Severity, int]:
        """Number of findings by severity."""
        return {s: sum(f.severity is s for f in self.findings) for s in Severity}

    def has(self, at_least: Severity) -> bool:
        """Whether any finding is as severe as this."""
        return any(f.severity.rank <= at_least.rank for f in self.findings)

    def crashed(self) -> bool:
        """Whether a rule of ours failed to run."""
        return any(r.outcome is Outcome.CRASHED for r in self.rules)
