"""Any log people really have: each format gives the table of the clean CSV, or a clear refusal."""

from __future__ import annotations

import builtins
import datetime as dt
import gzip
import io
import json
import struct
import tempfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
from conftest import ROOT, csv_text, write_csv
from formats import NOT_AVAILABLE, ods, xls, xlsb
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.errors import InputError
from ae_cli.model import AdverseEvent, Subject
from ae_cli.read import Sheet, read_log, sas, sas7bdat, xport
from ae_cli.read.files import sheets
from ae_cli.read.formats import SAS7BDAT
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.study import open_study

DATA = ROOT.parent / "shared" / "data"
LOG = (
    ("USUBJID", "AETERM", "AETOXGR", "AESER", "AESTDTC", "AEENDTC", "ARM"),
    ("001", "Nausea", "2", "N", "2024-03-04", "2024-03-05", "Low"),
    ("001", "头痛", "1", "N", "2024-03-05", "", "Low"),
    ("002", "Sepsis", "4", "Y", "2024-04-01", "2024-03-01", "High"),
    ("004", "Vomiting", "", "maybe", "2024-03", "", "High"),
)
BODY = [list(row) for row in LOG[1:]]
OBJECTS = [{k: v or None for k, v in zip(LOG[0], row, strict=True)} for row in BODY]


def cells(row: Sequence[str]) -> list[Any]:
    """Texts as a person would type them: grades as numbers, whole dates as dates."""
    typed: list[Any] = [text or None for text in row]
    typed[2] = int(row[2]) if row[2].isdigit() else typed[2]
    typed[4] = dt.date.fromisoformat(row[4]) if len(row[4]) == 10 and row[4][0] == "2" else row[4]
    return typed


GRID = {"Hidden": LOG[:2], "AE": [list(LOG[0]), *map(cells, BODY)]}


def frame(rows: Sequence[Sequence[str]] = BODY) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=list(LOG[0]), orient="row")
    return table.with_columns(pl.col("AETOXGR").cast(pl.Float64, strict=False))


def xpt(version: int, table: pl.DataFrame | None = None, **how: Any) -> bytes:
    how = {"table_name": "AE", "file_format_version": version} | how
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "ae.xpt"
        pyreadstat.write_xport(frame() if table is None else table, target, **how)
        return target.read_bytes()


def dataset(rows: Sequence[Sequence[Any]] = BODY, **more: Any) -> dict[str, Any]:
    columns = [{"itemOID": n, "name": n, "label": n, "dataType": "string"} for n in LOG[0]]
    return {"datasetJSONVersion": "1.1.0", "records": len(rows), "name": "AE", "label": "x",
            "columns": columns} | more  # fmt: skip


def lines(*values: Any) -> bytes:
    return "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values).encode()


def ndjson(**more: Any) -> bytes:
    return lines(dataset(**more), *BODY)


def whole(rows: Sequence[Any] = BODY, **more: Any) -> bytes:
    return json.dumps({**dataset(rows=BODY), "rows": rows, **more}).encode()


