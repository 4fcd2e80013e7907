"""The laws of counting, for the tables of time and of what became of participants."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import Made, examples, studies

from ae_cli.reports import REPORTS
from ae_cli.study import Study
from ae_cli.table import Cell, Incidence, Quantity, Rate

TABLES = ("exposure", "survival", "time", "withdrawal")


def cells_of(study: Study, name: str) -> dict[str, list[Cell]]:
    """The cells of each row; nothing where the table cannot be made."""
    if REPORTS[name].lacks(study):
        return {}
    return {row.key: list(row.cells) for row in REPORTS[name].rows(study)}


def alike(one: Cell, other: Cell) -> bool:
    """The same, but for the last digits of a sum of fractions."""
    if isinstance(one, Quantity | Incidence) and type(one) is type(other):
        return numbers(one) == pytest.approx(numbers(other), rel=1e-9)
    return one == other


def numbers(cell: Any) -> list[float]:
    ends = [cell.ci.lower, cell.ci.upper] if cell.ci else []
    return [*([cell.value] if isinstance(cell, Quantity) else [cell.n, cell.time]), *ends]


def same(one: dict[str, list[Cell]], other: dict[str, list[Cell]]) -> bool:
    return one.keys() == other.keys() and all(
        alike(a, b) for key in one for a, b in zip(one[key], other[key], strict=True)
    )


@pytest.mark.parametrize("name", TABLES)
@examples(25)
@given(made=studies(people=True), seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(name: str, made: Made, seed: int) -> None:
    rows, people = list(made.events), list(made.people or ())
    random.Random(seed).shuffle(rows)
    # Of participants who stand twice the first counts: only others are moved.
    if len({p["subject"] for p in people}) == len(people):
        random.Random(seed).shuffle(people)
    mixed = made.log(rows).of(people)
    assert same(cells_of(made.study, name), cells_of(mixed.study, name))


@pytest.mark.parametrize("name", TABLES)
@examples(25)
@given(made=studies(people=True))
def test_the_study_twice_over(name: str, made: Made) -> None:
    """Every number of people, events and months doubles; middles stay."""
    again = made.every({"subject": lambda text: text and f"T{text}"})
    twice = replace(made.also(*again.events).of((*(made.people or ()), *(again.people or ()))))
    one, two = (cells_of(m.study, name) for m in (made, twice))
    assert one.keys() == two.keys()
    for key, cells in one.items():
        for a, b in zip(cells, two[key], strict=True):
            if isinstance(a, Rate):
                assert isinstance(b, Rate) and b.n == 2 * a.n and b.percent == a.percent
            if isinstance(a, Incidence):
                assert isinstance(b, Incidence) and b.n == 2 * a.n
                assert b.time == pytest.approx(2 * a.time)
            if isinstance(a, Quantity) and key.endswith(("_median", "_least", "_most")):
                assert isinstance(b, Quantity) and b.value == pytest.approx(a.value)


DATES = ("start", "end", "death_date", "first_dose", "last_dose", "last_contact")


def later(text: str) -> str:
    """The same day a fortnight later; a text that is no whole date is not one any more."""
    try:
        return str(date.fromisoformat(text) + timedelta(14))
    except ValueError:
        return ""


@pytest.mark.parametrize("name", TABLES)
@examples(25)
@given(made=studies(people=True))
def test_all_dates_moved_change_nothing(name: str, made: Made) -> None:
    plain = made.every(dict.fromkeys(DATES, lambda text: later(text) and text))
    moved = plain.every(dict.fromkeys(DATES, later))
    if cut := made.config.get("cut_off"):
        moved = replace(moved, config={**made.config, "cut_off": later(cut)})
    assert same(cells_of(plain.study, name), cells_of(moved.study, name))
