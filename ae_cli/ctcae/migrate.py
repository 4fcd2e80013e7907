"""What to do with a term of a log when it moves to another CTCAE version: proposed, never done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ae_cli.ctcae.dictionary import Dictionary, Term, dictionary
from ae_cli.ctcae.history import became, foreign, moved
from ae_cli.ctcae.search import search
from ae_cli.ctcae.wording import quoted

What = Literal["same", "renamed", "class", "grade", "choose", "gone", "unknown", "blank"]
SETTLED = frozenset({"same", "renamed", "blank"})
LABELS: dict[What, str] = {
    "same": "same", "renamed": "renamed", "class": "class differs", "grade": "grade not in {new}",
    "choose": "choose", "gone": "no such term in {new}", "unknown": "not a term of {old}",
    "blank": "no term",
}  # fmt: skip
LONGEST = 300  # characters that are searched for: no term is as long, and a narrative is no term


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do, the term proposed ("" where a person has to choose) and what there is to choose.

    `rewritten` tells that both versions' wording was imported and that of the grade differs.
    """

    what: What
    term: str = ""
    candidates: tuple[str, ...] = ()
    note: str = ""
    rewritten: bool = False

    @property
    def settled(self) -> bool:
        """Whether no person needs to decide."""
        return self.what in SETTLED

    def label(self, old: str, new: str) -> str:
        """What to do, in words."""
        return LABELS[self.what].format(old=old, new=new)


def proposal(text: str | None, grade: int | None, old: str, new: str) -> Proposal:
    """What to do with a term as the log has it. A grade that is unknown is not asked about.

    Raises InputError for a version that does not exist.
    """
    before, after = dictionary(old), dictionary(new)
    if not text or not text.strip():
        return Proposal("blank")
    if term := before.find(text):
        return _of_term(term, grade, before, after)
    if other := before.other_specify(text):
        return _of_other(*other, grade, before, after)
    return _of_unknown(text, before, after)


def _of_term(term: Term, grade: int | None, before: Dictionary, after: Dictionary) -> Proposal:
    names = became(term.name, before.version, after.version)
    found = [now for name in names if (now := after.find(name))]
    if not found:
        others = tuple(t.name for t in after.terms if t.is_other and t.soc == term.soc)
        return Proposal("gone", "", others)
    if len(found) > 1:
        return Proposal("choose", "", tuple(names), _without(found, grade))
    if note := _without(found, grade):
        return _regraded(term, found[0], before, after, note)
    return _with_words(_of_pair(term, found[0], after), term, found[0], grade, before, after)


def _of_pair(term: Term, now: Term, after: Dictionary) -> Proposal:
    """A term and the one it is called now, whose grade exists."""
    if now.soc != term.soc:
        note = f"CTCAE {after.version} has it under {now.soc}, not {term.soc}"
        return Proposal("class", now.name, (), note)
    return Proposal("same" if now.name == term.name else "renamed", now.name)


def _regraded(term: Term, now: Term, before: Dictionary, after: Dictionary, note: str) -> Proposal:
    """The grade is no more: the term itself, and the terms that its other grades went to."""
    went = moved(term.name, before.version, after.version)
    if term.grades == now.grades:
        note += f", and had no other in CTCAE {before.version}"
    elif went:
        note += f"; other grades went to {' or '.join(went)}"
    return Proposal("grade", "", (now.name, *went), note)


def _without(found: list[Term], grade: int | None) -> str:
    """Which of the terms do not have the grade, and which grades they have."""
    if grade is None or not 1 <= grade <= 5:
        return ""
    lacking = [term for term in found if not term.permits(grade)]
    told = [f"{t.name} has grade {', '.join(map(str, t.grades))}" for t in lacking]
    return f"no grade {grade}: {'; '.join(told)}" if told else ""


def _of_other(
    term: Term, words: str, grade: int | None, before: Dictionary, after: Dictionary
) -> Proposal:
    """An "Other, specify" stays, with its words; unless these are a term now."""
    kept = _of_term(term, grade, before, after)
    if named := after.find(words) if words else None:
        note = f"its words are a term of CTCAE {after.version}"
        return Proposal("choose", "", (named.name, *filter(None, [kept.term])), note)
    return replace(kept, term=f"{kept.term}: {words}") if kept.term and words else kept


def _of_unknown(text: str, before: Dictionary, after: Dictionary) -> Proposal:
    if meant := before.alias(text):
        names = became(meant.name, before.version, after.version)
        return Proposal("unknown", "", names, f"another word for {meant.name}")
    near = tuple(hit.term.name for hit in search(text[:LONGEST], after, 3))
    elsewhere = foreign(text, before.version)
    note = f"a term of CTCAE {' and '.join(elsewhere.versions)}" if elsewhere else ""
    return Proposal("unknown", "", near, note)


def _with_words(
    found: Proposal, term: Term, now: Term, grade: int | None, before: Dictionary, after: Dictionary
) -> Proposal:
    was = quoted(before.version, term.name, grade)
    told = quoted(after.version, now.name, grade)
    if not was or not told or was == told:
        return found
    note = "; ".join(filter(None, [found.note, f"the wording of grade {grade} differs"]))
    return replace(found, note=note, rewritten=True)
