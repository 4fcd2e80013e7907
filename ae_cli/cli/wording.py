"""NCI's wording in words and as JSON, where it was imported: read only when it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ae_cli.ctcae import Term
    from ae_cli.ctcae.compared import Difference

WIDTH = 80
NOT_IMPORTED = "wording not imported: `ae-cli ctcae import FILE` takes NCI's workbook"


def about(version: str) -> dict[str, Any] | None:
    """The workbook that a version's wording comes from."""
    from ae_cli.ctcae.wording import imported

    found = imported(version)
    if not found:
        return None
    return {"file": found.file, "sha256": found.sha256, "differences": len(found.differences)}


def imported_line(version: str) -> str:
    from ae_cli.render.text import count, safe

    told = about(version)
    if not told:
        return NOT_IMPORTED
    differs = count(told["differences"], "difference")
    return safe(f"wording from {told['file']}, SHA-256 {told['sha256']}, {differs}")


def quoted_fields(term: Term, version: str) -> dict[str, Any]:
    """What NCI says of a term; null where it was not imported."""
    from ae_cli.ctcae.wording import wording

    words = (wording(version) or {}).get(term.name)
    return {
        "definition": words.definition if words else None,
        "navigational_note": words.note if words else None,
        "wording": {str(g): text for g, text in words.grades.items()} if words else None,
    }


def quoted_lines(term: Term, version: str) -> Iterator[str]:
    """The same in lines of 80 columns, the texts safe to show."""
    told = quoted_fields(term, version)
    if told["wording"] is None:
        return
    yield ""
    yield from _wrapped("", told["definition"])
    for grade, text in told["wording"].items():
        yield from _wrapped(f"grade {grade}  ", text)
    yield from _wrapped("note     ", told["navigational_note"])
    for difference in _differing(term, version):
        words = (
            f"{difference.built_in} in the built-in table, {difference.workbook} in the workbook"
        )
        yield from _wrapped("", f"{difference.kind}: {words}")


def _differing(term: Term, version: str) -> list[Difference]:
    """Where the workbook says something else of the term than the table above it."""
    from ae_cli.ctcae.wording import imported

    found = imported(version)
    told = found.differences if found else ()
    return [d for d in told if d.term == term.name and d.built_in]


def _wrapped(label: str, text: str) -> Iterator[str]:
    from ae_cli.render.text import safe
    from ae_cli.render.wrap import wrap

    for number, line in enumerate(wrap(safe(text), WIDTH - 2 - len(label)) if text else ()):
        yield f"  {label if not number else ' ' * len(label)}{line}"
