"""One dose group, one spelling: `low`, `LOW` and `Low ` are one, as are `Dose1` and `Dose 1`.

Two groups that a table kept apart for a capital letter would each get half of the participants.
What was read as what is noted with the file, row counts included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

import polars as pl

from ae_cli.read import Log, Records
from ae_cli.vocabulary import same_group

FIELDS = ("actual_arm", "arm")


def with_one_spelling(log: Log, known: Collection[str]) -> tuple[Log, dict[str, str]]:
    """The log with every dose group under its known spelling, else under the commonest.

    The participant file's spelling comes before the log's. `known` spellings are left as they are.
    Also each spelling that was read as another one, and as which.
    """
    counted = [_counts(records) for records in (log.subjects, log.events) if records]
    read_as = _read_as(counted, known)
    if not read_as:
        return log, {}
    subjects = log.subjects and _respelled(log.subjects, read_as)
    return replace(log, events=_respelled(log.events, read_as), subjects=subjects), read_as


def _counts(records: Records) -> Counter[str]:
    counts: Counter[str] = Counter()
    for field in FIELDS:
        if field in records.frame.columns:
            counts.update(dict(records.frame[field].drop_nulls().value_counts().iter_rows()))
    return counts


def _read_as(counted: list[Counter[str]], known: Collection[str]) -> dict[str, str]:
    """Each spelling that is read as another one. Known ones stay as they are."""
    alike: dict[str, list[str]] = {}
    for name in sorted({*known, *(name for counts in counted for name in counts)}):
        alike.setdefault(same_group(name), []).append(name)
    return {
        name: best
        for names in alike.values()
        for best in [_best(names, counted, known)]
        for name in names
        if name != best and name not in known
    }


def _best(names: list[str], counted: list[Counter[str]], known: Collection[str]) -> str:
    return max(names, key=lambda name: (name in known, *(counts[name] for counts in counted)))


def _respelled(records: Records, read_as: dict[str, str]) -> Records:
    fields = [field for field in FIELDS if field in records.frame.columns]
    notes = tuple(note for field in fields for note in _notes(records, field, read_as))
    frame = records.frame.with_columns(pl.col(fields).replace(read_as))
    return replace(records, frame=frame, notes=(*records.notes, *notes))


def _notes(records: Records, field: str, read_as: dict[str, str]) -> Iterator[tuple[int, str]]:
    found = records.frame.filter(pl.col(field).is_in(list(read_as)))
    for number, source in enumerate(records.sources):
        here = found.filter(pl.col("file") == number)[field].value_counts().sort(field)
        listed = ", ".join(f"{name} = {read_as[name]} ({n})" for name, n in here.iter_rows())
        if listed:
            header = source.sheet.headers[source.mapping.fields[field]]
            yield number, f"column {header!r} (dose group): {listed}"
