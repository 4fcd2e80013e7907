"""What is said beside a grade: the criterion in our own words, and notes. Made from the numbers."""

from __future__ import annotations

import polars as pl

from ae_cli.ctcae.thresholds import Bound, Rule, RuleSet, assumption

NO_BASELINE = "baseline missing: graded as if it were normal"
NO_VALUE = "baseline known only by its indicator: graded as if it were normal"


def criterion(rule: Rule, unit: str) -> str:
    """A rule in words: "> 5 x ULN to 20 x ULN", "< 25 10^9/L"."""
    what = "change from baseline " if rule.of_change else ""
    unit = "%" if rule.of_change else unit
    text = _between(rule.lower, rule.upper, unit)
    if rule.also:
        text += f", and {rule.also.op} {_amount(rule.also, unit)}"
    of = {"baseline_high": ", baseline above ULN", "baseline_gt_uln": ", baseline above ULN",
          "baseline_low": ", baseline below LLN"}.get(rule.baseline, "")  # fmt: skip
    return f"{what}{text}{of}"


def _between(lower: Bound | None, upper: Bound | None, unit: str) -> str:
    if lower is None or upper is None:
        only = lower or upper
        return f"{only.op} {_amount(only, unit)}" if only else ""
    less = "< " if upper.op == "<" else ""
    return f"{lower.op} {_amount(lower, unit)} to {less}{_amount(upper, unit)}"


def _amount(bound: Bound, unit: str) -> str:
    beside = unit if unit == "%" else f" {unit}".rstrip()
    if bound.of == "absolute":
        return f"{bound.times:.10g}{beside}"
    times = bound.of if bound.times == 1 else f"{bound.times:.10g} x {bound.of}"
    return f"{times} + {bound.offset:.10g}{beside}" if bound.offset else times


def criteria(rules: RuleSet) -> pl.Expr:
    """The criterion of the rule that decided."""
    texts = [criterion(rule, rules.unit) for rule in rules.rules]
    at = list(range(len(texts)))
    return pl.col("rule").replace_strict(at, texts, default=None, return_dtype=pl.String)


def assumed(rules: RuleSet) -> pl.Expr:
    """What the grade takes for granted."""
    told = {g: assumption(rules.version, rules.term, g) for g in range(5)}
    known = {g: text for g, text in told.items() if text}
    if not known:
        return pl.lit(None, pl.String)
    return pl.col("grade").replace_strict(known, default=None, return_dtype=pl.String)


def about_baseline(rules: RuleSet) -> pl.Expr:
    """That the baseline is missing, where a rule of the term asks for it."""
    conditional = any(rule.baseline != "any" for rule in rules.rules)
    value = rules.uses("baseline") or any(rule.of_change for rule in rules.rules)
    if not (conditional or value):
        return pl.lit(None, pl.String)
    only_abnormal = all(
        rule.baseline in ("baseline_high", "baseline_low", "baseline_gt_uln")
        for rule in rules.rules
        if rule.of_change or any(b.of == "baseline" for b in rule.bounds)
    )
    told = pl.col("baseline_indicator")
    normal = told.is_in(["NORMAL", "LOW" if rules.direction == "H" else "HIGH"]).fill_null(False)
    if any("low" in rule.baseline for rule in rules.rules):
        normal = told.is_in(["NORMAL", "HIGH"]).fill_null(False)
    said = pl.when(told.is_null()).then(pl.lit(NO_BASELINE)).otherwise(pl.lit(NO_VALUE))
    silent = pl.col("by_limits") | pl.col("has_baseline")
    silent = silent | normal if only_abnormal else silent
    return pl.when(~silent).then(said)


def undecided(rules: RuleSet) -> pl.Expr:
    """Why no grade can be told, where several are possible."""
    missing = [
        pl.when(pl.col(column).is_null()).then(pl.lit(f"no {name}"))
        for of, column, name in (("LLN", "lower", "lower limit"), ("ULN", "upper", "upper limit"))
        if rules.uses(of)
    ]
    if any("low" in rule.baseline for rule in rules.rules):
        unknown = pl.col("baseline_low").is_null()
        missing.append(pl.when(unknown).then(pl.lit("no lower limit for the baseline")))
    bound = pl.when(pl.col("low") != pl.col("high")).then(
        pl.concat_str(pl.lit("the result is a bound, "), pl.col("value_text"))
    )
    reason = pl.concat_str([*missing, bound], separator=" and ", ignore_nulls=True)
    near = pl.col("most") - pl.col("least") == 1
    between = pl.when(near).then(pl.lit(" or ")).otherwise(pl.lit(" to "))
    first = pl.when(near).then("most").otherwise("least")
    last = pl.when(near).then("least").otherwise("most")
    return pl.concat_str(
        reason, pl.lit(": grade "), first, between, last, pl.lit(" cannot be told")
    )
