"""Footnotes that write themselves: every choice that came into play, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import narwhals as nw

from ae_cli.findings import Outcome, Report
from ae_cli.model import AdverseEvent, cells
from ae_cli.reports.tally import total
from ae_cli.study import Study, zones
from ae_cli.study.counting import window_applies
from ae_cli.study.groups import NO_GROUP
from ae_cli.table import Rate, Table

HOW_TO_GIVE_N = '--subjects FILE, or --n "Low=8,Medium=8,High=8"'


def event_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """All footnotes of a table, in the order a reader asks for them."""
    parts = (
        population, dates, emergence, scale, _worst, related, blank, _missing,
        _deaths, _follow_up, intervals,
    )  # fmt: skip
    return told(study, table, findings, *parts)


def told(
    study: Study, table: Table, findings: Report,
    *parts: Callable[[Study, Table], Iterator[str]],
) -> tuple[str, ...]:  # fmt: skip
    notes = [note for part in parts for note in part(study, table)]
    return (*notes, *_rows(findings), *turned_off(findings), *_how_to_give_n(study))


def turned_off(findings: Report) -> Iterator[str]:
    """The rules that nobody asked, with the study's reasons."""
    told = [f"{r.id} ({r.reason})" for r in findings.rules if r.outcome is Outcome.OFF]
    if told:
        yield f"Rules turned off in study.toml: {', '.join(told)}."


def population(study: Study, table: Table) -> Iterator[str]:
    """Who is counted, in which group."""
    yield from _population(study, table)
    yield from _groups(study, table)


def _population(study: Study, table: Table) -> Iterator[str]:
    if study.basis["N"] == "--n":
        yield "N as given with --n; participants without an event are taken from it."
    elif study.basis["N"] == "none":
        yield (
            "The number of participants is not known: no N, no percentage of participants, no "
            "interval, and no row of those without an event."
        )
    elif study.has("participant.safety"):
        yield "N: participants with the safety population flag, with or without an event."
    elif study.has("participant.first_dose"):
        by = ", by the dose records" if "doses" in study.basis else ""
        yield f"N: participants with a first dose{by}, with or without an event."
    else:
        yield (
            "N: everyone in the participant file, with or without an event "
            "(it has no safety flag and no dose dates)."
        )


_GROUPED = {
    "actual_arm": "Groups: the dose group received, by the participant file.",
    "arm": "Groups: the dose group in the participant file.",
    "events": "Groups: the dose group in the log of events.",
}


def _groups(study: Study, table: Table) -> Iterator[str]:
    basis = study.choices.group or study.basis.get("group", "events")
    yield _GROUPED.get(basis, f"Groups: the column {basis!r}.")
    if study.choices.group is None and "spelled" in study.basis:
        yield f"Spellings of one group are read as one: {study.basis['spelled']}."
    if study.choices.group is None:
        yield "Total counts each participant once and describes this mixture of doses only."
    if any(column.name == NO_GROUP for column in table.columns):
        yield f"{NO_GROUP}: participants whose group is not recorded. They are in Total."


def dates(study: Study, table: Table) -> Iterator[str]:
    doses = study.log.others["exposure"] if "doses" in study.basis else None
    decided = [d for records in (study.log.events, study.log.subjects, doses) if records
               for d in records.decided]  # fmt: skip
    if decided:
        yield f"Dates that could be read in two ways, such as 03/04/2024: {'; '.join(decided)}."
    yield from time_zones(study)


def time_zones(study: Study) -> Iterator[str]:
    """How clock times of several time zones are compared."""
    for note in zones.said(study):
        yield f"{note[:1].upper()}{note[1:]}."


def first_dose(study: Study) -> Iterator[str]:
    """Where the first dose is taken from, if not from a date that is named for it."""
    if "doses" in study.basis:
        yield (
            "First dose: the first of the dose records, since the participant file has no date of "
            "it. A dose of 0 is none, unless it is of placebo."
        )
        people = nw.from_native(study.subjects).lazy().filter("counted", "dosed")
        undated = people.select(total(nw.col("first_dose_earliest").is_null())).collect().item()
        if undated:
            yield (
                f"Participants whose dose records have no date that can be read: {undated}. They "
                "count as treated, and none of their events as earlier than the first dose."
            )
    if named := study.basis.get("first_dose"):
        yield (
            f"First dose: {named}, the reference date of SDTM. A protocol may set it to another "
            "day; a column RFXSTDTC would be used instead."
        )


