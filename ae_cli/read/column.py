"""One column: its distinct texts through the model's own door, once each, and mapped back."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from pydantic import ValidationError

from ae_cli.dates import ISO, DateSpan, is_serial
from ae_cli.model import Cell, Record, adapter, cells
from ae_cli.read import flaws
from ae_cli.read.columns import Mapping
from ae_cli.read.sheet import Sheet
from ae_cli.read.written import against, dated, decoded, exchanged, legend, orders_shown
from ae_cli.values import DOUBT, UNREADABLE, grade
from ae_cli.vocabulary import BLANKS, NOT_CDISC, Answer, is_blank, normalise

Plainer = abc.Mapping[str, str]  # a text to what it says
Codes = abc.Mapping[str, Plainer]  # by field

EXCHANGED = (
    "stands among dates of the first twelve days of a month alone: a spreadsheet may have "
    "exchanged day and month of those"
)
_LONGEST_BLANK = max(len(word.encode()) for word in BLANKS)


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet that was read as records of one kind. `first` is the `record` of its first row.

    `date_order` and `codes` (field to code to words) are as study.toml or an option says;
    `added` are the values it adds to closed lists, by field.
    """

    sheet: Sheet
    mapping: Mapping
    role: str
    first: int = 0
    date_order: str | None = None
    codes: Codes = field(default_factory=dict)
    added: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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


