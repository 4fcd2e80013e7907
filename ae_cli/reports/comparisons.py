"""Groups against each other, on request: differences and ratios with intervals, trends over doses.

No test stands in a table unasked: a safety table of small groups describes, and tests nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isinf, log

from ae_cli.errors import InputError
from ae_cli.findings import Listing
from ae_cli.statistics import difference, fisher, ratio, trend
from ae_cli.statistics.results import Estimate, NotEstimable, Test
from ae_cli.study import Study
from ae_cli.study.groups import NO_GROUP
from ae_cli.table import Column, Rate, Row, Table

Value = str | int | float | None
SCORES = ("rank", "dose", "log-dose")
NONE = "not estimable"
NOBODY = Rate(0, None)
EXPLORATORY = (
    "Exploratory: no hypothesis was set, and nothing is adjusted for the number of comparisons."
)


def comparisons(study: Study, table: Table) -> Iterator[Listing]:
    """What was asked for, of each line of participants. Raises InputError for a group that is not
    there, and for scores that the groups do not have."""
    lines = [row for row in table.rows if any(_rate(row, i) for i, _ in _groups(study))]
    lines = [row for row in lines if any((_rate(row, i) or NOBODY).n for i, _ in _groups(study))]
    if study.choices.compare:
        yield _against(study, table, lines, _reference(study))
    if study.choices.trend:
        yield _trends(study, table, lines, _scores(study))


def comparison_notes(study: Study) -> Iterator[str]:
    """How they were made."""
    if study.choices.compare:
        yield (
            "Differences in percentage points with 95% intervals by Newcombe (1998, method 10); "
            "ratios with score intervals (Koopman 1984)."
        )
        if study.choices.p_values:
            yield "p: Fisher's exact test, two-sided."
    if study.choices.trend:
        yield (
            f"p for trend: Cochran-Armitage, exact, two-sided, with scores by {study.choices.trend}"
            ": all tables whose statistic lies at least as far from its mean."
        )
    if study.choices.compare or study.choices.trend:
        yield f"Lines that nobody is in are not compared. {EXPLORATORY}"


def _rate(row: Row, at: int) -> Rate | None:
    cell = row.cells[at]
    return cell if isinstance(cell, Rate) and cell.N else None


def _groups(study: Study) -> list[tuple[int, Column]]:
    """The dose groups with their places: neither Total nor those without a group."""
    every = enumerate(study.columns[:-1])
    return [(i, column) for i, column in every if column.name != NO_GROUP]


def _reference(study: Study) -> int:
    wanted = (study.choices.compare or "").casefold()
    for i, column in _groups(study):
        if wanted in (column.name.casefold(), column.label.casefold()):
            return i
    names = ", ".join(column.name for _, column in _groups(study))
    raise InputError(
        f"--compare {study.choices.compare!r}: there is no such group", f"the groups are {names}"
    )


def _against(study: Study, table: Table, lines: list[Row], at: int) -> Listing:
    label = table.columns[at].label
    headers = (
        "Line", "Group", "With it", f"Of {label}", "Difference", "From", "To", "Ratio", "From ",
        "To ", *(["p"] if study.choices.p_values else []),
    )  # fmt: skip
    rows = tuple(
        (_label(row), column.label, *_compared(study, one, other))
        for row in lines
        for i, column in _groups(study)
        if i != at and (one := _rate(row, i)) and (other := _rate(row, at))
    )
    return Listing("Comparisons", f"Groups against {label}", headers, rows)


def _label(row: Row) -> str:
    return f"{row.section}: {row.label}" if row.section else row.label


def _compared(study: Study, one: Rate, other: Rate) -> Iterator[Value]:
    of = (one.n, one.N or 0, other.n, other.N or 0)
    yield f"{one.n}/{one.N}"
    yield f"{other.n}/{other.N}"
    yield from _estimate(difference(*of), 100, 1)
    yield from _estimate(ratio(*of), 1, 2)
    if study.choices.p_values:
        yield _p(fisher(*of))


def _estimate(found: Estimate | NotEstimable, times: int, digits: int) -> list[Value]:
    if isinstance(found, NotEstimable):
        return [NONE, None, None]
    each = (found.estimate, found.lower, found.upper)
    return ["no limit" if isinf(value) else round(times * value, digits) for value in each]


def _p(found: Test | NotEstimable) -> Value:
    return NONE if isinstance(found, NotEstimable) else round(found.pvalue, 4)


def _trends(study: Study, table: Table, lines: list[Row], scores: dict[int, float]) -> Listing:
    rows = []
    for row in lines:
        cells = {i: cell for i in scores if (cell := _rate(row, i))}
        told = ", ".join(f"{cell.n}/{cell.N}" for cell in cells.values())
        found = trend(
            [cell.n for cell in cells.values()], [cell.N or 0 for cell in cells.values()],
            [scores[i] for i in cells],
        )  # fmt: skip
        rows.append((_label(row), told, _p(found)))
    names = "; ".join(table.columns[i].label for i in scores)
    return Listing("Trends", f"Trend over {names}", ("Line", "With it", "p"), tuple(rows))


def _scores(study: Study) -> dict[int, float]:
    """The score of each dose group, by its place. Raises InputError where its dose is not known."""
    groups = _groups(study)
    if study.choices.trend == "rank":
        return {i: float(rank) for rank, (i, _) in enumerate(groups, 1)}
    doses = {group.name: group.dose for group in study.config.groups}
    found = {i: _number(doses.get(column.name)) for i, column in groups}
    unknown = [column.name for i, column in groups if found[i] is None]
    if unknown:
        raise InputError(
            f"--trend {study.choices.trend}: study.toml has no dose of {', '.join(unknown)}",
            "write `dose = 5` under each [[groups]], or use --trend rank",
        )
    known = {i: dose for i, dose in found.items() if dose is not None}
    if study.choices.trend == "dose":
        return known
    if min(known.values()) <= 0:
        raise InputError("--trend log-dose: a dose of 0 has no logarithm", "use --trend dose")
    return {i: log(dose) for i, dose in known.items()}


def _number(dose: float | str | None) -> float | None:
    """The number of a dose, also of one with its unit: `5e7 cells`."""
    if dose is None or isinstance(dose, (int, float)):
        return dose
    said = re.match(r"\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)", dose)
    return float(said[1]) if said else None
