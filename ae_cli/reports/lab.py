"""Laboratory shifts: the grade at baseline by the worst grade after it, for each term and group.

Both grades are against the limits of the laboratory. The CTCAE grade, which in version 5.0 may be
against an abnormal baseline, is counted beside them. Rows that nobody is in are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import narwhals as nw

from ae_cli.reports.liver import liver
from ae_cli.study import Study
from ae_cli.table import Cell, Count, Rate, Row

# The panel of a trial in liver disease comes first, then the alphabet.
FIRST = (
    "Alanine aminotransferase increased", "Aspartate aminotransferase increased",
    "Alkaline phosphatase increased", "Blood bilirubin increased", "Hypoalbuminemia",
    "INR increased",
)  # fmt: skip
GRADES = range(5)
UNPLANNED = r"(?i)unsched|unplanned|计划外|非计划|未计划"
WHO = ("subject", "group", "graded_term")
Person = dict[str, Any]  # of one participant and term: base, worst, ctcae; None where not known
Claim = Callable[[Person], bool]


def by_lab(study: Study) -> tuple[Row, ...]:
    """Shifts to the worst grade after baseline, and the screen for severe liver injury."""
    rows = [row for term, people in _terms(study) for row in _of_term(study, term, people)]
    return (*rows, *liver(study))


def by_visit(study: Study) -> tuple[Row, ...]:
    """Shifts to the worst grade at each visit."""
    visits = _visits(study)
    return tuple(
        row
        for term, people in _terms(study, "visit")
        for visit in visits
        if (here := [p for p in people if p["visit"] == visit and p["worst"] is not None])
        for row in (
            *_shifts(study, f"{term}, {visit}", here),
            *_without_baseline(study, f"{term}, {visit}", here),
        )
    )


def _of_term(study: Study, term: str, people: list[Person]) -> Iterator[Row]:
    later = [p for p in people if p["worst"] is not None]
    yield _rate(study, term, "with_results", "With a result", people, len)
    yield from _shifts(study, term, later)
    yield from _without_baseline(study, term, later)
    for grade in sorted({p["ctcae"] for p in later if p["ctcae"]}):
        label = f"Worst CTCAE grade {grade}"
        yield _row(study, term, f"ctcae_{grade}", label, later, _is("ctcae", grade))
    yield from _not_gradable(study, term)


def _without_baseline(study: Study, section: str, people: list[Person]) -> Iterator[Row]:
    """The worst grades of those whose baseline is not known: they have no shift."""
    blank = [p for p in people if p["base"] is None]
    for grade in sorted({p["worst"] for p in blank}):
        label = f"Baseline not known, worst grade {grade}"
        yield _row(study, section, f"unknown_{grade}", label, blank, _is("worst", grade))


def _shifts(study: Study, section: str, people: list[Person]) -> Iterator[Row]:
    """From each grade at baseline to each grade after it, of those who have both."""
    both = [p for p in people if p["base"] is not None and p["worst"] is not None]
    yield _rate(study, section, "both", "Graded at baseline and after it", both, len)
    for base in GRADES:
        for worst in GRADES:
            here = [p for p in both if (p["base"], p["worst"]) == (base, worst)]
            if here:
                label = f"Grade {base} to {worst}"
                claim = _shift(base, worst)
                yield _row(study, section, f"{base}_{worst}", label, both, claim, indent=1)
    if both:
        yield _row(study, section, "emergent", "Worse than at baseline", both, _emergent)
        yield _row(study, section, "emergent_3_4", "Worse, and grade 3 or 4", both, _severe)


def _shift(base: int, worst: int) -> Claim:
    return lambda person: bool((person["base"], person["worst"]) == (base, worst))


def _is(name: str, grade: int) -> Claim:
    return lambda person: bool(person[name] == grade)


def _emergent(person: Person) -> bool:
    return bool(person["worst"] > person["base"])


def _severe(person: Person) -> bool:
    return _emergent(person) and person["worst"] >= 3


def _row(
    study: Study, section: str, key: str, label: str, of: list[Person], claim: Claim,
    indent: int = 0,
) -> Row:  # fmt: skip
    """Those of whom a claim is true, of those it was asked of: the row's own denominator."""

    def cell(of_group: list[Person], i: int) -> Cell:
        n = sum(map(claim, of_group))
        return Rate(n, len(of_group), own=True)

    return _made(study, section, key, label, of, cell, indent)


