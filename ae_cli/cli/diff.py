"""ae-cli diff: what changed between two data cuts of a log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ae_cli.cli import options as o
from ae_cli.cli.opening import open_given
from ae_cli.cli.printing import one_of, width, write

if TYPE_CHECKING:
    from ae_cli.findings import Listing
    from ae_cli.reports.cuts import Cuts

Before = Annotated[Path, typer.Argument(metavar="OLD", help="The log of the former data cut.")]
Now = Annotated[Path, typer.Argument(metavar="NEW", help="The log of this data cut.")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or csv.")]


def register(app: typer.Typer) -> None:
    app.command(short_help="Say what changed between two data cuts.")(o.spread(diff))


def diff(
    given: o.Given,
    beside: o.Beside,
    old: Before,
    new: Now,
    format: Format = "text",
) -> None:
    """Say what changed between two data cuts: events added, changed and gone, and the table.

    A record is found again when rows move and values are corrected. Each cut may be a folder with
    its own participant file; files that are named by options are of both.

    Example: ae-cli diff march/ae.xlsx april/ae.xlsx --subjects participants.csv
    """
    from ae_cli.render.text import cell_text
    from ae_cli.reports import summarize
    from ae_cli.reports.cuts import compared, of_table
    from ae_cli.rules import check
    from ae_cli.study import Choices

    one_of("--format", format, ("text", "json", "csv"))
    made = Choices(ci="none")
    before, now = (open_given([path], given, made, beside) for path in (old, new))
    former, latter = (summarize(study, check(study), "group") for study in (before, now))
    cuts, table = compared(before, now), of_table(former, latter, cell_text)
    _PAGES[format](cuts, table)


def _text(cuts: Cuts, table: Listing) -> None:
    from ae_cli.render.columns import lines
    from ae_cli.render.text import safe
    from ae_cli.reports.cuts import listed

    write(f"{_counts(cuts)}\n\n")
    for listing in listed(cuts):
        write(lines(listing, width()))
    if table.rows:
        write(lines(table, width()))
    else:
        write("The table by group is the same in both.\n")
    if cuts.alone:
        write([f"In one of the logs alone, and not compared: {', '.join(map(safe, cuts.alone))}"])


def _counts(cuts: Cuts) -> str:
    from ae_cli.render.text import count

    told = ", ".join(f"{cuts.count(kind):,} {kind}" for kind in ("added", "changed", "gone"))
    before = count(cuts.before, "record")
    return f"{before} before, {cuts.now:,} now: {told}, {cuts.same:,} the same"


def _json(cuts: Cuts, table: Listing) -> None:
    from dataclasses import asdict

    from ae_cli.render.json_ import SCHEMA, page

    groups = table.headers[1:]
    kinds = {kind: cuts.count(kind) for kind in ("added", "changed", "gone")}
    rows = [{"label": row[0], **dict(zip(groups, row[1:], strict=True))} for row in table.rows]
    document: dict[str, Any] = {
        "schema": SCHEMA, "command": "diff", "before": cuts.before, "now": cuts.now,
        "same": cuts.same, **kinds, "not_compared": list(cuts.alone),
        "changes": [asdict(change) for change in cuts.changes], "table": rows,
    }  # fmt: skip
    write(page(document))


def _csv(cuts: Cuts, _: Listing) -> None:
    """A line a cell: what became of the record, where it stands, whose it is, and the values."""
    import csv
    from io import StringIO

    from ae_cli.render.findings_csv import shown

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("change", "row_before", "row_now", "participant", "term", "column", "before", "now")
    )
    for c in cuts.changes:
        of = (c.kind, c.before, c.now, c.participant, c.term)
        cells: list[tuple[str | None, ...]] = [(v.header, v.before, v.now) for v in c.values]
        for cell in cells or [(None, None, None)]:  # a record without a value is one, too
            writer.writerow(map(shown, (*of, *cell)))
    write(out.getvalue())


_PAGES = {"text": _text, "json": _json, "csv": _csv}
