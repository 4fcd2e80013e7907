"""What the user's release of MedDRA says of each event's coding.

Adds to every event, where a release is given, one text a kind of doubt (`meddra_no_pt`,
`meddra_unknown`, `meddra_mismatch`, `meddra_retired`, `meddra_spelled`, `meddra_path`): what is
wrong, null where nothing is.
"""

from __future__ import annotations

import re
from dataclasses import fields
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ae_cli.meddra import FIELDS, Coding, Release, coding
from ae_cli.read import Source

if TYPE_CHECKING:
    from ae_cli.study import Study

DOUBTS = tuple(f"meddra_{field.name}" for field in fields(Coding))
_SEAM = "\x1f"


def with_meddra(events: nw.DataFrame, release: Release) -> nw.DataFrame:
    """The events with what is wrong. Each distinct coding is looked up once."""
    present = [field for field in FIELDS if field in events.columns]
    if not present:
        return events.with_columns(**{name: nw.lit(None, nw.String) for name in DOUBTS})
    keyed = events.select(
        *present,
        key=reduce(lambda a, b: a + _SEAM + b, (nw.col(f).fill_null("") for f in present)),
    )
    found = keyed.unique("key")
    told: dict[str, list[str | None]] = {name: [] for name in DOUBTS}
    for row in found.select(present).iter_rows(named=True):
        for name, doubt in zip(DOUBTS, _doubts(row, release), strict=True):
            told[name].append(doubt)
    keys = found["key"].to_list()
    return events.with_columns(*(_mapped(keyed["key"], keys, told[n]).alias(n) for n in DOUBTS))


def _doubts(row: dict[str, Any], release: Release) -> tuple[str | None, ...]:
    found = coding(row, release)
    return tuple(getattr(found, field.name) for field in fields(Coding))


def _mapped(keys: nw.Series, old: list[str], new: list[str | None]) -> nw.Series:
    known = {key: text for key, text in zip(old, new, strict=True) if text}
    if not known:
        return nw.new_series("", [None] * len(keys), nw.String, backend=keys.implementation)
    return keys.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=nw.String
    )


_VERSION = re.compile(r"(?i)meddra\D{0,12}(\d{1,2}\.\d)\b")
_HEADER = re.compile(r"(?i)meddra.*(?:\bv|version|_ver|版本)|dictvr|dictver")
_NUMBER = re.compile(r"\d{1,2}\.\d\b")


def stated_versions(study: Study) -> dict[str, str]:
    """The versions of MedDRA that the data say, each with where it is said.

    In the name of a column, in a column of versions, or in a parameter of the trial (AEDICT).
    """
    found: dict[str, str] = {}
    for source in study.log.events.sources:
        for at, header in enumerate(source.sheet.headers):
            texts = _texts(source, at) if _HEADER.search(header) else []
            for text in (header, *(f"MedDRA {text}" for text in texts)):
                if version := _VERSION.search(text):
                    found.setdefault(version[1], f"column {header!r}")
    for text in _dictionaries(study):
        if version := _NUMBER.search(text):
            found.setdefault(version[0], "parameter AEDICT of the trial")
    return found


def _texts(source: Source, at: int) -> list[str]:
    column: nw.Series = nw.from_native(source.sheet.cells)[str(at)]
    return [str(text) for text in column.drop_nulls().unique()]


def _dictionaries(study: Study) -> list[str]:
    """What the parameters of the trial say of the dictionary of adverse events."""
    frame = study.others.get("parameters")
    if frame is None or not {"parameters.name", "parameters.value"} <= study.fields:
        return []
    rows = nw.from_native(frame).lazy().filter(nw.col("name") == "AEDICT").select("value")
    return [str(text) for text in rows.drop_nulls().collect()["value"]]
