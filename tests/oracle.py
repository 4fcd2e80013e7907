"""The table by dose group, counted a second time, in SQL.

Double programming: written from the definitions of the table, without a look at the code of
`ae_cli/reports` and `ae_cli/study`, and without a line of `ae_cli`. Where the two differ, one of
them is wrong, or the definition is.

Files come as rows of text under SDTM or ADaM names, the header first, as in a CSV file. Coded
values are CDISC's own words, in any case. Dates are compared as text: one that is partly known is
filled up with zeros to its earliest moment and with nines to its latest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

Rows = Sequence[Sequence[str | None]]


class Counted(NamedTuple):
    """`n` of `N` participants, with `events`. A share is `events` of `N`."""

    n: int | None
    N: int | None
    events: int | None


Recount = dict[tuple[str, str], Counted | None]  # by row key and group; None: not collected

TOTAL = "Total"
NO_GROUP = "(no group)"
CODED = [
    "AEOCCUR", "AETERM", "AEDECOD", "AETOXGR", "AESEV", "AESER", "AESDTH", "AESLIFE", "AESHOSP",
    "AESDISAB", "AESCONG", "AESMIE", "AEREL", "AEACN", "AECONTRT", "AEDIS", "AEOUT", "AEDLT",
    "TRTEMFL", "SAFFL", "DTHFL",
]  # fmt: skip
# What a column is for, and its names: the first that is there is used.
PURPOSES = {name: [name] for name in ["USUBJID", *CODED]} | {
    "onset": ["AESTDTC", "ASTDT"],
    "ended": ["AEENDTC", "AENDT"],
    "arm": ["TRTA", "TRT01A", "ACTARM", "ARM"],
    "first_dose": ["RFXSTDTC", "TRTSDT"],
    "died_on": ["DTHDTC", "DTHDT"],
    "evaluable": ["DLT evaluable"],
}
ANSWERS = [p for p in PURPOSES if p.startswith("AE") and p != "AEOCCUR"] + ["onset", "ended"]

QUESTIONS = ["AETOXGR", "AESER", "AEREL", "AEACN", "AEOUT", "AECONTRT", "AEDIS", "AEDLT", "AESDTH"]
NO_EVENT = "'NONE', 'NO ADVERSE EVENT', 'NO ADVERSE EVENTS', 'NO AE', 'NIL'"
RELATED = """AEREL IN ('POSSIBLE', 'POSSIBLY RELATED', 'PROBABLE', 'PROBABLY RELATED', 'DEFINITE',
    'DEFINITELY RELATED', 'RELATED', 'NOT ASSESSABLE', 'UNKNOWN')"""
NOT_RELATED = """AEREL IN ('NONE', 'NOT RELATED', 'UNRELATED', 'REMOTE', 'UNLIKELY',
    'UNLIKELY RELATED')"""
FATAL = "AEOUT|AETOXGR|AESDTH"
DEATH = "dm.DTHFL|dm.died_on"  # in the participant file; an event tells only of itself
GRADES = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5"}
SEVERITIES = {"mild": "1", "moderate": "2", "severe": "3"}


class Line(NamedTuple):
    """What a row counts: where, the condition, and the columns it needs (`|`: any one of them)."""

    source: str
    condition: str
    needs: str = ""
    among: str = "1"
    of_blanks: bool = False  # counts those without an entry


ABOUT_EVENTS = {
    "any_ae": Line("with event", "1"),
    "no_ae": Line("without event", "1"),
    "any_sae": Line("with event", "AESER = 'Y'", "AESER"),
    "seriousness_missing": Line("with event", "AESER NOT IN ('Y', 'N')", "AESER", of_blanks=True),
    "sae_death": Line("with event", "AESER = 'Y' AND AESDTH = 'Y'", "AESER AESDTH"),
    "sae_life_threatening": Line("with event", "AESER = 'Y' AND AESLIFE = 'Y'", "AESER AESLIFE"),
    "sae_hospitalisation": Line("with event", "AESER = 'Y' AND AESHOSP = 'Y'", "AESER AESHOSP"),
    "sae_disability": Line("with event", "AESER = 'Y' AND AESDISAB = 'Y'", "AESER AESDISAB"),
    "sae_congenital": Line("with event", "AESER = 'Y' AND AESCONG = 'Y'", "AESER AESCONG"),
    "sae_other": Line("with event", "AESER = 'Y' AND AESMIE = 'Y'", "AESER AESMIE"),
    "any_related": Line("with event", RELATED, "AEREL"),
    "related_grade_3_plus": Line("with event", f"{RELATED} AND level >= 3", "AEREL AETOXGR"),
    "related_sae": Line("with event", f"{RELATED} AND AESER = 'Y'", "AEREL AESER"),
    "relationship_missing": Line(
        "with event", f"NOT {RELATED} AND NOT {NOT_RELATED}", "AEREL", of_blanks=True
    ),
    "dose_interrupted": Line("with event", "AEACN = 'DRUG INTERRUPTED'", "AEACN"),
    "dose_delayed": Line("with event", "AEACN = 'DOSE DELAYED'", "AEACN"),
    "dose_reduced": Line("with event", "AEACN = 'DOSE REDUCED'", "AEACN"),
    "drug_withdrawn": Line("with event", "AEACN = 'DRUG WITHDRAWN'", "AEACN"),
    "study_discontinued": Line("with event", "AEDIS = 'Y'", "AEDIS"),
    "treatment_given": Line("with event", "AECONTRT = 'Y'", "AECONTRT"),
    "fatal_ae": Line("with event", "fatal", FATAL),
    "events": Line("events", "1"),
    "events_serious": Line("events", "AESER = 'Y'", "AESER"),
    "events_serious_share": Line("share", "AESER = 'Y'", "AESER"),
}
BY_GRADE = {
    "any_grade_1_2": Line("with event", "level <= 2", "AETOXGR"),
    "any_grade_3_plus": Line("with event", "level >= 3", "AETOXGR"),
    "worst_grade_1_2": Line("worst", "level <= 2", "AETOXGR"),
    "worst_grade_3_plus": Line("worst", "level >= 3", "AETOXGR"),
    "worst_grade_ungraded": Line("worst", "level IS NULL", "AETOXGR", of_blanks=True),
    "events_ungraded": Line("events", "level IS NULL", "AETOXGR", of_blanks=True),
    "events_grade_1_2_share": Line("share", "level <= 2", "AETOXGR", "level IS NOT NULL"),
}
for grade in GRADES:
    BY_GRADE[f"worst_grade_{grade}"] = Line("worst", f"level = {grade}", "AETOXGR")
    BY_GRADE[f"events_grade_{grade}"] = Line("events", f"level = {grade}", "AETOXGR")
for serious, answer in (("serious", "Y"), ("nonserious", "N")):
    for grade, level in {**GRADES, "ungraded": "NULL"}.items():
        asked = f"AESER = '{answer}' AND level IS {level}"
        BY_GRADE[f"events_{serious}_grade_{grade}"] = Line("events", asked, "AESER AETOXGR")
BY_SEVERITY = {}
for severity, level in {**SEVERITIES, "missing": "NULL"}.items():
    BY_SEVERITY[f"worst_severity_{severity}"] = Line("worst", f"level IS {level}", "AESEV")
    BY_SEVERITY[f"events_severity_{severity}"] = Line("events", f"level IS {level}", "AESEV")

HAD_DLT = "id IN (SELECT id FROM used WHERE AEDLT = 'Y')"
WITHOUT_SAE = "died AND id NOT IN (SELECT id FROM used WHERE AESER = 'Y')"
UNEXPLAINED = "died AND id NOT IN (SELECT id FROM log WHERE fatal)"
ABOUT_PARTICIPANTS = {
    "deaths": Line("participants", "died", DEATH),
    "deaths_without_fatal_ae": Line("participants", UNEXPLAINED, f"{DEATH} {FATAL}"),
    "deaths_without_sae": Line("participants", WITHOUT_SAE, f"{DEATH} AESER"),
    "dlt": Line("participants", HAD_DLT, "AEDLT dm.evaluable", f"evaluable = 'Y' OR {HAD_DLT}"),
}


def recount(
    events: Rows,
    participants: Rows | None = None,
    numbers: Mapping[str, int] | None = None,
    cut_off: str = "9999-99-99",
) -> Recount:
    """Every countable row of the table, for each group and the total.

    Without `participants`, `numbers` may say how many there are in each group. `cut_off` is a day.
    """
    with closing(sqlite3.connect(":memory:")) as db:
        db.create_function("earliest", 1, lambda date: _filled(date, "0000-00-00T00:00:00"))
        db.create_function("latest", 1, lambda date: _filled(date, "9999-99-99T99:99:99"))
        has = _load(db, "ae", events)
        known = _load(db, "dm", participants or [["USUBJID"]])
        _leave_out_empty(db, "ae", has, "TRTEMFL", "SAFFL")
        _leave_out_empty(db, "dm", known, "SAFFL", "first_dose")
        _people(db, known, cut_off)
        if not _is_graded(db):
            has.discard("AETOXGR")
        _log(db, "AETOXGR" in has)
        _used(db, has, participants is not None, cut_off)
        N = _numbers(db, has, participants is not None, numbers)
        return dict(_table(db, has | {f"dm.{name}" for name in known}, N))


def _leave_out_empty(db: sqlite3.Connection, table: str, has: set[str], *columns: str) -> None:
    """A column that decides who or what counts, without one entry, was not collected."""
    for column in columns:
        ((entries,),) = db.execute(f"SELECT count(nullif({column}, '')) FROM {table}")
        if not entries:
            has.discard(column)


def _filled(date: str, most: str) -> str | None:
    """What is known of a date, filled up. Midnight is how a date without a time is exported."""
    known = date[:10] if date[10:] in ("T00:00", "T00:00:00") else date
    return known + most[len(known) :] if date else None


def _load(db: sqlite3.Connection, table: str, rows: Rows) -> set[str]:
    """A column for every purpose, a blank cell ''. Returns the purposes that have a column."""
    header, *body = rows
    at = {
        purpose: header.index(next(name for name in names if name in header))
        for purpose, names in PURPOSES.items()
        if set(names) & set(header)
    }
    db.execute(f"CREATE TABLE {table} ({', '.join(PURPOSES)})")
    for row in body:
        cells = {p: (row[i] or "").strip() for p, i in at.items()}
        values = [cells.get(p, "").upper() if p in CODED else cells.get(p, "") for p in PURPOSES]
        db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    return set(at)


def _people(db: sqlite3.Connection, has: set[str], cut_off: str) -> None:
    """Who counts: by the safety flag; without one by a first dose; without both everyone."""
    counts = "SAFFL = 'Y'" if "SAFFL" in has else "first_dose <> ''" if "first_dose" in has else "1"
    db.execute(f"""
        CREATE TABLE person AS
        SELECT USUBJID AS id, coalesce(nullif(arm, ''), '{NO_GROUP}') AS grp, first_dose,
            upper(evaluable) AS evaluable,
            (DTHFL = 'Y' OR died_on <> '')
                AND NOT coalesce(earliest(died_on) > '{cut_off}T99', 0) AS died
        FROM dm WHERE USUBJID <> '' AND {counts}""")


def _is_graded(db: sqlite3.Connection) -> bool:
    """A grade column without a word in it, beside one of severities, holds no grades."""
    words = ", ".join(f"'{word.upper()}'" for word in SEVERITIES)
    (grades, severities), *_ = db.execute(
        f"SELECT count(nullif(AETOXGR, '')), count(CASE WHEN AESEV IN ({words}) THEN 1 END) FROM ae"
    )
    return bool(grades or not severities)


def _log(db: sqlite3.Connection, graded: bool) -> None:
    """Every row that is an event: no placeholder, not blank in all answers, not of grade 0."""
    words = GRADES if graded else {word.upper(): level for word, level in SEVERITIES.items()}
    happened = "AEOUT = 'FATAL' OR AESDTH = 'Y' OR AESER = 'Y'"  # "none" beside it is wrong
    if graded:
        happened += " OR AETOXGR IN ('1', '2', '3', '4', '5')"
    cases = " ".join(f"WHEN '{word}' THEN {level}" for word, level in words.items())
    db.execute(f"""
        CREATE TABLE log AS
        SELECT *, USUBJID AS id, coalesce(nullif(arm, ''), '{NO_GROUP}') AS own_grp,
            CASE {"AETOXGR" if graded else "AESEV"} {cases} END AS level,
            AEOUT = 'FATAL' OR AETOXGR = '5' OR AESDTH = 'Y' AS fatal
        FROM ae
        WHERE USUBJID <> '' AND AETOXGR <> '0' AND {" || ".join(ANSWERS)} <> '' AND ({happened}
            OR AEOCCUR <> 'N' AND coalesce(nullif(AETERM, ''), AEDECOD) NOT IN ({NO_EVENT}))""")


def _used(db: sqlite3.Connection, has: set[str], people: bool, cut_off: str) -> None:
    """The events that count: of a participant who counts, treatment-emergent, to the cut-off."""
    emergent = "TRTEMFL = 'Y'"
    if "TRTEMFL" not in has:
        emergent = "NOT coalesce(latest(onset) < earliest(dosed), 0)"
    safe = "1" if people else _safe(has)
    joined = "person.grp AS grp, person.first_dose AS dosed FROM log JOIN person USING (id)"
    alone = "own_grp AS grp, '' AS dosed FROM log"
    columns = ", ".join(f"log.{name}" for name in ["id", "level", "fatal", "onset", *CODED])
    db.execute(f"""
        CREATE TABLE used AS SELECT * FROM (SELECT {columns}, {joined if people else alone})
        WHERE {emergent} AND {safe} AND NOT coalesce(earliest(onset) > '{cut_off}T99', 0)""")


def _safe(has: set[str]) -> str:
    """Without participants the log's own flag tells who is in the safety population."""
    return "SAFFL = 'Y'" if "SAFFL" in has else "1"


