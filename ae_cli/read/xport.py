"""The layout of SAS transport files, version 5 and 8: members, variables and how many records.

Source: SAS technical note TS-140, "The Record Layout of a Data Set in SAS Transport Format", and
its supplement for version 8. All is in records of 80 bytes; only version 8 says how many
observations a member has, so for version 5 they are counted.
"""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from ae_cli.errors import InputError

RECORD = 80
LIBRARY = (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!",
           b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!")  # fmt: skip
MEMBER = (b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!",
          b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!")  # fmt: skip
NAMES = (b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!",
         b"HEADER RECORD*******NAMSTV8 HEADER RECORD!!!!!!!")  # fmt: skip
OBSERVATIONS = (b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!",
                b"HEADER RECORD*******OBSV8   HEADER RECORD!!!!!!!")  # fmt: skip
SPECIAL = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_")


@dataclass(frozen=True, slots=True)
class Variable:
    """Where a variable stands in an observation."""

    numeric: bool
    length: int
    position: int


@dataclass(frozen=True)
class Member:
    """One data set of a transport file; `data` is a transport file that holds it alone."""

    path: str
    name: str
    data: bytes
    variables: tuple[Variable, ...]
    start: int  # of the observations in `data`
    stated: int | None  # how many observations the header says there are

    @property
    def width(self) -> int:
        """The length of an observation."""
        return sum(variable.length for variable in self.variables)

    @cached_property
    def rows(self) -> int:
        """How many observations there are. Raises InputError where the length cannot be right."""
        size = len(self.data) - self.start
        if self.stated is not None:
            if size != -(-self.stated * self.width // RECORD) * RECORD:
                raise cut(self.path)
            return self.stated
        rows, rest = divmod(size, self.width)
        if rest >= RECORD or self.data[len(self.data) - rest :].strip(b" "):
            raise cut(self.path)
        while rows and not self._observation(rows - 1).strip(b" "):
            rows -= 1  # what fills the last record up looks like short observations of blanks
        return rows

    def _observation(self, row: int) -> bytes:
        at = self.start + row * self.width
        return self.data[at : at + self.width]

    def not_utf_8(self) -> int | None:
        """The first variable whose text is not UTF-8."""
        for index, variable in enumerate(self.variables):
            texts = (
                self._observation(row)[variable.position :][: variable.length]
                for row in range(0 if variable.numeric else self.rows)
            )
            try:
                for text in texts:
                    text.decode("utf-8")
            except UnicodeDecodeError:
                return index
        return None

    def special_missings(self) -> Counter[str]:
        """How often .A to .Z and ._ stand in numeric variables: a letter, then zeros."""
        found: Counter[str] = Counter()
        end = self.start + self.rows * self.width
        for variable in self.variables:
            if variable.numeric and variable.length > 1:
                at = self.start + variable.position
                firsts, seconds = (self.data[at + i : end : self.width] for i in (0, 1))
                for (first, second), n in Counter(zip(firsts, seconds, strict=False)).items():
                    if second == 0 and first in SPECIAL:  # a number has no zero there
                        found["." + chr(first)] += n
        return found


def cut(path: str) -> InputError:
    return InputError(
        f"{path} is cut short or damaged: its length does not fit what its header says",
        "get or make the file again, and send it in binary mode",
    )


def members(path: str, data: bytes) -> list[Member]:
    """The data sets of a transport file. Raises InputError where something is missing."""
    if len(data) % RECORD or len(data) < 3 * RECORD:
        raise cut(path)
    starts = [at for at in _places(data, MEMBER) if at >= 3 * RECORD]
    if not starts or starts[0] != 3 * RECORD:
        raise cut(path)
    ends = [*starts[1:], len(data)]
    try:
        return [
            _member(path, data[: 3 * RECORD] + data[start:end])
            for start, end in zip(starts, ends, strict=True)
        ]
    except (ValueError, struct.error, IndexError):  # no digits where a number must be
        raise cut(path) from None


def _places(data: bytes, marks: tuple[bytes, ...]) -> list[int]:
    """Where records begin with one of these marks."""
    found = []
    for mark in marks:
        at = data.find(mark)
        while at >= 0:
            found += [at] if at % RECORD == 0 else []
            at = data.find(mark, at + 1)
    return sorted(found)


def _member(path: str, data: bytes) -> Member:
    head = 3 * RECORD
    size, names = int(data[head + 74 : head + 78]), head + 4 * RECORD
    long = data[head:].startswith(MEMBER[1])
    name = data[head + 168 : head + (200 if long else 176)].decode("utf-8").strip(" \0")
    if size not in (136, 140) or not data[names:].startswith(NAMES):
        raise cut(path)
    count, at = int(data[names + 53 : names + 58]), names + RECORD
    variables = tuple(_variable(data[at + i * size : at + (i + 1) * size]) for i in range(count))
    headers = [place for place in _places(data, OBSERVATIONS) if place >= at + count * size]
    if not headers or not _fill_a_row(variables):
        raise cut(path)
    start = headers[0] + RECORD
    return Member(path, name, data, variables, start, _stated(data[headers[0] : start]))


def _variable(raw: bytes) -> Variable:
    kind, length, position = struct.unpack(">h2xh78xi", raw[:88])
    if kind not in (1, 2) or length < 1:
        raise ValueError("no NAMESTR")
    return Variable(kind == 1, length, position)


def _fill_a_row(variables: tuple[Variable, ...]) -> bool:
    """Whether each variable begins where the one before it ends."""
    end = 0
    for variable in variables:
        if variable.position != end:
            return False
        end += variable.length
    return end > 0


def _stated(header: bytes) -> int | None:
    """The number of observations, which version 8 gives; 0 where a writer left it out."""
    text = header[len(OBSERVATIONS[0]) : len(OBSERVATIONS[0]) + 15].strip()
    return int(text) or None if header.startswith(OBSERVATIONS[1]) and text else None
