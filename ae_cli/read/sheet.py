"""A sheet of text cells that remember where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

import polars as pl

from ae_cli.errors import InputError
from ae_cli.read.marks import Marks

LONGEST = 1_000_000  # bytes of a text
SURE = 4  # a row that names the participant and one more field
HIDDEN = "hidden sheet"  # what the note of a sheet that is not read says
DELIMITERS = ",\t;|"
MAX_HEADER_DEPTH = 25  # rows looked at for a header: a title block is shorter than this

Chosen = Mapping[str, str | Sequence[str]]  # study.toml: field to header, or to several


@dataclass(frozen=True)
class Sheet:
    """Text cells of one sheet or file, before anything is made of them.

    `cells` has one String column per sheet column, named "0", "1", ...; null is an empty cell.
    `lines` gives the row a person sees for each row of `cells`. `headers` is empty until a header
    row was chosen. `codes` says what the codes of a column stand for, where a dictionary was given.
    `left_out` are rows that are no records, with the reason: they are read and excluded, like those
    of the study. `workbook` holds the bytes of an Excel file, for what only its formats tell, and
    `marks` what else it shows: hidden rows, merged cells, text struck through; `since_1904` tells
    that its days are counted from 1904; `of_text` that its rows are lines of a text. `labels`
    are those of the variables of a SAS transport file, by name.
    """

    path: str
    name: str | None
    cells: pl.DataFrame
    lines: pl.Series
    sha256: str = ""
    headers: tuple[str, ...] = ()
    workbook: bytes | None = field(default=None, repr=False)
    notes: tuple[str, ...] = field(default=())
    codes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    left_out: tuple[tuple[int, str], ...] = ()
    marks: Marks | None = field(default=None, repr=False)
    since_1904: bool = False
    of_text: bool = False
    labels: Mapping[str, str] | None = None

    @property
    def where(self) -> str:
        """File and sheet, as messages name them."""
        return f"{self.path} [{self.name}]" if self.name else self.path

    def row(self, index: int) -> tuple[str, ...]:
        """The cells of one row as text, blanks as empty strings."""
        return tuple(cell or "" for cell in self.cells.row(index))

    def cell(self, row: int, column: int) -> str | None:
        """One cell, by its place in `cells`."""
        return self.cells[row, column]  # type: ignore[no-any-return]

    def with_header(self, index: int) -> Sheet:
        """The sheet below its header row, without its blank rows; what was left out is noted."""
        body, lines = self.cells[index + 1 :], self.lines[index + 1 :]
        filled = _filled(body)
        blank = len(body) - int(filled.sum() or 0)
        notes = [*self.notes, *(self.marks.notes(self.lines[index]) if self.marks else ())]
        if index:
            notes.append(f"header found in row {self.lines[index]}; the rows above it are not read")
        if blank:
            notes.append(f"{blank} blank {'row' if blank == 1 else 'rows'} skipped")
        if blank:
            body, lines = body.filter(filled), lines.filter(filled)
        headers = tuple(" ".join(text.split()) for text in self.row(index))
        return replace(self, cells=body, lines=lines, headers=headers, notes=tuple(notes))


def as_cell(value: Any) -> str | None:
    """A value as a person writes it: whole numbers without a point, midnight without a time.

    Raises ValueError for what is no one value, as JSON can nest it.
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        raise ValueError("a list or an object stands where one value is needed")
    return str(value)


def check_texts(sheet: Sheet) -> None:
    """Raises InputError for a text that no person wrote into one cell."""
    for column in sheet.cells.iter_columns():
        sizes = column.str.len_bytes()
        largest = sizes.max() if len(sizes) else None
        if isinstance(largest, int) and largest > LONGEST:
            row = sheet.lines[sizes.arg_max() or 0]
            raise InputError(
                f"{sheet.where}, row {row}: a text in it has more than a million characters",
                "a quotation mark may be missing, or the lines do not end as lines; check the file",
            )


def one_header(where: str, rows: Sequence[tuple[int, int]]) -> None:
    """Raises InputError where a table stands above the header. `rows` are the lines down to the
    header, blank ones left out, each with how good a header it would make.

    A row of groups of columns stands right above the header; records between two headers would be
    lost.
    """
    for at, (line, score) in enumerate(rows[:-2]):
        if score >= SURE and any(between < SURE for _, between in rows[at + 1 : -1]):
            raise InputError(
                f"{where}: row {line} and row {rows[-1][0]} are both headers, with records between",
                "keep one table in a file or sheet",
            )


def from_rows(
    path: str, name: str | None, rows: Sequence[Sequence[str | None]], lines: Sequence[int]
) -> Sheet:
    """A sheet from rows of text, which may differ in length."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[i] if i < len(row) else None for row in rows] for i in range(width)]
    cells = pl.DataFrame({str(i): pl.Series(c, dtype=pl.String) for i, c in enumerate(columns)})
    cells = cells.with_columns(pl.all().replace("", None)) if width else cells
    return Sheet(path, name, cells, pl.Series("row", lines, dtype=pl.UInt32))


def _filled(cells: pl.DataFrame) -> pl.Series:
    """Whether a row has anything but spaces. Most rows are told by their first cell."""
    blank = pl.arange(cells.height, eager=True)
    for column in cells.iter_columns():
        some = column if len(blank) == len(column) else column.gather(blank)
        blank = blank.filter(~some.str.contains(r"\S").fill_null(False))
        if not len(blank):
            break
    return pl.repeat(True, cells.height, dtype=pl.Boolean, eager=True).scatter(blank, False)
