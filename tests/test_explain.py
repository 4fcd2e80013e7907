"""Who and what stands behind a number: as many as the number says, in every cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, write_csv

from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.read import read_log
from ae_cli.reports import summarize
from ae_cli.reports.explain import LINES, explain
from ae_cli.rules import check
from ae_cli.study import Choices, Study, from_log
from ae_cli.table import Count, NotCollected, NotEstimable, Quantity, Rate, Share

SAMPLE = Path(__file__).parents[1] / "samples" / "hucmsc"


@pytest.fixture(scope="module")
def study() -> Study:
    log = read_log([SAMPLE / "events.xlsx"], SAMPLE / "subjects.csv")
    liver = {"name": "Liver", "where": "soc == 'Hepatobiliary disorders'"}
    return from_log(log, Config.model_validate({"interest": [liver]}), Choices())


@pytest.mark.parametrize("name", LINES)
def test_each_cell_lists_as_many_as_it_counts(study: Study, name: str) -> None:
    table = summarize(study, check(study), name)
    asked = 0
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, (NotCollected, NotEstimable, Quantity)):
                with pytest.raises(InputError):
                    explain(study, name, row.key, column.name)
                continue
            found = explain(study, name, row.key, column.name)
            assert found.cell == cell
            match cell:
                case Rate(n=n):
                    assert len(found.participants) == n, row.key
                    assert cell.events in (None, len(found.records)), row.key
                case Count(events=events) | Share(events=events):
                    assert len(found.records) == events, row.key
            asked += 1
    assert asked >= 20


def test_a_number_by_hand(ae: Run) -> None:
    """Two serious events of one participant in the low dose, one of them the death of the log."""
    words = ("explain", "group", "Any serious adverse event", "Low dose, 2.5e7 cells")
    ran = ae(*words, SAMPLE / "events.xlsx", "--format", "json")
    assert ran.json["participants"] == ["HUC-003"]
    assert [record["row"] for record in ran.json["records"]] == [9, 10]
    page = ae(*words, SAMPLE / "events.xlsx").out
    assert "1 participant: HUC-003" in page and "Esophageal varices hemorrhage" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lab", "x", "Total"), "the table by lab cannot be explained"),
        (("group", "No such line", "Total"), "the table has no line 'No such line'"),
        (("group", "Any adverse event", "Higher"), "there is no group 'Higher'"),
        (("group", "Grade 2", "Total"), "say which: Participants by worst grade: Grade 2"),
        (("group", "Median", "Total"), "no count of participants or events"),
    ],
)
def test_what_is_not_there_is_an_error(ae: Run, words: tuple[str, ...], said: str) -> None:
    ran = ae("explain", *words, SAMPLE / "events.xlsx")
    assert ran.code == 2 and said in ran.err


def test_a_hostile_log_is_shown_and_not_run(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [
        ("Subject", "AE term", "Grade", "Serious", "Start date", "Group"),
        ("\x1b[31m1", "[red]x[/red]", "2", "N", "2024-03-04", "Low"),
    ])  # fmt: skip
    page = ae("explain", "group", "any_ae", "Low", log).out
    assert "\x1b" not in page and "[red]x[/red]" in page
