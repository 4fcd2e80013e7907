"""Events whose grade changed: several grades in one row, or several rows for one event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import Run, write_csv
from hypothesis import given
from hypothesis import strategies as st
from studies import examples, table_of

from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.reports import summarize
from ae_cli.reports.listings import listings
from ae_cli.rules import check
from ae_cli.study import Choices, Study, from_log, open_study
from ae_cli.table import Count, Rate

ONE = ("Subject ID", "AE Term", "Start Date", "End Date", "Serious", "Group")
PEOPLE = [("Subject ID", "Dose group", "First dose"), ("001", "Low", "2024-03-01"),
          ("002", "High", "2024-03-01"), ("003", "High", "2024-03-01")]  # fmt: skip


def opened(
    tmp_path: Path, rows: Sequence[Sequence[str]], people: bool = False, **toml: Any
) -> Study:
    log = write_csv(tmp_path / "ae.csv", rows)
    file = write_csv(tmp_path / "people.csv", PEOPLE) if people else None
    return open_study([log], file, Config.model_validate(toml))


def number(study: Study, key: str, at: int = -1) -> tuple[int, ...]:
    """A row of the table: a number of events, or of participants and their events."""
    cell = next(row.cells[at] for row in table_of(study).rows if row.key == key)
    if isinstance(cell, Count):
        return (cell.events,)
    assert isinstance(cell, Rate), cell
    return (cell.n, *([] if cell.events is None else [cell.events]))


def footnotes(study: Study) -> tuple[str, ...]:
    return summarize(study, check(study)).footnotes


def found(study: Study, rule: str) -> list[tuple[tuple[int, ...] | int | None, str]]:
    return [(f.rows or f.row, f.message) for f in check(study).findings if f.rule == rule]


# --- grades in columns ------------------------------------------------------------------------


def in_columns(headers: Sequence[str], *rows: Sequence[str]) -> list[tuple[str, ...]]:
    body = [(f"00{i}", "Nausea", "2024-03-01", "2024-03-09", "No", "Low", *r)
            for i, r in enumerate(rows, 1)]  # fmt: skip
    return [(*ONE, *headers), *body]


@pytest.mark.parametrize(
    "headers",
    [
        ("CTCAE grade -1", "CTCAE grade -2", "CTCAE grade -3"),
        ("初始严重程度（CTCAE 5.0）_TXT", "CTCAE分级-1_TXT", "CTCAE分级-2_TXT"),
        ("Initial grade", "Grade 1", "Grade 2"),
        ("CTCAE grade_1", "CTCAE grade_2", "CTCAE grade_3"),
        ("Grade at onset", "Grade -01", "Grade -02"),
    ],
)
def test_the_worst_of_several_grades_is_read_and_the_change_is_found(
    tmp_path: Path, headers: tuple[str, ...]
) -> None:
    rows = in_columns(headers, ("1", "2级", "III"), ("2", "1", ""), ("1", "", ""), ("", "", ""))
    study = opened(tmp_path, rows)
    assert study.log.events.frame["grade"].to_list() == [3, 2, 1, None]
    assert study.log.events.frame["course"].to_list() == ["1 > 2 > 3", "2 > 1", None, None]
    changed = "the grade changed, {}: the event is counted once, at its worst grade"
    assert found(study, "AE-CTC-14") == [
        (2, changed.format("1 > 2 > 3")),
        (3, changed.format("2 > 1")),
    ]
    assert number(study, "events") == (4,)
    assert number(study, "events_grade_3") == number(study, "worst_grade_3_plus") == (1,)
    note = "grades of one event stand in 3 columns and the worst is read: it changed in 2 of 4 rows"
    assert note in study.log.events.sources[0].sheet.notes
    assert "Events with later grades in their row: 2, each at its worst grade." in footnotes(study)


def test_a_changed_grade_in_a_column_of_its_own_is_a_later_grade(tmp_path: Path) -> None:
    rows = in_columns(("CTCAE分级", "CTCAE分级是否有变化", "变化后CTCAE分级"), ("1", "是", "3"))
    study = opened(tmp_path, rows)
    assert study.log.events.frame["course"].to_list() == ["1 > 3"]


def test_the_grade_that_study_toml_names_is_the_only_one(tmp_path: Path) -> None:
    rows = in_columns(("CTCAE grade -1", "CTCAE grade -2"), ("1", "3"))
    study = opened(tmp_path, rows, columns={"events": {"grade": "CTCAE grade -1"}})
    assert study.log.events.frame["grade"].to_list() == [1]
    assert "course" not in study.fields


def test_a_later_grade_that_is_not_understood_leaves_the_event_ungraded(tmp_path: Path) -> None:
    rows = in_columns(("CTCAE grade -1", "CTCAE grade -2"), ("1", "2-3"), ("2", "9"))
    study = opened(tmp_path, rows)
    assert study.log.events.frame["grade"].to_list() == [None, None]
    told = [f for f in check(study).findings if f.fields == ("grade",)]
    assert [(f.row, f.values) for f in told] == [(2, ("1 > 2-3",)), (3, ("2 > 9",))]
    assert told[0].columns == ("CTCAE grade -1 ... CTCAE grade -2",)


@pytest.mark.parametrize(
    "marks",
    [
        [("1", "", ""), ("", "1", ""), ("", "", "1")],
        [("X", "", ""), ("", "X", ""), ("X", "", "")],
        [("1", "0", "0"), ("0", "1", "0"), ("0", "0", "1")],
    ],
)
def test_a_mark_under_its_grade_is_no_course(tmp_path: Path, marks: list[tuple[str, ...]]) -> None:
    """Grade 1, Grade 2, Grade 3 with a mark in one of them: nothing is read, and that is said."""
    study = opened(tmp_path, in_columns(("Grade 1", "Grade 2", "Grade 3"), *marks))
    assert not {"grade", "course"} & study.fields
    assert any("'Grade 3' looks like" in n for n in study.log.events.sources[0].mapping.notes)


ASKED: dict[str, tuple[Sequence[str], list[tuple[str, ...]], str]] = {
    "a gap": (("CTCAE grade", "CTCAE grade -1", "CTCAE grade -2"), [("1", "", "3")],
              "row 2 has '3' in 'CTCAE grade -2', and none in 'CTCAE grade -1'"),
    "a gap without an onset": (("CTCAE grade -1", "CTCAE grade -2"), [("", "3")], "row 2 has '3'"),
    "a word": (("CTCAE grade -1", "CTCAE grade -2"), [("2", "ongoing")], "row 2 has 'ongoing'"),
    "a zero": (("Initial grade", "CTCAE grade -1"), [("2", "0")], "row 2 has '0'"),
    "an error": (("Initial grade", "CTCAE grade -1"), [("2", "#N/A")], "row 2 has '#N/A'"),
    "grades under grades": (("Grade 1", "Grade 2"), [("1", ""), ("", "2")], "row 3 has '2'"),
    "numbers of events": (("Grade 1", "Grade 2", "Grade 3"), [("3", "", ""), ("4", "2", "1")],
                          "numbers of events under each grade"),
    "answers": (("CTCAE grade -1", "CTCAE grade -2"), [("1", "2"), ("2", "1")], "yes-or-no"),
    "answers beside a grade": (("CTCAE grade", "Grade 1", "Grade 2"), [("3", "1", "2")], "yes-or"),
    "renamed": (("CTCAE grade", "CTCAE grade2", "CTCAE grade3"), [("1", "3", "4")],
                "row 2 has '3' in 'CTCAE grade2'"),
    "the second alone": (("Initial grade", "CTCAE grade -2"), [("1", "3")], "row 2 has '3'"),
    "two kinds of first": (("Initial grade", "Changed grade", "CTCAE grade -1"), [("1", "3", "")],
                           "row 2 has '3' in 'Changed grade'"),
    "in words": (("初始CTCAE分级", "第一次变化后CTCAE分级"), [("1", "3")], "row 2 has '3'"),
    "a peak": (("Initial grade", "Peak grade"), [("1", "3")], "row 2 has '3' in 'Peak grade'"),
    "a final": (("CTCAE grade", "Final CTCAE grade"), [("1", "3")], "row 2 has '3'"),
    "a number within": (("AE grade (NCI)", "AE grade 1 (NCI)"), [("1", "3")], "row 2 has '3'"),
    "a copy": (("CTCAE grade", "CTCAE grade_duplicated_0"), [("1", "3")], "row 2 has '3'"),
    "a blank one": (("CTCAE grade", "Final CTCAE grade"), [("", "1")], "row 2 has '1'"),
    "more than the worst": (("Worst grade", "CTCAE grade -1"), [("2", "3")], "row 2 has '3'"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_what_may_be_a_course_or_something_else_is_asked_about(tmp_path: Path, name: str) -> None:
    headers, rows, why = ASKED[name]
    with pytest.raises(InputError) as told:
        opened(tmp_path, in_columns(headers, *rows))
    assert why in told.value.what
    listed = ", ".join(f'"{header}"' for header in headers)
    if name not in ("renamed", "two kinds of first"):
        assert f"grade = [{listed}]" in told.value.remedy
    study = opened(tmp_path, in_columns(headers, *rows), columns={"events": {"grade": headers[0]}})
    assert "course" not in study.fields


def test_a_list_in_study_toml_is_a_course(tmp_path: Path) -> None:
    headers = ("CTCAE grade", "CTCAE grade2", "Peak grade")
    rows = in_columns(headers, ("1", "0", "3"), ("", "2", ""), ("2", "1", "5?"))
    told = {"columns": {"events": {"grade": list(headers)}}}
    frame = opened(tmp_path, rows, **told).log.events.frame
    assert frame["grade"].to_list() == [3, 2, None]
    assert frame["course"].to_list() == ["1 > 0 > 3", None, None]


def test_columns_that_study_toml_leaves_out_are_no_part(tmp_path: Path) -> None:
    headers = ("CTCAE grade -1", "CTCAE grade -2", "Peak grade")
    left = {"columns": {"events": {"not_used": list(headers[1:]), "grade": headers[0]}}}
    study = opened(tmp_path, in_columns(headers, ("1", "3", "4")), **left)
    assert study.log.events.frame["grade"].to_list() == [1]
    ignored = dict(study.log.events.sources[0].mapping.ignored)
    assert {ignored[h] for h in headers[1:]} == {"left out by study.toml"}
    with pytest.raises(ValueError, match="only grade and not_used may"):
        Config.model_validate({"columns": {"events": {"term": ["AE Term", "Other"]}}})


@pytest.mark.parametrize(
    "header", ["Baseline grade", "Tumor grade", "ECOG performance grade", "肿瘤分级"]
)
def test_a_grade_of_something_else_is_none_of_the_event(tmp_path: Path, header: str) -> None:
    study = opened(tmp_path, in_columns(("CTCAE grade", header), ("1", "3")))
    assert study.log.events.frame["grade"].to_list() == [1]


def test_a_lower_grade_elsewhere_changes_nothing(tmp_path: Path) -> None:
    study = opened(
        tmp_path, in_columns(("Worst grade", "Initial grade", "Final grade"), ("3", "1", "2"))
    )
    assert study.log.events.frame["grade"].to_list() == [3]


def test_the_tenth_grade_counts(tmp_path: Path) -> None:
    headers = ("Initial grade", *(f"CTCAE grade -{n}" for n in range(1, 11)))
    study = opened(tmp_path, in_columns(headers, tuple("12121212124"), ("1", *[""] * 10)))
    assert study.log.events.frame["grade"].to_list() == [4, 1]


def test_what_convert_writes_of_a_course_gives_the_same_table(ae: Run, tmp_path: Path) -> None:
    rows = in_columns(("CTCAE grade -1", "CTCAE grade -2"), ("1", "3"), ("2", ""))
    log = write_csv(tmp_path / "ae.csv", rows)
    ran = ae("convert", log, "-o", tmp_path / "clean.csv")
    assert ran.code == 0 and "CTCAE grade -1" not in ran.err.split("not written")[-1]
    one, other = (ae("summarize", path).out for path in (log, tmp_path / "clean.csv"))
    assert one == other and "each at its worst grade" in one


def test_init_names_no_column_that_the_file_does_not_have(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", in_columns(("Grade -1", "Grade -2"), ("1", "3")))
    assert ae("init", log).code == 0
    text = (tmp_path / "study.toml").read_text("utf-8")
    assert "# grade =" not in text and '# serious = "Serious"' in text
    assert '# episodes = "rows"' in text.split("[files]")[0]


# --- rows of one event ------------------------------------------------------------------------

ROWS = [
    ("Subject ID", "AE Term", "CTCAE grade", "Start Date", "End Date", "Serious", "Causality",
     "Action taken", "Group"),
    ("001", "Nausea", "1", "2024-03-01", "2024-03-09", "No", "Not related", "Dose reduced", "Low"),
    ("001", "Nausea", "3", "2024-03-09", "2024-03-12", "Yes", "Related", "None", "Low"),
    ("001", "nausea", "1", "2024-03-13", "", "No", "Not related", "Drug withdrawn", "Low"),
    ("001", "Headache", "1", "2024-03-01", "2024-03-09", "No", "Not related", "None", "Low"),
    ("001", "Nausea", "2", "2024-05-01", "2024-05-02", "No", "", "None", "Low"),
    ("002", "Nausea", "2", "2024-03-01", "2024-03-09", "No", "Not related", "None", "High"),
    ("002", "Nausea", "1", "2024-03-10", "2024-03-12", "", "Not related", "None", "High"),
    ("003", "Nausea", "1", "2024-02-20", "2024-03-02", "No", "Not related", "None", "High"),
    ("003", "Nausea", "2", "2024-03-03", "2024-03-05", "No", "Not related", "None", "High"),
]  # fmt: skip


def test_rows_of_one_event_are_found_and_counted_as_rows(tmp_path: Path) -> None:
    study = opened(tmp_path, ROWS)
    assert found(study, "AE-XRC-07") == [
        ((2, 3, 4), "3 rows of Nausea follow each other or overlap, with grades 1 > 3 > 1"),
        ((7, 8), "2 rows of Nausea follow each other or overlap, with grades 2 > 1"),
        ((9, 10), "2 rows of Nausea follow each other or overlap, with grades 1 > 2"),
    ]
    assert number(study, "events") == (9,)
    assert number(study, "events_grade_1") == (5,)
    said = "different grades: 7 of 9. Joined to episodes, the number of events would be 5."
    assert any(note.endswith(said) for note in footnotes(study))


def test_joined_rows_are_one_event_at_its_worst(tmp_path: Path) -> None:
    """Counted by hand: Nausea 3 and 2 and Headache 1 of 001, Nausea 2 of 002, Nausea 2 of 003."""
    study = opened(tmp_path, ROWS, episodes="joined")
    numbers = {key: number(study, key) for key in (
        "events", "events_grade_1", "events_grade_2", "events_grade_3", "any_grade_1_2",
        "any_grade_3_plus", "any_sae", "events_serious", "events_nonserious_grade_1",
        "events_nonserious_grade_2", "seriousness_missing", "any_related", "related_sae",
        "relationship_missing", "dose_reduced", "drug_withdrawn", "worst_grade_3",
    )}  # fmt: skip
    assert numbers == {
        "events": (5,), "events_grade_1": (1,), "events_grade_2": (3,), "events_grade_3": (1,),
        "any_grade_1_2": (3, 4), "any_grade_3_plus": (1, 1), "any_sae": (1, 1),
        "events_serious": (1,), "events_nonserious_grade_1": (1,),
        "events_nonserious_grade_2": (2,), "seriousness_missing": (1, 1), "any_related": (1, 1),
        "related_sae": (1, 1), "relationship_missing": (1, 1), "dose_reduced": (1, 1),
        "drug_withdrawn": (1, 1), "worst_grade_3": (1,),
    }  # fmt: skip
    outcome = {r.id: (str(r.outcome), r.reason) for r in check(study).rules}["AE-XRC-07"]
    assert outcome == ("passed", "")
    said = footnotes(study)
    assert any("Rows: 9; events: 5." in note for note in said)
    assert "Rows of events: 9 read = 9 used + 0 excluded." in said


def test_a_row_that_is_not_counted_is_not_joined(tmp_path: Path) -> None:
    """003 had nausea before the first dose: what began after it is an event of its own."""
    study = opened(tmp_path, ROWS, people=True, episodes="joined")
    assert number(study, "events", 1) == (2,)
    assert any("9 read = 8 used + 1 excluded" in note for note in footnotes(study))


APART: dict[str, dict[str, str]] = {
    "two days later": {"Start Date": "2024-03-11"},
    "partly known": {"Start Date": "2024-03"},
    "unknown": {"Start Date": ""},
    "another term": {"AE Term": "Vomiting"},
    "ungraded": {"CTCAE grade": ""},
    "the same grade": {"CTCAE grade": "1"},
    "another side": {"Laterality": "LEFT"},
    "another episode": {"Episode": "2"},
    "other words": {"AE Term": "Sick at night", "Preferred term": "Nausea"},
}


@pytest.mark.parametrize("change", APART.values(), ids=APART)
def test_rows_that_may_be_two_events_stay_two(tmp_path: Path, change: dict[str, str]) -> None:
    first = dict(zip(ONE, ("001", "Nausea", "2024-03-01", "2024-03-09", "No", "Low"), strict=True))
    first |= {"CTCAE grade": "1", "Laterality": "RIGHT", "Episode": "1", "Preferred term": "Nausea"}
    second = {**first, "CTCAE grade": "2", "Start Date": "2024-03-10", "End Date": "2024-03-20"}
    headers = [
        h for h in first if h not in ("Laterality", "Episode", "Preferred term") or h in change
    ]
    for more, events in (({}, 1), (change, 2)):
        rows = [headers, *([row[h] for h in headers] for row in (first, second | more))]
        study = opened(tmp_path, rows, episodes="joined")
        assert number(study, "events") == (events,)


def test_rows_of_one_episode_number_are_one_event_whenever_they_are(tmp_path: Path) -> None:
    rows = [
        ("Subject ID", "AE Term", "CTCAE grade", "Episode"),
        ("001", "Nausea", "1", "A"), ("001", "Nausea", "4", "A"), ("001", "Nausea", "2", "B"),
        ("002", "Nausea", "2", "A"), ("001", "Nausea", "1", ""), ("001", "Nausea", "3", ""),
    ]  # fmt: skip
    study = opened(tmp_path, rows, episodes="joined")
    assert number(study, "events") == (5,)
    assert number(study, "events_grade_1") == (1,)


def test_other_specify_stands_for_many_things(tmp_path: Path) -> None:
    other = "Gastrointestinal disorders - Other, specify"
    rows = [
        ("Subject ID", "AE Term", "CTCAE term", "CTCAE grade", "Start Date", "End Date", "Serious"),
        ("1", "Ruptured spleen cyst", other, "4", "2024-03-01", "2024-03-20", "Yes"),
        ("1", "Burping", other, "1", "2024-03-05", "2024-03-09", "No"),
        ("1", "burping", other, "2", "2024-03-10", "2024-03-11", "No"),
    ]  # fmt: skip
    study = opened(tmp_path, rows, episodes="joined")
    assert number(study, "events") == (3,)
    assert [where for where, _ in found(study, "AE-XRC-07")] == [(2, 3, 4)]


def test_rows_of_two_files_are_named_with_their_files(tmp_path: Path) -> None:
    parts = [write_csv(tmp_path / f"m{n}.csv", [ROWS[0], ROWS[n]]) for n in (1, 2)]
    study = open_study(parts)
    ((row, message),) = found(study, "AE-XRC-07")
    assert row == 2 and message.endswith(f"with grades 1 > 3 (and {parts[1]} row 2)")


def test_listings_say_which_rows_are_one_event(tmp_path: Path) -> None:
    """The serious event of 001 is three rows; only one of them says serious."""
    serious, everything, *_ = listings(opened(tmp_path, ROWS, episodes="joined"))
    at = serious.headers.index("One event with row")
    assert [row[at - 1 : at + 1] for row in serious.rows] == [(2, 2), (3, 2), (4, 2)]
    assert [row[at] for row in everything.rows] == [2, 2, 2, 5, 6, 7, 7, 9, 9]
    assert "One event with row" not in listings(opened(tmp_path, ROWS))[0].headers


days = st.integers(0, 12).map(lambda n: date(2024, 3, 1) + timedelta(n))
spells = st.lists(
    st.tuples(
        st.sampled_from("12"), st.sampled_from(("Nausea", "Rash")), st.integers(1, 3),
        days, st.one_of(st.none(), st.integers(0, 4)),
    ),
    max_size=12,
)  # fmt: skip


def _until(start: date, length: int | None) -> str:
    return "" if length is None else str(start + timedelta(length))


@examples(150)
@given(spells)
def test_episodes_are_what_a_person_joins_by_hand(tmp_path_factory: Any, rows: list[Any]) -> None:
    """Row by row: a row is laid to the first heap it touches, heaps it joins become one."""
    heaps: list[dict[str, Any]] = []
    for who, term, grade, start, length in sorted(rows, key=lambda r: r[3]):
        end = start + timedelta(length or 0)
        heap = {"of": (who, term), "from": start, "to": end, "grades": [grade]}
        for other in [h for h in heaps if h["of"] == (who, term)]:
            if start <= other["to"] + timedelta(1) and other["from"] <= end + timedelta(1):
                heaps.remove(other)
                heap["grades"] = other["grades"] + heap["grades"]
                heap["from"], heap["to"] = other["from"], max(other["to"], heap["to"])
                end = heap["to"]
        heaps.append(heap)
    events = [[max(h["grades"])] if len(set(h["grades"])) > 1 else h["grades"] for h in heaps]
    texts = [
        (who, term, str(grade), str(start), _until(start, length))
        for who, term, grade, start, length in rows
    ]  # fmt: skip
    header = ("Subject ID", "AE Term", "CTCAE grade", "Start Date", "End Date")
    study = opened(tmp_path_factory.mktemp("e"), [header, *texts], episodes="joined")
    counted = study.counted().collect("polars").to_native()
    by_event = counted.group_by("event").agg(pl.col("grade").max())["grade"].to_list()
    assert sorted(by_event) == sorted(grade for each in events for grade in each)
    again = from_log(study.log, Config(), Choices())
    assert number(again, "events") == (len(rows),)
    for key in ("any_ae", "worst_grade_3"):
        assert number(again, key)[0] == number(study, key)[0]
