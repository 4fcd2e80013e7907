"""ae-cli columns: what each column of a log was taken for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from ae_cli.cli import options as o
from ae_cli.cli.opening import Given, read, resolve
from ae_cli.cli.printing import write

if TYPE_CHECKING:
    from ae_cli.read import Records


def register(app: typer.Typer) -> None:
    app.command(short_help="Show what each column was taken for.")(columns)


def columns(
    files: o.Files = None,
    subjects: o.Subjects = None,
    study: o.StudyFile = None,
    no_study: o.NoStudy = False,
    sheet: o.SheetName = None,
    encoding: o.Encoding = None,
) -> None:
    """Show what each column was taken for, and how its values were read.

    Example: ae-cli columns ae.xlsx
    """
    show(Given(files, subjects, study, no_study, sheet, encoding))


def show(given: Given) -> None:
    """Print the mapping of every file that was read."""
    log = read(resolve(given), given)
    for records in filter(None, (log.events, log.subjects)):
        write(_mapped(records))


def _mapped(records: Records) -> Iterator[str]:
    from rich.cells import cell_len, set_cell_size

    from ae_cli.model import AdverseEvent, Subject
    from ae_cli.read.columns import describe
    from ae_cli.render.text import safe

    for number, source in enumerate(records.sources):
        model = AdverseEvent if source.role == "events" else Subject
        described = describe(source.sheet.headers, source.mapping, model)
        yield safe(f"{source.sheet.where}: {source.role}")
        width = max((cell_len(safe(header)) for header, _, _ in described), default=0)
        for header, label, reason in described:
            told = f"-> {label}" if label else f"not read: {reason}"
            yield safe(f"  {set_cell_size(safe(header), width)}  {told}")
        notes = (*source.sheet.notes, *source.mapping.notes)
        for note in (*notes, *(note for at, note in records.notes if at == number)):
            yield safe(f"  note: {note}")
        yield ""
