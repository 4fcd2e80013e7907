"""What several tests share: a run of the command line, and files written in a line."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from studies import ASKED
from workbooks import xlsx

from ae_cli.cli import main

# The same examples in every run, and no test of time: a busy machine is no bug.
settings.register_profile("steady", deadline=None, derandomize=ASKED is None, database=None)
settings.load_profile("steady")

ROOT = Path(__file__).parents[1]
Rows = Sequence[Sequence[Any]]

HEADER = ("Subject ID", "Adverse event", "Grade", "Serious", "Start date", "Dose group")
EVENTS = (
    HEADER,
    ("001", "Nausea", "2", "N", "2024-03-04", "Low"),
    ("001", "Headache", "1", "N", "2024-03-05", "Low"),
    ("002", "Sepsis", "4", "Y", "2024-04-01", "High"),
    ("004", "Vomiting", "1", "N", "2024-03-20", "High"),
)
SUBJECTS = (
    ("Subject ID", "Dose group", "First dose", "Sex"),
    ("001", "Low", "2024-03-01", "F"),
    ("002", "High", "2024-03-01", "M"),
    ("003", "Low", "2024-03-01", "F"),
    ("004", "High", "2024-03-01", "F"),
)


@dataclass(frozen=True)
class Ran:
    """How a run of the command line ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(autouse=True, scope="session")
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a person imported is in the way of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AE_CLI_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture
def ae(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `ae-cli` in this process."""

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["ae-cli", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ran(code, said.out, said.err)

    return run


def command(*words: object) -> list[str]:
    """`ae-cli` as a program of its own."""
    return [sys.executable, "-m", "ae_cli", *map(str, words)]


def environment(**more: str) -> dict[str, str]:
    """The environment of a program: this checkout first, no colours."""
    return os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | more


def end_to_end(*words: object, cwd: Path) -> Ran:
    """Run `ae-cli` as a user does: a process of its own."""
    done = subprocess.run(
        command(*words), cwd=cwd, env=environment(), capture_output=True, check=False, timeout=60
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def csv_text(rows: Rows, delimiter: str = ",", end: str = "\n") -> str:
    """Rows as delimited text, quoted where it must be."""
    page = io.StringIO(newline="")
    csv.writer(page, delimiter=delimiter, lineterminator=end).writerows(rows)
    return page.getvalue()


def write_csv(path: Path, rows: Rows) -> Path:
    path.write_text(csv_text(rows), "utf-8", newline="")
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    """A workbook in a file, some of its sheets hidden."""

    def hide(book: Any) -> None:
        for name in hidden:
            book[name].sheet_state = "hidden"

    path.write_bytes(xlsx(sheets, hide))
    return path


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A small clean log."""
    return write_csv(tmp_path / "ae.csv", EVENTS)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Its participants."""
    return write_csv(tmp_path / "people.csv", SUBJECTS)
