"""Terms of CTCAE in words: their grades, their history, what changed; and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ae_cli.ctcae import Dictionary, Term
    from ae_cli.ctcae.history import Change

HOW = {
    "term": "", "alias": "  (another word for it)", "version": "  (its name in another version)",
    "doubtful": "  (may mean it)", "test": "  (by its laboratory test)", "alike": "",
}  # fmt: skip

HEADINGS = {
    "removed": "In {old} alone, and what became of it",
    "added": "In {new} alone",
    "grades": "Other grades in {new}",
    "class": "Another organ class in {new}",
}


def grades(term: Term) -> str:
    """The grades of a term, each in its place: "1 - - 4 5"."""
    return " ".join(str(g) if term.permits(g) else "-" for g in range(1, 6))


def shown(term: Term, book: Dictionary, others: dict[str, tuple[Term, ...]]) -> Iterator[str]:
    yield term.name
    yield f"  class    {term.soc}"
    yield f"  code     {term.code} (MedDRA)" if term.code else "  code     not in this table"
    yield f"  CTCAE {book.version:<5} {grades(term)}"
    for version, terms in others.items():
        yield from _history_lines(term, version, terms)


def _history_lines(term: Term, version: str, terms: tuple[Term, ...]) -> Iterator[str]:
    if not terms:
        yield f"  CTCAE {version:<5} no such term"
    for other in terms:
        name = "" if other.name == term.name else f"  {other.name}"
        soc = "" if other.soc == term.soc else f"  ({other.soc})"
        yield f"  CTCAE {version:<5} {grades(other)}{name}{soc}"


def lab_fields(term: Term, version: str) -> list[dict[str, Any]]:
    """The grades of a laboratory value that the term has, by test and unit; none for most terms."""
    from ae_cli.ctcae.thresholds import of_term
    from ae_cli.labs.words import criterion

    return [
        {"term": s.term, "test": s.test, "unit": s.unit, "grade": rule.grade,
         "criterion": criterion(rule, s.unit)}
        for s in of_term(version, term.name)
        for rule in sorted(s.rules, key=lambda rule: rule.grade)
    ]  # fmt: skip


def lab_lines(term: Term, version: str) -> Iterator[str]:
    """The same in words, under each test and unit."""
    before = None
    for rule in lab_fields(term, version):
        of = f"{rule['test']} in {rule['unit']}" if rule["unit"] else rule["test"]
        if of != before:
            yield f"  by {of}"
        yield f"    grade {rule['grade']}  {rule['criterion']}"
        before = of


def changed(change: Change) -> Iterator[str]:
    names = " or ".join(term.name for term in change.new)
    if change.old is None:
        yield f"{grades(change.new[0])}  {names}"
    elif change.kind == "class":
        yield f"{names}: {change.old.soc} > {change.new[0].soc}"
    elif change.kind == "grades":
        rest = f"  (other grades: {' or '.join(change.moved)})" if change.moved else ""
        yield f"{grades(change.old)} > {grades(change.new[0])}  {names}{rest}"
    else:
        yield f"{change.old.name} > {names or 'nothing of the kind'}"


def change_fields(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "old": fields(change.old) if change.old else None,
        "new": [fields(term) for term in change.new],
        "moved": list(change.moved),
    }


def fields(term: Term) -> dict[str, Any]:
    return {"term": term.name, "soc": term.soc, "code": term.code, "grades": list(term.grades)}
