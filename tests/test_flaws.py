"""What is wrong with how a cell is written: said once, where it stands, and never repaired."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.config import Limits
from ae_cli.read import flaws
from ae_cli.read.sas import read_xport
from ae_cli.rules import check
from ae_cli.rules.examples import EVENT
from ae_cli.rules.records import study_of


def found(*rows: dict[str, str], only: str) -> list[tuple[int | None, tuple[int, ...], str]]:
    report = check(study_of([EVENT | row for row in rows]), only=[only])
    return [(f.row, f.rows, f.message) for f in report.findings]


def test_the_cells_of_a_column_are_one_finding() -> None:
    rows = ({"term": " Rash"}, {"term": "Rash"}, {"term": "\tFever"}, {"term": " Rash"})
    assert found(*rows, only="TYP-04") == [
        (1, (1, 3, 4), "term: ' Rash': begins with a space, and 1 other text of the column")
    ]
    assert found({"term": " Rash", "end": "."}, only="TYP-04") == [
        (1, (), "term: ' Rash': begins with a space"),
        (1, (), "end: '.': a dot alone, which is read as blank"),
    ]


def test_the_key_of_a_column_outlives_its_first_row() -> None:
    report = [
        check(study_of([EVENT | {"term": t, "subject": s} for s, t in rows]), only=["TYP-04"])
        for rows in ((("S1", " Rash"), ("S2", " Rash")), (("S1", "Rash"), ("S2", " Rash")))
    ]
    first, then = (r.findings[0] for r in report)
    assert first.key == then.key and first.subject is None


def test_a_word_in_a_column_of_two_fields_is_one_finding() -> None:
    row = {"USUBJID": "S1", "AETERM": "Rash", "AESTDTC": "2024-03-04", "AESEQ": "1"}
    for word in ("STILL ON", "Y", "ongoing", "after "):
        report = check(study_of([row | {"AEENRTPT": word}]))
        met = [f.rule for f in report.findings if "AEENRTPT" in f.columns]
        assert met == ([] if word == "after" else ["AE-COD-16"]), word
    report = check(study_of([row | {"AEENRTPT": "AFTER"}]))
    assert not [f for f in report.findings if "AEENRTPT" in f.columns]


def test_a_code_in_words_is_no_flaw() -> None:
    """A text is looked at as it stands in the file."""
    config = {"codes": {"events": {"term": {"1": "Rash"}}}}
    report = check(study_of([EVENT | {"term": " 1"}], config=config), only=["TYP-04"])
    assert [f.values for f in report.findings] == [(" 1",)]


@examples(200)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Co", "Cn")), max_size=20))
def test_text_of_any_language_is_not_taken_for_garbled(text: str) -> None:
    """But for the few pairs of letters that are known of wrong decoding."""
    odd = any(c in "\ufffdÃÂ锟" or "à" <= c <= "ï" for c in text)
    rules = [f.rule for f in flaws.of_text(pl.Series("x", [text]), "soc", False)]
    assert flaws.GARBLED not in rules or odd


@pytest.mark.parametrize("text", ["Sjögren’s", "µg", "头痛", "naïve", "5 °C", "ÂGE"])
def test_utf8_read_as_windows_1252_is_told(text: str) -> None:
    wrong = text.encode().decode("cp1252", "replace")
    rules = [[f.rule for f in flaws.of_text(pl.Series("x", [t]), "soc", False)]
             for t in (text, wrong)]  # fmt: skip
    assert rules[0] == []
    assert rules[1] == [flaws.GARBLED] or text == "ÂGE"


@pytest.mark.parametrize("version", [5, 8])
def test_labels_of_transport_files_are_kept(tmp_path: Path, version: int) -> None:
    import pyreadstat

    target = tmp_path / "ae.xpt"
    pyreadstat.write_xport(
        pl.DataFrame({"AETERM": ["Rash"], "AESEQ": [1.0]}), target, file_format_version=version,
        column_labels={"AETERM": "Reported term"},
    )  # fmt: skip
    (sheet,) = read_xport("ae.xpt", target.read_bytes(), Limits())
    assert sheet.labels == {"AETERM": "Reported term", "AESEQ": ""}


def test_long_names_are_said_of_a_transport_file_alone(tmp_path: Path) -> None:
    import pyreadstat

    from ae_cli.study import open_study

    frame = pl.DataFrame(
        {"USUBJID": ["S1"], "AETERM": ["Rash"], "AETOXGR": ["1"], "AESEQ": ["1"], "AESER": ["N"],
         "AESTDTC": ["2024-01-01"], "AESTARTDTC": ["2024-01-01"]}
    )  # fmt: skip
    target = tmp_path / "ae.xpt"
    pyreadstat.write_xport(frame, target, file_format_version=8)
    report = check(open_study([target]), only=["TYP-08"])
    assert [f.message for f in report.findings] == ["in characters, the name AESTARTDTC has 10"]
    frame.write_csv(tmp_path / "ae.csv")
    report = check(open_study([tmp_path / "ae.csv"]), only=["TYP-08"])
    assert "transport" in report.rules[0].reason
