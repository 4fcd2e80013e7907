"""Odd and bad files, made by code, with what must come of each: the manifest of the corpus."""

from corpus import dates, encodings, excel, layout, text, values
from corpus.case import CASES

__all__ = ["CASES", "dates", "encodings", "excel", "layout", "text", "values"]
