"""From options to a study: the files, the study.toml that goes with them, the choices."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ae_cli.cli.beside import (
    OF_LOG,
    OF_RESULTS,
    OF_STUDY,
    STUDY_FILE,
    beside_study,
    by_options,
    by_study,
    of_folder,
    say,
    say_named,
    second,
)
from ae_cli.cli.options import Beside, Given
from ae_cli.cli.printing import one_of
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.config import Config
    from ae_cli.read import Log, Records
    from ae_cli.study import Choices, Study


STDIN = Path("-")


@dataclass(frozen=True)
class Inputs:
    """What is read: the files, and the study file that goes with them."""

    events: tuple[Path, ...]
    subjects: Path | None
    otherwise: Path | None
    config: Config
    study: Path | None
    labs: tuple[Path, ...] = ()
    others: Mapping[str, Path] = field(default_factory=dict)

    def of_kinds(self) -> dict[str, tuple[Path, ...]]:
        """The files that are there, by kind of record."""
        subjects = (self.subjects,) if self.subjects else ()
        named = {"events": self.events, "subjects": subjects, "labs": self.labs}
        found = {**named, **{kind: (path,) for kind, path in self.others.items()}}
        return {kind: paths for kind, paths in found.items() if paths}


def open_given(
    files: Sequence[Path] | None,
    given: Given,
    choices: Choices | None = None,
    beside: Beside | None = None,
) -> Study:
    """Read what a command was given. Raises InputError for what cannot be used."""
    return open_inputs(files, given, choices, beside)[1]


def open_inputs(
    files: Sequence[Path] | None,
    given: Given,
    choices: Choices | None = None,
    beside: Beside | None = None,
) -> tuple[Inputs, Study]:
    """The same, with what was read."""
    from ae_cli.study import Choices, from_log

    inputs = all_inputs(files, given, beside)
    return inputs, from_log(read(inputs, given), inputs.config, choices or Choices())


def all_inputs(files: Sequence[Path] | None, given: Given, beside: Beside | None = None) -> Inputs:
    """Which files are meant, with those that go with the log."""
    return resolve(files, given, "events", beside, OF_STUDY)


def read(inputs: Inputs, given: Given) -> Log:
    """Read the files; a participant file that only study.toml names is said."""
    from ae_cli.read import read_log

    log = read_log(
        inputs.events, inputs.subjects, inputs.config, given.sheet, inputs.otherwise, inputs.labs,
        inputs.others,
    )  # fmt: skip
    _say_participants(inputs, log.subjects)
    return log


def open_results(
    files: Sequence[Path] | None, given: Given, choices: Choices, beside: Beside | None = None
) -> Study:
    """A study of laboratory results alone. Raises InputError for what cannot be used."""
    from ae_cli.study import from_log

    inputs = resolve(files, given, "labs", beside, OF_RESULTS)
    return from_log(read_results(inputs, given), inputs.config, choices)


def read_results(inputs: Inputs, given: Given) -> Log:
    """Read laboratory results, as `read` does events."""
    from ae_cli.read import read_labs

    labs = read_labs(
        inputs.events, inputs.subjects, inputs.config, given.sheet, inputs.otherwise, inputs.others
    )
    _say_participants(inputs, labs.subjects)
    return labs


def _say_participants(inputs: Inputs, subjects: Records | None) -> None:
    used = subjects.sources[0].sheet.path if subjects else None
    if used == str(inputs.otherwise) and not inputs.subjects:
        say(f"participants: {inputs.otherwise} (named in {STUDY_FILE})")


NOTHING_NAMED = {
    "events": ("no log of adverse events was named", "for example: ae-cli validate ae.xlsx"),
    "labs": ("no laboratory results were named", "for example: ae-cli grade labs.csv"),
}


def resolve(
    files: Sequence[Path] | None,
    given: Given,
    role: str = "events",
    beside: Beside | None = None,
    kinds: Collection[str] | None = OF_LOG,
) -> Inputs:
    """Which files are meant. Raises InputError where that cannot be told.

    `role` is the entry of study.toml that names them where the command does not, and `kinds` are
    the kinds of record that the command reads, None for all. Files that only study.toml or a folder
    names are said.
    """
    from ae_cli.config import Config, load

    named = tuple(expanded(files or ()))
    study = _study_file(named, given)
    config = _with_options(load(study) if study else Config(), study, given)
    by_toml = by_study(study, config, kinds)
    by_option = by_options(given, beside, config, kinds)
    if len(named) == 1 and named[0].is_dir():
        found = of_folder(named[0], config, role, {**by_toml, **by_option}, kinds)
        return _inputs(found.pop(role), found, None, config, study)
    events = tuple(named or by_toml.get(role, ()))
    if role in by_option:
        raise second(role, by_option[role][0])
    if not events:
        raise InputError(*NOTHING_NAMED[role])
    _once([*events, *(STDIN for paths in by_option.values() if STDIN in paths)])
    otherwise = next(iter(by_toml.pop("subjects", ())), None)
    more = {k: paths for k, paths in by_toml.items() if k not in ("events", role, *by_option)}
    say_named(more)
    return _inputs(events, {**more, **by_option}, otherwise, config, study)


def _inputs(
    events: tuple[Path, ...],
    found: Mapping[str, tuple[Path, ...]],
    otherwise: Path | None,
    config: Config,
    study: Path | None,
) -> Inputs:
    of = {kind: paths for kind, paths in found.items() if kind != "events"}
    subjects, labs = next(iter(of.pop("subjects", ())), None), of.pop("labs", ())
    others = {kind: paths[0] for kind, paths in of.items()}
    return Inputs(events, subjects, otherwise, config, study, labs, others)


def _with_options(config: Config, study: Path | None, given: Given) -> Config:
    """How to read, by the options before study.toml; the dictionaries it names lie beside it."""
    from ae_cli.ctcae import known_version
    from ae_cli.dates import DAY_FIRST, MONTH_FIRST

    if given.date_order:
        order = one_of("--date-order", given.date_order, (DAY_FIRST, MONTH_FIRST))
        config = config.model_copy(update={"date_order": order})
    version = known_version(config.ctcae if given.ctcae is None else given.ctcae)
    config = config.model_copy(update={"ctcae": version})
    beside = beside_study(study, config.files.redcap_dictionary)
    dictionary = given.redcap_dictionary or next(iter(beside), None)
    meddra = given.meddra or next(iter(beside_study(study, config.files.meddra)), None)
    files = {
        "redcap_dictionary": str(dictionary) if dictionary else None,
        "meddra": str(meddra) if meddra else None,
    }
    by_sheet = {None: None, True: "sheet name", False: "none"}[given.group_from_sheet]
    config = config.with_files(encoding=given.encoding, group=by_sheet, **files)
    return config.with_limits(megabytes=given.max_mb, cells=given.max_cells)


def expanded(files: Sequence[Path]) -> Iterator[Path]:
    """The files meant, where the shell leaves `*.csv` to the program, as that of Windows does."""
    for path in files:
        if not re.search(r"[*?\[]", str(path)) or os.path.lexists(path):
            yield path
            continue
        found = _matching(path)
        if not found:
            raise InputError(f"no file matches {path}", "check the name and the folder")
        yield from found


def _matching(pattern: Path) -> list[Path]:
    root = Path(pattern.anchor)
    try:
        return sorted(p for p in root.glob(str(pattern.relative_to(root))) if p.is_file())
    except (ValueError, NotImplementedError):
        raise InputError(
            f"the pattern {pattern} cannot be used", "use ** only as a folder of its own: **/*.csv"
        ) from None


def _once(events: Sequence[Path]) -> None:
    """Refuse a file that is named twice: its events would count twice."""
    real = [path.resolve() for path in events]
    for i, path in enumerate(real):
        if path in real[:i]:
            raise InputError(f"{events[i]} is named twice", "name each file once")


def _study_file(files: Sequence[Path], given: Given) -> Path | None:
    """The study file: as named, else the one beside the log, which is said."""
    if given.study and given.no_study:
        raise InputError("--study and --no-study were both given", "leave one of them out")
    if given.study:
        if not given.study.is_file():
            raise InputError(f"{given.study} does not exist", "make one with `ae-cli init FILE`")
        return given.study
    folder = files[0] if files and files[0].is_dir() else files[0].parent if files else Path()
    beside = folder / STUDY_FILE
    if given.no_study or not beside.is_file():
        return None
    say(f"study file: {beside}")
    return beside
