"""The published cases of CDISC CORE and sdtmchecks: each asks one rule about a small study."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ae_cli.errors import InputError
from ae_cli.findings import Outcome, Report
from ae_cli.model import KINDS, OTHERS
from ae_cli.rules import RULES, check
from ae_cli.rules.records import study_of

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "data" / "rule_cases"
# What we say otherwise, and why: docs/rules.md tells it too.
OTHERWISE = tomllib.loads((ROOT / "docs" / "rules.toml").read_text("utf-8"))["otherwise"]
LIKE_EVENTS = ("CE", "MH")  # clinical events and history: their columns are named as those of AE
SOMEBODY = {"USUBJID": "somebody else", "AETERM": "x"}  # a log has an event, cases of DM have none
# One rule of the field that is two here: of the log, and of the disposition.
ALONE = {"CORE-000266": ["AE-XFD-02"]}  # says nothing of a blank AESER, which AE-REQ-09 asks for
TWO = {"AE-XRC-10": "AE-XDS-53", "AE-XDS-21": "AE-XDS-52", "AE-XDS-09": "AE-XDS-51"}
# What our files cannot lack, and cases leave out where their rule does not ask for it.
LACKS = {"events": {"AETERM": "x"}, "labs": {"LBORRES": "1"}}
AGREED = 0.95  # of the cases that stand for one rule of ours and are marked reliable

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the published cases are not beside the project"
)


def load() -> list[Any]:
    files = sorted(CASES.glob("*.json"))
    return [case for file in files for case in json.loads(file.read_text("utf-8"))]


def ours(case: Any) -> list[str]:
    """Rules of ours that the case stands for; any of them may say what it expects."""
    listed = ALONE.get(case.get("core_id"), case["our_ids"])
    return [rule for id in listed for rule in (id, TWO.get(id)) if rule in RULES]


def asked(*expected: str) -> list[Any]:
    """Cases whose source does not contradict itself, for rules of ours."""
    return [
        pytest.param(case, id=case["case_id"])
        for case in load()
        if ours(case) and case["expected"] in expected and not case.get("disputed")
    ]


def texts(rows: list[dict[str, Any]], **always: str) -> list[dict[str, str]]:
    return [always | {k: "" if v is None else str(v) for k, v in row.items()} for row in rows]


def events(data: dict[str, Any]) -> list[dict[str, str]]:
    """The events of a case, or what is written as events are; or one event of nobody in it."""
    if data.get("AE"):
        return texts(data["AE"], **LACKS["events"])
    for name in LIKE_EVENTS:
        if data.get(name):
            rows = texts(data[name])
            return [{"AE" + k[2:] if k[:2] == name else k: v for k, v in r.items()} for r in rows]
    return [SOMEBODY]


def given(data: dict[str, Any], kind: str) -> list[dict[str, str]]:
    always = LACKS.get(kind, {})
    return [row for name in KINDS[kind].datasets for row in texts(data.get(name) or [], **always)]


def said(case: Any) -> Report:
    data = case["datasets"]
    others = {kind: rows for kind in OTHERS if (rows := given(data, kind))}
    participants, results = given(data, "subjects"), given(data, "labs")
    study = study_of(
        events(data), participants or None, {"coded_in": "MedDRA"}, results or None, others
    )
    return check(study, only=ours(case))


def agrees(case: Any) -> bool:
    return bool(said(case).findings) == (case["expected"] == "finding")


@pytest.mark.parametrize("case", asked("finding", "clean"))
def test_we_say_what_the_published_case_says(case: Any) -> None:
    assert agrees(case) != (case["case_id"] in OTHERWISE)


@pytest.mark.parametrize("case", asked("structural"))
def test_an_absent_column_is_said_and_never_a_pass_in_silence(case: Any) -> None:
    """Where a column is absent the published check fails; ours says what it could not do."""
    try:
        outcomes = {rule.outcome for rule in said(case).rules}
    except InputError as error:  # a file that lacks what every file of its kind has
        assert "no column was recognised as" in str(error)
        outcomes = {Outcome.NOT_CHECKED}
    assert Outcome.CRASHED not in outcomes
    assert (outcomes == {Outcome.PASSED}) == (case["case_id"] in OTHERWISE)


def test_the_cases_that_are_reliable_agree() -> None:
    reliable = [case for case in load() if case.get("reliable") and ours(case)]
    assert sum(map(agrees, reliable)) >= AGREED * len(reliable) > 0


def test_every_case_answered_otherwise_is_a_case_and_has_a_reason() -> None:
    assert set(OTHERWISE) <= {case["case_id"] for case in load()}
    assert all(len(reason.split()) > 3 for reason in OTHERWISE.values())
