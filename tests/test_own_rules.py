"""A study's own rules: what can be said, what is refused and where, and that nothing else is."""

from __future__ import annotations

from datetime import date as Day
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import examples

from ae_cli.dates import date
from ae_cli.errors import InputError
from ae_cli.findings import Outcome, Report
from ae_cli.language import understood
from ae_cli.language.conditions import (
    Blank,
    Compare,
    Condition,
    Field,
    Joined,
    Match,
    Not,
    Operand,
    Sum,
    Value,
)
from ae_cli.language.grammar import DEEPEST, LONGEST
from ae_cli.rule_options import Lists, OwnRule
from ae_cli.rules import check
from ae_cli.rules.examples import DEATH, EVENT, PERSON
from ae_cli.rules.own import own_rule
from ae_cli.rules.records import study_of

AGED = PERSON | {"age": "70", "sex": "F", "last_contact": "2024-06"}


def report(where: str, events: list[dict[str, str]], **study: Any) -> Report:
    own = {"id": "OWN-01", "where": where, "says": "this is wrong"}
    config = {"coded_in": "CTCAE", "rules": {"own": [own]}, **study}
    return check(study_of(events, [AGED], config), only=["OWN-01"])


def selects(where: str, **changes: str) -> bool:
    found = report(where, [EVENT | changes])
    rule = next(r for r in found.rules if r.id == "OWN-01")
    ran = rule.outcome in (Outcome.PASSED, Outcome.FINDINGS)
    assert ran or rule.reason.startswith("no answer to ")
    return any(f.rule == "OWN-01" for f in found.findings)


SELECTED = [
    ("grade >= 2 and action == 'DOSE NOT CHANGED'", {}),
    ("grade = 2", {}),
    ("grade <> 3", {}),
    ("grade in (1, 2)", {}),
    ("grade not in [3, 4,]", {}),
    ("GRADE < 3 AND NOT serious", {}),
    ("AETOXGR == 2 and AESER == 'N'", {}),
    ("serious == no", {}),
    ("serious != yes", {}),
    ("not serious", {}),
    ("serious", {"serious": "SAE"}),
    ("serious == '是'", {"serious": "Y"}),
    ("action == '剂量不变'", {}),
    ("action == 'dose  not-changed'", {"action": "none"}),
    ("outcome in ('痊愈', 'FATAL')", {}),
    ("criteria contains 'hospitalization'", {"criteria": "Death; hospitalised"}),
    ("term == 'NAUSEA'", {}),
    ("term contains 'AUS' and term starts with 'nau' and term ends with \"sea\"", {}),
    ("term contains '恶'", {"term": "恶心"}),
    ("term contains '.*' or term == 'a b'", {"term": "A B"}),
    ("start >= '2024-03-04' and start <= '2024-03-04'", {}),
    ("start == '2024-03'", {}),
    ("start == '4 Mar 2024'", {}),
    ("start < '2024-04' and start > '2024-02'", {}),
    ("start <= '2024-03' and start >= '2024-03'", {}),
    ("start != '2024-02'", {}),
    ("start == '2024-03'", {"start": "2024-03"}),
    ("start > '2023'", {"start": "2024"}),
    ("end - start == 2", {}),
    ("end - start > 1 and start - end < -1", {}),
    ("end - start > 20", {"start": "2024-01", "end": "2024-02-21"}),
    ("start + 2 == end", {}),
    ("(end - start) > 1 and ((serious) or (grade) == 2 or (not (serious)))", {}),
    ("(end - (start - 1)) == 3", {}),
    ("start > participant.first_dose + 2", {}),
    ("start - participant.first_dose == 3", {}),
    ("participant.first_dose - '2024-02-29' == 1", {}),
    ("'2024-03-05' > start", {}),
    ("3 > grade", {}),
    ("end == '2024-03-04'", {"end": "2024-03-04T10:00"}),
    ("start == end", {"end": "2024-03-04T10:00"}),
    ("participant.age >= 65", {}),
    ("participant.sex == 'f'", {}),
    ("arm != participant.arm", {"arm": "High"}),
    ("end is blank", {"end": ""}),
    ("end is blank or end < '2020'", {"end": ""}),
    ("end is not blank", {}),
    ("grade is not blank", {"grade": "perhaps"}),
    ("serious is blank", {"serious": "unknown"}),
    ("not (grade == 3 or grade == 4)", {}),
    ("grade == 2 or grade == 3 and serious", {}),
    ("(grade == 3 or grade == 2) and (not serious)", {}),
]  # fmt: skip
PASSED = [
    ("grade == 3", {"grade": ""}),
    ("not (grade == 3)", {"grade": ""}),
    ("grade != 3", {"grade": ""}),
    ("grade not in (3, 4)", {"grade": ""}),
    ("grade == 3", {"grade": "perhaps"}),
    ("not (grade == 3)", {"grade": "perhaps"}),
    ("grade is blank", {"grade": "perhaps"}),
    ("action != 'DOSE REDUCED'", {"action": ""}),
    ("not (action == 'DOSE REDUCED')", {"action": ""}),
    ("serious", {"serious": ""}),
    ("not serious", {"serious": ""}),
    ("not (term contains 'x')", {"term": "", "preferred_term": "Nausea"}),
    ("grade < 3 and end > '2020'", {"end": ""}),
    ("(grade == 2 or grade == 3) and serious", {}),
    ("start < '2024-03'", {}),
    ("start > '2024-03'", {}),
    ("start == '2024-03-04'", {"start": "2024-03"}),
    ("start != '2024-03-04'", {"start": "2024-03"}),
    ("start < '2024-03-15'", {"start": "2024-03"}),
    ("not (start < '2024-03-15')", {"start": "2024-03"}),
    ("start == end", {"start": "2024-03", "end": "2024-03"}),
    ("start != end", {"start": "2024-03", "end": "2024-03"}),
    ("end - start > 20", {"start": "2024-01", "end": "2024-02-20"}),
    ("end - start > 2", {}),
    ("end < start", {"end": "2024-03-04"}),
    ("end > start", {"end": "2024-03-04T10:00"}),
    ("participant.sex > 3 or participant.age > 70", {}),
    ("start > participant.last_contact", {"start": "2024-06-15"}),
    ("criteria contains 'death'", {"criteria": "hospitalised"}),
    ("grade == 2 or grade == 3 and serious", {"grade": "3"}),
]  # fmt: skip


