"""How a log's terms meet CTCAE: its version, other words, logs coded in MedDRA."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, write_csv

from ae_cli.config import Config
from ae_cli.ctcae import VERSIONS
from ae_cli.read import read_log
from ae_cli.study import Choices, Study, from_log

HEADER = ("Subject ID", "Adverse event", "CTCAE grade", "Start date")


def log(folder: Path, *events: tuple[str, str], header: tuple[str, ...] = HEADER) -> Path:
    rows = [(f"S{i}", term, grade, "2024-03-04") for i, (term, grade) in enumerate(events, 1)]
    return write_csv(folder / "ae.csv", (header, *rows))


def study(path: Path, **config: object) -> Study:
    chosen = Config.model_validate(config)
    return from_log(read_log([path], config=chosen), chosen, Choices())


def rules(ae: Run, path: Path, *words: str) -> dict[str, list[str]]:
    """The messages of each rule of CTCAE."""
    found: dict[str, list[str]] = {}
    for finding in ae("validate", path, "--format", "json", *words).json["findings"]:
        if finding["rule"].startswith("AE-CTC"):
            found.setdefault(finding["rule"], []).append(finding["message"])
    return found


OWN = [("Nausea", "2"), ("Vomiting", "1"), ("Fever", "1"), ("Fatigue", "2"), ("Chills", "1")]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_is_chosen_by_option_or_study_file(
    ae: Run, tmp_path: Path, version: str
) -> None:
    path = log(tmp_path, *OWN, ("Asystole", "3"))
    expected = {} if version == "6.0" else {"AE-CTC-03"}
    assert set(rules(ae, path, "--ctcae", version)) == set(expected)
    (tmp_path / "study.toml").write_text(f'ctcae = "{version}"\n', "utf-8")
    assert set(rules(ae, path)) == set(expected)
    for shown in ("table", "markdown", "json"):
        page = ae("summarize", "by", "group", path, "--n", "All participants=6", "--format", shown)
        assert f"CTCAE {version}" in page.out, shown


def test_the_option_comes_before_the_study_file(ae: Run, tmp_path: Path) -> None:
    path = log(tmp_path, *OWN, ("Asystole", "3"))
    (tmp_path / "study.toml").write_text('ctcae = "6.0"\n', "utf-8")
    assert rules(ae, path, "--ctcae", "5.0") == {
        "AE-CTC-03": ["CTCAE has no grade 3 for Asystole: it has 1, 4 and 5"]
    }


def test_an_unknown_version_is_an_error(ae: Run, tmp_path: Path) -> None:
    done = ae("validate", log(tmp_path, *OWN), "--ctcae", "5.1")
    assert done.code == 2 and "4.03, 5.0, 6.0" in done.err


def test_another_word_is_a_term_and_said(ae: Run, tmp_path: Path) -> None:
    found = rules(ae, log(tmp_path, *OWN, ("neutropenia", "5")))
    assert found == {
        "AE-CTC-04": [
            "CTCAE has no grade 5 (death) for Neutrophil count decreased: it has 1, 2, 3 and 4"
        ],
        "AE-CTC-15": [
            "neutropenia is taken for Neutrophil count decreased: its grades are checked as that"
        ],
    }


def test_a_doubtful_word_is_only_suggested(ae: Run, tmp_path: Path) -> None:
    done = ae("validate", log(tmp_path, *OWN, ("AF", "1")), "--format", "json").json
    found = [f for f in done["findings"] if f["rule"] == "AE-CTC-02"]
    assert [f["message"] for f in found] == ["AF is not a term of CTCAE 5.0"]
    assert "did you mean Atrial fibrillation" in found[0]["fix"]


def test_a_term_of_another_version_is_named_with_what_it_became(ae: Run, tmp_path: Path) -> None:
    path = log(tmp_path, *OWN, ("Edema limbs", "2"))
    assert rules(ae, path) == {}
    assert rules(ae, path, "--ctcae", "6.0") == {
        "AE-CTC-11": [
            "Edema limbs is a term of CTCAE 4.03 and 5.0, not of 6.0: in 6.0 it is Peripheral edema"
        ]
    }


def test_a_log_in_meddra_is_asked_only_about_terms_that_are_ctcae_s(
    ae: Run, tmp_path: Path
) -> None:
    """Its own words are no terms of CTCAE, also where CTCAE has another word for them."""
    foreign = [(f"Injection site reaction {i}", "1") for i in "abcdef"]
    path = log(tmp_path, *foreign, ("Nausea", "4"), ("Neutropenia", "5"), ("Syncope", "2"))
    assert not study(path).ctcae_coded
    assert set(rules(ae, path)) == {"AE-CTC-03", "AE-CTC-05"}
    said = ae("validate", path, "--format", "json").json["notes"]
    assert said == [
        "CTCAE 5.0: grades are checked for 2 of 9 terms, those that are CTCAE's, as in a log coded "
        "in MedDRA"
    ]


def test_aliases_do_not_make_a_log_one_of_ctcae(tmp_path: Path) -> None:
    words = [("Neutropenia", "1"), ("Leukopenia", "1"), ("Hyperbilirubinemia", "1")]
    assert not study(log(tmp_path, *words, ("Nausea", "1"))).ctcae_coded
    coded = study(log(tmp_path, *words, ("Nausea", "1")), coded_in="CTCAE")
    assert coded.ctcae_coded and coded.ctcae_share() == (4, 4)


def test_a_log_full_of_another_version_s_terms_is_not_taken_for_meddra(
    ae: Run, tmp_path: Path
) -> None:
    """Read by the wrong version it would pass in silence."""
    old = ["Platelet count decreased", "Lymphocyte count decreased", "CPK increased"]
    path = log(tmp_path, ("Nausea", "1"), ("Vomiting", "1"), *((term, "3") for term in old))
    assert study(path, ctcae="6.0").ctcae_coded
    assert len(rules(ae, path, "--ctcae", "6.0")["AE-CTC-11"]) == len(old)
    assert rules(ae, path, "--ctcae", "5.0") == {}


def test_a_header_of_another_version_is_noted(ae: Run, tmp_path: Path) -> None:
    path = log(tmp_path, *OWN, header=(*HEADER[:2], "CTCAE v4.03 grade", HEADER[3]))
    notes = ae("validate", path, "--format", "json").json["files"][0]["notes"]
    assert any("names CTCAE 4.03, and its grades are checked by 5.0" in note for note in notes)
    assert not ae("validate", path, "--format", "json", "--ctcae", "4.03").json["files"][0]["notes"]


def test_a_code_of_another_term_is_noted(ae: Run, tmp_path: Path) -> None:
    rows = [("USUBJID", "AETERM", "AELLTCD"), ("1", "Nausea", "10028813"), ("2", "Fever", "1")]
    found = rules(ae, write_csv(tmp_path / "ae.csv", rows))
    assert found["AE-CTC-13"] == ["CTCAE has Fever under the code 10016558"]
