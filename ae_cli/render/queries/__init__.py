"""A query log: a workbook with a row a finding, filled in by people, brought up to date by runs.

`opened` reads one or begins one, `update` puts the findings of a run into it, `save` replaces it.
What people typed stays: their own columns are never written to, and a cell of ours that a person
changed is theirs (`cells.py`).
"""

from __future__ import annotations

from ae_cli.render.queries.book import QueryLog, is_former, opened, save
from ae_cli.render.queries.seen import Home, Place, Seen, place, plain
from ae_cli.render.queries.update import Updated, update

__all__ = [
    "Home", "Place", "QueryLog", "Seen", "Updated", "is_former", "opened", "place", "plain", "save",
    "update",
]  # fmt: skip
