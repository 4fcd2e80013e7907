"""Participants in the columns of a table, and rows that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from ae_cli.study import Study
from ae_cli.study.observation import Person
from ae_cli.table import Cell, Column, NotCollected, NotEstimable, Quantity, Rate, Row, Unit

People = Sequence[Person]
MakeCell = Callable[[Column, People], Cell]
RANGE: dict[str, tuple[str, Callable[[Sequence[float]], float]]] = {
    "median": ("Median", median), "least": ("Least", min), "most": ("Most", max),
}  # fmt: skip


def made(
    study: Study, people: People, key: str, label: str, unit: Unit, cell: MakeCell,
    section: str = "", indent: int = 0, collected: bool = True,
) -> Row:  # fmt: skip
    """A row of what `cell` makes of each column's participants; Total has all of them."""
    whole = study.columns[-1]
    cells = tuple(
        cell(column, [p for p in people if column is whole or p.group == column.name])
        if collected else NotCollected()
        for column in study.columns
    )  # fmt: skip
    return Row(key, label, unit, cells, indent, section)


def those(claim: Callable[[Person], object]) -> MakeCell:
    """The participants of whom something is true, of the group's N; of what is no outcome there is
    no interval."""
    return lambda column, people: Rate(sum(bool(claim(p)) for p in people), column.N)


def spread(
    study: Study, people: People, key: str, unit: Unit, section: str, none: str,
    value: Callable[[Person], float | None], collected: bool = True,
) -> tuple[Row, ...]:  # fmt: skip
    """Median, least and most of a number that participants have."""

    def cell(how: Callable[[Sequence[float]], float]) -> MakeCell:
        def one(column: Column, people: People) -> Cell:
            known = [number for p in people if (number := value(p)) is not None]
            return Quantity(float(how(known)), unit) if known else NotEstimable(none)

        return one

    return tuple(
        made(study, people, f"{key}_{name}", label, unit, cell(how), section, 1, collected)
        for name, (label, how) in RANGE.items()
    )
