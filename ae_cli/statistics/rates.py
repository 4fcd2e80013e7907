"""Rates of events over time at risk, and two of them compared."""

from __future__ import annotations

from math import inf, sqrt

from ae_cli.statistics.poisson import mean_interval
from ae_cli.statistics.proportion import clopper_pearson
from ae_cli.statistics.results import Estimate, NotEstimable, Test
from ae_cli.statistics.roots import crossing, normal, standardised

NO_TIME = NotEstimable("there is no time at risk")


def rate(events: int, time: float, level: float = 0.95) -> Estimate | NotEstimable:
    """Events for each unit of time, with the exact Poisson interval (Garwood 1936). Raises
    ValueError for negative numbers."""
    _check(events, time)
    if not time:
        return NO_TIME
    lower, upper = mean_interval(events, level)
    return Estimate(events / time, lower / time, upper / time)


def rate_ratio(
    events1: int, time1: float, events2: int, time2: float, level: float = 0.95
) -> Estimate | NotEstimable:
    """The first rate over the second, with the exact interval given all events (Przyborowski and
    Wilenski 1940)."""
    _check(events1, time1)
    _check(events2, time2)
    if not (time1 and time2):
        return NO_TIME
    if not (events1 or events2):
        return NotEstimable("there is no event in either group")
    share = clopper_pearson(events1, events1 + events2, (1 - level) / 2)
    estimate = events1 / time1 / (events2 / time2) if events2 else inf
    low, high = (_odds(p) * time2 / time1 for p in (share.lower, share.upper))
    return Estimate(estimate, low, high)


def rate_test(events1: int, time1: float, events2: int, time2: float) -> Test | NotEstimable:
    """Whether two rates are the same: the exact binomial test of the first group's events among
    all, two-sided by likelihood. `statistic` is the ratio of the rates."""
    from scipy.stats import binomtest

    ratio = rate_ratio(events1, time1, events2, time2)
    if isinstance(ratio, NotEstimable):
        return ratio
    found = binomtest(events1, events1 + events2, time1 / (time1 + time2))
    return Test(ratio.estimate, float(found.pvalue))


def rate_difference(
    events1: int, time1: float, events2: int, time2: float, level: float = 0.95
) -> Estimate | NotEstimable:
    """The first rate minus the second, with the score interval (Miettinen and Nurminen 1985)."""
    _check(events1, time1)
    _check(events2, time2)
    if not (time1 and time2):
        return NO_TIME
    observed = events1 / time1 - events2 / time2

    def score(difference: float) -> float:
        one, two = _under_difference(events1, time1, events2, time2, difference)
        return standardised(observed - difference, one / time1 + two / time2)

    z = normal(level)
    reach = (z + 1) ** 2 * (events1 + events2 + z * z + 1) * (1 / time1 + 1 / time2)
    lower = crossing(lambda d: score(d) - z, observed - reach, observed)
    upper = crossing(lambda d: score(d) + z, observed, observed + reach)
    return Estimate(observed, lower, upper)


def _under_difference(
    events1: int, time1: float, events2: int, time2: float, d: float
) -> tuple[float, float]:
    """The most likely rates that differ by d: the root of a square."""
    T = time1 + time2
    b = T * d - events1 - events2
    two = max((sqrt(max(0.0, b * b + 4 * T * events2 * d)) - b) / (2 * T), 0.0, -d)
    return max(two + d, 0.0), two


def _odds(p: float) -> float:
    return p / (1 - p) if p < 1 else inf


def _check(events: int, time: float) -> None:
    if events < 0 or time < 0:
        raise ValueError(f"{events} events in a time of {time} cannot be")
