"""How a table is made, from the options of its command."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ae_cli.cli.options import Shown, Terms
from ae_cli.cli.printing import listed, one_of
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.study import Choices


def choices(shown: Shown, terms: Terms | None = None) -> Choices:
    """The choices of a table, as given. Raises InputError for a method that does not exist."""
    from ae_cli.statistics import METHODS
    from ae_cli.study import Choices

    if shown.ci not in (*METHODS, "none"):
        raise InputError(f"--ci {shown.ci!r} is not a method", f"use {', '.join(METHODS)} or none")
    names = listed("--order", shown.order)
    for option, text in (("--group", shown.group), ("--n", shown.n)):
        listed(option, text)
    if len(set(names)) < len(names):
        raise InputError(f"--order {shown.order!r} names a group twice", "name each group once")
    made = Choices(shown.group, names, shown.n, shown.ci, shown.ci_total)
    return with_terms(made, terms) if terms else made


def with_terms(made: Choices, terms: Terms) -> Choices:
    """The same, with what is asked of terms. Raises InputError for what cannot be asked."""
    one_of("--sort", terms.sort, ("frequency", "alphabet"))
    least, more = percent("--at-least", terms.at_least), percent("--more-than", terms.more_than)
    if least is not None and more is not None:
        raise InputError("--at-least and --more-than both set a limit", "give one of them")
    return replace(made, sort=terms.sort, at_least=least, more_than=more, zero_rows=terms.zero_rows)


def percent(option: str, text: str | None) -> Decimal | None:
    """A share such as 5%, or 5. Raises InputError for what is none."""
    if text is None:
        return None
    try:
        share = Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        share = Decimal(-1)
    if not (share.is_finite() and 0 <= share <= 100):
        raise InputError(f"{option} {text!r} is no percentage", f"for example: {option} 5%")
    return share
