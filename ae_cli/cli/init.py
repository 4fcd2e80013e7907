"""ae-cli init: write a commented study.toml from a log."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.beside import STUDY_FILE
from ae_cli.cli.opening import STDIN, all_inputs, read
from ae_cli.cli.outputs import target
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
    app.command(short_help="Write a commented study.toml for a log.")(o.spread(init))


def init(
    reading: o.Reading,
    beside: o.Beside,
    files: o.Files = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """Write a study.toml for a log: its groups in order, its columns, every choice explained.

    Example: ae-cli init ae.xlsx --subjects participants.csv
    """
    from ae_cli.output import replacing
    from ae_cli.study import Choices, from_log
    from ae_cli.study.template import study_toml

    given = o.Given(**asdict(reading), no_study=True)
    inputs = all_inputs(files, given, beside)
    if STDIN in (*inputs.events, given.subjects):
        raise InputError("a study.toml names its files, and standard input has no name", "save it")
    path = output or inputs.events[0].with_name(STUDY_FILE)
    if path.exists() and path.is_file() and not force:
        raise InputError(
            f"{path} already exists, and is left as it is",
            "go on with it: `ae-cli columns` shows how the log is read by it. For a new one name "
            "another file with -o; --force replaces this one, with all that was written into it",
        )
    path = target(path, inputs, force)
    study = from_log(read(inputs, given), inputs.config, Choices())
    text = study_toml(study, inputs.of_kinds(), path.parent)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("a file's name is not Unicode, and TOML is", "rename it") from None
    with replacing(path) as file:
        file.write(data)
    wrote(path)
