"""Footnotes of the tables that count time since the first dose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import narwhals as nw

from ae_cli.findings import Report
from ae_cli.reports.exposure import asked, kinds, observed
from ae_cli.reports.footnotes import (
    blank,
    dates,
    emergence,
    first_dose,
    intervals,
    population,
    related,
    scale,
    told,
    vital_status,
)
from ae_cli.reports.survival import ROUNDS, lost
from ae_cli.reports.tally import total
from ae_cli.statistics.clustered import FEWEST, FEWEST_WITH
from ae_cli.study import Study
from ae_cli.study.counting import window_applies
from ae_cli.study.observation import OBSERVED, participants, unknown
from ae_cli.table import Table


def exposure_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of the table by exposure."""
    parts = (
        population, dates, emergence, scale, related, blank, unanswered, _exposure, observation,
        not_estimable, _rates, intervals,
    )  # fmt: skip
    return told(study, table, findings, *parts)


def unanswered(study: Study, table: Table) -> Iterator[str]:
    """Kinds of events whose question is blank of some: they are minimums."""
    for field, name in (("grade", "The grade"), ("serious", "Seriousness"),
                        ("related", "Relationship")):  # fmt: skip
        if study.answered(field):
            blank = study.counted().select(total(nw.col(field).is_null()))
            if n := blank.collect("polars").item():
                yield f"{name} is not known of {n} rows: the lines that ask for it are minimums."


def _exposure(study: Study, table: Table) -> Iterator[str]:
    if "exposure" in study.others:
        yield (
            "Dose records: those of a dose that was given; a dose of 0 is none, unless it is of "
            "placebo. A record may stand for several days."
        )
    if study.has("participant.last_dose"):
        yield "First to last dose: both days counted; interruptions are not taken off."


def observation(study: Study, table: Table) -> Iterator[str]:
    """What the time of observation is."""
    if not study.has(OBSERVED):
        yield "No last contact or date of death: how long participants were observed is not known."
        return
    ends = ["the end of the observation window"] * window_applies(study.fields, study.config)
    ends += ["the cut-off"] * (study.config.cut_off is not None)
    latest = f", at the latest to {' and '.join(ends)}" if ends else ""
    yield (
        f"Observation: from the first dose to death, else to the last contact{latest}, both days "
        "counted; a month is 30.4375 days."
    )
    if study.has("treatment_emergent"):
        yield (
            "The flag in the data decides which events count, but time goes on to the end of "
            "observation: where the flag ends earlier, rates for time are too low."
        )
    borrowed = sum(person.borrowed for person in observed(study))
    if borrowed:
        yield f"Last contact taken from the records of disposition: {borrowed} participants."


def not_estimable(study: Study, table: Table) -> Iterator[str]:
    """Who is in no rate for time, and why."""
    people = observed(study)
    if not study.has(OBSERVED):
        return
    for reason, n in unknown(people):
        yield f"Participants in no number for time, because {reason}: {n}."
    known = [person for person in people if person.days is not None]
    for key in asked(study):
        if n := sum(person.at_risk(key) is None for person in known):
            label = kinds(study)[key].title
            yield (
                f"{label}: participants who are not in its time to the first event, because its "
                f"day is not known: {n}."
            )


def _rates(study: Study, table: Table) -> Iterator[str]:
    if not study.has(OBSERVED):
        return
    yield (
        "First events / months at risk: participants with an event over the person-months from the "
        "first dose to the first such event, or to the end of observation; then for 100 "
        "person-months"
        + ("" if study.choices.ci == "none" else ", with the exact Poisson interval (Garwood)")
        + "."
    )
    yield (
        "Events / months observed: all events over all person-months of the same participants, for "
        "100 of them. Events cluster in people"
        + (
            "." if study.choices.ci == "none" else
            ": the interval is over participants drawn with replacement, and is not given of fewer "
            f"than {FEWEST} participants, or {FEWEST_WITH} with an event, where it is too narrow."
        )
    )  # fmt: skip


