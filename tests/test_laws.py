"""The laws of counting: what holds for every study, tried on made-up ones.

A law changes a study in a way whose effect on the table is known beforehand, and compares.
"""

from __future__ import annotations

import csv
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from studies import (
    ARMS,
    EVENT,
    Made,
    Numbers,
    Row,
    alike,
    changes,
    examples,
    named,
    numbers_of,
    studies,
    table_of,
    write_csv,
)

from ae_cli.config import Config
from ae_cli.findings import Finding, Report
from ae_cli.model import AdverseEvent, Subject, cells
from ae_cli.rules import check
from ae_cli.statistics import METHODS, interval
from ae_cli.study import Choices, Study, from_log, open_study
from ae_cli.study.counting import UNKNOWN
from ae_cli.study.groups import NO_GROUP, TOTALS
from ae_cli.table import Cell, Count, Quantity, Rate, Share, percent

TOTAL = TOTALS[0]
FACTS = Path(__file__).parents[2] / "shared" / "facts" / "statistics.csv"
GRADES = range(1, 6)
seeds = st.integers(0, 2**16)


# --- what is compared ---------------------------------------------------------------------------


def n(cell: Cell) -> int:
    """Participants in a cell."""
    assert isinstance(cell, Rate)
    return cell.n


def e(cell: Cell | None) -> int:
    """Events in a cell."""
    return getattr(cell, "events", None) or 0


def people_in(numbers: Numbers) -> dict[tuple[str, str], int]:
    return {at: cell.n for at, cell in numbers.items() if isinstance(cell, Rate)}


def counted(numbers: Numbers, *keys: str) -> bool:
    """Whether these rows are numbers, not 'not collected'."""
    return all(isinstance(numbers.get((key, TOTAL)), (Rate, Count)) for key in keys)


def groups_of(numbers: Numbers) -> list[str]:
    return list(dict.fromkeys(group for _, group in numbers))


def same(before: Made, after: Made | Study) -> bool:
    """Whether two studies make the same table, to the last cell, in the same columns."""
    other = after.study if isinstance(after, Made) else after
    assert changes(before.numbers, numbers_of(table_of(other))) == {}
    return before.study.columns == other.columns


def differing(before: Numbers, after: Numbers) -> set[str]:
    """The rows in which some cell differs."""
    return {key for key, _ in changes(before, after)}


def only(changed: set[str], *allowed: str) -> bool:
    """Whether every row that changed is one of these, by a part of its name."""
    return all(any(part in key for part in allowed) for key in changed)


def told(findings: Iterable[Finding]) -> Counter[tuple[object, ...]]:
    """Findings without the row they stand in."""
    return Counter((f.rule, f.severity, f.message, f.subject, len(f.rows)) for f in findings)


def said(findings: Iterable[Finding]) -> Counter[tuple[object, ...]]:
    """Findings without any place: one of rows in several files names the other files at its end."""
    return Counter((f.rule, f.severity, f.message.split(" (and ")[0], f.subject) for f in findings)


def shuffled(rows: Iterable[Any], seed: int) -> list[Any]:
    rows = list(rows)
    random.Random(seed).shuffle(rows)
    return rows


def found(made: Made, *ids: str) -> list[Finding]:
    """What some rules say."""
    return list(check(made.study, only=ids).findings)


def events_report(report: Report) -> Any:
    return next(f for f in report.files if f.role == "events")


# --- order and names ----------------------------------------------------------------------------


@examples(12)
@given(studies(), seeds)
def test_the_order_of_rows_changes_nothing(made: Made, seed: int) -> None:
    other = made.log(shuffled(made.events, seed)).of(shuffled(made.people or (), seed))
    assert same(made, other)
    assert told(made.report.findings) == told(other.report.findings)


@examples(8)
@given(studies(), seeds)
def test_the_order_of_columns_changes_nothing(made: Made, seed: int) -> None:
    mixed = replace(
        made,
        columns=tuple(shuffled(made.columns, seed)),
        people_columns=tuple(shuffled(made.people_columns, seed)),
    )
    assert same(made, mixed)
    assert told(made.report.findings) == told(mixed.report.findings)


@examples(10)
@given(studies(most=20), st.integers(1, 3), seeds)
def test_one_file_or_several_in_any_order_are_the_same_log(made: Made, k: int, seed: int) -> None:
    parts = [made.events[i::k] for i in range(k)]
    config = Config.model_validate(named(made))
    with TemporaryDirectory() as folder:
        files = [
            write_csv(Path(folder) / f"{i}.csv", made.columns, part) for i, part in enumerate(parts)
        ]
        people = None
        if made.people is not None:
            people = write_csv(Path(folder) / "people.csv", made.people_columns, made.people)
        choices = Choices(n=made.n, ci="none")
        split = open_study(shuffled(files, seed), people, config, choices)
    assert same(made, split)
    assert said(made.report.findings) == said(check(split).findings)


