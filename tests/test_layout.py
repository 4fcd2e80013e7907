"""Logs as people lay them out: what is around the records is told apart, and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import EVENTS, HEADER, SUBJECTS, Rows, Run, csv_text, write_csv, write_xlsx
from test_reading import lines, notes, read, refused, saved, sheet_of, texts

BODY = [tuple(row) for row in EVENTS[1:]]
CHINESE = ("受试者编号", "不良事件名称", "CTCAE分级", "是否严重", "开始日期", "剂量组")
NAMES = ("USUBJID", "AETERM", "AETOXGR", "AESER", "AESTDTC", "TRTA")
LABELS = (
    "Unique Subject Identifier", "Reported Term for the Adverse Event",
    "Standard Toxicity Grade", "Serious Event", "Start Date/Time of Adverse Event",
    "Actual Treatment",
)  # fmt: skip


def left_out(path: Path) -> tuple[tuple[int, str], ...]:
    return sheet_of(read(path)).left_out


def counted(ae: Run, log: Path, people: Path) -> list[object]:
    """The table and the findings, but for the rows they stand in and the notes of reading."""
    page = ae("summarize", log, "--subjects", people, "--format", "json").json
    found = ae("validate", log, "--subjects", people, "--format", "json").json
    keys = [(f["rule"], f["subject"], f["message"], f["key"]) for f in found["findings"]]
    return [page["rows"], page["groups"], keys]


ABOVE: Rows = [("Study ABC-1",), ("Listing 16.2.7: adverse events",), ()]
LAYOUTS: dict[str, tuple[Rows, tuple[str, ...]]] = {
    "title": ([*ABOVE, *EVENTS], ()),
    "Chinese over English": ([CHINESE, *EVENTS], ("second row of headers",)),
    "codes over English": ([("c1", "c2", "c3", "c4", "c5", "c6"), *EVENTS], ()),
    "English over Chinese": ([HEADER, CHINESE, *BODY], ("second row of headers",)),
    "labels below names": ([NAMES, LABELS, *BODY], ("second row of headers",)),
    "title and two headers": ([*ABOVE, HEADER, CHINESE, *BODY], ("second row of headers",)),
    "total": ([*EVENTS, ("Total", "", "8")], ("total line",)),
    "total in Chinese": ([*EVENTS, ("合计", "", "4", "", "", "")], ("total line",)),
    "total with a share": ([*EVENTS, (), ("总计：4", "", "2 (50.0%)")], ("total line",)),
    "subtotals": ([*EVENTS[:3], ("Subtotal", "", "2"), *EVENTS[3:], ("Grand total:", "", "4")],
                  ("total line", "total line")),
    "footnotes": ([*EVENTS, (), ("Note: grades are those of CTCAE.",), ("注：分级依据CTCAE 5.0",),
                   ("Source: listing 16.2.7",), ("Page 1 of 1",)], ("footnote",) * 4),
    "header again": ([*EVENTS[:3], HEADER, *EVENTS[3:]], ("second row of headers",)),
    "all at once": ([*ABOVE, CHINESE, HEADER, *BODY, ("合计", "", "4"), (), ("备注：无",)],
                    ("second row of headers", "total line", "footnote")),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_the_same_log(
    ae: Run, tmp_path: Path, people: Path, name: str, kind: str
) -> None:
    rows, reasons = LAYOUTS[name]
    clean = write_csv(
        tmp_path / "clean.csv", [NAMES, *BODY] if name.startswith("labels") else EVENTS
    )
    path = tmp_path / f"ae.{kind}"
    log = write_csv(path, rows) if kind == "csv" else write_xlsx(path, {"AE": rows})
    assert texts(read(log)) == BODY
    assert [reason for _, reason in left_out(log)] == list(reasons)
    assert counted(ae, log, people) == counted(ae, clean, people)


def test_what_is_left_out_is_said_and_counted(ae: Run, tmp_path: Path, people: Path) -> None:
    rows = [HEADER, CHINESE, *BODY, ("Total", "", "8"), ("Note: as of May.",)]
    log = write_csv(tmp_path / "ae.csv", rows)
    assert lines(read(log)) == [3, 4, 5, 6]
    page = ae("validate", log, "--subjects", people, "--format", "json").json
    assert page["files"][0]["rows_read"] == 7
    assert page["files"][0]["rows_used"] == 4
    assert page["files"][0]["rows_excluded"] == 3
    excluded = [(e["row"], e["reason"]) for e in page["excluded"]]
    assert excluded == [(2, "second row of headers"), (7, "total line"), (8, "footnote")]
    assert "total line, not a record: row 7" in page["files"][0]["notes"]
    table = ae("summarize", log, "--subjects", people).out
    assert "7 read = 4 used + 3 excluded (1 footnote; 1 second row of headers" in table


def test_participants_may_have_totals_too(ae: Run, log: Path, tmp_path: Path, people: Path) -> None:
    for row in (("Total", "", "", "4"), ("合计", "4"), ("Note: all treated",), ("Total",)):
        more = write_csv(tmp_path / "more.csv", [*SUBJECTS, row])
        assert counted(ae, log, more) == counted(ae, log, people)
    page = ae("validate", log, "--subjects", more, "--format", "json").json
    assert [(e["file"], e["row"], e["reason"]) for e in page["excluded"]] == [
        (str(more), 6, "total line")
    ]


@pytest.mark.parametrize(
    "row",
    [
        ("Total", "Nausea", "2", "N", "2024-03-04", "Low"),  # a participant of that name
        ("Total", "", "", "N", "", ""),
        ("Total", "", "", "", "2024-03-04", ""),
        ("Total", "", "2024-03-04"),
        ("001", "Total", "", "", "", ""),
        ("", "Total bilirubin increased", "2"),
        ("", "Note: rash on the face", "2"),
        ("Note: rash", "on the face"),
        ("Total knee", "", "2"),
        ("", "Total", "2", "N", "", "Low"),
        ("合计用药", "", "1"),
        ("Subject", "Nausea", "2"),
        ("", "", "2"),
        ("007",),
    ],
)
def test_what_may_be_a_record_stays_one(tmp_path: Path, row: tuple[str, ...]) -> None:
    log = write_csv(tmp_path / "ae.csv", [*EVENTS, row])
    assert left_out(log) == ()
    assert len(texts(read(log))) == 5


@pytest.mark.parametrize("words", ["Notes", "a stray line", "N=2"])
def test_words_alone_in_the_last_row_close_the_list(tmp_path: Path, words: str) -> None:
    log = write_csv(tmp_path / "ae.csv", [*EVENTS, (words,)])
    assert left_out(log) == ((6, "closing line"),)
    within = write_csv(tmp_path / "within.csv", [*EVENTS[:3], (words,), *EVENTS[3:]])
    assert left_out(within) == ()


def test_a_row_that_stays_is_a_finding(ae: Run, tmp_path: Path, people: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [*EVENTS, ("a stray line",)])
    ran = ae("validate", log, "--subjects", people, "--format", "json")
    assert ran.code == 1 or ran.json["excluded"]


# Cells out of place


def test_two_headers_of_one_name_are_asked_about(tmp_path: Path) -> None:
    rows = [(*HEADER, "Grade"), *((*row, "1") for row in BODY)]
    assert "Grade" in refused(write_csv(tmp_path / "ae.csv", rows)).what


def test_columns_without_a_header_are_not_used(tmp_path: Path) -> None:
    rows = [("", *HEADER, "", ""), *(("x", *row, "y", "") for row in BODY)]
    log = read(write_csv(tmp_path / "ae.csv", rows))
    assert log.events.frame["term"].to_list() == [row[1] for row in BODY]


def test_a_row_that_lost_a_cell_is_noted_with_its_line(ae: Run, tmp_path: Path) -> None:
    """Its cells stand one column to the left: rules see what they hold there."""
    log = saved(tmp_path / "ae.csv", csv_text(EVENTS) + "005,2,N,2024-03-04,Low\n")
    assert "rows with fewer cells than the header: 1 (line 6)" in notes(read(log))
    found = ae("validate", log, "--format", "json").json["findings"]
    assert {f["row"] for f in found if f["severity"] == "error"} == {6}


def test_a_quotation_mark_that_never_closes_loses_no_row(tmp_path: Path) -> None:
    text = csv_text(EVENTS).replace("Headache", '"Headache')
    assert "line 3: a quotation mark" in refused(saved(tmp_path / "ae.csv", text)).what


def test_line_breaks_in_headers_and_cells_are_text(tmp_path: Path) -> None:
    rows = [("Subject\nID", "Adverse\r\nevent", *HEADER[2:]), ("1", "a\nb\n", "2", "N", "", "Low"),
            ("Total", "", "1"), *BODY]  # fmt: skip
    log = read(write_csv(tmp_path / "ae.csv", rows))
    assert lines(log) == [4, 8, 9, 10, 11] or lines(log)[0] == 4
    assert texts(log)[0][1] == "a\nb\n"
    assert [reason for _, reason in sheet_of(log).left_out] == ["total line"]


def test_records_between_two_headers_are_not_lost(ae: Run, tmp_path: Path) -> None:
    """The second header names more fields, and what stands above it is a table of its own."""
    rows = (("Subject", "Term", "X"), ("S1", "Nausea", "a"), ("S2", "Rash", "b"),
            ("Subject", "Term", "Grade"), ("S3", "Pain", "2"))  # fmt: skip
    for path in (
        write_csv(tmp_path / "j.csv", rows),
        write_xlsx(tmp_path / "j.xlsx", {"AE": rows}),
    ):
        ran = ae("validate", path)
        assert ran.code == 2 and "row 1 and row 4 are both headers" in ran.err


def test_a_participant_is_no_total(ae: Run, tmp_path: Path) -> None:
    """A trial may be called TOTAL, and an event may begin with the word."""
    people = write_csv(tmp_path / "dm.csv", (
        ("Subject ID", "Arm", "Age"), ("TOTAL001", "1", "45"), ("TOTAL 2", "2", "50"),
    ))  # fmt: skip
    log = write_csv(tmp_path / "ae.csv", (
        ("Subject ID", "Term", "Grade", "Start"), ("TOTAL001", "Rash", "1", ""),
        ("TOTAL 2", "", "", ""), ("", "Total (direct) bilirubin increased", "3", ""),
        ("", "Note: rash", "", ""),
    ))  # fmt: skip
    files = ae("validate", log, "--subjects", people, "--format", "json").json["files"]
    assert [f["rows_read"] for f in files] == [4, 2]
    reasons = ae("validate", log, "--subjects", people, "--format", "json").json["excluded"]
    assert not {e["reason"] for e in reasons} & {"total line", "footnote"}
