"""The other files of a study: a folder, --with, study.toml and the Python door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import Rows, Run, write_csv, write_xlsx
from openpyxl import load_workbook

from ae_cli import api
from ae_cli.cli.writing import SUFFIXES
from ae_cli.errors import InputError
from ae_cli.rules import check
from ae_cli.rules.records import study_of

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
LB = (
    ("STUDYID", "DOMAIN", "USUBJID", "LBTESTCD", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI",
     "LBDTC"),
    ("T", "LB", "01", "ALT", "20", "U/L", "7", "40", "2024-02-28"),
    ("T", "LB", "01", "ALT", "300", "U/L", "7", "40", "2024-03-08"),
)  # fmt: skip
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


def test_a_folder_of_transport_files_gives_the_same(ae: Run, folder: Path, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    home = tmp_path / "xpt"
    home.mkdir()
    for name, rows in FILES.items():
        frame = pl.DataFrame(dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True)))
        pyreadstat.write_xport(frame, str(home / f"{name}.xpt"), table_name=name)
    tables = [ae("summarize", each, "--format", "json").json for each in (folder, home)]
    assert tables[0]["rows"] == tables[1]["rows"]
    assert tables[0]["groups"] == tables[1]["groups"]


def renamed(rows: Rows, **names: str) -> Rows:
    return (tuple(names.get(header, header) for header in rows[0]), *rows[1:])


def test_a_folder_of_adam_names_is_told_too(ae: Run, tmp_path: Path) -> None:
    write_csv(tmp_path / "adae.csv", renamed(AE, AESTDTC="ASTDT"))
    write_csv(tmp_path / "adsl.csv", renamed(DM, ARM="TRT01A"))
    write_csv(tmp_path / "adex.csv", renamed(EX, EXSTDTC="ASTDT"))
    write_csv(tmp_path / "adtte.csv", (("USUBJID", "AVAL"), ("01", "3")))
    run = ae("summarize", "by", "group", tmp_path, "--format", "json")
    assert [column["N"] for column in run.json["groups"]] == [2, 2]
    for name, role in (("adae", "events"), ("adsl", "participants"), ("adex", "doses")):
        assert f"{role}: {tmp_path / f'{name}.csv'}" in run.err
    assert "not read: adtte.csv (another data set)" in run.err


def test_sdtm_goes_before_adam_and_a_name_before_columns(ae: Run, folder: Path) -> None:
    write_csv(folder / "adex.csv", EX)
    write_csv(folder / "given.csv", EX)
    err = ae("validate", folder).err
    assert f"doses: {folder / 'ex.csv'}" in err
    assert "not read: adex.csv, given.csv (doses are read from ex.csv)" in err
    (folder / "ex.csv").unlink()
    assert f"doses: {folder / 'adex.csv'}" in ae("validate", folder).err


def test_two_files_of_a_folder_are_asked_about_and_the_answer_helps(ae: Run, folder: Path) -> None:
    (folder / "ex.csv").rename(folder / "one.csv")
    write_csv(folder / "two.csv", EX[:2])
    run = ae("summarize", folder)
    assert run.code == 2
    assert "several files could be the doses: one.csv, two.csv" in run.err
    answer = f"--with exposure={folder / 'one.csv'}"
    assert answer in run.err
    again = ae("summarize", folder, *answer.split(), "--format", "json")
    assert [column["N"] for column in again.json["groups"]] == [2, 2]
    assert "not read: two.csv (doses are named: one.csv)" in again.err
    (folder / "study.toml").write_text('[files]\nexposure = "two.csv"\n', "utf-8")
    by_study = ae("summarize", folder, "--format", "json").json
    assert [column["N"] for column in by_study["groups"]] == [1, 1]


def test_what_is_no_table_is_left_and_what_cannot_be_read_is_not(ae: Run, folder: Path) -> None:
    (folder / "about.json").write_text('{"made": {"by": ["hand"]}}', "utf-8")
    (folder / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    run = ae("validate", folder)
    assert "not read: about.json (no table)" in run.err
    assert "not read: notes.csv (of no known kind)" in run.err
    (folder / "more.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    run = ae("validate", folder)
    assert run.code == 2
    assert "more.xlsx" in run.err


def test_results_that_sdtm_splits_are_read_together(ae: Run, folder: Path) -> None:
    for name, test in (("lbch", "ALT"), ("lbhe", "PLAT")):
        write_csv(folder / f"{name}.csv", [LB[0], *((*r[:3], test, *r[4:]) for r in LB[1:])])
    files = ae("validate", folder, "--format", "json").json["files"]
    read = [Path(f["path"]).name for f in files if f["role"] == "results"]
    assert read == ["lbch.csv", "lbhe.csv"]


def test_baselines_follow_the_dose_records(ae: Run, folder: Path) -> None:
    """The result before the dose is the baseline, in the table and against the events."""
    write_csv(folder / "lb.csv", LB)
    notes = ae("summarize", "by", "lab", folder, "--format", "json").json["footnotes"]
    assert any(note.startswith("First dose: the first of the dose records") for note in notes)
    assert not any(note.startswith("Results without a baseline") for note in notes)
    page = ae("validate", folder, "--format", "json").json
    said = [f["message"] for f in page["findings"] if f["rule"] == "AE-XDS-27"]
    assert len(said) == 1
    assert "worse than at baseline" in said[0]
    alone = ae("summarize", "by", "lab", folder / "lb.csv", "--with", folder / "ex.csv",
               "--subjects", folder / "dm.csv", "--format", "json").json  # fmt: skip
    assert alone["footnotes"] == notes


def test_a_dose_without_a_date_is_a_dose(ae: Run, folder: Path) -> None:
    """01's date is blank, 03's is unreadable: both were dosed, and neither leaves N."""
    undated = (EX[0], (*EX[1][:5], ""), EX[2], ("T", "EX", "03", "Cells", "5", "soon"))
    write_csv(folder / "ex.csv", undated)
    page = ae("summarize", folder, "--format", "json").json
    assert [column["N"] for column in page["groups"]] == [2, 1, 3]
    events = next(row for row in page["rows"] if row["key"] == "events")
    assert [cell["events"] for cell in events["cells"]] == [1, 0, 1]  # 02's began before the dose
    said = "\n".join(page["footnotes"])
    assert "Participants whose dose records have no date that can be read: 2." in said


@pytest.mark.parametrize(
    ("changes", "N"),
    [
        ({"EXTRT": "Placebo", "EXDOSE": "0"}, 1),
        ({"EXDOSE": "0"}, None),
        ({"EXDOSE": "0.0"}, None),
        ({"EXDOSE": ""}, 1),
    ],
)
def test_a_dose_of_nothing_is_none_unless_of_placebo(
    ae: Run, folder: Path, changes: dict[str, str], N: int | None
) -> None:
    third = dict(zip(EX[0], ("T", "EX", "03", "Cells", "5", "2024-03-01"), strict=True)) | changes
    write_csv(folder / "ex.csv", (*EX[:3], tuple(third.values())))
    groups = ae("summarize", folder, "--format", "json").json["groups"]
    assert {column["name"]: column["N"] for column in groups}.get("High") == N


def test_identifiers_that_meet_nobody_exclude_every_row_and_change_no_number(
    ae: Run, folder: Path
) -> None:
    without = ae("summarize", folder / "ae.csv", "--subjects", folder / "dm.csv", "--format",
                 "json").json  # fmt: skip
    write_csv(folder / "ex.csv", (EX[0], *((*r[:2], f"T-{r[2]}", *r[3:]) for r in EX[1:])))
    page = ae("validate", folder, "--format", "json").json
    file = next(f for f in page["files"] if f["path"].endswith("ex.csv"))
    assert (file["rows_read"], file["rows_used"], file["rows_excluded"]) == (4, 0, 4)
    reasons = {e["reason"] for e in page["excluded"] if e["file"].endswith("ex.csv")}
    assert reasons == {"participant is in neither the log nor the participant file"}
    table = ae("summarize", folder, "--format", "json").json
    assert table["rows"] == without["rows"]


def test_the_reference_date_gives_way_to_doses_only_where_they_know_somebody(
    ae: Run, folder: Path
) -> None:
    write_csv(folder / "dm.csv", [(*DM[0], "RFSTDTC"), *((*r, "2024-03-01") for r in DM[1:])])
    said = ae("summarize", folder, "--format", "json").json
    assert [column["N"] for column in said["groups"]] == [2, 2]
    write_csv(folder / "ex.csv", (EX[0], ("T", "EX", "99", "Cells", "5", "2024-03-01")))
    by_reference = ae("summarize", folder, "--format", "json").json
    assert [column["N"] for column in by_reference["groups"]] == [2, 1, 3]
    assert any("RFSTDTC" in note for note in by_reference["footnotes"])


def test_a_blank_column_of_first_doses_gives_way_to_doses(ae: Run, folder: Path) -> None:
    write_csv(folder / "dm.csv", [(*DM[0], "RFXSTDTC"), *((*r, "") for r in DM[1:])])
    groups = ae("summarize", folder, "--format", "json").json["groups"]
    assert [column["N"] for column in groups] == [2, 2]


def test_every_page_says_whose_first_dose_is_used(ae: Run, folder: Path, tmp_path: Path) -> None:
    html, book = tmp_path / "f.html", tmp_path / "t.xlsx"
    ae("validate", folder, "-o", html)
    assert "first dose: by the dose records" in html.read_text("utf-8")
    ae("export", "xlsx", folder, "-o", book)
    cells = [str(c) for sheet in load_workbook(book) for row in sheet.iter_rows(values_only=True)
             for c in row]  # fmt: skip
    assert any(cell.startswith("First dose: the first of the dose records") for cell in cells)
    assert "dose records" not in ae("validate", folder / "ae.csv", "--format", "full").out


def test_a_file_of_the_wrong_kind_names_the_lines_that_would_settle_it(
    ae: Run, folder: Path
) -> None:
    run = ae("validate", folder / "ae.csv", "--with", f"exposure={folder / 'ds.csv'}")
    assert run.code == 2
    assert "ds.csv: no column was recognised as start (Start of the dose)" in run.err
    assert "[columns.exposure]\n" in run.err


def test_one_workbook_may_hold_the_whole_study(ae: Run, folder: Path, tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "study.xlsx", {name.upper(): rows for name, rows in FILES.items()})
    alone = ae("summarize", book, "--format", "json").json
    assert [column["N"] for column in alone["groups"]] == [2, 1, 3]
    run = ae("validate", book, "--with", f"exposure={book}", "--with", f"disposition={book}",
             "--format", "json")  # fmt: skip
    read = {f["sheet"]: (f["role"], f["rows_read"], f["rows_used"]) for f in run.json["files"]}
    assert read == {"AE": ("events", 2, 1), "DM": ("participants", 3, 2), "EX": ("doses", 4, 3),
                    "DS": ("disposition", 1, 1)}  # fmt: skip


def test_the_log_is_converted_with_its_qualifiers(ae: Run, folder: Path, tmp_path: Path) -> None:
    supp = (("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL"),
            ("AE", "01", "AESEQ", "1", "AETRTEM", "Y"))  # fmt: skip
    write_csv(folder / "suppae.csv", supp)
    out = tmp_path / "clean.csv"
    run = ae("convert", folder / "ae.csv", "--with", folder / "suppae.csv", "-o", out)
    assert run.code == 0, run.err
    assert "TRTEMFL" in out.read_text("utf-8").splitlines()[0]
    run = ae("convert", folder / "ae.csv", "--with", folder / "ds.csv", "-o", out, "--force")
    assert run.code == 2
    assert "it reads events, participants, qualifiers" in run.err


def test_of_two_logs_in_a_folder_one_is_named(ae: Run, folder: Path) -> None:
    (folder / "ae.csv").rename(folder / "log.csv")
    write_csv(folder / "old.csv", AE[:2])
    run = ae("validate", folder)
    assert run.code == 2
    assert "several files could be the events: log.csv, old.csv" in run.err
    log = f"events={folder / 'log.csv'}"
    page = ae("validate", folder, "--with", log, "--format", "json").json
    assert next(f for f in page["files"] if f["role"] == "events")["rows_read"] == 2
    run = ae("validate", folder / "log.csv", "--with", log)
    assert run.code == 2
    assert "second file of events" in run.err
    (folder := folder / "with blanks").mkdir()
    for name in ("log.csv", "old.csv"):
        write_csv(folder / name, AE)
    assert f'--with "events={folder / "log.csv"}"' in ae("validate", folder).err


def test_results_in_the_folder_of_a_study_are_no_data_of_it(ae: Run, tmp_path: Path) -> None:
    """Everything that validate, summarize and export write beside the log they are made of."""
    log = write_xlsx(tmp_path / "log.xlsx", {"Events": AE})
    write_csv(tmp_path / "dm.csv", DM)
    results = [tmp_path / f"found{suffix}" for suffix in SUFFIXES]
    words = [word for result in results for word in ("-o", result)]
    more = ("--queries", tmp_path / "queries.xlsx", "--marked", tmp_path / "marked.xlsx")
    before = ae("validate", tmp_path, "--format", "json")
    assert before.code == 0, before.err
    ae("validate", log, *words, *more)
    ae("export", "xlsx", log, "-o", tmp_path / "tables.xlsx")
    (tmp_path / "table.csv").write_text(ae("summarize", "by", "group", log, "--format", "csv").out)
    ran = ae("validate", tmp_path, "--format", "json")
    assert ran.code == 0, ran.err
    assert ran.json["files"] == before.json["files"]
    ours = (
        "found.csv", "found.txt", "found.xlsx", "marked.xlsx", "queries.xlsx", "table.csv",
        "tables.xlsx",
    )  # fmt: skip
    assert f"not read: {', '.join(ours)} (written by ae-cli)" in ran.err


def test_a_folder_says_the_same_once_init_was_there(ae: Run, folder: Path) -> None:
    before = ae("summarize", folder, "--format", "json").json
    assert ae("init", folder).code == 0
    after = ae("summarize", folder, "--format", "json")
    assert f"study file: {folder / 'study.toml'}" in after.err
    assert after.json["rows"] == before["rows"]
    assert after.json["footnotes"] == before["footnotes"]


def test_names_of_files_are_shown_and_not_obeyed(ae: Run, folder: Path) -> None:
    (folder / "[bold]\x1b[31mnotes.csv").write_text("a,b\n1,2\n", "utf-8")
    err = ae("validate", folder).err
    assert "\x1b" not in err
    assert "[bold]" in err


# Dates that are not known


def excluded(events: list[dict[str, str]], doses: list[dict[str, str]], **study: Any) -> list[Any]:
    """Why each event is not counted, of one participant with these doses; None where it is."""
    people = [{"subject": "S1", "arm": "A"}]
    given = [{"subject": "S1", "treatment": "Cells", "dose": "5"} | dose for dose in doses]
    events = [{"subject": "S1", "term": "Rash", "grade": "2"} | event for event in events]
    made = study_of(events, people, study, others={"exposure": given})
    return made.events["excluded"].to_list()


@pytest.mark.parametrize("end", ["ongoing", "", "end of June"])
def test_a_treatment_that_goes_on_ends_no_window(end: str) -> None:
    window = {"days_after_last_dose": 30}
    late = [{"start": "2024-06-28"}]
    assert excluded(late, [{"start": "2024-01-01", "end": end}], window=window) == [None]
    ended = [{"start": "2024-01-01", "end": "2024-01-05"}]
    assert excluded(late, ended, window=window) == ["began after the observation window"]
    assert excluded(late, [*ended, {"start": "2024-03-01", "end": end}], window=window) == [None]


@pytest.mark.parametrize("start", ["", "mid January"])
def test_a_dose_without_a_date_may_be_the_first(start: str) -> None:
    early = [{"start": "2024-01-28"}]
    known = {"start": "2024-02-01", "end": "2024-02-01"}
    assert excluded(early, [known]) == ["began before the first dose"]
    assert excluded(early, [known, {"start": start, "end": ""}]) == [None]
    assert excluded(early, [known, {"start": start, "dose": "0"}]) == [
        "began before the first dose"
    ]


def test_two_dates_of_death_in_the_disposition_are_both_told(ae: Run, tmp_path: Path) -> None:
    twice = (DS[0], DS[1], (*DS[1][:-1], "2024-04-01"))
    write_csv(tmp_path / "ds.csv", twice)
    write_csv(tmp_path / "ae.csv", AE)
    result = ae("validate", tmp_path / "ae.csv", "--with", tmp_path / "ds.csv", "--format", "json")
    assert result.code == 1
    assert "AE-XDS-53" in rules(result.json)
    (deaths,) = (each for each in result.json["listings"] if each["name"] == "deaths")
    assert deaths["rows"] == [
        ["02", "died per disposition; neither the log nor the participant file says so; dates of "
         "death differ: 2024-03-20 per disposition, 2024-04-01 per disposition"]
    ]  # fmt: skip


def test_dates_that_cannot_be_read_make_no_copies() -> None:
    """Two rows without a date are the same; "yesterday" and "last week" are not, nor are blank."""
    starts = ("", "yesterday", "", "last week")
    doses = [{"subject": "S1", "treatment": "X", "dose": "5", "start": start} for start in starts]
    events = [{"subject": "S1", "term": "Nausea", "grade": "2", "start": start} for start in starts]
    study = study_of(events, others={"exposure": doses})
    found = check(study, only=["XRC-02", "XDS-26"]).findings
    assert sorted((finding.rule, finding.records) for finding in found) == [
        ("AE-XDS-26", 2), ("AE-XRC-02", 2),
    ]  # fmt: skip
