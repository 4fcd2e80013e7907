"""The docs say what the program does: their commands are run and their output compared."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ae_cli.cli import app, ending
from ae_cli.reports import REPORTS
from ae_cli.rules import RULES

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("samples/*/*.md")])
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> list[object]:
    return [
        pytest.param(block, id=f"{page.name}-{i}")
        for page in PAGES
        for i, block in enumerate(BLOCK.findall(page.read_text("utf-8")))
    ]


@pytest.mark.parametrize("block", examples())
def test_an_example_gives_what_it_shows(block: str, tmp_path: Path) -> None:
    command, _, shown = block.partition("\n")
    words = shlex.split(command.removeprefix("$ ae-cli "))
    words = [str(ROOT / w) if w.startswith("samples/") else w for w in words]
    run = subprocess.run(
        [sys.executable, "-m", "ae_cli", *words], cwd=tmp_path, capture_output=True, check=False
    )
    assert run.returncode in (0, 1), run.stderr.decode()
    page = (
        run.stdout.decode().replace("\r\n", "\n").replace(f"{ROOT}/", "").replace(f"{ROOT}\\", "")
    )
    for part in shown.split("...\n"):
        assert part in page.replace("\\", "/")


@pytest.mark.parametrize("page", PAGES, ids=[p.name for p in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=[p.name for p in PAGES])
def test_commands_that_are_named_exist(page: Path) -> None:
    known = {name or f.__name__ for name, f in commands()} | {"rules", "ctcae", "--help"}
    text = page.read_text("utf-8")
    for word in re.findall(r"`ae-cli ([a-z-]+)", text):
        assert word in known, word
    for rule in re.findall(r"\bAE-[A-Z]{3}-\d\d\b", text):
        assert rule in RULES or page.name != "README.md", rule
    for table in re.findall(r"summarize by ([a-z]+)", text):
        assert table in REPORTS, table


def commands() -> list[tuple[str | None, object]]:
    return [(c.name, c.callback) for c in app.registered_commands]


def test_the_architecture_names_every_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for room in (ROOT / "ae_cli").iterdir():
        if room.name.startswith(("_", ".")) or room.name == "py.typed":
            continue
        assert f"{room.name}/" in text or room.name in text, room.name


def test_the_version_is_said_once() -> None:
    from importlib.metadata import version

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert version("ae-cli") == settings["project"]["version"]


def test_every_help_text_has_an_example_and_is_whole() -> None:
    for name, callback in commands():
        help_text = callback.__doc__ or ""
        assert "Example: ae-cli " in help_text, name
        assert len(help_text.splitlines()[0]) <= 100, name


def test_the_readme_tells_every_way_to_end() -> None:
    codes = {ending.CLEAN, ending.FOUND, ending.UNUSABLE, ending.BUG, ending.INTERRUPTED}
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.partition("| ends with |")[2].partition("\n\n")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.M)} == codes
