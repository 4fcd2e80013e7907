"""Which rows of the log are counted, and for every other one the reason it is not.

Adds to every event: `says_none`, `is_event` (not a "none" placeholder), `fatal`, `group` and
`excluded`, the reason, null where the row is used.
"""

from __future__ import annotations

from collections.abc import Collection

import narwhals as nw

from ae_cli.config import Config
from ae_cli.moments import after, span
from ae_cli.study.population import cut_off_moment
from ae_cli.vocabulary import NO_EVENT, Outcome, normalise, words

_LONGEST_NONE = 2 * max(map(len, NO_EVENT.split("|")))  # with the spaces and marks around it

# The reasons, in the order in which they are looked for.
NO_PARTICIPANT = "no participant"
NO_EVENT_HERE = "says that there was no event"
NOTHING_HERE = "holds nothing about an event"
GRADE_0 = "grade 0 is not an event"
UNKNOWN = "participant is not in the participant file"
NOT_TREATED = "participant is not in the safety population"
NO_DOSE = "participant has no first dose"
NOT_FLAGGED = "not treatment-emergent by the flag in the data"
BEFORE_DOSE = "began before the first dose"
AFTER_WINDOW = "began after the observation window"
AFTER_CUT_OFF = "began after the cut-off"


def with_kind(events: nw.DataFrame, fields: frozenset[str]) -> nw.DataFrame:
    """Tell events from placeholders, and fatal events from others."""
    real = ~(nw.col("grade") == 0).fill_null(False) if "grade" in fields else nw.lit(True)
    says_none = _says_none(events, fields)
    return events.with_columns(
        says_none=says_none,
        is_event=~(says_none & ~_happened(fields) | _empty(events, fields)),
        fatal=_fatal(fields) & real,
    )


def with_exclusions(events: nw.DataFrame, fields: frozenset[str], config: Config) -> nw.DataFrame:
    """Give every row that is not counted its reason. `fields` includes `participant.*`."""
    reasons = _reasons(fields, events.columns, config)
    excluded = nw.lit(None, nw.String)
    for reason, applies in reversed(reasons):
        excluded = nw.when(applies.fill_null(False)).then(nw.lit(reason)).otherwise(excluded)
    return events.with_columns(excluded=excluded)


def _says_none(events: nw.DataFrame, fields: frozenset[str]) -> nw.Expr:
    """A row that says "none", or answers that no event occurred."""
    named = [f for f in ("term", "preferred_term") if f in fields]
    texts = {t for f in named for t in events[f].drop_nulls().unique().to_list()}
    none = [t for t in texts if len(t) <= _LONGEST_NONE and normalise(t) in words(NO_EVENT)]
    says_none = nw.coalesce(*named).is_in(none).fill_null(False)
    answered = ~nw.col("occurred").fill_null(True) if "occurred" in fields else nw.lit(False)
    return says_none | answered


def _happened(fields: frozenset[str]) -> nw.Expr:
    """What only an event has: a grade, seriousness, a fatal outcome. "None" beside it is wrong."""
    signs = [_fatal(fields)]
    if "grade" in fields:
        signs.append((nw.col("grade") >= 1).fill_null(False))
    if "serious" in fields:
        signs.append(nw.col("serious").fill_null(False))
    return nw.any_horizontal(*signs, ignore_nulls=True)


# What a row can hold without saying anything of an event.
_NO_EVENT_FIELDS = frozenset(
    ("study", "site", "subject", "safety", "seq", "occurred", "arm", "arm_number",
     "treatment_emergent")
)  # fmt: skip


def _empty(events: nw.DataFrame, fields: frozenset[str]) -> nw.Expr:
    """Nothing about an event in the row: no term, grade, date or answer."""
    about = {f for f in fields if "." not in f} - _NO_EVENT_FIELDS
    cells = [c for c in events.columns if c.removesuffix("_earliest") in about]
    unread = [f"{f}_unreadable" for f in about if f"{f}_unreadable" in events.columns]
    filled = [~nw.col(c).is_null() for c in cells] + [nw.col(c) for c in unread]
    return ~nw.any_horizontal(*filled, ignore_nulls=True)


