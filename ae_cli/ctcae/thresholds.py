"""What CTCAE says of laboratory values: rules by version, term and unit, as data.

Source: CTCAE v4.03, v5.0 and v6.0, US National Cancer Institute; layout after pharmaverse admiral
(Apache-2.0). Numbers alone: no wording of a grade. The rules of a term and unit are tried in their
order and the first that holds gives the grade. There is no grade 5 among them.

Some terms are narrower than CTCAE's own: "Hypercalcemia (Ionized)", "Hypocalcemia (Ionized)" and
"Hyperglycemia (Fasting)" are rules of the term without the bracket, for another test. The unit
10^3/mL is what CTCAE writes as /mm3: a thousand a millilitre is one a microlitre.
"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ae_cli.ctcae.spelling import normal_form
from ae_cli.errors import InputError

LAB_VERSIONS = ("4.03", "5.0", "6.0")

# Where CTCAE tells two grades apart by symptoms or consequences, the rules take the worse. What
# is assumed, by term, version and grade, in our own words (15 terms and versions).
_EVERY, _LATER = LAB_VERSIONS, ("5.0", "6.0")
_INR = "assumes anticoagulation, on which multiples of baseline count"
_ENZYME = "assumes signs or symptoms; without them grade 2"
_ASSUMED: tuple[tuple[str, tuple[str, ...], tuple[int, ...], str], ...] = (
    ("INR increased", _EVERY, (1, 2, 3), _INR),
    ("Hypokalemia", _EVERY, (2,), "assumes symptoms; without them grade 1"),
    ("Hyperuricemia", _EVERY, (3,), "assumes physiological consequences; without them grade 1"),
    ("Hyponatremia", _LATER, (3,), "from 125 mmol/L assumes symptoms; without them grade 2"),
    ("Lipase increased", _LATER, (3, 4), _ENZYME),
    ("Serum amylase increased", _LATER, (3, 4), _ENZYME),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """One side of a rule: the value `op` `times` x `of` + `offset`; `of` is absolute, ULN, LLN or
    baseline. Of an absolute bound `times` is the number itself, in the rule's unit."""

    op: str
    times: float
    of: str
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the grade of a value (or of its change in percent) between two bounds.

    `baseline` is the condition on baseline, `also` a condition on the value besides, `requires`
    what must be known for the rule to be meant at all.
    """

    grade: int
    baseline: str
    metric: str
    lower: Bound | None
    upper: Bound | None
    also: Bound | None
    requires: str

    @property
    def bounds(self) -> tuple[Bound, ...]:
        return tuple(bound for bound in (self.lower, self.upper, self.also) if bound)

    @property
    def of_change(self) -> bool:
        return self.metric == "pct_change_from_baseline"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a term for values in one unit ("" where every bound is relative), in order."""

    version: str
    system: str
    term: str
    test: str
    direction: str
    unit: str
    rules: tuple[Rule, ...]

    def uses(self, of: str) -> bool:
        """Whether some bound is relative to this: ULN, LLN or baseline."""
        return any(bound.of == of for rule in self.rules for bound in rule.bounds)


@cache
def rule_sets(version: str) -> tuple[RuleSet, ...]:
    """The rules of a version, low terms before high ones. Raises InputError for an unknown one."""
    if version not in LAB_VERSIONS:
        raise InputError(
            f"there are no laboratory grades of CTCAE {version!r}", f"use {', '.join(LAB_VERSIONS)}"
        )
    found: dict[tuple[str, str, str, str, str], list[tuple[int, Rule]]] = {}
    for row in rows():
        if row["version"] == version:
            key = row["system"], row["term"], row["test"], row["direction"], row["unit"]
            found.setdefault(key, []).append((int(row["order"]), _rule(row)))
    made = [
        RuleSet(version, system, term, test, direction, unit, _in_order(rules))
        for (system, term, test, direction, unit), rules in found.items()
    ]
    return tuple(sorted(made, key=lambda s: (s.direction != "L", s.term, s.system != "SI")))


def _in_order(rules: list[tuple[int, Rule]]) -> tuple[Rule, ...]:
    return tuple(rule for _, rule in sorted(rules, key=lambda each: each[0]))


@cache
def by_term(version: str) -> dict[str, tuple[RuleSet, ...]]:
    """The rule sets of each term, one a unit; the same rules in two systems are given once."""
    found: dict[str, dict[tuple[object, ...], RuleSet]] = {}
    for each in rule_sets(version):
        found.setdefault(each.term, {}).setdefault((each.unit, each.rules), each)
    return {term: tuple(sets.values()) for term, sets in found.items()}


# The thresholds tell apart what CTCAE has under one term: Hypercalcemia (Ionized).
VARIANT = r" \([^()]*\)$"


def of_term(version: str, name: str) -> list[RuleSet]:
    """The rule sets of a CTCAE term and of its variants; none where no value decides its grade."""
    found = by_term(version).items()
    return [s for term, sets in found if re.sub(VARIANT, "", term) == name for s in sets]


@cache
def terms_of(version: str, test: str) -> tuple[str, ...]:
    """The terms that grade a test, low before high; none where the version has none."""
    return tuple(dict.fromkeys(s.term for s in rule_sets(version) if s.test == test))


@cache
def _terms(version: str) -> dict[str, str]:
    return {normal_form(term): term for term in by_term(version)}


def find_term(version: str, text: str) -> str | None:
    """The term that has thresholds, compared as the dictionary does: case, spaces, British."""
    return _terms(version).get(normal_form(text))


def assumption(version: str, term: str, grade: int) -> str:
    """What a grade of a term takes for granted of the participant; empty where nothing."""
    of_term = (each[1:] for each in _ASSUMED if each[0] == term)
    return next((s for vs, grades, s in of_term if version in vs and grade in grades), "")


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The rows of the table, as they stand."""
    return tuple(csv.DictReader(_data().decode("utf-8").splitlines()))


@cache
def sha256() -> str:
    """The hash of the table."""
    return hashlib.sha256(_data()).hexdigest()


def _data() -> bytes:
    return files("ae_cli.ctcae").joinpath("data", "lab-thresholds.csv").read_bytes()


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        int(row["grade"]), row["baseline"], row["metric"],
        _bound(row, "lower"), _bound(row, "upper"), _also(row["also"]), row["requires"],
    )  # fmt: skip


def _bound(row: dict[str, str], side: str) -> Bound | None:
    if not row[f"{side}_op"]:
        return None
    offset = float(row[f"{side}_offset"] or 0)
    return Bound(row[f"{side}_op"], float(row[side]), row[f"{side}_of"], offset)


def _also(text: str) -> Bound | None:
    """A condition besides, such as "value < 1 x LLN"."""
    if not text:
        return None
    value, op, times, by, of = text.split()
    if (value, by) != ("value", "x") or of not in ("LLN", "ULN"):
        raise ValueError(f"lab-thresholds.csv: {text!r} is not understood")
    return Bound(op, float(times), of)
