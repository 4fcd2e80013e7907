"""CTCAE: the terms of a version, and how a name in a log is found among them."""

from ae_cli.ctcae.dictionary import DEFAULT_VERSION, VERSIONS, Dictionary, Term, dictionary
from ae_cli.ctcae.spelling import normal_form

__all__ = ["DEFAULT_VERSION", "VERSIONS", "Dictionary", "Term", "dictionary", "normal_form"]
