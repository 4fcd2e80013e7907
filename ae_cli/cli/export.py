"""ae-cli export: the tables, findings and listings as a file to hand in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.choosing import choices
from ae_cli.cli.opening import STDIN, Inputs, all_inputs, read
from ae_cli.cli.outputs import target
from ae_cli.cli.printing import end, level, one_of, wrote
from ae_cli.errors import InputError

FormatName = Annotated[str, typer.Argument(metavar="FORMAT", help="xlsx.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where to write (default: beside the log, -tables)."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Write tables, findings and listings to a file.")(o.spread(export))


def export(
    format: FormatName,
    given: o.Given,
    beside: o.Beside,
    shown: o.Shown,
    files: o.Files = None,
    output: Output = None,
    force: Force = False,
    fail_on: o.FailOn = None,
) -> None:
    """Write the table, the findings and the listings to a workbook.

    The log itself is never written to, and an existing file is replaced only with --force.

    Example: ae-cli export xlsx ae.xlsx --subjects participants.csv -o tables.xlsx
    """
    from ae_cli import render

    one_of("export", format, render.WORKBOOKS)
    limit = level(fail_on, "never")
    inputs = all_inputs(files, given, beside)
    path = target(named(inputs, output, format), inputs, force)
    from ae_cli.reports import available, summarize
    from ae_cli.reports.listings import about, listings
    from ae_cli.rules import check
    from ae_cli.study import from_log

    opened = from_log(read(inputs, given), inputs.config, choices(shown))
    report = check(opened)
    tables = [summarize(opened, report, name) for name in available(opened)]
    module = render.load(render.WORKBOOKS[format])
    module.write(path, tables, report, listings(opened), about(opened, tables[0], report))
    wrote(path)
    end(report, limit)


def named(inputs: Inputs, output: Path | None, format: str) -> Path:
    """The file to write: as named, else beside the log."""
    log = inputs.events[0]
    if log == STDIN and not output:
        raise InputError(
            "the log comes from standard input and has no name", "name a file: -o FILE"
        )
    path = output or log.with_name(f"{log.stem}-tables.{format}")
    if path.suffix.casefold() != f".{format}":
        raise InputError(f"{path} does not end in .{format}", f"name it {path.name}.{format}")
    return path
