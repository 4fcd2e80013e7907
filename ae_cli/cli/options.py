"""The options that commands share, said once, and how a command takes many of them as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE]...",
        help="The log of adverse events: CSV, Excel (.xlsx, .xls, .xlsb, .ods), Parquet, "
        "SAS (.xpt, .sas7bdat) or JSON, - for standard input (default: as study.toml says); "
        "or the folder of a study.",
        show_default=False,
    ),
]
Subjects = Annotated[
    Path | None,
    typer.Option(
        "--subjects", metavar="FILE", help="The participant file: who was treated, in which group."
    ),
]
StudyFile = Annotated[
    Path | None,
    typer.Option(
        "--study", metavar="FILE", help="The study file (default: study.toml beside the log)."
    ),
]
NoStudy = Annotated[
    bool, typer.Option("--no-study", help="Do not use a study.toml beside the log.")
]
SheetName = Annotated[
    list[str] | None,
    typer.Option(
        "--sheet",
        metavar="NAME",
        help="The sheet that holds the records; several, or '*', where a log stands in several.",
    ),
]
GroupFromSheet = Annotated[
    bool | None,
    typer.Option(
        "--group-from-sheet/--no-group-from-sheet",
        help="Whether the name of a sheet is the dose group of its records.",
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The encoding of text files that are not UTF-8: gb18030, big5, windows-1252.",
    ),
]
DateOrder = Annotated[
    str | None,
    typer.Option(
        "--date-order",
        metavar="ORDER",
        help="How to read 03/04/2024: dmy or mdy (default: as another date of its column shows).",
    ),
]
Dictionary = Annotated[
    Path | None,
    typer.Option(
        "--redcap-dictionary", metavar="FILE", help="The data dictionary of a REDCap export."
    ),
]
MedDRA = Annotated[
    Path | None,
    typer.Option(
        "--meddra",
        metavar="DIR",
        help="Your own release of MedDRA in its ASCII files, to check codings against.",
    ),
]
Megabytes = Annotated[
    int | None,
    typer.Option(
        "--max-mb", metavar="N", min=1, help="The largest file that is read (default: 500 MB)."
    ),
]
AreaOf = Annotated[
    int | None,
    typer.Option(
        "--max-cells",
        metavar="N",
        min=1,
        help="The largest workbook, in cells down to the last one (default: 2200000).",
    ),
]
Version = Annotated[
    str | None,
    typer.Option(
        "--ctcae",
        metavar="VERSION",
        help="The CTCAE version of the grades: 4.03, 5.0 or 6.0 (default: study.toml's, else 5.0).",
    ),
]
LabsFile = Annotated[
    Path | None,
    typer.Option("--labs", metavar="FILE", help="Laboratory results, to check against the events."),
]
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="[KIND=]FILE",
        help="Another file of the study, as often as needed; KIND where its name or columns do "
        "not tell: exposure, disposition, concomitant, reports, qualifiers and others.",
    ),
]
ShowColumns = Annotated[
    bool, typer.Option("--columns", help="Show what each column was taken for, and stop.")
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on", metavar="LEVEL", help="End with 1 at findings of: error, warning, note, never."
    ),
]
GroupBy = Annotated[
    str | None,
    typer.Option(
        "--group",
        metavar="COLUMN",
        help="Form the columns from another field, such as sex or site.",
    ),
]
Order = Annotated[
    str | None,
    typer.Option("--order", metavar="A,B", help='The groups in order: "Low,Medium,High".'),
]
Numbers = Annotated[
    str | None,
    typer.Option(
        "--n", metavar="A=8,B=8", help='Participants by group, without a file: "Low=8,High=8".'
    ),
]
Interval = Annotated[
    str,
    typer.Option(
        "--ci",
        metavar="METHOD",
        help="Interval: clopper-pearson (exact), wilson, jeffreys, mid-p or none.",
    ),
]
IntervalTotal = Annotated[bool, typer.Option("--ci-total", help="Give the interval for Total too.")]

Sort = Annotated[
    str,
    typer.Option(
        "--sort", metavar="ORDER", help="Order of terms: frequency (commonest first) or alphabet."
    ),
]
AtLeast = Annotated[
    str | None,
    typer.Option(
        "--at-least", metavar="5%", help="Terms that so many participants of some group had."
    ),
]
MoreThan = Annotated[
    str | None,
    typer.Option("--more-than", metavar="5%", help="The same, where as many are not enough."),
]
ZeroRows = Annotated[
    bool, typer.Option("--zero-rows", help="Show terms of the log without an event that counts.")
]

Months = Annotated[
    str | None,
    typer.Option(
        "--months", metavar="3,6,12", help="Months after the first dose at which survival is given."
    ),
]
Days = Annotated[
    str | None,
    typer.Option(
        "--days", metavar="7,28,84", help="The last day of each interval of the table by time."
    ),
]
PValues = Annotated[
    bool,
    typer.Option("--p-values", help="Add exploratory tests: to --compare, and to by survival."),
]
Compare = Annotated[
    str | None,
    typer.Option(
        "--compare",
        metavar="GROUP",
        help="Add differences and ratios against this group, with intervals.",
    ),
]
Trend = Annotated[
    str | None,
    typer.Option(
        "--trend", metavar="SCORES", help="Add exact tests for a trend: rank, dose or log-dose."
    ),
]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the files of a command are read."""

    subjects: Subjects = None
    sheet: SheetName = None
    group_from_sheet: GroupFromSheet = None
    encoding: Encoding = None
    date_order: DateOrder = None
    redcap_dictionary: Dictionary = None
    max_mb: Megabytes = None
    max_cells: AreaOf = None


@dataclass(frozen=True, slots=True)
class Given(Reading):
    """The same, and the study file that goes with them."""

    study: StudyFile = None
    no_study: NoStudy = False
    ctcae: Version = None
    meddra: MedDRA = None


@dataclass(frozen=True, slots=True)
class Beside:
    """The files of the study that go with its log."""

    labs: LabsFile = None
    others: With = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How a table is made."""

    group: GroupBy = None
    order: Order = None
    n: Numbers = None
    ci: Interval = "clopper-pearson"
    ci_total: IntervalTotal = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Which terms stand in a table by term, and in which order."""

    sort: Sort = "frequency"
    at_least: AtLeast = None
    more_than: MoreThan = None
    zero_rows: ZeroRows = False


@dataclass(frozen=True, slots=True)
class Times:
    """At which times since the first dose a table looks, and what it compares and tests."""

    months: Months = None
    days: Days = None
    p_values: PValues = False
    compare: Compare = None
    trend: Trend = None


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command as Typer takes it: each parameter that is a dataclass stands for its options."""
    hints = get_type_hints(command, include_extras=True)
    parts: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}
    taken: list[Parameter] = []
    for parameter in signature(command).parameters.values():
        kind = parts.get(parameter.name)
        taken += _options(kind) if kind else [_typed(parameter, hints)]

    def run(**given: Any) -> None:
        for name, kind in parts.items():
            given[name] = kind(**{f.name: given.pop(f.name) for f in fields(kind)})
        command(**given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {p.name: p.annotation for p in taken}
    run.__signature__ = Signature(taken)  # type: ignore[attr-defined]
    return run


def _typed(parameter: Parameter, hints: dict[str, Any]) -> Parameter:
    return parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])


def _options(kind: Any) -> list[Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        Parameter(f.name, Parameter.KEYWORD_ONLY, default=f.default, annotation=hints[f.name])
        for f in fields(kind)
    ]
