"""Time zones of a study: which clock times keep their offsets, and which dates are days alone.

Where all clock times of a study's files say one offset there is one clock, and nothing to do. Where
they do not, events, participants and doses keep what each says, and are compared by it
(`ae_cli.moments`); laboratory results and the other files are held against them by days. Doses of a
participant on several clocks are days, too: which was the first is asked of the calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import narwhals as nw

from ae_cli import moments
from ae_cli.read import Log, Records
from ae_cli.study import Study

Way = Callable[[nw.DataFrame], nw.DataFrame]
KEPT = ("events", "subjects")


def settled(log: Log) -> tuple[Log, tuple[str, ...]]:
    """The log with the offsets that its dates are compared by, and these where they are several."""
    kinds = dict(log.kinds())
    frames = {kind: nw.from_native(each.frame, eager_only=True) for kind, each in kinds.items()}
    if not any(moments.dates(frame.columns) for frame in frames.values()):
        return log, ()
    clocks = moments.clocks(list(frames.values()))
    done = {kind: _with(kinds[kind], _way(kind, clocks)(frame)) for kind, frame in frames.items()}
    others = {name: done[name] for name in log.others}
    settled = replace(
        log, events=done["events"], subjects=done.get("subjects"), labs=done.get("labs"),
        others=others,
    )  # fmt: skip
    return settled, clocks


def _way(kind: str, clocks: tuple[str, ...]) -> Way:
    if not clocks:
        return moments.without_offsets
    if kind in KEPT:
        return lambda frame: frame
    return moments.by_days_where_clocks_differ if kind == "exposure" else moments.by_days


def _with(records: Records, frame: nw.DataFrame) -> Records:
    return replace(records, frame=frame.to_native())


def said(study: Study) -> tuple[str, ...]:
    """How clock times are compared, where they are of several time zones."""
    if not (clocks := study.basis.get("clocks")):
        return ()
    silent = moments.NO_OFFSET in clocks
    unknown = "; a time without an offset may be of any time zone" if silent else ""
    return (
        f"clock times are of several time zones ({clocks}): those of events, participants and "
        f"doses are compared as moments{unknown}; days, and dates of other files, as written",
    )
