"""The rules of a study: all of ours as study.toml weighs them, and its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.rules.names import rule_id
from ae_cli.rules.own import own_rule
from ae_cli.rules.rule import RULES, Rule

T = TypeVar("T")


def rules_of(config: Config) -> dict[str, Rule]:
    """Every rule by id, with the study's severities. Raises InputError for an entry that is wrong.

    A severity that study.toml sets is that of all findings of the rule, whatever its own grading.
    """
    rules = RULES | {own.id: own_rule(own, config.lists) for own in config.rules.own}
    weighed = _by_id("severity", config.rules.severity, rules)
    for id, severity in weighed.items():
        rules[id] = replace(rules[id], severity=severity, graded=None, overridden=True)
    off(config, rules)
    return dict(sorted(rules.items()))


def off(config: Config, rules: Mapping[str, Rule]) -> dict[str, str]:
    """The rules that study.toml turns off, by id, with its reason."""
    return _by_id("off", config.rules.off, rules)


def select(
    rules: Mapping[str, Rule], only: Sequence[str] = (), ignore: Sequence[str] = ()
) -> list[Rule]:
    """The rules that a run asks for, in the order of the catalogue's categories."""
    wanted, left = ([rule_id(name, rules) for name in names] for names in (only, ignore))
    return [r for r in rules.values() if (not wanted or r.id in wanted) and r.id not in left]


def said_of(config: Config, chosen: Sequence[Rule], named: bool) -> Iterator[str]:
    """What a report says of these rules' entries in study.toml. `named`: --only named them."""
    weighed = [f"{rule.id} {rule.severity}" for rule in chosen if rule.overridden]
    if weighed:
        yield f"severity as study.toml sets it: {', '.join(weighed)}"
    turned_off = off(config, rules_of(config)) if named else {}
    for rule in chosen:
        if rule.id in turned_off:
            yield f"{rule.id} is off in study.toml ({turned_off[rule.id]}); --only runs it here"


def _by_id(entry: str, given: Mapping[str, T], rules: Mapping[str, Rule]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, value in given.items():
        try:
            id = rule_id(name, rules)
        except InputError as error:
            raise InputError(f"study.toml, rules.{entry}: {error.what}", error.remedy) from None
        if id in found:
            raise InputError(f"study.toml, rules.{entry}: {id} stands twice", "keep one entry")
        found[id] = value
    return found
