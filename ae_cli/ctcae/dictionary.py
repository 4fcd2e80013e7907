"""The terms of a CTCAE version: their organ class, the grades defined for them, how to find one.

Source: Common Terminology Criteria for Adverse Events (CTCAE), US National Cancer Institute:
v4.03 of 14 June 2010, v5.0 of 27 November 2017, v6.0 of 10 July 2025 with its errata of 20 January
2026. Which grades exist, no wording of them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache

from ae_cli.ctcae.aliases import aliases
from ae_cli.ctcae.data import bytes_of
from ae_cli.ctcae.spelling import normal_form
from ae_cli.errors import InputError

VERSIONS = ("4.03", "5.0", "6.0")
DEFAULT_VERSION = "5.0"
NEAR = 75  # of 100: how much alike a word must be to be suggested

_OTHER = " - Other, specify"
_OTHER_IN_TEXT = re.compile(r"\bother\W{1,3}specify(?![^\W_])[)\uff09]?", re.IGNORECASE)
# What people put between "specify" and their own words; the last three are Chinese : ; and ,
_MARKS = " \t\r\n\u00a0\u3000:;,.-_\u2010\u2011\u2012\u2013\u2014\u2212\uff1a\uff1b\uff0c"
_IN_BRACKETS = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]*)[)\]\uff09]")


@dataclass(frozen=True, slots=True)
class Term:
    """One CTCAE term. `grades` are those defined for it, ascending, and may have gaps.

    `code` is the MedDRA code NCI prints, or "" where that column was dropped.
    """

    name: str
    soc: str
    grades: tuple[int, ...]
    code: str = ""

    def permits(self, grade: int) -> bool:
        """Whether CTCAE defines this grade for the term."""
        return grade in self.grades

    @property
    def is_other(self) -> bool:
        """Whether this is its organ class's "Other, specify", for events without a term."""
        return self.name.endswith(_OTHER)


@dataclass(frozen=True)
class Dictionary:
    """The terms of one CTCAE version. `sha256` is that of the data file they come from."""

    version: str
    sha256: str
    terms: tuple[Term, ...]
    _by_form: dict[str, Term] = field(repr=False, compare=False)
    _socs: dict[str, str] = field(repr=False, compare=False)

    def find(self, text: str) -> Term | None:
        """The term that `text` is, but for case, space, dash, accent and British spelling."""
        return self._by_form.get(normal_form(text))

    @property
    def classes(self) -> tuple[str, ...]:
        """The system organ classes, in the order of the alphabet."""
        return tuple(self._socs.values())

    def classes_like(self, text: str) -> tuple[str, ...]:
        """The classes that are `text`, or have it in their name. Raises InputError for none."""
        known = self.soc(text)
        form = normal_form(text)
        found = (known,) if known else tuple(s for f, s in self._socs.items() if form in f)
        if not found or not form:
            raise InputError(
                f"{text!r} is no system organ class of CTCAE {self.version}",
                "see them all with `ae-cli ctcae list`",
            )
        return found

    def soc(self, text: str) -> str | None:
        """The system organ class that `text` is, as CTCAE writes it, compared as `find` does."""
        return self._socs.get(normal_form(text))

    def other_specify(self, text: str) -> tuple[Term, str] | None:
        """An "Other, specify" term and the words after it, as typed ("" where there are none).

        "Cardiac disorders - Other, specify: heart murmur" gives that term and "heart murmur".
        """
        match = _OTHER_IN_TEXT.search(text)
        term = match and self.find(text[: match.start()] + "Other, specify")
        if not match or not term:
            return None
        return term, _free_text(text[match.end() :])

    def alias(self, text: str) -> Term | None:
        """The term that `text` is another word for: ALT increased. None for a doubtful one."""
        alias = aliases(self.version).get(normal_form(text))
        return self.find(alias.term) if alias and alias.sure else None

    def nearest(self, text: str, n: int = 3) -> list[str]:
        """Up to `n` terms that `text` may mean or is spelled like, best first. To suggest only."""
        from rapidfuzz import fuzz, process

        form = normal_form(text)
        known = aliases(self.version).get(form)
        # Two forms may lead to one "Other, specify" term, so a spare match is asked for.
        near = process.extract(
            form, self._by_form.keys(), scorer=fuzz.ratio, limit=n + 1, score_cutoff=NEAR
        )
        meant = [known.term] if known else []
        names = [*meant, *(self._by_form[form].name for form, *_ in near)]
        return list(dict.fromkeys(names))[:n]


def dictionary(version: str = DEFAULT_VERSION) -> Dictionary:
    """The dictionary of a CTCAE version, read once. Raises InputError for an unknown one."""
    return _read(known_version(version))


def known_version(text: str) -> str:
    """The version that a person means: 5.0, v5.0 or 5. Raises InputError for none."""
    version = text.strip().lower().removeprefix("v")
    found = next((v for v in VERSIONS if version in (v, v.removesuffix(".0"))), None)
    if found is None:
        known = ", ".join(VERSIONS)
        raise InputError(f"CTCAE version {text!r} is not known", f"use one of: {known}")
    return found


@cache
def _read(version: str) -> Dictionary:
    return parse(version, bytes_of(f"ctcae-{version}.csv"))


def parse(version: str, data: bytes) -> Dictionary:
    """A dictionary from the bytes of a table: term, soc, grades and, unless dropped, code."""
    from hashlib import sha256

    rows = csv.DictReader(data.decode("utf-8").splitlines())
    terms = tuple(
        Term(row["term"], row["soc"], tuple(map(int, row["grades"])), row.get("code", ""))
        for row in rows
    )
    socs = {normal_form(soc): soc for soc in dict.fromkeys(term.soc for term in terms)}
    return Dictionary(version, sha256(data).hexdigest(), terms, _forms(terms), socs)


def _forms(terms: tuple[Term, ...]) -> dict[str, Term]:
    """Each normal form and its term; an "Other, specify" also under its organ class's name.

    CTCAE writes "Musculoskeletal and connective tissue disorder - Other, specify" although the
    class ends in "disorders".
    """
    others = {normal_form(term.soc + _OTHER): term for term in terms if term.is_other}
    return others | {normal_form(term.name): term for term in terms}


def is_bare_other(text: str) -> bool:
    """Whether `text` is "Other, specify" alone: no class before it, no words after it."""
    return _OTHER_IN_TEXT.fullmatch(text.strip(_MARKS)) is not None


def _free_text(tail: str) -> str:
    """A person's words in what follows "specify", without the marks that set them off."""
    words = tail.lstrip(_MARKS).rstrip()
    bracketed = _IN_BRACKETS.fullmatch(words)
    return bracketed[1].strip() if bracketed else words
