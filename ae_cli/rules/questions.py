"""What a finding asks of the people at the site, in plain words: English or Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from ae_cli.rules.rule import Row

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
BLANK = "空白"
FILE = Path(__file__).with_name("questions.toml")


def asked(rule: str, row: Row, message: str, fix: str, language: Language | None) -> str:
    """The question of a finding; empty where no language is asked for.

    In English it is what is found and what to do. A rule without a question in Chinese asks in
    English: better so than not at all.
    """
    if language is None:
        return ""
    template = templates().get(rule) if language == "zh" else None
    if template is None:
        return f"{_sentence(message)} {_sentence(fix)}"
    return template.format_map(_InChinese(row))


def language_of(headers: Collection[str]) -> Language:
    """The language a log is written in: Chinese where half of its headers are."""
    chinese = [any("\u4e00" <= c <= "\u9fff" for c in header) for header in filter(None, headers)]
    return "zh" if chinese and 2 * sum(chinese) >= len(chinese) else "en"


@cache
def templates() -> Mapping[str, str]:
    """Rule to its question in Chinese."""
    return _file()["zh"]


def placeholders(template: str) -> set[str]:
    """The values of a row that a question shows."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@cache
def _file() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


class _InChinese(dict[str, Any]):
    """The values of a row as a Chinese page shows them. What the log did not collect is blank."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def __missing__(self, name: str) -> Any:
        value = self.row.get(name)
        if value is None:
            return BLANK
        return _file()["words"].get(value, value) if isinstance(value, (StrEnum, str)) else value


def _sentence(words: str) -> str:
    """With a capital at its front and a stop at its end."""
    stop = "" if words.endswith((".", "?", "!")) else "."
    return f"{words[:1].upper()}{words[1:]}{stop}" if words else ""
