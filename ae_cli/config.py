"""study.toml: what the log itself does not say. Every choice has a default and is printed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from ae_cli.config_errors import explained
from ae_cli.errors import InputError
from ae_cli.model import KINDS
from ae_cli.rule_options import Lists, Rules
from ae_cli.vocabulary import (
    RELATED_BY_DEFAULT,
    Causality,
    Intensity,
    normalise,
    same_group,
    spellings,
)

LONGEST = 10_000_000  # bytes of a study.toml, a thousand times what a person writes


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Files(_Part):
    """The study's files, relative to study.toml."""

    events: str | list[str] | None = None
    subjects: str | None = None
    labs: str | list[str] | None = None
    exposure: str | None = None
    disposition: str | None = None
    concomitant: str | None = None
    reports: str | None = None
    status: str | None = None
    death_details: str | None = None
    parameters: str | None = None
    elements: str | None = None
    qualifiers: str | None = None
    events_sheet: str | list[str] | None = None
    subjects_sheet: str | None = None
    labs_sheet: str | list[str] | None = None
    group: Literal["sheet name", "none"] | None = None
    redcap_dictionary: str | None = None
    meddra: str | None = None
    encoding: str | None = None


class Group(_Part):
    """One dose group: its name in the data, other spellings of it, what the page shows."""

    name: str
    label: str | None = None
    dose: float | str | None = None
    spellings: list[str] = []


Headers = str | list[str]


def _single(columns: dict[str, Headers]) -> dict[str, Headers]:
    for field, header in columns.items():
        if not isinstance(header, str) and field not in ("grade", "not_used"):
            raise ValueError(f"{field} has several headers, and only grade and not_used may")
    return columns


def _of_kinds(table: dict[str, object]) -> dict[str, object]:
    for name in table:
        if name not in KINDS:
            raise ValueError(f"{name!r} is no kind of file: write {', '.join(KINDS)}")
    return table


# Which header holds which field, where the program's own reading is not right: kind, field, header.
Columns = Annotated[
    dict[str, Annotated[dict[str, Headers], AfterValidator(_single)]], AfterValidator(_of_kinds)
]
# What the codes of a column stand for: `[codes.events.serious]`, then `1 = "Y"`.
Codes = Annotated[dict[str, dict[str, dict[str, str]]], AfterValidator(_of_kinds)]


def _understood(answers: list[str]) -> list[str]:
    known = spellings(Causality)
    return [str(known.get(normalise(answer), answer)) for answer in answers]


class Related(_Part):
    """Which answers count as related to treatment: members of Causality, or of [lists] related."""

    counts: Annotated[list[str], AfterValidator(_understood)] = list(map(str, RELATED_BY_DEFAULT))


class Window(_Part):
    """How long after dosing an event is counted; at most one of the two."""

    days_after_first_dose: Annotated[int, Field(ge=0)] | None = None
    days_after_last_dose: Annotated[int, Field(ge=0)] | None = None


class DLT(_Part):
    """The dose-finding design, and its numbers: BOIN's target; a limit of the rate, the Beta prior
    and the probability above which a Bayesian rule stops."""

    design: Literal["3+3", "boin", "bayes"] | None = None
    target: Annotated[float, Field(gt=0, le=0.6)] = 0.3
    limit: Annotated[float, Field(gt=0, lt=1)] = 0.3
    prior: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] = (1.0, 1.0)
    cutoff: Annotated[float, Field(gt=0, lt=1)] = 0.95


