"""The command line: parse, call, print. Only this room prints or exits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from ae_cli.cli import (
    code,
    columns,
    convert,
    ctcae,
    diff,
    explain,
    export,
    grade,
    init,
    list_,
    methods,
    rules,
    summarize,
    validate,
)
from ae_cli.cli.ending import guarded, write_unicode
from ae_cli.errors import InputError, quoted


class Commands(TyperGroup):
    """The commands; a file in the place of one is told what to do with it."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command named. Raises InputError for a file."""
        word = args[0]
        if self.get_command(ctx, word) is None and (Path(word).suffix or Path(word).exists()):
            raise InputError(
                f"{word} is no command", f"to check it: ae-cli validate {quoted(word)}"
            )
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Commands,
    name="ae-cli",
    help="Check adverse event logs of clinical trials and make their safety tables.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _module in (
    validate, summarize, list_, explain, methods, export, diff, grade, code, ctcae, init, rules,
    columns, convert,
):  # fmt: skip
    _module.register(app)


def main() -> None:
    """Run a command. Whatever happens, the last word is short and holds no patient's data."""
    write_unicode()
    guarded(app)
