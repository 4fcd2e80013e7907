"""Make the README's pictures from the sample: the table on a terminal, the workbook's first page.

The workbook's picture needs LibreOffice and pdftoppm; without them only the terminal's is made.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from ae_cli import config
from ae_cli.render import TABLES, load
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.study import open_study

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "hucmsc"
PICTURES = ROOT / "docs" / "pictures"
FIRST = 28  # rows of the terminal's picture


def terminal() -> None:
    """The first rows of the table, as they stand on a terminal of 80 columns."""
    settings = config.load(SAMPLE / "study.toml")
    study = open_study([SAMPLE / "events.xlsx"], SAMPLE / "subjects.csv", settings)
    page = Console(width=80, record=True, force_terminal=True, highlight=False, file=io.StringIO())
    table = summarize(study, check(study))
    load(TABLES["table"]).table(replace(table, rows=table.rows[:FIRST], footnotes=()), page)
    page.save_svg(str(PICTURES / "table.svg"), title="ae-cli summarize by group events.xlsx")


def workbook() -> None:
    """The print view of the exported workbook."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "tables.xlsx"
        subprocess.run(
            ["ae-cli", "export", "xlsx", str(SAMPLE / "events.xlsx"), "-o", str(book)], check=True
        )
        subprocess.run(
            ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(book)],
            check=True, capture_output=True,
        )  # fmt: skip
        subprocess.run(
            ["pdftoppm", "-r", "80", "-f", "2", "-l", "2", "-png", "-singlefile",
             str(book.with_suffix(".pdf")), str(PICTURES / "workbook")],
            check=True,
        )  # fmt: skip


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    terminal()
    if shutil.which("soffice") and shutil.which("pdftoppm"):
        workbook()
