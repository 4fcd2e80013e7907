"""Rules on the text of one cell. They are raised while reading; here are their words and examples.

Under an SDTM or ADaM header the value must be the standard's own; in any other log an understood
spelling is a note of reading and only what cannot be understood is an error.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ae_cli.findings import Severity
from ae_cli.model import CODED, AdverseEvent, cells
from ae_cli.rules.examples import a_person, an_event, with_cell
from ae_cli.rules.rule import ERROR, WARNING, Example, Row, Rule, Says, add
from ae_cli.vocabulary import NOT_CDISC, Action, Intensity, Outcome

WHY = "a value that is read in two ways is counted in two ways"


def _choices(kind: type[StrEnum]) -> str:
    words = [str(member) for member in kind if member not in NOT_CDISC]
    return ", ".join(words[:-1]) + " or " + words[-1]


def _detail(row: Row) -> str:
    if row["detail"]:
        return f"{row['label']}: {row['text']!r}: {row['detail']}"
    read = f" (read as {row['read_as']})" if row["read_as"] else ""
    return f"{row['label']}: {row['text']!r} is not {row['expected']}{read}"


def of_cell(
    id: str, field: str, title: str, expected: str, severity: Severity, good: list[Example],
    bad: list[Example], sources: tuple[str, ...] = (), profile: str = "any", fix: Says = "",
    why: str = WHY, says: Says = _detail, **more: Any,
) -> Rule:  # fmt: skip
    """A rule on the text of a cell, which reading raises: its words and examples."""
    return add(
        Rule(
            id, title, severity, says, fix or f"write {expected}", why, sources, tuple(good),
            tuple(bad), "cell", needs=(field,), profile=profile, expects=expected, **more,
        )
    )  # fmt: skip


def _yes_no(field: str, id: str, sources: tuple[str, ...]) -> None:
    label = cells(AdverseEvent)[field].sdtm
    of_cell(
        id, field, f"{label} is Y or N", "Y or N", ERROR,
        good=[an_event(), with_cell(field, "yes"), with_cell(field, ""),
              with_cell(field, "Y", sdtm=True), with_cell(field, "", sdtm=True)],
        bad=[with_cell(field, "perhaps"), with_cell(field, "YES", sdtm=True),
             with_cell(field, "U", sdtm=True), with_cell(field, "1")],
        sources=sources,
    )  # fmt: skip


for _field, _id, _sources in (
    ("serious", "AE-COD-01", ("CG0387", "CORE-000087")),
    ("sae_cancer", "AE-COD-02", ("CG0388", "CORE-000123")),
    ("sae_congenital", "AE-COD-03", ("CG0389", "CORE-000124")),
    ("sae_disability", "AE-COD-04", ("CG0390", "CORE-000125")),
    ("sae_death", "AE-COD-05", ("CG0391", "CORE-000126")),
    ("sae_hospitalisation", "AE-COD-06", ("CG0392", "CORE-000127")),
    ("sae_life_threatening", "AE-COD-07", ("CG0393", "CORE-000128")),
    ("sae_overdose", "AE-COD-08", ("CG0394", "CORE-000129")),
    ("sae_other", "AE-COD-09", ("CG0395", "CORE-000130")),
    ("treatment_given", "AE-COD-10", ("CG0396", "CORE-000131")),
):
    _yes_no(_field, _id, _sources)

of_cell(
    "AE-COD-11", "severity", "Severity is mild, moderate or severe", _choices(Intensity), ERROR,
    good=[an_event(severity="moderate"), an_event(severity=""),
          an_event(severity="MODERATE", sdtm=True)],
    bad=[an_event(severity="LIFE THREATENING"), an_event(severity="中度", sdtm=True)],
    sources=("CT C66769",),
)  # fmt: skip
of_cell(
    "AE-COD-12", "outcome", "The outcome is one of the six of CDISC", _choices(Outcome), ERROR,
    good=[an_event(), an_event(outcome="recovered"), an_event(outcome="痊愈"), an_event(outcome=""),
          an_event(sdtm=True)],
    bad=[an_event(outcome="went home"), an_event(outcome="RESOLVED", sdtm=True)],
    sources=("CT C66768",),
)  # fmt: skip
of_cell(
    "AE-COD-13", "action", "The action taken is in CDISC's list", _choices(Action), ERROR,
    good=[an_event(), an_event(action="none"), an_event(action="剂量不变"), an_event(action=""),
          an_event(sdtm=True), an_event(action="dose delayed")],
    bad=[an_event(action="called the doctor"), an_event(action="NONE", sdtm=True),
         an_event(action="DOSE DELAYED", sdtm=True)],
    sources=("CT C66767",),
)  # fmt: skip
of_cell(
    "AE-COD-14", "related", "The relationship is understood", "a known level of causality", ERROR,
    good=[an_event(), an_event(related="可能无关"), an_event(related=""),
          an_event(related="PROBABLE", sdtm=True)],
    bad=[an_event(related="MAYBE"), an_event(related="MAYBE", sdtm=True)],
    sources=("SD0037",),
    fix="write not related, unlikely, possibly, probably or definitely related",
)  # fmt: skip
of_cell(
    "AE-COD-15", "serious|outcome|action|severity",
    "A listed value is written as in the list", "written as in the list", WARNING,
    good=[an_event(sdtm=True), an_event(outcome="Fatal"), an_event(outcome="", sdtm=True)],
    bad=[an_event(outcome="Recovered/Resolved", sdtm=True), an_event(serious="n", sdtm=True),
         an_event(action="DOSE NOT  CHANGED", sdtm=True)],
    sources=("FDAB017",), profile="SDTM", fix="write it exactly: {read_as}",
)  # fmt: skip
of_cell(
    CODED, "criteria|occurred|discontinued|treatment_emergent|dlt|ongoing|safety|participant.died|"
    "participant.safety|participant.dlt_evaluable|participant.vital_status",
    "Every other coded value is understood", "a value that is understood", ERROR,
    good=[an_event(dlt="N"), an_event(dlt=""), an_event(participants=[a_person()])],
    bad=[an_event(dlt="perhaps"), an_event(participants=[a_person(died="perhaps")]),
         an_event(without=("sae_other",), criteria="felt bad")],
    sources=("practice",), fix="write a value of the column's list",
)  # fmt: skip
_DAYS = "start_day|end_day|collected_day"
of_cell(
    "AE-TYP-01", "start|end|death_date|participant.first_dose|participant.last_dose|"
    "participant.last_contact|participant.death_date",
    "A date is a date: ISO 8601, whole or partial", "an ISO date", ERROR,
    good=[an_event(), an_event(start="2024-03"), an_event(start="4 Mar 2024"), an_event(end=""),
          an_event(sdtm=True), an_event(start="2024-03-04T10:30", sdtm=True)],
    bad=[an_event(start="2024-13-01"), an_event(start="03/04/2024"),
         an_event(start="04MAR2024", sdtm=True),
         an_event(participants=[a_person(first_dose="soon")])],
    sources=("SD0003", "CORE-000547"),
    fix=lambda said: "say which comes first: --date-order dmy (or mdy), or date_order in study.toml"
    if "either way" in said["detail"]
    else "write the date as 2024-03-05, or as far as it is known: 2024-03",
)  # fmt: skip
of_cell(
    "AE-TYP-02", "grade", "The grade holds the number alone", "the number alone", ERROR,
    good=[an_event(sdtm=True), an_event(grade="Grade 2"), an_event(grade="", sdtm=True)],
    bad=[an_event(grade="Grade 2", sdtm=True), an_event(grade="II", sdtm=True)],
    sources=("SD1298", "CG0185"), profile="SDTM", fix="write {read_as}",
)  # fmt: skip
of_cell(
    "AE-CTC-01", "grade", "The grade is 1, 2, 3, 4 or 5", "1, 2, 3, 4 or 5", ERROR,
    good=[an_event(), an_event(grade=""), an_event(grade="3级"), an_event(grade="III")],
    bad=[an_event(grade="6"), an_event(grade="0"), an_event(grade="mild"),
         an_event(grade="2024-02-03")],
    sources=("CTCAE",), fix="write the CTCAE grade, 1 to 5; a grade 0 is not an event",
)  # fmt: skip
of_cell(
    "AE-CTC-08", "grade", "One grade for one record", "one grade", ERROR,
    good=[an_event(), an_event(grade="")],
    bad=[an_event(grade="2-3"), an_event(grade="1级->2级"), an_event(grade="1,2")],
    sources=("CTCAE",), fix="enter one row for each grade, or the highest grade",
)  # fmt: skip
of_cell(
    "AE-TYP-06", _DAYS, "A study day is a whole number and never 0", "a whole day, -1 or 1", ERROR,
    good=[an_event(start_day="4"), an_event(start_day="-1"), an_event(start_day=""),
          an_event(start_day="5.0", sdtm=True)],
    bad=[an_event(start_day="0"), an_event(end_day="2.5"), an_event(collected_day="0", sdtm=True)],
    sources=("SD0038", "CORE-000558"), fix="the first day is 1, the day before it is -1",
)  # fmt: skip
of_cell(
    "AE-TYP-11", _DAYS, "A study day holds a number", "a number", ERROR,
    good=[an_event(start_day="4"), an_event(end_day="")],
    bad=[an_event(start_day="day 3"), an_event(end_day="4th", sdtm=True)],
    sources=("SD0055", "CORE-001082"), fix="write the number alone",
)  # fmt: skip
of_cell(
    "AE-COD-16", "start_relation|end_relation",
    "Where start and end stand to a time point is one of the listed words", "a listed word",
    WARNING,
    good=[an_event(start_relation="BEFORE"), an_event(end_relation="ONGOING"),
          an_event(end_relation=""), an_event(end_relation="ongoing"),
          an_event(end_relation="AFTER", sdtm=True), an_event(start_relation="U", sdtm=True),
          an_event(ongoing="Y", end="", outcome="")],
    bad=[an_event(end_relation="STILL ON"), an_event(end_relation="STILL ON", sdtm=True),
         an_event(start_relation="ONGOING", sdtm=True), an_event(end_relation="Y", sdtm=True),
         an_event(end_relation="ongoing", sdtm=True)],
    sources=("CG0232", "CG0233", "CG0234", "CG0235", "CORE-000324", "CORE-000572"),
    fix="write BEFORE, COINCIDENT, AFTER or U; of an end also ONGOING",
)  # fmt: skip
of_cell(
    "AE-COD-19", "prespecified", "Prespecified is Y or blank", "Y, or blank", WARNING,
    good=[an_event(prespecified="Y"), an_event(prespecified=""), an_event(prespecified="y"),
          an_event(prespecified="Y", sdtm=True)],
    bad=[an_event(prespecified="N"), an_event(prespecified="N", sdtm=True),
         an_event(prespecified="y", sdtm=True)],
    sources=("CG0085", "CORE-000260"), fix="write Y, or leave it blank",
    why="an event that nobody asked for is blank, not N",
)  # fmt: skip