@pytest.mark.parametrize(("where", "changes"), SELECTED)
def test_what_is_certainly_so_is_selected(where: str, changes: dict[str, str]) -> None:
    assert selects(where, **changes)


@pytest.mark.parametrize(("where", "changes"), PASSED)
def test_what_is_not_certain_is_not_selected(where: str, changes: dict[str, str]) -> None:
    assert not selects(where, **changes)


# what is written, the part that is pointed at, and words of the error
REFUSED = [
    ("grde >= 3 and serious", "grde", "did you mean grade"),
    ("participant.agee > 3", "participant.agee", "did you mean participant.age"),
    ("grade >= 3 and outcome == FATAL", "FATAL", "quotes: 'FATAL'"),
    ("action == 'DOSE NOT CHANGD'", "'DOSE NOT CHANGD'", "did you mean 'DOSE NOT CHANGED'"),
    ("action in ('DOSE REDUCED', 'gone')", "'gone'", "DRUG WITHDRAWN"),
    ("criteria contains 'harm'", "'harm'", "HOSPITALISATION"),
    ("criteria == 'DEATH'", "criteria", "contains"),
    ("grade == '3'", "'3'", "grade >= 3"),
    ("grade == yes", "yes", "grade is a number"),
    ("start > 3", "3", "a date"),
    ("start > '03/04/2024'", "'03/04/2024'", "2024-03-05"),
    ("start > 'soon'", "'soon'", "2024-03-05"),
    ("start > '2024-13'", "'2024-13'", "2024-03-05"),
    ("outcome > 'FATAL'", "outcome", "==, != or in"),
    ("term < 'x'", "term", "==, != or in"),
    ("term == ''", "''", "is blank"),
    ("term contains ' '", "' '", "is blank"),
    ("grade contains '3'", "grade", "no text"),
    ("outcome == action", "action", "like with like"),
    ("grade", "grade", "by itself"),
    ("not term", "term", "by itself"),
    ("3 is blank", "3", "no field"),
    ("'a' contains 'b'", "'a'", "no field"),
    ("3 > 2", "3", "neither side"),
    ("1 + 1 == 2", "1 + 1", "neither side"),
    ("grade + start > 3", "+", "end - start > 30"),
    ("start + end > '2024'", "+", "end - start > 30"),
    ("term - 3 > 2", "-", "end - start > 30"),
    ("grade > 99999999999999999999999", "99999999999999999999999", "too large"),
    ("term == 'x", "'", "close the text"),
    ("term == ‘x’", "‘", "a text in quotes"),
    ("转归 == '死亡'", "转", "a field"),
    ("grade ! 3", "!", "a comparison"),
    ("grade == 3 == 4", "==", "cannot stand here"),
    ("grade == 3 serious", "serious", "and, or"),
    ("import('os')", "(", "a comparison"),
    ("_import_('os')", "_", "a field"),
    ("grade.__class__ == 3", ".", "a comparison"),
    ("term.lower() == 'x'", "(", "a comparison"),
    ("(grade and serious) == yes", "==", "and, or"),
    ("grade == 1e5", "e5", "cannot stand here"),
    ("lambda: 0", ":", "a comparison"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "part", "words"), REFUSED)
