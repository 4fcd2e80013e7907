"""Odd and bad files, made by code, with what must come of each: the manifest of the corpus."""

from importlib import import_module

from corpus.case import CASES

ROOMS = ("text", "encodings", "layout", "excel", "cells", "parts", "values", "dates",
         "kin", "typed", "objects",
         "redcap", "hostile", "joined", "changed")  # fmt: skip
for _room in ROOMS:
    import_module(f"corpus.{_room}")

__all__ = ["CASES"]
