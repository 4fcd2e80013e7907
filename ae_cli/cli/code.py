"""ae-cli code: CTCAE terms for the verbatim texts of a log, proposed and accepted by a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ae_cli.cli import options as o
from ae_cli.cli.copying import Force, beside, write_copy
from ae_cli.cli.migrate import named
from ae_cli.cli.opening import Inputs, read, resolve
from ae_cli.cli.printing import one_of, write, write_json, wrote

if TYPE_CHECKING:
    from ae_cli.ctcae import Dictionary
    from ae_cli.ctcae.worksheet import Coded, Line
    from ae_cli.read import Records

Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE",
        help="Where (default: beside the log, NAME-coding.xlsx or NAME-coded.xlsx).",
    ),
]  # fmt: skip
Accept = Annotated[
    Path | None,
    typer.Option("--accept", metavar="FILE", help="The worksheet, filled in: code the log by it."),
]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]
SHOWN = 10  # texts without a term that are named on a screen


def register(app: typer.Typer) -> None:
    app.command(short_help="Propose CTCAE terms for verbatim texts; code a log.")(o.spread(code))


def code(
    given: o.Given,
    files: o.Files = None,
    accept: Accept = None,
    output: Output = None,
    force: Force = False,
    format: Format = "text",
) -> None:
    """Propose CTCAE terms for the texts of a log in a worksheet; with --accept, code the log by it.

    A person fills the worksheet's column "Accepted term"; only texts that are terms are filled in
    already. The coded log is a copy with the term, its class and its code in columns of their own.

    Example: ae-cli code ae.xlsx -o worksheet.xlsx
    """
    from ae_cli.ctcae import dictionary

    as_json = one_of("--format", format, ("text", "json")) == "json"
    inputs = resolve(files, given)
    book = dictionary(inputs.config.ctcae)
    if accept is None:
        path = beside(inputs, output, "coding", force, (".xlsx",))
        return _propose(path, inputs, read(inputs, given).events, book, as_json)
    path = beside(inputs, output, "coded", force, used=(accept,))
    terms = _accepted(accept, inputs, book)
    _code(path, accept.name, read(inputs, given).events, book, terms, as_json)


def _propose(path: Path, inputs: Inputs, records: Records, book: Dictionary, as_json: bool) -> None:
    from ae_cli.ctcae.worksheet import ACCEPTED, HEADERS, VERSION, lines
    from ae_cli.findings import Listing
    from ae_cli.render.xlsx import worksheet

    found = lines(_texts(records), records.frame["row"].to_list(), book)
    sheet = records.sources[0].sheet
    about = ((VERSION, book.version), ("Log", sheet.where), ("SHA-256", sheet.sha256))
    offered = [i for i, header in enumerate(HEADERS) if header.startswith("Candidate")]
    worksheet.write(
        path,
        Listing("Coding", "Coding worksheet", HEADERS, tuple(line.cells() for line in found)),
        Listing("About", "About", ("What", "Value"), about),
        HEADERS.index(ACCEPTED),
        range(offered[0], offered[-1] + 1),
    )
    if as_json:
        return write_json(_proposed_fields(found, book, path))
    write(_proposed(found, book, inputs.events[0], path))


def _proposed(found: Sequence[Line], book: Dictionary, log: Path, path: Path) -> Iterator[str]:
    from ae_cli.render.text import count, safe

    rows, texts = sum(len(line.rows) for line in found), len(found)
    done = sum(bool(line.accepted) for line in found)
    some = sum(bool(line.hits) and not line.accepted for line in found)
    yield f"CTCAE {book.version}: {count(texts, 'text')} in {count(rows, 'row')}"
    yield f"  {done:>6,}  terms of CTCAE, accepted as they are"
    yield f"  {some:>6,}  with candidates"
    yield f"  {texts - done - some:>6,}  without"
    yield safe(f"wrote {path}")
    yield safe(f'fill in its column "Accepted term", then: ae-cli code {log} --accept {path}')


def _proposed_fields(found: Sequence[Line], book: Dictionary, path: Path) -> dict[str, Any]:
    texts = [
        {
            "text": line.text, "rows": line.rows, "accepted": line.accepted or None,
            "candidates": [
                {"term": hit.term.name, "score": hit.score, "how": hit.how} for hit in line.hits
            ],
        }
        for line in found
    ]  # fmt: skip
    return {
        "schema": 1, "command": "code", "version": book.version, "written": str(path),
        "texts": texts,
    }  # fmt: skip


def _accepted(path: Path, inputs: Inputs, book: Dictionary) -> dict[str, Coded]:
    from ae_cli.ctcae.worksheet import accepted
    from ae_cli.read.plain import workbook

    _, sheets = workbook(path, inputs.config.limits)
    return accepted(str(path), dict(sheets), book)


def _code(
    path: Path, by: str, records: Records, book: Dictionary, terms: dict[str, Coded], as_json: bool
) -> None:
    from ae_cli.ctcae.worksheet import by_text, same

    texts = _texts(records)
    coded = [terms.get(same(text)) for text in texts]
    write_copy(path, records, _columns(coded, book.version, by))
    rows = [row for row, term in zip(records.frame["row"], coded, strict=True) if not term]
    open_ = [text for text, term in zip(texts, coded, strict=True) if not term]
    left = list(by_text(open_, rows).values())
    blank = len(rows) - sum(len(of_text) for _, of_text in left)
    unused = len(terms.keys() - set(map(same, texts)))
    coded_rows = len(texts) - len(rows)
    told = {"rows": len(texts), "coded": coded_rows, "without_text": blank, "unused": unused}
    if as_json:
        without = [{"text": text, "rows": of_text} for text, of_text in left]
        return write_json(
            {"schema": 1, "command": "code", "version": book.version, "written": str(path),
             **told, "without_term": without}
        )  # fmt: skip
    write(_coded_lines(told, left, book))
    wrote(path)


def _columns(coded: Sequence[Coded | None], version: str, by: str) -> dict[str, list[str | None]]:
    return {
        "CTCAE term": [c.name if c else None for c in coded],
        "CTCAE class": [c.term.soc if c else None for c in coded],
        "CTCAE code": [(c.term.code or None) if c else None for c in coded],
        "CTCAE version": [version if c else None for c in coded],
        "coded by": [by if c else None for c in coded],
    }


def _coded_lines(
    told: dict[str, int], left: Sequence[tuple[str, list[int]]], book: Dictionary
) -> Iterator[str]:
    from ae_cli.render.text import count, short

    yield f"CTCAE {book.version}: {told['coded']:,} of {count(told['rows'], 'row')} coded"
    if told["without_text"]:
        yield f"  {count(told['without_text'], 'row')} without a text"
    if left:
        yield f"  {count(len(left), 'text')} without an accepted term"
    for text, rows in left[:SHOWN]:
        yield f"    {short(text)}: {named(rows)}"
    if len(left) > SHOWN:
        yield f"    and {len(left) - SHOWN:,} more"
    if told["unused"]:
        yield f"  {count(told['unused'], 'accepted text')} of the worksheet in no row of the log"


def _texts(records: Records) -> list[str | None]:
    """Each record's verbatim text: as reported, else as coded."""
    from ae_cli.read.copied import first_of

    return first_of(records, "term", "preferred_term")
