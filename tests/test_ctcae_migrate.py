"""A log on its way to another version: proposed beside its own terms, which stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nci
import pytest
from conftest import ROOT, Run, write_csv
from openpyxl import load_workbook

from ae_cli.ctcae import VERSIONS, dictionary
from ae_cli.ctcae.migrate import proposal
from ae_cli.errors import InputError

HUCMSC = ROOT / "samples" / "hucmsc"
HEADER = ("Subject ID", "Adverse event", "Grade", "Comment")


def sheet(path: Path) -> list[list[Any]]:
    return [list(row) for row in load_workbook(path).active.iter_rows(values_only=True)]


# What is proposed


@pytest.mark.parametrize(
    ("text", "grade", "old", "new", "what", "term", "candidates"),
    [
        ("nausea", 2, "5.0", "6.0", "same", "Nausea", ()),
        ("Anal hemorrhage", 1, "5.0", "6.0", "renamed", "Hematochezia", ()),
        ("Platelet count decreased", 1, "5.0", "6.0", "class", "Thrombocytopenia", ()),
        ("Platelet count decreased", None, "5.0", "6.0", "class", "Thrombocytopenia", ()),
        ("Asystole", 1, "5.0", "6.0", "grade", "", ("Asystole", "Sinus bradycardia")),
        ("Asystole", 4, "5.0", "6.0", "same", "Asystole", ()),
        ("Acute kidney injury", 1, "4.03", "5.0", "grade", "",
         ("Acute kidney injury", "Creatinine increased")),
        ("Acute coronary syndrome", 3, "4.03", "5.0", "choose", "",
         ("Chest pain - cardiac", "Myocardial infarction")),
        ("Thrombocytosis", 1, "6.0", "5.0", "gone", "",
         ("Blood and lymphatic system disorders - Other, specify",)),
        ("Nausia", 1, "5.0", "6.0", "unknown", "", ("Nausea",)),
        ("ALT increased", 1, "5.0", "6.0", "unknown", "",
         ("Alanine aminotransferase increased",)),
        ("Hematochezia", 1, "5.0", "6.0", "unknown", "", ("Hematochezia",)),
        ("", 1, "5.0", "6.0", "blank", "", ()),
        (None, 1, "5.0", "6.0", "blank", "", ()),
        ("Eye disorders - Other, specify", 2, "5.0", "6.0", "same",
         "Eye disorders - Other, specify", ()),
        ("eye disorders - other, specify (dry lids)", 2, "5.0", "6.0", "same",
         "Eye disorders - Other, specify: dry lids", ()),
        ("Gastrointestinal disorders - Other, specify: hematochezia", 1, "5.0", "6.0", "choose",
         "", ("Hematochezia", "Gastrointestinal disorders - Other, specify")),
    ],
)  # fmt: skip
def test_what_is_proposed(
    text: str | None, grade: int | None, old: str, new: str,
    what: str, term: str, candidates: tuple[str, ...],
) -> None:  # fmt: skip
    found = proposal(text, grade, old, new)
    assert (found.what, found.term) == (what, term)
    if what == "unknown":
        assert set(candidates) <= set(found.candidates)
    else:
        assert found.candidates == candidates
    assert found.settled == (what in ("same", "renamed", "blank"))


@pytest.mark.parametrize("old", VERSIONS)
@pytest.mark.parametrize("new", VERSIONS)
def test_every_term_and_grade_has_an_answer(old: str, new: str) -> None:
    for term in dictionary(old).terms if old != new else ():
        for grade in term.grades:
            found = proposal(term.name, grade, old, new)
            assert found.what not in ("unknown", "blank")
            for name in filter(None, (found.term, *found.candidates)):
                assert dictionary(new).find(name), name
            now = dictionary(new).find(found.term)
            assert now is None or now.permits(grade)
            assert now or found.candidates or found.what == "gone"


def test_a_grade_that_never_was_is_said() -> None:
    assert "and had no other in CTCAE 5.0" in proposal("Nausea", 4, "5.0", "6.0").note
    assert "other grades went to Sinus bradycardia" in proposal("Asystole", 1, "5.0", "6.0").note


def test_no_other_version_is_known() -> None:
    with pytest.raises(InputError):
        proposal("Nausea", 1, "5.0", "7")


# The copy


def test_a_chinese_log_is_copied_with_four_columns_more(ae: Run, tmp_path: Path) -> None:
    out, log = tmp_path / "new.xlsx", HUCMSC / "events-zh.xlsx"
    was = log.read_bytes()
    ran = ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0", "-o", out)
    assert ran.code == 0 and ran.out.startswith("CTCAE 5.0 to 6.0: 52 rows\n")
    assert "class differs: Platelet count decreased > Thrombocytopenia" in ran.out
    before, after = sheet(log), sheet(out)
    assert len(after) == len(before) and log.read_bytes() == was
    assert after[0][:-4] == before[0]
    assert [h.partition(": ")[2] for h in after[0][-4:]] == [
        "proposed term", "what to do", "candidates", "note",
    ]  # fmt: skip
    place = before[0].index("不良事件名称")
    assert [row[place] for row in after] == [row[place] for row in before]
    assert ae("validate", out, "--study", HUCMSC / "study.toml").code in (0, 1)


def test_all_columns_stay_and_hostile_texts_are_not_run(ae: Run, tmp_path: Path) -> None:
    formula = "=cmd|' /C calc'!A0"
    rows = [("Subject ID", "Adverse event", "Grade", formula, "", "Note", "Note"),
            ("1", formula, "2", "[red]", "x", "a", "b"),
            ("2", "Asystole", "1", "", "", "", "")]  # fmt: skip
    log, out = write_csv(tmp_path / "ae.csv", rows), tmp_path / "o.csv"
    ran = ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0", "-o", out)
    assert ran.code == 0 and "got an apostrophe" in ran.err
    lines = out.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith(
        f"Subject ID,Adverse event,Grade,'{formula},column 5,Note,Note (2),CTCAE 6.0: proposed term"
    )
    assert lines[1].startswith(f"1,'{formula},2,[red],x,a,b,,not a term of 5.0")
    assert lines[2] == (
        "2,Asystole,1,,,,,,grade not in 6.0,Asystole; Sinus bradycardia,"
        '"no grade 1: Asystole has grade 3, 4, 5; other grades went to Sinus bradycardia"'
    )
    book = tmp_path / "o.xlsx"
    assert ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0", "-o", book).code == 0
    cells = load_workbook(book).active
    assert cells["B2"].value == formula and cells["B2"].data_type == "s" and cells["B2"].quotePrefix


def test_grades_in_several_columns_stay_as_they_are(ae: Run, tmp_path: Path) -> None:
    rows = [("Subject ID", "Adverse event", "CTCAE grade -1", "CTCAE grade -2"),
            ("1", "Asystole", "4", "1"), ("2", "Asystole", "1", "")]  # fmt: skip
    log, out = write_csv(tmp_path / "ae.csv", rows), tmp_path / "o.csv"
    assert ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0", "-o", out).code == 0
    lines = out.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Subject ID,Adverse event,CTCAE grade -1,CTCAE grade -2,CTCAE 6.0:")
    assert ",same," in lines[1] and ",grade not in 6.0," in lines[2]


def test_what_to_decide_is_grouped_with_its_rows(ae: Run, tmp_path: Path) -> None:
    rows = [HEADER, *(("1", "Asystole", "1", str(i)) for i in range(13)), ("2", "Nausea", "1", "")]
    log = write_csv(tmp_path / "ae.csv", rows)
    ran = ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0")
    assert "      13  grade not in 6.0\n" in ran.out
    assert "  grade not in 6.0: Asystole > Asystole or Sinus bradycardia\n" in ran.out
    assert "    rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more\n" in ran.out
    assert f"wrote {tmp_path / 'ae-ctcae-6.0.xlsx'}\n" in ran.out
    told = ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0", "--force",
              "--format", "json").json  # fmt: skip
    assert (told["from"], told["to"], told["rows"]) == ("5.0", "6.0", 14)
    assert [(t["term"], t["decide"], len(t["rows"])) for t in told["terms"]] == [
        ("Asystole", True, 13), ("Nausea", False, 1),
    ]  # fmt: skip


def test_wording_that_differs_is_said_where_both_are_imported(
    ae: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(rows: list[nci.Row]) -> None:
        next(row for row in rows if row[2] == "Nausea")[4] = "other words"

    monkeypatch.setenv("AE_CLI_DATA", str(tmp_path / "data"))
    ae("ctcae", "import", nci.workbook(tmp_path / "5.xlsx", "5.0"))
    ae("ctcae", "import", nci.workbook(tmp_path / "6.xlsx", "6.0", other))
    assert proposal("Nausea", 2, "5.0", "6.0").note == "the wording of grade 2 differs"
    assert proposal("Nausea", 1, "5.0", "6.0").note == ""
    log = write_csv(tmp_path / "ae.csv", [HEADER, ("1", "Nausea", "2", "")])
    ran = ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0")
    assert "1  of these: the wording of the grade differs" in ran.out


# What is refused


def test_what_cannot_be_done_is_said(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [HEADER, ("1", "Nausea", "2", "")])
    second = write_csv(tmp_path / "b.csv", [HEADER, ("1", "Nausea", "2", "")])
    way = ("--from", "5.0", "--to", "6.0")
    for words, said in (
        ((log, "--from", "5.0", "--to", "5.0"), "both 5.0"),
        ((log, "--from", "5.0", "--to", "7"), "4.03, 5.0, 6.0"),
        ((log, *way, "--ctcae", "5.0"), "use --from and --to"),
        ((log, second, *way), "one log at a time"),
        ((log, *way, "-o", log, "--force"), "is an input"),
        ((log, *way, "-o", second), "already exists"),
        ((log, *way, "-o", tmp_path / "x.parquet"), "does not end in .xlsx or .csv"),
    ):
        ran = ae("ctcae", "migrate", *words)
        assert (ran.code, ran.out) == (2, "") and said in ran.err, words
    assert {path.name for path in tmp_path.iterdir()} == {"ae.csv", "b.csv"}


def test_a_long_text_is_no_term_and_takes_no_time(ae: Run, tmp_path: Path) -> None:
    rows = [HEADER, ("1", "nausea and " * 20_000, "2", "")]
    log = write_csv(tmp_path / "ae.csv", rows)
    out = tmp_path / "o.csv"
    ran = ae("ctcae", "migrate", log, "--from", "5.0", "--to", "6.0", "-o", out)
    assert ran.code == 0 and "characters in all" in ran.out and len(ran.out) < 1000
    assert rows[1][1] in out.read_text("utf-8-sig")
