"""Laboratory results against adverse events: grades that differ, and results nobody reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw

from ae_cli.rules.examples import EVENT, a_result, an_event
from ae_cli.rules.rule import NOTE, Example, Fields, or_if_blank, rule, when

TERM = "term|preferred_term"
ALT = "Alanine aminotransferase increased"


def _raised(*results: dict[str, str], grade: str = "2", term: str = ALT, **changes: str) -> Example:
    """An event of five days, with laboratory results."""
    days = {"start": "2024-03-04", "end": "2024-03-08"} | changes
    return replace(an_event(), events=(dict(EVENT) | {"term": term, "grade": grade} | days,),
                   labs=results)  # fmt: skip


def _split() -> Example:
    """An event in two rows, whose grade changed on the day of a result."""
    first, later = {"grade": "1", "end": "2024-03-05"}, {"grade": "3", "start": "2024-03-05"}
    one = _raised(a_result(value="300"), **first)
    return replace(one, events=(*one.events, {**_raised(**later).events[0], "seq": "2"}))


@rule(
    "AE-CTC-12", NOTE, "The grade of a laboratory event is that of its results",
    needs=("subject", TERM, "grade", "start"), asks=("laboratory results",),
    shows=("term", "preferred_term", "grade", "start", "end"),
    says="the worst result within the event's dates is of grade {lab_grade} ({lab_result}), "
    "the event of grade {grade}",
    fix="please confirm the grade, the dates and the result",
    why="the same value is graded in two ways", sources=("CTCAE",),
    good=[_raised(a_result()), _raised(a_result(value="60"), a_result(value="41"), grade="1"),
          _raised(a_result(value="60", date="2024-03-09")), _raised(), _raised(grade=""),
          _raised(a_result(value="60", date="2024-03")), _raised(a_result(), grade=""),
          _raised(a_result(), term="Nausea"), _raised(a_result(value="60", subject="S2")),
          _raised(a_result(value="60", date="2024-03-25"), end="2024-03"),
          _raised(a_result(value="60"), end=""), _split(),
          _raised(a_result(test="Potassium", value="2.4", unit="mmol/L", lower="3.5"), grade="5",
                  term="Hypokalemia"),
          _raised(a_result(test="Potassium", value="3.2", unit="mmol/L", lower="3.5"), grade="1",
                  term="Hypokalemia")],
    bad=[_raised(a_result(value="60")), _raised(a_result(value="10")),
         _raised(a_result(value="300"), grade="1", term="ALT increased"),
         _raised(a_result(value="60"), end="", outcome="NOT RECOVERED/NOT RESOLVED"),
         _raised(a_result(value="60", date="2024-03-04"))],
)  # fmt: skip
def grade_is_that_of_the_results(ae: Fields) -> nw.Expr:
    # Grade 5 is a death, which no value shows; of rows of one event the results may be another's.
    known = ~ae.lab_grade.is_null() & or_if_blank(ae.grade.is_between(1, 4), False) & ~ae.split
    return when(known, or_if_blank(ae.grade == ae.lab_grade, False))


def _unreported(row: Mapping[str, Any]) -> str:
    known = row["base_grade"] is not None
    worse = "worse than at baseline" if known else "its baseline is not known"
    told = f"the result is of grade {row['grade']} ({row['graded_term']}), {worse}"
    return f"{told}, and no event of that term was going on"


@rule(
    "AE-XDS-27", NOTE, "A laboratory result of grade 3 or 4 has an event",
    asks=("laboratory results",), kind="result",
    shows=("test_code", "test", "value", "result", "original_value", "unit", "date", "visit"),
    says=_unreported,
    fix="enter the event, or note why it is none",
    why="a severe change that no table of events counts", sources=("EDC practice",),
    good=[_raised(a_result(), term="Nausea"), _raised(a_result(value="300"), grade="3"),
          _raised(a_result(value="300"), grade="3", term="ALT increased", start="2024-03"),
          _raised(a_result(value="300", baseline_flag="Y"), term="Nausea"),
          _raised(a_result(value="300", baseline="310"), term="Nausea")],
    bad=[_raised(a_result(value="300"), term="Nausea"),
         _raised(a_result(value="300", baseline="30"), term="Nausea"),
         _raised(a_result(value="300", date="2024-04-20"), grade="3"),
         replace(_raised(a_result(value="300", subject="S2")), subjects=())],
)  # fmt: skip
def severe_result_has_an_event(lab: Fields) -> nw.Expr:
    worse = or_if_blank(lab.limits_grade > lab.base_grade, True)
    later = or_if_blank(lab.after, True) & lab.held
    return lab.reported | ~(worse & later)