@examples(10)
@given(studies())
def test_other_identifiers_change_no_number(made: Made) -> None:
    def renamed(text: str) -> str:
        return f"{'Z' if text[0] == 'X' else 'K'}{99 - int(text[1:])}" if text else ""

    other = made.every({"subject": renamed})
    assert same(made, other)

    def places(report: Report) -> Counter[tuple[object, ...]]:
        return Counter((f.rule, f.severity, f.row, f.rows) for f in report.findings)

    assert places(made.report) == places(other.report)


@examples(10)
@given(studies())
def test_other_names_of_groups_change_no_number(made: Made) -> None:
    assume(not _of_several_groups(made))
    names = {"": "", **dict(zip(ARMS, ("D", "b", "C 5", "a"), strict=True))}
    other = made.every(dict.fromkeys(("arm", "actual_arm"), names.get))
    groups = [{"name": names[g["name"]]} for g in made.config.get("groups", ())]
    n = made.n and ",".join(f"{names[p.split('=')[0]]}=40" for p in made.n.split(","))
    other = replace(other, config={**made.config, "groups": groups}, n=n)
    assert (
        changes({(k, names.get(g, g)): c for (k, g), c in made.numbers.items()}, other.numbers)
        == {}
    )
    if groups:
        wanted = [names.get(g, g) for g in groups_of(made.numbers)]
        assert groups_of(other.numbers) == wanted


def _of_several_groups(made: Made) -> bool:
    """Whether the log puts a participant in several groups, and nothing else tells the group."""
    if made.people is None or {"arm", "actual_arm"} & set(made.people_columns):
        return False
    pairs = {(row["subject"], row["arm"]) for row in made.events if row.get("arm")}
    return len({subject for subject, _ in pairs}) < len(pairs)


NOT_OF_N = ("dlt", "dlt_pending")  # of the evaluable, and of nobody in particular


# --- participants -------------------------------------------------------------------------------


@examples(12)
@given(studies(people=True), st.sampled_from(ARMS))
def test_a_participant_without_events_changes_n_alone(made: Made, arm: str) -> None:
    for decisive in ("safety", "first_dose"):  # without one entry, a column was not collected
        assume(any(row.get(decisive) for row in made.people or ()))
    new = dict.fromkeys(made.people_columns, "")
    new |= {"subject": "S99", "arm": arm, "actual_arm": arm, "safety": "Y"}
    new |= {"first_dose": "2024-03-04"}
    after = made.of([*(made.people or ()), new])
    group = arm if {"arm", "actual_arm"} & set(made.people_columns) else NO_GROUP
    for (key, column), cell in after.numbers.items():
        before = made.numbers.get((key, column))
        if isinstance(cell, Rate) and column in (group, TOTAL) and key not in NOT_OF_N:
            was = before or replace(cell, n=0, N=0)
            assert isinstance(was, Rate) and was.N is not None
            assert cell == replace(was, n=was.n + (key == "no_ae"), N=was.N + 1)
        else:
            assert before is None or alike(before, cell)
    counts, now = ({r.id: r.count for r in m.report.rules} for m in (made, after))
    assert now == counts | {"AE-XDS-19": counts["AE-XDS-19"] + 1}


@examples(10)
@given(studies(people=True, most=20), seeds)
def test_a_participant_who_stands_twice_counts_once(made: Made, seed: int) -> None:
    """The first row counts, whatever the second says."""
    people = made.people or ()
    assume(any(row["subject"] for row in people))
    chance = random.Random(seed)
    subject = chance.choice([row["subject"] for row in people if row["subject"]])
    twice = made.of([*people, chance.choice(people) | {"subject": subject}])
    assert same(made, twice)
    was, now = (m.report.files[-1] for m in (made, twice))
    assert now.rows_used == was.rows_used and now.rows_excluded == was.rows_excluded + 1
    told_of = [f for f in found(twice, "AE-XDS-02") if f.subject == subject]
    assert len(told_of) == 1 and len(people) + 2 in told_of[0].rows


# --- events -------------------------------------------------------------------------------------


