"""Every odd or bad file of tests/corpus: the table of the clean log, a finding, or a refusal."""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import narwhals as nw
import pytest
from conftest import ROOT, Run
from corpus import CASES
from corpus.base import EN, GROUPS, LAST, PEOPLE, ZH, Rows, edited, place
from corpus.case import Case, Given
from corpus.write import csv_bytes

from ae_cli.config import load
from ae_cli.render import json_
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.study import Study, open_study

Item = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """What a run says, as its JSON says it."""

    groups: list[Item]
    rows: dict[str, list[Item]]
    files: list[Item]
    excluded: list[Item]
    findings: list[Item]
    records: list[Item] | None = None  # those that are counted, as understood

    @property
    def notes(self) -> str:
        return "\n".join(note for file in self.files for note in file["notes"])


FIELDS = ("subject", "term", "grade", "serious", "related", "outcome", "action",
          "start_earliest", "start_latest", "end_earliest", "end_latest")  # fmt: skip


def seen(table: Item, report: Item, records: list[Item] | None = None) -> Seen:
    rows = {row["key"]: row["cells"] for row in table["rows"]}
    parts = (report[part] for part in ("files", "excluded", "findings"))
    return Seen(table["groups"], rows, *parts, records)


def records_of(study: Study) -> list[Item]:
    """The events that count. Where a value is read wrongly that no table shows, it is seen here."""
    events = nw.from_native(study.events, eager_only=True)
    counted = events.filter(nw.col("excluded").is_null())
    there = [field for field in FIELDS if field in counted.columns]
    found = (dict(row) for row in counted.select(there).iter_rows(named=True))
    return sorted(found, key=lambda row: (row["subject"] or "", str(row.get("start_earliest"))))


def opened(given: Given, folder: Path) -> Seen:
    """Run it through the doors for Python."""
    given.saved(folder)
    config = load(folder / "study.toml").with_files(encoding=given.encoding)
    people = folder / given.people if given.people else None
    study = open_study(given.paths(folder), people, config, sheet=given.sheet)
    report = check(study)
    assert not report.crashed()
    table = json_.table(summarize(study, report))
    return seen(json.loads(table), json.loads(json_.report(report)), records_of(study))


@cache
def clean(like: Rows, people: Rows | None) -> Seen:
    """What the clean log says."""
    files = {"ae.csv": csv_bytes(like)}
    if people:
        files["people.csv"] = csv_bytes(people)
    with TemporaryDirectory() as folder:
        return opened(Given(files, people=people and "people.csv"), Path(folder))


def differences(one: Seen, other: Seen, loose: Sequence[str] = ()) -> list[str]:
    """Every cell of the table that is not the same number, and every value read otherwise."""
    found = [f"{one.groups} and {other.groups}"] if one.groups != other.groups else []
    for key in one.rows | other.rows:
        a, b = one.rows.get(key, []), other.rows.get(key, [])
        found += [f"{key}: {x} and {y}" for x, y in zip(a, b, strict=False) if x != y]
        found += [f"{key}: is missing"] if len(a) != len(b) else []
    for x, y in zip(one.records or (), other.records or (), strict=False):
        found += [f"{x['subject']} {key}: {x.get(key)!r} and {y.get(key)!r}"
                  for key in x | y if x.get(key) != y.get(key) and key not in loose]  # fmt: skip
    return found


def adds_up(found: Seen) -> None:
    """rows read = used + excluded, each excluded row has a reason, each group a name of its own."""
    assert len({group["name"] for group in found.groups}) == len(found.groups)
    for file in found.files:
        assert file["rows_read"] == file["rows_used"] + file["rows_excluded"]
    assert len(found.excluded) == sum(file["rows_excluded"] for file in found.files)
    assert all(row["reason"] for row in found.excluded)


def named(findings: Sequence[Item]) -> Counter[tuple[str, str | None]]:
    return Counter((finding["rule"], finding["subject"]) for finding in findings)


def check_findings(case: Case, found: Seen, base: Seen | None) -> None:
    for expected in case.findings:
        met = [f for f in found.findings if f["rule"] == expected.rule
               and expected.says in f["message"]]  # fmt: skip
        shown = [(f["row"], f["message"]) for f in met]
        assert met, (expected, found.findings)
        if expected.rows is not None:
            assert tuple(f["row"] for f in met) == expected.rows, shown
        if expected.count is not None:
            assert len(met) == expected.count, shown
    if base is None or case.others:
        return
    allowed = {expected.rule for expected in case.findings}
    more = named(found.findings) - named(base.findings)
    less = named(base.findings) - named(found.findings)
    assert {rule for rule, _ in more} <= allowed, more
    assert not less


def check_excluded(case: Case, found: Seen) -> None:
    for reason, rows in case.excluded.items():
        met = tuple(e["row"] for e in found.excluded if reason in e["reason"])
        assert met == rows, found.excluded
    if case.kind == "same":
        assert len(found.excluded) == sum(map(len, case.excluded.values())), found.excluded


def cases(*kinds: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{case.section}: {case.name}")
        for case in CASES
        if case.kind in kinds
    ]


