"""What the names and values of an expression are: a parsed tree to a checked one.

Everything a person can get wrong is found here, once, before a record is looked at.
"""

from __future__ import annotations

from datetime import date as Day
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from ae_cli.dates import date
from ae_cli.errors import InputError
from ae_cli.language.conditions import (
    Blank,
    Compare,
    Condition,
    Field,
    Joined,
    Kind,
    Match,
    Not,
    Operand,
    Order,
    Sum,
    Value,
    fields_of,
)
from ae_cli.language.grammar import fault, parse
from ae_cli.model import AdverseEvent, Cell, Subject, cells
from ae_cli.rule_options import Lists
from ae_cli.vocabulary import Answer, normalise, serious_spellings, spellings

if TYPE_CHECKING:
    from lark import Token, Tree

EPOCH = Day(1970, 1, 1)
LARGEST = 1_000_000
_BLANKS = {
    "==": "write is blank, such as term is blank",
    "!=": "write is not blank, such as term is not blank",
}


def understood(text: str, lists: Lists) -> Condition:
    """What an expression says. Raises InputError that points at what is wrong."""
    return _Reader(text, lists).condition(parse(text))


@cache
def known_fields() -> dict[str, tuple[str, Cell]]:
    """Every name a field goes by, in small letters: its own and SDTM's."""
    found: dict[str, tuple[str, Cell]] = {}
    for model, prefix in ((AdverseEvent, ""), (Subject, "participant.")):
        for name, cell in cells(model).items():
            found[f"{prefix}{name}"] = (f"{prefix}{name}", cell)
    for model, prefix in ((AdverseEvent, ""), (Subject, "participant.")):
        for name, cell in cells(model).items():
            if cell.sdtm:
                found.setdefault(f"{prefix}{cell.sdtm.casefold()}", (f"{prefix}{name}", cell))
    return found


_KINDS: dict[str, Kind] = {
    "text": "text", "number": "number", "integer": "number", "date": "date", "choice": "list",
    "choices": "several",
}  # fmt: skip
_SAID = {
    "text": "a text", "number": "a number", "date": "a date", "list": "a value of a list",
    "several": "several values of a list",
}  # fmt: skip


