"""A trend of proportions over doses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import comb, sqrt
from typing import Literal

from ae_cli.statistics.proportion import check
from ae_cli.statistics.results import NotEstimable, Test

Direction = Literal["two-sided", "increasing", "decreasing"]
DIRECTIONS = ("two-sided", "increasing", "decreasing")
SAME = 1e-9  # scores are numbers of the machine: statistics that differ by less are equal


def trend(
    events: Sequence[int],
    totals: Sequence[int],
    scores: Sequence[float],
    method: str = "exact",
    direction: Direction = "two-sided",
) -> Test | NotEstimable:
    """The trend of events among totals over groups with these scores (Cochran 1954, Armitage 1955).

    exact: `statistic` is the sum of scores of those with the event; its distribution is that of all
    tables with the same totals, and two-sided means at least as far from its mean. asymptotic:
    `statistic` is Z, its variance that of the binomial (N, not N - 1). Raises ValueError for lists
    of unlike length, and for what is no proportion.
    """
    if not len(events) == len(totals) == len(scores):
        raise ValueError("events, totals and scores are of unlike length")
    if method not in METHODS or direction not in DIRECTIONS:
        raise ValueError(f"{method!r} or {direction!r} is not known")
    for n, N in zip(events, totals, strict=True):
        check(n, N)
    if len({s for s, N in zip(scores, totals, strict=True) if N}) < 2:
        return NotEstimable("a trend needs two groups with somebody in them")
    return METHODS[method](events, totals, scores, direction)


def exact(
    events: Sequence[int], totals: Sequence[int], scores: Sequence[float], direction: str
) -> Test | NotEstimable:
    n, N = sum(events), sum(totals)
    seen = sum(s * e for s, e in zip(scores, events, strict=True))
    mean = n * sum(s * t for s, t in zip(scores, totals, strict=True)) / N
    slack = SAME * max(1.0, abs(seen), max(map(abs, scores)) * N)
    ways = _ways(n, totals, scores)
    if direction == "two-sided":
        far = sum(w for t, w in ways.items() if abs(t - mean) >= abs(seen - mean) - slack)
    elif direction == "increasing":
        far = sum(w for t, w in ways.items() if t >= seen - slack)
    else:
        far = sum(w for t, w in ways.items() if t <= seen + slack)
    return Test(seen, far / comb(N, n))


def _ways(n: int, totals: Sequence[int], scores: Sequence[float]) -> Counter[float]:
    """In how many ways n events fall on the groups so that their scores sum to each number."""
    found: dict[int, Counter[float]] = {0: Counter({0.0: 1})}
    for total, score in zip(totals, scores, strict=True):
        after: dict[int, Counter[float]] = {}
        for placed, sums in found.items():
            for here in range(min(total, n - placed) + 1):
                into, ways = after.setdefault(placed + here, Counter()), comb(total, here)
                for value, count in sums.items():
                    into[round(value + here * score, 10)] += count * ways
        found = after
    return found[n]


def asymptotic(
    events: Sequence[int], totals: Sequence[int], scores: Sequence[float], direction: str
) -> Test | NotEstimable:
    from scipy.special import ndtr

    n, N = sum(events), sum(totals)
    if n in (0, N):
        return NotEstimable("all participants are alike")
    p, mean = n / N, sum(s * t for s, t in zip(scores, totals, strict=True)) / N
    excess = sum(s * (e - t * p) for s, e, t in zip(scores, events, totals, strict=True))
    spread = sum(t * (s - mean) ** 2 for s, t in zip(scores, totals, strict=True))
    z = excess / sqrt(p * (1 - p) * spread)
    tails = {
        "two-sided": 2 * ndtr(-abs(z)), "increasing": ndtr(-z), "decreasing": ndtr(z)
    }  # fmt: skip
    return Test(z, float(tails[direction]))


METHODS = {"exact": exact, "asymptotic": asymptotic}
