"""Two data cuts of one log: records that were added, changed or are gone, and the table's lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from ae_cli.findings import Listing
from ae_cli.read import Source
from ae_cli.study import Study
from ae_cli.study.versions import NUMBER, digests, followed
from ae_cli.table import Cell, Row, Table

ADDED, CHANGED, GONE = "added", "changed", "gone"
FIELDS = ("start", "grade", "serious", "outcome")  # that tell a record beside participant and term
ARROW = " → "
BLANK = "(blank)"


@dataclass(frozen=True, slots=True)
class Value:
    """A cell of a record in both cuts, under the header of its column; None where it is blank."""

    header: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is not the same: "added", "changed" or "gone"; where it stands in each cut.

    `values` are the cells that differ; of a record that one cut alone has, those that tell it.
    """

    kind: str
    before: str | None
    now: str | None
    participant: str | None
    term: str | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Cuts:
    """What differs: before = same + changed + gone; now = same + changed + added.

    `alone` are the headers of columns that one cut alone has: they are not compared.
    """

    same: int
    changes: tuple[Change, ...]
    alone: tuple[str, ...]

    def count(self, kind: str) -> int:
        """How many records of a kind: added, changed, gone."""
        return sum(change.kind == kind for change in self.changes)

    @property
    def before(self) -> int:
        return self.same + self.count(CHANGED) + self.count(GONE)

    @property
    def now(self) -> int:
        return self.same + self.count(CHANGED) + self.count(ADDED)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record: its source, its line there, and its cells by field as they are written."""

    source: Source
    line: int
    texts: dict[str, str | None]

    def header(self, field: str) -> str:
        return self.source.sheet.headers[self.source.mapping.fields[field]]


class _Cut:
    """The records of a log, and their digests: a value written otherwise is the same value."""

    def __init__(self, study: Study) -> None:
        events = study.log.events
        frames = [digests(events, number) for number in range(len(events.sources))]
        self.digests = pl.concat(frames, how="diagonal").with_columns(
            pl.col(pl.String).fill_null("")
        )
        self.records = [record for source in events.sources for record in _records(source)]
        self.said = self.digests.rows(named=True)
        self.several = len(events.sources) > 1

    def where(self, at: int) -> str:
        record = self.records[at]
        sheet = f"{record.source.sheet.where} " if self.several else ""
        return f"{sheet}{record.line}"


def _records(source: Source) -> Iterator[_Record]:
    fields = source.mapping.fields
    cells = source.sheet.cells.select(str(at) for at in fields.values())
    for line, texts in zip(source.sheet.lines, cells.iter_rows(), strict=True):
        yield _Record(source, line, dict(zip(fields, texts, strict=True)))


def compared(before: Study, now: Study) -> Cuts:
    """What became of each record of one cut in the next."""
    old, new = _Cut(before), _Cut(now)
    pairs = followed(old.digests, new.digests)
    told = {(b, n): values for b, n in pairs.items() if (values := _differing(old, b, new, n))}
    changed = (
        Change(CHANGED, old.where(b), new.where(n), *_who(new.records[n]), values)
        for (b, n), values in sorted(told.items(), key=lambda each: each[0][1])
    )
    come = (n for n in range(len(new.records)) if n not in set(pairs.values()))
    added = (
        Change(ADDED, None, new.where(n), *_who(new.records[n]), _telling(new.records[n], ADDED))
        for n in come
    )
    left = (b for b in range(len(old.records)) if b not in pairs)
    gone = (
        Change(GONE, old.where(b), None, *_who(old.records[b]), _telling(old.records[b], GONE))
        for b in left
    )
    changes = (*added, *changed, *gone)
    return Cuts(len(pairs) - len(told), changes, tuple(_of_one(old, new)))


def _who(record: _Record) -> tuple[str | None, str | None]:
    texts = record.texts
    return texts.get("subject"), texts.get("term") or texts.get("preferred_term")


def _differing(old: _Cut, b: int, new: _Cut, n: int) -> tuple[Value, ...]:
    """The cells of fields of both cuts that say something else; not the running number."""
    before, now = old.records[b], new.records[n]
    fields = (f for f in now.texts if f in before.texts and f != NUMBER)
    return tuple(
        Value(now.header(f), before.texts[f], now.texts[f])
        for f in fields if old.said[b][f] != new.said[n][f]
    )  # fmt: skip


def _telling(record: _Record, kind: str) -> tuple[Value, ...]:
    texts = ((record.header(f), record.texts[f]) for f in FIELDS if record.texts.get(f))
    return tuple(Value(h, *((None, t) if kind == ADDED else (t, None))) for h, t in texts)


def listed(cuts: Cuts) -> Iterator[Listing]:
    """The changes for a reader, a listing a kind."""
    for kind in (ADDED, CHANGED, GONE):
        rows = tuple(
            (change.before, change.now, change.participant, change.term, _in_words(change))
            for change in cuts.changes if change.kind == kind
        )  # fmt: skip
        headers = ("Row before", "Row now", "Participant", "Term", "Values")
        if rows:
            yield Listing(kind, kind.capitalize(), headers, rows)


def _in_words(change: Change) -> str:
    """`Grade: 2 → 3; Outcome: (blank) → recovered`."""
    if change.kind == CHANGED:
        each = (f"{v.header}: {v.before or BLANK}{ARROW}{v.now or BLANK}" for v in change.values)
    else:
        each = (f"{v.header}: {v.now or v.before}" for v in change.values)
    return "; ".join(each)


def _of_one(old: _Cut, new: _Cut) -> Iterator[str]:
    """The columns that one cut alone has: nothing is known of their changes."""
    for cut, other in ((old, new), (new, old)):
        known = set(other.digests.columns)
        yield from dict.fromkeys(
            record.header(f) for record in cut.records[:1] for f in record.texts if f not in known
        )


def of_table(before: Table, now: Table, text: Callable[[Cell], str]) -> Listing:
    """The lines of a table that differ, as `text` shows cells; a group of one cut alone is "-"."""
    names = list(dict.fromkeys(c.label for table in (before, now) for c in table.columns))
    old, new = _lines(before, text), _lines(now, text)
    rows = []
    for key, (label, cells) in new.items():
        former = old.get(key, (label, {}))[1]
        told = [_told(former.get(name, "-"), cells.get(name, "-")) for name in names]
        if any(ARROW in cell for cell in told):
            rows.append((label, *told))
    return Listing("table", now.title, ("", *names), tuple(rows))


def _told(before: str, now: str) -> str:
    return now if before == now else f"{before}{ARROW}{now}"


def _lines(table: Table, text: Callable[[Cell], str]) -> dict[str, tuple[str, dict[str, str]]]:
    sizes = ("N", {c.label: "-" if c.N is None else str(c.N) for c in table.columns})
    return {"N": sizes} | {row.key: (_label(row), _cells(table, row, text)) for row in table.rows}


def _label(row: Row) -> str:
    return f"{row.section}: {row.label}" if row.section else row.label


def _cells(table: Table, row: Row, text: Callable[[Cell], str]) -> dict[str, str]:
    labels = (column.label for column in table.columns)
    return dict(zip(labels, map(text, row.cells), strict=True))
