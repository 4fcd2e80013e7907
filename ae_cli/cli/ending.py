"""How a run ends: the exit codes, and errors in words."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from ae_cli.errors import InputError

CLEAN, FOUND, UNUSABLE, BUG, INTERRUPTED = 0, 1, 2, 70, 130


def write_unicode() -> None:
    """UTF-8 into a pipe or file on every system; on a screen, what it cannot show as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                encoding=None if stream.isatty() else "utf-8", errors="backslashreplace"
            )


def guarded(run: Callable[[], object]) -> None:
    """Run, and turn whatever is raised into an exit code and a line on stderr."""
    try:
        _flushed(run)
    except InputError as error:
        _say(f"error: {error.what}", f"  fix: {error.remedy}" if error.remedy else "")
        sys.exit(UNUSABLE)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # Typer makes it a 1, which means findings
            _leave_quietly()
        raise
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _leave_quietly()
    except OSError as error:
        _say(f"error: {error.filename or 'the system'}: {error.strerror or 'refuses'}")
        sys.exit(UNUSABLE)
    except MemoryError:
        _say("error: the file is too large for this machine's memory")
        sys.exit(UNUSABLE)
    except BaseException as error:  # a panic of Polars is no Exception
        _report_bug(error)


def _flushed(run: Callable[[], object]) -> None:
    """Run, and learn here, not at the interpreter's end, that the reader of our output is gone."""
    try:
        run()
    finally:
        sys.stdout.flush()


def _say(*texts: str) -> None:
    from ae_cli.render.text import safe

    for text in filter(None, texts):
        print(safe(text, lines=True).replace("\n", "\n    "), file=sys.stderr)


@contextmanager
def staying() -> Iterator[None]:
    """Printing to a reader who may go (`| head`): the command goes on, and ends as it would."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _mute()
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        _mute()


def _mute() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leave_quietly() -> NoReturn:
    """The reader of our output has gone (`| head`): that is not an error."""
    _mute()
    sys.exit(CLEAN)


def _report_bug(error: BaseException) -> NoReturn:
    """Say where, never what with: the text of an exception can hold a patient's data."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "ae_cli" in f.filename]
    at = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "?"
    _say(
        f"internal error: {type(error).__name__} in {at}",
        "  this is a bug of ae-cli, not of your file; nothing was written",
        "  please report the line above: it holds nothing of your data",
    )
    sys.exit(BUG)
