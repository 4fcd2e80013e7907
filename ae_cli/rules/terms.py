"""The names of events: one event each, a CTCAE term where the log is coded in CTCAE."""

from __future__ import annotations

from functools import lru_cache

import narwhals as nw

from ae_cli.ctcae import dictionary, foreign
from ae_cli.rules.examples import an_event
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Fields, Row, or_if_blank, rule, when

TERM = "term|preferred_term"
SEVERAL = r"(?i)\band\b|&|\+|/|;|,|，|、|；"
OTHER = r"(?i)^.*\bother\W{1,3}specify\b"  # its own comma names nothing, nor does its class
JUDGED = (
    r"(?i)\b(?:grade|gr)\.?\s*(?:[0-5]|i{1,3}|iv|v)\b|\bg[1-5]\b|\bctcae\b|[1-5一二三四五]级"
    r"|\b(?:un|not |drug[- ]|possibly |probably |definitely )related\b|\brelated to (?:study|drug)"
    r"|与.*(?:有关|无关)"
)


def _dictionary_term(ae: Fields) -> nw.Expr:
    """Whether the reported term is itself a dictionary's: of CTCAE where the log is coded in it."""
    own = or_if_blank(ae.term.str.to_lowercase() == ae.coded_term.str.to_lowercase(), False)
    known = ~ae.ctc_term.is_null()
    return own & known if ae.coded_in_ctcae() or not ae.has("preferred_term") else own


@rule(
    "AE-COD-17", ERROR, "The term is not the bare word 'other'",
    needs=("term",),
    says="the term is only 'other'", fix="name the event",
    why="nobody can code or judge an event called other", sources=("CG0343", "CORE-000161"),
    good=[an_event(), an_event(term="Other rash"), an_event(term="")],
    bad=[an_event(term="OTHER"), an_event(term="other."), an_event(term="其他")],
)  # fmt: skip
def term_is_not_other(ae: Fields) -> nw.Expr:
    bare = ae.term.str.contains(r"(?i)^\W*(?:others?|其他|其它)\W*$")
    return or_if_blank(~bare, True)


def _nearest(row: Row) -> str:
    """The terms most like this one: offered, never applied."""
    found = _nearest_of(row["in_study"].config.ctcae, row["coded_term"])
    return (
        f"did you mean {' or '.join(found)}? if not, use the CTCAE term, or 'Other, specify'"
        if found
        else ""
    )


@lru_cache(maxsize=4096)
def _nearest_of(version: str, text: str) -> list[str]:
    return dictionary(version).nearest(text)


@rule(
    "AE-CTC-02", WARNING, "The term is a CTCAE term",
    needs=(TERM,), asks=("CTCAE terms",), shows=("term", "preferred_term"),
    says=lambda row: f"{row['coded_term']} is not a term of CTCAE {row['in_study'].config.ctcae}",
    fix=lambda row: _nearest(row) or "use the CTCAE term, or 'Other, specify' of its organ class",
    why="grades are defined by term: without the term nobody can check the grade",
    sources=("CTCAE",),
    good=[an_event(), an_event(term="anaemia"), an_event(term="", preferred_term=""),
          an_event(term="ALT increased"), an_event(term="Thrombocytopenia"),
          an_event(term="Platelet count decreased", study={"ctcae": "6.0"}),
          an_event(term="Eye disorders - Other, specify: dry lids")],
    bad=[an_event(term="Nausia"), an_event(term="feeling sick", preferred_term="Nausia"),
         an_event(term="Rash")],
)  # fmt: skip
def term_is_known(ae: Fields) -> nw.Expr:
    return ~ae.ctc_term.is_null() | ae.ctc_foreign | ae.coded_term.is_null()


def _elsewhere(row: Row) -> str:
    """Which versions have the term, and what it is called in the version of the study."""
    version = row["in_study"].config.ctcae
    found = foreign(row["coded_term"], version)
    assert found is not None
    told = f"{found.term.name} is a term of CTCAE {' and '.join(found.versions)}, not of {version}"
    names = " or ".join(found.became)
    return f"{told}: in {version} it is {names}" if names else f"{told}, which has none for it"


