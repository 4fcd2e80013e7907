"""The user's own release of MedDRA, in its ASCII files. MedDRA is licensed: none of it is here."""

from __future__ import annotations

from ae_cli.meddra.coding import FIELDS, Coding, coding
from ae_cli.meddra.files import read_release, release_of
from ae_cli.meddra.invented import FILES
from ae_cli.meddra.release import Release

__all__ = ["FIELDS", "FILES", "Coding", "Release", "coding", "read_release", "release_of"]
