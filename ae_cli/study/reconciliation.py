"""Serious events of the log against the safety database's listing of them.

An event and a report of one participant are paired where they share the term as reported; then
those that are left and share any name (the preferred term, the lowest level term); then those that
began on the same day. Serious ones go first, and the days between the onsets are the least in all.
Rows of one episode (`study.episodes`) are one event, and so are copies; of the versions of a case
the last counts. Nothing is paired twice.

Adds to the rows of the log and to the reports:

sae_found     PAIRED, ONLY_HERE (a serious event that is in no report), ONLY_THERE (a serious report
              that is no event of the log), EARLIER (a version of a case that a later row replaces);
              null for what is not serious and is in no report
sae_event     the first `record` of the event in the log; a report has that of its event
sae_differs   what differs, in words; null where nothing does
sae_beside    the row of the other file; sae_case: the case number
sae_near      of an ONLY_THERE: the participant of the log whose identifier differs in its writing
              alone, where the log does not know the report's own

Source: reconciliation as it is practised before a database is locked; ICH E2B for the fields.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import narwhals as nw

from ae_cli.config import Config
from ae_cli.dates import DateSpan, span_of
from ae_cli.study.pairing import Pass, paired
from ae_cli.study.told import (
    CRITERIA,
    DATES,
    NAMES,
    Comparison,
    Row,
    Told,
    days_apart,
    names,
    one_day,
)

PAIRED, ONLY_HERE, ONLY_THERE, EARLIER = "paired", "only here", "only there", "earlier version"
PASSES: tuple[Pass[Told], ...] = (
    (lambda event: event.serious_as(event.terms), lambda report: report.serious_as(report.terms)),
    (lambda event: event.terms, lambda report: report.terms),
    (lambda event: event.serious_as(event.names), lambda report: report.serious_as(report.names)),
    (lambda event: event.names, lambda report: report.names),
    # only a serious event is taken for another one of its day
    (lambda event: event.days if event.serious else (), lambda report: report.days),
)
SAID = (
    *NAMES, *(f"{field}_{end}" for field in DATES for end in ("earliest", "latest")), *CRITERIA,
    "serious", "outcome", "grade", "related", "laterality",
)  # fmt: skip
ADDED: dict[str, Any] = {
    "sae_found": nw.String, "sae_event": nw.Int64, "sae_differs": nw.String,
    "sae_beside": nw.Int64, "sae_case": nw.String, "sae_near": nw.String,
}  # fmt: skip


def reconciled(
    events: nw.DataFrame, reports: nw.DataFrame, config: Config
) -> tuple[nw.DataFrame, nw.DataFrame]:
    """The rows of the log and the reports with what was found of each."""
    here, there = _by_participant(events.filter("is_event")), _by_participant(reports)
    comparison = Comparison.of(events.columns, reports.columns, config)
    found = _Found(comparison, _near(events["subject"].drop_nulls().unique().to_list(), there))
    for who in sorted({*here, *there}):
        found.participant(here.get(who, []), there.get(who, []))
    return _beside(events, found.of_log), _beside(reports, found.of_reports)


def _near(known: Collection[str], there: Collection[str]) -> dict[str, str]:
    """Participants whom the log does not know, each with one whose identifier is nearly theirs."""
    plain = {_plain(subject): subject for subject in sorted(known, reverse=True)}
    strangers = {*there} - {*known}
    return {who: plain[_plain(who)] for who in strangers if _plain(who) in plain}


def _plain(subject: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)|\W|_", "", subject.casefold())


def _by_participant(frame: nw.DataFrame) -> dict[str, list[Row]]:
    """What is compared of each participant's rows, in the order of the file."""
    kept = ("record", "row", "subject", "case", "touching", "split", "linked", *SAID)
    named = frame.filter(~nw.col("subject").is_null())
    named = named.select(*(name for name in kept if name in frame.columns))
    found = defaultdict(list)
    for row in named.lazy().collect("polars").sort("record").iter_rows(named=True):
        found[row["subject"]].append(row)
    return dict(found)