@st.composite
def with_row(draw: st.DrawFn, /, used: bool = True, **cells: str) -> tuple[Made, int]:
    """A study, and one of the rows that are counted, or of those that are not.

    The cells of that row are as given, where the log has such columns.
    """
    made = draw(studies(most=20))
    assume(set(cells) <= set(made.columns))
    rows = made.groups if used else made.excluded
    assume(rows)
    at = draw(st.sampled_from(list(rows)))
    made = made.changed(at, **cells) if cells else made
    assume(at in made.groups if used else at in made.excluded)
    return made, at


@examples(15)
@given(with_row())
def test_a_duplicated_row_changes_event_counts_alone(one: tuple[Made, int]) -> None:
    made, at = one
    twice, group = made.also(made.events[at]), made.groups[at]
    assert people_in(made.numbers) == people_in(twice.numbers)
    for place, cell in twice.numbers.items():
        more = e(cell) - e(made.numbers[place])
        assert more in (0, 1) if place[1] in (group, TOTAL) else more == 0
        if place[0] in ("events", "any_ae") and place[1] in (group, TOTAL):
            assert more == 1
        if isinstance(cell, Quantity):
            assert alike(cell, made.numbers[place])


REPEATED = {"AE-XRC-01": ("seq",), "AE-XRC-02": ("term", "preferred_term")}  # and who it was


@examples(14)
@given(with_row())
def test_a_duplicated_row_adds_or_enlarges_one_grouped_finding(one: tuple[Made, int]) -> None:
    made, at = one
    row = made.events[at]
    twice = made.also(row)
    for rule, identity in REPEATED.items():
        named = row["subject"] and any(row.get(field) for field in identity)
        if not named or ("start" not in made.columns and rule == "AE-XRC-02"):
            continue
        was, now = ([set(f.rows) for f in found(m, rule)] for m in (made, twice))
        copies = {at + 2, len(made.events) + 2}
        assert sum(copies <= rows for rows in now) == 1
        assert [rows for rows in now if not copies <= rows] == [r for r in was if at + 2 not in r]
        assert len(now) - len(was) in (0, 1)


@examples(8)
@given(studies(most=12), st.sampled_from(["severity", "grade", "soc", "end"]))
def test_a_grouped_finding_has_several_rows(made: Made, field: str) -> None:
    """Also where rows differ in what may or may not make them another event."""
    text = EVENT[field][1:3]
    wide = replace(made, columns=tuple(dict.fromkeys((*made.columns, field))))
    blank = dict.fromkeys(wide.columns, "")
    wide = wide.log(blank | row | {field: t} for row in made.events for t in text)
    for finding in found(wide, *REPEATED, "AE-XDS-02"):
        assert len(finding.rows) > 1 and finding.rows[0] == finding.row, finding.message


@examples(12)
@given(with_row(grade="3"), st.sampled_from("123"))
def test_an_event_of_a_lesser_grade_changes_event_counts_alone(
    one: tuple[Made, int], grade: str
) -> None:
    made, at = one
    more = made.also(made.events[at] | {"grade": grade})
    worst = [f"worst_grade_{g}" for g in (*GRADES, "1_2", "3_plus", "ungraded")]
    for group in (made.groups[at], TOTAL):
        for key in ("any_ae", "no_ae", *worst):
            if isinstance(cell := made.numbers.get((key, group)), Rate):
                assert n(cell) == n(more.numbers[key, group])
        assert e(more.numbers["events", group]) == e(made.numbers["events", group]) + 1


GRADED = ("grade", "fatal")  # what a grade has a say in: grade 5 is death


@examples(15)
@given(with_row(), st.integers(1, 4), st.sampled_from(["mild", "6", "2-3", "?"]))
def test_an_unreadable_grade_moves_its_event_to_ungraded(
    one: tuple[Made, int], grade: int, text: str
) -> None:
    made, at = one
    assume("grade" in made.columns)
    read, unread = made.changed(at, grade=str(grade)), made.changed(at, grade=text)
    assume(at in read.groups)
    before, after = read.numbers, unread.numbers
    assert only(differing(before, after), "grade")
    for column in groups_of(before):
        moved = int(column in (read.groups[at], TOTAL))
        for g in GRADES:
            key = f"events_grade_{g}", column
            assert e(after[key]) == e(before[key]) - moved * (g == grade)
        assert e(after["events_ungraded", column]) == e(before["events_ungraded", column]) + moved
    for rule in ("AE-CTC-01", "AE-CTC-08"):
        was, now = (len(found(m, rule)) for m in (read, unread))
        assert now - was == ((rule == "AE-CTC-08") is (text == "2-3"))


