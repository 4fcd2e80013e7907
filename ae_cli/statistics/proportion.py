"""Intervals of a proportion, two-sided."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from ae_cli.table import Interval


def interval(n: int, N: int, method: str = "clopper-pearson", level: float = 0.95) -> Interval:
    """The interval of n of N. Raises ValueError unless 0 <= n <= N and N > 0.

    clopper-pearson (exact; Clopper and Pearson 1934), wilson (score; Wilson 1927), jeffreys
    (Beta(1/2, 1/2), with 0 and 1 at the ends; Brown, Cai and DasGupta 2001).
    """
    if not 0 <= n <= N or N == 0:
        raise ValueError(f"{n} of {N} is not a proportion")
    return METHODS[method](n, N, (1 - level) / 2)


def clopper_pearson(n: int, N: int, tail: float) -> Interval:
    from scipy.special import betaincinv

    lower = 0.0 if n == 0 else float(betaincinv(n, N - n + 1, tail))
    upper = 1.0 if n == N else float(betaincinv(n + 1, N - n, 1 - tail))
    return Interval(lower, upper)


def wilson(n: int, N: int, tail: float) -> Interval:
    from scipy.special import ndtri

    z2 = float(ndtri(tail)) ** 2
    middle = (n + z2 / 2) / (N + z2)
    half = sqrt(z2 * (n * (N - n) / N + z2 / 4)) / (N + z2)
    return Interval(0.0 if n == 0 else middle - half, 1.0 if n == N else middle + half)


def jeffreys(n: int, N: int, tail: float) -> Interval:
    from scipy.special import betaincinv

    lower = 0.0 if n == 0 else float(betaincinv(n + 0.5, N - n + 0.5, tail))
    upper = 1.0 if n == N else float(betaincinv(n + 0.5, N - n + 0.5, 1 - tail))
    return Interval(lower, upper)


METHODS: dict[str, Callable[[int, int, float], Interval]] = {
    "clopper-pearson": clopper_pearson,
    "wilson": wilson,
    "jeffreys": jeffreys,
}
