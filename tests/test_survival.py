"""The table by survival: the sample's, R's figures, one counted by hand, and what always holds."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Rows, Run, write_csv
from hypothesis import given
from studies import Made, examples, studies
from test_time_tables import cells_of

from ae_cli import statistics
from ae_cli.reports import REPORTS
from ae_cli.table import Quantity, Rate

ROOT = Path(__file__).parents[1]
HUCMSC = ROOT / "samples" / "hucmsc"
FACTS = ROOT.parent / "shared" / "facts" / "tte_small.csv"
AE = (("USUBJID", "AETERM"), ("01", "Nausea"))
DM = (
    ("USUBJID", "ARM", "RFXSTDTC", "RFPENDTC", "DTHFL", "DTHDTC"),
    ("01", "Low", "2024-01-01", "2024-12-31", "N", ""),
    ("02", "Low", "2024-01-01", "2024-02-20", "Y", "2024-03-01"),  # 60 days
    ("03", "Low", "2024-01-01", "2024-02-10", "N", ""),  # 40 days
    ("04", "High", "2024-01-01", "2024-01-31", "Y", "2024-01-31"),  # 30 days: less than a month
    ("05", "High", "2024-01-01", "2024-06-01", "N", ""),
)


def page(ae: Run, folder: Path, people: Rows = DM, *words: Any) -> dict[str, Any]:
    log = write_csv(folder / "ae.csv", AE)
    files = [log, "--subjects", write_csv(folder / "dm.csv", people)]
    done = ae("summarize", "by", "survival", *files, "--format", "json", *words)
    assert done.code == 0, done.err
    rows = {row["key"]: row["cells"] for row in done.json["rows"]}
    return rows | {"said": "\n".join(done.json["footnotes"])}


def test_the_sample_at_six_months(ae: Run) -> None:
    """As the abstract has it: 75 %, 75 % and 100 %; nobody is lost before, so the interval is that
    of Clopper and Pearson; and the deaths are those of the sample's README."""
    done = ae("summarize", "by", "survival", HUCMSC / "events.xlsx", "--format", "json")
    found = {row["key"]: row["cells"] for row in done.json["rows"]}
    assert [cell["value"] for cell in found["alive_6"]] == [75, 75, 100, pytest.approx(250 / 3)]
    for cell, alive in zip(found["alive_6"][:3], (6, 6, 8), strict=True):
        ci = statistics.interval(alive, 8)
        assert cell["ci"] == pytest.approx([100 * ci.lower, 100 * ci.upper])
    assert [cell["n"] for cell in found["deaths_6"]] == [2, 2, 0, 4]
    assert [cell["n"] for cell in found["at_risk_6"]] == [6, 6, 8, 20]
    assert [cell["n"] for cell in found["lost_6"]] == [0, 0, 0, 0]
    assert [cell["n"] for cell in found["deaths"]] == [2, 2, 1, 5]
    line = next(t for t in (HUCMSC / "README.md").read_text("utf-8").splitlines() if "alive" in t)
    assert [int(n) for n in line.split("|")[3:7]] == [c["n"] for c in found["at_risk_6"]]


def test_survival_by_hand(ae: Run, tmp_path: Path) -> None:
    """Low: 03 leaves after 40 days, 02 dies after 60, one of two at risk. High: 04 dies a day short
    of a month, and half are left: the median."""
    found = page(ae, tmp_path, DM, "--months", "1,2,4")
    assert [c["value"] for c in found["alive_1"]] == [100, 50, pytest.approx(80)]
    assert [c["value"] for c in found["alive_2"]] == [50, 50, pytest.approx(80 * 2 / 3)]
    assert [[c["n"] for c in found[f"{key}_2"]] for key in ("deaths", "at_risk", "lost")] == [
        [1, 1, 2], [1, 1, 2], [1, 0, 1],
    ]  # fmt: skip
    low, high, _ = found["survival_median"]
    assert (low["value"], high["value"]) == (
        pytest.approx(60 / 30.4375), pytest.approx(30 / 30.4375),
    )  # fmt: skip
    whole = statistics.survival_at([365, 60, 40], [False, True, False], 60.875)
    assert found["alive_2"][0]["ci"] == pytest.approx([100 * whole.lower, 100 * whole.upper])


