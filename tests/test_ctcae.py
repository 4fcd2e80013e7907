"""The CTCAE table against its source, and how names are found in it."""

from __future__ import annotations

import csv
import hashlib
import runpy
from pathlib import Path

import pytest

from ae_cli.ctcae import DEFAULT_VERSION, VERSIONS, dictionary, normal_form
from ae_cli.ctcae.dictionary import parse
from ae_cli.ctcae.spelling import BRITISH
from ae_cli.errors import InputError

REPO = Path(__file__).parents[1]
FACTS = REPO.parent / "shared" / "facts"
DATA = REPO / "ae_cli" / "ctcae" / "data"
SHA256 = {
    "ctcae-4.03.csv": "37673bfdd2b602713a84377022196e2cf613e9378abf919aeb9f9c6e58651eb9",
    "ctcae-5.0.csv": "cd205b5d1f8a2f18af00de0f080468e18c49365cbd34b0017faa7519811c77e1",
    "ctcae-6.0.csv": "de5f095c9ad0313245631f673e1437ad4ec59fee1a80261f5360126f367dc382",
    "became-4.03-5.0.csv": "4f3621f6bc3ba04ba566be170155dffaf8bf80ac51ee166bf137f8d884a6a7d0",
    "became-5.0-6.0.csv": "3563135cf8d473c11b762410e2db447c658c90b150b049773e3fb2124fdc5225",
    "aliases.csv": "bcb407d97824d32ea9a098e8ed7ae907b4bebfef27925943607d57f45fefdcff",
}

CTCAE = dictionary("5.0")
GASTRO = "Gastrointestinal disorders - Other, specify"
MUSCULO = "Musculoskeletal and connective tissue disorder - Other, specify"

needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the shared facts are not here")


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(text: str) -> str | None:
    term = CTCAE.find(text)
    return term.name if term else None


# The table


@needs_facts
@pytest.mark.parametrize(("version", "rows"), [("4.03", 790), ("5.0", 837), ("6.0", 850)])
def test_every_row_and_grade_flag_is_the_source_s(version: str, rows: int) -> None:
    source = {
        (row["ctcae_term"], row["meddra_soc"], row["meddra_code"], grade, row[f"g{grade}"] == "1")
        for row in facts(f"ctcae_v{version}.csv")
        for grade in range(1, 6)
    }
    assert len(source) == 5 * rows
    assert source == {
        (term.name, term.soc, term.code, grade, term.permits(grade))
        for term in dictionary(version).terms
        for grade in range(1, 6)
    }


@needs_facts
def test_the_script_compiles_the_data_in_the_package() -> None:
    script = runpy.run_path(str(REPO / "scripts" / "compile_ctcae.py"))
    compiled = script["compiled"](FACTS)
    assert set(compiled) == set(SHA256)
    assert all((DATA / name).read_bytes() == content for name, content in compiled.items())


