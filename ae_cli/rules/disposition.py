"""Events and doses against the disposition: who left, when, and what the treatment ended for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import narwhals as nw

from ae_cli.findings import Severity
from ae_cli.rules.date_of_death import after_death
from ae_cli.rules.examples import DIED, a_person, an_event, one, who_died
from ae_cli.rules.records import day
from ae_cli.rules.rule import NOTE, WARNING, Example, Fields, Row, or_if_blank, rule
from ae_cli.study.others import ACTIONS
from ae_cli.vocabulary import Action

TEXT = "disposition.reason|disposition.term"
FORM = "disposition.subcategory|disposition.form"
WITHDRAWN = str(Action.WITHDRAWN)
STOPPED = one("disposition", subcategory="STUDY TREATMENT", term="", reason="ADVERSE EVENT")
LEFT = one("disposition", term="", reason="ADVERSE EVENT")
THE_STUDY = r"(?:the\s+|this\s+)?(?:clinical\s+)?(?:study|trial)\b"
OF_THE_STUDY = (  # what belongs to a study, and is not the study
    r"(?i)\b(?:study|trial)[\s-]+(?:drug|treatment|medic\w*|product|therap\w*|article|device|"
    r"vaccine|intervention|infusion|dos\w+|agent|procedure)s?\b|(?:研究|试验)(?:药|用药|治疗)\w*"
)
LEAVES = (
    rf"(?i)(?:discontinu|withdr|terminat|remov)\w*\b[^.;]{{0,30}}\bfrom\s+{THE_STUDY}|"
    rf"(?:discontinu|withdr|terminat|left|leav|quit)\w*\s+(?:of\s+)?{THE_STUDY}|"
    r"\b(?:study|trial)\s+(?:participation\s+)?(?:was\s+)?(?:discontinu|withdr|terminat)|"
    r"退出(?:本|该|临床)*(?:研究|试验)|(?:研究|试验)终止|终止(?:研究|试验)"
)
STAYS = (
    r"(?i)\b(?:not|no|never)\s+(?:\w+\s+){0,2}?(?:discontinu|withdr|terminat|remov|left|leav|quit)|"
    r"(?:未|没有|不|无需)(?:退出|终止)"
)


def _when(last: str, limit: str, **changes: Any) -> Example:
    """An event, and the last thing known of its participant."""
    if limit == "disposition":
        return an_event(beside={"disposition": [one("disposition", start=last)]}, **changes)
    return an_event(participants=[a_person(last_contact=last)], **changes)


def _weight(row: Row, limit: str) -> Severity:
    """Serious events are followed up, and an event may end after its participant's visits."""
    return NOTE if row.get("serious") or not _starts_later(row, limit) else WARNING


def _starts_later(row: Row, limit: str) -> bool:
    start, last = row.get("start_earliest"), row.get(f"{limit}_latest")
    return isinstance(start, datetime) and last is not None and start > last


def _words(row: Row, limit: str, what: str) -> str:
    verb = "starts" if _starts_later(row, limit) else "ends"
    return f"the event {verb} after {what}, {day(row, limit)}"


def _later(ae: Fields, limit: str) -> nw.Expr:
    """Whether an event starts or ends after a limit, and not for its participant's death."""
    dead = after_death(ae, "start") if ae.has("start") else nw.lit(False)
    return (ae.certainly_after("start", limit) | ae.certainly_after("end", limit)) & ~dead


LAST = "participant_last_contact"


@rule(
    "AE-XDS-14", WARNING, "No event lies after the end of the participation",
    needs=("start|end", "participant.last_contact"), shows=("start", "end"),
    graded=lambda row: _weight(row, LAST),
    says=lambda row: _words(row, LAST, "the last contact with the participant"),
    fix="please confirm the dates, or correct the last contact",
    why="one of the dates is wrong, or follow-up lasted longer than it counts",
    sources=("SD1202", "SD1203", "SD1204", "FB3405"),
    good=[_when("2024-03-06", ""), _when("2024-03", ""), _when("", ""),
          _when("2024-03-04", "", end=""), _when("2024-03-03", "", start="", end="2024-03"),
          an_event(start="2024-04-01", end="", participants=[who_died()])],
    bad=[_when("2024-03-03", ""), _when("2024-03-05", ""), _when("2024-02", "", end=""),
         _when("2024-03-03", "", serious="Y", sae_other="Y")],
)  # fmt: skip
def no_event_after_last_contact(ae: Fields) -> nw.Expr:
    return ~_later(ae, LAST)


