"""The other files of a study: what was given, and what became of the participants."""

from __future__ import annotations

from typing import Annotated

from ae_cli.model.fields import Cell, Date, EndDate, Record, Text, YesNo, dated, yes_no


class Exposure(Record):
    """One dose record."""

    seq: Annotated[Text, Cell("Sequence number", "EXSEQ")] = None
    treatment: Annotated[Text, Cell("Treatment", "EXTRT")] = None
    occurred: Annotated[YesNo, yes_no("Was given", "EXOCCUR")] = None
    dose: Annotated[Text, Cell("Dose", "EXDOSE")] = None
    unit: Annotated[Text, Cell("Dose unit", "EXDOSU")] = None
    visit: Annotated[Text, Cell("Visit", "VISIT")] = None
    start: Annotated[Date, dated("Start of the dose", "EXSTDTC")] = None
    end: Annotated[EndDate, dated("End of the dose", "EXENDTC")] = None


class Disposition(Record):
    """One record of what became of a participant."""

    seq: Annotated[Text, Cell("Sequence number", "DSSEQ")] = None
    form: Annotated[Text, Cell("Form", "DSSPID")] = None
    category: Annotated[Text, Cell("Category", "DSCAT")] = None
    subcategory: Annotated[Text, Cell("Subcategory", "DSSCAT")] = None
    term: Annotated[Text, Cell("Reported term", "DSTERM")] = None
    reason: Annotated[Text, Cell("Standard term", "DSDECOD")] = None
    epoch: Annotated[Text, Cell("Epoch", "EPOCH")] = None
    start: Annotated[Date, dated("Date", "DSSTDTC")] = None


class Concomitant(Record):
    """One concomitant treatment."""

    seq: Annotated[Text, Cell("Sequence number", "CMSEQ")] = None
    treatment: Annotated[Text, Cell("Concomitant treatment", "CMTRT")] = None
    standard: Annotated[Text, Cell("Standard name", "CMDECOD")] = None
    indication: Annotated[Text, Cell("Indication", "CMINDC")] = None
    start: Annotated[Date, dated("Start of the treatment", "CMSTDTC")] = None
    end: Annotated[EndDate, dated("End of the treatment", "CMENDTC")] = None


class SubjectStatus(Record):
    """The status of a participant at a visit (SS)."""

    test: Annotated[Text, Cell("Status asked", "SSTESTCD")] = None
    status: Annotated[Text, Cell("Status", "SSSTRESC")] = None
    date: Annotated[Date, dated("Date of the status", "SSDTC")] = None


class DeathDetail(Record):
    """One detail of a death (DD)."""

    test: Annotated[Text, Cell("Detail", "DDTESTCD")] = None
    result: Annotated[Text, Cell("Finding", "DDSTRESC")] = None
    date: Annotated[Date, dated("Date of the detail", "DDDTC")] = None


class Parameter(Record):
    """One parameter of the trial (TS)."""

    name: Annotated[Text, Cell("Parameter", "TSPARMCD")] = None
    value: Annotated[Text, Cell("Value", "TSVAL")] = None


class Element(Record):
    """One element of an arm of the trial (TA)."""

    arm: Annotated[Text, Cell("Arm", "ARMCD")] = None
    epoch: Annotated[Text, Cell("Epoch", "EPOCH")] = None


class Qualifier(Record):
    """A supplemental qualifier (SUPPAE): one more column of one event."""

    of_domain: Annotated[Text, Cell("Related domain", "RDOMAIN")] = None
    key: Annotated[Text, Cell("Key", "IDVAR")] = None
    key_value: Annotated[Text, Cell("Value of the key", "IDVARVAL")] = None
    name: Annotated[Text, Cell("Qualifier", "QNAM")] = None
    value: Annotated[Text, Cell("Value", "QVAL")] = None
