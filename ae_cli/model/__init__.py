"""The records, said once: every field with its meaning, label and SDTM name.

`KINDS` holds every kind of record, by the name it has in study.toml.
"""

from __future__ import annotations

from dataclasses import dataclass

from ae_cli.model.event import CRITERIA, AdverseEvent, SafetyReport
from ae_cli.model.fields import CODED, Cell, Record, adapter, cells
from ae_cli.model.others import (
    Concomitant,
    DeathDetail,
    Disposition,
    Element,
    Exposure,
    Parameter,
    Qualifier,
    SubjectStatus,
)
from ae_cli.model.result import LabResult
from ae_cli.model.subject import Subject

__all__ = [
    "CODED", "CRITERIA", "KINDS", "OTHERS", "AdverseEvent", "Cell", "Concomitant", "DeathDetail",
    "Disposition", "Element", "Exposure", "Kind", "LabResult", "Parameter", "Qualifier", "Record",
    "SafetyReport", "Subject", "SubjectStatus", "adapter", "cells", "kind_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record. `name` is that of study.toml, `role` what people call it.

    `datasets` are the names of its SDTM and ADaM data sets. A log has `needed`, one of each.
    """

    name: str
    model: type[Record]
    role: str
    datasets: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]


_PERSON = ("subject",)
KINDS = {
    kind.name: kind
    for kind in (
        Kind("events", AdverseEvent, "events", ("AE", "ADAE"),
             (_PERSON, ("term", "preferred_term"))),
        Kind("subjects", Subject, "participants", ("DM", "ADSL"), (_PERSON,)),
        Kind("labs", LabResult, "results", ("LB", "ADLB"),
             (_PERSON, ("value", "result", "original_value"), ("test", "test_code", "term"))),
        Kind("exposure", Exposure, "doses", ("EX", "ADEX"),
             (_PERSON, ("start", "dose"), ("treatment", "dose", "unit"))),
        Kind("disposition", Disposition, "disposition", ("DS",),
             (_PERSON, ("reason", "term", "subcategory", "form"))),
        Kind("concomitant", Concomitant, "concomitant treatments", ("CM", "ADCM"),
             (_PERSON, ("treatment", "standard"))),
        Kind("reports", SafetyReport, "safety reports", (),
             (_PERSON, ("term", "preferred_term"), ("case",))),
        Kind("status", SubjectStatus, "statuses", ("SS",), (_PERSON, ("status",))),
        Kind("death_details", DeathDetail, "details of death", ("DD",), (_PERSON, ("test",))),
        Kind("parameters", Parameter, "parameters of the trial", ("TS",), (("name",), ("value",))),
        Kind("elements", Element, "elements of the arms", ("TA",), (("arm",), ("epoch",))),
        Kind("qualifiers", Qualifier, "qualifiers", ("SUPPAE",),
             (_PERSON, ("key_value",), ("name",), ("value",))),
    )
}  # fmt: skip
OTHERS = tuple(name for name in KINDS if name not in ("events", "subjects", "labs"))


def kind_of(model: type[Record]) -> Kind:
    """The kind whose records these are."""
    return next(kind for kind in KINDS.values() if kind.model is model)
