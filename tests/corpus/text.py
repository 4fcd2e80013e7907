"""Delimited text: delimiters, lines, quotation marks, several files, standard input."""

from __future__ import annotations

import csv
import gzip
import io

from corpus.base import EN, LAST, PEOPLE, ZH, edited
from corpus.case import Expected, Given, error, finding, same, series
from corpus.write import csv_bytes, frame, parquet, xlsx

LINES, PLACE = "Delimiters and lines", "Cells out of place"
MARKS = {"tabs": "\t", "semicolons": ";", "bars": "|"}

for _name, _mark in MARKS.items():
    series(
        same(LINES, "ae.txt"), f"parted_by_{_name}", f"The cells are parted by {_name}.",
        lambda mark=_mark: csv_bytes(EN, mark),
    )  # fmt: skip
for _name, _end in {"Windows": "\r\n", "an_old_Mac": "\r"}.items():
    series(
        same(LINES), f"lines_of_{_name}", f"Lines end as in {_name.replace('_', ' ')}.",
        lambda end=_end: csv_bytes(EN, end=end),
    )  # fmt: skip


@same(LINES)
def no_final_newline() -> bytes:
    """The last line has no end."""
    return csv_bytes(EN).rstrip(b"\n")


@same(LINES, "ae.xls")
def tab_text_named_xls() -> bytes:
    """An .xls that is tab-separated text in UTF-16, as web systems export it."""
    return csv_bytes(EN, "\t", "\r\n", "utf-16")


@same(LINES, "ae.csv")
def a_workbook_named_csv() -> bytes:
    """An .xlsx that was named .csv by hand."""
    return xlsx({"AE": EN})


@same(LINES)
def a_line_that_names_the_delimiter() -> bytes:
    """The first line is sep=; as Excel wants it."""
    return b"sep=;\r\n" + csv_bytes(EN, ";", "\r\n")


@same(LINES)
def every_cell_quoted() -> bytes:
    """Every cell stands in quotation marks."""
    page = io.StringIO(newline="")
    csv.writer(page, quoting=csv.QUOTE_ALL).writerows(EN)
    return page.getvalue().encode()


@same(LINES, loose=("term",), findings=(Expected("AE-PLA-02"),))
def semicolons_with_commas_in_terms() -> bytes:
    """Semicolons part the cells, and most terms hold commas."""
    return csv_bytes([(*row[:2], f"{row[2]}, at night, at rest", *row[3:]) if i else row
                      for i, row in enumerate(EN)], ";")  # fmt: skip


MULTILINE = edited(EN, {(3, "Adverse event"): 'Rash, "butterfly"\nface;\tneck | chin'})


@same(LINES, like=MULTILINE)
def embedded_newlines_and_delimiters() -> bytes:
    """A term holds a line break, quotation marks and every delimiter."""
    return csv_bytes(MULTILINE, "\t", "\r\n")


@same(PLACE)
def trailing_delimiters() -> bytes:
    """Every line ends in three delimiters too many."""
    return csv_bytes(EN).replace(b"\n", b",,,\n")


@same(PLACE, like=edited(EN, {(LAST, "End date"): "", (LAST, "Start date"): ""}), others=True,
      said=(f"fewer cells than the header: 1 (line {LAST})",))  # fmt: skip
def a_ragged_row() -> bytes:
    """The last row has two cells fewer than the header."""
    return csv_bytes([*EN[:-1], EN[-1][:-2]])


@error(PLACE, "line 4 has 11 cells, the header has 10", "quotation marks")
def a_shifted_row() -> bytes:
    """A comma in a term without quotation marks moves all cells behind it by one."""
    term = EN[3][2]
    return b"\n".join(
        line.replace(term.encode(), term.encode() + b", mild") if i == 3 else line
        for i, line in enumerate(csv_bytes(EN).split(b"\n"))
    )


@finding(PLACE, Expected("AE-CTC-01", rows=(4,)), Expected("AE-COD-01", rows=(4,)), others=True)
def a_row_shifted_within_its_width() -> bytes:
    """One row lost a cell in the middle and gained a blank at its end."""
    row = EN[3]
    return csv_bytes([*EN[:3], (*row[:3], *row[4:], ""), *EN[4:]])


@error(PLACE, "line 5: a quotation mark")
def a_quotation_mark_never_closed() -> bytes:
    """A term begins with a quotation mark that nothing closes."""
    lines = csv_bytes(EN).split(b"\n")
    lines[4] = lines[4].replace(EN[4][2].encode(), b'"' + EN[4][2].encode())
    return b"\n".join(lines)


