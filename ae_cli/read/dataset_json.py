"""CDISC Dataset-JSON 1.1: a header with columns, and rows as arrays, in one object or by lines.

Source: Dataset-JSON 1.1 and its schemas for .json and .ndjson. The name of a column is its header;
dates are ISO text already, and decimals are texts that stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ae_cli.errors import InputError
from ae_cli.read.limits import Area
from ae_cli.read.sheet import Sheet, as_cell, from_rows

VERSION = "datasetJSONVersion"
REMEDY = "make the file again, or tell its maker"


def is_header(value: Any) -> bool:
    return isinstance(value, dict) and VERSION in value


def from_object(path: str, whole: dict[str, Any], area: Area) -> Sheet:
    """The .json encoding: rows are in the object that has the columns."""
    names = _names(path, whole)
    rows = whole.get("rows", [] if whole.get("records") == 0 else None)
    if not isinstance(rows, list):
        raise _refused(path, "'rows' is not a list")
    area.add(len(rows), len(names), "the table")
    return _sheet(path, whole, names, rows)


def from_lines(path: str, lines: Sequence[tuple[int, Any]], area: Area) -> Sheet:
    """The .ndjson encoding: the header in the first line, then a line for each row."""
    header = lines[0][1]
    names = _names(path, header)
    if header.get("records") is None:
        raise _refused(path, "'records' does not say how many rows there are")
    area.add(len(lines), len(names), "the table")
    return _sheet(path, header, names, [value for _, value in lines[1:]])


def _names(path: str, header: dict[str, Any]) -> list[str]:
    version = header[VERSION]
    if not isinstance(version, str) or not version.startswith("1.1"):
        raise InputError(f"{path} is Dataset-JSON {version}", "make it in version 1.1")
    columns = header.get("columns")
    if not isinstance(columns, list) or not columns:
        raise _refused(path, "it has no columns")
    names: list[str] = []
    for number, column in enumerate(columns, 1):
        name = column.get("name") if isinstance(column, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise _refused(path, f"column {number} has no name")
        if name in names:
            raise _refused(path, f"two columns are named {name!r}")
        names.append(name)
    return names


def _sheet(path: str, header: dict[str, Any], names: list[str], rows: list[Any]) -> Sheet:
    records = header.get("records")
    if records is not None and (isinstance(records, bool) or records != len(rows)):
        raise InputError(
            f"{path} is cut short or damaged: it has {len(rows)} rows and says {records}",
            "get or make the file again",
        )
    cells = [_row(path, names, number, row) for number, row in enumerate(rows, 1)]
    sheet = from_rows(path, None, [names, *cells], range(len(rows) + 1))
    return replace(sheet, name=_name(header))


def _name(header: dict[str, Any]) -> str | None:
    name = header.get("name")
    return name if isinstance(name, str) and name.strip() else None


def _row(path: str, names: list[str], number: int, row: Any) -> list[str | None]:
    if not isinstance(row, list) or len(row) != len(names):
        has = f"{len(row)} items" if isinstance(row, list) else "no list of items"
        raise _refused(path, f"row {number} has {has}, and there are {len(names)} columns")
    try:
        return [as_cell(value) for value in row]
    except ValueError as error:
        raise _refused(path, f"row {number}: {error}") from None


def _refused(path: str, why: str) -> InputError:
    return InputError(f"{path} is not to the standard of Dataset-JSON: {why}", REMEDY)
