"""One line of text to a tree, or an error that points.

Nothing is executed: the text is parsed by a grammar, and what the grammar lacks cannot be said.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from ae_cli.errors import InputError

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

LONGEST = 1000  # characters
DEEPEST = 20  # conditions within conditions

GRAMMAR = r"""
?any: all (_OR all)*
?all: term (_AND term)*
?term: condition
    | sum -> truth
?condition: _NOT term -> opposite
    | "(" several ")"
    | sum COMPARISON sum -> compare
    | sum _IN _items -> among
    | sum _NOT _IN _items -> not_among
    | sum _IS _BLANK -> blank
    | sum _IS _NOT _BLANK -> not_blank
    | sum _CONTAINS TEXT -> contains
    | sum _STARTS _WITH TEXT -> starts
    | sum _ENDS _WITH TEXT -> ends
?several: all (_OR all)+ -> any
    | together
?together: term (_AND term)+ -> all
    | condition
?sum: atom (SIGN atom)*
?atom: NAME -> name
    | TEXT -> text
    | SIGN? NUMBER -> number
    | YES_OR_NO -> yes_or_no
    | "(" sum ")"
_items: "(" atom ("," atom)* ","? ")" | "[" atom ("," atom)* ","? "]"

_OR.2: /or\b/i
_AND.2: /and\b/i
_NOT.2: /not\b/i
_IN.2: /in\b/i
_IS.2: /is\b/i
_BLANK.2: /blank\b/i
_CONTAINS.2: /contains\b/i
_STARTS.2: /starts\b/i
_ENDS.2: /ends\b/i
_WITH.2: /with\b/i
YES_OR_NO.2: /(yes|no|true|false)\b/i
COMPARISON: /[=!<>]=|<>|[=<>]/
SIGN: /[+-]/
NUMBER: /\d+(\.\d+)?(?![\d.])/
TEXT: /'[^'\n]*'|"[^"\n]*"/
NAME: /[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?/i
%ignore /\s+/
"""


def parse(text: str) -> Tree[Token]:
    """The tree of an expression. Raises InputError that points at what is wrong."""
    if len(text) > LONGEST:
        raise InputError(f"it has {len(text):,} characters, and {LONGEST:,} are the most",
                         "write several rules")  # fmt: skip
    from lark import UnexpectedInput

    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _unexpected(text, error) from None
    if _depth(tree) > DEEPEST:
        raise InputError(f"conditions stand more than {DEEPEST} deep within each other",
                         "write several rules")  # fmt: skip
    return tree


def fault(text: str, start: int, end: int, what: str, remedy: str) -> InputError:
    """An error with the text and a caret line under what is meant."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    before, under = _width(shown[:start]), max(_width(shown[start:end]), 1)
    return InputError(f"{what}\n{shown}\n{' ' * before}{'^' * under}", remedy)


def _width(text: str) -> int:
    """The columns of a screen that a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


# What may come next, in the order in which it is said.
_NEXT = {
    "NAME": "a field", "TEXT": "a text in quotes", "NUMBER": "a number", "YES_OR_NO": "yes or no",
    "COMPARISON": "a comparison (== != < <= > >=)", "_IN": "in", "_IS": "is blank or is not blank",
    "_BLANK": "blank", "_CONTAINS": "contains", "_STARTS": "starts with", "_ENDS": "ends with",
    "_WITH": "with", "SIGN": "+ or -", "_AND": "and", "_OR": "or", "_NOT": "not", "LPAR": "(",
    "RPAR": ")", "COMMA": ",", "LSQB": "[", "RSQB": "]", "$END": "the end",
}  # fmt: skip


def _unexpected(text: str, error: Any) -> InputError:
    from lark import UnexpectedCharacters

    token = getattr(error, "token", None)
    ended = token is not None and token.type == "$END"
    at: int = len(text) if ended else error.pos_in_stream
    expected = getattr(error, "allowed", None) or getattr(error, "expected", None) or ()
    remedy = "expected here: " + ", ".join(said for name, said in _NEXT.items() if name in expected)
    if at >= len(text):
        return fault(text, at, at + 1, "the expression ends too early", remedy)
    if isinstance(error, UnexpectedCharacters) or token is None:
        if text[at] in "'\"":
            remedy = "close the text with the quote it begins with, on the same line"
        return fault(text, at, at + 1, f"{text[at]!r} cannot stand here", remedy)
    return fault(text, at, at + len(token), f"{str(token)!r} cannot stand here", remedy)


def _depth(tree: Tree[Token]) -> int:
    from lark import Tree

    return 1 + max((_depth(part) for part in tree.children if isinstance(part, Tree)), default=0)


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(
        GRAMMAR, start="any", parser="lalr", propagate_positions=True, maybe_placeholders=False
    )
