"""What must be true of the sample study, or it is not written."""

from __future__ import annotations

from itertools import combinations

from hucmsc.study import CUT_OFF, GROUPS, SIX_MONTHS, TERMS, WINDOW, Event, Participant


def check(people: list[Participant], log: list[Event]) -> None:
    """Refuse a study that does not have the shape it should, or holds a mistake."""
    by_number = {person.number: person for person in people}
    for event in log:
        assert consistent(event, by_number[event.participant]), event
    for a, b in combinations(log, 2):
        same = (a.participant, a.term) == (b.participant, b.term)
        assert not same or (a.end is not None and a.end < b.start), (a, b)
    assert [sum(p.group == group for p in people) for group in GROUPS] == [8, 8, 8]
    assert all(p.on(p.last_day) <= CUT_OFF for p in people)
    assert all(p.last_day > SIX_MONTHS for p in people if not p.death_day)
    early_deaths = [p.group for p in people if p.death_day and p.death_day <= SIX_MONTHS]
    assert [early_deaths.count(group) for group in GROUPS] == [2, 2, 0]
    assert 45 <= len(log) <= 60 and sum(event.serious == "Yes" for event in log) == 3
    assert 0.7 < sum(event.grade <= 2 for event in log) / len(log) < 0.8


def consistent(event: Event, person: Participant) -> bool:
    """What a clean record is. A death is fatal, serious, grade 5, and ends on its day."""
    fatal = event.outcome == "Fatal"
    ended = event.outcome in ("Recovered", "Fatal")
    return (
        event.grade in TERMS[event.term][1]
        and 1 <= event.start <= WINDOW
        and (event.end is not None) == ended
        and event.start <= (event.end or event.start) <= person.last_day
        and fatal == (event.grade == 5) == ("Death" in event.criteria)
        and (not fatal or event.end == person.death_day)
        and (event.grade < 4 or event.serious == "Yes")
    )
