"""ae-cli: adverse events of clinical trials, checked and summarised.

from ae_cli import check
report = check("ae.xlsx", subjects="participants.csv")
report = check([{"subject": "S1", "term": "Nausea", "grade": "4"}])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ae_cli.api import check, summarize
    from ae_cli.findings import Finding, Report
    from ae_cli.model import AdverseEvent, Subject

__all__ = ["AdverseEvent", "Finding", "Report", "Subject", "check", "summarize"]

_HOMES = {
    "check": "ae_cli.api", "summarize": "ae_cli.api",
    "AdverseEvent": "ae_cli.model", "Subject": "ae_cli.model",
    "Finding": "ae_cli.findings", "Report": "ae_cli.findings",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Public names are imported when first asked for, so that the command line starts at once."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'ae_cli' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
