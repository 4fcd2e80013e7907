"""Files from strangers: bombs, doubles, lies about sizes, and what is no table at all."""

from __future__ import annotations

import gzip
import random
import re

from test_bad_input import ENCRYPTED, HOSTILE, TINY_PNG, compound_file
from test_workbooks import LAUGHS
from workbooks import SHEET, TEXTS, parts_of, with_part, zipped

from corpus.base import EN, GROUPS, LAST, PEOPLE, edited, listed
from corpus.case import Expected, Given, error, finding, same, series
from corpus.write import csv_bytes, json_lines, objects, reworked, xlsx

STRANGERS, BOOK, NONE = "Files from strangers", "ae.xlsx", "Text files"
NOISE = random.Random(20240304)


def with_member(name: str, data: bytes) -> bytes:
    """The log as a workbook with a member more."""
    return with_part(xlsx({"AE": EN}), name, data)


SMALL = {"limits": {"megabytes": 100}}  # the same as 500 MB, and sooner made


@error(STRANGERS, "would grow from", file=BOOK)
def a_bomb() -> Given:
    """A workbook with a part of 120 MB of zeros in a few hundred kilobytes."""
    return Given({BOOK: with_member("xl/media/a.bin", bytes(120 << 20))}, config=SMALL)


@error(STRANGERS, "cannot be opened safely", file=BOOK)
def entities_within_entities() -> bytes:
    """The texts of a workbook define words that grow as they are read."""
    laugh = reworked(xlsx({"AE": EN}), {TEXTS: lambda text: LAUGHS + text})
    return laugh


@error(STRANGERS, "a part of it is there twice", file=BOOK)
def a_sheet_that_is_there_twice() -> bytes:
    """The zip holds two sheets of one name: which one a program opens is chance."""
    return with_member(SHEET, b"<worksheet/>")


@error(STRANGERS, "a part of it is there twice", file=BOOK)
def a_sheet_that_is_there_twice_in_capitals() -> bytes:
    """The zip holds two sheets whose names differ in capitals alone."""
    return with_member(SHEET.upper(), b"<worksheet/>")


for _name in ("../evil.xml", "/etc/passwd", "..\\evil"):
    series(
        error(STRANGERS, "a name that leads outside", file=BOOK),
        f"a part named {_name}".replace("/", "|").replace("\\", "|"),
        "The zip holds a part whose name leads outside.",
        lambda name=_name: with_member(name, b"<x/>"),
    )  # fmt: skip


@error(STRANGERS, "cannot be opened", file=BOOK)
def a_sheet_in_another_encoding() -> bytes:
    """The sheet is UTF-16: to a search for UTF-8 it seems empty."""
    parts = parts_of(xlsx({"AE": EN}))
    parts[SHEET] = parts[SHEET].decode().encode("utf-16")
    return zipped(parts)


@error(STRANGERS, "a million characters", file=BOOK)
def a_text_of_four_million_characters() -> bytes:
    """A cell holds a text that no person wrote."""
    row = "<row><c><v>" + "a" * (4 << 20) + "</v></c></row></sheetData>"
    return reworked(xlsx({"AE": EN}), {SHEET: lambda t: t.replace("</sheetData>", row)})


