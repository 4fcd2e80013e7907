"""Dose groups that differ in capitals, spaces or width alone are one group, and that is said."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from studies import Made, examples, studies

from ae_cli.study import groups

HEADER = "Subject ID,Dose group,First dose\n"
LOG = "Subject ID,Adverse event,Grade,Dose group\n1,Nausea,1,low\n3,Nausea,2,high\n"
DOSES = ("Dose 1", "Dose 1", "dose1", "Dose 11", "Dose 1 1", "低 剂量组", "低剂量组", "低剂量组")
ARMS = ("Low", "low", "Ｈｉｇｈ", "LOW  ", "Low")
PEOPLE = "".join(f"{i},{arm},2024-01-01\n" for i, arm in enumerate(ARMS, 1))


def written(folder: Path, study: str = "") -> list[str]:
    (folder / "log.csv").write_text(LOG, "utf-8")
    (folder / "people.csv").write_text(HEADER + PEOPLE, "utf-8")
    (folder / "study.toml").write_text(study, "utf-8")
    paths = [folder / name for name in ("log.csv", "people.csv", "study.toml")]
    return [str(paths[0]), "--subjects", str(paths[1]), "--study", str(paths[2])]


def columns(ae: Run, *words: str) -> list[tuple[str, int]]:
    table = ae("summarize", *words, "--format", "json").json
    return [(c["name"], c["N"]) for c in table["groups"]]


def test_spellings_of_a_group_are_one_column(ae: Run, tmp_path: Path) -> None:
    """The participant file's commonest spelling stands for all of them."""
    words = written(tmp_path)
    assert columns(ae, *words) == [("Low", 4), ("Ｈｉｇｈ", 1), ("Total", 5)]
    notes = [
        n for f in ae("validate", *words, "--format", "json").json["files"] for n in f["notes"]
    ]
    assert "column 'Dose group' (dose group): LOW = Low (1), low = Low (1)" in notes
    assert "column 'Dose group' (dose group): high = Ｈｉｇｈ (1), low = Low (1)" in notes
    assert "Spellings of one group are read as one:" in ae("summarize", *words).out


def test_a_group_with_and_without_a_space_is_one(ae: Run, tmp_path: Path) -> None:
    rows = "".join(f"{i},{arm},2024-01-01\n" for i, arm in enumerate(DOSES, 1))
    words = written(tmp_path)
    Path(words[2]).write_text(HEADER + rows, "utf-8")
    found = columns(ae, *words)
    assert {n: N for n, N in found if N} == {
        "Dose 1": 3, "Dose 11": 1, "Dose 1 1": 1, "低剂量组": 3, "Total": 8,
    }  # fmt: skip


def test_study_toml_says_how_a_group_is_written(ae: Run, tmp_path: Path) -> None:
    names = '[[groups]]\nname = "LOW"\n[[groups]]\nname = "High"\n'
    assert columns(ae, *written(tmp_path, names)) == [("LOW", 4), ("High", 1), ("Total", 5)]


def test_study_toml_may_keep_two_spellings_apart(ae: Run, tmp_path: Path) -> None:
    names = '[[groups]]\nname = "LOW"\n[[groups]]\nname = "Low"\n[[groups]]\nname = "low"\n'
    found = columns(ae, *written(tmp_path, names))
    assert found[:3] == [("LOW", 1), ("Low", 2), ("low", 1)]


def test_a_raised_number_is_another_dose(ae: Run, tmp_path: Path) -> None:
    words = written(tmp_path)
    text = Path(words[2]).read_text("utf-8").replace("Low", "105 cells").replace("low", "10⁵ cells")
    Path(words[2]).write_text(text, "utf-8")
    assert {name for name, _ in columns(ae, *words)} >= {"105 cells", "10⁵ cells"}


def test_the_command_line_may_spell_a_group_its_own_way(ae: Run, tmp_path: Path) -> None:
    names = '[[groups]]\nname = "Low"\n[[groups]]\nname = "High"\n'
    words = written(tmp_path, names)
    assert columns(ae, *words, "--order", "HIGH,low") == [("High", 1), ("Low", 4), ("Total", 5)]
    alone = [words[0], *words[3:]]
    assert columns(ae, *alone, "--n", "LOW=8,high=8") == [("Low", 8), ("High", 8), ("Total", 16)]


def test_the_column_of_the_groups_named_by_its_header(ae: Run, tmp_path: Path) -> None:
    words = written(tmp_path)
    assert columns(ae, *words, "--group", "Dose group") == columns(ae, *words)


@examples(15)
@given(studies(most=20), st.randoms(use_true_random=False))
def test_spelling_a_group_otherwise_changes_no_number(made: Made, random: Random) -> None:
    """Whoever is in a group stays in it, and nobody comes to it."""

    def otherwise(text: str) -> str:
        return random.choice([text, text.upper(), text.lower(), f" {text} "])

    other = made.every(dict.fromkeys(("arm", "actual_arm"), otherwise))
    was, now = (_by_folded_name(m) for m in (made, other))
    assert was == now


def _by_folded_name(made: Made) -> dict[tuple[str, str], object]:
    return {(key, group.casefold()): cell for (key, group), cell in made.numbers.items()}


@pytest.mark.parametrize("middle", ["Med", "Mid", "Medium", "Middle", "Med dose"])
def test_the_middle_dose_stands_in_the_middle(middle: str) -> None:
    assert groups.in_order({"High", middle, "Low"}, {}, ()) == ["Low", middle, "High"]
