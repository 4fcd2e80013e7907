"""What validate makes for people to work on: a query log, a marked copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ae_cli.cli.marking import Marked, Marking, marking
from ae_cli.cli.outputs import Named
from ae_cli.cli.querying import Queries, Querying, Spoken, querying
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.cli.opening import Inputs
    from ae_cli.findings import Report
    from ae_cli.output import Parts
    from ae_cli.rules.questions import Language
    from ae_cli.study import Study


@dataclass(frozen=True, slots=True)
class Asked:
    """What is made beside the findings."""

    queries: Queries = None
    language: Spoken = None
    marked: Marked = None

    def named(self) -> list[Named]:
        """The files that are written."""
        from ae_cli.output import backup

        found = [("--queries", self.queries), ("--marked", self.marked)]
        if self.queries:
            found.append(("the copy of --queries", backup(self.queries)))
        return [(option, path) for option, path in found if path]

    def refuse(self, option: str) -> None:
        """Raises InputError where an option does not go with what is made."""
        if self.queries or self.marked:
            raise InputError(
                f"{option} shows findings, and writes no query log or marked copy",
                "leave one of them out",
            )


@dataclass(frozen=True, slots=True)
class Made:
    """A query log and a marked copy to be. Neither knows of a baseline: accepted is found."""

    queries: Querying | None
    marked: Marking | None

    @property
    def language(self) -> Language | None:
        return self.queries.language if self.queries else None

    def write(self, report: Report, files: Parts) -> list[str]:
        """Write them among other files; what to say of them when all have taken their places."""
        made = (each for each in (self.queries, self.marked) if each)
        return [line for each in made for line in each.write(report, files)]


def asking(asked: Asked, force: bool, inputs: Inputs, study: Study) -> Made:
    """What was asked for. Raises InputError for what cannot be made, before the rules are run."""
    return Made(
        querying(asked.queries, asked.language, force, inputs, study),
        marking(asked.marked, force, inputs, study),
    )
