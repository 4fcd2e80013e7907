"""Two groups: differences and ratios of proportions, and tests that they are the same."""

from __future__ import annotations

from collections.abc import Callable
from math import acos, copysign, cos, exp, hypot, inf, pi, sqrt

from ae_cli.statistics.proportion import check, wilson
from ae_cli.statistics.results import Estimate, NotEstimable, Test
from ae_cli.statistics.roots import crossing, normal, standardised

EMPTY = NotEstimable("a group has nobody in it")


def difference(
    n1: int, N1: int, n2: int, N2: int, method: str = "newcombe", level: float = 0.95
) -> Estimate | NotEstimable:
    """n1 of N1 minus n2 of N2. Raises ValueError for numbers that are no proportions.

    newcombe (of two Wilson intervals; Newcombe 1998, method 10), miettinen-nurminen (score, the
    variance with N / (N - 1); Miettinen and Nurminen 1985).
    """
    check(n1, N1)
    check(n2, N2)
    if method not in DIFFERENCES:
        raise ValueError(f"{method!r} is no method: {', '.join(DIFFERENCES)}")
    return DIFFERENCES[method](n1, N1, n2, N2, level) if N1 and N2 else EMPTY


def newcombe(n1: int, N1: int, n2: int, N2: int, level: float) -> Estimate:
    p1, p2, tail = n1 / N1, n2 / N2, (1 - level) / 2
    one, two = wilson(n1, N1, tail), wilson(n2, N2, tail)
    lower = p1 - p2 - hypot(p1 - one.lower, two.upper - p2)
    upper = p1 - p2 + hypot(one.upper - p1, p2 - two.lower)
    return Estimate(p1 - p2, lower, upper)


def miettinen_nurminen(n1: int, N1: int, n2: int, N2: int, level: float) -> Estimate:
    observed, N = n1 / N1 - n2 / N2, N1 + N2

    def score(difference: float) -> float:
        p1, p2 = _under_difference(n1, N1, n2, N2, difference)
        variance = (p1 * (1 - p1) / N1 + p2 * (1 - p2) / N2) * N / (N - 1)
        return standardised(observed - difference, variance)

    z = normal(level)
    lower = crossing(lambda d: score(d) - z, -1.0, observed)
    upper = crossing(lambda d: score(d) + z, observed, 1.0)
    return Estimate(observed, lower, upper)


DIFFERENCES: dict[str, Callable[[int, int, int, int, float], Estimate]] = {
    "newcombe": newcombe,
    "miettinen-nurminen": miettinen_nurminen,
}


def _under_difference(n1: int, N1: int, n2: int, N2: int, d: float) -> tuple[float, float]:
    """The most likely proportions that differ by d: the root of a cubic (Miettinen and Nurminen
    1985, appendix 1)."""
    N, n = N1 + N2, n1 + n2
    a, b = (N1 + 2 * N2) * d - N - n, (N2 * d - N - 2 * n2) * d + n
    q = (a / (3 * N)) ** 3 - b * a / (6 * N**2) + n2 * d * (1 - d) / (2 * N)
    p = copysign(sqrt(max(0.0, (a / (3 * N)) ** 2 - b / (3 * N))), q)
    angle = (pi + acos(max(-1.0, min(1.0, q / p**3)))) / 3 if p else pi / 2
    p2 = min(max(2 * p * cos(angle) - a / (3 * N), 0.0, -d), 1.0, 1 - d)
    return min(max(p2 + d, 0.0), 1.0), p2


FARTHEST = 50.0  # a ratio's logarithm


def ratio(n1: int, N1: int, n2: int, N2: int, level: float = 0.95) -> Estimate | NotEstimable:
    """n1 of N1 over n2 of N2, with the score interval (Koopman 1984).

    Without events in one group an end is 0 or without limit; without any there is no ratio. Raises
    ValueError for numbers that are no proportions.
    """
    check(n1, N1)
    check(n2, N2)
    if not (N1 and N2):
        return EMPTY
    if not (n1 or n2):
        return NotEstimable("nobody had the event in either group")

    def score(log: float) -> float:
        theta = exp(log)
        p1, p2 = _under_ratio(n1, N1, n2, N2, theta)
        variance = p1 * (1 - p1) / N1 + theta**2 * p2 * (1 - p2) / N2
        return standardised(n1 / N1 - theta * n2 / N2, variance)

    z = normal(level)
    lower = exp(crossing(lambda x: score(x) - z, -FARTHEST, FARTHEST)) if n1 else 0.0
    upper = exp(crossing(lambda x: score(x) + z, -FARTHEST, FARTHEST)) if n2 else inf
    return Estimate(n1 / N1 / (n2 / N2) if n2 else inf, lower, upper)


def _under_ratio(n1: int, N1: int, n2: int, N2: int, theta: float) -> tuple[float, float]:
    """The most likely proportions of which one is theta times the other: the root of a square."""
    a, b, c = (N1 + N2) * theta, N1 * theta + n1 + N2 + n2 * theta, n1 + n2
    p2 = 2 * c / (b + sqrt(max(0.0, b * b - 4 * a * c)))
    return min(theta * p2, 1.0), min(p2, 1.0)


def odds_ratio(n1: int, N1: int, n2: int, N2: int, level: float = 0.95) -> Estimate | NotEstimable:
    """The odds of the first group over those of the second: the conditional maximum likelihood
    estimate and exact interval that belong to Fisher's test (Cornfield 1956)."""
    from scipy.stats.contingency import odds_ratio as conditional

    check(n1, N1)
    check(n2, N2)
    if not (N1 and N2):
        return EMPTY
    if n1 + n2 in (0, N1 + N2):
        return NotEstimable("all of both groups are alike")
    found = conditional([[n1, N1 - n1], [n2, N2 - n2]])
    limits = found.confidence_interval(level)
    return Estimate(float(found.statistic), float(limits.low), float(limits.high))


def fisher(n1: int, N1: int, n2: int, N2: int) -> Test | NotEstimable:
    """Fisher's exact test (1935), two-sided: all tables that are no more likely than this one.
    `statistic` is the odds ratio of the sample."""
    from scipy.stats import fisher_exact

    check(n1, N1)
    check(n2, N2)
    if not (N1 and N2):
        return EMPTY
    found = fisher_exact([[n1, N1 - n1], [n2, N2 - n2]])
    return Test(float(found.statistic), min(1.0, float(found.pvalue)))


def boschloo(n1: int, N1: int, n2: int, N2: int) -> Test | NotEstimable:
    """Boschloo's exact test (1970): Fisher's one-sided p-value as the statistic, at the common
    proportion at which that is likeliest; two-sided is twice the smaller side. Never less powerful
    than Fisher's. `statistic` is Fisher's p-value of that side."""
    from scipy.stats import boschloo_exact

    check(n1, N1)
    check(n2, N2)
    if not (N1 and N2):
        return EMPTY
    if n1 + n2 in (0, N1 + N2):
        return Test(1.0, 1.0)  # all alike: no table is more alike
    found = boschloo_exact([[n1, n2], [N1 - n1, N2 - n2]])
    return Test(float(found.statistic), min(1.0, float(found.pvalue)))
