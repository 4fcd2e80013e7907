"""Any text that a log may hold is written and read again as it was, in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

import polars as pl
import pytest
from conftest import csv_text
from formats import ods, xls, xlsb
from hypothesis import given
from hypothesis import strategies as st
from studies import examples

from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.model import AdverseEvent
from ae_cli.read import Records, read_log, sheet_of
from ae_cli.read.standard import standard
from ae_cli.render import data
from ae_cli.render.text import looks_like_formula

HEADER = ("USUBJID", "AETERM", "AEDECOD", "AETOXGR", "AESER", "AEREL", "AESTDTC", "AEENDTC", "ARM")
SUBJECTS = ("001", "1", "1.0", "A-1", "受试者1", "S 1", "1e5", "TRUE", "01-02")
ODD = (
    "a,b", 'say "no"', '"', "''", "'quoted", "a\nb", "a\r\nb", " first", "last ", "  ", "\t",
    "a\tb", "a;b|c", "=1+1", "+1", "-1", "@x", "＝1", "<b>&amp;</b>", "]]>", "<![CDATA[x]]>",
    "_x000D_", "_x005F_", "恶心，呕吐", "😀", "e\u0301", "\u00a0x", "\u200bx", "\ufeffx",
    "\u202eabc", "x" * 300, "头" * 100, "1E5", "0012", "1.50", "TRUE", "NA", "#N/A", "None", "null",
    "nan", "2024-03", "\\", "\\N", "a\\nb", "%s", "Total", "Note: x", "\x00", "a\x00b", "\x01",
    "\x1b[31m", "\x7f", "\x85", "\u2028", "\r", "\x0b",
)  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=12),
    st.sampled_from(("", "Nausea", "Rash")),
)
DATES = ("", "2024-03-04", "2024-03", "2024", "2024-03-04T10:30", "soon", "04MAR2024", "2024-02-30")
ROW = st.tuples(
    st.sampled_from(SUBJECTS), TEXT, TEXT, st.sampled_from(("", "1", "3", "Grade 2", "6", "x")),
    st.sampled_from(("", "Y", "N", "maybe")), st.sampled_from(("", "POSSIBLE", "RELATED", "?")),
    st.sampled_from(DATES), st.sampled_from((*DATES, "ongoing")), TEXT,
)  # fmt: skip
ROWS = st.lists(ROW, min_size=1, max_size=6)
Rows = Sequence[tuple[str, ...]]


def records(rows: Rows) -> Records:
    """Rows as typed records, without a file."""
    return sheet_of(
        AdverseEvent, "rows", [dict(zip(HEADER, row, strict=True)) for row in rows], Config()
    )


def typed(found: Records) -> pl.DataFrame:
    """The values, without the places they stand in."""
    values = [c for c in found.frame.columns if c not in ("row", "file", "record")]
    return found.frame.select(sorted(values))


def fixable(found: Records) -> list[str]:
    notes = [note for source in found.sources for note in source.sheet.notes]
    fine = ("the format does not say how many", "read as UTF-16")
    return [note for note in notes if not any(words in note for words in fine)]


def held(suffix: str, text: str) -> str | None:
    """What a format keeps of a text; None where it is refused."""
    if suffix == ".csv" and looks_like_formula(text):
        return f"'{text}"  # convert says so
    if suffix == ".xpt":
        return None if "\0" in text else text.rstrip(" ")  # SAS fills texts up with blanks
    return text


@pytest.mark.parametrize("suffix", data.FORMATS)
@examples(60)
@given(rows=ROWS)
def test_what_convert_writes_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, rows: Rows
) -> None:
    frame = standard(records(rows))
    kept = {text: held(suffix, text) for column in frame for text in column.drop_nulls()}
    path = tmp_path_factory.getbasetemp() / f"clean{suffix}"
    if None in kept.values():
        with pytest.raises(InputError):
            data.write(path, {"AE": frame})
        return
    data.write(path, {"AE": frame})
    again = read_log([path]).events
    wanted = frame.with_columns(pl.all().replace(list(kept), list(kept.values())))
    texts = [tuple(text or "" for text in row) for row in wanted.rows()]
    first = sheet_of(
        AdverseEvent, "rows", [dict(zip(frame.columns, r, strict=True)) for r in texts], Config()
    )
    assert typed(again).to_dicts() == typed(first).to_dicts()
    assert fixable(again) == []


def _csv(rows: Rows) -> bytes:
    return csv_text(rows).encode("utf-8-sig")  # without a mark, one é alone is asked about


def _grid(write: Callable[..., bytes]) -> Callable[[Rows], bytes]:
    return lambda rows: write({"AE": [[text or None for text in row] for row in rows]})


def _lines(rows: Rows) -> bytes:
    objects = [dict(zip(HEADER, row, strict=True)) for row in rows[1:]]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects).encode()


def _array(rows: Rows) -> bytes:
    return json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows[1:]]).encode()


MADE: dict[str, Callable[[Rows], bytes]] = {
    "ae.csv": _csv,
    "wide.csv": lambda rows: csv_text(rows).encode("utf-16"),
    "ae.tsv": lambda rows: csv_text(rows, "\t", "\r\n").encode("utf-8-sig"),
    "ae.xls": _grid(xls),
    "ae.xlsb": _grid(xlsb),
    "ae.ods": _grid(ods),
    "ae.jsonl": _lines,
    "ae.json": _array,
}
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def fits(name: str, text: str) -> bool:
    """Whether a format can hold a text, as the tests write it: an .ods breaks lines by elements."""
    if name == "ae.ods":
        return not NO_XML.search(text) and not re.search(r"\s", text)
    if name in ("ae.xls", "ae.xlsb"):  # calamine takes a mark at the start of a text away
        return text[:1] not in ("\ufeff", "\ufffe")
    return True


@pytest.mark.parametrize("name", MADE)
@examples(60)
@given(rows=ROWS)
def test_what_a_file_holds_is_read_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, name: str, rows: Rows
) -> None:
    rows = [tuple(t if fits(name, t) else "" for t in row) for row in rows]
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(MADE[name]([HEADER, *rows]))
    again = read_log([path]).events
    assert typed(again).to_dicts() == typed(records(rows)).to_dicts()
    assert fixable(again) == []
