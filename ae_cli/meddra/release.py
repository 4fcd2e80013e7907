"""What a release of MedDRA says: terms by level, their codes, and the paths between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ae_cli.vocabulary import same_name

LEVELS = {
    "llt": "lowest level term",
    "pt": "preferred term",
    "hlt": "high level term",
    "hlgt": "high level group term",
    "soc": "system organ class",
}


class Path(NamedTuple):
    """One way from a preferred term up to an organ class, by codes."""

    pt: str
    hlt: str
    hlgt: str
    soc: str
    primary: bool


@dataclass(frozen=True)
class Release:
    """One release. `terms` has the name of each code, by level."""

    version: str
    language: str
    terms: Mapping[str, Mapping[str, str]]
    paths: Sequence[Path]
    pt_of: Mapping[str, str] = field(default_factory=dict)  # of each lowest level term
    not_current: frozenset[str] = frozenset()  # lowest level terms that are kept for old data

    @property
    def name(self) -> str:
        """As pages say it: MedDRA 27.0 (English)."""
        told = f"MedDRA {self.version}" if self.version else "MedDRA of a version it does not say"
        return f"{told} ({self.language})" if self.language else told

    @cached_property
    def codes(self) -> dict[str, dict[str, list[str]]]:
        """The codes of each name, whatever its capitals and spaces, by level: Cold is not COLD."""
        found: dict[str, dict[str, list[str]]] = {}
        for level, terms in self.terms.items():
            found[level] = defaultdict(list)
            for code, name in terms.items():
                found[level][same_name(name)].append(code)
        return found

    def code(self, level: str, name: str, given: str | None = None) -> str | None:
        """The code of a name, in whatever capitals. Of several names alike it is that of the very
        name, else the `given` one, else the first."""
        alike = self.codes[level].get(same_name(name), [])
        exact = [code for code in alike if self.terms[level][code] == name]
        among = exact or [code for code in alike if code == given] or alike
        return among[0] if among else None

    @cached_property
    def ways(self) -> dict[str, list[Path]]:
        """The paths of each preferred term."""
        found: dict[str, list[Path]] = defaultdict(list)
        for path in self.paths:
            found[path.pt].append(path)
        return dict(found)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Every two codes of high levels that lie on some path."""
        return frozenset(
            pair
            for path in self.paths
            for pair in ((path.hlt, path.hlgt), (path.hlt, path.soc), (path.hlgt, path.soc))
        )
