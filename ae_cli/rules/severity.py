"""Severity is not seriousness: events by both, and the signs that one was copied from the other."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from ae_cli.findings import Listing
from ae_cli.rules.examples import EVENT, an_event
from ae_cli.rules.rule import WARNING, Example, rule
from ae_cli.study import Study

GRADES = (1, 2, 3, 4, 5)
ANSWERS = ((True, "serious"), (False, "not serious"), (None, "not answered"))
FEW = 10  # answered and graded events: with fewer the two may well agree by chance

Counts = dict[tuple[bool | None, int | None], int]


def cross_table(study: Study) -> Listing:
    """Events that are counted, by seriousness and grade; no rows where one is not collected."""
    title = "Events by seriousness and CTCAE grade"
    headers = ("", *(f"grade {g}" for g in GRADES), "ungraded")
    if not study.has("grade", "serious"):
        return Listing("seriousness", title, headers, ())
    counts = _counts(study)
    rows: list[tuple[str | int, ...]] = []
    for answer, label in ANSWERS:
        rows.append((label, *(counts.get((answer, grade), 0) for grade in (*GRADES, None))))
    return Listing("seriousness", title, headers, tuple(rows))


def _counts(study: Study) -> Counts:
    rows = study.counted().group_by("serious", "grade").agg(n=nw.len()).collect("polars")
    return {(serious, grade): n for serious, grade, n in rows.iter_rows()}


def _many(grades: str, serious: str) -> Example:
    """As many events as there are letters, each with its grade and answer."""
    rows = [
        {"grade": grade, "serious": answer, "sae_other": answer, "start": f"2024-03-{day:02}"}
        for day, (grade, answer) in enumerate(zip(grades, serious, strict=True), 1)
    ]
    first, *others = [row | {"end": row["start"]} for row in rows]
    return replace(an_event(also=others), events=(EVENT | first, *an_event(also=others).events[1:]))


@rule(
    "AE-XFD-42", WARNING, "Seriousness was not told from the grade",
    kind="file", needs=("grade", "serious"),
    says="every event of grade 3 or more is serious, and no other is: seriousness may have been "
    "told from the grade",
    fix="please confirm that seriousness was judged by the criteria of ICH E2A, not by the grade",
    why="severe is not serious: a grade 3 event need not be serious, and a grade 1 event can be",
    sources=("ICH E2A", "practice"),
    good=[an_event(), _many("1122334411", "NNNNYYYNNN"), _many("112233441", "NNNNYYYYN"),
          _many("1122114411", "NNYNNNYYNN"), _many("1111111111", "NNNNNNNNNN"),
          _many("3333333333", "YYYYYYYYYY"), _many("112233441.", "NNNNYYYYNN"),
          _many("1122334411", "NNNNYYYYN.")],
    bad=[_many("1122334411", "NNNNYYYYNN"), _many("11223344115", "NNNNYYYYNNY"),
         _many("11223344112", "NNNNYYYYNN.")],
)  # fmt: skip
def not_told_from_the_grade(study: Study) -> bool:
    told = {(s, g): n for (s, g), n in _counts(study).items() if s is not None and g is not None}
    both = {s for s, _ in told} == {True, False}
    same = all(serious == (grade >= 3) for serious, grade in told)
    return not (same and both and sum(told.values()) >= FEW)
