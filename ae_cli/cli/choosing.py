"""How a table is made, from the options of its command."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ae_cli.cli.options import Shown, Terms, Times
from ae_cli.cli.printing import listed, one_of
from ae_cli.errors import InputError

if TYPE_CHECKING:
    from ae_cli.study import Choices


FARTHEST = 36_500  # days or months: beyond, a number is a slip


def choices(shown: Shown, terms: Terms | None = None, times: Times | None = None) -> Choices:
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
    made = with_terms(made, terms) if terms else made
    return with_times(made, times) if times else made


def with_terms(made: Choices, terms: Terms) -> Choices:
    """The same, with what is asked of terms. Raises InputError for what cannot be asked."""
    one_of("--sort", terms.sort, ("frequency", "alphabet"))
    least, more = percent("--at-least", terms.at_least), percent("--more-than", terms.more_than)
    if least is not None and more is not None:
        raise InputError("--at-least and --more-than both set a limit", "give one of them")
    return replace(made, sort=terms.sort, at_least=least, more_than=more, zero_rows=terms.zero_rows)


def with_times(made: Choices, times: Times) -> Choices:
    """The same, with the times that are looked at. Raises InputError for what is none."""
    months = _rising("--months", times.months, "3,6,12")
    days = _rising("--days", times.days, "7,28,84", whole=True)
    if times.trend is not None:
        one_of("--trend", times.trend, ("rank", "dose", "log-dose"))
    return replace(
        made, p_values=times.p_values, months=months or made.months,
        days=tuple(map(int, days)) or made.days, compare=times.compare, trend=times.trend,
    )  # fmt: skip


def _rising(
    option: str, given: str | None, example: str, *, whole: bool = False
) -> tuple[Decimal, ...]:
    """Numbers above 0, each larger than the one before."""
    found: list[Decimal] = []
    for text in listed(option, given):
        number = _number(text)
        before = found[-1] if found else 0
        if not before < number <= FARTHEST or (whole and number % 1):
            raise InputError(
                f"{option} is not understood at {text!r}",
                f"write numbers above 0 that rise, for example: {option} {example}",
            )
        found.append(number)
    return tuple(found)


def _number(text: str) -> Decimal:
    """A number, or 0 for what is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


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
