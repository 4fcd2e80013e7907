"""What findings come to together: of each death, and of seriousness and grade."""

from __future__ import annotations

import pytest

from ae_cli.rules import TOGETHER, Example, check
from ae_cli.rules.deaths import disagreeing
from ae_cli.rules.examples import a_death, a_person, an_event, one, who_died
from ae_cli.rules.records import of_example

COMPLETED = {"disposition": [one("disposition")]}
DIED = {"disposition": [one("disposition", reason="DEATH", term="DEATH", start="2024-03-09")]}
EARLIER = {"disposition": [one("disposition", reason="DEATH", term="DEATH", start="2024-02")]}
REPORTED = {"reports": [one("reports")]}
HERE = "row 1 (Sepsis)"


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (an_event(participants=[a_person()]), None),
        (a_death(), None),
        (a_death(participants=[who_died()]), None),
        (a_death(participants=[who_died()], beside=DIED), None),
        (a_death(participants=[who_died(death_date="2024-03")]), None),
        (a_death(term="Death neonatal", grade="4", participants=[who_died()]), None),
        (a_death(without=("sae_death",), participants=[who_died()]), None),
        (
            an_event(participants=[who_died()]),
            "died per participant file on 2024-03-09; no event is fatal",
        ),
        (
            an_event(participants=[who_died(died="", death_date="2024-03")]),
            "died per participant file on 2024-03; no event is fatal",
        ),
        (
            an_event(participants=[who_died(death_date="")]),
            "died per participant file; no event is fatal",
        ),
        (
            a_death(participants=[a_person()]),
            f"alive per participant file, but {HERE} is fatal",
        ),
        (
            a_death(participants=[a_person(died="")]),
            f"{HERE} is fatal, but the participant file does not say that the participant died",
        ),
        (
            a_death(participants=[a_person(subject="S2")]),
            f"{HERE} is fatal, but the participant is not in the participant file",
        ),
        (
            a_death(grade="4", participants=[who_died()]),
            f"{HERE}: outcome FATAL and 'results in death' = yes and a date of death, but grade 4",
        ),
        (
            a_death(outcome="", sae_death="", death_date="", participants=[who_died()]),
            f"{HERE}: grade 5, but outcome blank and 'results in death' is not yes",
        ),
        (
            an_event(death_date="2024-03-09", participants=[who_died()]),
            "died per participant file on 2024-03-09; no event is fatal; row 1 (Nausea): a date of "
            "death, but grade 2 and outcome RECOVERED/RESOLVED and 'results in death' is not yes",
        ),
        (
            a_death(participants=[who_died(death_date="2024-03-12")]),
            "dates of death differ: 2024-03-12 per participant file, 2024-03-09 per row 1",
        ),
        (
            a_death(participants=[who_died()], beside=COMPLETED),
            "disposition has no record of the death",
        ),
        (
            an_event(beside=DIED),
            "died per disposition on 2024-03-09; neither the log nor the participant file says so",
        ),
        (a_death(participants=[who_died()], beside=REPORTED), None),
        (
            an_event(participants=[a_person()], beside=REPORTED),
            "alive per participant file, but safety database row 1 (Sepsis, case C-1) is fatal",
        ),
        (
            an_event(beside=REPORTED),
            "safety database row 1 (Sepsis, case C-1) is fatal, and nothing else says that the "
            "participant died",
        ),
        (
            an_event(participants=[who_died()], beside=REPORTED),
            "died per participant file on 2024-03-09; no event is fatal; "
            "safety database row 1 (Sepsis, case C-1) is fatal, but no event of the log is",
        ),
        (
            an_event(beside={"reports": [one("reports", outcome="", sae_death="Y", case="")]}),
            "safety database row 1 (Sepsis) is fatal, and nothing else says that the participant "
            "died",
        ),
        (
            a_death(beside={"reports": [one("reports", death_date="2024-03-10")]}),
            "dates of death differ: 2024-03-10 per safety database row 1, 2024-03-09 per row 1",
        ),
        (
            a_death(beside=EARLIER),
            "dates of death differ: 2024-02 per disposition, 2024-03-09 per row 1",
        ),
    ],
)
def test_what_is_known_of_a_death(example: Example, said: str | None) -> None:
    assert disagreeing(of_example(example)).rows == ((("S1", said),) if said else ())


def test_a_participant_nobody_calls_dead_is_in_no_block() -> None:
    example = a_death(also=[{"subject": "S2", "outcome": "UNKNOWN"}], participants=[
        who_died(), a_person(subject="S2"), a_person(subject="S3")])  # fmt: skip
    (row,) = disagreeing(of_example(example)).rows
    assert row[0] == "S2"


def test_events_by_seriousness_and_grade() -> None:
    example = an_event(also=[
        {"grade": "3", "serious": "Y", "start": "2024-04-01"}, {"grade": "", "start": "2024-05-01"},
        {"serious": "", "start": "2024-06-01"}, {"start": "2024-07-01"}])  # fmt: skip
    (listing,) = check(of_example(example)).listings
    assert listing.headers == (
        "", "grade 1", "grade 2", "grade 3", "grade 4", "grade 5", "ungraded",
    )  # fmt: skip
    assert listing.rows == (
        ("serious", 0, 0, 1, 0, 0, 0),
        ("not serious", 0, 2, 0, 0, 0, 1),
        ("not answered", 0, 1, 0, 0, 0, 0),
    )


def test_a_log_without_grades_has_no_cross_table() -> None:
    assert check(of_example(an_event(without=("grade",)))).listings == ()


def test_a_participant_without_a_name_is_no_participant() -> None:
    example = a_death(participants=[who_died(), who_died(subject="")])
    assert disagreeing(of_example(example)).rows == ()


def test_a_listing_that_fails_is_our_bug_and_the_findings_are_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(study: object) -> None:
        raise KeyError("Zanzibar")

    monkeypatch.setitem(TOGETHER, "deaths", fails)
    report = check(of_example(an_event(grade="")))
    assert report.crashed() and report.findings
    assert "Zanzibar" not in str(report)
    assert [listing.name for listing in report.listings] == ["seriousness"]
