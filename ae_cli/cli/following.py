"""Where the records that queries are about stand now: in other rows, another sheet, a new file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from ae_cli.render.queries import Home, Place, QueryLog
    from ae_cli.study import Study

Known = tuple[str, "Place", int, str]  # kind, place, row and digests of a record remembered
Sheets = dict[tuple[str, "Place"], pl.DataFrame]


@dataclass
class Followed:
    """Where each query's record stands now, None for nowhere; what to remember of each row.

    `moved` names the new file of each that is read under another name now.
    """

    homes: dict[str, Home | None] = field(default_factory=dict)
    records: dict[Home, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)


def follow(
    log: QueryLog, study: Study, wanted: Collection[Home], placed: Callable[[str, str], Place]
) -> Followed:
    """Follow what a query log remembers through the records of a study.

    `wanted` are the rows to be remembered besides; `placed` names a file and a sheet as the query
    log does.
    """
    sheets = _sheets(study, placed)
    known = {key: record for key, record in _known(log) if record}
    found = Followed()
    homes, found.moved = _homes(list(dict.fromkeys(known.values())), sheets)
    read = {place for _, place in sheets}
    for key, record in known.items():
        if record in homes or record[1] in read:
            found.homes[key] = homes.get(record)
    there = {home for home in found.homes.values() if home}
    found.records = dict(_remembered(sheets, there | set(wanted)))
    return found


def _sheets(study: Study, placed: Callable[[str, str], Place]) -> Sheets:
    """The rows of each sheet that was read, in digests."""
    from ae_cli.study.versions import digests

    return {
        (kind, placed(source.sheet.path, source.sheet.name or "")): digests(records, number)
        for kind, records in study.log.kinds()
        for number, source in enumerate(records.sources)
    }


def _known(log: QueryLog) -> Iterable[tuple[str, Known | None]]:
    for row, key in log.queries():
        record = log.memory[key].record if key in log.memory else ""
        kind, line, *_ = [*record.split(" ", 2), "", ""]
        place = log.told(row, "file"), log.told(row, "sheet")
        yield key, (kind, place, int(line), record) if line.isdecimal() else None


def _homes(known: list[Known], sheets: Sheets) -> tuple[dict[Known, Home], dict[str, str]]:
    """Where each record stands: in its sheet, in another of its file, in a file of another name."""
    homes: dict[Known, Home] = {}
    moved: dict[str, str] = {}
    for (kind, file), records in _by_file(known).items():
        of_kind = {place: rows for (k, place), rows in sheets.items() if k == kind}
        here = {place: rows for place, rows in of_kind.items() if place[0] == file}
        if here:
            homes |= _in_file(records, here)
        else:
            named = {record[1][0] for record in known}
            others = {p: rows for p, rows in of_kind.items() if p[0] not in named}
            new, there = _renamed(records, others)
            homes |= there
            moved |= {file: new} if new else {}
    return homes, moved


def _by_file(known: Iterable[Known]) -> Mapping[tuple[str, str], list[Known]]:
    files: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for record in known:
        files[record[0], record[1][0]].append(record)
    return files


def _in_file(records: list[Known], sheets: Mapping[Place, pl.DataFrame]) -> dict[Known, Home]:
    """Records that stand in their sheet, then those that went to another."""
    homes: dict[Known, Home] = {}
    for place, rows in sheets.items():
        homes |= _linked([r for r in records if r[1] == place], {place: rows}, near=True)
    gone = [record for record in records if record not in homes]
    return homes | _linked(gone, _without(sheets, homes.values()), near=False)


def _without(
    sheets: Mapping[Place, pl.DataFrame], taken: Iterable[Home]
) -> dict[Place, pl.DataFrame]:
    rows: dict[Place, list[int]] = defaultdict(list)
    for place, row in taken:
        rows[place].append(row)
    return {p: frame.filter(~pl.col("row").is_in(rows[p])) for p, frame in sheets.items()}


def _renamed(
    records: list[Known], sheets: Mapping[Place, pl.DataFrame]
) -> tuple[str | None, dict[Known, Home]]:
    """The file that holds most of these records, at least half; another site's log has none."""
    best: tuple[str | None, dict[Known, Home]] = None, {}
    for file in dict.fromkeys(place[0] for place in sheets):
        there = {place: rows for place, rows in sheets.items() if place[0] == file}
        homes = _linked(records, there, near=False)
        if 2 * len(homes) >= len(records) and len(homes) > len(best[1]):
            best = file, _linked(records, there, near=True)
    return best


def _linked(
    records: list[Known], sheets: Mapping[Place, pl.DataFrame], near: bool
) -> dict[Known, Home]:
    """Each record that is found in these sheets, taken as one."""
    from ae_cli.study.versions import followed

    homes: dict[Known, Home] = {}
    for before, of_them in _frames(records) if sheets else ():
        now = _as_one(_without(sheets, homes.values()))
        at = now.select("in_file", "in_sheet", "row").rows()
        for b, n in followed(before, now, near).items():
            file, sheet, row = at[n]
            homes[of_them[b]] = (file, sheet), row
    return homes


def _as_one(sheets: Mapping[Place, pl.DataFrame]) -> pl.DataFrame:
    named = (
        rows.with_columns(in_file=pl.lit(file), in_sheet=pl.lit(sheet))
        for (file, sheet), rows in sheets.items()
    )
    return pl.concat(named, how="diagonal").with_columns(pl.col(pl.String).fill_null(""))


def _frames(records: list[Known]) -> Iterable[tuple[pl.DataFrame, list[Known]]]:
    """The records as frames of the fields that they were remembered with."""
    alike: dict[tuple[str, ...], list[tuple[Known, list[str]]]] = defaultdict(list)
    for record in records:
        said = [pair.partition("=") for pair in record[3].split(" ")[2:]]
        alike[tuple(name for name, _, _ in said)].append((record, [text for *_, text in said]))
    for fields, each in alike.items():
        rows = [(record[2], *texts) for record, texts in each]
        schema = {"row": pl.UInt32, **dict.fromkeys(fields, pl.String)}
        yield pl.DataFrame(rows, schema=schema, orient="row"), [record for record, _ in each]


def _remembered(sheets: Sheets, wanted: Collection[Home]) -> Iterable[tuple[Home, str]]:
    rows: dict[Place, list[int]] = defaultdict(list)
    for place, row in wanted:
        rows[place].append(row)
    for (kind, place), frame in reversed(sheets.items()):  # events last: a sheet may be two kinds
        names = [column for column in frame.columns if column != "row"]
        here = frame.filter(pl.col("row").is_in(rows[place])).select("row", *names)
        for row, *texts in here.iter_rows():
            pairs = (f"{name}={text}" for name, text in zip(names, texts, strict=True))
            yield (place, row), f"{kind} {row} {' '.join(pairs)}"
