"""ae-cli rules: which rules there are, and what one of them means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ae_cli.cli.printing import one_of, write, write_json
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.config import Config
    from ae_cli.rules import Rule

Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]
StudyFile = Annotated[
    Path | None,
    typer.Option(
        "--study",
        metavar="FILE",
        help="A study.toml: its severities, the rules it turns off, and its own.",
    ),
]
FORMATS = ("text", "json")


def register(app: typer.Typer) -> None:
    group = typer.Typer(invoke_without_command=True)
    group.callback()(list_rules)
    group.command("show")(show)
    app.add_typer(group, name="rules")


def list_rules(context: typer.Context, format: Format = "text", study: StudyFile = None) -> None:
    """List the rules, or explain one with its examples.

    Example: ae-cli rules show XFD-06
    """
    if context.invoked_subcommand:
        return
    from ae_cli.rules import off, rules_of

    config = _config(study)
    rules = rules_of(config)
    turned_off = off(config, rules)
    listed = sorted(rules.values(), key=lambda rule: rule.id)
    if one_of("--format", format, FORMATS) == "json":
        return _json(listed, turned_off)
    _write(_line(rule, turned_off.get(rule.id, "")) for rule in listed)


def show(
    rule: Annotated[str, typer.Argument(metavar="ID", help="AE-XFD-06, or XFD-06.")],
    format: Format = "text",
    study: StudyFile = None,
) -> None:
    """Explain one rule: what it checks, why, and examples that pass and fail."""
    from ae_cli.rules import off, rule_id, rules_of

    config = _config(study)
    rules = rules_of(config)
    found, turned_off = rules[rule_id(rule, rules)], off(config, rules)
    if one_of("--format", format, FORMATS) == "json":
        return _json([found], turned_off)
    _write(explained(found, turned_off.get(found.id, "")))


def _write(lines: Iterable[str]) -> None:
    from ae_cli.render.text import safe

    write(map(safe, lines))


def _config(study: Path | None) -> Config:
    from ae_cli.config import Config, load

    if study and not study.is_file():
        raise InputError(f"{study} does not exist", "make one with `ae-cli init FILE`")
    return load(study) if study else Config()


def _line(rule: Rule, off: str) -> str:
    more = f"  (off in study.toml: {off})" if off else ""
    more += "  (severity by study.toml)" if rule.overridden else ""
    return f"{rule.id}  {rule.severity:<7}  {rule.title}{more}"


def explained(rule: Rule, off: str = "") -> Iterator[str]:
    """A rule in words, with its examples."""
    from ae_cli.rules.described import columns, facts

    told = facts(rule)
    yield f"{rule.id} {rule.severity}: {rule.title}"
    if off or rule.overridden:
        yield f"  study     {_line(rule, off).partition(rule.title)[2].strip()}"
    yield ""
    yield f"  says      {told['says']}"
    yield f"  fix       {told['fix']}"
    yield f"  why       {rule.why}"
    yield f"  needs     {', '.join((*columns(rule), *rule.asks)) or 'a log'}"
    yield f"  files     {', '.join(told['files'])}"
    if rule.profile != "any":
        yield f"  applies   under {rule.profile} or ADaM headers"
    yield f"  sources   {', '.join(rule.sources)}"
    for heading, examples in (("passes", told["good"]), ("fails", told["bad"])):
        yield from ["", f"  {heading}"] if examples else []
        yield from (f"    {line}" for line in examples)


def _json(rules: Iterable[Rule], off: dict[str, str]) -> None:
    from ae_cli.rules.described import facts

    told = [facts(rule, off.get(rule.id, "")) for rule in rules]
    write_json({"schema": 1, "command": "rules", "rules": told})
