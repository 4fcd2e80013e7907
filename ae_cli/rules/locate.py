"""From a record that breaks a rule to a finding: file, row, columns, values, words, key."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ae_cli.findings import Finding, Outcome, Severity
from ae_cli.read import Problem, Records, Source
from ae_cli.read.records import MADE_OF
from ae_cli.rules.broken import Groups
from ae_cli.rules.effects import effect, effect_of_cell
from ae_cli.rules.engine import FRAMES, Verdict, crash
from ae_cli.rules.questions import Language, asked
from ae_cli.rules.rule import Row, Rule, Says
from ae_cli.study import Study


def located(
    study: Study, verdicts: Sequence[Verdict], language: Language | None = None
) -> tuple[list[Verdict], list[Finding]]:
    """All findings of these verdicts. A rule that fails at its words is reported as crashed."""
    settled, findings = [], []
    for verdict in verdicts:
        try:
            found = list(_findings(study, verdict, language)) if _broken(verdict) else []
        except BaseException as error:  # a rule of ours that fails must not silence the others
            settled.append(crash(verdict.rule, error))
        else:
            settled.append(verdict)
            findings += found
    return settled, _distinct_keys(findings)


def _broken(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.FINDINGS


def _findings(study: Study, verdict: Verdict, language: Language | None) -> Iterator[Finding]:
    """The findings of one rule, in the order of the records."""
    rule = verdict.rule
    if rule.kind == "file":
        yield _of_file(study, rule)
        return
    records = dict(study.log.kinds())[FRAMES.get(rule.kind, rule.kind)]
    found = Groups(study, verdict)
    cells = [_Cells(rule, source, found.firsts) for source in records.sources]
    for group in found:
        row = group.first.saying(count=len(group.places), rows=group.rows, in_study=study)
        first = row["file"]
        here = [line for file, line in group.places if file == first]
        finding = _finding(rule, cells[first], row, here, language)
        if group.same is not None:
            finding = replace(
                finding, subject=None, site=None, term=None, key=_hashed(rule.id, *group.same)
            )
        if len(here) < len(group.places):
            elsewhere = (f"{cells[file].sheet.where} row {line}" for file, line in group.places
                         if file != first)  # fmt: skip
            message = f"{finding.message} (and {', '.join(elsewhere)})"
            finding = replace(finding, message=message)
        yield finding


def _of_file(study: Study, rule: Rule) -> Finding:
    """A finding of the whole file: nothing is asked of a site."""
    sheet = study.log.events.sources[0].sheet
    about = {"in_study": study}
    says, fix = words(rule.says, about), words(rule.fix, about)
    return Finding(rule.id, rule.severity, says, fix, sheet.path, sheet.name, key=_key(rule, {}))


class _Cells:
    """The cells of a rule's fields in one source, in the file's own words, for some records."""

    def __init__(self, rule: Rule, source: Source, records: Sequence[int]) -> None:
        at = source.mapping.fields
        self.sheet = source.sheet
        read = (field if field in at else MADE_OF.get(field) for field in rule.fields())
        self.fields = tuple(dict.fromkeys(field for field in read if field in at))
        self.headers = tuple(self.sheet.headers[at[field]] for field in self.fields)
        here = [r for r in records if 0 <= r - source.first < self.sheet.cells.height]
        cells = self.sheet.cells.select(str(at[field]) for field in self.fields)
        texts = cells[[r - source.first for r in here]].rows() if self.fields else [()] * len(here)
        self.of = dict(zip(here, texts, strict=True))


def _finding(
    rule: Rule, cells: _Cells, row: Row, lines: Sequence[int], language: Language | None
) -> Finding:
    message, fix = words(rule.says, row), words(rule.fix, row)
    return Finding(
        rule=rule.id,
        severity=rule.graded(row) if rule.graded else rule.severity,
        message=message,
        fix=fix,
        file=cells.sheet.path,
        sheet=cells.sheet.name,
        row=lines[0],
        rows=tuple(lines) if len(lines) > 1 else (),
        subject=row["subject"],
        fields=cells.fields,
        columns=cells.headers,
        values=cells.of[row["record"]],
        key=_key(rule, row),
        term=row.get("term") or row.get("preferred_term"),
        question=asked(rule.id, row, message, fix, language),
        effect=effect(rule.id, row),
        site=row.get("site") or row.get("participant_site"),
        records=row["count"],
    )


def words(says: Says, row: Row) -> str:
    """A message or a fix with the values of the row."""
    if callable(says):
        return says(row)
    return (_of_one(says) if row.get("count") == 1 else says).format_map(_Shown(row))


@lru_cache
def _of_one(template: str) -> str:
    return _SEVERAL.sub(r"1 \1", template)


_SEVERAL = re.compile(r"\{count\} ((?:dose )?(?:row|event|record))s\b")


class _Shown:
    """The columns of a row, blanks in words."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def __getitem__(self, key: str) -> Any:
        value = self.row[key]
        return "blank" if value is None else value


