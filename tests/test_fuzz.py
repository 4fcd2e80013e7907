"""Whatever the bytes are, a log is read right or refused: no other error, no hang, no lost row.

Small good samples are bent by a seed: the same cases in every run, CASES for each sample.
AE_CLI_FUZZ_SECONDS=60 spends so long on each sample, with seeds that nobody tried before.
"""

from __future__ import annotations

import faulthandler
import gzip
import os
import random
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import EVENTS, SUBJECTS, csv_text
from test_formats import LOG, MADE, iris, xpt
from test_redcap import DICTIONARY, REPEATED, WIDE
from workbooks import parts_of, xlsx, zipped

import ae_cli
from ae_cli.config import Config, load
from ae_cli.errors import InputError
from ae_cli.read import files, read_log

CASES = 60
SECONDS = float(os.environ.get("AE_CLI_FUZZ_SECONDS", "0"))
TOO_LONG = 20.0  # seconds for a file of some kilobytes, on a busy machine
TOO_MUCH = 700 << 20  # bytes that one such file makes the peak grow
LIMITS = Config.model_validate({"limits": {"megabytes": 50, "cells": 500_000}})
TERMS = ("恶心", "呕吐", "头痛", "发热", "皮疹", "乏力", "腹泻", "便秘", "贫血", "中性粒细胞减少")
CHINESE = (
    ("受试者编号", "不良事件名称", "分级", "开始日期", "转归"),
    *((f"00{i}", term, "2", "2024-03-04", "痊愈") for i, term in enumerate(TERMS)),
)

SAMPLES: dict[str, Callable[[], bytes]] = {
    "ae.csv": lambda: csv_text(LOG).encode(),
    "quoted.csv": lambda: csv_text(
        (*EVENTS, ("005", 'a "b",\n c', "1", "N", "04/03/2024", "Low"))
    ).encode(),
    "utf16.csv": lambda: csv_text(EVENTS).encode("utf-16"),
    "bare16.csv": lambda: csv_text(EVENTS).encode("utf-16-le"),
    "gbk.csv": lambda: csv_text(CHINESE).encode("gb18030"),
    "redcap.csv": lambda: csv_text(REPEATED).replace("ae_severity", "ae_serious").encode(),
    "numbered.csv": lambda: csv_text(WIDE).encode(),
    "ae.xlsx": lambda: xlsx({"AE": EVENTS, "DM": SUBJECTS}),
    "v5.xpt": lambda: xpt(5),
    "v8.xpt": lambda: xpt(8),
    "iris.sas7bdat": iris,
    **{
        name: MADE[name]
        for name in (
            "ae.xls", "ae.xlsb", "ae.ods", "ae.parquet", "ae.json", "ae.ndjson", "ae.dsjc",
            "packed.json.gz", "lines.jsonl", "array.json", "wide.json",
        )
    },
}  # fmt: skip
WORDS = (
    b'"', b"'", b",", b"\t", b";", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xfe\xff", b"\x1a",
    b"\xef\xbb\xbf", b"{", b"}", b"[", b"]", b":", b"null", b"NaN", b"1e999", b"-1", b"9999999999",
    b"A1", b"XFD1048576", b"65536", b"2147483648", b"4294967295", b"18446744073709551616",
    b"<", b">", b"</c>", b"<c/>", b"<row/>", b"&", b"&#0;", b"&#xD800;", b"<!--", b"<![CDATA[",
    b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\xff\xff\xff\x7f", bytes(8), b" " * 80,
    "头痛".encode(), "头痛".encode("gbk"), b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"1900-02-29",
)  # fmt: skip


