"""The workbook: where it goes, what stands on each sheet; whole, or not there at all."""

from __future__ import annotations

import hashlib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from conftest import EVENTS, HEADER, ROOT, SUBJECTS, Run, write_csv, write_xlsx
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

HUCMSC = ROOT / "samples" / "hucmsc"
SAMPLE = (HUCMSC / "events.xlsx", "--subjects", HUCMSC / "subjects.csv")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def workbook(ae: Run, tmp_path: Path) -> Any:
    """The sample, exported and opened."""
    out = tmp_path / "t.xlsx"
    assert ae("export", "xlsx", *SAMPLE, "-o", out).code == 0
    return load_workbook(out)


def table(sheet: Worksheet, head: int = 1) -> list[dict[str, Any]]:
    """The rows below the head, by its words."""
    rows = list(sheet.iter_rows(min_row=head, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


# Where it goes


def test_it_stands_beside_the_log_unless_named(ae: Run, log: Path, tmp_path: Path) -> None:
    ran = ae("export", "xlsx", log)
    assert (ran.code, ran.out, ran.err) == (0, f"wrote {tmp_path / 'ae-tables.xlsx'}\n", "")
    assert names(tmp_path) == {"ae.csv", "ae-tables.xlsx"}
    (tmp_path / "out").mkdir()
    ran = ae("export", "xlsx", log, "-o", tmp_path / "out" / "Tables.XLSX")
    assert ran.code == 0
    assert names(tmp_path / "out") == {"Tables.XLSX"}


def test_several_files_are_named_after_the_first(ae: Run, log: Path, tmp_path: Path) -> None:
    other = write_csv(tmp_path / "b.csv", [HEADER, ("009", "Fever", "1", "N", "2024-03-04", "Low")])
    assert ae("export", "xlsx", log, other).code == 0
    assert names(tmp_path) == {"ae.csv", "b.csv", "ae-tables.xlsx"}


def test_an_existing_file_is_replaced_only_by_force(ae: Run, log: Path, tmp_path: Path) -> None:
    out = tmp_path / "t.xlsx"
    out.write_bytes(b"mine")
    ran = ae("export", "xlsx", log, "-o", out)
    assert (ran.code, ran.out) == (2, "")
    assert "already exists" in ran.err
    assert "--force" in ran.err
    assert out.read_bytes() == b"mine"
    assert ae("export", "xlsx", log, "-o", out, "--force").code == 0
    assert zipfile.is_zipfile(out)


def test_the_same_input_gives_the_same_bytes(ae: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for out in (one, two):
        assert ae("export", "xlsx", *SAMPLE, "-o", out).code == 0
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "part", ["summary.add", "findings.add", "listing.add", "listing.add_long_texts", "Book.save"]
)
def test_a_failure_leaves_the_old_file_whole_and_no_other(
    ae: Run, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    out = tmp_path / "t.xlsx"
    out.write_bytes(b"mine")

    def broken(*_: object) -> None:
        raise ValueError("Nausea")

    monkeypatch.setattr(f"ae_cli.render.xlsx.{part}", broken)
    ran = ae("export", "xlsx", log, "-o", out, "--force")
    assert (ran.code, ran.out) == (70, "")
    assert "Nausea" not in ran.err
    assert out.read_bytes() == b"mine"
    assert names(tmp_path) == {"ae.csv", "t.xlsx"}


def test_so_does_a_ctrl_c(
    ae: Run, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ae_cli.render.xlsx.findings.add", stopped)
    ran = ae("export", "xlsx", log)
    assert (ran.code, ran.out, ran.err) == (130, "", "")
    assert names(tmp_path) == {"ae.csv"}


def test_a_table_that_cannot_be_made_leaves_no_file(ae: Run, log: Path, tmp_path: Path) -> None:
    for words in (["--n", "Low=1"], ["--order", "Low"], ["--group", "x"], ["--fail-on", "x"]):
        assert ae("export", "xlsx", log, *words).code == 2
    assert names(tmp_path) == {"ae.csv"}


# What stands on it


def test_the_sheets_and_their_order(workbook: Any, ae: Run, log: Path, tmp_path: Path) -> None:
    assert workbook.sheetnames == [
        "Summary", "Print view", "Term summary", "Term print view", "Grade summary",
        "Grade print view", "Exposure summary", "Exposure print view", "Survival summary",
        "Survival print view", "Time summary", "Time print view", "By participant",
        "Withdrawal summary", "Withdrawal print view", "Lab summary", "Lab print view",
        "Grade 3 and 4",
        "Liver screen", "Visit summary", "Visit print view", "Findings", "Serious events",
        "All events", "Participants", "About",
    ]  # fmt: skip
    assert ae("export", "xlsx", log).code == 0
    without = load_workbook(tmp_path / "ae-tables.xlsx").sheetnames
    assert without == [
        "Summary", "Print view", "Term summary", "Term print view", "Grade summary",
        "Grade print view", "Findings", "Serious events", "All events", "About",
    ]  # fmt: skip


def summary_cells(sheet: Worksheet) -> dict[tuple[str, str, str], Any]:
    """The numbers of the Summary, by key, group and name of the number."""
    groups, heads, found = {}, [cell.value for cell in sheet[3]], {}
    for cell in sheet[2]:
        if cell.value:
            groups[cell.column] = str(cell.value)
    keys = heads.index("Key")
    for row in sheet.iter_rows(min_row=4):
        for column, head in enumerate(heads[:keys], 1):
            group = [name for first, name in groups.items() if first <= column]
            if group and row[column - 1].value not in (None, ""):
                found[str(row[keys].value), group[-1], str(head)] = row[column - 1].value
    return found


def test_the_summary_holds_the_numbers_of_the_table(ae: Run, workbook: Any) -> None:
    page = ae("summarize", *SAMPLE, "--format", "json").json
    found = summary_cells(workbook["Summary"])
    heads = {g["name"]: f"{g['label']} N={g['N']}" for g in page["groups"]}
    told = 0
    for row in page["rows"]:
        for cell in row["cells"]:
            at = (row["key"], heads[cell["group"]])
            told_of = {name for name, value in cell.items() if value is not None}
            for name in {"n", "N", "events", "of", "value"} & told_of:
                assert found[(*at, name)] == pytest.approx(cell[name]), at
                told += 1
            if "percent" in cell:
                assert found[(*at, "%")] == cell["percent"], at
            if "ci" in cell:
                bounds = [found[(*at, name)] for name in ("lower", "upper")]
                assert bounds == pytest.approx([100 * bound for bound in cell["ci"]])
    assert told > 200


def test_numbers_are_numbers(workbook: Any) -> None:
    found = summary_cells(workbook["Summary"])
    words = {"not collected", "not estimable", "-"}
    assert all(isinstance(v, int | float) for v in found.values() if v not in words)
    assert not {v for v in found.values() if isinstance(v, str)} - words
    grades = [row["CTCAE grade"] for row in table(workbook["All events"])]
    assert set(map(type, grades)) == {int}
    assert all(isinstance(row["Row"], int) for row in table(workbook["All events"]))


def test_the_print_view_is_text(ae: Run, workbook: Any) -> None:
    rows = list(workbook["Print view"].iter_rows(values_only=True))
    texts = {row[0]: row[1:] for row in rows if row[0]}
    assert texts["Any adverse event"] == (
        "7 (87.5%) [47.3, 99.7]", "7 (87.5%) [47.3, 99.7]", "6 (75.0%) [34.9, 96.8]", "20 (83.3%)",
    )  # fmt: skip
    footnotes = ae("summarize", *SAMPLE, "--format", "json").json["footnotes"]
    assert set(footnotes) <= set(texts)


def test_findings_are_one_row_each(ae: Run, tmp_path: Path) -> None:
    dirty = ROOT / "samples" / "dirty"
    words = (dirty / "events.csv", "--subjects", dirty / "subjects.csv")
    assert ae("export", "xlsx", *words, "-o", tmp_path / "t.xlsx").code == 0
    sheet = load_workbook(tmp_path / "t.xlsx")["Findings"]
    said = ae("validate", *words, "--format", "json").json["findings"]
    rows = table(sheet)
    assert [row["Rule"] for row in rows] == [finding["rule"] for finding in said]
    assert [row["Severity"] for row in rows] == [finding["severity"] for finding in said]
    assert [row["Row"] for row in rows] == [finding["row"] for finding in said]
    assert [row["Key"] for row in rows] == [finding["key"] for finding in said]
    assert sheet.auto_filter.ref == f"A1:M{len(said) + 1}"


def test_serious_events_are_those_and_no_others(ae: Run, workbook: Any) -> None:
    serious = table(workbook["Serious events"])
    everything = table(workbook["All events"])
    assert serious == [row for row in everything if row["Serious"] == "Y"]
    assert len(serious) == 3
    page = ae("summarize", *SAMPLE, "--format", "json").json
    rows = {row["key"]: row["cells"][-1] for row in page["rows"]}
    assert rows["events_serious"]["events"] == sum(row["Counted"] == "yes" for row in serious)
    assert rows["events"]["events"] == sum(row["Counted"] == "yes" for row in everything)


def test_a_row_that_is_not_counted_is_listed_with_the_reason(
    ae: Run, tmp_path: Path, people: Path
) -> None:
    rows = [*EVENTS, ("999", "Stroke", "4", "Y", "2024-03-04", "Low"),
            ("001", "Cough", "1", "N", "2024-02-01", "Low"), ("003", "none", "", "", "", "Low"),
            ("002", "Fever", "bad", "maybe", "soon", "High")]  # fmt: skip
    log = write_csv(tmp_path / "log.csv", rows)
    assert ae("export", "xlsx", log, "--subjects", people).code == 0
    book = load_workbook(tmp_path / "log-tables.xlsx")
    listed = table(book["All events"])
    assert [row["Row"] for row in listed] == list(range(2, 10))
    counted = {row["Adverse event"]: row["Counted"] for row in listed}
    assert counted["Stroke"] == "no: participant is not in the participant file"
    assert counted["Cough"] == "no: began before the first dose"
    assert counted["none"] == "no: says that there was no event"
    assert counted["Fever"] == "yes"
    fever = listed[-1]
    assert (fever["CTCAE grade"], fever["Serious"], fever["Start"]) == ("bad", "maybe", "soon")
    assert [row["Adverse event"] for row in table(book["Serious events"])] == ["Sepsis", "Stroke"]


def test_participants_are_all_listed(workbook: Any) -> None:
    rows = table(workbook["Participants"])
    assert len(rows) == 24
    assert [row["Row"] for row in rows] == list(range(2, 26))
    assert {row["Group in the table"] for row in rows} == {"Low", "Medium", "High"}


def test_leading_zeros_are_kept(ae: Run, log: Path, people: Path, tmp_path: Path) -> None:
    assert ae("export", "xlsx", log, "--subjects", people).code == 0
    book = load_workbook(tmp_path / "ae-tables.xlsx")
    assert [row["Participant"] for row in table(book["All events"])] == ["001", "001", "002", "004"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0", "\t=1"])
def test_a_formula_is_text(ae: Run, tmp_path: Path, text: str) -> None:
    log = write_csv(tmp_path / "ae.csv", [HEADER, ("S", text, "1", "N", "2024-03-04", text)])
    assert ae("export", "xlsx", log).code == 0
    with zipfile.ZipFile(tmp_path / "ae-tables.xlsx") as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    (row,) = table(load_workbook(tmp_path / "ae-tables.xlsx")["All events"])
    assert row["Adverse event"] == text.replace("\t", " ")


# About


def about(workbook: Any) -> dict[tuple[str, str], Any]:
    rows = workbook["About"].iter_rows(min_row=2, values_only=True)
    return {(subject, name): value for subject, name, value in rows}


def test_about_names_every_file_with_its_hash_and_rows(workbook: Any) -> None:
    told = about(workbook)
    for path, where, role, rows in (
        (HUCMSC / "events.xlsx", f"{HUCMSC / 'events.xlsx'} [AE log]", "events", 52),
        (HUCMSC / "subjects.csv", str(HUCMSC / "subjects.csv"), "participants", 24),
    ):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert told["File", f"{where}: {role}, SHA-256"] == digest
        numbers = [told["File", f"{where}: rows {name}"] for name in ("read", "used", "excluded")]
        assert numbers == [rows, rows, 0]


def test_about_names_versions_options_and_footnotes(ae: Run, workbook: Any) -> None:
    told = about(workbook)
    for package in ("ae-cli", "polars", "pydantic", "narwhals", "scipy"):
        assert told["Version", package] == version(package)
    assert told["CTCAE", "version"] == "5.0"
    footnotes = ae("summarize", *SAMPLE, "--format", "json").json["footnotes"]
    assert [v for (subject, _), v in told.items() if subject == "Footnote"] == footnotes
    options = {name: value for (subject, name), value in told.items() if subject == "Option"}
    assert options["--ci"] == "clopper-pearson"
    assert options["--n"] == options["--order"] == options["--group"] == "not given"
    settings = {name for subject, name in told if subject == "study.toml"}
    assert {"title", "ctcae", "cut_off", "groups", "window", "related"} <= settings


def test_about_says_what_was_asked(ae: Run, log: Path, people: Path, tmp_path: Path) -> None:
    words = ("--order", "High,Low", "--n", "Low=2,High=2", "--ci", "wilson", "--ci-total")
    assert ae("export", "xlsx", log, "--subjects", people, *words).code == 0
    told = about(load_workbook(tmp_path / "ae-tables.xlsx"))
    options = {name: value for (subject, name), value in told.items() if subject == "Option"}
    assert options == {
        "--group": "not given", "--order": "High, Low", "--n": "Low=2,High=2", "--ci": "wilson",
        "--ci-total": "yes",
    }  # fmt: skip


def test_about_tells_of_every_rule(workbook: Any, ae: Run) -> None:
    told = [name for subject, name in about(workbook) if subject == "Rule"]
    rules = ae("validate", *SAMPLE, "--format", "json").json["rules"]
    assert [name.split()[0] for name in told] == [rule["id"] for rule in rules]


def test_rows_excluded_are_counted(ae: Run, log: Path, tmp_path: Path) -> None:
    few = write_csv(tmp_path / "few.csv", SUBJECTS[:3])
    assert ae("export", "xlsx", log, "--subjects", few).code == 0
    told = about(load_workbook(tmp_path / "ae-tables.xlsx"))
    numbers = [told["File", f"{log}: rows {name}"] for name in ("read", "used", "excluded")]
    assert numbers == [4, 3, 1]


def test_the_choices_reach_the_table(ae: Run, log: Path, people: Path, tmp_path: Path) -> None:
    words = ("--subjects", people, "--group", "Sex", "--ci", "none")
    assert ae("export", "xlsx", log, *words).code == 0
    sheet = load_workbook(tmp_path / "ae-tables.xlsx")["Summary"]
    assert [cell.value for cell in sheet[2] if cell.value] == ["F N=3", "M N=1", "Total N=4"]
    assert not any(name in ("lower", "upper") for _, _, name in summary_cells(sheet))


def test_sheets_of_one_workbook_give_what_two_files_give(
    ae: Run, log: Path, people: Path, tmp_path: Path
) -> None:
    both = write_xlsx(tmp_path / "both.xlsx", {"AE": EVENTS, "DM": SUBJECTS})
    assert ae("export", "xlsx", both).code == 0
    assert ae("export", "xlsx", log, "--subjects", people).code == 0
    one, two = (load_workbook(tmp_path / f"{n}-tables.xlsx") for n in ("both", "ae"))
    for name in ("Summary", "Print view", "Serious events", "All events", "Participants"):
        assert list(one[name].values) == list(two[name].values)
