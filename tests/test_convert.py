"""Records written back: read again they give the same table, and nothing is left to be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, Run, write_csv
from hypothesis import given
from studies import Made, examples, numbers_of, studies, table_of

from ae_cli.config import Config
from ae_cli.model import AdverseEvent, Subject
from ae_cli.read import Log, sheet_of
from ae_cli.read.standard import iso, standard
from ae_cli.render import data
from ae_cli.study import Choices, from_log
from ae_cli.study.spelled import with_one_spelling
from ae_cli.values import date

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
    assert "not written, of" in ran.err and "Nurse" in ran.err
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


def test_a_sas_file_is_version_5_as_long_as_it_can_be(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
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


def test_a_pattern_that_is_none(ae: Run) -> None:
    ran = ae("validate", "x***")
    assert (ran.code == 2 and "is no pattern of names" in ran.err) or "no file matches" in ran.err
