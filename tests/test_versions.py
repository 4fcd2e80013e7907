"""A record is followed through corrections, and never taken for another."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ae_cli.study.versions import followed

FIELDS = ("seq", "subject", "term", "grade", "start", "end", "serious")


def version(*rows: tuple[str, ...]) -> pl.DataFrame:
    made = [{"row": n, **dict(zip(FIELDS, row, strict=True))} for n, row in enumerate(rows, 2)]
    return pl.DataFrame(made, schema={"row": pl.UInt32, **dict.fromkeys(FIELDS, pl.String)})


A = ("1", "001", "nausea", "2", "2024-03-04", "2024-03-06", "n")
B = ("2", "001", "nausea", "3", "2024-04-04", "2024-04-06", "n")
C = ("3", "001", "rash", "1", "2024-03-04", "2024-03-09", "n")
D = ("4", "002", "nausea", "2", "2024-03-04", "2024-03-06", "n")


def changed(row: tuple[str, ...], **values: str) -> tuple[str, ...]:
    return tuple(values.get(field, text) for field, text in zip(FIELDS, row, strict=True))


def test_rows_that_moved_are_the_same() -> None:
    assert followed(version(A, B, C, D), version(D, C, B, A)) == {0: 3, 1: 2, 2: 1, 3: 0}


def test_a_row_inserted_and_all_renumbered() -> None:
    new = changed(B, term="fatigue")
    now = [changed(row, seq=str(n)) for n, row in enumerate((new, A, B, C, D), 1)]
    assert followed(version(A, B, C, D), version(*now)) == {0: 1, 1: 2, 2: 3, 3: 4}


def test_a_row_deleted_is_nobody() -> None:
    assert followed(version(A, B), version(A, D)) == {0: 0}
    assert followed(version(B, C), version(A)) == {}


def test_any_one_field_may_be_corrected() -> None:
    for field in FIELDS:
        now = changed(A, **{field: "other"})
        assert followed(version(A, B, C, D), version(B, now, C, D)) == {0: 1, 1: 0, 2: 2, 3: 3}


def test_several_fields_of_one_event() -> None:
    now = changed(A, grade="4", serious="y", end="2024-03-11")
    assert followed(version(A, B, C), version(now, B, C)) == {1: 1, 2: 2}  # three of six differ
    now = changed(A, grade="4", serious="y")
    assert followed(version(A, B, C), version(B, now, C)) == {0: 1, 1: 0, 2: 2}
    now = changed(A, term="sickness", start="2024-03-05")
    assert followed(version(A), version(now)) == {}  # it could be any event


def test_a_running_number_speaks_for_nobody() -> None:
    """A row came before A, took its number, and is as like as A, whose grade was mended."""
    other = changed(A, start="2024-06-04", end="2024-06-06")
    now = version(other, changed(A, seq="2", grade="3"))
    assert followed(version(A), now) == {0: 1}


def test_where_two_could_be_meant_none_is() -> None:
    two = [changed(A, grade=grade) for grade in ("4", "5")]
    assert followed(version(A), version(*two)) == {}


def test_of_rows_that_are_the_same_the_line_decides_then_the_order() -> None:
    assert followed(version(C, A, A), version(B, A, D, A)) == {1: 1, 2: 3}
    assert followed(version(A, A), version(C, A)) == {1: 1}


def test_fields_of_one_version_alone_say_nothing() -> None:
    now = version(B, A).drop("end").with_columns(site=pl.lit("x"))
    assert followed(version(A, B), now) == {0: 1, 1: 0}
    assert followed(version(A), version(A).select("row")) == {}


ROW = st.tuples(*(st.sampled_from(values) for values in (
    "123", ("001", "002", ""), ("nausea", "rash"), "123", ("d1", "d2", ""), ("d3", ""), "ny",
)))  # fmt: skip
ROWS = st.lists(ROW, max_size=8)


@given(ROWS, ROWS)
def test_each_record_is_one_record(
    before: list[tuple[str, ...]], now: list[tuple[str, ...]]
) -> None:
    pairs = followed(version(*before), version(*now))
    assert len(set(pairs.values())) == len(pairs)
    assert all(before[b][1:] == now[n][1:] or sum(map(str.__eq__, before[b], now[n])) > 2
               for b, n in pairs.items())  # fmt: skip


@given(ROWS, st.randoms(use_true_random=False))
def test_sorting_loses_nobody(before: list[tuple[str, ...]], random: object) -> None:
    now = list(before)
    random.shuffle(now)  # type: ignore[attr-defined]
    pairs = followed(version(*before), version(*now))
    assert len(pairs) == len(before)
    assert all(before[b] == now[n] for b, n in pairs.items())