def test_an_error_points_at_its_place(where: str, part: str, words: str) -> None:
    with pytest.raises(InputError) as raised:
        report(where, [EVENT])
    _, text, carets = raised.value.what.split("\n")
    assert text == where
    at = where.index(part) if where[0] == part else where.rindex(part)
    assert carets == " " * at + "^" * (2 if part == "转" else len(part))
    assert words in f"{raised.value.what} {raised.value.remedy}"
    assert raised.value.what.startswith("study.toml, OWN-01: ")


def test_the_caret_stands_under_wide_letters() -> None:
    with pytest.raises(InputError) as raised:
        report("term == '恶心' and grde > 3", [EVENT])
    carets = raised.value.what.split("\n")[2]
    assert carets == " " * (len("term == '' and ") + 4) + "^^^^"


@pytest.mark.parametrize("where", ["", "grade >", "grade >= 3 and", "(grade == 3", "grade in (3"])
def test_what_ends_too_early_is_said_to(where: str) -> None:
    with pytest.raises(InputError, match="ends too early") as raised:
        report(where, [EVENT])
    assert raised.value.what.split("\n")[2] == " " * len(where) + "^"


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("not " * (DEEPEST + 1) + "serious", "deep"),
        ("(serious or " * 30 + "serious" + ")" * 30, "deep"),
        ("grade == 3" + " " * LONGEST, "characters"),
        ("(" * (LONGEST // 2 - 10) + "grade", "ends too early"),
        ("not " * 249, "ends too early"),
    ],
)
def test_what_is_too_long_or_too_deep_is_refused(where: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        report(where, [EVENT])


def test_many_conditions_side_by_side_are_fine() -> None:
    where = " or ".join(["grade == 2"] * 60)
    assert len(where) < LONGEST and selects(where)


def test_a_field_that_is_not_collected_is_not_checked() -> None:
    found = report("dlt and grade > 1", [EVENT])
    own = next(r for r in found.rules if r.id == "OWN-01")
    assert own.outcome is Outcome.NOT_CHECKED and "Dose-limiting" in own.reason


def test_a_finding_has_the_cells_the_words_and_the_severity() -> None:
    own = {
        "id": "OWN-01", "where": "participant.age > 65 and grade > 1 and not participant.died "
        "and start > participant.first_dose", "says": "old {grade}", "fix": "ask",
        "severity": "error", "why": "the protocol",
    }  # fmt: skip
    study = study_of([EVENT], [AGED], {"rules": {"own": [own]}})
    finding = next(f for f in check(study).findings if f.rule == "OWN-01")
    assert finding.message == (
        "old {grade} (participant age 70, participant died N, participant first_dose 2024-03-01)"
    )
    assert (finding.fix, finding.severity) == ("ask", "error")
    assert (finding.fields, finding.values) == (("grade", "start"), ("2", "2024-03-04"))
    assert check(study, only=["own-01"]).rules[0].id == "OWN-01"
    assert "OWN-01" not in {r.id for r in check(study, ignore=["OWN-01"]).rules}


def test_an_own_rule_can_name_an_addition_to_a_list() -> None:
    lists = {"action": ["DOSE SPLIT"]}
    found = report("action == 'dose split'", [EVENT | {"action": "Dose split"}], lists=lists)
    assert "OWN-01" in {f.rule for f in found.findings}


def test_an_own_rule_can_be_off() -> None:
    own = {"id": "OWN-01", "where": "grade == 2", "says": "two"}
    config = {"rules": {"own": [own], "off": {"OWN-01": "not yet"}}}
    found = check(study_of([EVENT], config=config))
    assert next(r for r in found.rules if r.id == "OWN-01").outcome is Outcome.OFF


# What is always so ------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["grade", "term", "start", "end", "serious", "action", "criteria", "participant.age", "and",
     "or", "not", "in", "is", "blank", "contains", "starts", "ends", "with", "yes", "(", ")", "[",
     ",", "==", "<", ">=", "!=", "+", "-", "3", "2.5", "'2024-03'", "'FATAL'", "'x'", "''", "转",
     "{}", "\n", "\x00", "'"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map(" ".join)))
