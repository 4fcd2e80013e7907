"""What cannot be used is refused in one sentence; what is hostile is shown, never obeyed."""

from __future__ import annotations

import os
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import polars as pl
import pytest
from conftest import EVENTS, HEADER, SUBJECTS, Ran, Run, csv_text, end_to_end, write_csv, write_xlsx
from workbooks import parts_of, xlsx, zipped

from ae_cli.cli import opening
from ae_cli.render.text import safe

TINY_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01" + bytes(range(256)) * 4


def refused(ran: Ran, *said: str) -> None:
    """One clear error on stderr, exit 2, and nothing else."""
    assert (ran.code, ran.out) == (2, ""), ran
    assert ran.err.startswith("error: ")
    assert ran.err.count("error: ") == 1
    assert all(words in ran.err for words in said), ran.err


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE2 file with these streams of 4096 bytes or more: Excel hides a workbook in one."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    sectors: list[bytes] = []
    chain: list[int] = []

    def add(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[i : i + 512].ljust(512, b"\0") for i in range(0, len(data), 512)]
        sectors.extend(pieces)
        chain.extend([*range(first + 1, first + len(pieces)), end])
        return first

    def entry(name: str, kind: int, start: int, size: int, right: int, child: int) -> bytes:
        raw = f"{name}\0".encode("utf-16-le")
        links = struct.pack("<HBBIII", len(raw), kind, 1, free, right, child)
        return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    starts = {name: add(data) for name, data in streams.items()}
    folder = entry("Root Entry", 5, end, 0, free, 1)
    for i, (name, data) in enumerate(streams.items(), 1):
        folder += entry(name, 2, starts[name], len(data), i + 1 if i < len(streams) else free, free)
    first, table = add(folder.ljust(512, b"\0")), len(sectors)
    tables = -(-len(chain) // 127)  # 128 entries each, and each takes one itself
    chain.extend([0xFFFFFFFD] * tables)
    chain.extend([free] * (128 * tables - len(chain)))
    sectors.extend(struct.pack("<128I", *chain[i : i + 128]) for i in range(0, len(chain), 128))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<5H6x9I", 62, 3, 0xFFFE, 9, 6, 0, tables, first, 0, 4096, end, 0, end, 0
    )  # fmt: skip
    places = [*range(table, table + tables), *[free] * (109 - tables)]
    return head + struct.pack("<109I", *places) + b"".join(sectors)


