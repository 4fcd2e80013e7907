"""The table by time: onset, duration and first events by hand, and what always holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Rows, Run, write_csv
from hypothesis import given
from studies import Made, examples, studies
from test_time_tables import cells_of

from ae_cli.table import Count, NotCollected, Quantity, Rate

AE = (
    ("USUBJID", "AETERM", "AETOXGR", "AESTDTC", "AEENDTC", "AEENRTPT"),
    ("01", "Nausea", "1", "2024-01-08", "2024-01-10", ""),  # day 7, 3 days
    ("01", "Rash", "3", "2024-01-09", "", "ONGOING"),  # day 8
    ("01", "Cough", "1", "2024-01", "2024-02-01", ""),  # days 0 to 30
    ("02", "Fall", "1", "2024-01-01", "2024-01-01", ""),  # day 0, 1 day
    ("03", "Fever", "2", "2024-04", "2024-04-30", ""),  # days 91 to 120
    ("03", "Chills", "1", "", "", ""),
)
DM = (
    ("USUBJID", "ARM", "RFXSTDTC", "RFPENDTC"),
    ("01", "Low", "2024-01-01", "2024-12-31"),
    ("02", "Low", "2024-01-01", "2024-01-20"),
    ("03", "High", "2024-01-01", "2024-06-30"),
)
Numbers = dict[str, list[Any]]


def page(ae: Run, folder: Path, *words: Any, log: Rows = AE, people: Rows = DM) -> dict[str, Any]:
    files = [write_csv(folder / "ae.csv", log), "--subjects", write_csv(folder / "dm.csv", people)]
    done = ae("summarize", "by", "time", *files, "--format", "json", *words)
    assert done.code == 0, done.err
    rows = {row["key"]: row["cells"] for row in done.json["rows"]}
    return rows | {"said": "\n".join(done.json["footnotes"])}


def numbers(found: dict[str, Any], start: str) -> Numbers:
    """Participants and events of the rows whose key begins so."""
    return {
        key: [(cell["n"], cell.get("events")) for cell in cells]
        for key, cells in found.items() if key.startswith(start)
    }  # fmt: skip


def test_onset_by_hand(ae: Run, tmp_path: Path) -> None:
    """An onset of which only the month is known counts where the interval holds all of it."""
    found = page(ae, tmp_path)
    assert numbers(found, "onset") == {
        "onset_0_7": [(2, 2), (0, 0), (2, 2)],
        "onset_8_28": [(1, 1), (0, 0), (1, 1)],
        "onset_29_84": [(0, 0), (0, 0), (0, 0)],
        "onset_85_later": [(0, 0), (1, 1), (1, 1)],
        "onset_unknown": [(1, 1), (1, 1), (2, 2)],
    }
    assert numbers(found, "observed") == {
        "observed_0": [(2, None), (1, None), (3, None)],
        "observed_8": [(2, None), (1, None), (3, None)],
        "observed_29": [(1, None), (1, None), (2, None)],
        "observed_85": [(1, None), (1, None), (2, None)],
    }


def test_intervals_are_as_asked(ae: Run, tmp_path: Path) -> None:
    found = numbers(page(ae, tmp_path, "--days", "30"), "onset")
    assert found == {
        "onset_0_30": [(2, 4), (0, 0), (2, 4)],
        "onset_31_later": [(0, 0), (1, 1), (1, 1)],
        "onset_unknown": [(0, 0), (1, 1), (1, 1)],
    }


@pytest.mark.parametrize("given", ["7.5", "28,7", "0,7", "week", ""])
def test_days_that_are_none_are_refused(ae: Run, tmp_path: Path, given: str) -> None:
    page(ae, tmp_path)
    files = (tmp_path / "ae.csv", "--subjects", tmp_path / "dm.csv")
    done = ae("summarize", "by", "time", *files, f"--days={given}")
    assert (done.code, done.out) == (2, "") and "--days" in done.err


def test_duration_by_hand(ae: Run, tmp_path: Path) -> None:
    found = page(ae, tmp_path)
    assert [c["events"] for c in found["duration_known"]] == [2, 0, 2]
    assert [c["events"] for c in found["duration_ongoing"]] == [1, 0, 1]
    assert [c["events"] for c in found["duration_unknown"]] == [1, 2, 3]
    low, high, total = found["event_days_median"]
    assert (low["value"], high["reason"], total["value"]) == (2, "no such event", 2)
    assert [found[f"event_days_{k}"][0]["value"] for k in ("least", "most")] == [1, 3]


def test_days_to_the_first_event_by_hand(ae: Run, tmp_path: Path) -> None:
    """01's cough may have been the first, 03's chills too; of grade 3, one of two on day 8."""
    found = page(ae, tmp_path)
    assert [(c["n"], c["N"]) for c in found["first_any_ae"]] == [(1, 1), (0, 0), (1, 1)]
    assert found["first_any_ae_median"][0]["value"] == 0
    assert found["first_any_ae_median"][1]["status"] == "not estimable"
    assert [(c["n"], c["N"]) for c in found["first_any_grade_3_plus"]] == [(1, 2), (0, 1), (1, 3)]
    low, high, total = found["first_any_grade_3_plus_median"]
    assert low["value"] == 8
    assert high["status"] == total["status"] == "not reached"  # of all one in three


def test_what_was_not_collected_is_no_zero(ae: Run, tmp_path: Path) -> None:
    bare = tuple((*row[:3], *row[5:]) for row in AE)
    found = page(ae, tmp_path, log=bare)
    for key in ("onset_0_7", "onset_unknown", "duration_known", "first_any_ae"):
        assert {c["status"] for c in found[key]} == {"not collected"}
    assert [c["n"] for c in found["observed_8"]] == [2, 1, 3]
    ungraded = tuple((*row[:2], *row[3:]) for row in AE)
    found = page(ae, tmp_path, log=ungraded)
    assert {c["status"] for c in found["first_any_grade_3_plus"]} == {"not collected"}


def test_an_emergent_event_may_be_older_than_the_dose(ae: Run, tmp_path: Path) -> None:
    """By the flag: it has a line of its own, and no time to the first event."""
    flagged = (
        (*AE[0][:4], "TRTEMFL"), ("01", "Rash", "2", "2023-12-24", "Y"),
        ("02", "Fall", "1", "2023-12", "Y"), ("03", "Fever", "1", "2024-01-02", "N"),
    )  # fmt: skip
    found = page(ae, tmp_path, log=flagged)
    assert numbers(found, "onset_before")["onset_before"] == [(2, 2), (0, 0), (2, 2)]
    assert [(c["n"], c["N"]) for c in found["first_any_ae"]] == [(0, 0), (0, 1), (0, 1)]


def test_an_episode_is_one_event(ae: Run, tmp_path: Path) -> None:
    """Its rows of two grades began on day 7 and went on for 5 days together."""
    split = (AE[0], AE[1], ("01", "Nausea", "2", "2024-01-11", "2024-01-12", ""))
    (tmp_path / "study.toml").write_text('episodes = "joined"\n')
    found = page(ae, tmp_path, log=split)
    assert numbers(found, "onset")["onset_0_7"][0] == (1, 1)
    assert found["event_days_median"][0]["value"] == 5


@examples(25)
@given(studies(people=True))
def test_every_event_began_once_and_has_one_duration(made: Made) -> None:
    found = cells_of(made.study, "time")
    there = cells_of(made.study, "group") if found else {}
    for prefix in ("onset_", "duration_"):
        rows = [cells for key, cells in found.items() if key.startswith(prefix)]
        if any(isinstance(cell, NotCollected) for cells in rows for cell in cells):
            continue
        for i, events in enumerate(there.get("events", ())):
            parts = [row[i] for row in rows]
            counted = [c.events or 0 for c in parts if isinstance(c, Rate | Count)]
            assert isinstance(events, Count) and sum(counted) == events.events
    for key in ("any_ae", "any_grade_3_plus"):
        had_one, medians = (found.get(f"first_{key}{end}", []) for end in ("", "_median"))
        for had, median in zip(had_one, medians, strict=True):
            if isinstance(median, Quantity):
                assert isinstance(had, Rate) and median.value >= 0 and had.n > 0