def test_a_median_that_is_not_reached_is_no_number(ae: Run, tmp_path: Path) -> None:
    alive = tuple((*row[:4], "N", "") if row[0] == "02" else row for row in DM)
    found = page(ae, tmp_path, alive)
    assert found["survival_median"][0] == {"group": "Low", "status": "not reached"}
    words = [tmp_path / "ae.csv", "--subjects", tmp_path / "dm.csv"]
    for format in ("table", "csv", "markdown"):
        assert "not reached" in ae("summarize", "by", "survival", *words, "--format", format).out


def test_a_death_on_no_known_day_leaves_no_estimate(ae: Run, tmp_path: Path) -> None:
    """Without it the others would live longer than they did."""
    for when in ("", "2024-03"):
        people = tuple((*row[:5], when) if row[0] == "02" else row for row in DM)
        found = page(ae, tmp_path, people, "--p-values", "--months", "1,3")
        for key in ("alive_1", "alive_3", "survival_median"):
            low, high, total = found[key]
            assert low["reason"] == "the time to death is not known of 1 who died"
            assert high["status"] == "ok" and total["status"] == "not estimable"
        assert [c["status"] for c in found["deaths_3"]] == [
            "not estimable", "ok", "not estimable",
        ]  # fmt: skip
        assert [c["n"] for c in found["deaths"]] == [1, 1, 2]
        assert "because the day of death is not known: 1." in found["said"]
        assert found["logrank_p"][2]["status"] == "not estimable"


def test_the_date_of_a_death_is_taken_from_where_it_is(ae: Run, tmp_path: Path) -> None:
    """The participant file says who died; the disposition, or the log, may say when."""
    people = tuple((*row[:5], "") if row[0] == "02" else row for row in DM)
    ds = write_csv(
        tmp_path / "ds.csv", (("USUBJID", "DSDECOD", "DSSTDTC"), ("02", "DEATH", "2024-03-01"))
    )
    found = page(ae, tmp_path, people, "--months", "2", "--with", f"disposition={ds}")
    assert found["alive_2"][0]["value"] == 50
    log = write_csv(
        tmp_path / "ae2.csv",
        (("USUBJID", "AETERM", "AEDTHDTC"), ("02", "Sepsis", "2024-03-01")),
    )
    done = ae(
        "summarize", "by", "survival", log, "--subjects", tmp_path / "dm.csv", "--months", "2",
        "--format", "json",
    )  # fmt: skip
    assert {r["key"]: r["cells"] for r in done.json["rows"]}["alive_2"][0]["value"] == 50


def test_a_death_that_the_participant_file_does_not_have_is_told(ae: Run, tmp_path: Path) -> None:
    ds = write_csv(
        tmp_path / "ds.csv", (("USUBJID", "DSDECOD", "DSSTDTC"), ("03", "DEATH", "2024-02-10"))
    )
    found = page(ae, tmp_path, DM, "--with", f"disposition={ds}")
    assert [c["n"] for c in found["deaths"]] == [1, 1, 2]
    assert "and the participant file does not: 1." in found["said"]
    silent = tuple(row[:4] for row in DM)
    found = page(ae, tmp_path, silent, "--with", f"disposition={ds}", "--months", "2")
    assert [c["n"] for c in found["deaths"]] == [1, 0, 1]
    assert found["alive_2"][0]["value"] == pytest.approx(200 / 3)
    assert "Deaths as the records of disposition have them" in found["said"]


