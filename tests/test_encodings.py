"""A log in any encoding is the log in UTF-8; what could be several things is asked about."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import polars as pl
import pytest
from conftest import EVENTS, HEADER, ROOT, SUBJECTS, Ran, Run, csv_text, write_csv
from test_reading import notes, read, refused, saved, sheet_of, texts

from ae_cli.config import Config
from ae_cli.errors import InputError

CHINESE = (
    ("受试者编号", "不良事件名称", "CTCAE分级", "是否严重", "开始日期", "剂量组"),
    ("001", "恶心", "2", "否", "2024-03-04", "低剂量"),
    ("001", "头痛", "1", "否", "2024-03-05", "低剂量"),
    ("002", "脓毒症", "4", "是", "2024-04-01", "高剂量"),
    ("004", "呕吐", "1", "否", "2024-03-20", "高剂量"),
)
ARMS = {"Low": "低剂量", "High": "高剂量"}
PEOPLE = [SUBJECTS[0], *((who, ARMS[arm], *more) for who, arm, *more in SUBJECTS[1:])]
TERMS = {
    "gb18030": ("恶心呕吐", "头痛头晕", "白细胞计数降低", "皮肤瘙痒症状"),
    "big5": ("噁心與嘔吐", "頭痛及頭暈", "白血球計數降低", "皮膚搔癢症狀"),
    "shift_jis": ("悪心および嘔吐", "頭痛とめまい", "白血球数の減少", "皮膚のかゆみ"),
    "euc_kr": ("오심과 구토가 있음", "두통과 어지러움", "백혈구 수 감소", "피부 가려움증"),
    "euc_jp": ("悪心および嘔吐", "頭痛とめまい", "白血球数の減少", "皮膚のかゆみ"),
    "cp1252": ("Nausée", "Headache “severe”", "Crohn’s disease", "Fever 38.5 °C"),
}


def with_terms(terms: tuple[str, ...]) -> list[tuple[str, ...]]:
    """English headers over terms in another language: the hard case."""
    rows = zip(EVENTS[1:], terms, strict=True)
    return [HEADER, *((row[0], term, *row[2:]) for row, term in rows)]


def printed(ran: Ran) -> str:
    """What was printed, less how the file was read."""
    lines = (line for line in ran.out.splitlines() if " read as " not in line)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030"],
)
def test_a_chinese_log_is_the_same_in_every_encoding(
    ae: Run, tmp_path: Path, encoding: str
) -> None:
    clean = write_csv(tmp_path / "clean.csv", CHINESE)
    log = saved(tmp_path / "log.csv", csv_text(CHINESE).encode(encoding))
    people = write_csv(tmp_path / "people.csv", PEOPLE)
    assert texts(read(log)) == texts(read(clean)) == list(CHINESE[1:])
    for words in (["summarize"], ["validate"], ["validate", "--format", "full"]):
        one, other = (ae(*words, path, "--subjects", people) for path in (clean, log))
        assert other.code == one.code
        assert printed(other).replace("log.csv", "clean.csv") == printed(one)
    said = notes(read(log))
    assert ("read as" in said) == (not encoding.startswith("utf-8"))


def test_what_was_detected_is_said_with_a_sample(tmp_path: Path) -> None:
    log = read(saved(tmp_path / "ae.csv", csv_text(CHINESE).encode("gbk")))
    assert "read as GB18030, such as 受试者编号, 不良事件名称, CTCAE分级" in notes(log)
    assert "read as UTF-16" in notes(
        read(saved(tmp_path / "b.csv", csv_text(CHINESE).encode("utf-16-be")))
    )


def test_headers_of_study_toml_tell_the_encoding_too(tmp_path: Path) -> None:
    rows = [("Numéro", "Événement"), ("1", "Nausée")]
    config = Config.model_validate(
        {"columns": {"events": {"subject": "Numéro", "term": "Événement"}}}
    )
    for codec in ("cp1252", "utf-8"):
        log = saved(tmp_path / f"{codec}.csv", csv_text(rows).encode(codec))
        assert texts(read(log, config=config)) == rows[1:]


def test_gb18030_reads_what_gbk_cannot(tmp_path: Path) -> None:
    rows = [*CHINESE, ("005", "𠮷 ḿ 发热", "1", "否", "2024-03-21", "低剂量")]
    assert texts(read(saved(tmp_path / "ae.csv", csv_text(rows).encode("gb18030")))) == rows[1:]


def test_headers_that_are_known_tell_the_encoding(tmp_path: Path) -> None:
    """Two characters of a header are enough where one encoding alone makes them a known one."""
    rows = [("USUBJID", "不良事件"), ("1", "Nausea")]
    for codec, name in (("gbk", "GB18030"), ("big5", "Big5"), ("shift_jis", "Shift-JIS")):
        log = read(saved(tmp_path / f"{codec}.csv", csv_text(rows).encode(codec)))
        assert texts(log) == rows[1:]
        assert f"read as {name}, such as 不良事件" in notes(log)


@pytest.mark.parametrize("encoding", TERMS)
def test_under_english_headers_it_is_right_or_asked(tmp_path: Path, encoding: str) -> None:
    rows = with_terms(TERMS[encoding])
    log = saved(tmp_path / "ae.csv", csv_text(rows).encode(encoding))
    assert texts(read(log, encoding=encoding)) == rows[1:]
    try:
        found = texts(read(log))
    except InputError as error:
        assert "could be several things" in error.what
        assert TERMS[encoding][0][:3] in error.remedy
    else:
        assert found == rows[1:]


def test_study_toml_names_an_encoding_and_the_option_goes_before_it(
    ae: Run, tmp_path: Path
) -> None:
    log = saved(tmp_path / "ae.csv", csv_text(with_terms(TERMS["gb18030"])).encode("gb18030"))
    assert ae("columns", log).code == 2
    study = saved(tmp_path / "study.toml", '[files]\nencoding = "gbk"\n')
    assert "恶心呕吐" in ae("validate", log, "--format", "json").out
    study.write_text('[files]\nencoding = "klingon"\n', "utf-8")
    assert ae("columns", log).code == 2
    assert "恶心呕吐" in ae("validate", log, "--format", "json", "--encoding", "gbk").out


def test_no_encoding_of_few_words_is_guessed(tmp_path: Path) -> None:
    """Every real term alone, in each encoding: read right, or asked with the right one offered."""
    for encoding, terms in TERMS.items():
        for n, term in enumerate(terms):
            rows = [HEADER, ("1", term, *EVENTS[1][2:])]
            log = saved(tmp_path / f"{encoding}{n}.csv", csv_text(rows).encode(encoding))
            try:
                assert texts(read(log)) == rows[1:], (encoding, term)
            except InputError as error:
                assert term.split()[0][:5] in error.remedy, (encoding, term, error.remedy)


def test_the_question_shows_what_each_would_read(ae: Run, tmp_path: Path) -> None:
    log = saved(tmp_path / "ae.csv", csv_text(EVENTS).encode() + "5,恶心,1,,,\n".encode("gbk"))
    ran = ae("validate", log)
    assert (ran.code, ran.out) == (2, "")
    assert "ae.csv, line 6: the text is not UTF-8, and could be several things" in ran.err
    assert "--encoding gb18030" in ran.err
    assert "恶心" in ran.err
    assert "big5 " in ran.err
    again = ae("columns", log, "--encoding", "gb18030")
    assert "note: read as gb18030, such as 恶心" in again.out


def test_chinese_that_happens_to_be_valid_utf_8_is_asked_about(tmp_path: Path) -> None:
    """头痛 in GBK is ͷʹ in UTF-8: valid, and nonsense."""
    data = csv_text([HEADER, ("1", "头痛", "1", "N", "2024-03-04", "Low")]).encode("gbk")
    error = refused(saved(tmp_path / "ae.csv", data))
    assert "头痛" in error.remedy
    assert texts(read(tmp_path / "ae.csv", encoding="gbk"))[0][1] == "头痛"


@pytest.mark.parametrize("text", ["Nausée", "β-blocker, 5 µg, ±2", "Тошнота", "≥ 3", "İzmir ğ"])
def test_utf_8_is_utf_8(tmp_path: Path, text: str) -> None:
    rows = [HEADER, ("1", text, "1", "N", "2024-03-04", "Low")]
    log = read(saved(tmp_path / "ae.csv", csv_text(rows)))
    assert texts(log) == rows[1:]
    assert "read as" not in notes(log)


WESTERN = ("Nausée", "Sjögren’s", "Crohn’s", "“Rash”", "38.5 °C", "38.5°C", "10 µg/L",
           "5–7 mg", "Übelkeit", "créée", "±2", "Größe", "20 mg/m²")  # fmt: skip


@pytest.mark.parametrize("text", WESTERN)
def test_accents_and_curly_quotes_alone_are_windows_1252(tmp_path: Path, text: str) -> None:
    rows = [HEADER, ("1", text, "1", "N", "2024-03-04", "Low")]
    log = read(saved(tmp_path / "ae.csv", csv_text(rows).encode("cp1252")))
    assert texts(log) == rows[1:]
    assert "read as Windows-1252" in notes(log)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Тошнота и рвота", "cp1251"), ("ból głowy, żółtaczka", "cp1250"), ("Ναυτία", "cp1253"),
     ("mučnina, povraćanje", "cp1250"), ("zmęczenie, ból", "cp1250"), ("horečka", "cp1250"),
     ("hőemelkedés", "cp1250"), ("oboseală", "cp1250"), ("Paweł", "cp1250"),
     ("TNF-α increased", "cp1253"), ("TGF-β", "cp1253"), ("А", "cp1251"), ("В", "cp1251"),
     ("38°C", "cp437"), ("5 µg", "cp850"), ("38°C", "mac-roman"), ("Ménière", "cp1252"),
     ("niño", "cp1252"), ("女", "gb18030"),
     ("Nausée", "mac-roman"), ("Crohn’s", "mac-roman"), ("Nausée", "cp850"), ("คลื่นไส้", "cp874"),
     ("şiş, ağrı", "cp1254")],
)  # fmt: skip
def test_other_encodings_are_never_taken_for_one_of_ours(
    tmp_path: Path, text: str, encoding: str
) -> None:
    rows = [HEADER, ("1", text, "1", "N", "2024-03-04", "Low")]
    log = saved(tmp_path / "ae.csv", csv_text(rows).encode(encoding))
    assert "--encoding" in refused(log).remedy
    assert texts(read(log, encoding=encoding)) == rows[1:]


def test_a_file_that_tells_its_encoding_is_not_read_in_another(ae: Run, tmp_path: Path) -> None:
    """--encoding is for the files that need it: here the log, and not the participants."""
    log = saved(tmp_path / "ae.csv", csv_text(CHINESE).encode("gbk"))
    for mark in ("", "\ufeff"):
        dm = saved(tmp_path / "dm.csv", mark + csv_text(PEOPLE))
        for more in ([], ["--encoding", "gbk"]):
            ran = ae("summarize", log, "--subjects", dm, "--no-study", *more)
            assert ran.code == 0
            assert "低剂量" in ran.out
    ascii_people = write_csv(tmp_path / "plain.csv", SUBJECTS)
    assert ae("validate", log, "--subjects", ascii_people, "--encoding", "gbk").code in (0, 1)


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (csv_text(CHINESE).encode()[:-8], 5, "cut within a character"),
        (csv_text(CHINESE).encode("gbk")[:-2], 5, "nor GB18030, which reads it until"),
        (csv_text(CHINESE).encode("utf-16")[:-1], 5, "UTF-16 but is cut"),
        (csv_text(CHINESE).encode("utf-16-le")[:-1], 5, "UTF-16 but is cut"),
        (csv_text(CHINESE).encode() + "5,恶心,1,,,\n".encode("gbk"), 6, "line 1 is: two encodings"),
        (csv_text(CHINESE).encode("gbk") + "5,恶心呕吐,1,,,\n".encode(), 1, "line 6 is: two enco"),
        (csv_text(CHINESE).encode("gbk") + b"5,\x80\xff,1,,,\n", 6, "nor GB18030, which reads"),
        (csv_text(CHINESE).encode("utf-8-sig") + b"5,\xb6\xf1,1,,,\n", 6, "is not UTF-8"),
    ],
)
def test_cut_or_mixed_text_is_refused_with_its_line(
    tmp_path: Path, data: bytes, line: int, said: str
) -> None:
    error = refused(saved(tmp_path / "ae.csv", data))
    assert f"ae.csv, line {line}: " in error.what
    assert said in error.what


def test_headers_in_one_encoding_over_lines_in_another_are_refused(tmp_path: Path) -> None:
    big5 = csv_text([(str(i), term, "1", "N", "", "") for i, term in enumerate(TERMS["big5"])])
    log = saved(tmp_path / "ae.csv", csv_text(CHINESE[:1]).encode("gbk") + big5.encode("big5"))
    assert "ae.csv" in refused(log).what


def test_a_named_encoding_must_read_the_file(ae: Run, tmp_path: Path) -> None:
    log = saved(tmp_path / "ae.csv", csv_text(CHINESE).encode("gbk"))
    assert "line 1: the text is not shift_jis" in refused(log, encoding="shift_jis").what
    assert "line 1: the text is not utf-8" in refused(log, encoding="utf-8").what
    for name in ("klingon", "", "rot13", "a b\n"):
        assert "is not known" in refused(log, encoding=name).what
    ran = ae("validate", log, "--encoding", "klingon")
    assert (ran.code, ran.out) == (2, "")
    assert "gb18030" in ran.err


def test_from_python_the_encoding_is_named_too(tmp_path: Path) -> None:
    import ae_cli

    log = str(saved(tmp_path / "ae.csv", csv_text(with_terms(TERMS["big5"])).encode("big5")))
    report = ae_cli.check(log, encoding="big5")
    assert "read as big5, such as 噁心與嘔吐" in report.files[0].notes[0]
    assert ae_cli.summarize(log, encoding="big5").rows


def test_the_sample_study_in_chinese_is_the_same_in_gbk(ae: Run, tmp_path: Path) -> None:
    folder = ROOT / "samples" / "hucmsc"
    sheet = sheet_of(read(folder / "events-zh.xlsx"))
    rows = [sheet.headers, *(sheet.row(i) for i in range(sheet.cells.height))]
    tables = []
    for encoding in ("utf-8", "gbk", "utf-16-le"):
        log = saved(tmp_path / f"{encoding}.csv", csv_text(rows, "\t").encode(encoding))
        words = (log, "--subjects", folder / "subjects.csv", "--study", folder / "study.toml")
        tables.append(ae("summarize", *words, "--format", "json").json["rows"])
    assert tables[0] == tables[1] == tables[2]


def test_a_workbook_has_no_use_for_an_encoding(ae: Run, log: Path, tmp_path: Path) -> None:
    pl.read_csv(log, infer_schema=False).write_parquet(tmp_path / "ae.parquet")
    assert ae("validate", tmp_path / "ae.parquet", "--encoding", "gbk").code == 0


# Standard input, and names the shell left as they are


class Pipe:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_a_log_may_come_from_standard_input(
    ae: Run, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def piped(*words: object, data: str = csv_text(EVENTS)) -> Ran:
        monkeypatch.setattr(sys, "stdin", Pipe(data.encode()))
        return ae(*words)

    ran = piped("summarize", "-", "--subjects", people, "--format", "json")
    assert ran.json["files"][0]["path"] == "<stdin>"
    plain = piped("summarize", write_csv(tmp_path / "a.csv", EVENTS), "--subjects", people)
    assert (
        piped("summarize", "by", "group", "-", "--subjects", people).out.splitlines()[3:20]
        == (plain.out.splitlines()[3:20])
    )
    assert (
        "<stdin>, line 3 has 7 cells"
        in piped("validate", "-", data="Subject ID,AE,Grade\n1,Rash,1\n2,a,b,c,d,e,f\n").err
    )
    assert "<stdin> is empty" in piped("validate", "-", data="").err
    assert "is named twice" in piped("validate", "-", "-").err
    assert "is named twice" in piped("validate", "-", "--subjects", "-").err
    assert "-o FILE" in piped("export", "xlsx", "-").err
    assert piped("export", "xlsx", "-", "-o", "t.xlsx").code == 0
    assert "standard input has no name" in piped("init", "-").err


def test_names_with_stars_are_found(
    ae: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    write_csv(tmp_path / "logs" / "1.csv", EVENTS[:3])
    write_csv(tmp_path / "logs" / "2.csv", [HEADER, *EVENTS[3:]])
    for pattern in ("logs/*.csv", str(tmp_path / "logs" / "?.csv"), "lo*/[12].csv"):
        files = ae("validate", pattern, "--format", "json").json["files"]
        assert [f["rows_read"] for f in files] == [2, 2]
    ran = ae("validate", "logs/*.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "no file matches" in ran.err
    exact = write_csv(tmp_path / "ae[1].csv", EVENTS)
    assert ae("validate", exact).code == 0


def test_a_header_with_a_blank_of_its_own_tells_no_encoding(tmp_path: Path) -> None:
    data = "Subject ID,AE\u00a0Term,Grade\nS1,боль,2\nS2,тошнота,1\n".encode("cp1251")
    error = refused(saved(tmp_path / "ae.csv", data))
    assert "the text is not UTF-8" in error.what


def test_chinese_that_is_valid_utf_8_is_asked_about(tmp_path: Path) -> None:
    data = b"Subject ID,AE Term,Grade,Dose group\nS1,pain,2,Female\xc5\xae\n"
    error = refused(saved(tmp_path / "ae.csv", data))
    assert "Female女" in error.remedy or "女" in error.remedy


def test_utf_16_may_be_named(tmp_path: Path) -> None:
    data = csv_text([HEADER, ("1", "Rash", "1", "N", "2024-03-04", "Low")]).encode("utf-16")
    assert len(texts(read(saved(tmp_path / "ae.csv", data), encoding="utf-16"))) == 1