ENCRYPTED = compound_file({"EncryptedPackage": bytes(4096), "EncryptionInfo": bytes(4096)})

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "is empty"),
    "spaces.csv": (b" \r\n\t\n", "is empty"),
    "mark.csv": (b"\xef\xbb\xbf", "is empty"),
    "mark-and-lines.csv": (b"\xef\xbb\xbf\n\n", "is empty"),
    "wide-mark.csv": (b"\xff\xfe", "is empty"),
    "picture.csv": (TINY_PNG, "is not a table"),
    "page.pdf": (b"%PDF-1.7\n" + bytes(range(256)), "is not a table"),
    "page.html": (b"<!doctype html><title>x</title>", "it is a web page"),
    "export.xls": (b"\n <TABLE><tr><td>Subject ID</td></tr></TABLE>", "this .xls is a web page"),
    "export.xml": (b'\xef\xbb\xbf<?xml version="1.0"?><a/>', "is not a table"),
    "random.csv": (random.Random(1).randbytes(5000), "is not a table"),
    "random.xlsx": (b"PK\x03\x04" + random.Random(2).randbytes(5000), "cannot be opened"),
    "random.parquet": (b"PAR1" + random.Random(3).randbytes(5000), "is damaged"),
    "nothing-but.zip": (zipped({"readme": "hello"}), "cannot be opened"),
    "letter.docx": (zipped({"word/document": "<x/>"}), "cannot be opened"),
    "empty.zip": (b"PK\x05\x06" + bytes(18), "is not a table"),
    "locked.xlsx": (ENCRYPTED, "is protected by a password"),
    "letter.doc": (compound_file({"WordDocument": bytes(4096)}), "cannot be opened"),
    "commas.csv": (b",,,\n,,,\n", "no column was recognised as subject"),
    "marks.csv": (b'""\n""\n', "no column was recognised as subject"),
    "nul.csv": (b"\0\0\0", "no column was recognised as subject"),
    "prose.csv": (b"Dear colleague,\nplease find the log attached.\n", "no column was recognised"),
    "no-term.csv": (b"Subject ID,Grade\n1,2\n", "no column was recognised as term"),
    "no-subject.csv": (b"Adverse event,Grade\nNausea,2\n", "no column was recognised as subject"),
    "json.csv": (b'[{"Subject ID": "1"}]', "no column was recognised"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_of_no_use_is_refused(ae: Run, tmp_path: Path, name: str) -> None:
    data, said = UNREADABLE[name]
    path = tmp_path / name
    path.write_bytes(data)
    for command in (["validate"], ["summarize"], ["export", "xlsx"], ["columns"], ["init"]):
        refused(ae(*command, path), name, said)
    assert [p.name for p in tmp_path.iterdir()] == [name]  # nothing was written


@pytest.mark.parametrize("name", ["empty.csv", "picture.csv", "locked.xlsx", "commas.csv"])
def test_so_are_participants_of_no_use(ae: Run, log: Path, tmp_path: Path, name: str) -> None:
    data, said = UNREADABLE[name]
    (tmp_path / name).write_bytes(data)
    refused(ae("summarize", log, "--subjects", tmp_path / name), name, said)


def test_a_workbook_cut_anywhere_is_refused_or_whole(ae: Run, tmp_path: Path) -> None:
    data = xlsx({"AE": EVENTS})
    path = tmp_path / "cut.xlsx"
    for at in range(100, len(data) - 1, len(data) // 12):
        path.write_bytes(data[:at])
        refused(ae("validate", path), "cut.xlsx cannot be opened")


def test_a_workbook_with_damaged_bytes_never_ends_as_a_bug(ae: Run, tmp_path: Path) -> None:
    data = xlsx({"AE": EVENTS, "DM": SUBJECTS})
    path, chance = tmp_path / "bent.xlsx", random.Random(4)
    for _ in range(30):
        bent = bytearray(data)
        for _ in range(chance.randint(1, 30)):
            bent[chance.randrange(4, len(bent))] = chance.randrange(256)
        path.write_bytes(bent)
        ran = ae("validate", path)
        assert ran.code in (0, 1, 2), ran.err


def test_a_parquet_file_without_columns_is_refused(ae: Run, tmp_path: Path) -> None:
    pl.DataFrame().write_parquet(tmp_path / "ae.parquet")
    refused(ae("validate", tmp_path / "ae.parquet"), "has no columns")


def test_a_workbook_of_hidden_or_empty_sheets_is_refused(ae: Run, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"AE": EVENTS, "Empty": []}, hidden=["AE"])
    refused(ae("validate", path), "no visible sheet with anything in it")


# Where it is not


def test_a_missing_file_offers_the_nearest_names(ae: Run, log: Path, tmp_path: Path) -> None:
    refused(ae("validate", tmp_path / "ea.csv"), "ea.csv does not exist", "did you mean ae.csv?")
    refused(ae("validate", tmp_path / "zzz"), "zzz does not exist", "check the name and the folder")
    refused(ae("validate", tmp_path / "none" / "ae.csv"), "does not exist")
    refused(ae("validate", log, "--subjects", tmp_path / "ea.csv"), "did you mean ae.csv?")
    refused(ae("validate", log, tmp_path / "ea.csv"), "did you mean ae.csv?")


def test_a_folder_is_no_file(ae: Run, log: Path, tmp_path: Path) -> None:
    for words in ([log, "--subjects", tmp_path], [log, tmp_path]):
        refused(ae("validate", *words), "is a folder")
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(ae("validate", empty), "holds no file of events", "no data file")


def test_a_name_too_long_is_refused(ae: Run, log: Path) -> None:
    long = "a" * 5000
    for words in (["validate", long], ["validate", f"{long}/ae.csv"], ["validate", f"{long}.csv"],
                  ["validate", log, "--study", long], ["export", "xlsx", log, "-o", f"{long}.xlsx"],
                  ["export", "xlsx", log, "-o", f"{long}/a.xlsx"],
                  ["init", log, "-o", long]):  # fmt: skip
        ran = ae(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: ")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_refused(ae: Run, log: Path) -> None:
    log.chmod(0)
    refused(ae("validate", log), "cannot be read: Permission denied", "check its permissions")


def test_a_file_that_the_system_does_not_give_is_refused(
    ae: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above, for whoever runs the tests as root."""

    def denied(path: Path, mode: str) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", denied)
    refused(ae("validate", log), "cannot be read: Permission denied", "check its permissions")


def test_what_the_system_refuses_is_no_bug_of_ours(
    ae: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "study.toml")

    monkeypatch.setattr(opening, "_study_file", denied)
    refused(ae("validate", log), "study.toml: Permission denied")


# A header alone


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_header_alone_is_a_study_without_events(
    ae: Run, tmp_path: Path, people: Path, kind: str
) -> None:
    path = tmp_path / f"ae.{kind}"
    if kind == "csv":
        write_csv(path, [HEADER])
    elif kind == "xlsx":
        write_xlsx(path, {"AE": [HEADER]})
    else:
        pl.DataFrame(dict.fromkeys(HEADER, pl.Series([], dtype=pl.String))).write_parquet(path)
    ran = ae("validate", path, "--subjects", people, "--format", "json")
    assert ran.code == 0
    assert "AE-REQ-16" in {f["rule"] for f in ran.json["findings"] if f["severity"] == "note"}
    page = ae("summarize", path, "--subjects", people, "--format", "json").json
    rows = {row["key"]: row["cells"] for row in page["rows"]}
    assert [cell["n"] for cell in rows["any_ae"]] == [0, 0, 0]
    assert [cell["n"] for cell in rows["no_ae"]] == [2, 2, 4]
    assert [cell["events"] for cell in rows["events"]] == [0, 0, 0]
    assert ae("export", "xlsx", path, "--subjects", people).code == 0
    alone = ae("summarize", path)
    assert alone.code == 0


def test_participants_without_rows_are_no_participants(ae: Run, log: Path, tmp_path: Path) -> None:
    none = write_csv(tmp_path / "dm.csv", SUBJECTS[:1])
    ran = ae("validate", log, "--subjects", none, "--format", "json")
    assert ran.code == 1
    assert ran.json["files"][0]["rows_used"] == 0
    page = ae("summarize", log, "--subjects", none)
    assert page.code == 0
    assert "4 read = 0 used + 4 excluded" in page.out


# Where it may not be written


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("none/t.xlsx", "the folder"),
        ("ae.csv/t.xlsx", "does not exist"),
        ("folder.xlsx", "is a folder"),
        ("t.csv", "does not end in .xlsx"),
        ("t", "does not end in .xlsx"),
        ("ae.csv", "does not end in .xlsx"),
    ],
)
def test_a_place_to_write_of_no_use_is_refused(
    ae: Run, log: Path, tmp_path: Path, output: str, said: str
) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    before = everything(tmp_path)
    for force in ([], ["--force"]):
        refused(ae("export", "xlsx", log, "-o", tmp_path / output, *force), said)
    assert everything(tmp_path) == before


def test_an_input_is_never_written_over(ae: Run, tmp_path: Path) -> None:
    log = write_xlsx(tmp_path / "ae.xlsx", {"AE": EVENTS})
    people = write_xlsx(tmp_path / "dm.xlsx", {"DM": SUBJECTS})
    link = tmp_path / "link.xlsx"
    link.symlink_to(log)
    hard = tmp_path / "hard.xlsx"
    hard.hardlink_to(people)
    (tmp_path / "part").mkdir()
    before = everything(tmp_path)
    for path in (log, people, link, hard, tmp_path / "part" / ".." / "ae.xlsx"):
        words = ("export", "xlsx", log, "--subjects", people, "-o", path)
        refused(ae(*words), "is an input of this run")
        refused(ae(*words, "--force"), "is an input of this run")
    assert everything(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_that_may_not_be_written_to(ae: Run, log: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    refused(ae("export", "xlsx", log, "-o", closed / "t.xlsx"), "cannot be written")
    refused(ae("init", log, "-o", closed / "study.toml"), "cannot be written")


@pytest.mark.parametrize("words", [["export", "xlsx"], ["init"]])
def test_a_disk_that_refuses(
    ae: Run, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    real = Path.open

    def full(path: Path, mode: str = "r", *more: object, **also: object) -> object:
        if "w" in mode or "x" in mode:
            raise OSError(28, "No space left on device", str(path))
        return real(path, mode, *more, **also)  # type: ignore[call-overload]

    before = everything(tmp_path)
    monkeypatch.setattr(Path, "open", full)
    refused(ae(*words, log), "cannot be written: No space left on device")
    monkeypatch.undo()
    assert everything(tmp_path) == before


# Hostile text. Each is a cell, an identifier, a group, a header, a sheet or a file.

HOSTILE: dict[str, str] = {
    "markup": "[red]x[/red]",
    "link": "[link=file:///etc/passwd]x[/link]",
    "emoji": ":bomb:",
    "colour": "\x1b[31mred\x1b[0m",
    "title": "\x1b]0;owned\x07",
    "clear": "\x1b[2J\x1b[H",
    "c1": "\x9b31mred",
    "backspace": "ok\b\b\b\bbad",
    "return": "harmless\rharmful",
    "call": "=cmd|' /C calc'!A0",
    "link formula": '=HYPERLINK("http://x","y")',
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1)",
    "wide": "＝1+1",
    "tab formula": "\t=1+1",
    "html": "<script>alert(1)</script>",
    "markdown": "| ![x](http://x) `y` |",
    "quotes": "\"'`$(id);{0}%s{text}",
    "braces": "{subject} {0} {} {{",
    "nul": "a\x00b",
    "bidi": "safe\u202egnp.exe",
    "isolate": "a\u2066b\u2069",
    "hidden": "ad\u200bmin\ufeff",
    "lines": "two\nlines\r\nthree",
    "separator": "a\u2028b\u2029c\x85d",
    "tag": "x\U000e0041",
    "x005F": "_x0041_",
    "quote": '"',
    "long": "长" * 40_000,
}  # fmt: skip
XML_CANNOT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)


def shown_safely(text: str) -> None:
    """No character that a screen obeys or hides."""
    found = FORBIDDEN.search(text)
    assert found is None, repr(text[max(found.start() - 20, 0) : found.end() + 20])


def hostile_log(folder: Path, *texts: str) -> Path:
    """A log with these texts in every place that a cell can be."""
    rows: list[tuple[str, ...]] = [(*HEADER, "Outcome")]
    for text in texts:
        rows += [
            ("S1", text, "2", "N", "2024-03-04", "Low", "Recovered"),
            (text, "Nausea", "2", "N", "2024-03-04", "Low", "Recovered"),
            ("S2", "Fever", text, text, text, "Low", text),
            ("S2", text, text, "Y", "2024-03-04", "High", "Fatal"),
        ]
    return write_csv(folder / "ae.csv", rows)


PAGES: list[list[str]] = [
    *(["validate", "--format", f] for f in ("full", "concise", "json")),
    *(["summarize", "--format", f] for f in ("table", "json", "csv", "markdown")),
    ["columns"],
]


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_hostile_cells_are_shown_safely(ae: Run, tmp_path: Path, words: list[str]) -> None:
    log = hostile_log(tmp_path, *HOSTILE.values())
    ran = ae(words[0], log, *words[1:])
    assert ran.code in (0, 1), ran.err
    shown_safely(ran.out + ran.err)
    if "json" in words:
        assert ran.json["schema"] == 1


def test_json_holds_a_hostile_text_whole(ae: Run, tmp_path: Path) -> None:
    log = hostile_log(tmp_path, *HOSTILE.values())
    ran = ae("validate", log, "--only", "CTC-01", "--format", "json")
    assert {value for f in ran.json["findings"] for value in f["values"]} == set(HOSTILE.values())


@pytest.mark.parametrize("format", ["full", "concise"])
def test_a_harmless_text_is_left_as_it_is(ae: Run, tmp_path: Path, format: str) -> None:
    harmless = [HOSTILE[n] for n in ("markup", "emoji", "call", "html", "braces")]
    log = hostile_log(tmp_path, *harmless)
    said = ae("validate", log, "--format", format).out
    assert all(text in said for text in harmless)


@pytest.mark.parametrize("format", ["full", "concise"])
def test_what_is_left_out_of_a_long_text_is_counted(ae: Run, tmp_path: Path, format: str) -> None:
    ran = ae("validate", hostile_log(tmp_path, HOSTILE["long"]), "--format", format)
    assert "[40,000 characters in all]" in ran.out
    assert max(map(len, ran.out.splitlines())) < 5000


def test_a_workbook_keeps_hostile_cells_as_text(ae: Run, tmp_path: Path) -> None:
    log, out = hostile_log(tmp_path, *HOSTILE.values()), tmp_path / "t.xlsx"
    assert ae("export", "xlsx", log, "-o", out).code == 0
    with zipfile.ZipFile(out) as book:
        pages = [book.read(n).decode("utf-8") for n in book.namelist() if n.endswith(".xml")]
        assert not any("rels" in n and "sheet" in n for n in book.namelist())  # no link outside
    for page in pages:
        shown_safely(re.sub("&#x?[0-9a-fA-F]+;", "", page))
        assert "<f>" not in page  # no formula
        assert "<hyperlink" not in page
    check_events(out)


def check_events(workbook: Path) -> None:
    """Every term stands in the listing, whole or with the address of the whole."""
    from openpyxl import load_workbook
    from openpyxl.utils.escape import unescape

    book = load_workbook(workbook)
    sheet = book["All events"]
    column = next(c.column for c in sheet[1] if c.value == "Adverse event")
    for i, text in enumerate(HOSTILE.values()):
        cell = sheet.cell(2 + 4 * i, column)
        assert cell.data_type == "s"
        if len(text) < 32_767:
            assert unescape(cell.value) == safe(text, lines=True)
            continue
        assert f"{len(text):,} characters, whole in the sheet Long texts" in cell.value
        here = ("All events", cell.coordinate)
        parts = [row[3] for row in book["Long texts"].values if row[:2] == here]
        assert "".join(parts) == text


# Hostile headers, groups, sheets, files

NAMES = {name: text for name, text in HOSTILE.items() if name != "quote"}


@pytest.mark.parametrize("words", [*PAGES, ["init"]], ids=" ".join)
def test_hostile_headers_are_shown_safely(ae: Run, tmp_path: Path, words: list[str]) -> None:
    texts = list(NAMES.values())
    rows = [
        (*HEADER, *texts, *(f"Grade {t}" for t in texts)),
        (*EVENTS[1], *["x"] * 2 * len(texts)),
    ]
    ran = ae(words[0], write_csv(tmp_path / "ae.csv", rows), *words[1:])
    assert ran.code in (0, 1), ran.err
    shown_safely(ran.out + ran.err)


@pytest.mark.parametrize("name", NAMES)
def test_an_error_about_a_hostile_header_is_safe(ae: Run, tmp_path: Path, name: str) -> None:
    text = NAMES[name]
    log = write_csv(tmp_path / "ae.csv", [(text, "Adverse event"), ("1", "Nausea")])
    ran = ae("validate", log)
    refused(ran, "no column was recognised as subject")
    shown_safely(ran.err)
    assert len(ran.err) < 2000


def hostile_groups(folder: Path, longest: int) -> tuple[Path, Path]:
    groups = list(enumerate(text[:longest] for text in NAMES.values()))
    events = [(str(i), "Nausea", "2", "N", "2024-03-04", text) for i, text in groups]
    people = [(str(i), text, "2024-03-01", "F") for i, text in groups]
    return (
        write_csv(folder / "ae.csv", [HEADER, *events]),
        write_csv(folder / "dm.csv", [SUBJECTS[0], *people]),
    )


@pytest.mark.parametrize("format", ["table", "json", "csv", "markdown"])
def test_hostile_groups_are_shown_safely(ae: Run, tmp_path: Path, format: str) -> None:
    longest = 1000 if format == "table" else 40_000  # a page is laid out, which takes its time
    log, people = hostile_groups(tmp_path, longest)
    for given in ([], ["--subjects", people]):
        ran = ae("summarize", log, *given, "--format", format)
        assert ran.code == 0, ran.err
        shown_safely(ran.out + ran.err)


def test_hostile_groups_go_to_a_workbook(ae: Run, tmp_path: Path) -> None:
    log, people = hostile_groups(tmp_path, 40_000)
    assert ae("export", "xlsx", log, "--subjects", people).code == 0


@pytest.mark.parametrize("name", [name for name in NAMES if name != "nul"])  # no option holds a NUL
def test_hostile_options_are_shown_safely(ae: Run, log: Path, name: str) -> None:
    text = NAMES[name]
    for words in (["--n", f"{text}=1"], ["--order", text], ["--group", text], ["--ci", text],
                  ["--by", text], ["--format", text], ["--fail-on", text]):  # fmt: skip
        ran = ae("summarize", log, *words)
        assert ran.code == 2, words
        shown_safely(ran.out + ran.err)


def renamed(path: Path, old: str, new: str) -> Path:
    """The workbook with a sheet under a name that Excel would not allow."""
    parts = parts_of(path.read_bytes())
    text = parts["xl/workbook.xml"].decode().replace(f'name="{old}"', f"name={quoteattr(new)}")
    parts["xl/workbook.xml"] = text.encode()
    path.write_bytes(zipped(parts))
    return path


@pytest.mark.parametrize("name", [n for n, t in NAMES.items() if not XML_CANNOT.search(t)])
def test_a_hostile_sheet_is_shown_safely(ae: Run, tmp_path: Path, name: str) -> None:
    bad = ("1", "x", "9", "N", "", "Low")
    path = write_xlsx(tmp_path / "a.xlsx", {"AE": [*EVENTS, bad], "AE 2": EVENTS})
    renamed(path, "AE", NAMES[name])
    ran = ae("validate", path)
    refused(ran, "several sheets could be the log", "--sheet")
    shown_safely(ran.err)
    for command, *format in (["validate", "--format", "full"], ["validate", "--format", "json"]):
        ran = ae(command, renamed(path, "AE 2", "Notes"), *format, "--sheet", "Notes")
        assert ran.code == 0, ran.err
    alone = renamed(write_xlsx(tmp_path / "b.xlsx", {"AE": [*EVENTS, bad]}), "AE", NAMES[name])
    for command, *format in PAGES[:3]:
        ran = ae(command, alone, *format)
        assert ran.code == 1, ran.err
        shown_safely(ran.out + ran.err)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("nul", "long")])
def test_a_hostile_file_is_shown_safely(ae: Run, tmp_path: Path, name: str) -> None:
    text = NAMES[name].replace("/", "-")
    folder = tmp_path / text
    folder.mkdir()
    path = write_csv(folder / f"{text}.csv", [*EVENTS, ("1", "x", "9", "N", "", "Low")])
    for command, *format in [PAGES[0], PAGES[2], ["init"]]:
        ran = ae(command, path, *format)
        assert ran.code in (0, 1), ran.err
        shown_safely(ran.out + ran.err)
    exported = ae("export", "xlsx", path)
    assert exported.code == 0
    shown_safely(exported.out + exported.err)
    ran = ae("validate", path.with_suffix(".csw"))
    refused(ran if not ran.err.startswith("study") else Ran(2, "", ran.err.split("\n", 1)[1]))
    shown_safely(ran.err)


@pytest.mark.skipif(os.name == "nt", reason="names of files are Unicode there")
def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/ae-\xff.csv"
    Path(os.fsdecode(path)).write_text(csv_text(EVENTS))
    ran = end_to_end("summarize", os.fsdecode(path), cwd=tmp_path)
    assert ran.code == 0, ran.err
    ran = end_to_end("export", "xlsx", os.fsdecode(path), cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "ae-⟨U+DCFF⟩-tables.xlsx" in ran.out
    ran = end_to_end("init", os.fsdecode(path), cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")


# Whatever comes


@pytest.mark.parametrize("seed", range(8))
def test_no_file_ends_as_a_bug(ae: Run, tmp_path: Path, seed: int) -> None:
    """Text made of what a table is made of, in any disorder."""
    chance = random.Random(seed)
    words = [*HEADER, *EVENTS[1], *SUBJECTS[0], ",", ",", ",", "\n", "\n", ";", '"', "\t", "",
             " ", "\r\n", "9", "是", "死亡", "2024-13-45", "Total", "none", "\x00", "\x1b[1m",
             "５"]  # fmt: skip
    text = "".join(chance.choice(words) for _ in range(chance.randint(1, 200)))
    head = "Subject ID,Adverse event,Grade,Serious,Start date\n" if chance.random() < 0.7 else ""
    path = tmp_path / "ae.csv"
    path.write_bytes((head + text).encode())
    for command in (["validate"], ["summarize"], ["columns"], ["validate", "--subjects", path]):
        ran = ae(command[0], path, *command[1:])
        assert ran.code in (0, 1, 2), (ran.err, head + text)
        shown_safely(ran.out + ran.err)


VALUES = (
    "", "1", "S1", "S2", "Nausea", "death", "Fatal", "5", "0", "9", "Y", "N", "2024-03-04",
    "2024-13-01", "2024", "none", "Low", "=1+1", "\u202e", "是", "NA", "1e9", "-1",
)  # fmt: skip


def rows_of_any_kind(chance: random.Random) -> list[tuple[str, ...]]:
    return [tuple(chance.choices(VALUES, k=30)) for _ in range(chance.choice((0, 1, 5, 40)))]


SDTM = (
    "USUBJID", "AESEQ", "AETERM", "AEDECOD", "AEBODSYS", "AETOXGR", "AESEV", "AESER", "AESDTH",
    "AESHOSP", "AESLIFE", "AEREL", "AEACN", "AEOUT", "AESTDTC", "AEENDTC", "TRTEMFL", "SAFFL",
    "TRTA", "TRTAN", "AECONTRT", "AEDTHDTC", "AEENRTPT", "AELAT", "AEDUR", "SITEID", "AESMIE",
    "AESCONG", "AESDISAB", "AEDIS",
)  # fmt: skip
DM = (
    "USUBJID", "ARM", "ACTARM", "TRT01AN", "SEX", "AGE", "RFXSTDTC", "RFXENDTC", "RFPENDTC",
    "DTHFL", "DTHDTC", "SAFFL", "SITEID",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_no_cells_end_as_a_bug(ae: Run, tmp_path: Path, seed: int) -> None:
    """Every column there is, with any value in any of them."""
    chance = random.Random(seed)
    log = write_csv(tmp_path / "ae.csv", [SDTM, *rows_of_any_kind(chance)])
    people = [row[: len(DM)] for row in rows_of_any_kind(chance)]
    dm = write_csv(tmp_path / "dm.csv", [DM, *people])
    (tmp_path / "study.toml").write_text(
        chance.choice(["", "cut_off = 2024-06-01\n", "[window]\ndays_after_last_dose = 30\n",
                       "[severity_as_grade]\nmild = 1\n"])
    )  # fmt: skip
    for words in (["validate", log, "--subjects", dm], ["validate", log], ["summarize", log],
                  ["summarize", log, "--subjects", dm],
                  ["summarize", log, "--subjects", dm, "--group", "sex"]):  # fmt: skip
        ran = ae(*words)
        assert ran.code in (0, 1), (words, ran.err)
        shown_safely(ran.out + ran.err)


def test_end_to_end_there_is_no_traceback(tmp_path: Path) -> None:
    """As a user meets them: a process of its own, its own interpreter."""
    tries: list[Callable[[], list[object]]] = [
        lambda: ["validate", "missing.csv"],
        lambda: ["summarize", hostile_log(tmp_path, HOSTILE["colour"]), "--format", "csv"],
        lambda: ["export", "xlsx", hostile_log(tmp_path, HOSTILE["nul"]), "-o", "no/t.xlsx"],
    ]
    for words in tries:
        ran = end_to_end(*words(), cwd=tmp_path)
        assert ran.code in (0, 2)
        assert "Traceback" not in ran.out + ran.err
        shown_safely(ran.out + ran.err)
