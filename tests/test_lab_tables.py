"""Tables of laboratory results, against counts made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Rows, Run, write_csv

from ae_cli.ctcae import thresholds

HEADER = ("Subject", "Visit", "Date", "Test", "Result", "Unit", "Lower limit", "Upper limit")
PEOPLE: Rows = (
    ("Subject", "Dose group", "First dose"),
    ("1", "Low", "2024-03-01"), ("2", "Low", "2024-03-01"), ("3", "Low", "2024-03-01"),
    ("4", "High", "2024-03-01"), ("5", "High", "2024-03-01"), ("6", "High", ""),
)  # fmt: skip


def alt(subject: str, date: str, value: object, visit: str = "") -> tuple[object, ...]:
    return subject, visit, date, "ALT", value, "U/L", 7, 40


def bilirubin(subject: str, date: str, value: object) -> tuple[object, ...]:
    return subject, "", date, "Total bilirubin", value, "umol/L", 3, 20


BEFORE, WEEK_1, WEEK_4 = "2024-02-28", "2024-03-08", "2024-03-29"
RESULTS = (
    alt("1", BEFORE, 30, "Screening"), alt("1", WEEK_1, 130, "Week 1"),
    alt("1", WEEK_4, 45, "Week 4"),
    alt("2", BEFORE, 240, "Screening"), alt("2", WEEK_1, 320, "Week 1"),
    alt("3", WEEK_1, 300, "Week 1"),
    alt("4", BEFORE, 50, "Screening"), alt("4", WEEK_1, 39, "Week 1"),
    alt("4", WEEK_4, "", "Week 4"),
    alt("6", BEFORE, 30, "Screening"), alt("6", WEEK_1, 900, "Week 1"),
    alt("9", WEEK_1, 900, "Week 1"), alt("", WEEK_1, 900, "Week 1"),
)  # fmt: skip


@pytest.fixture
def table(ae: Run, tmp_path: Path) -> Any:
    def made(*results: tuple[object, ...], by: str = "lab", words: tuple[str, ...] = ()) -> Any:
        labs = write_csv(tmp_path / "labs.csv", (HEADER, *results))
        people = write_csv(tmp_path / "people.csv", PEOPLE)
        done = ae("summarize", "by", by, labs, "--subjects", people, "--format", "json", *words)
        assert done.code == 0, done.err
        return done.json

    return made


def cells(table: Any, key: str) -> list[tuple[int, int]]:
    """n and N of a row, for High, Low and Total."""
    row = next(row for row in table["rows"] if row["key"] == key)
    of = {cell["group"]: (cell["n"], cell["N"]) for cell in row["cells"]}
    return [of["High"], of["Low"], of["Total"]]


ALT = "alanine_aminotransferase_increased"


def test_shifts_are_counted_by_hand(table: Any) -> None:
    """Low: 1 goes from 0 to 2, 2 stays at 3 (240 and 320 are 6 and 8 times 40), 3 has no baseline.
    High: 4 goes from 1 to 0; 5 has no result; 6 was not treated."""
    made = table(*RESULTS)
    assert [(g["name"], g["N"]) for g in made["groups"]] == [("Low", 3), ("High", 2), ("Total", 5)]
    assert cells(made, f"{ALT}_with_results") == [(1, 2), (3, 3), (4, 5)]
    assert cells(made, f"{ALT}_both") == [(1, 2), (2, 3), (3, 5)]
    assert cells(made, f"{ALT}_0_2") == [(0, 1), (1, 2), (1, 3)]
    assert cells(made, f"{ALT}_3_3") == [(0, 1), (1, 2), (1, 3)]
    assert cells(made, f"{ALT}_1_0") == [(1, 1), (0, 2), (1, 3)]
    assert cells(made, f"{ALT}_emergent") == [(0, 1), (1, 2), (1, 3)]
    assert cells(made, f"{ALT}_emergent_3_4") == [(0, 1), (0, 2), (0, 3)]
    assert cells(made, f"{ALT}_unknown_3") == [(0, 0), (1, 1), (1, 1)]
    shifts = {row["key"] for row in made["rows"] if row["indent"]}
    assert shifts == {f"{ALT}_0_2", f"{ALT}_3_3", f"{ALT}_1_0"}


def test_the_grade_against_baseline_stands_beside_the_shift(table: Any) -> None:
    """CTCAE 5.0 grades 320 against the baseline of 240, 1.3 times: no grade. 4.03 does not."""
    assert cells(table(*RESULTS), f"{ALT}_ctcae_3") == [(0, 1), (1, 3), (1, 4)]  # 3, no baseline
    older = table(*RESULTS, words=("--ctcae", "4.03"))
    assert cells(older, f"{ALT}_ctcae_3") == [(0, 1), (2, 3), (2, 4)]
    assert cells(older, f"{ALT}_3_3") == [(0, 1), (1, 2), (1, 3)]


def test_every_result_is_used_or_excluded_with_a_reason(table: Any) -> None:
    made = table(*RESULTS)
    file = next(f for f in made["files"] if f["role"] == "results")
    assert (file["rows_read"], file["rows_used"], file["rows_excluded"]) == (13, 9, 4)
    told = [note for note in made["footnotes"] if note.startswith("Results not counted")]
    assert told == [
        "Results not counted: 2, no first dose is recorded.",
        "Results not counted: 1, no participant.",
        "Results not counted: 1, participant is not in the participant file.",
    ]
    row = next(row for row in made["rows"] if row["key"] == f"{ALT}_not_gradable")
    assert [(c["group"], c["events"]) for c in row["cells"]] == [
        ("Low", 0), ("High", 1), ("Total", 1),
    ]  # fmt: skip


def test_severe_results_are_listed_one_by_one(table: Any) -> None:
    listing = table(*RESULTS)["listings"][0]
    at = [listing["headers"].index(h) for h in ("Participant", "Date", "Grade", "Worse")]
    assert [[row[i] for i in at] for row in listing["rows"]] == [
        ["2", BEFORE, 3, "baseline"], ["2", WEEK_1, 3, "no"], ["3", WEEK_1, 3, ""],
    ]  # fmt: skip


def test_shifts_by_visit(table: Any) -> None:
    made = table(*RESULTS, by="visit")
    assert cells(made, f"{ALT}_week_1_0_2") == [(0, 1), (1, 2), (1, 3)]
    assert cells(made, f"{ALT}_week_4_0_1") == [(0, 0), (1, 1), (1, 1)]
    assert not any("screening" in row["key"] for row in made["rows"])


@pytest.mark.parametrize(
    ("day", "value", "found"),
    [
        ("2024-03-08", 40, 1), ("2024-04-07", 40, 1), ("2024-04-08", 40, 0),
        ("2024-03-07", 40, 0), ("2024-03-08", 39.9, 0), ("2024-03", 60, 0),
    ],
)  # fmt: skip
def test_the_liver_screen_at_its_bounds(table: Any, day: str, value: float, found: int) -> None:
    """Bilirubin of 2 x 20 on the day of ALT 3 x 40, and until 30 days after it."""
    made = table(alt("1", BEFORE, 30), alt("1", WEEK_1, 120), bilirubin("1", day, value))
    assert cells(made, "liver_enzymes") == [(0, 0), (1, 1), (1, 1)]
    assert cells(made, "liver_both") == [(0, 0), (found, 1), (found, 1)]
    assert len(made["listings"][1]["rows"]) == found


def test_the_liver_screen_begins_after_baseline_and_counts_multiples_of_it(table: Any) -> None:
    made = table(
        alt("1", BEFORE, 130), bilirubin("1", BEFORE, 45), alt("1", WEEK_1, 110),
        bilirubin("1", WEEK_1, 90), alt("2", BEFORE, 30), alt("2", WEEK_1, 90),
        bilirubin("2", BEFORE, 10), bilirubin("2", WEEK_1, 19),
    )  # fmt: skip
    assert cells(made, "liver_enzymes")[2] == (0, 2)
    assert cells(made, "liver_bilirubin")[2] == (1, 2)
    assert cells(made, "liver_enzymes_base")[2] == (1, 2)
    assert cells(made, "liver_bilirubin_base")[2] == (1, 2)
    assert cells(made, "liver_both_base")[2] == (0, 2)


def test_without_a_participant_file_n_is_who_has_results(ae: Run, tmp_path: Path) -> None:
    labs = write_csv(tmp_path / "labs.csv", (HEADER, *RESULTS))
    made = ae("summarize", "by", "lab", labs, "--format", "json").json
    assert [(g["name"], g["N"]) for g in made["groups"]] == [("All participants", 6), ("Total", 6)]
    assert made["footnotes"][0].startswith("N: participants with laboratory results")
    assert [f["role"] for f in made["files"]] == ["results"]


def test_a_table_of_results_needs_results(ae: Run, tmp_path: Path) -> None:
    done = ae("summarize", "by", "lab")
    assert done.code == 2 and "no laboratory results were named" in done.err


@pytest.mark.parametrize("form", ["table", "markdown", "csv"])
def test_every_page_shows_the_table(ae: Run, tmp_path: Path, form: str) -> None:
    labs = write_csv(tmp_path / "labs.csv", (HEADER, *RESULTS))
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    page = ae("summarize", "by", "lab", labs, "--subjects", people, "--format", form).out
    assert "Grade 0 to 2" in page
    assert form == "csv" or "Laboratory results of grade 3 or 4 (CTCAE 5.0)" in page


def test_the_workbook_holds_the_tables_of_results(ae: Run, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    labs = write_csv(tmp_path / "labs.csv", (HEADER, *RESULTS))
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    log = write_csv(tmp_path / "ae.csv", (("Subject", "Event", "Grade"), ("1", "Nausea", "1")))
    path = tmp_path / "tables.xlsx"
    done = ae("export", "xlsx", log, "--subjects", people, "--labs", labs, "-o", path)
    assert done.code == 0, done.err
    book = load_workbook(path)
    about = {row[1]: row[2] for row in book["About"].iter_rows(values_only=True)}
    assert about["version"] == "5.0"
    assert about["SHA-256 of the table of laboratory grades"] == thresholds.sha256()
    assert all(
        f"(CTCAE {about['version']})" in book[s]["A1"].value for s in ("Summary", "Lab summary")
    )
    names = book.sheetnames
    assert names[:2] == ["Summary", "Print view"]
    assert {
        "Lab summary",
        "Lab print view",
        "Grade 3 and 4",
        "Liver screen",
        "Visit summary",
    } <= set(names)


def adam(tmp_path: Path, *rows: str) -> Path:
    header = "USUBJID,PARAMCD,PARAM,AVAL,ANRLO,ANRHI,ADT,AVISIT,AVISITN,ABLFL,DTYPE"
    file = tmp_path / "adlb.csv"
    file.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return file


def test_what_adam_derived_from_other_results_is_not_counted_again(ae: Run, tmp_path: Path) -> None:
    file = adam(
        tmp_path,
        "1,ALT,ALT (U/L),30,7,40,2024-01-05,Baseline,0,Y,AVERAGE",
        "1,ALT,ALT (U/L),300,7,40,2024-02-05,Week 4,4,,",
        "1,ALT,ALT (U/L),300,7,40,2024-02-05,POST-BASELINE MAXIMUM,9998,,MAXIMUM",
        "1,ALT,ALT (U/L),300,7,40,2024-02-05,Week 8,8,,LOCF",
        "2,LYMPH,Lymphocytes (10^9/L),1.1,1,4,2024-01-05,Baseline,0,Y,CALCULATION",
        "2,LYMPH,Lymphocytes (10^9/L),0.3,1,4,2024-02-05,Week 4,4,,CALCULATION",
    )
    made = ae("summarize", "by", "lab", file, "--format", "json").json
    assert [row[2] for row in made["listings"][0]["rows"]] == ["Week 4", "Week 4"]
    (note,) = (n for n in made["footnotes"] if "DTYPE" in n)
    assert note == "Results not counted: 2, derived from other results (DTYPE)."
    (results,) = (f for f in made["files"] if f["role"] == "results")
    assert (results["rows_read"], results["rows_used"], results["rows_excluded"]) == (6, 4, 2)
    visits = ae("summarize", "by", "visit", file, "--format", "json").json
    assert not [r for r in visits["rows"] if "maximum" in r["key"] or "week_8" in r["key"]]


@pytest.mark.parametrize(
    ("date", "number", "worse"),
    [
        ("2024-01-05", 2, "yes"), ("2024-01", 2, "yes"), ("2024-01-05", 1, "earlier"),
        ("2024-01-04", 2, "earlier"), ("2024-02", 1, "yes"), ("", 2, "yes"),
    ],
)  # fmt: skip
def test_after_baseline_by_date_then_by_visit(
    ae: Run, tmp_path: Path, date: str, number: int, worse: str
) -> None:
    file = adam(
        tmp_path,
        "1,ALT,ALT (U/L),30,7,40,2024-01-05,Baseline,1,Y,",
        f"1,ALT,ALT (U/L),300,7,40,{date},Visit,{number},,",
    )
    listing = ae("summarize", "by", "lab", file, "--format", "json").json["listings"][0]
    assert [row[listing["headers"].index("Worse")] for row in listing["rows"]] == [worse]


def test_multiples_of_baseline_are_of_those_who_have_one(table: Any) -> None:
    made = table(
        alt("1", BEFORE, 30), bilirubin("1", BEFORE, 10), alt("1", WEEK_1, 130),
        bilirubin("1", WEEK_1, 45), alt("2", WEEK_1, 130), bilirubin("2", WEEK_1, 10),
    )  # fmt: skip
    assert cells(made, "liver_enzymes")[2] == (2, 2)
    assert cells(made, "liver_enzymes_base")[2] == (1, 1)
    assert cells(made, "liver_both_alp")[2] == (0, 1)


def test_a_severe_result_of_whom_no_event_is_known_is_a_finding(ae: Run, tmp_path: Path) -> None:
    log = write_csv(
        tmp_path / "ae.csv", (("Subject", "Term", "Grade"), ("1", "Nausea", 1))
    )  # fmt: skip
    labs = write_csv(tmp_path / "labs.csv", (HEADER, alt("2", WEEK_1, 300)))
    found = ae("validate", log, "--labs", labs, "--format", "json").json["findings"]
    (told,) = (f["message"] for f in found if f["rule"] == "AE-XDS-27")
    assert "its baseline is not known" in told


def test_a_visit_named_baseline_is_the_baseline_where_nothing_else_tells(
    ae: Run, tmp_path: Path
) -> None:
    rows = (alt("1", "", 300, "Baseline"), alt("1", "", 35, "Week 4"), alt("2", "", 30, "基线"),
            alt("2", "", 300, "Week 4"))  # fmt: skip
    labs = write_csv(tmp_path / "labs.csv", (HEADER, *rows))
    made = ae("summarize", "by", "lab", labs, "--format", "json").json
    shifts = {r["key"]: r["cells"][-1]["n"] for r in made["rows"] if r["indent"]}
    assert shifts == {f"{ALT}_0_3": 1, f"{ALT}_3_0": 1}


def test_a_visit_named_baseline_after_the_first_dose_is_none(table: Any) -> None:
    made = table(alt("1", WEEK_1, 300, "Baseline"), alt("2", "2024-03-01", 30, "Baseline"))
    assert cells(made, f"{ALT}_unknown_3")[2] == (1, 1)


def test_visits_that_were_not_planned_are_one_and_numbers_may_be_words(
    ae: Run, tmp_path: Path
) -> None:
    head = (*HEADER, "VISITNUM")
    rows = (
        (*alt("1", BEFORE, 30, "Screening"), "V1"), (*alt("1", WEEK_1, 130, "Unscheduled 2.1"), ""),
        (*alt("1", "2024-03-10", 300, "UNSCHEDULED 2.2"), "2.2"),
        (*alt("1", WEEK_4, 45, "Week 4"), "4"), (*alt("3", WEEK_4, 45, "Week 4"), "4"),
    )  # fmt: skip
    labs = write_csv(tmp_path / "labs.csv", (head, *rows))
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    made = ae("summarize", "by", "visit", labs, "--subjects", people, "--format", "json").json
    sections = list(dict.fromkeys(row["section"] for row in made["rows"]))
    name = "Alanine aminotransferase increased"
    assert sections == [f"{name}, Week 4", f"{name}, Unscheduled"]
    assert cells(made, f"{ALT}_unscheduled_0_3") == [(0, 0), (1, 1), (1, 1)]
    assert cells(made, f"{ALT}_week_4_unknown_1") == [(0, 0), (1, 1), (1, 1)]
