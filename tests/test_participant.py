"""The table by participant: its lines by hand, in every format, and what they add up to."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from conftest import Rows, Run, write_csv
from hypothesis import given
from openpyxl import load_workbook
from studies import Made, examples, studies
from test_time_tables import cells_of

from ae_cli.reports import REPORTS
from ae_cli.reports.participant import participant_listing
from ae_cli.study import Study
from ae_cli.table import Count, Rate

AE = (
    ("USUBJID", "AETERM", "AETOXGR", "AESER", "AEACN", "AESTDTC"),
    ("01", "Nausea", "3", "Y", "DOSE REDUCED", "2024-01-05"),
    ("01", "Rash", "1", "N", "DOSE REDUCED", "2024-01-20"),
    ("01", "Cough", "", "N", "DRUG WITHDRAWN", "2024-01-21"),
    ("03", "Fall", "", "N", "DOSE NOT CHANGED", "2024-01"),
    ("04", "Sepsis", "5", "Y", "", "2024-01-02"),
)
DM = (
    ("USUBJID", "ARM", "RFXSTDTC", "RFXENDTC", "RFPENDTC", "DTHFL", "DTHDTC"),
    ("01", "Low", "2024-01-01", "2024-01-15", "2024-01-30", "N", ""),
    ("02", "High", "2024-01-01", "2024-01-01", "2024-03-01", "", ""),
    ("03", "High", "2024-01-01", "2024-01", "2024-03", "N", ""),
    ("04", "Low", "2024-01-01", "2024-01-08", "", "Y", "2024-01-10"),
    ("05", "Low", "", "", "", "N", ""),
)
Line = dict[str, Any]


def files(folder: Path, log: Rows = AE, people: Rows = DM) -> list[Any]:
    return [
        write_csv(folder / "ae.csv", log), "--subjects", write_csv(folder / "dm.csv", people),
        "--order", "Low,High",
    ]  # fmt: skip


def lines(ae: Run, *words: Any) -> tuple[list[Line], str]:
    """The lines by their headers, and the footnotes in one text."""
    done = ae("summarize", "by", "participant", *words, "--format", "json")
    assert done.code == 0, done.err
    (listing,) = done.json["listings"]
    rows = [dict(zip(listing["headers"], row, strict=True)) for row in listing["rows"]]
    return rows, "\n".join(done.json["footnotes"])


def test_a_line_by_hand(ae: Run, tmp_path: Path) -> None:
    found, said = lines(ae, *files(tmp_path))
    assert [line["Participant"] for line in found] == ["01", "04", "02", "03"]
    first, dead, none, partial = found
    assert first == {
        "Participant": "01", "Group": "Low", "First dose": "2024-01-01",
        "First to last dose (days)": 15, "Observed (days)": 30, "Events": 3, "Worst grade": 3,
        "Serious events": 1, "First onset (study day)": 5,
        "Dose changes": "dose reduced 2, drug withdrawn 1", "Died": "no", "Death (study day)": "",
    }  # fmt: skip
    assert (dead["Died"], dead["Death (study day)"], dead["Dose changes"]) == (
        "yes", 10, "not known",
    )  # fmt: skip
    assert (none["Events"], none["Worst grade"], none["First onset (study day)"]) == (0, "", "")
    assert (none["Dose changes"], none["Died"]) == ("", "not known")
    assert (partial["Worst grade"], partial["First onset (study day)"]) == ("ungraded", "not known")
    assert (partial["Observed (days)"], partial["First to last dose (days)"]) == (
        "not known", "not known",
    )  # fmt: skip
    assert "that are not listed: 1, no first dose is recorded." in said
    assert "Graded participants who also have an ungraded event: 1." in said


def test_what_was_not_collected_is_said_in_each_line(ae: Run, tmp_path: Path) -> None:
    log = tuple(row[:2] for row in AE)
    people = tuple(row[:2] for row in DM)
    found, _ = lines(ae, *files(tmp_path, log, people))
    asked = {
        "First dose", "First to last dose (days)", "Observed (days)", "Worst grade",
        "Serious events", "First onset (study day)", "Dose changes", "Died", "Death (study day)",
    }  # fmt: skip
    for line in found:
        assert {name for name, value in line.items() if value == "not collected"} == asked
    assert [line["Events"] for line in found] == [3, 1, 0, 0, 1]


def test_study_days_have_no_day_0(ae: Run, tmp_path: Path) -> None:
    for start, day in (("2024-01-01", 1), ("2023-12-31", -1), ("2024-01-02T08:30", 2)):
        log = ((*AE[0], "TRTEMFL"), (*AE[1][:5], start, "Y"))
        assert lines(ae, *files(tmp_path, log))[0][0]["First onset (study day)"] == day


def test_dose_records_are_a_column_where_there_are_some(ae: Run, tmp_path: Path) -> None:
    ex = write_csv(tmp_path / "ex.csv", (("USUBJID", "EXTRT", "EXDOSE", "EXSTDTC"),
                                         ("01", "Cells", "5", "2024-01-01")))  # fmt: skip
    found, _ = lines(ae, *files(tmp_path), "--with", f"exposure={ex}")
    assert [line["Dose records"] for line in found] == [1, 0, 0, 0]


def test_without_participants_there_are_no_lines(ae: Run, tmp_path: Path) -> None:
    done = ae("summarize", "by", "participant", files(tmp_path)[0])
    assert (done.code, done.out) == (2, "") and "--subjects FILE" in done.err


def test_every_format_has_the_lines(ae: Run, tmp_path: Path) -> None:
    """Without rows by group, and without an empty table; text that Excel would run is defused."""
    people = (*DM, ("=1+1", "Low", "2024-01-01", "", "", "N", ""))
    words = files(tmp_path, people=people)
    ask = ["summarize", "by", "participant", *words, "--format"]
    rows = list(csv.DictReader(io.StringIO(ae(*ask, "csv").out)))
    assert [row["Participant"] for row in rows] == ["01", "04", "'=1+1", "02", "03"]
    assert rows[0]["Observed (days)"] == "30"
    for format in ("table", "markdown"):
        shown = ae(*ask, format).out
        assert "dose reduced 2, drug withdrawn 1" in shown and "N=" not in shown
    assert ae("export", "xlsx", *words).code == 0
    book = load_workbook(tmp_path / "ae-tables.xlsx")
    assert "Participant summary" not in book.sheetnames
    head, first, *_ = book["By participant"].iter_rows(values_only=True)
    assert dict(zip(head, first, strict=True))["Events"] == 3


def table_of(study: Study) -> list[Line]:
    if REPORTS["participant"].lacks(study):
        return []
    (listing,) = participant_listing(study)
    return [dict(zip(listing.headers, row, strict=True)) for row in listing.rows]


@examples(40)
@given(studies(people=True))
def test_the_lines_add_up_to_the_table_by_group(made: Made) -> None:
    found, there = table_of(made.study), cells_of(made.study, "group")
    for i, column in enumerate(made.study.columns):
        own = [row for row in found
               if column is made.study.columns[-1] or row["Group"] == column.label]  # fmt: skip
        assert len(own) == column.N
        claims = {
            "any_ae": lambda row: row["Events"] > 0,
            "any_sae": lambda row: row["Serious events"] > 0,
            "worst_grade_3": lambda row: row["Worst grade"] == 3,
            "worst_grade_ungraded": lambda row: row["Worst grade"] == "ungraded",
            "deaths": lambda row: row["Died"] == "yes",
        }
        for key, claim in claims.items():
            cell = there[key][i] if key in there else None
            needs = ("grade",) if "grade" in key else ()
            if isinstance(cell, Rate) and made.study.answered(*needs):
                assert sum(map(claim, own)) == cell.n, key
        events = there["events"][i]
        assert isinstance(events, Count) and sum(row["Events"] for row in own) == events.events
