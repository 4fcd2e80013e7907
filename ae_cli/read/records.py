"""Text cells to typed columns. Pydantic once per distinct value; nothing is counted here.

A typed frame has, for every field that was found: the value under the field's name (a date as two
columns, `_earliest` and `_latest`), and `FIELD_unreadable` where some cell could not be
understood. `record` numbers the rows from 0, `file` says which sheet and `row` which line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from pydantic import ValidationError

from ae_cli.model import Cell, Record, adapter, cells
from ae_cli.read.columns import Mapping
from ae_cli.read.sheet import Sheet
from ae_cli.values import ISO, UNREADABLE, DateSpan
from ae_cli.vocabulary import (
    BLANKS,
    NOT_CDISC,
    Answer,
    Criterion,
    VitalStatus,
    is_blank,
    normalise,
)

FLAGS = {
    Criterion.DEATH: "sae_death",
    Criterion.LIFE_THREATENING: "sae_life_threatening",
    Criterion.HOSPITALISATION: "sae_hospitalisation",
    Criterion.DISABILITY: "sae_disability",
    Criterion.CONGENITAL: "sae_congenital",
    Criterion.OTHER: "sae_other",
}


_SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())  # what str.strip() takes away
_LONGEST_BLANK = max(len(word.encode()) for word in BLANKS)


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet that was read as records of one kind. `first` is the `record` of its first row."""

    sheet: Sheet
    mapping: Mapping
    role: str
    first: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A text that stands in a column and breaks a rule of its field, wherever it stands."""

    source: int
    field: str
    text: str
    rule: str
    detail: str = ""
    read_as: str | None = None
    severity: str | None = None


@dataclass(frozen=True)
class Records:
    """Typed rows of one kind, from one or several sheets, and what was met while reading them."""

    frame: pl.DataFrame
    sources: tuple[Source, ...]
    fields: frozenset[str]
    problems: tuple[Problem, ...]
    notes: tuple[tuple[int, str], ...]  # source, note


def read_records(model: type[Record], sources: list[Source]) -> Records:
    """Type every mapped column of every source."""
    frames, problems, notes = [], [], []
    for number, source in enumerate(sources):
        columns = _Columns(model, source, number)
        frames.append(columns.frame())
        problems += columns.problems
        notes += columns.notes
    frame = pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]
    flags = [c for c in frame.columns if c.endswith("_unreadable")]
    frame = frame.with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("record"), pl.col(flags).fill_null(False)
    )
    fields = frozenset().union(*(s.mapping.fields for s in sources))
    frame, fields = _died_of_status(*_flags_of_criteria(frame, fields))
    return Records(frame, tuple(sources), fields, tuple(problems), tuple(notes))


class _Columns:
    """The typed columns of one source."""

    def __init__(self, model: type[Record], source: Source, number: int) -> None:
        self.model, self.source, self.number = model, source, number
        self.problems: list[Problem] = []
        self.notes: list[tuple[int, str]] = []

    def frame(self) -> pl.DataFrame:
        sheet = self.source.sheet
        columns = [sheet.lines.alias("row"), pl.Series("file", [self.number], dtype=pl.UInt16)]
        series = [
            typed
            for name, position in self.source.mapping.fields.items()
            for typed in self.typed(name, sheet.cells[str(position)])
        ]
        n = sheet.cells.height
        return pl.DataFrame([columns[0], columns[1].new_from_index(0, n), *series])

    def typed(self, name: str, raw: pl.Series) -> list[pl.Series]:
        """One field's column or columns, from its text."""
        cell = cells(self.model)[name]
        if cell.shape == "text":
            return [self.text(name, cell, raw).alias(name)]
        counts = raw.drop_nulls().value_counts().sort(raw.name)
        texts: list[str] = counts[raw.name].to_list()
        values = self.values(name, cell, texts)
        self.look(name, cell, dict(zip(texts, counts["count"], strict=True)), values)
        bad = [p.text for p in self.problems if p.field == name and values.get(p.text) is None]
        series = _mapped(name, cell, raw, texts, [values.get(text) for text in texts])
        flag = [raw.is_in(bad).fill_null(False).alias(f"{name}_unreadable")] if bad else []
        return series + flag

    def text(self, name: str, cell: Cell, raw: pl.Series) -> pl.Series:
        """A column of plain text. Only a text that its reader could change is shown to it."""
        odd = (raw.str.strip_chars(_SPACES) != raw) | (raw.str.len_bytes() <= _LONGEST_BLANK)
        values = self.values(name, cell, raw.filter(odd.fill_null(False)).unique().sort().to_list())
        changed = {text: value for text, value in values.items() if value != text}
        return raw.replace(list(changed), list(changed.values())) if changed else raw

    def values(self, name: str, cell: Cell, texts: list[str]) -> dict[str, Any]:
        """Distinct text to value, through the model's own door; what it refuses is a problem."""
        read = adapter(self.model, name).validate_python
        values = {}
        for text in texts:
            try:
                values[text] = read(text)
            except ValidationError as error:
                self.refused(name, cell, text, error)
        return values

    def refused(self, name: str, cell: Cell, text: str, error: ValidationError) -> None:
        kind, detail = error.errors(include_url=False)[0]["type"], str(error.errors()[0]["msg"])
        rule = cell.rule if kind == UNREADABLE else kind
        self.problems.append(Problem(self.number, name, text, rule, detail))

    def look(self, name: str, cell: Cell, counts: dict[str, int], values: dict[str, Any]) -> None:
        """What was understood but is not the standard's own word: an error there, a note here."""
        spelled = {text: v for text, v in values.items() if not _standard(cell, text, v)}
        if self.source.mapping.standard:
            self.problems += [
                p for t, v in spelled.items() if (p := self.deviates(name, cell, t, v))
            ]
        elif spelled:
            self.notes.append((self.number, self.note(name, cell, spelled, counts)))
        if name == "grade":
            zeros = [text for text, value in values.items() if value == 0]
            self.problems += [
                Problem(self.number, name, t, cell.rule, "grade 0 is not an event", "0", "warning")
                for t in zeros
            ]

    def deviates(self, name: str, cell: Cell, text: str, value: Any) -> Problem | None:
        """The rule a spelled value breaks under an SDTM or ADaM header."""
        read_as = _shown(value)
        if cell.shape == "number":
            return Problem(self.number, name, text, "AE-TYP-02", "", read_as)
        if cell.shape == "date":
            return Problem(self.number, name, text, cell.rule, "", read_as or "blank")
        if name in _FREE_LISTS:  # CDISC has no list for these: what is understood is right
            return None
        listed = value is not None and value not in NOT_CDISC
        close = listed and normalise(text) == normalise(str(value))
        return Problem(
            self.number,
            name,
            text,
            "AE-COD-15" if close else cell.rule,
            "",
            read_as or "unanswered",
        )

    def note(self, name: str, cell: Cell, spelled: dict[str, Any], counts: dict[str, int]) -> str:
        header = self.source.sheet.headers[self.source.mapping.fields[name]]
        if cell.shape == "date":
            n = sum(counts[text] for text in spelled)
            text, value = next(iter(sorted(spelled.items())))
            return f"column {header!r}: {n} dates not in ISO form, such as {text} = {_shown(value)}"
        listed = ", ".join(
            f"{t} = {_shown(v) or 'unanswered'} ({counts[t]})" for t, v in sorted(spelled.items())
        )
        return f"column {header!r} ({cell.label}): {listed}"


