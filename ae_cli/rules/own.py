"""A study's own rule, from its line in study.toml to a rule like any other.

A record is selected, and so is a finding, where the condition is certainly true.
"""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ae_cli.dates import DateSpan, iso
from ae_cli.errors import InputError
from ae_cli.language import Expressed, fields_of, texts_of, understood
from ae_cli.rule_options import Lists, OwnRule
from ae_cli.rules.rule import Row, Rule, or_if_blank
from ae_cli.study import Study

MOST = 20  # groups that are named


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


def strange_groups(study: Study) -> Iterator[str]:
    """What to say of own rules that ask for a dose group that nobody of the study is in."""
    for own in study.config.rules.own:
        for field in ("arm", "participant.arm", "participant.actual_arm"):
            named = texts_of(understood(own.where, study.config.lists), field)
            found = _groups(study, field)
            for text in named if found else ():
                if text.casefold() not in {group.casefold() for group in found}:
                    yield f"{own.id}: nobody is of {field} {text!r}; there is {', '.join(found)}"


def _groups(study: Study, field: str) -> list[str]:
    """What stands in a column of groups, in the words of the file."""
    scope, _, name = field.rpartition(".")
    frame = study.subjects if scope else study.events
    if frame is None or not study.has(field):
        return []
    column = nw.from_native(frame).lazy().select(name).collect("polars")[name]
    return sorted(column.drop_nulls().unique().to_list())[:MOST]


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
