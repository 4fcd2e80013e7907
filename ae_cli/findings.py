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
    groups several (duplicates), and `records` counts them where some stand in other files.
    `columns` and `values` are the file's own words, in the order of `fields`. `key` names the
    finding across corrections of the log. `term` is the event's name in the log; `question` what to
    ask its `site`, made where a language is asked for, empty where that is nothing; `effect` what
    it changes in the table.
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
    records: int = 1
    term: str | None = None
    question: str = ""
    effect: str = ""
    site: str | None = None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule's line of a report. `count` is the number of findings, however many are listed.

    `accepted` are those that a baseline knows; they are not in `count`.
    """

    id: str
    title: str
    severity: Severity
    outcome: Outcome
    count: int = 0
    reason: str = ""
    category: str = ""
    why: str = ""
    sources: tuple[str, ...] = ()
    accepted: int = 0

    @property
    def ran(self) -> bool:
        """Whether the rule was asked, whatever it said."""
        return self.outcome in (Outcome.PASSED, Outcome.FINDINGS)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A row that was read and not used, with the reason."""

    file: str
    sheet: str | None
    row: int
    reason: str
    role: str = "events"  # of the file: a sheet may be read as two kinds of record


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was read from one file or sheet. read = used + excluded, always.

    `of_text` tells that its rows are lines, as an editor counts them.
    """

    path: str
    sheet: str | None
    sha256: str
    role: str
    rows_read: int
    rows_used: int
    rows_excluded: int
    notes: tuple[str, ...] = ()
    of_text: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a former result did to this one: the findings it accepts, and those that are gone.

    `unasked` are findings of rules that did not run now, so nobody knows whether they are gone.
    """

    path: str
    accepted: tuple[Finding, ...] = ()
    gone: int = 0
    unasked: int = 0


@dataclass(frozen=True)
class Listing:
    """Plain rows for a sheet or a page, such as the participants whose deaths do not agree."""

    name: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


@dataclass(frozen=True)
class Report:
    """The result of validating: what was read, what was excluded, what each rule said.

    With a baseline, `findings` are those that are new. `listings` say what findings come to
    together: of each death, of each site.
    """

    files: tuple[FileReport, ...]
    excluded: tuple[Excluded, ...]
    findings: tuple[Finding, ...]
    rules: tuple[RuleOutcome, ...]
    notes: tuple[str, ...] = field(default=())
    listings: tuple[Listing, ...] = field(default=())
    baseline: Baseline | None = None

    def counts(self) -> dict[Severity, int]:
        """Number of findings by severity."""
        return {s: sum(f.severity is s for f in self.findings) for s in Severity}

    def has(self, at_least: Severity) -> bool:
        """Whether any finding is as severe as this."""
        return any(f.severity.rank <= at_least.rank for f in self.findings)

    def crashed(self) -> bool:
        """Whether a rule of ours failed to run."""
        return any(r.outcome is Outcome.CRASHED for r in self.rules)
