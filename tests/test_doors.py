"""Several doors, one answer: row by row or by column, from records or files.

A record's own model and the column engine find the same in the same cells; records in Python and
rows of a file get the same findings; and whatever breaks, no patient's data is in what is said.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import narwhals as nw
import openpyxl
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from studies import (
    Made,
    Row,
    examples,
    named,
    numbers_of,
    studies,
    table_of,
    write_csv,
    write_xlsx,
)

from ae_cli import check
from ae_cli.cli import main
from ae_cli.config import Config
from ae_cli.dates import DateSpan
from ae_cli.findings import Finding, Report, RuleOutcome
from ae_cli.model import AdverseEvent, Record, Subject, cells
from ae_cli.read import Records, flaws, sheet_of
from ae_cli.rules import RULES
from ae_cli.rules.examples import EVENT, IN_SDTM, PERSON
from ae_cli.study import Choices, open_study
from ae_cli.values import UNREADABLE
from ae_cli.vocabulary import Answer, spellings

MODELS: list[type[Record]] = [AdverseEvent, Subject]


# --- row by row, and by column --------------------------------------------------------------------

GRADES = (
    "1", "5", "0", "6", "-1", "3.0", "3.5", "Grade 3", "grade2", "G4", "CTCAE grade 1", "III", "iv",
    "3级", "三级", "５", "2-3", "1级->2级", "2024-02-03", "٣", "①", "9" * 400, "1e1", "grade",
)  # fmt: skip
DATES = (
    "2024-03-04", "2024-3-4", "2024-03", "2024", "2024---05", "2024-03-04T10:30", "2024-03-04T10",
    "2024-03-04 10:30:15", "2024-03-04T24:00", "2024-02-30", "2024-13-01", "2024-00-10", "ongoing",
    "4 Mar 2024", "04MAR2024", "UN MAR 2024", "un-un-2024", "Mar 2024", "March 4th, 2024", "持续",
    "2024年3月4日", "2024年3月", "03/04/2024", "13/04/2024", "04/04/2024", "20240304", "45000",
    "1799-12-31", "2200", "2024-03-04T10:30+02:00", "２０２４-０３-０４", "31 Feb 2024",
)  # fmt: skip
DAYS = ("1", "-1", "5.0", "+12", "0", "2.5", "day 3", "１２", "1e3", "9" * 9, "-0")
JUNK = (
    "", " ", "NA", "n/a", ".", "-", "unknown", "未知", "u", "?", "perhaps", "yes and no", "Y/N",
    "0", "1", "none", "无", "ＮＡ", "\u00a0", "\u200b", "\ufeffY", "\x1c", "a,b", 'say "ah"',
    "=1+1", "ﬁne", "İ", "ß", "√", "×", "😀", "\u202eoh", "T" * 300, "9" * 5000,
)  # fmt: skip


def texts(model: type[Record], field: str) -> st.SearchStrategy[str]:
    """What people write in a column: what is meant to be there, what is not, and anything."""
    cell = cells(model)[field]
    good: dict[str, Sequence[str]] = {
        "number": GRADES, "integer": DAYS, "date": DATES, "text": ("Nausea", " S1 "),
    }  # fmt: skip
    words = [*spellings(cell.choices), *map(str, cell.choices)] if cell.choices else []
    known = st.sampled_from((*good.get(cell.shape, ()), *words, *map(str.title, words)))
    several = st.lists(known, min_size=2, max_size=3).map("; ".join)
    spelled = st.one_of(known, several) if cell.shape == "choices" else known
    return st.one_of(spelled, spelled, st.sampled_from(JUNK), st.text(max_size=8))


@st.composite
def dirty(draw: st.DrawFn, model: type[Record]) -> list[Row]:
    """Rows in which every cell may hold anything."""
    row = st.fixed_dictionaries({field: texts(model, field) for field in cells(model)})
    return [draw(row) for _ in range(draw(st.integers(1, 5)))]


@pytest.mark.parametrize("model", MODELS, ids=["events", "participants"])
@examples(60)
@given(data=st.data())
def test_a_record_and_a_column_give_the_same(model: type[Record], data: st.DataObject) -> None:
    rows = data.draw(dirty(model))
    records = sheet_of(model, "records", rows, Config())
    lines = dict(zip(records.frame["row"], records.frame.rows(named=True), strict=True))
    for line, row in enumerate(rows, 1):
        record, refused = by_row(model, row)
        assert by_column(records, row) == refused
        if typed := lines.get(line):
            expected = columns_of(record, refused)
            assert {column: typed.get(column, False) for column in expected} == expected
        else:  # a row without anything in it is not a record
            assert not refused and record == model()


def by_row(model: type[Record], row: Row) -> tuple[Record, dict[str, tuple[str, str]]]:
    """The record without what was refused; and by field, the rule that it breaks, and why."""
    refused: dict[str, tuple[str, str]] = {}
    try:
        return model.model_validate(row), refused
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            field, kind = str(problem["loc"][0]), problem["type"]
            rule = cells(model)[field].rule if kind == UNREADABLE else kind
            assert rule in RULES
            refused[field] = rule, problem["msg"]
    left = {field: text for field, text in row.items() if field not in refused}
    return model.model_validate(left), refused


WRITTEN = {rule for name, rule in vars(flaws).items() if str(rule)[:3] == "AE-"}


def by_column(records: Records, row: Row) -> dict[str, tuple[str, str]]:
    """The same from what reading the columns met. A grade 0 is no refusal, nor is a flaw in how a
    cell is written: both were understood."""
    return {
        p.field: (p.rule, p.detail)
        for p in records.problems
        if row[p.field] == p.text and p.read_as is None and p.rule not in WRITTEN
    }


def columns_of(record: Record, refused: dict[str, Any]) -> dict[str, Any]:
    """A record as the columns of a typed frame."""
    columns: dict[str, Any] = {}
    for field, cell in cells(type(record)).items():
        value = getattr(record, field)
        if cell.shape == "date":
            span = value or DateSpan(None, None)  # type: ignore[arg-type]
            columns |= {f"{field}_earliest": span.earliest, f"{field}_latest": span.latest}
        elif cell.choices is Answer:
            columns[field] = None if value is None else value is Answer.YES
        else:
            columns[field] = ";".join(value) if isinstance(value, tuple) else value
        columns[f"{field}_unreadable"] = field in refused
    return columns


# --- records, and files ---------------------------------------------------------------------------


def sdtm(made: Made) -> Made:
    """The same study under SDTM's names, as far as it has them."""

    def renamed(model: type[Record], rows: Iterable[Row], columns: Sequence[str]) -> Any:
        names = {c: cells(model)[c].sdtm for c in columns if cells(model)[c].sdtm}
        return tuple(names.values()), tuple({n: row[c] for c, n in names.items()} for row in rows)

    columns, events = renamed(AdverseEvent, made.events, made.columns)
    if made.people is None:
        return replace(made, columns=columns, events=events)
    people_columns, people = renamed(Subject, made.people, made.people_columns)
    return Made(columns, events, people_columns, people, made.config, made.n)


