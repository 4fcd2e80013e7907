"""Every rule by its examples: the good pass, the bad fail, and a rule turned round is noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw
import pytest

from ae_cli.findings import Outcome
from ae_cli.rules import RULES, Example, Rule, check, rule_id
from ae_cli.rules.engine import run
from ae_cli.rules.examples import (
    DEATH,
    EVENT,
    a_death,
    a_person,
    an_event,
    difference,
    who_died,
)
from ae_cli.rules.records import of_example, study_of
from ae_cli.rules.rule import add

EXPRESSED = [rule for rule in RULES.values() if rule.kind not in ("cell", "file")]


def outcome(rule: Rule, example: Example) -> Outcome:
    study = of_example(example)
    report = check(study, only=[rule.id])
    return report.rules[0].outcome


def examples(kind: str) -> list[Any]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{i}")
        for rule in RULES.values()
        for i, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_a_good_example_passes(rule: Rule, example: Example) -> None:
    assert outcome(rule, example) in (Outcome.PASSED, Outcome.NOT_CHECKED), difference(example)


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_a_bad_example_fails(rule: Rule, example: Example) -> None:
    assert outcome(rule, example) is Outcome.FINDINGS, difference(example)


@pytest.mark.parametrize("rule", list(RULES.values()), ids=list(RULES))
def test_a_rule_is_checked_by_some_good_example(rule: Rule) -> None:
    assert any(outcome(rule, example) is Outcome.PASSED for example in rule.good)


COMPLETE = [
    an_event(participants=[a_person()]),
    a_death(participants=[who_died()]),
    an_event(sdtm=True, participants=[a_person()]),
    a_death(sdtm=True, participants=[who_died()]),
]


@pytest.mark.parametrize("example", COMPLETE)
def test_the_complete_records_pass_all_rules(example: Example) -> None:
    report = check(of_example(example))
    assert [(f.rule, f.message) for f in report.findings] == []


@pytest.mark.parametrize("rule", EXPRESSED, ids=[rule.id for rule in EXPRESSED])
def test_a_rule_has_a_blank_among_its_examples(rule: Rule) -> None:
    def blanks(example: Example) -> bool:
        others = (row for rows in example.others.values() for row in rows)
        rows = (*example.events, *example.subjects, *example.labs, *others)
        stated = {k for row in rows for k, v in row.items() if v in ("", "NA", ".")}
        return bool(stated - {"ongoing", "death_date"}) or any(
            not row.get("death_date", "x") for row in rows
        )

    assert any(blanks(example) for example in (*rule.good, *rule.bad))


def mutants(rule: Rule) -> dict[str, Rule]:
    """The rule with its verdict flipped, and made constant either way."""
    test = rule.test
    assert test is not None
    return {
        "flipped": replace(rule, test=lambda fields: ~test(fields)),
        "always true": replace(rule, test=lambda fields: nw.col("record") >= 0),
        "always false": replace(rule, test=lambda fields: nw.col("record") < 0),
    }


@pytest.mark.parametrize("rule", EXPRESSED, ids=[rule.id for rule in EXPRESSED])
@pytest.mark.parametrize("mutation", ["flipped", "always true", "always false"])
def test_a_mutated_rule_fails_its_examples(rule: Rule, mutation: str) -> None:
    mutant = mutants(rule)[mutation]

    def found(example: Example) -> bool:
        return run(of_example(example), [mutant])[0].outcome is Outcome.FINDINGS

    assert any(map(found, rule.good)) or not all(map(found, rule.bad))


def test_a_null_verdict_is_our_bug_and_the_others_still_run() -> None:
    broken = replace(RULES["AE-REQ-09"], test=lambda ae: ae.serious)
    study = study_of([EVENT | {"serious": ""}])
    verdicts = run(study, [broken, RULES["AE-REQ-08"]])
    assert [v.outcome for v in verdicts] == [Outcome.CRASHED, Outcome.PASSED]


def test_a_failing_rule_is_our_bug_and_names_no_value() -> None:
    def fails(ae: Any) -> Any:
        return nw.col("no such column") == "Zanzibar"

    verdicts = run(study_of([EVENT]), [replace(RULES["AE-REQ-09"], test=fails), RULES["AE-REQ-08"]])
    assert [v.outcome for v in verdicts] == [Outcome.CRASHED, Outcome.PASSED]
    assert "Zanzibar" not in verdicts[0].reason


def test_a_second_rule_of_one_id_is_refused() -> None:
    with pytest.raises(ValueError, match="AE-REQ-01"):
        add(RULES["AE-REQ-01"])


@pytest.mark.parametrize("name", ["AE-XFD-06", "XFD-06", "xfd-6", "ae-xfd-06", "XFD06"])
def test_a_rule_is_known_by_short_names(name: str) -> None:
    assert rule_id(name) == "AE-XFD-06"


def test_one_finding_not_two() -> None:
    """Rules that would say the same thing twice say it once."""
    cases = {
        "AE-CTC-03": an_event(grade="4"),
        "AE-CTC-04": a_death(term="Alopecia", soc="Skin and subcutaneous tissue disorders"),
        "AE-CTC-05": an_event(term="Syncope", soc="Nervous system disorders", grade="2"),
        "AE-TIM-09": a_death(start="2024-03-10", end="2024-03-10"),
        "AE-XFD-06": a_death(
            term="Alopecia", soc="Skin and subcutaneous tissue disorders", grade="2"
        ),
    }
    for wanted, example in cases.items():
        report = check(study_of(example.events, config=example.study))
        found = [f.rule for f in report.findings if f.rule not in ("AE-XFD-34", "AE-XDS-45")]
        assert found == [wanted]


def test_the_key_outlives_corrections() -> None:
    """Neither the row nor the offending value is in it; participant and record are."""
    first = check(study_of([EVENT | {"grade": ""}]), only=["REQ-08"]).findings[0]
    moved = check(study_of([DEATH, EVENT | {"grade": ""}]), only=["REQ-08"]).findings[0]
    assert first.key == moved.key and first.row != moved.row
    six, seven = (
        check(study_of([EVENT | {"grade": g}]), only=["CTC-01"]).findings[0] for g in ("6", "7")
    )
    assert six.key == seven.key
    other = check(study_of([EVENT | {"grade": "", "subject": "S2"}]), only=["REQ-08"]).findings[0]
    assert other.key != first.key
