"""What a finding changes in the table: said where it is so, and only of rows that are counted."""

from __future__ import annotations

import pytest

from ae_cli.reports import summarize
from ae_cli.rules import RULES, Example, check
from ae_cli.rules.effects import EVENTS, OUTSIDE, PEOPLE
from ae_cli.rules.examples import a_death, a_person, an_event, who_died
from ae_cli.rules.records import of_example
from ae_cli.table import Count, Rate, Table

LATER = {"start": "2024-05-01", "end": "", "subject": "S2", "serious": "N", "sae_other": "N"}
AGAIN = [{"start": "2024-03-06", "grade": "3"}]


def test_every_rule_named_is_a_rule() -> None:
    assert {*EVENTS, *OUTSIDE, *PEOPLE} <= set(RULES)


@pytest.mark.parametrize(
    ("rule", "example", "said"),
    [
        ("REQ-01", an_event(subject=""), "in no number of the table"),
        ("REQ-08", an_event(grade="", participants=[a_person()]),
         "Low: counted as ungraded; the rows by grade are minimums"),
        ("REQ-08", an_event(grade="", participants=[a_person(first_dose="2024-05-01")]),
         "none: the row is not counted (began before the first dose)"),
        ("REQ-09", an_event(serious=""), "All participants: 'Any serious adverse event' and the "
         "rows by seriousness are minimums"),
        ("XRC-02", an_event(also=[{}, {}]),
         "All participants: the number of events may be 2 too large"),
        ("XRC-02", an_event(also=[{"treatment_emergent": "N"}, {}], treatment_emergent="Y"),
         "All participants: the number of events may be 1 too large"),
        ("XRC-02", an_event(also=[{"treatment_emergent": "N"}], treatment_emergent="Y"), ""),
        ("XDS-24", an_event(treatment_emergent="Y", start="2024-02-01", participants=[a_person()]),
         "counted, by the flag"),
        ("XDS-24", an_event(treatment_emergent="N", also=[{"treatment_emergent": "Y"}],
                            participants=[a_person()]), "not counted, by the flag"),
        ("XDS-24", an_event(treatment_emergent="Y", start="2024-02-04", grade="0",
                            participants=[a_person()]),
         "none: the row is not counted (grade 0 is not an event)"),
        ("XRC-07", an_event(also=AGAIN),
         "All participants: counted as 2 events; as one episode it would be 1 event of grade 3"),
        ("XDS-01", an_event(participants=[a_person(subject="S2")]), "in no number of the table"),
        ("XDS-03", an_event(participants=[a_person(actual_arm="")]),
         "the participant is in Total, and in no dose group's column"),
        ("XDS-07", an_event(participants=[who_died()]),
         "'Deaths without a fatal event' counts the participant"),
        ("XDS-07", an_event(participants=[who_died(first_dose=""), a_person(subject="S2")]), ""),
        ("XDS-43", an_event(arm="High", participants=[a_person()]), "counted in Low, not in High"),
        ("XFD-06", a_death(grade="4"),
         "All participants: counted as a fatal event, and not among grade 5"),
        ("CTC-01", an_event(grade="6"), "counted as ungraded; the rows by grade are minimums"),
        ("CTC-01", an_event(grade="0"), ""),
        ("COD-14", an_event(related="MAYBE"), "'Any related adverse event' is a minimum"),
        ("CTC-03", an_event(grade="4"), ""),
    ],
)  # fmt: skip
def test_what_a_finding_changes(rule: str, example: Example, said: str) -> None:
    (finding,) = check(of_example(example), only=[rule]).findings
    assert finding.effect == said


@pytest.mark.parametrize(
    ("event", "person", "said"),
    [
        ({"treatment_emergent": "Y", "start": "2024-02-04"}, {"safety": "N"},
         "flagged treatment-emergent, but it began before the first dose: it is not counted "
         "(participant is not in the safety population)"),
        ({"treatment_emergent": "Y", "start": "2024-02-04"}, {},
         "flagged treatment-emergent, but it began before the first dose: it is counted"),
        ({"treatment_emergent": "N", "start": "2024-03-01T08:00"}, {},
         "not flagged treatment-emergent, but it began on the day of the first dose or later: "
         "it is not counted (not treatment-emergent by the flag in the data)"),
    ],
)  # fmt: skip
def test_a_flag_is_said_with_what_became_of_the_row(
    event: dict[str, str], person: dict[str, str], said: str
) -> None:
    others = [a_person(subject="S2", safety="Y")] if person else []
    study = of_example(an_event(**event, participants=[a_person(**person), *others]))
    (finding,) = check(study, only=["XDS-24"]).findings
    assert finding.message == said


def number(table: Table, key: str) -> int | None:
    cell = next(row.cells[-1] for row in table.rows if row.key == key)
    return cell.n if isinstance(cell, Rate) else cell.events if isinstance(cell, Count) else None


@pytest.mark.parametrize(
    ("example", "mended", "key", "by"),
    [
        (an_event(grade=""), an_event(), "worst_grade_ungraded", -1),
        (an_event(serious="", also=[LATER]), an_event(serious="Y", sae_other="Y", also=[LATER]),
         "any_sae", 1),
        (an_event(also=[{}, {}]), an_event(), "events", -2),
        (an_event(participants=[a_person(subject="S2")]), an_event(participants=[a_person()]),
         "events", 1),
        (an_event(subject=""), an_event(), "events", 1),
    ],
)  # fmt: skip
def test_the_number_changes_when_it_is_mended(
    example: Example, mended: Example, key: str, by: int
) -> None:
    tables = [summarize(of_example(e), check(of_example(e))) for e in (example, mended)]
    before, after = (number(table, key) for table in tables)
    assert before is not None and after is not None and after - before == by
