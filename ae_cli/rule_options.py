"""What study.toml says of the rules: how much they matter, which are off, and a study's own.

Which ids there are, the rules know: they hold these entries against themselves.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ae_cli.findings import Severity
from ae_cli.values import DOUBT
from ae_cli.vocabulary import (
    UNANSWERED,
    Action,
    Causality,
    Outcome,
    is_blank,
    normalise,
    spellings,
    words,
)


class Part(BaseModel):
    """A table of study.toml. An entry it does not have is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _said(text: str) -> str:
    if is_blank(text) or not normalise(text):
        raise ValueError("say in a few words why; a blank is no reason")
    return text.strip()


Words = Annotated[str, AfterValidator(_said)]
Number = Annotated[int, Field(strict=True, ge=0)]
YesNo = Annotated[bool, Field(strict=True)]


class Thresholds(Part):
    """The numbers rules compare with. Each says which rule it is of."""

    days_after_last_dose: Number | None = None  # XDS-35: else the window's, else not checked
    youngest: Number = 18  # XDS-37: years
    oldest: Number = 90  # XDS-37: an age of this or more
    longest_text: Number = 200  # TYP-07: characters of a field, where a text was probably cut off
    fewest_expected: Number = 5  # PLA-05: expected events, below which a site gets no score
    years_apart: Number = 10  # PLA-07: from the median year of the log's dates
    hours_to_sponsor: Number = 24  # TIM-12: from the investigator's awareness
    days_urgent: Number = 7  # TIM-13: calendar days, of fatal and life-threatening SUSARs
    days_follow_up: Number = 8  # TIM-14: calendar days more
    days_susar: Number = 15  # TIM-13: calendar days, of other SUSARs


class Options(Part):
    """Where the sources of rules disagree: which of them the study follows."""

    overdose_is_criterion: YesNo = True  # XFD-01, XFD-02: CG0042 says yes, SD0009 no
    duration_closes: YesNo = True  # XFD-13: SD1333 says yes, CORE-000659 no
    death_stands_in: Literal["AE", "AE or DS"] = "AE or DS"  # XDS-07: FB0609 says AE
    duplicate_key: Literal["every column", "term and start"] = "every column"  # XRC-02


class OwnRule(Part):
    """A rule of the study: `where` selects the records that are wrong."""

    id: Annotated[str, Field(pattern=r"^OWN-[A-Z0-9][A-Z0-9-]{0,19}$")]
    where: str
    says: Words
    fix: Words = "please confirm"
    severity: Severity = Severity.WARNING
    why: str = "a rule of this study"


def _once(own: list[OwnRule]) -> list[OwnRule]:
    ids = [rule.id for rule in own]
    twice = next((id for id in ids if ids.count(id) > 1), None)
    if twice is not None:
        raise ValueError(f"two rules are called {twice}")
    return own


class Rules(Part):
    """`[rules]`: severities by id, rules that are off with the reason, numbers, own rules."""

    severity: dict[str, Severity] = {}
    off: dict[str, Words] = {}
    thresholds: Thresholds = Thresholds()
    options: Options = Options()
    own: Annotated[list[OwnRule], AfterValidator(_once)] = []


def _new_to(kind: type[StrEnum]) -> BeforeValidator:
    """A reader for what a study adds to a closed list: values that the list does not have."""

    def read(given: object) -> tuple[str, ...]:
        if not isinstance(given, (list, tuple)) or not all(isinstance(t, str) for t in given):
            raise ValueError('write a list of texts: ["DOSE SPLIT"]')
        texts = tuple(text.strip() for text in given)
        for text in texts:
            _check_new(text, kind)
        if len({normalise(text) for text in texts}) < len(texts):
            raise ValueError("a value stands there twice")
        return texts

    return BeforeValidator(read)


def _check_new(text: str, kind: type[StrEnum]) -> None:
    form = normalise(text)
    if known := spellings(kind).get(form):
        raise ValueError(f"{text!r} is understood already, as {known}")
    if not form or is_blank(text) or form in words(UNANSWERED):
        raise ValueError(f"{text!r} says that there is no answer")
    if DOUBT.search(text):
        raise ValueError(f"{text!r} holds a mark of doubt")


class Lists(Part):
    """`[lists]`: values that a study's own forms have beside those of the closed lists."""

    action: Annotated[tuple[str, ...], _new_to(Action)] = ()
    outcome: Annotated[tuple[str, ...], _new_to(Outcome)] = ()
    related: Annotated[tuple[str, ...], _new_to(Causality)] = ()

    def of(self, field: str) -> tuple[str, ...]:
        """What is added to the list of a field."""
        return getattr(self, field) if field in type(self).model_fields else ()