@pytest.mark.parametrize("name", SHA256)
def test_the_data_files_are_those_reviewed(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256[name]
    assert b"\r" not in content


@pytest.mark.parametrize("version", VERSIONS)
def test_a_dictionary_tells_the_hash_of_its_table(version: str) -> None:
    assert dictionary(version).sha256 == SHA256[f"ctcae-{version}.csv"]


def test_it_is_the_whole_of_5_0() -> None:
    assert len(CTCAE.terms) == 837
    assert len({term.soc for term in CTCAE.terms}) == 26
    assert len({term.name for term in CTCAE.terms}) == 837
    assert sum(not term.permits(5) for term in CTCAE.terms) == 343


def test_the_ten_terms_with_gaps_in_their_grades() -> None:
    def has_gap(grades: tuple[int, ...]) -> bool:
        return len(grades) < grades[-1] - grades[0] + 1

    assert {term.name: term.grades for term in CTCAE.terms if has_gap(term.grades)} == {
        "Acidosis": (1, 3, 4, 5),
        "Alkalosis": (1, 3, 4, 5),
        "Asystole": (1, 4, 5),
        "Cardiac troponin I increased": (1, 3),
        "Cardiac troponin T increased": (1, 3),
        "Eosinophilia": (1, 3),
        "Hyperkeratosis": (1, 3),
        "Hypermagnesemia": (1, 3, 4, 5),
        "Hyperuricemia": (1, 3, 4, 5),
        "Vaginal stricture": (1, 2, 3, 5),
    }


def test_terms_of_a_single_grade_from_3() -> None:
    single = {term.name: term.grades[0] for term in CTCAE.terms if len(term.grades) == 1}
    assert len(single) == 36
    assert {name: grade for name, grade in single.items() if grade >= 3} == {
        "Death NOS": 5,
        "Disease progression": 5,
        "Sudden death NOS": 5,
        "Death neonatal": 4,
        "Pregnancy loss": 4,
        "Aphonia": 3,
        "Syncope": 3,
    }
    assert (single["Presyncope"], single["Cyanosis"], single["Anosmia"]) == (2, 2, 1)


def test_permits_no_grade_that_does_not_exist() -> None:
    assert not any(term.permits(grade) for term in CTCAE.terms for grade in (-1, 0, 6, 15))


def test_the_codes_can_be_dropped() -> None:
    lines = (DATA / "ctcae-5.0.csv").read_text(encoding="utf-8").splitlines()
    dropped = "\n".join(line.rpartition(",")[0] for line in lines)
    terms = parse("5.0", dropped.encode()).terms
    assert {term.code for term in terms} == {""}
    assert [(t.name, t.soc, t.grades) for t in terms] == [
        (t.name, t.soc, t.grades) for t in CTCAE.terms
    ]


def test_a_version_is_read_once() -> None:
    assert dictionary() is dictionary("5.0") is dictionary(version="5.0")
    assert DEFAULT_VERSION in VERSIONS


def test_a_version_may_be_written_shorter() -> None:
    assert dictionary("5") is dictionary("v5.0") is dictionary(" V5 ") is dictionary("5.0")
    assert dictionary("6") is dictionary("6.0")


@pytest.mark.parametrize("version", ["4.0", "4", "", "5.", "../5.0"])
def test_an_unknown_version_is_refused_with_a_remedy(version: str) -> None:
    with pytest.raises(InputError) as error:
        dictionary(version)
    assert repr(version) in error.value.what
    assert "5.0" in error.value.remedy


# Finding a term


@pytest.mark.parametrize("version", VERSIONS)
def test_no_two_terms_share_a_normal_form(version: str) -> None:
    terms = dictionary(version).terms
    assert len({normal_form(term.name) for term in terms}) == len(terms)
    assert len({normal_form(term.soc) for term in terms}) == len({term.soc for term in terms})


@pytest.mark.parametrize("version", VERSIONS)
def test_every_term_and_class_finds_itself_in_any_case_and_layout(version: str) -> None:
    book = dictionary(version)
    for term in book.terms:
        loose = f" \u00a0{term.name.upper()}\t".replace(" ", " \u00a0")
        assert book.find(term.name) is book.find(loose) is book.find(term.name.lower()) is term
        assert book.soc(f" {term.soc.upper()} ") == term.soc


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  febrile   NEUTROPENIA ", "Febrile neutropenia"),
        ("Febrile\u00a0neutropenia", "Febrile neutropenia"),
        ("\ufeffNau\u00adsea\u200b", "Nausea"),
        ("\uff2e\uff41\uff55\uff53\uff45\uff41", "Nausea"),
        ("Chest pain\u2013cardiac", "Chest pain - cardiac"),
        ("Non\u2011cardiac chest pain", "Non-cardiac chest pain"),
        ("Guillain-Barr\u00e9 syndrome", "Guillain-Barre syndrome"),
        ("Guillain-Barre\u0301 syndrome", "Guillain-Barre syndrome"),
        ("\u0153dema limbs", "Edema limbs"),
        ("An\u00e6mia", "Anemia"),
    ],
)
def test_find_forgives_layout_and_letters(text: str, name: str) -> None:
    assert found(text) == name


