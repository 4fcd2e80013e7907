"""Other words for CTCAE terms, as practice writes them: abbreviations, synonyms, another order.

Curated, and few. A spelling that could mean two things is never applied, only suggested; so is a
term of another version, which `history` knows.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from ae_cli.ctcae.data import text_of
from ae_cli.ctcae.spelling import normal_form

SURE = frozenset({"abbrev", "synonym", "word_order", "suffix", "british"})
OLD_NAME = "old_name"


@dataclass(frozen=True, slots=True)
class Alias:
    """A spelling and the name of the term it means. Not `sure`: it could mean another one."""

    text: str
    term: str
    sure: bool


@cache
def aliases(version: str) -> dict[str, Alias]:
    """The spellings that mean a term of this version, by their normal form."""
    rows = list(csv.DictReader(text_of("aliases.csv").splitlines()))
    old = {normal_form(row["text"]) for row in rows if row["kind"] == OLD_NAME}
    return {
        form: Alias(row["text"], row[version], row["kind"] in SURE)
        for row in rows
        if row[version] and (form := normal_form(row["text"])) not in old
    }
