"""Cells of a workbook: what was typed, struck through, calculated, shown by a format."""

from __future__ import annotations

import itertools
from typing import Any

from workbooks import SHEET, TEXTS

from corpus.base import EN, LAST, edited, mapped, place
from corpus.case import Expected, error, finding, same
from corpus.write import reworked, swapped, typed, xlsx

EXCEL, BOOK = "Excel", "ae.xlsx"


@same(EXCEL, BOOK)
def typed_as_people_do() -> bytes:
    """Grades are numbers and dates are dates."""
    return xlsx({"AE": typed(EN)})


@same(EXCEL, BOOK)
def everything_as_text() -> bytes:
    """Numbers and dates are stored as text."""
    return xlsx({"AE": EN})


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


@finding(EXCEL, Expected("AE-TYP-04", says="begins with a space"), file=BOOK, like=EN)
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


def numbered(shape: str = "General") -> Any:
    """Shows the numbers in the first column in this format."""

    def change(book: Any) -> None:
        for sheet in book:
            for row in range(2, sheet.max_row + 1):
                sheet.cell(row, 1).number_format = shape

    return change


def as_numbers(rows: Any) -> list[Any]:
    return [rows[0], *((int(row[0]), *row[1:]) for row in rows[1:])]


@same(EXCEL, BOOK, said=("identifiers read with the zeros their number format shows",))
def identifiers_that_a_format_shows_with_zeros() -> bytes:
    """Identifiers are numbers shown as 001."""
    return xlsx({"AE": as_numbers(EN)}, numbered("000"))


@finding(EXCEL, Expected("AE-XDS-01"), file=BOOK, others=True)
def identifiers_that_lost_their_zeros() -> bytes:
    """Identifiers are plain numbers, and the participants are called 001: nobody is guessed."""
    return xlsx({"AE": as_numbers(EN)})


@same(EXCEL, BOOK)
def days_counted_from_1904() -> bytes:
    """A workbook of an old Mac counts days from 1904."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    return xlsx({"AE": typed(EN)}, lambda book: setattr(book, "epoch", CALENDAR_MAC_1904))


@same(EXCEL, BOOK)
def dates_shown_in_many_formats() -> bytes:
    """Each date is shown in another format: what is shown does not matter."""
    shown = itertools.cycle(("dd/mm/yyyy", "mmm-yy", 'yyyy"年"m"月"d"日"', "d.m.yy", "m/d/yy h:mm"))

    def shape(book: Any) -> None:
        for row in range(2, LAST + 1):
            for column in (9, 10):
                book["AE"].cell(row, column).number_format = next(shown)

    return xlsx({"AE": typed(EN)}, shape)


def _bare(book: Any) -> None:
    for row in range(2, LAST + 1):
        for column in (9, 10):
            book["AE"].cell(row, column).number_format = "General"


@same(EXCEL, BOOK)
def dates_that_lost_their_format() -> bytes:
    """Dates stand in the sheet as plain numbers: 45354."""
    return xlsx({"AE": typed(EN)}, _bare)


@finding(EXCEL, Expected("AE-TYP-01", rows=(3,), count=1), file=BOOK, others=True)
def a_time_without_a_day() -> bytes:
    """A start is 10:30, a time without a day."""
    from datetime import time

    return xlsx({"AE": typed(EN)}, lambda book: book["AE"].__setitem__("I3", time(10, 30)))


@finding(EXCEL, Expected("AE-CTC-01", rows=(3,), count=1), file=BOOK, others=True)
def a_grade_that_became_a_date() -> bytes:
    """Excel made a day of the grade 2-3: 3 February."""
    from datetime import date

    return xlsx({"AE": typed(EN)}, lambda book: book["AE"].__setitem__("D3", date(2024, 2, 3)))


@same(EXCEL, BOOK)
def numbers_with_a_mark_of_text() -> bytes:
    """Grades and identifiers are texts with the apostrophe of Excel before them."""

    def mark(book: Any) -> None:
        for row in range(2, LAST + 1):
            for column in (1, 4):
                book["AE"].cell(row, column).quotePrefix = True

    return xlsx({"AE": EN}, mark)
