"""docs/rules.md is made from the rules, and names the rules of the field that are not here."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from ae_cli.rules import RULES
from ae_cli.rules.described import facts, files

ROOT = Path(__file__).parents[1]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "make_rules_page.py"))
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
MOST_LEFT_OUT = 25


def test_the_page_is_that_of_the_rules() -> None:
    assert SCRIPT["page"]() == PAGE, "run `python scripts/make_rules_page.py`"


def test_every_rule_of_the_field_is_a_rule_or_an_exception_with_a_reason() -> None:
    known, left_out = set(SCRIPT["catalogue"]()), SCRIPT["beside"]()["not_here"]
    assert known - set(RULES) == set(left_out)
    assert set(left_out) <= known - set(RULES)
    assert len(left_out) <= MOST_LEFT_OUT
    assert all(len(reason.split()) > 3 for reason in left_out.values())


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_is_on_the_page_with_all_that_is_known_of_it(rule: object) -> None:
    told = facts(rule)  # type: ignore[arg-type]
    assert f"### {told['id']} " in PAGE
    assert all(told[part] for part in ("says", "fix", "why", "sources", "good", "bad", "files"))
    assert "{" not in told["says"] + told["fix"]


@pytest.mark.parametrize(
    ("id", "wanted"),
    [
        ("AE-XFD-06", ["the log"]),
        ("AE-XDS-01", ["the log", "a participant file"]),
        ("AE-XDS-19", ["a participant file"]),
        (
            "AE-XFD-08",
            [
                "the log",
                "the log or a participant file or a file of disposition or a file of statuses",
            ],
        ),
        ("AE-XDS-27", ["laboratory results"]),
    ],
)
def test_a_rule_names_its_files(id: str, wanted: list[str]) -> None:
    assert files(RULES[id]) == wanted


def test_what_weighs_is_said_of_the_rules_that_weigh_and_of_no_other() -> None:
    assert set(SCRIPT["beside"]()["weighs"]) == {rule.id for rule in RULES.values() if rule.graded}
