"""What is too large is refused by its size, with the entry that allows it; allowed, it is read."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from conftest import EVENTS, Run, csv_text, write_xlsx
from formats import ods, xls, xlsb
from workbooks import parts_of, with_part, xlsx, zipped

from ae_cli.config import Config, load
from ae_cli.errors import InputError
from ae_cli.read import Log, files, read_log, sas7bdat
from ae_cli.read.compound import workbook_stream
from ae_cli.render import data as written

SMALL = Config.model_validate({"limits": {"megabytes": 1, "cells": 1000}})
LARGE = Config.model_validate({"limits": {"megabytes": 100, "cells": 10_000_000}})
HEADER, ROW = EVENTS[:2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="no such files on this system")


def refused(path: Path, *said: str, config: Config = SMALL) -> None:
    with pytest.raises(InputError) as caught:
        read_log([path], config=config)
    message = f"{caught.value.what} | {caught.value.remedy}"
    assert all(words in message for words in said), message


def rows(log: Log) -> int:
    return log.events.frame.height


def long_csv() -> bytes:
    return csv_text((HEADER, *[(*ROW[:1], "Nausea" * 20, *ROW[2:])] * 15_000)).encode()


def long_xlsx() -> bytes:
    """A text no cell needs, of two megabytes when it is expanded."""
    return with_part(xlsx({"AE": EVENTS}), "xl/media/noise.bin", bytes(2 << 20))


def long_json() -> bytes:
    return json.dumps([dict(zip(HEADER, ROW, strict=True))] * 15_000).encode()


def long_parquet() -> bytes:
    """One value so often that a few bytes tell it."""
    out = io.BytesIO()
    rows = pl.DataFrame([ROW], schema=list(HEADER), orient="row")
    pl.concat([rows] * 20_000).write_parquet(out)
    return out.getvalue()


LONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "ae.csv": (long_csv, "no more than 1 MB are read"),
    "ae.json": (long_json, "no more than 1 MB are read"),
    "ae.xlsx": (long_xlsx, "would grow from 0.0 MB to 2.1 MB"),
    "ae.dsjc": (lambda: zlib.compress(long_json()), "would grow from"),
    "ae.json.gz": (lambda: gzip.compress(long_json()), "would grow from"),
    "ae.parquet": (long_parquet, "would grow from"),
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_too_large_is_refused_and_read_when_it_is_meant(tmp_path: Path, name: str) -> None:
    make, said = LONG[name]
    path = tmp_path / name
    path.write_bytes(make())
    refused(path, said, "megabytes = ", "study.toml", "[limits]")
    assert rows(read_log([path], config=LARGE)) >= 4


STRAY = [HEADER, ROW, *[[None]] * 2000, [None] * 40 + ["x"]]
FAR: dict[str, Callable[[], bytes]] = {
    "ae.xlsx": lambda: xlsx({"AE": STRAY}),
    "ae.xls": lambda: xls({"AE": STRAY}),
    "ae.xlsb": lambda: xlsb({"AE": STRAY}),
    "ae.ods": lambda: ods({"AE": STRAY}),
}


@pytest.mark.parametrize("name", FAR)
def test_a_stray_cell_is_refused_and_read_when_it_is_meant(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FAR[name]())
    refused(path, "is filled down to cell AO2003", "cells = 82123", "--max-cells 82123")
    assert rows(read_log([path], config=LARGE)) == 2


@pytest.mark.parametrize("name", FAR)
def test_sheets_are_added_up(tmp_path: Path, name: str) -> None:
    """Hidden ones, too: they are opened with the others."""
    grid = {f"Hidden {i}": [[None] * 20 + ["x"]] * 20 for i in range(5)} | {"AE": EVENTS}
    make = {"ae.xls": xls, "ae.xlsb": xlsb, "ae.ods": ods}.get(name)
    path = tmp_path / name
    if make:
        path.write_bytes(make(grid))
    else:
        write_xlsx(path, grid, hidden=list(grid)[:-1])
    refused(path, "is filled down to cell U")
    assert rows(read_log([path], config=LARGE)) == 4


def test_a_short_file_of_repeated_cells(tmp_path: Path) -> None:
    many = 'table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"'
    content = ods({"AE": EVENTS})
    parts = parts_of(content)
    row, cell = b"<table:table-row><table:table-cell", b'office:value-type="string"'
    for old, new in (
        (row, f"<table:table-row {many} table:number-columns-repeated='16000'".encode()),
        (cell, b"table:number-columns-repeated='16000' " + cell),
        (row + b" " + cell, b"<table:table-row table:number-rows-repeated = '99999999'"
         b"><table:table-cell " + cell),
    ):  # fmt: skip
        assert old in parts["content.xml"]
        changed = {name: part.replace(old, new) for name, part in parts.items()}
        (tmp_path / "ae.ods").write_bytes(zipped(changed))
        refused(tmp_path / "ae.ods", "is filled down to cell")


def test_a_list_of_texts_beyond_the_cells_there_may_be(tmp_path: Path) -> None:
    book = with_part(
        xlsx({"AE": EVENTS}), "xl/SharedStrings.xml", b"<sst>" + b"<si/>" * 2000 + b"</sst>"
    )
    (tmp_path / "ae.xlsx").write_bytes(book)
    refused(tmp_path / "ae.xlsx", "the list of texts")


BLANK = {
    "lines": (csv_text(EVENTS) + "\n" * 500_000, "would grow from"),
    "commas": (csv_text(EVENTS) + ",,,,,\n" * 50_000, "would grow from"),
    "wide": (csv_text((HEADER + ("",) * 17_000,)), "has 17,006 columns"),
}


@pytest.mark.parametrize("name", BLANK)
def test_text_that_is_blank_for_the_most_part(tmp_path: Path, name: str) -> None:
    text, said = BLANK[name]
    path = tmp_path / "ae.csv"
    path.write_text(text)
    refused(path, said)


def test_json_lines_that_share_no_key(tmp_path: Path) -> None:
    path = tmp_path / "ae.jsonl"
    line = '{{"USUBJID": "1", "AETERM": "Rash", "x{}": 1}}\n'
    path.write_text("".join(map(line.format, range(99))))
    refused(path, "filled down to", "cells = ")
    assert rows(read_log([path], config=LARGE)) == 99


def test_a_compressed_sas_file_says_how_large_it_is() -> None:
    data = bytearray(gzip.decompress(
        (Path(__file__).parent / "data" / "iris.sas7bdat.gz").read_bytes()
    ))  # fmt: skip
    assert sas7bdat.size("x", bytes(data)) == 150 * 40


# What is no file


@POSIX
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(ae: Run, device: str) -> None:
    ran = ae("validate", device)
    assert (ran.code, ran.out) == (2, "")
    assert f"{device} is not a file but a device or a pipe" in ran.err
    assert f"ae-cli validate - < {device}" in ran.err


@POSIX
def test_a_pipe_without_a_writer_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ae.csv")
    found: list[InputError] = []

    def read() -> None:
        try:
            read_log([tmp_path / "ae.csv"])
        except InputError as error:
            found.append(error)

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    reading.join(10)
    assert found and "a device or a pipe" in found[0].what


@POSIX
def test_a_file_of_ten_gigabytes_is_refused_by_its_size(ae: Run, tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.touch()
    os.truncate(path, 10 * 10**9)
    ran = ae("validate", path)
    assert ran.code == 2
    assert "ae.csv has 10,000 MB, and no more than 500 MB are read" in ran.err
    assert "megabytes = 10000 under [limits]" in ran.err
    ran = ae("validate", path, "--study", path)
    assert ran.code == 2 and "is no study file" in ran.err


class Endless(io.RawIOBase):
    """Standard input without an end."""

    def __init__(self, begin: bytes) -> None:
        self.begin = begin

    @property
    def buffer(self) -> Endless:
        return self

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "never whole"
        return self.begin * (size // len(self.begin))


def test_standard_input_is_read_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Endless(b"\0"))
    refused(files.STDIN, "<stdin> has more than 1 MB", "megabytes = 2")
    monkeypatch.setattr("sys.stdin", type("", (), {"buffer": io.BytesIO(long_csv())}))
    assert rows(read_log([files.STDIN], config=LARGE)) == 15_000


# The entries


def test_the_limits_stand_in_study_toml(ae: Run, tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_bytes(long_csv())
    study = tmp_path / "study.toml"
    study.write_text("[limits]\nmegabytes = 1\n")
    assert ae("validate", tmp_path / "ae.csv").code == 2
    study.write_text("[limits]\nmegabytes = 3\ncells = 7\n")
    assert ae("validate", tmp_path / "ae.csv").code in (0, 1)
    assert ae("validate", tmp_path / "ae.csv", "--max-mb", 1).code == 2
    limits = load(study).limits
    assert (limits.megabytes, limits.bytes, limits.cells) == (3, 3_000_000, 7)
    for wrong in ("megabytes = 0", "cells = -1", "gigabytes = 1", 'cells = "many"'):
        study.write_text(f"[limits]\n{wrong}\n")
        with pytest.raises(InputError, match=r"limits\."):
            load(study)


def test_the_options_go_before_study_toml(ae: Run, tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(FAR["ae.xlsx"]())
    ran = ae("validate", path, "--max-cells", 1000)
    assert ran.code == 2 and "--max-cells" in ran.err
    assert ae("validate", path, "--max-cells", 90_000).code in (0, 1)
    assert "valid integer" in ae("validate", path, "--max-cells", "many").err.casefold()


# Circles


def test_a_compound_file_that_goes_in_circles() -> None:
    data = bytearray(xls({"AE": EVENTS}))
    data[68:72] = (1).to_bytes(4, "little")  # more tables of sectors, here, and so on
    assert workbook_stream(bytes(data)).startswith(b"\x09\x08")
    data[-508:-504] = (1).to_bytes(4, "little")  # the second sector follows itself
    assert workbook_stream(bytes(data)).startswith(b"\x09\x08")


def test_what_is_written_is_within_its_own_limits(tmp_path: Path) -> None:
    frame = pl.DataFrame([ROW] * 10, schema=list(HEADER), orient="row")
    written.write(tmp_path / "ae.xlsx", {"AE": frame})
    assert rows(read_log([tmp_path / "ae.xlsx"], config=SMALL)) == 10


@pytest.mark.parametrize("name", ["ae.csv", "ae.jsonl", "ae.parquet"])
def test_a_text_that_no_person_wrote_is_refused(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame({"USUBJID": ["1", "2"], "AETERM": ["Rash", "x" * 1_100_000]})
    path = tmp_path / name
    write = {"ae.csv": frame.write_csv, "ae.jsonl": frame.write_ndjson}
    write.get(name, frame.write_parquet)(path)
    refused(path, "a text in it has more than a million characters", config=LARGE)
