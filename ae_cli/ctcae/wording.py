"""The wording of grades, as the user imported it from NCI's workbook: kept with the user.

One file a version, in the user's data folder or in the folder that AE_CLI_DATA names. It is read
when a grade is quoted, and not before.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ae_cli.ctcae.compared import Difference
from ae_cli.ctcae.dictionary import dictionary
from ae_cli.ctcae.nci import Entry
from ae_cli.errors import InputError
from ae_cli.output import replacing

FOLDER = "AE_CLI_DATA"  # the variable that names another folder, such as one for all users


@dataclass(frozen=True, slots=True)
class Words:
    """What NCI's workbook says of a term: its definition, and the wording of each grade."""

    grades: dict[int, str]
    definition: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """An imported workbook: its name and hash, its words by term, and where it differs."""

    schema: int
    version: str
    file: str
    sha256: str
    terms: dict[str, Words]
    differences: tuple[Difference, ...] = ()


def imported(version: str) -> Imported | None:
    """What was imported for a version, or None. Raises InputError for a damaged file."""
    path = place(dictionary(version).version)
    try:
        stat = path.stat()
        return _read(path, version, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", _remedy(path)) from None


def wording(version: str) -> dict[str, Words] | None:
    """The words of each term of a version, or None where no workbook was imported."""
    found = imported(version)
    return found.terms if found else None


def quoted(version: str, term: str, grade: int | None) -> str:
    """NCI's wording of a grade of a term; "" where there is none or it was not imported."""
    words = (wording(version) or {}).get(term)
    return words.grades.get(grade, "") if words and grade is not None else ""


def keep(
    version: str, file: str, sha256: str, entries: Sequence[Entry], found: Sequence[Difference]
) -> Imported:
    """Store an import, in place of an earlier one. Raises InputError if it cannot be written."""
    book, terms = dictionary(version), dict[str, Words]()
    for entry in entries:
        term = book.find(entry.name)
        words = Words(entry.grades, entry.definition, entry.note)
        terms.setdefault(term.name if term else entry.name, words)
    kept = Imported(1, version, file, sha256, terms, tuple(found))
    path = place(version)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"the folder {path.parent} cannot be made: {error.strerror}"
        raise InputError(what, f"name another folder in the variable {FOLDER}") from None
    with replacing(path) as out:
        out.write(_ADAPTER.dump_json(kept, indent=1))
    return kept


def place(version: str) -> Path:
    """The file that holds the wording of a version."""
    from platformdirs import user_data_dir

    folder = os.environ.get(FOLDER) or user_data_dir("ae-cli", appauthor=False)
    return Path(folder).expanduser() / f"ctcae-{version}.json"


_ADAPTER = TypeAdapter(Imported)


@lru_cache(maxsize=8)
def _read(path: Path, version: str, stamp: tuple[int, ...]) -> Imported:
    """Read once, and again when the file has changed."""
    damaged = InputError(f"{path} is damaged: no wording can be read from it", _remedy(path))
    try:
        found = _ADAPTER.validate_json(path.read_bytes())
    except ValidationError:
        raise damaged from None
    if (found.schema, found.version) != (1, version):
        raise damaged
    return found


def _remedy(path: Path) -> str:
    return f"import NCI's workbook again: ae-cli ctcae import FILE; or delete {path}"
