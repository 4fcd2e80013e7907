"""The table by dose group, counted a second time, in SQL.

Double programming: written from the definitions of the table, without a look at the code of
`ae_cli/reports` and `ae_cli/study`, and without a line of `ae_cli`. Where the two differ, one of
them is wrong, or the definition is.

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
    AEREL AEACN AECONTRT AEDIS AEOUT AEDLT TRTEMFL SAFFL DTHFL""".split()
# What a column is for, and its names: the first that is there is used.
PURPOSES = {name: [name] for name in ["USUBJID", "TRTA", *CODED]} | {
    "onset": ["AESTDTC", "ASTDT"],
    "ended": ["AEENDTC", "AENDT"],
    "arm": ["TRT01A", "ACTARM", "ARM"],
    "first_dose": ["RFXSTDTC", "TRTSDT"],
    "died_on": ["DTHDTC", "DTHDT"],
    "evaluable": ["DLT evaluable"],
}
ANSWERS = [p for p in PURPOSES if p.startswith("AE") and p != "AEOCCUR"] + ["onset", "ended"]

NO_EVENT = "'NONE', 'NO ADVERSE EVENT', 'NO ADVERSE EVENTS', 'NO AE', 'NIL'"
RELATED = """AEREL IN ('POSSIBLE', 'POSSIBLY RELATED', 'PROBABLE', 'PROBABLY RELATED', 'DEFINITE',
    'DEFINITELY RELATED', 'RELATED', 'NOT ASSESSABLE', 'UNKNOWN')"""
NOT_RELATED = """AEREL IN ('NONE', 'NOT RELATED', 'UNRELATED', 'REMOTE', 'UNLIKELY',
    'UNLIKELY RELATED')"""