class Pipe:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", cases("same", "finding"))
def test_it_is_read_as_the_clean_log_or_found(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ae: Run
) -> None:
    given = case.make()
    monkeypatch.setattr(sys, "stdin", Pipe(given.piped or b""))
    monkeypatch.chdir(tmp_path)
    if any("*" in name for name in given.log):  # a pattern is the command line's business
        given.saved(tmp_path)
        pages = [ae(command, *given.words(tmp_path), "--format", "json")
                 for command in ("summarize", "validate")]  # fmt: skip
        found = seen(*(page.json for page in pages))
    else:
        found = opened(given, tmp_path)
    adds_up(found)
    base = clean(case.like, case.people) if case.like else None
    if base:
        compared = replace(found, records=None) if case.joined else found
        assert differences(compared, base, case.loose) == []
    for words in case.said:
        assert words in found.notes
    check_excluded(case, found)
    check_findings(case, found, base)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", cases("error"))
def test_it_is_refused_in_one_sentence(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ae: Run
) -> None:
    given = case.make()
    given.saved(tmp_path)
    monkeypatch.setattr(sys, "stdin", Pipe(given.piped or b""))
    ran = ae("validate", *given.words(tmp_path))
    assert (ran.code, ran.out) == (2, ""), ran
    assert ran.err.startswith("error: ") and ran.err.count("error: ") == 1
    for words in case.said:
        assert words in ran.err


@pytest.mark.parametrize("case", [c for c in CASES if c.section == "Files from strangers"
                                  and c.kind == "same"], ids=lambda case: case.name)  # fmt: skip
def test_what_is_shown_is_obeyed_by_no_screen(case: Case, tmp_path: Path, ae: Run) -> None:
    given = case.make()
    given.saved(tmp_path)
    for command in (["validate"], ["validate", "--format", "full"], ["summarize"], ["columns"]):
        words = given.words(tmp_path)
        ran = ae(*command, *words)
        assert ran.code in (0, 1), ran.err
        assert all(c.isprintable() or c == "\n" for c in ran.out + ran.err)


# The corpus itself


ELSEWHERE = {"The other files of a study", "First dose"}  # in test_others.py, of several files


def sections() -> set[str]:
    """The parts of docs/input.md: a paragraph by its bold name, or a chapter that has none."""
    page = (ROOT / "docs" / "input.md").read_text("utf-8")
    found = set()
    for chapter in page.split("\n## ")[1:]:
        title, _, body = chapter.partition("\n")
        found |= set(re.findall(r"^\*\*(.+?)\.?\*\*", body, re.MULTILINE)) | {title}
    return found


def test_there_are_many_cases_each_with_its_name_and_sentence() -> None:
    assert len(CASES) >= 120
    names = Counter(case.name for case in CASES)
    assert [name for name, n in names.items() if n > 1] == []
    assert [case.name for case in CASES if not case.odd.endswith(".")] == []
    kinds = Counter(case.kind for case in CASES)
    assert min(kinds["same"], kinds["finding"], kinds["error"]) >= 20


def test_every_part_of_the_documentation_has_a_case() -> None:
    assert {case.section for case in CASES} == sections() - ELSEWHERE


# The clean log, and that a misreading is seen


def test_the_clean_table_is_that_of_a_plain_count() -> None:
    """Counted here by hand, so that the base is not only equal to itself."""
    rows = clean(EN, PEOPLE).rows
    arm = {row[0]: row[1] for row in PEOPLE[1:]}
    for place_, group in enumerate((*GROUPS, None)):
        events = [row for row in EN[1:] if group in (None, arm[row[0]])]
        N = sum(group in (None, name) for name in arm.values())
        who = {row[0] for row in events}
        severe = [row for row in events if row[place("CTCAE grade")] in "345"]
        assert (rows["any_ae"][place_]["n"], rows["any_ae"][place_]["N"]) == (len(who), N)
        assert rows["no_ae"][place_]["n"] == N - len(who)
        assert rows["events"][place_]["events"] == len(events)
        assert rows["any_grade_3_plus"][place_]["n"] == len({row[0] for row in severe})


def test_the_clean_log_is_the_same_in_chinese() -> None:
    one, other = clean(EN, PEOPLE), clean(ZH, PEOPLE)
    assert differences(one, other, ["term"]) == []


WRONG: Mapping[str, Rows] = {
    "a grade": edited(EN, {(LAST, "CTCAE grade"): "4"}),
    "a causality": edited(EN, {(2, "Causality"): "Not related"}),
    "a seriousness": edited(EN, {(2, "Serious"): "Y"}),
    "an outcome": edited(EN, {(LAST, "Outcome"): "Recovered"}),
    "an action": edited(EN, {(LAST, "Action taken"): "Dose reduced"}),
    "a participant": edited(EN, {(2, "Subject ID"): "001"}),
    "a row": EN[:-1],
    "a start": edited(EN, {(2, "Start date"): "2024-03-03"}),
    "an end": edited(EN, {(LAST, "End date"): "2024-05-08"}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_one_wrong_cell_is_seen(wrong: str) -> None:
    assert differences(clean(WRONG[wrong], PEOPLE), clean(EN, PEOPLE))


def test_one_wrong_number_is_seen() -> None:
    one = clean(EN, PEOPLE)
    for key, cells in one.rows.items():
        for at, cell in enumerate(cells):
            for what, value in cell.items():
                if not isinstance(value, (int, float)):
                    continue
                bent = [dict(c) for c in cells]
                bent[at][what] = value + 1
                other = Seen(one.groups, one.rows | {key: bent}, [], [], [])
                assert len(differences(one, other)) == 1
