"""A rate of events that cluster in people: its interval by drawing people, not events."""

from __future__ import annotations

from collections.abc import Sequence

from ae_cli.statistics.rates import NO_TIME
from ae_cli.statistics.results import Estimate, NotEstimable

FEWEST = 30  # people: of fewer the interval is too narrow (docs/statistics.md)
FEWEST_WITH = 5  # of them with an event


def clustered_rate(
    events: Sequence[int], times: Sequence[float], level: float = 0.95, rounds: int = 2000
) -> Estimate | NotEstimable:
    """Events for each unit of time, with the percentile interval over people drawn with
    replacement (Efron 1979): the same draws each time, in whatever order people stand.

    Not estimable of fewer than FEWEST people or FEWEST_WITH of them with an event. Raises
    ValueError for lists of unlike length and negative numbers.
    """
    import numpy as np

    if len(events) != len(times):
        raise ValueError("events and times are of unlike length")
    if any(n < 0 for n in events) or any(not t >= 0 for t in times):
        raise ValueError("events and times are not negative")
    if not sum(times):
        return NO_TIME
    if len(events) < FEWEST or sum(n > 0 for n in events) < FEWEST_WITH:
        return NotEstimable(f"of fewer than {FEWEST} people, or {FEWEST_WITH} with an event")
    had, time = (np.array(each, float) for each in zip(*sorted(zip(events, times, strict=True)),
                                                      strict=True))  # fmt: skip
    random, size = np.random.default_rng(19790101), len(had)
    rates = []
    for _ in range(rounds):
        drawn = random.integers(0, size, size, dtype=np.int32)
        if total := time.take(drawn).sum():
            rates.append(had.take(drawn).sum() / total)
    lower, upper = np.quantile(rates, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(sum(events) / sum(times), float(lower), float(upper))