class Column:
    """One field of one source: its typed column or columns, and what was met while reading."""

    def __init__(self, model: type[Record], source: Source, number: int, name: str) -> None:
        self.source, self.number, self.name = source, number, name
        self.cell = cells(model)[name]
        self.door = adapter(model, name).validate_python
        self.added = {normalise(text): text for text in source.added.get(name, ())}
        self.series: list[pl.Series] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.orders: frozenset[str] = frozenset()  # which of day and month its dates show first
        self.decided = ""  # how dates of two readings were read, and why

    def read(self) -> None:
        """Type the column from its distinct texts."""
        position = self.source.mapping.fields[self.name]
        raw = self.source.sheet.cells[str(position)]
        self.series = [self.text(raw)] if self.cell.shape == "text" else self.typed(raw)

    @property
    def header(self) -> str:
        return self.source.sheet.headers[self.source.mapping.fields[self.name]]

    @property
    def worded(self) -> str:
        """The field whose words the column holds; "" where that is another field of this column.

        AEENRTPT says where the end stands, and by that whether the event goes on.
        """
        at = self.source.mapping.fields
        if "ongoing" not in at or at["ongoing"] != at.get("end_relation"):
            return self.name
        return {"ongoing": "end_relation", "end_relation": ""}.get(self.name, self.name)

    def typed(self, raw: pl.Series) -> list[pl.Series]:
        counts = raw.drop_nulls().value_counts().sort(raw.name)
        texts: list[str] = counts[raw.name].to_list()
        values = self.values(texts, self.plainer(texts))
        self.look(dict(zip(texts, counts["count"], strict=True)), values)
        self.flawed(flaws.of_edges(texts))
        self.flawed(flaws.of_dates(texts) if self.cell.shape == "date" else ())
        self.wrong_words(texts)
        refused = {p.text for p in self.problems if p.rule != flaws.EDGES}  # spaces hide no answer
        bad = [text for text in texts if text in refused and values.get(text) is None]
        found = [values.get(text) for text in texts]
        return _mapped(self.name, self.cell, raw, texts, found) + _refused(self.name, raw, bad)

    def text(self, raw: pl.Series) -> pl.Series:
        """A column of plain text. Only a text that its reader could change is shown to it."""
        self.flawed(flaws.of_text(raw, self.name, self.source.mapping.standard))
        texts = _odd(raw)
        self.flawed(flaws.of_edges(texts))
        self.wrong_words(raw)
        plainer = self.without_codes(raw)
        values = self.values(texts if plainer is raw else _odd(plainer))
        changed = {text: value for text, value in values.items() if value != text}
        plain = plainer.replace(list(changed), list(changed.values())) if changed else plainer
        return plain.alias(self.name)

    def plainer(self, texts: list[str]) -> dict[str, str]:
        """Texts that say nothing without their column, and what they say in it."""
        header = self.header
        if self.cell.shape == "date":
            self.orders = frozenset(orders_shown(texts))
            ordered, why = dated(texts, self.source.date_order)
            for text, detail in against(texts, self.source.date_order).items():
                self.problem(text, self.cell.rule, detail)
            for text in exchanged(texts):
                self.problem(text, "AE-TYP-13", EXCHANGED)
            if why:
                self.notes.append(f"column {header!r}: {why}")
                self.decided = f"{header} ({why})"
            if self.source.sheet.since_1904:
                ordered |= {t: f"day {t} from 1904 or 1900" for t in texts if is_serial(t)}
            return ordered
        return decoded(texts, self.codes(header))

    def codes(self, header: str) -> Plainer:
        """What codes stand for: by study.toml, by a dictionary, or by a legend in the header."""
        sheet, position = self.source.sheet, self.source.mapping.fields[self.name]
        told = self.source.codes.get(self.name) or sheet.codes.get(position)
        if told or self.cell.shape != "number":
            return told or legend(header)
        words = legend(
            header
        )  # of grades: (1=mild, 2=moderate) explains them, (0=Grade 1) codes them
        return words if any(map(_reads_as_grade, words.values())) else {}

    def without_codes(self, raw: pl.Series) -> pl.Series:
        """A column of text with its codes in words, noted; where none were told, as it is."""
        header = self.header
        if not (codes := self.codes(header)):
            return raw
        counts = dict(raw.drop_nulls().value_counts().sort(raw.name).iter_rows())
        plainer = decoded(list(counts), codes)
        if plainer:
            listed = ", ".join(f"{t} = {word} ({counts[t]})" for t, word in plainer.items())
            self.notes.append(f"column {header!r} ({self.cell.label}): {listed}")
        return raw.replace(list(plainer), list(plainer.values())) if plainer else raw

    def values(self, texts: list[str], plainer: Plainer | None = None) -> dict[str, Any]:
        """Distinct text to value, through the model's own door; what it refuses is a problem."""
        values = {}
        for text in texts:
            meant = plainer.get(text, text) if plainer else text
            try:
                values[text] = self.addition(meant) or self.door(meant)
            except ValidationError as error:
                self.refused(text, error, "" if meant == text else f" (it stands for {meant!r})")
        return values

    def addition(self, text: str) -> str | None:
        """The value that study.toml adds to the field's list, where the text is one."""
        if not self.added or DOUBT.search(text):
            return None
        return self.added.get(normalise(text))

    def refused(self, text: str, error: ValidationError, more: str) -> None:
        told = error.errors(include_url=False, include_input=False)[0]
        rule = self.cell.rule if told["type"] == UNREADABLE else told["type"]
        if self.worded not in (self.name, ""):  # its words are said to be wrong, once
            rule = flaws.RELATION
        self.problem(text, rule, f"{told['msg']}{more}")

    def flawed(self, found: abc.Iterable[flaws.Flaw]) -> None:
        for flaw in found:
            self.problem(*flaw)

    def wrong_words(self, raw: pl.Series | list[str]) -> None:
        """Texts that are none of the words of the column; a blank is no word."""
        if self.worded not in flaws.WORDED:
            return
        texts = raw if isinstance(raw, list) else raw.drop_nulls().unique().sort().to_list()
        known = {problem.text for problem in self.problems}
        filled = [text for text in texts if not is_blank(text) and text not in known]
        standard = self.source.mapping.standard
        self.flawed(flaws.of_words(self.worded, filled, self.header, standard))

    def problem(self, text: str, rule: str, detail: str = "", **more: str) -> None:
        self.problems.append(Problem(self.number, self.name, text, rule, detail, **more))

    def look(self, counts: dict[str, int], values: dict[str, Any]) -> None:
        """What was understood but is not the standard's own word: an error there, a note here."""
        spelled = {text: v for text, v in values.items() if not _standard(self.cell, text, v)}
        if self.source.mapping.standard:
            for text, value in spelled.items():
                self.deviates(text, value)
        elif spelled:
            self.notes.append(self.note(spelled, counts))
        if self.name == "grade":
            for text in (text for text, value in values.items() if value == 0):
                zero = {"read_as": "0", "severity": "warning"}
                self.problem(text, self.cell.rule, "grade 0 is not an event", **zero)

    def deviates(self, text: str, value: Any) -> None:
        """The rule a spelled value breaks under an SDTM or ADaM header."""
        read_as = _shown(value)
        if self.cell.shape == "number":
            self.problem(text, "AE-TYP-02", read_as=read_as or "blank")
        elif self.cell.shape == "date":
            self.problem(text, self.cell.rule, read_as=read_as or "blank")
        elif (
            self.name not in _FREE_LISTS
        ):  # CDISC has no list for these: what is understood is right
            listed = value is not None and value not in NOT_CDISC
            close = listed and normalise(text) == normalise(str(value))
            rule = "AE-COD-15" if close else self.cell.rule
            self.problem(text, rule, read_as=read_as or "unanswered")

    def note(self, spelled: dict[str, Any], counts: dict[str, int]) -> str:
        header = self.header
        if self.cell.shape == "date":
            n = sum(counts[text] for text in spelled)
            text, value = next(iter(sorted(spelled.items())))
            return f"column {header!r}: dates not in ISO form ({n}), as {text} = {_shown(value)}"
        listed = ", ".join(
            f"{t} = {_shown(v) or 'unanswered'} ({counts[t]})" for t, v in sorted(spelled.items())
        )
        return f"column {header!r} ({self.cell.label}): {listed}"


