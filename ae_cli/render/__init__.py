"""Pages: one module an output, loaded only when its format is asked for."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

# format -> module. Each has `table`, each of FINDINGS `findings`, `concise` or `report`.
TABLES = {"table": "terminal", "json": "json_", "csv": "csv_", "markdown": "markdown"}
FINDINGS = {"full": "terminal", "concise": "concise", "json": "json_"}
WORKBOOKS = {"xlsx": "xlsx"}


def load(module: str) -> ModuleType:
    """The module that writes a format: `load(TABLES["csv"]).table(table)`."""
    return import_module(f"{__name__}.{module}")