@error(STRANGERS, "cannot be opened", file=BOOK)
def a_workbook_cut_short() -> bytes:
    """The last third of a workbook is missing."""
    whole = xlsx({"AE": EN})
    return whole[: len(whole) * 2 // 3]


@error(STRANGERS, "is protected by a password", "save a copy without one", file=BOOK)
def a_workbook_with_a_password() -> bytes:
    """A workbook that is encrypted."""
    return ENCRYPTED


@error("JSON", "would grow", file="ae.jsonl.gz")
def a_packed_bomb() -> Given:
    """Thirty megabytes of blanks within JSON, packed by gzip."""
    packed = gzip.compress(b'[{"Subject ID": "' + b" " * (30 << 20) + b'"}]', mtime=0)
    return Given({"ae.jsonl.gz": packed}, config=SMALL)


@error("JSON", file="ae.json")
def brackets_without_end() -> bytes:
    """A hundred thousand brackets within one another."""
    return b"[{" + b'"a":[{' * 100_000


NOTHING = {
    "empty.csv": (b"", "An empty file.", "is empty"),
    "blanks.csv": (b" \r\n\t\n  ", "A file of blanks.", "is empty"),
    "mark.csv": (b"\xef\xbb\xbf\n", "A mark and a line end.", "is empty"),
    "commas.csv": (b",,,\n,,,\n", "Commas and nothing else.", "no column was recognised"),
    "letter.csv": (b"Dear colleague,\nthe log will follow.\n", "A letter.", "no column was"),
    "page.pdf": (b"%PDF-1.7\n" + bytes(range(256)), "A PDF.", "is not a table"),
    "photo.csv": (TINY_PNG, "A picture named .csv.", "is not a table"),
    "random.csv": (NOISE.randbytes(4000), "Random bytes.", "is not a table"),
    "random.xlsx": (b"PK\x03\x04" + NOISE.randbytes(4000), "Random bytes after the mark of a zip.",
                    "cannot be opened"),
    "random.parquet": (b"PAR1" + NOISE.randbytes(4000), "Random bytes after the mark of Parquet.",
                       "is damaged"),
    "letter.docx": (zipped({"word/document.xml": "<x/>"}), "A letter of Word.", "cannot be opened"),
    "letter.doc": (compound_file({"WordDocument": bytes(4096)}), "An old letter of Word.",
                   "cannot be opened"),
    "log.zip": (zipped({"ae.csv": csv_bytes(EN)}), "The log within a zip file.",
                "cannot be opened"),
    "none.zip": (b"PK\x05\x06" + bytes(18), "A zip file of nothing.", "is not a table"),
    "old.xml": (b'<?xml version="1.0"?><Workbook><Worksheet/></Workbook>',
                "A workbook of Excel 2003 in XML.", "is not a table"),
    "terms.csv": (csv_bytes([row[2:] for row in EN]), "A log without participants.",
                  "no column was recognised as subject"),
    "grades.csv": (csv_bytes([(row[0], row[3]) for row in EN]), "A log without terms.",
                   "no column was recognised as term"),
}  # fmt: skip
for _file, (_data, _odd, _said) in NOTHING.items():
    series(error(NONE, _said, file=_file), f"nothing to read in {_file}", _odd,
           lambda data=_data: data)  # fmt: skip


@error(NONE, "does not exist", "did you mean ae.csv", file="ea.csv")
def a_name_with_a_slip() -> Given:
    """The name of the log has two letters the wrong way round."""
    return Given({"ae.csv": csv_bytes(EN)}, log=("ea.csv",))


@error(NONE, "holds no file of events", file="")
def a_folder() -> Given:
    """The user names a folder in which no file is a log."""
    return Given({"people.csv": csv_bytes(PEOPLE)}, log=(".",))


@error(NONE, "is empty", file="people.csv")
def participants_of_nothing() -> Given:
    """The participant file is empty."""
    return Given({"ae.csv": csv_bytes(EN), "people.csv": b""})


# Texts that a screen, a spreadsheet or a page would obey. The table is that of the clean log.

# A zero and a lone return are a matter of their own in delimited text.
OBEYED = [text for name, text in HOSTILE.items() if name not in ("nul", "return")]
BAIT = listed("Adverse event", [f"{text} {i}" for i, text in enumerate(OBEYED)])


@same(STRANGERS, "ae.jsonl", loose=("term",), others=True)
def terms_that_a_program_could_obey() -> bytes:
    """Terms hold markup, formulas, colours of a terminal, templates and marks of direction."""
    return json_lines(objects(BAIT))


@same(STRANGERS, BOOK, loose=("term",), others=True)
def terms_that_excel_could_obey() -> bytes:
    """The same in a workbook, as texts."""
    legal = [[re.sub(r"[\x00-\x08\x0b-\x1f]", "", cell) for cell in row] for row in BAIT]
    return xlsx({"AE": legal})


@same(STRANGERS, "ae [bold]x[bold] =1+1.csv")
def a_file_name_with_markup() -> bytes:
    """The name of the file is markup and looks like a formula."""
    return csv_bytes(EN)


@same(STRANGERS, BOOK)
def a_sheet_name_with_markup() -> bytes:
    """The name of the sheet is markup."""
    return xlsx({"{red}x =1+1": EN})


@same(STRANGERS)
def three_thousand_columns_more() -> bytes:
    """Beside the columns of the log stand three thousand others."""
    return csv_bytes([(*row, *(f"x{i}" for i in range(3000))) for row in EN])


@finding(STRANGERS, Expected("AE-CTC-01", rows=(3,), count=1), others=True,
         like=edited(EN, {(3, "CTCAE grade"): ""}))  # fmt: skip
def a_grade_of_a_hundred_thousand_characters() -> bytes:
    """A grade is a hundred thousand characters long, made to keep a pattern busy."""
    return csv_bytes(edited(EN, {(3, "CTCAE grade"): "1-" * 50_000 + "x"}))


@finding(STRANGERS, Expected("AE-TYP-01", rows=(3,), count=1), others=True,
         like=edited(EN, {(3, "Start date"): ""}))  # fmt: skip
def a_date_of_a_hundred_thousand_characters() -> bytes:
    """A start is a hundred thousand characters long, made to keep a pattern busy."""
    return csv_bytes(edited(EN, {(3, "Start date"): "2024-" * 20_000 + "x"}))


@finding(STRANGERS, others=True)
def a_group_named_total() -> Given:
    """A dose group is called Total, as the column of all participants is."""
    people = [tuple("Total" if c == GROUPS[0] else c for c in row) for row in PEOPLE]
    return Given({"ae.csv": csv_bytes(EN), "people.csv": csv_bytes(people)}, config={"groups": []})


@finding(STRANGERS, Expected("AE-XDS-01", count=None), others=True)
def identifiers_that_differ_in_width() -> bytes:
    """One identifier is in full-width digits: whether it is the same participant, nobody knows."""
    return csv_bytes(edited(EN, {(LAST, "Subject ID"): "０２４"}))
