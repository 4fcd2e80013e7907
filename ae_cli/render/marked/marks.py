"""Which cells a finding is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ae_cli.findings import Finding

Place = tuple[str, int, int]  # sheet, row and column, from 1
Marks = dict[Place, list[Finding]]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of one sheet stand: `page` is its sheet in the copy.

    `columns` gives the column of each field that the file has, `first` that of the participant.
    `rows` gives the row in the copy where it is another one than in the file.
    """

    file: str
    sheet: str | None
    page: str
    columns: Mapping[str, int]
    first: int
    rows: Mapping[int, int] | None = None


def placed(
    findings: Sequence[Finding], layouts: Sequence[Layout], pages: Mapping[str, int]
) -> tuple[Marks, list[Place | None]]:
    """The findings of each cell, and the first cell of each finding; None where it has no cell.

    `pages` says how many columns each sheet of the copy has: a field that another file brought
    stands in none of them.
    """
    by_sheet = {(each.file, each.sheet): each for each in layouts if each.page in pages}
    marks: Marks = defaultdict(list)
    first: list[Place | None] = []
    for finding in findings:
        layout = by_sheet.get((finding.file, finding.sheet))
        cells = list(_cells(finding, layout, pages[layout.page])) if layout else []
        for cell in cells:
            marks[cell].append(finding)
        first.append(cells[0] if cells else None)
    return marks, first


def _cells(finding: Finding, layout: Layout, width: int) -> Iterator[Place]:
    """Every cell of its fields in every one of its rows; the participant's where it has none."""
    there = [layout.columns.get(field, width + 1) for field in finding.fields]
    columns = [column for column in there if column <= width] or [layout.first]
    for row in finding.rows or ((finding.row,) if finding.row else ()):
        at = row if layout.rows is None else layout.rows.get(row)
        if at:
            yield from ((layout.page, at, column) for column in dict.fromkeys(columns))
