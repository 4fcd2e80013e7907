"""Write docs/rules.md from the rules themselves, and what docs/rules.toml says beside them.

    python scripts/make_rules_page.py

The tests compare the page with what this makes, so run it after any change of a rule.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ae_cli.model import AdverseEvent, Cell, Subject, cells
from ae_cli.rules import RULES
from ae_cli.rules.described import columns, facts
from ae_cli.rules.rule import CATEGORIES, Rule

REPO = Path(__file__).resolve().parents[1]
PAGE = REPO / "docs" / "rules.md"
BESIDE = REPO / "docs" / "rules.toml"
CATALOGUE = REPO / "tests" / "data" / "rule_catalogue.csv"
HEAD = """# The rules

`ae-cli validate` asks {count} rules. Each says here what it needs, what a finding says and asks
for, why that matters, and who else has the rule. Its examples are its tests: each is a complete
valid record with what is named changed, and `blank` is an empty cell. A rule whose columns or files
are not there is "not checked", and so is one that finds nothing in a question without any answer;
every report says so. Words in brackets stand for the values of
the record; where a message depends on them, that of the first failing example is shown.

`ae-cli rules show ID` shows the same. [A study can weigh rules, turn them off with a reason and add
its own](study-rules.md). This page is made by `scripts/make_rules_page.py`."""
KINDS = {"integer": "number", "choices": "several of a list"}


def beside() -> dict[str, dict[str, str]]:
    """What docs/rules.toml says, by its tables."""
    return tomllib.loads(BESIDE.read_text("utf-8"))


def catalogue() -> dict[str, str]:
    """The rules of the field: id and statement."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["statement"] for row in csv.DictReader(file)}


def page() -> str:
    """The whole page."""
    parts = [_head(), *(_category(name) for name in CATEGORIES.values()), _fields(), _ends()]
    return "\n".join(line for part in parts for line in part)


def _head() -> Iterator[str]:
    yield from HEAD.format(count=len(RULES)).splitlines()
    yield ""
    for name in CATEGORIES.values():
        ids = [rule.id for rule in _of(name)]
        if ids:
            yield f"- [{_heading(name)}](#{_anchor(_heading(name))}): {len(ids)}"
    yield ""


def _of(category: str) -> list[Rule]:
    return sorted((r for r in RULES.values() if r.category == category), key=lambda r: r.id)


def _heading(category: str) -> str:
    return f"{category[0].upper()}{category[1:]} rules"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w-]", "", heading.casefold().replace(" ", "-"))


def _category(name: str) -> Iterator[str]:
    rules = _of(name)
    if not rules:
        return
    yield f"## {_heading(name)}"
    yield ""
    yield "| Rule | Severity | What is right |"
    yield "|---|---|---|"
    for rule in rules:
        link = f"[{rule.id}](#{_anchor(f'{rule.id} {rule.title}')})"
        yield f"| {link} | {_severity(rule)} | {_safe(rule.title)} |"
    yield ""
    for rule in rules:
        yield from _rule(rule)


def _severity(rule: Rule) -> str:
    return f"{rule.severity}{', as the values weigh' if rule.graded else ''}"


def _weighed(rule: Rule) -> str:
    return beside()["weighs"][rule.id] if rule.graded else str(rule.severity)


def _rule(rule: Rule) -> Iterator[str]:
    told = facts(rule)
    yield f"### {rule.id} {_safe(rule.title)}"
    yield ""
    yield f"- **Severity:** {_safe(_weighed(rule))}" + _profile(rule)
    yield f"- **Needs:** {_safe('; '.join((*columns(rule), *rule.asks)) or 'nothing but a log')}"
    yield f"- **Files:** {', '.join(told['files'])}"
    yield f"- **Says:** {_safe(told['says'])}"
    yield f"- **Fix:** {_safe(told['fix'])}"
    yield f"- **Why:** {_safe(rule.why)}"
    yield f"- **Sources:** {_safe(', '.join(rule.sources))}"
    yield f"- **Passes:** {_examples(told['good'])}"
    yield f"- **Fails:** {_examples(told['bad'])}"
    yield ""


def _profile(rule: Rule) -> str:
    return f"; only under {rule.profile} or ADaM headers" if rule.profile != "any" else ""


def _examples(lines: list[str]) -> str:
    return "; ".join(_code(line) for line in lines)


def _code(text: str) -> str:
    """Text between as many backticks as it needs, on one line, and harmless in a table."""
    plain = " ".join(text.split())
    ticks = "`" * (1 + max(map(len, re.findall("`+", plain)), default=0))
    return f"{ticks}{plain}{ticks}"


def _safe(text: str) -> str:
    """Text whose marks are not markup."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _fields() -> Iterator[str]:
    yield "## Fields a study's own rules can name"
    yield ""
    yield "| Field | SDTM | What it is | Kind |"
    yield "|---|---|---|---|"
    models: tuple[tuple[str, Any], ...] = (("", AdverseEvent), ("participant.", Subject))
    for prefix, model in models:
        for name, cell in cells(model).items():
            yield f"| `{prefix}{name}` | {cell.sdtm} | {cell.label} | {_kind(cell)} |"
    yield ""


def _kind(cell: Cell) -> str:
    if cell.choices is None or cell.shape == "choices":
        return KINDS.get(cell.shape, cell.shape)
    members = [str(member) for member in cell.choices]
    return "yes or no" if members == ["Y", "N"] else ", ".join(members)


def _ends() -> Iterator[str]:
    said, known = beside(), catalogue()
    yield "## Rules of the field that are not here"
    yield ""
    yield from [f"- {id}: {_safe(known[id])} *{_safe(why)}*" for id, why in
                said["not_here"].items()] or ["None is left out for good."]  # fmt: skip
    yield ""
    yield "## Published cases we answer otherwise"
    yield ""
    yield "The published cases of CDISC CORE and sdtmchecks are among the tests, and get the"
    yield "published answer, but for:"
    yield ""
    yield from (f"- `{case}`: {_safe(why)}" for case, why in said["otherwise"].items())
    yield ""


def main() -> None:
    PAGE.write_text(page(), "utf-8")
    print(f"{PAGE.relative_to(REPO).as_posix()}: {len(RULES)} rules")


if __name__ == "__main__":
    main()
