"""JSON, schema 1: numbers as they are, text whole. One line an item, for grep and diff."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ae_cli.findings import Baseline, Excluded, FileReport, Finding, Listing, Report, RuleOutcome
from ae_cli.render.text import HIDDEN, unit
from ae_cli.table import (
    PER_100_MONTHS,
    Cell,
    Column,
    Count,
    Incidence,
    Interval,
    NotCollected,
    NotEstimable,
    Quantity,
    Rate,
    Row,
    Share,
    Table,
    Word,
)

SCHEMA = 1
Item = dict[str, Any]
KINDS = {
    "files": "file", "excluded": "excluded", "findings": "finding", "rules": "rule",
    "notes": "note", "listings": "listing", "baseline": "baseline", "accepted": "accepted",
}  # fmt: skip


def report(report: Report) -> str:
    """The result of `validate`."""
    return page({"schema": SCHEMA, "command": "validate", **_items(report)})


def report_lines(report: Report) -> Iterator[str]:
    """The same as JSON lines: one object each, and `kind` says what it is."""
    yield dumps({"kind": "report", "schema": SCHEMA, "command": "validate"})
    for name, value in _items(report).items():
        for item in value if isinstance(value, list) else [value]:
            said = item if isinstance(item, dict) else {"text": item}
            yield dumps({"kind": KINDS[name], **said})


def _items(report: Report) -> Item:
    return {
        "files": [_file(file) for file in report.files],
        "excluded": [_excluded(row) for row in report.excluded],
        "findings": [_finding(finding) for finding in report.findings],
        "rules": [_rule(rule) for rule in report.rules],
        "notes": list(report.notes),
        "listings": [_listing(each) for each in report.listings],
        **(_baseline(report.baseline) if report.baseline else {}),
    }


def _baseline(known: Baseline) -> Item:
    counts = {"accepted": len(known.accepted), "gone": known.gone, "unasked": known.unasked}
    accepted = [_finding(finding) for finding in known.accepted]
    return {"baseline": {"path": known.path, **counts}, "accepted": accepted}


def table(table: Table) -> str:
    """The result of `summarize`."""
    return page(
        {
            "schema": SCHEMA,
            "command": "summarize",
            "table": table.name,
            "title": table.title,
            "groups": [{"name": c.name, "label": c.label, "N": c.N} for c in table.columns],
            "rows": [_row(row, table.columns) for row in table.rows],
            "footnotes": list(table.footnotes),
            "files": [_file(file) for file in table.files],
            "findings": dict(table.findings),
            "ctcae": table.ctcae,
            "listings": [_listing(each) for each in table.listings],
        }
    )


def _listing(listing: Listing) -> Item:
    return {
        "name": listing.name,
        "title": listing.title,
        "headers": list(listing.headers),
        "rows": [list(row) for row in listing.rows],
    }


def page(document: Item) -> str:
    """A document with a line for each item of its lists."""
    lines = (f"{dumps(key)}: {_value(value)}" for key, value in document.items())
    return "{" + ",\n ".join(lines) + "}\n"


def _value(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(map(dumps, value)) + "]"
    return dumps(value)


def dumps(value: object) -> str:
    """One line of JSON. What a screen would obey or hide is written as its code."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isprintable() else HIDDEN.sub(_escaped, text)


def _escaped(hidden: re.Match[str]) -> str:
    code = ord(hidden[0])
    return f"\\u{code:04x}" if code < 0x10000 else json.dumps(hidden[0])[1:-1]


def _file(file: FileReport) -> Item:
    return {
        "path": file.path,
        "sheet": file.sheet,
        "sha256": file.sha256,
        "role": file.role,
        "rows_read": file.rows_read,
        "rows_used": file.rows_used,
        "rows_excluded": file.rows_excluded,
        "notes": list(file.notes),
    }


def _excluded(row: Excluded) -> Item:
    return {"file": row.file, "sheet": row.sheet, "row": row.row, "reason": row.reason}


def _finding(finding: Finding) -> Item:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
        **({"rows": finding.rows} if finding.rows else {}),
        **({"records": finding.records} if finding.records > max(len(finding.rows), 1) else {}),
        "subject": finding.subject,
        "fields": finding.fields,
        "columns": finding.columns,
        "values": finding.values,
        "message": finding.message,
        "fix": finding.fix,
        **({"effect": finding.effect} if finding.effect else {}),
        "key": finding.key,
    }


def _rule(rule: RuleOutcome) -> Item:
    said = {"findings": rule.count} if rule.ran else {"reason": rule.reason}
    accepted = {"accepted": rule.accepted} if rule.accepted else {}
    return {"id": rule.id, "outcome": rule.outcome.value, **said, **accepted}


def _row(row: Row, columns: tuple[Column, ...]) -> Item:
    return {
        "key": row.key,
        "label": row.label,
        "indent": row.indent,
        "unit": unit(row),
        "section": row.section,
        "cells": [
            {"group": column.name, **_cell(cell)}
            for column, cell in zip(columns, row.cells, strict=True)
        ],
    }


def _cell(cell: Cell) -> Item:
    match cell:
        case NotCollected():
            return {"status": "not collected"}
        case NotEstimable():
            return {"status": "not estimable", "reason": cell.reason}
        case Rate():
            return {"status": "ok", "n": cell.n, "N": cell.N, **_known(_rate(cell))}
        case Count():
            return {"status": "ok", "events": cell.events}
        case Share():
            share = {"events": cell.events, "of": cell.of}
            return {"status": "ok", **share, **_known({"percent": _percent(cell)})}
        case Quantity():
            value = {"value": cell.value, "unit": cell.unit}
            return {"status": "ok", **value, **_known({"ci": _ends(cell.ci)})}
        case Incidence():
            counted = {"events" if cell.of_events else "n": cell.n, "time": cell.time}
            value = {"value": cell.rate, "unit": PER_100_MONTHS, "ci": _ends(cell.ci)}
            return {"status": "ok", **counted, **_known(value)}
        case Word():
            return {"status": cell.word or "not applicable"}


def _rate(cell: Rate) -> Item:
    return {"percent": _percent(cell), "events": cell.events, "ci": _ends(cell.ci)}


def _ends(ci: Interval | None) -> list[float] | None:
    return [ci.lower, ci.upper] if ci else None


def _percent(cell: Rate | Share) -> float | None:
    return None if cell.percent is None else float(cell.percent)


def _known(item: Item) -> Item:
    return {key: value for key, value in item.items() if value is not None}