@rule(
    "AE-CTC-11", WARNING, "All terms are of one version of CTCAE",
    needs=(TERM,), asks=("CTCAE terms",), shows=("term", "preferred_term"), grouped=("coded_term",),
    says=_elsewhere,
    fix="state the version the grades were given by as `ctcae` in study.toml, or change the term",
    why="the same grade of two versions can be another severity", sources=("CTCAE",),
    good=[an_event(), an_event(term=""), an_event(term="Nausia"), an_event(term="ALT increased"),
          an_event(term="Platelet count decreased"),
          an_event(term="Thrombocytopenia", study={"ctcae": "6.0"})],
    bad=[an_event(term="Platelet count decreased", study={"ctcae": "6.0"}),
         an_event(term="Thrombocytopenia"), an_event(term="acute coronary syndrome"),
         an_event(term="Bone marrow hypocellularity",
                  preferred_term="Oedema limbs", study={"ctcae": "6.0"})],
)  # fmt: skip
def term_is_of_this_version(ae: Fields) -> nw.Expr:
    return ~ae.ctc_foreign


@rule(
    "AE-CTC-15", NOTE, "The term is written as CTCAE writes it",
    needs=(TERM,), asks=("CTCAE terms",), shows=("term", "preferred_term"), grouped=("coded_term",),
    says="{coded_term} is taken for {ctc_term}: its grades are checked as that",
    fix="write {ctc_term}, if that is what is meant",
    why="one event under two names is counted as two", sources=("practice",),
    good=[an_event(), an_event(term="anaemia"), an_event(term=""), an_event(term="Nausia"),
          an_event(term="Rash"), an_event(term="Thrombocytopenia"),
          an_event(term="ALT increased", study={"coded_in": "MedDRA"})],
    bad=[an_event(term="ALT increased"), an_event(term="neutropenia"),
         an_event(term="low counts", preferred_term="Neutropenia")],
)  # fmt: skip
def term_is_written_as_in_ctcae(ae: Fields) -> nw.Expr:
    return ~or_if_blank(ae.ctc_alias, False) | ae.ctc_foreign


@rule(
    "AE-CTC-07", NOTE, "'Other, specify' is for events that have no term",
    needs=("term",), asks=("CTCAE terms",), shows=("term", "preferred_term"),
    says="'Other, specify' names an event that has a term: {term_meant}",
    fix="use {term_meant}",
    why="the event is missing where its term is counted", sources=("CTEP guidelines",),
    good=[an_event(), an_event(term="Eye disorders - Other, specify: dry lids"),
          an_event(term="Eye disorders - Other, specify"),
          an_event(term="dry lids", preferred_term="Eye disorders - Other, specify")],
    bad=[an_event(term="Eye disorders - Other, specify: dry eye"),
         an_event(term="dry eye", preferred_term="Eye disorders - Other, specify"),
         an_event(term="Investigations - Other, specify: ALT increased")],
)  # fmt: skip
def other_has_no_term(ae: Fields) -> nw.Expr:
    return ae.term_meant.is_null() | ~or_if_blank(ae.ctc_other, False)


@rule(
    "AE-CTC-13", NOTE, "The MedDRA code is that of the CTCAE term",
    needs=(TERM, "llt_code|pt_code"), asks=("CTCAE terms",),
    shows=("term", "preferred_term", "llt_code", "pt_code"),
    says="CTCAE has {ctc_term} under the code {ctc_code}",
    fix="please confirm the term and its code", why="the code and the term are two events",
    sources=("CTCAE",),
    good=[an_event(llt_code="10028813"), an_event(pt_code="10028813"), an_event(llt_code=""),
          an_event(llt_code="10028813.0"),
          an_event(llt_code="1", pt_code="10028813"), an_event(term="", llt_code="1"),
          an_event(term="Nausia", llt_code="1"), an_event(term="ALT increased", llt_code="1")],
    bad=[an_event(llt_code="10047700"), an_event(pt_code="10047700"),
         an_event(llt_code="10047700", pt_code="")],
)  # fmt: skip
def code_is_the_terms(ae: Fields) -> nw.Expr:
    codes = [name for name in ("llt_code", "pt_code") if ae.has(name)]
    same = nw.any_horizontal(
        *(
            or_if_blank(nw.col(c).str.replace_all(r"\.0+$", "") == ae.ctc_code, False)
            for c in codes
        ),
        ignore_nulls=True,
    )
    told = nw.any_horizontal(*(ae.filled(c) for c in codes), ignore_nulls=True)
    own = ~ae.ctc_code.is_null() & ~or_if_blank(ae.ctc_alias, False)
    return same | ~told | ~own


