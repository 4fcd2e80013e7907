"""Statistics against R's figures, against enumeration, and in the corners."""

from __future__ import annotations

import csv
import doctest
import itertools
import json
import math
import runpy
from math import comb, inf
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ae_cli import statistics
from ae_cli.statistics import Estimate, Interval, NotEstimable, Test

FACTS = Path(__file__).parents[2] / "shared" / "facts"
CLOSE = 1e-6
LOOSE = {  # R looks for these roots and maxima to about four digits
    "BinomCI_midp": 1e-4, "fisher_exact_two_sided": 1e-3, "boschloo": 1e-4,
}  # fmt: skip


def figures() -> list[dict[str, str]]:
    """R's figures; none where the folder of facts is not beside the project."""
    path = FACTS / "statistics.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def two(x: Any) -> tuple[int, int, int, int]:
    return x["x1"], x["n1"], x["x2"], x["n2"]


def ca(x: Any, method: str, direction: str = "two-sided") -> Any:
    return statistics.trend(x["events"], x["n"], x["score"], method, direction)  # type: ignore[arg-type]


OURS: dict[str, Any] = {
    "clopper_pearson": lambda x: statistics.interval(x["x"], x["n"]),
    "wilson": lambda x: statistics.interval(x["x"], x["n"], "wilson"),
    "BinomCI_jeffreys": lambda x: statistics.interval(x["x"], x["n"], "jeffreys"),
    "BinomCI_midp": lambda x: statistics.interval(x["x"], x["n"], "mid-p"),
    "newcombe": lambda x: statistics.difference(*two(x)),
    "miettinen_nurminen": lambda x: statistics.difference(*two(x), "miettinen-nurminen"),
    "miettinen_nurminen_reference40digit": lambda x: statistics.difference(
        *two(x), "miettinen-nurminen"
    ),
    "boschloo": lambda x: statistics.boschloo(*two(x)),
    "poisson_exact_garwood": lambda x: statistics.rate(x["events"], x["person_time"]),
    "poisson_rate_ratio_exact": lambda x: statistics.rate_ratio(
        x["x1"], x["t1"], x["x2"], x["t2"]
    ),
    "poisson_rate_difference_MN": lambda x: statistics.rate_difference(
        x["x1"], x["t1"], x["x2"], x["t2"]
    ),
}  # fmt: skip


def ours(stat: str, key: str, x: Any) -> float | None:
    """Our figure; None where we give a reason instead, or have no such figure."""
    if stat == "fisher_exact_two_sided":
        found = statistics.fisher(*two(x)) if key == "p" else statistics.odds_ratio(*two(x))
        key = {"odds_ratio_cmle": "estimate", "or_lower": "lower", "or_upper": "upper"}.get(
            key, key
        )
    elif stat == "poisson_rate_ratio_exact" and key == "p":
        found = statistics.rate_test(x["x1"], x["t1"], x["x2"], x["t2"])
    elif stat == "cochran_armitage_asymptotic":
        found = ca(x, "asymptotic")
    elif stat == "cochran_armitage_exact_enumerated":
        side = {"upper": "increasing", "lower": "decreasing", "two_sided_absdev": "two-sided"}
        if key not in side:
            return None
        found, key = ca(x, "exact", side[key]), "p"
    elif stat in OURS:
        found = OURS[stat](x)
    else:
        return None
    if isinstance(found, NotEstimable):
        return None
    names = {"p": "pvalue", "p_two_sided": "pvalue", "est": "estimate", "rate": "estimate",
             "ratio": "estimate", "Z": "statistic"}  # fmt: skip
    if key == "chisq":
        return found.statistic**2
    return getattr(found, names.get(key, key), None)


# exact2x2 stops at the lower of two peaks over the common proportion: twice 0.0251 at 0.21, not
# 0.0302 at 0.68. `test_boschloo_takes_the_highest_peak` holds ours against a grid.
LOWER_PEAK = ("boschloo", "0.0502572813432243")


