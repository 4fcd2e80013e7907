"""The other files of a study: a folder, --with, study.toml and the Python door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Run, write_csv

from ae_cli import api
from ae_cli.errors import InputError

AE = (
    ("STUDYID", "DOMAIN", "USUBJID", "AESEQ", "AETERM", "AETOXGR", "AESER", "AEOUT", "AESTDTC"),
    ("T", "AE", "01", "1", "Nausea", "2", "N", "RECOVERED/RESOLVED", "2024-03-04"),
    ("T", "AE", "02", "1", "Sepsis", "4", "Y", "RECOVERED/RESOLVED", "2024-03-05"),
)
DM = (
    ("STUDYID", "DOMAIN", "USUBJID", "ARM", "DTHFL"),
    ("T", "DM", "01", "Low", ""), ("T", "DM", "02", "Low", ""), ("T", "DM", "03", "High", ""),
)  # fmt: skip
EX = (
    ("STUDYID", "DOMAIN", "USUBJID", "EXTRT", "EXDOSE", "EXSTDTC"),
    ("T", "EX", "01", "Cells", "5", "2024-03-01"), ("T", "EX", "02", "Cells", "5", "2024-03-06"),
    ("T", "EX", "", "Cells", "5", "2024-03-06"), ("T", "EX", "03", "Cells", "0", "2024-03-01"),
)  # fmt: skip
DS = (
    ("STUDYID", "DOMAIN", "USUBJID", "DSTERM", "DSDECOD", "DSSTDTC"),
    ("T", "DS", "02", "DEATH DUE TO ADVERSE EVENT", "DEATH", "2024-03-20"),
)
FILES = {"ae": AE, "dm": DM, "ex": EX, "ds": DS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "sdtm"
    home.mkdir()
    for name, rows in FILES.items():
        write_csv(home / f"{name}.csv", rows)
    return home


def rules(page: Any) -> set[str]:
    return {finding["rule"] for finding in page["findings"]}


def test_a_folder_is_read_whole_and_every_row_accounted_for(ae: Run, folder: Path) -> None:
    page = ae("validate", folder, "--format", "json").json
    read = {Path(f["path"]).stem: f for f in page["files"]}
    assert {name: file["rows_read"] for name, file in read.items()} == {
        "ae": 2, "dm": 3, "ex": 4, "ds": 1,
    }  # fmt: skip
    assert all(f["rows_read"] == f["rows_used"] + f["rows_excluded"] for f in read.values())
    assert read["ex"]["rows_excluded"] == 1  # of nobody
    assert {"AE-XDS-12", "AE-XDS-29"} <= rules(page)  # a death that only the disposition knows


def test_with_gives_what_a_folder_gives(ae: Run, folder: Path) -> None:
    whole = ae("validate", folder, "--format", "json").json
    named = ae(
        "validate", folder / "ae.csv", "--subjects", folder / "dm.csv", "--with", folder / "ex.csv",
        "--with", f"disposition={folder / 'ds.csv'}", "--format", "json",
    ).json  # fmt: skip
    assert named["findings"] == whole["findings"]


def test_first_doses_come_from_the_dose_records_which_is_said(ae: Run, folder: Path) -> None:
    """03 was given a dose of nothing, and is not treated; 02's event began before the dose."""
    page = ae("summarize", "by", "group", folder, "--format", "json").json
    assert [column["N"] for column in page["groups"]] == [2, 2]
    events = next(row for row in page["rows"] if row["key"] == "events")
    assert [cell["events"] for cell in events["cells"]] == [1, 1]
    said = "\n".join(page["footnotes"])
    assert "participants with a first dose, by the dose records" in said
    alone = ae("summarize", "by", "group", folder / "ae.csv", "--subjects", folder / "dm.csv")
    assert "dose records" not in alone.out


@pytest.mark.parametrize(
    "words", [("summarize", "by", "group"), ("columns",), ("export", "xlsx"), ("init",)]
)
def test_every_command_takes_the_other_files(
    ae: Run, folder: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    out = ("-o", tmp_path / f"out.{words[-1]}") if words[0] in ("export", "init") else ()
    beside = ("--subjects", folder / "dm.csv", "--with", folder / "ex.csv")
    run = ae(*words, folder / "ae.csv", *beside, *out)
    assert run.code == 0, run.err
    again = ae(*words, folder, *out, *(("--force",) if out else ()))
    assert again.code == 0, again.err


def test_init_names_the_files_it_was_given(ae: Run, folder: Path) -> None:
    ae("init", folder)
    text = (folder / "study.toml").read_text("utf-8")
    assert 'exposure = "ex.csv"' in text
    assert 'disposition = "ds.csv"' in text
    assert "# [columns.exposure]" in text
    by_study = ae("summarize", "--study", folder / "study.toml", "--format", "json").json
    assert [column["N"] for column in by_study["groups"]] == [2, 2]


def test_columns_shows_how_every_file_was_understood(ae: Run, folder: Path) -> None:
    out = ae("columns", folder).out
    assert "ex.csv: doses" in out
    assert "EXSTDTC  -> Start of the dose" in out


def test_two_files_of_one_kind_are_refused(ae: Run, folder: Path) -> None:
    write_csv(folder / "more.csv", EX)
    run = ae("validate", folder / "ae.csv", "--with", folder / "ex.csv", "--with",
             f"exposure={folder / 'more.csv'}")  # fmt: skip
    assert run.code == 2
    assert "second file of exposure" in run.err


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ((("a", "b"), ("1", "2")), "say it: --with exposure="),  # nothing tells what it is
        (None, "does not exist"),
    ],
)
def test_a_file_that_cannot_be_told_is_asked_about(
    ae: Run, folder: Path, rows: Any, word: str
) -> None:
    path = folder / "what.csv"
    if rows:
        write_csv(path, rows)
    run = ae("validate", folder / "ae.csv", "--with", path)
    assert run.code == 2
    assert word in run.err
    assert "Traceback" not in run.err


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do(ae: Run, folder: Path) -> None:
    run = ae("validate", folder / "ae.csv", "--with", f"doses={folder / 'ex.csv'}")
    assert run.code == 2
    assert "exposure" in run.err


def test_tables_of_results_refuse_what_they_do_not_read(ae: Run, folder: Path) -> None:
    run = ae("summarize", "by", "lab", folder / "lb.csv", "--with", folder / "ds.csv")
    assert run.code == 2
    assert "does not read files of disposition" in run.err
    run = ae("summarize", "by", "lab", folder / "lb.csv", "--labs", folder / "lb.csv")
    assert run.code == 2
    assert "--labs is for the log" in run.err


def test_the_python_door_takes_files_and_records(folder: Path) -> None:
    others = {"exposure": folder / "ex.csv", "disposition": folder / "ds.csv"}
    by_file = api.check(folder / "ae.csv", folder / "dm.csv", others=others)
    records = {
        name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for name, rows in FILES.items()
    }
    by_record = api.check(
        records["ae"], records["dm"],
        others={"exposure": records["ex"], "disposition": records["ds"]},
    )  # fmt: skip
    assert [f.rule for f in by_file.findings] == [f.rule for f in by_record.findings]
    assert any(f.rule == "AE-XDS-12" for f in by_file.findings)


def test_the_python_door_refuses_what_it_would_leave_out(folder: Path) -> None:
    with pytest.raises(InputError, match="no kind of records 'doses'"):
        api.check(folder / "ae.csv", others={"doses": folder / "ex.csv"})
    with pytest.raises(InputError, match="one is a file, the other records"):
        api.check(folder / "ae.csv", [{"USUBJID": "01"}])
