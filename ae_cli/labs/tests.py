"""Which laboratory test is meant: codes and names as people write them, matched exactly.

Only writing is forgiven: case, spaces, punctuation, a specimen beside the name (serum albumin) and
a unit or a second name of the same test in brackets. Other words are offered, never applied.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files

from ae_cli.labs.units import Test, unit

NEAR = 0.75
_BLOOD = re.compile(r"\b(?:serum|plasma|whole blood|blood)\b|血清|血浆|全血", re.IGNORECASE)
_ARTERY = re.compile(r"arter|venous|vein|capillar|血", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"urin|cerebrospinal|\bcsf\b|stool|f(?:a)?eces|f(?:a)?ecal|saliva|sputum|ascit|pleural|synovial|"
    r"dialysate|尿|脑脊液|粪|便常规|唾液|痰|腹水|胸水|积液",
    re.IGNORECASE,
)
_BLANK = ("na", "")
ELSEWHERE = "not a test of blood"
_NO_BRACKETS = r"[^()\[\]（）【】]*"
_BRACKETS = re.compile(
    r"^(?P<out>.*?)\s*[(\[（【]"
    rf"(?P<inside>{_NO_BRACKETS}(?:\([^()]*\))?{_NO_BRACKETS})[)\]）】]\s*$"
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a code or name means: a test, with a note; or none, and why it is not graded.

    `blood` tells that the name alone does not say that blood was examined.
    """

    test: str = ""
    note: str = ""
    why: str = ""
    blood: bool = False


def test(name: str) -> Test:
    """A test of the thresholds by the name they give it."""
    return _tables()[0][name]


def tests() -> tuple[str, ...]:
    """All tests of the thresholds."""
    return tuple(_tables()[0])


def elsewhere(text: str) -> bool:
    """Whether a name, a specimen or a category says that it was not blood."""
    return bool(_ELSEWHERE.search(text))


def is_blood(text: str) -> bool:
    """Whether a specimen is blood, or a part of it."""
    return bool(_BLOOD.search(text) or _ARTERY.search(text)) and not elsewhere(text)


@lru_cache(maxsize=65536)
def meant(code: str, name: str) -> Meant:
    """Which test a code and a name mean together; the name may say more (fasting, corrected)."""
    if elsewhere(code) or elsewhere(name):
        return Meant(why=ELSEWHERE)
    by_code, by_name = _one(code), _one(name)
    if by_name and _squash(code) in _BLANK:  # not applicable, where the name is not sodium
        by_code = None
    if by_code is None or by_name is None:
        return by_code or by_name or Meant(why=_unknown(name or code))
    if by_code.test == by_name.test or _narrower(by_code.test, by_name.test):
        return by_name
    if _narrower(by_name.test, by_code.test):
        return by_code
    why = by_name.why if by_name.why and not by_name.test else "code and name of the test disagree"
    return Meant(why=why)


def bracketed(name: str) -> str:
    """What stands in brackets at the end of a name: a unit, as ADaM writes it."""
    found = _BRACKETS.match(unicodedata.normalize("NFKC", name))
    return found["inside"].strip() if found else ""


def _narrower(one: str, other: str) -> bool:
    return (one, other) == ("Glucose", "Glucose (fasting)")


def _one(text: str) -> Meant | None:
    if not text.strip():
        return None
    if found := _found(text):
        return found
    brackets = _BRACKETS.match(unicodedata.normalize("NFKC", text))
    outside = _found(brackets["out"]) if brackets else None
    if outside is None or brackets is None:
        return None
    return outside if _says_nothing(brackets["inside"], outside) else None


def _says_nothing(inside: str, outside: Meant) -> bool:
    """Whether brackets hold only a unit, the specimen blood, or the same test once more."""
    same = _found(inside)
    if same is not None:
        return same.test == outside.test
    kind = test(outside.test).kind if outside.test else ""
    return bool(unit(inside, kind)) or not _BLOOD.sub("", inside).strip() or not outside.test


def _found(text: str) -> Meant | None:
    known = _tables()[1]
    return known.get(_squash(text)) or known.get(_squash(_BLOOD.sub(" ", text)))


def _squash(text: str) -> str:
    return re.sub(r"[^\w%#+]+|_", "", unicodedata.normalize("NFKC", text).casefold())


def _unknown(text: str) -> str:
    if not text.strip():
        return "no test is named"
    names = {form: name for name, form in _tables()[2].items()}
    near = get_close_matches(_squash(text), names, 1, NEAR)
    return "test not known" + (f"; {names[near[0]]} is near" if near else "")


@cache
def _tables() -> tuple[dict[str, Test], dict[str, Meant], dict[str, str]]:
    """Tests by name, meanings by squashed spelling, and spellings as people write them."""
    data = tomllib.loads(files("ae_cli.labs").joinpath("tests.toml").read_text("utf-8"))
    known: dict[str, Test] = {}
    forms: dict[str, Meant] = {}
    spelled: dict[str, str] = {}
    for name, entry in data["test"].items():
        note = entry.get("note", "")
        known[name] = Test(
            name, entry.get("kind", ""), entry.get("molar", 0.0), entry.get("valence", 0), note
        )
        for spelling in (name, *entry["names"]):
            _add(forms, spelled, spelling, Meant(name))
        for spelling in entry.get("also", []):
            _add(forms, spelled, spelling, Meant(name, note))
        for spelling in entry.get("in_blood", []):
            _add(forms, spelled, spelling, Meant(name, blood=True))
    for why, spellings in data["not_graded"].items():
        for spelling in spellings:
            _add(forms, spelled, spelling, Meant(why=why))
    return known, forms, spelled


def _add(forms: dict[str, Meant], spelled: dict[str, str], spelling: str, meaning: Meant) -> None:
    form = _squash(spelling)
    if forms.setdefault(form, meaning) != meaning:
        raise ValueError(f"tests.toml: {spelling!r} stands for two tests")
    spelled[spelling] = form
