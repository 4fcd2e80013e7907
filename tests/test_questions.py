"""The questions that findings ask of a site: every rule has one, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ae_cli.rules import RULES, check, locate, questions
from ae_cli.rules.questions import FILE, asked, language_of, placeholders, templates
from ae_cli.rules.records import of_example


def test_every_rule_has_a_question_in_chinese_and_every_question_a_rule() -> None:
    assert set(templates()) == set(RULES)


def test_the_questions_are_sorted_by_rule() -> None:
    ids = [line.split(" ")[0] for line in FILE.read_text("utf-8").splitlines() if line[:3] == "AE-"]
    assert ids == sorted(ids)


@pytest.mark.parametrize("rule", RULES)
def test_a_question_is_chinese_and_ends(rule: str) -> None:
    assert templates()[rule].endswith(("。", "？"))
    assert "请" in templates()[rule]


@pytest.mark.parametrize("rule", RULES)
def test_what_a_question_shows_is_known_where_the_rule_is_broken(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: set[str] = set()

    def noted(id: str, row: Mapping[str, Any], *more: Any) -> str:
        known.update(row if id == rule else ())
        return asked(id, row, *more)

    monkeypatch.setattr(locate, "asked", noted)
    for example in RULES[rule].bad:
        study = of_example(example)
        found = [f for f in check(study, language="zh").findings if f.rule == rule]
        assert all(language_of([f.question]) == "zh" for f in found)
        assert all("{" not in f.question for f in found)
    assert placeholders(templates()[rule]) <= known


def test_a_rule_without_a_question_asks_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "templates", dict)
    question = asked("AE-REQ-08", {}, "the grade is blank", "enter the grade, 1 to 5", "zh")
    assert question == "The grade is blank. Enter the grade, 1 to 5."


def test_values_are_shown_in_chinese() -> None:
    row = {"outcome": None}
    assert "“空白”" in asked("AE-XFD-04", row, "", "", "zh")
    assert "“未恢复”" in asked("AE-XFD-04", {"outcome": "NOT RECOVERED/NOT RESOLVED"}, "", "", "zh")


def test_a_template_in_a_value_stays_a_value() -> None:
    row = {"label": "{text.__class__}", "text": "{label}"}
    assert "“{text.__class__}”" in asked("AE-COD-01", row, "", "", "zh")
