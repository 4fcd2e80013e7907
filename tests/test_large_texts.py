"""A large text is judged piece by piece, and as strictly as a small one."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest
from conftest import HEADER, csv_text
from test_encodings import CHINESE, TERMS, with_terms
from test_reading import notes, read, refused, saved, texts

from ae_cli.read import delimited, readings
from ae_cli.read.readings import Reading, pieces, reads
from ae_cli.read.scripts import makes_sense
from ae_cli.read.sheet import _filled, from_rows

LARGE = 3_000_000
CODECS = sorted(readings._IN_PIECES)


def large(line: str, encoding: str, size: int = LARGE) -> bytes:
    data = line.encode(encoding)
    return data * (size // len(data))


def outcome(data: bytes, codec: str, whole: bool) -> tuple[object, ...]:
    try:
        return (data.decode(codec) if whole else "".join(pieces(data, codec)),)
    except UnicodeDecodeError as error:
        return (error.start,)


@pytest.mark.parametrize("codec", CODECS)
def test_the_pieces_are_the_whole(codec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of text, and of noise: the same characters, or the same place where a codec stops."""
    monkeypatch.setattr(readings, "PIECE", 4)
    known = (
        "".join(t for terms in TERMS.values() for t in terms).encode(codec, "ignore").decode(codec)
    )
    chance = random.Random(1)
    for _ in range(500):
        text = "".join(chance.choices(known + ',\n\t;a"|', k=30)).encode(codec)
        noise = bytes(chance.choices([*b",;\n\t\r019aA|", *range(0x80, 0x100)], k=12))
        for data in (text, noise, text + noise, text[: chance.randrange(len(text))]):
            assert outcome(data, codec, whole=False) == outcome(data, codec, whole=True)


@pytest.mark.parametrize("codec", CODECS)
def test_no_character_ends_with_what_ends_a_piece(codec: str) -> None:
    marks = b"".join(readings._END_OF_PIECE)
    for lead in range(0x80, 0x100):
        for more in (b"", b"0", b"\x81", b"0\x81", b"\x81\xa1"):
            for mark in marks:
                data = bytes([lead]) + more + bytes([mark])
                if reads(data, codec):
                    assert data.decode(codec)[-1] == chr(mark)


def test_the_distinct_characters_of_all_pieces_are_found() -> None:
    text = "".join(f"a{chr(0x4E00 + i % 9000)}é\n" for i in range(400_000))
    one = Reading("UTF-8", text.encode(), "utf-8")
    assert len(list(one.pieces())) > 1
    assert one.foreign == {c for c in text if c > "\x7f"}


@pytest.mark.parametrize("codec", ["gbk", "gb18030", "big5", "shift_jis", "euc_kr", "cp1252"])
def test_a_large_log_is_read_as_a_small_one(tmp_path: Path, codec: str) -> None:
    terms = TERMS[{"gbk": "gb18030"}.get(codec, codec)]
    rows = [row.replace("\r\n", "\n") for row in (csv_text([r]) for r in with_terms(terms)[1:])]
    small = saved(tmp_path / "small.csv", csv_text([HEADER]).encode() + "".join(rows).encode(codec))
    head = csv_text([HEADER]).encode()
    big = saved(tmp_path / "big.csv", head + large("".join(rows), codec))
    try:
        expected = notes(read(small))
    except Exception:
        assert "could be several things" in refused(big).what
    else:
        assert notes(read(big)) == expected
    few = read(big, encoding=codec)
    assert texts(few)[: len(rows)] == texts(few)[-len(rows) :] == with_terms(terms)[1:]


@pytest.mark.parametrize(
    ("line", "encoding", "last", "other"),
    [
        ("1,Nausée,2\n", "cp1252", "2,TNF-α,1\n", "cp1253"),
        ("1,Nausée,2\n", "cp1252", "2,А,1\n", "cp1251"),
        ("1,Nausée,2\n", "cp1252", "2,horečka,1\n", "cp1250"),
        ("1,恶心,2\n", "gbk", "2,恶心呕吐,1\n", "utf-8"),
        ("1,恶心,2\n", "utf-8", "2,恶心呕吐,1\n", "gbk"),
        ("1,恶心,2\n", "gbk", "2,\xff,1\n", "latin-1"),
        ("1,Nausée,2\n", "utf-8", "2,Nausée,1\n", "cp1252"),
    ],
)
def test_one_line_at_the_end_of_a_large_file_is_not_overlooked(
    tmp_path: Path, line: str, encoding: str, last: str, other: str
) -> None:
    data = b"Subject ID,AE Term,Grade\n" + large(line, encoding) + last.encode(other)
    error = refused(saved(tmp_path / "ae.csv", data))
    assert "the text is not UTF-8" in error.what


def test_a_second_half_in_another_encoding_is_refused(tmp_path: Path) -> None:
    head = csv_text(CHINESE[:1]).encode("gbk")
    first = large("001,恶心呕吐,2,否,2024-03-04,低剂量\n", "gbk")
    for codec in ("big5", "shift_jis"):
        rest = "".join(f"{i},{t},1,,,\n" for i, t in enumerate(TERMS[codec]))
        log = saved(tmp_path / f"{codec}.csv", head + first + large(rest, codec))
        assert "makes no sense in it" in refused(log).what


def test_no_reading_is_held_whole() -> None:
    data = large("001,恶心呕吐,1,2024-03-04,no relation to the treatment\n", "gbk", 8_000_000)
    tracemalloc.start()
    try:
        assert max(map(makes_sense, readings.readings(data))) == 1
        assert tracemalloc.get_traced_memory()[1] < len(data)
    finally:
        tracemalloc.stop()


def test_marks_are_matched_across_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a text is cut, the same marks open and close, and the same is found within."""
    chance = random.Random(1)
    some = ['"', '"', '""', '","', ",", "\n", "x", '"\n"', "\r\n"]
    for _ in range(5000):
        data = "".join(chance.choices(some, k=12)).encode()
        monkeypatch.setattr(delimited, "CHUNK", len(data))
        whole = delimited._quoted(data, ",")
        for size in (1, 2, 5):
            monkeypatch.setattr(delimited, "CHUNK", size)
            assert delimited._quoted(data, ",") == whole, (data, size)


@pytest.mark.parametrize("end", ["", '"', '"x', '","'])
def test_a_large_text_of_quotation_marks_is_refused(tmp_path: Path, end: str) -> None:
    for marks in (LARGE, LARGE + 1):
        data = csv_text([HEADER]) + '"' * marks + end
        error = refused(saved(tmp_path / "ae.csv", data))
        assert "quotation mark" in error.what or "a million characters" in error.what


def test_blank_rows_are_told_by_all_their_cells() -> None:
    rows = [("", ""), (" ", "x"), ("x", ""), ("\u3000", " "), ("", "\t")]
    assert _filled(from_rows("ae.csv", None, rows, range(5)).cells).to_list() == [
        False, True, True, False, False,
    ]  # fmt: skip