def _numbers(
    db: sqlite3.Connection, has: set[str], people: bool, given: Mapping[str, int] | None
) -> dict[str, int | None]:
    """N of each group and in total. A group without an event that counts keeps its column."""
    if people or given is not None:
        N = dict(given or db.execute("SELECT grp, count(DISTINCT id) FROM person GROUP BY grp"))
        return {**N, TOTAL: sum(N.values())}
    named = f"SELECT coalesce(nullif(arm, ''), '{NO_GROUP}') FROM ae WHERE USUBJID <> ''"
    named += f" AND {_safe(has)}"
    return {**{group: None for (group,) in db.execute(named)}, TOTAL: None}


def _table(
    db: sqlite3.Connection, has: set[str], N: Mapping[str, int | None]
) -> Iterator[tuple[tuple[str, str], Counted | None]]:
    """The rows, each for all groups at once. In the views `col` is the group, and then Total."""
    for view, table in (("placed", "used"), ("members", "person")):
        db.execute(f"""CREATE VIEW {view} AS SELECT *, grp AS col FROM {table}
            UNION ALL SELECT *, '{TOTAL}' FROM {table}""")
    db.execute("""CREATE VIEW worst AS
        SELECT col, id, max(level) AS level FROM placed GROUP BY col, id""")
    lines = ABOUT_EVENTS | ABOUT_PARTICIPANTS | BY_GRADE
    if "AETOXGR" not in has and "AESEV" in has:
        lines |= BY_SEVERITY
    if None in N.values():
        del lines["no_ae"]
    blank = _blank(db, has)
    for key, line in lines.items():
        filled = has if line.of_blanks else has - blank
        there = all(set(any_of.split("|")) & filled for any_of in line.needs.split())
        cells = _cells(db, line, N) if there else {}
        yield from (((key, group), cells.get(group)) for group in N)


