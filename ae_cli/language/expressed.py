"""Conditions as expressions over columns.

They are true, false or unknown: a comparison with a blank, with what could not be understood or
with a date that is not known well enough is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import narwhals as nw

from ae_cli.language.conditions import (
    Blank,
    Compare,
    Condition,
    Field,
    Joined,
    Match,
    Not,
    Operand,
    Order,
    Sum,
    Value,
    mirrored,
)
from ae_cli.vocabulary import Answer

DAY = 86_400_000  # milliseconds


class Ends(NamedTuple):
    """The least and the most that a number or a date can be; both null where it is not known."""

    least: nw.Expr
    most: nw.Expr


class Expressed:
    """Conditions as expressions over the columns of events: true, false, or null for unknown.

    `filled` tells of a field whether its cell holds something.
    """

    def __init__(self, filled: Callable[[str], nw.Expr]) -> None:
        self.filled = filled

    def condition(self, of: Condition) -> nw.Expr:
        match of:
            case Joined(by="and"):
                return nw.all_horizontal(*map(self.condition, of.parts), ignore_nulls=False)
            case Joined():
                return nw.any_horizontal(*map(self.condition, of.parts), ignore_nulls=False)
            case Not():
                return ~self.condition(of.of)
            case Blank():
                return ~self.filled(of.field.name)
            case Match():
                return self.match(of)
            case Compare():
                return self.compare(of)

    def match(self, of: Match) -> nw.Expr:
        text, wanted = self.text(of.field).str, of.text.strip().lower()
        if of.how == "contains":
            return text.contains(wanted, literal=True)
        return text.starts_with(wanted) if of.how == "starts" else text.ends_with(wanted)

    def compare(self, of: Compare) -> nw.Expr:
        if of.left.kind in ("text", "list") and of.right.kind in ("text", "list"):
            same = self.text(of.left) == self.text(of.right)
            return same if of.order == "==" else ~same
        if _is_day(of.left):
            return self.with_day(of.right, mirrored(of.order), of.left)
        if _is_day(of.right):
            return self.with_day(of.left, of.order, of.right)
        return ordered(self.ends(of.left), of.order, self.ends(of.right))

    def with_day(self, one: Operand, order: Order, day: Operand) -> nw.Expr:
        """A date against one that is written: '2024-03' is all of March, before it is before all
        of it."""
        ends, period = self.ends(one), self.ends(day)
        if order in ("==", "!="):
            within = (ends.least >= period.least) & (ends.most <= period.most)
            without = (ends.most < period.least) | (ends.least > period.most)
            return kleene(within, without) if order == "==" else kleene(without, within)
        edge = period.least if order in ("<", ">=") else period.most
        return ordered(ends, order, Ends(edge, edge))

    def text(self, of: Operand) -> nw.Expr:
        """A text in small letters; yes and no as Y and N."""
        if isinstance(of, Value):
            return nw.lit(of.text.strip().lower())
        assert isinstance(of, Field)
        column = _column(of)
        if of.of is Answer:
            yes = nw.when(column).then(nw.lit("y")).otherwise(nw.lit("n"))
            return nw.when(~column.is_null()).then(yes)
        return column.str.to_lowercase()

    def ends(self, of: Operand) -> Ends:
        """The least and the most of a number or date; dates as days since 1970."""
        match of:
            case Value():
                return Ends(nw.lit(of.least), nw.lit(of.most))
            case Sum():
                left, right = self.ends(of.left), self.ends(of.right)
                if of.sign > 0:
                    return Ends(left.least + right.least, left.most + right.most)
                return Ends(left.least - right.most, left.most - right.least)
            case Field(kind="date"):
                return Ends(self.day(of, "earliest"), self.day(of, "latest"))
        number = self.number(of)
        return Ends(number, number)

    def number(self, of: Field) -> nw.Expr:
        """A number, also in a column of text: what is no number there is unknown."""
        column = _column(of)
        if of.kind == "text":
            plain = column.str.contains(r"^\s*[+-]?\d{1,9}(\.\d{1,9})?\s*$")
            column = nw.when(plain).then(column.str.strip_chars())
        return column.cast(nw.Float64)

    def day(self, of: Field, end: str) -> nw.Expr:
        moment = nw.col(f"{_name(of)}_{end}")
        return (moment.dt.timestamp("ms") // DAY).cast(nw.Float64)


def _name(of: Field) -> str:
    return of.name.replace("participant.", "participant_")


def _column(of: Field) -> nw.Expr:
    return nw.col(_name(of))


def ordered(a: Ends, order: Order, b: Ends) -> nw.Expr:
    """A comparison of two things that lie somewhere between their ends."""
    if order in ("==", "!="):
        same = (a.least == a.most) & (b.least == b.most) & (a.least == b.least)
        other = (a.most < b.least) | (a.least > b.most)
        return kleene(same, other) if order == "==" else kleene(other, same)
    if order in (">", "<="):
        a, b = b, a
    less = kleene(a.most < b.least, a.least >= b.most)
    return less if order in ("<", ">") else ~less


def kleene(true: nw.Expr, false: nw.Expr) -> nw.Expr:
    """True, false, or null where neither is certain."""
    return nw.when(true).then(nw.lit(True)).otherwise(nw.when(false).then(nw.lit(False)))


def _is_day(of: Operand) -> bool:
    return isinstance(of, Value) and of.kind == "date"
