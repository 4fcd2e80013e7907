"""Workbooks: several sheets, hidden and merged parts, more than one table in a sheet."""

from __future__ import annotations

import itertools
from typing import Any

from corpus.base import EN, ENGLISH, GROUPS, LAST, PEOPLE, edited
from corpus.case import Expected, Given, error, finding, same
from corpus.write import csv_bytes, typed, xlsx

EXCEL, BOOK = "Excel", "ae.xlsx"
WIDTH = len(ENGLISH)
BOTH = {"AE 1": EN, "AE 2": EN[:9]}


@error(EXCEL, "several sheets could be the log", "AE 1, AE 2", "--sheet", file=BOOK)
def two_sheets_that_could_be_the_log() -> bytes:
    """Two sheets hold events."""
    return xlsx(BOTH)


@same(EXCEL, BOOK)
def a_sheet_by_its_name() -> Given:
    """Two sheets hold events, and the user names one."""
    return Given({BOOK: xlsx(BOTH)}, sheet="AE 1")


ARM = ENGLISH.index("Dose group")
DOSES = {group: [tuple(cell for i, cell in enumerate(row) if i != ARM) for row in EN
                 if row in (ENGLISH,) or row[ARM] == group] for group in GROUPS}  # fmt: skip
BY_NAME = {"files": {"group": "sheet name"}}


@same(EXCEL, BOOK, joined=True, said=("dose group: the name of the sheet, 'Low dose'",),
      people=None)  # fmt: skip
def a_sheet_for_each_dose() -> Given:
    """Each dose has its sheet, no column says the dose, and study.toml says that the name does."""
    return Given({BOOK: xlsx(DOSES)}, sheet="*", config=BY_NAME, people=None)


@error(EXCEL, "no column says the dose group", "--group-from-sheet", "--no-group-from-sheet",
       file=BOOK)  # fmt: skip
def a_sheet_for_each_dose_and_no_word_of_it() -> Given:
    """Each dose has its sheet, and nothing says that the names of the sheets are the groups."""
    return Given({BOOK: xlsx(DOSES)}, sheet="* dose", people=None)


@error(EXCEL, "--sheet 'Low dose' --sheet 'Middle dose' --sheet 'High dose' --group-from-sheet",
       file=BOOK)  # fmt: skip
def a_sheet_for_each_dose_and_none_named() -> Given:
    """Each dose has its sheet, and no sheet is named: the message has the command."""
    return Given({BOOK: xlsx(DOSES)}, people=None)


@same(EXCEL, BOOK, said=("1 other sheet is not read (Summary)",))
def a_sheet_with_headers_and_no_records() -> bytes:
    """The first sheet has the headers of the log, as a form, and no record."""
    return xlsx({"Summary": [("Summary",), ENGLISH, ("", "", "as of May")], "AE": EN})


@error(EXCEL, "no sheet 'AE 3'", "it has AE 1, AE 2", file=BOOK)
def a_sheet_that_is_not_there() -> Given:
    """The user names a sheet that is not there."""
    return Given({BOOK: xlsx(BOTH)}, sheet="AE 3")


@same(EXCEL, BOOK)
def events_and_participants_in_one_workbook() -> Given:
    """Both are sheets of one workbook, beside a cover, an empty sheet and laboratory values."""
    sheets = {"Cover": [("Made by the site",)], "DM": PEOPLE, "Empty": [], "AE": EN,
              "Labs": [("Subject ID", "Test", "Result"), ("001", "ALT", "30")]}  # fmt: skip
    return Given({BOOK: xlsx(sheets)}, people=None)


@same(EXCEL, BOOK, said=("2 hidden sheets are not read",))
def hidden_sheets() -> bytes:
    """An older log lies in a hidden sheet, and another in one that is very hidden."""

    def hide(book: Any) -> None:
        book["Old"].sheet_state, book["Older"].sheet_state = "hidden", "veryHidden"

    return xlsx({"Old": EN[:5], "Older": EN[:9], "AE": EN}, hide)


@same(EXCEL, BOOK, said=("3 hidden rows are read (rows 5, 9, 10)", "1 hidden column is read"))
def hidden_rows_and_columns() -> bytes:
    """A filter hides three rows, and a column is hidden."""

    def hide(book: Any) -> None:
        for row in (5, 9, 10):
            book["AE"].row_dimensions[row].hidden = True
        book["AE"].column_dimensions["D"].hidden = True

    return xlsx({"AE": EN}, hide)


