"""People's headers to the model's fields. What could mean two things is asked, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from ae_cli.model import AdverseEvent, Record, Subject, cells, kind_of
from ae_cli.read import by_value
from ae_cli.read.asking import NOT_USED, Asking, shown
from ae_cli.read.course import NO_COURSE, PART, Course, left_out
from ae_cli.read.headers import Found, best, labelled, lookup, plainest
from ae_cli.read.names import (
    KINDS,
    STANDARD,
    ByValue,
    Ignored,
    Named,
    ctcae_version,
    standard_field,
)
from ae_cli.read.sheet import Chosen

ELSEWHERE = {
    "event": "used only from a log of events",
    "subject": "used only from a participant file",
}  # in a log of events such a column says nothing of laboratory results, doses and the like
STAND_INS: dict[
    type[Record], dict[str, tuple[str, ...]]
] = {  # fields that another column answers, where they have none of their own
    AdverseEvent: {"ongoing": ("end_relation", "end_relative"), "soc": ("primary_soc",)},
    Subject: {"first_dose": ("reference_start",)},
}
Values = Callable[[int], Collection[str]]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds which field, and what was said on the way.

    Every column is either in `fields` or, in the order of the file, in `ignored` with the reason.
    `standard` tells that the headers are SDTM's or ADaM's: spelled values are errors there. `made`
    are fields in columns that the file itself does not have.
    """

    fields: dict[str, int]
    standard: bool
    notes: tuple[str, ...]
    ignored: tuple[tuple[str, str], ...]
    made: frozenset[str] = frozenset()


def recognise(headers: Sequence[str], model: type[Record]) -> set[str]:
    """The fields a row would give by name alone. Cheap: to tell header rows and sheets by."""
    meanings = [found.meaning for header in headers if (found := lookup(header, KINDS[model]))]
    named = {meaning.field for meaning in meanings if isinstance(meaning, Named)}
    return named | {meaning.fields[0] for meaning in meanings if isinstance(meaning, ByValue)}


def match(
    headers: Sequence[str],
    model: type[Record],
    chosen: Chosen,
    values: Values,
    where: str,
    course: Course = NO_COURSE,
) -> Mapping:
    """Decide every column. `chosen` is study.toml's {field: header}, `where` names the file.

    Raises InputError where a needed field has no column, a field has two columns of equal
    standing, a column's values do not tell which field it is, or `chosen` does not fit the file.
    """
    matching = _Matching(headers, model, where)
    matching.reasons |= dict.fromkeys(course.parts, PART)
    matching.take_chosen({**chosen, **course.fields})
    found = {
        i: f
        for i in matching.open()
        if (f := lookup(headers[i], KINDS[model]) or labelled(headers[i], model))
    }
    matching.take_named(found)
    matching.check_needed()
    matching.take_by_value(found, values)
    matching.take_stand_ins()
    matching.leave_out_others(found)
    return replace(matching.mapping(), made=frozenset(course.fields))


def other_version(headers: Sequence[str], mapping: Mapping, ctcae: str) -> Mapping:
    """With a note on every column that names another CTCAE version than the study's."""
    notes = [
        f"column {shown(headers[i])} names CTCAE {version}, and its grades are checked by {ctcae}: "
        f'if {version} is right, write ctcae = "{version}" in study.toml'
        for i in sorted(set(mapping.fields.values()))
        if (version := ctcae_version(headers[i])) and version != ctcae
    ]
    return replace(mapping, notes=(*mapping.notes, *notes))


def describe(
    headers: Sequence[str], mapping: Mapping, model: type[Record]
) -> list[tuple[str, str, str]]:
    """Each header with the label of its field, or with "" and the reason."""
    labels: dict[int, list[str]] = {}
    for field, position in mapping.fields.items():
        labels.setdefault(position, []).append(cells(model)[field].label)
    ignored = iter(mapping.ignored)
    return [
        (header, " and ".join(labels[i]), "") if i in labels else (header, "", next(ignored)[1])
        for i, header in enumerate(headers)
    ]


