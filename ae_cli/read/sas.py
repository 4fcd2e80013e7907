"""SAS data: transport files (XPT, version 5 and 8) and sas7bdat. pyreadstat reads the values.

Every reader gives what is left of a file that was cut, and says nothing; so lengths and numbers of
records are compared here. Transport files are laid out in `xport`.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from types import ModuleType
from typing import Any

import polars as pl

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read import sas7bdat, xport
from ae_cli.read.columnar import as_text, from_frame
from ae_cli.read.limits import check_growth
from ae_cli.read.sheet import Sheet

Read = Callable[..., tuple[pl.DataFrame, Any]]

_DATES = re.compile(
    r"DATE|JULIAN|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|WEEKDAT[EX]|WORDDAT[EX]|(E8601|B8601|IS8601)DA"
    r"|NLDATE|EURDFDE"
)
_DATETIMES = re.compile(r"DATETIME|DATEAMPM|MDYAMPM|DTDATE|(E8601|B8601|IS8601)D[TN]|NLDATM")
_TIMES = re.compile(r"TIME|HHMM|TOD|TIMEAMPM|(E8601|B8601|IS8601)TM")
FIRST_DAY, LAST_DAY = -138061, 2936549  # SAS counts days from 1960; it knows 1582 to 9999 and on


def read_xport(path: str, data: bytes, _limits: Limits) -> list[Sheet]:
    """One sheet for each data set of a transport file."""
    read, found = _library().read_xport, []
    for member in xport.members(path, data):
        rows = member.rows
        frame, about = _values(path, read, member.data, member, encoding="utf-8")
        if (frame.height, frame.width) != (rows, len(member.variables)):
            raise xport.cut(path)
        notes = _missing_note(member.special_missings())
        if member.stated is None:
            notes.append(f"{rows} records read; the format does not say how many there should be")
        labels = dict(zip(about.column_names, about.column_labels, strict=True))
        labels = {name: label or "" for name, label in labels.items()}
        found.append(replace(_sheet(path, member.name, frame, about, notes), labels=labels))
    _check_names(path, found)
    return found


def read_sas7bdat(path: str, data: bytes, limits: Limits) -> list[Sheet]:
    """The data set of a sas7bdat file."""
    sas7bdat.check_length(path, data)
    check_growth(path, len(data), sas7bdat.size(path, data), limits)
    frame, about = _values(path, _library().read_sas7bdat, data, user_missing=True)
    deleted = sas7bdat.deleted_rows(path, data, frame.height)
    if about.number_columns != frame.width:
        raise xport.cut(path)
    frame, special = _without_special(frame, about)
    notes = _missing_note(special)
    if deleted:
        notes.append(f"{deleted} rows that SAS marked as deleted are not read")
    if str(about.file_encoding).upper() not in ("UTF-8", "US-ASCII", "NONE"):
        notes.append(f"text read as {about.file_encoding}, as the file says")
    return [_sheet(path, None, frame, about, notes)]


def refuse_cport(path: str, _data: bytes, _limits: Limits) -> list[Sheet]:
    raise InputError(
        f"{path} was made by PROC CPORT, which only SAS reads",
        "make a transport file by the XPORT engine: libname x xport 'ae.xpt'; "
        "proc copy in=work out=x; run;",
    )


def _library() -> ModuleType:
    try:
        import pyreadstat
    except ImportError:
        raise InputError(
            "SAS files are read by pyreadstat, which is not installed",
            'install it: pip install "ae-cli[sas]"',
        ) from None
    return pyreadstat


def _values(
    path: str, read: Read, data: bytes, member: xport.Member | None = None, **how: Any
) -> tuple[pl.DataFrame, Any]:
    how |= {"output_format": "polars", "disable_datetime_conversion": True}
    try:
        return read(io.BytesIO(data), **how)
    except Exception as error:  # pyreadstat's own errors, and whatever a damaged file leads to
        if "convert" not in str(error) and not isinstance(error, UnicodeError):
            what = f"{path} is damaged: it cannot be read as SAS data"
            raise InputError(what, "make it again") from error
        name = _not_decoded(read, data, member, how)
        where = f"column {name!r}" if name else "a name or label"
        encoding = "UTF-8" if member else "in the encoding that the file names"
        raise InputError(
            f"{path}: the text of {where} is not {encoding}",
            "make it again in a SAS session that uses UTF-8, or save it as CSV UTF-8",
        ) from error


def _not_decoded(
    read: Read, data: bytes, member: xport.Member | None, how: dict[str, Any]
) -> str | None:
    """The first column whose text is not what it should be."""
    try:
        names: list[str] = read(io.BytesIO(data), **how, metadataonly=True)[1].column_names
        if member:
            index = member.not_utf_8()
            return None if index is None else names[index]
    except Exception:  # as above: it is the names themselves
        return None
    for name in names:
        try:
            read(io.BytesIO(data), **how, usecols=[name])
        except Exception:  # as above
            return name
    return None


def _without_special(frame: pl.DataFrame, about: Any) -> tuple[pl.DataFrame, Counter[str]]:
    """Special missing values, given as letters among the numbers, as blanks, and counted."""
    found: Counter[str] = Counter()
    for name in about.missing_user_values or {}:
        values = frame[name].to_list()
        found.update(f".{value}" for value in values if isinstance(value, str))
        numbers = [None if isinstance(value, str) else value for value in values]
        frame = frame.with_columns(pl.Series(name, numbers, dtype=pl.Float64))
    return frame, found


def _missing_note(found: Counter[str]) -> list[str]:
    which = ", ".join(f"{name} {n}" for name, n in sorted(found.items()))
    return [f"special missing values are read as blanks: {which}"] if found else []


def _sheet(
    path: str, name: str | None, frame: pl.DataFrame, about: Any, notes: Iterable[str]
) -> Sheet:
    formats = [about.original_variable_types.get(column) for column in frame.columns]
    texts = [in_format(column, shown) for column, shown in zip(frame, formats, strict=True)]
    return from_frame(path, name, frame.columns, texts, notes)


def in_format(column: pl.Series, shown: str | None) -> pl.Series:
    """A column as text: ISO dates and times where its SAS format shows one."""
    name = re.sub(r"\d*(\.\d*)?$", "", (shown or "").upper())
    if not column.dtype.is_numeric() or not name:
        return as_text(column)
    if _DATES.fullmatch(name):
        return _shown(column, column.floor().is_between(FIRST_DAY, LAST_DAY), _day)
    if _DATETIMES.fullmatch(name):
        seconds = (FIRST_DAY * 86400, LAST_DAY * 86400)
        return _shown(column, column.is_between(*seconds, closed="left"), _moment)
    return (
        _shown(column, column.is_between(0, 86399), _time)
        if _TIMES.fullmatch(name)
        else (as_text(column))
    )


def _shown(column: pl.Series, known: pl.Series, convert: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """What can be a date as one; any other number as it is, so that it is seen."""
    dates = pl.DataFrame({"x": column, "known": known}).select(
        pl.when("known").then(convert(pl.col("x")))
    )
    return as_text(dates.to_series()).fill_null(as_text(column)).alias(column.name)


def _day(x: pl.Expr) -> pl.Expr:
    return pl.lit(date(1960, 1, 1)) + pl.duration(days=x.floor().cast(pl.Int64))


def _moment(x: pl.Expr) -> pl.Expr:
    return pl.lit(datetime(1960, 1, 1)) + pl.duration(seconds=x.floor().cast(pl.Int64))


def _time(x: pl.Expr) -> pl.Expr:
    return (x.floor().cast(pl.Int64) * 1_000_000_000).cast(pl.Time)


def _check_names(path: str, sheets: list[Sheet]) -> None:
    twice = [name for name, n in Counter(sheet.name for sheet in sheets).items() if n > 1]
    if twice:
        raise InputError(f"{path} has two data sets named {twice[0]!r}", "give each its own file")
