"""The only exception a user meets."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\w./\\:=+,-]+")


class InputError(Exception):
    """Something the user gave cannot be used: a file, an option, a study.toml.

    `what` says where and what was found; `remedy` says what to do. Neither quotes more of a
    file than the cell that is meant.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def quoted(word: str) -> str:
    """A word of a command that a remedy offers, in quotes that every shell understands."""
    return word if _PLAIN.fullmatch(word) else f'"{word}"'
