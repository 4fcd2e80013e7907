"""A path to its sheets: told apart by content, not by suffix."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.model import Record, kind_of
from ae_cli.read import delimited
from ae_cli.read.columns import recognise
from ae_cli.read.formats import format_of, refuse_binary
from ae_cli.read.limits import of_file, whole
from ae_cli.read.numbered import unnumbered
from ae_cli.read.sheet import MAX_HEADER_DEPTH, Chosen, Sheet, check_texts, one_header

STDIN = Path("-")
Wanted = Mapping[type[Record], Chosen]  # the kinds of record looked for, and study.toml on them


def sheets(
    path: Path,
    wanted: Wanted,
    encoding: str | None = None,
    limits: Limits = Limits(),
) -> list[Sheet]:
    """Every sheet of a file, from its header row down. Raises InputError if it cannot be read."""
    data = content(path, limits)
    with ThreadPoolExecutor(1) as pool:  # hashing lets go of the interpreter while Polars reads
        digest = pool.submit(lambda: hashlib.sha256(data).hexdigest())
        found = _parse(path, data, wanted, encoding, limits)
        return [replace(s, sha256=digest.result()) for s in found]


def has_fields(headers: Sequence[str], model: type[Record], chosen: Chosen) -> set[str]:
    """Fields a header row gives, by its own words or by study.toml."""
    return recognise(headers, model) | {f for f, header in chosen.items() if header in headers}


def is_log(fields: Collection[str], model: type[Record]) -> bool:
    """Whether these fields make a log of such records."""
    return all(set(fields) & set(needed) for needed in kind_of(model).needed)


def shown_name(path: Path) -> str:
    """A file as messages name it."""
    return "<stdin>" if path == STDIN else str(path)


def content(path: Path, limits: Limits = Limits()) -> bytes:
    """The bytes of a file. Raises InputError if there are none to be had."""
    if path == STDIN and sys.stdin is None:
        raise InputError("standard input is closed", "name a file, or send one with < FILE")
    try:
        if path == STDIN:
            data = whole(sys.stdin.buffer, shown_name(path), limits)
        else:
            data = of_file(path, limits)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist", _neighbours(path)) from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder", "name the file in it") from None
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", "check its permissions"
        ) from None
    if not data or data.isspace():
        raise InputError(f"{shown_name(path)} is empty", "check that it was saved")
    return data


def _neighbours(path: Path) -> str:
    import difflib

    names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, names, n=3)
    return f"did you mean {' or '.join(near)}?" if near else "check the name and the folder"


def _parse(
    path: Path,
    data: bytes,
    wanted: Wanted,
    encoding: str | None,
    limits: Limits,
) -> list[Sheet]:
    name, form = shown_name(path), format_of(data)
    if form is None:
        refuse_binary(name, data)
        scored = partial(_score, wanted=wanted)
        found = [delimited.read(name, data, scored, encoding, limits)]
    else:
        found = form.sheets(name, data, limits)
    for sheet in found:
        check_texts(sheet)
    if form is None or form.named:
        return [sheet.with_header(0) for sheet in found]
    return [_below_header(sheet, wanted) for sheet in found]


def _score(row: Sequence[str], wanted: Wanted) -> int:
    """How good a header a row makes: fields recognised, for the record that fits it better."""
    row = unnumbered(row)
    found = (has_fields(row, model, chosen) for model, chosen in wanted.items())
    return max(len(fields) * (2 if "subject" in fields else 1) for fields in found)


def _below_header(sheet: Sheet, wanted: Wanted) -> Sheet:
    depth = range(min(MAX_HEADER_DEPTH, sheet.cells.height))
    scores = [_score(sheet.row(i), wanted) for i in depth]
    best = scores.index(max(scores)) if max(scores) else _first_filled(sheet)
    above = [(sheet.lines[i], scores[i]) for i in range(best + 1) if any(sheet.row(i))]
    one_header(sheet.where, above)
    return sheet.with_header(best)


def _first_filled(sheet: Sheet) -> int:
    return next((i for i in range(sheet.cells.height) if any(sheet.row(i))), 0)


def distinct(sheet: Sheet, column: int) -> list[str]:
    """The distinct texts of a column, blanks left out."""
    return sheet.cells[str(column)].drop_nulls().unique().to_list()


def as_shown(sheet: Sheet, column: int) -> Sheet:
    """Identifiers as the workbook shows them: a number formatted 000 is read as 001, not 1."""
    data = sheet.workbook
    if data is None or not _has_numbers(sheet, column):
        return sheet
    from ae_cli.read import formatting

    if not formatting.has_zero_formats(data):
        return sheet
    shown = formatting.shown_identifiers(data, sheet, column)
    texts = sheet.lines.replace_strict(shown, default=None, return_dtype=pl.String)
    column_text = texts.fill_null(sheet.cells[str(column)]).alias(str(column))
    note = f"identifiers read with the zeros their number format shows: {len(shown)}"
    return replace(
        sheet,
        cells=sheet.cells.with_columns(column_text),
        notes=(*sheet.notes, *[note][: len(shown)]),
    )


def _has_numbers(sheet: Sheet, column: int) -> bool:
    return any(text.isascii() and text.isdigit() for text in distinct(sheet, column))
