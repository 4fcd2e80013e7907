"""The laws of counting: what holds for every study, tried on made-up ones.

A law changes a study in a way whose effect on the table is known beforehand, and compares.
"""

from __future__ import annotations

import csv
import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from studies import ARMS, Made, Numbers, Row, examples, named, numbers_of, studies, table_of
from studies import write_csv

from ae_cli.findings import Finding, Report
from ae_cli.model import AdverseEvent, Subject, cells
from ae_cli.statistics import METHODS, interval
from ae_cli.study import Choices, from_log, open_study
from ae_cli.study.groups import NO_GROUP, TOTAL
from ae_cli.table import Cell, Count, Quantity, Rate, Share, percent

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "statistics.csv"
GRADES = range(1, 6)
seeds = st.integers(0, 2**16)


# --- what is compared -----------------------------------------------------------------------------


def n(cell: Cell) -> int:
    """Participants in a cell."""
    assert isinstance(cell, Rate)
    return cell.n


def e(cell: Cell | None) -> int:
    """Events in a cell."""
    return getattr(cell, "events", None) or 0


def people_in(numbers: Numbers) -> dict[tuple[str, str], int]:
    return {at: cell.n for at, cell in numbers.items() if isinstance(cell, Rate)}


def counted(numbers: Numbers, *keys: str) -> bool:
    """Whether these rows are numbers, not 'not collected'."""
    return all(isinstance(numbers.get((key, TOTAL)), (Rate, Count)) for key in keys)


def groups_of(numbers: Numbers) -> list[str]:
    return list(dict.fromkeys(group for _, group in numbers))


def differing(before: Numbers, after: Numbers) -> set[str]:
    """The rows in which some cell differs."""
    return {key for (key, group), cell in after.items() if before.get((key, group)) != cell}


def only(changed: set[str], *allowed: str) -> bool:
    """Whether every row that changed is one of these, by a part of its name."""
    return all(any(part in key for part in allowed) for key in changed)


def told(findings: Iterable[Finding]) -> Counter[tuple[object, ...]]:
    """Findings without the row they stand in."""
    return Counter((f.rule, f.severity, f.message, f.subject, len(f.rows)) for f in findings)


def shuffled(rows: Iterable[Any], seed: int) -> list[Any]:
    rows = list(rows)
    random.Random(seed).shuffle(rows)
    return rows


def events_report(report: Report) -> Any:
    return next(f for f in report.files if f.role == "events")


# --- order and names --------------------------------------------------------------------------------


@examples(12)
@given(studies(), seeds)
def test_the_order_of_rows_changes_nothing(made: Made, seed: int) -> None:
    other = made.log(shuffled(made.events, seed)).of(shuffled(made.people or (), seed))
    assert table_of(made.study) == table_of(other.study)
    assert told(made.report.findings) == told(other.report.findings)


@examples(8)
@given(studies(), seeds)
def test_the_order_of_columns_changes_nothing(made: Made, seed: int) -> None:
    mixed = replace(
        made,
        columns=tuple(shuffled(made.columns, seed)),
        people_columns=tuple(shuffled(made.people_columns, seed)),
    )
    assert table_of(made.study) == table_of(mixed.study)
    assert told(made.report.findings) == told(mixed.report.findings)


@examples(10)
@given(studies(most=20), st.integers(1, 3), seeds)
def test_one_file_or_several_in_any_order_are_the_same_log(made: Made, k: int, seed: int) -> None:
    parts = [made.events[i::k] for i in range(k)]
    config = made.settled.model_validate(named(made))
    with TemporaryDirectory() as folder:
        files = [
            write_csv(Path(folder) / f"{i}.csv", made.columns, part) for i, part in enumerate(parts)
        ]
        people = None
        if made.people is not None:
            people = write_csv(Path(folder) / "people.csv", made.people_columns, made.people)
        choices = Choices(n=made.n, ci="none")
        split = open_study(shuffled(files, seed), people, config, choices)
    assert table_of(made.study) == table_of(split)


@examples(10)
@given(studies())
def test_other_identifiers_change_no_number(made: Made) -> None:
    def renamed(text: str) -> str:
        return f"{'Z' if text[0] == 'X' else 'K'}{99 - int(text[1:])}" if text else ""

    other = made.every({"subject": renamed})
    assert table_of(made.study) == table_of(other.study)

    def places(report: Report) -> Counter[tuple[object, ...]]:
        return Counter((f.rule, f.severity, f.row, f.rows) for f in report.findings)

    assert places(made.report) == places(other.report)


@examples(10)
@given(studies())
def test_other_names_of_groups_change_no_number(made: Made) -> None:
    assume(not _of_several_groups(made))
    names = {"": "", **dict(zip(ARMS, ("D", "b", "C 5", "a"), strict=True))}
    other = made.every(dict.fromkeys(("arm", "actual_arm"), names.get))
    groups = [{"name": names[g["name"]]} for g in made.config.get("groups", ())]
    n = made.n and ",".join(f"{names[p.split('=')[0]]}=40" for p in made.n.split(","))
    other = replace(other, config={**made.config, "groups": groups}, n=n)
    assert other.numbers == {(k, names.get(g, g)): c for (k, g), c in made.numbers.items()}
    if groups:
        wanted = [names.get(g, g) for g in groups_of(made.numbers)]
        assert groups_of(other.numbers) == wanted


def _of_several_groups(made: Made) -> bool:
    """Whether the log puts a participant in several groups, and nothing else tells the group."""
    if made.people is None or {"arm", "actual_arm"} & set(made.people_columns):
        return False
    pairs = {(row["subject"], row["arm"]) for row in made.events if row.get("arm")}
    return len({subject for subject, _ in pairs}) < len(pairs)


# --- participants -----------------------------------------------------------------------------------


@examples(12)
@given(studies(people=True), st.sampled_from(ARMS))
def test_a_participant_without_events_changes_n_alone(made: Made, arm: str) -> None:
    new = dict.fromkeys(made.people_columns, "")
    new |= {"subject": "S99", "arm": arm, "actual_arm": arm, "safety": "Y"}
    new |= {"first_dose": "2024-03-04"}
    after = made.of([*(made.people or ()), new])
    armed = {"arm", "actual_arm"} & set(made.people_columns)
    group = arm if armed else NO_GROUP if "arm" in made.columns else NO_GROUP
    for (key, column), cell in after.numbers.items():
        before = made.numbers.get((key, column))
        if isinstance(cell, Rate) and column in (group, TOTAL) and key != "dlt":
            was = before or Rate(0, 0, cell.events and 0)
            assert isinstance(was, Rate) and was.N is not None
            more = int(key == "no_ae")
            assert cell == replace(was, n=was.n + more, N=was.N + 1)
        else:
            assert before in (cell, None)
    gone = after.report.rules, made.report.rules
    counts = [{r.id: r.count for r in rules} for rules in gone]
    assert counts[0] == counts[1] | {"AE-XDS-19": counts[1]["AE-XDS-19"] + 1, **_odd(new, counts)}


def _odd(new: Row, counts: list[dict[str, int]]) -> dict[str, int]:
    """A new participant without a group of its own, where the file has no groups, is a finding."""
    return {} if counts else {}


# --- events -----------------------------------------------------------------------------------------