def cases() -> list[Any]:
    found = []
    for row in figures():
        x = json.loads(row["input"])
        if "data" in x or row["value"] in ("NaN", "NA") or "ERROR" in row["value"]:
            continue
        rounded = "PropCIs" in row["package"]  # prints four digits
        ours_ = ours(row["stat"], row["key"], x)
        lower = (row["stat"], row["value"]) == LOWER_PEAK
        if ours_ is not None and not rounded and not lower:
            name = f"{row['stat']}-{row['key']}-{row['input']}"
            found.append(pytest.param(row, ours_, id=name))
    return found


@pytest.mark.parametrize(("row", "value"), cases())
def test_a_figure_is_that_of_r(row: dict[str, str], value: float) -> None:
    wanted = float(row["value"].replace("Inf", "inf"))
    close = LOOSE.get(row["stat"], CLOSE)
    assert value == wanted or abs(value - wanted) <= close * max(1, abs(wanted))


@pytest.mark.skipif(not figures(), reason="the facts are not beside the project")
def test_most_of_the_figures_are_ours() -> None:
    """Other tests than ours, and figures that R has not, are left."""
    assert len(cases()) > 200


# Against enumeration


def tables(n: int, totals: tuple[int, ...]) -> list[tuple[int, ...]]:
    ranges = (range(total + 1) for total in totals)
    return [table for table in itertools.product(*ranges) if sum(table) == n]


@pytest.mark.parametrize("totals", [(1, 2, 3), (5, 5, 5), (5, 3, 4), (2, 5, 1)])
@pytest.mark.parametrize("scores", [(0, 1, 2), (1, 10, 100), (0.0, math.log(3), math.log(10))])
def test_the_exact_trend_is_that_of_all_tables(
    totals: tuple[int, ...], scores: tuple[float, ...]
) -> None:
    N = sum(totals)
    for n in range(N + 1):
        ways = {t: math.prod(map(comb, totals, t)) for t in tables(n, totals)}
        assert sum(ways.values()) == comb(N, n)
        score = {t: sum(x * s for x, s in zip(t, scores, strict=True)) for t in ways}
        mean = sum(w * score[t] for t, w in ways.items()) / comb(N, n)
        for table in ways:
            far = {t for t in ways if abs(score[t] - mean) >= abs(score[table] - mean) - 1e-9}
            high = {t for t in ways if score[t] >= score[table] - 1e-9}
            for direction, such in (("two-sided", far), ("increasing", high)):
                wanted = sum(ways[t] for t in such) / comb(N, n)
                found = statistics.trend(table, totals, scores, direction=direction)  # type: ignore[arg-type]
                assert isinstance(found, Test)
                assert found.pvalue == pytest.approx(wanted, abs=1e-12)


def binomial(N: int, p: float) -> list[float]:
    return [comb(N, k) * p**k * (1 - p) ** (N - k) for k in range(N + 1)]


def test_boschloo_takes_the_highest_peak() -> None:
    """0 of 10 against 3 of 8, on a grid of common proportions."""
    N1, N2 = 10, 8

    def lower_tail(a: int, b: int) -> float:
        ks = range(max(0, a + b - N2), a + 1)
        return sum(comb(N1, k) * comb(N2, a + b - k) for k in ks) / comb(N1 + N2, a + b)

    seen = lower_tail(0, 3)
    such = [(a, b) for a in range(N1 + 1) for b in range(N2 + 1)
            if lower_tail(a, b) <= seen * (1 + 1e-9)]  # fmt: skip
    grid = [
        sum(one[a] * two[b] for a, b in such)
        for p in (i / 2000 for i in range(2001))
        for one, two in ((binomial(N1, p), binomial(N2, p)),)
    ]
    found = statistics.boschloo(0, N1, 3, N2)
    assert isinstance(found, Test)
    assert found.pvalue == pytest.approx(2 * max(grid), abs=1e-6)


# Survival: R's survival package on facts/tte_small.csv


