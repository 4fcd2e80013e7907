"""What is said below the tables of laboratory results, and the results listed beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import narwhals as nw

from ae_cli.findings import Listing, Report
from ae_cli.read import NO_FILE
from ae_cli.reports.footnotes import first_dose, population, turned_off
from ae_cli.reports.liver import screened
from ae_cli.study import Study
from ae_cli.table import Table

HEADERS = (
    "Participant", "Group", "Visit", "Date", "Test", "Result", "Limits", "Baseline", "Term",
    "Grade", "At baseline", "Worse", "Note", "Row",
)  # fmt: skip


def result_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """All footnotes of a table of laboratory results."""
    who = population(study, table) if _has_file(study) else _without_file()
    return (*who, *_grades(study), *_baseline(study), *_left_out(study), *turned_off(findings))


def _has_file(study: Study) -> bool:
    """Whether participants were read from a file, and not from the results."""
    people = study.log.subjects
    return people is not None and any(source.sheet.path != NO_FILE for source in people.sources)


def _without_file() -> Iterator[str]:
    yield (
        "N: participants with laboratory results; those without any are not known. Give them with "
        "--subjects FILE."
    )


def lab_listings(study: Study) -> tuple[Listing, ...]:
    """The results of grade 3 and 4, and the participants the liver screen found."""
    used = _frame(study).filter(nw.col("excluded").is_null())
    severe = used.filter((nw.col("limits_grade") >= 3) | (nw.col("grade") >= 3)).sort(
        "group", "subject", "graded_term", "record"
    )
    rows = tuple(_listed(row) for row in severe.rows(named=True))
    title = f"Laboratory results of grade 3 or 4 (CTCAE {study.config.ctcae})"
    return Listing("Grade 3 and 4", title, HEADERS, rows), screened(study)


def _listed(row: dict[str, Any]) -> tuple[str | int | float | None, ...]:
    date, base, grade = row["date_earliest"], row["base_grade"], row["limits_grade"]
    later = row["after"] is not False
    worse = None if base is None or grade is None or not later else grade > base
    return (
        row["subject"], row["group"], row["visit"], date.date().isoformat() if date else None,
        row["test_text"], " ".join(filter(None, (row["value_text"], row["unit"]))),
        f"{_number(row['lower'])}-{_number(row['upper'])}", row["baseline"], row["graded_term"],
        max(filter(None, (row["grade"], grade))), base,
        "yes" if worse else _before(row) if not later else "" if worse is None else "no",
        row["note"], row["row"],
    )  # fmt: skip


def _before(row: dict[str, Any]) -> str:
    """What a result that is not after baseline is."""
    return "baseline" if row["is_baseline"] else "earlier"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _frame(study: Study) -> nw.DataFrame[Any]:
    return nw.from_native(study.labs, eager_only=True)


def _grades(study: Study) -> Iterator[str]:
    yield (
        f"Grades: CTCAE {study.config.ctcae}, by the value alone. Shifts compare grades against "
        "the limits of the laboratory at both ends."
    )
    yield (
        "The worst CTCAE grade counts an abnormal baseline where this version does. Where "
        "CTCAE asks for symptoms the worse grade is taken. Never grade 5."
    )
    assumed = _frame(study).filter(nw.col("excluded").is_null(), "assumed", nw.col("grade") > 0)
    if terms := sorted(assumed["graded_term"].unique().to_list()):
        yield (
            f"Grades that assume symptoms or consequences: {len(assumed):,} results of "
            f"{', '.join(terms)}."
        )
    yield (
        "Denominators of shifts: participants with a grade at baseline and after it. Shifts that "
        "nobody made are not shown; intervals are not given for them."
    )


def _baseline(study: Study) -> Iterator[str]:
    yield from first_dose(study)
    yield (
        "Baseline: as given, else as flagged, else the last result before the first dose, else "
        "that of a visit named baseline. Worst: the highest grade of all later results, at "
        "planned visits or not."
    )
    unknown = _frame(study).filter(
        nw.col("excluded").is_null(), nw.col("after").is_null(), ~nw.col("graded_term").is_null()
    )
    if n := unknown["record"].n_unique():
        yield (
            f"Results without a baseline and without a first dose: {n:,}. They are taken for later "
            "ones, and stand in the rows of those whose baseline is not known."
        )


def _left_out(study: Study) -> Iterator[str]:
    rows = _frame(study).select("record", "excluded", "graded_term", "reason").unique("record")
    lost = Counter(reason for reason in rows["excluded"].to_list() if reason)
    for reason, n in sorted(lost.items()):
        yield f"Results not counted: {n:,}, {reason}."
    bare = rows.filter(nw.col("excluded").is_null(), nw.col("graded_term").is_null())
    for reason, n in sorted(Counter(bare["reason"].to_list()).items()):
        yield f"Results without a term: {n:,}, {reason}."