@examples(12)
@given(with_row(), st.integers(1, 4))
def test_a_higher_grade_moves_its_event_alone(one: tuple[Made, int], grade: int) -> None:
    made, at = one
    assume("grade" in made.columns)
    low, high = made.changed(at, grade=str(grade)), made.changed(at, grade=str(grade + 1))
    assume(at in low.groups)
    before, after = low.numbers, high.numbers
    assert only(differing(before, after), *GRADED)
    for column in groups_of(before):
        moved = int(column in (low.groups[at], TOTAL))
        for g in GRADES:
            key = f"events_grade_{g}", column
            shift = moved * ((g == grade + 1) - (g == grade))
            assert e(after[key]) == e(before[key]) + shift
            least = [
                sum(e(t[f"events_grade_{h}", column]) for h in range(g, 6)) for t in (before, after)
            ]
            assert least[0] <= least[1]


@examples(12)
@given(with_row(serious="N"))
def test_an_event_that_becomes_serious_changes_no_grade(one: tuple[Made, int]) -> None:
    made, at = one
    before, after = made.numbers, made.changed(at, serious="Y").numbers
    changed = differing(before, after)
    assert only(changed, "serious", "sae") and "events_serious" in changed
    assert not {key for key in changed if "missing" in key}
    for column in groups_of(before):
        hit = column in (made.groups[at], TOTAL)
        more = n(after["any_sae", column]) - n(before["any_sae", column])
        assert 0 <= more <= hit
        assert e(after["events_serious", column]) == e(before["events_serious", column]) + hit


# --- rows that are not counted ------------------------------------------------------------------

GARBAGE = {
    "unknown participant": {"subject": "X9", "term": "Zoster"},
    "no participant": {"subject": "", "term": "Zoster"},
    "grade 0": {"term": "Zoster", "grade": "0"},
    "no event": {"term": "none"},
}


@examples(15)
@given(studies(people=True), st.sampled_from(sorted(GARBAGE)), st.integers(0, 30))
def test_an_excluded_row_more_changes_no_count(made: Made, kind: str, at: int) -> None:
    made = replace(made, config={**made.config, "coded_in": "CTCAE"})  # not told from the rows
    known = [row["subject"] for row in made.events if row["subject"].startswith("S")]
    assume(known and ("grade" in made.columns or kind != "grade 0"))
    row = dict.fromkeys(made.columns, "") | {"subject": known[0]} | GARBAGE[kind]
    at = min(at, len(made.events))
    more = made.log([*made.events[:at], row, *made.events[at:]])
    assert same(made, more)
    was, now = events_report(made.report), events_report(more.report)
    assert now.rows_used == was.rows_used and now.rows_excluded == was.rows_excluded + 1
    assert at in more.excluded

    def others(m: Made, new: int | None) -> Counter[tuple[object, ...]]:
        """Findings by the number a row would have without the new one."""
        back = lambda r: r - (new is not None and r > new + 2)  # noqa: E731
        return Counter(
            (f.rule, f.message, f.subject, f.row and back(f.row), tuple(map(back, f.rows)))
            for f in m.report.findings
            if _in_log(f)
            and f.row
            and f.row != (new if new is None else new + 2)
            and f.rule not in grown
        )

    grown = {f.rule for f in more.report.findings if len(f.rows) > 1 and at + 2 in f.rows}
    assert others(made, None) == others(more, at)
    raised = {f.rule for f in more.report.findings if _in_log(f) and f.row == at + 2}
    wanted = {
        "unknown participant": "AE-XDS-01",
        "no participant": "AE-REQ-01",
        "grade 0": "AE-CTC-01",
    }
    assert wanted.get(kind) in {*raised, None}


@examples(15)
@given(with_row(used=False))
def test_an_excluded_row_less_changes_no_count(one: tuple[Made, int]) -> None:
    made, at = one
    assume(made.people is None or {"arm", "actual_arm"} & set(made.people_columns))
    changed = differing(made.numbers, made.without(at).numbers)
    assert only(changed, "deaths_without_fatal_ae")  # explained by a fatal event, counted or not


@examples(15)
@given(studies())
def test_rows_read_are_rows_used_and_rows_excluded(made: Made) -> None:
    report = made.report
    for file in report.files:
        rows = made.events if file.role == "events" else made.people or ()
        out = [x for x in report.excluded if x.file == file.path]
        assert file.rows_read == sum(any(row.values()) for row in rows)
        assert file.rows_read == file.rows_used + file.rows_excluded
        assert file.rows_excluded == len({x.row for x in out}) == len(out)
        assert all(x.reason and any(rows[x.row - 2].values()) for x in out)
    assert e(made.numbers["events", TOTAL]) == events_report(report).rows_used
    if made.people is not None:
        assert report.files[-1].rows_used == made.study.columns[-1].N
        known = {row["subject"] for row in made.people}
        unknown = {row["subject"] for row in made.events} - known - {""}
        lost = {made.events[at]["subject"] for at, why in made.excluded.items() if why == UNKNOWN}
        assert lost <= {f.subject for f in found(made, "AE-XDS-01")} <= unknown


