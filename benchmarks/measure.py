"""Time and memory of whole processes, from their start to their end, two by turns."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
NOT_A_USERS = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")  # each makes a start or a pipe slow
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """One process: its seconds on the clock and its peak memory in bytes."""

    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Runs of two programs by turns. Figures are medians; each pair gives one ratio of its own."""

    ours: list[Run]
    bare: list[Run]

    @property
    def seconds(self) -> tuple[float, float]:
        return median(r.seconds for r in self.ours), median(r.seconds for r in self.bare)

    @property
    def peaks(self) -> tuple[float, float]:
        return median(r.peak for r in self.ours), median(r.peak for r in self.bare)

    @property
    def ratio(self) -> float:
        return median(a.seconds / b.seconds for a, b in zip(self.ours, self.bare, strict=True))

    @property
    def difference(self) -> float:
        return median(a.seconds - b.seconds for a, b in zip(self.ours, self.bare, strict=True))


def compare(ours: Command, bare: Command, repeats: int) -> Compared:
    """Run both by turns, after one run of each that is not counted: files and bytecode are warm."""
    run(ours), run(bare)
    pairs = [(run(ours), run(bare)) for _ in range(repeats)]
    return Compared([a for a, _ in pairs], [b for _, b in pairs])


def run(command: Command) -> Run:
    """Run a program of this Python to its end; its output goes nowhere."""
    found, code, errors = timed(command)
    if code not in (0, 1):  # 1: findings, of which the logs have some
        sys.exit(f"{' '.join(command)} ended with {code}:\n{errors!r}")
    return found


def timed(command: Command) -> tuple[Run, int, bytes]:
    """A run, its exit code, and what it said on stderr.

    The kernel counts a child's peak from the moment of the fork, so this process stays small:
    it imports neither Polars nor the package.
    """
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        found = Run(seconds, usage.ru_maxrss * MAXRSS_BYTES)
        return found, process.returncode, errors.read()


def environment() -> dict[str, str]:
    """What a user's Python runs in, with the package of this folder."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_A_USERS}
    return kept | {"PYTHONPATH": str(ROOT)}
