"""Events of special interest: defined by the study, counted as all others are."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, Run, write_csv

HEADER = ("Subject", "AE term", "SOC", "Grade", "Serious", "Start date", "Related", "Group")
ROWS = (
    ("001", "Hepatic failure", "Hepatobiliary disorders", "4", "Y", "2024-03-04", "Related", "Low"),
    ("001", "Hepatic pain", "Hepatobiliary disorders", "1", "N", "2024-03-09", "Unrelated", "Low"),
    ("002", "Nausea", "Gastrointestinal disorders", "2", "N", "2024-04-01", "Related", "Low"),
    ("003", "ALT increased", "Investigations", "3", "N", "2024-04-01", "Unrelated", "High"),
)
PEOPLE = (("Subject", "Group"), *((f"{n:03}", "Low" if n < 3 else "High") for n in range(1, 5)))
LIVER = "soc == 'Hepatobiliary disorders' or term contains 'alt inc'"


@pytest.fixture
def run(ae: Run, tmp_path: Path) -> Any:
    log = write_csv(tmp_path / "ae.csv", (HEADER, *ROWS))
    people = write_csv(tmp_path / "people.csv", PEOPLE)

    def asked(*words: str, **kinds: str) -> Ran:
        toml = "".join(f'[[interest]]\nname = "{n}"\nwhere = "{w}"\n' for n, w in kinds.items())
        (tmp_path / "study.toml").write_text(toml, "utf-8")
        return ae(*words[:-1], log, "--subjects", people, *words[-1:])

    return asked


def test_a_profile_by_hand(run: Any) -> None:
    page = run("summarize", "by", "interest", "--format=json", Liver=LIVER).json
    rows = {row["key"]: [cell.get("n", cell.get("events")) for cell in row["cells"]]
            for row in page["rows"]}  # fmt: skip
    assert rows == {
        "interest_1": [1, 1, 2], "interest_1_grade_1_2": [1, 0, 1],
        "interest_1_grade_3_4": [1, 1, 2], "interest_1_grade_5": [0, 0, 0],
        "interest_1_ungraded": [0, 0, 0], "interest_1_serious": [1, 0, 1],
        "interest_1_related": [1, 0, 1], "interest_1_withdrawn": [None] * 3,
        "interest_1_fatal": [0, 0, 0], "interest_1_events": [2, 1, 3],
    }  # fmt: skip
    assert page["groups"][0]["N"] == 2
    assert f"Liver: events where {LIVER} (study.toml)." in page["footnotes"]


def test_the_list_holds_those_of_any_kind(run: Any) -> None:
    ran = run("list", "interest", "--format=csv", Liver="term == 'hepatic pain'", Gut="grade == 2")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["Adverse event"] for row in rows] == ["Hepatic pain", "Nausea"]


def test_what_is_not_understood_points_at_it(run: Any) -> None:
    ran = run("summarize", "by", "interest", "--format=json", Liver="grdae >= 3")
    assert ran.code == 2 and "study.toml, interest 'Liver'" in ran.err


def test_without_a_definition_there_is_no_table(run: Any) -> None:
    for words in (("summarize", "by", "interest"), ("list", "interest")):
        ran = run(*words, "--format=json")
        assert ran.code == 2 and "names no events of special interest" in ran.err


def test_a_kind_that_asks_of_what_is_not_collected_is_not_zero(run: Any) -> None:
    page = run("summarize", "by", "interest", "--format=json", Given="treatment_given").json
    assert {cell["status"] for row in page["rows"] for cell in row["cells"]} == {"not collected"}