@settings(max_examples=400, deadline=None)
def test_no_text_does_more_than_be_refused(where: str) -> None:
    try:
        understood(where, Lists())
    except InputError as error:
        assert error.what


NUMBERS = st.sampled_from(["0", "1", "2", "3", "5", "-2", "30", "2.5"])
DAYS = st.sampled_from(["'2024-03-04'", "'2024-03'", "'2024'", "'2024-03-06'", "'2023-12-31'"])
DATED = st.sampled_from(["start", "end", "participant.first_dose", "participant.last_contact"])
ORDER = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
SAME = st.sampled_from(["==", "!="])
SIMPLE = st.one_of(
    st.tuples(st.sampled_from(["grade", "participant.age", "duration"]), ORDER, NUMBERS),
    st.tuples(DATED, ORDER, DAYS),
    st.tuples(DAYS, ORDER, DATED),
    st.tuples(DATED, ORDER, DATED),
    st.tuples(DATED, st.just("-"), DATED, ORDER, NUMBERS),
    st.tuples(DATED, ORDER, DATED, st.sampled_from(["+ 2", "- 30"])),
    st.tuples(st.sampled_from(["action", "outcome"]), SAME,
              st.sampled_from(["'UNKNOWN'", "'unk'"])),
    st.tuples(st.just("outcome in ('FATAL', '痊愈')")),
    st.tuples(st.sampled_from(["serious", "sae_death"]), SAME, st.sampled_from(["yes", "no"])),
    st.tuples(st.just("serious"), SAME, st.just("sae_death")),
    st.tuples(st.just("term"), st.sampled_from(["==", "!=", "contains", "ends with"]),
              st.sampled_from(["'NAUSEA'", "'a'", "'.'", "'心'"])),
    st.tuples(st.sampled_from(["term", "grade", "end", "serious", "participant.age"]),
              st.sampled_from(["is blank", "is not blank"])),
).map(" ".join)  # fmt: skip
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        inner.map(lambda c: f"not ({c})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({' '.join(t)})"),
    ),
    max_leaves=5,
)
SPANS = ["", "2024-03", "2024-02", "2024-03-04", "2024-03-06", "2024-04-01", "2024-03-04T10:30"]
EVENTS = st.fixed_dictionaries({
    "grade": st.sampled_from(["", "1", "2", "3", "5", "perhaps"]),
    "term": st.sampled_from(["", "Nausea", "a.b", "恶心", "Pain A"]),
    "start": st.sampled_from(SPANS), "end": st.sampled_from([*SPANS, "soon"]),
    "action": st.sampled_from(["", "UNKNOWN", "DOSE REDUCED"]),
    "outcome": st.sampled_from(["", "FATAL", "RECOVERED/RESOLVED", "UNKNOWN"]),
    "serious": st.sampled_from(["", "Y", "N"]), "sae_death": st.sampled_from(["", "Y", "N"]),
    "duration": st.sampled_from(["", "2", "2.5", "P2D"]), "laterality": st.just("LEFT"),
})  # fmt: skip
PEOPLE = st.fixed_dictionaries({
    "age": st.sampled_from(["", "70", "about 70"]), "first_dose": st.sampled_from(SPANS),
    "last_contact": st.sampled_from(SPANS),
})  # fmt: skip


@examples(150)
@given(CONDITIONS, EVENTS, PEOPLE)
def test_a_rule_says_what_plain_python_says_of_its_tree(
    where: str, event: dict[str, str], person: dict[str, str]
) -> None:
    own = {"id": "OWN-01", "where": where, "says": "wrong"}
    study = study_of(
        [EVENT | event, DEATH], [PERSON | person, PERSON | {"subject": "S2"}],
        {"rules": {"own": [own]}, "coded_in": "CTCAE"},
    )  # fmt: skip
    found = check(study, only=["OWN-01"]).findings
    cells = EVENT | event | {f"participant.{f}": text for f, text in (PERSON | person).items()}
    wanted = Plain(cells).condition(understood(where, Lists())) is True
    assert any(f.row == 1 for f in found) is wanted


