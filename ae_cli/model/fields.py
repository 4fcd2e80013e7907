"""What a field of a record is: its cell, and the door its values go through.

Fields take the text of a cell in any spelling of `vocabulary`, or a value already typed.
What cannot be understood raises a `ValidationError`: its type is the rule's id, or `unreadable`
where the field's own `Cell.rule` names the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from ae_cli import dates
from ae_cli import values as v
from ae_cli.vocabulary import (
    Action,
    Answer,
    Causality,
    Criterion,
    Evaluability,
    Intensity,
    Outcome,
    VitalStatus,
)

Shape = Literal["text", "number", "integer", "date", "choice", "choices"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a field is: its label, SDTM name, shape, and the rule its cells can break."""

    label: str
    sdtm: str = ""
    shape: Shape = "text"
    rule: str = ""
    choices: type[StrEnum] | None = None


Text = Annotated[str | None, BeforeValidator(v.text)]
Name = Annotated[str | None, BeforeValidator(v.name)]
Grade = Annotated[int | None, BeforeValidator(v.grade)]
Date = Annotated[dates.DateSpan | None, BeforeValidator(dates.date)]
EndDate = Annotated[dates.DateSpan | None, BeforeValidator(dates.end_date)]
YesNo = Annotated[Answer | None, BeforeValidator(v.one_of(Answer))]
Serious = Annotated[Answer | None, BeforeValidator(v.serious)]
Expected = Annotated[Answer | None, BeforeValidator(v.expected)]
Treated = Annotated[Answer | None, BeforeValidator(v.treated)]
Day = Annotated[int | None, BeforeValidator(v.study_day)]
VitalStatusOf = Annotated[VitalStatus | None, BeforeValidator(v.one_of(VitalStatus))]
Ongoing = Annotated[Answer | None, BeforeValidator(v.ongoing)]
Criteria = Annotated[tuple[Criterion, ...] | None, BeforeValidator(v.criteria)]
OutcomeOf = Annotated[Outcome | None, BeforeValidator(v.one_of(Outcome))]
ActionOf = Annotated[Action | None, BeforeValidator(v.one_of(Action))]
CausalityOf = Annotated[Causality | None, BeforeValidator(v.one_of(Causality))]
IntensityOf = Annotated[Intensity | None, BeforeValidator(v.one_of(Intensity))]
EvaluabilityOf = Annotated[Evaluability | None, BeforeValidator(v.one_of(Evaluability))]

CODED = "AE-COD-24"  # a coded value the catalogue has no rule of its own for
DATED = "AE-TYP-01"


def yes_no(label: str, sdtm: str, rule: str = CODED) -> Cell:
    return Cell(label, sdtm, "choice", rule, Answer)


def dated(label: str, sdtm: str) -> Cell:
    return Cell(label, sdtm, "date", DATED)


def study_day(label: str, sdtm: str) -> Cell:
    return Cell(label, sdtm, "integer", v.NOT_A_NUMBER)


class Record(BaseModel):
    """What events and participants share."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    study: Annotated[Text, Cell("Study", "STUDYID")] = None
    site: Annotated[Text, Cell("Site", "SITEID")] = None
    subject: Annotated[Text, Cell("Participant", "USUBJID")] = None
    safety: Annotated[YesNo, yes_no("Safety population", "SAFFL")] = None


@cache
def cells(model: type[Record]) -> dict[str, Cell]:
    """What each field of a record is."""
    return {
        name: next(m for m in info.metadata if isinstance(m, Cell))
        for name, info in model.model_fields.items()
    }


@cache
def adapter(model: type[Record], field: str) -> TypeAdapter[object]:
    """The door for one field's values: the model's own validators, without a record around."""
    info = model.model_fields[field]
    return TypeAdapter(Annotated[info.annotation, *info.metadata])  # type: ignore[arg-type]
