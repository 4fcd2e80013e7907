"""A million laboratory results read, and graded, in seconds. `python benchmarks/labs.py [N]`"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

TESTS = (
    ("ALT", "U/L", 7, 40, 90), ("AST", "U/L", 8, 35, 90), ("ALP", "U/L", 40, 130, 300),
    ("BILI", "umol/L", 3, 20, 50), ("ALB", "g/L", 35, 50, 60), ("PLT", "10^9/L", 125, 350, 400),
    ("ANC", "10^9/L", 1.8, 7.5, 9), ("HGB", "g/L", 120, 160, 180), ("K", "mmol/L", 3.5, 5.1, 7),
    ("NA", "mmol/L", 135, 145, 160), ("GLUC", "mg/dL", 70, 100, 300),
    ("CREAT", "umol/L", 50, 100, 300),
    ("CA", "mg/dL", 8.5, 10.5, 14), ("INR", "", 0.8, 1.2, 3), ("BUN", "mmol/L", 2, 8, 20),
)  # fmt: skip
HEAD = "participant,test,value,unit,lower limit,upper limit,visit,date,baseline\n"


def write(path: Path, rows: int) -> None:
    """A file of that many results, of as many participants as have 15 tests at ten visits."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for i in range(rows):
            test, unit, low, high, most = TESTS[i % len(TESTS)]
            person, visit = i // 150, i // 15 % 10
            value, base = chance.uniform(low / 3, most), chance.uniform(low / 2, high * 1.5)
            file.write(
                f"{person:06},{test},{value:.2f},{unit},{low},{high},Week {visit},"
                f"2024-{visit + 1:02}-05,{base:.2f}\n"
            )


def main(rows: int) -> None:
    from ae_cli.labs import grade
    from ae_cli.read import read_labs

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "labs.csv")
        write(path, rows)
        times = [time.perf_counter()]
        read = read_labs([path]).labs
        assert read is not None
        times.append(time.perf_counter())
        found = grade(read, "5.0")
        times.append(time.perf_counter())
    reading, grading = times[1] - times[0], times[2] - times[1]
    print(f"{rows:,} results, {found.height:,} grades")
    print(
        f"read {reading:.2f} s, graded {grading:.2f} s: {grading / reading:.1f} times the reading"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
