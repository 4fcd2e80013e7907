"""Records written back: read again they give the same table, and nothing is left to be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
from conftest import ROOT, Run, write_csv
from hypothesis import given
from studies import Made, examples, numbers_of, studies, table_of

from ae_cli.config import Config
from ae_cli.dates import date, iso
from ae_cli.model import AdverseEvent, Subject
from ae_cli.read import Log, sheet_of
from ae_cli.read.standard import standard
from ae_cli.render import data
from ae_cli.study import Choices, from_log
from ae_cli.study.spelled import with_one_spelling

HUCMSC = ROOT / "samples" / "hucmsc"
STUDY = ("--study", HUCMSC / "study.toml")
ENGLISH = (HUCMSC / "events.xlsx", "--subjects", HUCMSC / "subjects.csv")
LOGS = {"english": ENGLISH, "chinese": (HUCMSC / "events-zh.xlsx",)}
READABLE = data.FORMATS


def rows(ae: Run, *words: object) -> Any:
    return ae("summarize", *words, "--format", "json").json["rows"]


def again(path: Path) -> tuple[object, ...]:
    beside = path.with_name(f"{path.stem}-subjects{path.suffix}")
    return (path, "--subjects", beside) if beside.exists() else (path,)


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("suffix", READABLE)
def test_a_sample_read_again_gives_the_same_table(
    ae: Run, tmp_path: Path, log: str, suffix: str
) -> None:
    path = tmp_path / f"clean{suffix}"
    assert ae("convert", *LOGS[log], *STUDY, "-o", path).code == 0
    assert rows(ae, *again(path), *STUDY) == rows(ae, *LOGS[log], *STUDY)
    report = ae("validate", *again(path), *STUDY, "--format", "json").json
    notes = [note for file in report["files"] for note in file["notes"]]
    assert [note for note in notes if "the format does not say" not in note] == []
    before = ae("validate", *LOGS[log], *STUDY, "--format", "json").json
    kept = [(f["rows_read"], f["rows_used"]) for f in before["files"]]
    assert [(f["rows_read"], f["rows_used"]) for f in report["files"]] == kept


@examples(25)
@given(studies(most=15))
def test_any_study_written_back_counts_the_same(made: Made) -> None:
    """Also cells that nobody understands, and those that say that nothing is known."""
    log, _ = with_one_spelling(made.read(), set(made.settled.group_names))
    config = made.settled
    events = _again(AdverseEvent, standard(log.events), config)
    people = log.subjects and _again(Subject, standard(log.subjects), config)
    study = from_log(Log(events, people), config, Choices(n=made.n, ci="none"))
    assert numbers_of(table_of(study)) == made.numbers


def _again(model: Any, frame: pl.DataFrame, config: Config) -> Any:
    rows = [{c: t or "" for c, t in row.items()} for row in frame.rows(named=True)]
    return sheet_of(model, "again", rows or [dict.fromkeys(frame.columns, "")], config)


@pytest.mark.parametrize(
    "text", ["2024", "2023-02", "2024-02", "2024-03-04", "2024-03-04T10", "2024-03-04T10:30"]
)
def test_a_date_is_written_as_far_as_it_is_known(text: str) -> None:
    span = date(text)
    assert span and iso(span) == text


def test_what_was_not_understood_stands(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", (
        ("Subject ID", "Adverse event", "Grade", "Start date", "Nurse"),
        ("001", "=cmd|' /C calc'!A0", "Grade 2", "soon", "x"),
        ("002", "Rash", "2-3", "4 Mar 2024", "y"),
    ))  # fmt: skip
    ran = ae("convert", log, "-o", tmp_path / "clean.csv")
    assert "columns not written: Nurse\n" in ran.err
    text = (tmp_path / "clean.csv").read_text("utf-8-sig")
    assert text.splitlines() == [
        "USUBJID,AETERM,AETOXGR,AESTDTC", "001,'=cmd|' /C calc'!A0,2,soon",
        "002,Rash,2-3,2024-03-04",
    ]  # fmt: skip


def test_nothing_is_written_over(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", (("USUBJID", "AETERM"), ("1", "Rash")))
    was = log.read_bytes()
    for words in (["-o", log], ["-o", log, "--force"], ["-o", tmp_path / "clean.doc"]):
        assert ae("convert", log, *words).code == 2
    people = write_csv(tmp_path / "clean-subjects.csv", (("USUBJID",), ("1",)))
    assert ae("convert", log, "--subjects", people, "-o", tmp_path / "clean.csv").code == 2
    assert log.read_bytes() == was and not (tmp_path / "clean.csv").exists()


def converted(ae: Run, folder: Path, *rows: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows written and read again as plain text; blanks are None."""
    log = write_csv(folder / "ae.csv", rows)
    path = folder / "clean.parquet"
    assert ae("convert", log, "-o", path, "--force").code == 0
    return pl.read_parquet(path).rows(named=True)


