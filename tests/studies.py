"""Small made-up studies, as rows of text cells: what the properties of counting are tried on.

`studies()` draws one; `Made` opens it through the same doors as a person's files. How many examples
a property gets is said where it stands, and AE_CLI_EXAMPLES asks for more of all of them.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ae_cli import reports, rules
from ae_cli.config import Config
from ae_cli.findings import Finding, Report
from ae_cli.model import AdverseEvent, Subject
from ae_cli.read import Log, sheet_of
from ae_cli.study import Choices, Study, from_log
from ae_cli.table import Cell, Column, Count, Rate, Share, Table
from ae_cli.vocabulary import Action, Outcome

Row = dict[str, str]
Numbers = dict[tuple[str, str], Cell]  # (row, column) to cell

ASKED = os.environ.get("AE_CLI_EXAMPLES")


def examples(n: int) -> settings:
    """So many examples, the same ones in every run; AE_CLI_EXAMPLES=1000 tries others, and more."""
    return settings(
        max_examples=int(ASKED or n),
        derandomize=ASKED is None,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@dataclass(frozen=True)
class Made:
    """A study as text: the rows of its log and of its participant file, and what goes with them.

    Every row has every column. Without `subjects` there is no participant file; `n` is then --n.
    """

    events: tuple[Row, ...]
    columns: tuple[str, ...]
    subjects: tuple[Row, ...] | None = None
    people_columns: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    n: str | None = None

    def log(self, *rows: Row) -> Made:
        """The same study with these rows of events."""
        return replace(self, events=rows)

    def people(self, *rows: Row) -> Made:
        """The same study with these participants."""
        return replace(self, subjects=rows)

    def also(self, *rows: Row) -> Made:
        """The same study with rows at the end of the log."""
        return replace(self, events=(*self.events, *rows))

    def changed(self, at: int, **cells: str) -> Made:
        """The same study with other text in one row of events."""
        rows = list(self.events)
        rows[at] = rows[at] | cells
        return replace(self, events=tuple(rows))

    def study(self, ci: str = "none") -> Study:
        """The study. A row of blanks, which is skipped, keeps the header of an empty log."""
        config = Config.model_validate(self.config)
        events = sheet_of(AdverseEvent, "events", _under(self.columns, self.events), config)
        people = None
        if self.subjects is not None:
            rows = _under(self.people_columns, self.subjects)
            people = sheet_of(Subject, "participants", rows, config)
        return from_log(Log(events, people), config, Choices(n=self.n, ci=ci))

    def numbers(self) -> Numbers:
        """Every cell of the table by group."""
        return numbers_of(table_of(self.study()))

    def report(self) -> Report:
        """What the rules say."""
        return rules.check(self.study())

    def used(self) -> list[int]:
        """The rows of events that are counted."""
        frame = self.study().events
        return [row - 2 for row, out in frame.select("row", "excluded").iter_rows() if out is None]


def _under(columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    return [dict.fromkeys(columns, ""), *({c: row[c] for c in columns} for row in rows)]


def table_of(study: Study) -> Table:
    """The table by group, checked against what cannot be, without findings."""
    empty = Report(files=(), excluded=(), findings=(), rules=())
    table = Table("group", "", study.columns, reports.REPORTS["group"].rows(study))
    del empty
    reports.verify(table)
    return table


def numbers_of(table: Table) -> Numbers:
    return {
        (row.key, column.name): cell
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    }
