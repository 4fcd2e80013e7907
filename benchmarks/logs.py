"""Makes logs to measure with: `python benchmarks/logs.py ROWS FOLDER` prints their two paths;
with `xlsx` after them the log is a workbook.

An invented trial in three arms, some fifty events a participant, under SDTM headers and in CTCAE
terms with grades that exist for them. A clean row breaks no rule; one row in sixty-six has one
thing wrong with it. The same number of rows gives the same bytes.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import openpyxl
import polars as pl

from ae_cli.ctcae import dictionary

Codes = npt.NDArray[np.integer]

EVENTS_EACH = 50
WRONG = 0.015  # share of rows with a defect
DIED = 0.03  # share of participants; their last event is fatal
LAST_START, DEATH, LAST_CONTACT = 330, 380, 400  # days after the first dose
WEIGHTS = {1: 50, 2: 35, 3: 12, 4: 3}  # how common a grade is, where the term has it
ARMS = ("Placebo", "20 mg", "100 mg")

# What sites add to a term in their own words: reported terms have many distinct texts, some 20,000
# in a million rows, and a reader of distinct texts has to be measured with them.
WORDS = (
    "", "", "", "mild", "on waking", "after infusion", "in the morning", "at night", "left",
    "right", "intermittent", "since yesterday", "at home", "after lunch", "on exertion", "at rest",
    "again", "worse", "during visit", "noted by nurse", "per diary", "resolving", "by laboratory",
    "both sides", "upper", "lower", "before dose", "after dose", "second time", "third time",
)  # fmt: skip
OUTCOMES = {"RECOVERED/RESOLVED": 85, "RECOVERED/RESOLVED WITH SEQUELAE": 1,
            "RECOVERING/RESOLVING": 5, "NOT RECOVERED/NOT RESOLVED": 7, "UNKNOWN": 2}  # fmt: skip
ACTIONS = {"DOSE NOT CHANGED": 85, "DRUG INTERRUPTED": 7, "DOSE REDUCED": 5, "DRUG WITHDRAWN": 3}
CAUSES = {"NOT RELATED": 55, "UNLIKELY RELATED": 20, "POSSIBLY RELATED": 18, "RELATED": 7}
CRITERIA = {2: "AESMIE", 3: "AESHOSP", 4: "AESLIFE", 5: "AESDTH"}  # of a serious event, by grade
FLAGS = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")

BLANK = pl.lit(None, pl.String)
DEFECTS: tuple[dict[str, pl.Expr], ...] = (
    {"AETOXGR": BLANK},
    {"AETOXGR": pl.lit("2-3")},
    {"AETOXGR": pl.lit("Grade 2")},
    {"AESER": BLANK},
    {"AESHOSP": pl.lit("Y")},
    {"AEOUT": pl.lit("FATAL")},
    {"AEOUT": pl.lit("Recovered/Resolved")},
    {"AEACN": pl.lit("CALLED THE DOCTOR")},
    {"AEENDTC": BLANK},
    {"AEENDTC": pl.lit("2021-12-31")},
    {"AESTDTC": pl.lit("04MAR2024")},
    {"AESTDTC": pl.lit("03/04/2024")},
    {"USUBJID": pl.col("USUBJID") + "X"},
    {"AESEQ": pl.lit("1")},
    {"AETERM": BLANK},
    {"AETERM": pl.lit("Nausea and vomiting")},
    {"AEDECOD": pl.col("AEDECOD").str.replace("e", "a")},  # a typing error
    {"AEBODSYS": pl.lit("Eye disorders")},
    {name: pl.col(name).shift(1) for name in ("USUBJID", "AETERM", "AEDECOD", "AEBODSYS", "AETOXGR",
                                              "AESTDTC", "AEENDTC")},  # the row above, again
)  # fmt: skip


def make(rows: int, folder: Path) -> tuple[Path, Path]:
    """The log and its participant file, made unless this program made them before."""
    maker = Path(__file__).read_bytes() + dictionary().sha256.encode()
    made = f"{rows}-{hashlib.sha256(maker).hexdigest()[:8]}"
    events, people = folder / f"ae-{made}.csv", folder / f"dm-{made}.csv"
    if not (events.exists() and people.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        for path, frame in zip((events, people), frames(rows), strict=True):
            frame.write_csv(path.with_suffix(".part"))
            path.with_suffix(".part").rename(path)
    return events, people


def workbook(log: Path) -> Path:
    """The log as a workbook, its whole numbers as numbers, made unless it was made before."""
    path = log.with_suffix(".xlsx")
    if not path.exists():
        cells = pl.read_csv(log, infer_schema=False)
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("AE")
        sheet.append(cells.columns)
        for row in cells.iter_rows():
            sheet.append([int(text) if text and text.isdecimal() else text for text in row])
        book.save(path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)
    return path


def frames(rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events and participants."""
    rng = np.random.default_rng(rows)
    n = max(rows // EVENTS_EACH, len(ARMS))
    first_dose = _day(2022) + rng.integers(0, 600, n)
    died = rng.random(n) < DIED
    who = np.sort(rng.integers(0, n, rows))
    last = np.append(who[1:] != who[:-1], True)
    events = _with_defects(_events(rng, who, first_dose[who], last & died[who]), rng)
    dead = died & np.isin(np.arange(n), who)
    return events, _participants(rng, first_dose, dead)


def _events(
    rng: np.random.Generator, who: Codes, first_dose: Codes, fatal: npt.NDArray[np.bool_]
) -> pl.DataFrame:
    """Rows without a defect, every cell text."""
    rows = len(who)
    terms = _terms(rng, fatal)
    start = first_dose + np.where(fatal, LAST_START, rng.integers(0, LAST_START, rows))
    end = np.where(fatal, first_dose + DEATH, start + rng.integers(0, 30, rows))
    grade, chance = pl.col("grade"), pl.Series(rng.random(rows))
    serious = (grade > 3) | ((grade == 3) & (chance < 0.3)) | ((grade == 2) & (chance < 0.01))
    outcome = pl.when(pl.Series(fatal)).then(pl.lit("FATAL"))
    frame = terms.with_columns(
        who=pl.Series(who), serious=serious, start=_dates(start), end=_dates(end),
        term=pl.col("name") + " " + _choose(rng, dict.fromkeys(WORDS, 1), rows),
        outcome=outcome.otherwise(_choose(rng, OUTCOMES, rows)),
    )  # fmt: skip
    over = pl.col("outcome").str.contains("^RECOVERED|FATAL")
    known = pl.Series(rng.random(rows) > 0.01)  # of the others the day of the start is not known
    return frame.select(
        STUDYID=pl.lit("BENCH"),
        USUBJID=_subjects(),
        AESEQ=pl.int_range(1, pl.len() + 1).over("who").cast(pl.String),
        AETERM=pl.col("term").str.strip_chars(),
        AEDECOD=pl.col("name"),
        AEBODSYS=pl.col("soc"),
        AETOXGR=grade.cast(pl.String),
        AESER=_yes_no(pl.col("serious")),
        **{flag: _yes_no(pl.col("serious") & _is_criterion(flag)) for flag in FLAGS},
        AEREL=_choose(rng, CAUSES, rows),
        AEACN=_choose(rng, ACTIONS, rows),
        AEOUT=pl.col("outcome"),
        AESTDTC=pl.when(known).then(pl.col("start")).otherwise(pl.col("start").str.head(7)),
        AEENDTC=pl.when(over).then(pl.col("end")),
        AECONTRT=_choose(rng, {"N": 60, "Y": 40}, rows),
    )


def _terms(rng: np.random.Generator, fatal: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """A CTCAE term, its organ class and a grade it has, for each row: some terms are common."""
    pairs = pl.DataFrame(_pairs(), ("name", "soc", "grade", "rank"), orient="row")
    common_grade = pl.col("grade").replace_strict(WEIGHTS, default=0)
    weights = pairs.select(common_grade / (pl.col("rank") + 9)).to_series().to_numpy()
    common = rng.choice(len(pairs), len(fatal), p=weights / weights.sum())
    deadly = rng.choice(np.flatnonzero(pairs["grade"] == 5), len(fatal))
    return pairs[np.where(fatal, deadly, common)]


def _pairs() -> Iterator[tuple[str, str, int, int]]:
    """Every term in plain words that has several grades, with each of them, and its rank."""
    for number, term in enumerate(dictionary().terms):
        plain = not (term.is_other or set(",/") & set(term.name) or " and " in term.name)
        if plain and len(term.grades) > 1:
            rank = number * 7919 % 997  # the alphabet says nothing of how common a term is
            yield from ((term.name, term.soc, grade, rank) for grade in term.grades)


def _participants(
    rng: np.random.Generator, first_dose: Codes, died: npt.NDArray[np.bool_]
) -> pl.DataFrame:
    n = len(died)
    arm = pl.Series(ARMS)[rng.integers(0, len(ARMS), n)]
    death = pl.when(pl.Series(died)).then(_dates(first_dose + DEATH))
    return pl.DataFrame({"who": np.arange(n)}).select(
        USUBJID=_subjects(),
        ARM=arm,
        ACTARM=arm,
        RFXSTDTC=_dates(first_dose),
        RFXENDTC=_dates(first_dose + 168),
        RFPENDTC=pl.coalesce(death, _dates(first_dose + LAST_CONTACT)),
        DTHFL=pl.when(pl.Series(died)).then(pl.lit("Y")),
        DTHDTC=death,
        SAFFL=pl.lit("Y"),
    )


def _with_defects(events: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One thing wrong in a few rows, each kind equally often."""
    kind = rng.integers(0, len(DEFECTS), len(events))
    wrong = pl.Series(np.where(rng.random(len(events)) < WRONG, kind, -1))
    columns = {name: pl.col(name) for name in events.columns}
    for number, defect in enumerate(DEFECTS):
        for name, value in defect.items():
            columns[name] = pl.when(wrong == number).then(value).otherwise(columns[name])
    return events.select(**columns)


def _choose(rng: np.random.Generator, weights: dict[str, int], rows: int) -> pl.Series:
    shares = np.array(list(weights.values())) / sum(weights.values())
    return pl.Series(list(weights))[rng.choice(len(weights), rows, p=shares)]


def _subjects() -> pl.Expr:
    site = (pl.col("who") % 97 + 1).cast(pl.String).str.zfill(3)
    number = (pl.col("who") + 1).cast(pl.String).str.zfill(6)
    return pl.format("BENCH-{}-{}", site, number)


def _day(year: int) -> int:
    return (date(year, 1, 1) - date(1970, 1, 1)).days


def _dates(days: Codes) -> pl.Series:
    return pl.Series(days).cast(pl.Int32).cast(pl.Date).dt.to_string()


def _yes_no(claim: pl.Expr) -> pl.Expr:
    return pl.when(claim).then(pl.lit("Y")).otherwise(pl.lit("N"))


def _is_criterion(flag: str) -> pl.Expr:
    return pl.col("grade").replace_strict(CRITERIA, default="") == flag


if __name__ == "__main__":
    log, people = make(int(sys.argv[1]), Path(sys.argv[2]))
    print(workbook(log) if sys.argv[3:] == ["xlsx"] else log, people, sep="\n")