class Bent:
    """A sample, bent in ways that a seed decides."""

    def __init__(self, seed: str, data: bytes, other: bytes) -> None:
        self.chance, self.data, self.other = random.Random(seed), data, other

    def made(self) -> bytes:
        """One bent file. What packs other things is bent inside as often as outside."""
        if self.chance.random() < 0.02:
            return self.chance.randbytes(self.chance.randrange(3000))
        if self.chance.random() < 0.7:
            if self.data.startswith(b"PK"):
                return self.within_zip()
            if self.data.startswith(b"\x1f\x8b"):
                return gzip.compress(self.bent(gzip.decompress(self.data)))
            if self.data.startswith(b"x\x9c"):
                return zlib.compress(self.bent(zlib.decompress(self.data)))
        return self.bent(self.data)

    def within_zip(self) -> bytes:
        parts = parts_of(self.data)
        for name in self.chance.sample(sorted(parts), self.chance.choice((1, 1, 1, 2, 3))):
            parts[name] = self.bent(parts[name])
            if self.chance.random() < 0.03:
                del parts[name]
        return zipped(parts)

    def bent(self, data: bytes) -> bytes:
        ways = (self.flip, self.flip, self.delete, self.insert, self.word, self.word, self.cut,
                self.splice, self.number, self.repeat)  # fmt: skip
        for _ in range(self.chance.choice((1, 1, 1, 2, 4, 8))):
            data = self.chance.choice(ways)(data)
        return data

    def place(self, data: bytes) -> int:
        """Anywhere, and often in the head, where a format says what it is."""
        end = len(data) if self.chance.random() < 0.6 else min(len(data), 400)
        return self.chance.randrange(end + 1)

    def flip(self, data: bytes) -> bytes:
        out = bytearray(data)
        for _ in range(self.chance.choice((1, 1, 2, 10, 50)) if out else 0):
            at = min(self.place(data), len(out) - 1)
            out[at] = self.chance.choice((self.chance.randrange(256), out[at] ^ 1, 0, 255))
        return bytes(out)

    def delete(self, data: bytes) -> bytes:
        at = self.place(data)
        return data[:at] + data[at + self.chance.choice((1, 2, 7, 80, 500)) :]

    def insert(self, data: bytes) -> bytes:
        at = self.place(data)
        return data[:at] + self.chance.randbytes(self.chance.choice((1, 2, 8, 80))) + data[at:]

    def word(self, data: bytes) -> bytes:
        at, word = self.place(data), self.chance.choice(WORDS)
        over = len(word) if self.chance.random() < 0.5 else 0
        return data[:at] + word * self.chance.choice((1, 1, 1, 2, 100)) + data[at + over :]

    def cut(self, data: bytes) -> bytes:
        return data[: self.place(data)]

    def splice(self, data: bytes) -> bytes:
        at = self.place(self.other)
        return data[: self.place(data)] + self.other[at : at + self.chance.choice((20, 500, 9999))]

    def repeat(self, data: bytes) -> bytes:
        at, size = self.place(data), self.chance.choice((4, 40, 400))
        return data[:at] + data[at : at + size] * self.chance.choice((2, 3, 50)) + data[at + size :]

    def number(self, data: bytes) -> bytes:
        """A number, in digits or in bytes, becomes another one."""
        digits = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
        if digits and self.chance.random() < 0.6:
            at = self.chance.choice(digits)
            new = str(self.chance.choice((0, 2, 99, 70000, 2**31, 2**64))).encode()
            return data[:at] + new + data[at + 1 :]
        at = self.place(data) & ~1
        new = self.chance.choice((0, 1, 255, 65535, 2**31 - 1, 2**32 - 1)).to_bytes(4, "little")
        return data[:at] + new + data[at + 4 :]


def seeds(name: str) -> Iterator[str]:
    """The same ones always; new ones for so long as is asked."""
    if not SECONDS:
        yield from (f"{name} {n}" for n in range(CASES))
        return
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        yield f"{name} {random.SystemRandom().randrange(2**60)}"