class _Reader:
    """Reads one tree; keeps its text to point at."""

    def __init__(self, text: str, lists: Lists) -> None:
        self.text, self.lists = text, lists

    def fault(self, at: Any, what: str, remedy: str) -> InputError:
        place = getattr(at, "meta", at)
        return fault(self.text, place.start_pos, place.end_pos, what, remedy)

    def condition(self, tree: Tree[Token]) -> Condition:
        """Any condition; the grammar has no others."""
        parts: list[Any] = tree.children
        if tree.data in ("any", "all"):
            return Joined("or" if tree.data == "any" else "and", tuple(map(self.condition, parts)))
        if tree.data == "opposite":
            return Not(self.condition(parts[0]))
        if tree.data == "compare":
            return self.compare(parts[0], _order(str(parts[1])), parts[2])
        if tree.data in ("among", "not_among"):
            same = [self.compare(parts[0], "==", item) for item in parts[1:]]
            found: Condition = Joined("or", tuple(same))
            return found if tree.data == "among" else Not(found)
        if tree.data in ("blank", "not_blank"):
            blank = Blank(self.field(parts[0]))
            return blank if tree.data == "blank" else Not(blank)
        if tree.data == "truth":
            return self.truth(parts[0])
        return self.match(parts[0], str(tree.data), parts[1])

    def truth(self, tree: Tree[Token]) -> Condition:
        """A field of yes and no by itself: it says yes."""
        field = self.field(tree)
        if field.of is not Answer:
            raise self.fault(tree, f"{field.name} by itself is no condition",
                             f"compare it, such as {_example(field)}")  # fmt: skip
        return Compare("==", field, Value("list", text=str(Answer.YES)))

    def match(self, tree: Tree[Token], how: Any, quoted: Any) -> Condition:
        field, text = self.field(tree), str(quoted)[1:-1]
        if field.kind == "several" and how == "contains":
            return Match(field, how, self.member(field, text, quoted))
        if field.kind != "text":
            raise self.fault(tree, f"{field.name} is {_SAID[field.kind]} and no text",
                             f"compare it, such as {_example(field)}")  # fmt: skip
        if not text.strip():
            raise self.fault(quoted, "there is nothing in these quotes", "write is blank")
        return Match(field, how, text)

    def compare(self, left: Tree[Token], order: Order, right: Tree[Token]) -> Condition:
        for side in (left, right):
            if _is_word(side, "blank"):
                raise self.fault(side, "blank is no value", _BLANKS.get(order, _BLANKS["=="]))
        a, b = self.operand(left), self.operand(right)
        if not fields_of(a) and not fields_of(b):
            raise self.fault(left, "neither side is a field", "compare a field with a value")
        if isinstance(a, Value):
            a = self.beside(a, b, left)
        if isinstance(b, Value):
            b = self.beside(b, a, right)
        self.check_kinds(a, order, b, left, right)
        return Compare(order, a, b)

    def beside(self, value: Value, other: Operand, at: Any) -> Value:
        """A literal as the other side understands it: a text may be a date or a list's member."""
        if value.kind == "number" and other.kind == "text":
            return value  # a text that is a number, such as an age
        if value.kind == other.kind == "number":
            return value
        if value.kind == "text" and not value.text.strip():
            raise self.fault(at, "there is nothing in these quotes", "write is blank")
        if value.kind == "text" and other.kind == "date":
            return self.day(value.text, at)
        if isinstance(other, Field) and other.kind == "list" and value.kind in ("text", "list"):
            return Value("list", text=self.member(other, value.text, at))
        return value

    def check_kinds(self, a: Operand, order: Order, b: Operand, left: Any, right: Any) -> None:
        for operand, at in ((a, left), (b, right)):
            if operand.kind == "several":
                raise self.fault(at, f"{_named(operand)} holds several values",
                                 "write contains, such as criteria contains 'DEATH'")  # fmt: skip
        numeric = isinstance(a, Value | Sum) or isinstance(b, Value | Sum)
        if {a.kind, b.kind} == {"number", "text"} and numeric and not _is_text(a, b):
            return
        if a.kind != b.kind or _other_list(a, b):
            raise self.fault(right, f"{_named(a)} is {_SAID[a.kind]}, and this is not",
                             f"compare like with like, such as {_example(a)}")  # fmt: skip
        if a.kind in ("text", "list") and order not in ("==", "!="):
            raise self.fault(left, f"{_named(a)} is {_SAID[a.kind]}, and has no order",
                             "use ==, != or in")  # fmt: skip

    def operand(self, tree: Tree[Token]) -> Operand:
        parts: list[Any] = tree.children
        if tree.data == "sum":
            return self.sum(parts)
        if tree.data == "text":
            return Value("text", text=str(parts[0])[1:-1])
        if tree.data == "yes_or_no":
            return Value("list", text="Y" if parts[0].casefold() in ("yes", "true") else "N")
        if tree.data == "number":
            return self.number(tree)
        return self.field(tree)

    def number(self, tree: Tree[Token]) -> Value:
        number = float("".join(map(str, tree.children)))
        if abs(number) > LARGEST:
            raise self.fault(tree, "this number is too large", f"the largest is {LARGEST:,}")
        return Value("number", number, number)

    def sum(self, parts: list[Any]) -> Operand:
        """From the left: dates and numbers, and signs between them."""
        total = self.operand(parts[0])
        if len(parts) > 1 and isinstance(total, Value) and total.kind == "text":
            total = self.day(total.text, parts[0])
        for sign, tree in zip(parts[1::2], parts[2::2], strict=True):
            right = self.operand(tree)
            if isinstance(right, Value) and right.kind == "text" and total.kind == "date":
                right = self.day(right.text, tree)
            total = Sum(total, 1 if sign == "+" else -1, right, self.summed(total, sign, right))
        return total

    def summed(self, left: Operand, sign: Token, right: Operand) -> Kind:
        kinds = (left.kind, right.kind)
        if kinds == ("date", "date") and sign == "-":
            return "number"
        if kinds in (("date", "number"), ("number", "number")):
            return left.kind
        what = "a date minus a date is days, and a date plus or minus days a date"
        raise self.fault(sign, f"{sign} cannot stand here: {what}", "such as end - start > 30")

    def field(self, tree: Tree[Token]) -> Field:
        token: Any = tree.children[0] if tree.children else tree
        if tree.data != "name":
            raise self.fault(tree, "this is no field", "write the name of one, such as grade")
        known = known_fields()
        if token.casefold() not in known:
            near = _meant(token.casefold()) or _near(token.casefold(), known)
            more = f"did you mean {' or '.join(near)}? " if near else ""
            quotes = f"a text stands in quotes: '{token}'" if not near else ""
            raise self.fault(tree, f"there is no field {str(token)!r}",
                             f"{more}{quotes}".strip() or "see docs/rules.md")  # fmt: skip
        name, cell = known[token.casefold()]
        return Field(name, _KINDS[cell.shape], cell.choices)

    def day(self, text: str, at: Any) -> Value:
        try:
            span = date(text)
        except ValueError:
            span = None
        if span is None:
            remedy = "write it as 2024-03-05, or as far as it is known: 2024-03"
            raise self.fault(at, f"{text!r} is not a date", remedy)
        least, most = ((end.date() - EPOCH).days for end in (span.earliest, span.latest))
        return Value("date", least, most)

    def member(self, field: Field, text: str, at: Any) -> str:
        """The member of a field's list that a text spells, in any spelling of the vocabulary."""
        assert field.of is not None
        known: dict[str, str] = {
            form: str(member)
            for form, member in (
                serious_spellings() if field.name == "serious" else spellings(field.of)
            ).items()
        }
        known |= {normalise(more): more for more in self.lists.of(field.name)}
        if normalise(text) in known:
            return known[normalise(text)]
        near = list(dict.fromkeys(known[form] for form in _near(normalise(text), known)))
        mean = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
        listed = ", ".join(dict.fromkeys(known.values()))
        raise self.fault(at, f"{text!r} is not in the list of {field.name}",
                         f"{mean}It has: {listed}")  # fmt: skip


