"""Files that were joined by hand or bent on their way: marks, headers and line ends within."""

from __future__ import annotations

from corpus.base import EN, ENGLISH, LAST, PEOPLE, edited, headed, mapped
from corpus.case import Expected, Given, error, finding, same, series
from corpus.dates import dated
from corpus.write import csv_bytes, dataset_json, xlsx

ASIDES, LINES, DATES, CODES = (
    "Rows that are no records", "Delimiters and lines", "Dates", "Codes",
)  # fmt: skip
HEADERS = "second row of headers"


def turned(row: tuple[str, ...]) -> tuple[str, ...]:
    """The row with start and end in each other's place."""
    return (*row[:8], row[9], row[8])


@error(ASIDES, "row 20", "'End date' stands under 'Start date'")
def a_second_part_with_its_columns_turned() -> bytes:
    """Two files were joined, and the second has start and end the other way round."""
    return csv_bytes([*EN[:19], turned(ENGLISH), *map(turned, EN[19:])])


@error(ASIDES, "row 20", file="ae.xlsx")
def a_second_part_turned_in_a_workbook() -> bytes:
    """The same in one sheet of a workbook."""
    return xlsx({"AE": [*EN[:19], turned(ENGLISH), *map(turned, EN[19:])]})


@error(ASIDES, "row 20")
def a_second_part_turned_in_capitals() -> bytes:
    """The same, and the second header is written in capitals."""
    header = tuple(h.upper() for h in turned(ENGLISH))
    return csv_bytes([*EN[:19], header, *map(turned, EN[19:])])


@error(ASIDES, "row 20", "stands under")
def a_second_part_with_term_and_participant_turned() -> bytes:
    """Two files were joined, and the second begins with the terms."""

    def moved(row: tuple[str, ...]) -> tuple[str, ...]:
        return (row[2], row[1], row[0], *row[3:])

    return csv_bytes([*EN[:19], moved(ENGLISH), *map(moved, EN[19:])])


for _mark in ";\t|":
    series(
        error(LINES, "line 20", "parted by another mark"), f"a second part parted by {_mark!r}",
        f"Two files were joined, and the second parts its cells by {_mark!r}.",
        lambda mark=_mark: csv_bytes(EN[:19]) + csv_bytes(EN[19:], mark),
    )  # fmt: skip


@error(LINES, "line 2:", "parted by another mark")
def a_header_parted_otherwise() -> bytes:
    """The header was typed with commas over lines with semicolons."""
    return csv_bytes(EN[:1]) + csv_bytes(EN[1:], ";")


@same(ASIDES, excluded={HEADERS: (20,)})
def a_second_part_with_its_header_in_capitals() -> bytes:
    """Two files were joined, and the second header is written in capitals, with spaces."""
    return csv_bytes([*EN[:19], tuple(f" {h.upper()} " for h in ENGLISH), *EN[19:]])


@error("Excel", "row 20: the whole row stands in one cell", file="ae.xlsx")
def rows_that_stand_in_one_cell() -> bytes:
    """Half the log was pasted as text: each row stands in its first cell, commas and all."""
    return xlsx({"AE": [*EN[:19], *((",".join(row),) for row in EN[19:])]})


@same(ASIDES, excluded={HEADERS: (20,)})
def a_second_part_with_its_mark() -> bytes:
    """Two files in UTF-8 were joined with their marks: one stands in the middle."""
    mark = b"\xef\xbb\xbf"
    return mark + csv_bytes(EN[:19]) + mark + csv_bytes([EN[0], *EN[19:]])


@same(LINES)
def the_mark_of_an_end_of_file() -> bytes:
    """An old program of Windows wrote its mark for the end of a file, a byte of 26."""
    return csv_bytes(EN, end="\r\n") + b"\x1a"


@same(LINES)
def line_ends_of_two_kinds() -> bytes:
    """Some lines end as in Windows, others as in Unix."""
    return csv_bytes(EN[:9]) + csv_bytes(EN[9:], end="\r\n")


@error(LINES, "line", "a carriage return stands alone")
def line_ends_of_an_old_Mac_among_others() -> bytes:
    """One part of the file has the line ends of an old Mac, the other those of Unix."""
    return csv_bytes(EN[:9]) + csv_bytes(EN[9:], end="\r")


@same(LINES)
def line_ends_written_twice() -> bytes:
    """A transfer made two carriage returns and a line feed of each line end."""
    return csv_bytes(EN, end="\r\r\n")


ODD_BREAKS = edited(EN, {(3, "Adverse event"): "a\u2028b\x0cc\x85d\x0be", (5, "CTCAE grade"): "x"})


@finding(LINES, Expected("AE-CTC-01", rows=(5,), count=1), others=True)
def characters_that_some_take_for_line_ends() -> bytes:
    """A term holds a line separator, a form feed and more: the row of a finding is still right."""
    return csv_bytes(ODD_BREAKS)


@error("JSON", "CTCAE grade", "CTCAE Grade", file="ae.json")
def names_that_differ_in_capitals() -> bytes:
    """Two columns of Dataset-JSON differ in capitals alone."""
    rows = [(*row, "CTCAE Grade" if i == 0 else "1") for i, row in enumerate(EN)]
    return dataset_json(rows)


@finding(CODES, Expected("AE-COD-01", count=LAST - 1), others=True)
def codes_after_their_words() -> bytes:
    """The header puts words first: Y=1 N=2 could be read shifted by one, and is not read."""
    rows = mapped(EN, "Serious", {"Y": "1", "N": "2"}.__getitem__)
    return csv_bytes(headed(rows, serious="Serious (Y=1, N=2)"))


@finding(CODES, Expected("AE-COD-01", rows=(3,), count=1), others=True,
         like=edited(EN, {(3, "Serious"): ""}))  # fmt: skip
def a_code_that_is_not_explained() -> bytes:
    """The header explains 1 and 2, and one cell is 9."""
    rows = mapped(EN, "Serious", {"Y": "1", "N": "2"}.__getitem__)
    return csv_bytes(headed(edited(rows, {(3, "Serious"): "9"}), serious="SAE (1=Yes, 2=No)"))


CERTAIN = sum(bool(text) and int(text[8:]) > 12 for row in EN[1:] for text in row[8:])


@finding(DATES, Expected("AE-TYP-01", count=CERTAIN, says="date_order says mdy"), others=True)
def an_order_that_the_dates_contradict() -> Given:
    """study.toml says that the month comes first, and dates of the log say that the day does."""
    return Given({"ae.csv": csv_bytes(dated(EN, "%d/%m/%Y"))}, config={"date_order": "mdy"})


@finding(DATES, Expected("AE-TYP-01", says="either way round"), others=True)
def participants_with_the_other_order() -> Given:
    """Dates of the log have the day first, those of the participants the month."""
    people = [PEOPLE[0], *((*p[:6], f"08/{p[6][8:]}/2024") for p in PEOPLE[1:])]
    log = csv_bytes(dated(EN, "%d/%m/%Y"))
    return Given({"ae.csv": log, "people.csv": csv_bytes(people)})


@finding("Dose groups", Expected("AE-XDS-02"), others=True)
def a_participant_who_is_there_twice() -> Given:
    """A participant stands twice in the participant file: N counts a person once."""
    return Given({"ae.csv": csv_bytes(EN), "people.csv": csv_bytes([*PEOPLE, PEOPLE[3]])})
