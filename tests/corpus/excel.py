"""Workbooks: sheets, hidden and merged parts, text struck through, formulas, tables side by side."""

from __future__ import annotations

import itertools
from typing import Any

from corpus.base import EN, ENGLISH, LAST, PEOPLE, edited, mapped, place
from corpus.case import Expected, Given, error, finding, same
from corpus.write import SHEET, TEXTS, csv_bytes, reworked, swapped, typed, xlsx

EXCEL, BOOK = "Excel", "ae.xlsx"
WIDTH = len(ENGLISH)
BOTH = {"AE 1": EN, "AE 2": EN[:9]}


@same(EXCEL, BOOK)
def typed_as_people_do() -> bytes:
    """Grades are numbers and dates are dates."""
    return xlsx({"AE": typed(EN)})


@same(EXCEL, BOOK)
def everything_as_text() -> bytes:
    """Numbers and dates are stored as text."""
    return xlsx({"AE": EN})


@error(EXCEL, "several sheets could be the log", "AE 1, AE 2", "--sheet", file=BOOK)
def two_sheets_that_could_be_the_log() -> bytes:
    """Two sheets hold events."""
    return xlsx(BOTH)


@same(EXCEL, BOOK)
def a_sheet_by_its_name() -> Given:
    """Two sheets hold events, and the user names one."""
    return Given({BOOK: xlsx(BOTH)}, sheet="AE 1")


@error(EXCEL, "no sheet 'AE 3'", "it has AE 1, AE 2", file=BOOK)
def a_sheet_that_is_not_there() -> Given:
    """The user names a sheet that is not there."""
    return Given({BOOK: xlsx(BOTH)}, sheet="AE 3")


@same(EXCEL, BOOK)
def events_and_participants_in_one_workbook() -> Given:
    """Both are sheets of one workbook, beside a cover, an empty sheet and one of laboratory values."""
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


@same(EXCEL, BOOK, said=("text that is struck through: C3, C7",))
def struck_through() -> bytes:
    """Two terms are struck through, and read."""
    from openpyxl.styles import Font

    def strike(book: Any) -> None:
        book["AE"]["C3"].font = book["AE"]["C7"].font = Font(strike=True)

    return xlsx({"AE": EN}, strike)


@same(EXCEL, BOOK, said=("struck through",))
def struck_through_in_part() -> bytes:
    """A word within a term is struck through."""
    term = EN[2][2]
    parts = f"<si><r><rPr><strike/></rPr><t>{term[:3]}</t></r><r><t>{term[3:]}</t></r></si>"
    return reworked(xlsx({"AE": EN}), {TEXTS: swapped(f"<si><t>{term}</t></si>", parts)})


@error(EXCEL, "2 formulas have no value (D3, J5)", "open it in Excel", file=BOOK)
def formulas_without_values() -> bytes:
    """Two formulas were written by a program that does not calculate."""

    def formula(book: Any) -> None:
        book["AE"]["D3"], book["AE"]["J5"] = "=1+1", "=TODAY()"

    return xlsx({"AE": typed(EN)}, formula)


@same(EXCEL, BOOK)
def formulas_with_values() -> bytes:
    """A grade and a blank end come from formulas, with the values that were saved."""
    row = next(i for i, row in enumerate(EN, 1) if not row[9])
    data = xlsx({"AE": typed(EN)})
    grade = f'<c r="D3"><f>1+0*2</f><v>{EN[2][3]}</v></c>'
    blank = f'<c r="J{row}" t="str"><f>""</f><v></v></c>'

    def edit(text: str) -> str:
        text = swapped('<c r="D3".*?</c>', grade)(text)
        return _ended(text, row, blank)

    return reworked(data, {SHEET: edit})


def _ended(text: str, row: int, cell: str) -> str:
    """The sheet with a cell more at the end of a row."""
    start = text.index(f'<row r="{row}"')
    end = text.index("</row>", start)
    return text[:end] + cell + text[end:]


@finding(EXCEL, Expected("AE-CTC-01", rows=(3,), count=1), file=BOOK, others=True,
         like=edited(EN, {(3, "CTCAE grade"): ""}),
         said=("2 cells with an error of Excel: D3 #N/A, L9 #REF!",))  # fmt: skip
def errors_in_cells() -> bytes:
    """A grade is #N/A, and a remark is #REF!."""

    def fail(book: Any) -> None:
        book["AE"]["D3"], book["AE"]["L9"] = "#N/A", "#REF!"

    return xlsx({"AE": EN}, fail)


@finding(EXCEL, Expected("AE-TYP-01", rows=(3,), count=1), file=BOOK, others=True)
def an_error_for_a_date() -> bytes:
    """A start is #VALUE!."""
    return xlsx({"AE": typed(EN)}, lambda book: book["AE"].__setitem__("I3", "#VALUE!"))


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
def spaces_around_everything() -> bytes:
    """Every text has spaces around it, some of them wide or hard."""
    around = itertools.cycle((" {} ", "\u3000{}", "{}\xa0", "{}\n"))
    return xlsx({"AE": [tuple(c and next(around).format(c) for c in row) for row in EN]})


@same(EXCEL, BOOK)
def truth_values() -> bytes:
    """Serious is TRUE or FALSE."""
    at = place("Serious")
    return xlsx({"AE": [EN[0], *((*r[:at], r[at] == "Y", *r[at + 1 :]) for r in EN[1:])]})


@finding(EXCEL, Expected("AE-CTC-01", rows=(3,), count=1), file=BOOK, others=True)
def a_percentage_for_a_grade() -> bytes:
    """A grade is shown as 3%: the number is 0.03."""

    def percent(book: Any) -> None:
        book["AE"]["D3"].value, book["AE"]["D3"].number_format = 0.03, "0%"

    return xlsx({"AE": typed(EN)}, percent)


@same(EXCEL, BOOK)
def grades_in_a_format_of_words() -> bytes:
    """Grades are numbers that a format shows as Grade 3, 3.00 or red."""
    formats = itertools.cycle(('"Grade "0', "0.00", "[Red]0", '0"级"'))

    def shape(book: Any) -> None:
        for row in range(2, LAST + 1):
            book["AE"].cell(row, 4).number_format = next(formats)

    return xlsx({"AE": typed(EN)}, shape)


@same(EXCEL, like=mapped(EN, "Adverse event", lambda t: t * 8000), file=BOOK)
def text_of_forty_thousand_characters() -> bytes:
    """Terms are longer than the 32,767 characters Excel itself allows."""
    rows = mapped(EN, "Adverse event", lambda t: t * 8000)
    marked = [(*row[:2], f"#{row[2][:4]}#", *row[3:]) if i else row for i, row in enumerate(rows)]
    words = {row[2][:4]: row[2] for row in rows[1:]}

    def long(text: str) -> str:
        for short, whole in words.items():
            text = text.replace(f"#{short}#", whole)
        return text

    return reworked(xlsx({"AE": marked}), {TEXTS: long})


@same(EXCEL, BOOK)
def csv_and_workbook_agree() -> Given:
    """The participants are a workbook beside a log in CSV."""
    return Given({"ae.csv": csv_bytes(EN), "dm.xlsx": xlsx({"DM": PEOPLE})}, people="dm.xlsx")