# --- sums ---------------------------------------------------------------------------------------


@examples(25)
@given(studies())
def test_a_table_adds_up(made: Made) -> None:
    numbers = made.numbers
    for column in made.study.columns:
        by = {key: cell for (key, group), cell in numbers.items() if group == column.name}
        _participants(by, column.N, numbers)
        _events(by, numbers)


def _participants(by: dict[str, Cell], N: int | None, numbers: Numbers) -> None:
    anybody = n(by["any_ae"])
    assert N is None or anybody + n(by["no_ae"]) == N
    for key, cell in by.items():
        if isinstance(cell, Rate):
            assert cell.n >= 0 and (cell.N is None or cell.n <= cell.N)
            assert key in PEOPLE or cell.n <= anybody
            assert cell.events is None or cell.n <= cell.events
    if counted(numbers, "worst_grade_1"):
        worst = [n(by[f"worst_grade_{g}"]) for g in GRADES]
        assert sum(worst) + n(by["worst_grade_ungraded"]) == anybody
        assert n(by["worst_grade_1_2"]) == sum(worst[:2])
        assert n(by["worst_grade_3_plus"]) == sum(worst[2:]) == n(by["any_grade_3_plus"])
        assert n(by["worst_grade_1_2"]) <= n(by["any_grade_1_2"])
    if counted(numbers, "worst_severity_mild"):
        words = ("mild", "moderate", "severe", "missing")
        assert sum(n(by[f"worst_severity_{w}"]) for w in words) == anybody
    if counted(numbers, "related_sae"):
        assert n(by["related_sae"]) <= min(n(by["any_sae"]), n(by["any_related"]))
    if counted(numbers, "related_grade_3_plus"):
        assert n(by["related_grade_3_plus"]) <= min(n(by["any_related"]), n(by["any_grade_3_plus"]))
    if counted(numbers, "deaths_without_fatal_ae"):  # else no column tells a fatal event
        assert n(by["deaths_without_fatal_ae"]) <= n(by["deaths"])


PEOPLE = (  # not asked of events that are counted
    "no_ae", "dlt", "dlt_pending", "deaths", "deaths_without_fatal_ae", "deaths_without_sae",
)  # fmt: skip


def _events(by: dict[str, Cell], numbers: Numbers) -> None:
    assert e(by["events"]) == e(by["any_ae"])
    if counted(numbers, "events_grade_1"):
        graded = [e(by[f"events_grade_{g}"]) for g in GRADES]
        assert sum(graded) + e(by["events_ungraded"]) == e(by["events"])
        if isinstance(share := by["events_grade_1_2_share"], Share):
            assert share == Share(sum(graded[:2]), sum(graded))
        assert e(by["any_grade_3_plus"]) == sum(graded[2:])
    if counted(numbers, "events_serious"):
        assert e(by["events_serious"]) == e(by["any_sae"]) <= e(by["events"])
    if counted(numbers, "events_serious_grade_1"):
        both = [
            [e(by[f"{kind}_grade_{g}"]) for g in (*GRADES, "ungraded")]
            for kind in ("events_serious", "events_nonserious")
        ]
        assert sum(both[0]) == e(by["events_serious"])
        assert sum(both[0]) + sum(both[1]) + e(by["seriousness_missing"]) == e(by["events"])
        of_grade = [e(by[f"events_grade_{g}"]) for g in GRADES]
        assert all(a + b <= c for a, b, c in zip(*both, of_grade, strict=False))


@examples(8)
@given(studies(most=20))
def test_each_group_alone_makes_its_own_column(made: Made) -> None:
    groups = [c.name for c in made.study.columns[:-1]]
    for group in groups:
        alone = _alone(made, group)
        if asked(alone.study) != asked(made.study):
            continue  # in this group a column is wholly blank, which counts as not collected
        for (key, column), cell in made.numbers.items():
            if column == group:
                assert alike(alone.numbers[key, group], cell), key


def asked(study: Study) -> tuple[frozenset[str], frozenset[str]]:
    return study.fields, study.unanswered