_IDENTITY = {"term": "term", "start": "start_earliest"}


def _key(rule: Rule, row: Row) -> str:
    """Names a finding across corrections: rule, participant, term and start; never row or value.

    A running number is no part of it: it is another one after the next row is inserted.
    """
    shown = rule.fields()
    parts = [_plain(row.get(column)) for f, column in _IDENTITY.items() if f not in shown]
    return _hashed(rule.id, str(row.get("subject") or ""), *parts)


def _plain(value: object) -> str:
    return " ".join(str(value or "").casefold().split())


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def _distinct_keys(findings: list[Finding]) -> list[Finding]:
    """Findings whose records cannot be told apart are numbered in the order of the log."""
    seen: Counter[str] = Counter()
    numbered = []
    for finding in findings:
        seen[finding.key] += 1
        nth = seen[finding.key]
        numbered.append(finding if nth == 1 else replace(finding, key=f"{finding.key}-{nth}"))
    return numbered


def in_cells(
    study: Study, rules: Sequence[Rule], language: Language | None = None
) -> tuple[list[Verdict], list[Finding]]:
    """What reading met in single cells, as findings: one for each row where the text stands.

    First the rules that failed at their words.
    """
    crashed, findings = [], []
    for rule in rules:
        try:
            found = _of_cells(study, rule, language)
        except BaseException as error:  # as above
            crashed.append(crash(rule, error))
        else:
            findings += found
    return crashed, _distinct_keys(findings)


def _of_cells(study: Study, rule: Rule, language: Language | None) -> list[Finding]:
    found = []
    for kind, (_, records) in enumerate(study.log.kinds()):
        columns: dict[tuple[int, str], list[Problem]] = {}
        for problem in records.problems:
            if problem.rule == rule.id:
                columns.setdefault((problem.source, problem.field), []).append(problem)
        for (source, _), problems in columns.items():
            told = list(_in_column(rule, records, problems, language))
            told = [_of_column(rule, told)] if rule.grouped else told
            found += [((kind, source, finding.row or 0), finding) for finding in told]
    found.sort(key=lambda placed: placed[0])  # a column's distinct texts come in no order
    return [finding for _, finding in found]


def _of_column(rule: Rule, found: Sequence[Finding]) -> Finding:
    """One finding of all the cells of a column: nobody asks about each of them."""
    first, lines = found[0], tuple(dict.fromkeys(f.row for f in found if f.row is not None))
    others = len({f.values for f in found}) - 1
    more = f", and {others} other text{'s' if others > 1 else ''} of the column" if others else ""
    return replace(
        first, message=first.message + more, rows=lines if len(lines) > 1 else (),
        records=len(lines), subject=None, site=None, term=None,
        key=_key(rule, {"subject": first.columns[0]}),
    )  # fmt: skip


def _in_column(
    rule: Rule, records: Records, problems: Sequence[Problem], language: Language | None
) -> Iterator[Finding]:
    """The findings of one column, in one look at it: a column of dates has many texts."""
    source, field = records.sources[problems[0].source], problems[0].field
    said: dict[str, list[_Said]] = {}
    for problem in problems:
        said.setdefault(problem.text, []).append(_Said(rule, problem, source, language))
    column = source.sheet.cells[str(source.mapping.fields[field])]
    at = column.is_in(sorted(said)).fill_null(False).arg_true()
    told = [
        c
        for c in ("row", "subject", "site", "preferred_term", *_IDENTITY.values())
        if c in records.frame.columns
    ]
    rows = records.frame.select(told)[at + source.first].rows(named=True)
    for text, row in zip(column[at].to_list(), rows, strict=True):
        yield from (each.of(row) for each in said[text])


class _Said:
    """What is said of a text, wherever it stands."""

    def __init__(
        self, rule: Rule, problem: Problem, source: Source, language: Language | None
    ) -> None:
        self.problem, self.sheet, self.rule = problem, source.sheet, rule
        self.header = self.sheet.headers[source.mapping.fields[problem.field]]
        told = {"text": problem.text, "read_as": problem.read_as or "", "label": self.header,
                "detail": problem.detail, "expected": self.rule.expects}  # fmt: skip
        self.message, self.fix = words(self.rule.says, told), words(self.rule.fix, told)
        self.question = asked(self.rule.id, told, self.message, self.fix, language)
        own = None if rule.overridden else problem.severity
        self.severity = Severity(own) if own else rule.severity

    def of(self, row: Row) -> Finding:
        return Finding(
            self.rule.id, self.severity, self.message, self.fix, self.sheet.path, self.sheet.name,
            row["row"], (), row.get("subject"), (self.problem.field,), (self.header,),
            (self.problem.text,), _key(self.rule, row),
            term=row.get("term") or row.get("preferred_term"), question=self.question,
            effect=effect_of_cell(self.problem.field, self.problem.read_as), site=row.get("site"),
        )  # fmt: skip
