"""What there is to say of a rule: the same facts for the command, the page and JSON."""

from __future__ import annotations

import re
from typing import Any

from ae_cli.model import KINDS, OTHERS, AdverseEvent, Subject, cells
from ae_cli.rules.engine import FRAMES
from ae_cli.rules.examples import difference
from ae_cli.rules.rule import Example, Rule

LOG = "the log"
_FILES = {"events": LOG, "subjects": "a participant file", "labs": "laboratory results"}


def facts(rule: Rule, off: str = "") -> dict[str, Any]:
    """A rule as plain values; `off` is the reason why study.toml turns it off."""
    told: dict[str, Any] = {
        "id": rule.id, "title": rule.title, "category": rule.category,
        "severity": str(rule.severity), "profile": rule.profile, "says": says(rule),
        "fix": fix(rule), "why": rule.why, "needs": list(rule.needs), "asks": list(rule.asks),
        "files": files(rule), "sources": list(rule.sources),
        "good": examples(rule.good), "bad": examples(rule.bad),
    }  # fmt: skip
    if rule.overridden:
        told["overridden"] = True
    return told | ({"off": off} if off else {})


def examples(given: tuple[Example, ...]) -> list[str]:
    """What each example says beside the complete valid record it starts from, each once."""
    return list(dict.fromkeys(map(difference, given)))


def files(rule: Rule) -> list[str]:
    """The files a rule is about; of `a|b` one is enough."""
    found = [_file(FRAMES.get(rule.kind, rule.kind))] if rule.kind not in ("cell", "file") else []
    for need in rule.needs:
        found.append(" or ".join(dict.fromkeys(map(_file_of_field, need.split("|")))))
    if "laboratory results" in rule.asks:
        found.append(_FILES["labs"])
    return list(dict.fromkeys(found)) or [LOG]


def _file_of_field(name: str) -> str:
    scope = name.rpartition(".")[0]
    return _file({"": "events", "participant": "subjects"}.get(scope, scope))


def _file(kind: str) -> str:
    if kind in _FILES:
        return _FILES[kind]
    return f"a file of {KINDS[kind].role}" if kind in OTHERS else kind


def columns(rule: Rule) -> list[str]:
    """What a rule needs, in words and by SDTM name: `Outcome (AEOUT) or Grade (AETOXGR)`."""
    return [" or ".join(_of_many(need.split("|"))) for need in rule.needs]


def _of_many(names: list[str]) -> list[str]:
    """The columns of a need, of very many the first."""
    if len(names) <= MANY:
        return [_column(name) for name in names]
    return [*map(_column, names[:3]), f"one of {len(names) - 3} others"]


MANY = 20


def _column(name: str) -> str:
    scope, _, field = name.rpartition(".")
    model = {"": AdverseEvent, "participant": Subject}.get(scope) or KINDS[scope].model
    cell = cells(model)[field]
    of = {"": "", "participant": " of the participant"}.get(scope, f" of the {scope}")
    return f"{cell.label}{of}" + (f" ({cell.sdtm})" if cell.sdtm else "")


def says(rule: Rule) -> str:
    """What a finding says: with the names of its values, or as its first bad example has it."""
    return _named(rule.says) if isinstance(rule.says, str) else _in_example(rule, "message")


def fix(rule: Rule) -> str:
    """What a finding asks for, as `says`."""
    return _named(rule.fix) if isinstance(rule.fix, str) else _in_example(rule, "fix")


def _named(text: str) -> str:
    """A template, its places in words: `{coded_term}` is `[coded term]`."""
    return re.sub(r"\{(\w+)\}", lambda found: f"[{found[1].replace('_', ' ')}]", text)


def _in_example(rule: Rule, part: str) -> str:
    from ae_cli.rules import check
    from ae_cli.rules.records import of_example

    for example in rule.bad[:1]:
        for finding in check(of_example(example), only=[rule.id]).findings[:1]:
            return str(getattr(finding, part))
    return rule.title
