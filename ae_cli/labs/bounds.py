"""In which unit a value is held against the bounds of a term, and what brings it there.

Bounds of the value's own unit go first: CTCAE rounds its two systems apart, so 250 mg/dL of glucose
is held against 250 mg/dL, not against 13.9 mmol/L.
"""

from __future__ import annotations

import polars as pl

from ae_cli.ctcae.thresholds import RuleSet
from ae_cli.labs import tests, units


def in_units(part: pl.DataFrame, sets: tuple[RuleSet, ...]) -> pl.DataFrame:
    """`at`: which rules; `factor` to their unit, 0 where it cannot be told, and then `reason`."""
    known = part.select("unit").unique()
    found = [_unit_of(text, sets) for text in known["unit"]]
    told = known.with_columns(
        pl.Series("at", [at for at, _, _ in found], pl.Int32),
        pl.Series("factor", [factor for _, factor, _ in found], pl.Float64),
        pl.Series("reason", [reason for _, _, reason in found], pl.String),
        pl.Series("of", [_kind(text, sets) for text in known["unit"]], pl.String),
    )
    return part.join(told, on="unit", how="left", nulls_equal=True, maintain_order="left")


def _kind(text: str | None, sets: tuple[RuleSet, ...]) -> str | None:
    """What a unit measures."""
    found = units.unit(text or "", tests.test(sets[0].test).kind)
    return found.of if found else None


def _unit_of(text: str | None, sets: tuple[RuleSet, ...]) -> tuple[int, float, str | None]:
    """The rules whose own unit is nearest: the same, else of the same kind, else by the analyte."""
    test = tests.test(sets[0].test)
    absolute = any(s.unit for s in sets)
    found = units.unit(text or "", test.kind)
    if not absolute:
        wrong = test.kind == "ratio" and text and (found is None or found.of != "ratio")
        return 0, 1.0, f"unit {text} is not one of {test.name}" if wrong else None
    if text is None:
        return 0, 0.0, "no unit"
    if found is None:
        return 0, 0.0, f"unit {text} is not known"
    wanted = [units.unit(s.unit, test.kind) for s in sets]
    same = [i for i, unit in enumerate(wanted) if unit == found]
    kin = [i for i, unit in enumerate(wanted) if unit and unit.of == found.of]
    at = (same or kin or [0])[0]
    unit = wanted[at]
    factor = units.factor(test, found, unit) if unit else None
    return (at, factor, None) if factor else (at, 0.0, f"unit {text} is not one of {test.name}")


def converted(rules: RuleSet) -> pl.Expr:
    """That a value was converted by its molar mass: bounds of both systems are rounded."""
    test = tests.test(rules.test)
    kind = units.unit(rules.unit, test.kind) if rules.unit else None
    if kind is None:
        return pl.lit(None, pl.String)
    told = pl.format(f"converted from {{}} to {rules.unit}", pl.col("unit"))
    return pl.when(pl.col("of") != kind.of).then(told)