AWKWARD = (
    "a,b",
    'say "ah"',
    "tab\there",
    " x ",
    "=1+1",
    "'",
    "😀",
    "\u202eoh",
    "1e3",
    "001",
    "TRUE",
)


@examples(16)
@given(studies(most=12), st.booleans(), st.sampled_from(AWKWARD))
def test_records_and_files_give_the_same_findings(made: Made, standard: bool, text: str) -> None:
    assume(any(any(row.values()) for row in made.events) and made.people != ())
    at = len(made.events) // 2
    awkward = dict.fromkeys({"term", "grade", "outcome"} & set(made.columns), text)
    made = made.changed(at, **awkward) if at % 2 else made
    made = made.log([*made.events[:at], dict.fromkeys(made.columns, ""), *made.events[at:]])
    made = sdtm(made) if standard else replace(made, config=named(made))
    made = replace(made, config={**made.config, "coded_in": "CTCAE"})
    given = check(made.events, made.people, made.config)
    assert given.findings
    with TemporaryDirectory() as folder:
        for write, suffix in ((write_csv, "csv"), (write_xlsx, "xlsx")):
            log = write(Path(folder) / f"log.{suffix}", made.columns, made.events)
            people = None
            if made.people is not None:
                people = Path(folder) / f"people.{suffix}"
                write(people, made.people_columns, made.people)
            assert said(check(log, people, made.config)) == said(given, header=1)


