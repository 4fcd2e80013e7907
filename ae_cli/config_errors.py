"""What is wrong with a study.toml, in words of its own: the entry, what it holds, what it may hold,
and a line that is right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ae_cli.errors import InputError

OWN = """[[rules.own]]
id = "OWN-01"
where = "grade >= 3 and action == 'DOSE NOT CHANGED'"
says = "grade 3 or more, but the dose was not changed\""""
EXAMPLES = {  # lines that are right, by entry; that of a table stands for its entries
    "cut_off": "cut_off = 2025-06-30",
    "ctcae": 'ctcae = "5.0"',
    "coded_in": 'coded_in = "CTCAE"',
    "episodes": 'episodes = "joined"',
    "date_order": 'date_order = "dmy"',
    "title": 'title = "Study ABC-1"',
    "registry": 'registry = "NCT01234567"',
    "files": '[files]\nevents = "ae.csv"',
    "files.group": '[files]\ngroup = "sheet name"',
    "files.subjects": '[files]\nsubjects = "participants.csv"',
    "groups": '[[groups]]\nname = "Low"\nlabel = "Low dose"',
    "columns": '[columns.events]\nterm = "Adverse event"',
    "codes": '[codes.events.serious]\n1 = "Y"\n2 = "N"',
    "related": '[related]\ncounts = ["RELATED", "POSSIBLY RELATED"]',
    "window": "[window]\ndays_after_last_dose = 30",
    "limits": "[limits]\nmegabytes = 500",
    "severity_as_grade": "[severity_as_grade]\nmild = 1\nmoderate = 2\nsevere = 3",
    "rules": '[rules]\noff = {"XDS-19" = "screening goes on"}',
    "rules.off": '[rules]\noff = {"XDS-19" = "screening goes on"}',
    "rules.severity": '[rules]\nseverity = {"XFD-34" = "note"}',
    "rules.thresholds": "[rules.thresholds]\nyoungest = 18",
    "rules.options": '[rules.options]\nduplicate_key = "term and start"',
    "rules.own": OWN,
    "lists": '[lists]\naction = ["DOSE SPLIT"]',
}
_WANTED = {  # by the kind of error; the longest beginning of its name counts
    "string_type": "a text in quotation marks",
    "string_pattern": 'an id such as "OWN-01": OWN- and then capitals, digits and hyphens',
    "date": "a date: 2025-06-30",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "greater_than_equal": "a number of {ge} or more",
    "less_than_equal": "a number of {le} or less",
    "list": "a list",
    "dict": "a table",
    "model": "a table",
    "literal": "{expected}",
    "enum": "{expected}",
}


def explained(where: str, error: ValidationError, config: type[BaseModel]) -> InputError:
    """The first of the errors, in words."""
    problem: Any = error.errors(include_url=False)[0]
    loc = tuple(part for part in problem["loc"] if part not in ("str", "list[str]"))
    entry = _entry(loc)
    if problem["type"] == "extra_forbidden":
        return _no_such_entry(where, loc, config)
    if problem["type"] == "missing":
        what = f"{entry} is missing"
    elif wanted := _wanted(problem["type"]):
        what = f"{entry} is {_found(problem['input'])}, and should be " + wanted.format_map(
            {key: str(value) for key, value in problem.get("ctx", {}).items()}
        )
    else:
        said = problem["msg"].removeprefix("Value error, ")
        what = f"{entry}: {said}" if entry else said
    return InputError(f"{where}: {what}", _remedy(loc))


def _wanted(kind: str) -> str:
    fitting = [name for name in _WANTED if kind.startswith(name)]
    return _WANTED[max(fitting, key=len)] if fitting else ""


def _entry(loc: tuple[int | str, ...]) -> str:
    """An entry by its name: `groups.name (number 2)`, counted from 1."""
    named = ".".join(part for part in loc if isinstance(part, str))
    number = next((part for part in loc if isinstance(part, int)), None)
    return named if number is None else f"{named} (number {number + 1})"


def _found(value: object) -> str:
    """A value as a study.toml writes it."""
    if isinstance(value, (Mapping, BaseModel)):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:60] + "..."


def _remedy(loc: tuple[int | str, ...]) -> str:
    words = [part for part in loc if isinstance(part, str)]
    ways = (".".join(words[:n]) for n in range(len(words), 0, -1))
    line = next((EXAMPLES[way] for way in ways if way in EXAMPLES), "")
    more = "`ae-cli init` writes a study.toml with all entries"
    return f"write it like this:\n{line}" if line else f"mend that entry; {more}"


def _no_such_entry(where: str, loc: tuple[int | str, ...], config: type[BaseModel]) -> InputError:
    """An entry that is not known there: at home elsewhere, or nearly one that is."""
    name = str(loc[-1])
    tables = dict(_tables(config))
    home = next((path for path, part in tables.items() if name in part.model_fields), None)
    table = ".".join(part for part in loc[:-1] if isinstance(part, str))
    what = f"{where}: there is no entry {_entry(loc)}"
    if name.upper().startswith("OWN-"):
        return InputError(what, f"a rule of your own is written like this:\n{OWN}")
    if home is not None:
        moved = "above the first table" if not home else f"under [{home}]"
        return InputError(what, f"write it {moved}:\n{_line(home, name)}")
    known = tables[table].model_fields if table in tables else ()
    near = get_close_matches(name, known, 3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(known)}"
    return InputError(what, hint if known else "leave it out")


def _line(home: str, name: str) -> str:
    whole = f"{home}.{name}" if home else name
    return EXAMPLES.get(whole) or EXAMPLES.get(home) or f"{name} = ..."


def _tables(part: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Each table of a study.toml, with its entries."""
    yield path, part
    for name, field in part.model_fields.items():
        kind = field.annotation
        for inner in (kind, *get_args(kind)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _tables(inner, f"{path}.{name}" if path else name)
