"""Records as JSON objects, one a line or in an array: their keys are the headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ae_cli.errors import InputError
from ae_cli.read.limits import Area
from ae_cli.read.sheet import Sheet, as_cell, from_rows


def from_array(path: str, values: Sequence[Any], area: Area) -> Sheet:
    """A JSON array of objects; records are counted from 1."""
    return _sheet(path, list(enumerate(values, 1)), "record", area)


def from_lines(path: str, lines: Sequence[tuple[int, Any]], area: Area) -> Sheet:
    """Objects with the lines they stand in, which are their row numbers."""
    return _sheet(path, lines, "line", area)


def _sheet(path: str, values: Sequence[tuple[int, Any]], unit: str, area: Area) -> Sheet:
    for number, value in values:
        if not isinstance(value, dict):
            raise InputError(
                f"{path}, {unit} {number} is not a JSON object",
                'give each record as one object, {"header": "cell", ...}',
            )
    keys = list(dict.fromkeys(key for _, value in values for key in value))
    if not keys:
        raise InputError(f"{path} has no columns", "check that it was saved")
    area.add(len(values), len(keys), "the table")  # where few share a key, it is a large one
    rows = [[_cell(path, unit, n, key, value.get(key)) for key in keys] for n, value in values]
    sheet = from_rows(path, None, [keys, *rows], [0, *(number for number, _ in values)])
    return replace(sheet, notes=_lacking(unit, values, len(keys)))


def _cell(path: str, unit: str, number: int, key: str, value: Any) -> str | None:
    try:
        return as_cell(value)
    except ValueError as error:
        raise InputError(
            f"{path}, {unit} {number}, {key!r}: {error}", "write one text or number for each key"
        ) from None


def _lacking(unit: str, values: Sequence[tuple[int, Any]], width: int) -> tuple[str, ...]:
    lacking = [number for number, value in values if len(value) < width]
    if not lacking:
        return ()
    shown = ", ".join(map(str, lacking[:5])) + (", ..." if len(lacking) > 5 else "")
    return (f"records without all keys: {len(lacking)} ({unit} {shown}); the rest is blank",)
