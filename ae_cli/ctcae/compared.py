"""Where NCI's workbook and the built-in table of its version differ. NCI corrects cells between
releases, so a difference is told and is no error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ae_cli.ctcae.dictionary import Dictionary, Term
from ae_cli.ctcae.nci import Entry
from ae_cli.ctcae.spelling import normal_form

Kind = Literal["term missing", "term unknown", "term twice", "class", "code", "grades"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what the built-in table has, and what the workbook has."""

    kind: Kind
    term: str
    built_in: str = ""
    workbook: str = ""


def differences(entries: Sequence[Entry], book: Dictionary) -> Iterator[Difference]:
    """Every difference, in the order of the workbook; what it lacks comes last."""
    seen: set[str] = set()
    for entry in entries:
        term, form = book.find(entry.name), normal_form(entry.name)
        form = normal_form(term.name) if term else form
        if form in seen:
            yield Difference("term twice", entry.name)
        elif term is None:
            yield Difference("term unknown", entry.name, "", entry.name)
        else:
            yield from _of_term(term, entry, book)
        seen.add(form)
    for term in book.terms:
        if normal_form(term.name) not in seen:
            yield Difference("term missing", term.name, term.name)


def _of_term(term: Term, entry: Entry, book: Dictionary) -> Iterator[Difference]:
    """A column the workbook does not have, or of which the table was relieved, is no difference."""
    if entry.soc and (book.soc(entry.soc) or entry.soc) != term.soc:
        yield Difference("class", term.name, term.soc, entry.soc)
    if entry.code and term.code and entry.code != term.code:
        yield Difference("code", term.name, term.code, entry.code)
    if tuple(sorted(entry.grades)) != term.grades:
        yield Difference("grades", term.name, _listed(term.grades), _listed(sorted(entry.grades)))


def _listed(grades: Sequence[int]) -> str:
    return ", ".join(map(str, grades)) or "none"
