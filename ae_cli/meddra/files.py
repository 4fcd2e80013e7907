"""The ASCII files of a release, read and held against each other. `$` ends every field.

Source: MSSO, "MedDRA Distribution File Format Document".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path as File

from ae_cli.errors import InputError
from ae_cli.meddra.release import LEVELS, Path, Release

NEEDED = ("llt.asc", "pt.asc", "hlt.asc", "hlgt.asc", "soc.asc", "mdhier.asc")
VERSION = "meddra_release.asc"
DEPTH = 3  # folders within the one that is named: MedDRA_27_0_English/MedAscii
LARGEST = 200_000_000  # bytes: twenty times the largest file of a release
GET = "name the folder with llt.asc, pt.asc and mdhier.asc, often called MedAscii"
AGAIN = "unpack the release again, all files of one version and language"
# Releases are in UTF-8, older ones in what their language was written in.
OLDER = {"chinese": "gb18030", "japanese": "cp932", "korean": "cp949", "russian": "cp1251",
         "czech": "cp1250", "hungarian": "cp1250", "polish": "cp1250"}  # fmt: skip


def read_release(folder: File) -> Release:
    """The release in a folder, or in one within it. Raises InputError where there is none, or
    several, or where its files do not belong together."""
    files = _files(folder)
    return _read(tuple((name, path, path.stat().st_mtime_ns) for name, path in files.items()))


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[str, File, int], ...]) -> Release:
    """The files have the time of their last change, so that a changed one is read again."""
    paths = {name: path for name, path, _ in files}
    _, language = _version(_text(paths[VERSION], "") if VERSION in paths else "")
    texts = {name: _text(path, language) for name, path in paths.items()}
    return release_of(texts, str(paths["llt.asc"].parent))


def release_of(texts: Mapping[str, str], where: str) -> Release:
    """The release that these files hold, by their names; `where` is for messages."""
    version, language = _version(texts.get(VERSION, ""))
    rows = {name: list(_rows(texts[name], name, where)) for name in NEEDED}
    made = Release(
        version, language,
        terms={level: {row[0]: row[1] for row in rows[f"{level}.asc"]} for level in LEVELS},
        paths=[Path(row[0], row[1], row[2], row[3], row[11] == "Y") for row in rows["mdhier.asc"]],
        pt_of={row[0]: row[2] for row in rows["llt.asc"]},
        not_current=frozenset(row[0] for row in rows["llt.asc"] if row[9] == "N"),
    )  # fmt: skip
    _whole(made, where)
    return made


def _files(folder: File) -> dict[str, File]:
    """The files of the release, by their names in small letters."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder", f"{GET} (--meddra DIR)")
    found = [files for files in _folders(folder, DEPTH) if "llt.asc" in files]
    if not found:
        raise InputError(f"{folder} holds no release of MedDRA in ASCII files", GET)
    if len(found) > 1:
        named = " and ".join(sorted(str(files["llt.asc"].parent) for files in found)[:3])
        raise InputError(f"{folder} holds {len(found)} releases of MedDRA", f"name one: {named}")
    missing = [name for name in NEEDED if name not in found[0]]
    if missing:
        where = found[0]["llt.asc"].parent
        raise InputError(f"{where}: {', '.join(missing)} of MedDRA is not there", AGAIN)
    return {name: path for name, path in found[0].items() if name in (*NEEDED, VERSION)}


def _folders(folder: File, depth: int) -> Iterator[dict[str, File]]:
    """The files of a folder and of those within it."""
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}", GET) from None
    yield {path.name.lower(): path for path in inside if path.is_file()}
    for path in inside if depth else ():
        if path.is_dir() and not path.name.startswith("."):
            yield from _folders(path, depth - 1)


def _version(text: str) -> tuple[str, str]:
    """Version and language, as the release says them; old ones have no such file."""
    version, language, *_ = (*text.split("$"), "", "")
    return version.strip(), language.strip()


AT_LEAST = {"llt.asc": 10, "mdhier.asc": 12}  # fields that are read, of others two


def _rows(text: str, name: str, where: str) -> Iterator[list[str]]:
    for number, line in enumerate(text.split("\n"), 1):
        row = line.split("$")
        if not line.strip():
            continue
        if len(row) < AT_LEAST.get(name, 2) or not row[0]:
            raise InputError(f"{where}: line {number} of {name} is not as in MedDRA", AGAIN)
        yield row


def _text(path: File, language: str) -> str:
    if path.stat().st_size > LARGEST:
        raise InputError(f"{path} is too large to be a file of MedDRA", AGAIN)
    data = path.read_bytes()
    for encoding in ("utf-8-sig", OLDER.get(language.lower(), "cp1252")):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path} is neither UTF-8 nor what {language or 'its language'} uses", AGAIN)


def _whole(made: Release, where: str) -> None:
    """Raises InputError where a file is cut or of another release: terms would be taken for wrong.

    Every preferred term has a path, every path leads over terms that exist, and every lowest level
    term belongs to a preferred term.
    """
    stray = set(made.pt_of.values()) ^ set(made.terms["pt"])
    stray |= set(made.ways) ^ set(made.terms["pt"])
    for level in ("hlt", "hlgt", "soc"):
        stray |= {getattr(path, level) for path in made.paths} ^ set(made.terms[level])
    if stray or not made.paths:
        code = f": {min(stray)} is not in all that must have it" if stray else ""
        raise InputError(f"{where}: the files of MedDRA do not belong together{code}", AGAIN)
