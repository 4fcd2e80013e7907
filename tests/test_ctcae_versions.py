"""CTCAE's versions: what became of terms, other words for them, and how one is searched for."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from ae_cli.ctcae import VERSIONS, became, dictionary, foreign, normal_form
from ae_cli.ctcae.aliases import aliases
from ae_cli.ctcae.history import changes, moved
from ae_cli.ctcae.search import Hit, search
from ae_cli.errors import InputError

FACTS = Path(__file__).parents[2] / "shared" / "facts"
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the shared facts are not here")
DOUBTFUL = ("abbrev_ambiguous", "synonym_ambiguous", "synonym_nearest")
PAIRS = [("4.03", "5.0"), ("5.0", "6.0"), ("4.03", "6.0"), ("6.0", "5.0"), ("6.0", "4.03")]


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Grades that differ by version


@pytest.mark.parametrize(
    ("name", "grades"),
    [
        ("Death neonatal", {"4.03": (5,), "5.0": (4,), "6.0": (4,)}),
        ("Syncope", {"4.03": (3,), "5.0": (3,), "6.0": (3,)}),
        ("Asystole", {"4.03": (1, 4, 5), "5.0": (1, 4, 5), "6.0": (3, 4, 5)}),
        ("Alkaline phosphatase increased", {"5.0": (1, 2, 3, 4), "6.0": (1,)}),
        ("Acute kidney injury", {"4.03": (1, 2, 3, 4, 5), "5.0": (3, 4, 5)}),
    ],
)
def test_a_term_s_grades_are_those_of_the_version(
    name: str, grades: dict[str, tuple[int, ...]]
) -> None:
    found = {version: dictionary(version).find(name) for version in grades}
    assert {v: term.grades for v, term in found.items() if term} == grades


# History


@needs_facts
@pytest.mark.parametrize(("old", "new"), [("4.03", "5.0"), ("5.0", "6.0")])
def test_every_change_is_the_source_s(old: str, new: str) -> None:
    removed: set[tuple[str, str]] = set()
    regraded, reclassed, added = set(), set(), set()
    for row in facts(f"ctcae_changes_v{old}_to_v{new}.csv"):
        kind = row["change"]
        if kind.startswith("removed"):
            removed.add((row["old_term"], row["new_term"]))
        if "grade_set_changed" in kind:
            regraded.add((row["old_term"], row["old_grades"], row["new_grades"]))
        if "soc_moved" in kind:
            reclassed.add((row["old_term"], row["old_soc"], row["new_soc"]))
        if kind.startswith("added"):
            added.add(row["new_term"])
    found = list(changes(old, new))
    gone = [c for c in found if c.kind == "removed" and c.old]
    assert {(c.old.name, t.name) for c in gone if c.old for t in c.new} == removed
    digits = {
        (c.old.name, *("".join(map(str, t.grades)) for t in (c.old, *c.new)))
        for c in found
        if c.kind == "grades" and c.old
    }
    assert digits == regraded
    assert {
        (c.old.name, c.old.soc, c.new[0].soc) for c in found if c.kind == "class" and c.old
    } == reclassed
    assert {c.new[0].name for c in found if c.kind == "added"} == added


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_what_a_term_became_is_a_term(old: str, new: str) -> None:
    for term in dictionary(old).terms:
        names = became(term.name, old, new)
        assert all(dictionary(new).find(name) for name in names)
        assert names == (term.name,) or not dictionary(new).find(term.name)
        assert names or VERSIONS.index(old) > VERSIONS.index(new)  # new things were nothing before


@pytest.mark.parametrize(
    ("name", "old", "new", "names"),
    [
        ("Platelet count decreased", "5.0", "6.0", ("Thrombocytopenia",)),
        ("Thrombocytopenia", "6.0", "4.03", ("Platelet count decreased",)),
        ("Acute coronary syndrome", "4.03", "5.0",
         ("Chest pain - cardiac", "Myocardial infarction")),
        ("Nausea", "4.03", "6.0", ("Nausea",)),
        ("Fracture", "6.0", "5.0", ("Fracture",)),
        ("Thrombocytosis", "6.0", "5.0", ()),
    ],
)  # fmt: skip
def test_what_became_of_a_term(name: str, old: str, new: str, names: tuple[str, ...]) -> None:
    assert became(name, old, new) == names


def test_where_a_part_of_the_grades_went() -> None:
    assert moved("Acute kidney injury", "4.03", "5.0") == ("Creatinine increased",)
    assert moved("Asystole", "4.03", "6.0") == ("Sinus bradycardia",)
    assert moved("Asystole", "6.0", "5.0") == moved("Nausea", "5.0", "6.0") == ()
    assert moved("Thrush", "5.0", "6.0") == ()  # it is no more: that is what it became


@pytest.mark.parametrize("version", VERSIONS)
def test_no_version_differs_from_itself(version: str) -> None:
    assert list(changes(version, version)) == []


def test_a_term_of_another_version_is_told() -> None:
    found = foreign("platelet  COUNT decreased", "6.0")
    assert found is not None
    assert (found.term.name, found.versions) == ("Platelet count decreased", ("4.03", "5.0"))
    assert found.became == ("Thrombocytopenia",)
    assert foreign("Nausea", "6.0") is foreign("Nausia", "6.0") is None


# Other words


@needs_facts
@pytest.mark.parametrize("version", VERSIONS)
def test_an_alias_means_the_source_s_term_and_a_doubtful_one_is_not_applied(version: str) -> None:
    book, rows = dictionary(version), facts("ctcae_abbreviations.csv")
    old = {normal_form(row["reported_text"]) for row in rows if row["kind"] == "old_name"}
    for row in rows:
        text, name, kind = row["reported_text"], row[f"term_v{version}"], row["kind"]
        found = book.find(text) or book.alias(text)
        if row[f"text_is_itself_a_term_v{version}"] == "1":
            assert found is book.find(text) is not None, text
        elif book.find(text):
            assert found and found.name == name, text
        elif normal_form(text) in old or not name or kind in DOUBTFUL:
            assert found is None, text
        else:
            assert found and found.name == name, text


@pytest.mark.parametrize("version", VERSIONS)
def test_every_alias_means_a_term_of_the_version(version: str) -> None:
    assert all(dictionary(version).find(a.term) for a in aliases(version).values())


# Search


def hits(text: str, version: str = "5.0") -> list[tuple[str, str]]:
    return [(hit.term.name, hit.how) for hit in search(text, dictionary(version))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Nausea", ("Nausea", "term")),
        ("diarrhoea", ("Diarrhea", "term")),
        ("ALT increased", ("Alanine aminotransferase increased", "alias")),
        ("PE", ("Thromboembolic event", "doubtful")),
        ("diarhoea", ("Diarrhea", "alike")),
        ("increased bilirubin", ("Blood bilirubin increased", "test")),
        ("Eye disorders - Other, specify: dry lids", ("Eye disorders - Other, specify", "term")),
    ],
)
def test_search_has_the_likeliest_first(text: str, first: tuple[str, str]) -> None:
    assert hits(text)[0] == first


def test_search_knows_the_names_of_other_versions() -> None:
    assert hits("Platelet count decreased", "6.0")[0] == ("Thrombocytopenia", "version")
    assert hits("platelet", "6.0")[0] == ("Thrombocytopenia", "test")
    assert hits("ejection fraction", "6.0")[0] == ("Left ventricular dysfunction", "alike")
    assert hits("Heart failure of the elderly")[0][0] == "Heart failure"
    assert hits("Pneumonia")[0] == ("Lung infection", "alias")  # 6.0's name, and used before


@pytest.mark.parametrize("text", ["", "恶心", "qqq zzz"])
def test_search_finds_nothing_in_nonsense(text: str) -> None:
    assert hits(text) == []


def test_search_ranks_and_names_each_term_once() -> None:
    found: list[Hit] = search("pain", dictionary("5.0"), 8)
    assert len({hit.term.name for hit in found}) == len(found) == 8
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert found[0].score == 100 > found[1].score


# The commands


def told(ae: Run, *words: str) -> Any:
    result = ae("ctcae", *words, "--format", "json")
    assert result.code == 0, result.err
    return result.json


@pytest.mark.parametrize("version", VERSIONS)
def test_list_gives_every_term(ae: Run, version: str) -> None:
    data = told(ae, "list", "--ctcae", version)
    assert set(data) == {"schema", "version", "terms"}
    assert (data["schema"], data["version"]) == (1, version)
    assert data["terms"] == [
        {"term": t.name, "soc": t.soc, "code": t.code, "grades": list(t.grades)}
        for t in dictionary(version).terms
    ]


def test_list_by_class(ae: Run) -> None:
    data = told(ae, "list", "--soc", "hepatobiliary")
    assert {term["soc"] for term in data["terms"]} == {"Hepatobiliary disorders"}
    assert len(data["terms"]) == 18
    text = ae("ctcae", "list", "--soc", "hepatobiliary").out
    assert text.startswith(
        "CTCAE 5.0\n\nHepatobiliary disorders\n  1 2 3 4 5  Bile duct stenosis\n"
    )
    missing = ae("ctcae", "list", "--soc", "xyz")
    assert missing.code == 2 and "no system organ class" in missing.err


def test_versions_tells_the_hashes(ae: Run) -> None:
    data = told(ae, "versions")
    assert [v["version"] for v in data["versions"]] == list(VERSIONS)
    assert [v["terms"] for v in data["versions"]] == [790, 837, 850]
    text = ae("ctcae", "versions").out
    assert all(v["sha256"] in text for v in data["versions"])


def test_show_tells_the_history(ae: Run) -> None:
    data = told(ae, "show", "platelet", "count", "decreased")
    assert data["grades"] == [1, 2, 3, 4] and data["code"] == "10035528"
    assert [t["term"] for t in data["history"]["6.0"]] == ["Thrombocytopenia"]
    text = ae("ctcae", "show", "asystole").out
    assert "CTCAE 5.0   1 - - 4 5" in text and "CTCAE 6.0   - - 3 4 5" in text


def test_show_of_what_is_no_term_offers_some(ae: Run) -> None:
    result = ae("ctcae", "show", "Rash")
    assert result.code == 2 and "did you mean Rash maculo-papular" in result.err


def test_diff_in_words_and_as_data(ae: Run) -> None:
    text = ae("ctcae", "diff", "5.0", "6.0").out
    assert "  Platelet count decreased > Thrombocytopenia\n" in text
    assert "  1 - - 4 5 > - - 3 4 5  Asystole  (other grades: Sinus bradycardia)\n" in text
    data = told(ae, "diff", "5.0", "6.0")
    assert len(data["changes"]) == 126 and text.endswith("126 differences\n")


def test_an_unknown_version_is_an_error_everywhere(ae: Run) -> None:
    for words in (
        ("list", "--ctcae", "7"),
        ("diff", "5.0", "7"),
        ("search", "pain", "--ctcae", ""),
    ):
        result = ae("ctcae", *words)
        assert result.code == 2 and "4.03, 5.0, 6.0" in result.err
    with pytest.raises(InputError):
        became("Acute coronary syndrome", "4.03", "7")
