"""Every result against every term that grades its test: one row a result and term."""

from __future__ import annotations

import polars as pl

from ae_cli.ctcae import foreign, thresholds
from ae_cli.ctcae.thresholds import RuleSet
from ae_cli.labs import tests, words
from ae_cli.labs.bounds import converted, in_units
from ae_cli.labs.expressions import EPS, judged

FASTING = {"Glucose": "Glucose (fasting)"}
TERM_NOT_GRADED = "CTCAE {version} has no laboratory grades for this term"
ABNORMAL = ("baseline_high", "baseline_low")
ENDS = ["low", "high", "lower", "upper", "baseline"]
_GRADED = {
    "direction": pl.String, "grade": pl.Int8, "criterion": pl.String, "note": pl.String,
    "reason": pl.String, "assumed": pl.Boolean,
}  # fmt: skip
_NEEDED = [
    "term_graded", "why", "value_text", "value_low", "value_high", "value_low_open",
    "value_high_open", "unit", "lower", "upper", "baseline", "baseline_indicator", "test_note",
    "baseline_high", "baseline_low", "by_limits",
]  # fmt: skip


def asked(frame: pl.DataFrame, version: str) -> pl.DataFrame:
    """The frame with `asked`, the term a row is restricted to; `test` and `why` follow from it."""
    keys = ["term", "test", "test_text", "why"]
    known = frame.select(keys).unique()
    found = [_asked(version, *row) for row in known.iter_rows()]
    told = known.with_columns(
        pl.Series(name, [each[i] for each in found], pl.String)
        for i, name in enumerate(("asked", "test_", "why_"))
    )
    joined = frame.join(told, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(test="test_", why="why_").drop("test_", "why_")


def _asked(
    version: str, term: str | None, test: str | None, text: str | None, why: str | None
) -> tuple[str | None, str | None, str | None]:
    """Term, test, and why there is no grade."""
    if term is None:
        return None, test, why if test is None else None
    named = thresholds.find_term(version, term)
    if named is None:
        return None, test, _not_graded(term, version)
    own = thresholds.by_term(version)[named][0].test
    if text is None:
        return named, own, None
    if test is None:
        return None, None, why
    if own in (test, FASTING.get(test)) or FASTING.get(own) == test:
        return named, test, None
    return None, test, f"the term {named} is not about this test"


def _not_graded(term: str, version: str) -> str:
    """Why a term has no laboratory grades: other versions may have it under this name."""
    elsewhere = foreign(term, version)
    if elsewhere is None or not elsewhere.became:
        return TERM_NOT_GRADED.format(version=version)
    return f"not a term of CTCAE {version}: there it is {' or '.join(elsewhere.became)}"


def pairs(frame: pl.DataFrame, version: str) -> pl.DataFrame:
    """One row a result and term, low before high; a result that no term grades once, with `why`."""
    terms = {test: list(_terms(version, test)) for test in tests.tests()}
    own = pl.col("test").replace_strict(terms, default=None, return_dtype=pl.List(pl.String))
    one = pl.concat_list("asked")
    ours = pl.when(pl.col("asked").is_not_null()).then(one).when(pl.col("why").is_null()).then(own)
    none = pl.format(f"CTCAE {version} has no laboratory grades for {{}}", pl.col("test"))
    frame = frame.with_columns(term_graded=ours)
    bare = pl.col("term_graded").list.len().fill_null(0) == 0
    frame = frame.with_columns(
        term_graded=pl.when(~bare).then("term_graded"),
        why=pl.when(bare).then(pl.coalesce("why", none)).otherwise("why"),
    )
    return frame.explode("term_graded", empty_as_null=True, keep_nulls=True)


def _terms(version: str, test: str) -> list[str]:
    found = list(thresholds.terms_of(version, test))
    if test in FASTING.values():
        plain = next(t for t, f in FASTING.items() if f == test)
        own = thresholds.terms_of(version, plain)
        found = [term for term in own if _direction(version, term) == "L"] + found
    return found


def _direction(version: str, term: str) -> str:
    return thresholds.by_term(version)[term][0].direction


def graded(frame: pl.DataFrame, version: str) -> pl.DataFrame:
    """The pairs with direction, grade, criterion, note and reason, in the order of the file."""
    parts = frame.select(_NEEDED).with_row_index("pair").partition_by(["term_graded"], as_dict=True)
    done = [_of_terms(part, version, term) for (term,), part in parts.items()]
    if not done:
        done = [_without_term(frame.select(_NEEDED).with_row_index("pair"))]
    told = pl.concat([each.select("pair", *_GRADED) for each in done]).sort("pair")
    return pl.concat([frame, told.drop("pair")], how="horizontal")


def _of_terms(part: pl.DataFrame, version: str, term: str | None) -> pl.DataFrame:
    if term is None:
        return _without_term(part)
    return _of_term(part, thresholds.by_term(version)[term])


def _without_term(part: pl.DataFrame) -> pl.DataFrame:
    null = {name: pl.lit(None, kind) for name, kind in _GRADED.items()}
    return part.with_columns(**null).with_columns(reason="why")


def _of_term(part: pl.DataFrame, sets: tuple[RuleSet, ...]) -> pl.DataFrame:
    """The rows of one term, by the unit whose bounds each is held against."""
    chosen = in_units(part, sets)
    groups = chosen.partition_by(["at"], as_dict=True)
    return pl.concat([_of_set(rows, sets[at]) for (at,), rows in groups.items()])


def _of_set(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    has = pl.col("baseline").is_not_null()
    rows = rows.with_columns(
        low=pl.col("value_low"), high=pl.col("value_high"),
        low_open="value_low_open", high_open="value_high_open",
        has_baseline=has,
        **{name: pl.when(has).then(name).otherwise(False) for name in ABNORMAL},
        upper=pl.when(pl.col("upper") > 0).then("upper"),
    )  # fmt: skip
    rows = rows.with_columns(pl.col(name) * pl.col("factor") for name in ENDS)
    return _said(judged(rows, rules), rules)


def _said(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """Grade, criterion, note and reason, from what is possible and what is known."""
    rows = rows.with_columns(reason=_reason(rules))
    told = pl.col("reason").is_null()
    rows = rows.with_columns(grade=pl.when(told).then("least"), direction=pl.lit(rules.direction))
    some = pl.col("grade") > 0
    rows = rows.with_columns(criterion=pl.when(some).then(words.criteria(rules)))
    bound = pl.when(pl.col("low") != pl.col("high")).then(
        pl.concat_str(pl.lit("graded from the bound "), pl.col("value_text"))
    )
    notes = [words.assumed(rules), words.about_baseline(rules), bound, pl.col("test_note"),
             converted(rules), _fasting(rules)]  # fmt: skip
    note = pl.concat_str(notes, separator="; ", ignore_nulls=True)
    said = pl.when(told).then(pl.when(note != "").then(note))
    return rows.with_columns(note=said, assumed=words.assumed(rules).is_not_null())


def _reason(rules: RuleSet) -> pl.Expr:
    """Why a row is not graded, the first thing that is wrong; null where it is."""
    unread = pl.concat_str(pl.lit("the result is no number: "), pl.col("value_text"))
    return (
        pl.when(pl.col("why").is_not_null()).then("why")
        .when(pl.col("value_text").is_null()).then(pl.lit("no result"))
        .when(pl.col("low").is_null()).then(unread)
        .when(pl.col("reason").is_not_null()).then("reason")
        .when(pl.col("lower") > pl.col("upper")).then(pl.lit("the lower limit is above the upper"))
        .when(pl.col("least") != pl.col("most")).then(words.undecided(rules))
        .when(_beyond(rules)).then(pl.lit("beyond the values that this version grades"))
    )  # fmt: skip


def _beyond(rules: RuleSet) -> pl.Expr:
    """Whether a value lies past the worst rule of its direction, and not on the side of normal.

    Creatinine clearance of version 6.0 ends at 10 mL/min; a lower value is not better.
    """
    lowest = [
        rule.lower.times for rule in rules.rules if rule.lower and rule.lower.of == "absolute"
    ]
    if (
        rules.direction != "L"
        or len(lowest) < len(rules.rules)
        or any(r.of_change for r in rules.rules)
    ):
        return pl.lit(False)
    return pl.col("low") < min(lowest) * (1 - EPS)


def _fasting(rules: RuleSet) -> pl.Expr:
    if rules.term != "Hyperglycemia":
        return pl.lit(None, pl.String)
    told = pl.lit("grades 1 and 2 ask for a fasting value")
    return pl.when(pl.col("grade") == 0).then(told)