@rule(
    "AE-XDS-13", WARNING, "No event lies after the last record of disposition",
    needs=("start|end", "disposition.start"), shows=("start", "end"),
    graded=lambda row: _weight(row, "ds_last"),
    says=lambda row: _words(row, "ds_last", "the last record of disposition"),
    fix="please confirm the dates, or enter what became of the participant later",
    why="one of the dates is wrong, or a record of disposition is missing",
    sources=("SD0080", "FB3401", "CORE-000717"),
    good=[_when("2024-03-06", "disposition"), _when("2024-03", "disposition"),
          an_event(beside={"disposition": [
              one("disposition", reason="RANDOMIZED", term="", start="2024-03-02")]}),
          _when("", "disposition"), _when("2024-03-04", "disposition", end=""),
          an_event(participants=[a_person(last_contact="2024-03-03")],
                   beside={"disposition": [one("disposition", start="2024-03-03")]}),
          an_event(start="2024-04-01", end="", beside={"disposition": [DIED]}),
          an_event(subject="", beside={"disposition": [one("disposition", start="2024-03-03")]})],
    bad=[_when("2024-03-03", "disposition"), _when("2024-03-05", "disposition"),
         _when("2024-02", "disposition", end="")],
)  # fmt: skip
def no_event_after_disposition(ae: Fields) -> nw.Expr:
    """What lies after the last contact too is AE-XDS-14's."""
    return ~_later(ae, "ds_last") | _later(ae, LAST)


def _why_not(row: Row) -> str:
    reason = row.get("ds_treatment_reason")
    found = f"has {reason} as the reason it ended" if reason else "has no end of the treatment"
    return f"the treatment was withdrawn for the event, but the disposition {found}"


def _treated(*records: dict[str, str], **changes: Any) -> Example:
    changes.setdefault("action", WITHDRAWN)
    return an_event(beside={"disposition": list(records)}, **changes)


@rule(
    "AE-XDS-16", WARNING, "A treatment that was withdrawn for an event ended by the disposition",
    needs=("subject", "|".join(ACTIONS), "disposition.subject", TEXT), grouped=("subject",),
    shows=("action", "action_1", "action_2", "action_3", "action_4", "term"), says=_why_not,
    fix="please confirm the action taken, and enter the end of the treatment with its reason",
    why="those who stopped for adverse events are counted by both",
    sources=("sdtmchecks check_ae_withdr_ds_discon", "sdtmchecks check_ae_aeacn_ds_disctx_covid"),
    good=[_treated(STOPPED), _treated(LEFT), _treated(DIED | {"subcategory": "STUDY TREATMENT"}),
          _treated(STOPPED | {"term": "UNABLE TO CONTINUE DUE TO ADVERSE EVENT"}),
          _treated(STOPPED | {"subject": "S2"}, action="DOSE REDUCED"),
          _treated(STOPPED | {"subject": "S2"}, action=""), _treated(STOPPED, subject=""),
          _treated(one("disposition", subcategory="STUDY TREATMENT"), STOPPED)],
    bad=[_treated(STOPPED | {"subject": "S2"}), _treated(one("disposition")),
         _treated(STOPPED | {"reason": "PHYSICIAN DECISION"}),
         _treated(LEFT, STOPPED | {"subject": "S2"}),
         _treated(one("disposition"), action="", action_2=WITHDRAWN)],
)  # fmt: skip
def withdrawn_treatment_ended(ae: Fields) -> nw.Expr:
    actions = [nw.col(c) == WITHDRAWN for c in ae.present(*ACTIONS)]
    withdrawn = nw.any_horizontal(*(or_if_blank(a, False) for a in actions), ignore_nulls=True)
    return ~withdrawn | ae.told("ds_treatment_adverse") | ~ae.filled("subject")


@rule(
    "AE-XDS-17", WARNING, "A treatment that ended for an adverse event was withdrawn in the log",
    kind="disposition", needs=("disposition.subject", TEXT, "|".join(ACTIONS)),
    grouped=("subject",), shows=("subject", "reason", "term"),
    says="the treatment of participant {subject} ended for an adverse event, and no event of the "
    "log has the action drug withdrawn",
    fix="please confirm the reason, and the action taken of the event",
    why="those who stopped for adverse events are counted by both",
    sources=("sdtmchecks check_ds_ae_discon",),
    good=[_treated(STOPPED), _treated(STOPPED, action=""), _treated(LEFT | {"subject": ""}),
          _treated(STOPPED | {"reason": "LACK OF EFFICACY"}, action="DOSE REDUCED"),
          *(_treated(STOPPED | {"reason": "OTHER", "term": why}, action="DOSE REDUCED")
            for why in ("NO ADVERSE EVENT", "NOT DUE TO TOXICITY - SPONSOR", "非不良事件")),
          _treated(STOPPED, LEFT, also=[{"subject": "S2", "action": "DOSE REDUCED"}]),
          _treated(DIED, action="NOT APPLICABLE"),
          _treated(STOPPED, action="", action_2=WITHDRAWN)],
    bad=[_treated(STOPPED, action="DOSE REDUCED"), _treated(LEFT, action="DOSE REDUCED"),
         _treated(STOPPED | {"subject": "S2"})],
)  # fmt: skip
def ended_treatment_was_withdrawn(ds: Fields) -> nw.Expr:
    """An event without an action may be the one: AE-REQ-14 asks for it."""
    known = ds.told("ae_withdrawn") | ds.told("ae_action_blank") | ~ds.filled("subject")
    return ~(ds.ends_treatment & ds.adverse & ~ds.death) | known


