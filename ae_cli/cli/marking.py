"""validate --marked: a copy of the log with its findings in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli.opening import STDIN, Inputs
from ae_cli.cli.outputs import target
from ae_cli.cli.querying import locked
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.findings import Report
    from ae_cli.output import Parts
    from ae_cli.read import Source
    from ae_cli.read.sheet import Sheet
    from ae_cli.render.marked import Layout, Page
    from ae_cli.study import Study

Marked = Annotated[
    Path | None,
    typer.Option(
        "--marked",
        metavar="FILE.xlsx",
        help="Write a copy of the log with findings as coloured cells and notes.",
    ),
]


class Marking:
    """A marked copy to be: all that can be refused is refused before the rules are run."""

    def __init__(self, path: Path, force: bool, inputs: Inputs, study: Study) -> None:
        if path.suffix.casefold() != ".xlsx":
            raise InputError(f"{path} does not end in .xlsx", "name it so: --marked marked.xlsx")
        if len(inputs.events) > 1:
            raise InputError("--marked is made of one log", "name one file, or use --queries")
        locked(path)
        self.path, self.study = target(path, inputs, force, "--marked"), study
        self.inputs = inputs

    def write(self, report: Report, files: Parts) -> list[str]:
        """Write the copy; what is not in it as it was."""
        from ae_cli.render.marked import write

        log, data = self.study.log, self._workbook()
        name = log.events.sources[0].sheet.path
        used = [source for source in self._sources() if source.sheet.path == name]
        rows = [] if data else list(self._pages(used))
        layouts = [_layout(source, bool(data), rows) for source in used]
        with files.part(self.path) as file:
            said = write(file, report, name, data, layouts, rows)
        if not data:
            said = (f"{name} is no .xlsx: the copy is a new workbook of its rows", *said)
        return [f"wrote {self.path}", *(f"  {line}" for line in said)]

    def _sources(self) -> Iterator[Source]:
        return (source for _, records in self.study.log.kinds() for source in records.sources)

    def _workbook(self) -> bytes | None:
        """The bytes of the log, if it is a workbook whose sheets are those that were read."""
        from ae_cli.read.files import content
        from ae_cli.read.package import Package

        sheet = self.study.log.events.sources[0].sheet
        path, limits = self.inputs.events[0], self.inputs.config.limits
        data = None if path == STDIN else content(path, limits)
        if data is None or not data.startswith(b"PK"):
            return None
        package = Package(str(path), data, limits)
        names = {name for name, _ in package.sheets()} if package.is_xlsx else set()
        return data if sheet.name in names else None

    def _pages(self, used: list[Source]) -> Iterator[Page]:
        """The sheets of the log as they were read, with the rows that are no records."""
        from ae_cli.model import AdverseEvent, Record, Subject
        from ae_cli.read.files import sheets
        from ae_cli.read.reading import Reading

        config, path = self.inputs.config, self.inputs.events[0]
        chosen = Reading(config, None).chosen
        kinds: tuple[type[Record], ...] = (AdverseEvent, Subject)
        wanted = {model: chosen[model] for model in kinds}
        known = {source.sheet.name for source in used}
        found: list[Sheet] = []
        if path != STDIN:
            found = sheets(path, wanted, config.files.encoding, config.limits)
        if not known <= {sheet.name for sheet in found}:  # such as the forms of REDCap
            found = [source.sheet for source in used]
        yield from (_page(sheet) for sheet in found)


def marking(path: Path | None, force: bool, inputs: Inputs, study: Study) -> Marking | None:
    """The marked copy that was asked for. Raises InputError for one that cannot be made."""
    return Marking(path, force, inputs, study) if path else None


def _page(sheet: Sheet) -> Page:
    from ae_cli.render.marked import Page

    lines = sheet.lines.to_list()
    down = 1 if lines and lines[0] < 2 else 0  # a file whose first row is a record
    name = sheet.name or (Path(sheet.path).stem if sheet.path else "Log")
    return Page(name, sheet.headers, sheet.cells.rows(), [line + down for line in lines])


def _layout(source: Source, own: bool, rows: list[Page]) -> Layout:
    """Where the fields of a source stand in the copy."""
    from ae_cli.render.marked import Layout
    from ae_cli.render.marked.pages import sheet_name

    sheet, mapping = source.sheet, source.mapping
    columns = {f: at + 1 for f, at in mapping.fields.items() if f not in mapping.made}
    page = sheet.name or ""
    down = None
    if not own:
        page = sheet_name(_page(sheet).name)
        if sheet.lines.len() and sheet.lines[0] < 2:
            down = {line: line + 1 for line in sheet.lines}
    return Layout(sheet.path, sheet.name, page, columns, columns["subject"], down)
