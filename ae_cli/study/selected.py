"""Conditions of a study's own on its events, as expressions over their frame."""

from __future__ import annotations

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.language import Expressed, fields_of, understood
from ae_cli.study import Study


def selected(study: Study, where: str, entry: str) -> tuple[nw.Expr, tuple[str, ...]]:
    """Which events a condition certainly holds for, and the fields it asks of.

    `entry` is where the condition stands. Raises InputError that points at what is wrong in it.
    """
    try:
        condition = understood(where, study.config.lists)
    except InputError as error:
        raise InputError(f"{entry}: {error.what}", error.remedy) from None
    columns = nw.from_native(study.events).columns
    expressed = Expressed(lambda name: _filled(name, columns)).condition(condition)
    return expressed.fill_null(False), fields_of(condition)


def _filled(name: str, columns: list[str]) -> nw.Expr:
    """Whether a cell holds something, understood or not."""
    column = name.replace(".", "_")
    holds = [c for c in (column, f"{column}_earliest") if c in columns]
    found = [~nw.col(c).is_null() for c in holds]
    if f"{column}_unreadable" in columns:
        found.append(nw.col(f"{column}_unreadable").fill_null(False))
    return nw.any_horizontal(nw.lit(False), *found, ignore_nulls=True)