class _Matching:
    """One header row being matched: `fields` grows, every other column gets its reason."""

    def __init__(self, headers: Sequence[str], model: type[Record], where: str) -> None:
        self.headers, self.model, self.kind = headers, model, KINDS[model]
        self.ask = Asking(headers, model, where)
        self.fields: dict[str, int] = {}
        self.reasons: dict[int, str] = {}
        self.notes: dict[int, str] = {}

    def open(self) -> list[int]:
        """The columns that are not decided."""
        taken = {*self.fields.values(), *self.reasons}
        return [i for i in range(len(self.headers)) if i not in taken]

    def mapping(self) -> Mapping:
        return Mapping(
            {field: self.fields[field] for field in cells(self.model) if field in self.fields},
            self.is_standard(),
            tuple(self.notes[i] for i in sorted(self.notes)),
            tuple((self.headers[i], self.reasons[i]) for i in sorted(self.reasons)),
        )

    def is_standard(self) -> bool:
        """Whether USUBJID is there, with AETERM or AEDECOD, or for participants with any other."""
        named = [standard_field(self.headers[i], self.kind) for i in self.fields.values()]
        ranks = {n.field: n.rank for n in named if n and n.field in self.fields}
        needed = kind_of(self.model).needed[-1] if self.model is AdverseEvent else cells(self.model)
        others = ranks.keys() & set(needed) - {"subject"}
        return ranks.get("subject") == (STANDARD, 0) and bool(others)

    def take_chosen(self, chosen: Chosen) -> None:
        self.reasons |= dict.fromkeys(left_out(self.ask, chosen), "left out by study.toml")
        for field, header in chosen.items():
            if field not in {*cells(self.model), NOT_USED}:
                raise self.ask.no_such_field(field)
            if field != NOT_USED and isinstance(header, str):
                self.fields[field] = self.ask.position(field, header)

    def take_named(self, found: dict[int, Found]) -> None:
        for field in cells(self.model):
            options = {i: f for i, f in found.items() if _is_named(f, field)}
            if options and field not in self.fields:
                self.fields[field] = i = self.one(field, best(options))
                if note := self.ask.aside(i, field, found[i]):
                    self.notes[i] = note

    def take_by_value(self, found: dict[int, Found], values: Values) -> None:
        decided: dict[str, list[int]] = {}
        for i, meaning in self.coded(found).items():
            if field := self.decide(i, meaning, values(i)):
                decided.setdefault(field, []).append(i)
        for field, at in decided.items():
            self.fields[field] = self.one(field, at)

    def take_stand_ins(self) -> None:
        for field, others in STAND_INS.get(self.model, {}).items():
            other = next((o for o in others if o in self.fields), None)
            if other and field not in self.fields:
                self.fields[field] = self.fields[other]

    def coded(self, found: dict[int, Found]) -> dict[int, ByValue]:
        """The columns decided by values, one of each name: not AE_SEVERITY_STD beside _RAW."""
        columns = {i: f.meaning for i, f in found.items() if isinstance(f.meaning, ByValue)}
        forms: dict[str, dict[int, Found]] = {}
        for i in columns:
            forms.setdefault(found[i].form, {})[i] = found[i]
        for same in forms.values():
            used = self.one(columns[min(same)].fields[0], plainest(same))
            self.reasons |= dict.fromkeys(same.keys() - {used}, f"{self.headers[used]} is used")
        return {i: meaning for i, meaning in columns.items() if i not in self.reasons}

    def decide(self, at: int, meaning: ByValue, values: Collection[str]) -> str | None:
        """The open field a column is, with a note; or None with the reason why it is left out."""
        held = by_value.look(self.model, meaning.fields, values)
        free = [field for field in meaning.fields if field not in self.fields]
        if field := by_value.decide(held, meaning, free, free):
            doubts = by_value.doubtful(held, meaning, field, free)
            self.notes[at] = self.ask.decided(at, field, str(held), doubts)
            return field
        known = by_value.decide(held, meaning, meaning.fields, free)
        if held.answers and free and not known and meaning.asks:
            raise self.ask.undecided(at, free, str(held))
        self.reasons[at] = self.instead(known) if known else "holds nothing that tells what it is"
        self.notes[at] = self.ask.unused(at, self.reasons[at])
        return None

    def check_needed(self) -> None:
        for needed in kind_of(self.model).needed:
            if not self.fields.keys() & set(needed):
                raise self.ask.missing(needed, self.open())

    def leave_out_others(self, found: dict[int, Found]) -> None:
        missing = [field for field in cells(self.model) if field not in self.fields]
        spellings = {} if self.is_standard() else self.ask.spellings(missing)
        for i in self.open():
            self.reasons[i] = self.reason(i, found.get(i))
            if i not in found and (note := self.ask.near(i, spellings)):
                self.notes[i] = note

    def reason(self, at: int, found: Found | None) -> str:
        """Why a column is not used. What is lost by it may deserve a note."""
        meaning = found.meaning if found else None
        if isinstance(meaning, Named):
            return self.instead(meaning.field)
        if isinstance(meaning, Ignored):
            if meaning.unless is not None and not self.fields.keys() & set(meaning.unless):
                self.notes[at] = self.ask.unused(at, meaning.reason)
            return meaning.reason
        return self.elsewhere(at) if self.headers[at].strip() else "no header"

    def elsewhere(self, at: int) -> str:
        others = (kind for kind in ELSEWHERE if kind != self.kind)
        homes = (kind for kind in others if _is_named(lookup(self.headers[at], kind)))
        return next((ELSEWHERE[kind] for kind in homes), "not used")

    def instead(self, field: str) -> str:
        return f"{self.headers[self.fields[field]]} is used"

    def one(self, field: str, best: list[int]) -> int:
        if len(best) > 1:
            raise self.ask.ambiguous(field, best)
        return best[0]


def _is_named(found: Found | None, field: str | None = None) -> bool:
    meaning = found.meaning if found else None
    return isinstance(meaning, Named) and field in (None, meaning.field)
