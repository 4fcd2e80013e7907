"""Workbooks laid out like NCI's, with invented wording: NCI's words are not in this repository."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import formats
from conftest import write_xlsx

from ae_cli.ctcae import Term, dictionary

GRADES = ("Grade 1 ", "Grade 2\u00a0", "Grade\u00a03", "Grade 4", " Grade 5")
UNDEFINED = ("-", " -", "–", "", "\u00a0-\u00a0")
Row = list[Any]
Edit = Callable[[list[Row]], None]


def wording(term: Term, grade: int) -> str:
    """Invented."""
    return f"wording of grade {grade} of {term.name}"


def graded(term: Term) -> list[str]:
    undefined = UNDEFINED[len(term.name) % len(UNDEFINED)]
    return [wording(term, g) if term.permits(g) else undefined for g in range(1, 6)]


def definition(term: Term) -> str:
    return f"A disorder invented\u00a0to stand for\n{term.name}"


def rows_4_03() -> list[Row]:
    """Classes stand in rows of their own, below a title."""
    head = ["MedDRA v12.0 Code", "CTCAE v4.0 SOC", "CTCAE v4.0 Term", *GRADES,
            "CTCAE v4.0 AE Term Definition"]  # fmt: skip
    rows: list[Row] = [["Common Terminology Criteria (invented)"], [], head]
    book = dictionary("4.03")
    for soc in book.classes:
        rows.append([None, soc])
        of_class = [term for term in book.terms if term.soc == soc]
        rows += [[int(t.code), "", t.name, *graded(t), definition(t)] for t in of_class]
    return [*rows, ["A semi-colon means or (a footnote)"]]


def rows_5_0() -> list[Row]:
    head = ["MedDRA Code", "MedDRA SOC\u00a0", "CTCAE Term ", *GRADES, "Definition",
            "Navigational Note"]  # fmt: skip
    terms = dictionary("5.0").terms
    return [head, *([t.code, t.soc, t.name, *graded(t), definition(t), "-"] for t in terms)]


def rows_6_0(term: str = "CTCAE v6.0 Term") -> list[Row]:
    head = ["MedDRA Code", "MedDRA SOC", term, *GRADES, "Definition", "Navigational Note",
            "CTCAE v6.0 Change"]  # fmt: skip
    terms = dictionary("6.0").terms
    return [head, *([int(t.code), t.soc, t.name, *graded(t), definition(t), "See also", "Wording"]
                    for t in terms)]  # fmt: skip


def pages(version: str, edit: Edit = lambda rows: None) -> dict[str, Sequence[Row]]:
    """The sheets of a version's workbook. `edit` changes the rows of the one with the terms."""
    rows = {"4.03": rows_4_03, "5.0": rows_5_0, "6.0": rows_6_0}[version]()
    edit(rows)
    if version != "6.0":
        return {"CTCAE": rows}
    mapping = [["CTCAE v5.0 Term", "CTCAE v6.0 Term"], ["Rash", "Rash"], ["Pain", "Pain"]]
    marked = [[*row[:2], f"{row[2]} (was other)", *row[3:]] for row in rows[1:]]
    return {"Mapping": mapping, "Tracked": [rows[0], *marked], "CTCAE v6.0 Clean Copy": rows}


def workbook(path: Path, version: str, edit: Edit = lambda rows: None) -> Path:
    """Written as its suffix says."""
    if path.suffix == ".xlsx":
        return write_xlsx(path, pages(version, edit))
    path.write_bytes(getattr(formats, path.suffix[1:])(pages(version, edit)))
    return path
