"""Complete, valid records in text cells. An example of a rule states only what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ae_cli.model import AdverseEvent, Subject, cells
from ae_cli.rules.rule import Example

EVENT = {
    "study": "T-1", "domain": "AE", "epoch": "TREATMENT",
    "subject": "S1", "seq": "1", "term": "Nausea", "soc": "Gastrointestinal disorders",
    "grade": "2", "serious": "N", "sae_death": "N", "sae_life_threatening": "N",
    "sae_hospitalisation": "N", "sae_disability": "N", "sae_congenital": "N", "sae_other": "N",
    "related": "POSSIBLY RELATED", "action": "DOSE NOT CHANGED", "treatment_given": "N",
    "outcome": "RECOVERED/RESOLVED", "start": "2024-03-04", "end": "2024-03-06",
    "ongoing": "", "death_date": "",
}  # fmt: skip
DEATH = EVENT | {
    "term": "Sepsis", "soc": "Infections and infestations", "grade": "5", "serious": "Y",
    "sae_death": "Y", "related": "NOT RELATED", "action": "NOT APPLICABLE", "outcome": "FATAL",
    "treatment_given": "Y", "start": "2024-03-04", "end": "2024-03-09",
    "death_date": "2024-03-09",
}  # fmt: skip
IN_SDTM = {"start_day": "4", "end_day": "6"}  # columns that SDTM has beside dates
PERSON = {
    "study": "T-1", "subject": "S1", "arm": "Low", "actual_arm": "Low", "first_dose": "2024-03-01",
    "last_dose": "2024-03-15", "last_contact": "2024-06-01", "died": "N", "death_date": "",
}  # fmt: skip
CODED = EVENT | {
    "term": "blue elbow", "llt": "Bluish elbow", "llt_code": "102", "preferred_term": "Blue elbow",
    "pt_code": "101", "hlt": "Elbow colours", "hlt_code": "201", "hlgt": "Elbow matters",
    "hlgt_code": "301", "soc": "Limb inventions", "soc_code": "401",
    "primary_soc": "Limb inventions", "primary_soc_code": "401",
}  # fmt: skip
RESULT = {
    "subject": "S1", "test": "ALT", "value": "150", "unit": "U/L", "lower": "7", "upper": "40",
    "date": "2024-03-05",
}  # fmt: skip
OTHERS: dict[str, dict[str, str]] = {
    "exposure": {
        "subject": "S1", "treatment": "Cells", "dose": "100", "unit": "10^6 cells",
        "start": "2024-03-01", "end": "2024-03-01",
    },
    "disposition": {
        "subject": "S1", "category": "DISPOSITION EVENT", "subcategory": "STUDY PARTICIPATION",
        "term": "COMPLETED", "reason": "COMPLETED", "start": "2024-06-01",
    },
    "concomitant": {"subject": "S1", "treatment": "Ondansetron", "start": "2024-03-04"},
    "reports": {
        "subject": "S1", "case": "C-1", "term": "Sepsis", "serious": "Y", "outcome": "FATAL",
        "related": "NOT RELATED", "start": "2024-03-04",
    },
    "status": {"subject": "S1", "status": "ALIVE", "date": "2024-06-01"},
    "death_details": {"subject": "S1", "test": "PRCDTH", "result": "SEPSIS", "date": "2024-03-09"},
    "parameters": {"name": "AEDICT", "value": "MedDRA 27.0"},
    "elements": {"arm": "LOW", "epoch": "TREATMENT"},
    "qualifiers": {
        "subject": "S1", "of_domain": "AE", "key": "AESEQ", "key_value": "1", "name": "AETRTEM",
        "value": "Y",
    },
}  # fmt: skip
DIED = OTHERS["disposition"] | {
    "term": "DEATH DUE TO ADVERSE EVENT", "reason": "DEATH", "start": "2024-03-09",
}  # fmt: skip
STUDY = {"cut_off": "2024-12-31", "coded_in": "CTCAE"}


def an_event(
    *,
    also: list[dict[str, str]] | None = None,
    participants: list[dict[str, str]] | None = None,
    beside: dict[str, list[dict[str, str]]] | None = None,
    sdtm: bool = False,
    without: tuple[str, ...] = (),
    study: dict[str, Any] | None = None,
    labels: dict[str, str] | None = None,
    **changes: str,
) -> Example:
    """One event, with what is changed; `also` adds rows that differ from it, each by its own."""
    made = _example(EVENT | changes, also, participants, sdtm, without, study, beside)
    return replace(made, labels=labels)


def a_coded_event(
    *, beside: dict[str, list[dict[str, str]]] | None = None, **changes: str
) -> Example:
    """One event coded in an invented release of MedDRA, with what is changed."""
    made = _example(CODED | changes, None, None, False, (), None, beside)
    return replace(made, meddra=True)


def a_result(**changes: str) -> dict[str, str]:
    """One laboratory result, with what is changed."""
    return RESULT | changes


def one(kind: str, **changes: str) -> dict[str, str]:
    """One record of another file of the study (`model.OTHERS`), with what is changed."""
    return OTHERS[kind] | changes


def with_cell(field: str, text: str, sdtm: bool = False) -> Example:
    """One event with one cell changed, by the field's name."""
    return _example(EVENT | {field: text}, None, None, sdtm, (), None)