def _meant(name: str) -> list[str]:
    """The fields that a person means by a name which is none: a participant's, or the group."""
    if name in ("group", "dose_group", "dose"):
        return ["arm", "participant.actual_arm"]
    return [f"participant.{name}"] if f"participant.{name}" in known_fields() else []


def _is_word(tree: Tree[Token], word: str) -> bool:
    return tree.data == "name" and str(tree.children[0]).casefold() == word


def _near(text: str, known: dict[str, Any]) -> list[str]:
    return get_close_matches(text, known, n=3, cutoff=0.7)


def _order(text: str) -> Any:
    return {"=": "==", "<>": "!="}.get(text, text)


def _is_text(a: Operand, b: Operand) -> bool:
    """Whether one side is a text in quotes, which is no number."""
    return any(isinstance(side, Value) and side.kind == "text" for side in (a, b))


def _other_list(a: Operand, b: Operand) -> bool:
    """Whether two fields have different lists."""
    return isinstance(a, Field) and isinstance(b, Field) and a.of is not b.of


def _named(operand: Operand) -> str:
    return operand.name if isinstance(operand, Field) else "the left side"


def _example(operand: Operand) -> str:
    name = operand.name if isinstance(operand, Field) else "end - start"
    if isinstance(operand, Field) and operand.of:
        return f"{name} == '{next(iter(operand.of))}'"
    return f"{name} " + {"date": ">= '2024-03-05'", "text": "== 'Nausea'"}.get(operand.kind, ">= 3")