def first_of_each() -> list[tuple[str | None, ...]]:
    """Participant and group are written in the first row of each participant alone."""
    rows: list[tuple[str | None, ...]] = [EN[0]]
    for before, row in itertools.pairwise(EN):
        again = before[0] == row[0]
        rows.append((None, None, *row[2:]) if again else row)
    return rows


REPEATED = sum(a[0] == b[0] for a, b in itertools.pairwise(EN))


@same(EXCEL, BOOK, said=(f"{2 * REPEATED} cells filled from the merged cell above",))
def merged_downwards() -> bytes:
    """Participant and group are merged over the rows of each participant."""

    def merge(book: Any) -> None:
        for _, found in itertools.groupby(range(2, LAST + 1), lambda i: EN[i - 1][0]):
            rows = list(found)
            for column in "AB":
                book["AE"].merge_cells(f"{column}{rows[0]}:{column}{rows[-1]}")

    return xlsx({"AE": first_of_each()}, merge)


BARE = tuple(i for i, row in enumerate(first_of_each(), 1) if row[0] is None)


@finding(EXCEL, Expected("AE-REQ-01", rows=BARE), file=BOOK, others=True)
def blanks_that_are_not_merged() -> bytes:
    """The same without merged cells: a blank is a blank, and no participant is made up."""
    return xlsx({"AE": first_of_each()})


@same(EXCEL, BOOK, said=(f"{LAST - 2} blank rows skipped",))
def rows_merged_as_a_whole() -> bytes:
    """Every record takes two rows, all its cells merged."""
    rows = [EN[0], *(r for row in EN[1:] for r in (row, (None,) * WIDTH))]

    def merge(book: Any) -> None:
        for row in range(2, 2 * LAST - 1, 2):
            for column in "ABCDEFGHIJ":
                book["AE"].merge_cells(f"{column}{row}:{column}{row + 1}")

    return xlsx({"AE": rows}, merge)


@same(EXCEL, BOOK, like=edited(EN, {(4, "Outcome"): ""}), others=True)
def merged_across() -> bytes:
    """Causality and outcome of a row are merged: the text belongs to the first."""
    return xlsx({"AE": EN}, lambda book: book["AE"].merge_cells("F4:G4"))


@same(EXCEL, BOOK)
def headings_merged_over_the_header() -> bytes:
    """A row of headings, each merged over several columns, stands above the header."""
    above = ("Participant", "", "Event", "", "", "Assessment", "", "", "Dates", "")

    def merge(book: Any) -> None:
        for area in ("A1:B1", "C1:E1", "F1:H1", "I1:J1"):
            book["AE"].merge_cells(area)

    return xlsx({"AE": [above, *EN]}, merge)


@error(EXCEL, "row 1 and row", "both headers", file=BOOK)
def two_tables_one_above_the_other() -> bytes:
    """A small table of other events stands above the log, with a header of its own."""
    return xlsx({"AE": [row[:5] for row in EN[:4]] + [[]] + list(EN)})


@error(EXCEL, "Subject ID", file=BOOK)
def two_tables_side_by_side() -> bytes:
    """Two logs stand side by side under the same headers."""
    return xlsx({"AE": [(*a, "", *b) for a, b in zip(EN, (EN[0], *EN[:0:-1]), strict=True)]})


@finding(EXCEL, Expected("AE-CTC-01", rows=tuple(range(LAST + 3, LAST + 27))), file=BOOK,
         others=True)  # fmt: skip
def participants_below_the_log() -> bytes:
    """The participants stand below the events in one sheet: each of them is an error."""
    return xlsx({"AE": [*EN, [], *PEOPLE]})


@same(EXCEL, BOOK)
def a_chart_and_a_comment() -> bytes:
    """The workbook has a sheet that is a chart, and a comment in a cell."""
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment

    def draw(book: Any) -> None:
        chart = BarChart()
        chart.add_data(Reference(book["AE"], min_col=4, min_row=1, max_row=LAST))
        book.create_chartsheet("Chart", 0).add_chart(chart)
        book["AE"]["C3"].comment = Comment("query: really?", "monitor")

    return xlsx({"AE": typed(EN)}, draw)


@same(EXCEL, BOOK)
def line_breaks_in_headers() -> bytes:
    """Headers are broken over two lines."""
    return xlsx({"AE": [tuple(h.replace(" ", "\n") for h in EN[0]), *EN[1:]]})


@same(EXCEL, BOOK)
def csv_and_workbook_agree() -> Given:
    """The participants are a workbook beside a log in CSV."""
    return Given({"ae.csv": csv_bytes(EN), "dm.xlsx": xlsx({"DM": PEOPLE})}, people="dm.xlsx")
