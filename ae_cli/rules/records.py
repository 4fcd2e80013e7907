"""Records that are not in a file: the same door, the same rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ae_cli.config import Config
from ae_cli.dates import DateSpan, iso, span_of
from ae_cli.meddra import FILES, Release, release_of
from ae_cli.model import KINDS, AdverseEvent, LabResult, Record, Subject, cells
from ae_cli.read import Log, sheet_of
from ae_cli.rules.rule import Example
from ae_cli.study import Choices, Study, from_log

Given = Mapping[str, Any] | Record


def study_of(
    events: Sequence[Given],
    subjects: Sequence[Given] | None = None,
    config: Config | Mapping[str, Any] | None = None,
    labs: Sequence[Given] | None = None,
    others: Mapping[str, Sequence[Given]] | None = None,
    release: Release | None = None,
) -> Study:
    """A study of records: model instances, or mappings by field, SDTM name or any known header."""
    config = Config.model_validate(config or {}) if not isinstance(config, Config) else config
    log = Log(
        sheet_of(AdverseEvent, "records", [_texts(e, AdverseEvent) for e in events], config),
        sheet_of(Subject, "participants", [_texts(s, Subject) for s in subjects], config)
        if subjects
        else None,
        sheet_of(LabResult, "results", [_texts(r, LabResult) for r in labs], config)
        if labs
        else None,
        {
            name: sheet_of(model, name, [_texts(r, model) for r in given], config)
            for name, given in (others or {}).items()
            for model in (KINDS[name].model,)
        },
    )
    return from_log(log, config, Choices(), release)


def of_example(example: Example) -> Study:
    """The study that an example of a rule describes."""
    study = study_of(
        example.events, example.subjects, example.study, example.labs, example.others,
        release_of(FILES, "invented") if example.meddra else None,
    )  # fmt: skip
    return study if example.labels is None else _labelled(study, example.labels)


def _labelled(study: Study, labels: Mapping[str, str]) -> Study:
    """The same, as if the events had come in a transport file."""
    events = study.log.events
    sources = (replace(s, sheet=replace(s.sheet, labels=labels)) for s in events.sources)
    log = replace(study.log, events=replace(events, sources=tuple(sources)))
    return replace(study, log=log)


def _texts(record: Given, model: type[Record]) -> dict[str, str]:
    """A record as the text cells it would stand in."""
    if isinstance(record, Record):
        record = {f: v for f, v in record.model_dump().items() if v is not None}
        record = {cells(model)[f].sdtm or f: v for f, v in record.items()}
    return {str(name): _text(value) for name, value in record.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple) and value and isinstance(value[0], datetime):
        return iso(DateSpan(*value))
    return "; ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


def day(row: Mapping[str, Any], field: str) -> str:
    """A date of a row as text, as exact as it is known; "blank" where it is not."""
    span = span_of(row, field)
    return iso(span) if span else "blank"
