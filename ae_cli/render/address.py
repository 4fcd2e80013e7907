"""Where a file is, for programs that run beside it: relative to the working directory."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from ae_cli.findings import Finding, Report

UNFIT = "backslashreplace"  # half a surrogate, as names of no encoding have


def relative(path: str) -> str:
    """The path from the working directory, with slashes; of a file elsewhere as it was given."""
    given = Path(path)
    if given.is_absolute() and given.is_relative_to(Path.cwd()):
        given = given.relative_to(Path.cwd())
    return given.as_posix()


def uri(path: str) -> str:
    """The same as a URI: relative where it can be, and whatever the name holds."""
    shown = relative(path)
    if not Path(shown).is_absolute():
        return quote(shown, errors=UNFIT)  # a colon, too: it would make a scheme of the first part
    return f"file:///{quote(shown.lstrip('/'), '/:', errors=UNFIT)}"


class Lines:
    """Which findings stand on lines of a text file."""

    def __init__(self, report: Report) -> None:
        self._texts = {(file.path, file.sheet) for file in report.files if file.of_text}

    def of(self, finding: Finding) -> int | None:
        """The line, or nothing where the row is one of a sheet."""
        return finding.row if (finding.file, finding.sheet) in self._texts else None
