"""Several events in one row, under names with a number: ae_1_term, ae_2_term."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from ae_cli.errors import InputError
from ae_cli.read.headers import LONGEST, known
from ae_cli.read.sheet import Sheet

_NUMBERED = re.compile(r"(?P<before>[A-Za-z]\w*?)_(?P<n>\d{1,3})_(?P<after>[A-Za-z]\w*)")


def unnumbered(headers: Sequence[str]) -> list[str]:
    """Headers with ae_1_term as ae_term: by these a row is known for a header.

    A long text is no header, and searching one takes time that grows with its square.
    """
    return [
        _NUMBERED.sub(r"\g<before>_\g<after>", text) if len(text) <= LONGEST else text
        for text in headers
    ]


def long(sheet: Sheet) -> Sheet:
    """One row an event, where a row holds several: ae_1_term, ae_2_term.

    The names without their number must be those of fields, one of them the event's term. A record
    without any event keeps one row, so that nobody is lost.
    """
    by_n = numbers(sheet)
    return _stacked(sheet, by_n) if by_n else sheet


def numbers(sheet: Sheet) -> dict[int, dict[str, int]]:
    """For each number the columns that bear it, by their names without it."""
    found: dict[str, dict[int, dict[str, int]]] = {}
    for i, header in enumerate(sheet.headers):
        match = _NUMBERED.fullmatch(header)
        name = f"{match['before']}_{match['after']}" if match else ""
        if match and known(name):
            found.setdefault(match["before"], {}).setdefault(int(match["n"]), {})[name] = i
    repeated = [
        by_n
        for by_n in found.values()
        if len(by_n) > 1 and any(known(name, "term") for of in by_n.values() for name in of)
    ]
    return repeated[0] if len(repeated) == 1 else {}


def _stacked(sheet: Sheet, by_n: Mapping[int, Mapping[str, int]]) -> Sheet:
    names = list(dict.fromkeys(name for of in by_n.values() for name in of))
    moved = {i for of in by_n.values() for i in of.values()}
    same = [i for i in range(len(sheet.headers)) if i not in moved]
    parts = [_event(sheet, same, names, by_n[n], n) for n in sorted(by_n)]
    stacked = pl.concat(parts)
    texts = [str(len(same) + at) for at in range(len(names))]
    filled = pl.any_horizontal(pl.col(texts).is_not_null())
    alone = ~pl.col("row").is_in(stacked.filter(filled)["row"].implode()) & (
        pl.col("n") == min(by_n)
    )
    kept = stacked.filter(filled | alone).sort("row", "n")
    note = (
        f"{len(by_n)} events stand in one row: {sheet.cells.height} rows are {kept.height} records"
    )
    return replace(
        sheet,
        cells=kept.drop("row", "n"),
        lines=kept["row"],
        headers=(*(sheet.headers[i] for i in same), *names),
        codes=_moved_codes(sheet, same, names, by_n),
        notes=(*sheet.notes, note),
    )


def _event(
    sheet: Sheet, same: Sequence[int], names: Sequence[str], of: Mapping[str, int], n: int
) -> pl.DataFrame:
    """The columns of the nth event of each row, under their names without the number."""
    blank = pl.lit(None, pl.String)
    columns = [pl.col(str(i)).alias(str(at)) for at, i in enumerate(same)]
    columns += [
        (pl.col(str(of[name])) if name in of else blank).alias(str(at))
        for at, name in enumerate(names, len(same))
    ]
    return sheet.cells.select(columns).with_columns(sheet.lines.alias("row"), n=pl.lit(n, pl.Int32))


def _moved_codes(
    sheet: Sheet, same: Sequence[int], names: Sequence[str], by_n: Mapping[int, Mapping[str, int]]
) -> dict[int, Mapping[str, str]]:
    codes = {at: sheet.codes[i] for at, i in enumerate(same) if i in sheet.codes}
    for at, name in enumerate(names, len(same)):
        told = [sheet.codes.get(of[name], {}) for of in by_n.values() if name in of]
        if any(each != told[0] for each in told):
            raise InputError(
                f"{sheet.where}: the codes of {name} are not the same for every number",
                "export the labels instead of the codes",
            )
        codes |= {at: told[0]} if told[0] else {}
    return codes
