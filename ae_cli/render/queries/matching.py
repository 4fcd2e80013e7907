"""Which finding of a run is which query: a query follows the record it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ae_cli.findings import Finding
from ae_cli.render.queries import cells
from ae_cli.render.queries.book import QueryLog
from ae_cli.render.queries.seen import Home, Seen, cited, place, plain, rows_of

Rows = Mapping[str, Sequence[int]]  # the rows of each query
Matched = dict[str, Finding]


def matching(log: QueryLog, rows: Rows, seen: Seen) -> tuple[Matched, list[Finding]]:
    """The finding of each query that has one now, and the findings that no query is about.

    A query whose record is known has a finding of its rule and fields where that record stands
    now. Others go by the key: those that say the same, then the only one that is left.
    """
    found = _at_home(log, rows, seen)
    met = set(found.values())
    left = [n for n in range(len(seen.findings)) if n not in met]
    waiting = {key: lines for key, lines in rows.items() if key not in found}
    found |= _by_key(log, waiting, left, seen)
    met = set(found.values())
    new = [finding for n, finding in enumerate(seen.findings) if n not in met]
    return {key: seen.findings[n] for key, n in found.items()}, new


def root(key: str) -> str:
    """A key without the number of records that cannot be told apart."""
    return key.partition("-")[0]


def _at_home(log: QueryLog, rows: Rows, seen: Seen) -> dict[str, int]:
    """By its key the finding of each query whose record is there."""
    there: dict[tuple[str, Home], list[int]] = defaultdict(list)
    for n, finding in enumerate(seen.findings):
        for row in finding.rows or (finding.row or 0,):
            there[finding.rule, (place(finding), row)].append(n)
    found: dict[str, int] = {}
    met: set[int] = set()
    for alike in (True, False):  # of the same fields, then the only one that is left
        for key in rows:
            home = seen.homes.get(key)
            if key in found or home is None:
                continue
            here = [n for n in there[log.told(rows[key][0], "rule"), home] if n not in met]
            about = [n for n in here if seen.findings[n].fields == log.memory[key].fields]
            chosen = about if alike else here if len(here) == 1 else []
            if chosen:
                found[key] = chosen[0]
                met.add(chosen[0])
    return found


def _by_key(log: QueryLog, rows: Rows, left: Sequence[int], seen: Seen) -> dict[str, int]:
    """The same for the queries of several rows or of none, and those whose record nobody knows."""
    waiting: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, lines in rows.items():
        file, sheet = (log.told(lines[0], column) for column in ("file", "sheet"))
        waiting[file, sheet, root(key)].append(key)
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n in left:
        finding = seen.findings[n]
        alike[(*place(finding), root(finding.key))].append(n)
    found: dict[str, int] = {}
    for at, group in alike.items():
        keys = waiting.get(at, [])
        unknown = [key for key in keys if key not in seen.homes]
        found |= dict(_paired(log, rows, unknown, group, seen.findings))
        known = [key for key in keys if key in seen.homes]
        met = {found[key] for key in unknown if key in found}
        several = [n for n in group if n not in met and len(seen.findings[n].rows) > 1]
        found |= dict(_paired(log, rows, known, several, seen.findings))
    return found


def _paired(
    log: QueryLog,
    rows: Rows,
    keys: Sequence[str],
    group: Sequence[int],
    findings: Sequence[Finding],
) -> Iterator[tuple[str, int]]:
    """Of alike keys those that say the same, in the same row first; then the only one left."""
    keys, group = list(keys), list(group)
    for by_row in (True, False):
        says: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for key in keys:
            says[_says(log, rows[key][0], by_row)].append(key)
        for n in [*group]:
            if same := says.get(_said(findings[n], log.language, by_row)):
                keys.remove(same[0])
                group.remove(n)
                yield same.pop(0), n
    if len(keys) == len(group) == 1:
        yield keys[0], group[0]


def _says(log: QueryLog, row: int, with_row: bool) -> tuple[str, ...]:
    texts = (log.told(row, column) for column in ("term", "values", "row"))
    return tuple(texts) if with_row else tuple(texts)[:2]


def _said(finding: Finding, language: str, with_row: bool) -> tuple[str, ...]:
    texts = (finding.term or "", cited(finding, language)[1], cells.text(rows_of(finding)))
    return tuple(map(plain, texts if with_row else texts[:2]))
