"""Events by system organ class and term: who had any of it, and at which worst grade.

A participant is counted once in a line, whatever the number of events: a class counts those who had
any of its terms, not the sum of its terms. Only events add.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.reports.tally import EVERYONE
from ae_cli.study import Study
from ae_cli.table import Rate, Row

CLASS, TERM, GRADE = "class_", "term_", "grade_"
NO_CLASS, NO_TERM = "No system organ class", "No term"
ANY = "Any adverse event"
Names = tuple[str, ...]  # (), a class, or a class and one of its terms
GRADES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("worst_grade_1_2", "Worst grade 1-2", (1, 2)),
    ("worst_grade_3_4", "Worst grade 3-4", (3, 4)),
    ("worst_grade_5", "Worst grade 5", (5,)),
    ("worst_grade_3_plus", "Worst grade 3 or more", (3, 4, 5)),
)
UNGRADED = ("worst_grade_ungraded", "Ungraded")


@dataclass
class Tally:
    """Of one line: participants and events by group, and participants by group and worst grade."""

    people: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    worst: Counter[tuple[str, int | None]] = field(default_factory=Counter)


Tallies = dict[Names, Tally]


def by_term(study: Study, such: nw.Expr | None = None, any_: str = ANY) -> tuple[Row, ...]:
    """Participants with any event of each class and term, and the number of their events: of all
    that are counted, or of such events, which `any_` names."""
    found = _tallied(study, such)
    return _made(study, found, lambda names: (_any(study, found, names, any_),))


def by_grade(study: Study, such: nw.Expr | None = None, any_: str = ANY) -> tuple[Row, ...]:
    """The same, and participants by worst grade: that of a class is worst across its terms."""
    found = _tallied(study, such)
    return _made(study, found, lambda names: tuple(_graded(study, found, names, any_)))


def lacking(study: Study) -> InputError | None:
    """Why there is no table by term; None where there is one."""
    if _limits(study) and study.columns[-1].N is None:
        return InputError(
            "a share of participants needs their number, and it is not known",
            'give --subjects FILE, or --n "Low=8,High=8"',
        )
    return None


def without_grades(study: Study) -> InputError | None:
    """Why there is no table by grade; None where there is one."""
    if study.has("grade"):
        return lacking(study)
    return InputError(
        "the table is made of grades, and the log has none",
        "the table by term needs none: ae-cli summarize by term FILE",
    )


def _tallied(study: Study, such: nw.Expr | None) -> Tallies:
    """Every line of the table, by its names. Those that nobody is in are there where asked for."""
    used = _named(study, study.counted().filter(such) if such is not None else study.counted())
    found: Tallies = {(): Tally()}
    for keys in ((), (CLASS,), (CLASS, TERM)):
        for group in ("group", None):
            _count(used, keys, group, found)
    if study.choices.zero_rows:
        events = nw.from_native(study.events).lazy().filter("is_event")
        every = _named(study, events).select(CLASS, TERM).unique().collect("polars")
        for names in every.rows():
            found.setdefault(names[:1], Tally())
            found.setdefault(names, Tally())
    return found


def _count(used: nw.LazyFrame, keys: Names, by: str | None, found: Tallies) -> None:
    """One level of the table, in each group or in all of them."""
    group = nw.col("group") if by else nw.lit(EVERYONE)
    who = used.with_columns(group_=group).group_by("group_", *keys, "subject")
    each = who.agg(events_=nw.col("event").n_unique(), worst_=nw.col(GRADE).max())
    lines = each.collect("polars").lazy().group_by("group_", *keys, "worst_")
    by_worst = lines.agg(n=nw.len(), e=nw.col("events_").sum())
    for row in by_worst.collect("polars").rows(named=True):
        tally = found.setdefault(tuple(row[key] for key in keys), Tally())
        tally.people[row["group_"]] += row["n"]
        tally.events[row["group_"]] += row["e"]
        tally.worst[row["group_"], row["worst_"]] += row["n"]


def _named(study: Study, events: nw.LazyFrame) -> nw.LazyFrame:
    """The events with the class and the term that stand in the table, each in one spelling."""
    has = events.collect_schema().names()
    own = ["ctc_term"] if study.ctcae_coded else []
    named = events.with_columns(
        **{
            GRADE: nw.col("grade") if study.has("grade") else nw.lit(None, nw.Int8),
            TERM: nw.coalesce(*(nw.col(c) for c in (*own, "coded_term"))),
            CLASS: nw.coalesce(
                *(nw.col(c) for c in ("soc_known", "soc") if c in has),
                nw.col("ctc_soc") if study.ctcae_coded else nw.lit(None, nw.String),
            ),
        }
    )
    return _in_one_spelling(_in_one_spelling(named, CLASS, NO_CLASS), TERM, NO_TERM)


def _in_one_spelling(events: nw.LazyFrame, column: str, none: str) -> nw.LazyFrame:
    """Texts that differ in capitals and spaces alone, as most rows have them."""
    counts = events.group_by(column).agg(n=nw.len()).collect("polars").rows()
    common: dict[str, tuple[int, str]] = {}
    for text, n in sorted((t, n) for t, n in counts if t is not None):
        form = " ".join(text.casefold().split())
        common[form] = max(common.get(form, (0, "")), (n, text.strip()), key=lambda c: c[0])
    shown = {t: common[" ".join(t.casefold().split())][1] for t, _ in counts if t is not None}
    if all(text == best for text, best in shown.items()):
        return events.with_columns(nw.col(column).fill_null(none))
    best = nw.col(column).replace_strict(
        list(shown), list(shown.values()), default=None, return_dtype=nw.String
    )
    return events.with_columns(best.fill_null(none).alias(column))


def _made(study: Study, found: Tallies, lines: Callable[[Names], Sequence[Row]]) -> tuple[Row, ...]:
    """The rows of all lines, in their order, each with a key of its own."""
    return numbered(row for names in _ordered(study, found) for row in lines(names))


def numbered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, each with a key of its own."""
    seen: Counter[str] = Counter()
    return tuple(_once(row, seen) for row in rows)


