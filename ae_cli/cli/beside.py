"""The files that go with a log: by options, by study.toml, or by the folder they lie in."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ae_cli.cli.options import Beside, Given
from ae_cli.errors import InputError, quoted

if TYPE_CHECKING:
    from ae_cli.config import Config

STUDY_FILE = "study.toml"
Files = dict[str, tuple[Path, ...]]  # by kind of record

# The kinds of record that a command reads.
OF_LOG = frozenset(("events", "subjects", "qualifiers"))
OF_RESULTS = frozenset(("labs", "subjects", "exposure"))
OF_GRADES = frozenset(("labs", "subjects"))
OF_STUDY = None  # every kind


def by_options(
    given: Given, beside: Beside | None, config: Config, kinds: Collection[str] | None
) -> Files:
    """The files that options name. Raises InputError for two of one kind, and for a file of which
    the command makes nothing.
    """
    from ae_cli.read.folder import named

    options = (("subjects", given.subjects), ("labs", beside.labs if beside else None))
    found: Files = {kind: (path,) for kind, path in options if path}
    for kind, path in (named(text, config) for text in (beside.others if beside else None) or ()):
        if kind in found:
            raise second(kind, path)
        found[kind] = (path,)
    for kind in found:
        _refuse(kind, found[kind][0], kinds)
    return found


def second(kind: str, path: Path) -> InputError:
    """Two files of one kind were named."""
    return InputError(
        f"--with {path}: it is a second file of {kind}",
        f"name one, or say what it is: --with {quoted(f'KIND={path}')}",
    )


def _refuse(kind: str, path: Path, kinds: Collection[str] | None) -> None:
    from ae_cli.model import KINDS

    if kinds is not None and kind not in kinds:
        read = ", ".join(KINDS[name].role for name in KINDS if name in kinds)
        raise InputError(
            f"{path}: this command does not read files of {KINDS[kind].role}", f"it reads {read}"
        )


def by_study(study: Path | None, config: Config, kinds: Collection[str] | None) -> Files:
    """The files that study.toml names."""
    from ae_cli.model import KINDS

    wanted = KINDS if kinds is None else kinds
    named = {kind: beside_study(study, getattr(config.files, kind)) for kind in wanted}
    return {kind: tuple(paths) for kind, paths in named.items() if paths}


def beside_study(study: Path | None, names: str | list[str] | None) -> list[Path]:
    """Files that a study file names, beside it."""
    if study is None or not names:
        return []
    return [study.parent / name for name in ([names] if isinstance(names, str) else names)]


def of_folder(
    folder: Path, config: Config, role: str, named: Files, kinds: Collection[str] | None
) -> Files:
    """The files of a folder, but for the kinds whose files are `named`; which is which is said."""
    from ae_cli.read.folder import in_folder

    found = in_folder(folder, config, role, named, kinds)
    _say_kinds(found.of)
    reasons: dict[str, list[str]] = {}
    for path, why in found.left.items():
        reasons.setdefault(why, []).append(path.name)
    for why, names in reasons.items():
        say(f"not read: {', '.join(names)} ({why})")
    return dict(found.of)


def say_named(files: Mapping[str, tuple[Path, ...]]) -> None:
    """Say which files study.toml alone names."""
    _say_kinds(files, f" (named in {STUDY_FILE})")


def _say_kinds(files: Mapping[str, tuple[Path, ...]], by: str = "") -> None:
    from ae_cli.model import KINDS

    for kind in KINDS:
        if kind in files:
            say(f"{KINDS[kind].role}: {', '.join(map(str, files[kind]))}{by}")


def say(line: str) -> None:
    """A line for whoever looks on, beside what was asked for."""
    from ae_cli.render.text import safe

    print(safe(line), file=sys.stderr)
