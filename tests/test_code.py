"""Coding: terms are proposed, a person accepts them, and the log is copied with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Ran, Run, write_csv, write_xlsx
from openpyxl import load_workbook

from ae_cli.ctcae import VERSIONS, dictionary
from ae_cli.ctcae.worksheet import HEADERS, lines

HUCMSC = ROOT / "samples" / "hucmsc"
HEADER = ("Subject ID", "Adverse event", "Grade")
LOG = (HEADER, ("1", "ALT increased", "2"), ("1", "alt  Increased", "1"), ("2", "Nausea", "1"),
       ("2", "felt sick", "1"), ("3", "", "1"), ("3", "PE", "3"))  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "ae.csv", LOG)


def table(path: Path, sheet: str | None = None) -> list[dict[str, Any]]:
    book = load_workbook(path)
    head, *rows = (book[sheet] if sheet else book.active).iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def fill(path: Path, answers: Mapping[str, str | None]) -> Path:
    """Accept terms as a person does: by text, in the worksheet itself."""
    book = load_workbook(path)
    for row in book["Coding"].iter_rows(min_row=2):
        if row[0].value in answers:
            row[3].value = answers[str(row[0].value)]
    book.save(path)
    return path


def worksheet(ae: Run, log: Path, *words: object, **answers: str | None) -> Path:
    path = log.with_name("w.xlsx")
    assert ae("code", log, "-o", path, "--force", *words).code == 0
    return fill(path, {text.replace("_", " "): term for text, term in answers.items()})


# The worksheet


def test_one_row_for_each_text_what_is_to_decide_first(ae: Run, log: Path) -> None:
    ran = ae("code", log)
    path = log.with_name("ae-coding.xlsx")
    assert ran.code == 0 and ran.out.splitlines() == [
        "CTCAE 5.0: 4 texts in 5 rows", "       1  terms of CTCAE, accepted as they are",
        "       2  with candidates", "       1  without", f"wrote {path}",
        f'fill in its column "Accepted term", then: ae-cli code {log} --accept {path}',
    ]  # fmt: skip
    rows = table(path, "Coding")
    assert [(r["Verbatim text"], r["Rows"], r["First rows"], r["Accepted term"]) for r in rows] == [
        ("ALT increased", 2, "2, 3", None), ("PE", 1, "7", None), ("felt sick", 1, "5", None),
        ("Nausea", 1, "4", "Nausea"),
    ]  # fmt: skip
    first = rows[0]
    assert first["Candidate 1"] == "Alanine aminotransferase increased"
    assert (first["Score 1"], first["How found 1"]) == (100, "another word for it")
    assert rows[1]["How found 1"] == "may mean it"


def test_the_candidates_are_offered_in_the_cell(ae: Run, log: Path) -> None:
    page = load_workbook(worksheet(ae, log))["Coding"]
    (offered,) = page.data_validations.dataValidation
    assert (offered.type, offered.formula1, str(offered.sqref)) == ("list", "$E2:$G2", "D2:D5")
    assert page["D1"].value == "Accepted term" and page["E1"].value == "Candidate 1"
    assert page["G1"].value == "Candidate 3" and not offered.showErrorMessage


def test_the_same_log_gives_the_same_bytes(ae: Run, log: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert ae("code", log, "-o", tmp_path / name).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("version", VERSIONS)
def test_only_a_term_itself_is_accepted_beforehand(version: str) -> None:
    book = dictionary(version)
    texts = ["nausea", "diarrhoea", "ALT increased", "Nausia", "PE", "Platelet count decreased"]
    found = {line.text: line.accepted for line in lines(texts, range(6), book)}
    kept = "" if version == "6.0" else "Platelet count decreased"
    assert found == {
        "nausea": "Nausea", "diarrhoea": "Diarrhea", "ALT increased": "", "Nausia": "", "PE": "",
        "Platelet count decreased": kept,
    }  # fmt: skip
    assert all(
        len(line.cells()) == len(HEADERS) for line in lines(["", "恶心", "x"], (1, 2, 3), book)
    )


def test_a_chinese_log_has_its_english_terms(ae: Run, tmp_path: Path) -> None:
    out = tmp_path / "w.xlsx"
    ran = ae("code", HUCMSC / "events-zh.xlsx", "-o", out, "--format", "json")
    texts = ran.json["texts"]
    assert ran.json["version"] == "5.0" and sum(len(t["rows"]) for t in texts) == 52
    assert all(t["accepted"] for t in texts)
    log = write_csv(tmp_path / "zh.csv", [("受试者编号", "不良事件名称"), ("1", "恶心")])
    told = ae("code", log, "--format", "json").json["texts"]
    assert told == [{"text": "恶心", "rows": [2], "accepted": None, "candidates": []}]


def test_the_study_file_says_the_version(ae: Run, log: Path) -> None:
    log.with_name("study.toml").write_text('ctcae = "6.0"\n')
    assert "CTCAE 6.0: " in ae("code", log).out
    assert "CTCAE 4.03: " in ae("code", log, "--ctcae", "4.03", "--force").out
    assert ae("code", log, "--ctcae", "7", "--force").code == 2


# Read back


def code(ae: Run, log: Path, filled: Path, *words: object) -> Ran:
    return ae("code", log, "--accept", filled, "-o", log.with_name("coded.xlsx"), *words)


def test_the_log_is_copied_with_what_was_accepted(ae: Run, log: Path) -> None:
    own = "Gastrointestinal disorders - Other, specify: felt sick"
    alt = "alanine aminotransferase increased"
    filled = worksheet(ae, log, ALT_increased=alt, felt_sick=own)
    was = log.read_bytes()
    ran = code(ae, log, filled)
    assert (ran.code, ran.out.splitlines()) == (0, [
        "CTCAE 5.0: 4 of 6 rows coded", "  1 row without a text",
        "  1 text without an accepted term", "    PE: row 7",
        f"wrote {log.with_name('coded.xlsx')}",
    ])  # fmt: skip
    rows = table(log.with_name("coded.xlsx"))
    assert [tuple((r[h] or "") for h in HEADER) for r in rows] == [*LOG[1:]]
    assert [r["CTCAE term"] for r in rows] == [
        "Alanine aminotransferase increased", "Alanine aminotransferase increased", "Nausea",
        own, None, None,
    ]  # fmt: skip
    assert (rows[2]["CTCAE class"], rows[2]["CTCAE code"], rows[2]["CTCAE version"]) == (
        "Gastrointestinal disorders", "10028813", "5.0",
    )  # fmt: skip
    assert [r["coded by"] for r in rows] == ["w.xlsx"] * 4 + [None] * 2
    assert log.read_bytes() == was


def test_the_coded_log_is_a_log(ae: Run, log: Path) -> None:
    code(ae, log, worksheet(ae, log, PE="Thromboembolic event"))
    told = ae("columns", log.with_name("coded.xlsx"), "--format", "json").json["files"][0]
    fields = {c["header"]: c["fields"] for c in told["columns"]}
    assert fields["Adverse event"] == ["term"] and fields["CTCAE term"] == ["preferred_term"]


def test_what_was_left_is_counted_as_json(ae: Run, log: Path) -> None:
    told = code(ae, log, worksheet(ae, log), "--format", "json").json
    assert (told["rows"], told["coded"], told["without_text"]) == (6, 1, 1)
    assert told["without_term"] == [
        {"text": "ALT increased", "rows": [2, 3]}, {"text": "felt sick", "rows": [5]},
        {"text": "PE", "rows": [7]},
    ]  # fmt: skip


def test_what_is_no_term_is_refused_with_its_row(ae: Run, log: Path) -> None:
    filled = worksheet(ae, log, ALT_increased="ALT increased", PE="[red] not a term")
    ran = code(ae, log, filled)
    assert (ran.code, ran.out) == (2, "")
    assert (
        "2 accepted are not terms of CTCAE 5.0: row 2: 'ALT increased' (did you mean Alanine"
        in (ran.err)
    )
    assert "row 3: '[red] not a term'" in ran.err and not log.with_name("coded.xlsx").exists()


def test_one_text_has_one_term(ae: Run, log: Path) -> None:
    filled = worksheet(ae, log)
    book = load_workbook(filled)
    book["Coding"].append(["NAUSEA ", 1, "4", "Vomiting"])
    book.save(filled)
    ran = code(ae, log, filled)
    assert ran.code == 2 and "row 6: 'NAUSEA ' has two accepted terms" in ran.err


def test_a_worksheet_of_another_version_is_refused(ae: Run, log: Path) -> None:
    filled = worksheet(ae, log, "--ctcae", "6.0")
    ran = code(ae, log, filled)
    assert ran.code == 2 and "was made for CTCAE 6.0" in ran.err and "--ctcae 6.0" in ran.err
    assert code(ae, log, filled, "--ctcae", "6.0").code == 0


def test_columns_may_be_moved_and_sheets_added(ae: Run, log: Path, tmp_path: Path) -> None:
    rows = [("A note",), (), ("Accepted term", "Mine", "Verbatim text"), ("Fatigue", "x", "PE")]
    other = write_xlsx(tmp_path / "o.xlsx", {"Notes": [("PE",)], "Mine": rows})
    ran = code(ae, log, other)
    assert ran.code == 0 and "CTCAE 5.0: 1 of 6 rows coded" in ran.out


def test_a_worksheet_of_another_log_is_noticed(ae: Run, log: Path, tmp_path: Path) -> None:
    rows = [("Verbatim text", "Accepted term"), ("tired", "Fatigue"), ("", "Fatigue"), ("PE", "")]
    ran = code(ae, log, write_xlsx(tmp_path / "o.xlsx", {"Coding": rows}))
    assert ran.code == 0 and "  1 accepted text of the worksheet in no row of the log\n" in ran.out
    assert "CTCAE 5.0: 0 of 6 rows coded" in ran.out


def test_a_log_without_rows(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [HEADER])
    assert "CTCAE 5.0: 0 texts in 0 rows" in ae("code", log).out
    ran = code(ae, log, tmp_path / "ae-coding.xlsx")
    assert ran.code == 0 and "0 of 0 rows coded" in ran.out
    assert ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0").code == 0


def test_what_is_no_worksheet_is_refused(ae: Run, log: Path, tmp_path: Path) -> None:
    other = write_xlsx(tmp_path / "o.xlsx", {"Sheet": LOG})
    assert "no coding worksheet" in code(ae, log, other).err
    assert "is no workbook" in code(ae, log, log).err
    filled = worksheet(ae, log)
    was = filled.read_bytes()
    ran = ae("code", log, "--accept", filled, "-o", filled, "--force")
    assert ran.code == 2 and "is an input" in ran.err and filled.read_bytes() == was
    assert ae("code", log, "-o", log, "--force").code == 2
    assert "does not end in .xlsx" in ae("code", log, "-o", tmp_path / "w.csv").err
    assert "already exists" in ae("code", log, "-o", filled).err


# What logs hold


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0", "[red]x", "a\u202eb", "line\nbreak", "_x0041_", "恶心",
        "nausea " * 2000, "'quoted", "1", "\x07bell",
    ],
)  # fmt: skip
def test_any_text_is_found_again(ae: Run, tmp_path: Path, text: str) -> None:
    log = write_csv(tmp_path / "ae.csv", [HEADER, ("1", text, "2"), ("2", "Nausea", "1")])
    path = tmp_path / "w.xlsx"
    ran = ae("code", log, "-o", path)
    assert ran.code == 0 and "\x07" not in ran.out
    book = load_workbook(path)
    cell = book["Coding"]["A2"]
    assert cell.data_type == "s"
    book["Coding"]["D2"].value = "Fatigue"
    if "\x07" not in text and "\n" not in text:  # openpyxl writes these in its own way
        book.save(path)
        ran = code(ae, log, path)
        assert ran.code == 0 and "2 of 2 rows coded" in ran.out
        assert [r["CTCAE term"] for r in table(tmp_path / "coded.xlsx")] == ["Fatigue", "Nausea"]


def test_a_text_that_no_cell_holds_is_refused(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [HEADER, ("1", "nausea " * 6000, "2")])
    ran = ae("code", log)
    assert ran.code == 2 and "longer than a cell of Excel" in ran.err
    assert not (tmp_path / "ae-coding.xlsx").exists()


def test_rows_that_are_no_records_are_said(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [*LOG, ("Total", "", "6")])
    filled = worksheet(ae, log)
    ran = code(ae, log, filled)
    assert "7 rows read = 6 written + 1 left out (total line 1)" in ran.err
    assert len(table(tmp_path / "coded.xlsx")) == 6


def test_a_log_that_was_coded_is_coded_again(ae: Run, log: Path) -> None:
    code(ae, log, worksheet(ae, log))
    again = log.with_name("coded.xlsx")
    path, out = log.with_name("w2.xlsx"), log.with_name("c2.csv")
    assert ae("code", again, "-o", path).code == 0
    assert ae("code", again, "--accept", path, "-o", out).code == 0
    assert "coded by,CTCAE term (2),CTCAE class (2)" in out.read_text("utf-8-sig")