def _refused(name: str, raw: pl.Series, bad: list[str]) -> list[pl.Series]:
    """The mark of cells that could not be understood, and their texts."""
    if not bad:
        return []
    mark = raw.is_in(bad).fill_null(False)
    texts = pl.select(pl.when(mark).then(raw)).to_series()
    return [mark.alias(f"{name}_unreadable"), texts.alias(f"{name}_as_written")]


def _odd(raw: pl.Series) -> list[str]:
    """The texts that their reader could change: with spaces around them, or short as a blank."""
    odd = (raw.str.strip_chars(flaws.SPACES) != raw) | (raw.str.len_bytes() <= _LONGEST_BLANK)
    return raw.filter(odd.fill_null(False)).unique().sort().to_list()


def _reads_as_grade(text: str) -> bool:
    try:
        return grade(text) is not None
    except ValueError:
        return False


_FREE_LISTS = frozenset({"related", "criteria", "ongoing", "dlt_evaluable", "vital_status"})


def _standard(cell: Cell, text: str, value: Any) -> bool:
    """Whether a text that was understood is the standard's own word for its value."""
    stripped = text.strip()
    if is_blank(stripped) or cell.shape in ("text", "integer", "choices"):
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


_DTYPES: dict[str, Any] = {
    "text": pl.String,
    "number": pl.Int8,
    "integer": pl.Int32,
    "choices": pl.String,
}


def _mapped(
    name: str, cell: Cell, raw: pl.Series, texts: list[str], values: list[Any]
) -> list[pl.Series]:
    """The column of values, mapped back from its distinct texts."""
    if cell.shape == "date":
        return _of_dates(name, raw, texts, values)
    if cell.shape == "choices":
        joined = [";".join(v) if v else None for v in values]
        return [_replaced(raw, texts, joined, pl.String).alias(name)]
    if cell.choices is Answer:
        answers = [None if v is None else v is Answer.YES for v in values]
        return [_replaced(raw, texts, answers, pl.Boolean).alias(name)]
    plain = [
        None if v is None else v if cell.shape in ("number", "integer") else str(v) for v in values
    ]
    return [_replaced(raw, texts, plain, _DTYPES.get(cell.shape, pl.String)).alias(name)]


def _of_dates(
    name: str, raw: pl.Series, texts: list[str], values: list[DateSpan | None]
) -> list[pl.Series]:
    """Both ends of each date, and the offset of its clock where some cell says one."""
    parts: dict[str, tuple[list[Any], Any]] = {
        "earliest": ([v and v.earliest for v in values], pl.Datetime("us")),
        "latest": ([v and v.latest for v in values], pl.Datetime("us")),
    }
    if any(v and v.offset is not None for v in values):
        parts["offset"] = ([v and v.offset for v in values], pl.Duration("us"))
    return [
        _replaced(raw, texts, found, dtype).alias(f"{name}_{part}")
        for part, (found, dtype) in parts.items()
    ]


FEW = 6  # texts: up to here comparing is faster than looking up


def _replaced(raw: pl.Series, texts: list[str], values: list[Any], dtype: Any) -> pl.Series:
    """Values in the places of their texts. A text that is its own value stays where it is."""
    same = dtype == pl.String
    pairs = [(t, v) for t, v in zip(texts, values, strict=True) if not (same and t == v)]
    if len(pairs) > FEW:
        old, new = [t for t, _ in pairs], pl.Series([v for _, v in pairs], dtype=dtype)
        return raw.replace_strict(old, new, default=raw if same else None, return_dtype=dtype)
    typed = pl.lit(raw) if same else pl.repeat(None, len(raw), dtype=dtype)
    for text, value in pairs:
        typed = pl.when(raw == text).then(pl.lit(value, dtype)).otherwise(typed)
    return pl.select(typed).to_series()
