"""What a statistic comes back as: named parts, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from ae_cli.table import Interval, NotEstimable

__all__ = ["Estimate", "Interval", "NotEstimable", "Test"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference, a ratio or a rate with its interval. An end without a limit is infinite."""

    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Test:
    """A test: `statistic` is what its function says; `pvalue` is two-sided, unless asked."""

    __test__ = False  # not one of pytest's

    statistic: float
    pvalue: float
