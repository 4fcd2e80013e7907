"""Small made-up studies, as rows of text cells: what the properties of counting are tried on.

`studies()` draws one; `Made` opens it through the same doors as a person's files. How many examples
a property gets is said where it stands, and AE_CLI_EXAMPLES asks for more of all of them.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from workbooks import xlsx

from ae_cli import rules
from ae_cli.config import Config
from ae_cli.findings import Report
from ae_cli.model import AdverseEvent, Subject
from ae_cli.read import Log, sheet_of
from ae_cli.reports import REPORTS
from ae_cli.reports.checks import verify
from ae_cli.study import Choices, Study, from_log
from ae_cli.table import Cell, Quantity, Table
from ae_cli.vocabulary import Action, Outcome

Row = dict[str, str]
Numbers = dict[tuple[str, str], Cell]  # (row, column) to cell

ASKED = os.environ.get("AE_CLI_EXAMPLES")


def examples(n: int) -> settings:
    """So many examples, the same ones in every run, and one that fails is told at once.
    AE_CLI_EXAMPLES=1000 tries others, and more, and makes one that fails smaller: in minutes."""
    quick = {"phases": (Phase.explicit, Phase.generate)} if ASKED is None else {}
    return settings(
        max_examples=int(ASKED or n),
        derandomize=ASKED is None,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        **quick,
    )


@dataclass(frozen=True)
class Made:
    """A study as text: the rows of its log and of its participant file, and what goes with them.

    Every row has every column. Without `people` there is no participant file; `n` is then --n.
    """

    columns: tuple[str, ...]
    events: tuple[Row, ...]
    people_columns: tuple[str, ...] = ()
    people: tuple[Row, ...] | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    n: str | None = None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a failing example shows: the columns, and what cells hold."""
        parts = [f"study.toml {self.config}, --n {self.n}", f"log: {', '.join(self.columns)}"]
        parts += [f"    {_filled(row)}" for row in self.events]
        if self.people is not None:
            parts.append(f"participants: {', '.join(self.people_columns)}")
            parts += [f"    {_filled(row)}" for row in self.people]
        printer.text("\n  ".join(parts))

    def log(self, rows: Iterable[Row]) -> Made:
        """The same study with these rows of events."""
        return replace(self, events=tuple(rows))

    def also(self, *rows: Row) -> Made:
        """The same study with more rows at the end of the log."""
        return self.log((*self.events, *rows))

    def without(self, at: int) -> Made:
        """The same study without one row of events."""
        return self.log(row for i, row in enumerate(self.events) if i != at)

    def changed(self, at: int, **cells: str) -> Made:
        """The same study with other text in one row of events."""
        return self.log(row | cells if i == at else row for i, row in enumerate(self.events))

    def of(self, people: Iterable[Row]) -> Made:
        """The same study with these participants, where it has a participant file."""
        return self if self.people is None else replace(self, people=tuple(people))

    def every(self, change: Mapping[str, Any]) -> Made:
        """The same study with each text of some columns changed, wherever such a column is."""

        def altered(row: Row) -> Row:
            return {c: change[c](text) if c in change else text for c, text in row.items()}

        return self.log(map(altered, self.events)).of(map(altered, self.people or ()))

    @cached_property
    def study(self) -> Study:
        """The study, read."""
        return from_log(self.read(), self.settled, Choices(n=self.n, ci="none"))

    @property
    def settled(self) -> Config:
        return Config.model_validate(self.config)

    def read(self) -> Log:
        """The rows, read. A row of blanks, which is skipped, keeps the header of an empty log."""
        rows = under(self.columns, self.events)
        events = sheet_of(AdverseEvent, "events", rows, self.settled)
        if self.people is None:
            return Log(events, None)
        rows = under(self.people_columns, self.people)
        return Log(events, sheet_of(Subject, "participants", rows, self.settled))

    @cached_property
    def numbers(self) -> Numbers:
        """Every cell of the table by group."""
        return numbers_of(table_of(self.study))

    @cached_property
    def report(self) -> Report:
        """What was read, and what the rules say."""
        return rules.check(self.study)

    @cached_property
    def groups(self) -> dict[int, str]:
        """The rows of the log that are counted, and the group of each."""
        frame = self.study.events.select("row", "group", "excluded")
        return {row - 2: group for row, group, why in frame.iter_rows() if why is None}

    @cached_property
    def excluded(self) -> dict[int, str]:
        """The rows of the log that are not counted, and the reason for each."""
        frame = self.study.events.select("row", "excluded")
        return {row - 2: why for row, why in frame.iter_rows() if why is not None}


