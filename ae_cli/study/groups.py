"""Which columns a table has, in dose order, and how many participants stand in each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.table import Column

NO_GROUP = "(no group)"
# What the last column is called: the first of these that is no group.
TOTALS = ("Total", "All groups", "Everyone", "Total of all groups", "Sum of all groups")

_RANKS = (
    ("placebo", "control", "安慰剂", "对照", "空白"),
    ("lowest", "low", "低"),
    ("medium", "middle", "mid", "med", "intermediate", "中"),
    ("high", "高"),
    ("highest",),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:\s*[x×*]\s*10\s*\^?\s*\d+|e[+-]?\d+)?", re.IGNORECASE)


def in_order(
    names: Iterable[str], numbers: Mapping[str, float], declared: Sequence[str]
) -> list[str]:
    """Group names in dose order: as declared, else by number in the data, else by dose in words."""
    rest = sorted(set(names) - set(declared), key=lambda n: (n == NO_GROUP, *_rank(n, numbers)))
    return [*declared, *rest]


def _rank(name: str, numbers: Mapping[str, float]) -> tuple[float, float, str]:
    """By the data's own number; else placebo, low, medium, high; else the dose in the name."""
    if name in numbers:
        return (0, numbers[name], name)
    text = name.casefold()
    words = [i for i, forms in enumerate(_RANKS) if any(_has(text, form) for form in forms)]
    return (words[-1] if words else len(_RANKS), _dose(text), name)


def _has(text: str, word: str) -> bool:
    return bool(re.search(rf"\b{word}\b", text)) if word.isascii() else word in text


def _dose(text: str) -> float:
    found = _NUMBER.search(text)
    if not found:
        return float("inf")
    mantissa, *power = re.split(r"\s*[x×*]\s*10\s*\^?\s*", found.group(), flags=re.IGNORECASE)
    return float(mantissa) * 10 ** float(power[0]) if power else float(mantissa)


def declared_order(config: Config, order: Sequence[str] | None, known: Iterable[str]) -> list[str]:
    """Groups that --order or study.toml names, in that order. Raises InputError for a stray one."""
    if not order:
        return [g.name for g in config.groups]
    names = [config.group_name(name) for name in order]
    missing = set(known) - set(names) - {NO_GROUP}
    if missing:
        raise InputError(
            f"--order leaves out the group {_list(missing)}", f"name all of them: {_list(known)}"
        )
    stray = [n for n in names if n not in set(known) | {g.name for g in config.groups}]
    if stray:
        raise InputError(
            f"--order names a group that is not in the data: {_list(stray)}",
            f"the groups are: {_list(known)}",
        )
    return names


def parse_n(text: str, config: Config) -> dict[str, int]:
    """`Low=8,Medium=8` to numbers of participants by group name."""
    given: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = part.rpartition("=")
        if not name.strip() or not number.strip().isdecimal():
            raise InputError(
                f"--n {text!r} is not understood at {part.strip()!r}",
                'write it as --n "Low=8,Medium=8,High=8"',
            )
        name = config.group_name(name.strip())
        if name in given:
            raise InputError(f"--n names the group {name!r} twice", "name each group once")
        given[name] = int(number)
    return given


def columns(
    names: Sequence[str], N: Mapping[str, int] | None, config: Config, total: int | None
) -> tuple[Column, ...]:
    """The table's columns: the groups in order, then Total."""
    labels = {g.name: g.label or g.name for g in config.groups}
    groups = [Column(n, labels.get(n, n), None if N is None else N.get(n, 0)) for n in names]
    taken = {text.casefold() for column in groups for text in (column.name, column.label)}
    whole = next(name for name in TOTALS if name.casefold() not in taken)
    return (*groups, Column(whole, whole, total))


def check_n(
    given: Mapping[str, int], seen: Mapping[str, int], counted: Mapping[str, int] | None
) -> None:
    """Numbers from --n against the data. Raises InputError where they cannot both be true."""
    for name, count in seen.items():
        if name not in given:
            raise InputError(
                f"--n does not name the group {name!r}, which is in the log",
                f'add it: --n "...,{name}={count}"',
            )
        if given[name] < count:
            raise InputError(
                f"--n says {given[name]} in {name!r}, but the log has {count} participants there",
                "check the number of participants, or the group of each",
            )
    if counted is not None and {k: v for k, v in given.items() if v} != dict(counted):
        raise InputError(
            f"--n ({_pairs(given)}) and the participant file ({_pairs(counted)}) disagree",
            "leave out --n, or correct the file",
        )


def _pairs(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{k}={v}" for k, v in numbers.items())


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
