"""The options that commands share, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE]...",
        help="The log of adverse events: CSV, Excel (.xlsx, .xls, .xlsb, .ods), Parquet, "
        "SAS (.xpt, .sas7bdat) or JSON, - for standard input (default: as study.toml says).",
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
    str | None, typer.Option("--sheet", metavar="NAME", help="The sheet that holds the events.")
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
        help="Interval: clopper-pearson (exact), wilson, jeffreys or none.",
    ),
]
IntervalTotal = Annotated[bool, typer.Option("--ci-total", help="Give the interval for Total too.")]
