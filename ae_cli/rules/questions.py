"""What a finding asks of the people at the site, in plain words: English or Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from ae_cli.dates import iso, span_of
from ae_cli.rules.rule import Row

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
BLANK: Mapping[Language, str] = {"zh": "空白", "en": "blank"}
FILE = Path(__file__).with_name("questions.toml")


def asked(rule: str, row: Row, message: str, fix: str, language: Language | None) -> str:
    """The question of a finding; empty where no language is asked for, and where there is nothing
    that a site could answer.

    In English it is what is found and what to do, unless that is not for a site. A rule without a
    question in Chinese asks in English: better so than not at all.
    """
    if language is None or rule in _file()["nobody"]["rules"]:
        return ""
    template = templates(language).get(rule)
    if template is None:
        return f"{_sentence(message)} {_sentence(fix)}"
    return template.format_map(_Values(row, language, _sentence(message).rstrip(".")))


def language_of(headers: Collection[str]) -> Language:
    """The language a log is written in: Chinese where half of its headers are."""
    chinese = [any("\u4e00" <= c <= "\u9fff" for c in header) for header in filter(None, headers)]
    return "zh" if chinese and 2 * sum(chinese) >= len(chinese) else "en"


@cache
def templates(language: Language = "zh") -> Mapping[str, str]:
    """Rule to its question in a language, where it has one of its own."""
    return _file()[language]


def placeholders(template: str) -> set[str]:
    """The values of a row that a question shows."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@cache
def _file() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


class _Values(dict[str, Any]):
    """The values of a row as a question shows them. What the log did not collect is blank."""

    def __init__(self, row: Row, language: Language, message: str) -> None:
        super().__init__(message=message)
        self.row, self.words = row, _file()["words"] if language == "zh" else {}
        self.blank = _Shown(BLANK[language])

    def __missing__(self, name: str) -> Any:
        dated = f"{name}_earliest" in self.row
        span = span_of(self.row, name) if dated else None
        value = iso(span) if span else None if dated else self.row.get(name)
        if value is None:
            return self.blank
        return self.words.get(value, value) if isinstance(value, (StrEnum, str)) else value


class _Shown(str):
    """A text, whatever format is asked for."""

    def __format__(self, spec: str) -> str:
        return str(self)


def _sentence(words: str) -> str:
    """With a capital at its front and a stop at its end."""
    stop = "" if words.endswith((".", "?", "!")) else "."
    return f"{words[:1].upper()}{words[1:]}{stop}" if words else ""
