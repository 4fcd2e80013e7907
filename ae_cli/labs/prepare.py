"""Records of laboratory results to one frame of numbers: which test, its value, limits, baseline.

Value, unit and limits of a row come from one family: the standard one where it has a result, else
the original. In ADaM the unit stands in the brackets of PARAM. A range in one column is parted.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ae_cli.labs import numbers, tests, units
from ae_cli.read import Records

KEPT = ("record", "file", "row", "subject", "arm", "visit", "visit_number", "term", "derived")
_TEXTS = (
    "subject", "arm", "visit", "visit_number", "term", "test", "test_code", "category", "specimen",
    "value", "result", "unit", "lower", "upper", "range", "original_value", "original_unit",
    "original_lower", "original_upper", "baseline", "baseline_indicator", "derived",
)  # fmt: skip
_ANSWERS = ("baseline_flag", "fasting")
_DAYS = ("date_earliest", "date_latest")
LOW, NORMAL, HIGH = "LOW", "NORMAL", "HIGH"
_INDICATORS = {
    LOW: ("low", "l", "below", "低", "偏低", "ll", "low low"),
    NORMAL: ("normal", "n", "within", "within range", "正常", "in range"),
    HIGH: ("high", "h", "above", "高", "偏高", "hh", "high high"),
}


def prepared(records: Records) -> pl.DataFrame:
    """One row a result: see `labs` for its columns; `why` says why a test is not graded."""
    frame = _with_missing(records.frame)
    frame = frame.with_columns(_in_brackets(frame))
    analysis = _files(records, _is_analysis)
    frame = _one_family(frame, analysis)
    frame = _without_foreign_limits(frame, _files(records, _has_foreign_limits))
    return _numbers(_tests(frame)).select(
        *KEPT, "date_earliest", "date_latest", "test", "test_text", "test_note", "why",
        "value_text", "^value_(low|high).*$", "unit", "lower", "upper", "baseline",
        "baseline_indicator", "baseline_flag", "fasting",
    )  # fmt: skip


def _with_missing(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column that is asked of it; those the file does not have are null."""
    kinds: dict[str, pl.DataType] = dict.fromkeys(_TEXTS, pl.String()) | dict.fromkeys(
        _ANSWERS, pl.Boolean()
    )
    kinds |= dict.fromkeys(_DAYS, pl.Datetime("us"))
    null = [pl.lit(None, kind).alias(c) for c, kind in kinds.items() if c not in frame.columns]
    return frame.with_columns(null)


def _files(records: Records, wanted: Callable[[dict[str, str]], bool]) -> list[int]:
    """The numbers of the files whose headers, by field, are as wanted."""
    told = [
        {f: source.sheet.headers[i].upper() for f, i in source.mapping.fields.items()}
        for source in records.sources
    ]
    return [number for number, headers in enumerate(told) if wanted(headers)]


def _is_analysis(headers: dict[str, str]) -> bool:
    """Whether values are ADaM's AVAL, with no unit of their own beside."""
    return headers.get("value") == "AVAL" and headers.get("unit") != "AVALU"


def _has_foreign_limits(headers: dict[str, str]) -> bool:
    """Whether limits are SDTM's beside ADaM's AVAL."""
    return _is_analysis(headers) and headers.get("upper", headers.get("lower", "")).startswith("LB")


def _in_brackets(frame: pl.DataFrame) -> pl.Series:
    """The unit in the brackets of a test's name, where it is one."""

    def told(name: str) -> str | None:
        inside = tests.bracketed(name)
        return inside if inside and units.unit(inside, "count") else None

    return _each(frame["test"], told).alias("in_name")


def _one_family(frame: pl.DataFrame, analysis: list[int]) -> pl.DataFrame:
    standard = pl.col("value").is_not_null() | pl.col("result").is_not_null()
    standard = standard | pl.col("original_value").is_null()
    told = pl.col("file").is_in(analysis)
    unit = (
        pl.when(told).then(pl.coalesce("in_name", "unit")).otherwise(pl.coalesce("unit", "in_name"))
    )
    other = {
        "value_text": (pl.coalesce("value", "result"), pl.col("original_value")),
        "unit": (unit, pl.col("original_unit")),
        "lower": (pl.col("lower"), pl.col("original_lower")),
        "upper": (pl.col("upper"), pl.col("original_upper")),
    }
    return frame.with_columns(
        [pl.when(standard).then(s).otherwise(o).alias(name) for name, (s, o) in other.items()],
        foreign=(told & (pl.col("unit") != pl.col("in_name"))).fill_null(False),
    )


def _without_foreign_limits(frame: pl.DataFrame, files: list[int]) -> pl.DataFrame:
    """Limits of LBSTNR* are in LBSTRESU: of no use to an AVAL in another unit."""
    foreign = pl.col("foreign") & pl.col("file").is_in(files)
    return frame.with_columns(pl.when(~foreign).then(pl.col("lower", "upper")))


def _tests(frame: pl.DataFrame) -> pl.DataFrame:
    """Which test each row is, or why it is not graded. Each wording is looked up once."""
    keys = ["test_code", "test", "category", "specimen"]
    known = frame.select(keys).unique()
    found = [_meant(*(text or "" for text in row)) for row in known.iter_rows()]
    told = known.with_columns(
        pl.Series("known_test", [m.test or None for m in found], pl.String),
        pl.Series("test_note", [m.note or None for m in found], pl.String),
        pl.Series("why", [m.why or None for m in found], pl.String),
    )
    frame = frame.join(told, on=keys, how="left", nulls_equal=True, maintain_order="left")
    fasting = (pl.col("known_test") == "Glucose") & pl.col("fasting").fill_null(False)
    test = pl.when(fasting).then(pl.lit("Glucose (fasting)")).otherwise("known_test")
    text = pl.coalesce("test", "test_code")
    return frame.with_columns(test=test, test_text=text)


def _meant(code: str, name: str, category: str, specimen: str) -> tests.Meant:
    found = tests.meant(code, name)
    if tests.elsewhere(specimen) or tests.elsewhere(category):
        return tests.Meant(why=tests.ELSEWHERE)
    if found.blood and not tests.is_blood(specimen):
        return tests.Meant(why="the specimen is not named: it may be urine")
    return found


def _numbers(frame: pl.DataFrame) -> pl.DataFrame:
    low, high = numbers.ranges(frame["range"])
    return frame.with_columns(
        *numbers.intervals(frame["value_text"], "value"),
        numbers.numbers(frame["lower"]).fill_null(low).alias("lower"),
        numbers.numbers(frame["upper"]).fill_null(high).alias("upper"),
        _plain(frame["baseline"]),
        _each(frame["baseline_indicator"], _indicator),
    )


def _plain(texts: pl.Series) -> pl.Series:
    """Baseline values that are one number; of a bound ("<0.5") nothing can be a multiple."""
    low, high, *_ = numbers.intervals(texts, texts.name)
    return pl.select(pl.when(low == high).then(low)).to_series().alias(texts.name)


def _indicator(text: str) -> str | None:
    plain = text.strip().casefold()
    return next((name for name, words in _INDICATORS.items() if plain in words), None)


def _each(texts: pl.Series, told: Callable[[str], str | None]) -> pl.Series:
    """A function of texts, called once for each distinct one."""
    known = texts.drop_nulls().unique().to_list()
    if not known:
        return pl.Series(texts.name, [None], dtype=pl.String).new_from_index(0, len(texts))
    found = pl.Series([told(text) for text in known], dtype=pl.String)
    return texts.replace_strict(known, found, default=None, return_dtype=pl.String)
