"""A rule by the name a person types: AE-XFD-06, XFD-06, xfd-6."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ae_cli.errors import InputError
from ae_cli.rules.rule import RULES, Rule


def rule_id(name: str, rules: Mapping[str, Rule] = RULES) -> str:
    """The id of one of `rules`. Raises InputError, with the nearest ones, where it is none."""
    if name.strip().upper() in rules:  # a study's own: OWN-01
        return name.strip().upper()
    found = re.fullmatch(r"(?:AE-)?([A-Z]{3})-?(\d+)", name.strip().upper())
    id = f"AE-{found[1]}-{int(found[2]):02}" if found else name
    if id in rules:
        return id
    import difflib

    near = difflib.get_close_matches(id, rules, n=3, cutoff=0.7)
    raise InputError(
        f"there is no rule {name!r}",
        f"did you mean {' or '.join(near)}?" if near else "`ae-cli rules` lists them",
    )