@examples(6)
@given(studies(most=12))
def test_the_same_records_give_the_same_report_again(made: Made) -> None:
    made = sdtm(made)
    assert check(made.events, made.people) == check(made.events, made.people)


def said(report: Report, header: int = 0) -> Counter[Finding | RuleOutcome]:
    """Findings, and what became of each rule, in rows that count the header."""

    def placed(finding: Finding) -> Finding:
        row, rows = finding.row and finding.row + header, tuple(r + header for r in finding.rows)
        return replace(finding, file="", sheet=None, row=row, rows=rows)

    return Counter([*map(placed, report.findings), *report.rules])


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    texts = {column: [row[column] for row in rows] for column in columns}
    pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String)).write_parquet(path)
    return path


def as_text(delimiter: str, encoding: str) -> Callable[..., Path]:
    def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
        write_csv(path, columns, rows, delimiter=delimiter)
        path.write_bytes(path.read_bytes().decode().encode(encoding))
        return path

    return write


WRITERS: dict[str, Callable[..., Path]] = {
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "tsv": as_text("\t", "utf-8"),
    "semicolons": as_text(";", "utf-8-sig"),
    "utf-16": as_text(",", "utf-16"),
}


@pytest.mark.parametrize("form", WRITERS)
@examples(4)
@given(made=studies(most=12))
def test_every_format_gives_the_same_table(form: str, made: Made) -> None:
    config = Config.model_validate(named(made))
    with TemporaryDirectory() as folder:
        log = WRITERS[form](Path(folder) / "log", made.columns, made.events)
        people = None
        if made.people is not None:
            people = WRITERS[form](Path(folder) / "people", made.people_columns, made.people)
        study = open_study([log], people, config, Choices(n=made.n, ci="none"))
    assert numbers_of(table_of(study)) == made.numbers


# --- what is said when something breaks -----------------------------------------------------------

SECRET = "Zanzibar-7431"
PLACES = {
    "validate": ["validate"],
    "summarize": ["summarize", "by", "group"],
    "export": ["export", "xlsx"],
}


def planted(model: type[Record], row: Row, everywhere: bool) -> Row:
    """A row with the secret in every column of text but the groups, or in every column there is."""
    shapes = {field: cell.shape for field, cell in cells(model).items()}
    listed = {
        "arm",
        "actual_arm",
        "seq",
        "domain",
        "epoch",
        "age",
    }  # which say one of few things
    texts = {field for field in row if shapes[field] == "text"} - listed
    return {f: SECRET if everywhere or f in texts else text for f, text in row.items()}


@pytest.fixture
def clean(tmp_path: Path) -> list[str]:
    """The files of a log without a finding: the secret is in all text but the groups."""
    return _files(tmp_path, everywhere=False)


@pytest.fixture
def full(tmp_path: Path) -> list[str]:
    """The files of a log that has the secret in every cell."""
    return _files(tmp_path, everywhere=True)


