"""REDCap exports: several forms in one file, several events in one row, codes in a dictionary."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ae_cli.errors import InputError
from ae_cli.read.encoding import to_utf8
from ae_cli.read.forms import EVENT, INSTANCE, INSTRUMENT, forms
from ae_cli.read.headers import known
from ae_cli.read.numbered import long, numbers, unnumbered
from ae_cli.read.sheet import Sheet
from ae_cli.vocabulary import Criterion, normalise, spellings

# The same in an export with labels instead of names.
_LABELS = {
    "Repeat Instrument": INSTRUMENT, "Repeat Instance": INSTANCE, "Event Name": EVENT,
}  # fmt: skip
_CHOICE = re.compile(r"(?P<question>.*\S)\s*\(choice=(?P<choice>.*)\)", re.DOTALL)
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
TICKED = {"Checked": "Yes", "Unchecked": "No"}
_CHECKBOX = re.compile(r"(?P<name>\w+)___(?P<code>\w+)")
YES_NO = {"1": "Yes", "0": "No"}

# A data dictionary, as the program interface and as the pages of REDCap write its header.
_COLUMNS = {
    "name": ("field_name", "Variable / Field Name"),
    "type": ("field_type", "Field Type"),
    "label": ("field_label", "Field Label"),
    "choices": ("select_choices_or_calculations", "Choices, Calculations, OR Slider Labels"),
}

_ALL_COLUMNS = [name for names in _COLUMNS.values() for name in names]


@dataclass(frozen=True, slots=True)
class Variable:
    """One field of a data dictionary: what it asks, and what its codes stand for."""

    label: str
    codes: Mapping[str, str]
    checkbox: bool = False


def dictionary(path: str, data: bytes, encoding: str | None = None) -> dict[str, Variable]:
    """The fields of a data dictionary by name. Raises InputError where it is none."""
    text, _ = to_utf8(path, data, encoding, lambda text: sum(n in text for n in _ALL_COLUMNS))
    rows = csv.DictReader(io.StringIO(text.decode("utf-8"), newline=""))
    at = {
        key: next((name for name in names if name in (rows.fieldnames or ())), "")
        for key, names in _COLUMNS.items()
    }
    if not all(at.values()):
        raise InputError(
            f"{path} is not a data dictionary of REDCap",
            "download it in REDCap under Project Setup, Data Dictionary, as CSV",
        )
    return {row[at["name"]]: _variable(*(row[at[k]] or "" for k in _COLUMNS)) for row in rows}


def concerns(sheet: Sheet, variables: Mapping[str, Variable]) -> bool:
    """Whether a sheet is an export of REDCap: by its columns, its dictionary or its numbers."""
    exported = any(header.startswith("redcap_") for header in _named(sheet.headers))
    described = bool(sheet.headers) and sheet.headers[0] in variables
    return exported or described or bool(numbers(sheet))


def opened(sheet: Sheet, variables: Mapping[str, Variable]) -> list[Sheet]:
    """The forms of an export as sheets of records."""
    sheet = explained(_identified(_without_labels(sheet)), variables)
    return [long(form) for form in forms(sheet)]


def _named(headers: Sequence[str]) -> Sequence[str]:
    """Headers with the names of the columns that REDCap adds, where an export has their labels."""
    labelled = {"Repeat Instrument", "Repeat Instance"} <= set(headers)
    return [_LABELS.get(header, header) for header in headers] if labelled else headers


def _without_labels(sheet: Sheet) -> Sheet:
    """An export with labels, as one with names: a box to tick is a question of its own."""
    headers, codes = list(_named(sheet.headers)), dict(sheet.codes)
    for i, header in enumerate(headers):
        if box := _CHOICE.fullmatch(header):
            reason = spellings(Criterion).get(normalise(_BRACKETS.sub("", box["choice"])))
            question = _BRACKETS.sub("", box["question"])
            headers[i] = f"{reason or box['choice']} [{question}]"
            codes[i] = TICKED
    return replace(sheet, headers=tuple(headers), codes=codes)


def _identified(sheet: Sheet) -> Sheet:
    """The first column of an export is the record: the participant, whatever the study calls it."""
    first, *others = sheet.headers
    if known(first) or any(known(header, "subject") for header in others):
        return sheet
    return replace(sheet, headers=(f"Subject ID [{first}]", *others))


def _variable(name: str, kind: str, label: str, choices: str) -> Variable:
    if kind in ("yesno", "truefalse"):
        return Variable(label, YES_NO)
    if kind not in ("radio", "dropdown", "checkbox"):
        return Variable(label, {})
    pairs = (choice.partition(",") for choice in choices.split("|"))
    codes = {code.strip(): words.strip() for code, comma, words in pairs if comma}
    return Variable(label, codes, kind == "checkbox")


def explained(sheet: Sheet, variables: Mapping[str, Variable]) -> Sheet:
    """The sheet with what its codes stand for; a header that nobody knows gets its label."""
    headers, codes = list(sheet.headers), dict(sheet.codes)
    for i, header in enumerate(sheet.headers):
        variable = _of(header, variables)
        if variable is None:
            continue
        codes[i] = variable.codes
        if variable.label and not known(header) and not known(*unnumbered([header])):
            headers[i] = f"{' '.join(variable.label.split())} [{header}]"
    return replace(sheet, headers=tuple(headers), codes={i: c for i, c in codes.items() if c})


def _of(header: str, variables: Mapping[str, Variable]) -> Variable | None:
    """The variable of a header; of a box to tick, the choice it stands for."""
    if header in variables:
        return variables[header]
    box = _CHECKBOX.fullmatch(header)
    parent = variables.get(box["name"]) if box else None
    if box is None or parent is None or not parent.checkbox:
        return None
    return Variable(parent.codes.get(box["code"], ""), YES_NO)