@rule(
    "AE-CTC-06", ERROR, "'Other, specify' is specified",
    needs=(TERM,), shows=("term", "preferred_term"),
    says="'Other, specify' without words that name the event",
    fix="write the event after the term, or in the reported term",
    why="the event is unknown", sources=("CTCAE",),
    good=[an_event(), an_event(term="Eye disorders - Other, specify: dry lids"),
          an_event(term="dry lids", preferred_term="Eye disorders - Other, specify")],
    bad=[an_event(term="Eye disorders - Other, specify"),
         an_event(term="", preferred_term="Eye disorders - Other, specify"),
         an_event(term="Eye disorders - other, specify",
                  preferred_term="Eye disorders - Other, specify"),
         an_event(term="Other (specify)", preferred_term="Eye disorders - Other, specify")],
)  # fmt: skip
def other_is_specified(ae: Fields) -> nw.Expr:
    if not ae.has("term"):
        return ~or_if_blank(ae.ctc_other, False)
    named = ae.filled("term") & ~or_if_blank(ae.term_bare_other, False)
    return when(ae.ctc_other, named)


@rule(
    "AE-CTC-10", WARNING, "The organ class is that of the CTCAE term",
    needs=(TERM, "soc"), asks=("CTCAE terms",), shows=("term", "preferred_term", "soc"),
    says="CTCAE has {ctc_term} under {ctc_soc}, not {soc}", fix="use {ctc_soc}",
    why="the event is counted under another organ class", sources=("CTCAE",),
    good=[an_event(), an_event(soc=""), an_event(soc="GASTROINTESTINAL DISORDERS"),
          an_event(term="Not a term of CTCAE", soc="Eye disorders"), an_event(term="")],
    bad=[an_event(soc="Eye disorders"), an_event(soc="Stomach")],
)  # fmt: skip
def soc_is_the_terms(ae: Fields) -> nw.Expr:
    told = ae.filled("soc") & ~ae.ctc_term.is_null()
    return ~told | or_if_blank(ae.soc_known == ae.ctc_soc, False)


@rule(
    "AE-PLA-02", NOTE, "The term names one event",
    needs=("term",),
    says="the term may name several events", fix="please enter one row for each event",
    why="two events in one row are counted as one, under one grade", sources=("CDASH AE",),
    good=[an_event(), an_event(term=""), an_event(term="Hypothermia"),
          an_event(term="Alkaline phosphatase increased"),
          an_event(term="Head soft tissue necrosis"),
          an_event(term="Eye disorders - Other, specify"),
          an_event(term="Eye disorders - Other, specify: dry lids",
                   preferred_term="Eye disorders - Other, specify"),
          an_event(term="RASH, ITCHING", preferred_term="Rash, itching",
                   study={"coded_in": "MedDRA"})],
    bad=[an_event(term="Nausea and vomiting"), an_event(term="恶心、呕吐"),
         an_event(term="fever/chills"), an_event(term="Nausea, vomiting", preferred_term="Nausea"),
         an_event(term="Eye disorders - Other, specify: dry lids, itching",
                  preferred_term="Eye disorders - Other, specify"),
         an_event(term="Rash, itching", preferred_term="Rash, itching")],
)  # fmt: skip
def term_names_one_event(ae: Fields) -> nw.Expr:
    words = ae.term.str.replace_all(OTHER, "")
    several = or_if_blank(words.str.contains(SEVERAL), False)
    return ~several | _dictionary_term(ae)


@rule(
    "AE-PLA-04", NOTE, "The term does not hold its grade or causality",
    needs=("term",),
    says="the term holds a grade or a judgement of causality",
    fix="leave the event's name alone in the term", why="the same event has then several names",
    sources=("practice",),
    good=[an_event(), an_event(term=""), an_event(term="Infusion related reaction"),
          an_event(term="Upgraded pain")],
    bad=[an_event(term="Grade 3 rash"), an_event(term="皮疹3级"),
         an_event(term="Rash, possibly related")],
)  # fmt: skip
def term_is_only_a_name(ae: Fields) -> nw.Expr:
    judged = or_if_blank(ae.term.str.contains(JUDGED), False)
    return ~judged | _dictionary_term(ae)