BRITISH_TERMS = {
    "Anaemia": "Anemia",
    "HAEMORRHOIDAL HAEMORRHAGE": "Hemorrhoidal hemorrhage",
    "Haemolytic uraemic syndrome": "Hemolytic uremic syndrome",
    "Methaemoglobinaemia": "Methemoglobinemia",
    "Hyperkalaemia": "Hyperkalemia",
    "Hypertriglyceridaemia": "Hypertriglyceridemia",
    "Transient ischaemic attacks": "Transient ischemic attacks",
    "Leukaemia secondary to oncology chemotherapy": "Leukemia secondary to oncology chemotherapy",
    "Oedema limbs": "Edema limbs",
    "Lymphoedema": "Lymphedema",
    "Papilloedema": "Papilledema",
    "Diarrhoea": "Diarrhea",
    "Rhinorrhoea": "Rhinorrhea",
    "Dyspnoea": "Dyspnea",
    "Sleep apnoea": "Sleep apnea",
    "Paraesthesia": "Paresthesia",
    "Dysaesthesia": "Dysesthesia",
    "Palmar-plantar erythrodysaesthesia syndrome": "Palmar-plantar erythrodysesthesia syndrome",
    "Caecal haemorrhage": "Cecal hemorrhage",
    "Faecal incontinence": "Fecal incontinence",
    "Gynaecomastia": "Gynecomastia",
    "Foetal growth retardation": "Fetal growth retardation",
    "Leucocytosis": "Leukocytosis",
    "Leucoencephalopathy": "Leukoencephalopathy",
    "Blood corticotropin decreased": "Blood corticotrophin decreased",
    "Blood corticotrophin decreased": "Blood corticotrophin decreased",
    "Tumour lysis syndrome": "Tumor lysis syndrome",
    "Hair colour changes": "Hair color changes",
    "Tooth discolouration": "Tooth discoloration",
    "Body odour": "Body odor",
    "Virilisation": "Virilization",
    "Generalised oedema": "Generalized edema",
    "Oesophagitis": "Esophagitis",
    "Oesophageal varices haemorrhage": "Esophageal varices hemorrhage",
    "Gastroesophageal reflux disease": "Gastroesophageal reflux disease",
    "Gastrooesophageal reflux disease": "Gastroesophageal reflux disease",
    "Gastro-oesophageal reflux disease": "Gastroesophageal reflux disease",
    "Gastro-esophageal reflux disease": "Gastroesophageal reflux disease",
}


@pytest.mark.parametrize(("british", "name"), BRITISH_TERMS.items())
def test_find_knows_british_spelling(british: str, name: str) -> None:
    assert found(british) == name


@pytest.mark.parametrize("fragment", [british for british, _ in BRITISH])
def test_every_spelling_rule_serves_a_term(fragment: str) -> None:
    assert any(fragment in text.casefold() for text in BRITISH_TERMS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "ALT increased",
        "Nausia",
        "Nausea.",
        "Nausea grade 2",
        "Feverr",
        "\u6076\u5fc3",
    ],
)
def test_find_applies_nothing_but_writing(text: str) -> None:
    assert found(text) is None


@needs_facts
def test_no_abbreviation_or_synonym_is_taken_for_a_term() -> None:
    """Curated spellings: a British one is found, another only where it is itself a term."""
    for row in facts("ctcae_abbreviations.csv"):
        text, name = row["reported_text"], found(row["reported_text"])
        if row["text_is_itself_a_term_v5.0"] == "1":
            assert name == text
        elif row["kind"] == "british" and text != "Peripheral oedema":  # also another word
            assert name == row["term_v5.0"]
        else:
            assert name is None, text


def test_soc_is_the_canonical_name_or_nothing() -> None:
    assert CTCAE.soc("VASCULAR  disorders ") == "Vascular disorders"
    assert CTCAE.soc("Injury,poisoning and procedural complications") == (
        "Injury, poisoning and procedural complications"
    )
    assert CTCAE.soc("Product issues") is None
    assert CTCAE.soc("Nausea") is None


# Other, specify


