"""Odd and bad files, made by code, with what must come of each: the manifest of the corpus."""

from corpus import encodings, layout, text, values
from corpus.case import CASES

__all__ = ["CASES", "encodings", "layout", "text", "values"]
