"""A log in several sheets of one workbook: which are meant, and whether their names are groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from shlex import quote

import polars as pl

from ae_cli.errors import InputError
from ae_cli.read.sheet import HIDDEN, Sheet

BY_SHEET = "sheet name"  # study.toml: [files] group
NOT_BY_SHEET = "none"
ARMS = frozenset(("arm", "actual_arm"))


def named(
    path: object, found: Sequence[Sheet], wanted: Sequence[str], is_log: Callable[[Sheet], bool]
) -> list[Sheet]:
    """The sheets of these names, and those like a log of these patterns; each once, as they stand
    in the workbook."""
    there = [s.name for s in found if s.name]
    logs = [s.name for s in found if s.name and is_log(s)]
    chosen: set[str] = set()
    for name in wanted if there else ():
        meant = [n for n in there if n == name] or [n for n in logs if fnmatchcase(n, name)]
        if not meant:
            hidden = any(HIDDEN in note for s in found for note in s.notes)
            more = "; a hidden sheet is read when Excel shows it" if hidden else ""
            raise InputError(f"{path} has no sheet {name!r}", f"it has {names(found)}{more}")
        chosen.update(meant)
    return [s for s in found if s.name in chosen]


def with_rows(sheets: Sequence[Sheet], subject: Iterable[int | None]) -> list[Sheet]:
    """The sheets in which somebody is named below the header; all of them where none is."""
    filled = [
        sheet
        for sheet, at in zip(sheets, subject, strict=True)
        if at is not None and sheet.cells[str(at)].null_count() < sheet.cells.height
    ]
    return filled or list(sheets)


def which(path: object, role: str, likely: Sequence[Sheet], grouped: bool) -> InputError:
    """Several sheets could be the log: the commands for one of them and for all."""
    one, *_ = every = [f"--sheet {quote(str(s.name))}" for s in likely]
    whole = " ".join(every) + ("" if grouped else " --group-from-sheet")
    return InputError(
        f"{path}: several sheets could be the log of {role}: {names(likely)}",
        f"name one: {one}; or, where each holds a part of the log, all: {whole}",
    )


def check_groups(
    parts: Sequence[Sheet], fields: Iterable[Collection[str]], choice: str | None
) -> None:
    """Refuse to guess whether the sheets of a log without groups are its groups."""
    if choice == BY_SHEET and not parts[0].name:
        raise InputError(
            f"{parts[0].path} has no sheets whose names could be the dose groups",
            "leave out --group-from-sheet, or group under [files] in study.toml",
        )
    if choice is None and len(parts) > 1 and not any(ARMS & set(of) for of in fields):
        raise InputError(
            f"{parts[0].path}: no column says the dose group, and the log stands in several sheets:"
            f" {names(parts)}",
            "say whether their names are the groups: --group-from-sheet or --no-group-from-sheet",
        )


def with_group(sheet: Sheet) -> tuple[Sheet, str]:
    """The sheet with a column for the group, which is its name, and the header of that column."""
    header = next(h for h in ("Sheet", "Sheet name", "Name of the sheet") if h not in sheet.headers)
    at = str(len(sheet.headers))
    note = f"dose group: the name of the sheet, {sheet.name!r}, in every row"
    column = pl.lit(sheet.name, pl.String).alias(at)
    return replace(
        sheet,
        cells=sheet.cells.with_columns(column),
        headers=(*sheet.headers, header),
        notes=(*sheet.notes, note),
    ), header


def names(sheets: Sequence[Sheet]) -> str:
    """The sheets as messages list them."""
    return ", ".join(str(s.name) for s in sheets)
