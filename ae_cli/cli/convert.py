"""ae-cli convert: the records of a log, as understood, under SDTM names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.opening import Given, read, resolve, target
from ae_cli.cli.printing import wrote
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.read import Log

Output = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where: .csv, .xlsx, .parquet, .xpt or .json."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Write the records, as understood, under SDTM names.")(convert)


def convert(
    output: Output,
    files: o.Files = None,
    force: Force = False,
    subjects: o.Subjects = None,
    study: o.StudyFile = None,
    no_study: o.NoStudy = False,
    sheet: o.SheetName = None,
    encoding: o.Encoding = None,
    date_order: o.DateOrder = None,
    redcap_dictionary: o.Dictionary = None,
) -> None:
    """Write every record as it was understood, under SDTM names and in the standard's words.

    What could not be understood is written as it stands. Participants go to a second sheet, or to
    a second file beside the first (-subjects).

    Example: ae-cli convert ae.xlsx -o clean.csv
    """
    from ae_cli.read.standard import standard
    from ae_cli.render import data
    from ae_cli.study.spelled import with_one_spelling

    given = Given(files, subjects, study, no_study, sheet, encoding, date_order, redcap_dictionary)
    inputs = resolve(given)
    path = _named(output, data.FORMATS)
    log, _ = with_one_spelling(read(inputs, given), set(inputs.config.group_names))
    frames = {"AE": standard(log.events)}
    if log.subjects:
        frames["DM"] = standard(log.subjects)
    for each in data.targets(path, frames):
        target(each, inputs, force)
    for written in data.write(path, frames):
        wrote(written)
    _say_left_out(log)


def _named(output: Path, formats: tuple[str, ...]) -> Path:
    if output.suffix.casefold() not in formats:
        known = ", ".join(formats)
        raise InputError(f"{output} does not end in a format that can be written", f"use {known}")
    return output


def _say_left_out(log: Log) -> None:
    """Columns that hold no field of a record are not written, and that is said."""
    from ae_cli.read.standard import left_out
    from ae_cli.render.text import safe

    for records in filter(None, (log.events, log.subjects)):
        for source in records.sources:
            if headers := left_out(source):
                listed = ", ".join(headers)
                print(safe(f"not written, of {source.sheet.where}: {listed}"), file=sys.stderr)
