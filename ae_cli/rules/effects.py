"""What a finding changes in the table by dose group: which of its numbers, and how.

Said of the rules below; of any other a finding changes no number, or none that can be named.
`{where}` is the dose group whose column is meant. A row that is not counted changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from ae_cli.rules.rule import Row, Says
from ae_cli.study.counting import NOT_FLAGGED

LOST = "in no number of the table"
ANY_SAE = "'Any serious adverse event'"
UNGRADED = "counted as ungraded; the rows by grade are minimums"
UNANSWERED = f"{ANY_SAE} and the rows by seriousness are minimums"
UNRELATED = "'Any related adverse event' is a minimum"


def _copies(row: Row) -> str:
    more = sum(1 for each in row["rows"] if each.get("excluded") is None) - 1
    return f"the number of events may be {more} too large" if more > 0 else ""


def _episode(row: Row) -> str:
    grades = [each["grade"] for each in row["rows"] if each["grade"] is not None]
    one = f"1 event of grade {max(grades)}" if grades else "1 ungraded event"
    if row["in_study"].config.episodes == "joined" and row["split"]:
        return f"counted as {one}; as rows it would be {row['count']} events"
    return f"counted as {row['count']} events; as one episode it would be {one}"


def _flag(row: Row) -> str:
    if row["excluded"] not in (None, NOT_FLAGGED):
        return f"none: the row is not counted ({row['excluded']})"
    return "counted, by the flag" if row["excluded"] is None else "not counted, by the flag"


def _unexplained(row: Row) -> str:
    return "'Deaths without a fatal event' counts the participant" if row["counted"] else ""


EVENTS: Mapping[str, Says] = {
    "AE-REQ-08": UNGRADED,
    "AE-REQ-09": UNANSWERED,
    "AE-REQ-12": UNRELATED,
    "AE-XRC-02": _copies,
    "AE-XRC-07": _episode,
    "AE-CTC-09": _episode,
    "AE-XFD-01": f"{ANY_SAE} may lack it",
    "AE-XFD-06": "counted as a fatal event, and not among grade 5",
    "AE-XFD-07": f"counted as a fatal event; {ANY_SAE} lacks it",
    "AE-XFD-41": "counted as an event",
    "AE-XDS-43": "counted in {where}, not in {arm}",
    "AE-XDS-44": "counted in the group of each row; Total has the participant once",
}
OUTSIDE: Mapping[str, Says] = {  # of rows that are not counted, because of what was found
    "AE-REQ-01": LOST,
    "AE-XDS-01": LOST,
    "AE-TIM-10": f"{LOST}: after the cut-off",
    "AE-XDS-24": _flag,
}
PEOPLE: Mapping[str, Says] = {
    "AE-XDS-02": "N has the participant once, in the group of the first row",
    "AE-XDS-03": "the participant is in Total, and in no dose group's column",
    "AE-XDS-04": "the participant is in the column of {group}",
    "AE-XDS-07": _unexplained,
    "AE-XDS-19": "the participant is in N and in 'No adverse event'",
    "AE-XDS-42": "N depends on it",
}
CELLS: Mapping[str, str] = {
    "grade": UNGRADED,
    "serious": UNANSWERED,
    "related": UNRELATED,
    "start": "the event counts unless it is certainly outside",
}


def effect(rule: str, row: Row) -> str:
    """What a finding about a record changes; nothing where no number can be named."""
    if rule in OUTSIDE:
        return _words(OUTSIDE[rule], row)
    if rule in PEOPLE:
        return _words(PEOPLE[rule], row)
    if rule not in EVENTS:
        return ""
    if all(each.get("excluded") for each in row["rows"]):
        return f"none: the row is not counted ({row['excluded']})"
    where = row.get("group")
    told = _words(EVENTS[rule], row)
    return f"{where}: {told}" if told and where and "{where}" not in str(EVENTS[rule]) else told


def effect_of_cell(field: str, read_as: str | None) -> str:
    """What a cell that could not be understood changes."""
    return CELLS.get(field, "") if read_as is None else ""


def _words(says: Says, row: Row) -> str:
    if callable(says):
        return says(row)
    return says.format_map({**row, "where": row.get("group")})
