"""Terms that a person's words may mean, ranked: the term itself, another word for it, the like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ae_cli.ctcae.aliases import aliases
from ae_cli.ctcae.dictionary import Dictionary, Term
from ae_cli.ctcae.history import foreign
from ae_cli.ctcae.spelling import normal_form
from ae_cli.errors import InputError

How = Literal["term", "alias", "version", "doubtful", "alike"]
LEAST = 60  # of 100: less alike is not shown
ALIKE = 84  # of 100: what is only alike is never as sure as what the tables know


@dataclass(frozen=True, slots=True)
class Hit:
    """A term, how the words led to it, and how sure that is, from 0 to 100.

    `how`: the term itself, an alias of it, the term's name in another version, a word that may mean
    another term too, or words that are merely alike.
    """

    term: Term
    how: How
    score: int


def search(text: str, dictionary: Dictionary, n: int = 10) -> list[Hit]:
    """Up to `n` terms, the surest first; each term once."""
    best: dict[str, Hit] = {}
    for hit in [*_known(text, dictionary), *_alike(text, dictionary)]:
        if hit.term.name not in best:
            best[hit.term.name] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)[:n]


def the_term(text: str, dictionary: Dictionary) -> Term:
    """The one term that `text` is, or is another word for. Raises InputError that offers others."""
    sure = [hit.term for hit in _known(text, dictionary) if hit.how in ("term", "alias")]
    if sure:
        return sure[0]
    near = [hit.term.name for hit in search(text, dictionary, 3)]
    raise InputError(
        f"{text!r} is not a term of CTCAE {dictionary.version}",
        f"did you mean {' or '.join(near)}?" if near else "try `ae-cli ctcae search` with a word",
    )


def _known(text: str, dictionary: Dictionary) -> Iterator[Hit]:
    """What the tables say of these very words."""
    if other := dictionary.other_specify(text):
        yield Hit(other[0], "term", 100)
    if term := dictionary.find(text):
        yield Hit(term, "term", 100)
    if term := dictionary.alias(text):
        yield Hit(term, "alias", 100)
    if elsewhere := foreign(text, dictionary.version):
        names = [t for name in elsewhere.became if (t := dictionary.find(name))]
        yield from (Hit(t, "version", 95 if len(names) == 1 else 85) for t in names)
    alias = aliases(dictionary.version).get(normal_form(text))
    if alias and (term := dictionary.find(alias.term)):
        yield Hit(term, "doubtful", 85)


def _alike(text: str, dictionary: Dictionary) -> Iterator[Hit]:
    """Terms and aliases that share words or letters with the text, the most alike first."""
    from rapidfuzz import process

    names = {normal_form(term.name): term.name for term in dictionary.terms}
    names |= {form: alias.term for form, alias in aliases(dictionary.version).items()}
    found = process.extract(
        normal_form(text), names.keys(), scorer=likeness, limit=50, score_cutoff=LEAST
    )
    for form, score, _ in found:
        if term := dictionary.find(names[form]):
            yield Hit(term, "alike", round(score * ALIKE / 100))


def likeness(text: str, other: str, *, score_cutoff: float | None = None) -> float:
    """How alike two names are, 0 to 100: as a whole, in another order of words, in some words."""
    from rapidfuzz import fuzz

    whole, sorted_ = fuzz.ratio(text, other), fuzz.token_sort_ratio(text, other)
    score = max(whole, 0.98 * sorted_, (4 * fuzz.token_set_ratio(text, other) + whole) / 5)
    return float(score) if score >= (score_cutoff or 0) else 0.0
