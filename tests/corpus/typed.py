"""Formats whose columns have types: Parquet and SAS transport."""

from __future__ import annotations

import datetime as dt

import polars as pl

from corpus.base import EN, LAST, PEOPLE, Rows, edited, place
from corpus.case import Expected, Given, error, finding, same, series
from corpus.write import csv_bytes, frame, parquet, xpt

SAS, OTHER, CUT = "SAS", "Other formats", "Files that were cut"


@same(OTHER, "ae.parquet")
def parquet_with_types() -> bytes:
    """Parquet with numbers, dates and categories."""
    table = frame(EN).with_columns(
        pl.col("CTCAE grade").cast(pl.Int8), pl.col("Outcome").cast(pl.Categorical),
        pl.col("Start date").str.to_date(), pl.col("End date").replace("", None).str.to_date(),
        pl.col("Serious") == "Y",
    )  # fmt: skip
    return parquet(table)


@same(OTHER, "ae.parquet")
def parquet_with_moments_and_floats() -> bytes:
    """Parquet whose dates are moments at midnight and whose grades are floats, as pandas writes."""
    days = pl.col("Start date", "End date").replace("", None).str.to_datetime("%Y-%m-%d")
    return parquet(frame(EN).with_columns(pl.col("CTCAE grade").cast(pl.Float64), days))


@error(CUT, file="ae.parquet")
def parquet_cut_short() -> bytes:
    """The last bytes of a Parquet file are missing."""
    return parquet(frame(EN))[:-9]


SDTM = ("USUBJID", "ARM", "AETERM", "AETOXGR", "AESER", "AEREL", "AEOUT", "AEACN", "AESTDTC",
        "AEENDTC")  # fmt: skip
NAMED: Rows = (SDTM, *EN[1:])


def sas_typed() -> pl.DataFrame:
    """Grades and dates as numbers, as SAS keeps them."""
    table = frame((*(("SUBJECT", "ARM", "AE", "GRADE", "SERIOUS", "CAUSALTY", "OUTCOME", "ACTION",
                      "START", "STOP"),), *EN[1:]))  # fmt: skip
    days = pl.col("START", "STOP").replace("", None).str.to_date()
    return table.with_columns(pl.col("GRADE").cast(pl.Float64), days).rename({"CAUSALTY": "REL"})


for _version in (5, 8):
    series(
        finding(SAS, file="ae.xpt", like=EN, others=True), f"names of SDTM in version {_version}",
        f"SAS transport, version {_version}, with names of SDTM over words of people.",
        lambda version=_version: xpt(frame(NAMED), version),
    )  # fmt: skip
    series(
        same(SAS, "ae.xpt"), f"numbers and dates in version {_version}",
        f"Grades are numbers and dates have a format, in a transport file of version {_version}.",
        lambda version=_version: xpt(sas_typed(), version),
    )  # fmt: skip
    series(
        error(CUT, file="ae.xpt"), f"a transport file of version {_version} cut within a record",
        f"A transport file of version {_version} ends within a record.",
        lambda version=_version: xpt(frame(NAMED), version)[:-100],
    )  # fmt: skip


@error(CUT, file="ae.xpt")
def a_transport_file_that_says_how_many() -> bytes:
    """Version 8 says how many observations there are, and eighty bytes of them are missing."""
    return xpt(frame(NAMED), 8)[:-800]


@same(SAS, "ae.xpt", said=("does not say how many",))
def a_transport_file_that_says_nothing() -> bytes:
    """Version 5 does not say how many observations there are: a note gives the number."""
    return xpt(sas_typed(), 5)


@same(SAS, "both.xpt")
def a_transport_file_of_two_data_sets() -> Given:
    """Events and participants are two data sets of one transport file."""
    names = ("SUBJECT", "ARM", "FIRSTDOS", "SEX", "DIED", "DTHDT", "LSTALVDT")
    people = frame((names, *PEOPLE[1:])).rename({"FIRSTDOS": "TRTSDT"})
    both = xpt(sas_typed(), 5) + xpt(people, 5, name="DM")[240:]
    return Given({"both.xpt": both}, people=None)