class _Found:
    """What was found of each record: the columns of ADDED, of the log and of the reports."""

    def __init__(self, comparison: Comparison, near: dict[str, str]) -> None:
        self.comparison, self.near = comparison, near
        self.of_log: dict[int, Row] = {}
        self.of_reports: dict[int, Row] = {}

    def participant(self, log: Sequence[Row], listing: Sequence[Row]) -> None:
        """Pair the events and the reports of one participant."""
        here = [Told(tuple(rows), self.comparison) for rows in _events(log)]
        current, earlier = _versions(listing, here)
        there = [Told((row,), self.comparison, listed=True) for row in current]
        for row in earlier:
            self.of_reports[row["record"]] = _found(EARLIER, sae_case=row.get("case"))
        for event, report in paired(here, there, PASSES, self.comparison.cost, _content):
            self.both(event, report)
        for event in here:
            if event.serious and event.row["record"] not in self.of_log:
                self.of_log |= dict.fromkeys(_records(event), _found(ONLY_HERE, event))
        for report in there:
            if report.serious and report.row["record"] not in self.of_reports:
                self.of_reports[report.row["record"]] = _found(
                    ONLY_THERE, sae_case=report.row.get("case"),
                    sae_near=self.near.get(report.row["subject"]),
                )  # fmt: skip

    def both(self, event: Told, report: Told) -> None:
        case, row = report.row.get("case"), report.row["row"]
        differs = "; ".join(self.comparison.differences(event, report)) or None
        pair = _found(PAIRED, event, sae_beside=row, sae_case=case)
        self.of_log |= dict.fromkeys(_records(event), pair)
        self.of_log[event.row["record"]] = pair | {"sae_differs": differs}
        self.of_reports[report.row["record"]] = pair | {
            "sae_differs": differs, "sae_beside": event.row["row"],
        }  # fmt: skip


def _found(what: str, event: Told | None = None, **more: Any) -> Row:
    first = None if event is None else min(_records(event))
    return dict.fromkeys(ADDED) | {"sae_found": what, "sae_event": first} | more


def _content(told: Told) -> str:
    return told.content


def _records(event: Told) -> list[int]:
    return [row["record"] for row in event.rows]


def _events(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each event. Rows of one preferred term may be several: they are one where they
    are an episode, or where they are copies with a known onset."""
    found = defaultdict[Any, list[Row]](list)
    for row in rows:
        if row["split"] or row["linked"]:
            found[row["touching"]].append(row)
        elif one_day(span_of(row, "start")):
            found[tuple(row.get(name) for name in SAID)].append(row)
        else:
            found["row", row["record"]].append(row)
    return list(found.values())


def _versions(rows: Sequence[Row], events: Sequence[Told]) -> tuple[list[Row], list[Row]]:
    """The last version of each report, and those before. A report without a case is one by itself;
    one case may have the same event at several times."""
    current = defaultdict[Any, list[Row]](list)
    earlier = []
    for row in rows:
        case = row.get("case")
        same = current[row["record"] if case is None else (case, *sorted(names(row)))]
        before = [i for i, old in enumerate(same) if not _another_time(old, row, events)]
        if before:
            earlier.append(same.pop(before[-1]))
        same.append(row)
    return [row for same in current.values() for row in same], earlier


def _another_time(old: Row, new: Row, events: Sequence[Told]) -> bool:
    """Whether two rows of a case, with one name, are two events: their onsets differ for certain,
    and so do their ends, or one ended before the other began, or the log has an event at each. A
    version corrects the onset or the end."""
    (began, ended), (begins, ends) = (
        (span_of(row, "start"), span_of(row, "end")) for row in (old, new)
    )
    if not days_apart(began, begins):
        return False
    if days_apart(ended, ends) or _before(ended, begins) or _before(ends, began):
        return True
    days = {day for event in events if event.names & names(new) for day in event.days}
    known = [one_day(began), one_day(begins)]
    return all(known) and set.union(*known) <= days


def _before(end: DateSpan | None, start: DateSpan | None) -> bool:
    return end is not None and start is not None and end.latest < start.earliest


def _beside(frame: nw.DataFrame, found: dict[int, Row]) -> nw.DataFrame:
    columns: dict[str, Any] = {name: [row[name] for row in found.values()] for name in ADDED}
    schema = {"record": frame.schema["record"], **ADDED}
    table = nw.from_dict({"record": list(found), **columns}, schema,
                         backend=nw.get_native_namespace(frame))  # fmt: skip
    joined = frame.select("record").join(table, on="record", how="left").sort("record")
    return frame.with_columns(*joined.drop("record").iter_columns())
