"""The samples: counted by hand, the same in Chinese, and each page as it was last looked at."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from ae_cli import config
from ae_cli.findings import Report
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.study import Study, open_study
from ae_cli.table import Count, NotCollected, Rate, Share, Table

ROOT = Path(__file__).parents[1]
HUCMSC, DIRTY = ROOT / "samples" / "hucmsc", ROOT / "samples" / "dirty"
GOLDEN = Path(__file__).parent / "golden"


@cache
def opened(folder: Path, events: str, subjects: str | None) -> tuple[Study, Report, Table]:
    settings = config.load(folder / "study.toml")
    study = open_study([folder / events], folder / subjects if subjects else None, settings)
    report = check(study)
    return study, report, summarize(study, report)


def numbers(table: Table) -> dict[str, list[object]]:
    """Each row's numbers, by key: participants, or events, or events and what they are of."""
    told: dict[str, list[object]] = {}
    for row in table.rows:
        told[row.key] = [
            cell.n if isinstance(cell, Rate)
            else cell.events if isinstance(cell, Count)
            else (cell.events, cell.of) if isinstance(cell, Share)
            else cell
            for cell in row.cells
        ]  # fmt: skip
    return told


# Counted by hand in the two files: Low, Medium, High, Total.
BY_HAND = {
    "any_ae": [7, 7, 6, 20],
    "no_ae": [1, 1, 2, 4],
    "worst_grade_1": [2, 1, 0, 3],
    "worst_grade_2": [1, 2, 3, 6],
    "worst_grade_3": [3, 4, 3, 10],
    "worst_grade_4": [0, 0, 0, 0],
    "worst_grade_5": [1, 0, 0, 1],
    "worst_grade_ungraded": [0, 0, 0, 0],
    "worst_grade_1_2": [3, 3, 3, 9],
    "worst_grade_3_plus": [4, 4, 3, 11],
    "any_grade_1_2": [7, 7, 5, 19],
    "any_grade_3_plus": [4, 4, 3, 11],
    "events": [18, 17, 17, 52],
    "events_grade_1": [9, 7, 4, 20],
    "events_grade_2": [4, 5, 9, 18],
    "events_grade_3": [3, 5, 4, 12],
    "events_grade_4": [1, 0, 0, 1],
    "events_grade_5": [1, 0, 0, 1],
    "events_grade_1_2_share": [(13, 18), (12, 17), (13, 17), (38, 52)],
    "events_serious_share": [(2, 18), (1, 17), (0, 17), (3, 52)],
    "any_sae": [1, 1, 0, 2],
    "events_serious": [2, 1, 0, 3],
    "events_serious_grade_3": [0, 1, 0, 1],
    "events_serious_grade_4": [1, 0, 0, 1],
    "events_serious_grade_5": [1, 0, 0, 1],
    "sae_death": [1, 0, 0, 1],
    "sae_life_threatening": [1, 0, 0, 1],
    "sae_hospitalisation": [1, 1, 0, 2],
    "any_related": [6, 6, 5, 17],
    "related_grade_3_plus": [1, 2, 2, 5],
    "related_sae": [0, 0, 0, 0],
    "dose_interrupted": [0, 1, 0, 1],
    "dose_delayed": [1, 0, 0, 1],
    "drug_withdrawn": [0, 0, 1, 1],
    "treatment_given": [5, 6, 4, 15],
    "dlt": [0, 0, 1, 1],
    "fatal_ae": [1, 0, 0, 1],
    "deaths": [2, 2, 1, 5],
    "deaths_without_fatal_ae": [1, 2, 1, 4],
}


def test_the_sample_agrees_with_the_hand_count() -> None:
    _, _, table = opened(HUCMSC, "events.xlsx", "subjects.csv")
    assert [(c.name, c.N) for c in table.columns] == [
        ("Low", 8), ("Medium", 8), ("High", 8), ("Total", 24)
    ]  # fmt: skip
    found = numbers(table)
    assert {key: found[key] for key in BY_HAND} == BY_HAND
    assert found["study_discontinued"] == [NotCollected()] * 4
    dlt = next(row for row in table.rows if row.key == "dlt")
    assert [c.N for c in dlt.cells if isinstance(c, Rate)] == [8, 7, 8, 23]


def test_the_chinese_log_gives_the_same_table() -> None:
    _, _, english = opened(HUCMSC, "events.xlsx", "subjects.csv")
    _, _, chinese = opened(HUCMSC, "events-zh.xlsx", None)
    assert chinese.columns == english.columns
    assert chinese.rows == english.rows


