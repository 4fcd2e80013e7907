"""What a dose-finding design says after n evaluable participants, of whom some had a DLT."""

from __future__ import annotations

from math import log

from ae_cli.statistics.proportion import check
from ae_cli.statistics.results import Interval


def boin_bounds(target: float) -> Interval:
    """The observed rates at or below which BOIN escalates, and at or above which it de-escalates.

    Liu and Yuan (2015), with their alternatives 0.6 and 1.4 times the target. Raises ValueError for
    a target that is no probability, or of which 1.4 times is none.
    """
    low, high = 0.6 * target, 1.4 * target
    if not 0 < target < 1 or high >= 1:
        raise ValueError(f"{target} is no target of a design: 0.1 to 0.5 are usual")
    escalate = log((1 - low) / (1 - target)) / log(target * (1 - low) / (low * (1 - target)))
    back = log((1 - target) / (1 - high)) / log(high * (1 - target) / (target * (1 - high)))
    return Interval(escalate, back)


def excess(n: int, N: int, limit: float, prior: tuple[float, float] = (1.0, 1.0)) -> float:
    """The probability that the rate is above a limit, after n of N and a Beta prior. Raises
    ValueError for what is no proportion, limit or prior."""
    from scipy.stats import beta

    check(n, N)
    a, b = prior
    if not 0 < limit < 1 or min(a, b) <= 0:
        raise ValueError("the limit lies between 0 and 1, and the prior's numbers are above 0")
    return float(beta.sf(limit, a + n, b + N - n))