# What is asked of each event. Reasons of seriousness are asked of serious events alone: blank ones
# say nothing only where seriousness itself is not answered.
_QUESTIONS = (
    "grade", "serious", "related", "action", "outcome", "treatment_given", "discontinued", "dlt",
)  # fmt: skip
_REASON = "sae_death"


def unanswered(events: nw.DataFrame, fields: Collection[str]) -> frozenset[str]:
    """The questions that have a column, and no entry for any event that is counted."""
    asked = [f for f in (*_QUESTIONS, _REASON) if f in fields]
    marks = [f"{f}_unreadable" for f in asked if f"{f}_unreadable" in events.columns]
    used = events.select("excluded", *asked, *marks).filter(nw.col("excluded").is_null())
    blank = {f for f in asked if len(used) and _all_blank(used, f)}
    return frozenset(blank - ({_REASON} if "serious" in set(asked) - blank else set()))


def _all_blank(events: nw.DataFrame, field: str) -> bool:
    unread = f"{field}_unreadable"
    marked = unread in events.columns and bool(events[unread].any())
    return not marked and bool(events[field].is_null().all())


def _fatal(fields: frozenset[str]) -> nw.Expr:
    """Outcome fatal, or grade 5, or criterion death."""
    signs = []
    if "outcome" in fields:
        signs.append(nw.col("outcome") == str(Outcome.FATAL))
    if "grade" in fields:
        signs.append(nw.col("grade") == 5)
    if "sae_death" in fields:
        signs.append(nw.col("sae_death"))
    return (
        nw.any_horizontal(*(s.fill_null(False) for s in signs), ignore_nulls=True)
        if signs
        else nw.lit(False)
    )


def _reasons(
    fields: frozenset[str], columns: list[str], config: Config
) -> list[tuple[str, nw.Expr]]:
    reasons = [
        (NO_PARTICIPANT, nw.col("subject").is_null()),
        (NO_EVENT_HERE, ~nw.col("is_event") & nw.col("says_none")),
        (NOTHING_HERE, ~nw.col("is_event")),
    ]
    if "grade" in fields:
        reasons.append((GRADE_0, nw.col("grade") == 0))
    if "participant.subject" in fields:
        reasons.append((UNKNOWN, ~nw.col("known")))
        untreated = NOT_TREATED if "participant.safety" in fields else NO_DOSE
        reasons.append((untreated, ~nw.col("participant_treated")))
    elif "safety" in fields:
        reasons.append((NOT_TREATED, ~flagged("safety", columns)))
    return reasons + _emergence(fields, columns, config)


def _emergence(
    fields: frozenset[str], columns: list[str], config: Config
) -> list[tuple[str, nw.Expr]]:
    """The flag as given; else the dates, a partial one counting unless it is certainly outside."""
    reasons = []
    if "treatment_emergent" in fields:
        reasons.append((NOT_FLAGGED, ~flagged("treatment_emergent", columns)))
    elif {"start", "participant.first_dose"} <= fields:
        start, first = (span(name, columns) for name in ("start", "participant_first_dose"))
        reasons.append((BEFORE_DOSE, after(first, start)))
    if window_applies(fields, config):
        reasons.append((AFTER_WINDOW, nw.col("start_earliest") > nw.col("participant_window_end")))
    moment = cut_off_moment(config)
    if moment and "start" in fields:
        reasons.append((AFTER_CUT_OFF, nw.col("start_earliest") > moment))
    return reasons


def flagged(field: str, columns: list[str]) -> nw.Expr:
    """Whether a flag says yes. One that could not be understood is a finding, not a no."""
    yes, unread = nw.col(field).fill_null(False), f"{field}_unreadable"
    return yes | nw.col(unread) if unread in columns else yes


def has_window(fields: frozenset[str], config: Config) -> bool:
    """Whether study.toml sets an observation window and the participant file has its dates."""
    window = config.window
    anchors = {"first_dose": window.days_after_first_dose, "last_dose": window.days_after_last_dose}
    return any(d is not None and f"participant.{a}" in fields for a, d in anchors.items())


def window_applies(fields: frozenset[str], config: Config) -> bool:
    """Whether the observation window is looked at: a flag in the data is used as given instead."""
    flagged = "treatment_emergent" in fields
    return has_window(fields, config) and "start" in fields and not flagged
