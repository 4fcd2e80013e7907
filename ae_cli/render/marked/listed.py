"""The list of all findings, on a sheet of its own, with links to the cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from ae_cli.findings import Finding, Report
from ae_cli.render import words
from ae_cli.render.marked.marks import Place
from ae_cli.render.text import safe
from ae_cli.render.xlsx import kept
from ae_cli.render.xlsx.styles import PLAIN, STYLES

NAME = "Findings"
WIDTHS = {
    "Severity": 10, "Rule": 12, "Cell": 16, "Participant": 14, "Message": 56, "Fix": 40,
    "Values": 36, "File": 24,
}  # fmt: skip
LINKS = 65_530  # of a sheet: with more, Excel takes the file for a broken one
ROWS = 1_048_575
LONGEST = 2_000  # characters of a text
LINK = PLAIN + type(PLAIN)(u="single", color="1D4ED8")


def add(book: Any, report: Report, first: Sequence[Place | None]) -> tuple[str, ...]:
    """Add the sheet after those of the log; what to say of findings that do not fit on it."""
    page = book.create_sheet(NAME)  # a sheet of this name makes it Findings1
    page.append(list(WIDTHS))
    for i, width in enumerate(WIDTHS.values(), 1):
        page.column_dimensions[get_column_letter(i)].width = width
        kept.dress(page.cell(1, i), STYLES["head"])
    listed = report.findings[:ROWS]
    for row, (finding, place) in enumerate(zip(listed, first, strict=False), 2):
        _row(page, row, finding, place)
    page.freeze_panes = "C2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(WIDTHS))}{len(listed) + 1}"
    rest = len(report.findings) - len(listed)
    return (f"{rest:,} findings do not fit on the sheet {page.title}",) if rest else ()


def _row(page: Any, row: int, finding: Finding, place: Place | None) -> None:
    values = [_shown(text) for text in _texts(finding, place)]
    for column, value in enumerate(values, 1):
        cell = page.cell(row, column)
        kept.put(cell, value or None)
        kept.dress(cell, STYLES[finding.severity if column == 1 else "text"])
    if place and row <= LINKS:
        _link(page.cell(row, 3), place)
    page.row_dimensions[row].height = kept.tall(values, WIDTHS.values())


def _texts(finding: Finding, place: Place | None) -> list[str]:
    at = f"{place[0]} {get_column_letter(place[2])}{place[1]}" if place else ""
    rows = f"\n{words.rows(finding.rows)}" if len(finding.rows) > 1 else ""
    here = at + rows if at else (rows.strip() or (f"row {finding.row}" if finding.row else ""))
    values = "\n".join(f"{name}={value}" for name, value in words.pairs(finding))
    file = words.source(finding.file, finding.sheet)
    return [finding.severity.value, finding.rule, here, finding.subject or "", finding.message,
            finding.fix, values, file]  # fmt: skip


def _shown(text: str) -> str:
    words = safe(text[:LONGEST], lines=True)
    return words + f" … [{len(text):,} characters in all]" if len(text) > LONGEST else words


def _link(cell: Any, place: Place) -> None:
    page, row, column = place
    to = f"{quote_sheetname(page)}!{get_column_letter(column)}{row}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=to)
    cell.font = LINK
