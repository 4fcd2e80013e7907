"""The table by exposure: time at risk counted by hand, and what it shares with other tables."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from conftest import Rows, Run, write_csv
from hypothesis import given
from openpyxl import load_workbook
from studies import Made, examples, studies
from test_time_tables import cells_of

from ae_cli.reports import REPORTS
from ae_cli.table import Incidence, NotCollected, NotEstimable, Quantity, Rate

MONTH = 30.4375
AE = (
    ("USUBJID", "AETERM", "AETOXGR", "AESER", "AESTDTC"),
    ("01", "Nausea", "3", "Y", "2024-01-05"),
    ("01", "Headache", "1", "N", "2024-01-20"),
    ("02", "Rash", "1", "N", "2024-01"),
    ("04", "Sepsis", "5", "Y", "2024-01-01"),
    ("05", "Cough", "1", "N", "2024-01-03"),
    ("06", "Fall", "2", "N", "2024-02-01"),
)
DM = (
    ("USUBJID", "ARM", "SAFFL", "RFXSTDTC", "RFXENDTC", "RFPENDTC", "DTHDTC"),
    ("01", "Low", "Y", "2024-01-01", "2024-01-15", "2024-01-30", ""),
    ("02", "Low", "Y", "2024-01-01", "2024-01-01", "2024-03-01", ""),
    ("03", "High", "Y", "", "", "2024-03-01", ""),
    ("04", "High", "Y", "2024-01-01", "2024-01-08", "", "2024-01-10"),
    ("05", "High", "Y", "2024-01-01", "2024-01", "", ""),
    ("06", "Low", "Y", "2024-01-01", "2024-01-02", "2024-01-10", ""),
)
EX = (
    ("USUBJID", "EXTRT", "EXDOSE", "EXSTDTC"),
    ("01", "Cells", "5", "2024-01-01"), ("01", "Cells", "5", "2024-01-15"),
    ("02", "Cells", "5", "2024-01-01"), ("02", "Cells", "0", "2024-01-08"),
    ("04", "Cells", "5", "2024-01-01"),
)  # fmt: skip


def files(folder: Path, log: Rows = AE, people: Rows = DM) -> list[Any]:
    return [
        write_csv(folder / "ae.csv", log), "--subjects", write_csv(folder / "dm.csv", people),
    ]  # fmt: skip


def page(ae: Run, *words: Any) -> dict[str, Any]:
    """The cells by row, and the footnotes in one text."""
    done = ae("summarize", "by", "exposure", *words, "--format", "json")
    assert done.code == 0, done.err
    rows = {row["key"]: row["cells"] for row in done.json["rows"]}
    return rows | {"said": "\n".join(done.json["footnotes"])}


def test_time_at_risk_by_hand(ae: Run, tmp_path: Path) -> None:
    """Low has 01 (event on its day 5) and 02 (61 days; the day of its rash is not known); 06 has an
    event after its last contact. High has 04 alone: 03 has no first dose, 05 no last contact."""
    found = page(ae, *files(tmp_path))
    low, high, total = found["any_ae_incidence"]
    assert (low["n"], low["time"]) == (1, pytest.approx(5 / MONTH))
    assert low["value"] == pytest.approx(100 * MONTH / 5)
    # 1 event: Poisson mean 0.0253 to 5.5716 (Garwood)
    assert low["ci"] == pytest.approx([100 * x * MONTH / 5 for x in (0.0253178, 5.5716434)], 1e-5)
    assert (high["n"], high["time"]) == (1, pytest.approx(1 / MONTH))
    assert (total["n"], total["time"]) == (2, pytest.approx(6 / MONTH))
    assert "ci" not in total
    assert [c["n"] for c in found["any_ae"]] == [3, 2, 5]


def test_time_at_risk_is_another_for_each_kind(ae: Run, tmp_path: Path) -> None:
    found = page(ae, *files(tmp_path))
    for key, time in (("any_grade_3_plus", 5 + 61), ("any_sae", 5 + 61)):
        low = found[f"{key}_incidence"][0]
        assert (low["n"], low["time"]) == (1, pytest.approx(time / MONTH))
    assert {c["status"] for c in found["any_related_incidence"]} == {"not collected"}
    assert {c["status"] for c in found["any_related_event_rate"]} == {"not collected"}


def test_events_over_all_time_observed(ae: Run, tmp_path: Path) -> None:
    """01 has two events in 30 days, 02 one in 61; no interval of two people."""
    low, high, total = page(ae, *files(tmp_path))["any_ae_event_rate"]
    assert (low["events"], low["time"]) == (3, pytest.approx(91 / MONTH))
    assert low["value"] == pytest.approx(300 * MONTH / 91)
    assert (high["events"], high["time"]) == (1, pytest.approx(10 / MONTH))
    assert (total["events"], total["time"]) == (4, pytest.approx(101 / MONTH))
    assert not {"ci", "n"} & {*low, *high, *total}


def test_who_is_in_no_rate_is_said(ae: Run, tmp_path: Path) -> None:
    found = page(ae, *files(tmp_path))
    said = found["said"]
    for reason in (
        "the day of the first dose is not known: 1.",
        "the day on which observation ended is not known: 1.",
        "an event began after observation ended: 1.",
    ):
        assert f"Participants in no number for time, because {reason}" in said
    assert "Any adverse event: participants who are not in its time to the first event" in said
    assert [c["n"] for c in found["observation_known"]] == [2, 1, 3]
    assert found["observation_months"][2]["value"] == pytest.approx((30 + 61 + 10) / MONTH)


def test_exposure_is_doses_and_days(ae: Run, tmp_path: Path) -> None:
    """A dose of 0 is none; both days count; 05's last dose is no day, 03 has no dose at all."""
    words = [*files(tmp_path), "--with", f"exposure={write_csv(tmp_path / 'ex.csv', EX)}"]
    found = page(ae, *words)
    assert {key: [c["n"] for c in found[key]] for key in found if key.startswith("doses_")} == {
        "doses_0": [1, 2, 3], "doses_1": [1, 1, 2], "doses_2": [1, 0, 1],
    }  # fmt: skip
    assert [c["n"] for c in found["duration_known"]] == [3, 1, 4]
    assert [c["value"] for c in found["duration_median"]] == [2, 8, 5]
    assert [c["value"] for c in found["duration_most"]] == [15, 8, 15]
    assert [c["value"] for c in found["duration_least"]] == [1, 8, 1]


