"""CTCAE's tables as the package brings them: made by scripts/compile_ctcae.py, read as they are."""

from __future__ import annotations

from importlib.resources import files


def bytes_of(name: str) -> bytes:
    """A file of this folder."""
    return files(__name__).joinpath(name).read_bytes()


def text_of(name: str) -> str:
    """A file of this folder, as text."""
    return bytes_of(name).decode("utf-8")
