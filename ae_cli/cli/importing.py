"""ae-cli ctcae import: NCI's own workbook, compared with the built-in table and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli.printing import one_of, write, write_json

if TYPE_CHECKING:
    from ae_cli.ctcae.compared import Difference
    from ae_cli.ctcae.wording import Imported

Workbook = Annotated[Path, typer.Argument(metavar="FILE", help="NCI's CTCAE workbook, as it is.")]
Version = Annotated[
    str | None,
    typer.Option(
        "--ctcae", metavar="VERSION", help="The version it must be (default: told by its terms)."
    ),
]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


def register(group: typer.Typer) -> None:
    group.command("import", short_help="Import the wording of grades from NCI's workbook.")(take)


def take(file: Workbook, ctcae: Version = None, format: Format = "text") -> None:
    """Import the wording of grades from NCI's own workbook (.xlsx, .xls), to quote it.

    Its terms, classes, codes and grades are compared with the built-in table, and each difference
    is shown. The wording is kept in your data folder, or in the
    folder that the variable AE_CLI_DATA names.

    Example: ae-cli ctcae import CTCAE_v5.0.xlsx
    """
    from ae_cli.ctcae import dictionary, nci
    from ae_cli.ctcae.compared import differences
    from ae_cli.ctcae.wording import keep, place
    from ae_cli.read.plain import workbook

    as_json = one_of("--format", format, ("text", "json")) == "json"
    if ctcae is not None:
        dictionary(ctcae)
    sha256, sheets = workbook(file)
    version, entries = nci.read(str(file), [nci.Page(*sheet) for sheet in sheets], ctcae)
    found = tuple(differences(entries, dictionary(version)))
    kept = keep(version, file.name, sha256, entries, found)
    if as_json:
        return write_json(_fields(kept, file, place(version)))
    write(_told(kept, place(version)))


def _fields(kept: Imported, file: Path, place: Path) -> dict[str, object]:
    return {
        "schema": 1, "command": "ctcae import", "version": kept.version, "file": str(file),
        "sha256": kept.sha256, "terms": len(kept.terms), "stored": str(place),
        "differences": [asdict(difference) for difference in kept.differences],
    }  # fmt: skip


def _told(kept: Imported, place: Path) -> Iterator[str]:
    from ae_cli.render.text import count, safe

    found = len(kept.differences)
    told = count(found, "difference") if found else "no difference"
    yield safe(f"CTCAE {kept.version}: {len(kept.terms)} terms in {kept.file}")
    yield f"{told} from the built-in table{' (built in > workbook)' if found else ''}"
    for difference in kept.differences:
        yield safe(f"  {difference.kind:<13}  {_described(difference)}")
    yield safe(f"wording kept in {place}")


def _described(difference: Difference) -> str:
    if difference.kind.startswith("term"):
        return difference.term
    return f"{difference.term}: {difference.built_in} > {difference.workbook}"
