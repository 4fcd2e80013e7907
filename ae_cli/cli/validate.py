"""ae-cli validate: check a log against every rule."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.asking import Asked, asking
from ae_cli.cli.ending import staying
from ae_cli.cli.opening import Inputs, all_inputs, read
from ae_cli.cli.printing import end, level, listed, one_of, say
from ae_cli.cli.watching import follow
from ae_cli.cli.writing import (
    More,
    Written,
    accepting,
    printed,
    show_findings,
    targets,
    write_files,
)

if TYPE_CHECKING:
    from ae_cli.findings import Report
    from ae_cli.study import Study

Only = Annotated[
    str | None, typer.Option("--only", metavar="IDS", help="Run only these rules: XFD-06,CTC-03.")
]
Ignore = Annotated[
    str | None, typer.Option("--ignore", metavar="IDS", help="Leave these rules out: XDS-19.")
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="full, concise (one line a finding), json, jsonl, csv, html, junit, sarif or github; "
        "xlsx only with -o. Default: full; concise in a pipe.",
    ),
]
Watch = Annotated[
    bool, typer.Option("--watch", help="Check again whenever a file is saved; Ctrl-C ends.")
]


def register(app: typer.Typer) -> None:
    app.command(short_help="Check a log against CTCAE and the data rules.")(o.spread(validate))


def validate(
    given: o.Given,
    beside: o.Beside,
    files: o.Files = None,
    columns: o.ShowColumns = False,
    format: Format = None,
    only: Only = None,
    ignore: Ignore = None,
    fail_on: o.FailOn = None,
    watch: Watch = False,
    *,
    written: Written,
    asked: Asked,
) -> None:
    """Check adverse event records against CTCAE and the field's data rules.

    Every finding says where it is, what is wrong and how to mend it.
    Ends with 0 if no error was found, 1 if one was, 2 if the file cannot be used.
    With -o findings go to files too, and with --baseline known ones are accepted.

    Example: ae-cli validate ae.xlsx --subjects participants.csv
    """
    if columns:
        from ae_cli.cli.columns import show as show_columns

        return show_columns(files, given, beside)
    from ae_cli.rules import check
    from ae_cli.study import Choices, from_log

    default = "full" if sys.stdout.isatty() else "concise"
    chosen = printed(format or default)
    limit = level(fail_on, "error")
    rules = listed("--only", only), listed("--ignore", ignore)
    inputs = all_inputs(files, given, beside)
    paths, known = targets(written, asked.named(), inputs), accepting(written)

    def opened(inputs: Inputs) -> Study:
        return from_log(read(inputs, given), inputs.config, Choices())

    def show(report: Report, more: More = lambda _: []) -> None:
        said = write_files(paths, report, limit, more)
        with staying():
            show_findings(report, chosen, limit)
        say(said)

    if watch:
        one_of("--watch with --format", chosen, ("full", "concise"))
        asked.refuse("--watch")
        again = lambda: all_inputs(files, given, beside)  # noqa: E731
        return follow(inputs, again, lambda i: known(check(opened(i), *rules)), show)
    study = opened(inputs)
    made = asking(asked, written.force, inputs, study)
    found = check(study, *rules, made.language)
    report = known(found)
    show(report, lambda files: made.write(found, files))
    end(report, limit)
