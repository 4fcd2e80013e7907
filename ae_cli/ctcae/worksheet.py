"""A coding worksheet: the distinct texts of a log with candidates, and what a person accepted.

Only a text that is a term, or an "Other, specify" with words of its own, is accepted beforehand;
all else waits for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ae_cli.ctcae.dictionary import Dictionary, Term
from ae_cli.ctcae.search import Hit, search
from ae_cli.errors import InputError

CANDIDATES = 3
LONGEST = 300  # characters that are searched for: no term is as long
SHOWN = 5  # of the cells that cannot be used
TEXT, ACCEPTED, VERSION = "Verbatim text", "Accepted term", "CTCAE version"
_EACH = range(1, CANDIDATES + 1)
HEADERS = (
    TEXT, "Rows", "First rows", ACCEPTED, *(f"Candidate {n}" for n in _EACH),
    *(f"Score {n}" for n in _EACH), *(f"How found {n}" for n in _EACH),
)  # fmt: skip
HOW = {
    "term": "the term itself", "alias": "another word for it", "version": "in another version",
    "doubtful": "may mean it", "test": "by its laboratory test", "alike": "alike",
}  # fmt: skip

Rows = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """A text of the log, the rows that have it, what it may mean, and what is accepted."""

    text: str
    rows: tuple[int, ...]
    hits: tuple[Hit, ...]
    accepted: str = ""

    def cells(self) -> tuple[str | int | None, ...]:
        """The line under the headers of a worksheet."""
        spare = [None] * (CANDIDATES - len(self.hits))
        first = ", ".join(map(str, self.rows[:5])) + (", ..." if len(self.rows) > 5 else "")
        return (
            self.text, len(self.rows), first, self.accepted or None,
            *(hit.term.name for hit in self.hits), *spare,
            *(hit.score for hit in self.hits), *spare,
            *(HOW[hit.how] for hit in self.hits), *spare,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coded:
    """A term that a person accepted, with their own words after an "Other, specify"."""

    term: Term
    words: str = ""

    @property
    def name(self) -> str:
        """The term as it is written to a log."""
        return f"{self.term.name}: {self.words}" if self.words else self.term.name


def same(text: str | None) -> str:
    """Texts are one that differ in space and capitals alone."""
    return " ".join((text or "").split()).casefold()


def by_text(texts: Sequence[str | None], rows: Sequence[int]) -> dict[str, tuple[str, list[int]]]:
    """The distinct texts, as first written, and the rows that have them."""
    found: dict[str, tuple[str, list[int]]] = {}
    for text, row in zip(texts, rows, strict=True):
        if key := same(text):
            found.setdefault(key, (text or "", []))[1].append(row)
    return found


def lines(texts: Sequence[str | None], rows: Sequence[int], book: Dictionary) -> list[Line]:
    """One line for each distinct text: first what is to be decided, the most frequent before."""
    made = [_line(text, of_text, book) for text, of_text in by_text(texts, rows).values()]
    return sorted(made, key=lambda line: (bool(line.accepted), -len(line.rows), line.text))


def _line(text: str, rows: Sequence[int], book: Dictionary) -> Line:
    hits = tuple(search(text[:LONGEST], book, CANDIDATES))
    return Line(text, tuple(rows), hits, _surely(text, book))


def _surely(text: str, book: Dictionary) -> str:
    """What needs no person: the text is a term, or an "Other, specify" with words of its own."""
    coded = _coded(text, book)
    bare = coded is not None and coded.term.is_other and not coded.words
    return coded.name if coded and not bare else ""


def accepted(where: str, sheets: Mapping[str, Rows], book: Dictionary) -> dict[str, Coded]:
    """The accepted terms of a worksheet that was filled in, by their text as `same` has it.

    Raises InputError for what is no such worksheet, one of another version, a cell that is no term
    (with its row), and a text with two terms.
    """
    _check_version(where, sheets, book)
    found, wrong = dict[str, Coded](), list[str]()
    for row, text, name in _answers(where, sheets):
        coded = _coded(name, book)
        if coded is None:
            wrong.append(f"row {row}: {name[:80]!r}{_meant(name, book)}")
        elif found.setdefault(same(text), coded) != coded:
            raise InputError(
                f"{where}, row {row}: {text[:80]!r} has two accepted terms", "leave one of them"
            )
    if wrong:
        raise _unknown(where, wrong, book)
    return found


def _answers(where: str, sheets: Mapping[str, Rows]) -> Iterator[tuple[int, str, str]]:
    """Each row with an accepted term: its number, its text, the term."""
    for rows in sheets.values():
        heads = [(i, row) for i, row in enumerate(rows[:25]) if {TEXT, ACCEPTED} <= {*row}]
        if heads:
            at, head = heads[0]
            text, name = head.index(TEXT), head.index(ACCEPTED)
            told = ((i, row[text], row[name]) for i, row in enumerate(rows[at + 1 :], at + 2))
            yield from (answer for answer in told if answer[1].strip() and answer[2].strip())
            return
    raise InputError(
        f"{where} is no coding worksheet: no sheet has {TEXT!r} and {ACCEPTED!r}",
        "make one: ae-cli code FILE",
    )


def _coded(name: str, book: Dictionary) -> Coded | None:
    if term := book.find(name):
        return Coded(term)
    other = book.other_specify(name)
    return Coded(*other) if other else None


def _meant(name: str, book: Dictionary) -> str:
    near = book.nearest(name[:LONGEST], 1)
    return f" (did you mean {near[0]}?)" if near else ""


def _unknown(where: str, wrong: Sequence[str], book: Dictionary) -> InputError:
    more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    is_ = "is not a term" if len(wrong) == 1 else "are not terms"
    told = "; ".join(wrong[:SHOWN])
    return InputError(
        f"{where}: {len(wrong)} accepted {is_} of CTCAE {book.version}: {told}{more}",
        "write the CTCAE term, or leave the cell blank; `ae-cli ctcae search` finds terms",
    )


def _check_version(where: str, sheets: Mapping[str, Rows], book: Dictionary) -> None:
    """Refuse to take the terms of one version for those of another."""
    told = {row[1] for rows in sheets.values() for row in rows if row[:1] == (VERSION,) and row[1:]}
    if told and told != {book.version}:
        made = ", ".join(sorted(told))
        raise InputError(
            f"{where} was made for CTCAE {made[:20]}, and the log is coded in {book.version}",
            f"say --ctcae {made[:20]}, or make a worksheet for {book.version}",
        )
