"""Compile CTCAE's tables into the package's data, and print their SHA-256.

    python scripts/compile_ctcae.py [FACTS]

FACTS holds, for each version, ctcae_v<version>.csv (meddra_soc, ctcae_term, meddra_code, g1 to g5),
ctcae_changes_<from>_to_<to>.csv, what became of each term, and ctcae_abbreviations.csv, spellings
seen in practice. Source: Common Terminology Criteria for Adverse Events, US National Cancer
Institute. Terms, organ classes, codes and which grades are defined; no wording of grades.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
DATA = REPO / "ae_cli" / "ctcae" / "data"

# Terms and system organ classes that NCI's table of each version holds.
EXPECTED = {"4.03": (790, 26), "5.0": (837, 26), "6.0": (850, 26)}
STEPS = (("4.03", "5.0"), ("5.0", "6.0"))
KEPT = {"unchanged_facts", "grade_set_changed", "soc_moved", "soc_moved+grade_set_changed"}
REMOVED = {"removed_mapped_to_other_term", "removed_mapped_to_other_specify"}
ADDED = {"added", "added_target_of_mapping"}

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
    return table(COLUMNS, rows)


def table(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows as CSV in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def compile_changes(source: str) -> bytes:
    """What became of the terms that a version no longer has, and what else of a kept one moved.

    `old` became `new`, one row for each of several; of a term that is kept, `new` is where a part
    of its grades went. What else changed (grades, classes, added terms) the tables of terms tell.
    """
    rows = []
    for row in csv.DictReader(io.StringIO(source, newline="")):
        change, old, new = row["change"], row["old_term"], row["new_term"]
        if change in REMOVED:
            rows.append({"old": old, "new": new})
        elif change in KEPT and row["note_other_specify_or_extra_map"]:
            rows.append({"old": old, "new": row["note_other_specify_or_extra_map"]})
        elif change not in KEPT | ADDED or (change in KEPT and old != new):
            raise ValueError(f"{old} to {new}: {change}")
    return table(("old", "new"), sorted(rows, key=lambda row: (row["old"], row["new"])))


def compile_aliases(source: str) -> bytes:
    """Spellings seen in practice: of what kind each is, and the term it means in every version."""
    rows = [
        {
            "text": row["reported_text"],
            "kind": row["kind"],
            **{version: row[f"term_v{version}"] for version in EXPECTED},
        }
        for row in csv.DictReader(io.StringIO(source, newline=""))
    ]
    return table(("text", "kind", *EXPECTED), sorted(rows, key=lambda row: row["text"].casefold()))


def compiled(facts: Path) -> dict[str, bytes]:
    """Every file of the package's data, by its name."""

    def source(name: str) -> str:
        # newline="": the csv module, not the platform, decides what a line end is.
        with (facts / f"ctcae_{name}.csv").open(encoding="utf-8", newline="") as file:
            return file.read()

    return {
        **{f"ctcae-{v}.csv": compile_table(source(f"v{v}"), v) for v in EXPECTED},
        **{
            f"became-{old}-{new}.csv": compile_changes(source(f"changes_v{old}_to_v{new}"))
            for old, new in STEPS
        },
        "aliases.csv": compile_aliases(source("abbreviations")),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Compile CTCAE's tables into the package's data.")
    parser.add_argument("facts", nargs="?", type=Path, default=REPO.parent / "shared" / "facts")
    DATA.mkdir(parents=True, exist_ok=True)
    for name, content in compiled(parser.parse_args().facts).items():
        (DATA / name).write_bytes(content)
        print(
            f"{hashlib.sha256(content).hexdigest()}  {(DATA / name).relative_to(REPO).as_posix()}"
        )


if __name__ == "__main__":
    main()
