"""A release of MedDRA in its ASCII files: found, read, held together, and asked. All invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from ae_cli.errors import InputError
from ae_cli.meddra import FIELDS, FILES, coding, read_release, release_of
from ae_cli.rules import check
from ae_cli.rules.examples import CODED
from ae_cli.rules.records import study_of

INVENTED = release_of(FILES, "invented")


def written(folder: Path, **changes: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in (FILES | {f"{k}.asc": v for k, v in changes.items()}).items():
        (folder / name).write_text(text + "\r\n", "utf-8", newline="")
    return folder


def test_a_release_is_found_in_the_folder_or_within_it(tmp_path: Path) -> None:
    inner = written(tmp_path / "Invented_1_0" / "MedAscii")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    for folder in (inner, inner.parent, tmp_path):
        assert read_release(folder) == INVENTED
    assert read_release(inner).name == "MedDRA 1.0 (Invented)"


def test_names_in_capitals_are_the_same_files(tmp_path: Path) -> None:
    folder = written(tmp_path / "a")
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.upper())
    assert read_release(folder) == INVENTED


@pytest.mark.parametrize(
    ("encoding", "language"), [("utf-8", "Chinese"), ("utf-8-sig", "Chinese"),
                               ("gb18030", "Chinese"), ("cp932", "Japanese")]
)  # fmt: skip
def test_a_release_in_another_language(tmp_path: Path, encoding: str, language: str) -> None:
    folder = written(tmp_path / "a", meddra_release=f"2.1${language}$$$$")
    for name in ("llt.asc", "pt.asc", "mdhier.asc"):
        text = FILES[name].replace("Blue elbow", "青色")
        (folder / name).write_bytes(text.encode(encoding))
    found = read_release(folder)
    assert (found.version, found.language) == ("2.1", language)
    assert found.terms["pt"]["101"] == "青色" and found.code("pt", "青色") == "101"


def test_a_release_that_is_changed_is_read_again(tmp_path: Path) -> None:
    folder = written(tmp_path / "a")
    assert read_release(folder).version == "1.0"
    (folder / "meddra_release.asc").write_text("2.0$Invented$")
    assert read_release(folder).version == "2.0"


def test_a_release_without_a_version_says_so(tmp_path: Path) -> None:
    (written(tmp_path / "a") / "meddra_release.asc").unlink()
    assert "version it does not say" in read_release(tmp_path).name


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("pt", "101$Blue elbow$", "do not belong together: 104"),
        ("llt", FILES["llt.asc"].rsplit("\n", 1)[0], "do not belong together: 104"),
        ("mdhier", FILES["mdhier.asc"].rsplit("\n", 1)[0], "do not belong together: 104"),
        ("soc", "401$Limb inventions$", "do not belong together: 402"),
        ("mdhier", FILES["mdhier.asc"][:-30], "line 3 of mdhier.asc"),
        ("llt", "Blue elbow", "line 1 of llt.asc"),
        ("llt", "$Blue elbow$101$$$$$$$Y$", "line 1 of llt.asc"),
        ("hlt", "", "do not belong together"),
    ],
)
def test_a_damaged_release_is_refused(tmp_path: Path, file: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_release(written(tmp_path / "a", **{file: text}))


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no release"):
        read_release(tmp_path)
    with pytest.raises(InputError, match="no folder"):
        read_release(tmp_path / "none")
    one, _ = written(tmp_path / "one"), written(tmp_path / "two")
    with pytest.raises(InputError, match="holds 2 releases"):
        read_release(tmp_path)
    (one / "mdhier.asc").unlink()
    with pytest.raises(InputError, match=r"mdhier\.asc of MedDRA is not there"):
        read_release(one)


def test_bytes_that_no_encoding_reads_are_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "a", meddra_release="2.1$Chinese$")
    (folder / "pt.asc").write_bytes(b"101$\xff\xfe$\n")
    with pytest.raises(InputError, match=r"pt\.asc is neither UTF-8"):
        read_release(folder)


def test_a_name_that_is_another_in_capitals_is_told_by_its_letters_or_its_code() -> None:
    """As Cold and COLD are two terms."""
    files = dict(FILES)
    files["llt.asc"] += "\n105$BLUE ELBOW$104$$$$$$$Y$$"
    found = release_of(files, "")
    assert found.code("llt", "Blue elbow") == "101" and found.code("llt", "BLUE ELBOW") == "105"
    assert found.code("llt", "blue elbow", "105") == "105" and found.code("llt", "blue elbow")


def test_what_is_said_of_a_coding() -> None:
    told = {field: CODED[field] for field in FIELDS}
    clean = coding(told, INVENTED)
    assert not any(getattr(clean, name) for name in clean.__slots__)
    assert coding(told | {"preferred_term": "Bluish elbow"}, INVENTED).no_pt == (
        "'Bluish elbow' is no preferred term, but a lowest level term of 'Blue elbow'"
    )
    assert coding(told | {"pt_code": "104"}, INVENTED).mismatch == (
        "104 is the code of 'Green knee'; that of 'Blue elbow' is 101"
    )
    assert coding(told | {"hlt": "Colours of limbs", "hlt_code": ""}, INVENTED).path == (
        "'Blue elbow' lies under 'Elbow colours', not under 'Colours of limbs'"
    )
    both = coding(told | {"soc": "x", "primary_soc": "x"}, INVENTED)
    assert both.unknown == "'x' is no system organ class"


WORDS = sorted({name for terms in INVENTED.terms.values() for name in terms.values()})
CODES = sorted({code for terms in INVENTED.terms.values() for code in terms})


@given(st.fixed_dictionaries({}, optional={
    field: st.sampled_from(["", None, "x", "9", *WORDS, *CODES]) for field in FIELDS
}))  # fmt: skip
def test_any_coding_has_an_answer(told: dict[str, str | None]) -> None:
    """And one in capitals has the same answers, but for its spelling."""
    found = coding(told, INVENTED)
    loud = coding({f: text and text.upper() for f, text in told.items()}, INVENTED)
    for name in ("retired", "mismatch", "path"):
        assert getattr(loud, name) == getattr(found, name)


def test_the_release_and_how_much_of_the_log_it_knows_are_said() -> None:
    study = study_of([CODED, CODED | {"preferred_term": "Tummy ache"}], release=INVENTED)
    assert (
        "MedDRA 1.0 (Invented): 1 of 2 preferred terms of the log are in it" in check(study).notes
    )
    other = study_of([CODED | {"preferred_term": "Tummy ache"}], release=INVENTED)
    assert any("another language" in note for note in check(other).notes)


def test_distinct_codings_are_one_finding_each() -> None:
    rows = [CODED | {"subject": f"S{i}", "preferred_term": "Tummy ache"} for i in range(3)]
    found = check(study_of(rows, release=INVENTED), only=["COD-20"]).findings
    assert [(f.records, f.rows) for f in found] == [(3, (1, 2, 3))]


def test_the_command_and_the_study_file_take_a_folder(tmp_path: Path, ae: Run) -> None:
    written(tmp_path / "dictionary" / "MedAscii")
    log = tmp_path / "ae.csv"
    names = [f for f in CODED if CODED[f]]
    rows = (names, [CODED[n].replace("Blue elbow", "Tummy ache") for n in names])
    log.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    asked = ("validate", log, "--format", "json", "--only", "COD-20")
    without = ae(*asked).json
    assert without["rules"][0]["reason"] == "no MedDRA folder: give it with --meddra"
    for more in (("--meddra", tmp_path / "dictionary"), ()):
        found = ae(*asked, *more).json
        assert [f["rule"] for f in found["findings"]] == ["AE-COD-20"]
        (tmp_path / "study.toml").write_text('[files]\nmeddra = "dictionary"\n')
    refused = ae(*asked, "--meddra", tmp_path / "none")
    assert refused.code == 2 and "is no folder" in refused.err
