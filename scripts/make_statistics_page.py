"""Makes the tables of docs/statistics.md: how often an interval holds the truth, exactly.

python scripts/make_statistics_page.py
"""

from __future__ import annotations

from math import comb
from pathlib import Path

from ae_cli.statistics import METHODS, Interval, interval

PAGE = Path(__file__).parents[1] / "docs" / "statistics.md"
START, END = "<!-- coverage: scripts/make_statistics_page.py -->", "<!-- end of coverage -->"
SIZES = (8, 16, 24)
GRID = [i / 1000 for i in range(1, 1000)]


def coverage(N: int, method: str) -> tuple[float, float, float]:
    """Of 95 % intervals of n of N: the least and the mean probability, over true proportions of
    0.001 to 0.999, that the interval holds the true one; and the mean width."""
    ends = [interval(n, N, method) for n in range(N + 1)]
    known = [each for each in ends if isinstance(each, Interval)]
    ways = [comb(N, n) for n in range(N + 1)]
    held, width = [], 0.0
    for p in GRID:
        likely = [ways[n] * p**n * (1 - p) ** (N - n) for n in range(N + 1)]
        inside = (q for q, ci in zip(likely, known, strict=True) if ci.lower <= p <= ci.upper)
        held.append(sum(inside))
        width += sum(q * (ci.upper - ci.lower) for q, ci in zip(likely, known, strict=True))
    return min(held), sum(held) / len(GRID), width / len(GRID)


def table() -> str:
    """The table of all methods, as the page has it."""
    lines = ["| N | method | least | mean | mean width |", "|---:|---|---:|---:|---:|"]
    for N in SIZES:
        for method in METHODS:
            least, mean, width = (f"{100 * share:.1f} %" for share in coverage(N, method))
            lines.append(f"| {N} | {method} | {least} | {mean} | {width} |")
    return "\n".join(lines)


def main() -> None:
    text = PAGE.read_text("utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{START}\n{table()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
