"""The one place that tells the time."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

DAY = "SOURCE_DATE_EPOCH"  # seconds since 1970: what is made again has the same date


def today() -> date:
    """The day of the run, here; another one where SOURCE_DATE_EPOCH says so."""
    told = os.environ.get(DAY, "")
    return datetime.fromtimestamp(int(told), UTC).date() if told.isdecimal() else date.today()
