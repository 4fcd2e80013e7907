"""Statistics that hold in groups of eight: what SciPy has, and what it has not at zero cells.

What cannot be estimated comes back as `NotEstimable`, with the reason; numbers that cannot be raise
ValueError. SciPy is imported where it is used: it takes a while.
"""

from ae_cli.statistics.clustered import clustered_rate
from ae_cli.statistics.course import Point, aalen_johansen, mean_cumulative
from ae_cli.statistics.designs import boin_bounds, excess
from ae_cli.statistics.poisson import mean_interval
from ae_cli.statistics.proportion import METHODS, bound, interval
from ae_cli.statistics.rates import rate, rate_difference, rate_ratio, rate_test
from ae_cli.statistics.results import Estimate, Interval, NotEstimable, Test
from ae_cli.statistics.survival import Step, kaplan_meier, logrank, survival_at
from ae_cli.statistics.trend import trend
from ae_cli.statistics.two_proportions import (
    DIFFERENCES,
    boschloo,
    difference,
    fisher,
    odds_ratio,
    ratio,
)

__all__ = [
    "DIFFERENCES", "METHODS", "Estimate", "Interval", "NotEstimable", "Point", "Step", "Test",
    "aalen_johansen", "boin_bounds", "boschloo", "bound", "clustered_rate", "difference", "excess",
    "fisher", "interval", "kaplan_meier", "logrank", "mean_cumulative", "mean_interval",
    "odds_ratio", "rate", "rate_difference", "rate_ratio", "rate_test", "ratio", "survival_at",
    "trend",
]  # fmt: skip