@pytest.mark.parametrize(
    ("events", "subjects"), [("events.xlsx", "subjects.csv"), ("events-zh.xlsx", None)]
)
def test_the_sample_has_the_findings_that_were_put_there(events: str, subjects: str | None) -> None:
    """Four deaths without a fatal event, one of them long after the window; four without events."""
    _, report, _ = opened(HUCMSC, events, subjects)
    found = [(f.rule, str(f.severity), f.subject) for f in report.findings]
    assert found == [
        ("AE-XDS-07", "error", "HUC-007"),
        ("AE-XDS-07", "error", "HUC-010"),
        ("AE-XDS-07", "error", "HUC-014"),
        ("AE-XDS-07", "note", "HUC-021"),
        *(("AE-XDS-19", "note", f"HUC-{n:03}") for n in (4, 11, 19, 23)),
    ]
    assert not report.excluded


def test_the_dirty_log_has_exactly_what_was_put_there() -> None:
    _, report, _ = opened(DIRTY, "events.csv", "subjects.csv")
    found = {
        (Path(f.file).name, row, f.rule) for f in report.findings for row in (f.rows or (f.row,))
    }
    with (DIRTY / "expected.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    explained = set()
    for line in expected:
        places = {(line["file"], int(row), line["rule"]) for row in line["row"].split()}
        assert places & found or line["must"] == "may", line
        explained |= places
    assert found <= explained
    assert len({rule for _, _, rule in found}) >= 25


def test_every_row_is_accounted_for() -> None:
    for folder, events, subjects in (
        (HUCMSC, "events.xlsx", "subjects.csv"), (DIRTY, "events.csv", "subjects.csv")
    ):  # fmt: skip
        _, report, _ = opened(folder, events, subjects)
        for file in report.files:
            assert file.rows_read == file.rows_used + file.rows_excluded
        assert len(report.excluded) == sum(f.rows_excluded for f in report.files)


FEW = ["validate", "samples/dirty/events.csv", "--only", "CTC-12,TIM-10,XDS-07,XFD-06,XRC-02"]
PAGES = {
    "summarize-hucmsc.txt": ["summarize", "by", "group", "samples/hucmsc/events.xlsx"],
    "summarize-hucmsc.json": [
        "summarize", "samples/hucmsc/events.xlsx", "--by", "group", "--format", "json"],
    "summarize-hucmsc.csv": ["summarize", "samples/hucmsc/events.xlsx", "--format", "csv"],
    "summarize-hucmsc.md": ["summarize", "samples/hucmsc/events.xlsx", "--format", "markdown"],
    "summarize-no-n.txt": ["summarize", "samples/dirty/events.csv", "--no-study"],
    "validate-hucmsc.txt": ["validate", "samples/hucmsc/events.xlsx", "--format", "full"],
    "validate-dirty.txt": ["validate", "samples/dirty/events.csv", "--format", "full"],
    "validate-dirty-concise.txt": ["validate", "samples/dirty/events.csv", "--format", "concise"],
    "validate-dirty.json": ["validate", "samples/dirty/events.csv", "--format", "json"],
    "findings-github.txt": [*FEW, "--format", "github"],
    "findings-junit.xml": [*FEW, "--format", "junit"],
    "findings-sarif.json": [*FEW, "--format", "sarif"],
    "findings.csv": [*FEW, "--format", "csv"],
    "findings.html": [*FEW, "--format", "html"],
    "columns-hucmsc-zh.txt": ["columns", "samples/hucmsc/events-zh.xlsx"],
    "rules.txt": ["rules"],
    "rules-show.txt": ["rules", "show", "XFD-06"],
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_was_last_looked_at(name: str) -> None:
    """Refresh them with `python dev.py golden`, and read the difference before committing."""
    run = subprocess.run(
        [sys.executable, "-m", "ae_cli", *PAGES[name]],
        cwd=ROOT, capture_output=True, check=False, env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    assert run.returncode in (0, 1), run.stderr.decode()
    page = run.stdout.decode("utf-8").replace("\r\n", "\n").replace("samples\\", "samples/")
    path = GOLDEN / name
    if os.environ.get("AE_CLI_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")
    assert page == path.read_text("utf-8")
    if name.endswith(".json") and "sarif" not in name:
        assert json.loads(page)["schema"] == 1
