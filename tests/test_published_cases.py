"""The published cases of CDISC CORE and sdtmchecks, for the rules that are built so far."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ae_cli.rules import RULES, check
from ae_cli.rules.records import study_of

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "data" / "rule_cases"
# What we say otherwise, and why: docs/rules.md tells it too.
OTHERWISE = tomllib.loads((ROOT / "docs" / "rules.toml").read_text("utf-8"))["otherwise"]


def load() -> list[Any]:
    """Cases of rules we have; where a case stands for several of ours, any of them may say it."""
    files = sorted(CASES.glob("*.json"))
    cases = [case for file in files for case in json.loads(file.read_text("utf-8"))]
    return [
        pytest.param(case, [r for r in case["our_ids"] if r in RULES], id=case["case_id"])
        for case in cases
        if set(case["our_ids"]) & set(RULES)
        and case["datasets"].get("AE")
        and case["expected"] != "structural"
        and not case.get("disputed")
    ]


def texts(rows: list[dict[str, Any]], **always: str) -> list[dict[str, str]]:
    return [always | {k: "" if v is None else str(v) for k, v in row.items()} for row in rows]


@pytest.mark.skipif(not CASES.is_dir(), reason="the published cases are not beside the project")
@pytest.mark.parametrize(("case", "rules"), load())
def test_we_say_what_the_published_case_says(case: Any, rules: list[str]) -> None:
    data = case["datasets"]
    participants = texts(data["DM"]) if data.get("DM") else None
    study = study_of(texts(data["AE"], AETERM="x"), participants, {"coded_in": "CTCAE"})
    agrees = bool(check(study, only=rules).findings) == (case["expected"] == "finding")
    assert agrees != (case["case_id"] in OTHERWISE)