OTHER = ("other_action", "other_action_1", "other_action_2")
GONE = "SUBJECT DISCONTINUED FROM STUDY"


@rule(
    "AE-XDS-18", WARNING, "Who left the study for an event left it by the disposition",
    needs=("subject", "|".join((*OTHER, "discontinued")), "disposition.subject", f"{TEXT}|{FORM}"),
    grouped=("subject",), shows=(*OTHER, "discontinued", "term"),
    says="the participant left the study for the event, but the disposition has no end of the "
    "participation before completion",
    fix="please confirm, and enter the end of the participation",
    why="those who left for adverse events are counted by both",
    sources=("sdtmchecks check_ae_aeacnoth_ds_disctx",
             "sdtmchecks check_ae_aeacnoth_ds_stddisc_covid"),
    good=[_treated(LEFT, other_action=GONE), _treated(LEFT, discontinued="Y"),
          _treated(one("disposition"), other_action="DISCONTINUED OTHER STUDY DRUG"[:12]),
          _treated(one("disposition"), other_action="", discontinued=""),
          *(_treated(one("disposition"), other_action=kept) for kept in (
              "STUDY DRUG DISCONTINUED", "NOT WITHDRAWN FROM STUDY", "未退出研究",
              "CONCOMITANT MEDICATION DISCONTINUED PRIOR TO STUDY")),
          _treated(one("disposition"), discontinued="N"),
          _treated(one("disposition"), subject="", discontinued="Y"),
          _treated(DIED, other_action=GONE)],
    bad=[_treated(one("disposition"), other_action=GONE), _treated(STOPPED, other_action=GONE),
         _treated(one("disposition"), discontinued="Y"), _treated(one("disposition"),
                                                                   other_action="退出研究"),
         _treated(one("disposition"), other_action="STUDY DRUG STOPPED AND PATIENT LEFT THE STUDY"),
         _treated(LEFT | {"subject": "S2"}, other_action="NONE", other_action_1=GONE),
         _treated(one("disposition"), other_action_2="Withdrawn from the trial")],
)  # fmt: skip
def who_left_left(ae: Fields) -> nw.Expr:
    said = [or_if_blank(_leaves(nw.col(column)), False) for column in ae.present(*OTHER)]
    gone = nw.any_horizontal(ae.yes("discontinued"), *said, ignore_nulls=True)
    return ~gone | ae.told("ds_left_study") | ~ae.filled("subject")


def _leaves(text: nw.Expr) -> nw.Expr:
    """Whether another action says that the participant left the study, not that a drug stopped."""
    plain = text.str.replace_all(OF_THE_STUDY, "drug")
    return plain.str.contains(LEAVES) & ~plain.str.contains(STAYS)


def _dosed(end: str, **changes: str) -> Example:
    doses = [one("exposure", start="2024-03-01", end=end, **changes)]
    ended = one("disposition", start="2024-06-01")
    return an_event(beside={"exposure": doses, "disposition": [ended]})


@rule(
    "AE-XDS-38", NOTE, "No dose is given after the end of the participation",
    kind="exposure", needs=("exposure.start|exposure.end", "disposition.start"),
    shows=("subject", "treatment", "start", "end"),
    says=lambda row: "the dose is given after the end of the participation, "
    + day(row, "ds_closed"),
    fix="please confirm both dates", why="who left gets no treatment of the study",
    sources=("sdtmchecks check_ds_ex_after_discon", "SD0082"),
    good=[_dosed("2024-06-01"), _dosed("2024-06"), _dosed(""), _dosed("2024-07", subject="S2"),
          an_event(beside={"exposure": [one("exposure", start="2024-03-05")],
                           "disposition": [STOPPED | {"start": "2024-03-02"}]}),
          an_event(beside={"exposure": [one("exposure", start="2024-03-05")], "disposition": [
              one("disposition", reason="RANDOMIZED", term="", start="2024-03-02")]})],
    bad=[_dosed("2024-06-02"), _dosed("2024-07"),
         an_event(beside={"exposure": [one("exposure", start="2024-06-02", end="")],
                          "disposition": [one("disposition")]}),
         an_event(beside={"exposure": [one("exposure", start="2024-03-05", end="")],
                          "disposition": [LEFT | {"start": "2024-03-02"}, STOPPED]})],
)  # fmt: skip
def no_dose_after_the_end(ex: Fields) -> nw.Expr:
    limit = "ds_closed"
    return ~(ex.certainly_after("start", limit) | ex.certainly_after("end", limit))
