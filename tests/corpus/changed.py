"""Events whose grade changed: several grades in a row, or several rows for one event."""

from __future__ import annotations

from corpus.base import EN, LAST, ZH, Row, Rows
from corpus.case import Expected, Given, error, finding, same
from corpus.write import csv_bytes, xlsx

CHAPTER, COLUMNS, ROWS = "Events whose grade changed", "Grades in columns", "Rows for each grade"
GRADE = EN[0].index("CTCAE grade")
CHANGED = tuple(i for i in range(2, LAST + 1) if EN[i - 1][GRADE] in "345")  # as a person counts


def stated(rows: Rows, *headers: str, blank: str = "") -> Rows:
    """The grade in several columns: a grade of 3 and more began as 1, and was 2 on its way."""
    body: list[Row] = []
    for row in rows[1:]:
        worst = row[GRADE]
        course = ("1", "2", worst) if worst in "345" else (worst, blank, blank)
        body.append((*row[:GRADE], *course, *row[GRADE + 1 :]))
    return ((*rows[0][:GRADE], *headers, *rows[0][GRADE + 1 :]), *body)


def begun(rows: Rows) -> list[Row]:
    """For each event of grade 3 and more one row more: it began with grade 1 on the same day."""
    start = EN[0].index("Start date")
    return [(*row[:GRADE], "1", *row[GRADE + 1 : start], row[start], row[start])
            for row in rows[1:] if row[GRADE] in "345"]  # fmt: skip


@finding(COLUMNS, Expected("AE-CTC-14", rows=CHANGED, says="1 > 2 >"), like=EN, loose=("course",))
def numbered_grades() -> bytes:
    """CTCAE grade -1, -2 and -3 are the grades of one event, one after the other."""
    return csv_bytes(stated(EN, "CTCAE grade -1", "CTCAE grade -2", "CTCAE grade -3"))


@finding(COLUMNS, Expected("AE-CTC-14", rows=CHANGED), like=EN, loose=("course",), file="ae.xlsx")
def a_first_grade_and_later_ones() -> bytes:
    """The grade at onset, and columns for its changes, in a workbook, blanks written NA."""
    return xlsx({"AE": stated(EN, "Initial grade", "CTCAE grade 1", "CTCAE grade 2", blank="NA")})


@finding(CHAPTER, Expected("AE-CTC-14", rows=CHANGED), like=ZH, loose=("course",))
def chinese_grades_that_changed() -> bytes:
    """The form of a Chinese EDC: 初始严重程度, and CTCAE分级-1 and -2 for its changes."""
    names = ("初始严重程度（CTCAE 5.0）_TXT", "CTCAE分级-1_TXT", "CTCAE分级-2_TXT")
    return csv_bytes(stated(ZH, *names))


@same(COLUMNS)
def later_grades_that_nobody_needed() -> bytes:
    """There are columns for later grades, and no grade changed."""
    rows = stated(EN, "CTCAE grade", "CTCAE grade -1", "CTCAE grade -2")
    return csv_bytes([(*row[: GRADE + 1], "", "", *row[GRADE + 3 :]) if i else row
                      for i, row in enumerate(_at_worst(rows))])  # fmt: skip


def _at_worst(rows: Rows) -> Rows:
    return (
        rows[0],
        *((*r[:GRADE], EN[i][GRADE], *r[GRADE + 1 :]) for i, r in enumerate(rows) if i),
    )


@error(COLUMNS, "CTCAE grade -2", 'grade = ["CTCAE grade", "CTCAE grade -1"')
def a_later_grade_without_the_one_before() -> bytes:
    """The second change has a grade, and the first has none."""
    rows = stated(EN, "CTCAE grade", "CTCAE grade -1", "CTCAE grade -2")
    return csv_bytes([(*row[: GRADE + 1], "", *row[GRADE + 2 :]) if i else row
                      for i, row in enumerate(rows)])  # fmt: skip


@finding(ROWS, Expected("AE-XRC-07", count=len(CHANGED)), others=True)
def a_row_for_each_grade() -> bytes:
    """An event that worsened has a second row, and study.toml says nothing: rows are counted."""
    return csv_bytes([*EN, *begun(EN)])


@finding(ROWS, like=EN, others=True, joined=True)
def rows_that_are_joined() -> Given:
    """The same, and study.toml joins them: the table is that of the clean log."""
    return Given({"ae.csv": csv_bytes([*EN, *begun(EN)])}, config={"episodes": "joined"})


LARGE = {"limits": {"megabytes": 1}}


@error("Limits", "megabytes = 2", "--max-mb 2")
def more_megabytes_than_are_read() -> Given:
    """The log has more megabytes than study.toml allows."""
    return Given({"ae.csv": csv_bytes(EN) + b"\n" * 1_500_000}, config=LARGE)


@error("Limits", "--max-cells", file="ae.xlsx")
def more_cells_than_are_read() -> Given:
    """The workbook has more cells than study.toml allows."""
    return Given({"ae.xlsx": xlsx({"AE": EN})}, config={"limits": {"cells": 100}})