def test_the_window_and_the_cut_off_end_time_at_risk(ae: Run, tmp_path: Path) -> None:
    """The event of 06 after its last contact is outside of both, so 06 has 10 days."""
    words = files(tmp_path)
    (tmp_path / "study.toml").write_text("[window]\ndays_after_first_dose = 27\n")
    found = page(ae, *words)
    assert found["any_sae_incidence"][0]["time"] == pytest.approx((5 + 28 + 10) / MONTH)
    assert "at the latest to the end of the observation window, both" in found["said"]
    (tmp_path / "study.toml").write_text("cut_off = 2024-01-12\n")
    found = page(ae, *words)
    assert found["any_sae_incidence"][0]["time"] == pytest.approx((5 + 12 + 10) / MONTH)
    assert [c["value"] for c in found["duration_most"]] == [12, 8, 12]


def test_without_a_first_dose_there_is_no_time(ae: Run, tmp_path: Path) -> None:
    people = tuple((*row[:3], row[5]) for row in DM)
    for words in ([files(tmp_path)[0]], files(tmp_path, people=people)):
        done = ae("summarize", "by", "exposure", *words)
        assert (done.code, done.out) == (2, "")
        assert "counts time from the first dose" in done.err


def test_without_an_end_of_observation_there_is_no_rate(ae: Run, tmp_path: Path) -> None:
    people = tuple(row[:5] for row in DM)
    found = page(ae, *files(tmp_path, people=people))
    for key in ("any_ae_incidence", "any_ae_event_rate", "observation_months"):
        assert {c["status"] for c in found[key]} == {"not collected"}
    assert [c["n"] for c in found["any_ae"]] == [3, 2, 5]
    assert "how long participants were observed is not known" in found["said"]


