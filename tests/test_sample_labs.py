"""The laboratory results of the sample: its README's counts against the program's, and findings."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from conftest import Run

ROOT = Path(__file__).parents[1]
HUCMSC = ROOT / "samples" / "hucmsc"
GRADES = range(5)
ENDING = "_*_"  # `TERM_*_3`: from any grade at baseline to grade 3


def counted_by_the_script() -> dict[str, list[int]]:
    """The rows of the README's second table: Low, Medium, High, Total."""
    text = (HUCMSC / "README.md").read_text("utf-8").split("<!-- made by the script -->")[2]
    lines = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")]
    return {key.strip(" `"): [int(n) for n in numbers] for _, key, *numbers in lines[2:]}


@pytest.fixture(scope="module")
def readme() -> dict[str, list[int]]:
    return counted_by_the_script()


def by_lab(ae: Run) -> dict[str, list[int]]:
    """Each row's numbers as the program counts them; a row that nobody is in is not there."""
    done = ae("summarize", "by", "lab", HUCMSC / "labs.csv", "--format", "json")
    assert done.code == 0, done.err
    table = done.json
    assert [group["name"] for group in table["groups"]] == ["Low", "Medium", "High", "Total"]
    order = {group["name"]: i for i, group in enumerate(table["groups"])}
    found = {}
    for row in table["rows"]:
        cells = sorted(row["cells"], key=lambda cell: order[cell["group"]])
        found[row["key"]] = [cell.get("n", cell.get("events")) for cell in cells]
    return found


def worst(found: dict[str, list[int]], key: str) -> list[int]:
    """The shifts to one grade, whatever grade they start from."""
    term, grade = key.split(ENDING)
    rows = [found.get(f"{term}_{base}_{grade}", [0] * 4) for base in GRADES]
    return [sum(numbers) for numbers in zip(*rows, strict=True)]


def test_the_tables_have_the_numbers_of_the_readme(ae: Run, readme: dict[str, list[int]]) -> None:
    found = by_lab(ae)
    told = {key: worst(found, key) if ENDING in key else found.get(key) for key in readme}
    assert told == readme
    assert len(readme) == 27


def test_everybody_with_both_grades_has_one_worst(readme: dict[str, list[int]]) -> None:
    for key, both in readme.items():
        if term := key.removesuffix("_both") if key.endswith("ed_both") else "":
            grades = [readme[f"{term}{ENDING}{grade}"] for grade in GRADES]
            assert [sum(numbers) for numbers in zip(*grades, strict=True)] == both


def test_the_screen_finds_the_one_who_was_put_there(ae: Run) -> None:
    done = ae("summarize", "by", "lab", HUCMSC / "labs.csv", "--format", "json")
    screen = next(x for x in done.json["listings"] if x["name"] == "Liver screen")
    assert {row[0] for row in screen["rows"]} == {"HUC-021"}


@pytest.mark.parametrize("log", ["events.xlsx", "events-zh.xlsx"])
def test_results_and_events_differ_where_it_was_put_there(ae: Run, log: str) -> None:
    """An event of grade 1 with a result of grade 2, and a result of grade 3 without an event."""
    done = ae("validate", HUCMSC / log, "--only", "CTC-12,XDS-27", "--format", "json")
    found = [(f["rule"], f["subject"]) for f in done.json["findings"]]
    assert found == [("AE-CTC-12", "HUC-008"), ("AE-XDS-27", "HUC-011")]
    silent = done.json["findings"][1]
    with (HUCMSC / "labs.csv").open(encoding="utf-8", newline="") as file:
        line = list(csv.DictReader(file))[silent["row"] - 2]
    assert (line["Subject ID"], line["Test"], line["Result"]) == ("HUC-011", "ALT", "312")


def test_what_is_not_graded_says_why(ae: Run) -> None:
    """Prothrombin activity has no grade; seven results are blank, and none of them is grade 0."""
    done = ae("grade", HUCMSC / "labs.csv", "--format", "csv")
    rows = list(csv.DictReader(done.out.splitlines()))
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if not row["grade"]:
            reasons[row["Test"]][row["note"]] += 1
    why = "not gradable: prothrombin activity; CTCAE grades the INR"
    assert reasons.pop("PTA") == {why: len(rows) // len({row["Test"] for row in rows})}
    assert {note for notes in reasons.values() for note in notes} == {"not gradable: no result"}
    assert sum(sum(notes.values()) for notes in reasons.values()) == 6
    assert sum(not row["Result"] for row in rows) == 7