@error(PLACE, "line 5: a quotation mark")
def a_quotation_mark_within_quotation_marks() -> bytes:
    """A quoted term holds a quotation mark that is not doubled."""
    lines = csv_bytes(EN).split(b"\n")
    lines[4] = lines[4].replace(EN[4][2].encode(), b'"so-called "cold" today"')
    return b"\n".join(lines)


@error(PLACE, "grade", "CTCAE grade", "Toxicity grade")
def two_columns_of_grades() -> bytes:
    """Two headers mean the same field, and nothing tells which counts."""
    return csv_bytes([(*row, "Toxicity grade" if i == 0 else "1") for i, row in enumerate(EN)])


@error(PLACE, "CTCAE grade")
def the_same_header_twice() -> bytes:
    """A header stands twice over columns that differ."""
    return csv_bytes([(*row, "CTCAE grade" if i == 0 else "1") for i, row in enumerate(EN)])


@same(PLACE)
def columns_without_a_header() -> bytes:
    """Two columns have no header, and hold numbers."""
    return csv_bytes([(f"{i}" if i else "", *row, "7" if i else "") for i, row in enumerate(EN)])


@same(PLACE)
def blank_columns_everywhere() -> bytes:
    """A blank column stands before, between and behind the others."""
    return csv_bytes([("", *row[:5], "", *row[5:], "") for row in EN])


@same(PLACE, like=edited(EN, {(2, "Adverse event"): "Nau\0sea"}), loose=("term",))
def a_nul_byte_in_a_term() -> bytes:
    """A term holds a byte of zero."""
    return csv_bytes(edited(EN, {(2, "Adverse event"): "Nau\0sea"}))


@finding(PLACE, Expected("AE-CTC-01", rows=(3,)), others=True)
def a_nul_byte_in_a_grade() -> bytes:
    """A grade holds a byte of zero between two digits: it is neither 1 nor 12."""
    return csv_bytes(edited(EN, {(3, "CTCAE grade"): "1\02"}))


@same("Standard input", "")
def standard_input() -> Given:
    """The log comes from another program."""
    return Given({}, log=("-",), piped=csv_bytes(EN))


@error("Standard input", "line 3 has 12 cells", file="<stdin>")
def standard_input_with_a_long_row() -> Given:
    """A row of standard input is too long."""
    return Given({}, log=("-",), piped=csv_bytes([*EN[:2], (*EN[2], "x", "y"), *EN[3:]]))


PARTS = (EN[:12], (EN[0], *EN[12:25]), (EN[0], *EN[25:]))


@same("Several files", "")
def parts_of_three_kinds() -> Given:
    """A log in three parts: CSV, a workbook with its columns in another order, and Parquet."""
    files = {
        "1.csv": csv_bytes(PARTS[0]),
        "2.xlsx": xlsx({"AE": [row[::-1] for row in PARTS[1]]}),
        "3.parquet": parquet(frame(PARTS[2])),
    }
    return Given(files, log=tuple(files))


@same("Several files", "")
def parts_by_a_pattern() -> Given:
    """The shell leaves the star to the program."""
    files = {f"part{i}.csv": csv_bytes(rows) for i, rows in enumerate(PARTS)}
    return Given(files, log=("part*.csv",))


@same("Several files", "", like=EN, loose=("term",))
def parts_in_two_languages_and_encodings() -> Given:
    """One part is English, the next Chinese in GBK."""
    files = {"1.csv": csv_bytes(EN[:15]),
             "2.csv": csv_bytes((ZH[0], *ZH[15:]), encoding="gbk")}  # fmt: skip
    return Given(files, log=("1.csv", "2.csv"))


@error("Several files", "named twice", file="1.csv")
def a_part_named_twice() -> Given:
    """The same part is named twice: every event would count twice."""
    return Given({"1.csv": csv_bytes(EN)}, log=("1.csv", "1.csv"))


@finding("Several files", Expected("AE-XRC-02", count=len(EN) - 1), others=True)
def a_part_copied_under_another_name() -> Given:
    """A copy of a part lies beside it: every event is there twice, and said."""
    return Given({"1.csv": csv_bytes(EN), "2.csv": csv_bytes(EN)}, log=("1.csv", "2.csv"))


@error(LINES, "packed by gzip")
def a_packed_text_file() -> bytes:
    """A CSV file packed by gzip."""
    return gzip.compress(csv_bytes(EN), mtime=0)


@same(PLACE)
def participants_with_their_own_marks() -> Given:
    """The participants come as tab-separated UTF-16 beside a log in commas."""
    people = csv_bytes(PEOPLE, "\t", encoding="utf-16")
    return Given({"ae.csv": csv_bytes(EN), "people.csv": people})
