"""Serious events of the log and of the safety database, side by side: what agrees and what not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw

from ae_cli.dates import iso, span_of
from ae_cli.errors import InputError
from ae_cli.findings import Listing, Report
from ae_cli.reports.footnotes import population, turned_off
from ae_cli.study import Study
from ae_cli.study.reconciliation import EARLIER, ONLY_HERE, ONLY_THERE, PAIRED
from ae_cli.table import Count, Row, Table

Record = dict[str, Any]
HEADERS = (
    "Participant", "Group", "Found", "Row", "Event", "Onset", "Case", "Row there", "Event there",
    "Onset there", "What differs",
)  # fmt: skip
AGREES, DIFFERS = "agrees", "differs"
LABELS = {
    AGREES: "In both, and they agree",
    DIFFERS: "In both, and they differ",
    ONLY_HERE: "Only in the log",
    ONLY_THERE: "Only in the safety database",
}


def without_reports(study: Study) -> InputError | None:
    """What to say where there is no safety database to compare with."""
    if "reports" in study.others and study.has("serious"):
        return None
    return InputError(
        "the log's serious events are compared with a listing of the safety database, and none "
        "was named"
        if study.has("serious")
        else "the log does not say which events are serious",
        "for example: ae-cli summarize by reconciliation ae.xlsx --with reports=sae.xlsx",
    )


def by_reconciliation(study: Study) -> tuple[Row, ...]:
    """Serious events by where they are known, in each group."""
    pairs = list(_pairs(study))
    rows = []
    for found, label in LABELS.items():
        here = [pair for pair in pairs if pair["found"] == found]
        rows.append(_row(study, f"sae_{found.replace(' ', '_')}", label, here))
    return (_row(study, "sae_known", "Serious events known", pairs), *rows)


def _row(study: Study, key: str, label: str, pairs: list[Record]) -> Row:
    """How many there are in each group, and in all."""
    held = [pair["group"] for pair in pairs]
    cells = [Count(held.count(column.name)) for column in study.columns[:-1]]
    return Row(key, label, "events", (*cells, Count(len(held))), section="Serious events")


def reconciled_listing(study: Study) -> tuple[Listing, ...]:
    """Each serious event that either of the two knows."""
    rows = tuple(_listed(pair) for pair in _pairs(study))
    return (Listing("Reconciliation", "Serious events, log and safety database", HEADERS, rows),)


def _pairs(study: Study) -> Iterator[Record]:
    """One record for each serious event that either of the two knows, in the order of the log."""
    rows, reports = _rows(study.events), _rows(study.others["reports"])
    groups = {row["subject"]: row["group"] for row in (*rows, *_people(study))}
    there = {r["sae_event"]: r for r in reports if r["sae_found"] == PAIRED}
    events: dict[int, list[Record]] = {}
    for row in rows:
        events.setdefault(row["sae_event"], []).append(row)
    for event, same in events.items():
        row, differs = same[0], next((r["sae_differs"] for r in same if r["sae_differs"]), None)
        found = ONLY_HERE if row["sae_found"] == ONLY_HERE else DIFFERS if differs else AGREES
        yield {"found": found, "group": row["group"], "here": row, "there": there.get(event),
               "differs": differs}  # fmt: skip
    for report in (r for r in reports if r["sae_found"] == ONLY_THERE):
        yield {"found": ONLY_THERE, "group": groups.get(report["subject"]), "here": None,
               "there": report, "differs": None}  # fmt: skip


def _rows(frame: Any) -> list[Record]:
    found = nw.from_native(frame).lazy().filter(~nw.col("sae_found").is_null())
    return list(found.collect("polars").sort("record").iter_rows(named=True))


def _people(study: Study) -> list[Record]:
    if study.subjects is None:
        return []
    people = nw.from_native(study.subjects).lazy().filter(~nw.col("repeated"))
    return list(people.select("subject", "group").collect("polars").iter_rows(named=True))


def _listed(pair: Record) -> tuple[str | int | None, ...]:
    here, there = pair["here"] or {}, pair["there"] or {}
    return (
        here.get("subject") or there.get("subject"), pair["group"], pair["found"],
        here.get("row"), _name(here), _onset(here),
        there.get("case") or here.get("sae_case"), there.get("row"), _name(there), _onset(there),
        pair["differs"] or _nearest(there),
    )  # fmt: skip


def _nearest(report: Record) -> str | None:
    """The participant of the log whose identifier is nearly that of a report the log lacks."""
    near = report.get("sae_near")
    return f"the nearest participant of the log is {near}" if near else None


def _name(row: Record) -> str | None:
    return row.get("term") or row.get("preferred_term")


def _onset(row: Record) -> str | None:
    span = span_of(row, "start")
    return iso(span) if span else None


def reconciliation_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """How events were paired, and what became of every row of both files."""
    return (*population(study, table), *_how(study), *_accounts(study), *turned_off(findings))


def _how(study: Study) -> Iterator[str]:
    yield (
        "Paired: the same participant and the same term as reported; then the same preferred or "
        "lowest level term; then the same day of onset; each with the fewest days between onsets. "
        "Rows of one event whose grade changed, and copies, are one event. Nothing is paired twice."
    )
    yield (
        "Compared: the fields both files have; dates and times as far as both are known; the "
        "relationship as related, not related, not assessable or not answered."
    )
    if not study.has("reports.serious"):
        yield "The safety database's file does not say what is serious: all of it counts as that."
    if any(pair["group"] is None for pair in _pairs(study)):
        yield "Reports of participants who are in no dose group are in Total alone."


def _accounts(study: Study) -> Iterator[str]:
    """Every row of both files."""
    for name, frame in (("Log", study.events), ("Safety database", study.others["reports"])):
        rows = nw.from_native(frame).lazy().select("sae_found").collect()["sae_found"].to_list()
        parts = {
            "in both": rows.count(PAIRED),
            "only in the log": rows.count(ONLY_HERE),
            "only in the safety database": rows.count(ONLY_THERE),
            "earlier versions of a case": rows.count(EARLIER),
            "not serious, and in no pair": rows.count(None),
        }
        told = " + ".join(f"{n} {what}" for what, n in parts.items() if n)
        yield f"{name}: {len(rows)} rows read = {told or 'none'}."
