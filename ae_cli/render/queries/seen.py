"""What a run saw, as the rows of a query log tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ae_cli.findings import Finding
from ae_cli.render.queries import cells
from ae_cli.render.queries.words import BLANK
from ae_cli.render.words import pairs

Place = tuple[str, str]  # file and sheet, as the query log names them
Home = tuple[Place, int]  # and the row of a record


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run saw: its findings, the fields of each place that was read, the rules checked.

    `homes` tells by its key where the record of a query stands now, None for nowhere; a query that
    is not there is of a record nobody knows. `records` is what to remember of a row.
    """

    findings: Sequence[Finding]
    day: date
    read: Mapping[Place, frozenset[str]]
    checked: frozenset[str]
    homes: Mapping[str, Home | None] = field(default_factory=dict)
    records: Mapping[Home, str] = field(default_factory=dict)


def place(finding: Finding) -> Place:
    """The file and sheet of a finding, as its row shows them."""
    return plain(finding.file), plain(finding.sheet or "")


def plain(words: str) -> str:
    """A name as a cell shows it, to be found again."""
    return cells.text(cells.shown(words, "en")).strip()


def rows_of(finding: Finding) -> int | str | None:
    """The row, or all rows of a finding that groups several."""
    return ", ".join(map(str, finding.rows)) if len(finding.rows) > 1 else finding.row


def cited(finding: Finding, language: str) -> tuple[str, str]:
    """The columns of a finding and their values, a line each."""
    blank, named = BLANK[language], [name for name, _ in pairs(finding)]
    values = [value or blank for value in _values(finding)]
    return "\n".join(named), "\n".join(values) if named else ""


def _values(finding: Finding) -> list[str | None]:
    names = finding.columns or finding.fields
    return [*finding.values, *[None] * len(names)][: max(len(names), len(finding.values))]
