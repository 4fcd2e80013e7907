"""A commented study.toml for a log: what was found is filled in, the rest is there to uncomment."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ae_cli.model import KINDS, OTHERS, Record, cells
from ae_cli.read import Log, Records
from ae_cli.read.parts import BY_SHEET, NOT_BY_SHEET
from ae_cli.rule_options import Options, Thresholds
from ae_cli.study import Study
from ae_cli.study.groups import NO_GROUP
from ae_cli.vocabulary import RELATED_BY_DEFAULT, Causality


def study_toml(study: Study, files: Mapping[str, Sequence[Path]], folder: Path) -> str:
    """The text of a study.toml in `folder`: it says what the program does with or without it.

    `files` are those that were read, by kind of record.
    """
    parts = (
        _head(study), _files(files, folder), _sheets(study), _groups(study), _related(), _window(),
        _rules(), _columns(study),
    )  # fmt: skip
    found = filter(None, map(list, parts))
    return "\n".join(line for part in found for line in (*part, ""))


def _head(study: Study) -> Iterator[str]:
    yield "# What the log itself does not say. Every entry may be left out; lines with # are off."
    yield ""
    yield 'title = ""                  # shown above every table'
    yield 'registry = ""               # such as "NCT01234567"'
    yield f'ctcae = "{study.config.ctcae}"               # version of the grades'
    coded = "CTCAE" if study.ctcae_coded else "MedDRA"
    yield f'# coded_in = "{coded}"        # the terms of the log; told from the terms themselves'
    yield "# cut_off = 2025-06-30      # events after this day are not counted"
    yield '# episodes = "rows"         # or "joined": rows of one event whose grade changed are one'
    yield '# date_order = "dmy"        # or "mdy": how to read 03/04/2024, where no date tells'


def _files(files: Mapping[str, Sequence[Path]], folder: Path) -> Iterator[str]:
    yield "[files]                     # beside this file"
    for kind, paths in files.items():
        names = [_text(_relative(path, folder)) for path in paths]
        several = f"[{', '.join(names)}]"
        yield f"{kind} = {names[0] if len(names) == 1 else several}"
    if "subjects" not in files:
        yield '# subjects = "participants.csv"   # who was treated, in which group: gives N'
    more = ", ".join(kind for kind in OTHERS if kind not in files)
    yield f"# other files of the study: {more}"
    yield '# encoding = "gb18030"      # of text files that do not tell it themselves'


def _sheets(study: Study) -> Iterator[str]:
    """The sheets of a log that stands in several, still under [files]."""
    sheets = [source.sheet for source in study.log.events.sources]
    names = list(dict.fromkeys(sheet.name for sheet in sheets if sheet.name))
    if len(names) > 1 and len({sheet.path for sheet in sheets}) == 1:
        yield f"events_sheet = {json.dumps(names, ensure_ascii=False)}"
        group = study.config.files.group or NOT_BY_SHEET
        yield f'group = "{group}"        # "{BY_SHEET}" or "{NOT_BY_SHEET}"'


def _groups(study: Study) -> Iterator[str]:
    yield "# The dose groups, in order. name: as in the data; label: on the page;"
    yield "# spellings: other ways the data write it."
    for column in study.columns[:-1]:
        if column.name != NO_GROUP:
            yield "[[groups]]"
            yield f"name = {_text(column.name)}"
            yield f"label = {_text(column.label)}"
            yield '# dose = ""'
            yield "# spellings = []"


def _related() -> Iterator[str]:
    yield "[related]"
    yield "# Which answers count as related to treatment."
    yield f"# The answers there are: {', '.join(str(c) for c in Causality)}"
    yield f"counts = {json.dumps([str(c) for c in RELATED_BY_DEFAULT])}"


def _window() -> Iterator[str]:
    yield "[window]"
    yield "# How long events are counted; without an entry, to the cut-off."
    yield "# days_after_first_dose = 168"
    yield "# days_after_last_dose = 30"
    yield ""
    yield "# [[interest]]   # events of special interest, for `summarize by interest`"
    yield '# name = "Liver"'
    yield "# where = \"soc == 'Hepatobiliary disorders' or term contains 'hepat'\""
    yield ""
    yield "# [dlt]   # the dose-finding design, for `summarize by dlt`: 3+3, boin or bayes"
    yield '# design = "boin"'
    yield "# target = 0.3          # boin"
    yield "# limit = 0.3           # bayes: stop where P(rate > limit) > cutoff"
    yield "# prior = [1.0, 1.0]"
    yield "# cutoff = 0.95"
    yield ""
    yield "# Severity in words is not a grade. If the protocol says it is, say so here:"
    yield "# [severity_as_grade]"
    yield "# mild = 1"
    yield "# moderate = 2"
    yield "# severe = 3"


def _rules() -> Iterator[str]:
    yield "# The rules: `ae-cli rules` lists them, docs/rules.md explains them."
    yield "# [rules]"
    yield '# severity = {"XFD-34" = "note"}   # error, warning or note'
    yield '# off = {"XDS-19" = "screening goes on"}   # with the reason, which reports say'
    yield ""
    yield "# [rules.thresholds]        # the numbers of rules, by default"
    yield "# days_after_last_dose = 30   # XDS-35; else as under [window], else not checked"
    for name, value in Thresholds().model_dump(exclude_none=True).items():
        yield f"# {name} = {value}"
    yield ""
    yield "# [rules.options]           # where sources disagree, by default"
    for name, value in Options().model_dump().items():
        yield f"# {name} = {json.dumps(value)}"
    yield ""
    yield "# [[rules.own]]             # a rule of your own: what `where` selects is wrong"
    yield '# id = "OWN-01"'
    yield "# where = \"grade >= 3 and action == 'DOSE NOT CHANGED'\""
    yield '# says = "grade 3 or more, but the dose was not changed"'
    yield '# fix = "please confirm the action taken"'
    yield '# severity = "warning"'
    yield ""
    yield "# [lists]                   # answers of your forms that the program does not know"
    yield '# action = ["DOSE SPLIT"]'
    yield "# outcome = []"
    yield "# related = []              # name them under [related] too, if they count as related"


def mapping(log: Log) -> Iterator[str]:
    """Which header holds which field, as a study.toml says it."""
    for number, (kind, records) in enumerate(log.kinds()):
        yield from [""] if number else []
        yield from _mapped(kind, records, KINDS[kind].model)


def _columns(study: Study) -> Iterator[str]:
    yield "# Which header holds which field. These were recognised; correct what is wrong."
    for line in mapping(study.log):
        yield line if line[:1] in ("", "#") else f"# {line}"
    yield ""
    yield "# What codes stand for, where the header does not say it:"
    yield "# [codes.events.serious]"
    yield '# 1 = "Y"'
    yield '# 2 = "N"'


def _mapped(name: str, records: Records, model: type[Record]) -> Iterator[str]:
    source = records.sources[0]
    yield f"[columns.{name}]"
    for field, position in source.mapping.fields.items():
        if field in source.mapping.made:
            continue
        yield f"{field} = {_text(source.sheet.headers[position])}"
    missing = [f for f in cells(model) if f not in source.mapping.fields]
    yield f"# not found: {', '.join(missing)}"


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _text(text: str) -> str:
    """A TOML string: JSON's is one, but for a character TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