def parquet(table: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    table.write_parquet(target)
    return target.getvalue()


MADE: dict[str, Callable[[], bytes]] = {
    "ae.xls": lambda: xls(GRID),
    "ae.xlsb": lambda: xlsb(GRID),
    "ae.ods": lambda: ods(GRID),
    "tabs.xls": lambda: csv_text(LOG, "\t").encode(),
    "wide.xls": lambda: b"\xff\xfe" + csv_text(LOG, "\t").encode("utf-16-le"),
    "v5.xpt": lambda: xpt(5),
    "v8.xpt": lambda: xpt(8),
    "ae.parquet": lambda: parquet(frame()),
    "ae.json": whole,
    "ae.ndjson": ndjson,
    "ae.dsjc": lambda: zlib.compress(ndjson()),
    "gzip.dsjc": lambda: gzip.compress(ndjson()),
    "packed.json.gz": lambda: gzip.compress(whole()),
    "lines.jsonl": lambda: lines(*OBJECTS),
    "array.json": lambda: json.dumps(OBJECTS, indent=2).encode(),
    "wide.json": lambda: json.dumps(OBJECTS).encode("utf-16"),
    "marked.json": lambda: b"\xef\xbb\xbf" + json.dumps(OBJECTS).encode(),
}


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def seen(path: Path) -> tuple[Any, ...]:
    """What a user gets from a log: its cells, the findings, and the table."""
    study = open_study([path], None, None)
    report = check(study)
    table = summarize(study, report)
    found = sorted(
        (f.rule, f.severity, f.subject or "", f.fields, f.values) for f in report.findings
    )
    return texts(read_log([path]).events.sources[0].sheet), found, table.columns, table.rows


def texts(sheet: Sheet) -> list[tuple[str, ...]]:
    return [sheet.headers, *(sheet.row(i) for i in range(sheet.cells.height))]


def read(data: bytes, tmp_path: Path, name: str = "ae") -> list[Sheet]:
    return sheets(saved(tmp_path / name, data), {AdverseEvent: {}, Subject: {}})


def refused(data: bytes, tmp_path: Path, *said: str, name: str = "ae") -> None:
    with pytest.raises(InputError) as caught:
        read(data, tmp_path, name)
    message = f"{caught.value.what} | {caught.value.remedy}"
    assert all(words in message for words in said), message


@pytest.mark.parametrize("name", MADE)
def test_each_format_is_the_clean_csv(tmp_path: Path, name: str) -> None:
    clean = seen(write_csv(tmp_path / "clean.csv", LOG))
    assert seen(saved(tmp_path / name, MADE[name]())) == clean
    assert clean[1]  # there are findings to compare


@pytest.mark.parametrize(
    ("name", "rows"),
    [("ae.xls", [2, 3, 4, 5]), ("ae.ods", [2, 3, 4, 5]), ("v5.xpt", [1, 2, 3, 4]),
     ("ae.ndjson", [1, 2, 3, 4]), ("lines.jsonl", [1, 2, 3, 4]), ("array.json", [1, 2, 3, 4])],
)  # fmt: skip
def test_a_row_is_what_a_person_sees(tmp_path: Path, name: str, rows: list[int]) -> None:
    assert read(MADE[name](), tmp_path)[0].lines.to_list() == rows


# Kin of .xlsx


@pytest.mark.parametrize("write", [xls, xlsb, ods])
def test_blank_rows_move_nothing(tmp_path: Path, write: Callable[..., bytes]) -> None:
    blank = [None] * 7
    grid = {"AE": [["Study 1"], blank, *LOG[:2], blank, blank, *LOG[2:]], "DM": LOG[:2]}
    ae, dm = read(write(grid), tmp_path)
    assert (ae.lines.to_list(), ae.name, dm.name) == ([4, 7, 8, 9], "AE", "DM")
    assert texts(ae) == list(LOG)


@pytest.mark.parametrize("write", [xls, xlsb])
def test_an_error_in_a_cell_is_no_blank(tmp_path: Path, write: Callable[..., bytes]) -> None:
    grid = {"Hidden": [[NOT_AVAILABLE]], "AE": [LOG[0], ["001", "Rash", NOT_AVAILABLE, True]]}
    assert texts(read(write(grid), tmp_path)[0])[1][:4] == ("001", "Rash", "#N/A", "TRUE")


def test_an_error_in_an_ods_is_refused(tmp_path: Path) -> None:
    refused(ods({"AE": [LOG[0], ["001", NOT_AVAILABLE]]}), tmp_path, "#N/A", "save it as .xlsx")


@pytest.mark.parametrize("write", [xls, xlsb, ods])
def test_zeros_that_are_only_shown_are_noted(tmp_path: Path, write: Callable[..., bytes]) -> None:
    assert any("save as .xlsx" in n for n in read(write(GRID, zeros=True), tmp_path)[0].notes)
    assert not any("save as .xlsx" in n for n in read(write(GRID), tmp_path)[0].notes)


def test_a_cell_far_out_is_refused(tmp_path: Path) -> None:
    far = [[None] * 16000 + ["x"], *[[]] * 9000, ["001"]]
    refused(xlsb({"AE": far}), tmp_path, "filled down to cell WQK9002")


@pytest.mark.parametrize("write", [xls, xlsb, ods])
def test_a_cut_workbook_is_refused(tmp_path: Path, write: Callable[..., bytes]) -> None:
    data = write(GRID)
    right = texts(read(data, tmp_path)[0])
    for at in range(600, len(data) - 1, 97):
        with suppress(InputError):
            assert texts(read(data[:at], tmp_path)[0]) == right


def test_a_web_page_named_xls_is_named_so(tmp_path: Path) -> None:
    for page in (b"<html><table>", b"\r\n<TABLE border=1>", b"\xef\xbb\xbf<!DOCTYPE html>",
                 b'<?xml version="1.0"?>\n<html xmlns="x">'):  # fmt: skip
        refused(page, tmp_path, "this .xls is a web page", "save it as .xlsx", name="ae.xls")


# SAS transport


def test_numbers_dates_and_times_of_sas(tmp_path: Path) -> None:
    table = pl.DataFrame({
        "N": [1.0, 1.5, 1e16, None],
        "D": [dt.date(2024, 2, 29), dt.date(1959, 12, 31), None, dt.date(2024, 1, 1)],
        "T": [dt.time(10, 30), None, dt.time(0), dt.time(23, 59, 59)],
        "W": [dt.datetime(2024, 3, 4, 10, 30), dt.datetime(2024, 3, 4), None, None],
    })  # fmt: skip
    for version in (5, 8):
        (sheet,) = read(xpt(version, table), tmp_path)
        assert texts(sheet)[1:] == [
            ("1", "2024-02-29", "10:30:00", "2024-03-04T10:30:00"),
            ("1.5", "1959-12-31", "", "2024-03-04T00:00:00"),
            ("10000000000000000", "", "00:00:00", ""),
            ("", "2024-01-01", "23:59:59", ""),
        ]


@pytest.mark.parametrize(
    ("shown", "number", "text"),
    [
        ("DATE9", 0.0, "1960-01-01"), ("YYMMDD10", 23439.0, "2024-03-04"),
        ("E8601DA10.", 23439.0, "2024-03-04"), ("DDMMYYS", 23439.9, "2024-03-04"),
        ("DATETIME20.3", 23439 * 86400 + 60.0, "2024-03-04T00:01:00"),
        ("DTDATE9", 23439 * 86400.0, "2024-03-04"), ("E8601DT19", 23439 * 86400.0, "2024-03-04"),
        ("TIME5", 3600.0, "01:00:00"), ("TIME8", 90000.0, "90000"), ("DATE9", 1e10, "10000000000"),
        ("MONYY7", 23439.0, "23439"), ("BEST12", 23439.0, "23439"), (None, 0.1, "0.1"),
        ("DATE9", -200000.0, "-200000"), ("DATE9", None, None),
    ],
)  # fmt: skip
def test_a_sas_format_tells_what_a_number_is(
    shown: str | None, number: float | None, text: str | None
) -> None:
    assert sas.in_format(pl.Series([number], dtype=pl.Float64), shown).to_list() == [text]


def test_special_missing_values_are_blank_and_noted(tmp_path: Path) -> None:
    data = bytearray(xpt(5, pl.DataFrame({"A": [1.0, None, None, 10.0], "B": [None, 2.0, 3.0, 0]})))
    start = len(data) - 80
    data[start + 16 : start + 17], data[start + 32 : start + 33] = b"C", b"_"
    (sheet,) = read(bytes(data), tmp_path)
    assert texts(sheet)[1:] == [("1", ""), ("", "2"), ("", "3"), ("10", "0")]
    assert "special missing values are read as blanks: .C 1, ._ 1" in sheet.notes


def test_each_member_is_a_sheet(tmp_path: Path) -> None:
    people = pl.DataFrame({"USUBJID": ["001", "002"], "ARM": ["Low", "High"], "SEX": ["F", "M"]})
    for version in (5, 8):
        both = xpt(version) + xpt(version, people, table_name="DM")[240:]
        found = read(both, tmp_path)
        assert [(s.name, s.cells.shape) for s in found] == [("AE", (4, 7)), ("DM", (2, 3))]
        log = read_log([saved(tmp_path / "both.xpt", both)])
        assert log.subjects is not None
        refused(both + xpt(version)[240:], tmp_path, "two data sets named 'AE'")


def test_text_that_is_not_utf_8_names_its_column(tmp_path: Path) -> None:
    for version, other in ((5, "gbk"), (8, "cp1252")):
        raw = "恶心啊".encode("gbk") if other == "gbk" else "é à ê".encode("cp1252").ljust(6)
        data = xpt(version).replace("头痛".encode(), raw[:6])
        refused(data, tmp_path, "column 'AETERM'", "UTF-8")


def test_a_transport_file_cut_at_a_record_is_refused_or_right(tmp_path: Path) -> None:
    """Version 8 says how many observations there are. Version 5 does not: a cut that falls between
    two observations cannot be seen in it, and the note tells how many there are."""
    table = frame(BODY * 10)
    for version in (5, 8):
        data = xpt(version, table)
        right = texts(read(data, tmp_path)[0])
        for at in range(80, len(data), 80):
            try:
                (sheet,) = read(data[:at], tmp_path)
            except InputError:
                continue
            assert version == 5, at
            width = xport.members("x", data)[0].width
            assert (at - data.index(b"*OBS  ") - 60) % width < 80
            assert texts(sheet) == right[: len(texts(sheet))]
            assert any("does not say how many" in note for note in sheet.notes)
        for at in (79, 81, 500, len(data) - 1, len(data) - 79):
            refused(data[:at], tmp_path)


def test_only_whole_observations_are_short_at_a_record() -> None:
    data = xpt(5)
    member = xport.members("x", data)[0]
    assert (member.rows, member.stated) == (4, None)
    assert xport.members("x", xpt(8))[0].stated == 4


def test_short_observations_are_not_made_of_what_fills_the_record(tmp_path: Path) -> None:
    for n in (1, 2, 3, 27, 80):
        table = pl.DataFrame({"A": ["x"] * n, "B": ["yz"] * n})
        for version in (5, 8):
            assert read(xpt(version, table), tmp_path)[0].cells.height == n


def test_a_transport_file_without_observations(tmp_path: Path) -> None:
    for version in (5, 8):
        (sheet,) = read(xpt(version, frame([])), tmp_path)
        assert (sheet.headers, sheet.cells.height) == (LOG[0], 0)


def test_cport_is_named_with_the_way_out(tmp_path: Path) -> None:
    for mark in (b"**COMPRESSED** **COMPRESSED** ", b"LIB CONTROL X64_10PRO"):
        refused(mark + bytes(500), tmp_path, "PROC CPORT", "proc copy")


@pytest.mark.parametrize("name", ["v5.xpt", "v8.xpt"])
def test_without_the_extra_the_way_to_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = builtins.__import__

    def none(name: str, *more: Any) -> Any:
        if name == "pyreadstat":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", none)
    refused(MADE[name](), tmp_path, "not installed", 'pip install "ae-cli[sas]"')


# sas7bdat; tests/data/iris.sas7bdat.gz is an example of the R package haven (MIT)


def iris() -> bytes:
    return gzip.decompress((ROOT / "tests" / "data" / "iris.sas7bdat.gz").read_bytes())


def test_a_sas7bdat_file_is_read(tmp_path: Path) -> None:
    (sheet,) = read(iris(), tmp_path)
    assert (sheet.name, sheet.cells.shape) == (None, (150, 5))
    assert texts(sheet)[1] == ("5.1", "3.5", "1.4", "0.2", "setosa")
    assert texts(sheet)[150] == ("5.9", "3", "5.1", "1.8", "virgin")


def test_special_missing_values_of_sas7bdat(tmp_path: Path) -> None:
    data = bytearray(iris())
    at = bytes(data).index(struct.pack("<d", 5.1))
    for row, letter in enumerate("C_A."):
        tagged = bytes(5) + bytes([0xFF & ~ord(letter)]) + b"\xff\xff"  # a NaN of its own
        data[at + 40 * row : at + 40 * row + 8] = tagged
    (sheet,) = read(bytes(data), tmp_path)
    assert [row[0] for row in texts(sheet)[1:6]] == ["", "", "", "", "5"]
    assert "special missing values are read as blanks: .A 1, .C 1, ._ 1" in sheet.notes


def test_a_cut_sas7bdat_file_is_refused(tmp_path: Path) -> None:
    data = iris()
    for at in (33, 200, 288, 1024, 65536, 65700, 100_000, len(data) - 1):
        refused(data[:at], tmp_path, "ae")
    refused(data.replace(b"setosa", b"s\x81tosa", 1), tmp_path, "column 'Species'")


def test_rows_that_sas_deleted_are_not_read_as_rows(tmp_path: Path) -> None:
    data = bytearray(iris())
    at = bytes(data).index(b"\xf7\xf7\xf7\xf7")
    size = 8 if data[32] == 0x33 else 4
    assert int.from_bytes(data[at + 6 * size : at + 7 * size], "little") == 150
    data[at + 7 * size] = 2
    (sheet,) = read(bytes(data), tmp_path)
    assert sheet.cells.height == 148
    assert "2 rows that SAS marked as deleted are not read" in sheet.notes
    with pytest.raises(InputError, match="still holds 2 rows"):
        sas7bdat.deleted_rows("x", bytes(data), 150)
    with pytest.raises(InputError, match="cut short"):
        sas7bdat.deleted_rows("x", bytes(data), 147)


# JSON


def test_one_study_in_four_files_is_one_table() -> None:
    if not DATA.exists():
        pytest.skip("the CDISC examples are not here")
    names = ("sdtm-msg/msg_sdtm_ae.xpt", *(f"dataset-json/msg_sdtm_ae.{x}" for x in
             ("json", "ndjson", "dsjc")))  # fmt: skip
    one, *others = [seen(DATA / name) for name in names]
    assert len(one[0]) == 75
    assert others == [one] * 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (whole(records=3), "has 4 rows and says 3"),
        (ndjson(records=5), "has 4 rows and says 5"),
        (ndjson(records=None), "'records'"),
        (whole([*BODY[:2], BODY[2][:-1], BODY[3]]), "row 3 has 6 items, and there are 7 columns"),
        (whole([*BODY[:3], {"a": 1}]), "row 4 has no list of items"),
        (whole([*BODY[:3], [[], *BODY[3][1:]]]), "row 4: a list or an object"),
        (whole(columns=[{"name": "A"}, {"name": "A"}]), "two columns are named 'A'"),
        (whole(columns=[{"label": "A"}]), "column 1 has no name"),
        (whole(columns=[]), "no columns"),
        (whole(datasetJSONVersion="1.0.0"), "is Dataset-JSON 1.0.0"),
        (json.dumps(dataset(BODY)).encode(), "'rows' is not a list"),
        (whole()[:-5], "broken or cut short"),
        (lines(*OBJECTS)[:-5], "line 4: the JSON is broken or cut short"),
        (lines(*OBJECTS, {"USUBJID": ["1"]}), "line 5, 'USUBJID': a list or an object"),
        (json.dumps([*OBJECTS, {"AETERM": {"a": 1}}]).encode(), "record 5, 'AETERM'"),
        (json.dumps([*OBJECTS, 3]).encode(), "record 5 is not a JSON object"),
        (b'{"a": 1}\n\n[1]\n', "line 3 is not a JSON object"),
        (b'{"a": 1, "a": 2}', "'a' is given twice"),
        (b'{"b": 1}\n{"a": 1, "a": 2}', "line 2: 'a' is given twice"),
        (b'[{"a": NaN}]', "NaN is no number"),
        (b'[{"a": 1e999}]', "too large"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", "broken"),
        (b"[{" + b'"a":[{' * 100_000, "broken"),
        (b'[{"a": "\xff"}]', "not UTF-8"),
        (b"[]", "has no columns"),
        (gzip.compress(ndjson())[:-3], "cannot be unpacked"),
        (gzip.compress(ndjson()) + b"more", "cannot be unpacked"),
        (zlib.compress(ndjson())[:-3], "cannot be unpacked"),
        (gzip.compress(csv_text(LOG).encode()), "packed by gzip"),
    ],
)
def test_json_that_is_no_table_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    refused(data, tmp_path, said)


