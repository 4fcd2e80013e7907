"""ae-cli explain: the participants and the rows of the log behind one number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ae_cli.cli import options as o
from ae_cli.cli.choosing import choices
from ae_cli.cli.opening import open_given
from ae_cli.cli.printing import one_of, width, write

if TYPE_CHECKING:
    from ae_cli.reports.explain import Explained

TableName = Annotated[str, typer.Argument(metavar="TABLE", help="The table: group, relation, ...")]
RowName = Annotated[
    str, typer.Argument(metavar="ROW", help="The line, as the table calls it, or its key.")
]
GroupName = Annotated[str, typer.Argument(metavar="GROUP", help="The dose group, or Total.")]
LogFiles = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="The log, as for summarize.", show_default=False),
]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Show who and what stands behind a number.")(o.spread(explain))


def explain(
    given: o.Given,
    beside: o.Beside,
    shown: o.Shown,
    table: TableName,
    row: RowName,
    arm: GroupName,
    files: LogFiles = None,
    format: Format = "text",
) -> None:
    """Show the participants and the rows of the log behind one number of a table.

    Example: ae-cli explain group "Any serious adverse event" High ae.xlsx
    """
    from ae_cli.reports import explain as reports

    one_of("--format", format, ("text", "json"))
    study = open_given(files, given, choices(shown), beside)
    found = reports.explain(study, table, row, arm)
    _json(found) if format == "json" else _text(found)


def _text(found: Explained) -> None:
    from ae_cli.render.columns import lines
    from ae_cli.render.text import cell_text, count, safe
    from ae_cli.reports.explain import listed

    section = f"{found.line.section}: " if found.line.section else ""
    write([safe(f"{section}{found.line.label}, {found.column.label}: {cell_text(found.cell)}")])
    names = ", ".join(map(safe, found.participants)) or "nobody"
    write([f"{count(len(found.participants), 'participant')}: {names}", ""])
    if found.records:
        write(lines(listed(found), width()))


def _json(found: Explained) -> None:
    from ae_cli.render.json_ import SCHEMA, page
    from ae_cli.render.text import cell_text

    records = [
        {"file": r.source.sheet.path, "sheet": r.source.sheet.name, "row": r.line,
         "values": {r.header(field): text for field, text in r.texts.items()}}
        for r in found.records
    ]  # fmt: skip
    document: dict[str, Any] = {
        "schema": SCHEMA, "command": "explain", "key": found.line.key, "label": found.line.label,
        "section": found.line.section, "group": found.column.name, "cell": cell_text(found.cell),
        "participants": list(found.participants), "records": records,
    }  # fmt: skip
    write(page(document))
