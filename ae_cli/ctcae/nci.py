"""NCI's own CTCAE workbook: which of its rows are terms, and what it says of each.

Its layout differs by version: the headers name the version or not, hold non-breaking spaces and
trailing blanks, classes stand in a column or in rows of their own, and a grade that is not defined
is a dash or a blank. So columns are found by what their headers say, and rows by having a term.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ae_cli.ctcae.dictionary import VERSIONS, Dictionary, dictionary
from ae_cli.ctcae.spelling import normal_form
from ae_cli.errors import InputError

DEPTH = 40  # rows looked at for the header: a title stands above it
LEAST = 0.5  # of the terms of a version: with fewer in common it is another kind of workbook
REMEDY = "give the Excel file of the CTCAE that NCI publishes, as it was downloaded"

_OF = r"(?:ctcae )?(?:v(?:ersion)? ?)?(?:\d[\d.]* )?"  # "CTCAE v6.0 "
_HEADERS = {
    "term": rf"{_OF}(?:ae |adverse event )?term(?: name)?(?: \(.*\))?",
    "soc": r"(?:.* )?(?:soc|system organ class)(?: \(soc\))?",
    "code": r"(?:.* )?code",
    "definition": r"(?:.* )?definition(?: .*)?",
    "note": r"(?:.* )?navigational notes?",
    **{str(grade): rf"{_OF}grade ?{grade}(?: .*)?" for grade in range(1, 6)},
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _HEADERS.items()}
_VERSION = re.compile(r"\d+\.\d+")
_NONE = re.compile(r"[\s\-\u2010-\u2015\u2212]*")

Rows = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as the workbook has it. `grades` has the wording of those it defines."""

    name: str
    soc: str
    code: str
    grades: dict[int, str] = field(default_factory=dict)
    definition: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its name and its rows as text."""

    name: str
    rows: Rows


def read(where: str, pages: Iterable[Page], version: str | None = None) -> tuple[str, list[Entry]]:
    """The version of a workbook and its terms, from the sheet that has most of them.

    Raises InputError where no sheet has the columns of a CTCAE workbook or enough of the terms of
    a version, and where `version` is not the one that fits best.
    """
    found = [(page.name, entries) for page in pages if (entries := list(_entries(page.rows)))]
    if not found:
        raise InputError(
            f"{where} has no sheet with CTCAE terms and a column for each grade", REMEDY
        )
    likely = [(_likeness(e, dictionary(v)), v, n, e) for v in VERSIONS for n, e in found]
    share, best, _, entries = max(likely, key=lambda fit: (fit[0], "clean" in fit[2].casefold()))
    if share < LEAST:
        told = f"its rows share {share:.0%} of the terms of CTCAE {best}"
        raise InputError(
            f"{where} is not NCI's CTCAE workbook: {told}, the version nearest", REMEDY
        )
    if version and dictionary(version).version != best:
        raise InputError(
            f"{where} is CTCAE {best} by its terms, not {version}", "leave out --ctcae"
        )
    return best, entries


def _likeness(entries: Sequence[Entry], book: Dictionary) -> float:
    """The share of terms that the workbook and a version have in common, 0 to 1."""
    ours = {normal_form(term.name) for term in book.terms}
    theirs = {normal_form(entry.name) for entry in entries}
    return len(ours & theirs) / len(ours | theirs)


def _entries(rows: Rows) -> Iterable[Entry]:
    """The terms of a sheet; none where it has no such header."""
    columns: dict[str, int] = {}
    soc = ""
    for number, row in enumerate(rows):
        if not columns:
            columns = _columns(row) if number < DEPTH else {}
            continue
        texts = {name: clean(row[i]) for name, i in columns.items()}
        filled = {text for cell in row if (text := clean(cell))}
        if len(filled) == 1:  # a row of one text is a class above its terms, or a footnote
            soc = _known_class(filled.pop()) or soc
        elif texts["term"] and not _PATTERNS["term"].fullmatch(_header(texts["term"])):
            yield _entry(texts, soc)


def _entry(texts: dict[str, str], soc: str) -> Entry:
    grades = {g: text for g in range(1, 6) if not _NONE.fullmatch(text := texts.get(str(g), ""))}
    return Entry(
        texts["term"], texts.get("soc") or soc, texts.get("code", ""), grades,
        *("" if _NONE.fullmatch(text) else text for text in _more(texts)),
    )  # fmt: skip


def _more(texts: dict[str, str]) -> tuple[str, str]:
    return texts.get("definition", ""), texts.get("note", "")


def _columns(row: Sequence[str]) -> dict[str, int]:
    """Which column holds what, where a row is the header: a term, and each grade."""
    headers = [_header(cell) for cell in row]
    found = {name: _newest(headers, pattern) for name, pattern in _PATTERNS.items()}
    columns = {name: at for name, at in found.items() if at is not None}
    return columns if {"term", *"12345"} <= columns.keys() else {}


def _newest(headers: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    """The column whose header fits; of several, as of two versions, that of the newest."""
    found = [(_version(text), -i) for i, text in enumerate(headers) if pattern.fullmatch(text)]
    return -max(found)[1] if found else None


def _version(header: str) -> float:
    return max(map(float, _VERSION.findall(header)), default=0.0)


def _known_class(text: str) -> str:
    return next((soc for v in reversed(VERSIONS) if (soc := dictionary(v).soc(text))), "")


def _header(text: str) -> str:
    return clean(unicodedata.normalize("NFKC", text)).casefold().rstrip(" .:*")


def clean(text: str) -> str:
    """A text in one line: non-breaking spaces and line breaks are spaces, and nothing else is
    changed, such as the figures of 10⁹."""
    return " ".join(text.split())
