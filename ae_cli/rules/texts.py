"""How a cell is written, whatever it says. Most of these rules are raised while reading."""

from __future__ import annotations

import narwhals as nw

from ae_cli.model import AdverseEvent, Subject, cells
from ae_cli.rules.cells import of_cell
from ae_cli.rules.engine import labelled
from ae_cli.rules.examples import a_person, an_event
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Fields, Row, or_if_blank, rule
from ae_cli.study import Study


def _named(*shapes: str) -> str:
    """The fields of events and participants of these shapes, of which any is enough."""
    own = [f for f, cell in cells(AdverseEvent).items() if not shapes or cell.shape in shapes]
    people = [f for f, cell in cells(Subject).items() if not shapes or cell.shape in shapes]
    return "|".join((*own, *(f"participant.{f}" for f in people)))


_DATES = (
    "start|end|death_date|participant.first_dose|participant.last_dose|"
    "participant.last_contact|participant.death_date"
)

of_cell(
    "AE-TYP-03", "seq", "A sequence number is a positive whole number", "a whole number from 1",
    ERROR,
    good=[an_event(), an_event(seq="004"), an_event(seq=""), an_event(seq="AE-01"),
          an_event(seq="12", sdtm=True), an_event(seq="3.0", sdtm=True)],
    bad=[an_event(seq="0"), an_event(seq="-1"), an_event(seq="2.5"),
         an_event(seq="1A", sdtm=True), an_event(seq="0", sdtm=True)],
    sources=("CORE-000458", "SD0055"), fix="number the events of a participant 1, 2, 3",
    why="the number is what other data sets point at",
)  # fmt: skip
of_cell(
    "AE-TYP-04", _named(), "No cell begins with a space or is a dot alone", "a text", WARNING,
    good=[an_event(), an_event(term="Nausea "), an_event(term=""), an_event(term="Nausea."),
          an_event(term="  ")],
    bad=[an_event(term=" Nausea"), an_event(term="\u3000Nausea"), an_event(end="."),
         an_event(outcome=" FATAL", sdtm=True), an_event(soc=" . "),
         an_event(participants=[a_person(arm=" Low")])],
    sources=("SD1021", "FB1501", "FB1502", "CORE-000867", "CORE-000890"), grouped=("column",),
    fix="take the spaces away, and leave a cell without an answer blank",
    why="other programs take a text with a space before it for another text",
)  # fmt: skip
of_cell(
    "AE-TYP-05", "duration", "A duration is one, and not negative", "a duration", WARNING,
    good=[an_event(duration="P2D"), an_event(duration="PT6H30M"), an_event(duration="P2W"),
          an_event(duration=""), an_event(duration="3"), an_event(duration="3 days"),
          an_event(duration="3天"), an_event(duration="P1Y2M3DT4H5M6.5S", sdtm=True)],
    bad=[an_event(duration="-P2D"), an_event(duration="P-2D"), an_event(duration="-3"),
         an_event(duration="P"), an_event(duration="P1DT"), an_event(duration="a while"),
         an_event(duration="P2H"), an_event(duration="3 days", sdtm=True),
         an_event(duration="3", sdtm=True)],
    sources=("SD1011", "SD0015", "FB4005", "CORE-000305"),
    fix="write it as P2D or PT6H, or leave it blank and give the dates",
    why="a duration that cannot be read cannot be compared with the dates",
)  # fmt: skip
of_cell(
    "AE-TYP-07", "term", "A term is not cut off", "a whole term", WARNING,
    says=lambda row: f"the term has {row['detail']} and ends with {row['text'][-30:]!r}",
    good=[an_event(), an_event(term="x" * 199), an_event(term="x" * 201), an_event(term=""),
          an_event(term="痛" * 67)],
    bad=[an_event(term="x" * 200), an_event(term="痛" * 200)],
    sources=("SD1096",), fix="compare the term with the source: its end may be missing",
    why="200 characters is the limit of many forms and of SAS transport files",
)  # fmt: skip
of_cell(
    "AE-TYP-09", _DATES, "A date with a day has its month", "a date", WARNING,
    good=[an_event(), an_event(start="2010-01"), an_event(start="2010"), an_event(end=""),
          an_event(start="2024-03--", end="")],
    bad=[an_event(start="2010---01"), an_event(end="2024---06", sdtm=True),
         an_event(participants=[a_person(last_contact="2024---06")])],
    sources=("check_ce_missing_month", "check_mh_missing_month", "check_lb_missing_month"),
    fix="compare with the source: the day may be the month",
    why="a day without its month is rarely known: it is probably the month itself",
)  # fmt: skip
of_cell(
    "AE-TYP-10", _named("text"), "Text was decoded as it was encoded", "a text", NOTE,
    good=[an_event(), an_event(term="Sjögren’s syndrome"), an_event(term="头痛"),
          an_event(term=""), an_event(term="ÂGE, NÃO")],
    bad=[an_event(term="patient\u0092s rash"), an_event(term="Sj\ufffdgren's syndrome"),
         an_event(term="Sj\u00c3\u00b6gren"), an_event(term="patient\u00e2\u20ac\u2122s rash"),
         an_event(term="\u951f\u65a4\u62f7痛"),
         an_event(participants=[a_person(arm="2 \u00c2\u00b5g")])],
    sources=("observed: CDISC pilot",), grouped=("column",),
    fix="export the file again as UTF-8, or name its encoding: --encoding windows-1252",
    why="the character that the site wrote is lost on every page",
)  # fmt: skip
of_cell(
    "AE-TYP-12",
    _named("text"),
    "A cell of text holds no error of a spreadsheet", "a text", ERROR,
    good=[an_event(), an_event(term="Fever #2"), an_event(term="")],
    bad=[an_event(term="#N/A"), an_event(soc="#REF!"),
         an_event(participants=[a_person(arm="#VALUE!")])],
    sources=("practice",), fix="correct the formula in the spreadsheet, or write the text itself",
)  # fmt: skip


