"""ae-cli grade: laboratory results to CTCAE grades."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ae_cli.cli import options as o
from ae_cli.cli.beside import OF_GRADES
from ae_cli.cli.columns import notes
from ae_cli.cli.opening import read_results, resolve
from ae_cli.cli.outputs import target
from ae_cli.cli.printing import one_of, width, write, wrote
from ae_cli.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from ae_cli.findings import Listing
    from ae_cli.read import Records

FORMATS = ("table", "csv", "json", "xlsx")
Labs_ = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[LABS]...",
        help="The laboratory results: SDTM LB, ADaM ADLB or a plain sheet, in any format "
        "(default: as study.toml says).",
        show_default=False,
    ),
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="table, csv, json or xlsx (default: table)."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of the screen."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Grade laboratory results by CTCAE.")(o.spread(grade))


def grade(
    given: o.Given,
    files: Labs_ = None,
    format: Format = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """Grade laboratory results by CTCAE: each result against the terms for low and for high.

    csv, xlsx and json keep every row and column and add graded_term, grade (0 is below grade 1,
    blank is not gradable), criterion and note. The table shows grades 3 and 4 and counts all.

    Example: ae-cli grade labs.csv --ctcae 5.0
    """
    from ae_cli.ctcae.thresholds import rule_sets
    from ae_cli.labs import grade as graded_by

    form = _format(format, output)
    inputs = resolve(files, given, "labs", kinds=OF_GRADES)
    version = inputs.config.ctcae
    rule_sets(version)
    if output:
        target(output, inputs, force)
    log = read_results(inputs, given)
    labs = log.labs
    assert labs is not None
    found = graded_by(labs, version, log.subjects)
    _say(_left_out(labs))
    _show(form, output, version, labs, found)


def _format(format: str | None, output: Path | None) -> str:
    """The format asked for, else the one the file's name ends in, else the table."""
    ending = output.suffix.casefold().removeprefix(".") if output else ""
    form = one_of("--format", format or (ending if output else "table"), FORMATS)
    if form == "xlsx" and output is None:
        raise InputError("a workbook cannot be shown on the screen", "name a file with -o")
    if output and form != "table" and ending != form:
        raise InputError(f"{output} does not end in .{form}", "let --format and -o agree")
    return form


def _show(form: str, output: Path | None, version: str, labs: Records, found: pl.DataFrame) -> None:
    if form == "table":
        return _written(
            "\n".join(_table(version, found, None if output else width())) + "\n", output
        )
    from ae_cli.labs.output import listed

    rows = listed(labs, found)
    if form == "json":
        return _written(_json(version, labs, rows, found), output)
    _rows(rows, output, version)


def _written(text: str, output: Path | None) -> None:
    from ae_cli.output import replacing

    if output is None:
        return write(text)
    with replacing(output) as file:
        file.write(text.encode("utf-8"))
    wrote(output)


def _rows(rows: pl.DataFrame, output: Path | None, version: str) -> None:
    from ae_cli.render import data

    if output is None:
        return write(data.csv_text(rows))
    for path in data.write(output, {f"CTCAE {version}": data.defused_headers(rows)}):
        wrote(path)


def _json(version: str, labs: Records, rows: pl.DataFrame, found: pl.DataFrame) -> str:
    from ae_cli.labs.output import counts

    grades = [None if grade is None else int(grade) for grade in found["grade"]]
    at = rows.columns[-3]
    page = {
        "schema": 1,
        "command": "grade",
        "ctcae": version,
        "files": [_file(labs, number) for number in range(len(labs.sources))],
        "rows": [{**row, at: g} for row, g in zip(rows.iter_rows(named=True), grades, strict=True)],
        "counts": counts(found),
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _file(labs: Records, number: int) -> dict[str, Any]:
    sheet = labs.sources[number].sheet
    return {
        "path": sheet.path, "sheet": sheet.name, "sha256": sheet.sha256,
        "rows": sheet.cells.height,
        "left_out": [{"row": row, "reason": reason} for row, reason in sheet.left_out],
        "notes": notes(labs, number),
    }  # fmt: skip


def _table(version: str, found: pl.DataFrame, width: int | None) -> Iterator[str]:
    from ae_cli.labs.output import counts
    from ae_cli.render.columns import lines
    from ae_cli.render.text import count, safe

    told = counts(found)
    yield "Every result with its grade: --format csv, or -o FILE.xlsx"
    yield ""
    for listing in (_graded(version, found), *_summary(version, told["terms"])):
        yield from lines(listing, width)
    rows = count(told["rows"], "row")
    yield f"{count(told['results'], 'result')} read, {rows} of result and term:"
    yield f"  {told['graded']:,} graded, {told['not_gradable']:,} not gradable"
    for term in told["terms"]:
        for reason, n in term["reasons"].items():
            yield safe(f"  not gradable, {term['term']}: {reason} ({n:,})")
    for reason, n in told["reasons"].items():
        yield safe(f"  not gradable: {reason} ({n:,})")


def _graded(version: str, found: pl.DataFrame) -> Listing:
    """The results of grade 3 and 4, as they stand."""
    from ae_cli.findings import Listing

    names = ("subject", "visit", "test_text", "value_text", "unit", "graded_term", "grade",
             "criterion", "note")  # fmt: skip
    heads = ("Participant", "Visit", "Test", "Result", "Unit", "Term", "Grade", "Criterion", "Note")
    rows = tuple(found.filter(found["grade"] >= 3).select(names).rows())
    title = f"Laboratory results of grade 3 or 4 (CTCAE {version}): {len(rows) or 'none'}"
    return Listing("grades", title, heads, rows)


def _summary(version: str, terms: list[dict[str, Any]]) -> Iterator[Listing]:
    from ae_cli.findings import Listing

    heads = ("Term", *map(str, range(5)), "no grade")
    titles = {
        "participants": "Participants by worst grade, and results without one",
        "results": "Results by grade",
    }
    for what, title in titles.items():
        rows = tuple((t["term"], *t[what].values(), sum(t["reasons"].values())) for t in terms)
        yield Listing(what, f"{title} (CTCAE {version})", heads, rows)


def _left_out(labs: Records) -> Iterator[str]:
    """What was noted while reading, and rows that are no records."""
    for number, source in enumerate(labs.sources):
        for note in notes(labs, number):
            yield f"{source.sheet.where}: {note}"


def _say(lines: Iterator[str]) -> None:
    from ae_cli.render.text import safe

    for line in lines:
        print(safe(line), file=sys.stderr)