def _alone(made: Made, group: str) -> Made:
    """The participants and events of one group."""
    if made.people is None:
        return made.log(row for row in made.events if (row["arm"] or NO_GROUP) == group)
    frame = made.study.subjects.filter(made.study.subjects["group"] == group)
    rows = [row - 2 for row in frame["row"]]
    within = made.of(made.people[i] for i in rows)
    names = {made.people[i]["subject"] for i in rows}
    return within.log(row for row in made.events if row["subject"] in names)


@examples(16)
@given(studies(people=False, most=20) | studies(most=20))
def test_total_is_everybody_once(made: Made) -> None:
    """With a participant file nobody is in two groups, so that Total is the sum of the groups."""
    named = [(made.events[at]["subject"], group) for at, group in made.groups.items()]
    assert n(made.numbers["any_ae", TOTAL]) == len({subject for subject, _ in named})
    for group in {group for _, group in named}:
        assert n(made.numbers["any_ae", group]) == len({s for s, g in named if g == group})
    for key in {key for key, _ in made.numbers}:
        *parts, whole = [cell for (k, _), cell in made.numbers.items() if k == key]
        if isinstance(whole, (Rate, Count)):
            rates = [(getattr(c, "n", 0), getattr(c, "N", 0) or 0, e(c)) for c in parts]
            n_, N, events = (sum(c) for c in zip(*rates, strict=True)) if rates else (0, 0, 0)
            assert e(whole) == events
            if isinstance(whole, Rate):
                assert (whole.N or 0) == N
                assert whole.n == n_ if made.people is not None else key == "no_ae" or whole.n <= n_


@examples(8)
@given(studies(people=True))
def test_two_groups_made_one_are_added(made: Made) -> None:
    pooled = {"groups": [{"name": "Low", "spellings": ["Placebo"]}]}
    apart = replace(made, config={**made.config, "groups": []})
    together = replace(made, config={**made.config, **pooled})
    assume({"Low", "Placebo"} <= set(groups_of(apart.numbers)) and not _of_several_groups(made))
    for (key, column), cell in together.numbers.items():
        if column != "Low":
            assert alike(cell, apart.numbers[key, column])
        elif isinstance(cell, (Rate, Count)) and key != "dlt":
            low, placebo = (apart.numbers[key, c] for c in ("Low", "Placebo"))
            assert e(cell) == e(low) + e(placebo)
            if isinstance(cell, Rate):
                assert isinstance(low, Rate) and isinstance(placebo, Rate)
                of = None if cell.N is None else (low.N or 0) + (placebo.N or 0)
                assert (cell.n, cell.N) == (low.n + placebo.n, of)


@examples(10)
@given(studies())
def test_the_study_twice_over_doubles_every_number_and_keeps_every_percentage(made: Made) -> None:
    again = made.every({"subject": lambda text: text and f"T{text}"})
    people = (*(made.people or ()), *(again.people or ()))
    twice = replace(made.also(*again.events).of(people), n=made.n and made.n.replace("40", "80"))
    for place, cell in made.numbers.items():
        double = twice.numbers[place]
        assert getattr(double, "percent", None) == getattr(cell, "percent", None)
        if isinstance(cell, Rate):
            assert isinstance(double, Rate)
            assert (double.n, double.N) == (2 * cell.n, cell.N and 2 * cell.N)
        if isinstance(cell, Quantity):
            assert isinstance(double, Quantity)
            times = 2 if place[0] == "person_months" else 1
            assert math.isclose(double.value, times * cell.value, rel_tol=1e-12)
        elif not hasattr(cell, "events"):
            assert double == cell
        assert e(double) == 2 * e(cell)


# --- how it is written --------------------------------------------------------------------------


def by_shape(*shapes: str) -> dict[str, None]:
    known = cells(Subject) | cells(AdverseEvent)
    return {field: None for field, cell in known.items() if cell.shape in shapes}


WIDE: dict[int, int | str] = {
    ord(" "): "\u3000",
    **{code: code + 0xFEE0 for code in range(0x21, 0x7F)},
}
NOISE: dict[str, Callable[[str], str]] = {
    "outer spaces": lambda text: f" \u3000{text}\t ",
    "wide forms": lambda text: text.translate(WIDE),
    "case": str.swapcase,
}


@examples(20)
@given(studies(most=20), st.sampled_from(sorted(NOISE)))
def test_spaces_width_and_case_change_nothing(made: Made, noise: str) -> None:
    shapes = ("text",) if noise == "outer spaces" else ()
    fields = by_shape(*shapes, "number", "date", "choice", "choices")
    other = made.every(dict.fromkeys(fields, NOISE[noise]))
    assert same(made, other)
    was, now = (
        Counter((f.rule, f.severity, f.row, f.subject) for f in m.report.findings
                if f.rule != "AE-TYP-04")  # which says that a cell begins with a space
        for m in (made, other)
    )  # fmt: skip
    assert was == now


