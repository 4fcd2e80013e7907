"""The doors for Python: the same as the command line's, for files or records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from ae_cli import reports, rules
from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.findings import Report
from ae_cli.model import OTHERS, Record
from ae_cli.read import read_log
from ae_cli.rules.records import study_of
from ae_cli.study import Choices, Study, from_log
from ae_cli.table import Table

File = str | PathLike[str]
Records = Sequence[Mapping[str, Any] | Record]
Others = Mapping[str, File | Records]
FILE = (str, PathLike)


def check(
    events: File | Records,
    subjects: File | Records | None = None,
    config: Config | Mapping[str, Any] | None = None,
    encoding: str | None = None,
    others: Others | None = None,
) -> Report:
    """Check a log, or records, against every rule.

    `others` are the other files of the study, or their records, by kind: labs, exposure,
    disposition, reports and the rest of `ae_cli.model.KINDS`. `encoding` is that of text files
    which do not tell it themselves. Raises InputError for a file that cannot be used. Problems in
    the data are in the result.
    """
    return rules.check(_study(events, subjects, config, encoding, others))


def summarize(
    events: File | Records,
    subjects: File | Records | None = None,
    config: Config | Mapping[str, Any] | None = None,
    by: str = "group",
    encoding: str | None = None,
    others: Others | None = None,
) -> Table:
    """Make a table of a log, or of records. Raises InputError for what cannot be used."""
    study = _study(events, subjects, config, encoding, others)
    return reports.summarize(study, rules.check(study), by)


def _study(
    events: File | Records,
    subjects: File | Records | None,
    config: Config | Mapping[str, Any] | None,
    encoding: str | None,
    others: Others | None,
) -> Study:
    named = {"subjects": subjects, **(others or {})}
    beside = {kind: given for kind, given in named.items() if given is not None}
    _refuse(events, beside)
    settled = config if isinstance(config, Config) else Config.model_validate(config or {})
    if isinstance(events, (str, PathLike)):
        files = {kind: Path(file) for kind, file in beside.items() if isinstance(file, FILE)}
        people, labs = files.pop("subjects", None), files.pop("labs", None)
        settled = settled.with_files(encoding=encoding)
        log = read_log([Path(events)], people, settled, None, None, [labs] if labs else (), files)
        return from_log(log, settled, Choices())
    records = {kind: rows for kind, rows in beside.items() if not isinstance(rows, FILE)}
    people_records, results = records.pop("subjects", None), records.pop("labs", None)
    return study_of(events, people_records, settled, results, records)


def _refuse(events: File | Records, beside: Mapping[str, File | Records]) -> None:
    """Kinds that do not exist, and files beside records: nothing is left out in silence."""
    if unknown := sorted(set(beside) - {"subjects", "labs", *OTHERS}):
        kinds = ", ".join(("labs", *OTHERS))
        raise InputError(f"there is no kind of records {unknown[0]!r}", f"the kinds are: {kinds}")
    other = [
        k for k, given in beside.items() if isinstance(given, FILE) != isinstance(events, FILE)
    ]
    if other:
        raise InputError(
            f"of the events and of {other[0]} one is a file, the other records",
            "give files, or records, of all",
        )
