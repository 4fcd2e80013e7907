"""The table by withdrawal: by hand, by the log alone, and what it shares with other tables."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from conftest import Rows, Run, write_csv
from hypothesis import given
from studies import Made, examples, studies
from test_time_tables import cells_of

from ae_cli.reports import REPORTS

MSG = Path(__file__).parents[2] / "shared" / "data" / "sdtm-msg"
AE = (
    ("USUBJID", "AETERM", "AEACN", "AESTDTC"),
    ("01", "Nausea", "DRUG WITHDRAWN", "2024-01-05"),
    ("02", "Rash", "DRUG WITHDRAWN", "2024-01-05"),
    ("03", "Fall", "DOSE NOT CHANGED", "2024-01-05"),
)
DM = (
    ("USUBJID", "ARM", "RFXSTDTC"),
    *((f"0{i}", "Low" if i < 4 else "High", "2024-01-01") for i in range(1, 7)),
    ("07", "High", ""),
)
DS = (
    ("USUBJID", "DSSCAT", "DSDECOD", "DSTERM", "DSSTDTC"),
    ("01", "STUDY TREATMENT", "ADVERSE EVENT", "nausea", "2024-01-06"),
    ("01", "STUDY PARTICIPATION", "WITHDRAWAL BY SUBJECT", "", "2024-01-20"),
    ("02", "STUDY TREATMENT", "Physician  decision", "", "2024-01-06"),
    ("02", "STUDY PARTICIPATION", "COMPLETED", "", "2024-03-01"),
    ("03", "STUDY TREATMENT", "COMPLETED", "", "2024-01-15"),
    ("03", "STUDY PARTICIPATION", "COMPLETED", "", "2024-03-01"),
    ("04", "STUDY TREATMENT", "PHYSICIAN DECISION", "", "2024-01-06"),
    ("04", "STUDY PARTICIPATION", "DEATH", "", "2024-02-01"),
    ("05", "STUDY TREATMENT", "PHYSICIAN DECISION", "", "2024-02-20"),
    ("07", "STUDY PARTICIPATION", "SCREEN FAILURE", "", "2024-01-01"),
)


def page(ae: Run, folder: Path, ds: Rows | None = DS, log: Rows = AE) -> dict[str, Any]:
    words: list[Any] = [
        write_csv(folder / "ae.csv", log), "--subjects", write_csv(folder / "dm.csv", DM),
        "--order", "Low,High",
    ]  # fmt: skip
    if ds:
        words += ["--with", f"disposition={write_csv(folder / 'ds.csv', ds)}"]
    done = ae("summarize", "by", "withdrawal", *words, "--format", "json")
    assert done.code == 0, done.err
    rows = {row["key"]: row["cells"] for row in done.json["rows"]}
    return rows | {"said": "\n".join(done.json["footnotes"])}


def numbers(found: dict[str, Any], start: str) -> dict[str, list[int]]:
    return {k: [c["n"] for c in found[k]] for k in found if k.startswith(start)}


def test_reasons_by_hand(ae: Run, tmp_path: Path) -> None:
    """Spellings of a reason are one; 06 has no record; 07 was not treated and does not count."""
    found = page(ae, tmp_path)
    assert numbers(found, "left_") == {
        "left_treatment": [2, 2, 4],
        "left_treatment_harm": [1, 0, 1],
        "left_treatment_for_physician_decision": [1, 2, 3],
        "left_treatment_for_adverse_event": [1, 0, 1],
        "left_study": [1, 1, 2],
        "left_study_harm": [0, 1, 1],
        "left_study_for_death": [0, 1, 1],
        "left_study_for_withdrawal_by_subject": [1, 0, 1],
    }
    assert numbers(found, "no_disposition") == {"no_disposition": [0, 1, 1]}
    assert found["left_treatment"][0]["N"] == 3 and "ci" in found["left_treatment"][0]
    assert "Records of disposition of participants who do not count: 1." in found["said"]


def test_what_the_log_says_stands_beside(ae: Run, tmp_path: Path) -> None:
    """02 left for an event by the log, and by a decision by the disposition."""
    found = page(ae, tmp_path)
    assert numbers(found, "drug_withdrawn") == {"drug_withdrawn": [2, 0, 2]}
    assert "no such end of treatment in the disposition: 1 participants." in found["said"]
    unchanged = (AE[0], *((*row[:2], "DOSE NOT CHANGED", row[3]) for row in AE[1:]))
    found = page(ae, tmp_path, log=unchanged)
    assert "log says that it was withdrawn: 1 participants." in found["said"]


def test_without_a_disposition_other_reasons_are_not_known(ae: Run, tmp_path: Path) -> None:
    found = page(ae, tmp_path, None)
    for key in ("left_treatment", "left_study"):
        assert {c["status"] for c in found[key]} == {"not collected"}
    assert numbers(found, "drug_withdrawn") == {"drug_withdrawn": [2, 0, 2]}
    assert {c["status"] for c in found["study_discontinued"]} == {"not collected"}
    assert "who left for another reason than an adverse event is not known" in found["said"]


def test_one_record_a_participant_does_not_tell_which_end(ae: Run, tmp_path: Path) -> None:
    one = (("USUBJID", "DSDECOD"), ("01", "ADVERSE EVENT"), ("03", "COMPLETED"), ("04", ""))
    found = page(ae, tmp_path, one)
    assert numbers(found, "left_") == {
        "left_early": [1, 0, 1], "left_early_harm": [1, 0, 1],
        "left_early_for_adverse_event": [1, 0, 1],
    }  # fmt: skip
    assert "do not tell the end of treatment from that of the study" in found["said"]


def test_a_completed_suicide_completes_nothing(ae: Run, tmp_path: Path) -> None:
    ds = (*DS[:1], ("05", "STUDY TREATMENT", "DEATH", "COMPLETED SUICIDE", "2024-02-20"), DS[3])
    found = numbers(page(ae, tmp_path, ds), "left_treatment")
    assert found["left_treatment_for_death"] == found["left_treatment_harm"] == [0, 1, 1]
    assert found["left_treatment"] == [1, 1, 2]


def test_a_record_after_the_cut_off_is_not_used(ae: Run, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("cut_off = 2024-02-10\n")
    found = page(ae, tmp_path)
    assert numbers(found, "left_treatment")["left_treatment"] == [2, 1, 3]
    assert "Records of disposition after the cut-off, not used: 3." in found["said"]


def test_reasons_that_differ_in_marks_alone_have_keys_of_their_own(
    ae: Run, tmp_path: Path
) -> None:  # fmt: skip
    marks = (("USUBJID", "DSDECOD"), ("01", "LOST/UNKNOWN"), ("02", "LOST-UNKNOWN"))
    found = numbers(page(ae, tmp_path, marks), "left_early_for")
    assert found == {
        "left_early_for_lost_unknown": [1, 0, 1], "left_early_for_lost_unknown_2": [1, 0, 1],
    }  # fmt: skip


def test_a_log_that_says_nothing_of_it_has_no_table(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [row[:2] for row in AE])
    ds = write_csv(tmp_path / "ds.csv", DS)
    for words in ([log], [log, "--with", f"disposition={ds}"]):
        done = ae("summarize", "by", "withdrawal", *words)
        assert (done.code, done.out) == (2, "") and "nothing says who left" in done.err


@pytest.mark.skipif(not MSG.is_dir(), reason="the folder of data is not beside the project")
def test_a_published_study(ae: Run) -> None:
    """Against a count of its DS written another way: of the treated, by DSSCAT and DSDECOD."""
    done = ae("summarize", "by", "withdrawal", MSG, "--format", "json").json
    found = {row["key"]: row["cells"] for row in done["rows"]}
    ds, dm = (
        pyreadstat.read_xport(MSG / f"msg_sdtm_{name}.xpt", output_format="polars")[0].to_dicts()
        for name in ("ds", "dm")
    )
    arms = {row["USUBJID"]: row["ACTARM"] for row in dm if row["RFXSTDTC"]}
    counted: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in ds:
        if row["USUBJID"] in arms and row["DSDECOD"] != "COMPLETED":
            counted[row["DSSCAT"], row["DSDECOD"], arms[row["USUBJID"]]].add(row["USUBJID"])
    for which in ("treatment", "study"):
        of = {"treatment": "STUDY TREATMENT", "study": "STUDY PARTICIPATION"}[which]
        reasons = {reason for scat, reason, _ in counted if scat == of}
        assert len(reasons) > 3
        for reason in reasons:
            cells = found[f"left_{which}_for_{reason.lower().replace(' ', '_')}"][:-1]
            assert [c["n"] for c in cells] == [len(counted[of, reason, c["group"]]) for c in cells]


@examples(25)
@given(studies())
def test_its_rows_are_those_of_the_table_by_group(made: Made) -> None:
    if REPORTS["withdrawal"].lacks(made.study):
        return
    here, there = (cells_of(made.study, name) for name in ("withdrawal", "group"))
    for key in ("drug_withdrawn", "study_discontinued", "deaths"):
        assert here[key] == there[key]