def _blank(db: sqlite3.Connection, has: set[str]) -> set[str]:
    """Questions without one entry in the events that count: their column was not filled in."""
    query = ", ".join(f"count(*) > 0 AND count(nullif({name}, '')) = 0" for name in QUESTIONS)
    (answers,) = db.execute(f"SELECT {query} FROM used")
    blank = {name for name, blank in zip(QUESTIONS, answers, strict=True) if blank}
    asked_of_all = "AESER" in has and "AESER" not in blank  # else a blank reason says nothing
    return blank - ({"AESDTH"} if asked_of_all else set())


def _cells(db: sqlite3.Connection, line: Line, N: Mapping[str, int | None]) -> dict[str, Counted]:
    """One row of the table."""

    def count(what: str, source: str, condition: str) -> dict[str, int]:
        query = f"SELECT col, {what} FROM {source} WHERE {condition} GROUP BY col"
        return dict.fromkeys(N, 0) | dict(db.execute(query))

    people, both = "count(DISTINCT id)", f"({line.condition}) AND ({line.among})"
    if line.source == "participants":
        n, of = count(people, "members", both), count(people, "members", line.among)
        return {g: Counted(n[g], of[g], None) for g in N}
    if line.source == "worst":
        n = count(people, "worst", both)
        return {g: Counted(n[g], N[g], None) for g in N}
    n, events = count(people, "placed", both), count("count(*)", "placed", both)
    if line.source == "events":
        return {g: Counted(None, None, events[g]) for g in N}
    if line.source == "share":
        of = count("count(*)", "placed", line.among)
        return {g: Counted(None, of[g], events[g]) for g in N}
    if line.source == "without event":
        return {g: Counted((N[g] or 0) - n[g], N[g], None) for g in N}
    return {g: Counted(n[g], N[g], events[g]) for g in N}
