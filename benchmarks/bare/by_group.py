"""Any event, worst grade and any serious event by group, as one would write it in Polars."""

import sys

import polars as pl

events, people = (pl.scan_csv(path, infer_schema=False) for path in sys.argv[1:3])

each = events.group_by("USUBJID").agg(
    events=pl.len(),
    worst=pl.col("AETOXGR").cast(pl.Int8, strict=False).max(),
    serious=(pl.col("AESER") == "Y").any(),
)
table = (
    people.filter(pl.col("SAFFL") == "Y")
    .join(each, on="USUBJID", how="left")
    .group_by("ACTARM")
    .agg(
        N=pl.len(),
        any_ae=pl.col("events").is_not_null().sum(),
        any_sae=pl.col("serious").sum(),
        **{f"worst_grade_{grade}": (pl.col("worst") == grade).sum() for grade in range(1, 6)},
    )
)
print(table.sort("ACTARM").collect())
