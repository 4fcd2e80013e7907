"""The doors for Python: the same as the command line's, for files or records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from ae_cli import reports, rules
from ae_cli.config import Config
from ae_cli.findings import Report
from ae_cli.model import Record
from ae_cli.rules.records import study_of
from ae_cli.study import Study, open_study
from ae_cli.table import Table

File = str | PathLike[str]
Records = Sequence[Mapping[str, Any] | Record]


def check(
    events: File | Records,
    subjects: File | Records | None = None,
    config: Config | Mapping[str, Any] | None = None,
    encoding: str | None = None,
) -> Report:
    """Check a log, or records, against every rule.

    `encoding` is that of text files which do not tell it themselves. Raises InputError for a file
    that cannot be used. Problems in the data are in the result.
    """
    return rules.check(_study(events, subjects, config, encoding))


def summarize(
    events: File | Records,
    subjects: File | Records | None = None,
    config: Config | Mapping[str, Any] | None = None,
    by: str = "group",
    encoding: str | None = None,
) -> Table:
    """Make a table of a log, or of records. Raises InputError for what cannot be used."""
    study = _study(events, subjects, config, encoding)
    return reports.summarize(study, rules.check(study), by)


def _study(
    events: File | Records,
    subjects: File | Records | None,
    config: Config | Mapping[str, Any] | None,
    encoding: str | None,
) -> Study:
    if isinstance(events, (str, PathLike)):
        settled = config if isinstance(config, Config) else Config.model_validate(config or {})
        people = Path(subjects) if isinstance(subjects, (str, PathLike)) else None
        return open_study([Path(events)], people, settled.with_files(encoding=encoding))
    people_records = None if isinstance(subjects, (str, PathLike)) else subjects
    return study_of(events, people_records, config)
