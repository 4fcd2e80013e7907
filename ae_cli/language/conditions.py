"""What an expression says, once its names and values are known: conditions and their operands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["number", "date", "text", "list", "several"]
Join = Literal["and", "or"]
Order = Literal["==", "!=", "<", "<=", ">", ">="]
How = Literal["contains", "starts", "ends"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the event, or `participant.FIELD`. A list says which: `of`."""

    name: str
    kind: Kind
    of: type[StrEnum] | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A literal. A number or a date is its least and its largest; a date in days since 1970."""

    kind: Kind
    least: float = 0
    most: float = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """One thing plus (+1) or minus (-1) another: a date and days, or two dates."""

    left: Operand
    sign: int
    right: Operand
    kind: Kind


Operand = Field | Value | Sum


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of numbers or dates by order, or of texts and members of lists by equality."""

    order: Order
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Match:
    """A field of text that contains, starts with or ends with a text."""

    field: Field
    how: How
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A field without an entry. What could not be understood is an entry."""

    field: Field


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition; of an unknown one unknown."""

    of: Condition


@dataclass(frozen=True, slots=True)
class Joined:
    """Several conditions, all or any of which must hold."""

    by: Join
    parts: tuple[Condition, ...]


Condition = Compare | Match | Blank | Not | Joined


def fields_of(part: Condition | Operand) -> tuple[str, ...]:
    """The fields an expression names, in its order, each once."""
    match part:
        case Field(name=name):
            return (name,)
        case Match(field=one) | Blank(field=one):
            return (one.name,)
        case Not(of=inner):
            return fields_of(inner)
        case Joined(parts=parts):
            return tuple(dict.fromkeys(name for each in parts for name in fields_of(each)))
        case Compare(left=left, right=right) | Sum(left=left, right=right):
            return tuple(dict.fromkeys((*fields_of(left), *fields_of(right))))
    return ()


def texts_of(part: Condition, field: str) -> tuple[str, ...]:
    """The texts that an expression holds a field against, each once."""
    match part:
        case Not(of=inner):
            return texts_of(inner, field)
        case Joined(parts=parts):
            return tuple(dict.fromkeys(text for each in parts for text in texts_of(each, field)))
        case Compare(left=Field(name=name), right=Value(text=text)) if name == field:
            return (text,)
        case Compare(left=Value(text=text), right=Field(name=name)) if name == field:
            return (text,)
    return ()


_MIRRORED: dict[Order, Order] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def mirrored(order: Order) -> Order:
    """The same comparison with its sides exchanged."""
    return _MIRRORED[order]
