"""ae-cli summarize: make a safety table."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.choosing import choices
from ae_cli.cli.opening import open_given, open_results
from ae_cli.cli.printing import console, end, level, one_of, write
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.table import Table

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[by TABLE] [FILE]...",
        help="The table (group; term, grade, serious, related, discontinuation and death by organ "
        "class and term; relation, action, outcome and seriousness; exposure, survival, time, "
        "participant and withdrawal; dlt and interest as study.toml defines them; clock and "
        "reconciliation; lab and visit for laboratory results), "
        "then the file: CSV, Excel, Parquet, SAS or JSON; or the folder of a study.",
        show_default=False,
    ),
]
By = Annotated[
    str | None, typer.Option("--by", metavar="TABLE", help="The table, as after the word `by`.")
]
Format = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="table, json, csv or markdown.")
]


def register(app: typer.Typer) -> None:
    app.command(short_help="Make the safety table of each dose group.")(o.spread(summarize))


def summarize(
    given: o.Given,
    beside: o.Beside,
    shown: o.Shown,
    terms: o.Terms,
    times: o.Times,
    words: Words = None,
    by: By = None,
    columns: o.ShowColumns = False,
    format: Format = "table",
    fail_on: o.FailOn = None,
) -> None:
    """Make a safety table: grades, serious events and deaths in each dose group.

    Denominators are participants, from the participant file: those without an event count too.

    The tables by term and by grade have a line for each system organ class and term. That by
    clock says which serious events were reported in time, that by reconciliation
    holds them against the safety database. That by exposure has rates for the time at risk, that
    by survival Kaplan-Meier at some months, that by time when events began.
    The tables by lab and by visit are made of laboratory results: shifts of CTCAE grades, and a
    screen for severe liver injury.

    Example: ae-cli summarize by group ae.xlsx --subjects participants.csv
    """
    name, files = split(words or [], by)
    if columns:
        from ae_cli.cli.columns import show

        return show(files, given, beside)
    from ae_cli import render
    from ae_cli.reports import REPORTS, summarize
    from ae_cli.rules import check, read_only

    one_of("by", name, REPORTS)
    one_of("--format", format, render.TABLES)
    limit = level(fail_on, "never")
    if terms != o.Terms() and not REPORTS[name].of_terms:
        raise InputError(
            f"the table by {name} has no lines of terms to choose from",
            "--sort, --at-least, --more-than and --zero-rows are for the tables by "
            + ", ".join(table for table, report in REPORTS.items() if report.of_terms),
        )
    refuse_times(name, times)
    refuse_p_values(name, times)
    of_labs, made = REPORTS[name].of_labs, choices(shown, terms, times)
    if of_labs:
        refuse_labs(name, beside)
        opened = open_results(files, given, made, beside)
    else:
        opened = open_given(files, given, made, beside)
    report = read_only(opened) if of_labs else check(opened)
    show_table(summarize(opened, report, name), format)
    end(report, limit)


def refuse_times(name: str, times: o.Times) -> None:
    """A table takes the options of times that it looks at."""
    from ae_cli.reports import REPORTS

    for option, given in asdict(times).items():
        if given and option not in REPORTS[name].takes:
            words = f"--{option.replace('_', '-')}"
            of = next(table for table, report in REPORTS.items() if option in report.takes)
            raise InputError(
                f"the table by {name} has nothing to choose by {words}",
                f"{words} is for the table by {of}",
            )


def refuse_p_values(name: str, times: o.Times) -> None:
    """Tests are of groups that are compared."""
    if times.p_values and name != "survival" and not times.compare:
        raise InputError("--p-values are of a comparison", "say of which: --compare GROUP")


def refuse_labs(name: str, beside: o.Beside) -> None:
    """A table of laboratory results is made of those of its argument."""
    if beside.labs:
        raise InputError(
            f"the table by {name} is made of laboratory results: --labs is for the log",
            f"for example: ae-cli summarize by {name} labs.csv --subjects participants.csv",
        )


def split(words: list[str], by: str | None) -> tuple[str, list[Path]]:
    """The table's name and the files: `by group ae.xlsx`, or files alone and --by."""
    if words[:1] == ["by"] and len(words) > 1:
        if by and by != words[1]:
            raise InputError(f"by {words[1]} and --by {by} name two tables", "name one")
        return words[1], [Path(word) for word in words[2:]]
    return by or "group", [Path(word) for word in words]


def show_table(table: Table, format: str) -> None:
    """Print a table in one of its formats."""
    from ae_cli import render

    module = render.load(render.TABLES[format])
    if format == "table":
        module.table(table, console())
    else:
        write(module.table(table))
