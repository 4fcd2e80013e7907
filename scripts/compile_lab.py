"""Compile the laboratory thresholds of CTCAE into the package's data, and print their SHA-256.

    python scripts/compile_lab.py [FACTS]

FACTS holds ctcae_lab_thresholds.csv, one row a rule. The organ class, the MedDRA code and the
suggested LBTESTCD are left out: the tables of terms and `labs/tests.toml` have them. Units are
written one way (MMOL/L and mmol/L are one). The order of the rows is kept.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
TARGET = REPO / "ae_cli" / "ctcae" / "data" / "lab-thresholds.csv"
ROWS = 1017

# column of the package: column of the source
COLUMNS = {
    "version": "ctcae_version", "system": "unit_system", "term": "term", "test": "test",
    "direction": "direction", "unit": "unit", "grade": "grade", "order": "rule_order",
    "baseline": "baseline_condition", "metric": "metric",
    "lower_op": "lower_op", "lower": "lower_value", "lower_of": "lower_relative_to",
    "lower_offset": "lower_offset",
    "upper_op": "upper_op", "upper": "upper_value", "upper_of": "upper_relative_to",
    "upper_offset": "upper_offset",
    "also": "additional_condition", "requires": "requires",
}  # fmt: skip
UNITS = {"MMOL/L": "mmol/L", "UMOL/L": "umol/L"}


def compiled_row(source: dict[str, str]) -> dict[str, str]:
    """One rule under the package's names."""
    row = {name: source[column] for name, column in COLUMNS.items()}
    return {**row, "unit": UNITS.get(row["unit"], row["unit"])}


def compile_table(source: str) -> bytes:
    """The package's table from the text of the source."""
    rows = [compiled_row(row) for row in csv.DictReader(io.StringIO(source, newline=""))]
    if len(rows) != ROWS:
        raise ValueError(f"{len(rows)} rows, expected {ROWS}")
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Compile CTCAE's laboratory thresholds.")
    parser.add_argument("facts", nargs="?", type=Path, default=REPO.parent / "shared" / "facts")
    args = parser.parse_args()
    source = args.facts / "ctcae_lab_thresholds.csv"
    with source.open(encoding="utf-8", newline="") as file:
        table = compile_table(file.read())
    TARGET.write_bytes(table)
    print(f"{hashlib.sha256(table).hexdigest()}  {TARGET.relative_to(REPO).as_posix()}")


if __name__ == "__main__":
    main()
