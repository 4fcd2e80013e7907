"""Dose-limiting toxicities and what a design says of them: published bounds, and hand counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Run, write_csv
from scipy.integrate import quad

from ae_cli.config import Config
from ae_cli.reports.dose_limiting import STATES
from ae_cli.statistics import boin_bounds, excess
from ae_cli.study import Choices, from_log

SAMPLE = Path(__file__).parents[1] / "samples" / "hucmsc" / "events.xlsx"


@pytest.mark.parametrize(
    ("target", "escalate", "back"),
    [(0.15, 0.118, 0.179), (0.20, 0.157, 0.238), (0.25, 0.197, 0.298), (0.30, 0.236, 0.358),
     (0.35, 0.276, 0.419), (0.40, 0.316, 0.479)],
)  # fmt: skip
def test_the_bounds_of_boin_as_published(target: float, escalate: float, back: float) -> None:
    """Liu and Yuan (2015), table 1."""
    found = boin_bounds(target)
    assert found.lower == pytest.approx(escalate, abs=6e-4)
    assert found.upper == pytest.approx(back, abs=1.1e-3)


def test_no_target_is_an_error() -> None:
    for target in (0, 1, 0.8, -0.1):
        with pytest.raises(ValueError, match="is no target"):
            boin_bounds(target)
    for wrong in ((1, 8, 0.0, (1, 1)), (9, 8, 0.3, (1, 1)), (1, 8, 0.3, (0, 1))):
        with pytest.raises(ValueError):
            excess(*wrong)


def test_the_probability_above_a_limit_by_integration() -> None:
    """2 of 8 and a flat prior: Beta(3, 7), whose density is 252 p^2 (1 - p)^6."""
    area, _ = quad(lambda p: 252 * p**2 * (1 - p) ** 6, 0.3, 1)
    assert excess(2, 8, 0.3) == pytest.approx(area, abs=1e-9)
    assert excess(0, 0, 0.3) == pytest.approx(0.7)


def study(**dlt: Any) -> Any:
    from ae_cli.read import read_log

    log = read_log([SAMPLE], SAMPLE.with_name("subjects.csv"))
    return from_log(log, Config.model_validate({"dlt": dlt}), Choices())


@pytest.mark.parametrize(
    ("n", "of", "said"),
    [
        (0, 3, "go on to the next dose"), (1, 3, "3 more at this dose"),
        (2, 3, "above the maximum"), (2, 2, "above the maximum"), (0, 6, "go on"),
        (1, 6, "go on"), (2, 6, "above the maximum"), (0, 2, "not complete: 2 of 3"),
        (1, 5, "not complete: 5 of 6"), (1, 8, "no rule: more than 6"),
    ],
)  # fmt: skip
def test_three_plus_three(n: int, of: int, said: str) -> None:
    assert said in STATES["3+3"](None, n, of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("n", "of", "said"),
    [
        (0, 3, "go on"), (1, 3, "stay"), (2, 3, "back to the dose below"), (3, 3, "give this dose"),
        (1, 6, "go on"), (2, 6, "stay"), (3, 6, "back"), (5, 6, "give this dose"), (2, 2, "back"),
    ],
)  # fmt: skip
def test_boin_with_a_target_of_30_percent(n: int, of: int, said: str) -> None:
    """1/3 lies between 0.236 and 0.359; 4 of 6 are needed to give a dose up."""
    assert said in STATES["boin"](study(design="boin", target=0.3), n, of)


def test_a_bayesian_rule_stops_above_its_cutoff() -> None:
    rule = study(design="bayes", limit=0.3, prior=[1, 1], cutoff=0.9)
    assert STATES["bayes"](rule, 5, 8).startswith("stop: P(rate > 0.3) = 0.975")
    assert STATES["bayes"](rule, 2, 8).startswith("go on: P(rate > 0.3) = 0.463")


def test_the_sample_by_hand(ae: Run, tmp_path: Path) -> None:
    """One DLT, of the high dose; one participant of the medium dose was not evaluable."""
    text = SAMPLE.with_name("study.toml").read_text("utf-8")
    (tmp_path / "study.toml").write_text(f'{text}\n[dlt]\ndesign = "boin"\n', "utf-8")
    words = ("summarize", "by", "dlt", SAMPLE, "--subjects", SAMPLE.with_name("subjects.csv"))
    for name in ("labs.csv", "events.xlsx", "subjects.csv"):
        (tmp_path / name).write_bytes(SAMPLE.with_name(name).read_bytes())
    page = ae(*words, "--study", tmp_path / "study.toml", "--format", "json").json
    rows = {row["key"]: row["cells"] for row in page["rows"]}
    assert [cell["n"] for cell in rows["dlt_evaluable"]] == [8, 7, 8, 23]
    assert [(cell["n"], cell["N"]) for cell in rows["dlt"]] == [(0, 8), (0, 7), (1, 8), (1, 23)]
    design = next(each for each in page["listings"] if each["name"] == "Design")
    assert [row[-1] for row in design["rows"]] == [
        "go on to the next dose", "go on to the next dose", "it may go on; there is no higher dose",
    ]  # fmt: skip


def test_without_who_was_evaluable_there_is_no_table(ae: Run, tmp_path: Path) -> None:
    head = ("Subject", "AE term", "Grade", "Serious", "Start date", "Group", "DLT")
    log = write_csv(tmp_path / "ae.csv", [head, ("1", "Rash", "3", "N", "2024-03-04", "Low", "Y")])
    ran = ae("summarize", "by", "dlt", log)
    assert ran.code == 2 and "who was evaluable for DLT" in ran.err
