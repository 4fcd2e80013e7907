"""validate --watch: what is checked again, and when; nothing half is read, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from conftest import EVENTS, HEADER, Run, command, csv_text, environment, write_csv
from openpyxl import Workbook

from ae_cli.cli import watching
from ae_cli.cli.opening import Inputs
from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.findings import Finding, Report, Severity

CLEAN = Report((), (), (), ())


def found(*keys: str) -> Report:
    findings = tuple(Finding("AE-CTC-01", Severity.ERROR, f"about {k}", "", key=k) for k in keys)
    return Report((), (), findings, ())


@dataclass
class Scene:
    """A watched log; `acts` happen one before each look at the files."""

    folder: Path
    acts: list[Callable[[], object]] = field(default_factory=list)
    shown: list[Report] = field(default_factory=list)
    looks: int = 0

    @property
    def log(self) -> Path:
        return self.folder / "ae.csv"

    def inputs(self) -> Inputs:
        return Inputs((self.log,), None, None, Config(), None)

    def look(self, inputs: Inputs) -> Report:
        """The words of the log are its findings; one that says `half` is not whole."""
        self.looks += 1
        text = inputs.events[0].read_text() if inputs.events[0].exists() else "half"
        if "half" in text:
            raise InputError("ae.csv is damaged", "make it again")
        return found(*text.split())

    def save(self, text: str) -> None:
        """As Excel does: another file takes the name."""
        beside = self.folder / "~tmp"
        beside.write_text(text)
        beside.replace(self.log)

    def moments(self, _: Sequence[Path]) -> Iterator[None]:
        for act in self.acts:
            act()
            yield

    def play(self, *acts: Callable[[], object]) -> list[list[str]]:
        self.acts = list(acts)
        watching.follow(self.inputs(), self.inputs, self.look, self.shown.append, self.moments)
        return [[finding.key for finding in report.findings] for report in self.shown]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(watching, "PAUSE", 0)
    monkeypatch.setattr(watching, "check_watchable", lambda _: None)
    (tmp_path / "ae.csv").write_text("a b")
    return Scene(tmp_path)


def nothing() -> None:
    pass


def test_what_does_not_change_is_not_read_again(scene: Scene) -> None:
    lock = scene.folder / "~$ae.csv"
    assert scene.play(nothing, lambda: lock.write_text("x"), lock.unlink) == [["a", "b"]]
    assert scene.looks == 1


def test_a_save_shows_the_result_and_what_is_new_and_gone(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scene.play(lambda: scene.save("b c d"), nothing) == [["a", "b"], ["b", "c", "d"]]
    assert capsys.readouterr().out == (
        "since the last look: 2 new, 1 gone\n"
        "+ AE-CTC-01 error: about c\n+ AE-CTC-01 error: about d\n- AE-CTC-01 error: about a\n"
    )


def test_many_changes_are_counted(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.play(lambda: scene.save(" ".join(f"k{i}" for i in range(14))))
    out = capsys.readouterr().out
    assert "since the last look: 14 new, 2 gone\n" in out
    assert "+ ... and 4 more\n" in out


def test_an_unreadable_moment_is_said_once_and_waited_out(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = scene.play(
        lambda: scene.save("half"), nothing, nothing, lambda: scene.save("c"), nothing
    )
    assert pages == [["a", "b"], ["c"]]
    assert capsys.readouterr().err.count("not readable at this moment: ae.csv is damaged") == 1


def test_a_file_that_another_program_held_is_tried_again_but_not_for_ever(scene: Scene) -> None:
    scene.play(lambda: scene.save("half"), *[nothing] * 20)
    assert scene.looks == 1 + watching.TRIES


def test_a_file_that_is_gone_and_comes_back_is_read(scene: Scene) -> None:
    assert scene.play(scene.log.unlink, nothing, lambda: scene.save("c")) == [["a", "b"], ["c"]]


def test_a_result_of_a_file_that_was_saved_while_it_was_read_is_not_shown(scene: Scene) -> None:
    look = scene.look

    def slow(inputs: Inputs) -> Report:
        report = look(inputs)
        if scene.looks == 2:
            scene.save("whole now")
        return report

    scene.look = slow  # type: ignore[method-assign]
    assert scene.play(lambda: scene.save("first"), nothing) == [["a", "b"], ["whole", "now"]]


def test_a_file_that_grows_is_waited_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["c", "c d", "c d e"]

    def writes(_: float) -> None:
        if texts:
            scene.log.write_text(texts.pop(0))

    monkeypatch.setattr(watching.time, "sleep", writes)
    assert scene.play(lambda: scene.save("x y z half")) == [["a", "b"], ["c", "d", "e"]]


def test_a_study_file_that_comes_is_noticed(scene: Scene) -> None:
    study = scene.folder / "study.toml"
    scene.play(lambda: study.write_text("# new"), nothing, lambda: study.write_text("# other"))
    assert scene.looks == 3


def test_the_files_are_asked_again_so_a_participant_file_may_come_in(scene: Scene) -> None:
    people = scene.folder / "people.csv"
    people.write_text("1")
    plain = scene.inputs

    def inputs() -> Inputs:
        named = (scene.folder / "study.toml").exists()
        return replace(plain(), otherwise=people) if named else plain()

    scene.inputs = inputs  # type: ignore[method-assign]
    scene.play(
        lambda: people.write_text("12"),
        lambda: (scene.folder / "study.toml").write_text("x"),
        lambda: people.write_text("123"),
    )
    assert scene.looks == 3


def test_a_page_that_cannot_be_written_now_does_not_end_the_watch(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.shown = Held()  # type: ignore[assignment]
    scene.play(lambda: scene.save("c"), lambda: scene.save("d"))
    assert len(scene.shown) == 3
    assert "found.xlsx cannot be written. Close it." in capsys.readouterr().err


class Held(list[Report]):
    """A page whose file is held by another program at its second report."""

    def append(self, report: Report) -> None:
        list.append(self, report)
        if len(self) == 2:
            raise InputError("found.xlsx cannot be written", "Close it.")


# On the command line


def test_standard_input_cannot_be_watched(ae: Run) -> None:
    ran = ae("validate", "-", "--watch")
    assert (ran.code, ran.out) == (2, "")
    assert "standard input cannot be watched" in ran.err


def test_a_page_for_programs_is_not_watched(ae: Run, log: Path) -> None:
    ran = ae("validate", log, "--watch", "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "use one of: full, concise" in ran.err


def test_without_watchfiles_it_is_said_what_to_install(
    ae: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "watchfiles", None)
    ran = ae("validate", log, "--watch")
    assert (ran.code, ran.out) == (2, "")
    assert 'pip install "ae-cli[watch]"' in ran.err


def until(done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("nothing happened for 20 seconds")


def write_book(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """As Excel saves: a lock beside it, the new file whole under another name, then the name."""
    lock, beside = path.with_name(f"~${path.name}"), path.with_name("1A2B3C4D")
    lock.write_bytes(b"\x05owner")
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(beside)
    beside.replace(path)
    lock.unlink()


@pytest.mark.skipif(os.name == "nt", reason="signals are other ones there")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_it_watches_until_ctrl_c(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("watchfiles")
    log, out = tmp_path / f"ae.{suffix}", tmp_path / "out.txt"
    wrong = [HEADER, ("001", "Nausea", "9", "N", "2024-03-04", "Low")]
    save = (
        (lambda rows: write_book(log, rows))
        if suffix == "xlsx"
        else (lambda rows: log.write_text(csv_text(rows), "utf-8"))
    )
    save(wrong)
    words = command("validate", log.name, "--watch", "-o", "found.json")
    with (
        out.open("w") as file,
        subprocess.Popen(
            words, cwd=tmp_path, env=environment(), stdout=file, stderr=subprocess.STDOUT
        ) as run,
    ):
        try:
            until(lambda: "watching; Ctrl-C ends" in out.read_text("utf-8"))
            time.sleep(1)  # watchfiles has looked at the folder
            save(EVENTS)
            until(lambda: out.read_text("utf-8").count("watching; Ctrl-C ends") == 2)
        finally:
            run.send_signal(signal.SIGINT)
        assert run.wait(timeout=20) == 130
    said = out.read_text("utf-8")
    assert "AE-CTC-01 error: Grade: '9': not a grade" in said
    assert "since the last look: 0 new, 1 gone\n- " in said
    assert "Traceback" not in said
    assert '"findings": 0' in (tmp_path / "found.json").read_text("utf-8")


def test_a_log_that_cannot_be_read_at_first_ends_with_2(ae: Run, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    assert ae("validate", tmp_path / "nowhere.csv", "--watch").code == 2
    assert ae("validate", write_csv(tmp_path / "x.csv", [("a", "b")]), "--watch").code == 2
