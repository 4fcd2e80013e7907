"""Sites whose rates are far from the study's, and sites without events."""

from __future__ import annotations

import narwhals as nw

from ae_cli.findings import Listing
from ae_cli.rules.examples import a_person, an_event
from ae_cli.rules.rule import NOTE, Example, Fields, Row, or_if_blank, rule
from ae_cli.study import Study
from ae_cli.study.sites import has_sites

SITE = "participant.site"
HEADERS = ("Site", "Participants", "Person-months", "Events", "Expected", "Serious", "Expected")


def listed(study: Study) -> Listing:
    """Each site with its events and those expected; no rows where there is one site, or none."""
    title = "Events by site; expected: at the rate of the whole study"
    if not has_sites(study):
        return Listing("sites", title, HEADERS, ())
    people = nw.from_native(study.subjects).lazy().filter(or_if_blank(nw.col("site_first"), False))
    rows = people.sort("site").collect("polars").rows(named=True)
    told = tuple(_line(row) for row in rows)
    return Listing("sites", title, HEADERS, told if len(told) > 1 else ())


def _line(row: Row) -> tuple[str | int | float | None, ...]:
    months = row["site_months"]
    return (
        row["site"], row["site_people"], None if months is None else round(months, 1),
        row["site_events"], round(row["site_expected"], 1), row["site_serious"],
        round(row["site_serious_expected"], 1),
    )  # fmt: skip


def _said(row: Row, what: str, kind: str) -> str:
    found, expected = row[f"site{kind or '_events'}"], row[f"site{kind}_expected"]
    per = "person-month" if row["site_months"] is not None else "participant"
    return (
        f"site {row['site']}: {found} {what} where {expected:.1f} are expected at the study's rate "
        f"per {per} (99 % limits of the site: {row[f'site{kind}_least']:.1f} to "
        f"{row[f'site{kind}_most']:.1f})"
    )


def _within(dm: Fields, kind: str) -> nw.Expr:
    """Whether a site's limits hold what is expected, or too little is expected to tell."""
    expected = nw.col(f"site{kind}_expected")
    least, most = nw.col(f"site{kind}_least"), nw.col(f"site{kind}_most")
    few = expected < dm.threshold("fewest_expected")
    within = few | expected.is_between(least, most)
    return or_if_blank(within | ~nw.col("site_first"), True)


def _sites(a: int, b: int, *, serious: str = "N", people: int = 1) -> Example:
    """Two sites with as many events each, of as many participants."""
    rows = [{"subject": "A1", "start": f"2024-03-{1 + i % 28:02}"} for i in range(a)]
    rows += [{"subject": "B1", "start": f"2024-03-{1 + i % 28:02}"} for i in range(b)]
    rows = [row | {"end": "", "serious": serious, "sae_other": serious} for row in rows]
    who = [a_person(subject=f"{s}{i}", site=s) for s in "AB" for i in range(1, people + 1)]
    first, *others = rows or [{"subject": "A1", "term": "none", "grade": ""}]
    return an_event(also=others, participants=who, **first)  # type: ignore[arg-type]


def _on_site(site: str) -> Example:
    return an_event(participants=[a_person(site=site)])


@rule(
    "AE-PLA-05", NOTE, "A site has about as many events as the study would make expect",
    kind="participant", needs=(SITE,), asks=("sites",), shows=("site",),
    says=lambda row: _said(row, "events", ""),
    fix="look at how events are asked for and entered at this site",
    why="too few events are often events not reported; many may be a danger, or another habit",
    sources=("gsm.kri kri0001", "ICH E6"),
    good=[_on_site("A"), _on_site(""), _sites(10, 10), _sites(15, 5), _sites(9, 0),
          _sites(20, 20, people=3)],
    bad=[_sites(30, 2), _sites(0, 12), _sites(12, 0, people=2)],
)  # fmt: skip
def site_rate_is_usual(dm: Fields) -> nw.Expr:
    return _within(dm, "")


@rule(
    "AE-PLA-06", NOTE, "A site has about as many serious events as the study would make expect",
    kind="participant", needs=(SITE, "serious"), asks=("sites",), shows=("site",),
    says=lambda row: _said(row, "serious events", "_serious"),
    fix="look at how seriousness is judged and reported at this site",
    why="serious events that are not reported are missing from every safety decision",
    sources=("gsm.kri kri0002", "ICH E6"),
    good=[_on_site("A"), _on_site(""), _sites(30, 2), _sites(9, 0, serious="Y"),
          _sites(15, 5, serious="Y")],
    bad=[_sites(30, 2, serious="Y"), _sites(0, 12, serious="Y")],
)  # fmt: skip
def site_serious_rate_is_usual(dm: Fields) -> nw.Expr:
    return _within(dm, "_serious")


@rule(
    "AE-PLA-08", NOTE, "Every site has reported an event",
    kind="participant", needs=(SITE,), asks=("sites",), shows=("site",),
    says="site {site}: {site_people} of its participants are counted, and no event",
    fix="please confirm that there was none", why="a log not yet entered looks like no events",
    sources=("ICH E6", "practice"),
    good=[_on_site("A"), _on_site(""), _sites(1, 1)],
    bad=[_sites(1, 0), _sites(0, 0)],
)  # fmt: skip
def site_has_events(dm: Fields) -> nw.Expr:
    silent = or_if_blank(nw.col("site_first") & (nw.col("site_events") == 0), False)
    return ~silent
