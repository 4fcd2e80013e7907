"""Where a score crosses a quantile: the ends of an interval by inversion of its test."""

from __future__ import annotations

from collections.abc import Callable
from math import copysign, inf, sqrt

SMALL = 1e-300


def normal(level: float) -> float:
    """The two-sided quantile of the normal distribution: 1.96 for 0.95."""
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def standardised(deviation: float, variance: float) -> float:
    """A deviation in standard errors; endless where there is no error."""
    if variance > SMALL:
        return deviation / sqrt(variance)
    return copysign(inf, deviation) if deviation else 0.0


def crossing(falls: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is 0; an end, where it is not 0 between them.

    Bisection, as the functions are endless at the ends, and steps beside them.
    """
    from scipy.optimize import bisect

    if falls(low) <= 0:
        return low
    if falls(high) >= 0:
        return high
    return float(bisect(falls, low, high, xtol=1e-13, maxiter=300))
