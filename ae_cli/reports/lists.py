"""Lists of events one by one, as an appendix of a report has them (ICH E3 16.2.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import narwhals as nw

from ae_cli.errors import InputError
from ae_cli.findings import Listing, Report
from ae_cli.model import AdverseEvent, cells
from ae_cli.reports.group import VITAL
from ae_cli.reports.interest import events_of, without_interest
from ae_cli.reports.listings import Line, Typed, cells_of, lines, of_events_with
from ae_cli.reports.participant import study_day
from ae_cli.study import Study
from ae_cli.study.observation import day
from ae_cli.table import Table
from ae_cli.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Kind:
    """A list by name: which events it holds, and the fields of which one must be collected."""

    title: str
    such: Callable[[Typed], bool]
    needs: str = ""


def _left(row: Typed) -> bool:
    return row.get("action") == str(Action.WITHDRAWN) or bool(row.get("discontinued"))


LISTS = {
    "events": Kind("Adverse events", lambda row: row["is_event"]),
    "serious": Kind("Serious adverse events", lambda row: bool(row.get("serious")), "serious"),
    "deaths": Kind(
        "Fatal adverse events and deaths", lambda row: row["fatal"],
        f"outcome|grade|sae_death|{VITAL}",
    ),
    "dlt": Kind("Dose-limiting toxicities", lambda row: bool(row.get("dlt")), "dlt"),
    "discontinuations": Kind(
        "Adverse events leading to the end of treatment or study", _left, "action|discontinued"
    ),
}  # fmt: skip
INTEREST = "interest"
LATE = datetime.max
DIED = "Date of death"


def listed(study: Study, findings: Report, name: str) -> Table:
    """A list as a table of listings. Raises InputError where its column was not collected."""
    kind = _of_interest(study) if name == INTEREST else LISTS[name]
    if kind.needs and not study.has(kind.needs):
        named = (field for field in kind.needs.split("|") if "." not in field)
        labels = (cells(AdverseEvent)[field].label for field in named)
        raise InputError(
            f"the log has no column for {' or '.join(labels)}, by which the list is made",
            "ae-cli columns FILE shows what each column was taken for",
        )
    found = _events(study, kind)
    if name == "deaths":
        found = _with_other_deaths(study, found)
    return Table(
        name=name, title=kind.title, columns=study.columns, rows=(),
        subtitle=" ".join(filter(None, (study.config.title, study.config.registry))),
        files=findings.files, listings=(found,), ctcae=study.config.ctcae,
        findings=tuple((str(severity), n) for severity, n in findings.counts().items()),
        footnotes=tuple(_notes(study)),
    )  # fmt: skip


def _of_interest(study: Study) -> Kind:
    """The events of special interest of any kind."""
    if lacking := without_interest(study):
        raise lacking
    kinds = [events_of(study, number)[0] for number in range(len(study.config.interest))]
    events = (
        nw.from_native(study.events).lazy().filter(nw.any_horizontal(*kinds, ignore_nulls=True))
    )
    records = set(events.select("record").collect("polars")["record"].to_list())
    return Kind("Adverse events of special interest", lambda row: row["record"] in records)


def _events(study: Study, kind: Kind) -> Listing:
    """The events of a kind, by participant and date."""
    headers, rows = lines(study, AdverseEvent, study.log.events, study.events)
    found = sorted(of_events_with(rows, kind.such), key=_order)
    if not study.has("start", "participant.first_dose"):
        return Listing("Events", kind.title, headers, cells_of(found))
    days = ((*cells, _day(row)) for row, cells in found)
    return Listing("Events", kind.title, (*headers, "Study day"), tuple(days))


def _order(line: Line) -> tuple[bool, str, datetime, int]:
    row = line[0]
    who, start = row.get("subject"), row.get("start_earliest")
    return who is None, who or "", start or LATE, row["record"]


def _day(row: Typed) -> int | None:
    """The study day of the onset, where both days are known."""
    return study_day(day(row, "participant_first_dose"), day(row, "start"))


def _with_other_deaths(study: Study, listing: Listing) -> Listing:
    """The list, and a line for each who died without a fatal event in the log: a death is a death
    in whatever file it stands."""
    if study.subjects is None or not study.has(VITAL):
        return listing
    people = nw.from_native(study.subjects).lazy()
    dead = people.filter(nw.col("dead"), nw.col("fatal_events") == 0, ~nw.col("repeated"))
    found = dead.collect("polars").sort("subject").rows(named=True)
    headers = tuple(dict.fromkeys((*listing.headers, DIED)))
    rows = [(*row, *[None] * (len(headers) - len(row))) for row in listing.rows]
    for row in found:
        told = {"Participant": row["subject"], DIED: _date(row), "Group in the table": row["group"],
                "Counted": "no event: died by the participant file"}  # fmt: skip
        rows.append(tuple(told.get(header) for header in headers))
    return replace(listing, headers=headers, rows=tuple(rows))


def _date(row: Typed) -> str | None:
    died = day(row, "death_date")
    return died.isoformat() if died else None


def _notes(study: Study) -> Iterator[str]:
    yield "Every row of the log that the list is about; Counted says whether the tables count it."
    if study.has("start", "participant.first_dose"):
        yield "Study day: the first dose is on day 1, and the day before it is -1."
