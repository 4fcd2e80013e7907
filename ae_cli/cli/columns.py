"""ae-cli columns: what each column of a log was taken for, and what is missing for what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ae_cli.cli import options as o
from ae_cli.cli.opening import all_inputs, read
from ae_cli.cli.printing import one_of, write

if TYPE_CHECKING:
    from ae_cli.read import Records
    from ae_cli.study import Study

FORMATS = ("text", "json", "toml")
Format = Annotated[
    str,
    typer.Option(
        "--format", metavar="NAME", help="text, json, or toml: the lines of a study.toml."
    ),
]


def register(app: typer.Typer) -> None:
    app.command(short_help="Show what each column was taken for.")(o.spread(columns))


def columns(
    given: o.Given, beside: o.Beside, files: o.Files = None, format: Format = "text"
) -> None:
    """Show what each column was taken for, how its values were read, and what is missing.

    Example: ae-cli columns ae.xlsx
    """
    show(files, given, beside, one_of("--format", format, FORMATS))


def show(
    files: Sequence[Path] | None, given: o.Given, beside: o.Beside, format: str = "text"
) -> None:
    """Print the mapping of every file that was read."""
    from ae_cli.reports.group import by_group
    from ae_cli.rules import unchecked
    from ae_cli.study import Choices, from_log
    from ae_cli.table import NotCollected

    inputs = all_inputs(files, given, beside)
    log = read(inputs, given)
    if format == "toml":
        from ae_cli.study.template import mapping

        return write(mapping(log))
    study = from_log(log, inputs.config, Choices())
    rows = [r for r in by_group(study) if all(isinstance(c, NotCollected) for c in r.cells)]
    described = list(_files(study))
    if format == "json":
        missing = {"rules": unchecked(study), "rows": [row.key for row in rows]}
        page = {"schema": 1, "command": "columns", "files": described, "missing": missing}
        return write([json.dumps(page, ensure_ascii=False, indent=1)])
    write(_text(described))
    write(_missing(unchecked(study), [row.label for row in rows]))


def _files(study: Study) -> Iterator[dict[str, Any]]:
    for _, records in study.log.kinds():
        for number, source in enumerate(records.sources):
            yield {
                "path": source.sheet.path,
                "sheet": source.sheet.name,
                "role": source.role,
                "columns": _described(records, number),
                "notes": notes(records, number),
            }


def _described(records: Records, number: int) -> list[dict[str, Any]]:
    from ae_cli.read import ROLES
    from ae_cli.read.columns import describe

    source = records.sources[number]
    model = {role: model for model, role in ROLES.items()}[source.role]
    fields: dict[int, list[str]] = {}
    for field, position in source.mapping.fields.items():
        fields.setdefault(position, []).append(field)
    described = describe(source.sheet.headers, source.mapping, model)
    return [
        {"header": header, "fields": fields.get(i, []), "label": label, "reason": reason}
        for i, (header, label, reason) in enumerate(described)
    ]


def notes(records: Records, number: int) -> list[str]:
    """What was noted of a file: by its sheet, its columns and their values."""
    source = records.sources[number]
    met = (note for at, note in records.notes if at == number)
    return [*source.sheet.notes, *source.mapping.notes, *met]


def _text(files: list[dict[str, Any]]) -> Iterator[str]:
    from rich.cells import cell_len, set_cell_size

    from ae_cli.read.course import PART
    from ae_cli.render.text import safe

    for file in files:
        where = f"{file['path']} [{file['sheet']}]" if file["sheet"] else file["path"]
        yield safe(f"{where}: {file['role']}")
        headers = [safe(column["header"]) for column in file["columns"]]
        width = max(map(cell_len, headers), default=0)
        for header, column in zip(headers, file["columns"], strict=True):
            told = f"-> {column['label']}" if column["label"] else f"not read: {column['reason']}"
            told = f"-> {PART}" if column["reason"] == PART else told
            yield safe(f"  {set_cell_size(header, width)}  {told}")
        for note in file["notes"]:
            yield safe(f"  note: {note}")
        yield ""


def _missing(rules: dict[str, list[str]], rows: list[str]) -> Iterator[str]:
    """What a column that is not there keeps from being checked or counted."""
    from ae_cli.render.text import safe

    if rules:
        yield "not checked"
    for reason, ids in sorted(rules.items(), key=lambda told: (-len(told[1]), told[0])):
        yield safe(f"  {reason}: {', '.join(i.removeprefix('AE-') for i in ids)}")
    if rows:
        yield ""
        yield "not collected, in the table"
        yield f"  {'; '.join(rows)}"
