"""Two data cuts: what was added, changed and is gone, and which numbers of the table moved."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

from conftest import Run, write_csv
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import examples

from ae_cli.config import Config
from ae_cli.read import read_log
from ae_cli.reports.cuts import ADDED, CHANGED, GONE, Cuts, compared
from ae_cli.study import Choices, from_log

HEADER = ("No.", "Subject", "AE term", "Grade", "Serious", "Start date", "Outcome", "Group")
ROWS = (
    ("1", "001", "Nausea", "2", "N", "2024-03-04", "Recovered", "Low"),
    ("2", "001", "Rash", "1", "N", "2024-03-09", "Ongoing", "Low"),
    ("3", "002", "Sepsis", "4", "Y", "2024-04-01", "Recovered", "High"),
)
PEOPLE = (("Subject", "Group"), ("001", "Low"), ("002", "High"), ("003", "High"))


def logs(tmp_path: Path, before: Any, now: Any) -> tuple[Path, Path]:
    return (
        write_csv(tmp_path / "march.csv", (HEADER, *before)),
        write_csv(tmp_path / "april.csv", (HEADER, *now)),
    )


def test_a_cut_by_hand(ae: Run, tmp_path: Path) -> None:
    """A row above, a grade and an outcome corrected, one date written otherwise, one row gone."""
    new = ("1", "002", "Fever", "1", "N", "2024-05-01", "Recovered", "High")
    nausea = ("2", "001", "Nausea", "3", "N", "4 Mar 2024", "Recovered", "Low")
    rash = ("3", "001", "Rash", "1", "N", "2024-03-09", "Recovered", "Low")
    old, now = logs(tmp_path, ROWS, (new, nausea, rash))
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    ran = ae("diff", old, now, "--subjects", people, "--format", "json")
    assert ran.code == 0, ran.err
    told = ran.json
    counts = {n: told[n] for n in ("before", "now", "same", "added", "changed", "gone")}
    assert counts == {"before": 3, "now": 3, "same": 0, "added": 1, "changed": 2, "gone": 1}
    said = {(c["kind"], c["term"], c["before"], c["now"]): c["values"] for c in told["changes"]}
    assert said["changed", "Nausea", "2", "3"] == [{"header": "Grade", "before": "2", "now": "3"}]
    assert said["changed", "Rash", "3", "4"] == [
        {"header": "Outcome", "before": "Ongoing", "now": "Recovered"}
    ]
    assert ("added", "Fever", None, "2") in said and ("gone", "Sepsis", "4", None) in said
    table = {row["label"]: row for row in told["table"]}
    worst = table["Participants by worst grade: Grade 4"]
    assert (worst["High"], worst["Low"], worst["Total"]) == (
        "1 (50.0%) → 0", "0", "1 (33.3%) → 0",
    )  # fmt: skip


def test_a_page_and_a_table(ae: Run, tmp_path: Path) -> None:
    old, now = logs(tmp_path, ROWS, (*ROWS[:2], ("3", "002", "=1+1", "", "", "", "", "High")))
    page = ae("diff", old, now).out
    assert "3 records before, 3 now: 1 added, 0 changed, 1 gone, 2 the same" in page
    assert "Sepsis" in page
    rows = list(csv.DictReader(io.StringIO(ae("diff", old, now, "--format", "csv").out)))
    assert {row["change"] for row in rows} == {"added", "gone"}
    assert {row["term"] for row in rows} == {"Sepsis", "'=1+1"}
    same = ae("diff", old, old)
    assert "0 added, 0 changed, 0 gone, 3 the same" in same.out
    assert "The table by group is the same in both." in same.out


def test_columns_of_one_cut_alone_are_said(ae: Run, tmp_path: Path) -> None:
    old, now = logs(tmp_path, ROWS, ROWS)
    write_csv(now, [row[:6] + row[7:] for row in (HEADER, *ROWS)])
    ran = ae("diff", old, now)
    assert "3 the same" in ran.out and "not compared: Outcome" in ran.out


def test_what_cannot_be_compared_is_an_error(ae: Run, tmp_path: Path) -> None:
    old, _ = logs(tmp_path, ROWS, ROWS)
    assert ae("diff", old, tmp_path / "nowhere.csv").code == 2
    assert ae("diff", old, old, "--format", "xml").code == 2


ROW = st.tuples(
    st.just(""), st.sampled_from(["001", "002"]), st.sampled_from(["Nausea", "Rash"]),
    st.sampled_from("123"), st.sampled_from("YN"),
    st.sampled_from(["2024-03-04", "2024-03-09", ""]), st.just("Recovered"), st.just("Low"),
)  # fmt: skip
LOG = st.lists(ROW, min_size=1, max_size=6)


def cuts(folder: Path, before: Any, now: Any) -> Cuts:
    old, new = (
        from_log(read_log([path]), Config(), Choices()) for path in logs(folder, before, now)
    )
    return compared(old, new)


@settings(examples(25))
@given(LOG, LOG)
def test_every_record_is_counted_once(tmp_path_factory: Any, before: Any, now: Any) -> None:
    folder = tmp_path_factory.mktemp("cuts")
    found, back = cuts(folder, before, now), cuts(folder, now, before)
    assert (found.before, found.now) == (len(before), len(now))
    for each in (found, back):
        assert each.same <= sum((Counter(before) & Counter(now)).values())
    assert found.same == back.same == sum((Counter(before) & Counter(now)).values())
    assert all(change.values for change in found.changes if change.kind == CHANGED)
    assert {c.now for c in found.changes if c.kind == GONE} <= {None}
    assert {c.before for c in found.changes if c.kind == ADDED} <= {None}
