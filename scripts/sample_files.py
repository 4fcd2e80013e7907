"""How samples are written: CSV, workbooks and README tables, the same bytes at every run."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

Row = dict[str, object]

STAMP = datetime(2025, 7, 1)


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


def write_xlsx(path: Path, sheets: dict[str, list[Row]]) -> None:
    """A workbook with fixed properties and times, stored unpacked: same rows, same bytes."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        write_sheet(book.create_sheet(title), rows)
    book.properties.creator = "ae-cli sample"
    book.properties.created = book.properties.modified = STAMP
    packed = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(packed, "w")).save()  # Workbook.save would stamp it anew
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            info.create_system = 0  # or it would tell on which system it was made
            target.writestr(info, source.read(name))


def write_sheet(sheet: Any, rows: list[Row]) -> None:
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    for cell in sheet[1]:
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for index, column in enumerate(sheet.iter_cols(min_row=1), start=1):
        for cell in column[1:]:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
        longest = max(width(cell.value) for cell in column)
        sheet.column_dimensions[get_column_letter(index)].width = min(max(longest + 3, 11), 46)


def width(value: object) -> int:
    """How many places a cell takes; a Chinese character takes two."""
    text = "" if value is None else str(value)[:10] if isinstance(value, date) else str(value)
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fill(readme: Path, *texts: str) -> None:
    """Put texts between the README's pairs of marks, in their order."""
    begin, end = "<!-- made by the script -->\n\n", "\n\n<!-- end -->"
    before, *parts = readme.read_text("utf-8").split(begin)
    assert len(parts) == len(texts), f"{readme} has {len(parts)} pairs of marks"
    assert all(end in part for part in parts), f"{readme} lacks its marks"
    rest = [text + end + part.partition(end)[2] for text, part in zip(texts, parts, strict=True)]
    readme.write_bytes(begin.join([before, *rest]).encode())
