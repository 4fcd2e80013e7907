"""What became of CTCAE's terms from one version to the next.

Source: the mapping sheets of CTCAE v5.0 (from 4.03) and v6.0 (from 5.0), US National Cancer
Institute. A term that was dropped became one or several others; what else changed is told by the
tables of terms themselves.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from ae_cli.ctcae.data import text_of
from ae_cli.ctcae.dictionary import VERSIONS, Term, dictionary, known_version
from ae_cli.ctcae.spelling import normal_form

Kind = Literal["removed", "added", "grades", "class"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions: `old` in the first, `new` in the second.

    Of a term that was removed, `new` are those it became. Of one whose grades changed, `moved` are
    the terms that a part of its grades went to.
    """

    kind: Kind
    old: Term | None
    new: tuple[Term, ...]
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreign:
    """A term that only other versions have, and what it is called in the version asked for."""

    term: Term
    versions: tuple[str, ...]
    became: tuple[str, ...]


def became(name: str, old: str, new: str) -> tuple[str, ...]:
    """The terms of version `new` that a term of version `old` is found under, older or newer.

    Itself where both have it; none where the other version has nothing of the kind. Raises
    InputError for a version that does not exist.
    """
    if dictionary(new).find(name):
        return (name,)
    path = _path(old, new)
    names: Iterable[str] = [name]
    for one, other in pairwise(path):
        names = dict.fromkeys(n for name in names for n in _step(name, one, other))
    return tuple(names)


def moved(name: str, old: str, new: str) -> tuple[str, ...]:
    """Where a part of the grades went of a term that a later version keeps."""
    steps = [(o, n) for o, n in pairwise(_path(old, new)) if VERSIONS.index(o) < VERSIONS.index(n)]
    found = (part for step in steps for part in _told(*step).get(name, ()))
    return tuple(dict.fromkeys(found)) if dictionary(new).find(name) else ()


def changes(old: str, new: str) -> Iterator[Change]:
    """Every difference from one version to another, in the order of their terms."""
    before, after = dictionary(old), dictionary(new)
    old, new = before.version, after.version
    for term in before.terms:
        now = after.find(term.name)
        if now is None:
            names = became(term.name, old, new)
            yield Change("removed", term, tuple(t for n in names if (t := after.find(n))))
            continue
        if now.grades != term.grades:
            yield Change("grades", term, (now,), moved(term.name, old, new))
        if now.soc != term.soc:
            yield Change("class", term, (now,))
    yield from (Change("added", None, (t,)) for t in after.terms if not before.find(t.name))


def foreign(text: str, version: str) -> Foreign | None:
    """The term of other versions that `text` is, where this version does not have it."""
    return _foreign(known_version(version)).get(normal_form(text))


@cache
def _foreign(version: str) -> dict[str, Foreign]:
    """The terms that only other versions have, by their normal form."""
    having: dict[str, list[str]] = {}
    for other in VERSIONS:
        for term in dictionary(other).terms:
            having.setdefault(normal_form(term.name), []).append(other)
    return {
        form: _told_of(form, versions, version)
        for form, versions in having.items()
        if version not in versions and not dictionary(version).find(form)
    }


def _told_of(form: str, having: list[str], version: str) -> Foreign:
    nearest = min(having, key=lambda v: abs(VERSIONS.index(v) - VERSIONS.index(version)))
    term = dictionary(nearest).find(form)
    assert term is not None
    return Foreign(term, tuple(having), became(term.name, nearest, version))


def _path(old: str, new: str) -> tuple[str, ...]:
    """The versions from one to the other, both included."""
    a, z = VERSIONS.index(known_version(old)), VERSIONS.index(known_version(new))
    return VERSIONS[a : z + 1] if a <= z else VERSIONS[z : a + 1][::-1]


def _step(name: str, old: str, new: str) -> tuple[str, ...]:
    """What a term is called one version later or earlier."""
    if dictionary(new).find(name):
        return (name,)
    if VERSIONS.index(old) < VERSIONS.index(new):
        return _told(old, new)[name]
    return _backwards(new, old).get(name, ())


@cache
def _told(old: str, new: str) -> dict[str, tuple[str, ...]]:
    """What the mapping sheet says, by the old name."""
    found = defaultdict(list)
    for row in csv.DictReader(text_of(f"became-{old}-{new}.csv").splitlines()):
        found[row["old"]].append(row["new"])
    return {name: tuple(names) for name, names in found.items()}


@cache
def _backwards(old: str, new: str) -> dict[str, tuple[str, ...]]:
    """By the new name, the terms that became it and are no more. "Other, specify" is no name."""
    found = defaultdict(list)
    for name, names in _told(old, new).items():
        if not dictionary(new).find(name):
            for now in names:
                found[now].append(name)
    return {name: tuple(names) for name, names in found.items()}
