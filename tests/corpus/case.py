"""A case of the corpus: what is odd about a file, and what must come of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from corpus.base import EN, PEOPLE, STUDY, Rows
from corpus.write import csv_bytes

Kind = Literal["same", "finding", "error"]


@dataclass(frozen=True)
class Given:
    """The files of a run, and what the user says besides. The log is every file but the others."""

    files: Mapping[str, bytes]
    log: tuple[str, ...] = ()  # names or patterns; "-" is standard input
    people: str | None = "people.csv"
    config: Mapping[str, Any] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    piped: bytes | None = None

    def saved(self, folder: Path) -> None:
        """Write everything, with the study.toml that a command would find beside the log."""
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        if self.people == "people.csv" and self.people not in self.files:
            (folder / self.people).write_bytes(csv_bytes(PEOPLE))
        settings = {**STUDY, **self.config}
        lines = (f"{key} = {_toml(value)}\n" for key, value in settings.items())
        (folder / "study.toml").write_text("".join(lines), "utf-8")

    def paths(self, folder: Path) -> list[Path]:
        names = self.log or tuple(self.files)[:1]
        return [Path(name) if name == "-" else folder / name for name in names]

    def words(self, folder: Path) -> list[object]:
        """The same for the command line."""
        options = {
            "--study": folder / "study.toml", "--sheet": self.sheet, "--encoding": self.encoding,
            "--subjects": self.people and folder / self.people,
        }  # fmt: skip
        given = [(name, value) for name, value in options.items() if value]
        return [*self.paths(folder), *(word for pair in given for word in pair)]


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key, ensure_ascii=False)} = {_toml(v)}" for key, v in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Expected:
    """A finding that must be there: how often, in which rows, and words of its message."""

    rule: str
    rows: tuple[int, ...] | None = None
    count: int | None = None
    says: str = ""


@dataclass(frozen=True)
class Case:
    """`like` is the clean log whose table it must be: None where a finding alone is asked for.

    `loose` are fields whose text differs on purpose; `joined` tells that rows do, and that the
    table alone is compared. `said` are words that must stand in a note of a file, or in the message
    of the error; `excluded` the reasons why rows do not count, with their rows. Findings beyond
    those of the clean log are those of `findings` and no others, unless `others` allows them.
    """

    kind: Kind
    section: str
    name: str
    odd: str
    make: Callable[[], Given]
    like: Rows | None = None
    people: Rows | None = PEOPLE
    said: tuple[str, ...] = ()
    excluded: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    findings: tuple[Expected, ...] = ()
    others: bool = False
    loose: tuple[str, ...] = ()
    joined: bool = False


CASES: list[Case] = []
Make = Callable[[], bytes | Given]


def _added(kind: Kind, section: str, file: str, name: str, odd: str, make: Make, more: Any) -> None:
    def given() -> Given:
        made = make()
        return made if isinstance(made, Given) else Given({file: made})

    CASES.append(Case(kind, section, name.replace("_", " "), odd, given, **more))


def _register(kind: Kind, section: str, file: str, more: Any) -> Callable[[Make], Make]:
    def decorate(make: Make) -> Make:
        _added(kind, section, file, make.__name__, (make.__doc__ or "").strip(), make, more)
        return make

    return decorate


def same(section: str, file: str = "ae.csv", like: Rows = EN, **more: Any) -> Any:
    """The table of the clean log, number by number."""
    return _register("same", section, file, {"like": like} | more)


def finding(section: str, *findings: Expected, file: str = "ae.csv", **more: Any) -> Any:
    """A table, and a finding that names what is wrong."""
    return _register("finding", section, file, {"findings": findings} | more)


def error(section: str, *said: str, file: str = "ae.csv", **more: Any) -> Any:
    """No table: one sentence that names the file, the place and the way out."""
    return _register("error", section, file, {"said": (file, *said)} | more)


def series(register: Any, name: str, odd: str, make: Make) -> None:
    """A case of a series that is made in a loop: `register` is same(...), finding(...)."""
    make.__name__, make.__doc__ = name, odd
    register(make)
