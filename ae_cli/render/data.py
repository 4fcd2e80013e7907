"""Records as data files: CSV, Excel, Parquet, SAS transport, Dataset-JSON. Text cells, blanks null.

Sources: SAS technical support TS-140 (transport files hold 200 bytes a text in version 5),
CDISC Dataset-JSON 1.1.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import polars as pl

from ae_cli.errors import InputError
from ae_cli.findings import Listing
from ae_cli.output import replacing
from ae_cli.render.text import looks_like_formula, safe

LONGEST_V5, LONGEST_V8 = 200, 32_767  # bytes of a text
LABELS = {"AE": "Adverse Events", "DM": "Demographics", "LB": "Laboratory Results"}

Frames = dict[str, pl.DataFrame]  # AE, and DM where there are participants


def write(path: Path, frames: Frames) -> list[Path]:
    """Write the frames to `path`, or to one file each where the format holds one table.

    Returns the files written. Raises InputError for what a format cannot hold.
    """
    suffix = path.suffix.casefold()
    if suffix == ".xlsx":
        with replacing(path) as file:
            _xlsx(file, frames)
        return [path]
    paths = targets(path, frames)
    for target, (name, frame) in zip(paths, frames.items(), strict=True):
        with replacing(target) as file:
            WRITERS[suffix](file, name, frame)
    return paths


def targets(path: Path, names: Frames) -> list[Path]:
    """The files that will be written: the events' own name, the participants' beside it."""
    if path.suffix.casefold() == ".xlsx":
        return [path]
    return [path, *[path.with_name(f"{path.stem}-subjects{path.suffix}")][: len(names) - 1]]


def _csv(file: IO[bytes], name: str, frame: pl.DataFrame) -> None:
    """UTF-8 with a mark, so that Excel reads it as such; no text that a spreadsheet would run."""
    defused = [_defused(frame[column]) for column in formulas(frame)]
    head = [f"'{c}" if looks_like_formula(c) else c for c in frame.columns]
    names = io.StringIO(newline="")
    csv.writer(names, lineterminator="\n").writerow(head)
    file.write(codecs.BOM_UTF8 + names.getvalue().encode("utf-8"))
    file.flush()  # Polars may write past Python's own buffer
    frame.with_columns(defused).write_csv(file, include_header=False)


def csv_text(frame: pl.DataFrame) -> str:
    """The same without the mark, for standard output."""
    defused = [_defused(frame[column]) for column in formulas(frame)]
    return defused_headers(frame.with_columns(defused)).write_csv()


def defused_headers(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before a header that a spreadsheet would run."""
    return frame.rename({c: f"'{c}" for c in frame.columns if looks_like_formula(c)})


def formulas(frame: pl.DataFrame) -> dict[str, int]:
    """The columns that CSV writes with apostrophes, and how many of their texts get one."""
    texts = {c: list(filter(looks_like_formula, _distinct(frame[c]))) for c in frame.columns}
    return {c: int(frame[c].is_in(found).sum()) for c, found in texts.items() if found}


def _distinct(column: pl.Series) -> list[str]:
    return column.drop_nulls().unique().to_list()


def _defused(column: pl.Series) -> pl.Series:
    formulas = [text for text in _distinct(column) if looks_like_formula(text)]
    return column.replace(formulas, [f"'{text}" for text in formulas])


def _parquet(file: IO[bytes], name: str, frame: pl.DataFrame) -> None:
    frame.write_parquet(file)


def _json(file: IO[bytes], name: str, frame: pl.DataFrame) -> None:
    columns = [
        {"itemOID": f"IT.{name}.{c}", "name": c, "label": c, "dataType": "string"}
        for c in frame.columns
    ]
    head: dict[str, Any] = {
        "datasetJSONCreationDateTime": datetime.now().isoformat(timespec="seconds"),
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": f"IG.{name}",
        "records": frame.height,
        "name": name,
        "label": LABELS[name],
        "columns": columns,
        "rows": [list(row) for row in frame.rows()],
    }
    file.write(json.dumps(head, ensure_ascii=False).encode("utf-8"))


def _xpt(file: IO[bytes], name: str, frame: pl.DataFrame) -> None:
    """Version 5 where it can hold everything, as authorities ask; else version 8."""
    from tempfile import TemporaryDirectory

    try:
        import pyreadstat
    except ModuleNotFoundError:
        raise InputError(
            "SAS files need one more package", 'install it: pip install "ae-cli[sas]"'
        ) from None
    longest = max((len(t.encode()) for c in frame for t in _distinct(c)), default=0)
    if longest > LONGEST_V8:
        raise InputError(
            f"a text of {longest:,} bytes is longer than a SAS file can hold", "write .parquet"
        )
    if _unfit(frame, lambda text: "\0" not in text) is not None:
        raise InputError("a text holds a zero byte, where SAS would end it", "write .parquet")
    with TemporaryDirectory() as folder:
        beside = Path(folder, f"{name}.xpt")
        pyreadstat.write_xport(
            frame.with_columns(pl.all().fill_null("")), beside, LABELS[name],
            column_labels=list[str | None](frame.columns), table_name=name,
            file_format_version=5 if longest <= LONGEST_V5 else 8,
        )  # fmt: skip
        file.write(beside.read_bytes())


def _unfit(frame: pl.DataFrame, fits: Callable[[str], bool]) -> str | None:
    """A text that does not fit."""
    return next((text for c in frame for text in _distinct(c) if not fits(text)), None)


def _xlsx(file: IO[bytes], frames: Frames) -> None:
    from ae_cli.render.xlsx import listing
    from ae_cli.render.xlsx.cells import fits
    from ae_cli.render.xlsx.sheet import Book

    with ExitStack() as files:
        book = Book(files, exact=True)
        for name, frame in frames.items():
            if (long := _unfit(frame, fits)) is not None:
                raise InputError(
                    f"a text of {len(long):,} characters is longer than a cell of Excel can hold",
                    "write .parquet",
                )
            headers = tuple(safe(column) for column in frame.columns)
            listing.add(book, Listing(name, LABELS.get(name, name), headers, tuple(frame.rows())))
        book.save(file)


Writer = Callable[[IO[bytes], str, pl.DataFrame], None]
WRITERS: dict[str, Writer] = {".csv": _csv, ".parquet": _parquet, ".xpt": _xpt, ".json": _json}
FORMATS = (".csv", ".xlsx", ".parquet", ".xpt", ".json")
