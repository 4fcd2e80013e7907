"""The table by dose group, counted a second time, in SQL.

Double programming: written from the definitions of the table, without a look at `ae_cli/reports` or
`ae_cli/study`, and without a line of `ae_cli`. Where the two differ, one of them is wrong, or the
definition is.

Files come as rows of text under SDTM or ADaM names, the header first, as in a CSV file. Coded values
are CDISC's own words, in any case. Dates are compared as text: one that is partly known is filled up
with zeros to its earliest moment and with nines to its latest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

Rows = Sequence[Sequence[str | None]]


class Counted(NamedTuple):
    """`n` of `N` participants with `events`. A row of events has `events`, a share `events` of `N`."""

    n: int | None
    N: int | None
    events: int | None


Recount = dict[tuple[str, str], Counted | None]  # by row key and group; None: not collected

TOTAL = "Total"
NO_GROUP = "(no group)"
CODED = """AEOCCUR AETERM AEDECOD AETOXGR AESEV AESER AESDTH AESLIFE AESHOSP AESDISAB AESCONG AESMIE
    AEREL AEACN AECONTRT AEDIS AEOUT AEDLT TRTEMFL SAFFL DTHFL DLTEVLFL""".split()
DATES = "AESTDTC ASTDT AEENDTC AENDT RFXSTDTC TRTSDT DTHDTC DTHDT".split()
NAMES = "USUBJID TRTA TRT01A ACTARM ARM".split()

NO_EVENT = "'NONE', 'NO ADVERSE EVENT', 'NO ADVERSE EVENTS', 'NO AE', 'NIL'"
RELATED = """'POSSIBLE', 'POSSIBLY RELATED', 'PROBABLE', 'PROBABLY RELATED', 'DEFINITE',
    'DEFINITELY RELATED', 'RELATED', 'NOT ASSESSABLE', 'UNKNOWN'"""
NOT_RELATED = "'NONE', 'NOT RELATED', 'UNRELATED', 'REMOTE', 'UNLIKELY', 'UNLIKELY RELATED'"
FATAL = "AEOUT|AETOXGR|AESDTH"
GRADES = dict(zip("12345", range(1, 6), strict=True)) | {"ungraded": None}
SEVERITIES = {"mild": 1, "moderate": 2, "severe": 3, "missing": None}

# Participants with an event such as this: condition, and the columns it needs (`|`: any of them).
WITH_EVENT = {
    "any_ae": ("1", ""),
    "any_grade_1_2": ("level <= 2", "AETOXGR"),
    "any_grade_3_plus": ("level >= 3", "AETOXGR"),
    "any_sae": ("AESER = 'Y'", "AESER"),
    "seriousness_missing": ("AESER NOT IN ('Y', 'N')", "AESER"),
    "sae_death": ("AESER = 'Y' AND AESDTH = 'Y'", "AESER AESDTH"),
    "sae_life_threatening": ("AESER = 'Y' AND AESLIFE = 'Y'", "AESER AESLIFE"),
    "sae_hospitalisation": ("AESER = 'Y' AND AESHOSP = 'Y'", "AESER AESHOSP"),
    "sae_disability": ("AESER = 'Y' AND AESDISAB = 'Y'", "AESER AESDISAB"),
    "sae_congenital": ("AESER = 'Y' AND AESCONG = 'Y'", "AESER AESCONG"),
    "sae_other": ("AESER = 'Y' AND AESMIE = 'Y'", "AESER AESMIE"),
    "any_related": (f"AEREL IN ({RELATED})", "AEREL"),
    "related_grade_3_plus": (f"AEREL IN ({RELATED}) AND level >= 3", "AEREL AETOXGR"),
    "related_sae": (f"AEREL IN ({RELATED}) AND AESER = 'Y'", "AEREL AESER"),
    "relationship_missing": (f"AEREL NOT IN ({RELATED}, {NOT_RELATED})", "AEREL"),
    "dose_interrupted": ("AEACN = 'DRUG INTERRUPTED'", "AEACN"),
    "dose_delayed": ("AEACN = 'DOSE DELAYED'", "AEACN"),
    "dose_reduced": ("AEACN = 'DOSE REDUCED'", "AEACN"),
    "drug_withdrawn": ("AEACN = 'DRUG WITHDRAWN'", "AEACN"),
    "study_discontinued": ("AEDIS = 'Y'", "AEDIS"),
    "treatment_given": ("AECONTRT = 'Y'", "AECONTRT"),
    "fatal_ae": ("fatal", FATAL),
}
# Shares of events: condition, among which, and the columns needed.
SHARES = {
    "events_grade_1_2_share": ("level <= 2", "level IS NOT NULL", "AETOXGR"),
    "events_serious_share": ("AESER = 'Y'", "1", "AESER"),
}
# Participants by what is known of them: condition, of which participants, and the columns needed.
OF_PEOPLE = {
    "deaths": ("died", "1", "DTHFL|DTHDTC|DTHDT"),
    "deaths_without_fatal_ae": (
        "died AND id NOT IN (SELECT id FROM log WHERE fatal)", "1",
        f"DTHFL|DTHDTC|DTHDT {FATAL}",
    ),
    "dlt": (
        "id IN (SELECT id FROM used WHERE AEDLT = 'Y')",
        "DLTEVLFL = 'Y' OR id IN (SELECT id FROM used WHERE AEDLT = 'Y')",
        "AEDLT DLTEVLFL",
    ),
}  # fmt: skip


def recount(
    events: Rows,
    participants: Rows | None = None,
    numbers: Mapping[str, int] | None = None,
    cut_off: str | None = None,
) -> Recount:
    """Every countable row of the table, for each group and the total.

    Without `participants`, `numbers` may say how many there are in each group. `cut_off` is a day.
    """
    with closing(sqlite3.connect(":memory:")) as db:
        has = _load(db, "ae", events)
        people = _load(db, "dm", participants) if participants is not None else None
        _select(db, has, people, cut_off)
        N = _numbers(db, people, numbers)
        return dict(_table(db, has | (people or set()), N, people is not None))


def _load(db: sqlite3.Connection, table: str, rows: Rows) -> set[str]:
    """A table of every column there can be; blank cells are ''. Returns those that are there."""
    header = [str(name) for name in rows[0]]
    known = [*CODED, *DATES, *NAMES]
    at = {name: header.index(name) for name in known if name in header}
    db.execute(f"CREATE TABLE {table} ({', '.join(f'{name} TEXT' for name in known)})")
    for row in rows[1:]:
        cells = {name: (row[i] or "").strip() for name, i in at.items()}
        values = [cells.get(n, "").upper() if n in CODED else cells.get(n, "") for n in known]
        db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(known))})", values)
    return set(at)


def _first(has: set[str], *names: str) -> str:
    """The first of these columns that is there."""
    return next((name for name in names if name in has), "''")


def _earliest(date: str) -> str:
    return f"({_day(date)} || substr('0000-00-00T00:00:00', length({_day(date)}) + 1))"


def _latest(date: str) -> str:
    return f"({_day(date)} || substr('9999-99-99T99:99:99', length({_day(date)}) + 1))"


def _day(date: str) -> str:
    """Midnight is how a date without a clock time is exported."""
    return f"CASE WHEN {date} LIKE '%T00:00%' THEN substr({date}, 1, 10) ELSE {date} END"


def _select(
    db: sqlite3.Connection, has: set[str], people: set[str] | None, cut_off: str | None
) -> None:
    """Who counts (`person`), all rows that are events (`log`), and those that count (`used`)."""
    given = people or set()
    dose, died_on = _first(given, "RFXSTDTC", "TRTSDT"), _first(given, "DTHDTC", "DTHDT")
    safe = "SAFFL = 'Y'" if "SAFFL" in given else f"{dose} <> ''" if dose != "''" else "1"
    late = f"> '{cut_off}T99'" if cut_off else "IS NULL"
    db.execute(f"""CREATE TABLE person AS SELECT USUBJID AS id, DLTEVLFL, {dose} AS first_dose,
        coalesce(nullif({_first(given, "TRT01A", "ACTARM", "ARM")}, ''), '{NO_GROUP}') AS grp,
        (DTHFL = 'Y' OR {died_on} <> '')
        AND NOT ({died_on} <> '' AND {_earliest(died_on)} {late}) AS died
        FROM {"dm" if people is not None else "ae WHERE 0 AND"}
        {"WHERE" if people is not None else ""} USUBJID <> '' AND {safe}""")

    onset, ended = _first(has, "AESTDTC", "ASTDT"), _first(has, "AEENDTC", "AENDT")
    level = "AETOXGR" if "AETOXGR" in has else "AESEV"
    said = [n for n in CODED if n[:2] == "AE" and n != "AEOCCUR"]
    db.execute(f"""CREATE TABLE log AS SELECT ae.*, USUBJID AS id, {onset} AS onset,
        CASE {level} WHEN '1' THEN 1 WHEN '2' THEN 2 WHEN '3' THEN 3 WHEN '4' THEN 4 WHEN '5' THEN 5
        WHEN 'MILD' THEN 1 WHEN 'MODERATE' THEN 2 WHEN 'SEVERE' THEN 3 END AS level,
        AEOUT = 'FATAL' OR AETOXGR = '5' OR AESDTH = 'Y' AS fatal
        FROM ae WHERE AETOXGR <> '0' AND AEOCCUR <> 'N'
        AND coalesce(nullif(AETERM, ''), AEDECOD) NOT IN ({NO_EVENT})
        AND {" || ".join([*said, onset, ended])} <> ''""")

    emergent = "1"
    if "TRTEMFL" in has:
        emergent = "TRTEMFL = 'Y'"
    elif dose != "''":
        emergent = f"onset = '' OR first_dose = '' OR {_latest('onset')} >= {_earliest('first_dose')}"
    inside = f"({emergent}) AND NOT (onset <> '' AND {_earliest('onset')} {late})"
    if people is not None:
        source = "log JOIN person USING (id)"
    else:
        source = f"(SELECT *, coalesce(nullif(TRTA, ''), '{NO_GROUP}') AS grp FROM log) WHERE id <> ''"
        inside += " AND SAFFL = 'Y'" if "SAFFL" in has else ""
    db.execute(f"""CREATE TABLE used AS SELECT * FROM {source}
        {"AND" if people is None else "WHERE"} {inside}""")


def _numbers(
    db: sqlite3.Connection, people: set[str] | None, given: Mapping[str, int] | None
) -> dict[str, int | None]:
    if people is None and given is None:
        known = {g: None for (g,) in db.execute("SELECT DISTINCT grp FROM used")}
        return {**known, TOTAL: None}
    N = dict(given or db.execute("SELECT grp, count(DISTINCT id) FROM person GROUP BY grp"))
    return {**N, TOTAL: sum(N.values())}
