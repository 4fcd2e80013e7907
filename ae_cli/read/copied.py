"""A log as it was read, with columns added: nothing in it is changed, and no column is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from ae_cli.read.records import Records

Added = Mapping[str, Sequence[str | None]]  # header to its cells, one for each record


def copied(records: Records, number: int, added: Added) -> pl.DataFrame:
    """The text cells of one source under its own headers, and the columns of `added` after them.

    Every record is one row, in the order of the file; rows that are no records (`Sheet.left_out`)
    are not there. A column without a header is named by its place, and of two that share one the
    second is "Grade (2)".
    """
    source = records.sources[number]
    made = {source.mapping.fields[field] for field in source.mapping.made}
    own = [i for i in range(len(source.sheet.headers)) if i not in made]
    cells = source.sheet.cells.select(str(i) for i in own)
    headers = [source.sheet.headers[i] or f"column {i + 1}" for i in own]
    new = [pl.Series(f"+{h}", list(texts), dtype=pl.String) for h, texts in added.items()]
    frame = cells.with_columns(new)
    frame.columns = list(_unlike([*headers, *added]))
    return frame


def first_of(records: Records, *fields: str) -> list[str | None]:
    """Each record's text in the first of these fields that has one; null where none has."""
    known = [pl.col(field) for field in fields if field in records.frame.columns]
    return records.frame.select(text=pl.coalesce(known)).to_series().to_list()


def _unlike(headers: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for header in headers:
        name, n = header, 1
        while name in seen:
            n += 1
            name = f"{header} ({n})"
        seen.add(name)
        yield name
