"""ae-cli ctcae migrate: a copy of a log with the terms proposed for another CTCAE version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ae_cli.cli import options as o
from ae_cli.cli.copying import Force, beside, write_copy
from ae_cli.cli.opening import read, resolve
from ae_cli.cli.printing import one_of, write, write_json, wrote
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.ctcae.migrate import Proposal
    from ae_cli.read import Records

Old = Annotated[str, typer.Option("--from", metavar="VERSION", help="The version of the log.")]
New = Annotated[str, typer.Option("--to", metavar="VERSION", help="The version to move to.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Where: .xlsx or .csv (default: NAME-ctcae-VERSION.xlsx beside the log).",
    ),
]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]
ROWS = 10  # rows of a term that are named on a screen

Groups = dict[tuple[str, "Proposal"], list[int]]  # a term and what to do: its rows


def register(group: typer.Typer) -> None:
    group.command("migrate", short_help="Propose a log's terms in another version.")(
        o.spread(migrate)
    )


def migrate(
    old: Old,
    new: New,
    given: o.Given,
    files: o.Files = None,
    output: Output = None,
    force: Force = False,
    format: Format = "text",
) -> None:
    """Write a copy of a log with the terms proposed for another CTCAE version beside its own.

    No term is changed: columns are added, and what a person has to decide is listed with its rows.

    Example: ae-cli ctcae migrate ae.xlsx --from 5.0 --to 6.0
    """
    from ae_cli.ctcae import dictionary

    as_json = one_of("--format", format, ("text", "json")) == "json"
    old, new = dictionary(old).version, dictionary(new).version
    if given.ctcae is not None:
        raise InputError("--ctcae is given, and two versions are asked for", "use --from and --to")
    if old == new:
        raise InputError(f"--from and --to are both {old}", "name two versions")
    inputs = resolve(files, given)
    path = beside(inputs, output, f"ctcae-{new}", force)
    records = read(inputs, given).events
    terms, proposals = proposed(records, old, new)
    write_copy(path, records, columns(proposals, old, new))
    groups = _grouped(records, terms, proposals)
    if as_json:
        return write_json(_fields(groups, old, new, path))
    write(_told(groups, proposals, old, new))
    wrote(path)


def proposed(records: Records, old: str, new: str) -> tuple[list[str], list[Proposal]]:
    """Each record's coded term (else its reported one) and what to do with it."""
    from functools import cache

    from ae_cli.ctcae.migrate import proposal
    from ae_cli.read.copied import first_of

    terms = [term or "" for term in first_of(records, "preferred_term", "term")]
    frame, known = records.frame, cache(proposal)
    grades = frame["grade"].to_list() if "grade" in frame.columns else [None] * len(terms)
    return terms, [known(t, g, old, new) for t, g in zip(terms, grades, strict=True)]


def columns(proposals: Sequence[Proposal], old: str, new: str) -> dict[str, list[str | None]]:
    """The columns that are added, under names that no reader takes for those of a log."""
    return {
        f"CTCAE {new}: proposed term": [p.term or None for p in proposals],
        f"CTCAE {new}: what to do": [p.label(old, new) for p in proposals],
        f"CTCAE {new}: candidates": ["; ".join(p.candidates) or None for p in proposals],
        f"CTCAE {new}: note": [p.note or None for p in proposals],
    }


def _grouped(records: Records, terms: Sequence[str], proposals: Sequence[Proposal]) -> Groups:
    found: Groups = defaultdict(list)
    for row, term, proposal in zip(records.frame["row"], terms, proposals, strict=True):
        found[term, proposal].append(row)
    return found


def _fields(groups: Groups, old: str, new: str, path: Path) -> dict[str, Any]:
    told = [
        {
            "term": term, "what": proposal.label(old, new), "proposed": proposal.term,
            "candidates": proposal.candidates, "note": proposal.note,
            "decide": not proposal.settled, "rows": rows,
        }
        for (term, proposal), rows in groups.items()
    ]  # fmt: skip
    return {
        "schema": 1, "command": "ctcae migrate", "from": old, "to": new, "written": str(path),
        "rows": sum(map(len, groups.values())), "terms": told,
    }  # fmt: skip


def _told(groups: Groups, proposals: Sequence[Proposal], old: str, new: str) -> Iterator[str]:
    from ae_cli.ctcae.migrate import LABELS
    from ae_cli.render.text import count

    counts = Counter(p.what for p in proposals)
    yield f"CTCAE {old} to {new}: {count(len(proposals), 'row')}"
    for what, label in LABELS.items():
        if counts[what]:
            yield f"  {counts[what]:>6,}  {label.format(old=old, new=new)}"
    if rewritten := sum(p.rewritten for p in proposals):
        yield f"  {rewritten:>6,}  of these: the wording of the grade differs"
    open_ = [(*key, rows) for key, rows in groups.items() if not key[1].settled]
    yield "" if open_ else "nothing is left for a person to decide"
    if open_:
        yield "for a person to decide"
    for term, proposal, rows in sorted(open_, key=lambda g: (g[1].what, g[0].casefold())):
        yield from _group(term, proposal, rows, proposal.label(old, new))


def _group(term: str, proposal: Proposal, rows: Sequence[int], label: str) -> Iterator[str]:
    from ae_cli.render.text import safe, short

    names = (proposal.term,) if proposal.term else proposal.candidates
    to = "" if names == (term,) else " or ".join(names)
    yield f"  {label}: {short(term)}{f' > {to}' if to else ''}"
    if proposal.note:
        yield f"    {safe(proposal.note)}"
    yield f"    {named(rows)}"


def named(rows: Sequence[int]) -> str:
    """Rows by their numbers, and how many more there are."""
    listed = ", ".join(map(str, rows[:ROWS]))
    more = f" and {len(rows) - ROWS:,} more" if len(rows) > ROWS else ""
    return f"row{'' if len(rows) == 1 else 's'} {listed}{more}"
