"""REDCap exports: several forms in one file, several events in one row, codes in a dictionary.

A repeating form has rows of its own, told by `redcap_repeat_instrument`; what is asked once stands
in the rows without one. A form repeated by hand has its number in the names: ae_1_term, ae_2_term.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ae_cli.errors import InputError
from ae_cli.read.encoding import to_utf8
from ae_cli.read.headers import LONGEST, lookup
from ae_cli.read.names import KINDS, Named
from ae_cli.read.sheet import Sheet
from ae_cli.vocabulary import Criterion, normalise, spellings

INSTRUMENT, INSTANCE, EVENT = (
    "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_event_name",
)  # fmt: skip
# The same in an export with labels instead of names.
_LABELS = {
    "Repeat Instrument": INSTRUMENT, "Repeat Instance": INSTANCE, "Event Name": EVENT,
}  # fmt: skip
_CHOICE = re.compile(r"(?P<question>.*\S)\s*\(choice=(?P<choice>.*)\)", re.DOTALL)
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
TICKED = {"Checked": "Yes", "Unchecked": "No"}
_NUMBERED = re.compile(r"(?P<before>[A-Za-z]\w*?)_(?P<n>\d{1,3})_(?P<after>[A-Za-z]\w*)")
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
    return exported or described or bool(_numbered(sheet))


def record_column(sheet: Sheet) -> int:
    """The column of the record: that of the participant, else the first of an export."""
    return next((i for i, h in enumerate(sheet.headers) if known(h, "subject")), 0)


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


def known(header: str, field: str = "") -> bool:
    """Whether a header is by itself that of a field, or of this one."""
    found = (lookup(header, kind) for kind in KINDS.values())
    named = {f.meaning.field for f in found if f and isinstance(f.meaning, Named)}
    return field in named if field else bool(named)


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


def forms(sheet: Sheet) -> list[Sheet]:
    """One sheet for each repeating form, and one for what is asked once; else the sheet itself."""
    if INSTRUMENT not in sheet.headers:
        return [sheet]
    instrument = sheet.cells[str(sheet.headers.index(INSTRUMENT))]
    names = instrument.drop_nulls().unique(maintain_order=True).to_list()
    asked_once, events = _without_events(sheet, instrument.is_null())
    parts = [_part(sheet, name, (instrument == name).fill_null(False)) for name in names]
    terms = [str(i) for i, header in enumerate(sheet.headers) if known(header, "term")]
    nobody_yet = bool(terms) and all(sheet.cells[term].is_null().all() for term in terms)
    if events.any() or nobody_yet:
        parts.append(_part(sheet, EVENTS, events))
    once = [_once(_part(sheet, ONCE, asked_once))] if asked_once.any() else []
    return [*once, *parts]


ONCE, EVENTS = "asked once", "events of visits"  # what a sheet is called that has no form's name


def _without_events(sheet: Sheet, rows: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Rows of no repeating form: those without an event, and those that have one."""
    terms = [str(i) for i, h in enumerate(sheet.headers) if known(h, "term")]
    filled = sheet.cells.select(pl.any_horizontal(pl.col(terms).is_not_null())) if terms else None
    has = filled.to_series() if filled is not None else rows & False
    return rows & ~has, rows & has


def _part(sheet: Sheet, name: str, rows: pl.Series) -> Sheet:
    """The rows of one form, with the columns that have an entry there.

    A column that is blank everywhere may be of any form: it goes to the events.
    """
    cells = sheet.cells.filter(rows)
    own = [INSTRUMENT, INSTANCE]
    terms = [i for i, header in enumerate(sheet.headers) if known(header, "term")]
    events = name == EVENTS or any(not cells[str(i)].is_null().all() for i in terms)
    record = record_column(sheet)
    kept = [
        i for i, header in enumerate(sheet.headers)
        if header not in own and (i == record or not cells[str(i)].is_null().all()
                                  or (events and sheet.cells[str(i)].is_null().all()))
    ]  # fmt: skip
    form = f"of the form {name}" if name not in (ONCE, EVENTS) else "of no repeating form"
    note = f"{cells.height} of {sheet.cells.height} rows are {form}"
    part = _with_columns(sheet, cells, kept)
    return replace(part, name=name, lines=sheet.lines.filter(rows), notes=(*sheet.notes, note))


def _with_columns(sheet: Sheet, cells: pl.DataFrame, kept: Sequence[int]) -> Sheet:
    return replace(
        sheet,
        cells=pl.DataFrame([cells[str(i)].alias(str(at)) for at, i in enumerate(kept)]),
        headers=tuple(sheet.headers[i] for i in kept),
        codes={at: sheet.codes[i] for at, i in enumerate(kept) if i in sheet.codes},
    )


