"""Terms that a person's words may mean, ranked: the term itself, another word for it, the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ae_cli.ctcae.aliases import aliases
from ae_cli.ctcae.dictionary import VERSIONS, Dictionary, Term
from ae_cli.ctcae.dictionary import dictionary as dictionary_of
from ae_cli.ctcae.history import foreign
from ae_cli.ctcae.spelling import normal_form
from ae_cli.ctcae.thresholds import VARIANT, rule_sets
from ae_cli.errors import InputError

How = Literal["term", "alias", "version", "doubtful", "test", "alike"]
LEAST = 66  # of 100: less alike is not shown
MOST = 50  # names that are alike: more are not ranked
ALIKE = 84  # of 100: what is only alike is never as sure as what the tables know


@dataclass(frozen=True, slots=True)
class Hit:
    """A term, how the words led to it, and how sure that is, from 0 to 100.

    `how`: the term itself, an alias of it, the term's name in another version, a word that may mean
    another term too, the name of a laboratory test, or words that are merely alike.
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
    yield from (Hit(term, "test", 85) for term in _of_test(text, dictionary))


_DIRECTIONS = {
    **dict.fromkeys(("low", "decreased", "reduced", "lowered"), "L"),
    **dict.fromkeys(("high", "increased", "elevated", "raised"), "H"),
}


def _of_test(text: str, dictionary: Dictionary) -> Iterator[Term]:
    """The terms of a laboratory test that the words name: potassium, low platelets."""
    words = normal_form(text).split()
    directions = {_DIRECTIONS[word] for word in words if word in _DIRECTIONS} or {"L", "H"}
    named = {word.removesuffix("s") for word in words if word not in _DIRECTIONS and len(word) > 1}
    for rules in rule_sets(dictionary.version) if named else ():
        test = {w.strip("(),").removesuffix("s") for w in normal_form(rules.test).split()}
        term = dictionary.find(re.sub(VARIANT, "", rules.term))
        if named <= test and rules.direction in directions and term:
            yield term


def _alike(text: str, dictionary: Dictionary) -> Iterator[Hit]:
    """Terms and aliases that share words or letters with the text, the most alike first."""
    names = _names(dictionary.version)
    scores = likenesses(normal_form(text), list(names))
    near = ((form, score) for form, score in zip(names, scores, strict=True) if score >= LEAST)
    for form, score in sorted(near, key=lambda found: -found[1])[:MOST]:
        if term := dictionary.find(names[form]):
            yield Hit(term, "alike", round(score * ALIKE / 100))


@cache
def _names(version: str) -> dict[str, str]:
    """The normal forms that are compared with, and the term of each: its own names before another
    version's, where that became one term."""
    names = {normal_form(term.name): term.name for term in dictionary_of(version).terms}
    others = (t.name for v in VERSIONS if v != version for t in dictionary_of(v).terms)
    told = (found for name in others if (found := foreign(name, version)))
    once = {normal_form(f.term.name): f.became[0] for f in told if len(f.became) == 1}
    return once | {form: alias.term for form, alias in aliases(version).items()} | names


def likenesses(text: str, others: Sequence[str]) -> list[float]:
    """How alike a name is to each of others, 0 to 100: as a whole, in another order of words, in
    some words. All at once: one by one takes several times as long."""
    from rapidfuzz import fuzz, process

    whole, ordered, some = (
        process.cdist([text], others, scorer=scorer, dtype="float64")[0].tolist()
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio, fuzz.token_set_ratio)
    )
    return [max(w, 0.98 * o, (4 * s + w) / 5) for w, o, s in zip(whole, ordered, some, strict=True)]
