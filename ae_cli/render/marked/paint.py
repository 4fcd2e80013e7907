"""Cells coloured by the gravest of their findings, with a note of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.styles import PatternFill

from ae_cli.findings import Finding
from ae_cli.render.marked.marks import Marks, Place
from ae_cli.render.text import safe
from ae_cli.render.xlsx import kept
from ae_cli.render.xlsx.styles import STYLES

NOTES = 20_000  # cells: with more, Excel takes minutes to open the file
LONGEST = 1_500  # characters of a note: what is longer is read in the list
IN_NOTE = 5  # findings


def paint(book: Any, marks: Marks) -> tuple[str, ...]:
    """Mark the cells; what to say of notes that were left out."""
    merged: Marks = {}
    for place, findings in marks.items():
        merged.setdefault(_anchor(book, place), []).extend(findings)
    grave = sorted(merged, key=lambda place: min(f.severity.rank for f in merged[place]))
    for n, (page, row, column) in enumerate(grave):
        cell, findings = book[page].cell(row, column), _once(merged[page, row, column])
        cell.fill = _fill(findings)
        if n < NOTES:
            kept.note(cell, words(findings))
    more = len(merged) - NOTES
    return (f"{more:,} marked cells have no note: all findings are listed",) if more > 0 else ()


def _anchor(book: Any, place: Place) -> Place:
    """The cell that shows: of merged ones the first."""
    page, row, column = place
    cell = book[page].cell(row, column)
    if not isinstance(cell, MergedCell):
        return place
    areas = (area for area in book[page].merged_cells.ranges if cell.coordinate in area)
    area = next(areas)
    return page, area.min_row, area.min_col


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Each finding once, the gravest first: two of its cells may be merged."""
    found = {id(finding): finding for finding in findings}
    return sorted(found.values(), key=lambda finding: finding.severity.rank)


def _fill(findings: Sequence[Finding]) -> PatternFill:
    fill: PatternFill = STYLES[findings[0].severity]["fill"]
    return fill


def words(findings: Sequence[Finding]) -> str:
    """The note of a cell: rule, message and fix of each finding, as far as a note is read."""
    told = [f"{f.rule} {f.severity}: {f.message}\n→ {f.fix}" for f in findings[:IN_NOTE]]
    text = safe("\n\n".join(told), lines=True)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} … [{len(text):,} characters in all: see the list of findings]"
    more = len(findings) - IN_NOTE
    return f"{text}\n\nand {more:,} more: see the list of findings" if more > 0 else text
