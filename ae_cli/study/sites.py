"""Sites: how many events each has, and how many it would have at the rate of the whole study.

Events are those that are counted, of participants who count. The rate is per person-month where the
follow-up of every participant is known, else per participant. To each participant of a site:

site_first                  whether this is the first of the site's participants
site_people, site_months    participants who count, and their person-months (null: not known of all)
site_events, site_serious   events, and serious events
site_expected, site_serious_expected   the same at the study's rate
site_least, site_most       the means that the events are compatible with, 99 % (exact Poisson)
site_serious_least, site_serious_most  the same of serious events
"""

from __future__ import annotations

import narwhals as nw

from ae_cli.statistics import mean_interval
from ae_cli.study import Study
from ae_cli.study.coding import left_join

LEVEL = 0.99
Counts = dict[str, tuple[int, int]]  # by site: events, serious events


def with_sites(subjects: nw.DataFrame, events: nw.DataFrame) -> nw.DataFrame:
    """The participants, with what is counted of their sites."""
    placed = ~nw.col("site").is_null() & nw.col("counted")
    people = subjects.filter(placed)
    if not len(people):
        return subjects
    rows = _rows(_people(people), _events(events, people))
    table = nw.from_dict(
        {name: [row[name] for row in rows] for name in rows[0]},
        backend=nw.get_native_namespace(subjects),
    )
    firsts = people.group_by("site").agg(first=nw.col("record").min())["first"].to_list()
    joined = left_join(subjects, table, "site")
    return joined.with_columns(site_first=nw.col("record").is_in(firsts))


def has_sites(study: Study) -> bool:
    """Whether a participant who counts has a site."""
    return study.subjects is not None and "site_first" in nw.from_native(study.subjects).columns


def _people(people: nw.DataFrame) -> dict[str, tuple[int, float | None]]:
    """By site: participants, and person-months where all of the study are known."""
    known = not people["follow_up_months"].is_null().any()
    sums = people.group_by("site").agg(n=nw.len(), months=nw.col("follow_up_months").sum())
    return {site: (n, months if known else None) for site, n, months in sums.iter_rows()}


def _events(events: nw.DataFrame, people: nw.DataFrame) -> Counts:
    serious = nw.col("serious").fill_null(False) if "serious" in events.columns else nw.lit(False)
    counted = events.filter(nw.col("excluded").is_null()).select(
        "subject", "event", serious=serious
    )
    once = counted.group_by("subject", "event").agg(nw.col("serious").max())
    placed = once.join(people.select("subject", "site"), on="subject", how="inner")
    sums = placed.group_by("site").agg(n=nw.len(), s=nw.col("serious").cast(nw.Int64).sum())
    return {site: (n, s) for site, n, s in sums.iter_rows()}


def _rows(people: dict[str, tuple[int, float | None]], events: Counts) -> list[dict[str, object]]:
    """One row a site, in the order of their names."""
    at_risk = {site: float(n) if months is None else months for site, (n, months) in people.items()}
    all_at_risk, whole = sum(at_risk.values()), [sum(c) for c in zip(*events.values(), strict=True)]
    rows = []
    for site in sorted(people):
        n, months = people[site]
        found = dict(zip(("", "_serious"), events.get(site, (0, 0)), strict=True))
        share = at_risk[site] / all_at_risk if all_at_risk else 0.0
        row: dict[str, object] = {"site": site, "site_people": n, "site_months": months}
        for (kind, number), total in zip(found.items(), whole or (0, 0), strict=True):
            least, most = mean_interval(number, LEVEL)
            row |= {
                f"site{kind or '_events'}": number, f"site{kind}_expected": total * share,
                f"site{kind}_least": least, f"site{kind}_most": most,
            }  # fmt: skip
        rows.append(row)
    return rows
