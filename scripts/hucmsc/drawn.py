"""The ordinary rest of the sample study: participants and events, drawn by seeded dice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hucmsc.study import EVENTS_PLANNED, FIRST_WEEK, SPECIAL, TERMS, Event, Participant

SEED = 5442437

EARLY = ("Fever", "Fever", "Chills", "Fatigue", "Headache", "Nausea", "Dizziness")
LATER = (
    "Abdominal distension",
    "Alanine aminotransferase increased",
    "Anorexia",
    "Ascites",
    "Aspartate aminotransferase increased",
    "Blood bilirubin increased",
    "Cough",
    "Diarrhea",
    "Edema limbs",
    "Hypoalbuminemia",
    "Hypokalemia",
    "Hyponatremia",
    "Insomnia",
    "Muscle cramp",
    "Platelet count decreased",
    "Pruritus",
    "Upper respiratory infection",
    "White blood cell decreased",
)


class Dice:
    """Choices that rest on `random()` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def between(self, low: int, high: int) -> int:
        return low + int(self._random() * (high - low + 1))

    def pick(self, choices: Sequence[Any]) -> Any:
        return choices[self.between(0, len(choices) - 1)]


def participants(dice: Dice) -> list[Participant]:
    """24 in order of entry, one or two weeks apart; a pause before each higher dose."""
    people, day = [], FIRST_WEEK
    for number in range(1, 25):
        weekday = timedelta(days=dice.between(0, 4))
        sex, age = dice.pick("MMF"), dice.between(36, 67)
        people.append(Participant(number, day + weekday, sex, age))
        day += timedelta(weeks=dice.between(1, 2) + (4 if number % 8 == 0 else 0))
    return people


def events(people: list[Participant], dice: Dice) -> list[Event]:
    """The whole log, by participant and start."""
    log: list[Event] = []
    for person, planned in zip(people, EVENTS_PLANNED, strict=True):
        own = [event for event in SPECIAL if event.participant == person.number]
        while len(own) < planned:
            own.append(ordinary(person, {event.term for event in own}, dice))
        log += sorted(own, key=lambda event: (event.start, event.term))
    return log


def ordinary(person: Participant, taken: set[str], dice: Dice) -> Event:
    """An event like most: after an infusion and short, or of the disease and slow."""
    early = dice.between(1, 10) <= 4
    term = dice.pick([term for term in (EARLY if early else LATER) if term not in taken])
    grade = dice.pick([g for g in (1, 1, 1, 1, 1, 2, 2, 2, 3, 3) if g in TERMS[term][1]])
    start, end, outcome = (course_early if early else course_later)(person, dice)
    related = ("Possible", "Probable", "Definite") if early else ("Not related",) * 3 + (
        "Unlikely", "Unlikely", "Possible")  # fmt: skip
    action = "Dose not changed" if start <= person.infusions[-1] else "Not applicable"
    treated = "Yes" if grade > dice.between(1, 2) else "No"
    return Event(
        person.number, term, grade, start, end, "", dice.pick(related), action, treated, outcome
    )


def course_early(person: Participant, dice: Dice) -> tuple[int, int | None, str]:
    start = dice.pick(person.infusions) + dice.between(0, 1)
    return start, start + dice.between(0, 3), "Recovered"


def course_later(person: Participant, dice: Dice) -> tuple[int, int | None, str]:
    """Start, end and outcome. Who died had recovered by then, or had not and never did."""
    start = dice.between(3, min(145, person.last_day - 20))
    end = start + dice.between(4, 30)
    outcome = dice.pick(("Recovered",) * 6 + ("Recovering", "Not recovered", "Not recovered"))
    if person.death_day and (outcome == "Recovering" or end >= person.death_day):
        outcome = "Not recovered"
    return start, end if outcome == "Recovered" else None, outcome
