"""Survival with censoring, in groups of a few: curves, what is known at a time, and a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from ae_cli.statistics.proportion import clopper_pearson
from ae_cli.statistics.results import Estimate, NotEstimable, Test
from ae_cli.statistics.roots import normal

SAME = 1e-12  # scores are sums of fractions
NOBODY = NotEstimable("there is nobody in the group")


@dataclass(frozen=True, slots=True)
class Step:
    """A time at which somebody had the event: who was at risk just before, how many had it, and
    what share is without it from then on."""

    time: float
    at_risk: int
    events: int
    survival: float


def kaplan_meier(times: Sequence[float], events: Sequence[bool]) -> tuple[Step, ...]:
    """The product-limit estimate (Kaplan and Meier 1958): its steps, in time.

    `times` are those of the event, or of the last contact where `events` is false; who is lost at a
    time is at risk until then. Raises ValueError for lists of unlike length and negative times.
    """
    check(times, events)
    steps, survival = [], 1.0
    for time in sorted({t for t, had in zip(times, events, strict=True) if had}):
        at_risk = sum(1 for t in times if t >= time)
        had = sum(1 for t, e in zip(times, events, strict=True) if e and t == time)
        survival *= 1 - had / at_risk
        steps.append(Step(time, at_risk, had, survival))
    return tuple(steps)


def survival_at(
    times: Sequence[float],
    events: Sequence[bool],
    at: float,
    method: str = "beta-product",
    level: float = 0.95,
) -> Estimate | NotEstimable:
    """The share without the event at a time, and its interval.

    beta-product (Fay, Brittain and Proschan 2013, by the method of moments): exact in small groups,
    and that of Clopper and Pearson where nobody is lost before; plain and log-log (of Greenwood's
    variance, 1926), which have none where nobody, or everybody, had the event. After the last
    contact nothing is known of a group in which somebody is left.
    """
    steps = [step for step in kaplan_meier(times, events) if step.time <= at]
    if not times:
        return NOBODY
    survival = steps[-1].survival if steps else 1.0
    if survival and max(times) < at:
        return NotEstimable("nobody was followed so long")
    if method == "beta-product":
        lower, upper = _beta_product(times, events, at, (1 - level) / 2)
        return Estimate(survival, lower, upper)
    if method not in ("plain", "log-log"):
        raise ValueError(f"{method!r} is no method: beta-product, plain, log-log")
    if survival in (0.0, 1.0):
        return NotEstimable(f"the {method} interval has no width without events, or survivors")
    return _greenwood(steps, survival, method, normal(level))


def _beta_product(
    times: Sequence[float], events: Sequence[bool], at: float, tail: float
) -> tuple[float, float]:
    """The quantiles of a product of beta variables, one for each time of an event; the lower one of
    that and the next event, should the next one at risk have it. Who is lost at the time itself is
    known to have come so far."""
    ends = list(zip(times, events, strict=True))
    left = sum(1 for t, had in ends if t > at or (t == at and not had))
    if not any(t < at and not had for t, had in ends):
        found = clopper_pearson(left, len(ends), tail)
        return found.lower, found.upper
    steps = [step for step in kaplan_meier(times, events) if step.time <= at]
    factors = [(step.at_risk - step.events + 1, step.events) for step in steps]
    upper = _quantile(factors, 1 - tail) if factors else 1.0
    lower = _quantile([*factors, (left, 1)], tail) if left else 0.0
    return lower, upper


def _quantile(factors: Sequence[tuple[float, float]], p: float) -> float:
    """Of a product of beta variables, by the beta variable with the same mean and variance."""
    from scipy.special import betaincinv

    if any(a == 0 for a, _ in factors):
        return 0.0
    mean = square = 1.0
    for a, b in factors:
        mean *= a / (a + b)
        square *= a * (a + 1) / ((a + b) * (a + b + 1))
    common = mean * (mean - square) / (square - mean * mean)
    return float(betaincinv(common, common * (1 - mean) / mean, p))


def _greenwood(steps: Sequence[Step], survival: float, method: str, z: float) -> Estimate:
    variance = sum(s.events / (s.at_risk * (s.at_risk - s.events)) for s in steps)
    if method == "plain":
        half = z * survival * sqrt(variance)
        return Estimate(survival, max(0.0, survival - half), min(1.0, survival + half))
    wide = z * sqrt(variance) / abs(log(survival))
    return Estimate(survival, survival ** exp(wide), survival ** exp(-wide))


def logrank(
    times: Sequence[float], events: Sequence[bool], groups: Sequence[str], rounds: int = 0
) -> Test | NotEstimable:
    """Whether groups differ (Mantel 1966, Peto and Peto 1972): `statistic` is a chi-square of one
    less than the groups.

    With `rounds` the p-value is of as many random exchanges of the groups, the same ones each time:
    it holds with few events, where the chi-square does not. Raises ValueError for lists of unlike
    length.
    """
    check(times, events)
    if len(groups) != len(times):
        raise ValueError("times and groups are of unlike length")
    names = sorted(set(groups))
    if len(names) < 2 or not any(events):
        return NotEstimable("a comparison needs two groups and an event")
    return _permuted(times, events, groups, rounds) if rounds else _mantel(times, events, groups)


def _mantel(times: Sequence[float], events: Sequence[bool], groups: Sequence[str]) -> Test:
    import numpy as np
    from scipy.special import chdtrc

    names = sorted(set(groups))
    excess, covariance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for step in kaplan_meier(times, events):
        risk = np.array([sum(1 for t, g in zip(times, groups, strict=True) if g == name
                             and t >= step.time) for name in names])  # fmt: skip
        had = np.array([sum(1 for t, e, g in zip(times, events, groups, strict=True)
                            if g == name and e and t == step.time) for name in names])  # fmt: skip
        share, n = risk / step.at_risk, step.at_risk
        excess += had - step.events * share
        if n > 1:
            scale = step.events * (n - step.events) / (n - 1)
            covariance += scale * (np.diag(share) - np.outer(share, share))
    statistic = float(excess @ np.linalg.pinv(covariance) @ excess)
    return Test(statistic, float(chdtrc(len(names) - 1, statistic)))


def _permuted(
    times: Sequence[float], events: Sequence[bool], groups: Sequence[str], rounds: int
) -> Test | NotEstimable:
    """Scores of the log-rank test, exchanged between the groups."""
    import numpy as np

    scores = np.array(
        [had - _hazard(times, events, t) for t, had in zip(times, events, strict=True)]
    )
    names = np.unique(np.array(groups), return_inverse=True)[1]
    sizes = np.bincount(names)
    spread = scores.var(ddof=1)
    if np.ptp(scores) < SAME:
        return NotEstimable("all times are alike")

    def statistic(given: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        sums = np.bincount(names, weights=given)
        return float((sums**2 / sizes).sum() / spread)

    seen, random = statistic(scores), np.random.default_rng(20130906)
    far = sum(statistic(random.permutation(scores)) >= seen - 1e-9 for _ in range(rounds))
    return Test(seen, (far + 1) / (rounds + 1))


def _hazard(times: Sequence[float], events: Sequence[bool], until: float) -> float:
    """The cumulative hazard of all (Nelson 1969, Aalen 1978)."""
    return sum(s.events / s.at_risk for s in kaplan_meier(times, events) if s.time <= until)


def check(times: Sequence[float], events: Sequence[object]) -> None:
    """Raises ValueError unless every time is one, and has its event."""
    if len(times) != len(events):
        raise ValueError("times and events are of unlike length")
    if any(not t >= 0 for t in times):
        raise ValueError("a time at risk is not negative")