def curves() -> dict[str, tuple[list[float], list[bool]]]:
    found: dict[str, tuple[list[float], list[bool]]] = {}
    with (FACTS / "tte_small.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            times, events = found.setdefault(row["group"], ([], []))
            times.append(float(row["time"]))
            events.append(row["event"] == "1")
    return found


@pytest.mark.skipif(not figures(), reason="the facts are not beside the project")
@pytest.mark.parametrize("month", [3, 6])
@pytest.mark.parametrize("method", ["plain", "log-log"])
def test_survival_is_that_of_r(month: int, method: str) -> None:
    wanted = {
        row["key"]: row["value"].split(";")
        for row in figures()
        if row["stat"] == f"km_month{month}" and json.loads(row["input"])["conf.type"] == method
    }
    for i, group in enumerate(name.removeprefix("group=") for name in wanted["group"]):
        found = statistics.survival_at(*curves()[group], month, method)
        assert isinstance(found, Estimate)
        for key, value in (
            ("surv", found.estimate),
            ("lower", found.lower),
            ("upper", found.upper),
        ):
            assert value == pytest.approx(float(wanted[key][i]), abs=CLOSE)


@pytest.mark.parametrize(("deaths", "of"), [(0, 8), (1, 8), (3, 8), (8, 8)])
def test_without_loss_survival_is_a_proportion(deaths: int, of: int) -> None:
    times = [float(i + 1) for i in range(deaths)] + [12.0] * (of - deaths)
    events = [True] * deaths + [False] * (of - deaths)
    found, exact = statistics.survival_at(times, events, 12), statistics.interval(of - deaths, of)
    assert isinstance(found, Estimate) and isinstance(exact, Interval)
    assert (found.lower, found.upper) == pytest.approx((exact.lower, exact.upper))
    assert found.estimate == pytest.approx(1 - deaths / of)


def test_loss_widens_the_interval_of_survival() -> None:
    whole = statistics.survival_at([1.0, 2, 6, 6, 6, 6, 6, 6], [True, True] + [False] * 6, 6)
    lost = statistics.survival_at([1.0, 2, 1.5, 3, 4, 6, 6, 6], [True, True] + [False] * 6, 6)
    assert isinstance(whole, Estimate) and isinstance(lost, Estimate)
    assert lost.upper - lost.lower > whole.upper - whole.lower
    nobody = statistics.survival_at([1.0, 2.0], [False, False], 6)
    assert nobody == NotEstimable("nobody was followed so long")


def test_an_exchange_of_groups_gives_the_log_rank_p_value() -> None:
    """Of 4 and 4: the share of the 70 exchanges that lie as far, enumerated."""
    times, events = [1.0, 2, 3, 4, 5, 6, 7, 8], [True] * 6 + [False] * 2
    groups = ["a", "a", "a", "b", "a", "b", "b", "b"]
    exact = statistics.logrank(times, events, groups, rounds=20_000)
    assert isinstance(exact, Test)
    scores = [e - sum(1 / (8 - k) for k in range(6) if k + 1 <= t)
              for t, e in zip(times, events, strict=True)]  # fmt: skip
    seen = abs(sum(s for s, g in zip(scores, groups, strict=True) if g == "a"))
    sums = [abs(sum(scores[i] for i in chosen)) for chosen in itertools.combinations(range(8), 4)]
    share = sum(s >= seen - 1e-9 for s in sums) / 70
    assert exact.pvalue == pytest.approx(share, abs=0.01)
    again = statistics.logrank(times, events, groups, rounds=20_000)
    assert again == exact
    plain = statistics.logrank(times, events, groups)
    assert isinstance(plain, Test) and 0 < plain.pvalue < 0.2


def test_a_death_competes_and_loss_does_not() -> None:
    times, causes = [1.0, 2.0, 3.0, 4.0], ["event", "death", "event", None]
    points = statistics.aalen_johansen(times, causes, "event")
    assert [(p.time, p.value) for p in points] == [(1.0, 0.25), (3.0, 0.5)]
    lost = statistics.aalen_johansen(times, ["event", None, "event", None], "event")
    assert lost[-1].value == pytest.approx(0.25 + 0.75 / 2)


def test_who_has_died_has_no_more_events() -> None:
    events, ends = [[1.0, 3.0], [2.0], []], [4.0, 2.5, 4.0]
    points = statistics.mean_cumulative(events, ends, [False, True, False])
    assert [(p.time, round(p.value, 6)) for p in points] == [
        (1.0, 0.333333), (2.0, 0.666667), (3.0, 1.0),
    ]  # fmt: skip
    lost = statistics.mean_cumulative(events, ends, [False, False, False])
    assert lost[-1].value == pytest.approx(2 / 3 + 1 / 2)


# In the corners

PAIRS = [(0, 8, 0, 8), (8, 8, 8, 8), (0, 8, 8, 8), (8, 8, 0, 8), (0, 0, 3, 8), (3, 8, 0, 0),
         (0, 0, 0, 0), (0, 1, 1, 1), (4, 8, 4, 8)]  # fmt: skip


def numbers(found: Any) -> list[float]:
    return [getattr(found, name) for name in found.__slots__ if name != "reason"]


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_of_two_groups_is_nan(pair: tuple[int, int, int, int]) -> None:
    found = [
        *(statistics.difference(*pair, method) for method in statistics.DIFFERENCES),
        statistics.ratio(*pair), statistics.odds_ratio(*pair), statistics.boschloo(*pair),
    ]  # fmt: skip
    for each in found:
        assert isinstance(each, NotEstimable) == (not (pair[1] and pair[3])) or each.reason
        assert not any(math.isnan(number) for number in numbers(each))
    fisher = statistics.fisher(*pair)
    assert isinstance(fisher, NotEstimable) or 0 <= fisher.pvalue <= 1


def test_events_that_cluster_have_an_interval_over_people() -> None:
    """Whoever the events are of: one of forty with all of them is no even spread."""
    even, one, times = [1] * 40, [36, 1, 1, 1, 1] + [0] * 35, [5.0] * 40
    assert statistics.clustered_rate(even, times) == Estimate(0.2, 0.2, 0.2)
    spread = statistics.clustered_rate(one, times)
    assert isinstance(spread, Estimate) and spread.lower < 0.05 and spread.upper > 0.5
    assert statistics.clustered_rate(one[::-1], times) == spread
    for few in (one[:29], [0] * 36 + [1] * 4):
        found = statistics.clustered_rate(few, times[: len(few)])
        assert isinstance(found, NotEstimable) and "30 people" in found.reason
    assert isinstance(statistics.clustered_rate([0], [0.0]), NotEstimable)
    for refused in (([1], [1.0, 2.0]), ([-1], [1.0]), ([1], [math.nan])):
        with pytest.raises(ValueError):
            statistics.clustered_rate(*refused)


def test_what_has_no_answer_says_why() -> None:
    for found in (
        statistics.interval(0, 0), statistics.bound(0, 0), statistics.ratio(0, 8, 0, 8),
        statistics.trend([0, 0], [8, 0], [0, 1]), statistics.trend([0], [8], [0]),
        statistics.trend([0, 0], [8, 8], [0, 1], "asymptotic"), statistics.rate(1, 0),
        statistics.rate_ratio(0, 1, 0, 1), statistics.rate_difference(0, 0, 1, 1),
        statistics.rate_test(0, 1, 0, 1), statistics.survival_at([], [], 1),
        statistics.logrank([1.0], [True], ["a"]), statistics.logrank([1.0, 2], [False] * 2, "ab"),
        statistics.survival_at([6.0], [False], 6, "log-log"),
    ):  # fmt: skip
        assert isinstance(found, NotEstimable) and found.reason
    assert statistics.trend([0, 0], [8, 8], [0, 1]) == Test(0, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: statistics.interval(9, 8), lambda: statistics.interval(-1, 8),
        lambda: statistics.interval(1, 8, "wald"), lambda: statistics.difference(1, 8, 9, 8),
        lambda: statistics.difference(1, 8, 1, 8, "wald"), lambda: statistics.rate(-1, 1),
        lambda: statistics.rate(1, -1), lambda: statistics.trend([1], [8, 8], [0, 1]),
        lambda: statistics.trend([1, 1], [8, 8], [0, 1], "normal"),
        lambda: statistics.kaplan_meier([1.0], []), lambda: statistics.kaplan_meier([-1.0], [True]),
        lambda: statistics.survival_at([1.0, 2], [True, False], 1, "wald"),
        lambda: statistics.mean_cumulative([[5.0]], [4.0], [False]),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        call()


def test_of_nobody_among_eight_at_most() -> None:
    """Three numbers of the field's own: 31.2 % one-sided, 36.9 % two-sided, and 68.8 % at least."""
    assert statistics.bound(0, 8) == pytest.approx(1 - 0.05**0.125)
    assert statistics.bound(8, 8, "lower") == pytest.approx(0.05**0.125)
    both = statistics.interval(0, 8)
    assert isinstance(both, Interval)
    assert round(100 * both.upper, 1) == 36.9
    mid = statistics.interval(0, 8, "mid-p")
    assert isinstance(mid, Interval)
    assert mid.upper == pytest.approx(1 - 0.05**0.125)


NUMBER = st.integers(1, 12)
PAIR = st.tuples(NUMBER, NUMBER).flatmap(
    lambda N: st.tuples(st.integers(0, N[0]), st.just(N[0]), st.integers(0, N[1]), st.just(N[1]))
)


@given(PAIR, st.sampled_from(sorted(statistics.DIFFERENCES)))
def test_a_difference_is_within_its_interval_and_turns_over(
    pair: tuple[int, int, int, int], method: str
) -> None:
    one, other = statistics.difference(*pair, method), statistics.difference(
        pair[2], pair[3], pair[0], pair[1], method
    )  # fmt: skip
    assert isinstance(one, Estimate) and isinstance(other, Estimate)
    assert -1 - 1e-9 <= one.lower <= one.estimate + 1e-9 and one.estimate <= one.upper + 1e-9
    assert one.upper <= 1 + 1e-9
    assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower), abs=1e-7)


