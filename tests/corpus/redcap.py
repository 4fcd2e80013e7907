"""Exports of REDCap: forms that repeat, events in columns, codes by a data dictionary."""

from __future__ import annotations

import itertools

from corpus.base import ACTIONS, CAUSES, EN, GROUPS, LAST, PEOPLE, edited
from corpus.case import Expected, Given, error, finding, same
from corpus.write import csv_bytes

REDCAP = "REDCap"
SYSTEM = ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
ASKED = ("dose_group", "first_dose", "sex", "died", "date_of_death", "last_contact")
EVENT = ("ae_term", "ae_grade", "ae_serious", "ae_related", "ae_outcome", "ae_action",
         "ae_start", "ae_end")  # fmt: skip
OUTCOMES = ("Recovered", "Not recovered", "Fatal")
DONE = (*ACTIONS, "Drug withdrawn")
CODED = {"ae_related": CAUSES, "ae_outcome": OUTCOMES, "ae_action": DONE, "dose_group": GROUPS}


def code(field: str, text: str) -> str:
    """The number that stands for a text, as the dictionary says."""
    if field in ("ae_serious", "died"):
        return {"Y": "1", "N": "0"}.get(text, "")
    return str(CODED[field].index(text) + 1) if field in CODED and text else text


def repeated(coded: bool) -> list[tuple[str, ...]]:
    """One row a participant, and one an event: the form of adverse events repeats."""
    rows = [(*SYSTEM, *ASKED, *EVENT)]
    for person in PEOPLE[1:]:
        asked = [code(f, t) if coded else t for f, t in zip(ASKED, person[1:], strict=True)]
        rows.append((person[0], "baseline_arm_1", "", "", *asked, *[""] * len(EVENT)))
        events = [row for row in EN[1:] if row[0] == person[0]]
        for n, row in enumerate(events, 1):
            told = [code(f, t) if coded else t for f, t in zip(EVENT, row[2:], strict=True)]
            head = (person[0], "visits_arm_1", "adverse_events", str(n))
            rows.append((*head, *[""] * len(ASKED), *told))
    return rows


def choices(texts: tuple[str, ...]) -> str:
    return " | ".join(f"{n}, {text}" for n, text in enumerate(texts, 1))


def dictionary(**others: str) -> bytes:
    """The data dictionary; `others` are other choices of a field."""
    header = ("field_name", "form_name", "field_type", "field_label",
              "select_choices_or_calculations")  # fmt: skip
    rows = [header]
    for field in ("record_id", *ASKED, *EVENT):
        label = field.removeprefix("ae_").replace("_", " ").capitalize()
        if field in CODED:
            listed = others.get(field, choices(CODED[field]))
            rows.append((field, "form", "radio", label, listed))
        else:
            kind = "yesno" if field in ("ae_serious", "died") else "text"
            rows.append((field, "form", kind, label, ""))
    return csv_bytes(rows)


def with_dictionary(log: bytes, dictionary: bytes, people: str | None = None) -> Given:
    return Given({"export.csv": log, "dictionary.csv": dictionary}, people=people,
                 config={"files": {"redcap_dictionary": "dictionary.csv"}})  # fmt: skip


@same(REDCAP, "export.csv")
def forms_that_repeat() -> Given:
    """An export with labels: events repeat below each participant, who stands in a row as well."""
    return Given({"export.csv": csv_bytes(repeated(coded=False))}, people=None)


@same(REDCAP)
def forms_that_repeat_with_codes() -> Given:
    """The same with codes in numbers, and the data dictionary that gives them their words."""
    return with_dictionary(csv_bytes(repeated(coded=True)), dictionary())


@finding(REDCAP, Expected("AE-COD-14", says="it stands for 'Ask the investigator'"), others=True)
def a_code_for_no_level() -> Given:
    """By the dictionary a code of causality stands for words that are no level of it."""
    odd = choices((*CAUSES[:-1], "Ask the investigator"))
    return with_dictionary(csv_bytes(repeated(coded=True)), dictionary(ae_related=odd))


@finding(REDCAP, Expected("AE-COD-14", count=LAST - 1), Expected("AE-COD-01"), others=True)
def codes_without_a_dictionary() -> Given:
    """Codes in numbers and no dictionary: nothing is guessed."""
    return Given({"export.csv": csv_bytes(repeated(coded=True))}, people=None)


WIDEST = max(len(list(found)) for _, found in itertools.groupby(row[0] for row in EN[1:]))

EMPTY = tuple(i for i, person in enumerate(PEOPLE[1:], 2) if person[0] not in
              {row[0] for row in EN[1:]})  # fmt: skip


def wide() -> list[tuple[str, ...]]:
    """One row a participant, with all its events side by side."""
    names = [f"ae_{n}_{field.removeprefix('ae_')}" for n in range(1, WIDEST + 1) for field in EVENT]
    rows = [("record_id", *names)]
    for person in PEOPLE[1:]:
        events = [row[2:] for row in EN[1:] if row[0] == person[0]]
        cells = list(itertools.chain(*events))
        rows.append((person[0], *cells, *[""] * (len(names) - len(cells))))
    return rows


@same(REDCAP, "wide.csv", excluded={"nothing about an event": EMPTY}, said=("records",))
def events_in_columns() -> bytes:
    """Events stand side by side in the row of their participant: ae_1_term, ae_2_term."""
    return csv_bytes(wide())


@error(REDCAP, "is not a data dictionary of REDCap", file="dictionary.csv")
def a_dictionary_that_is_none() -> Given:
    """The dictionary is some other table."""
    return with_dictionary(csv_bytes(repeated(coded=True)), csv_bytes(EN))


@finding(REDCAP, Expected("AE-CTC-01", count=1), others=True,
         like=edited(EN, {(2, "CTCAE grade"): ""}))  # fmt: skip
def a_grade_in_an_export_that_is_none() -> Given:
    """One grade of an export is 7; its row is that of the export."""
    rows = repeated(coded=False)
    at = next(i for i, row in enumerate(rows) if i and row[2])
    rows[at] = (*rows[at][:11], "7", *rows[at][12:])
    return Given({"export.csv": csv_bytes(rows)}, people=None)
