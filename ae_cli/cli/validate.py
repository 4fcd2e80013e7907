"""ae-cli validate: check a log against every rule."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.opening import open_given
from ae_cli.cli.printing import console, end, level, listed, one_of, write

if TYPE_CHECKING:
    from ae_cli.findings import Report

Only = Annotated[
    str | None, typer.Option("--only", metavar="IDS", help="Run only these rules: XFD-06,CTC-03.")
]
Ignore = Annotated[
    str | None, typer.Option("--ignore", metavar="IDS", help="Leave these rules out: XDS-19.")
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="full, concise (one line a finding) or json. Default: full; concise in a pipe.",
    ),
]


def register(app: typer.Typer) -> None:
    app.command(short_help="Check a log against CTCAE and the data rules.")(o.spread(validate))


def validate(
    given: o.Given,
    files: o.Files = None,
    columns: o.ShowColumns = False,
    format: Format = None,
    only: Only = None,
    ignore: Ignore = None,
    fail_on: o.FailOn = None,
    labs: o.LabsFile = None,
    others: o.With = None,
) -> None:
    """Check adverse event records against CTCAE and the field's data rules.

    Every finding says where it is, what is wrong and how to mend it.
    Ends with 0 if nothing was found, 1 if an error was, 2 if the file cannot be used.

    Example: ae-cli validate ae.xlsx --subjects participants.csv
    """
    if columns:
        from ae_cli.cli.columns import show

        return show(files, given)
    from ae_cli import render
    from ae_cli.rules import check

    default = "full" if sys.stdout.isatty() else "concise"
    chosen = one_of("--format", format or default, render.FINDINGS)
    limit = level(fail_on, "error")
    opened = open_given(files, given, labs=labs, others=others)
    report = check(opened, listed("--only", only), listed("--ignore", ignore))
    show_findings(report, chosen)
    end(report, limit)


def show_findings(report: Report, format: str) -> None:
    """Print a report of findings in one of its formats."""
    from ae_cli import render

    module = render.load(render.FINDINGS[format])
    if format == "full":
        module.findings(report, console())
    else:
        write(module.concise(report) if format == "concise" else module.report(report))
