"""ae-cli rules: which rules there are, and what one of them means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli.printing import one_of, write, write_json

if TYPE_CHECKING:
    from ae_cli.rules import Example, Rule

Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]
FORMATS = ("text", "json")


def register(app: typer.Typer) -> None:
    group = typer.Typer(invoke_without_command=True)
    group.callback()(list_rules)
    group.command("show")(show)
    app.add_typer(group, name="rules")


def list_rules(context: typer.Context, format: Format = "text") -> None:
    """List the rules, or explain one with its examples.

    Example: ae-cli rules show XFD-06
    """
    if context.invoked_subcommand:
        return
    from ae_cli.rules import RULES

    rules = sorted(RULES.values(), key=lambda rule: rule.id)
    if one_of("--format", format, FORMATS) == "json":
        return write_json({"schema": 1, "command": "rules", "rules": [_fields(r) for r in rules]})
    write(f"{rule.id}  {rule.severity:<7}  {rule.title}" for rule in rules)


def show(
    rule: Annotated[str, typer.Argument(metavar="ID", help="AE-XFD-06, or XFD-06.")],
    format: Format = "text",
) -> None:
    """Explain one rule: what it checks, why, and examples that pass and fail."""
    from ae_cli.rules import RULES, rule_id

    found = RULES[rule_id(rule)]
    if one_of("--format", format, FORMATS) == "json":
        return write_json({"schema": 1, "command": "rules", "rules": [_fields(found)]})
    write(explained(found))


def explained(rule: Rule) -> Iterator[str]:
    """A rule in words, with its examples."""
    yield f"{rule.id} {rule.severity}: {rule.title}"
    yield ""
    yield f"  why       {rule.why}"
    yield f"  needs     {', '.join((*rule.needs, *rule.asks)) or 'a log'}"
    if rule.profile != "any":
        yield f"  applies   under {rule.profile} or ADaM headers"
    yield f"  sources   {', '.join(rule.sources)}"
    for heading, examples in (("passes", rule.good), ("fails", rule.bad)):
        yield ""
        yield f"  {heading}"
        yield from (f"    {line}" for line in dict.fromkeys(map(differing, examples)))


def differing(example: Example) -> str:
    """What an example says beside the complete valid record it starts from."""
    from ae_cli.rules.examples import difference

    return difference(example)


def _fields(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id, "title": rule.title, "category": rule.category,
        "severity": str(rule.severity), "profile": rule.profile, "why": rule.why,
        "needs": list(rule.needs), "asks": list(rule.asks), "sources": list(rule.sources),
        "good": [differing(e) for e in rule.good], "bad": [differing(e) for e in rule.bad],
    }  # fmt: skip
