"""Methods and abstract in words: what was done with this log, and the table's own numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Run, write_csv

SAMPLE = Path(__file__).parents[1] / "samples" / "hucmsc" / "events.xlsx"
HEADER = ("Subject", "AE term", "Grade", "Start date", "Group")
LOG = (HEADER, ("1", "Rash", "1", "2024-03-04", "Low"), ("2", "Fever", "3", "2024-03-04", "High"))


def test_the_three_readings_of_grade_1_2_are_told_apart(ae: Run) -> None:
    said = ae("methods", SAMPLE).out
    assert "Of 24 participants, 20 (83.3%) had an adverse event." in said
    assert "The worst grade was 1-2 in 9 (37.5%); 19 (79.2%) had at least one" in said
    assert "38 of 52 graded events (73.1%) were of grade 1-2" in said
    assert "5 (20.8%) died, of all causes; a fatal event was recorded of 1 (4.2%)." in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_number_is_one_of_the_table(ae: Run, language: str) -> None:
    """Each `n (p%)` of the abstract stands in the column Total."""
    total = [row["cells"][-1] for row in ae("summarize", SAMPLE, "--format", "json").json["rows"]]
    known = {(cell.get("n"), cell.get("percent")) for cell in total}
    abstract = ae("methods", SAMPLE, "--language", language).out.split("\n\n")[1]
    told = re.findall(r"(\d+)(?: 例)?[ （(]+([\d.]+)%", abstract)
    assert len(told) >= 6
    assert {(int(n), float(p)) for n, p in told} - {(0, 0.0)} <= {
        (n, float(p)) for n, p in known if n is not None and p is not None
    } | {(52, 73.1), (38, 73.1)}


def test_what_was_chosen_is_said(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", LOG)
    (tmp_path / "study.toml").write_text(
        'ctcae = "4.03"\ncut_off = 2024-06-30\nepisodes = "joined"\n'
        "[window]\ndays_after_last_dose = 30\n", "utf-8",
    )  # fmt: skip
    said = ae("methods", log, "--ci", "wilson").out
    parts = (
        "CTCAE version 4.03", "2024-06-30", "until 30 days after the last dose", "No hypothesis",
        "counted once, at its worst grade", "Wilson score 95%",
    )  # fmt: skip
    assert [part for part in parts if part not in said] == []
    assert "Seriousness" not in said and "related" not in said  # not collected
    assert "confidence" not in ae("methods", log, "--ci", "none").out


def test_without_a_number_of_participants_there_is_no_share(ae: Run, tmp_path: Path) -> None:
    said = ae("methods", write_csv(tmp_path / "ae.csv", LOG)).out
    assert "participants with a record in the log of events" in said
    assert "In all, 2 had an adverse event." in said
    given = ae("methods", tmp_path / "ae.csv", "--n", "Low=8,High=8").out
    assert "Of 16 participants, 2 (12.5%) had an adverse event." in given
    assert "as their numbers were given" in given


def test_a_language_that_is_not_known(ae: Run) -> None:
    assert ae("methods", SAMPLE, "--language", "la").code == 2
