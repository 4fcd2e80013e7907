"""The exact interval of a Poisson mean."""

from __future__ import annotations


def mean_interval(events: int, level: float = 0.95) -> tuple[float, float]:
    """The means that so many events are compatible with (Garwood 1936).

    Raises ValueError for a negative number.
    """
    from scipy.special import gammaincinv

    if events < 0:
        raise ValueError(f"{events} is no number of events")
    tail = (1 - level) / 2
    lower = float(gammaincinv(events, tail)) if events else 0.0
    return lower, float(gammaincinv(events + 1, 1 - tail))
