"""From the findings of a run to the rows of a query log."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ae_cli.errors import InputError
from ae_cli.findings import Finding
from ae_cli.render.queries import cells
from ae_cli.render.queries.book import LAST, QueryLog, Written
from ae_cli.render.queries.matching import matching, root
from ae_cli.render.queries.seen import Seen, cited, place, rows_of
from ae_cli.render.queries.words import OURS, SEVERITIES, STATES, TYPED, WIDTHS, State
from ae_cli.render.xlsx import kept
from ae_cli.render.xlsx.styles import STYLES

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
OTHER_FILE, NOT_CHECKED, NO_COLUMN = "of a file not read", "not checked", "of a column not there"


@dataclass
class Updated:
    """What became of the queries: how many in each state, and how many were left, by the reason.

    `rules` are those of the queries that could not be checked; `places` the files not read.
    """

    states: Counter[State] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    rules: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    memory: dict[str, Written] = field(default_factory=dict)


def update(log: QueryLog, seen: Seen) -> Updated:
    """Bring a query log up to date. Raises InputError for more queries than a sheet has rows."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, key in log.queries():
        rows[key].append(row)
    matched, new = matching(log, rows, seen)
    found, last = Updated(), log.last()
    if last + len(new) > LAST:
        raise InputError(
            "there are more queries than a sheet of Excel has rows", "check fewer logs"
        )
    for key, lines in rows.items():
        state = _state(log, lines[0], key)
        if key in matched:
            state = State.REOPENED if state is State.RESOLVED else State.OPEN
            found.memory[key] = _told(log, lines, key, matched[key], state, seen)
        else:
            state = _gone(log, lines[0], key, state, seen, found)
            found.memory[key] = _stated(log, lines, key, state, seen)
        found.states[state] += 1
    for row, (key, finding) in enumerate(_keyed(new, rows), last + 1):
        found.memory[key] = _told(log, [row], key, finding, State.NEW, seen)
        found.states[State.NEW] += 1
    return found


def _keyed(new: Iterable[Finding], used: Mapping[str, list[int]]) -> Iterable[tuple[str, Finding]]:
    """Each new finding under a key that no query has."""
    taken = set(used)
    for finding in new:
        key, n = finding.key, 1
        while key in taken:
            n += 1
            key = f"{root(finding.key)}-{n}"
        taken.add(key)
        yield key, finding


def _state(log: QueryLog, row: int, key: str) -> State:
    """The state a query was in."""
    if key in log.memory:
        return log.memory[key].state
    words = {word: state for state, word in STATES[log.language].items()}
    return words.get(log.told(row, "state"), State.OPEN)


def _gone(log: QueryLog, row: int, key: str, state: State, seen: Seen, found: Updated) -> State:
    """The state of a query whose finding was not met: resolved, if it would have been."""
    if state is State.RESOLVED:
        return state
    home = seen.homes.get(key)
    at = home[0] if home else (log.told(row, "file"), log.told(row, "sheet"))
    rule = log.told(row, "rule")
    fields = log.memory[key].fields if key in log.memory else ()
    if at not in seen.read:
        found.left[OTHER_FILE] += 1
        found.places.add(" ".join(filter(None, (at[0], at[1] and f"[{at[1]}]"))))
    elif rule not in seen.checked:
        found.left[NOT_CHECKED] += 1
        found.rules.add(rule)
    elif fields and not seen.read[at] & set(fields):
        found.left[NO_COLUMN] += 1
    else:
        return State.RESOLVED
    return state


def _told(
    log: QueryLog, rows: Iterable[int], key: str, finding: Finding, state: State, seen: Seen
) -> Written:
    """Write what is known of a query into its rows."""
    values = _values(log, key, finding, state, seen.day)
    old = log.memory.get(key)
    for row in rows:
        fresh = not log.told(row, "key")
        for column, value in values.items():
            if column != "first" or fresh:
                _put(log, row, column, value, old, seen.day)
        _look(log, row, finding, values) if fresh else None
    first = {} if old is None else {"first": old.digests["first"]}
    digests = {column: cells.digest(value) for column, value in values.items()} | first
    record = seen.records.get((place(finding), finding.row or 0), "")
    return Written(state, finding.fields, digests, record)


def _stated(log: QueryLog, rows: Iterable[int], key: str, state: State, seen: Seen) -> Written:
    """Write the state: the finding was not met, and all else stays as it was last known.

    But where its record moved, so that it is found again if it is asked about again.
    """
    old, home = log.memory.get(key), seen.homes.get(key)
    values: dict[str, cells.Value] = {"state": STATES[log.language][state]}
    if home:
        values |= {"file": home[0][0], "sheet": home[0][1] or None}
    for row in rows:
        for column, value in values.items():
            _put(log, row, column, value, old, seen.day)
    unknown = dict.fromkeys(OURS, "")  # what stands there may be a person's
    written = {column: cells.digest(value) for column, value in values.items()}
    digests = {**(old.digests if old else unknown), **written}
    record = seen.records.get(home, "") if home else old.record if old else ""
    return Written(state, old.fields if old else (), digests, record)


def _values(
    log: QueryLog, key: str, finding: Finding, state: State, day: date
) -> dict[str, cells.Value]:
    columns, values = cited(finding, log.language)
    told: dict[str, cells.Value] = {
        "key": key, "state": STATES[log.language][state],
        "severity": SEVERITIES[log.language][finding.severity], "rule": finding.rule,
        "question": finding.question or finding.message, "file": finding.file,
        "sheet": finding.sheet, "row": rows_of(finding), "site": finding.site,
        "subject": finding.subject,
        "term": finding.term, "columns": columns, "values": values,
        "first": day, "last": day,
    }  # fmt: skip
    return {column: cells.shown(told[column], log.language) or None for column in OURS}


def _put(
    log: QueryLog, row: int, column: str, value: cells.Value, old: Written | None, day: date
) -> None:
    """Bring a cell up to date; what a person wrote into it stays, or moves where it is seen."""
    cell = log.cell(row, column)
    there = cells.text(cell.value)
    if there == cells.text(value):
        return
    if there.strip() and not _ours(log, column, there, old):
        if column == "question":
            return
        status = log.cell(row, "status")
        if column == "state" and status.value is None:
            kept.put(status, there)
        else:
            kept.note(cell, TYPED[log.language].format(day=day, text=there))
    kept.put(cell, value)


def _ours(log: QueryLog, column: str, there: str, old: Written | None) -> bool:
    """Whether ae-cli wrote this. Where that is no longer known, a state and a day may be ours."""
    if old and old.digests[column]:
        return old.digests[column] == cells.digest(there)
    if column == "state":
        return there in STATES[log.language].values()
    return column in ("first", "last") and bool(_DAY.fullmatch(there))


def _look(log: QueryLog, row: int, finding: Finding, values: Mapping[str, cells.Value]) -> None:
    """The look of a new row."""
    for column in log.at:
        cell = log.cell(row, column)
        kept.dress(cell, STYLES[finding.severity if column == "severity" else "text"])
        if isinstance(cell.value, date):
            cell.number_format = "yyyy-mm-dd"
    texts = [cells.text(values.get(column)) for column in WIDTHS]
    log.page.row_dimensions[row].height = kept.tall(texts, WIDTHS.values())