def test_a_last_contact_is_taken_from_the_disposition(ae: Run, tmp_path: Path) -> None:
    ds = (("USUBJID", "DSDECOD", "DSSTDTC"), ("05", "LOST TO FOLLOW-UP", "2024-01-06"))
    words = [*files(tmp_path), "--with", f"disposition={write_csv(tmp_path / 'ds.csv', ds)}"]
    found = page(ae, *words)
    assert found["any_ae_incidence"][1]["time"] == pytest.approx((1 + 3) / MONTH)
    assert "Last contact taken from the records of disposition: 1 participants." in found["said"]


def test_a_group_of_nobody_has_no_rate(ae: Run, tmp_path: Path) -> None:
    people = tuple(row for row in DM if row[0] not in ("04", "05"))
    found = page(ae, *files(tmp_path, people=people))
    assert found["any_ae_incidence"][1]["reason"] == "nobody's time at risk is known"


def test_intervals_are_as_asked(ae: Run, tmp_path: Path) -> None:
    words = files(tmp_path)
    none = page(ae, *words, "--ci", "none")
    assert not any("ci" in c for key in none if key != "said" for c in none[key])
    assert "Garwood" not in none["said"] and "drawn" not in none["said"]
    assert "ci" in page(ae, *words, "--ci-total")["any_ae_incidence"][2]


def test_every_format_has_the_numbers(ae: Run, tmp_path: Path) -> None:
    words = files(tmp_path)
    ask = ["summarize", "by", "exposure", *words]
    low = page(ae, *words)["any_ae_incidence"][0]
    lines = csv.DictReader(io.StringIO(ae(*ask, "--format", "csv").out))
    (line,) = (r for r in lines if (r["key"], r["group"]) == ("any_ae_incidence", "Low"))
    told = [float(line[name]) for name in ("n", "of", "value", "lower", "upper")]
    assert told == pytest.approx([low["n"], low["time"], low["value"], *low["ci"]])
    assert line["unit"] == "per 100 person-months"
    for format in ("table", "markdown"):
        assert "1/0.2" in (shown := ae(*ask, "--format", format).out) and "608.8" in shown
    assert ae("export", "xlsx", *words).code == 0
    sheet = load_workbook(tmp_path / "ae-tables.xlsx")["Exposure summary"]
    (row,) = (r for r in sheet.iter_rows(values_only=True) if r[-1] == "any_ae_incidence")
    heads = [cell.value for cell in sheet[3]]
    assert row[heads.index("value")] == pytest.approx(low["value"])
    assert row[heads.index("of")] == pytest.approx(low["time"])
    assert row[heads.index("n")] == 1


SHARED = ("any_ae", "any_grade_3_plus", "any_sae", "any_related")


@examples(25)
@given(studies(people=True))
def test_participants_are_those_of_the_table_by_group(made: Made) -> None:
    if REPORTS["exposure"].lacks(made.study):
        return
    here, there = (cells_of(made.study, name) for name in ("exposure", "group"))
    for key in SHARED:
        assert here[key] == there.get(key, here[key])  # a log of severities has no grades in both


@examples(25)
@given(studies(people=True))
def test_what_holds_of_every_rate(made: Made) -> None:
    """First events are of participants with one; time at risk is none longer than observation; the
    rarer the kind the longer the time; groups pool to Total."""
    if REPORTS["exposure"].lacks(made.study):
        return
    found = cells_of(made.study, "exposure")
    for key in SHARED:
        first, events, had = (found[key + end] for end in ("_incidence", "_event_rate", ""))
        for one, all_, n in zip(first, events, had, strict=True):
            if isinstance(one, Incidence) and isinstance(all_, Incidence):
                assert isinstance(n, Rate) and n.n >= one.n and one.time <= all_.time + 1e-9
                assert one.n <= all_.n
            assert isinstance(one, Incidence | NotCollected | NotEstimable)
        pooled(first)
        pooled(events)
    known = [c for c in found["observation_months"] if isinstance(c, Quantity)]
    assert all(c.value > 0 for c in known)


def pooled(cells: list[Any]) -> None:
    *groups, total = cells
    if isinstance(total, Incidence):
        parts = [c for c in groups if isinstance(c, Incidence)]
        assert sum(c.n for c in parts) == total.n
        assert sum(c.time for c in parts) == pytest.approx(total.time)