def survival_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of the table by survival."""
    parts = (
        population, dates, _first_dose, _survival, vital_status_of, _left_out, _beta_product,
        _tests,
    )  # fmt: skip
    return told(study, table, findings, *parts)


def time_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of the table by time."""
    parts = (
        population, dates, emergence, scale, _onset, _duration, observation, not_estimable, _first,
    )  # fmt: skip
    return told(study, table, findings, *parts)


def _onset(study: Study, table: Table) -> Iterator[str]:
    if study.has("start"):
        yield (
            "Onset: days since the first dose, which is day 0; participants and the number of "
            "their events. A participant may be in several lines. A partial date counts in an "
            "interval that holds all of it. Percentages are of N; beside each interval stands of "
            "how many an event could still be seen on its first day."
        )


def _duration(study: Study, table: Table) -> Iterator[str]:
    if study.has("start", "end"):
        yield (
            "Duration: from start to end, both days counted, of events of which both are known to "
            "the day; those that go on are longer than these. A blank end is not taken for an "
            "event that goes on."
        )


def _first(study: Study, table: Table) -> Iterator[str]:
    if study.has(OBSERVED, "start"):
        yield (
            "Median days to the first event: the first day by which at least half had one, by "
            "Kaplan-Meier; participants leave without one at the end of observation, those who "
            "die as well."
        )


def _first_dose(study: Study, table: Table) -> Iterator[str]:
    return first_dose(study)


def _survival(study: Study, table: Table) -> Iterator[str]:
    until = f" to the cut-off, {study.config.cut_off.isoformat()}" if study.config.cut_off else ""
    yield (
        f"Deaths of all causes{until}, whenever they happened: no observation window applies. Time "
        "goes from the first dose, which is day 0, to death, else to the last contact, where a "
        "participant leaves as alive; a month is 30.4375 days."
    )


def vital_status_of(study: Study, table: Table) -> Iterator[str]:
    """Whose word a death is, and of whom there is none."""
    people = participants(study, {})
    if not study.has("participant.died|participant.death_date"):
        yield "Deaths as the records of disposition have them: the participant file does not say."
    yield from vital_status(study)
    if elsewhere := _dead_elsewhere(study):
        yield (
            "Deaths that only the records of disposition have, and the participant file does not: "
            f"{elsewhere}. They are not counted, and survival may be lower."
        )
    if n := sum(not p.dead and p.first is not None and p.alive == p.first for p in people):
        yield f"Not known to be alive after the day of the first dose: {n}. They leave on day 0."


def _dead_elsewhere(study: Study) -> int:
    people = nw.from_native(study.subjects).lazy().filter("counted")
    if "ds_death" not in people.collect_schema().names():
        return 0
    if not study.has("participant.died|participant.death_date"):
        return 0
    return int(people.select(total(nw.col("ds_death") & ~nw.col("dead"))).collect().item())


def _left_out(study: Study, table: Table) -> Iterator[str]:
    reasons = Counter(lost(person, study) for person in participants(study, {}))
    for reason, n in sorted(reasons.items()):
        if reason:
            yield f"Participants without a time of survival, because {reason}: {n}."


def _beta_product(study: Study, table: Table) -> Iterator[str]:
    if study.choices.ci != "none":
        where = "" if study.choices.ci_total else "; none for Total"
        yield (
            "[ ]: 95% confidence interval of survival by the beta product (Fay, Brittain and "
            "Proschan 2013), which is that of Clopper and Pearson where nobody left alive before"
            f"{where}."
        )


def _tests(study: Study, table: Table) -> Iterator[str]:
    if study.choices.p_values:
        first, whole = study.columns[0].label, study.columns[-1].label
        yield (
            f"p: log-rank test against {first}, and for {whole} of all groups; two-sided, by "
            f"{ROUNDS:,} random exchanges of participants between groups, the same in every run. "
            "Exploratory: no hypothesis was set, and nothing is adjusted for the number of tests."
        )
