"""The clean rows in each format, as bytes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import workbooks
from conftest import csv_text
from workbooks import Edit, Grid, shared, zipped


def csv_bytes(rows: Grid, delimiter: str = ",", end: str = "\n", encoding: str = "utf-8") -> bytes:
    return csv_text(rows, delimiter, end).encode(encoding)


def typed(rows: Grid, grade: int = 3, dates: Sequence[int] = (8, 9)) -> list[list[Any]]:
    """The rows as a person types them into a sheet: grades are numbers, dates are dates."""
    grid = [list(rows[0])]
    for row in rows[1:]:
        cells: list[Any] = [cell or None for cell in row]
        cells[grade] = int(row[grade]) if str(row[grade]).isdigit() else cells[grade]
        for at in dates:
            cells[at] = date.fromisoformat(row[at]) if row[at] else None
        grid.append(cells)
    return grid


def xlsx(sheets: Mapping[str, Grid], shape: Callable[[Any], object] | None = None) -> bytes:
    """A workbook; blank cells are left out of it."""
    whole = {name: [[None if v == "" else v for v in row] for row in rows]
             for name, rows in sheets.items()}  # fmt: skip
    return workbooks.xlsx(whole, shape)


def frame(rows: Grid) -> pl.DataFrame:
    return pl.DataFrame([list(row) for row in rows[1:]], schema=list(rows[0]), orient="row")


def parquet(table: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    table.write_parquet(target)
    return target.getvalue()


def xpt(table: pl.DataFrame, version: int = 5, name: str = "AE", **how: Any) -> bytes:
    import pyreadstat

    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.xpt"
        pyreadstat.write_xport(table, path, table_name=name, file_format_version=version, **how)
        return path.read_bytes()


def objects(rows: Grid) -> list[dict[str, Any]]:
    return [{k: v or None for k, v in zip(rows[0], row, strict=True)} for row in rows[1:]]


def json_lines(values: Sequence[Any]) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def dataset(grid: Grid, /, **more: Any) -> dict[str, Any]:
    """The head of a Dataset-JSON file."""
    columns = [{"itemOID": n, "name": n, "label": n, "dataType": "string"} for n in grid[0]]
    head = {"datasetJSONVersion": "1.1.0", "records": len(grid) - 1, "name": "AE", "label": "AE"}
    return {**head, "columns": columns, **more}


def dataset_json(grid: Grid, /, **more: Any) -> bytes:
    whole = {**dataset(grid), "rows": [list(row) for row in grid[1:]], **more}
    return json.dumps(whole, ensure_ascii=False).encode()


def reworked(
    data: bytes,
    edits: Mapping[str, Edit],
    every: Edit | None = None,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook whose parts were changed by hand; its texts are kept once each, as Excel does."""
    whole = shared(data)
    for name, edit in edits.items():
        before, whole[name] = whole[name], edit(whole[name])
        assert whole[name] != before, f"{name} is as it was"
    done = {name: every(part) if every else part for name, part in whole.items()}
    return zipped({**done, **(more or {})})


def swapped(pattern: str, new: str, count: int = 1) -> Edit:
    """An edit by a regular expression that must be found."""

    def edit(text: str) -> str:
        return re.sub(pattern, lambda _: new, text, count=count, flags=re.DOTALL)

    return edit
