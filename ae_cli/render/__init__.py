"""Pages: one module an output, loaded only when its format is asked for."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

TABLES = {"table": "terminal", "json": "json_", "csv": "csv_", "markdown": "markdown"}
WORKBOOKS = {"xlsx": "xlsx"}

# format -> module and function; from a report to a page or its lines. `full` takes a console,
# `junit` also what fails, and `xlsx` a file.
FINDINGS = {
    "full": ("terminal", "findings"),
    "concise": ("concise", "concise"),
    "json": ("json_", "report"),
    "jsonl": ("json_", "report_lines"),
    "csv": ("findings_csv", "report"),
    "xlsx": ("xlsx.report", "save"),
    "html": ("html_", "report"),
    "junit": ("junit", "report"),
    "sarif": ("sarif", "report"),
    "github": ("github", "report"),
    "text": ("full", "whole"),
}


def load(module: str) -> ModuleType:
    """The module that writes a format: `load(TABLES["csv"]).table(table)`."""
    return import_module(f"{__name__}.{module}")