def emergence(study: Study, table: Table) -> Iterator[str]:
    yield from first_dose(study)
    if study.has("treatment_emergent"):
        yield "Treatment-emergent events, by the flag in the data, as given."
    elif study.has("start", "participant.first_dose"):
        yield (
            "Treatment-emergent events: onset on or after the first dose; an onset that is partial "
            "or missing counts unless it is certainly earlier."
        )
    else:
        yield "All events of the log: without a flag or a first dose, onset cannot be compared."
    yield from _window(study)
    if study.config.cut_off and study.has("start"):
        yield f"Data cut-off: {study.config.cut_off.isoformat()}."
    elif not study.config.cut_off:
        yield "No data cut-off is set."


def _window(study: Study) -> Iterator[str]:
    """The observation window, or why the one in study.toml was not looked at."""
    window = study.config.window
    for days, dose in (
        (window.days_after_first_dose, "first"),
        (window.days_after_last_dose, "last"),
    ):
        if days is None:
            continue
        if window_applies(study.fields, study.config):
            yield f"Observation window: until {days} days after the {dose} dose, where it is known."
        elif study.has("treatment_emergent"):
            yield "The observation window of study.toml is not applied: the flag is used as given."
        else:
            yield f"The observation window of study.toml is not applied: no {dose} dose or onset."


def scale(study: Study, table: Table) -> Iterator[str]:
    yield from _episodes(study)
    version = study.config.ctcae
    if study.basis.get("grade") == "severity":
        mapped = ", ".join(f"{w.lower()} = {g}" for w, g in study.config.severity_as_grade.items())
        yield f"Grades: CTCAE {version}; severity read as a grade by study.toml ({mapped})."
    elif study.has("grade"):
        yield f"Grades: CTCAE {version}. A grade is never inferred from outcome or severity."
    elif study.has("severity"):
        yield f"No grades were collected. Severity in words is not a grade of CTCAE {version}."
    else:
        yield f"Neither grades (CTCAE {version}) nor severity were collected."


def _episodes(study: Study) -> Iterator[str]:
    """Which rows are one event, and what the other way of counting would give."""
    used = nw.from_native(study.events).lazy().filter(nw.col("excluded").is_null())
    parts = used.filter("split")
    whole = nw.col("touching").n_unique()
    n, rows, one = (
        used.select(nw.len()).collect().item(), parts.select(nw.len()).collect().item(),
        parts.select(whole).collect().item(),
    )  # fmt: skip
    if study.config.episodes == "rows":
        yield "Each row of the log is counted as one event; no rows are joined to episodes."
        if rows:
            yield (
                f"Rows that follow each other, overlap or bear one episode number, in the same "
                f"words and with different grades: {rows} of {n}. Joined to episodes, the number "
                f"of events would be {n - rows + one}."
            )
    else:
        yield (
            "Rows of one participant and term that bear one episode number, or in the same words "
            "follow each other or overlap, and differ in grade are one event, at the worst grade; "
            f"it is serious or related if any row is. Rows: {n}; events: {n - rows + one}."
        )
    if study.has("course"):
        changed = used.select(total(~nw.col("course").is_null())).collect().item()
        yield f"Events with later grades in their row: {changed}, each at its worst grade."


def _worst(study: Study, table: Table) -> Iterator[str]:
    if not study.has("grade"):
        return
    yield (
        "Worst grade: the highest known grade of a participant's events. The rows of at least one "
        "event of a grade overlap and do not sum."
    )
    yield from partly_graded(study.counted())


def partly_graded(events: nw.LazyFrame) -> Iterator[str]:
    """Whose worst grade is a minimum: an event without a grade may have been worse."""
    each = events.group_by("subject").agg(
        g=nw.col("grade").max(), u=total(nw.col("grade").is_null())
    )
    both = each.filter(~nw.col("g").is_null(), nw.col("u") > 0).select(nw.len()).collect().item()
    if both:
        yield (
            f"Graded participants who also have an ungraded event: {both}. Their worst grade is a "
            "minimum."
        )


