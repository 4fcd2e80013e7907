"""The date of a participant's death, by all that say it, and what lies after or on it."""

from __future__ import annotations

from itertools import combinations

import narwhals as nw

from ae_cli.moments import Span, after, last_of_day, same_day
from ae_cli.rules.rule import Fields, or_if_blank

SAID_BY = ("participant_death_date", "death_date", "ds_death")


def after_death(ae: Fields, date: str) -> nw.Expr:
    """Whether a date is certainly later than one of the dates of the participant's death."""
    later = [or_if_blank(after(ae.span(date), death), False) for death in _deaths(ae)]
    return nw.any_horizontal(nw.lit(False), *later, ignore_nulls=True)


def on_death(ae: Fields, date: str) -> nw.Expr:
    """Whether a date can be the day of the participant's death: by every date of it, and where
    these cannot be one day by any."""
    here, deaths = ae.span(date), _deaths(ae)
    some, every = nw.lit(False), nw.lit(True)
    for death in deaths:
        meets = same_day(here, death)
        some, every = some | or_if_blank(meets, False), every & or_if_blank(meets, True)
    apart = [or_if_blank(~same_day(a, b), False) for a, b in combinations(deaths, 2)]
    return some & (every | nw.any_horizontal(nw.lit(False), *apart, ignore_nulls=True))


def _deaths(ae: Fields) -> list[Span]:
    """Each date of it that the frame has; any row of the log may hold that of its participant."""
    names = [name for name in SAID_BY if ae.present(f"{name}_latest")]
    in_log = [_in_log(ae)] if "death_date" in names else []
    return [*map(ae.span, names), *in_log]


def _in_log(ae: Fields) -> Span:
    """What the participant's rows agree on; where they may be of several clocks, by days."""
    here, named = ae.span("death_date"), ae.filled("subject")
    early, late = here.earliest, here.latest
    if here.offset is not None:
        early, late = early.dt.truncate("1d"), last_of_day(late)
    ends = (early.max().over("subject"), late.min().over("subject"))
    return Span(*(nw.when(named).then(end) for end in ends))