def test_a_cut_off_ends_what_is_known(ae: Run, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("cut_off = 2024-02-15\n")
    found = page(ae, tmp_path, DM, "--months", "1,2")
    assert [c["n"] for c in found["deaths"]] == [0, 1, 1]
    assert found["alive_1"][0]["value"] == 100
    assert found["alive_2"][0]["reason"] == "nobody was followed so long"


def test_who_is_not_known_to_live_leaves_on_day_0(ae: Run, tmp_path: Path) -> None:
    people = (*DM, ("06", "High", "2024-01-01", "", "", ""), ("07", "High", "2024", "", "", ""))
    found = page(ae, tmp_path, people, "--months", "1")
    assert [c["n"] for c in found["lost_1"]] == [0, 1, 1]
    assert [c["n"] for c in found["followed"]] == [3, 3, 6]
    assert "Not known to be alive after the day of the first dose: 1." in found["said"]
    assert "because the day of the first dose is not known: 1." in found["said"]


def test_without_a_vital_status_there_is_no_table(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", AE)
    silent = write_csv(tmp_path / "dm.csv", [row[:4] for row in DM])
    undosed = write_csv(tmp_path / "dm2.csv", [(*row[:2], *row[4:]) for row in DM])
    for people, words in (([], "who died"), ([silent], "who died"), ([undosed], "first dose")):
        files = [log, *(["--subjects", *people] if people else [])]
        done = ae("summarize", "by", "survival", *files)
        assert (done.code, done.out) == (2, "")
        assert words in done.err


@pytest.mark.parametrize("given", ["6,x", "6,6", "12,6", "0", "-3", "nan", "inf", "", "1e9"])
def test_months_that_are_none_are_refused(ae: Run, tmp_path: Path, given: str) -> None:
    log = write_csv(tmp_path / "ae.csv", AE)
    people = write_csv(tmp_path / "dm.csv", DM)
    done = ae("summarize", "by", "survival", log, "--subjects", people, f"--months={given}")
    assert (done.code, done.out) == (2, "")
    assert "--months" in done.err


def test_options_of_time_are_of_their_tables(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", AE)
    asked = {"--months=6": "is for the table by survival", "--p-values": "say of which: --compare"}
    for option, words in asked.items():
        done = ae("summarize", "by", "group", log, option)
        assert done.code == 2 and words in done.err


def test_p_values_are_asked_for_and_exploratory(ae: Run, tmp_path: Path) -> None:
    plain = page(ae, tmp_path)
    assert "logrank_p" not in plain and "xploratory" not in plain["said"]
    found = page(ae, tmp_path, DM, "--p-values")
    low, high, total = found["logrank_p"]
    assert low == {"group": "Low", "status": "not applicable"}
    assert high["unit"] == "p-value" and high["value"] == total["value"] <= 1
    assert "Exploratory: no hypothesis was set" in found["said"]
    mixed = page(ae, tmp_path, (DM[0], *DM[:0:-1]), "--p-values")
    assert mixed["logrank_p"] == found["logrank_p"]


@pytest.mark.skipif(not FACTS.is_file(), reason="the folder of facts is not beside the project")
def test_times_that_r_was_given(ae: Run, tmp_path: Path) -> None:
    """R's survival at 3 and 6 months; days are cut from months, and change no order here."""
    first = date(2024, 1, 1)
    rows = list(csv.DictReader(io.StringIO(FACTS.read_text("utf-8"))))
    people = [("USUBJID", "ARM", "RFXSTDTC", "RFPENDTC", "DTHFL", "DTHDTC")]
    for i, row in enumerate(rows):
        months = float(row["time"])
        end = first + timedelta(round(months * 30.4375 + 0.5 * (row["event"] == "0")))
        died = row["event"] == "1"
        people.append((
            f"{i:02}", row["group"], str(first), str(end), "NY"[died], str(end) * died,
        ))  # fmt: skip
    found = page(ae, tmp_path, people, "--order", "P,L,H", "--months", "3,6")
    assert [c["value"] for c in found["alive_3"][:3]] == pytest.approx([87.5, 87.5, 62.5])
    assert [c["value"] for c in found["alive_6"][:3]] == pytest.approx([87.5, 175 / 3, 50])


@examples(25)
@given(studies(people=True))
def test_what_holds_of_every_survival(made: Made) -> None:
    """Deaths are those of the table by group; the dead, the living and the lost are all who were
    followed; survival falls, and lies within its interval."""
    found = cells_of(made.study, "survival")
    if not found or REPORTS["survival"].lacks(made.study):
        return
    there = cells_of(made.study, "group")["deaths"]
    assert found["deaths"] == there
    for i, followed in enumerate(found["followed"]):
        before = 100.0
        for month in ("3", "6", "12"):
            parts = [found[f"{key}_{month}"][i] for key in ("deaths", "at_risk", "lost")]
            if all(isinstance(part, Rate) for part in parts) and isinstance(followed, Rate):
                assert sum(part.n for part in parts if isinstance(part, Rate)) == followed.n
            alive = found[f"alive_{month}"][i]
            if isinstance(alive, Quantity):
                assert 0 <= alive.value <= before
                before = alive.value
