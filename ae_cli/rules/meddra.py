"""Codings held against the user's own release of MedDRA. Without one nothing is checked."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from ae_cli.rules.examples import a_coded_event as _coded
from ae_cli.rules.examples import one
from ae_cli.rules.rule import NOTE, WARNING, Example, Fields, Row, rule
from ae_cli.study import Study
from ae_cli.study.levels import stated_versions

NAMES = ("llt", "preferred_term", "hlt", "hlgt", "soc", "primary_soc")
CODES = ("llt_code", "pt_code", "hlt_code", "hlgt_code", "soc_code", "primary_soc_code")
TERMS, ALL = "|".join(NAMES), "|".join((*NAMES, *CODES))
SOURCES = ("MedDRA",)


def _with(columns: dict[str, str]) -> Example:
    """A coded event with these cells, by header."""
    made = _coded()
    return replace(made, events=tuple({**event, **columns} for event in made.events))


def _high(**changes: str) -> Example:
    """A coded event without a preferred and a lowest level term."""
    return _with({"preferred_term": "", "pt_code": "", "llt": "", "llt_code": ""} | changes)


def _in(row: Row, said: str) -> str:
    return f"{row['in_study'].meddra.name}: {row[said]}"


@rule(
    "AE-COD-20", WARNING, "The preferred term is one of MedDRA",
    needs=("preferred_term",), asks=("MedDRA",), grouped=("meddra_no_pt",),
    says=lambda row: _in(row, "meddra_no_pt"),
    fix="code the term again, in the version that the study states",
    why="a term that is in no dictionary is counted by itself", sources=("SD0008", "CG0379"),
    good=[_coded(), _coded(preferred_term=""), _coded(preferred_term="BLUE ELBOW"),
          _coded(hlt="Tummy"), _coded(llt_code="9")],
    bad=[_coded(preferred_term="Tummy ache"), _coded(preferred_term="Bluish elbow"),
         _coded(preferred_term="Elbow colours")],
)  # fmt: skip
def term_is_of_meddra(ae: Fields) -> nw.Expr:
    return ae.meddra_no_pt.is_null()


@rule(
    "AE-COD-21", WARNING, "Every level and every code is in MedDRA",
    needs=(ALL,), asks=("MedDRA",), grouped=("meddra_unknown",),
    says=lambda row: _in(row, "meddra_unknown"),
    fix="code the term again, in the version that the study states",
    why="tables by organ class are made of these levels",
    sources=("SD1114", "CG0377", "CG0378", "CG0380", "CG0381", "CG0382", "CG0383", "CG0384"),
    good=[_coded(), _coded(llt="", llt_code="", hlt=""), _coded(preferred_term="Tummy ache"),
          _coded(llt_code="102.0"), _coded(soc="LIMB INVENTIONS", primary_soc="")],
    bad=[_coded(llt="Tummy"), _coded(llt_code="1"), _coded(pt_code="1"), _coded(hlt="Blue elbow"),
         _coded(hlt_code="301"), _coded(hlgt="x"), _coded(hlgt_code="1"), _coded(soc="x"),
         _coded(soc_code="1"), _coded(primary_soc="x"), _coded(primary_soc_code="1"),
         _coded(soc="x", primary_soc="x")],
)  # fmt: skip
def levels_are_of_meddra(ae: Fields) -> nw.Expr:
    return ae.meddra_unknown.is_null()


def _all_spellings(row: Row) -> str:
    """All that is spelled otherwise, once: an export in capitals has hundreds."""
    found = sorted({r["meddra_spelled"] for r in row["rows"]})
    more = f", and {len(found) - 1} more codings" if len(found) > 1 else ""
    return f"{row['in_study'].meddra.name}: {found[0]}{more}"


@rule(
    "AE-COD-22", NOTE, "Terms are written as MedDRA writes them",
    needs=(TERMS,), asks=("MedDRA",), grouped=("file",),
    says=_all_spellings, fix="write them as they stand in the dictionary",
    why="terms in other capitals are two terms to many programs",
    sources=("SD0008C", "SD1114C", "SD2008C", "SD2010C", "SD2012C", "SD2015C"),
    good=[_coded(), _coded(preferred_term=""), _coded(preferred_term="Tummy ache")],
    bad=[_coded(preferred_term="BLUE ELBOW"), _coded(soc="limb inventions"),
         _coded(llt="Bluish  elbow"), _coded(primary_soc="LIMB INVENTIONS")],
)  # fmt: skip
def terms_are_written_as_listed(ae: Fields) -> nw.Expr:
    return ae.meddra_spelled.is_null()


@rule(
    "AE-COD-23", WARNING, "The levels of a coding lie above each other",
    needs=(ALL,), asks=("MedDRA",), grouped=("meddra_path",),
    says=lambda row: _in(row, "meddra_path"),
    fix="code the term again: high levels are those of the primary organ class",
    why="the event is counted under a level it does not belong to",
    sources=("CG0460", "CG0461"),
    good=[_coded(), _coded(soc="Colour inventions", soc_code="402"), _coded(hlt="", hlgt=""),
          _coded(preferred_term="Tummy ache", hlt="Knee colours"),
          _coded(preferred_term="", pt_code="", llt="", llt_code=""),
          _high(hlt="Colours of limbs", hlt_code="", hlgt="Colour matters",
                 hlgt_code="", soc="", soc_code="", primary_soc="Colour inventions")],
    bad=[_coded(llt="Green knee", llt_code="104"), _coded(hlt="Knee colours"),
         _coded(hlt="Colours of limbs"), _coded(hlgt="Colour matters"),
         _coded(primary_soc="Colour inventions"), _coded(hlt="", hlt_code="202"),
         _coded(preferred_term="Green knee", pt_code="104", llt="", llt_code="",
                hlt="Knee colours", hlgt="Knee matters", soc="Colour inventions"),
         _coded(preferred_term="", pt_code="", hlt="Knee colours"),
         _high(hlt="Knee colours"), _high(soc="Colour inventions"),
         _high(hlgt="", hlgt_code="", soc="", soc_code="",
                primary_soc="Colour inventions")],
)  # fmt: skip
def levels_are_one_path(ae: Fields) -> nw.Expr:
    return ae.meddra_path.is_null()


@rule(
    "AE-COD-25", WARNING, "The MedDRA code is that of the term",
    needs=(TERMS, "|".join(CODES)), asks=("MedDRA",), grouped=("meddra_mismatch",),
    shows=(*NAMES, *CODES), says=lambda row: _in(row, "meddra_mismatch"),
    fix="please confirm the term and its code", why="the code and the term are two events",
    sources=SOURCES,
    good=[_coded(), _coded(pt_code="101.0"), _coded(pt_code=""), _coded(pt_code="9"),
          _coded(preferred_term="Tummy ache")],
    bad=[_coded(pt_code="104"), _coded(llt_code="101"), _coded(hlt_code="203"),
         _coded(soc_code="402", primary_soc=""), _coded(primary_soc_code="402")],
)  # fmt: skip
def codes_are_the_terms(ae: Fields) -> nw.Expr:
    return ae.meddra_mismatch.is_null()


@rule(
    "AE-COD-26", NOTE, "The lowest level term is current",
    needs=("llt|llt_code",), asks=("MedDRA",), grouped=("meddra_retired",),
    says=lambda row: _in(row, "meddra_retired"), fix="choose a current term when it is next coded",
    why="MedDRA keeps such terms for old data alone", sources=SOURCES,
    good=[_coded(), _coded(llt="", llt_code=""), _coded(llt="Tummy", llt_code="103")],
    bad=[_coded(llt="Elbow blueness", llt_code="103"), _coded(llt="", llt_code="103"),
         _coded(llt="elbow blueness")],
)  # fmt: skip
def llt_is_current(ae: Fields) -> nw.Expr:
    return ae.meddra_retired.is_null()


def _others(study: Study) -> dict[str, str]:
    """The versions that the data say and the release is not."""
    own = study.meddra.version if study.meddra else ""
    return {version: where for version, where in stated_versions(study).items() if version != own}


def _said_otherwise(row: Row) -> str:
    told = " and ".join(
        f"{where} says {version}" for version, where in _others(row["in_study"]).items()
    )
    return f"{told}, and the release is {row['in_study'].meddra.name}"


@rule(
    "AE-COD-27", WARNING, "The release of MedDRA is the version of the data",
    kind="file", asks=("MedDRA", "a stated version"),
    says=_said_otherwise, fix="give the release of the version that the data are coded in",
    why="terms move and change their names from version to version", sources=SOURCES,
    good=[_with({"MedDRA version": "1.0"}), _coded(),
          _with({"MedDRA version": ""}),
          _coded(beside={"parameters": [one("parameters", value="MedDRA 1.0")]}),
          _coded(beside={"parameters": [one("parameters", name="CMDICT")]})],
    bad=[_with({"MedDRA version": "27.1"}), _with({"Term (MedDRA 26.0)": "x"}),
         _with({"MedDRA version": "1.0", "Term (MedDRA 26.0)": "x"}),
         _coded(beside={"parameters": [one("parameters")]})],
)  # fmt: skip
def release_is_of_the_data(study: Study) -> bool:
    return not _others(study)
