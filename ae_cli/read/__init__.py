"""Any file to typed records: files, header rows, columns, values. Only Polars in this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ae_cli.config import Config
from ae_cli.model import KINDS, AdverseEvent, LabResult, Record, Subject, cells
from ae_cli.read.column import Problem, Source
from ae_cli.read.reading import ROLES, Reading
from ae_cli.read.records import Records
from ae_cli.read.sheet import Sheet, from_rows

NO_FILE = ""  # the path of records that were made of other records

__all__ = [
    "NO_FILE",
    "ROLES",
    "Log",
    "Problem",
    "Records",
    "Sheet",
    "Source",
    "read_labs",
    "read_log",
    "sheet_of",
]


@dataclass(frozen=True, slots=True)
class Log:
    """What was read: events, participants where a file or sheet of them was found, and what other
    files of the study were named, by kind (`model.OTHERS`)."""

    events: Records
    subjects: Records | None
    labs: Records | None = None
    others: Mapping[str, Records] = field(default_factory=dict)

    def kinds(self) -> Iterator[tuple[str, Records]]:
        """Every kind of record that was read, with its records: events first."""
        named = {"events": self.events, "subjects": self.subjects, "labs": self.labs, **self.others}
        yield from ((name, records) for name, records in named.items() if records is not None)


def read_log(
    paths: Sequence[Path],
    subjects: Path | None = None,
    config: Config | None = None,
    sheet: str | Sequence[str] | None = None,
    otherwise: Path | None = None,
    labs: Sequence[Path] = (),
    others: Mapping[str, Path] | None = None,
) -> Log:
    """Read events from `paths` and participants from `subjects`, or from a sheet beside the events.

    `otherwise` is the participant file to use where neither is there. Raises InputError for a file
    that cannot be read, a needed column that is missing or could be several, and a workbook in
    which more than one sheet could be meant.
    """
    config = config or Config()
    beside = _others(config, others)
    events, people = Reading(config, sheet, qualifiers=beside.get("qualifiers")).log(
        paths, subjects, otherwise
    )
    results = Reading(config, None, LabResult).log(labs, None, None)[0] if labs else None
    return Log(events, people, results, beside)


def read_labs(
    paths: Sequence[Path],
    subjects: Path | None = None,
    config: Config | None = None,
    sheet: str | Sequence[str] | None = None,
    otherwise: Path | None = None,
    others: Mapping[str, Path] | None = None,
) -> Log:
    """Read laboratory results, as `read_log` reads events, into a log without events.

    Without a participant file the participants are those who have results, in the groups that the
    results name.
    """
    config = config or Config()
    results, people = Reading(config, sheet, LabResult).log(paths, subjects, otherwise)
    people = people or sheet_of(Subject, NO_FILE, _people(results), config)
    none = sheet_of(AdverseEvent, NO_FILE, [], config)
    return Log(none, people, results, _others(config, others))


def _others(config: Config, others: Mapping[str, Path] | None) -> dict[str, Records]:
    return {
        name: Reading(config, None, KINDS[name].model).alone(path)
        for name, path in (others or {}).items()
    }


def _people(results: Records) -> list[dict[str, str]]:
    kept = [name for name in ("subject", "arm") if name in results.frame.columns]
    named = results.frame.select(kept).drop_nulls("subject").unique("subject", maintain_order=True)
    group = {} if "arm" in kept else {"arm": "All participants"}
    return [{k: v or "" for k, v in row.items()} | group for row in named.rows(named=True)]


def sheet_of(
    model: type[Record], name: str, rows: Sequence[Mapping[str, str]], config: Config
) -> Records:
    """Records that are not in a file, as if they stood in a sheet: keys are headers or fields."""
    headers = list(dict.fromkeys(key for row in rows for key in row)) or ["subject", "term"]
    texts = [headers, *([row.get(header, "") for header in headers] for row in rows)]
    sheet = from_rows(name, None, texts, range(len(texts))).with_header(0)
    named = {field: field for field in headers if field in cells(model)}
    reading = Reading(config, None)
    reading.chosen[model] = {**named, **reading.chosen[model]}
    return reading.records(model, [sheet])
