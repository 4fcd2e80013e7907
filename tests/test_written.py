"""How a column writes: the order of day and month, codes with a legend, Excel's day numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import Run, write_csv
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.dates import DAY_FIRST, MONTH_FIRST, in_order, order_of
from ae_cli.dates import date as read_date
from ae_cli.read.written import dated, decoded, legend

ORDERS = st.sampled_from([DAY_FIRST, MONTH_FIRST])


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("SAE? (1=Yes, 2=No)", {"1": "Yes", "2": "No"}),
        ("Serious 1 = Yes; 0 = No", {"1": "Yes", "0": "No"}),
        ("是否SAE（1是 2否）", {"1": "是", "2": "否"}),
        ("与研究药物关系（1＝肯定有关，2＝很可能有关，3＝可能有关）",
         {"1": "肯定有关", "2": "很可能有关", "3": "可能有关"}),
        ("Outcome (1: recovered, 2: recovering, 3: not recovered)",
         {"1": "recovered", "2": "recovering", "3": "not recovered"}),
        ("Outcome (1=Recovered/Resolved; 2=Resolved, with sequelae)",
         {"1": "Recovered/Resolved", "2": "Resolved, with sequelae"}),
        # The word first: read from the wrong end, yes would be no.
        ("是否SAE（是1 否2 不详3）", {}), ("是=1 否=2 不详=3", {}),
        ("转归（痊愈1好转2未愈3死亡4）", {}),
        ("SAE 是 1 否 2 不详 3", {}), ("Serious (Yes-1: No-2: NA-3)", {}),
        ("Serious Yes=1 No=0", {}), ("SAE (Yes: 1, No: 2)", {}),
        ("Serious", {}),
        ("Serious (1)", {}),
        ("Serious (1=Yes)", {}),  # one pair alone does not tell what 0 or 2 is
        ("Serious (1=Yes, 1=No)", {}),
        ("Severity 1-5", {}),
        ("Visit 2024-03-04", {}),
    ],
)  # fmt: skip
def test_a_legend_in_a_header(header: str, codes: dict[str, str]) -> None:
    assert legend(header) == codes


def test_only_codes_of_the_legend_are_decoded() -> None:
    assert decoded(["1", "1.0", " 2", "3", "Y"], {"1": "Yes", "2": "No"}) == {
        "1": "Yes", "1.0": "Yes", " 2": "No",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("13/04/2024", "dmy"), ("04/13/2024", "mdy"), ("03/04/2024", "either"),
        ("3.4.2024", "either"), ("３/４/２０２４", "either"), ("04/04/2024", None),
        ("13/13/2024", None), ("00/13/2024", None), ("31/02/2024", None), ("2024-04-03", None),
        ("4 Mar 2024", None), ("", None),
    ],
)  # fmt: skip
def test_the_order_of_a_date(text: str, order: str | None) -> None:
    assert order_of(text) == order


@examples(100)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), ORDERS, st.sampled_from("/.-"))
def test_a_date_in_a_known_order_is_that_day(day: date, order: str, mark: str) -> None:
    parts = [f"{day.day:02}", f"{day.month:02}"]
    first, second = parts if order == DAY_FIRST else reversed(parts)
    text = f"{first}{mark}{second}{mark}{day.year} 10:30"
    span = read_date(in_order(text, order))
    assert span is not None and span.earliest.date() == day and span.earliest.hour == 10


def test_one_date_tells_the_order_of_a_column() -> None:
    texts = ["03/04/2024", "13/04/2024", "2024-05-06"]
    assert dated(texts, None) == (
        {"03/04/2024": "2024-04-03"}, "day before month, as 13/04/2024 shows",
    )  # fmt: skip
    assert dated(texts[:1], None) == ({}, "")
    assert dated(texts[:1], "mdy") == ({"03/04/2024": "2024-03-04"}, "month before day, as named")


def test_a_column_that_writes_both_ways_tells_nothing() -> None:
    texts = ["03/04/2024", "13/04/2024", "04/13/2024"]
    assert dated(texts, None) == ({}, "")
    assert dated(texts, "mdy") == ({"03/04/2024": "2024-03-04"}, "month before day, as named")
    assert dated(texts[:2], "undecided") == ({}, "")


@pytest.mark.parametrize(
    ("text", "day"),
    [("43249", "2018-05-29"), ("43249.0", "2018-05-29"), ("45355.4375", "2024-03-04")],
)
def test_a_day_number_of_excel_is_a_date(text: str, day: str) -> None:
    span = read_date(text)
    assert span is not None and span.earliest.date().isoformat() == day
    assert span.latest.date() == span.earliest.date()


@pytest.mark.parametrize(
    "text", ["1", "168", "20240", "30424", "60001", "99999", "123456", "-43249"]
)
def test_other_numbers_are_no_dates(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        read_date(text)


LOG = (
    ("Subject ID", "Adverse event", "Grade", "SAE (1=Yes, 2=No)", "Start date"),
    ("001", "Nausea", "2", "2", "03/04/2024"),
    ("001", "Headache", "1", "2", "25/04/2024"),
    ("002", "Sepsis", "4", "1", "05/05/2024"),
)


def notes(ae: Run, *words: object) -> str:
    return "\n".join(n for f in ae("validate", *words, "--format", "json").json["files"]
                     for n in f["notes"])  # fmt: skip


def found(ae: Run, *words: object) -> list[tuple[str, int, str]]:
    findings = ae("validate", *words, "--format", "json").json["findings"]
    return [(f["rule"], f["row"], f["fix"]) for f in findings if f["severity"] == "error"]


def test_a_log_with_codes_and_slashed_dates(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", LOG)
    assert found(ae, log) == []
    said = notes(ae, log)
    assert "1 = Y (1), 2 = N (2)" in said
    assert "column 'Start date': day before month, as 25/04/2024 shows" in said
    assert ae("summarize", log, "--format", "json").json["rows"]


def test_codes_without_a_legend_are_asked_about(ae: Run, tmp_path: Path) -> None:
    rows = ((*LOG[0][:3], "SAE", "Start date"), *LOG[1:])
    log = write_csv(tmp_path / "ae.csv", rows)
    assert [row for _, row, _ in found(ae, log)] == [2, 3, 4]
    (tmp_path / "study.toml").write_text('[codes.events.serious]\n1 = "Y"\n2 = "N"\n', "utf-8")
    assert found(ae, log) == []
    assert "1 = Y (1), 2 = N (2)" in notes(ae, log)


def test_columns_that_contradict_each_other_decide_nothing(ae: Run, tmp_path: Path) -> None:
    """One typing error must not turn a study's dates: the log says day first, the file month."""
    log = write_csv(tmp_path / "ae.csv", LOG)
    people = write_csv(tmp_path / "dm.csv", (
        ("Subject ID", "Dose group", "First dose"),
        ("001", "Low", "02/13/2024"), ("002", "Low", "02/03/2024"),
    ))  # fmt: skip
    errors = found(ae, log, "--subjects", people)
    assert sorted((rule, row) for rule, row, _ in errors) == [("AE-TYP-01", 2), ("AE-TYP-01", 3)]
    assert all("--date-order" in fix for _, _, fix in errors)


