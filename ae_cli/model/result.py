"""A laboratory result."""

from __future__ import annotations

from typing import Annotated

from ae_cli.model.fields import Cell, Date, Name, Record, Text, YesNo, dated, yes_no


class LabResult(Record):
    """One laboratory result. Numbers stay text here: "<0.5" is a result, and `labs` reads it.

    Value, unit and limits come in two families, standard and original, and are never mixed.
    """

    arm: Annotated[Text, Cell("Dose group", "TRTA")] = None
    test_code: Annotated[Name, Cell("Test, code", "LBTESTCD")] = None
    test: Annotated[Name, Cell("Test", "LBTEST")] = None
    category: Annotated[Text, Cell("Category of the test", "LBCAT")] = None
    specimen: Annotated[Text, Cell("Specimen", "LBSPEC")] = None
    term: Annotated[Text, Cell("CTCAE term")] = None
    value: Annotated[Text, Cell("Result", "LBSTRESN")] = None
    result: Annotated[Text, Cell("Result as text", "LBSTRESC")] = None
    unit: Annotated[Text, Cell("Unit", "LBSTRESU")] = None
    lower: Annotated[Text, Cell("Lower limit", "LBSTNRLO")] = None
    upper: Annotated[Text, Cell("Upper limit", "LBSTNRHI")] = None
    range: Annotated[Text, Cell("Normal range", "LBSTNRC")] = None
    original_value: Annotated[Text, Cell("Result as reported", "LBORRES")] = None
    original_unit: Annotated[Text, Cell("Unit as reported", "LBORRESU")] = None
    original_lower: Annotated[Text, Cell("Lower limit as reported", "LBORNRLO")] = None
    original_upper: Annotated[Text, Cell("Upper limit as reported", "LBORNRHI")] = None
    date: Annotated[Date, dated("Date of the sample", "LBDTC")] = None
    visit: Annotated[Text, Cell("Visit", "VISIT")] = None
    visit_number: Annotated[Text, Cell("Visit, number", "VISITNUM")] = None
    baseline: Annotated[Text, Cell("Baseline value", "BASE")] = None
    baseline_flag: Annotated[YesNo, yes_no("Is the baseline", "LBLOBXFL")] = None
    baseline_indicator: Annotated[Text, Cell("Baseline against its limits", "BNRIND")] = None
    derived: Annotated[Text, Cell("How it was derived", "DTYPE")] = None
    fasting: Annotated[YesNo, yes_no("Fasting", "LBFAST")] = None