def test_an_end_that_says_ongoing_is_not_lost(ae: Run, tmp_path: Path) -> None:
    header = ("Subject ID", "Adverse event", "End date")
    rows = converted(
        ae, tmp_path, header, ("1", "Rash", "Ongoing"), ("2", "Rash", "2024-03-04"),
        ("3", "Rash", "ongoing?"), ("4", "Rash", "持续"), ("5", "Rash", "unknown"),
    )  # fmt: skip
    assert [(row["AEENDTC"], row["AEENRTPT"]) for row in rows] == [
        (None, "ONGOING"), ("2024-03-04", None), ("ongoing?", None), (None, "ONGOING"),
        ("unknown", None),
    ]  # fmt: skip


def test_a_column_that_tells_what_goes_on_is_kept(ae: Run, tmp_path: Path) -> None:
    header = ("Subject ID", "Adverse event", "End date", "Ongoing")
    told = ("", "NA", "No", "Yes", "unknown", "AFTER")
    rows = converted(
        ae, tmp_path, header, *(("1", f"Rash {i}", "Ongoing", t) for i, t in enumerate(told))
    )
    assert [(row["AEENDTC"], row["AEENRTPT"]) for row in rows] == [
        (None, "ONGOING"), (None, "ONGOING"), ("Ongoing", "BEFORE"), (None, "ONGOING"),
        ("Ongoing", "unknown"), (None, "AFTER"),
    ]  # fmt: skip


def test_an_answer_that_nothing_is_known_stands(ae: Run, tmp_path: Path) -> None:
    header = ("Subject ID", "Adverse event", "Serious", "DLT (1=Yes, 2=No, 9=Unknown)", "Grade")
    rows = converted(
        ae, tmp_path, header, ("1", "Rash", "U", "9", "unknown"), ("2", "Rash", "NA", "1", "."),
        ("3", "Rash", "unknown", "2", "3"),
    )  # fmt: skip
    assert [row["AESER"] for row in rows] == ["U", None, "unknown"]
    assert [row["AEDLT"] for row in rows] == ["Unknown", "Y", "N"]
    assert [row["AETOXGR"] for row in rows] == ["unknown", None, "3"]


def test_reasons_that_other_columns_do_not_give_are_kept(ae: Run, tmp_path: Path) -> None:
    header = ("Subject ID", "Adverse event", "AESREAS")
    rows = converted(ae, tmp_path, header, ("1", "Rash", "death"), ("2", "Rash", "unknown"))
    assert [row["AESREAS"] for row in rows] == ["DEATH", "unknown"]
    rows = converted(ae, tmp_path, header, ("1", "Rash", "death"), ("2", "Rash", ""))
    assert "AESREAS" not in rows[0] and rows[0]["AESDTH"] == "Y"
    own = (*header, "AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")
    rows = converted(ae, tmp_path, own, ("1", "Rash", "death", *"NNNNNY"))
    assert (rows[0]["AESREAS"], rows[0]["AESDTH"]) == ("DEATH", "N")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024-03-04 10:30+08:00", "2024-03-04T10:30+08:00"),
        ("2024-03-04 10:30:15.5", "2024-03-04T10:30:15.5"),
        ("2024-03-04 00:00:00+08:00", "2024-03-04T00:00:00+08:00"),
        ("2024/03/04 9:30z", "2024-03-04T09:30Z"),
        ("4 Mar 2024 10+0800", "2024-03-04T10+0800"),
        ("2024-03-04 00:00:00", "2024-03-04"),
        ("2024-03-04 00:00:00.000", "2024-03-04"),
        ("2024-03-04T10:30:15.5Z", "2024-03-04T10:30:15.5Z"),
    ],
)
def test_a_time_keeps_its_zone_and_its_fraction(
    ae: Run, tmp_path: Path, text: str, written: str
) -> None:
    header = ("Subject ID", "Adverse event", "Start date")
    assert converted(ae, tmp_path, header, ("1", "Rash", text))[0]["AESTDTC"] == written


