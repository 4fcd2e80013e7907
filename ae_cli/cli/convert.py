"""ae-cli convert: the records of a log, as understood, under SDTM names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.columns import notes
from ae_cli.cli.opening import read, resolve
from ae_cli.cli.outputs import target
from ae_cli.cli.printing import say, wrote
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.read import Records, Sheet
    from ae_cli.render.data import Frames

Output = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where: .csv, .xlsx, .parquet, .xpt or .json."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Write the records, as understood, under SDTM names.")(o.spread(convert))


def convert(
    output: Output,
    given: o.Given,
    files: o.Files = None,
    others: o.With = None,
    force: Force = False,
) -> None:
    """Write every record as it was understood, under SDTM names and in the standard's words.

    What could not be understood is written as it stands; rows and columns that are left out are
    named. Participants go to a second sheet, or to a second file beside the first (-subjects).

    Example: ae-cli convert ae.xlsx -o clean.csv
    """
    from ae_cli.read.standard import standard
    from ae_cli.render import data
    from ae_cli.study.spelled import with_one_spelling

    inputs = resolve(files, given, beside=o.Beside(others=others))
    path = _named(output, data.FORMATS)
    log, _ = with_one_spelling(read(inputs, given), set(inputs.config.group_names))
    frames = {"AE": standard(log.events)}
    if log.subjects:
        frames["DM"] = standard(log.subjects)
    for each in data.targets(path, frames):
        target(each, inputs, force)
    for written in data.write(path, frames):
        wrote(written)
    for records in filter(None, (log.events, log.subjects)):
        for number in range(len(records.sources)):
            say(_left_out(records, number))
    if path.suffix.casefold() == ".csv":
        say(apostrophes(path, frames))


def _named(output: Path, formats: tuple[str, ...]) -> Path:
    if output.suffix.casefold() not in formats:
        known = ", ".join(formats)
        raise InputError(f"{output} does not end in a format that can be written", f"use {known}")
    return output


def _left_out(records: Records, number: int) -> Iterator[str]:
    """What became of the rows of a file, what was noted, and the columns that are not written."""
    from ae_cli.read.standard import left_out

    source = records.sources[number]
    yield rows_written(source.sheet)
    for note in notes(records, number):
        yield f"  note: {note}"
    if columns := left_out(source):
        yield f"  columns not written: {', '.join(columns)}"


def rows_written(sheet: Sheet) -> str:
    """How many rows of a sheet were written, and why others were not."""
    from ae_cli.render.text import count

    written, out = sheet.cells.height, len(sheet.left_out)
    reasons = Counter(reason for _, reason in sheet.left_out)
    listed = ", ".join(f"{reason} {n:,}" for reason, n in reasons.items())
    rows = f"{count(written + out, 'row')} read = {written:,} written + {out:,} left out"
    return f"{sheet.where}: {rows}{f' ({listed})' if listed else ''}"


def apostrophes(path: Path, frames: Frames) -> Iterator[str]:
    """The texts that are not in the CSV as they were, because a spreadsheet would run them."""
    from ae_cli.render import data
    from ae_cli.render.text import count

    for written, frame in zip(data.targets(path, frames), frames.values(), strict=True):
        if found := data.formulas(frame):
            listed = ", ".join(f"{column} {n:,}" for column, n in found.items())
            texts = count(sum(found.values()), "text")
            yield f"{written}: {texts} got an apostrophe, so no spreadsheet runs them: {listed}"
            if found.keys() & IDENTIFIERS:
                yield "  identifiers with it match no other file; .xlsx and .parquet need none"


IDENTIFIERS = {"STUDYID", "SITEID", "USUBJID", "AESEQ"}
