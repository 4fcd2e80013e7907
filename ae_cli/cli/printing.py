"""What commands share when they print: the console, the page, the exit code of findings."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ae_cli.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from ae_cli.findings import Report

FOUND, BUG = 1, 70


def console() -> Console:
    """Standard output. In a pipe it has neither colour nor width."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def width() -> int | None:
    """The width of the screen; a pipe has none."""
    return console().width if sys.stdout.isatty() else None


def write(text: str | Iterable[str]) -> None:
    """Print text, or lines one by one."""
    if isinstance(text, str):  # in pieces: a reader that goes half-way through one is not noticed
        sys.stdout.writelines(text.splitlines(keepends=True))
        return
    for line in text:
        sys.stdout.write(line + "\n")


def write_json(value: object) -> None:
    """Print a value as JSON."""
    import json

    write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def wrote(path: Path) -> None:
    """Say what was written."""
    from ae_cli.render.text import safe

    print(f"wrote {safe(str(path))}")


def say(lines: Iterable[str]) -> None:
    """Lines for whoever looks on, beside what was asked for."""
    from ae_cli.render.text import safe

    for line in lines:
        print(safe(line), file=sys.stderr)


def one_of(option: str, value: str, known: Iterable[str]) -> str:
    """A value of a list. Raises InputError that offers the list."""
    if value in known:
        return value
    raise InputError(f"{option} {value!r} is not known", f"use one of: {', '.join(known)}")


def listed(option: str, text: str | None) -> tuple[str, ...]:
    """The words of `a,b,c`. Raises InputError where the option is given and says nothing."""
    words = tuple(word.strip() for word in (text or "").split(",") if word.strip())
    if text is not None and not words:
        raise InputError(f"{option} is given and empty", "say something after it, or leave it out")
    return words


def end(report: Report, fail_on: str) -> None:
    """End as the findings ask: 70 where a rule of ours crashed, 1 from the level named, else 0."""
    if report.crashed():
        raise typer.Exit(BUG)
    from ae_cli.findings import Severity

    if fail_on != "never" and report.has(Severity(fail_on)):
        raise typer.Exit(FOUND)


def level(fail_on: str | None, default: str) -> str:
    """The level to fail on. Raises InputError for a word that is none."""
    from ae_cli.findings import Severity

    return one_of("--fail-on", fail_on or default, [*Severity, "never"])