def a_death(
    *,
    also: list[dict[str, str]] | None = None,
    participants: list[dict[str, str]] | None = None,
    beside: dict[str, list[dict[str, str]]] | None = None,
    sdtm: bool = False,
    without: tuple[str, ...] = (),
    study: dict[str, Any] | None = None,
    **changes: str,
) -> Example:
    """One fatal event, with what is changed."""
    return _example(DEATH | changes, also, participants, sdtm, without, study, beside)


def a_person(**changes: str) -> dict[str, str]:
    """One row of a participant file."""
    return PERSON | changes


def who_died(**changes: str) -> dict[str, str]:
    """One row of a participant file, of somebody who died."""
    return (
        PERSON | {"died": "Y", "death_date": "2024-03-09", "last_contact": "2024-03-09"} | changes
    )


def difference(example: Example) -> str:
    """What an example says beside the valid record it starts from, in one line."""
    rows = [dict(row) for row in example.events]
    parts = [_changes(rows[0], _start(rows[0]))] + [_changes(row, rows[0]) for row in rows[1:]]
    told = "  and a row with ".join(parts)
    for person in example.subjects:
        told += f"  | participant: {_changes(dict(person), _start(dict(person)))}"
    for result in example.labs:
        told += f"  | result: {_changes(dict(result), RESULT)}"
    for kind, records in example.others.items():
        for record in records:
            told += f"  | {kind}: {_changes(dict(record), OTHERS[kind])}"
    if example.meddra:
        told += "  | in an invented release of MedDRA"
    for name, label in (example.labels or {}).items():
        told += f"  | transport file: {name} has the label {_text(label)}"
    extra = {k: v for k, v in example.study.items() if STUDY.get(k) != v}
    return told + (f"  | study.toml: {extra}" if extra else "")


def _start(row: dict[str, str]) -> dict[str, str]:
    """The valid record a row is nearest to."""
    known = [EVENT, DEATH, PERSON, CODED]
    known += [*_events_in_sdtm(), _sdtm(PERSON, Subject)]
    return max(known, key=lambda record: sum(row.get(k) == v for k, v in record.items()))


def _changes(row: dict[str, str], start: dict[str, str]) -> str:
    changed = {k: v for k, v in row.items() if v != start.get(k) and not (k == "seq" and v > "1")}
    told = [f"{k}={_text(v)}" for k, v in changed.items()]
    told += [f"no column {k}" for k in start if k not in row]
    fatal = start in (DEATH, _events_in_sdtm()[1])
    return ", ".join(told) or ("a valid fatal event" if fatal else "a valid record")


def _events_in_sdtm() -> list[dict[str, str]]:
    return [_sdtm(IN_SDTM | record, AdverseEvent) for record in (EVENT, DEATH)]


def _text(text: str) -> str:
    """A text on a page: long ones by their length, and what would not be seen by its number."""
    if len(text) > LONGEST:
        return f"{text[:3]}... ({len(text)} characters)"
    shown = (c if c.isprintable() and c != "\ufffd" else f"U+{ord(c):04X}" for c in text)
    return "".join(shown) or "blank"


LONGEST = 60


def _example(
    first: dict[str, str],
    also: list[dict[str, str]] | None,
    participants: list[dict[str, str]] | None,
    sdtm: bool,
    without: tuple[str, ...],
    study: dict[str, Any] | None,
    beside: dict[str, list[dict[str, str]]] | None = None,
) -> Example:
    """`beside` has the records of the study's other files, by kind."""
    rows = [first, *(first | {"seq": str(i)} | more for i, more in enumerate(also or [], 2))]
    events = [{k: v for k, v in row.items() if k not in without} for row in rows]
    people = participants or []
    if sdtm:
        events = [_sdtm(IN_SDTM | row, AdverseEvent) for row in events]
        people = [_sdtm(row, Subject) for row in people]
    others = {kind: tuple(records) for kind, records in (beside or {}).items()}
    return Example(tuple(events), tuple(people), others=others, study=STUDY | (study or {}))


def _sdtm(row: dict[str, str], model: Any) -> dict[str, str]:
    return {cells(model)[name].sdtm: text for name, text in row.items()}
