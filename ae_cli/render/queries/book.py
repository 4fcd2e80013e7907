"""The workbook of a query log: found again by its headers, with a hidden sheet of what we wrote."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from ae_cli.errors import InputError
from ae_cli.output import Parts, backup
from ae_cli.render.queries.cells import text
from ae_cli.render.queries.words import HEADERS, OURS, SHEET, STATES, STATUSES, WIDTHS, State
from ae_cli.render.xlsx import kept
from ae_cli.render.xlsx.styles import STYLES

MEMORY = "ae-cli"  # the hidden sheet
MARK = "ae-cli query log"
DEPTH = 25  # rows in which the headers are looked for
FEW = 5  # headers that make a sheet a query log
LAST = 1_048_576
KEY = re.compile(r"[0-9a-f]{12}(-\d+)?")
FRONT = 4  # columns that stay in sight


@dataclass(frozen=True, slots=True)
class Written:
    """What ae-cli wrote of a query last: its state, the fields it is about, a digest a cell.

    `record` names the record it is about, by digests of its fields; "" where nobody knows it.
    """

    state: State
    fields: tuple[str, ...]
    digests: dict[str, str]
    record: str = ""


@dataclass
class QueryLog:
    """A query log in hand. `at` gives the column of each header; `former` is the file as it was."""

    path: Path
    book: Any
    page: Any
    language: str
    at: dict[str, int]
    head: int = 1
    memory: dict[str, Written] = field(default_factory=dict)
    former: bytes | None = None
    lost: tuple[str, ...] = ()

    def cell(self, row: int, column: str) -> Any:
        return self.page.cell(row, self.at[column])

    def told(self, row: int, column: str) -> str:
        """What a cell says."""
        return text(self.cell(row, column).value).strip()

    def last(self) -> int:
        """The last row that holds anything; formats alone do not count."""
        filled = (row for row in range(self.page.max_row, self.head, -1) if self._filled(row))
        return next(filled, self.head)

    def queries(self) -> Iterator[tuple[int, str]]:
        """Each row that ae-cli wrote, with its key. Rows of people have none, or one of theirs."""
        for row in range(self.head + 1, self.page.max_row + 1):
            key = self.told(row, "key")
            if key in self.memory or (not self.memory and KEY.fullmatch(key)):
                yield row, key

    def _filled(self, row: int) -> bool:
        columns = range(1, self.page.max_column + 1)
        return any(self.page.cell(row, column).value is not None for column in columns)


def opened(path: Path, data: bytes | None, language: str) -> QueryLog:
    """The query log of these bytes, or a new one in a language.

    Raises InputError for what is no query log, and for one whose headers were changed.
    """
    if data is None:
        return _begun(path, language)
    book, lost = kept.opened(str(path), data)
    for page in book.worksheets:
        for row in range(1, min(page.max_row, DEPTH) + 1) if page.title != MEMORY else ():
            if found := _headers(path, page, row):
                told, at = found
                memory = _memory(book)
                return QueryLog(path, book, page, told, at, row, memory, data, lost)
    raise InputError(
        f"{path} is not a query log of ae-cli", "name another file: one that is not there is made"
    )


def _headers(path: Path, page: Any, row: int) -> tuple[str, dict[str, int]] | None:
    """The language and columns of a row of headers, if it is one."""
    cells = [text(cell.value).strip() for cell in page[row]]
    for language, headers in HEADERS.items():
        if len(set(headers.values()) & set(cells)) < FEW:
            continue
        where = f"{path} [{page.title}], row {row}"
        if missing := [header for header in headers.values() if header not in cells]:
            raise InputError(
                f"{where}: there is no column {', '.join(map(repr, missing))}",
                "give the columns of the query log their own headers again: they may stand in any "
                "order, with others between",
            )
        if twice := [header for header in headers.values() if cells.count(header) > 1]:
            raise InputError(
                f"{where}: several columns are called {', '.join(map(repr, twice))}",
                "give the column you added a name of its own",
            )
        return language, {name: cells.index(header) + 1 for name, header in headers.items()}
    return None


def _memory(book: Any) -> dict[str, Written]:
    """What was written last; nothing where the hidden sheet is gone or is not ours."""
    if MEMORY not in book.sheetnames or text(book[MEMORY]["A1"].value) != MARK:
        return {}
    found = {}
    for row in book[MEMORY].iter_rows(min_row=2, max_col=5, values_only=True):
        key, state, fields, digests, record = map(text, row)
        with suppress(ValueError):  # a row that somebody changed is as good as none
            written = dict(zip(OURS, digests.split(), strict=True))
            found[key] = Written(State(state), tuple(fields.split()), written, record)
    return found


def _begun(path: Path, language: str) -> QueryLog:
    book = Workbook()
    page = book.active
    page.title = SHEET[language]
    at = {name: i for i, name in enumerate(HEADERS[language], 1)}
    for name, i in at.items():
        head = page.cell(1, i, HEADERS[language][name])
        kept.dress(head, STYLES["head"])
        page.column_dimensions[get_column_letter(i)].width = WIDTHS[name]
    page.freeze_panes = page.cell(2, FRONT + 1)
    page.auto_filter.ref = f"A1:{get_column_letter(len(at))}1"
    _choices(page, at, language)
    _coloured(page, at, language)
    _printed(page)
    return QueryLog(path, book, page, language, at)


def _choices(page: Any, at: dict[str, int], language: str) -> None:
    """A list of words for the status. It offers and does not insist."""
    letter = get_column_letter(at["status"])
    page.add_data_validation(
        DataValidation(
            "list", formula1=f'"{",".join(STATUSES[language])}"', allow_blank=True,
            sqref=f"{letter}2:{letter}{LAST}", showErrorMessage=False,
        )
    )  # fmt: skip


def _coloured(page: Any, at: dict[str, int], language: str) -> None:
    """What is resolved is pale, what is new or back stands out, whatever row it is moved to."""
    state, last = get_column_letter(at["state"]), get_column_letter(len(at))
    looks = {
        State.NEW: (Font(b=True, color="1D4ED8"), state),
        State.RESOLVED: (Font(color="9CA3AF"), last),
        State.REOPENED: (Font(b=True, color="9C0006"), state),
    }
    for name, (font, to) in looks.items():
        formula = f'${state}2="{STATES[language][name]}"'
        page.conditional_formatting.add(f"A2:{to}{LAST}", FormulaRule([formula], font=font))


def _printed(page: Any) -> None:
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.oddFooter.right.text = "&P / &N"


def save(log: QueryLog, memory: dict[str, Written], files: Parts) -> Path | None:
    """Replace the file, among others; the former one stays beside it, as PATH.bak, and is returned.

    Raises InputError where it cannot be written, or was changed while the run lasted.
    """
    _remember(log.book, memory)
    _widen(log)
    beside = None
    if log.former is not None:
        _unchanged(log)
        beside = backup(log.path)
        with files.part(beside, like=log.path) as file:
            file.write(log.former)
    with files.part(log.path) as file:
        kept.save(log.book, file)
    return beside


def _unchanged(log: QueryLog) -> None:
    now = hashlib.sha256(log.path.read_bytes()) if log.path.exists() else None
    if now is None or now.digest() != hashlib.sha256(log.former or b"").digest():
        raise InputError(f"{log.path} was changed during the run", "run again; nothing was written")


def _remember(book: Any, memory: dict[str, Written]) -> None:
    if MEMORY in book.sheetnames:
        del book[MEMORY]
    page = book.create_sheet(MEMORY)
    page.sheet_state = "hidden"
    page.append([MARK, 1])
    for key, written in memory.items():
        digests = " ".join(written.digests[name] for name in OURS)
        page.append([key, written.state.value, " ".join(written.fields), digests, written.record])
        for cell in page[page.max_row]:
            cell.data_type = "s"


def _widen(log: QueryLog) -> None:
    """Let the filter, or the table that a person made of the rows, reach the last one."""
    last = log.last()
    areas = [log.page.auto_filter, *log.page.tables.values()]
    for area in areas:
        if not area.ref or getattr(area, "totalsRowCount", None):
            continue
        left, top, right, bottom = range_boundaries(area.ref)
        if top == log.head and bottom < last:
            area.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{last}"
            if getattr(area, "autoFilter", None):
                area.autoFilter.ref = area.ref