def test_a_table_says_how_open_dates_were_read(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", LOG)
    said = ae("summarize", log).out
    assert "Start date (day before month, as 25/04/2024 shows)" in " ".join(said.split())


def test_an_open_date_is_an_error_until_somebody_says(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", (*LOG[:2], LOG[3]))
    ((rule, row, fix),) = found(ae, log)
    assert (rule, row) == ("AE-TYP-01", 2) and "--date-order dmy" in fix
    (tmp_path / "study.toml").write_text('date_order = "dmy"\n', "utf-8")
    assert found(ae, log) == []
    assert "day before month, as named" in notes(ae, log)


@pytest.mark.parametrize(
    ("header", "grades"),
    [
        ("Grade (0=Grade 1, 1=Grade 2, 2=Grade 3)", ["2", "3"]),
        ("Grade (1=mild, 2=moderate)", ["1", "2"]),
        ("Grade", ["1", "2"]),
    ],
)
def test_a_legend_of_grades(ae: Run, tmp_path: Path, header: str, grades: list[str]) -> None:
    log = write_csv(tmp_path / "ae.csv", (
        ("Subject ID", "Adverse event", header), ("1", "Rash", "1"), ("2", "Pain", "2"),
    ))  # fmt: skip
    assert ae("convert", log, "-o", tmp_path / "out.csv").code == 0
    lines = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
    assert [line.rsplit(",", 1)[1] for line in lines[1:]] == grades


def test_reasons_in_one_file_and_criteria_in_another(ae: Run, tmp_path: Path) -> None:
    one = write_csv(tmp_path / "1.csv", (
        ("Subject", "Term", "Grade", "SAE", "Seriousness criteria", "Arm"),
        ("S1", "Sepsis", "5", "Yes", "Death", "Low"),
    ))  # fmt: skip
    two = write_csv(tmp_path / "2.csv", (
        ("Subject", "Term", "Grade", "SAE", "AESDTH", "Arm"),
        ("S2", "Rash", "1", "No", "No", "Low"),
    ))  # fmt: skip
    page = ae("summarize", one, two, "--n", "Low=5", "--format", "json").json
    (dead,) = [row["cells"][0]["n"] for row in page["rows"] if row["key"] == "sae_death"]
    assert dead == 1
