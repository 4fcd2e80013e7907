"""Workbooks of Excel (.xlsx): made from rows, taken apart and put together again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Grid = Sequence[Sequence[Any]]
Edit = Callable[[str], str]
SHEET, TEXTS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"


def xlsx(sheets: Mapping[str, Grid], shape: Callable[[Any], object] | None = None) -> bytes:
    """A workbook whose texts are texts, even those that look like formulas.

    `shape` may change it before it is saved.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for i, row in enumerate(rows, 1):
            for j, value in enumerate(row, 1):
                cell = sheet.cell(i, j, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    if shape:
        shape(book)
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def parts_of(book: bytes) -> dict[str, bytes]:
    """What a zip holds, by name."""
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip that holds these."""
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return page.getvalue()


def with_part(book: bytes, name: str, part: bytes) -> bytes:
    """The zip with a part more, even if it has one of this name."""
    page = io.BytesIO(book)
    with zipfile.ZipFile(page, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, part)
    return page.getvalue()


def shared(book: bytes) -> dict[str, str]:
    """The parts of a workbook, the texts of its sheet as Excel keeps them: in one of their own."""
    parts = {name: part.decode() for name, part in parts_of(book).items()}
    texts: list[str] = []

    def number(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    cell = re.compile('(<c r="[A-Z0-9]+") t="inlineStr"><is>(.*?)</is></c>')
    parts[SHEET] = cell.sub(number, parts[SHEET])
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts[TEXTS] = f"<sst {space}>{''.join(f'<si>{text}</si>' for text in texts)}</sst>"
    return parts
