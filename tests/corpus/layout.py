"""What stands around the records: titles, second headers, labels, totals, footnotes, blanks."""

from __future__ import annotations

from corpus.base import CHINESE, EN, ENGLISH, LAST, PEOPLE, ZH, Row, headed
from corpus.case import Expected, Given, error, finding, same, series
from corpus.write import csv_bytes, xlsx

TITLES, ASIDES = "Titles", "Rows that are no records"
WIDTH = len(ENGLISH)
HEADERS, TOTAL, FOOT = "second row of headers", "total line", "footnote"
SDTM = ("USUBJID", "ARM", "AETERM", "AETOXGR", "AESER", "AEREL", "AEOUT", "AEACN", "AESTDTC",
        "AEENDTC")  # fmt: skip


def filled(*cells: str) -> Row:
    """A row of these cells, blank to the right."""
    return (*cells, *[""] * (WIDTH - len(cells)))


@same(TITLES, said=("4 lines above the header not read",))
def a_title_block() -> bytes:
    """Three lines of title and a blank one stand above the header."""
    above = "Study ABC-1\nListing 16.2.7: Adverse events\nData cut-off: 2024-09-01\n\n"
    return above.encode() + csv_bytes(EN)


@same(TITLES, file="ae.xlsx", said=("header found in row 5",))
def a_title_block_in_a_workbook() -> bytes:
    """A title merged over the whole width stands above the header."""

    def merge(book: object) -> None:
        book["AE"].merge_cells("A1:J2")  # type: ignore[index]

    rows = [filled("Study ABC-1"), filled(), filled("Adverse events", "", "CTCAE 5.0"), filled()]
    return xlsx({"AE": [*rows, *EN]}, merge)


@same(TITLES)
def a_title_of_twenty_four_lines() -> bytes:
    """The header is the last row in which one is looked for."""
    return b"".join(b"Remark %d on this listing\n" % i for i in range(24)) + csv_bytes(EN)


@error(TITLES, "none of the first 25 rows is known as a header", "above the header")
def a_header_too_far_down() -> bytes:
    """Forty lines of title stand above the header."""
    return b"".join(b"Remark %d on this listing\n" % i for i in range(40)) + csv_bytes(EN)


@same(TITLES)
def units_and_hints_in_headers() -> bytes:
    """Headers carry units, hints and line breaks."""
    return csv_bytes(headed(
        EN, ctcae="CTCAE grade (1-5)", serious="Serious (Y/N)", start="Start date\n(yyyy-mm-dd)",
        end="End date [ISO]", subject="Subject ID *",
    ))  # fmt: skip


@same(TITLES)
def headers_in_capitals_and_underscores() -> bytes:
    """Headers as a database names its columns."""
    return csv_bytes([tuple(h.upper().replace(" ", "_") for h in EN[0]), *EN[1:]])


@same(TITLES)
def full_width_headers() -> bytes:
    """Headers in full-width letters, as a Chinese keyboard types them."""
    wide = [h.translate({i: i + 0xFEE0 for i in range(0x21, 0x7F)}) for h in EN[0]]
    return csv_bytes([tuple(wide), *EN[1:]])


@same(ASIDES, excluded={HEADERS: (2,)}, said=("second row of headers",))
def chinese_headers_below_english() -> bytes:
    """Every header stands again in Chinese below the English one."""
    return csv_bytes([EN[0], CHINESE, *EN[1:]])


@same(ASIDES, like=ZH, excluded={HEADERS: (2,)})
def english_headers_below_chinese() -> bytes:
    """Every header stands again in English below the Chinese one."""
    return csv_bytes([ZH[0], ENGLISH, *ZH[1:]])


LABELS = ("Unique Subject Identifier", "Dose group", "Reported term", "Toxicity grade",
          "Serious event", "Causality", "Outcome of event", "Action taken", "Start date",
          "End date")  # fmt: skip


@finding(ASIDES, excluded={HEADERS: (2,)}, like=EN, others=True)
def labels_below_names_of_sdtm() -> bytes:
    """The labels of the variables stand below their names, as SAS prints them."""
    return csv_bytes([SDTM, LABELS, *EN[1:]])


