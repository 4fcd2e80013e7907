"""What comes beside death: the share with an event, and events that come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ae_cli.statistics.survival import check, kaplan_meier


@dataclass(frozen=True, slots=True)
class Point:
    """From a time on: a share of people, or a number of events for each of them."""

    time: float
    value: float


def aalen_johansen(
    times: Sequence[float], causes: Sequence[str | None], cause: str
) -> tuple[Point, ...]:
    """The share of people who had the event `cause`, where others end the time at risk (Aalen and
    Johansen 1978).

    `causes` is None for who was lost. A death that is no event of the kind competes with it; to
    count it as lost would give the share among people who cannot die.
    """
    check(times, causes)
    points, share, before = [], 0.0, 1.0
    for step in kaplan_meier(times, [c is not None for c in causes]):
        had = sum(1 for t, c in zip(times, causes, strict=True) if c == cause and t == step.time)
        share += before * had / step.at_risk
        before = step.survival
        if had:
            points.append(Point(step.time, share))
    return tuple(points)


def mean_cumulative(
    events: Sequence[Sequence[float]], ends: Sequence[float], died: Sequence[bool]
) -> tuple[Point, ...]:
    """The number of events that a participant has had by each time, on average.

    `events` are each participant's times of events, `ends` when observation ended, `died` whether
    by death: who has died has no more events (Ghosh and Lin 2000); without deaths it is Nelson's
    estimate (2003). Raises ValueError for an event after its participant's end.
    """
    check(ends, died)
    if len(events) != len(ends):
        raise ValueError("events and ends are of unlike length")
    if any(time > end for own, end in zip(events, ends, strict=True) for time in own):
        raise ValueError("an event lies after the end of its participant's observation")
    deaths = kaplan_meier(ends, died)
    points, mean = [], 0.0
    for time in sorted({time for own in events for time in own}):
        alive = next((s.survival for s in reversed(deaths) if s.time < time), 1.0)
        had = sum(own.count(time) for own in map(list, events))
        mean += alive * had / sum(1 for end in ends if end >= time)
        points.append(Point(time, mean))
    return tuple(points)
