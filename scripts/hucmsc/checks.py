"""What must be true of the sample study, or it is not written."""

from __future__ import annotations

from itertools import combinations

from hucmsc.grades import GRADED, grade
from hucmsc.lab_counts import Course, Courses, courses, screen
from hucmsc.labs import LAB_TERMS, Result
from hucmsc.study import CUT_OFF, GROUPS, SIX_MONTHS, TERMS, WINDOW, Event, Participant

# Put there to be found, of participant and test, with the grade of the laboratory: an event that
# has another grade, a result that has no event, and the one who meets Hy's law.
OTHER_GRADE = {(8, "AST"): 2}
NO_EVENT = {(11, "ALT"): 3}
HYS_LAW = {21}


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


def check_labs(people: list[Participant], log: list[Event], results: list[Result]) -> None:
    """Refuse laboratory results that disagree with the log elsewhere than where they should."""
    last = {person.number: person.last_day for person in people}
    found = courses(results)
    own = [event for event in log if event.term in LAB_TERMS]
    assert all(result.day <= last[result.participant] for result in results)
    assert all(len(found[person.number, test].later) > 2 for person in people for test in GRADED)
    for event in own:
        check_supported(event, found)
    silent = [
        ((result.participant, result.test), worst_of(result, course))
        for course in found.values()
        for result in course.later
        if result.test in GRADED and severe(result, course) and not reported(result, own)
    ]
    assert silent == list(NO_EVENT.items()), silent
    inr = [r.value for (_, test), c in found.items() if test == "INR" for r in c.later]
    assert max(value for value in inr if value) <= 2.5
    hys_law = next(claim for key, _, claim in screen(found) if key == "liver_both")
    assert {person.number for person in people if hys_law(person)} == HYS_LAW


def check_supported(event: Event, found: Courses) -> None:
    """A laboratory event has a result of its grade on its first day, and none above in its days."""
    during = grades_during(event, found)
    wanted = OTHER_GRADE.get((event.participant, LAB_TERMS[event.term]), event.grade)
    assert during[0] == (event.start, wanted), (event, during)
    assert max(grade for _, grade in during) == wanted, (event, during)


def grades_during(event: Event, found: Courses) -> list[tuple[int, int]]:
    """Day and CTCAE grade of the results of an event's test, from its first day to its last."""
    course = found[event.participant, LAB_TERMS[event.term]]
    days = range(event.start, (event.end or 9999) + 1)
    return [(r.day, grade(r, course.baseline)) for r in course.later if r.day in days]


def severe(result: Result, course: Course) -> bool:
    """Whether a result is of grade 3 or 4, by baseline or by the limits, and worse than before."""
    worse = course.baseline is None or grade(result) > grade(course.baseline)
    return worst_of(result, course) >= 3 and worse


def worst_of(result: Result, course: Course) -> int:
    """The CTCAE grade or, where that is higher, the one against the limits alone."""
    return max(grade(result, course.baseline), grade(result))


def reported(result: Result, log: list[Event]) -> bool:
    """Whether an event of the result's term was going on that day."""
    return any(
        event.participant == result.participant
        and LAB_TERMS[event.term] == result.test
        and event.start <= result.day <= (event.end or 9999)
        for event in log
    )
