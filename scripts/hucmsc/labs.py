"""The laboratory results of the sample study: drawn by dice of their own, but for the story.

A result is the level of that day with a little chance upon it. Levels go in a straight line from
one point to the next; the points of the story are written down, and met exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from hucmsc.drawn import Dice
from hucmsc.study import SIX_MONTHS, Event, Participant

SEED = 20220905

# Test: unit, decimals, limits of a man and of a woman, range at screening, change in 24 weeks.
# Decompensated cirrhosis: most start outside the limits. Ranges are multiples of the upper limit
# where that is marked, else results; the change is a range of factors.
TESTS = {
    "ALT": ("U/L", 0, ("9", "50"), ("7", "40"), "x ULN", (0.7, 1.9), (0.6, 1.4)),
    "AST": ("U/L", 0, ("15", "40"), ("13", "35"), "x ULN", (0.8, 2.2), (0.65, 1.05)),
    "ALP": ("U/L", 0, ("45", "125"), ("45", "125"), "x ULN", (0.7, 1.6), (0.8, 1.1)),
    "Total bilirubin": (
        "umol/L", 1, ("3.4", "20.5"), ("3.4", "20.5"), "x ULN", (0.8, 2.2), (0.65, 1.1)),
    "Albumin": ("g/L", 1, ("35", "55"), ("35", "55"), "", (27, 39), (1.0, 1.15)),
    "INR": ("", 2, ("0.8", "1.2"), ("0.8", "1.2"), "", (1.0, 1.7), (0.88, 1.03)),
    "PTA": ("%", 0, ("70", "130"), ("70", "130"), "", (0, 0), (1.0, 1.0)),  # told by the INR
    "Platelets": ("10^9/L", 0, ("125", "350"), ("125", "350"), "", (62, 158), (0.95, 1.15)),
}  # fmt: skip
DECLINE = {"Albumin": 0.92, "Platelets": 0.97}  # of those who died; all other tests rise
RISE = 1.15

SCREENING = 0  # the day of its points, whenever it was
VISITS = {"Week 1": 8, "Week 2": 15, "Week 4": 29, "Week 8": 57, "Week 12": 85, "Week 24": 169}
LAB_TERMS = {
    "Alanine aminotransferase increased": "ALT",
    "Aspartate aminotransferase increased": "AST",
    "Blood bilirubin increased": "Total bilirubin",
    "Hypoalbuminemia": "Albumin",
    "Platelet count decreased": "Platelets",
}
FOLLOW_UP = {(11, 36), (21, 124)}  # samples taken again, beside those on the day of an event

# The story: (participant, test) and its points, study day and result.
POINTS = {
    # The events of the log: each has a result of its grade on its first day.
    (3, "Total bilirubin"): ((0, 32.8), (6, 43.1), (15, 38.5), (29, 32.0), (57, 50.2)),
    (3, "INR"): ((0, 1.52), (29, 1.6), (57, 2.31)),
    (6, "Albumin"): ((0, 37.4), (8, 36.2), (20, 31.8), (29, 33.1), (57, 37.0), (169, 38.6)),
    (7, "Total bilirubin"): ((0, 22.6), (29, 24.0), (52, 43.4), (57, 41.0), (85, 24.5)),
    (12, "Total bilirubin"): ((0, 26.7), (15, 27.5), (18, 36.2), (57, 33.0), (169, 30.5)),
    (21, "Total bilirubin"): ((0, 28.7), (29, 31.0), (41, 52.6), (57, 48.0), (85, 45.5),
                              (110, 60.3), (124, 58.0), (169, 47.7)),
    (21, "ALT"): ((0, 65), (85, 72), (110, 391), (124, 268), (169, 158)),
    (22, "Platelets"): ((0, 88), (29, 79), (40, 38), (57, 71), (169, 90)),
    # Put there to be found: AST of grade 2 beside an event of grade 1 ...
    (8, "AST"): ((0, 47), (29, 52), (46, 154), (57, 96), (85, 70), (169, 55)),
    # ... and ALT of grade 3 in a participant without any event.
    (11, "ALT"): ((0, 41), (15, 46), (29, 312), (36, 124), (57, 48), (169, 40)),
    # What goes with these, in the same samples.
    (8, "ALT"): ((0, 58), (29, 60), (46, 121), (57, 84), (169, 57)),
    (8, "Total bilirubin"): ((0, 21.9), (169, 19.0)),
    (11, "AST"): ((0, 36), (15, 39), (29, 148), (36, 70), (57, 38), (169, 35)),
    (11, "Total bilirubin"): ((0, 19.2), (29, 24.4), (57, 20.0), (169, 18.8)),
    (21, "AST"): ((0, 48), (85, 52), (110, 176), (124, 139), (169, 98)),
}  # fmt: skip

# Samples that gave no result: the row is there, the result is not.
BLANK = {
    (2, "Week 4", "INR"), (2, "Week 4", "PTA"), (9, "Week 24", "Albumin"), (13, "Week 8", "ALT"),
    (16, "Week 2", "Total bilirubin"), (19, "Screening", "Platelets"), (23, "Week 12", "Platelets"),
}  # fmt: skip

Points = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Result:
    participant: int
    visit: str
    day: int
    test: str
    value: Decimal | None
    lower: Decimal
    upper: Decimal


def results(people: list[Participant], log: list[Event]) -> list[Result]:
    """All results by participant, visit and test."""
    dice = Dice(SEED)
    return [result for person in people for result in of_participant(person, log, dice)]


def of_participant(person: Participant, log: list[Event], dice: Dice) -> Iterator[Result]:
    levels = {test: points(person, test, dice) for test in TESTS}
    for visit, planned, day in visits(person, log, dice):
        measured = {test: sample(levels[test], planned, test, dice) for test in TESTS}
        measured["PTA"] = prothrombin_activity(measured["INR"], dice)
        for test, value in measured.items():
            lower, upper = limits(person, test)
            blank = (person.number, visit, test) in BLANK
            yield Result(
                person.number, visit, day, test, None if blank else value, lower, upper
            )  # fmt: skip


def visits(person: Participant, log: list[Event], dice: Dice) -> list[tuple[str, int, int]]:
    """Name, day as planned and day as it was of every visit that the participant lived to see."""
    found = [("Screening", SCREENING, dice.between(-8, -2))]
    for name, planned in VISITS.items():
        late = dice.between(-2, 2) if 15 < planned < 169 else dice.between(-4, 0)
        found.append((name, planned, planned if planned <= 15 else planned + late))
    days = {e.start for e in log if e.participant == person.number and e.term in LAB_TERMS}
    days |= {day for number, day in FOLLOW_UP if number == person.number}
    found += [("Unscheduled", day, day) for day in days - {day for _, _, day in found}]
    return sorted((v for v in found if v[2] <= person.last_day), key=lambda visit: visit[2])


def points(person: Participant, test: str, dice: Dice) -> Points:
    """The points of the story, else a level at screening and one after 24 weeks."""
    _, _, _, _, scale, (low, high), change = TESTS[test]
    start = uniform(low, high, dice) * (float(limits(person, test)[1]) if scale else 1)
    factor = uniform(*change, dice)
    if (person.death_day or 999) <= SIX_MONTHS:
        factor = DECLINE.get(test, RISE)
    return POINTS.get((person.number, test), ((SCREENING, start), (169, start * factor)))


def sample(course: Points, day: int, test: str, dice: Dice) -> Decimal:
    """The level of a day with up to 7 % of chance; a point that is written down as it is."""
    chance = uniform(0.93, 1.07, dice)
    return rounded(level(course, day) * (1 if day in dict(course) else chance), test)


def level(course: Points, day: int) -> float:
    """Along the line between the points before and after a day; level before and after all."""
    before = max((p for p in course if p[0] <= day), default=course[0])
    after = min((p for p in course if p[0] >= day), default=course[-1])
    share = (day - before[0]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
    return before[1] + share * (after[1] - before[1])


def prothrombin_activity(inr: Decimal, dice: Dice) -> Decimal:
    """In per cent of normal: about 95 at an INR of 1.0, and 50 at 1.7."""
    return rounded(95 * float(inr) ** -1.2 * uniform(0.97, 1.03, dice), "PTA")


def limits(person: Participant, test: str) -> tuple[Decimal, Decimal]:
    lower, upper = TESTS[test][2 if person.sex == "M" else 3]
    return Decimal(lower), Decimal(upper)


def rounded(number: float, test: str) -> Decimal:
    return Decimal(f"{number:.{TESTS[test][1]}f}")


def uniform(low: float, high: float, dice: Dice) -> float:
    return low + (high - low) * dice.between(0, 1000) / 1000