def _files(folder: Path, everywhere: bool) -> list[str]:
    event = planted(AdverseEvent, EVENT | IN_SDTM | {"site": ""}, everywhere)
    person = planted(Subject, PERSON | {"sex": "", "age": "45"}, everywhere)
    sdtm_event = {cells(AdverseEvent)[f].sdtm: t for f, t in event.items()}
    sdtm_person = {cells(Subject)[f].sdtm: t for f, t in person.items()}
    log = write_csv(folder / "log.csv", tuple(sdtm_event), [sdtm_event])
    people = write_csv(folder / "people.csv", tuple(sdtm_person), [sdtm_person])
    return [str(log), "--subjects", str(people)]


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program, as it ends: exit code, stdout, stderr."""

    def program(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ae-cli", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code or 0
        assert isinstance(code, int)
        return code, *capsys.readouterr()

    return program


@pytest.mark.parametrize("command", PLACES)
def test_a_clean_log_is_not_quoted(command: str, run: Run, clean: list[str]) -> None:
    code, out, err = run(*PLACES[command], *clean)
    assert code == 0, out
    assert SECRET not in out + err


@pytest.mark.parametrize("command", PLACES)
def test_no_cell_is_on_stderr(command: str, run: Run, full: list[str]) -> None:
    code, _, err = run(*PLACES[command], *full)
    assert code in (0, 1) and SECRET not in err


def fails_at_once(ae: Any) -> Any:
    raise ValueError(f"{SECRET}: {ae._study.events.rows()}")


def fails_on_a_row(ae: Any) -> Any:
    return nw.col("term").cast(nw.Int64) > 0  # Polars says which text is no number


def fails_at_its_words(row: Any) -> Any:
    raise KeyError(f"{SECRET}: {row}")


BROKEN: dict[str, dict[str, Any]] = {
    "at once": {"test": fails_at_once},
    "on a row": {"test": fails_on_a_row},
    "at its words": {"test": lambda ae: nw.col("record") < 0, "says": fails_at_its_words},
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("form", ["full", "concise", "json"])
def test_a_rule_that_crashes_names_no_value(
    how: str, form: str, run: Run, clean: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "AE-REQ-09", replace(RULES["AE-REQ-09"], **BROKEN[how]))
    code, out, err = run("validate", "--format", form, *clean)
    assert code == 70 and "crashed" in out + err
    assert SECRET not in out + err


def fails(*things: Any, **more: Any) -> Any:
    """What anything may be replaced by: it fails, and its message holds all it was given."""
    raise ValueError(f"{SECRET} {things} {more}")


def fails_as_polars(*things: Any, **more: Any) -> Any:
    raise pl.exceptions.InvalidOperationError(f"conversion failed for value {SECRET!r}")


def fails_with_a_cause(*things: Any, **more: Any) -> Any:
    try:
        AdverseEvent.model_validate({"grade": SECRET})
    except ValidationError as error:
        raise KeyError(SECRET) from error


VALIDATE, SUMMARIZE, EXPORT = PLACES.values()
STEPS: dict[str, list[str]] = {
    "ae_cli.read.delimited.read": VALIDATE,
    "ae_cli.read.columns.match": VALIDATE,
    "ae_cli.read.column.adapter": VALIDATE,
    "ae_cli.read.reading.read_records": SUMMARIZE,
    "ae_cli.study.build.with_population": VALIDATE,
    "ae_cli.study.counting.with_exclusions": SUMMARIZE,
    "ae_cli.rules.run": VALIDATE,
    "ae_cli.rules.in_cells": VALIDATE,
    "ae_cli.reports.group.across_groups": SUMMARIZE,
    "ae_cli.reports.verify": SUMMARIZE,
    "ae_cli.reports.footnotes.population": EXPORT,
    "ae_cli.reports.listings.listings": EXPORT,
    "ae_cli.render.concise.concise": VALIDATE,
    "ae_cli.render.terminal.findings": [*VALIDATE, "--format", "full"],
    "ae_cli.render.json_.report": [*VALIDATE, "--format", "json"],
    "ae_cli.render.json_.report_lines": [*VALIDATE, "--format", "jsonl"],
    "ae_cli.render.findings_csv.report": [*VALIDATE, "--format", "csv"],
    "ae_cli.render.html_.report": [*VALIDATE, "--format", "html"],
    "ae_cli.render.junit.report": [*VALIDATE, "--format", "junit"],
    "ae_cli.render.sarif.report": [*VALIDATE, "--format", "sarif"],
    "ae_cli.render.github.report": [*VALIDATE, "--format", "github"],
    "ae_cli.render.terminal.table": SUMMARIZE,
    "ae_cli.render.json_.table": [*SUMMARIZE, "--format", "json"],
    "ae_cli.render.csv_.table": [*SUMMARIZE, "--format", "csv"],
    "ae_cli.render.markdown.table": [*SUMMARIZE, "--format", "markdown"],
    "ae_cli.render.xlsx.write": EXPORT,
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("failure", [fails, fails_as_polars, fails_with_a_cause])
def test_a_step_that_crashes_names_no_value(
    step: str,
    failure: Any,
    run: Run,
    full: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(step, failure)
    code, out, err = run(*STEPS[step], *full)
    assert code == 70 and "internal error" in err
    assert SECRET not in out + err + caplog.text
    assert {path.suffix for path in Path(full[0]).parent.iterdir()} == {".csv"}


CRASH = """
import sys
from pathlib import Path
import ae_cli.read.records
from ae_cli.cli import main
def fails(*things):
    raise ValueError(f"{things} {Path(sys.argv[-1]).read_text()}")
