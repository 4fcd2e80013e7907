"""ae-cli init: write a commented study.toml from a log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.opening import STDIN, STUDY_FILE, Given, read, resolve, target
from ae_cli.cli.printing import wrote
from ae_cli.errors import InputError

Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where to write (default: beside the log)."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Write a commented study.toml for a log.")(init)


def init(
    files: o.Files = None,
    output: Output = None,
    force: Force = False,
    subjects: o.Subjects = None,
    sheet: o.SheetName = None,
    encoding: o.Encoding = None,
    date_order: o.DateOrder = None,
    redcap_dictionary: o.Dictionary = None,
) -> None:
    """Write a study.toml for a log: its groups in order, its columns, every choice explained.

    Example: ae-cli init ae.xlsx --subjects participants.csv
    """
    from ae_cli.output import replacing
    from ae_cli.study import Choices, from_log
    from ae_cli.study.template import study_toml

    given = Given(
        files,
        subjects,
        no_study=True,
        sheet=sheet,
        encoding=encoding,
        date_order=date_order,
        dictionary=redcap_dictionary,
    )
    inputs = resolve(given)
    if STDIN in (*inputs.events, subjects):
        raise InputError("a study.toml names its files, and standard input has no name", "save it")
    path = target(output or inputs.events[0].with_name(STUDY_FILE), inputs, force)
    study = from_log(read(inputs, given), inputs.config, Choices())
    text = study_toml(study, inputs.events, subjects, path.parent)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("a file's name is not Unicode, and TOML is", "rename it") from None
    with replacing(path) as file:
        file.write(data)
    wrote(path)
