"""Every chore of this project, with nothing but Python: `python dev.py demo`, `test`, `check`, ...

The first run makes `.venv` from requirements.lock; later ones start at once. Words after the
chore go to the program it runs: `python dev.py test -k grade`, `python dev.py lock --upgrade`.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("ae-cli needs Python 3.11 or later; this is Python {}.{}.".format(*sys.version_info))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / ".ready"  # written last: without it the folder was never finished
LOCK = ROOT / "requirements.lock"
UV = "uv==0.13.9"  # what `lock` resolves with; needed for nothing else
PIP_INSTALL = ["pip", "install", "--quiet", "--disable-pip-version-check"]

EVENTS = ["samples/hucmsc/events.xlsx", "--subjects", "samples/hucmsc/subjects.csv"]
LABS = "samples/hucmsc/labs.csv"
WORKBOOK = Path("demo/hucmsc-tables.xlsx")
CHECKS = {
    "ruff": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy", "ae_cli", "dev.py"],
    "imports": ["lint-imports", "--no-logo"],
    "lock": ["pip", "check"],
}


def demo(*words: str) -> int:
    """Validate, summarise and export the sample study, as a user would."""
    (ROOT / WORKBOOK).parent.mkdir(exist_ok=True)
    show("ae-cli", "validate", *EVENTS, fine=(0, 1))  # 1: the log has findings, as it should
    show("ae-cli", "summarize", "by", "group", *EVENTS)
    show("ae-cli", "summarize", "by", "lab", LABS)
    show("ae-cli", "export", "xlsx", *EVENTS, "-o", WORKBOOK.as_posix(), "--force")
    print(f"\nThe workbook is {ROOT / WORKBOOK}")
    return 0


def test(*words: str) -> int:
    """Run the tests on all cores."""
    return run("pytest", "-n", "auto", "--dist", "worksteal", *words)


def golden(*words: str) -> int:
    """Run the tests, rewriting the goldens they compare with; then look at `git diff`."""
    os.environ["AE_CLI_UPDATE_GOLDEN"] = "1"
    return test(*words)


def check(*words: str) -> int:
    """Run all checks, or those named, and say at the end which failed."""
    unknown = set(words) - set(CHECKS)
    if unknown:
        sys.exit(f"No such check: {', '.join(sorted(unknown))}. There are {', '.join(CHECKS)}.")
    failed = []
    for name in words or CHECKS:
        print(f"--- {name}: {' '.join(CHECKS[name])}", flush=True)
        if run(*CHECKS[name]):
            failed.append(name)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def bench(*words: str) -> int:
    """Measure speed and memory against the bare libraries."""
    return run("python", "benchmarks/run.py", *words)


def lock(*words: str) -> int:
    """Remake requirements.lock from pyproject.toml: one file, with hashes, for every system."""
    os.environ["UV_CUSTOM_COMPILE_COMMAND"] = "python dev.py lock"
    with tempfile.TemporaryDirectory() as folder:
        make_environment(Path(folder))
        tools = programs(Path(folder))
        run(*PIP_INSTALL, UV, at=tools, fine=(0,))
        options = ["--extra", "dev", "--universal", "--python-version", "3.11"]
        options += ["--fork-strategy", "fewest", "--generate-hashes"]
        options += ["--no-emit-package", "ae-cli", "--quiet", *words]
        return run("uv", "pip", "compile", "pyproject.toml", *options, "-o", LOCK.name, at=tools)


def prepare() -> None:
    """Make .venv, or bring it up to date, unless its stamp says that it is ready."""
    wanted = f"{ROOT}\n{digest(LOCK, ROOT / 'pyproject.toml')}\n"
    found = STAMP.read_text("utf-8") if STAMP.exists() and program("python") else ""
    if found == wanted:
        return
    print("Setting up .venv (a minute or two, once) ...", flush=True)
    STAMP.unlink(missing_ok=True)
    if not found.startswith(f"{ROOT}\n"):  # new, interrupted or moved here from elsewhere
        make_environment(VENV)
    run(*PIP_INSTALL, "--require-hashes", "-r", LOCK.name, fine=(0,))
    run(*PIP_INSTALL, "--no-deps", "--no-build-isolation", "--editable", ".", fine=(0,))
    STAMP.write_text(wanted, "utf-8")


def make_environment(folder: Path) -> None:
    """Make an empty virtual environment with pip, in place of whatever is there."""
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python cannot make environments. On Debian: apt install python3-venv")
    venv.create(folder, clear=True, with_pip=True)


def digest(*files: Path) -> str:
    """A hash of what these files hold, together."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def programs(folder: Path) -> Path:
    """Where a virtual environment keeps its programs."""
    return folder / ("Scripts" if os.name == "nt" else "bin")


def program(name: str, at: Path = programs(VENV)) -> str | None:
    """The full path of a program of .venv (on Windows with its .exe), if it is there."""
    return shutil.which(name, path=at)


def show(*command: str, fine: tuple[int, ...] = (0,)) -> None:
    """Print a command as a person types it, then run it."""
    print(f"\n$ {' '.join(command)}", flush=True)
    run(*command, fine=fine)


def run(name: str, *words: str, at: Path = programs(VENV), fine: tuple[int, ...] = ()) -> int:
    """Run a program of .venv and give its exit code; stop here if that is not one of `fine`."""
    code = subprocess.run([program(name, at) or name, *words], cwd=ROOT, check=False).returncode
    if fine and code not in fine:
        sys.exit(f"{name} {words[0]} ended with code {code}.")
    return code


CHORES = {chore.__name__: chore for chore in (demo, test, check, bench, lock, golden)}


def main(chore: str = "", *words: str) -> int:
    """Do the chore named, or say which there are."""
    if chore not in CHORES:
        print(__doc__, *(f"  {name:8}{do.__doc__}" for name, do in CHORES.items()), sep="\n")
        return 0 if chore in ("", "-h", "--help", "help") else 2
    if chore != "lock":
        prepare()
    return CHORES[chore](*words)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
