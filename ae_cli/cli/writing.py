"""What validate writes: a page on standard output, files beside it, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from ae_cli.cli.opening import Inputs
from ae_cli.cli.outputs import Named, apart, target
from ae_cli.cli.printing import console, one_of, say, write
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.findings import Report
    from ae_cli.output import Parts

Output = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write all findings to a file too, by its suffix: .json .jsonl .csv .xlsx .html "
        ".xml (JUnit) .sarif .txt. Several: -o a.html -o a.xlsx.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that exist.")]
Known = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="A former --format json: its findings are accepted, only new ones are shown.",
    ),
]
SUFFIXES = {
    ".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".xlsx": "xlsx", ".html": "html",
    ".xml": "junit", ".sarif": "sarif", ".txt": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """Where findings go beside the screen, and which of them are known."""

    output: Output = None
    force: Force = False
    baseline: Known = None


def printed(format: str) -> str:
    """A format of standard output. Raises InputError for one that is none."""
    from ae_cli import render

    if one_of("--format", format, [name for name in render.FINDINGS if name != "text"]) == "xlsx":
        raise InputError("a workbook cannot be printed", "name a file: -o findings.xlsx")
    return format


def targets(written: Written, asked: Sequence[Named], inputs: Inputs) -> tuple[Path, ...]:
    """The files to write. Raises InputError before anything is read."""
    paths = tuple(written.output or ())
    for path in paths:
        if path.suffix.casefold() not in SUFFIXES:
            raise InputError(f"{path} has no suffix that is known", f"use {' '.join(SUFFIXES)}")
        target(path, inputs, written.force)
    known = [("--baseline", written.baseline)] if written.baseline else []
    apart([*(("-o", path) for path in paths), *asked], known)
    return paths


def accepting(written: Written) -> Callable[[Report], Report]:
    """What the baseline does to a report. Raises InputError for a file that is none."""
    path = written.baseline
    if path is None:
        return lambda report: report
    from ae_cli.rules import baseline

    known = baseline.load(path)
    return lambda report: baseline.accept(report, path, known)


More = Callable[["Parts"], list[str]]  # writes more files among these, and says what of them


def write_files(
    paths: Sequence[Path], report: Report, fail_on: str, more: More = lambda _: []
) -> list[str]:
    """Write all files, each whole; none takes its place before all are written. What to say."""
    from ae_cli.output import together

    with together() as files:
        for path in paths:
            with files.part(path) as file:
                _fill(file, SUFFIXES[path.suffix.casefold()], report, fail_on)
        said = more(files)
    return [*(f"wrote {path}" for path in paths), *said]


def _fill(file: IO[bytes], format: str, report: Report, fail_on: str) -> None:
    from ae_cli import render

    if format == "xlsx":
        return render.load("xlsx.report").save(file, report)  # type: ignore[no-any-return]
    if format == "csv":
        file.write(b"\xef\xbb\xbf")  # so that Excel reads it as UTF-8
    page = _page(report, format, fail_on)
    pieces = (page,) if isinstance(page, str) else (f"{line}\n" for line in page)
    for piece in pieces:
        file.write(piece.encode("utf-8", "backslashreplace"))


def _page(report: Report, format: str, fail_on: str) -> str | Sequence[str]:
    from ae_cli import render

    module, function = render.FINDINGS[format]
    make = getattr(render.load(module), function)
    return make(report, fail_on) if format == "junit" else make(report)  # type: ignore[no-any-return]


def show_findings(report: Report, format: str, fail_on: str) -> None:
    """Print a report of findings in one of its formats."""
    if format == "full":
        from ae_cli.render import terminal

        terminal.findings(report, console())
        return
    write(_page(report, format, fail_on))
    if format == "csv" and report.baseline:
        from ae_cli.render import words

        say([f"baseline {words.baseline(report)}"])
