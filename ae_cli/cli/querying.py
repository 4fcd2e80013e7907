"""validate --queries: a query log that people fill in, brought up to date at each run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli.clock import today
from ae_cli.cli.opening import STDIN, Inputs
from ae_cli.cli.outputs import writable
from ae_cli.cli.printing import say
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.findings import Report
    from ae_cli.output import Parts
    from ae_cli.render.queries import Place, QueryLog, Seen, Updated
    from ae_cli.rules.questions import Language
    from ae_cli.study import Study

Queries = Annotated[
    Path | None,
    typer.Option(
        "--queries",
        metavar="FILE.xlsx",
        help="Write the findings to a query log, or bring one up to date: what people wrote stays.",
    ),
]
Spoken = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="en|zh",
        help="The language of the queries (default: that of the log's headers).",
    ),
]
LOCKS = ("~${}", ".~lock.{}#")  # of Excel and of LibreOffice


class Querying:
    """A query log before the rules are run: all that can be refused is refused here."""

    def __init__(
        self, path: Path, language: str | None, force: bool, inputs: Inputs, study: Study
    ) -> None:
        from ae_cli.read.files import content
        from ae_cli.read.looked import Looked
        from ae_cli.render.queries import opened
        from ae_cli.rules.questions import language_of

        _check(path, inputs)
        self.path, self.study, self.inputs = path, study, inputs
        headers = study.log.events.sources[0].sheet.headers
        data = content(path, inputs.config.limits) if path.exists() else None
        if data is not None and data.startswith(b"PK"):
            Looked(str(path), data, inputs.config.limits)  # refuses what is not safe to open
        self.log: QueryLog = opened(path, data, language or language_of(headers))
        if data is not None and not force:
            _check_kept(self.log)
        self.language: Language = "zh" if self.log.language == "zh" else "en"
        if language and language != self.log.language:
            say([f"{path} keeps its own language, not {language}"])

    def write(self, report: Report, files: Parts) -> list[str]:
        """Bring the query log up to date; what became of the queries."""
        from ae_cli.render.queries import save, update

        seen, moved = self._seen(report)
        updated = update(self.log, seen)
        former = save(self.log, updated.memory, files)
        return [*_told(self.log, updated, former), *_moved(moved), *_no_question(report)]

    def _seen(self, report: Report) -> tuple[Seen, Mapping[str, str]]:
        """What this run saw, and the new file of each that has another name now."""
        from ae_cli.cli.following import follow
        from ae_cli.findings import Outcome
        from ae_cli.render.queries import Seen, place

        listed = Counter(finding.rule for finding in report.findings)
        ran = {Outcome.PASSED, Outcome.FINDINGS}
        checked = {r.id for r in report.rules if r.outcome in ran and r.count == listed[r.id]}
        findings = [replace(f, file=self._name(f.file)) for f in report.findings if f.question]
        rows = {(place(finding), finding.row or 0) for finding in findings}
        found = follow(self.log, self.study, rows, self._placed)
        seen = Seen(findings, today(), self._read(), frozenset(checked), found.homes, found.records)
        return seen, found.moved

    def _read(self) -> dict[tuple[str, str], frozenset[str]]:
        """The fields of each sheet that was read."""
        return {
            self._placed(s.sheet.path, s.sheet.name or ""): frozenset(s.mapping.fields)
            for _, records in self.study.log.kinds()
            for s in records.sources
        }

    def _placed(self, file: str, sheet: str) -> Place:
        from ae_cli.render.queries import plain

        return plain(self._name(file)), plain(sheet)

    def _name(self, file: str) -> str:
        """A file as the query log names it: seen from the folder that the query log is in."""
        inputs = self.inputs
        named = (*inputs.events, *inputs.labs, *inputs.others.values())
        real = (*named, inputs.subjects, inputs.otherwise)
        if file not in {str(path) for path in real if path and path != STDIN}:
            return file
        try:
            return Path(os.path.relpath(file, self.path.parent)).as_posix()
        except ValueError:  # on another drive
            return Path(file).absolute().as_posix()


def querying(
    path: Path | None, language: str | None, force: bool, inputs: Inputs, study: Study
) -> Querying | None:
    """The query log that was asked for. Raises InputError for one that cannot be used."""
    from ae_cli.cli.printing import one_of
    from ae_cli.rules.questions import LANGUAGES

    if language is not None:
        one_of("--language", language, LANGUAGES)
    if path is None and language is not None:
        raise InputError("--language is of the queries", "give --queries FILE.xlsx with it")
    return Querying(path, language, force, inputs, study) if path else None


def _check(path: Path, inputs: Inputs) -> None:
    if path.suffix.casefold() != ".xlsx":
        raise InputError(f"{path} does not end in .xlsx", "name it so: --queries queries.xlsx")
    writable(path, inputs, "--queries")
    locked(path)


def _check_kept(log: QueryLog) -> None:
    """Raises InputError where something of a person's would be lost."""
    from ae_cli.output import backup
    from ae_cli.render.queries import is_former

    beside = backup(log.path)
    if log.lost.whole:
        raise InputError(
            f"{log.path} holds what would be lost: {', '.join(log.lost.whole)}",
            f"move it to another workbook, or use --force: the file as it is stays as {beside}",
        )
    if beside.exists() and not is_former(beside):
        raise InputError(
            f"{beside} is no query log, and the former one would take its place",
            "give it another name, or use --force",
        )


def locked(path: Path) -> None:
    """Raises InputError for a file that another program has open."""
    for form in LOCKS:
        lock = path.with_name(form.format(path.name))
        if lock.exists():
            raise InputError(
                f"{path} is open in another program",
                f"save and close it there, then run again; if nobody has it open, delete {lock}",
            )


def _told(log: QueryLog, updated: Updated, former: Path | None) -> Iterator[str]:
    from ae_cli.render.queries.words import State
    from ae_cli.render.text import count
    from ae_cli.render.xlsx.kept import formulas

    states = ", ".join(f"{updated.states[s]:,} {s.value}" for s in State if updated.states[s])
    yield f"wrote {log.path}: {states or 'no queries'}"
    if former:
        yield f"  the query log as it was before: {former}"
    if log.lost and former:
        yield f"  not kept in the new one: {', '.join(log.lost)}"
    if former and (n := formulas(log.book)):
        yield f"  without values until Excel opens it: {count(n, 'formula')}"
    for reason, n in updated.left.items():
        yield f"  {n:,} {'query' if n == 1 else 'queries'} {_left(reason, updated)}"
    new, total = updated.states[State.NEW], sum(updated.states.values())
    if updated.places and new and new + sum(updated.left.values()) == total:
        yield "  if it is the same log under another name: take the former query log, write"
        yield "  the new name into its column File, and run again"


def _no_question(report: Report) -> Iterator[str]:
    from ae_cli.render.text import count

    if n := sum(not finding.question for finding in report.findings):
        yield f"  no question to a site: {count(n, 'finding')} of the files or how they are read"


def _moved(moved: Mapping[str, str]) -> Iterator[str]:
    for former, new in moved.items():
        yield f"  {new} is {former} under a new name: most of its records are there"


def _left(reason: str, updated: Updated) -> str:
    from ae_cli.render.queries.update import NO_COLUMN, NOT_CHECKED

    if reason == NOT_CHECKED:
        return f"left as before, of rules not checked: {', '.join(sorted(updated.rules))}"
    if reason == NO_COLUMN:
        return "left as before, of columns that are not there"
    return f"left as before, of files not read: {', '.join(sorted(updated.places))}"
