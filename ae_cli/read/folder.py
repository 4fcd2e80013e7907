"""Which file of a study is which: by the name of its data set, else by its columns.

A folder may hold the SDTM and the ADaM files of one study. Of two files of one kind that of SDTM is
read, then that of ADaM, and the other is named; any other two files of one kind are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ae_cli.config import Config
from ae_cli.errors import InputError, quoted
from ae_cli.model import KINDS, Kind
from ae_cli.read import files
from ae_cli.read.ours import written_here
from ae_cli.read.sheet import Sheet

JSON = (".json", ".ndjson", ".dsjc")
TEXTS = (".csv", ".tsv", ".txt")
BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
SUFFIXES = frozenset((*TEXTS, *JSON, *BOOKS, ".parquet", ".xpt", ".sas7bdat"))
_SDTM = re.compile(r"(?i)[a-z]{2}|supp[a-z]{2}|relrec")  # a data set of SDTM, ours or another
_SPLIT = re.compile(r"(?i)lb[a-z0-9]{1,2}\.")  # laboratory results by category: LBCH, LBHE
_ADAM = re.compile(r"(?i)ad[a-z]{1,6}")


@dataclass(frozen=True)
class Folder:
    """The files of a study by kind, and those that are left, with the reason."""

    of: Mapping[str, tuple[Path, ...]]
    left: Mapping[Path, str] = field(default_factory=dict)


def in_folder(
    folder: Path,
    config: Config,
    needed: str = "events",
    named: Mapping[str, tuple[Path, ...]] | None = None,
    wanted: Collection[str] | None = None,
) -> Folder:
    """The files of a folder by kind; `named` are files that are settled, with their kinds, and
    `wanted` the kinds that are read, None for all. Raises InputError where two could be meant, or
    the needed kind is not there.
    """
    of = dict(named or {})
    settled = {path.resolve() for paths in of.values() for path in paths}
    found: dict[str, list[Path]] = {}
    left: dict[Path, str] = {}
    for path in sorted(p for p in folder.iterdir() if _is_data(p) and p.resolve() not in settled):
        if written_here(path):
            left[path] = "written by ae-cli"
            continue
        kind = _by_name(path) or _of_unnamed(path, config, left)
        if kind:
            found.setdefault(kind.name, []).append(path)
    for name, paths in found.items():
        if wanted is not None and name not in wanted:
            left |= dict.fromkeys(paths, "not needed here")
        elif name in of:
            left |= dict.fromkeys(paths, f"{KINDS[name].role} are named: {of[name][0].name}")
        else:
            of[name] = _meant(KINDS[name], paths, left)
    if needed not in of:
        names = ", ".join(p.name for p in (*sum(of.values(), ()), *left)) or "no data file"
        raise InputError(
            f"{folder} holds no file of {KINDS[needed].role}",
            f"it has {names}; name the file itself",
        )
    return Folder(of, left)


def _of_unnamed(path: Path, config: Config, left: dict[Path, str]) -> Kind | None:
    """The kind of a file by its columns. A folder may hold anything beside the study: what is of
    no kind is left, with the reason, and so is JSON that is no table. Raises InputError for a table
    that cannot be read: it may be the one that matters."""
    if _other_domain(path):
        left[path] = "another data set"
        return None
    try:
        kind = by_columns(path, config)
    except InputError:
        if path.suffix.lower() not in JSON:
            raise
        left[path] = "no table"
        return None
    if kind is None:
        left[path] = "of no known kind"
    return kind


def named(text: str, config: Config) -> tuple[str, Path]:
    """A file as `--with` names it, with its kind: `KIND=FILE`, or a file that tells its kind."""
    left, _, right = text.partition("=")
    if right and left in KINDS:
        return left, Path(right)
    path = Path(text)
    if right and left.isidentifier() and not path.exists():
        raise InputError(
            f"--with {text}: there is no kind of records {left!r}",
            f"the kinds are {', '.join(KINDS)}",
        )
    kind = _by_name(path) or by_columns(path, config)
    if kind is None:
        raise InputError(
            f"{path} does not tell what it is",
            f"say it: --with {quoted(f'exposure={path}')}; the kinds are {', '.join(KINDS)}",
        )
    return kind.name, path


def by_columns(path: Path, config: Config) -> Kind | None:
    """The one kind whose needed columns a file has; None where there is none, or several."""
    wanted = {kind.model: config.columns.get(name, {}) for name, kind in KINDS.items()}
    sheets = files.sheets(path, wanted, config.files.encoding, config.limits)
    fits = {kind.name: kind for sheet in sheets for kind in _fitting(sheet, config)}
    return _most_special(list(fits.values()))


def _fitting(sheet: Sheet, config: Config) -> Iterable[Kind]:
    for name, kind in KINDS.items():
        fields = files.has_fields(sheet.headers, kind.model, config.columns.get(name, {}))
        if files.is_log(fields, kind.model) and len(fields) > 1:
            yield kind


def _most_special(kinds: list[Kind]) -> Kind | None:
    """A safety report has all of an event, and everything names a participant."""
    names = {kind.name for kind in kinds}
    if len(kinds) > 1:
        kinds = [k for k in kinds if k.name != "subjects"]
    if "reports" in names:
        kinds = [k for k in kinds if k.name != "events"]
    return kinds[0] if len(kinds) == 1 else None


def _by_name(path: Path) -> Kind | None:
    return next((kind for kind in KINDS.values() if _dataset(path) in kind.datasets), None)


def _other_domain(path: Path) -> bool:
    """Whether a name is that of a data set of SDTM or ADaM that nothing is asked of."""
    stem = path.name.split(".")[0]
    if _by_name(path):
        return False
    return bool(_SDTM.fullmatch(stem) or _ADAM.fullmatch(stem))


def _is_data(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return path.is_file() and not hidden and path.suffix.lower() in SUFFIXES


def _meant(kind: Kind, paths: list[Path], left: dict[Path, str]) -> tuple[Path, ...]:
    """The files of a kind: named as SDTM's data set, else as that of ADaM, else told by columns.
    Results may lie in several, as SDTM splits them. Raises InputError for others that are several.
    """
    names = [(name,) for name in kind.datasets]
    first = next((f for n in names if (f := [p for p in paths if _dataset(p) in n])), paths)
    if len(first) > 1 and not (kind.name == "labs" and all(_SPLIT.match(p.name) for p in first)):
        raise InputError(
            f"several files could be the {kind.role}: {', '.join(p.name for p in first)}",
            f"name one: --with {quoted(f'{kind.name}={first[0]}')}",
        )
    read = ", ".join(p.name for p in first)
    left |= {p: f"{KINDS[kind.name].role} are read from {read}" for p in paths if p not in first}
    return tuple(first)


def _dataset(path: Path) -> str:
    return path.name.split(".")[0].upper()
