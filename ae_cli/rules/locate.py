"""From a record that breaks a rule to a finding: file, row, columns, values, words, key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw

from ae_cli.findings import Finding, Severity
from ae_cli.read import Problem, Records, Source
from ae_cli.rules.engine import Verdict, frame_of
from ae_cli.rules.rule import RULES, Row, Rule, Says
from ae_cli.study import Study


def findings_of(study: Study, verdict: Verdict) -> Iterator[Finding]:
    """The findings of one rule, in the order of the records."""
    rule = verdict.rule
    if rule.kind == "file":
        source = study.log.events.sources[0]
        yield _finding(rule, study, source, None, {}, [], rule.severity)
        return
    records = study.log.events if rule.kind == "event" else study.log.subjects
    assert records is not None
    for rows in _grouped(rule, _rows(study, verdict)):
        row = rows[0] | {"count": len(rows), "study": study}
        source = records.sources[row["file"]]
        severity = rule.graded(row) if rule.graded else rule.severity
        yield _finding(rule, study, source, row["record"], row, [r["row"] for r in rows], severity)


def _rows(study: Study, verdict: Verdict) -> list[dict[str, Any]]:
    if not verdict.records:
        return []
    frame, _ = frame_of(study, verdict.rule.kind)
    rows = frame.filter(nw.col("record").is_in(list(verdict.records))).collect("polars")
    return sorted(rows.rows(named=True), key=lambda row: row["record"])


def _grouped(rule: Rule, rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    if not rule.grouped:
        return [[row] for row in rows]
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in rule.grouped), []).append(row)
    return list(groups.values())


def _finding(
    rule: Rule,
    study: Study,
    source: Source,
    record: int | None,
    row: Row,
    lines: Sequence[int],
    severity: Severity,
) -> Finding:
    fields = [f for f in rule.fields() if f in source.mapping.fields] if record is not None else []
    sheet = source.sheet
    at = [source.mapping.fields[f] for f in fields]
    return Finding(
        rule=rule.id,
        severity=severity,
        message=words(rule.says, row),
        fix=words(rule.fix, row),
        file=sheet.path,
        sheet=sheet.name,
        row=lines[0] if lines else None,
        rows=tuple(lines) if len(lines) > 1 else (),
        subject=row.get("subject"),
        fields=tuple(fields),
        columns=tuple(sheet.headers[i] for i in at),
        values=tuple(sheet.cells[str(i)][record - source.first] for i in at),  # type: ignore[operator]
        key=_key(rule, row),
    )


def words(says: Says, row: Row) -> str:
    """A message or a fix with the values of the row."""
    return says(row) if callable(says) else says.format_map(_Shown(row))


class _Shown(dict[str, Any]):
    def __init__(self, row: Row) -> None:
        super().__init__(row)

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return "blank" if value is None else value


_IDENTITY = ("seq", "term", "start_earliest")


def _key(rule: Rule, row: Row) -> str:
    """Names a finding across corrections: rule, participant, the record; never its row or value."""
    told = {"start_earliest": "start"}
    parts = [str(row.get(f) or "") for f in _IDENTITY if told.get(f, f) not in rule.fields()]
    if row.get("seq") and "seq" not in rule.fields():
        parts = parts[:1]
    text = "\x1f".join((rule.id, str(row.get("subject") or ""), *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def cell_findings(study: Study, rules: Sequence[str]) -> Iterator[Finding]:
    """What reading met in single cells, as findings: one for each row where the text stands."""
    for records in (study.log.events, study.log.subjects):
        for problem in records.problems if records else ():
            if problem.rule in rules:
                yield from _of_problem(records, problem)  # type: ignore[arg-type]


def _of_problem(records: Records, problem: Problem) -> Iterator[Finding]:
    source = records.sources[problem.source]
    sheet, position = source.sheet, source.mapping.fields[problem.field]
    rule = RULES[problem.rule]
    row = {"text": problem.text, "read_as": problem.read_as or "", "label": sheet.headers[position],
           "expected": problem.detail or rule.expects}  # fmt: skip
    severity = Severity(problem.severity) if problem.severity else rule.severity
    for i in (sheet.cells[str(position)] == problem.text).arg_true().to_list():
        subject = sheet.cells[str(source.mapping.fields["subject"])][i]
        typed = records.frame.row(source.first + i, named=True)
        yield Finding(
            rule.id, severity, words(rule.says, row), words(rule.fix, row), sheet.path, sheet.name,
            sheet.lines[i], (), subject, (problem.field,), (sheet.headers[position],),
            (problem.text,), _key(rule, typed),
        )  # fmt: skip
