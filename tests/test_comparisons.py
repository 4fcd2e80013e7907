"""Groups against each other: numbers of the table, published methods, and nothing unasked."""

from __future__ import annotations

from itertools import product
from math import comb
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from scipy.stats import fisher_exact

SAMPLE = Path(__file__).parents[1] / "samples" / "hucmsc" / "events.xlsx"
SERIOUS = "Serious adverse events (SAE): Any serious adverse event"
GROUP = ("summarize", "by", "group", SAMPLE, "--format", "json")


def listing(page: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = next(each for each in page["listings"] if each["name"] == name)
    return [dict(zip(found["headers"], row, strict=True)) for row in found["rows"]]


def test_differences_and_ratios_against_a_group(ae: Run) -> None:
    """0/8 against 1/8. Newcombe's interval by hand from Wilson's: 0/8 is (0, 0.3244), 1/8 is
    (0.0224, 0.4709), so the lower end is -0.125 - sqrt(0 + 0.3459^2)."""
    page = ae(*GROUP, "--compare", "low", "--p-values").json
    rows = listing(page, "Comparisons")
    (high,) = (r for r in rows if r["Line"] == SERIOUS and r["Group"].startswith("High"))
    assert (high["With it"], high["Of Low dose, 2.5e7 cells"]) == ("0/8", "1/8")
    assert high["Difference"] == -12.5
    assert high["From"] == round(100 * (-0.125 - 0.3459), 1)
    assert high["p"] == round(fisher_exact([[0, 8], [1, 7]]).pvalue, 4)
    assert all("Low" not in row["Group"] for row in rows)
    assert any("Exploratory" in note for note in page["footnotes"])


def test_every_line_is_that_of_the_table(ae: Run) -> None:
    page = ae(*GROUP, "--compare", "Low").json
    names = [group["label"] for group in page["groups"]]
    cells = {
        (f"{row['section']}: {row['label']}", name): cell
        for row in page["rows"] for name, cell in zip(names, row["cells"], strict=True)
        if row["unit"] == "participants"
    }  # fmt: skip
    rows = listing(page, "Comparisons")
    assert len(rows) > 30
    for row in rows:
        n, N = map(int, row["With it"].split("/"))
        cell = cells[row["Line"], row["Group"]]
        assert cell["n"] == n
        assert abs(row["Difference"] / 100 - n / N + of_reference(row)) < 0.001


def of_reference(row: dict[str, Any]) -> float:
    n, N = map(int, row["Of Low dose, 2.5e7 cells"].split("/"))
    return n / N


def test_a_trend_is_that_of_all_tables(ae: Run) -> None:
    """Serious: 1, 1 and 0 of 8. All tables with two in all, by rank: those at least as far."""
    rows = listing(ae(*GROUP, "--trend", "rank").json, "Trends")
    (serious,) = (row for row in rows if row["Line"] == SERIOUS)
    ways = {
        t: comb(8, t[0]) * comb(8, t[1]) * comb(8, t[2])
        for t in product(range(3), repeat=3) if sum(t) == 2
    }  # fmt: skip
    stat = {t: t[0] + 2 * t[1] + 3 * t[2] for t in ways}
    far = sum(w for t, w in ways.items() if abs(stat[t] - 4) >= abs(stat[1, 1, 0] - 4))
    assert (serious["With it"], serious["p"]) == ("1/8, 1/8, 0/8", round(far / comb(24, 2), 4))


def test_scores_by_dose_are_those_of_the_study_file(ae: Run) -> None:
    """Doses of 2.5, 5 and 10: by their logarithms they lie evenly, as ranks do."""
    p = {}
    for scores in ("rank", "log-dose", "dose"):
        rows = listing(ae(*GROUP, "--trend", scores).json, "Trends")
        p[scores] = [row["p"] for row in rows]
    assert p["rank"] == p["log-dose"] != p["dose"]
    ran = ae(
        *GROUP, "--trend", "dose", "--no-study", "--subjects", SAMPLE.with_name("subjects.csv")
    )
    assert ran.code == 2 and "study.toml has no dose of" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--compare", "Placebo"), "there is no such group"),
        (("--trend", "alphabet"), "--trend 'alphabet' is not known"),
        (("--p-values",), "--p-values are of a comparison"),
    ],
)
def test_what_cannot_be_compared_is_an_error(ae: Run, words: tuple[str, ...], said: str) -> None:
    ran = ae(*GROUP, *words)
    assert ran.code == 2 and said in ran.err


def test_nothing_is_compared_unasked(ae: Run) -> None:
    page = ae(*GROUP).json
    assert page["listings"] == [] and "Exploratory" not in " ".join(page["footnotes"])
    ran = ae("summarize", "by", "lab", SAMPLE.with_name("labs.csv"), "--compare", "Low")
    assert ran.code == 2 and "--compare is for the table by group" in ran.err


def test_terms_are_compared_too(ae: Run) -> None:
    """Nausea: one of 8 in each of two groups."""
    words = ("summarize", "by", "term", SAMPLE, "--format", "json", "--compare", "Low")
    page = ae(*words).json
    rows = listing(page, "Comparisons")
    lines = {row["label"] for row in page["rows"]}
    assert len(rows) > 20 and {row["Line"].rpartition(": ")[2] for row in rows} <= lines
