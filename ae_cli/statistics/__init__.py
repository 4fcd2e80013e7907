"""Statistics, thin, over SciPy. SciPy is imported where it is used: it takes a while."""

from ae_cli.statistics.poisson import mean_interval
from ae_cli.statistics.proportion import METHODS, interval

__all__ = ["METHODS", "interval", "mean_interval"]
