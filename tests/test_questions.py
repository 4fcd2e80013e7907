"""The questions that findings ask of a site: every rule has one, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from ae_cli.rules import RULES, check, locate, questions
from ae_cli.rules.questions import LANGUAGES, asked, language_of, placeholders, templates
from ae_cli.rules.records import of_example

ASKING = [id for id, rule in RULES.items() if rule.kind != "file" and id != "AE-TYP-10"]


def test_every_rule_has_a_question_in_chinese_and_every_question_a_rule() -> None:
    """But those on files, and on how they are read: nothing is asked of a site."""
    assert set(templates()) == set(ASKING) >= set(templates("en"))


def test_the_questions_are_sorted_by_rule() -> None:
    for language in LANGUAGES:
        assert list(templates(language)) == sorted(templates(language))


@pytest.mark.parametrize("rule", ASKING)
def test_a_question_is_chinese_and_ends(rule: str) -> None:
    assert templates()[rule].endswith(("。", "？"))
    assert "请" in templates()[rule]


@pytest.mark.parametrize("rule", ASKING)
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
    known |= {name.removesuffix("_earliest") for name in known}
    assert placeholders(templates()[rule]) <= known


@pytest.mark.parametrize("rule", RULES)
def test_no_question_speaks_of_the_program(rule: str) -> None:
    """A site has a log and its sources; options and study.toml are for whoever runs ae-cli."""
    for language in LANGUAGES:
        for example in RULES[rule].bad:
            found = check(of_example(example), language=language).findings
            asked_of = [f.question for f in found if f.rule == rule]
            assert not [q for q in asked_of if re.search(r"--[a-z]|\.toml|ae-cli|CSV|UTF-8", q)]


def test_a_finding_of_a_file_asks_nothing() -> None:
    of_files = [rule for rule in RULES.values() if rule.kind == "file"]
    for example in (rule.bad[0] for rule in of_files):
        found = check(of_example(example), language="en").findings
        assert all(not f.question for f in found if RULES[f.rule].kind == "file")


def test_questions_show_the_dates_of_the_log() -> None:
    example = RULES["AE-TIM-12"].bad[0]
    (told,) = (
        f.question for f in check(of_example(example), language="zh").findings
        if f.rule == "AE-TIM-12"
    )  # fmt: skip
    assert all(text in told for text in ("2024-03-04", "2024-03-06", "2024-03-05 23:59"))
    blank = next(e for e in RULES["AE-TIM-12"].bad if not dict(e.events[0]).get("aware"))
    (told,) = (
        f.question for f in check(of_example(blank), language="zh").findings
        if f.rule == "AE-TIM-12"
    )  # fmt: skip
    assert "研究者获知时间空白" in told


def test_a_rule_without_a_question_asks_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "templates", lambda _: {})
    question = asked("AE-REQ-08", {}, "the grade is blank", "enter the grade, 1 to 5", "zh")
    assert question == "The grade is blank. Enter the grade, 1 to 5."


def test_values_are_shown_in_chinese() -> None:
    row = {"outcome": None}
    assert "“空白”" in asked("AE-XFD-04", row, "", "", "zh")
    assert "“未恢复”" in asked("AE-XFD-04", {"outcome": "NOT RECOVERED/NOT RESOLVED"}, "", "", "zh")


def test_a_template_in_a_value_stays_a_value() -> None:
    row = {"label": "{text.__class__}", "text": "{label}"}
    assert "“{text.__class__}”" in asked("AE-COD-01", row, "", "", "zh")