def _once(row: Row, seen: Counter[str]) -> Row:
    seen[row.key] += 1
    return row if seen[row.key] == 1 else replace(row, key=f"{row.key}_{seen[row.key]}")


def _ordered(study: Study, found: Tallies) -> Iterator[Names]:
    """All, then each class with its terms: the commonest first, or by the alphabet."""

    def place(names: Names) -> tuple[Any, ...]:
        tally = found[names]
        often = (-tally.people[EVERYONE], -tally.events[EVERYONE])
        return (*(often if study.choices.sort == "frequency" else ()), names[-1].casefold())

    yield ()
    for soc in sorted((names for names in found if len(names) == 1), key=place):
        terms = [names for names in found if names[:1] == soc and len(names) == 2]
        kept = sorted((t for t in terms if _common(study, found[t])), key=place)
        if kept or not _limits(study):
            yield soc
            yield from kept


def _limits(study: Study) -> bool:
    return study.choices.at_least is not None or study.choices.more_than is not None


def _common(study: Study, tally: Tally) -> bool:
    """Whether a term is in as large a share of some group as was asked for."""
    least, more = study.choices.at_least, study.choices.more_than
    shares = [
        Decimal(100 * tally.people[column.name]) / column.N
        for column in study.columns[:-1] if column.N
    ]  # fmt: skip
    if least is not None:
        return any(share >= least for share in shares)
    return more is None or any(share > more for share in shares)


def _any(study: Study, found: Tallies, names: Names, any_: str) -> Row:
    tally = found[names]

    def cell(group: str, N: int | None) -> Rate:
        return Rate(tally.people[group], N, tally.events[group], with_events=True)

    return _row(study, names, "", names[-1] if len(names) == 2 else any_, cell)


def _graded(study: Study, found: Tallies, names: Names, any_: str) -> Iterator[Row]:
    """Any, and the worst grades that somebody has."""
    yield _any(study, found, names, any_)
    worst = found[names].worst
    present = {grade for _, grade in worst}
    for key, label, grades in GRADES:
        if present & set(grades):
            yield _worst(study, names, key, label, worst, grades)
    if None in present:
        yield _worst(study, names, *UNGRADED, worst, (None,))


def _worst(
    study: Study, names: Names, key: str, label: str,
    worst: Counter[tuple[str, int | None]], grades: Sequence[int | None],
) -> Row:  # fmt: skip
    def cell(group: str, N: int | None) -> Rate:
        return Rate(sum(worst[group, grade] for grade in grades), N)

    return _row(study, names, key, label, cell, deeper=1)


def _row(
    study: Study, names: Names, key: str, label: str,
    cell: Callable[[str, int | None], Rate], deeper: int = 0,
) -> Row:  # fmt: skip
    groups = [*(column.name for column in study.columns[:-1]), EVERYONE]
    cells = tuple(cell(g, c.N) for g, c in zip(groups, study.columns, strict=True))
    slug = "__".join(re.sub(r"\W+", "_", name).strip("_").lower() for name in names) or "any_ae"
    section = names[0] if names else "All events"
    indent = max(0, len(names) - 1) + deeper
    return Row(f"{slug}_{key}" if key else slug, label, "participants", cells, indent, section)
