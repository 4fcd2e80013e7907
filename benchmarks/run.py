"""Measures ae-cli against the bare libraries, as ratios in one run.

python dev.py bench
python dev.py bench --only text help --rows 1000 100000 --repeats 3
python dev.py bench --write docs/performance.md
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from measure import ROOT, Command, Compared, compare, environment

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROW_BY_ROW = WORKBOOK = 100_000  # more would take Pydantic, or making the workbook, minutes
GB = 1e9
SAMPLE = ("samples/hucmsc/events.xlsx", "--subjects", "samples/hucmsc/subjects.csv")
LIBRARIES = ("polars", "narwhals", "pydantic", "typer")
BEGIN, END = "<!-- figures: python dev.py bench --write -->", "<!-- end of figures -->"
HEADER = (
    "| ae-cli | against | rows | ae-cli | against | compared | aim | peak memory |",
    "|---|---|---:|---:|---:|---:|---|---|",
)


@dataclass(frozen=True, slots=True)
class Measure:
    """Two programs to compare. `aim` is the most that is wanted: times, or seconds more."""

    title: str
    against: str
    ours: Command
    bare: Command
    rows: int | None = None
    aim: float | None = None
    aim_peak: float | None = None
    in_seconds: bool = False


def text(sizes: Sequence[int], folder: Path) -> Iterator[Measure]:
    """All rules against the floor: the file read as text."""
    for rows in sizes:
        log, people = logs(rows, folder)
        aims = (2.5, 1.5 * GB) if rows == SIZES[-1] else (None, None)
        ours = ae_cli("validate", log, "--subjects", people)
        yield Measure(
            "validate", "Polars reads the log as text", ours, bare("read_text", log), rows, *aims
        )


def workbook(sizes: Sequence[int], folder: Path) -> Iterator[Measure]:
    """All rules on a workbook against the floor: its cells read."""
    rows = min(max(sizes), WORKBOOK)
    log, people = logs(rows, folder, "xlsx")
    ours = ae_cli("validate", log, "--subjects", people)
    theirs = bare("read_workbook", log)
    yield Measure("validate, .xlsx", "calamine reads the cells", ours, theirs, rows, aim=1.5)


def query(sizes: Sequence[int], folder: Path) -> Iterator[Measure]:
    """The table, with all its rules, against three of its rows written by hand."""
    for rows in sizes:
        log, people = logs(rows, folder)
        ours = ae_cli("summarize", "by", "group", log, "--subjects", people, "--format", "csv")
        theirs = bare("by_group", log, people)
        yield Measure("summarize by group", "a query of three rows in Polars", ours, theirs, rows)


def row_by_row(sizes: Sequence[int], folder: Path) -> Iterator[Measure]:
    """All rules, each column typed once, against typing alone, row by row."""
    rows = min(max(sizes), ROW_BY_ROW)
    log, people = logs(rows, folder)
    ours = ae_cli("validate", log, "--subjects", people)
    yield Measure("validate", "Pydantic row by row, no rules", ours, bare("row_by_row", log), rows)


def start(sizes: Sequence[int], folder: Path) -> Iterator[Measure]:
    """What a person waits for when there is little to do."""
    plain = bare("two_commands", "--help")
    yield Measure("--help", "a Typer program of two commands", ae_cli("--help"), plain, aim=1.2)
    for words in (("validate",), ("summarize", "by", "group")):
        yield Measure(
            f"{' '.join(words)}, the sample", "importing Polars and Pydantic",
            ae_cli(*words, *SAMPLE), bare("imports"), aim=0.5, in_seconds=True,
        )  # fmt: skip


MEASURES = {"text": text, "workbook": workbook, "query": query, "rows": row_by_row, "start": start}


def ae_cli(*words: str) -> Command:
    return ("-m", "ae_cli", *words)


def bare(program: str, *words: str) -> Command:
    return (f"benchmarks/bare/{program}.py", *words)


def logs(rows: int, folder: Path, *kind: str) -> list[str]:
    """The paths of a log and its participant file, made by a process of their own."""
    command = [sys.executable, "benchmarks/logs.py", str(rows), str(folder), *kind]
    made = subprocess.run(
        command, cwd=ROOT, env=environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    return made.stdout.splitlines()


def line(measure: Measure, found: Compared) -> str:
    """One row of the table."""
    ours, theirs = found.seconds
    peak, other = found.peaks
    reached = found.difference if measure.in_seconds else found.ratio
    aims = [
        judged("≤ {:g} s" if measure.in_seconds else "≤ {:g} times", measure.aim, reached),
        judged("≤ {:.1f} GB", measure.aim_peak and measure.aim_peak / GB, peak / GB),
    ]
    cells = (
        measure.title, measure.against, f"{measure.rows:,}" if measure.rows else "",
        f"{ours:.2f} s", f"{theirs:.2f} s",
        f"{reached:+.2f} s" if measure.in_seconds else f"{reached:.2f} times",
        ", ".join(filter(None, aims)), f"{peak / GB:.2f} GB, {other / GB:.2f} GB",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def judged(words: str, aim: float | None, reached: float) -> str:
    """An aim, and whether it was met."""
    return f"{words.format(aim)}: {'met' if reached <= aim else 'not met'}" if aim else ""


def circumstances(repeats: int) -> str:
    """When, where, with what: without these no figure says anything."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GB
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    machine = f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}"
    return (
        f"{date.today()}. {machine}, load {os.getloadavg()[0]:.1f} at the start. "
        f"Python {platform.python_version()}, {libraries}. Medians of {repeats} pairs."
    )


def figures(options: argparse.Namespace) -> Iterator[str]:
    """The table line by line, as it comes."""
    yield from (circumstances(options.repeats), "", *HEADER)
    folder = options.folder or Path(tempfile.gettempdir(), "ae-cli-bench")
    for name in options.only:
        for measure in MEASURES[name](options.rows, folder):
            yield line(measure, compare(measure.ours, measure.bare, options.repeats))


def rewrite(page: Path, lines: Sequence[str]) -> None:
    """Put the figures between the two marks of a page."""
    before, begun, rest = page.read_text("utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (begun and ended):
        sys.exit(f"{page} has no place for the figures: {BEGIN} ... {END}")
    page.write_text("\n".join((before + BEGIN, *lines, END + after)), "utf-8")


def asked() -> argparse.Namespace:
    form = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser("python dev.py bench", None, __doc__, formatter_class=form)
    add = parser.add_argument
    add("--only", nargs="+", choices=MEASURES, default=MEASURES, help="some measures, not all")
    add("--rows", nargs="+", type=int, default=SIZES, help="sizes of the logs")
    add("--repeats", type=int, default=5, help="pairs of runs (default: 5)")
    add("--folder", type=Path, help="where the logs are kept (default: a temporary folder)")
    add("--write", type=Path, metavar="PAGE", help="put the figures into a page, between its marks")
    return parser.parse_args()


def main() -> None:
    options, lines = asked(), []
    for text in figures(options):
        print(text, flush=True)
        lines.append(text)
    if options.write:
        rewrite(options.write, lines)


if __name__ == "__main__":
    main()
