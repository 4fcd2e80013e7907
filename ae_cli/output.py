"""Files that are replaced whole or left alone, alone or several together."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ae_cli.errors import InputError

MARK = "ae-cli"  # the property of a workbook that says: a result of ours, no data of a study
REMEDY = "Close it if it is open elsewhere, or name a folder that can be written to."


class Parts:
    """Files that take their places together, when all of them are written."""

    def __init__(self) -> None:
        self._parts: list[tuple[Path, Path]] = []  # as named, and what stands beside

    @contextmanager
    def part(self, path: Path, like: Path | None = None) -> Iterator[IO[bytes]]:
        """A file to write, which will stand at `path`: where a link leads, with the same rights.

        The rights are those of `like`, where it is given.
        """
        try:
            real = path.resolve()
            beside = real.with_name(f".{real.name}.{os.getpid()}.part")
            self._parts.append((path, beside))
            beside.unlink(missing_ok=True)
            with beside.open("xb") as file:
                _give_rights(beside, real, like or real)
                yield file
        except OSError as error:
            raise _unwritable(path, error) from error

    def take_places(self) -> None:
        """Replace each file by what was written for it."""
        done: list[str] = []
        for path, beside in self._parts:
            try:
                beside.replace(path.resolve())
            except OSError as error:
                raise _unwritable(path, error, done) from error
            done.append(str(path))

    def clear(self) -> None:
        """Leave nothing behind of what took no place."""
        for _, beside in self._parts:
            beside.unlink(missing_ok=True)


def _give_rights(beside: Path, real: Path, like: Path) -> None:
    """The rights of the file that is replaced. Raises OSError where it may not be written."""
    if real.exists() and not os.access(real, os.W_OK):
        raise PermissionError(13, "it may not be written to", str(real))
    if like.exists():
        beside.chmod(stat.S_IMODE(like.stat().st_mode))


def _unwritable(path: Path, error: OSError, done: list[str] | None = None) -> InputError:
    before = f" ({', '.join(done)} had been written before)" if done else ""
    return InputError(f"{path} cannot be written: {error.strerror or error}{before}", REMEDY)


@contextmanager
def together() -> Iterator[Parts]:
    """Files that take their places when all is done, and else leave no trace."""
    parts = Parts()
    try:
        yield parts
        parts.take_places()
    finally:
        parts.clear()


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its place when all is written, and else leaves no trace."""
    with together() as parts, parts.part(path) as file:
        yield file


def backup(path: Path) -> Path:
    """Where the former file stays when a new one takes its place."""
    return path.with_name(f"{path.name}.bak")
