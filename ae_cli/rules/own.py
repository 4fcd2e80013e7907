"""A study's own rule, from its line in study.toml to a rule like any other.

A record is selected, and so is a finding, where the condition is certainly true.
"""

from __future__ import annotations

from ae_cli.dates import DateSpan, iso
from ae_cli.errors import InputError
from ae_cli.language import Expressed, fields_of, understood
from ae_cli.rule_options import Lists, OwnRule
from ae_cli.rules.rule import Row, Rule, or_if_blank


def own_rule(own: OwnRule, lists: Lists) -> Rule:
    """The rule that study.toml states. Raises InputError that points into its `where`."""
    try:
        wrong = understood(own.where, lists)
    except InputError as error:
        raise InputError(f"study.toml, {own.id}: {error.what}", error.remedy) from None
    named = fields_of(wrong)
    return Rule(
        own.id, own.says, own.severity,
        lambda row: own.says + _people(row, named), lambda row: own.fix, own.why,
        (f"study.toml: {own.where}",), (), (), "event",
        lambda ae: ~or_if_blank(Expressed(ae.filled).condition(wrong), False),
        needs=named, shows=tuple(name for name in named if not name.startswith("participant.")),
    )  # fmt: skip


def _people(row: Row, named: tuple[str, ...]) -> str:
    """What the participant file says in these fields: a finding shows the log's cells alone."""
    told = []
    for name in (name for name in named if name.startswith("participant.")):
        column, label = name.replace(".", "_"), name.replace("participant.", "participant ")
        first, last = row.get(f"{column}_earliest"), row.get(f"{column}_latest")
        value = iso(DateSpan(first, last)) if first and last else row.get(column)
        value = ("Y" if value else "N") if isinstance(value, bool) else value
        told.append(f"{label} {'blank' if value is None else value}")
    return f" ({', '.join(told)})" if told else ""
