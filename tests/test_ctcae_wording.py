"""NCI's workbook imported: its version told, its cells compared, its wording quoted from then on.

The workbooks are made here, with invented wording.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import nci
import pytest
from conftest import Run, write_csv, write_xlsx
from nci import Row

from ae_cli.ctcae import VERSIONS, Term, dictionary
from ae_cli.ctcae.compared import differences
from ae_cli.ctcae.nci import Entry, Page, read
from ae_cli.ctcae.wording import imported, place, quoted, wording
from ae_cli.errors import InputError


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for what is imported."""
    monkeypatch.setenv("AE_CLI_DATA", str(tmp_path / "data" / "ae-cli"))


def term(name: str, version: str = "5.0") -> Term:
    found = dictionary(version).find(name)
    assert found
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_layout_gives_the_wording_of_every_grade(
    ae: Run, tmp_path: Path, version: str
) -> None:
    path = nci.workbook(tmp_path / "nci.xlsx", version)
    ran = ae("ctcae", "import", path)
    assert (ran.code, ran.err) == (0, "")
    book = dictionary(version)
    assert f"CTCAE {version}: {len(book.terms)} terms" in ran.out and "no difference" in ran.out
    words = wording(version)
    assert words and words.keys() == {t.name for t in book.terms}
    for t in book.terms:
        assert words[t.name].grades == {g: nci.wording(t, g) for g in t.grades}
        assert words[t.name].definition == f"A disorder invented to stand for {t.name}"


@pytest.mark.parametrize("kind", ["xls", "xlsb", "ods"])
def test_other_kinds_of_workbook_are_read(ae: Run, tmp_path: Path, kind: str) -> None:
    ran = ae("ctcae", "import", nci.workbook(tmp_path / f"nci.{kind}", "5.0"))
    assert (ran.code, ran.err) == (0, "") and "no difference" in ran.out
    assert quoted("5.0", "Nausea", 2) == "wording of grade 2 of Nausea"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("CTCAE Term ", "CTCAE v5.0 AE Term"), ("CTCAE Term ", "TERM"),
        ("CTCAE Term ", "CTCAE Term (v5.0)"), ("MedDRA SOC\u00a0", "MedDRA v20.1 SOC"),
        ("MedDRA SOC\u00a0", "System Organ Class (SOC)"), ("MedDRA Code", "MedDRA v20.1 LLT Code"),
        ("Definition", "CTCAE v5.0 AE Term Definition"), ("Definition", "Definition\nof the term"),
    ],
)  # fmt: skip
def test_headers_are_known_in_other_words(was: str, now: str) -> None:
    rows = nci.rows_5_0()
    rows[0][rows[0].index(was)] = now
    for g in (3, 4, 5, 6, 7):
        rows[0][g] = f"CTCAE v5.0 {rows[0][g]}"
    version, entries = nci_rows("x", rows)
    assert version == "5.0" and list(differences(entries, dictionary("5.0"))) == []
    assert entries[0].definition and entries[0].grades


def test_of_two_versions_in_one_sheet_the_newer_is_read() -> None:
    rows = [[r6[2] if i else "CTCAE v5.0 Term", *r6] for i, r6 in enumerate(nci.rows_6_0())]
    rows = [[*row, *row[4:9]] for row in rows]
    rows[0][-5:] = [f"v5.0 Grade {g}" for g in range(1, 6)]
    version, entries = nci_rows("x", [*rows, rows[0]])
    assert version == "6.0" and list(differences(entries, dictionary("6.0"))) == []


def nci_rows(where: str, rows: list[Row]) -> tuple[str, list[Entry]]:
    """Rows read without a file."""
    width = max(map(len, rows))
    texts = [tuple(str(c or "") for c in [*row, *[""] * (width - len(row))]) for row in rows]
    return read(where, [Page("x", texts)])


def test_nothing_is_quoted_before(ae: Run) -> None:
    assert wording("5.0") is imported("5.0") is None
    assert quoted("5.0", "Nausea", 2) == ""
    assert "not imported" in ae("ctcae", "versions").out
    assert ae("ctcae", "show", "nausea", "--format", "json").json["wording"] is None


def test_a_grade_is_quoted(ae: Run, tmp_path: Path) -> None:
    ae("ctcae", "import", nci.workbook(tmp_path / "nci.xlsx", "5.0"))
    assert quoted("5.0", "Nausea", 2) == "wording of grade 2 of Nausea"
    assert quoted("5.0", "Nausea", 4) == quoted("5.0", "Nausea", None) == ""
    assert quoted("5.0", "No such term", 2) == quoted("6.0", "Nausea", 2) == ""


