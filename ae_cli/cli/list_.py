"""ae-cli list: events one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.opening import open_given
from ae_cli.cli.printing import one_of
from ae_cli.cli.summarize import show_table

KindName = Annotated[
    str,
    typer.Argument(
        metavar="KIND", help="events, serious, deaths, dlt, discontinuations or interest."
    ),
]
LogFiles = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="The log, as for summarize.", show_default=False),
]
Format = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="table, json, csv or markdown.")
]


def register(app: typer.Typer) -> None:
    app.command("list", short_help="List events one by one.")(o.spread(list_))


def list_(
    given: o.Given,
    beside: o.Beside,
    kind: KindName,
    files: LogFiles = None,
    format: Format = "table",
) -> None:
    """List events one by one, by participant and date, with all that the log says of them.

    Example: ae-cli list serious ae.xlsx --subjects participants.csv
    """
    from ae_cli import render
    from ae_cli.reports.lists import INTEREST, LISTS, listed
    from ae_cli.rules import check

    one_of("list", kind, (*LISTS, INTEREST))
    one_of("--format", format, render.TABLES)
    study = open_given(files, given, None, beside)
    show_table(listed(study, check(study), kind), format)
