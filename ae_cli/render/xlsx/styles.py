"""How cells look. Few styles, shared by all cells: a style of its own for each cell is slow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from ae_cli.findings import Severity

Look = Mapping[str, Any]

INK, PALE, LINE = "1F2937", "6B7280", "D1D5DB"
HEAD, BAND = "DCE6F1", "F3F4F6"
MAX_INDENT = 5


def _font(**how: Any) -> Font:
    return Font(**{"name": "Calibri", "sz": 11, "color": INK, **how})


def _align(horizontal: str | None = None, **how: Any) -> Alignment:
    return Alignment(horizontal, **{"vertical": "top", "wrap_text": True, **how})


def _look(font: Font, alignment: Alignment, ground: str = "", **more: Any) -> Look:
    fill = {"fill": PatternFill("solid", fgColor=ground)} if ground else {}
    return {"font": font, "alignment": alignment, **fill, **more}


PLAIN, BOLD, WORDS = _font(), _font(b=True), _font(color=PALE, i=True)
LEFT, CENTRE = _align(vertical="center"), _align("center", vertical="center")
ONE_LINE = _align(vertical="center", wrap_text=False)
UNDER = Border(bottom=Side("thin", color=LINE))
HAIR = Border(bottom=Side("hair", color=LINE))
EDGE = Border(bottom=Side("hair", color=LINE), left=Side("thin", color=LINE))

STYLES: dict[str, Look] = {
    "title": _look(_font(sz=14, b=True), ONE_LINE),
    "page title": _look(_font(sz=14, b=True), LEFT),
    "subtitle": _look(_font(color=PALE), LEFT),
    "head": _look(BOLD, LEFT, HEAD, border=UNDER),
    "head of numbers": _look(BOLD, CENTRE, HEAD, border=UNDER),
    "section": _look(BOLD, LEFT, BAND, border=UNDER),
    "text": _look(PLAIN, _align("left")),
    "number": _look(PLAIN, _align("right", indent=1)),
    "label": _look(PLAIN, LEFT, border=HAIR),
    "pale": _look(_font(color=PALE), ONE_LINE, border=HAIR),
    "count": _look(PLAIN, ONE_LINE, border=HAIR, number_format="0"),
    "decimal": _look(PLAIN, ONE_LINE, border=HAIR, number_format="0.0"),
    "first count": _look(PLAIN, ONE_LINE, border=EDGE, number_format="0"),
    "words": _look(WORDS, _align("left", indent=1, wrap_text=False), border=EDGE),
    "page cell": _look(PLAIN, CENTRE, border=HAIR),
    "page words": _look(WORDS, CENTRE, border=HAIR),
    "footnote": _look(_font(sz=9), _align()),
    Severity.ERROR: _look(_font(color="9C0006", b=True), _align(), "FFC7CE"),
    Severity.WARNING: _look(_font(color="7F4F00", b=True), _align(), "FFE699"),
    Severity.NOTE: _look(_font(color="4B5563", b=True), _align(), "E5E7EB"),
}
for depth in range(1, MAX_INDENT + 1):
    indented = _align("left", vertical="center", indent=depth)
    STYLES[f"label {depth}"] = _look(PLAIN, indented, border=HAIR)


def label(depth: int) -> str:
    """The style of a label that is indented."""
    return f"label {min(depth, MAX_INDENT)}" if depth else "label"
