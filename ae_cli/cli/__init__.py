"""The command line: parse, call, print. Only this room prints or exits."""

from __future__ import annotations

import typer

from ae_cli.cli import (
    code,
    columns,
    convert,
    ctcae,
    export,
    grade,
    init,
    rules,
    summarize,
    validate,
)
from ae_cli.cli.ending import guarded, write_unicode

app = typer.Typer(
    name="ae-cli",
    help="Check adverse event logs of clinical trials and make their safety tables.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _module in (
    validate, summarize, export, grade, init, rules, columns, convert, ctcae, code
):  # fmt: skip
    _module.register(app)


def main() -> None:
    """Run a command. Whatever happens, the last word is short and holds no patient's data."""
    write_unicode()
    guarded(app)