def test_what_is_left_out_is_said_for_each_file(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", (
        ("Subject ID", "Adverse event", "Serious", "", "Nurse", ""),
        ("001", "Nausea", "yes", "see file", "x", ""),
        ("Total", "", "", "", "", ""),
        ("Note: all serious events", "", "", "", "", ""),
    ))  # fmt: skip
    people = write_csv(tmp_path / "people.csv", (("Subject ID", "Sex", "Height"), ("001", "F", "")))
    ran = ae("convert", log, "--subjects", people, "-o", tmp_path / "clean.csv")
    assert f"{log}: 3 rows read = 1 written + 2 left out (total line 1, footnote 1)\n" in ran.err
    assert "  note: total line, not a record: row 3\n" in ran.err
    assert "  note: column 'Serious' (Serious): yes = Y (1)\n" in ran.err
    assert "  columns not written: column 4, Nurse\n" in ran.err
    assert f"{people}: 1 row read = 1 written + 0 left out\n" in ran.err
    assert "  columns not written: Height\n" in ran.err
    assert "got an apostrophe" not in ran.err


def test_apostrophes_are_said(ae: Run, tmp_path: Path) -> None:
    rows = (("Subject ID", "Adverse event"), ("+01", "-itis"), ("+01", "Rash"), ("-02", "Rash"))
    log, path = write_csv(tmp_path / "ae.csv", rows), tmp_path / "clean.csv"
    ran = ae("convert", log, "-o", path)
    assert f"{path}: 4 texts got an apostrophe" in ran.err
    assert "USUBJID 3, AETERM 1\n" in ran.err and "match no other file" in ran.err
    assert path.read_text("utf-8-sig").splitlines()[1] == "'+01,'-itis"
    assert "got an apostrophe" not in ae("convert", log, "-o", tmp_path / "clean.xlsx").err


def test_the_dictionary_is_not_written_over(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", (("USUBJID", "AETERM"), ("1", "Rash")))
    header = ("field_name", "field_type", "field_label", "select_choices_or_calculations")
    codes = write_csv(tmp_path / "dict.csv", (header, ("AETERM", "text", "Event", "")))
    was = codes.read_bytes()
    ran = ae("convert", log, "--redcap-dictionary", codes, "-o", codes, "--force")
    assert ran.code == 2 and "is an input of this run" in ran.err
    assert codes.read_bytes() == was


def test_a_sas_file_is_version_5_as_long_as_it_can_be(tmp_path: Path) -> None:
    frame = pl.DataFrame({"USUBJID": ["001", None], "AETERM": ["皮疹", "Rash"]})
    for longest, version in ((200, b"SAS     SAS     SASLIB"), (201, b"LIBV8")):
        path = tmp_path / f"{longest}.xpt"
        texts = pl.Series("AETERM", ["x" * longest, "皮疹"])
        data.write(path, {"AE": frame.with_columns(texts)})
        assert version in path.read_bytes()[:160]
        found, _ = pyreadstat.read_xport(path, output_format="polars")
        assert found["AETERM"].to_list() == texts.to_list()


def test_the_dictionary_is_an_input_too(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", (("record_id", "ae_term"), ("1", "Rash")))
    codes = write_csv(tmp_path / "dictionary.csv", (
        ("field_name", "field_type", "field_label", "select_choices_or_calculations"),
        ("record_id", "text", "Record", ""),
    ))  # fmt: skip
    was = codes.read_bytes()
    ran = ae("convert", log, "--redcap-dictionary", codes, "-o", codes, "--force")
    assert ran.code == 2 and codes.read_bytes() == was
