"""ae-cli methods: what was done, in words for a report."""

from __future__ import annotations

from typing import Annotated

import typer

from ae_cli.cli import options as o
from ae_cli.cli.choosing import choices
from ae_cli.cli.opening import open_given
from ae_cli.cli.printing import one_of, width, write

Spoken = Annotated[str, typer.Option("--language", metavar="en|zh", help="English or Chinese.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Say in words what was done and found.")(o.spread(methods))


def methods(
    given: o.Given,
    beside: o.Beside,
    shown: o.Shown,
    files: o.Files = None,
    language: Spoken = "en",
) -> None:
    """Say in words how the table by group was made, and what an abstract says of it.

    Example: ae-cli methods ae.xlsx --subjects participants.csv --language zh
    """
    from ae_cli.render.text import safe
    from ae_cli.render.wrap import wrap
    from ae_cli.reports import methods as reports

    one_of("--language", language, reports.LANGUAGES)
    study = open_given(files, given, choices(shown), beside)
    room = width()
    for text in reports.methods(study, "zh" if language == "zh" else "en"):
        write([*(wrap(safe(text), room) if room else [safe(text)]), ""])
