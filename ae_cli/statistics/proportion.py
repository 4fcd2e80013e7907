"""Intervals and bounds of a proportion."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Literal

from ae_cli.statistics.results import Interval, NotEstimable

NOBODY = NotEstimable("of nobody there is no proportion")


def interval(
    n: int, N: int, method: str = "clopper-pearson", level: float = 0.95
) -> Interval | NotEstimable:
    """The two-sided interval of n of N. Raises ValueError unless 0 <= n <= N and for a method that
    is not one of METHODS.

    clopper-pearson (exact; Clopper and Pearson 1934), wilson (score; Wilson 1927), jeffreys
    (Beta(1/2, 1/2), with 0 and 1 at the ends; Brown, Cai and DasGupta 2001), mid-p (half of the
    observed number's probability; Lancaster 1961, Berry and Armitage 1995).
    """
    check(n, N)
    if method not in METHODS:
        raise ValueError(f"{method!r} is no method: {', '.join(METHODS)}")
    return METHODS[method](n, N, (1 - level) / 2) if N else NOBODY


def bound(
    n: int, N: int, side: Literal["lower", "upper"] = "upper", level: float = 0.95
) -> float | NotEstimable:
    """The exact one-sided bound of n of N: of 0 of 8 at most 31.2 % (Clopper and Pearson 1934)."""
    check(n, N)
    return getattr(clopper_pearson(n, N, 1 - level), side) if N else NOBODY


def check(n: int, N: int) -> None:
    """Raises ValueError unless n can be among N."""
    if not 0 <= n <= N:
        raise ValueError(f"{n} of {N} is not a proportion")


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


def mid_p(n: int, N: int, tail: float) -> Interval:
    from scipy.optimize import brentq
    from scipy.special import bdtr

    def below(p: float) -> float:
        """The probability of fewer than n, and half of that of n."""
        less = float(bdtr(n - 1, N, p)) if n else 0.0
        return (less + float(bdtr(n, N, p))) / 2

    lower = 0.0 if n == 0 else brentq(lambda p: 1 - below(p) - tail, 0, 1, xtol=1e-14)
    upper = 1.0 if n == N else brentq(lambda p: below(p) - tail, 0, 1, xtol=1e-14)
    return Interval(float(lower), float(upper))


METHODS: dict[str, Callable[[int, int, float], Interval]] = {
    "clopper-pearson": clopper_pearson,
    "wilson": wilson,
    "jeffreys": jeffreys,
    "mid-p": mid_p,
}