def test_json_values_become_the_text_of_a_cell(tmp_path: Path) -> None:
    values = {"a": 1, "b": 1.0, "c": 1.5, "d": True, "e": None, "f": "1.50", "g": 10**20, "h": ""}
    (sheet,) = read(lines(values), tmp_path)
    assert texts(sheet)[1] == ("1", "1", "1.5", "TRUE", "", "1.50", str(10**20), "")


def test_objects_may_lack_keys_and_it_is_noted(tmp_path: Path) -> None:
    (sheet,) = read(b'\n{"a": 1}\n\n{"b": 2, "a": 3}\r\n{}\n', tmp_path)
    assert texts(sheet) == [("a", "b"), ("1", ""), ("3", "2")]
    assert sheet.lines.to_list() == [2, 4]
    assert sheet.notes[0].startswith("records without all keys: 2 (line 2, 5)")


def test_text_in_brackets_is_text(tmp_path: Path) -> None:
    (sheet,) = read(b"[USUBJID],[AETERM]\n001,Rash\n", tmp_path)
    assert sheet.cells.shape == (1, 2)
    (sheet,) = read(b"x^,USUBJID,AETERM\n1,001,Rash\n", tmp_path)
    assert sheet.cells.shape == (1, 3)


# Parquet


def test_parquet_columns_of_many_kinds(tmp_path: Path) -> None:
    moment = dt.datetime(2024, 3, 4, 23, 30)
    table = pl.DataFrame({
        "category": pl.Series(["Low", None], dtype=pl.Categorical),
        "enum": pl.Series(["a", "b"], dtype=pl.Enum(["b", "a"])),
        "zone": pl.Series([moment, None]).dt.replace_time_zone("Asia/Shanghai"),
        "decimal": pl.Series([Decimal("1.50"), Decimal("-2.00")]),
        "big": pl.Series([2**63 - 1, -(2**63)], dtype=pl.Int64),
        "bigger": pl.Series([2**64 - 1, 0], dtype=pl.UInt64),
        "float": pl.Series([1e16, 1e-7]),
        "huge": pl.Series([1e300, float("nan")]),
        "time": pl.Series([dt.time(10, 30), None]),
    })  # fmt: skip
    (sheet,) = read(parquet(table), tmp_path)
    assert texts(sheet)[1:] == [
        ("Low", "a", "2024-03-04T23:30:00", "1.50", str(2**63 - 1), str(2**64 - 1),
         "10000000000000000", "1e+300", "10:30:00"),
        ("", "b", "", "-2.00", str(-(2**63)), "0", "1e-7", "", ""),
    ]  # fmt: skip


# Whatever the bytes are

MARKS = (
    xport.LIBRARY[0], xport.LIBRARY[1], xpt(5)[:240], xpt(5)[:640], xpt(8)[:640], xpt(5)[:1800],
    SAS7BDAT, iris()[:300], b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b", b"\x1f\x8b\x08\x00", b"x\x9c", b'{"', b"[{",
    b'{"datasetJSONVersion": "1.1", "columns": ', b"**COMPRESSED**", xls(GRID)[:700], b"<html",
)  # fmt: skip


@examples(100)
@given(mark=st.sampled_from(MARKS), rest=st.binary(max_size=2000), records=st.integers(0, 5))
def test_random_bytes_are_refused_and_no_more(
    tmp_path_factory: pytest.TempPathFactory, mark: bytes, rest: bytes, records: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "random"
    data = mark + rest
    if mark.startswith(b"HEADER") and records:
        data = data[: len(data) // 80 * 80] + b" " * 80 * records
    try:
        read_log([saved(path, data)])
    except InputError as error:
        assert error.what
