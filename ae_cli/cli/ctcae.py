"""ae-cli ctcae: the terms of CTCAE, how to find one, and what changed between versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli import importing, migrate
from ae_cli.cli.printing import one_of, write, write_json
from ae_cli.cli.terms import (
    HEADINGS,
    HOW,
    change_fields,
    changed,
    fields,
    grades,
    lab_fields,
    lab_lines,
    shown,
)
from ae_cli.cli.wording import about, imported_line, quoted_fields, quoted_lines

if TYPE_CHECKING:
    from ae_cli.ctcae import Term

Version = Annotated[
    str, typer.Option("--ctcae", metavar="VERSION", help="The version: 4.03, 5.0 or 6.0.")
]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]
Words = Annotated[
    list[str], typer.Argument(metavar="TEXT", help="A term, an abbreviation or a few words.")
]
FORMATS = ("text", "json")


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Look up CTCAE terms and their grades.")
    group.command("versions")(versions)
    group.command("list")(list_terms)
    group.command("search")(search_terms)
    group.command("show")(show)
    group.command("diff")(diff)
    importing.register(group)
    migrate.register(group)
    app.add_typer(group, name="ctcae")


def versions(format: Format = "text") -> None:
    """List the versions, with the fingerprint of each table and where its wording comes from.

    Example: ae-cli ctcae versions
    """
    from ae_cli.ctcae import DEFAULT_VERSION, VERSIONS, dictionary

    books = [dictionary(version) for version in VERSIONS]
    if _as_json(format):
        known = [
            {
                "version": book.version, "terms": len(book.terms), "classes": len(book.classes),
                "default": book.version == DEFAULT_VERSION, "sha256": book.sha256,
                "wording": about(book.version),
            }
            for book in books
        ]  # fmt: skip
        return write_json({"schema": 1, "command": "ctcae versions", "versions": known})
    for book in books:
        chosen = "  (default)" if book.version == DEFAULT_VERSION else ""
        write([f"{book.version:<5} {len(book.terms)} terms, {len(book.classes)} classes{chosen}"])
        write([f"      SHA-256 {book.sha256}", f"      {imported_line(book.version)}"])


def list_terms(
    ctcae: Version = "5.0",
    soc: Annotated[
        str | None,
        typer.Option("--soc", metavar="NAME", help="Only this system organ class, or part of it."),
    ] = None,
    format: Format = "text",
) -> None:
    """List the terms of a version, with the grades each of them has.

    Example: ae-cli ctcae list --soc hepatobiliary
    """
    from ae_cli.ctcae import dictionary

    book = dictionary(ctcae)
    classes = book.classes if soc is None else book.classes_like(soc)
    terms = [term for term in book.terms if term.soc in classes]
    if _as_json(format):
        known = [fields(term) for term in terms]
        return write_json({"schema": 1, "version": book.version, "terms": known})
    write([f"CTCAE {book.version}"])
    for name in classes:
        write(["", name])
        write(f"  {grades(term)}  {term.name}" for term in terms if term.soc == name)


def search_terms(text: Words, ctcae: Version = "5.0", format: Format = "text") -> None:
    """Find the terms that words may mean, the likeliest first.

    Example: ae-cli ctcae search ALT increased
    """
    from ae_cli.ctcae import dictionary
    from ae_cli.ctcae.search import search

    book, words = dictionary(ctcae), " ".join(text)
    hits = search(words, book)
    if _as_json(format):
        known = [{**fields(hit.term), "how": hit.how, "score": hit.score} for hit in hits]
        return write_json(
            {"schema": 1, "command": "ctcae search", "version": book.version, "terms": known}
        )
    if not hits:
        return write([f"CTCAE {book.version} has no term like that: try another word, in English"])
    write([f"CTCAE {book.version}"])
    for hit in hits:
        write([f"{hit.score:>3}  {grades(hit.term)}  {hit.term.name}{HOW[hit.how]}"])


def show(text: Words, ctcae: Version = "5.0", format: Format = "text") -> None:
    """Show a term: its class, code, grades, history, and the laboratory values of each grade.

    Once NCI's workbook is imported, its definition and the wording of each grade are quoted.

    Example: ae-cli ctcae show asystole
    """
    from ae_cli.ctcae import VERSIONS, dictionary
    from ae_cli.ctcae.search import the_term

    book = dictionary(ctcae)
    term = the_term(" ".join(text), book)
    others = {v: _in_version(term, book.version, v) for v in VERSIONS if v != book.version}
    if _as_json(format):
        history = {version: [fields(t) for t in terms] for version, terms in others.items()}
        return write_json(
            {"schema": 1, "command": "ctcae show", "version": book.version, **fields(term),
             "history": history, "laboratory": lab_fields(term, book.version),
             **quoted_fields(term, book.version)}
        )  # fmt: skip
    write(shown(term, book, others))
    write(lab_lines(term, book.version))
    write(quoted_lines(term, book.version))


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A version: 5.0.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another one: 6.0.")],
    format: Format = "text",
) -> None:
    """Show what changed from one version to another, term by term.

    Example: ae-cli ctcae diff 5.0 6.0
    """
    from ae_cli.ctcae.history import changes

    found = list(changes(old, new))
    if _as_json(format):
        known = [change_fields(change) for change in found]
        return write_json(
            {"schema": 1, "command": "ctcae diff", "from": old, "to": new, "changes": known}
        )
    for kind, heading in HEADINGS.items():
        of_kind = [change for change in found if change.kind == kind]
        if of_kind:
            write([f"{heading.format(old=old, new=new)} ({len(of_kind)})"])
            write(f"  {line}" for change in of_kind for line in changed(change))
            write([""])
    write([f"{len(found)} differences"])


def _in_version(term: Term, old: str, new: str) -> tuple[Term, ...]:
    from ae_cli.ctcae import became, dictionary

    names = became(term.name, old, new)
    return tuple(t for name in names if (t := dictionary(new).find(name)))


def _as_json(format: str) -> bool:
    return one_of("--format", format, FORMATS) == "json"