def peak() -> int:
    """The most memory that this process ever had; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def tried(path: Path, read: Callable[[Path], None]) -> None:
    """Reads a file. What is no refusal, takes long or takes much is a failure."""
    before, start = peak(), time.monotonic()
    faulthandler.dump_traceback_later(10 * TOO_LONG, exit=True)  # no exception ends a hang
    try:
        read(path)
    except InputError as error:
        assert error.what
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert time.monotonic() - start < TOO_LONG
    assert peak() - before < TOO_MUCH


def checked(path: Path) -> None:
    """All sheets, and the log as a person meets it."""
    for sheet in files.sheets(path, {}, {}, None, LIMITS.limits):
        assert sheet.cells.height == sheet.lines.len()
    report = ae_cli.check(path, config=LIMITS)
    assert not report.crashed()
    assert sum(file.rows_excluded for file in report.files) == len(report.excluded)
    for file in report.files:
        assert file.rows_read == file.rows_used + file.rows_excluded


def fuzz(
    name: str, folder: Path, data: bytes, others: list[bytes], read: Callable[[Path], None]
) -> None:
    """Every case of a sample; the first that fails stays in `folder`, with its seed."""
    path = folder / name
    for seed in seeds(name):
        path.write_bytes(Bent(seed, data, random.Random(seed).choice(others)).made())
        try:
            tried(path, read)
        except BaseException as error:
            raise AssertionError(f"seed {seed!r}, kept as {path}") from error


@pytest.mark.parametrize("name", SAMPLES)
def test_a_bent_file_is_refused_or_right(tmp_path: Path, name: str) -> None:
    others = [SAMPLES[other]() for other in ("ae.csv", "ae.xls", "ae.parquet", "v5.xpt", name)]
    fuzz(name, tmp_path, SAMPLES[name](), others, checked)


STUDY = """
title = "x"
ctcae = "5.0"
cut_off = 2025-06-30
date_order = "dmy"
[[groups]]
name = "Low"
dose = 1
spellings = ["LOW"]
[window]
days_after_first_dose = 168
[columns.events]
subject = "USUBJID"
[codes.events.serious]
1 = "Y"
[severity_as_grade]
mild = 1
[limits]
megabytes = 10
"""


def test_a_bent_study_file_is_refused_or_right(tmp_path: Path) -> None:
    log = tmp_path / "ae.csv"
    log.write_bytes(SAMPLES["ae.csv"]())

    def read(path: Path) -> None:
        ae_cli.check(log, config=load(path))

    fuzz("study.toml", tmp_path, STUDY.encode(), [csv_text(LOG).encode()], read)


def test_a_bent_dictionary_is_refused_or_right(tmp_path: Path) -> None:
    log = tmp_path / "ae.csv"
    log.write_bytes(SAMPLES["redcap.csv"]())

    def read(path: Path) -> None:
        read_log([log], config=Config.model_validate({"files": {"redcap_dictionary": str(path)}}))

    fuzz("dictionary.csv", tmp_path, csv_text(DICTIONARY).encode(), [b'"', bytes(99)], read)


def test_the_samples_themselves_are_right(tmp_path: Path) -> None:
    for name, make in SAMPLES.items():
        if name != "iris.sas7bdat":
            path = tmp_path / name
            path.write_bytes(make())
            checked(path)


# What was found


def test_a_long_run_of_ascii_beside_a_foreign_letter_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.write_bytes(b"x" * 100_000 + b"\n\xa4\n")
    tried(path, checked)


def test_an_export_without_any_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.write_bytes(
        b"record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,treat"
    )
    with pytest.raises(InputError):
        checked(path)


def test_a_sheet_that_says_it_is_larger_than_any_is_refused(tmp_path: Path) -> None:
    """Calamine asks for the room it would need, and there is none: the program would end."""
    data = SAMPLES["ae.xls"]()
    at = data.index(struct.pack("<HH", 0x200, 14)) + 4
    for size in ((0, 2**31, 0, 5), (9, 2, 0, 5), (0, 9, 0, 65535)):
        path = tmp_path / "ae.xls"
        path.write_bytes(data[:at] + struct.pack("<2I2H", *size) + data[at + 12 :])
        with pytest.raises(InputError, match="cannot be opened"):
            read_log([path])


@pytest.mark.parametrize("text", ['{"USUBJID": "1", "AETERM": "\\ud800"}\n', '[{"\\udc00": 1}]'])
def test_half_a_character_of_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ae.json"
    path.write_text(text)
    with pytest.raises(InputError):
        checked(path)
