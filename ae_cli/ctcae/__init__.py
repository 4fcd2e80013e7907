"""CTCAE: the terms of a version, how a name in a log is found among them, what became of each."""

from ae_cli.ctcae.dictionary import (
    DEFAULT_VERSION,
    VERSIONS,
    Dictionary,
    Term,
    dictionary,
    known_version,
)
from ae_cli.ctcae.history import Foreign, became, foreign
from ae_cli.ctcae.spelling import normal_form

__all__ = [
    "DEFAULT_VERSION",
    "VERSIONS",
    "Dictionary",
    "Foreign",
    "Term",
    "became",
    "dictionary",
    "foreign",
    "known_version",
    "normal_form",
]
