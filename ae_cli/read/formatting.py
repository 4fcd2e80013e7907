"""How a workbook shows its cells: number formats with leading zeros, and text struck through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from ae_cli.read.package import DAMAGED, OPENED, Package, broken
from ae_cli.read.sheet import Sheet
from ae_cli.read.walk import Strings, Struck, Walk

_LEADING_ZEROS = re.compile(rb"""formatCode\s*=\s*(?:"[^"]*0{2,}[^"]*"|'[^']*0{2,}[^']*')""")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_UNSEEN = re.compile(r"\[[^\]]*\]|_.|\*.")  # a colour or language, a width, a filling
STYLES, STRINGS = "xl/styles.xml", "xl/sharedstrings.xml"


def struck(package: Package) -> Struck:
    """What strikes text through in this workbook, which is nothing in nearly all of them."""
    styles = package.read(STYLES)
    fonts = _struck_styles(package, styles) if b"strike" in styles else frozenset()
    name = package.names.get(STRINGS)
    if name is None or not _says(package.checked(name), b"strike"):
        return Struck(fonts)
    return Struck(fonts, Strings().over(package.checked(name)))


def _says(chunks: Iterable[bytes], word: bytes) -> bool:
    """Whether a word stands in a part, which is read to its end, since it is checked on the way."""
    found, before = False, b""
    for chunk in chunks:
        found = found or word in before[-len(word) :] + chunk
        before = chunk
    return found


def _struck_styles(package: Package, styles: bytes) -> frozenset[int]:
    tree = _tree(package, styles)
    fonts = {i for i, font in enumerate(_within(tree, "fonts")) if _strikes(font)}
    formats = enumerate(_within(tree, "cellXfs"))
    return frozenset(i for i, xf in formats if int(xf.get("fontId", 0)) in fonts)


def _strikes(font: ElementTree.Element) -> bool:
    found = [e for e in font if e.tag.rpartition("}")[2] == "strike"]
    return any(element.get("val", "1") in ("1", "true", "on") for element in found)


def _tree(package: Package, data: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(data)
    except DAMAGED as error:
        raise broken(package.path) from error


def _within(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return next((list(e) for e in tree if e.tag.rpartition("}")[2] == name), [])


def has_zero_formats(data: bytes) -> bool:
    """Whether any cell style of the workbook could show leading zeros."""
    if not data.startswith(b"PK"):
        return False
    styles = Package("", data, OPENED).read(STYLES)
    return bool(_LEADING_ZEROS.search(styles.replace(b"&quot;", b"")))


def shown_identifiers(data: bytes, sheet: Sheet, column: int) -> dict[int, str]:
    """Row to text, for numbers of a column whose number format shows leading zeros: 001."""
    package = Package(sheet.path, data, OPENED)
    part = dict(package.sheets())[str(sheet.name)]
    walk = _Identifiers(_zero_formats(package), column + 1)
    walk.over(package.checked(part))
    return walk.shown


def _zero_formats(package: Package) -> dict[int, str]:
    """Style to number format, for those that could show leading zeros."""
    tree = _tree(package, package.read(STYLES))
    codes = {e.get("numFmtId"): e.get("formatCode", "") for e in _within(tree, "numFmts")}
    styles = enumerate(codes.get(xf.get("numFmtId"), "") for xf in _within(tree, "cellXfs"))
    return {style: code for style, code in styles if "00" in code}


class _Identifiers(Walk):
    """The numbers of one column as their formats show them."""

    def __init__(self, formats: dict[int, str], column: int) -> None:
        super().__init__(Struck())
        self.formats, self.wanted, self.shown = formats, column, dict[int, str]()

    def ended(self, text: str) -> None:
        code = self.formats.get(int(self.at.get("s", 0)))
        if self.column != self.wanted or code is None or not text or self.at.get("t", "n") != "n":
            return
        number = float(text)
        if number.is_integer() and number >= 0:
            shown = zero_filled(int(number), code)
            if shown is not None and shown != str(int(number)):
                self.shown[self.row] = shown


def zero_filled(number: int, number_format: str) -> str | None:
    """A whole number as a format of zeros and literal text shows it; None for other formats.

    >>> zero_filled(1, "000"), zero_filled(12, '"S-"000'), zero_filled(1001, "00-000")
    ('001', 'S-012', '01-001')
    """
    pattern = number_format.split(";", maxsplit=1)[0]
    marks = _QUOTED.sub(lambda m: "\0" * len(m.group(1) or m.group(2) or ""), pattern)
    marks = _UNSEEN.sub("", marks)
    literals = iter("".join(m.group(1) or m.group(2) or "" for m in _QUOTED.finditer(pattern)))
    if not re.fullmatch(r"[0\0\- /]*", marks) or "00" not in marks.replace("\0", ""):
        return None
    digits = list(str(number).zfill(marks.count("0")))
    extra = len(digits) - marks.count("0")
    out = []
    for mark in marks:
        if mark == "0":
            out.append("".join(digits[: extra + 1]))
            digits, extra = digits[extra + 1 :], 0
        else:
            out.append(next(literals) if mark == "\0" else mark)
    return "".join(out)