def _on_days(*days: str) -> list[dict[str, str]]:
    return [{"start": f"2024-03-{day}"} for day in days]


of_cell(
    "AE-TYP-13", _DATES,
    "Day and month were not exchanged by a spreadsheet", "a date as the others", WARNING,
    good=[an_event(), an_event(start="13/04/2024"),
          an_event(start="13/04/2024", also=_on_days("04", "05", "20"))],
    bad=[an_event(start="13/04/2024", also=_on_days("04", "05", "06"))],
    sources=("practice",),
    fix="compare the other dates of the column with the source: 03/04 may have become 4 March",
)  # fmt: skip


LONGEST_NAME, LONGEST_LABEL = 8, 40


def _too_long(study: Study) -> list[str]:
    """The names and labels that are longer than a submission may have, with their lengths."""
    named = [each for labels in labelled(study) for each in labels.items()]
    names = [f"the name {name} has {len(name)}" for name, _ in named if len(name) > LONGEST_NAME]
    return names + [
        f"the label of {name} has {len(text)}" for name, text in named if len(text) > LONGEST_LABEL
    ]


def _says_too_long(row: Row) -> str:
    found = _too_long(row["in_study"])
    more = f", and {len(found) - 3} more" if len(found) > 3 else ""
    return "in characters, " + "; ".join(found[:3]) + more


@rule(
    "AE-TYP-08", NOTE, "Names have up to 8 characters, labels up to 40",
    kind="file", asks=("a transport file",), profile="SDTM",
    says=_says_too_long, fix="shorten them: a transport file of version 5 cuts them off",
    why="a submission is made of transport files of version 5, which hold no more",
    sources=("CG0310", "CORE-000182", "CG0311", "CORE-000019"),
    good=[an_event(sdtm=True, labels={"AETERM": "x" * 40, "ABCDEFGH": ""}), an_event()],
    bad=[an_event(sdtm=True, labels={"AESTARTDTC": "Start"}),
         an_event(sdtm=True, labels={"AETERM": "x" * 41})],
)  # fmt: skip
def names_are_short(study: Study) -> bool:
    return not _too_long(study)


@rule(
    "AE-COD-18", ERROR, "The term is not the bare word 'multiple'",
    needs=("term",),
    says="the term is only 'multiple'", fix="name the events, one row for each",
    why="nobody can code or judge an event called multiple",
    sources=("CG0346", "CORE-000164", "SD1277"),
    good=[an_event(), an_event(term="Multiple fractures"), an_event(term="")],
    bad=[an_event(term="MULTIPLE"), an_event(term="multiple."), an_event(term="多种")],
)  # fmt: skip
def term_is_not_multiple(ae: Fields) -> nw.Expr:
    bare = ae.term.str.contains(r"(?i)^\W*(?:multiple|多种|多个|多发|多处)\W*$")
    return or_if_blank(~bare, True)