class Interest(_Part):
    """Events of special interest: those for which a condition holds, under a name."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    where: str


class Limits(_Part):
    """How much a file may hold. Beyond, it is refused before it is read: it is no log, or it is
    known to be large and this is raised.

    `megabytes` is for a file, for standard input, and for what a packed file grows to; `cells` for
    the area of the sheets of a workbook together, blank cells within it included, and of JSON.
    """

    megabytes: Annotated[int, Field(ge=1)] = 500
    cells: Annotated[int, Field(ge=1)] = 2_200_000

    @property
    def bytes(self) -> int:
        """The megabytes as bytes."""
        return self.megabytes * 1_000_000


def _with(part: _Part, given: Mapping[str, object]) -> _Part:
    return part.model_copy(update={k: value for k, value in given.items() if value is not None})


def _distinct(groups: list[Group]) -> list[Group]:
    written = [text for group in groups for text in {group.name, *group.spellings}]
    twice = next((text for text in written if written.count(text) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice!r} stands for two groups")
    return groups


def _intensity(table: dict[str, int]) -> dict[str, int]:
    known = spellings(Intensity)
    for word in table:
        if word.strip().casefold() not in known:
            raise ValueError(f"{word!r} is not a severity: write mild, moderate or severe")
    return {known[word.strip().casefold()].value: grade for word, grade in table.items()}


class Config(_Part):
    """A study, as its study.toml states it."""

    title: str = ""
    registry: str = ""
    ctcae: str = "5.0"
    coded_in: Literal["CTCAE", "MedDRA"] | None = None
    cut_off: date | None = None
    files: Files = Files()
    columns: Columns = {}
    codes: Codes = {}
    date_order: Literal["dmy", "mdy"] | None = None
    groups: Annotated[list[Group], AfterValidator(_distinct)] = []
    related: Related = Related()
    window: Window = Window()
    dlt: DLT = DLT()
    interest: list[Interest] = []
    episodes: Literal["rows", "joined"] = "rows"
    limits: Limits = Limits()
    severity_as_grade: Annotated[
        dict[str, Annotated[int, Field(ge=1, le=5)]], AfterValidator(_intensity)
    ] = {}
    rules: Rules = Rules()
    lists: Lists = Lists()

    @model_validator(mode="after")
    def _knows_what_is_related(self) -> Config:
        known = {*map(str, Causality), *self.lists.related}
        for i, answer in enumerate(self.related.counts):
            if answer not in known:
                raise ValueError(
                    f"related.counts.{i}: {answer!r} is neither an answer the program "
                    "knows nor one of [lists] related"
                )
        return self

    def threshold(self, name: str) -> int:
        """A number that rules compare with."""
        own = self.days_after_last_dose if name == "days_after_last_dose" else None
        return int(getattr(self.rules.thresholds, name) if own is None else own)

    @property
    def days_after_last_dose(self) -> int | None:
        """The days in which events are reported: those of the rule, else those of the window."""
        days = self.rules.thresholds.days_after_last_dose
        return self.window.days_after_last_dose if days is None else days

    def with_files(self, **given: str | None) -> Config:
        """The same study with other entries under [files]; None leaves an entry as it is."""
        return self.model_copy(update={"files": _with(self.files, given)})

    def with_limits(self, **given: int | None) -> Config:
        """The same with other entries under [limits]."""
        return self.model_copy(update={"limits": _with(self.limits, given)})

    @property
    def group_names(self) -> dict[str, str]:
        """Every spelling of a group to the group's name."""
        return {s: g.name for g in self.groups for s in (g.name, *g.spellings)}

    def group_name(self, text: str) -> str:
        """The group's name for any spelling of it, also one that differs in capitals or spaces."""
        names = self.group_names
        alike = {name for spelled, name in names.items() if same_group(spelled) == same_group(text)}
        return names.get(text) or (alike.pop() if len(alike) == 1 else text)


def load(path: Path) -> Config:
    """Read a study.toml. Raises InputError that names the entry and what it should be."""
    if path.stat().st_size > LONGEST:
        raise InputError(f"{path} is no study file: it is far too long", "make one: ae-cli init")
    try:
        return Config.model_validate(_as_text(tomllib.loads(path.read_text("utf-8-sig"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} is not valid TOML: {error}", "compare it with `ae-cli init`"
        ) from None
    except ValidationError as error:
        raise explained(str(path), error, Config) from None


def _as_text(value: object) -> object:
    """Dates as text: an entry that wants a text takes a date, and cut_off takes both."""
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    return value.isoformat() if isinstance(value, (date, time)) else value
