"""Deaths: what every source says of each, in words, where they do not agree.

The sources are the log (grade 5, fatal outcome, the criterion death, a date of death), the
participant file, the disposition and the safety database. A participant whom nothing says to be
dead is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw

from ae_cli.dates import DateSpan, iso, span_of
from ae_cli.findings import Listing
from ae_cli.study import Study
from ae_cli.vocabulary import Outcome

Row = dict[str, Any]
SIGNS = {  # a sign of death in a row of the log, and how it is said
    "grade": "grade 5",
    "outcome": "outcome FATAL",
    "sae_death": "'results in death' = yes",
}
SIGNS_OF_DEATH = {  # the same in a report of the safety database
    "outcome": nw.col("outcome") == str(Outcome.FATAL),
    "grade": nw.col("grade") == 5,
    "sae_death": nw.col("sae_death"),
    "death_date_earliest": ~nw.col("death_date_earliest").is_null(),
}
FILE, LOG, DISPOSITION = "participant file", "the log", "disposition"
SAFETY = "safety database"


def disagreeing(study: Study) -> Listing:
    """One row for each participant whose facts of death disagree: who, and what disagrees."""
    rows = _events(study)
    people = _people(study, set(rows))
    told = ((who, "; ".join(_said(study, rows.get(who, []), people.get(who))))
            for who in sorted({*rows, *people}))  # fmt: skip
    found = tuple((who, words) for who, words in told if words)
    title = "Deaths that do not agree"
    return Listing("deaths", title, ("Participant", "What is known"), found)


def _events(study: Study) -> dict[str, list[Row]]:
    """Rows of the log with any sign of death, by participant."""
    events = nw.from_native(study.events).lazy().filter("is_event", ~nw.col("subject").is_null())
    names = events.collect_schema().names()
    dated = ~nw.col("death_date_earliest").is_null() if "death_date_earliest" in names else None
    signs = [nw.col("fatal"), *([dated] if dated is not None else [])]
    some = events.filter(nw.any_horizontal(*signs, ignore_nulls=True)).collect("polars")
    found: dict[str, list[Row]] = {}
    for row in some.sort("record").rows(named=True):
        found.setdefault(row["subject"], []).append(row)
    return found


def _people(study: Study, named: set[str]) -> dict[str, Row]:
    """What the participant file and the disposition say, of those who may have died."""
    elsewhere = _joined(_of_disposition(study), _of_reports(study))
    if study.subjects is None:
        return elsewhere
    named_rows = ~nw.col("repeated") & ~nw.col("subject").is_null()
    people = nw.from_native(study.subjects).lazy().filter(named_rows)
    names = people.collect_schema().names()
    signs = [nw.col("subject").is_in(sorted({*named, *elsewhere}))]
    signs += [nw.col(c) for c in ("died", "ds_death") if c in names]
    signs += [~nw.col(c).is_null() for c in ("death_date_earliest",) if c in names]
    some = people.filter(nw.any_horizontal(*signs, ignore_nulls=True)).collect("polars")
    return _joined({row["subject"]: row for row in some.rows(named=True)}, elsewhere)


def _joined(one: dict[str, Row], other: dict[str, Row]) -> dict[str, Row]:
    return {who: {**one.get(who, {}), **other.get(who, {})} for who in {**one, **other}}


def _of_reports(study: Study) -> dict[str, Row]:
    """The reports of the safety database that tell of a death, as `reports` of each participant."""
    if "reports" not in study.others:
        return {}
    records = nw.from_native(study.others["reports"]).lazy().filter(~nw.col("subject").is_null())
    signs = fatal_report(records.collect_schema().names())
    dead = records.filter(nw.any_horizontal(*signs, ignore_nulls=True)).collect("polars")
    found: dict[str, Row] = {}
    for row in dead.sort("record").rows(named=True):
        found.setdefault(row["subject"], {"reports": []})["reports"].append(row)
    return found


def fatal_report(columns: Sequence[str]) -> list[nw.Expr]:
    """What in a report of the safety database says that the participant died."""
    each = SIGNS_OF_DEATH.items()
    return [nw.lit(False), *(sign for column, sign in each if column in columns)]


def _of_disposition(study: Study) -> dict[str, Row]:
    """Those whom the disposition says to be dead, with every date it has of that, `ds_dates`: they
    may be in no participant file."""
    if "disposition" not in study.others:
        return {}
    records = nw.from_native(study.others["disposition"]).lazy()
    dead = records.filter(nw.col("ds_death"), ~nw.col("subject").is_null()).collect("polars")
    told = [c for c in dead.columns if c.startswith("ds_")]
    found: dict[str, Row] = {}
    for row in dead.sort("record").rows(named=True):
        person = found.setdefault(row["subject"], {c: row[c] for c in told} | {"ds_dates": []})
        if row["death"] and (span := _span(row, "start")):
            person["ds_dates"].append(span)
    return found


def _said(study: Study, rows: list[Row], person: Row | None) -> Iterator[str]:
    """What disagrees about one participant, one sentence each."""
    fatal = [row for row in rows if row["fatal"]]
    yield from _by_file(study, fatal, person)
    yield from _by_disposition(study, fatal, person)
    yield from _by_reports(fatal, person)
    yield from (_row(study, row) for row in rows if _partly(study, row))
    yield from _dates(study, rows, person)


def _by_file(study: Study, fatal: list[Row], person: Row | None) -> Iterator[str]:
    if not study.has("participant.died|participant.death_date"):
        return
    dead = person is not None and _died(person)
    if dead and not fatal and study.has("outcome|grade|sae_death"):
        yield f"died per {FILE}{_on(_span(person, 'death_date'))}; no event is fatal"
    elif fatal and not dead:
        event = f"{_where(study, fatal[0])} ({fatal[0]['coded_term']}) is fatal"
        if person is None or "record" not in person:
            yield f"{event}, but the participant is not in the {FILE}"
        elif person.get("died") is False:
            yield f"alive per {FILE}, but {event}"
        else:
            yield f"{event}, but the {FILE} does not say that the participant died"


def _by_disposition(study: Study, fatal: list[Row], person: Row | None) -> Iterator[str]:
    if "disposition" not in study.others:
        return
    dead = bool(person and person.get("ds_death"))
    known = person is not None and _died(person)
    if dead and not (fatal or known):
        when = _on(_span(person, "ds_death"))
        yield f"died per {DISPOSITION}{when}; neither {LOG} nor the {FILE} says so"
    elif (fatal or known) and not dead:
        yield f"{DISPOSITION} has no record of the death"


def _by_reports(fatal: list[Row], person: Row | None) -> Iterator[str]:
    """A death that the safety database alone tells, or that no event of the log tells."""
    if fatal or person is None or not person.get("reports"):
        return
    report = f"{_report(person['reports'][0])} is fatal"
    if person.get("died") is False:
        yield f"alive per {FILE}, but {report}"
    elif _died(person) or person.get("ds_death"):
        yield f"{report}, but no event of {LOG} is"
    else:
        yield f"{report}, and nothing else says that the participant died"


def _report(row: Row) -> str:
    name = row.get("term") or row.get("preferred_term")
    about = ", ".join(filter(None, (name, row.get("case") and f"case {row['case']}")))
    return f"{SAFETY} row {row['row']}{f' ({about})' if about else ''}"


def _died(person: Row) -> bool:
    return bool(person.get("died")) or _span(person, "death_date") is not None


def _signs(study: Study, row: Row) -> dict[str, bool]:
    """Which of the collected signs a row bears."""
    bears = {
        "grade": row.get("grade") == 5,
        "outcome": row.get("outcome") == str(Outcome.FATAL),
        "sae_death": bool(row.get("sae_death")),
    }
    neonatal = row.get("ctc_term") == "Death neonatal"  # of grade 4
    asked = [f for f in bears if study.has(f) and not (f == "grade" and neonatal)]
    return {f: bears[f] for f in asked}


def _partly(study: Study, row: Row) -> bool:
    """Whether a row bears one sign of death and lacks another, or has a date of death alone."""
    return not all(_signs(study, row).values())


def _row(study: Study, row: Row) -> str:
    signs = _signs(study, row)
    event = f"{_where(study, row)} ({row['coded_term']})"
    here = [SIGNS[f] for f, said in signs.items() if said]
    if _span(row, "death_date"):
        here.append("a date of death")
    lacks = [_lack(f, row) for f, said in signs.items() if not said]
    return f"{event}: {' and '.join(here)}, but {' and '.join(lacks)}"


def _lack(field: str, row: Row) -> str:
    if field == "sae_death":
        return "'results in death' is not yes"
    value = row.get(field)
    return f"{field} {'blank' if value is None else value}"


def _dates(study: Study, rows: list[Row], person: Row | None) -> Iterator[str]:
    """Dates of death that cannot be the same day."""
    given = [(FILE, _span(person, "death_date"))]
    given += [(DISPOSITION, span) for span in (person or {}).get("ds_dates", [])]
    reports = (person or {}).get("reports", [])
    given += [(f"{SAFETY} row {row['row']}", _span(row, "death_date")) for row in reports]
    given += [(_where(study, row), _span(row, "death_date")) for row in rows]
    known = dict.fromkeys((where, span) for where, span in given if span)
    if known and max(s[0] for _, s in known) > min(s[1] for _, s in known):
        listed = ", ".join(f"{_day(span)} per {where}" for where, span in known)
        yield f"dates of death differ: {listed}"


def _span(row: Row | None, field: str) -> DateSpan | None:
    return span_of(row or {}, field)


def _on(span: DateSpan | None) -> str:
    return f" on {_day(span)}" if span else ""


def _day(span: DateSpan) -> str:
    return iso(span)


def _where(study: Study, row: Row) -> str:
    sources = study.log.events.sources
    sheet = f"{sources[row['file']].sheet.where} " if len(sources) > 1 else ""
    return f"{sheet}row {row['row']}"