REMARK = 'slept, "well"\nand long'


@examples(10)
@given(studies(most=20), st.sampled_from(["\n", "\r\n"]), st.booleans(), seeds)
def test_line_ends_quotes_empty_rows_and_other_columns_change_nothing(
    made: Made, end: str, quoted: bool, seed: int
) -> None:
    """A finding stands in the line that a person sees, whatever stands above it."""
    columns = (*made.columns, "Remarks of the nurse")
    rows = [row | {columns[-1]: REMARK} for row in made.events]
    mixed = _amid(rows, dict.fromkeys(columns, ""), seed)
    starts = list(accumulate((1 + any(row.values()) for row in mixed), initial=2))
    lines = [at for at, row in zip(starts, mixed, strict=False) if any(row.values())]
    how = {"lineterminator": end, "quoting": csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL}
    config = Config.model_validate(named(made))
    with TemporaryDirectory() as folder:
        log = write_csv(Path(folder) / "log.csv", columns, mixed, **how)
        people = None
        if made.people is not None:
            them = _amid(made.people, dict.fromkeys(made.people_columns, ""), seed)
            people = write_csv(Path(folder) / "people.csv", made.people_columns, them, **how)
        other = open_study([log], people, config, Choices(n=made.n, ci="none"))
    assert same(made, other)
    was = Counter((f.rule, lines[f.row - 2]) for f in made.report.findings if _in_log(f) and f.row)
    now = Counter((f.rule, f.row) for f in check(other).findings if f.file == str(log) and f.row)
    assert was == now


def _in_log(finding: Finding) -> bool:
    return finding.file == "events"


def _amid(rows: Iterable[Row], blank: Row, seed: int) -> list[Row]:
    chance = random.Random(seed)
    return [r for row in rows for r in (*[blank] * chance.choice([0, 0, 1, 3]), row)]


YEAR = re.compile(r"\b20\d\d\b")
DATED = by_shape("date")


@examples(10)
@given(studies())
def test_all_dates_years_later_change_no_count(made: Made) -> None:
    """28 years on, all days of all months stand as far apart as before."""
    later = made.every(dict.fromkeys(DATED, _years_later))
    cut_off = made.config["cut_off"] and _years_later(made.config["cut_off"])
    later = replace(later, config={**made.config, "cut_off": cut_off})
    assert changes(made.numbers, later.numbers) == {}


def _years_later(text: str) -> str:
    return YEAR.sub(lambda found: str(int(found.group()) + 28), text)


@examples(10)
@given(studies(), st.integers(-40_000, 40_000))
def test_all_dates_days_later_change_no_count(made: Made, days: int) -> None:
    """Where every date is whole: a month moved by days is no month."""
    whole = made.every(dict.fromkeys(DATED, lambda text: text if _day(text) else ""))
    later = whole.every(dict.fromkeys(DATED, lambda text: _days_later(text, days)))
    cut_off = made.config["cut_off"] and _days_later(made.config["cut_off"], days)
    later = replace(later, config={**made.config, "cut_off": cut_off})
    assert changes(whole.numbers, later.numbers) == {}


