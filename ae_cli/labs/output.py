"""The graded rows beside the file's own columns, and how many there are of each grade."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from ae_cli.read import Records

ADDED = ("graded_term", "grade", "criterion", "note")


def listed(records: Records, graded: pl.DataFrame) -> pl.DataFrame:
    """Every row of the input with its columns in their order, once for each term, and what was
    found, all as text. `note` is the note, or "not gradable" and the reason."""
    own = _input(records)
    at = graded["record"].to_list() if graded.height != own.height else None
    rows = own if at is None else own[at]
    note = pl.concat_str(pl.lit("not gradable: "), pl.col("reason"))
    added = graded.select(
        "graded_term", pl.col("grade").cast(pl.String), "criterion", note=pl.coalesce(note, "note")
    )
    names = dict(zip(ADDED, _free(own.columns), strict=True))
    return pl.concat([rows, added.rename(names)], how="horizontal")


def _input(records: Records) -> pl.DataFrame:
    """The cells of all files under their headers. A header that is blank or there twice is told."""
    frames = []
    for source in records.sources:
        sheet = source.sheet
        cells = sheet.cells.select(str(i) for i in range(len(sheet.headers)))
        frames.append(cells.rename(dict(zip(cells.columns, _headers(sheet.headers), strict=True))))
    return pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]


def _headers(headers: Iterable[str]) -> list[str]:
    names: list[str] = []
    for i, header in enumerate(headers):
        name, n = header or f"column {i + 1}", 2
        while name in names:
            name, n = f"{header} ({n})", n + 1
        names.append(name)
    return names


def _free(taken: Iterable[str]) -> list[str]:
    """Our columns' names. One that the file has already gets `_ctcae` behind it."""
    there = set(taken)
    names = []
    for added in ADDED:
        name = added
        while name in there:
            name += "_ctcae"
        names.append(name)
    return names


def counts(graded: pl.DataFrame) -> dict[str, Any]:
    """Results by what became of them: nothing is counted twice, nothing left out."""
    told = pl.col("grade").is_not_null()
    return {
        "results": graded["record"].n_unique(),
        "rows": graded.height,
        "graded": graded.filter(told).height,
        "not_gradable": graded.filter(~told).height,
        "terms": [_term(str(term), part) for (term,), part in _by_term(graded)],
        "reasons": _reasons(graded.filter(pl.col("graded_term").is_null())),
    }


def _by_term(graded: pl.DataFrame) -> Iterable[tuple[tuple[object, ...], pl.DataFrame]]:
    return graded.filter(pl.col("graded_term").is_not_null()).group_by(
        ["graded_term"], maintain_order=True
    )


def _term(term: str, part: pl.DataFrame) -> dict[str, Any]:
    """Results by grade, participants by their worst grade, and why some have none."""
    known = part.filter(pl.col("grade").is_not_null())
    worst = known.group_by("subject").agg(pl.col("grade").max())
    return {
        "term": term,
        "results": _by_grade(known),
        "participants": _by_grade(worst),
        "reasons": _reasons(part.filter(pl.col("grade").is_null())),
    }


def _by_grade(frame: pl.DataFrame) -> dict[str, int]:
    found = dict(frame["grade"].value_counts().iter_rows())
    return {str(grade): found.get(grade, 0) for grade in range(5)}


def _reasons(frame: pl.DataFrame) -> dict[str, int]:
    """Why there is no grade, without what stands in single results."""
    plain = pl.col("reason").str.replace(r"(the result is (?:no number|a bound)).*", "$1")
    told = frame.select(plain).group_by("reason", maintain_order=True).len()
    return dict(told.sort("len", descending=True, maintain_order=True).iter_rows())
