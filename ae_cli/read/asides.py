"""Rows that are no records: a second row of headers, totals, footnotes and what closes a list.

Told only where certain: what may be a record stays one, and the rules report what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from ae_cli.errors import InputError
from ae_cli.model import AdverseEvent, LabResult, Record
from ae_cli.read.headers import lookup
from ae_cli.read.names import KINDS, ByValue, Named
from ae_cli.read.sheet import Chosen, Sheet

HEADER_ROW = "second row of headers"
TOTAL_LINE = "total line"
FOOTNOTE = "footnote"
CLOSING_LINE = "closing line"

_MARK = "\ufeff"
_AROUND = f" \t{_MARK}"
_LABEL_DEPTH = 3  # rows below the header that may be headers in other words
_TELLING: dict[type[Record], tuple[str, ...]] = {  # a record has one of these
    AdverseEvent: ("term", "preferred_term", "start", "end", "arm"),
    LabResult: ("value", "result", "original_value", "test", "test_code", "date"),
}
_TERMS = ("term", "preferred_term")  # without words in them a row is no event

_TOTAL = (
    r"(?i)^\s*(?:(?:(?:grand|sub|overall)[\s-]*)?totals?|sum)\s*(?:[:=]\s*\d*|[(（]\s*n?\s*=?\s*\d+\s*[)）])?\s*$"
    r"|^\s*(?:合计|总计|小计|共计|总和|总数)\s*(?:[:：=]?\s*\d*\s*[例人次件条项个]*|[(（][^)）]*[)）])?\s*$"
)
_FOOTNOTE = (
    r"(?i)^\s*(?:notes?|n\.?b\.?|footnotes?|sources?|abbreviations?|legend|remarks?"
    r"|data cut-?off|generated(?: on| by)?|printed(?: on| by)?|exported(?: on| by)?)\s*[:：]"
    r"|^\s*(?:备注|注释?|说明|脚注|来源|数据来源|缩写|制表人?|填表人|审核人|打印时间|导出时间|数据截止)"
    r"\s*\d*\s*[:：]"
    r"|^\s*(?:page \d+ of \d+|第\s*\d+\s*页.*|-*\s*end of (?:report|listing|file|data)\s*-*)\s*$"
)
_WORDS = re.compile(r"^\D*$|[=:：]|\s\S+\s|^共")  # what no identifier is
_NUMBER = re.compile(r"\s*\d[\d,.]*\s*%?\s*(?:[(（]\s*\d[\d,.]*\s*%?\s*[)）])?\s*")
_DATE = re.compile(r"\s*(?:\d{8}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})\s*")


def without_asides(sheet: Sheet, model: type[Record], chosen: Chosen) -> Sheet:
    """The sheet without the rows that are certainly no records; each is left out with a reason."""
    fields = _fields(sheet.headers, model, chosen)
    if "subject" not in fields or not sheet.cells.height:
        return sheet
    _check_parted(sheet, sheet.cells[str(fields["subject"])])
    found = _headers(sheet, fields, model) | _below(sheet, fields, _TELLING.get(model, ()))
    if not found:
        return sheet
    kept = pl.Series([True]).new_from_index(0, sheet.cells.height).scatter(sorted(found), False)
    left_out = tuple((int(sheet.lines[i]), reason) for i, reason in sorted(found.items()))
    return replace(
        sheet,
        cells=sheet.cells.filter(kept),
        lines=sheet.lines.filter(kept),
        notes=(*sheet.notes, *_notes(left_out)),
        left_out=left_out,
    )


def _notes(left_out: Sequence[tuple[int, str]]) -> list[str]:
    notes = []
    for reason in dict.fromkeys(reason for _, reason in left_out):
        rows = [str(row) for row, why in left_out if why == reason]
        shown = ", ".join(rows[:5]) + (", ..." if len(rows) > 5 else "")
        notes.append(f"{reason}, not a record: row {shown}")
    return notes


def _fields(headers: Sequence[str], model: type[Record], chosen: Chosen) -> dict[str, int]:
    """The first column of each field, by study.toml and by name."""
    named = {
        field: headers.index(h)
        for field, h in chosen.items()
        if isinstance(h, str) and h in headers
    }
    for i, header in enumerate(headers):
        if field := _field(header, model):
            named.setdefault(field, i)
    return named


def _field(header: str, model: type[Record]) -> str | None:
    found = lookup(header, KINDS[model])
    if found and isinstance(found.meaning, Named):
        return found.meaning.field
    return found.meaning.fields[0] if found and isinstance(found.meaning, ByValue) else None


def _headers(sheet: Sheet, fields: Mapping[str, int], model: type[Record]) -> dict[int, str]:
    """Headers again: in other words just below the first, or the same anywhere, as where files
    were joined."""
    column = sheet.cells[str(fields["subject"])].str.strip_chars(_AROUND).str.to_lowercase()
    known = [text for text in map(_plain, sheet.headers) if text]
    again = column.is_in(known).fill_null(False).arg_true().to_list()
    near = range(min(_LABEL_DEPTH, sheet.cells.height))
    rows = {i: _unmarked(sheet.row(i)) for i in sorted({*near, *again})}
    for i in again:
        _check_order(sheet, i, rows[i])
    return {i: HEADER_ROW for i, row in rows.items() if _is_header(row, fields, model)}


def _unmarked(row: Sequence[str]) -> tuple[str, ...]:
    """The row without the mark (BOM) that a file begins with which was joined to another."""
    return (row[0].removeprefix(_MARK), *row[1:])


def _check_parted(sheet: Sheet, subjects: pl.Series) -> None:
    """Refuse a row that stands in one cell as a whole: it would be a participant without events."""
    most = sum(map(bool, sheet.headers)) - 1
    whole = (subjects.str.count_matches("[,;\t|]") >= most).fill_null(False).arg_true()
    if most > 2 and whole.len():
        raise InputError(
            f"{sheet.where}, row {sheet.lines[whole[0]]}: the whole row stands in one cell",
            "part it into columns (Excel: Data, Text to Columns)",
        )


def _plain(text: str) -> str:
    return text.strip(_AROUND).lower()


def _check_order(sheet: Sheet, at: int, row: Sequence[str]) -> None:
    """Refuse a second part whose columns stand in another order: each value would be another's."""
    headers = list(map(_plain, sheet.headers))
    moved = [
        (cell, header)
        for cell, header in zip(row, sheet.headers, strict=False)
        if cell and _plain(cell) != _plain(header) and _plain(cell) in headers
    ]
    if len(moved) > 1:
        cell, header = moved[0]
        raise InputError(
            f"{sheet.where}, row {sheet.lines[at]} is a header in another order: "
            f"{cell!r} stands under {header!r}",
            "put each part in a file or sheet of its own",
        )