ae_cli.read.column.adapter = fails
main()
"""


def test_a_crash_of_the_whole_program_names_no_value(full: list[str]) -> None:
    words = [sys.executable, "-X", "dev", "-W", "error", "-c", CRASH, "validate", *full]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 70 and "internal error: ValueError" in ended.stderr
    assert SECRET not in ended.stdout + ended.stderr and "Traceback" not in ended.stderr


HEAD = "USUBJID,AETERM,AETOXGR,AESER\n"
ROW = f"{SECRET},{SECRET},3,N\n"
UNUSABLE: dict[str, bytes] = {
    "a quotation mark left open": f'{HEAD}{ROW}{SECRET},"{SECRET},3,N\n'.encode(),
    "a cell too many": f"{HEAD}{ROW}{SECRET},{SECRET},3,N,{SECRET}\n".encode(),
    "not UTF-8": f"{HEAD}{ROW}".encode() + f"{SECRET} 恶心,{SECRET},3,N\n".encode("gb18030"),
    "UTF-16, cut": f"{HEAD}{ROW}".encode("utf-16")[:-1],
    "no participant": f"Name of the ward,AETERM\n{SECRET},{SECRET}\n".encode(),
    "no term": f"USUBJID,AETOXGR\n{SECRET},{SECRET}\n".encode(),
    "two participants": f"Subject ID,Patient ID,AETERM\n{SECRET},{SECRET},{SECRET}\n".encode(),
    "two terms": f"USUBJID,AETERM,AETERM\n{SECRET},{SECRET},{SECRET}\n".encode(),
    "a damaged workbook": b"PK\x03\x04" + ROW.encode() * 9,
    "a damaged Parquet file": b"PAR1" + ROW.encode() * 9,
    "a page of HTML": f"<!DOCTYPE html><p>{ROW}".encode(),
    "nothing but zeros": ROW.encode() + b"\0" * 4000,
}


@pytest.mark.parametrize("command", ["validate", "summarize"])
@pytest.mark.parametrize("problem", UNUSABLE)
def test_a_file_that_cannot_be_used_is_not_quoted(
    problem: str, command: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "log.csv").write_bytes(UNUSABLE[problem])
    code, out, err = run(*PLACES[command], str(tmp_path / "log.csv"))
    assert code == 2 and err.startswith("error: ")
    assert SECRET not in out + err


MISUSES = (
    ["validate", "--format", "pdf"],
    ["validate", "--fail-on", "sometimes"],
    ["validate", "--only", "XYZ-99"],
    ["validate", "--study", "nowhere.toml"],
    ["summarize", "by", "weather"],
    ["summarize", "--ci", "guess"],
    ["summarize", "--group", "Ward"],
    ["summarize", "--n", "Low"],
    ["export", "pdf"],
    ["export", "xlsx", "-o", "nowhere/tables.xlsx"],
)


@pytest.mark.parametrize("words", MISUSES, ids=" ".join)
def test_a_mistaken_command_quotes_no_cell(words: list[str], run: Run, full: list[str]) -> None:
    code, out, err = run(*words, *full)
    assert code == 2 and "error" in err.lower()
    assert SECRET not in out + err


def test_two_sheets_that_could_be_meant_are_not_quoted(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.worksheets[0], book.create_sheet()):
        sheet.append(["USUBJID", "AETERM"])
        sheet.append([SECRET, SECRET])
    book.save(tmp_path / "log.xlsx")
    code, out, err = run("validate", str(tmp_path / "log.xlsx"))
    assert code == 2 and "several sheets" in err
    assert SECRET not in out + err
