"""What SDTM asks of a data set beyond what any log needs: only under SDTM or ADaM headers."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from ae_cli.rules.examples import an_event, with_cell
from ae_cli.rules.rule import ERROR, NOTE, WARNING, Fields, or_if_blank, rule
from ae_cli.study import Study

SDTM: dict[str, Any] = {"profile": "SDTM", "asks": ("SDTM headers",)}
EXPECTED = {
    "soc": "AEBODSYS", "serious": "AESER", "action": "AEACN", "related": "AEREL",
    "start": "AESTDTC", "end": "AEENDTC",
}  # fmt: skip
NOT_OF_EVENTS = {"occurred": "AEOCCUR", "status": "AESTAT", "reason_not_done": "AEREASND"}


@rule(
    "AE-REQ-03", ERROR, "Every event has a sequence number", **SDTM,
    needs=("subject",), shows=("seq", "term"),
    says="the sequence number is blank", fix="number the events of each participant: 1, 2, 3",
    why="other records point at an event by this number", sources=("CG0014", "SD0002"),
    good=[an_event(sdtm=True), an_event(seq="")],
    bad=[an_event(sdtm=True, seq=""), an_event(sdtm=True, without=("seq",))],
)  # fmt: skip
def seq_is_given(ae: Fields) -> nw.Expr:
    return ae.filled("seq")


@rule(
    "AE-REQ-04", WARNING, "Every event names its study", **SDTM,
    needs=("subject",), shows=("study", "term"), grouped=("study",),
    says="the study (STUDYID) is blank in {count} rows", fix="enter the study",
    why="files of several studies may be pooled", sources=("CG0014", "SD0002"),
    good=[an_event(sdtm=True), an_event(without=("study",))],
    bad=[an_event(sdtm=True, without=("study",)), with_cell("study", "", sdtm=True)],
)  # fmt: skip
def study_is_given(ae: Fields) -> nw.Expr:
    return ae.filled("study")


@rule(
    "AE-REQ-05", WARNING, "The domain is AE", **SDTM,
    needs=("domain",), grouped=("domain",),
    says="the domain is {domain} in {count} rows", fix="write AE, or take out the other records",
    why="records of another domain are no adverse events", sources=("SD0004", "CG0308"),
    good=[an_event(sdtm=True), an_event(domain="MH")],
    bad=[an_event(sdtm=True, domain="MH"), an_event(sdtm=True, domain="")],
)  # fmt: skip
def domain_is_ae(ae: Fields) -> nw.Expr:
    return or_if_blank(ae.domain == "AE", False)


def _absent(study: Study) -> list[str]:
    return [name for field, name in EXPECTED.items() if not study.has(field)]


@rule(
    "AE-REQ-15", WARNING, "The columns that SDTM expects are there", **SDTM,
    kind="file",
    says=lambda row: "columns that SDTM expects are not there: "
    + ", ".join(_absent(row["in_study"])),
    fix="add the columns; a blank column says that nothing was collected",
    why="rules that need them are not checked", sources=("CG0016", "CORE-000334", "SD0057"),
    good=[an_event(sdtm=True), an_event(without=("related",))],
    bad=[an_event(sdtm=True, without=("related",)), an_event(sdtm=True, without=("soc",)),
         an_event(sdtm=True, without=("end",)), an_event(sdtm=True, without=("start",)),
         an_event(sdtm=True, without=("action",)), an_event(sdtm=True, without=("serious",))],
)  # fmt: skip
def expected_columns_are_there(study: Study) -> bool:
    return not _absent(study)


@rule(
    "AE-REQ-17", NOTE, "Every event names its epoch", **SDTM,
    needs=("subject",), shows=("epoch", "term"), grouped=("epoch",),
    says="the epoch (EPOCH) is blank in {count} rows", fix="enter the epoch, such as TREATMENT",
    why="reviewers ask for events by epoch", sources=("SD1077", "FDAB022", "CORE-000701"),
    good=[an_event(sdtm=True), an_event()],
    bad=[an_event(sdtm=True, epoch=""), an_event(sdtm=True, without=("epoch",))],
)  # fmt: skip
def epoch_is_given(ae: Fields) -> nw.Expr:
    return ae.filled("epoch")


def _foreign(study: Study) -> list[str]:
    return [name for field, name in NOT_OF_EVENTS.items() if study.has(field)]


@rule(
    "AE-XFD-27", ERROR, "Columns of interventions and findings do not stand among events", **SDTM,
    kind="file",
    says=lambda row: f"columns that do not belong in AE: {', '.join(_foreign(row['in_study']))}",
    fix="leave the columns out; what was asked and did not happen belongs in another domain",
    why="a row that says an event did not occur counts as one elsewhere",
    sources=("CG0040", "CORE-000012", "CG0044", "CORE-000013", "CG0304", "CORE-000075"),
    good=[an_event(sdtm=True), an_event(status="NOT DONE")],
    bad=[an_event(sdtm=True, status=""), an_event(sdtm=True, reason_not_done=""),
         an_event(sdtm=True, occurred="Y")],
)  # fmt: skip
def no_column_of_other_domains(study: Study) -> bool:
    return not _foreign(study)