def _is_header(row: Sequence[str], fields: Mapping[str, int], model: type[Record]) -> bool:
    """Whether the cells name the fields they stand under: the participant's, and another."""
    same = {field for field, i in fields.items() if row[i] and _field(row[i], model) == field}
    return "subject" in same and len(same) > 1


def _below(sheet: Sheet, fields: Mapping[str, int], tells: Sequence[str]) -> dict[int, str]:
    """Totals and footnotes. Of a log only the few rows are looked at that name no event; a
    participant may be named in a row of numbers alone."""
    terms = {fields[f] for f in _TERMS if f in tells and f in fields}
    telling = {fields[f] for f in tells if f in fields}
    needed = () if terms else (*telling, fields["subject"])
    rows = sheet.cells.with_row_index("at").filter(_bare(fields["subject"], terms or telling))
    first = pl.coalesce(pl.exclude("at"))
    words = rows.select("at", total=first.str.contains(_TOTAL), note=first.str.contains(_FOOTNOTE))
    found: dict[int, str] = {}
    for at, total, note in words.filter(pl.col("total") | pl.col("note")).iter_rows():
        row = sheet.row(at)
        start = _start(row)
        others = [cell for cell in row[start + 1 :] if cell.strip()]
        if start in terms:  # an event whose participant is not given
            continue
        if note and not others:
            found[at] = FOOTNOTE
        elif total and _is_total(row, start, others, needed):
            found[at] = TOTAL_LINE
    return found | _closing(sheet, telling, found)


def _bare(subject: int, telling: Collection[int]) -> pl.Expr:
    """Rows without a participant, or in which nothing but numbers tells of a record."""
    blank = (
        pl.col(str(i)).is_null() | pl.col(str(i)).str.contains(r"^\s*\d") for i in sorted(telling)
    )
    bare = pl.all_horizontal(*blank) if telling else pl.lit(True)
    return bare | pl.col(str(subject)).is_null()


def _start(row: Sequence[str]) -> int:
    return next((i for i, cell in enumerate(row) if cell.strip()), 0)


def _is_total(row: Sequence[str], start: int, others: list[str], needed: Iterable[int]) -> bool:
    """Whether nothing but numbers stands beside the word, and none where a record has its words."""
    blank = all(not row[i].strip() for i in needed if i != start)
    return blank and all(_NUMBER.fullmatch(c) and not _DATE.fullmatch(c) for c in others)


def _closing(sheet: Sheet, telling: Collection[int], found: Mapping[int, str]) -> dict[int, str]:
    """Words alone in their rows below the last record, unlike what stands above them."""
    closing = {}
    for at in reversed(range(sheet.cells.height)):
        if at in found:
            continue
        row = sheet.row(at)
        start = _start(row)
        alone = sum(bool(cell.strip()) for cell in row) == 1 and start not in telling
        if not (alone and _WORDS.search(row[start])):
            break
        closing[at] = start
    above = sheet.cells.head(min(closing, default=0))
    forms = {i: set(map(_form, above[str(i)].drop_nulls().unique())) for i in closing.values()}
    return {
        at: CLOSING_LINE
        for at, i in closing.items()
        if forms[i] and _form(sheet.row(at)[i]) not in forms[i]
    }


def _form(text: str) -> str:
    """How a text is built: `AB-001` and `CD-17` are alike, `End of list` and `N=2` are not."""
    letters = re.sub(r"[A-Za-z]+", "A", text.strip())
    return re.sub(r"[^\W\d_A]+", "L", re.sub(r"\d+", "9", letters))