def _once(sheet: Sheet) -> Sheet:
    """One row a record: visits share what is asked once. A column that differs is a visit's own."""
    record = sheet.cells[str(record_column(sheet))]
    if EVENT not in sheet.headers or not record.drop_nulls().is_duplicated().any():
        return sheet
    key = record.fill_null("\0" + sheet.lines.cast(pl.String))  # a blank is nobody in particular
    numbered = sheet.cells.with_columns(key.alias("record"), sheet.lines.alias("row"))
    told = numbered.group_by("record", maintain_order=True).agg(
        pl.col("row").first(), pl.exclude("record", "row").drop_nulls().first()
    )
    several = numbered.group_by("record").agg(
        (pl.exclude("record", "row").drop_nulls().n_unique() > 1).any()
    )
    kept = [
        i for i, header in enumerate(sheet.headers)
        if header != EVENT and not several[str(i)].any()
    ]  # fmt: skip
    note = f"{sheet.cells.height} rows of visits are {told.height} participants"
    differ = [h for i, h in enumerate(sheet.headers) if i not in kept and h != EVENT]
    left = f"; not read, as visits differ in them: {', '.join(differ)}" if differ else ""
    once = _with_columns(sheet, told.drop("record", "row"), kept)
    return replace(once, lines=told["row"], notes=(*sheet.notes, note + left))


def unnumbered(headers: Sequence[str]) -> list[str]:
    """Headers with ae_1_term as ae_term: by these a row is known for a header.

    A long text is no header, and searching one takes time that grows with its square.
    """
    return [
        _NUMBERED.sub(r"\g<before>_\g<after>", text) if len(text) <= LONGEST else text
        for text in headers
    ]


def long(sheet: Sheet) -> Sheet:
    """One row an event, where a row holds several: ae_1_term, ae_2_term.

    The names without their number must be those of fields, one of them the event's term. A record
    without any event keeps one row, so that nobody is lost.
    """
    by_n = _numbered(sheet)
    return _stacked(sheet, by_n) if by_n else sheet


def _numbered(sheet: Sheet) -> dict[int, dict[str, int]]:
    """For each number the columns that bear it, by their names without it."""
    found: dict[str, dict[int, dict[str, int]]] = {}
    for i, header in enumerate(sheet.headers):
        match = _NUMBERED.fullmatch(header)
        name = f"{match['before']}_{match['after']}" if match else ""
        if match and known(name):
            found.setdefault(match["before"], {}).setdefault(int(match["n"]), {})[name] = i
    repeated = [
        by_n
        for by_n in found.values()
        if len(by_n) > 1 and any(known(name, "term") for of in by_n.values() for name in of)
    ]
    return repeated[0] if len(repeated) == 1 else {}


def _stacked(sheet: Sheet, by_n: Mapping[int, Mapping[str, int]]) -> Sheet:
    names = list(dict.fromkeys(name for of in by_n.values() for name in of))
    moved = {i for of in by_n.values() for i in of.values()}
    same = [i for i in range(len(sheet.headers)) if i not in moved]
    parts = [_event(sheet, same, names, by_n[n], n) for n in sorted(by_n)]
    stacked = pl.concat(parts)
    texts = [str(len(same) + at) for at in range(len(names))]
    filled = pl.any_horizontal(pl.col(texts).is_not_null())
    alone = ~pl.col("row").is_in(stacked.filter(filled)["row"].implode()) & (
        pl.col("n") == min(by_n)
    )
    kept = stacked.filter(filled | alone).sort("row", "n")
    note = (
        f"{len(by_n)} events stand in one row: {sheet.cells.height} rows are {kept.height} records"
    )
    return replace(
        sheet,
        cells=kept.drop("row", "n"),
        lines=kept["row"],
        headers=(*(sheet.headers[i] for i in same), *names),
        codes=_moved_codes(sheet, same, names, by_n),
        notes=(*sheet.notes, note),
    )


def _event(
    sheet: Sheet, same: Sequence[int], names: Sequence[str], of: Mapping[str, int], n: int
) -> pl.DataFrame:
    """The columns of the nth event of each row, under their names without the number."""
    blank = pl.lit(None, pl.String)
    columns = [pl.col(str(i)).alias(str(at)) for at, i in enumerate(same)]
    columns += [
        (pl.col(str(of[name])) if name in of else blank).alias(str(at))
        for at, name in enumerate(names, len(same))
    ]
    return sheet.cells.select(columns).with_columns(sheet.lines.alias("row"), n=pl.lit(n, pl.Int32))


def _moved_codes(
    sheet: Sheet, same: Sequence[int], names: Sequence[str], by_n: Mapping[int, Mapping[str, int]]
) -> dict[int, Mapping[str, str]]:
    codes = {at: sheet.codes[i] for at, i in enumerate(same) if i in sheet.codes}
    for at, name in enumerate(names, len(same)):
        told = [sheet.codes.get(of[name], {}) for of in by_n.values() if name in of]
        if any(each != told[0] for each in told):
            raise InputError(
                f"{sheet.where}: the codes of {name} are not the same for every number",
                "export the labels instead of the codes",
            )
        codes |= {at: told[0]} if told[0] else {}
    return codes