_FREE_LISTS = frozenset({"related", "criteria", "ongoing", "dlt_evaluable", "vital_status"})


def _standard(cell: Cell, text: str, value: Any) -> bool:
    """Whether a text that was understood is the standard's own word for its value."""
    stripped = text.strip()
    if is_blank(stripped) or cell.shape in ("text", "choices"):
        return True
    if cell.shape == "date":
        return value is not None and bool(ISO.match(stripped))
    return value is not None and value not in NOT_CDISC and stripped == str(value)


def _shown(value: Any) -> str | None:
    if isinstance(value, DateSpan):
        same = value.earliest.date() == value.latest.date()
        return f"{value.earliest:%Y-%m-%d}" + ("" if same else f" to {value.latest:%Y-%m-%d}")
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return None if value is None else str(value)


_DTYPES: dict[str, Any] = {"text": pl.String, "number": pl.Int8, "choices": pl.String}


def _mapped(
    name: str, cell: Cell, raw: pl.Series, texts: list[str], values: list[Any]
) -> list[pl.Series]:
    """The column of values, mapped back from its distinct texts."""
    if cell.shape == "date":
        spans = [(v.earliest, v.latest) if v else (None, None) for v in values]
        ends = zip(
            ("earliest", "latest"), zip(*spans, strict=True) if spans else ((), ()), strict=True
        )
        when = pl.Datetime("us")
        return [_replaced(raw, texts, list(e), when).alias(f"{name}_{end}") for end, e in ends]
    if cell.shape == "choices":
        joined = [";".join(v) if v else None for v in values]
        return [_replaced(raw, texts, joined, pl.String).alias(name)]
    if cell.choices is Answer:
        answers = [None if v is None else v is Answer.YES for v in values]
        return [_replaced(raw, texts, answers, pl.Boolean).alias(name)]
    plain = [None if v is None else v if cell.shape == "number" else str(v) for v in values]
    return [_replaced(raw, texts, plain, _DTYPES.get(cell.shape, pl.String)).alias(name)]


def _replaced(raw: pl.Series, texts: list[str], values: list[Any], dtype: Any) -> pl.Series:
    if not texts:
        return pl.Series(raw.name, [None], dtype=dtype).new_from_index(0, len(raw))
    return raw.replace_strict(
        texts, pl.Series(values, dtype=dtype), default=None, return_dtype=dtype
    )


def _flags_of_criteria(
    frame: pl.DataFrame, fields: frozenset[str]
) -> tuple[pl.DataFrame, frozenset[str]]:
    """One column of reasons stands for the criterion columns a log does not have."""
    missing = {c: f for c, f in FLAGS.items() if f not in fields}
    if "criteria" not in fields or not missing:
        return frame, fields
    named = pl.col("criteria").str.split(";")
    told = [named.list.contains(str(c)).alias(f) for c, f in missing.items()]
    return frame.with_columns(told), fields | set(missing.values())


def _died_of_status(
    frame: pl.DataFrame, fields: frozenset[str]
) -> tuple[pl.DataFrame, frozenset[str]]:
    """A vital status, alive or dead, answers whether a participant died."""
    if "vital_status" not in fields or "died" in fields:
        return frame, fields
    dead = (pl.col("vital_status") == str(VitalStatus.DEAD)).alias("died")
    return frame.with_columns(dead), fields | {"died"}