def test_versions_names_the_file_and_its_hash(ae: Run, tmp_path: Path) -> None:
    path = nci.workbook(tmp_path / "nci.xlsx", "6.0")
    ae("ctcae", "import", path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    text = ae("ctcae", "versions").out
    assert f"wording from nci.xlsx, SHA-256 {sha256}" in text
    told = {
        v["version"]: v["wording"]
        for v in ae("ctcae", "versions", "--format", "json").json["versions"]
    }
    assert told == {"4.03": None, "5.0": None,
                    "6.0": {"file": "nci.xlsx", "sha256": sha256, "differences": 0}}  # fmt: skip


def test_show_quotes_in_80_columns(ae: Run, tmp_path: Path) -> None:
    def longer(rows: list[Row]) -> None:
        row = next(row for row in rows if row[2] == "Nausea")
        row[4] = "word " * 100 + "10⁹/L _x001B_[31m[red]"

    ae("ctcae", "import", nci.workbook(tmp_path / "nci.xlsx", "5.0", longer))
    text = ae("ctcae", "show", "nausea").out
    assert "  grade 1  wording of grade 1 of Nausea\n" in text and "grade 4" not in text
    assert "A disorder invented to stand for Nausea" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text and "[red]" in text
    told = ae("ctcae", "show", "nausea", "--format", "json").json
    assert told["wording"]["1"] == "wording of grade 1 of Nausea"
    assert told["wording"]["2"].endswith(" 10⁹/L \x1b[31m[red]")
    assert told["definition"] == "A disorder invented to stand for Nausea"


# What differs


def test_every_difference_is_told_and_stored(ae: Run, tmp_path: Path) -> None:
    def changed(rows: list[Row]) -> None:
        by = {row[2]: row for row in rows}
        by["Nausea"][0] = "10000000"
        by["Vomiting"][1] = "Eye disorders"
        by["Alopecia"][5] = "an invented grade 3"
        by["Syncope"][5] = "-"
        by["Anemia"][2] = "Anemia of invention"
        rows.append(list(by["Ascites"]))

    path = nci.workbook(tmp_path / "nci.xlsx", "5.0", changed)
    told = ae("ctcae", "import", path, "--format", "json").json
    assert (told["version"], told["terms"], told["file"]) == ("5.0", 837, str(path))
    found = {(d["kind"], d["term"]): (d["built_in"], d["workbook"]) for d in told["differences"]}
    assert found == {
        ("code", "Nausea"): ("10028813", "10000000"),
        ("class", "Vomiting"): ("Gastrointestinal disorders", "Eye disorders"),
        ("grades", "Alopecia"): ("1, 2", "1, 2, 3"),
        ("grades", "Syncope"): ("3", "none"),
        ("term unknown", "Anemia of invention"): ("", "Anemia of invention"),
        ("term missing", "Anemia"): ("Anemia", ""),
        ("term twice", "Ascites"): ("", ""),
    }
    text = ae("ctcae", "import", path).out
    assert "7 differences" in text and "  grades         Alopecia: 1, 2 > 1, 2, 3\n" in text
    stored = imported("5.0")
    assert stored and len(stored.differences) == 7
    assert quoted("5.0", "Alopecia", 3) == "an invented grade 3"
    assert "7 differences" in ae("ctcae", "versions").out
    shown = ae("ctcae", "show", "alopecia").out
    assert "grades: 1, 2 in the built-in table, 1, 2, 3 in the workbook" in shown


def test_a_hostile_cell_is_shown_and_not_obeyed(ae: Run, tmp_path: Path) -> None:
    def hostile(rows: list[Row]) -> None:
        rows.append(
            [1, "_x001B_]0;x_x0007_", "=cmd|' /C calc'!A0\u202e [red]", "a", "b", "", "", ""]
        )

    ran = ae("ctcae", "import", nci.workbook(tmp_path / "nci.xlsx", "5.0", hostile))
    assert ran.code == 0 and "⟨U+202E⟩ [red]" in ran.out and "\x1b" not in ran.out


# What is refused


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Subject ID", "Adverse event", "Grade"], ["1", "Nausea", "2"]], "no sheet with CTCAE"),
        (nci.rows_5_0()[:40], "is not NCI's CTCAE workbook: its rows share 5%"),
        ([["x"]], "no sheet with CTCAE"),
    ],
)
def test_what_is_no_such_workbook_is_refused(
    ae: Run, tmp_path: Path, rows: list[Row], said: str
) -> None:
    ran = ae("ctcae", "import", write_xlsx(tmp_path / "x.xlsx", {"Sheet": rows}))
    assert (ran.code, ran.out) == (2, "") and said in ran.err and "fix: " in ran.err
    assert imported("5.0") is None