def _filled(row: Row) -> dict[str, str]:
    return {column: text for column, text in row.items() if text}


def under(columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    """Rows below a row of blanks, each with all columns and no other."""
    return [dict.fromkeys(columns, ""), *({c: row[c] for c in columns} for row in rows)]


def table_of(study: Study) -> Table:
    """The table by group, once it has been checked for what cannot be."""
    table = Table("group", "", study.columns, REPORTS["group"].rows(study))
    verify(table)
    return table


def numbers_of(table: Table) -> Numbers:
    return {
        (row.key, column.name): cell
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    }


def changes(before: Numbers, after: Numbers) -> dict[tuple[str, str], tuple[Cell | None, ...]]:
    """The cells that differ, with what they were and what they became."""
    places = [*before, *(place for place in after if place not in before)]
    both = {place: (before.get(place), after.get(place)) for place in places}
    return {place: cells for place, cells in both.items() if not alike(*cells)}


def alike(before: Cell | None, after: Cell | None) -> bool:
    """Months are sums of fractions: alike to the twelfth digit. All else is the same or not."""
    if isinstance(before, Quantity) and isinstance(after, Quantity):
        return math.isclose(before.value, after.value, rel_tol=1e-12)
    return before == after


# --- what cells hold ----------------------------------------------------------------------------

ARMS = ("Placebo", "Low", "Medium", "High")
YES_NO = ("N", "Y", "N", "N", "", "yes", "否", "unknown", "perhaps", "NA")
DAYS = (
    "", "2024-03-04", "2024-03-04", "2024-03-05", "2024-03-20", "2024-05-01", "2024-02-20",
    "2024-03-04T10:30", "2025-01-15", "2024-03", "2024", "4 Mar 2024", "", "03/04/2024", "soon",
)  # fmt: skip
OUTCOMES = ("", *map(str, Outcome), "recovered", "went home")
ACTIONS = ("", *map(str, Action), "none", "called the doctor")
CAUSES = ("", "NOT RELATED", "possible", "related", "unlikely", "很可能有关", "unknown", "MAYBE")
FLAGS = (
    "sae_death", "sae_life_threatening", "sae_hospitalisation", "sae_disability", "sae_congenital",
    "sae_other",
)  # fmt: skip

EVENT: dict[str, Sequence[str]] = {
    "seq": ("", "1", "2", "3", "4"),
    "term": (
        "Nausea", "Nausea", "Headache", "Sepsis", "Alopecia", "Rash and fever", "Nausia", "other",
        "Eye disorders - Other, specify", "Grade 3 rash", "none", "无", "",
    ),
    "preferred_term": ("", "Nausea", "Headache", "Sepsis", "Syncope", "Nausia"),
    "soc": ("", "Gastrointestinal disorders", "Nervous system disorders", "Stomach"),
    "grade": (
        "1", "1", "2", "2", "3", "3", "4", "5", "Grade 2", "III", "3级", "0", "", "", "6", "mild",
        "2-3", "NA",
    ),
    "severity": ("", "MILD", "moderate", "重度", "fierce"),
    "serious": YES_NO, "criteria": ("", "", "death", "住院; other", "felt bad"),
    **dict.fromkeys(FLAGS, YES_NO),
    "related": CAUSES, "action": ACTIONS, "outcome": OUTCOMES,
    "treatment_given": YES_NO, "discontinued": YES_NO, "dlt": YES_NO, "ongoing": YES_NO,
    "start": DAYS, "end": DAYS, "death_date": (*[""] * 30, *DAYS),
    "treatment_emergent": ("Y", "Y", "Y", "N", ""), "occurred": ("", "Y", "Y", "Y", "N"),
}  # fmt: skip
RARE = ("treatment_emergent", "occurred", "criteria", "severity")
PERSON: dict[str, Sequence[str]] = {
    "actual_arm": (),
    "first_dose": (
        "2024-03-04", "2024-03-04", "2024-03-05", "2024-03-04T09:00", "2024-03", "", "soon",
    ),
    "last_dose": ("", "2024-03-18", "2024-04-01", "2024-03"),
    "last_contact": ("", "2024-06-01", "2024-09-30", "2025-02-01", "2024-09"),
    "died": ("", "N", "N", "N", "Y", "perhaps"),
    "death_date": ("", "", "", "", "2024-05-01", "2024-05", "2025-01-20"),
    "safety": ("Y", "Y", "Y", "Y", "N", ""),
    "dlt_evaluable": ("", "Y", "Y", "N", "PENDING"),
    "sex": ("", "M", "F"),
}  # fmt: skip
STRANGERS = ("X1", "X2")
WINDOWS: tuple[dict[str, int], ...] = (
    {},
    {"days_after_first_dose": 30},
    {"days_after_last_dose": 28},
)


@st.composite
def studies(draw: st.DrawFn, people: bool | None = None, most: int = 30) -> Made:
    """A study of 1 to 4 arms, 0 to 20 participants and up to `most` rows of events.

    `people` asks for a participant file, or for none; without one there is --n or nothing.
    """
    arms = ARMS[: draw(st.integers(1, 4))]
    subjects = [f"S{i:02}" for i in range(1, 1 + draw(st.integers(0, 20)))]
    filed = draw(st.sampled_from([True, True, True, False])) if people is None else people
    n = None if filed else draw(st.sampled_from([None, ",".join(f"{a}=40" for a in arms)]))
    columns = draw(_columns(EVENT, RARE))
    armed = ("arm",) * (not filed or draw(st.booleans()))
    given = (*arms, *arms, "") if n is None else arms
    cells = {"subject": (*subjects, *subjects, *STRANGERS, ""), "arm": given}
    rows = draw(_rows(("subject", *armed, *columns), cells | EVENT, most))
    made = Made(("subject", *armed, *columns), rows, config=draw(_configs(arms)), n=n)
    return draw(_with_people(made, subjects, arms)) if filed else made


@st.composite
def _with_people(draw: st.DrawFn, made: Made, subjects: list[str], arms: tuple[str, ...]) -> Made:
    """The study with a participant file, in which some rows stand twice or name nobody."""
    armed = ("arm",) * draw(st.sampled_from([1, 1, 1, 1, 0]))
    columns = (*armed, *draw(_columns(PERSON, ("safety", "dlt_evaluable"))))
    received = {"arm": (*arms, *arms, ""), "actual_arm": (*arms, *arms, "")}
    one = _rows(columns, PERSON | received, 1, least=1)
    rows = [{"subject": s} | draw(one)[0] for s in subjects]
    twice = draw(st.lists(st.sampled_from(rows), max_size=2)) if rows else []
    nobody = [{"subject": ""} | row for row in draw(_rows(columns, PERSON | received, 1))]
    filled = [row for row in nobody if any(row.values())]
    return replace(made, people_columns=("subject", *columns), people=(*rows, *twice, *filled))


@st.composite
def _configs(draw: st.DrawFn, arms: tuple[str, ...]) -> dict[str, Any]:
    """A study.toml: the order of the groups, a cut-off, an observation window, each or not."""
    config: dict[str, Any] = {"coded_in": draw(st.sampled_from([None, "CTCAE", "MedDRA"]))}
    if draw(st.booleans()):
        config["groups"] = [{"name": arm} for arm in draw(st.permutations(arms))]
    config["cut_off"] = draw(st.sampled_from([None, "2024-12-31"]))
    config["window"] = draw(st.sampled_from(WINDOWS))
    return config


@st.composite
def _columns(
    draw: st.DrawFn, known: Mapping[str, Sequence[str]], rare: Sequence[str]
) -> tuple[str, ...]:
    """Most of the columns; a term always. Severity and grade do not stand side by side."""
    common = [c for c in known if c not in rare]
    absent = draw(st.sets(st.sampled_from([c for c in common if c != "term"]), max_size=5))
    there = draw(st.sets(st.sampled_from(rare), max_size=2))
    absent |= {"grade"} if "severity" in there else set()
    return tuple(c for c in known if c in there or (c in common and c not in absent))


@st.composite
def _rows(
    draw: st.DrawFn, columns: Sequence[str], cells: Mapping[str, Sequence[str]], most: int,
    least: int = 0,
) -> tuple[Row, ...]:  # fmt: skip
    row = st.tuples(*(st.sampled_from(cells[c]) for c in columns))
    n = draw(st.integers(least, most))
    return tuple(dict(zip(columns, draw(row), strict=True)) for _ in range(n))


# --- files --------------------------------------------------------------------------------------


def named(made: Made) -> dict[str, Any]:
    """The study.toml of a study in files: every header is the name of its field."""
    columns = {"events": made.columns, "subjects": made.people_columns}
    return {**made.config, "columns": {k: {c: c for c in v} for k, v in columns.items()}}


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row], **how: Any) -> Path:
    """Rows as a person would save them: CSV, UTF-8, a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, **how)
        writer.writerows(chain([columns], ([row[c] for c in columns] for row in rows)))
    return path


def write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    """Rows in a workbook, every cell as text."""
    grid = [columns, *([row[c] or None for c in columns] for row in rows)]
    path.write_bytes(xlsx({"Sheet": grid}))
    return path
