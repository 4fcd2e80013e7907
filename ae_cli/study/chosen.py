"""The column that --group names, in place of the dose group."""

from __future__ import annotations

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.read import Records
from ae_cli.study.spelled import FIELDS


def chosen_column(group: str, records: Records, where: str) -> nw.Series:
    """The text of the column that --group names: a field or a header. Raises InputError where there
    is none; `where` is how a person calls the file."""
    wanted = group.casefold() if group.casefold() in records.fields else group
    frame = nw.from_native(records.frame, eager_only=True)
    if wanted in records.fields and wanted in frame.columns:
        return frame[wanted].cast(nw.String)
    parts = [(s.sheet, _position(s.sheet.headers, wanted)) for s in records.sources]
    if field := _arm_of(records, [position for _, position in parts]):
        return frame[field]
    if any(position is None for _, position in parts):
        known = sorted({h for s in records.sources for h in s.sheet.headers if h})
        raise InputError(
            f"--group {wanted!r} is not a column of {where}", f"it has: {', '.join(known)}"
        )
    texts = [nw.from_native(s.cells).select(chosen=nw.col(str(p))) for s, p in parts]
    return nw.concat(texts)["chosen"]


def _arm_of(records: Records, positions: list[int | None]) -> str | None:
    """The dose group's field that stands in this column of every source: it has one spelling."""
    for field in FIELDS:
        at = [source.mapping.fields.get(field, -1) for source in records.sources]
        if at == positions:
            return field
    return None


def _position(headers: tuple[str, ...], wanted: str) -> int | None:
    folded = [header.casefold() for header in headers]
    return folded.index(wanted.casefold()) if wanted.casefold() in folded else None
