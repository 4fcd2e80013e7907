"""The workbook of a query log: found again by its headers, with a hidden sheet of what we wrote."""

from __future__ import annotations

import hashlib
import re
import zipfile
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
from ae_cli.render.xlsx.mark import marked
from ae_cli.render.xlsx.styles import STYLES

MEMORY = "ae-cli"  # the hidden sheet
MARK = "ae-cli query log"
DEPTH = 25  # rows in which the headers are looked for
FEW = 5  # headers that make a sheet a query log
LAST = 1_048_576
KEY = re.compile(r"[0-9a-f]{12}(-\d+)?")
_TEXTS = re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml")
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
    lost: kept.Lost = field(default_factory=kept.Lost)

    def cell(self, row: int, column: str) -> Any:
        return self.page.cell(row, self.at[column])

    def told(self, row: int, column: str) -> str:
        """What a cell says."""
        return text(self.cell(row, column).value).strip()

    def last(self) -> int:
        """The last row that holds anything, or is merged; formats alone do not count."""
        filled = (row for (row, _), cell in self.page._cells.items() if cell.value is not None)
        merged = (area.max_row for area in self.page.merged_cells.ranges)
        return int(max((self.head, *filled, *merged)))

    def queries(self) -> Iterator[tuple[int, str]]:
        """Each row that ae-cli wrote, with its key. Rows of people have none, or one of theirs."""
        for row in range(self.head + 1, self.page.max_row + 1):
            key = self.told(row, "key")
            if key in self.memory or (not self.memory and KEY.fullmatch(key)):
                yield row, key


def opened(path: Path, data: bytes | None, language: str) -> QueryLog:
    """The query log of these bytes, or a new one in a language.

    Raises InputError for what is no query log, and for one whose headers were changed.
    """
    if data is None:
        return _begun(path, language)
    book, lost = kept.opened(str(path), data)
    for page in book.worksheets:
        for row in range(1, min(page.max_row, DEPTH) + 1) if not _is_memory(page) else ():
            if found := _headers(path, page, row):
                told, at = found
                memory = _memory(book)
                log = QueryLog(path, book, page, told, at, row, memory, data, lost)
                return _unmerged(log)
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


def _unmerged(log: QueryLog) -> QueryLog:
    """Raises InputError where cells that ae-cli writes to are merged: they hold one text only."""
    written = {log.at[name] for name in (*OURS, "status")}
    rows = {row for row, _ in log.queries()}
    for area in log.page.merged_cells.ranges:
        columns = range(area.min_col, area.max_col + 1)
        if written & {*columns} and rows & {*range(area.min_row, area.max_row + 1)}:
            raise InputError(
                f"{log.path} [{log.page.title}], {area.coord}: these cells are merged",
                "unmerge them, and save the file: each query has a row of its own",
            )
    return log


def _is_memory(page: Any) -> bool:
    return text(page.cell(1, 1).value) == MARK


def is_former(path: Path) -> bool:
    """Whether a file is a query log as it was: by its hidden sheet, else by its headers."""
    try:
        with zipfile.ZipFile(path) as package:
            texts = (package.read(name) for name in package.namelist() if _TEXTS.match(name))
            if any(MARK.encode() in text for text in texts):
                return True
        return opened(path, path.read_bytes(), "en").former is not None
    except (InputError, OSError, zipfile.BadZipFile):
        return False


def _memory(book: Any) -> dict[str, Written]:
    """What was written last; nothing where the hidden sheet is gone or is not ours."""
    page = next(filter(_is_memory, book.worksheets), None)
    found = {}
    for row in () if page is None else page.iter_rows(min_row=2, max_col=5, values_only=True):
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
    marked(log.book)
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
    for former in [*filter(_is_memory, book.worksheets)]:
        del book[former.title]
    page = book.create_sheet(MEMORY)
    page.sheet_state = "hidden"
    page.append([MARK, 1])
    for row, (key, written) in enumerate(memory.items(), 2):
        digests = " ".join(written.digests[name] for name in OURS)
        told = (key, written.state.value, " ".join(written.fields), digests, written.record)
        for column, words in enumerate(told, 1):
            kept.put(page.cell(row, column), words)


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