def related(study: Study, table: Table) -> Iterator[str]:
    if study.has("related"):
        counted = ", ".join(str(c).lower() for c in study.config.related.counts)
        yield f"Related: {counted}."
    others = set(study.config.lists.related) - set(study.config.related.counts)
    if study.has("related") and others:
        yield f"Not counted as related: {', '.join(sorted(others)).lower()}."


def blank(study: Study, table: Table) -> Iterator[str]:
    """A heading over blanks is no answer: its rows are not zeros."""
    if study.unanswered:
        labels = [cell.label for f, cell in cells(AdverseEvent).items() if f in study.unanswered]
        listed = ", ".join(labels).lower()
        yield f"Blank for every event that is counted, and so not collected: {listed}."


_MINIMUM = {"seriousness_missing": "Seriousness", "relationship_missing": "Relationship"}

_ASKED = {"seriousness_missing": "serious", "relationship_missing": "related"}


def _missing(study: Study, table: Table) -> Iterator[str]:
    for key, name in _MINIMUM.items():
        cell = _total(table, key)
        if isinstance(cell, Rate) and cell.events and study.answered(_ASKED[key]):
            yield f"{name} is not answered for {cell.events} of the events: its rows are minimums."


def _deaths(study: Study, table: Table) -> Iterator[str]:
    deaths, without = _total(table, "deaths"), _total(table, "deaths_without_fatal_ae")
    if not isinstance(deaths, Rate):
        return
    until = " to the cut-off" if study.config.cut_off else ""
    yield f"Deaths: all causes{until}, from the participant file, whenever they happened."
    if isinstance(without, Rate) and without.n:
        yield (
            f"Deaths without a fatal event in the log: {without.n} of {deaths.n}. "
            "Deaths and events do not reconcile."
        )
    yield from vital_status(study)


def vital_status(study: Study) -> Iterator[str]:
    """Of how many nobody answered whether they died."""
    if study.has("participant.died") and (blank := _unanswered(study)):
        yield f"Participants without a vital status: {blank}, not counted as deaths."


def _unanswered(study: Study) -> int:
    """Participants without an answer where others answered no: blank then is no answer."""
    counted = nw.from_native(study.subjects).lazy().filter(nw.col("counted"))
    no = total(nw.col("died") == False)  # noqa: E712
    n, blank = (
        counted.select(n=no, b=total(nw.col("died").is_null() & ~nw.col("dead"))).collect().row(0)
    )
    return int(blank) if n else 0


def _follow_up(study: Study, table: Table) -> Iterator[str]:
    if not study.has("participant.first_dose", "participant.last_contact|participant.death_date"):
        return
    yield (
        "Follow-up: first dose to death, else to last contact, at most to the cut-off, both days "
        "counted; a month is 30.4375 days."
    )
    counted = nw.from_native(study.subjects).lazy().filter(nw.col("counted"))
    missing = counted.select(total(nw.col("follow_up_months").is_null())).collect().item()
    if missing:
        yield f"{missing} participants without complete dates are not in the follow-up."


INTERVALS = {
    "clopper-pearson": "exact (Clopper-Pearson)",
    "wilson": "Wilson score",
    "jeffreys": "Jeffreys",
    "mid-p": "mid-p",
}


def intervals(study: Study, table: Table) -> Iterator[str]:
    if study.choices.ci == "none" or study.basis["N"] == "none":
        return
    where = "" if study.choices.ci_total else "; none for Total"
    yield f"[ ]: 95% confidence interval of the percentage, {INTERVALS[study.choices.ci]}{where}."


def _rows(findings: Report) -> Iterator[str]:
    files = [f for f in findings.files if f.role == "events"]
    read, used = (sum(getattr(f, name) for f in files) for name in ("rows_read", "rows_used"))
    events = {(f.path, f.sheet) for f in files}
    lost = (e for e in findings.excluded if (e.file, e.sheet) in events and e.role == "events")
    reasons = Counter(e.reason for e in lost)
    listed = "; ".join(f"{n} {reason}" for reason, n in sorted(reasons.items()))
    yield f"Rows of events: {read} read = {used} used + {read - used} excluded" + (
        f" ({listed})." if listed else "."
    )


def _how_to_give_n(study: Study) -> Iterator[str]:
    if study.basis["N"] == "none":
        yield f"To give the number of participants: {HOW_TO_GIVE_N}."


def _total(table: Table, key: str) -> object:
    return next((row.cells[-1] for row in table.rows if row.key == key), None)