class Plain:
    """Conditions over the text of cells, in plain Python: True, False, or None for unknown."""

    def __init__(self, cells: dict[str, str]) -> None:
        self.cells = cells

    def condition(self, of: Condition) -> bool | None:
        match of:
            case Not():
                inner = self.condition(of.of)
                return None if inner is None else not inner
            case Joined():
                said = [self.condition(part) for part in of.parts]
                decides = of.by == "or"
                return decides if decides in said else None if None in said else not decides
            case Blank():
                return self.cells[of.field.name] == ""
            case Match():
                text = self.cells[of.field.name].lower()
                found = {"contains": of.text.lower() in text, "starts": False,
                         "ends": text.endswith(of.text.lower())}  # fmt: skip
                return found[of.how] if text else None
            case Compare():
                return self.compare(of)

    def compare(self, of: Compare) -> bool | None:
        if of.left.kind in ("text", "list") and of.right.kind in ("text", "list"):
            a, b = self.text(of.left), self.text(of.right)
            return None if not a or not b else (a == b) == (of.order == "==")
        a_days, b_days = self.days(of.left), self.days(of.right)
        if not a_days or not b_days:
            return None
        said = {_holds(a, of.order, b, self.period(of)) for a in a_days for b in b_days}
        return said.pop() if len(said) == 1 else None

    def period(self, of: Compare) -> tuple[float, float, bool] | None:
        """A date that is written, and whether it stands on the left."""
        for side in (of.left, of.right):
            if isinstance(side, Value) and side.kind == "date":
                return side.least, side.most, side is of.left
        return None

    def text(self, of: Operand) -> str:
        if isinstance(of, Value):
            return of.text.lower()
        assert isinstance(of, Field)
        return self.cells[of.name].lower()

    def days(self, of: Operand) -> list[float]:
        """The least and the most a number or date can be, or all that lies between; or nothing."""
        match of:
            case Value():
                return [of.least]  # of a period, `_holds` knows the other end
            case Sum():
                left, right = self.days(of.left), self.days(of.right)
                sums = [a + of.sign * b for a in _ends(left) for b in _ends(right)]
                return _between(min(sums), max(sums)) if sums else []
            case Field(kind="date"):
                return _span(self.cells[of.name])
        try:
            return [float(self.cells[of.name])]
        except ValueError:
            return []


def _span(text: str) -> list[float]:
    try:
        span = date(text)
    except ValueError:
        return []
    if span is None:
        return []
    ends = (span.earliest, span.latest)
    first, last = ((moment.date() - Day(1970, 1, 1)).days for moment in ends)
    return _between(first, last)


def _between(least: float, most: float) -> list[float]:
    return [least, *range(int(least) + 1, int(most)), most] if most > least else [least]


def _ends(days: list[float]) -> list[float]:
    return [days[0], days[-1]] if days else []


def _holds(a: float, order: str, b: float, period: tuple[float, float, bool] | None) -> bool:
    if period is None:
        return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[
            order
        ]
    first, last, left = period
    day = b if left else a
    if left:
        order = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(order, order)
    return {
        "==": first <= day <= last, "!=": not first <= day <= last, "<": day < first,
        "<=": day <= last, ">": day > last, ">=": day >= first,
    }[order]  # fmt: skip


def test_an_own_rule_is_an_ordinary_rule() -> None:
    rule = own_rule(OwnRule(id="OWN-7", where="grade > 2 or dlt", says="x"), Lists())
    assert (rule.kind, rule.needs, rule.severity) == ("event", ("grade", "dlt"), "warning")
    assert rule.category == "the study's own"


def test_a_participant_is_known_by_the_participant_file() -> None:
    events = [EVENT | {"subject": "S1"}, EVENT | {"subject": "S2"}]
    wheres = {"OWN-01": "participant.subject is blank", "OWN-02": "participant.subject == 'S1'"}
    own = [{"id": name, "where": where, "says": "x"} for name, where in wheres.items()]
    study = study_of(events, [PERSON | {"subject": "S1"}], {"rules": {"own": own}})
    found = check(study, only=list(wheres)).findings
    assert [(f.rule, f.subject) for f in found] == [("OWN-01", "S2"), ("OWN-02", "S1")]


HINTS = [
    ("age > 60", "participant.age"),
    ("sex == 'F'", "participant.sex"),
    ("group == 'Low'", "arm or participant.actual_arm"),
    ("term = blank", "write is blank"),
    ("term != Blank", "write is not blank"),
    ("blank == term", "write is blank"),
]


@pytest.mark.parametrize(("where", "hint"), HINTS)
def test_what_people_write_first_is_told_how_it_is_written(where: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        understood(where, Lists())
    assert hint in refused.value.remedy
    assert "quotes" not in refused.value.remedy


def test_a_group_that_nobody_is_in_is_said() -> None:
    event = EVENT | {"arm": "High"}
    where = "grade >= 1 and not (arm == 'Hihg' or arm == 'high')"
    (note,) = (n for n in report(where, [event]).notes if "OWN" in n)
    assert note.endswith("nobody is of arm 'Hihg'; there is High")
    assert not [n for n in report("arm == 'High'", [event]).notes if "nobody" in n]
