"""Units as people write them, what they measure, and the factor from one to another for a test.

Sources: the SI prefixes and IUPAC standard atomic weights; see units.toml and tests.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SUPERSCRIPT = re.compile("(?<=10)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_POWER = re.compile(r"^[x×*]?10(?:\^|e|\*\*|\*|exp)?(\d{1,2})(?=/|cells|[a-z]*/)")


@dataclass(frozen=True, slots=True)
class Test:
    """A test of the thresholds: what it measures, how mass becomes amount, what is said of it."""

    __test__ = False  # no test of pytest's

    name: str
    kind: str = ""
    molar: float = 0.0
    valence: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, and how many base units one of it is."""

    name: str
    of: str
    size: float


def unit(text: str, kind: str = "") -> Unit | None:
    """The unit a text writes, for a test that measures `kind`; None where it is not known."""
    name = _data()["exact"].get(kind, {}).get(text.strip())
    return _units()[0][name] if name else _units()[1].get(normal(text))


def normal(text: str) -> str:
    """A unit in one form: small letters, no spaces, u for micro, powers as 10^9."""
    raised = _SUPERSCRIPT.sub(r"^\1", text)
    plain = unicodedata.normalize("NFKC", raised).casefold().replace("μ", "u").replace("µ", "u")
    plain = re.sub(r"\s+", "", plain).replace("⁄", "/").replace("∕", "/").replace("\\", "/")
    return _POWER.sub(r"10^\1", plain).replace("×10", "10")


def factor(test: Test, given: Unit, wanted: Unit) -> float | None:
    """What a number in `given` is multiplied by to be in `wanted`; None where they do not meet."""
    if given.of == wanted.of:
        return given.size / wanted.size
    ours, theirs = _moles(test, given.of), _moles(test, wanted.of)
    if ours is None or theirs is None:
        return None
    return given.size * ours / (wanted.size * theirs)


def _moles(test: Test, of: str) -> float | None:
    """Millimoles in one base unit of a kind of quantity, for a test."""
    match of:
        case "amount":
            return 1.0
        case "mass" if test.molar:
            return 1000 / test.molar
        case "charge" if test.valence:
            return 1 / test.valence
    return None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("ae_cli.labs").joinpath("units.toml").read_text("utf-8"))


@cache
def _units() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """The units by name, and by every normal form. A form of two units is refused."""
    named: dict[str, Unit] = {}
    forms: dict[str, Unit] = {}
    for name, entry in _data()["unit"].items():
        named[name] = Unit(name, entry["of"], float(entry["is"]))
        for form in {normal(name), *entry["written"]}:
            if forms.setdefault(form, named[name]) is not named[name]:
                raise ValueError(f"units.toml: {form!r} is two units")
    return named, forms
