"""The records of a log as they are written, for whoever must find them there."""

from __future__ import annotations

from dataclasses import dataclass

from ae_cli.read import Source
from ae_cli.study import Study


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its source, its line there, and its cells by field. `where` is its line for a
    reader, with the sheet where the log has several."""

    source: Source
    line: int
    texts: dict[str, str | None]
    where: str

    def header(self, field: str) -> str:
        """The header of a field that it has."""
        return self.source.sheet.headers[self.source.mapping.fields[field]]


def records(study: Study) -> list[Record]:
    """The records of a log: the place in the list is the `record` of its frame."""
    sources = study.log.events.sources
    found = []
    for source in sources:
        fields = source.mapping.fields
        cells = source.sheet.cells.select(str(at) for at in fields.values())
        sheet = f"{source.sheet.where} " if len(sources) > 1 else ""
        for line, texts in zip(source.sheet.lines, cells.iter_rows(), strict=True):
            made = dict(zip(fields, texts, strict=True))
            found.append(Record(source, line, made, f"{sheet}{line}"))
    return found