def _rate(
    study: Study, section: str, key: str, label: str, of: list[Person],
    number: Callable[[list[Person]], int],
) -> Row:  # fmt: skip
    """Participants of the group's N."""

    def cell(of_group: list[Person], i: int) -> Cell:
        return Rate(number(of_group), study.columns[i].N)

    return _made(study, section, key, label, of, cell)


def _made(
    study: Study, section: str, key: str, label: str, people: list[Person],
    cell: Callable[[list[Person], int], Cell], indent: int = 0,
) -> Row:  # fmt: skip
    cells = tuple(
        cell([p for p in people if i == last or p["group"] == column.name], i)
        for last in [len(study.columns) - 1]
        for i, column in enumerate(study.columns)
    )
    name = re.sub(r"\W+", "_", section).strip("_").lower()
    return Row(f"{name}_{key}", label, "participants", cells, indent, section)


def _not_gradable(study: Study, term: str) -> Iterator[Row]:
    """Results that have no grade, with the number of them in each group."""
    frame = _used(study).filter(nw.col("graded_term") == term, nw.col("grade").is_null())
    counts = dict(frame.group_by("group").agg(n=nw.len()).iter_rows())
    if counts:
        numbers = [counts.get(column.name, 0) for column in study.columns[:-1]]
        cells = tuple(Count(n) for n in (*numbers, sum(counts.values())))
        name = re.sub(r"\W+", "_", term).strip("_").lower()
        yield Row(f"{name}_not_gradable", "Results not gradable", "events", cells, 0, term)


def _used(study: Study) -> nw.DataFrame[Any]:
    frame: nw.DataFrame[Any] = nw.from_native(study.labs, eager_only=True)
    unplanned = nw.col("visit").str.contains(UNPLANNED).fill_null(False)
    visit = nw.when(unplanned).then(nw.lit("Unscheduled")).otherwise("visit")
    return frame.filter(nw.col("excluded").is_null()).with_columns(visit=visit)


def _terms(study: Study, *by: str) -> list[tuple[str, list[Person]]]:
    """Each term with one entry a participant, or one for each of their visits."""
    used = _used(study).filter(~nw.col("graded_term").is_null())
    known = nw.col("after").fill_null(True) & ~nw.col("limits_grade").is_null()
    later = used.filter(known).group_by(*WHO, *by, drop_null_keys=True)
    worst = later.agg(worst=nw.col("limits_grade").max(), ctcae=nw.col("grade").max())
    people = used.group_by(*WHO).agg(base=nw.col("base_grade").max())
    found = people.join(worst, on=list(WHO), how="left").sort("graded_term", "subject", *by)
    rows = found.rows(named=True)
    grouped = [(t, list(p)) for t, p in groupby(rows, key=lambda row: str(row["graded_term"]))]
    return sorted(grouped, key=lambda item: (_place(item[0]), item[0]))


def _place(term: str) -> int:
    return FIRST.index(term) if term in FIRST else len(FIRST)


def _visits(study: Study) -> list[str]:
    """The visits in the order of their numbers, else of their dates, else of the file; those that
    were not planned, which are of any day, last."""
    used = _used(study).filter(~nw.col("visit").is_null())
    seen = used.group_by("visit").agg(
        number=nw.col("visit_order").min(),
        date=nw.col("date_earliest").min(),
        at=nw.col("record").min(),
    )
    rows = sorted(seen.rows(named=True), key=_when)
    return [str(row["visit"]) for row in rows]


def _when(row: dict[str, Any]) -> tuple[bool, bool, float, bool, str, int]:
    number, date = row["number"], row["date"]
    unplanned = row["visit"] == "Unscheduled"
    return (unplanned, number is None, number or 0.0, date is None, str(date or ""), row["at"])