@given(PAIR)
def test_a_ratio_is_within_its_interval_and_turns_over(pair: tuple[int, int, int, int]) -> None:
    n1, N1, n2, N2 = pair
    one, other = statistics.ratio(*pair), statistics.ratio(n2, N2, n1, N1)
    if isinstance(one, NotEstimable):
        assert n1 == n2 == 0 and isinstance(other, NotEstimable)
        return
    assert isinstance(other, Estimate)
    assert one.lower <= one.estimate * (1 + 1e-9) and one.estimate <= one.upper * (1 + 1e-9)
    assert (one.upper == inf) == (n2 == 0) and (one.lower == 0) == (n1 == 0)
    if n1 and n2:
        assert one.lower * other.upper == pytest.approx(1, rel=1e-6)


@given(st.integers(0, 20), st.integers(1, 50), st.sampled_from(sorted(statistics.METHODS)))
def test_an_interval_holds_its_share(n: int, N: int, method: str) -> None:
    if n > N:
        n, N = N, n
    found = statistics.interval(n, N, method)
    assert isinstance(found, Interval)
    assert 0 <= found.lower <= n / N + 1e-12 and n / N - 1e-12 <= found.upper <= 1
    turned = statistics.interval(N - n, N, method)
    assert isinstance(turned, Interval)
    assert (found.lower, found.upper) == pytest.approx((1 - turned.upper, 1 - turned.lower))


# The page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "statistics.md"


def test_the_examples_of_the_page_run() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried) == (0, 6)


def test_the_page_names_every_function_and_has_the_coverage_there_is() -> None:
    text = PAGE.read_text("utf-8")
    classes = {"Estimate", "Interval", "NotEstimable", "Point", "Step", "Test"}
    named = set(statistics.__all__) - classes - {"DIFFERENCES", "METHODS", "mean_interval"}
    assert not {name for name in named if f"`{name}`" not in text}
    script = runpy.run_path(str(ROOT / "scripts" / "make_statistics_page.py"))
    assert script["table"]() in text


def test_the_default_interval_holds_the_truth_as_often_as_it_says() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "make_statistics_page.py"))
    assert all(script["coverage"](N, "clopper-pearson")[0] >= 0.95 for N in (1, 3, 8, 24))
    assert script["coverage"](8, "wilson")[0] < 0.95
