"""The headers people use and what each means: headers.toml, loaded once for a kind of record."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ae_cli.model import KINDS as RECORDS
from ae_cli.model import Record, cells

_SECTIONS = {"events": "event", "subjects": "subject", "labs": "lab", "reports": "report"}
KINDS: dict[type[Record], str] = {
    kind.model: _SECTIONS.get(name, name) for name, kind in RECORDS.items()
}
MAIN = ("event", "subject", "lab")
_LIKE = {"report": "event"}  # what a kind has beside its own headers

# Ranks of headers for one field, best first. Headers people use are equals, the others are not.
STANDARD, PEOPLE, ALSO, HINTED = range(4)
LAST = 1000  # of the headers of one rank


@dataclass(frozen=True, slots=True)
class Named:
    """A header of one field. `prefixed`: "AE outcome" is the same as "Outcome"."""

    field: str
    rank: tuple[int, int]
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class ByValue:
    """A header of several fields: what the column holds decides."""

    fields: tuple[str, ...]
    hints: dict[str, list[str]] = field(hash=False)
    codes: dict[str, list[str]] = field(hash=False)
    doubts: dict[str, list[str]] = field(hash=False)
    prefixed: bool = False
    asks: bool = True  # where the values do not tell; else the column is not used


@dataclass(frozen=True, slots=True)
class Ignored:
    """A header that is known and of no use here. Unless one of `unless` is found, it is noted."""

    reason: str
    unless: tuple[str, ...] | None = None
    prefixed: bool = True


Meaning = Named | ByValue | Ignored


@dataclass(frozen=True)
class Names:
    """All known headers for one kind of record, by their squashed form."""

    meanings: dict[str, Meaning]
    spellings: dict[str, str]  # as people write it, for suggestions
    standard: dict[str, Named]  # by SDTM, ADaM or CDASH name, as it is
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]


@cache
def names(kind: str) -> Names:
    """The known headers of a kind of record. A spelling that means two things is refused."""
    data = _data()
    meanings: dict[str, Meaning] = {}
    spellings: dict[str, str] = {}
    for spelling, meaning in _entries(data, kind):
        form = squash(spelling)
        spellings.setdefault(form, spelling)
        if not agree(meanings.setdefault(form, meaning), meaning):
            raise ValueError(f"headers.toml: {spelling!r} means two things")
    prefixes = sorted(map(squash, data["prefixes"]), key=len, reverse=True)
    standard = dict(_standard(data, kind))
    return Names(meanings, spellings, standard, tuple(prefixes), tuple(data["suffixes"]))


@cache
def labels(model: type[Record]) -> dict[str, Named]:
    """The labels that the program itself shows for the fields of a kind, where they are not known
    as headers. They tell no file from another: some, such as Date, are everywhere."""
    known = names(KINDS[model]).meanings
    fields = {squash(cell.label): name for name, cell in cells(model).items()}
    return {form: Named(name, (ALSO, LAST)) for form, name in fields.items() if form not in known}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("ae_cli.read").joinpath("headers.toml").read_text("utf-8"))


def _entries(data: dict[str, Any], kind: str) -> Iterator[tuple[str, Meaning]]:
    for name, entry in _fields(data, kind):
        yield from _field_entries(name, entry)
    for entry in _of_kind(data["by_value"], kind):
        hints, codes, doubts = (entry.get(part, {}) for part in ("hints", "codes", "doubts"))
        fields, prefixed = tuple(entry["fields"]), entry.get("prefixed", False)
        coded = ByValue(fields, hints, codes, doubts, prefixed, entry.get("asks", True))
        yield from ((spelling, coded) for spelling in entry["headers"])
    for entry in _of_kind(data["ignored"], kind):
        unless = entry.get("warns_unless")
        ignored = Ignored(entry["reason"], None if unless is None else tuple(unless))
        yield from ((spelling, ignored) for spelling in entry["headers"])


def _fields(data: dict[str, Any], kind: str) -> Iterable[tuple[str, dict[str, Any]]]:
    """The fields of a kind. A spelling of its own is not that of what it shares with others."""
    own = data[kind].items()
    spelled = {
        squash(s) for _, entry in own for s in (*entry.get("headers", ()), *entry.get("also", ()))
    }
    shared = {**data["record"], **data.get(_LIKE.get(kind, ""), {})}
    if kind not in MAIN:
        shared = {name: _without(entry, spelled) for name, entry in shared.items()}
    return [*shared.items(), *own]


def _without(entry: dict[str, Any], spelled: set[str]) -> dict[str, Any]:
    lists = {
        part: [s for s in entry.get(part, []) if squash(s) not in spelled]
        for part in ("headers", "also")
    }
    return entry | lists


def _of_kind(entries: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The entries for a kind of record: those that name it, and those that name none."""
    known = {kind, _LIKE.get(kind, kind)}
    return [entry for entry in entries if known & set(entry.get("kind", kind).split())]


def _field_entries(name: str, entry: dict[str, Any]) -> Iterator[tuple[str, Named]]:
    prefixed = entry.get("prefixed", False)
    named = Named(name, (PEOPLE, 0), prefixed)
    yield from ((spelling, named) for spelling in entry.get("headers", []))
    yield from ((spelling, named) for spelling in entry.get("standard", []))  # loosely: AE_TERM
    for place, spelling in enumerate(entry.get("also", [])):
        yield spelling, Named(name, (ALSO, place), prefixed)


def _standard(data: dict[str, Any], kind: str) -> Iterator[tuple[str, Named]]:
    for name, entry in _fields(data, kind):
        for place, word in enumerate(entry.get("standard", [])):
            yield word, Named(name, (STANDARD, place))


def agree(one: Meaning, other: Meaning) -> bool:
    """Whether two meanings are the same field or entry."""
    if isinstance(one, Named) and isinstance(other, Named):
        return one.field == other.field
    return one is other


def standard_field(header: str, kind: str) -> Named | None:
    """The field of an SDTM, ADaM or CDASH name written as such: AETERM or aeterm, not AE_TERM."""
    name = header.strip()
    return names(kind).standard.get(name.upper() if name.islower() else name)


_CTCAE = re.compile(
    r"(?:nci[\W_]*)?ctc[\W_]*ae[\W_]*(?:v(?:er(?:sion)?)?\.?[\s:._-]*)?(\d(?:\.\d+)?)(?![-\d])"
)


def squash(text: str) -> str:
    """One form for a header: NFKC, no case, no CTCAE version, nothing but letters and digits."""
    return re.sub(r"[\W_]+", "", _CTCAE.sub("ctcae", _plain(text)))


def ctcae_version(header: str) -> str | None:
    """The CTCAE version a header names: 5.0, 4.03."""
    found = _CTCAE.search(_plain(header))
    return found and (found[1] if "." in found[1] else f"{found[1]}.0")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
