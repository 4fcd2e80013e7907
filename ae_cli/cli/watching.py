"""validate --watch: the log is checked again whenever it, or a file that goes with it, is saved.

watchfiles wakes us; whether a file has changed is told by its time, size and identity, since Excel
replaces the file it saves, and network drives tell nothing. While nothing happens we sleep.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ae_cli.cli.beside import STUDY_FILE
from ae_cli.cli.opening import STDIN, Inputs
from ae_cli.cli.printing import console, say, write
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.findings import Finding, Report

PAUSE = 0.3  # seconds in which a file that is being written changes
WAKE = 2000  # milliseconds after which files are looked at unasked
TRIES = 5  # looks at a file that cannot be read and does not change: another program may hold it
SHOWN = 10  # new and gone findings on the screen; the rest is counted

Stamp = tuple[tuple[int, int, int] | None, ...]
Moments = Callable[[Sequence[Path]], Iterable[object]]


def watched(inputs: Inputs) -> list[Path]:
    """The files a result depends on; a study.toml that is not there yet may come."""
    beside = inputs.events[0].parent / STUDY_FILE
    named = (inputs.subjects, inputs.otherwise, inputs.study or beside)
    return [p for p in (*inputs.events, *inputs.labs, *inputs.others.values(), *named) if p]


def check_watchable(inputs: Inputs) -> None:
    """Raises InputError where there is nothing to watch, or nothing to watch with."""
    if STDIN in (*inputs.events, inputs.subjects):
        raise InputError("standard input cannot be watched", "name a file")
    try:
        import watchfiles  # noqa: F401
    except ModuleNotFoundError:
        raise InputError(
            "--watch needs one more package", 'install it: pip install "ae-cli[watch]"'
        ) from None


def moments(paths: Sequence[Path]) -> Iterator[object]:
    """Whenever something happens in the folders of these files, and now and then."""
    from watchfiles import watch

    folders = {path.absolute().parent for path in paths}
    yield from watch(
        *(folder for folder in folders if folder.is_dir()), watch_filter=None, recursive=False,
        debounce=500, rust_timeout=WAKE, yield_on_timeout=True, ignore_permission_denied=True,
    )  # fmt: skip


def follow(
    inputs: Inputs,
    resolve: Callable[[], Inputs],
    look: Callable[[Inputs], Report],
    show: Callable[[Report], None],
    moments: Moments = moments,
) -> None:
    """Show a first result, and a new one after each change, until Ctrl-C."""
    check_watchable(inputs)
    seen = stamps(watched(inputs))
    view = View(inputs, look(inputs), seen)
    show(view.report)
    _waiting()
    for _ in moments(watched(inputs)):
        before = view.report
        if view.is_due() and view.renew(resolve, look):
            console().clear()
            _repeat(view.said)
            _shown(view.report, show)
            write(_changes(view.report, before))
            _waiting()


@dataclass
class View:
    """The last result that is known whole, and the state of the files that it is of."""

    inputs: Inputs
    report: Report
    seen: Stamp
    failed: int = 0  # looks that failed since the files last changed
    problem: str = ""
    said: str = ""

    def is_due(self) -> bool:
        """Whether a file has changed, or could not be read and may be let go by now."""
        if stamps(watched(self.inputs)) != self.seen:
            self.failed = 0
            return True
        return 0 < self.failed < TRIES

    def renew(self, resolve: Callable[[], Inputs], look: Callable[[Inputs], Report]) -> bool:
        """Look again; whether there is a new result. study.toml may name other files by now."""
        self.seen = settled(watched(self.inputs))
        try:
            with redirect_stderr(io.StringIO()) as said:
                inputs = resolve()
                report = look(inputs)
        except InputError as error:
            self._fail(error.what)
            return False
        self.failed, self.problem = 0, ""
        if stamps(watched(self.inputs)) != self.seen:
            return False  # saved while it was read, so this may be half of each: it is due again
        if inputs != self.inputs:
            self.inputs, self.seen = inputs, stamps(watched(inputs))
        self.report, self.said = report, said.getvalue()
        return True

    def _fail(self, problem: str) -> None:
        """A problem is said once, not at every try."""
        self.failed += 1
        if problem != self.problem:
            say([f"{_clock()}  not readable at this moment: {problem}; waiting for the next save"])
        self.problem = problem


def stamps(paths: Sequence[Path]) -> Stamp:
    """What tells that a file is another one: its time, size and identity."""
    return tuple(map(_stamp, paths))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def settled(paths: Sequence[Path]) -> Stamp:
    """The stamps, once they stay as they are."""
    before = stamps(paths)
    while True:
        time.sleep(PAUSE)
        now = stamps(paths)
        if now == before:
            return now
        before = now


def _repeat(said: str) -> None:
    """What reading said, on the screen that was cleared after it."""
    print(said, end="", file=sys.stderr)


def _shown(report: Report, show: Callable[[Report], None]) -> None:
    """A file that cannot be written now, since it is open elsewhere, does not end the watch."""
    try:
        show(report)
    except InputError as error:
        say([f"{_clock()}  {error.what}. {error.remedy}"])


def _waiting() -> None:
    sys.stdout.flush()
    say([f"{_clock()}  watching; Ctrl-C ends"])


def _changes(report: Report, before: Report) -> Iterator[str]:
    from ae_cli.rules.baseline import compared

    new, _, gone = compared(report.findings, before.findings)
    yield f"since the last look: {len(new):,} new, {len(gone):,} gone"
    yield from _listed("+", new)
    yield from _listed("-", gone)


def _listed(sign: str, findings: Sequence[Finding]) -> Iterator[str]:
    from ae_cli.render import concise

    yield from (f"{sign} {concise.line(finding)}" for finding in findings[:SHOWN])
    if len(findings) > SHOWN:
        yield f"{sign} ... and {len(findings) - SHOWN:,} more"


def _clock() -> str:
    return f"{datetime.now():%H:%M:%S}"
