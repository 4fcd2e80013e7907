"""Events by site: what is expected, the exact limits, and what is listed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ae_cli.rules import check
from ae_cli.rules.examples import a_person, an_event
from ae_cli.rules.records import of_example, study_of
from ae_cli.statistics import mean_interval

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "statistics.csv"


def in_r() -> list[tuple[int, float, float, str, float]]:
    if not FACTS.is_file():
        return []
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["stat"] == "poisson_exact_garwood"]
    found = []
    for row in rows:
        case = json.loads(row["input"])
        found.append((case["events"], case["person_time"], case["conf"], row["key"],
                      float(row["value"])))  # fmt: skip
    return found


@pytest.mark.skipif(not FACTS.is_file(), reason="the values of R are not beside the project")
def test_the_limits_are_those_of_r() -> None:
    checked = 0
    for events, time, level, key, value in in_r():
        if key in ("lower", "upper"):
            found = mean_interval(events, level)[key == "upper"] / time
            assert found == pytest.approx(value, abs=1e-6)
            checked += 1
    assert checked > 5


def test_a_known_interval() -> None:
    assert mean_interval(10) == pytest.approx((4.795389, 18.390356), abs=1e-6)
    assert mean_interval(0)[0] == 0
    with pytest.raises(ValueError, match="-1"):
        mean_interval(-1)


def two_sites(**changes: str) -> object:
    people = [
        a_person(subject="A1", site="A", last_contact="2024-03-30"),
        a_person(subject="B1", site="B", last_contact="2024-05-29"),
    ]
    rows = [{"subject": "B1", "start": "2024-03-05"}, {"subject": "B1", "start": "2024-03-06",
            "serious": "Y", "sae_other": "Y"}]  # fmt: skip
    return check(of_example(an_event(also=rows, participants=people, subject="A1", **changes)))


def test_what_is_expected_is_in_proportion_to_the_follow_up() -> None:
    """30 and 90 days: of 4 participants' quarters, three are of site B."""
    listing = next(each for each in two_sites().listings if each.name == "sites")
    assert listing.rows == (("A", 1, 1.0, 1, 0.8, 0, 0.2), ("B", 1, 3.0, 2, 2.2, 1, 0.8))


def test_without_dates_it_is_in_proportion_to_the_participants() -> None:
    people = [
        {"subject": "A1", "site": "A", "arm": "Low"},
        {"subject": "B1", "site": "B", "arm": "Low"},
    ]
    example = an_event(participants=people, subject="A1")
    listing = next(each for each in check(of_example(example)).listings if each.name == "sites")
    assert listing.rows == (("A", 1, None, 1, 0.5, 0, 0.0), ("B", 1, None, 0, 0.5, 0, 0.0))


def test_one_site_is_not_listed() -> None:
    report = check(of_example(an_event(participants=[a_person(site="A")])))
    assert [each.name for each in report.listings] == ["seriousness"]


def test_rows_that_are_joined_are_one_event_of_a_site() -> None:
    course = [
        {"subject": "S1", "term": "Rash", "grade": g, "start": s, "end": e}
        for g, s, e in (("1", "2024-03-01", "2024-03-02"), ("2", "2024-03-02", "2024-03-03"))
    ]
    people = [{"subject": "S1", "arm": "A", "site": "01"}]
    for episodes, events in (("rows", 2), ("joined", 1)):
        study = study_of(course, people, {"episodes": episodes})
        assert study.subjects["site_events"].to_list() == [events]
