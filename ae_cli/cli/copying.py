"""What commands share that write a copy of a log with columns added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli.convert import apostrophes, rows_written
from ae_cli.cli.opening import STDIN, Inputs
from ae_cli.cli.outputs import apart, target
from ae_cli.cli.printing import say
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.read import Records
    from ae_cli.read.copied import Added

FORMATS = (".xlsx", ".csv")
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def beside(
    inputs: Inputs,
    output: Path | None,
    more: str,
    force: bool,
    formats: tuple[str, ...] = FORMATS,
    used: Sequence[Path] = (),
) -> Path:
    """The file to write: as named, else NAME-more.xlsx beside the log. `used` are more inputs.

    Raises InputError for several logs, a format that is not written, an input of the run, and a
    file that is there.
    """
    if len(inputs.events) > 1:
        raise InputError("this is done for one log at a time", "name one file")
    log = inputs.events[0]
    if log == STDIN and not output:
        raise InputError(
            "the log comes from standard input and has no name", "name a file: -o FILE"
        )
    path = output or log.with_name(f"{log.stem}-{more}.xlsx")
    if path.suffix.casefold() not in formats:
        raise InputError(f"{path} does not end in {' or '.join(formats)}", "name it so with -o")
    apart([("-o", path)], [("", each) for each in used])
    return target(path, inputs, force)


def write_copy(path: Path, records: Records, added: Added) -> None:
    """Write the log with its added columns; what is not in it as it was is said."""
    from ae_cli.read.copied import copied
    from ae_cli.render import data

    frames = {"AE": copied(records, 0, added)}
    data.write(path, frames)
    say([rows_written(records.sources[0].sheet)])
    if path.suffix.casefold() == ".csv":
        say(apostrophes(path, frames))
