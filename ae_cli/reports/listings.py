"""Listings: the rows behind the tables, as they were read, with what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import narwhals as nw

from ae_cli.ctcae import thresholds
from ae_cli.findings import Listing, Report
from ae_cli.model import AdverseEvent, Record, Subject, cells
from ae_cli.read import Records
from ae_cli.study import Study
from ae_cli.table import Table

Plain = str | int | float | None
Typed = dict[str, Any]
Line = tuple[Typed, tuple[Plain, ...]]


def listings(study: Study) -> tuple[Listing, ...]:
    """Serious events, all events and, where there is a file of them, participants."""
    headers, rows = lines(study, AdverseEvent, study.log.events, study.events)
    serious = of_events_with(rows, lambda row: bool(row.get("serious")))
    lists = [
        Listing("Serious events", "Serious adverse events", headers, cells_of(serious)),
        Listing("All events", "All rows of the log of events", headers, cells_of(rows)),
    ]
    if study.log.subjects is not None:
        headers, rows = lines(study, Subject, study.log.subjects, study.subjects)
        title = "All rows of the participant file"
        lists.append(Listing("Participants", title, headers, cells_of(rows)))
    return tuple(lists)


def of_events_with(rows: Sequence[Line], such: Callable[[Typed], bool]) -> list[Line]:
    """The rows of each event of which some row is such: rows may be joined to one event."""
    wanted = {row.get("event", row["record"]) for row, _ in rows if such(row)}
    return [line for line in rows if line[0].get("event", line[0]["record"]) in wanted]


def cells_of(rows: Iterable[Line]) -> tuple[tuple[Plain, ...], ...]:
    """What stands in the listing."""
    return tuple(cells for _, cells in rows)


def lines(
    study: Study, model: type[Record], records: Records, frame: Any
) -> tuple[tuple[str, ...], list[Line]]:
    """Headers, and each row: as it is typed, and as it is listed."""
    named = [f for f in cells(model) if any(f in s.mapping.fields for s in records.sources)]
    labels = [cells(model)[f].label for f in named]
    several = len(records.sources) > 1
    joined = model is AdverseEvent and study.config.episodes == "joined"
    headers = (
        *(["File"] if several else []), "Row", *(["One event with row"] if joined else []), *labels,
        "Group in the table", "Counted",
    )  # fmt: skip
    readers = [_reader(f, model, records) for f in named]
    rows = nw.from_native(frame).lazy().collect("polars").sort("record").rows(named=True)
    return headers, [
        (
            row,
            (
                *([records.sources[row["file"]].sheet.where] if several else []),
                row["row"],
                *([rows[row["event"]]["row"]] if joined else []),
                *(read(row) for read in readers),
                row["group"],
                "yes" if row["excluded"] is None else f"no: {row['excluded']}",
            ),
        )
        for row in rows
    ]


def _reader(field: str, model: type[Record], records: Records) -> Callable[[dict[str, Any]], Plain]:
    """How a field's cell is shown: the value as it was read, else the log's own text."""
    raw = _raw(field, records)
    shape = cells(model)[field].shape
    if shape == "number":
        return lambda row: raw(row) if row[field] is None else int(row[field])
    if shape == "date":
        return lambda row: _day(row, field) or raw(row)
    if cells(model)[field].choices is not None and shape == "choice":
        return lambda row: _answer(row[field]) or raw(row)
    return raw


def _answer(value: Any) -> str | None:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return None if value is None else str(value)


def _day(row: dict[str, Any], field: str) -> str | None:
    """A date known to the day, in ISO form; a partial one is shown as it stands in the log."""
    first, last = row[f"{field}_earliest"], row[f"{field}_latest"]
    if first is None or first.date() != last.date():
        return None
    whole = (last - first).total_seconds() > 60 * 60
    return str(first.date() if whole else first.isoformat(timespec="minutes"))


def _raw(field: str, records: Records) -> Callable[[dict[str, Any]], str | None]:
    columns = [
        (s.first, s.sheet.cells[str(s.mapping.fields[field])].to_list())
        if field in s.mapping.fields
        else (s.first, None)
        for s in records.sources
    ]

    def text(row: dict[str, Any]) -> str | None:
        first, texts = columns[row["file"]]
        return texts[row["record"] - first] if texts is not None else None

    return text


def about(study: Study, table: Table, report: Report) -> Listing:
    """What the tables stand on: files, versions, choices, footnotes, rules."""
    rows = tuple(_about(study, table, report))
    return Listing("About", "What these tables stand on", ("Subject", "Name", "Value"), rows)


def _about(study: Study, table: Table, report: Report) -> Iterator[tuple[str, str, Plain]]:
    from importlib.metadata import version

    for name in ("ae-cli", "polars", "pydantic", "narwhals", "scipy"):
        yield "Version", name, version(name)
    yield "CTCAE", "version", study.dictionary.version
    yield "CTCAE", "SHA-256 of the table of terms", study.dictionary.sha256
    yield "CTCAE", "log coded in CTCAE terms", "yes" if study.ctcae_coded else "no"
    if study.labs is not None:
        yield "CTCAE", "SHA-256 of the table of laboratory grades", thresholds.sha256()
    for file in report.files:
        where = f"{file.path} [{file.sheet}]" if file.sheet else file.path
        yield "File", f"{where}: {file.role}, SHA-256", file.sha256
        for label in ("read", "used", "excluded"):
            yield "File", f"{where}: rows {label}", getattr(file, f"rows_{label}")
        for note in file.notes:
            yield "Reading", where, note
    yield from _choices(study)
    yield from (("Footnote", str(i), note) for i, note in enumerate(table.footnotes, 1))
    yield from (("Findings", str(severity), n) for severity, n in report.counts().items())
    for rule in report.rules:
        told = f"{rule.outcome} ({rule.reason})" if rule.reason else str(rule.outcome)
        yield "Rule", f"{rule.id} {rule.title}", f"{told}, {rule.count}" if rule.count else told


def _choices(study: Study) -> Iterator[tuple[str, str, Plain]]:
    """Every option and every entry of study.toml, as it was in force."""
    given = {
        "--group": study.choices.group,
        "--order": ", ".join(study.choices.order) or None,
        "--n": study.choices.n,
        "--ci": study.choices.ci,
        "--ci-total": "yes" if study.choices.ci_total else "no",
    }
    yield from (("Option", name, value or "not given") for name, value in given.items())
    for name, value in study.config.model_dump(mode="json").items():
        yield "study.toml", name, str(value) if value not in (None, "", [], {}) else "not given"