def _day(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if re.match(r"\d{4}-\d\d-\d\d", text) else None


def _days_later(text: str, days: int) -> str:
    moment = _day(text)
    if moment is None:
        return text
    return (moment + timedelta(days=days)).isoformat(timespec="minutes")[: len(text)]


# --- percentages and intervals ------------------------------------------------------------------


@examples(300)
@given(st.integers(1, 10**12).flatmap(lambda N: st.tuples(st.integers(0, N), st.just(N))))
def test_a_percentage_is_rounded_half_up_from_the_integers(of: tuple[int, int]) -> None:
    n, N = of
    for digits in (0, 1, 2):
        scaled = 100 * n * 10**digits
        assert percent(n, N, digits) == Decimal((2 * scaled + N) // (2 * N)).scaleb(-digits)


def test_every_percentage_of_a_small_group_is_half_up() -> None:
    for N in range(1, 161):
        for n in range(N + 1):
            assert percent(n, N) == Decimal((2000 * n + N) // (2 * N)).scaleb(-1)
    assert str(percent(1, 16)) == "6.3" and str(percent(0, 8)) == "0.0" and percent(8, 8) == 100
    assert percent(0, 0) is None and percent(3, None) is None


@pytest.mark.parametrize("method", METHODS)
@examples(150)
@given(st.integers(1, 3000).flatmap(lambda N: st.tuples(st.integers(0, N), st.just(N))))
def test_an_interval_lies_between_0_and_1_around_the_proportion(
    method: str, of: tuple[int, int]
) -> None:
    n, N = of
    ci = interval(n, N, method)
    assert 0 <= ci.lower <= n / N <= ci.upper <= 1
    assert (ci.lower == 0) is (n == 0) and (ci.upper == 1) is (n == N)
    mirror = interval(N - n, N, method)
    assert math.isclose(ci.lower, 1 - mirror.upper, abs_tol=1e-9)
    if n < N:
        above = interval(n + 1, N, method)
        assert (ci.lower < above.lower and ci.upper < above.upper) or N == 1
    narrow = interval(n, N, method, level=0.9)
    assert ci.lower <= narrow.lower <= n / N <= narrow.upper <= ci.upper
    larger = interval(2 * n, 2 * N, method)
    assert larger.upper - larger.lower < ci.upper - ci.lower


@pytest.mark.parametrize("N", [1, 2, 3, 8, 24, 60])
def test_clopper_pearson_is_exact(N: int) -> None:
    """At each bound, the tail of the binomial distribution beyond n is 2.5 %: its definition."""
    for n in range(N + 1):
        ci = interval(n, N)
        if n:
            assert math.isclose(_tail(range(n, N + 1), N, ci.lower), 0.025, rel_tol=1e-9)
        if n < N:
            assert math.isclose(_tail(range(n + 1), N, ci.upper), 0.025, rel_tol=1e-9)


def _tail(ks: range, N: int, p: float) -> float:
    return math.fsum(math.comb(N, k) * p**k * (1 - p) ** (N - k) for k in ks)


@pytest.mark.parametrize("N", [1, 2, 3, 8, 24, 60, 1000])
def test_wilson_inverts_the_score_test(N: int) -> None:
    """At each bound p, n/N lies 1.96 standard errors of p away."""
    for n in range(N + 1):
        ci = interval(n, N, "wilson")
        for p in (ci.lower,) * (n > 0) + (ci.upper,) * (n < N):
            z = (n / N - p) / math.sqrt(p * (1 - p) / N)
            assert math.isclose(abs(z), 1.959963984540054, rel_tol=1e-9)


# binom.test(n, N)$conf.int, prop.test(n, N, correct = FALSE)$conf.int,
# DescTools::BinomCI(n, N, method = "jeffreys"), by R 4.5.0
R = [
    ("clopper-pearson", 0, 8, 0, 0.369416647552819),
    ("clopper-pearson", 1, 8, 0.00315972353125191, 0.526509670875207),
    ("clopper-pearson", 4, 8, 0.157012770487058, 0.842987229512942),
    ("clopper-pearson", 8, 8, 0.630583352447181, 1),
    ("clopper-pearson", 65, 86, 0.651274646249327, 0.842049979726854),
    ("wilson", 0, 8, 0, 0.32440756488388),
    ("jeffreys", 0, 8, 0, 0.262217248717186),
    ("jeffreys", 1, 8, 0.0138382337903208, 0.453719321032414),
    ("jeffreys", 4, 8, 0.198965611281496, 0.801034388718504),
    ("jeffreys", 8, 8, 0.737782751282814, 1),
    ("jeffreys", 65, 86, 0.65759499014816, 0.837147079608139),
]


@pytest.mark.parametrize(("method", "n", "N", "lower", "upper"), R)
def test_intervals_are_those_of_r(method: str, n: int, N: int, lower: float, upper: float) -> None:
    ci = interval(n, N, method)
    assert (ci.lower, ci.upper) == pytest.approx((lower, upper), abs=1e-9)


@pytest.mark.parametrize(("n", "N"), [(-1, 8), (9, 8), (1, 0)])
def test_what_is_no_proportion_has_no_interval(n: int, N: int) -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        interval(n, N)


@examples(6)
@given(studies(), st.sampled_from(sorted(METHODS)), st.booleans())
def test_the_intervals_of_a_table_are_those_of_its_rates(
    made: Made, method: str, total: bool
) -> None:
    choices = Choices(n=made.n, ci=method, ci_total=total)
    table = table_of(from_log(made.read(), made.settled, choices))
    for (key, column), cell in numbers_of(table).items():
        if isinstance(cell, Rate) and key != "dlt":
            wanted = cell.N and (column != TOTAL or total)
            assert cell.ci == (interval(cell.n, cell.N or 0, method) if wanted else None)