def test_each_class_has_one_other_found_also_by_the_class_s_own_name() -> None:
    others = {term.soc: term for term in CTCAE.terms if term.is_other}
    assert len(others) == 26 == sum(term.is_other for term in CTCAE.terms)
    assert all(CTCAE.find(f"{soc} - Other, specify") is term for soc, term in others.items())
    assert others["Musculoskeletal and connective tissue disorders"].name == MUSCULO


def test_hypothermia_is_not_an_other() -> None:
    assert not any(
        term.is_other
        for term in CTCAE.terms
        if term.name in {"Hypothermia", "Chest pain - cardiac"}
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GASTRO, ""),
        ("gastrointestinal disorders \u2013 other, specify", ""),
        ("Gastrointestinal disorders\u2014Other,specify", ""),
        ("Gastrointestinal disorders - Other, specify:", ""),
        ("Gastrointestinal disorders - Other, specify ____", ""),
        ("Gastrointestinal disorders - Other (specify)", ""),
        ("Gastrointestinal disorders - Other specify: Nausea", "Nausea"),
        ("Gastrointestinal disorders - Other, specify: Nausea ", "Nausea"),
        ("Gastrointestinal disorders - Other, specify (Nausea)", "Nausea"),
        ("Gastrointestinal disorders - Other, specify; Nausea", "Nausea"),
        ("Gastrointestinal disorders - Other, specify - Nausea", "Nausea"),
        ("Gastrointestinal disorders \u2013 Other, specify \u2013 Nausea", "Nausea"),
        ("Gastrointestinal disorders - Other (specify): Nausea", "Nausea"),
        ("Gastrointestinal disorders - Other\uff0c specify\uff1a\u6076\u5fc3", "\u6076\u5fc3"),
        ("Gastrointestinal disorders - Other, specify\uff08\u6076\u5fc3\uff09", "\u6076\u5fc3"),
        ("Gastrointestinal disorders - Other, specify: ulcer (small)", "ulcer (small)"),
        ("Gastrointestinal disorders - Other, specify: (a) and (b)", "(a) and (b)"),
        ("Gastrointestinal disorders - Other, specify: other, specify", "other, specify"),
    ],
)
def test_other_specify_gives_the_term_and_the_words_as_typed(text: str, words: str) -> None:
    term = CTCAE.find(GASTRO)
    assert term is not None
    assert CTCAE.other_specify(text) == (term, words)


@pytest.mark.parametrize("prefix", ["disorder", "disorders"])
def test_other_specify_of_the_term_that_is_not_named_as_its_class(prefix: str) -> None:
    text = f"Musculoskeletal and connective tissue {prefix} - Other, specify: stiff knee"
    other = CTCAE.other_specify(text)
    assert other is not None
    assert (other[0].name, other[1]) == (MUSCULO, "stiff knee")


@pytest.mark.parametrize(
    "text",
    ["", "Nausea", "Other, specify", "Other, specify: nausea", "Stomach - Other, specify", "other",
     "Gastrointestinal disorders - Other, specifying nausea", "Nausea - Other, specify"],
)  # fmt: skip
def test_other_specify_is_none_without_a_class_and_the_words(text: str) -> None:
    assert CTCAE.other_specify(text) is None


def test_find_takes_the_bare_other_and_leaves_free_text_to_other_specify() -> None:
    assert found("gastrointestinal disorders \u2014 other, specify") == GASTRO
    assert found(f"{GASTRO}: nausea") is None


# Suggestions


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nausia", "Nausea"),
        ("Diarhoea", "Diarrhea"),
        ("Upper respiratory tract infection", "Upper respiratory infection"),
        ("Rash maculopapular", "Rash maculo-papular"),
        ("Musculoskeletal and connective tissue disorders - Other", MUSCULO),
    ],
)
def test_nearest_suggests_the_likely_term_first(text: str, name: str) -> None:
    assert CTCAE.nearest(text)[0] == name


def test_nearest_gives_at_most_n_different_terms_and_none_for_nonsense() -> None:
    near = CTCAE.nearest("Injury to vena cava", 2)
    assert len(near) == 2 == len(set(near))
    assert CTCAE.nearest("") == CTCAE.nearest("xyzzy") == CTCAE.nearest("\u6076\u5fc3") == []
