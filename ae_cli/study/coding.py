"""CTCAE's word on each event: which term it is, which grades exist for it.

Adds to every event: `ctc_term`, `ctc_soc`, `ctc_code`, `ctc_1` ... `ctc_5` (whether the grade
exists for the term), `ctc_only` (the one grade of a term that has one), `ctc_other` (an "Other,
specify" term), `ctc_alias` (the log has another word for the term), `term_bare_other` (an "Other,
specify" without words of its own), `term_meant` (a term that its words are) and `soc_known` (the
organ class the log gives, as CTCAE writes it). All are null where nothing was matched.
`ctc_foreign` says whether the name is a term of other CTCAE versions alone.

Another word for a term counts for it only where the log is coded in CTCAE: MedDRA has words of
its own, and grades are asked about only where one of them is a CTCAE term.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from ae_cli.ctcae import Dictionary, Term, foreign
from ae_cli.ctcae.dictionary import is_bare_other

CODED_SHARE = 0.75  # with at least this share of terms of any version a log is coded in CTCAE
GRADES = (1, 2, 3, 4, 5)


def with_ctcae(
    events: nw.DataFrame, dictionary: Dictionary, coded_in: str | None
) -> tuple[nw.DataFrame, bool]:
    """The events with what CTCAE says of each, and whether the log is coded in CTCAE terms.

    Each distinct coded term (else reported term) is matched once. `coded_in` is study.toml's word.
    """
    named = [c for c in ("preferred_term", "term") if c in events.columns]
    events = events.with_columns(coded_term=nw.coalesce(*named))
    found = [m for text in _distinct(events, "coded_term") if (m := _match(dictionary, text))]
    coded = coded_in == "CTCAE" or (coded_in is None and _share(events, found) >= CODED_SHARE)
    told = [match for match in found if coded or not match.alias]
    events = left_join(events, _table(events, told), "coded_term")
    events = events.with_columns(ctc_foreign=nw.col("ctc_foreign").fill_null(False))
    return _with_soc(_with_others(events, dictionary), dictionary), coded


def _share(events: nw.DataFrame, found: list[Match]) -> float:
    """The share of events with a term whose term is one of CTCAE's, by its own name.

    A term of another version counts: a log of that version is one of CTCAE, and is told so.
    """
    terms = events.filter("is_event")["coded_term"].drop_nulls()
    own = [match.text for match in found if match.foreign or not match.alias]
    return float(terms.is_in(own).sum()) / len(terms) if len(terms) else 0.0


def left_join(frame: nw.DataFrame, other: nw.DataFrame, on: str) -> nw.DataFrame:
    """A left join that keeps the rows in their order: engines promise none.

    `other` has each key once. The key alone is joined, so that no other column is copied.
    """
    joined = frame.select("record", on).join(other, on=on, how="left")
    joined = joined if joined["record"].is_sorted() else joined.sort("record")
    return frame.with_columns(*joined.drop("record", on).iter_columns())


@dataclass(frozen=True, slots=True)
class Match:
    """What CTCAE says of a text: its term, if it has one, and whether by another word."""

    text: str
    term: Term | None
    alias: bool
    foreign: bool


def _match(dictionary: Dictionary, text: str) -> Match | None:
    if term := dictionary.find(text):
        return Match(text, term, alias=False, foreign=False)
    if other := dictionary.other_specify(text):
        return Match(text, other[0], alias=False, foreign=False)
    elsewhere = foreign(text, dictionary.version) is not None
    term = dictionary.alias(text)
    return Match(text, term, term is not None, elsewhere) if term or elsewhere else None


def _distinct(events: nw.DataFrame, name: str) -> list[str]:
    return events[name].drop_nulls().unique().to_list()


def _table(events: nw.DataFrame, told: list[Match]) -> nw.DataFrame:
    terms = [match.term for match in told]
    columns: dict[str, list[object]] = {
        "coded_term": [match.text for match in told],
        "ctc_term": [t and t.name for t in terms],
        "ctc_soc": [t and t.soc for t in terms],
        "ctc_code": [t and t.code for t in terms],
        "ctc_only": [t.grades[0] if t and len(t.grades) == 1 else None for t in terms],
        "ctc_other": [t and t.is_other for t in terms],
        "ctc_alias": [match.alias for match in told],
        "ctc_foreign": [match.foreign for match in told],
        **{f"ctc_{g}": [t and t.permits(g) for t in terms] for g in GRADES},
    }
    dtypes: dict[str, Any] = dict.fromkeys(columns, nw.Boolean())
    dtypes |= dict.fromkeys(("coded_term", "ctc_term", "ctc_soc", "ctc_code"), nw.String())
    return nw.from_dict(columns, dtypes | {"ctc_only": nw.Int8()}, backend=events.implementation)


def _with_soc(events: nw.DataFrame, dictionary: Dictionary) -> nw.DataFrame:
    if "soc" not in events.columns:
        return events
    known = {text: soc for text in _distinct(events, "soc") if (soc := dictionary.soc(text))}
    return events.with_columns(soc_known=_replaced("soc", known))


def _with_others(events: nw.DataFrame, dictionary: Dictionary) -> nw.DataFrame:
    """What the words of an "Other, specify" say: nothing, or the name of a term."""
    if "term" not in events.columns:
        none = {"term_bare_other": nw.lit(None, nw.Boolean), "term_meant": nw.lit(None, nw.String)}
        return events.with_columns(**none)
    split = {text: o for text in _distinct(events, "term") if (o := dictionary.other_specify(text))}
    bare = [text for text, (_, words) in split.items() if not words.strip()]
    bare += [text for text in _distinct(events, "term") if is_bare_other(text)]
    coded = events.filter(nw.col("ctc_other").fill_null(False))
    words = {text: text for text in _distinct(coded, "term") if text not in split}
    words |= {text: said for text, (_, said) in split.items()}
    meant = {text: m.name for text, said in words.items() if (m := _meant(dictionary, said))}
    return events.with_columns(
        term_bare_other=nw.col("term").is_in(bare), term_meant=_replaced("term", meant)
    )


def _meant(dictionary: Dictionary, words: str) -> Term | None:
    term = dictionary.find(words) or dictionary.alias(words)
    return None if term is None or term.is_other else term


def _replaced(column: str, known: dict[str, str]) -> nw.Expr:
    """The text that stands for each one of a column; null for all others."""
    if not known:
        return nw.lit(None, nw.String)
    return nw.col(column).replace_strict(
        list(known), list(known.values()), default=None, return_dtype=nw.String
    )
