"""The rules of a term as expressions over columns, made from the data alone.

A comparison is true, false or, where a limit is missing or the result is only a bound, unknown
(null), and joins with others by Kleene's logic. Of the rules of a term, tried in order, the first
that is not false decides; where it is unknown every grade that is still possible counts, so `least`
and `most` differ unless the outcome is the same either way.

Numbers are compared within one part in 10^9 of the bound. A laboratory reports at most six digits,
so no two results are that near; products of floats (3 x 0.1) and conversions are.
"""

from __future__ import annotations

import polars as pl

from ae_cli.ctcae.thresholds import Bound, Rule, RuleSet

EPS = 1e-9
_LIMITS = {"ULN": "upper", "LLN": "lower", "baseline": "baseline"}
_HIGH, _LOW, _HAS = pl.col("baseline_high"), pl.col("baseline_low"), pl.col("has_baseline")
_CONDITIONS = {
    "baseline_high": _HIGH,
    "baseline_not_high": ~_HIGH,
    "baseline_gt_uln": _HIGH & _HAS,
    "baseline_le_uln": ~_HIGH & _HAS,
    "baseline_missing": ~_HAS,
    "baseline_low": _LOW,
    "baseline_not_low": ~_LOW,
}


def judged(frame: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """`frame` with `least` and `most`, the grades still possible, and `rule`, which decided.

    `frame` has the value as `low`, `high`, `low_open`, `high_open`, and `lower`, `upper`,
    `baseline` in the unit of the rules; `has_baseline`, `baseline_high`, `baseline_low`.
    """
    exact = bool((frame["low"] == frame["high"]).all())
    names = [f"rule_{i}" for i in range(len(rules.rules))]
    told = [_holds(r, exact).alias(n) for n, r in zip(names, rules.rules, strict=True)]
    none = {"least": pl.lit(0, pl.Int8), "most": pl.lit(0, pl.Int8), "rule": pl.lit(None, pl.Int8)}
    frame = frame.with_columns(told).with_columns(**none)
    for i, (name, each) in reversed(list(enumerate(zip(names, rules.rules, strict=True)))):
        frame = frame.with_columns(**_with_rule(pl.col(name), each.grade, i))
    return frame.drop(names)


def _with_rule(holds: pl.Expr, grade: int, i: int) -> dict[str, pl.Expr]:
    """What is possible when a rule comes before those already looked at. Step by step: in one
    expression each step would stand twice in the next one."""
    own, unknown = pl.lit(grade, pl.Int8), holds.is_null()
    lesser, greater = pl.min_horizontal("least", own), pl.max_horizontal("most", own)
    return {
        "least": pl.when(holds).then(own).when(unknown).then(lesser).otherwise("least"),
        "most": pl.when(holds).then(own).when(unknown).then(greater).otherwise("most"),
        "rule": pl.when(holds.fill_null(True)).then(pl.lit(i, pl.Int8)).otherwise("rule"),
    }


def _holds(rule: Rule, exact: bool) -> pl.Expr:
    """Whether a rule holds: true, false or null."""
    parts = [_CONDITIONS[rule.baseline]] if rule.baseline != "any" else []
    parts += [_compared(bound, rule, exact) for bound in rule.bounds if bound is not rule.also]
    if rule.also:
        parts.append(_side(pl.col("low"), pl.col("high"), rule.also, exact))
    holds = parts[0]
    for part in parts[1:]:
        holds = holds & part
    return holds


def _compared(bound: Bound, rule: Rule, exact: bool) -> pl.Expr:
    """A bound of a rule. Without a baseline value its multiples do not hold: a result is graded as
    if baseline were normal. A value above ULN is above a normal baseline, though."""
    if not rule.of_change:
        told = _side(pl.col("low"), pl.col("high"), bound, exact)
        return (
            _or_without(told, rule.requires == "baseline|ULN") if bound.of == "baseline" else told
        )
    low, high = (
        100 * (pl.col(end) - pl.col("baseline")) / pl.col("baseline") for end in ("low", "high")
    )
    return _or_without(_side(low, high, bound, exact), False)


def _or_without(told: pl.Expr, otherwise: bool) -> pl.Expr:
    return pl.when(_HAS).then(told).otherwise(pl.lit(otherwise))


def _side(low: pl.Expr, high: pl.Expr, bound: Bound, exact: bool) -> pl.Expr:
    """The value, an interval, against a bound."""
    at = _at(bound)
    near = EPS * at.abs()
    if exact:
        above, reaches = low - at > near, low - at >= -near
    else:
        above, reaches = _above(low, high, at, near), _reaches(low, high, at, near)
    return {">": above, ">=": reaches, "<": ~reaches, "<=": ~above}[bound.op]


def _above(low: pl.Expr, high: pl.Expr, at: pl.Expr, near: pl.Expr) -> pl.Expr:
    past = (low - at > near) | (((low - at).abs() <= near) & pl.col("low_open"))
    return pl.when(past).then(True).when(high - at <= near).then(False)


def _reaches(low: pl.Expr, high: pl.Expr, at: pl.Expr, near: pl.Expr) -> pl.Expr:
    short = (high - at < -near) | (((high - at).abs() <= near) & pl.col("high_open"))
    return pl.when(low - at >= -near).then(True).when(short).then(False)


def _at(bound: Bound) -> pl.Expr:
    if bound.of == "absolute":
        return pl.lit(bound.times)
    at = bound.times * pl.col(_LIMITS[bound.of])
    return at + bound.offset if bound.offset else at