FATAL = "AEOUT|AETOXGR|AESDTH"
GRADES = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
SEVERITIES = {"mild": 1, "moderate": 2, "severe": 3}

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
    "any_related": (RELATED, "AEREL"),
    "related_grade_3_plus": (f"{RELATED} AND level >= 3", "AEREL AETOXGR"),
    "related_sae": (f"{RELATED} AND AESER = 'Y'", "AEREL AESER"),
    "relationship_missing": (f"NOT {RELATED} AND NOT {NOT_RELATED}", "AEREL"),
    "dose_interrupted": ("AEACN = 'DRUG INTERRUPTED'", "AEACN"),
    "dose_delayed": ("AEACN = 'DOSE DELAYED'", "AEACN"),
    "dose_reduced": ("AEACN = 'DOSE REDUCED'", "AEACN"),
    "drug_withdrawn": ("AEACN = 'DRUG WITHDRAWN'", "AEACN"),
    "study_discontinued": ("AEDIS = 'Y'", "AEDIS"),
    "treatment_given": ("AECONTRT = 'Y'", "AECONTRT"),
    "fatal_ae": ("fatal", FATAL),
}
# Numbers of events, beside those by grade or severity.
OF_EVENTS = {"events": ("1", ""), "events_serious": ("AESER = 'Y'", "AESER")} | {
    f"events_{serious}_grade_{grade or 'ungraded'}": (
        f"AESER = '{answer}' AND level IS {grade or 'NULL'}",
        "AESER AETOXGR",
    )
    for serious, answer in (("serious", "Y"), ("nonserious", "N"))
    for grade in [*GRADES.values(), None]
}
# Shares of events: condition, among which, and the columns needed.
SHARES = {
    "events_grade_1_2_share": ("level <= 2", "level IS NOT NULL", "AETOXGR"),
    "events_serious_share": ("AESER = 'Y'", "1", "AESER"),
}
# Participants by what is known of them: condition, of which participants, and the columns needed.
HAD_DLT = "id IN (SELECT id FROM used WHERE AEDLT = 'Y')"
OF_PARTICIPANTS = {
    "deaths": ("died", "1", "DTHFL|died_on"),
    "deaths_without_fatal_ae": (
        "died AND id NOT IN (SELECT id FROM log WHERE fatal)",
        "1",
        f"DTHFL|died_on {FATAL}",
    ),
    "dlt": (HAD_DLT, f"evaluable = 'Y' OR {HAD_DLT}", "AEDLT evaluable"),
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
        _people(db, known, cut_off)
        _log(db, "AETOXGR" in has)
        _used(db, has, participants is not None, cut_off)
        N = _numbers(db, participants is not None, numbers)
        return dict(_Table(db, has | known, N).rows())


def _filled(date: str, most: str) -> str | None:
    """A date as far as it is known, filled up. Midnight is how a date without a time is exported."""
    known = date[:10] if date[10:] in ("T00:00", "T00:00:00") else date
    return known + most[len(known) :] if date else None


def _load(db: sqlite3.Connection, table: str, rows: Rows) -> set[str]:
    """A column for every purpose, a blank cell ''. Returns the purposes the file has a column for."""
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


def _log(db: sqlite3.Connection, graded: bool) -> None:
    """Every row that is an event: no placeholder, not blank in all answers, not of grade 0."""
    words = GRADES if graded else {word.upper(): level for word, level in SEVERITIES.items()}
    cases = " ".join(f"WHEN '{word}' THEN {level}" for word, level in words.items())
    db.execute(f"""
        CREATE TABLE log AS
        SELECT *, USUBJID AS id, coalesce(nullif(TRTA, ''), '{NO_GROUP}') AS own_grp,
            CASE {"AETOXGR" if graded else "AESEV"} {cases} END AS level,
            AEOUT = 'FATAL' OR AETOXGR = '5' OR AESDTH = 'Y' AS fatal
        FROM ae
        WHERE USUBJID <> '' AND AEOCCUR <> 'N' AND AETOXGR <> '0' AND {" || ".join(ANSWERS)} <> ''
            AND coalesce(nullif(AETERM, ''), AEDECOD) NOT IN ({NO_EVENT})""")


def _used(db: sqlite3.Connection, has: set[str], people: bool, cut_off: str) -> None:
    """The events that count: of a participant who counts, treatment-emergent, to the cut-off."""
    emergent = "TRTEMFL = 'Y'"
    if "TRTEMFL" not in has:
        emergent = "NOT coalesce(latest(onset) < earliest(first_dose), 0)" if people else "1"
    safe = "SAFFL = 'Y'" if "SAFFL" in has and not people else "1"
    grp, source = ("grp", "log JOIN person USING (id)") if people else ("own_grp", "log")
    columns = ", ".join(f"log.{name}" for name in ["id", "level", "fatal", "onset", *CODED])
    db.execute(f"""
        CREATE TABLE used AS
        SELECT * FROM (SELECT {columns}, {grp} AS grp{", first_dose" * people} FROM {source})
        WHERE {emergent} AND {safe} AND NOT coalesce(earliest(onset) > '{cut_off}T99', 0)""")


def _numbers(
    db: sqlite3.Connection, people: bool, given: Mapping[str, int] | None
) -> dict[str, int | None]:
    """N of each group and in total."""
    if not people and given is None:
        return {**{g: None for (g,) in db.execute("SELECT DISTINCT grp FROM used")}, TOTAL: None}
    N = dict(given or db.execute("SELECT grp, count(DISTINCT id) FROM person GROUP BY grp"))
    return {**N, TOTAL: sum(N.values())}


class _Table:
    """The rows, each for all groups at once. In every view `col` is the group, and then Total."""

    def __init__(self, db: sqlite3.Connection, has: set[str], N: dict[str, int | None]) -> None:
        self.db, self.has, self.N = db, has, N
        for view, table in (("placed", "used"), ("members", "person")):
            db.execute(f"""CREATE VIEW {view} AS SELECT *, grp AS col FROM {table}
                UNION ALL SELECT *, '{TOTAL}' FROM {table}""")
        db.execute("""CREATE VIEW worst AS
            SELECT col, id, max(level) AS level FROM placed GROUP BY col, id""")

    def rows(self) -> Iterator[tuple[tuple[str, str], Counted | None]]:
        counted = {**dict(self.with_event()), **dict(self.by_level())}
        counted |= {**dict(self.of_events()), **dict(self.of_participants())}
        for key, by_group in counted.items():
            yield from (((key, g), by_group[g] if by_group else None) for g in self.N)

    def with_event(self) -> Iterator[tuple[str, dict[str, Counted] | None]]:
        for key, (condition, needs) in WITH_EVENT.items():
            n = self.count("count(DISTINCT id)", "placed", condition)
            events = self.count("count(*)", "placed", condition)
            found = {g: Counted(n[g], N, events[g]) for g, N in self.N.items()}
            yield key, found if self.collected(needs) else None
            if key == "any_ae" and self.N[TOTAL] is not None:
                yield "no_ae", {g: Counted((N or 0) - n[g], N, None) for g, N in self.N.items()}

    def by_level(self) -> Iterator[tuple[str, dict[str, Counted] | None]]:
        """Participants by worst grade, and events by grade; or by severity where no grades are."""
        if "AETOXGR" in self.has or "AESEV" not in self.has:
            yield from self.scale("grade", "grade_ungraded", "ungraded", GRADES)
            yield "worst_grade_1_2", self.worst("level <= 2")
            yield "worst_grade_3_plus", self.worst("level >= 3")
        else:
            yield from self.scale("severity", "severity_missing", "severity_missing", SEVERITIES)

    def scale(
        self, name: str, worst_blank: str, events_blank: str, levels: Mapping[str, int]
    ) -> Iterator[tuple[str, dict[str, Counted] | None]]:
        for word, level in levels.items():
            yield f"worst_{name}_{word}", self.worst(f"level = {level}")
            yield f"events_{name}_{word}", self.number(f"level = {level}")
        yield f"worst_{worst_blank}", self.worst("level IS NULL")
        yield f"events_{events_blank}", self.number("level IS NULL")

    def worst(self, condition: str) -> dict[str, Counted] | None:
        n = self.count("count(*)", "worst", condition)
        found = {g: Counted(n[g], N, None) for g, N in self.N.items()}
        return found if self.collected("AETOXGR|AESEV") else None

    def number(self, condition: str) -> dict[str, Counted] | None:
        found = self.count("count(*)", "placed", condition)
        there = self.collected("AETOXGR|AESEV")
        return {g: Counted(None, None, n) for g, n in found.items()} if there else None

    def of_events(self) -> Iterator[tuple[str, dict[str, Counted] | None]]:
        for key, (condition, needs) in OF_EVENTS.items():
            found = self.count("count(*)", "placed", condition)
            numbers = {g: Counted(None, None, n) for g, n in found.items()}
            yield key, numbers if self.collected(needs) else None
        for key, (condition, among, needs) in SHARES.items():
            part = self.count("count(*)", "placed", condition)
            whole = self.count("count(*)", "placed", among)
            shares = {g: Counted(None, whole[g], part[g]) for g in self.N}
            yield key, shares if self.collected(needs) else None

    def of_participants(self) -> Iterator[tuple[str, dict[str, Counted] | None]]:
        for key, (condition, among, needs) in OF_PARTICIPANTS.items():
            n = self.count("count(DISTINCT id)", "members", f"({condition}) AND ({among})")
            N = self.count("count(DISTINCT id)", "members", among)
            found = {g: Counted(n[g], N[g], None) for g in self.N}
            yield key, found if self.collected(needs) else None

    def count(self, what: str, source: str, condition: str) -> dict[str, int]:
        query = f"SELECT col, {what} FROM {source} WHERE {condition} GROUP BY col"
        found = dict(self.db.execute(query))
        return {g: found.get(g, 0) for g in self.N}

    def collected(self, needs: str) -> bool:
        """Whether the files have these columns."""
        return all(set(any_of.split("|")) & self.has for any_of in needs.split())
