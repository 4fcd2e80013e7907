"""Laboratory grades of CTCAE 5.0, by hand: what the samples are checked by, and not ae-cli.

Times the upper limit, or times the baseline where that is above the limit; albumin and platelets
by the value itself. Nothing here is asked of a result that has no value.
"""

from __future__ import annotations

from decimal import Decimal

from hucmsc.labs import Result

# The multiple above which grades 2, 3 and 4 begin.
ABOVE = {
    "ALT": ("3", "5", "20"),
    "AST": ("3", "5", "20"),
    "ALP": ("2.5", "5", "20"),
    "Total bilirubin": ("1.5", "3", "10"),
}
# Grade 1 begins at this multiple of a baseline above the limit; for bilirubin, above baseline.
FROM_BASELINE = {"ALT": "1.5", "AST": "1.5", "ALP": "2"}
# The value below which grades 2, 3 (and 4) begin, in g/L and 10^9/L.
BELOW = {"Albumin": ("30", "20"), "Platelets": ("75", "50", "25")}
GRADED = (*ABOVE, *BELOW)


def grade(result: Result, baseline: Result | None = None) -> int:
    """The grade against baseline where CTCAE asks for it; without one, against the limits."""
    assert result.value is not None
    value = result.value
    if result.test in BELOW:
        return sum(value < bound for bound in (result.lower, *map(Decimal, BELOW[result.test])))
    start = baseline.value if baseline else None
    if start is None or start <= result.upper:
        return sum(value > result.upper * Decimal(x) for x in ("1", *ABOVE[result.test]))
    higher = sum(value > start * Decimal(x) for x in ABOVE[result.test])
    first = FROM_BASELINE.get(result.test)
    begun = value >= start * Decimal(first) if first else value > start
    return higher + 1 if higher else int(begun)
