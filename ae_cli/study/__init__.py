"""A study: what was read, with study.toml applied. Who counts, in which group, which events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw

from ae_cli.config import Config
from ae_cli.ctcae import Dictionary
from ae_cli.meddra import Release, read_release
from ae_cli.read import Log, read_log
from ae_cli.study import episodes
from ae_cli.table import Column

__all__ = ["Choices", "Study", "open_study"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a run asks for beside study.toml."""

    group: str | None = None
    order: tuple[str, ...] = ()
    n: str | None = None
    ci: str = "clopper-pearson"
    ci_total: bool = False
    sort: str = "frequency"  # of terms: or "alphabet"
    at_least: Decimal | None = None  # percent of some group: terms that fewer have are left out
    more_than: Decimal | None = None  # the same, and as many are not enough
    zero_rows: bool = False  # terms of the log without an event that is counted
    months: tuple[Decimal, ...] = (Decimal(3), Decimal(6), Decimal(12))  # of survival
    days: tuple[int, ...] = (7, 28, 84)  # since the first dose: the last of each interval
    p_values: bool = False
    compare: str | None = None  # the group that others are held against
    trend: str | None = None  # over doses, with these scores: rank, dose or log-dose


@dataclass(frozen=True)
class Study:
    """Everything rules and reports stand on.

    `events` and `subjects` are frames of any kind narwhals knows; `fields` names what was
    collected, a participant's as `participant.FIELD`; `unanswered` those about events that are
    blank for every event counted. `columns` are the groups in dose order, then Total. `basis` says
    how each choice was made, for the footnotes.
    """

    config: Config
    choices: Choices
    log: Log
    dictionary: Dictionary
    events: Any
    subjects: Any  # None where there is no participant file
    fields: frozenset[str]
    unanswered: frozenset[str]
    columns: tuple[Column, ...]
    ctcae_coded: bool
    basis: dict[str, str] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)  # by kind, as `study.others` joins them
    meddra: Release | None = None  # the user's own, where one is given
    labs: Any = None  # graded results, as `labs.course` gives them; None where there are none

    def frame(self, kind: str) -> Any:
        """The records of a kind (`model.KINDS`)."""
        named = {"events": self.events, "subjects": self.subjects, "labs": self.labs}
        return named[kind] if kind in named else self.others[kind]

    def ctcae_share(self) -> tuple[int, int]:
        """How many different terms of the log's events are CTCAE's, and how many there are."""
        events = nw.from_native(self.events).lazy().filter("is_event")
        terms = events.select("coded_term", found=~nw.col("ctc_term").is_null())
        each = terms.drop_nulls("coded_term").unique().collect()
        return int(each["found"].sum()), len(each)

    def meddra_share(self) -> tuple[int, int]:
        """How many different preferred terms of the log are in the release, and how many are."""
        events = nw.from_native(self.events).lazy().filter("is_event")
        terms = events.select("preferred_term", known=nw.col("meddra_no_pt").is_null())
        each = terms.drop_nulls("preferred_term").unique("preferred_term").collect()
        return int(each["known"].sum()), len(each)

    def counted(self) -> nw.LazyFrame:
        """The rows of events that are counted. Rows with the same `event` are one event."""
        return episodes.counted(self.events, self.config)

    def has(self, *needed: str) -> bool:
        """Whether every one of these fields was collected; `a|b` asks for either."""
        return all(set(need.split("|")) & self.fields for need in needed)

    def answered(self, *needed: str) -> bool:
        """Whether every one of these was collected and not just a heading over blanks."""
        return all(set(need.split("|")) & (self.fields - self.unanswered) for need in needed)


def open_study(
    paths: Sequence[Path],
    subjects: Path | None = None,
    config: Config | None = None,
    choices: Choices | None = None,
    sheet: str | Sequence[str] | None = None,
) -> Study:
    """Read the files and apply the study's choices. Raises InputError for what cannot be used."""
    config, choices = config or Config(), choices or Choices()
    return from_log(read_log(paths, subjects, config, sheet), config, choices)


def _names(config: Config, choices: Choices) -> set[str]:
    """The dose groups as a person wrote them, in study.toml or on the command line."""
    from ae_cli.study.groups import parse_n

    given = parse_n(choices.n, config) if choices.n else {}
    return {*config.group_names, *map(config.group_name, choices.order), *given}


def from_log(log: Log, config: Config, choices: Choices, release: Release | None = None) -> Study:
    """A study from records already read, and a `release` of MedDRA: else the one that the
    configuration names."""
    from ae_cli.study.build import Builder
    from ae_cli.study.spelled import with_one_spelling

    log, spelled = with_one_spelling(log, _names(config, choices))
    folder = config.files.meddra
    release = release or (read_release(Path(folder)) if folder else None)
    return Builder(log, config, choices, spelled, release).study()