def test_another_version_than_named_is_refused(ae: Run, tmp_path: Path) -> None:
    path = nci.workbook(tmp_path / "nci.xlsx", "6.0")
    ran = ae("ctcae", "import", path, "--ctcae", "5.0")
    assert ran.code == 2 and "is CTCAE 6.0 by its terms, not 5.0" in ran.err
    assert ae("ctcae", "import", path, "--ctcae", "6.0").code == 0
    assert ae("ctcae", "import", path, "--ctcae", "7").code == 2


def test_a_file_that_is_no_workbook_is_refused(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "x.csv", nci.rows_5_0())
    assert "is no workbook" in ae("ctcae", "import", log).err
    assert "does not exist" in ae("ctcae", "import", tmp_path / "none.xlsx").err
    (tmp_path / "half.xlsx").write_bytes(
        nci.workbook(tmp_path / "n.xlsx", "5.0").read_bytes()[:999]
    )
    assert ae("ctcae", "import", tmp_path / "half.xlsx").code == 2


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 2}', '{"schema": 1, "version": "6.0"}']
)
def test_a_damaged_store_says_what_to_do(ae: Run, text: str) -> None:
    place("5.0").parent.mkdir(parents=True, exist_ok=True)
    place("5.0").write_text(text)
    ran = ae("ctcae", "show", "nausea")
    assert ran.code == 2 and "is damaged" in ran.err and "ae-cli ctcae import FILE" in ran.err
    with pytest.raises(InputError):
        quoted("5.0", "Nausea", 1)


def test_a_damaged_store_takes_no_finding_away(ae: Run, tmp_path: Path) -> None:
    place("5.0").parent.mkdir(parents=True, exist_ok=True)
    place("5.0").write_text("{")
    header = ("Subject ID", "Adverse event", "Grade", "Start date")
    log = write_csv(tmp_path / "ae.csv", (header, ("S1", "Nausea", "4", "2024-03-04")))
    ran = ae("validate", log, "--format", "json")
    assert ran.code == 1
    assert "AE-CTC-03" in {finding["rule"] for finding in ran.json["findings"]}


@pytest.mark.parametrize(
    ("term", "grade", "near"),
    [("Nausea", 4, 3), ("Asystole", 3, 4), ("Asystole", 2, 1), ("Death NOS", 3, 5)],
)
def test_a_finding_quotes_the_nearest_grade(
    ae: Run, tmp_path: Path, term: str, grade: int, near: int
) -> None:
    ae("ctcae", "import", nci.workbook(tmp_path / "nci.xlsx", "5.0"))
    header = ("Subject ID", "Adverse event", "Grade", "Start date")
    log = write_csv(tmp_path / "ae.csv", (header, ("S1", term, str(grade), "2024-03-04")))
    told = [f["message"] for f in ae("validate", log, "--format", "json").json["findings"]]
    assert any(f"(grade {near}: 'wording of grade {near} of {term}')" in text for text in told)


def test_a_second_import_replaces_the_first(ae: Run, tmp_path: Path) -> None:
    def other(rows: list[Row]) -> None:
        next(row for row in rows if row[2] == "Nausea")[4] = "other words"

    ae("ctcae", "import", nci.workbook(tmp_path / "a.xlsx", "5.0"))
    assert quoted("5.0", "Nausea", 2) == "wording of grade 2 of Nausea"
    ae("ctcae", "import", nci.workbook(tmp_path / "b.xlsx", "5.0", other))
    assert quoted("5.0", "Nausea", 2) == "other words"
    assert [path.name for path in place("5.0").parent.iterdir()] == ["ctcae-5.0.json"]
    assert json.loads(place("5.0").read_text("utf-8"))["file"] == "b.xlsx"


def test_a_folder_that_cannot_be_made_is_an_error(
    ae: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AE_CLI_DATA", str(tmp_path / "file" / "in"))
    ran = ae("ctcae", "import", nci.workbook(tmp_path / "nci.xlsx", "5.0"))
    assert ran.code == 2 and "AE_CLI_DATA" in ran.err
