"""Where a command may write: never over what it reads, never twice to one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ae_cli.cli.opening import Inputs
from ae_cli.errors import InputError

Named = tuple[str, Path]  # an option, and the file it names


def target(path: Path, inputs: Inputs, force: bool, option: str = "-o") -> Path:
    """Where to write. Raises InputError for an input of the run, and for a file that is there."""
    writable(path, inputs, option)
    if path.exists() and not force:
        raise InputError(f"{path} already exists", f"use --force to replace it, or {option} FILE")
    return path


def writable(path: Path, inputs: Inputs, option: str = "-o") -> None:
    """Raises InputError for an input of the run, a folder, and a folder that is not there."""
    apart([(option, path)], [("", each) for each in _read(inputs)])
    if path.is_dir():
        raise InputError(f"{path} is a folder", f"name a file in it with {option}")
    if not path.parent.is_dir():
        raise InputError(f"the folder {path.parent} does not exist", "make it, or choose another")


def apart(written: Sequence[Named], read: Sequence[Named] = ()) -> None:
    """Raises InputError where two of the files to be written are one, or one of them is read."""
    for i, (option, path) in enumerate(written):
        for other, file in read:
            if same(path, file):
                said = f" ({other})" if other else ""
                raise InputError(
                    f"{path} is an input of this run{said}", f"choose another name with {option}"
                )
        for other, file in written[:i]:
            if same(path, file):
                told = "is named twice" if option == other else f"is named by {other} too"
                raise InputError(f"{path} {told}", f"choose another name with {option}")


def same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, by whatever way; also where capitals alone differ."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return str(one.resolve()).casefold() == str(other.resolve()).casefold()


def _read(inputs: Inputs) -> list[Path]:
    named = inputs.config.files.redcap_dictionary
    used = (
        *inputs.events, *inputs.labs, *inputs.others.values(), inputs.subjects, inputs.otherwise,
        inputs.study, Path(named) if named else None,
    )  # fmt: skip
    return [path for path in used if path and path.exists()]
