"""CTCAE's word on each event: which term it is, which grades exist for it.

Adds to every event: `ctc_term`, `ctc_soc`, `ctc_1` ... `ctc_5` (whether the grade exists for the
term), `ctc_only` (the one grade of a term that has one), `ctc_other` (an "Other, specify" term) and
`term_bare_other` (such a term without words of its own); and `soc_known`, the organ class the log
gives, as CTCAE writes it. All are null where nothing was matched.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ae_cli.ctcae import Dictionary, Term

CODED_SHARE = 0.75  # at least this share of events with a CTCAE term: the log is coded in CTCAE
GRADES = (1, 2, 3, 4, 5)


def with_ctcae(events: nw.DataFrame, dictionary: Dictionary) -> nw.DataFrame:
    """Match each distinct coded term (else reported term) once, and join what CTCAE says of it."""
    named = [c for c in ("preferred_term", "term") if c in events.columns]
    events = events.with_columns(coded_term=nw.coalesce(*named))
    told = [(text, t) for text in _distinct(events, "coded_term") if (t := _find(dictionary, text))]
    events = left_join(events, _table(events, told), "coded_term")
    return _with_soc(_with_bare_other(events, dictionary), dictionary)


def coded_share(events: nw.DataFrame) -> float:
    """The share of events with a term whose term is one of CTCAE's."""
    found = events.filter(~nw.col("coded_term").is_null())
    return 1 - found["ctc_term"].is_null().sum() / len(found) if len(found) else 0.0


def left_join(frame: nw.DataFrame, other: nw.DataFrame, on: str) -> nw.DataFrame:
    """A left join that keeps the rows in their order: engines promise none.

    `other` has each key once. The key alone is joined, so that no other column is copied.
    """
    joined = frame.select("record", on).join(other, on=on, how="left")
    joined = joined if joined["record"].is_sorted() else joined.sort("record")
    return frame.with_columns(*joined.drop("record", on).iter_columns())


def _find(dictionary: Dictionary, text: str) -> Term | None:
    if term := dictionary.find(text):
        return term
    other = dictionary.other_specify(text)
    return other[0] if other else None


def _distinct(events: nw.DataFrame, name: str) -> list[str]:
    return events[name].drop_nulls().unique().to_list()


def _table(events: nw.DataFrame, told: list[tuple[str, Term]]) -> nw.DataFrame:
    columns: dict[str, list[object]] = {
        "coded_term": [text for text, _ in told],
        "ctc_term": [t.name for _, t in told],
        "ctc_soc": [t.soc for _, t in told],
        "ctc_only": [t.grades[0] if len(t.grades) == 1 else None for _, t in told],
        "ctc_other": [t.is_other for _, t in told],
        **{f"ctc_{g}": [t.permits(g) for _, t in told] for g in GRADES},
    }
    dtypes: dict[str, Any] = dict.fromkeys(("coded_term", "ctc_term", "ctc_soc"), nw.String())
    dtypes |= {"ctc_only": nw.Int8(), "ctc_other": nw.Boolean()}
    dtypes |= {f"ctc_{g}": nw.Boolean() for g in GRADES}
    return nw.from_dict(columns, dtypes, backend=events.implementation)


def _with_soc(events: nw.DataFrame, dictionary: Dictionary) -> nw.DataFrame:
    if "soc" not in events.columns:
        return events
    known = {text: soc for text in _distinct(events, "soc") if (soc := dictionary.soc(text))}
    if not known:
        return events.with_columns(soc_known=nw.lit(None, nw.String))
    found = nw.col("soc").replace_strict(
        list(known), list(known.values()), default=None, return_dtype=nw.String
    )
    return events.with_columns(soc_known=found)


def _with_bare_other(events: nw.DataFrame, dictionary: Dictionary) -> nw.DataFrame:
    if "term" not in events.columns:
        return events.with_columns(term_bare_other=nw.lit(None, nw.Boolean))
    split = {text: dictionary.other_specify(text) for text in _distinct(events, "term")}
    bare = [text for text, found in split.items() if found and not found[1].strip()]
    return events.with_columns(term_bare_other=nw.col("term").is_in(bare))