@finding(SAS, file="ae.xpt", others=True, like=edited(EN, {(LAST, "CTCAE grade"): ""}),
         said=("special missing values are read as blanks: .C 1",))  # fmt: skip
def a_special_missing_value() -> bytes:
    """The last grade is .C, a special missing value of SAS."""
    table = sas_typed()
    grades = table["GRADE"].scatter(table.height - 1, None)
    data = bytearray(xpt(table.with_columns(grades), 5))
    at = bytes(data).rindex(b".\0\0\0\0\0\0\0")
    data[at] = ord("C")
    return bytes(data)


@error(SAS, "PROC CPORT", "proc copy", file="ae.xpt")
def a_file_of_cport() -> bytes:
    """A file of PROC CPORT, which is SAS's own and no transport file."""
    return b"**COMPRESSED** **COMPRESSED** " + bytes(range(256)) * 4


@error(SAS, "column 'AETERM'", "UTF-8", file="ae.xpt")
def chinese_in_gbk_in_a_transport_file() -> bytes:
    """Terms in a transport file are GBK, and nothing in the file says so."""
    data = xpt(frame(edited(NAMED, {(2, "Adverse event"): "恶心啊"})), 5)
    return data.replace("恶心啊".encode(), "恶心啊".encode("gbk").ljust(9))


@error(SAS, "two data sets named 'AE'", file="ae.xpt")
def the_same_data_set_twice() -> bytes:
    """A transport file holds two data sets of one name."""
    return xpt(sas_typed(), 5) + xpt(sas_typed(), 5)[240:]


@same(OTHER, "ae.dat")
def a_name_without_meaning() -> bytes:
    """A transport file that was named .dat."""
    return xpt(sas_typed(), 8)


@same(OTHER, "ae.parquet")
def participants_in_another_format() -> Given:
    """The log is Parquet and the participants are a transport file."""
    names = ("SUBJECT", "ARM", "TRTSDT", "SEX", "DIED", "DTHDT", "LSTALVDT")
    return Given({"ae.parquet": parquet(frame(EN)), "dm.xpt": xpt(frame((names, *PEOPLE[1:])), 8)},
                 people="dm.xpt")  # fmt: skip


@finding(OTHER, Expected("AE-CTC-01", rows=(3,), count=1), file="ae.parquet", others=True)
def a_grade_that_is_a_fraction() -> bytes:
    """A grade in Parquet is the float 1.5, in the third record."""
    grades = [float(row[place("CTCAE grade")]) for row in EN[1:]]
    grades[2] = 1.5
    return parquet(frame(EN).with_columns(pl.Series("CTCAE grade", grades)))


@finding(OTHER, file="ae.parquet", others=True, like=edited(EN, {(4, "CTCAE grade"): ""}))
def a_grade_that_is_no_number() -> bytes:
    """A grade in Parquet is NaN, as pandas writes a blank."""
    grades = [float(row[place("CTCAE grade")]) for row in EN[1:]]
    grades[2] = float("nan")
    return parquet(frame(EN).with_columns(pl.Series("CTCAE grade", grades)))


@same(OTHER, "ae.parquet")
def moments_in_a_time_zone() -> bytes:
    """Starts in Parquet carry the time zone of Shanghai: the clock there is what counts."""
    starts = [dt.datetime.fromisoformat(row[8]) for row in EN[1:]]
    zoned = pl.Series("Start date", starts).dt.replace_time_zone("Asia/Shanghai")
    return parquet(frame(EN).with_columns(zoned))


@same(OTHER, "ae.csv")
def parquet_beside_text() -> Given:
    """Participants in Parquet beside a log in text."""
    return Given({"ae.csv": csv_bytes(EN), "dm.parquet": parquet(frame(PEOPLE))},
                 people="dm.parquet")  # fmt: skip