@same(ASIDES, excluded={HEADERS: (20, 30)})
def the_header_again_within() -> bytes:
    """Three parts were joined, each with its header."""
    return csv_bytes([*EN[:19], EN[0], *EN[19:28], EN[0], *EN[28:]])


@same(ASIDES, said=("2 blank rows skipped",))
def blank_rows() -> bytes:
    """Blank rows stand within the data, one with spaces in its cells."""
    return csv_bytes([*EN[:9], filled(), *EN[9:20], filled("  ", " "), *EN[20:]])


TOTALS = {
    "Total": ("Total", "", "", str(LAST - 1)),
    "Total with a colon": (f"Total: {LAST - 1}",),
    "Grand total": ("Grand total", "", "", "36", "9 (25%)"),
    "total in Chinese": ("合计", "", "", f"{LAST - 1}"),
    "subtotal in Chinese": ("小计", "", "", "12"),
    "Total and a number for the term": ("Total", "", "23"),
    "a total in Chinese and a number for the term": ("合计", "", "8"),
    "Total and a number for the group": ("Total", "23"),
    "Sum": ("Sum", "", "", "", "12"),
}  # fmt: skip
for _name, _cells in TOTALS.items():
    series(
        same(ASIDES, excluded={TOTAL: (LAST + 1,)}), f"a line of {_name}",
        f"The last line sums up: {_cells[0]}.",
        lambda cells=_cells: csv_bytes([*EN, filled(*cells)]),
    )  # fmt: skip
NOTES = {
    "Note": "Note: grades by CTCAE 5.0", "Source": "Source: EDC export of 2024-09-01",
    "a page number": "Page 1 of 2", "Chinese remarks": "备注：按CTCAE 5.0分级",
    "the end": "End of listing",
}  # fmt: skip
for _name, _text in NOTES.items():
    series(
        same(ASIDES, excluded={FOOT: (LAST + 2,)}), f"a footnote of {_name}",
        f"Below a blank line stands {_text!r}, alone in its row.",
        lambda text=_text: csv_bytes([*EN, filled(), filled(text)]),
    )  # fmt: skip

CLOSING = {"words": "End of list", "a number": "N=2", "Chinese words": "以下空白"}
for _name, _text in CLOSING.items():
    series(
        same(ASIDES, excluded={"closing line": (LAST + 1,), TOTAL: (LAST + 2,)}),
        f"a closing line of {_name}",
        f"Below the last record stands {_text!r}, alone in its row.",
        lambda text=_text: csv_bytes([*EN, filled(text), filled("Total", "", "36")]),
    )  # fmt: skip


@finding(
    ASIDES,
    others=True,
    like=EN,
    excluded={"closing line": (), "nothing about an event": (LAST + 1,)},
)
def a_participant_without_an_event_in_the_last_line() -> bytes:
    """The last row names a participant, as the others are named, and nothing else."""
    return csv_bytes([*EN, filled("002")])


@finding(ASIDES, Expected("AE-REQ-01", rows=(LAST + 1,)), others=True)
def a_total_that_may_be_an_event() -> bytes:
    """A line begins with a blank participant and the term Total body pain: it stays a row."""
    return csv_bytes([*EN, ("", "", "Total body pain", "1", "N", *[""] * 5)])


@finding(ASIDES, others=True, like=EN, excluded={"no event": (LAST + 1, LAST + 2)})
def rows_that_say_none() -> bytes:
    """Participants without an event have a row that says so: they count in N, not as an event."""
    return csv_bytes([*EN, filled("001", "Low dose", "None"),
                      filled("003", "High dose", "No adverse event")])  # fmt: skip


@finding(ASIDES, others=True, like=ZH, excluded={"no event": (LAST + 1,)})
def a_row_that_says_none_in_chinese() -> bytes:
    """A participant without an event has a row that says so in Chinese."""
    return csv_bytes([*ZH, filled("001", "低剂量组", "无")])


@same(ASIDES, excluded={TOTAL: (len(PEOPLE) + 1,)})
def a_total_below_the_participants() -> Given:
    """The participants end in a line with their number, which is no participant."""
    people = [*PEOPLE, ("Total", "24", *[""] * 5)]
    return Given({"ae.csv": csv_bytes(EN), "people.csv": csv_bytes(people)})
