"""Compile CTCAE tables (one row a term) into the package's data, and print their SHA-256.

    python scripts/compile_ctcae.py [FACTS] [--version 5.0 ...]

FACTS holds ctcae_v<version>.csv: meddra_soc, ctcae_term, meddra_code, g1 to g5. Source: Common
Terminology Criteria for Adverse Events, US National Cancer Institute. Terms, organ classes,
codes and which grades are defined; no wording of grades.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from collections import Counter
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
DATA = REPO / "ae_cli" / "ctcae" / "data"

# Terms and system organ classes that NCI's table of each version holds.
EXPECTED = {"4.03": (790, 26), "5.0": (837, 26), "6.0": (850, 26)}
COMPILED = ("5.0",)

# The codes are MedDRA's and licensed: last, so that the column can be dropped.
COLUMNS = ("term", "soc", "grades", "code")


def compiled_row(source: dict[str, str]) -> dict[str, str]:
    """One term with the grades defined for it as digits: flags, since ten terms have gaps."""
    flags = {grade: source[f"g{grade}"] for grade in "12345"}
    if not set(flags.values()) <= {"0", "1"} or "1" not in flags.values():
        raise ValueError(f"{source['ctcae_term']}: grade flags {flags}")
    return {
        "term": source["ctcae_term"],
        "soc": source["meddra_soc"],
        "grades": "".join(grade for grade, flag in flags.items() if flag == "1"),
        "code": source["meddra_code"],
    }


def check(rows: list[dict[str, str]], version: str) -> None:
    """Refuse a table that is not the whole of its version."""
    size = len(rows), len({row["soc"] for row in rows})
    if size != EXPECTED[version]:
        raise ValueError(f"{version}: (terms, classes) {size}, expected {EXPECTED[version]}")
    for column in ("term", "code"):
        twice = [value for value, n in Counter(row[column] for row in rows).items() if n > 1]
        if twice:
            raise ValueError(f"{version}: {column} more than once: {twice}")
    untidy = [row for row in rows if any(not v or v != v.strip() for v in row.values())]
    if untidy:
        raise ValueError(f"{version}: blank or padded cells: {untidy}")


def compile_table(source: str, version: str) -> bytes:
    """The package's table from the text of the source: by class and term, whatever their case."""
    rows = [compiled_row(row) for row in csv.DictReader(io.StringIO(source, newline=""))]
    check(rows, version)
    rows.sort(key=lambda row: (row["soc"].casefold(), row["term"].casefold()))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Compile CTCAE tables into the package's data.")
    parser.add_argument("facts", nargs="?", type=Path, default=REPO.parent / "shared" / "facts")
    parser.add_argument("--version", nargs="+", choices=EXPECTED, default=COMPILED)
    args = parser.parse_args()
    DATA.mkdir(parents=True, exist_ok=True)
    for version in args.version:
        source = args.facts / f"ctcae_v{version}.csv"
        # newline="": the csv module, not the platform, decides what a line end is.
        with source.open(encoding="utf-8", newline="") as file:
            table = compile_table(file.read(), version)
        target = DATA / f"ctcae-{version}.csv"
        target.write_bytes(table)
        print(f"{hashlib.sha256(table).hexdigest()}  {target.relative_to(REPO).as_posix()}")


if __name__ == "__main__":
    main()
