"""The numbers that a program must find in the sample study, counted without ae-cli."""

from __future__ import annotations

from collections.abc import Callable

from sample_files import markdown

from hucmsc.study import GROUPS, NOT_EVALUABLE, SIX_MONTHS, Event, Participant


def table(people: list[Participant], log: list[Event]) -> str:
    """The counts as the README shows them."""
    lines = [
        (label, f"`{key}`" if key else "", *cells) for key, label, cells in counts(people, log)
    ]
    return markdown(["", "row", *GROUPS, "Total"], lines)


def counts(people: list[Participant], log: list[Event]) -> list[tuple[str, str, list[str]]]:
    """Key, label and a text for each group and the total: the numbers the program must find."""
    columns = [[p for p in people if p.group == group] for group in GROUPS] + [people]

    def each(count: Callable[[list[Participant], list[Event]], object]) -> list[str]:
        numbers = [{p.number for p in some} for some in columns]
        own = [[event for event in log if event.participant in some] for some in numbers]
        return [str(count(p, e)) for p, e in zip(columns, own, strict=True)]

    def with_event(wanted: Callable[[Event], bool]) -> list[str]:
        return each(lambda _, e: len({x.participant for x in e if wanted(x)}))

    def number_of(wanted: Callable[[Event], bool]) -> list[str]:
        return each(lambda _, e: sum(map(wanted, e)))

    def worst(e: list[Event]) -> list[int]:
        return [max(x.grade for x in e if x.participant == p) for p in {x.participant for x in e}]

    def worst_is(*grades: int) -> list[str]:
        return each(lambda _, e: sum(grade in grades for grade in worst(e)))

    def grade_is(grade: int) -> list[str]:
        return number_of(lambda e: e.grade == grade)

    def related(event: Event) -> bool:
        return event.related in ("Possible", "Probable", "Definite")

    fatal = {event.participant for event in log if event.outcome == "Fatal"}
    return [
        ("N", "Participants", each(lambda p, _: len(p))),
        ("any_ae", "with any event", with_event(lambda e: True)),
        ("no_ae", "with none", each(lambda p, e: len(p) - len({x.participant for x in e}))),
        *((f"worst_grade_{g}", f"worst grade {g}", worst_is(g)) for g in range(1, 6)),
        ("worst_grade_1_2", "worst grade 1 or 2", worst_is(1, 2)),
        ("worst_grade_3_plus", "worst grade 3 or more", worst_is(3, 4, 5)),
        ("any_grade_1_2", "any event of grade 1 or 2", with_event(lambda e: e.grade <= 2)),
        ("any_grade_3_plus", "any event of grade 3 or more", with_event(lambda e: e.grade >= 3)),
        ("any_sae", "any serious event", with_event(lambda e: bool(e.criteria))),
        ("sae_death", "serious: death", with_event(lambda e: "Death" in e.criteria)),
        ("sae_life_threatening", "serious: life-threatening",
         with_event(lambda e: "Life" in e.criteria)),
        ("sae_hospitalisation", "serious: hospitalisation",
         with_event(lambda e: "Hosp" in e.criteria)),
        ("any_related", "any related event", with_event(related)),
        ("related_grade_3_plus", "any related event of grade 3 or more",
         with_event(lambda e: related(e) and e.grade >= 3)),
        ("related_sae", "any related serious event",
         with_event(lambda e: related(e) and bool(e.criteria))),
        ("dose_interrupted", "infusion interrupted",
         with_event(lambda e: e.action == "Drug interrupted")),
        ("dose_delayed", "infusion delayed", with_event(lambda e: e.action == "Dose delayed")),
        ("drug_withdrawn", "infusions stopped",
         with_event(lambda e: e.action == "Drug withdrawn")),
        ("treatment_given", "any event that was treated",
         with_event(lambda e: e.treated == "Yes")),
        ("dlt", "dose-limiting toxicity, of the evaluable", each(dlt)),
        ("fatal_ae", "fatal event", with_event(lambda e: e.outcome == "Fatal")),
        ("deaths", "died, to the cut-off", each(lambda p, _: sum(bool(x.death_day) for x in p))),
        ("deaths_without_fatal_ae", "died without a fatal event",
         each(lambda p, _: sum(bool(x.death_day) and x.number not in fatal for x in p))),
        ("", "alive at six months",
         each(lambda p, _: sum((x.death_day or 999) > SIX_MONTHS for x in p))),
        ("events", "Events", number_of(lambda e: True)),
        *((f"events_grade_{g}", f"of grade {g}", grade_is(g)) for g in range(1, 6)),
        ("events_grade_1_2_share", "share of grade 1 or 2", each(share)),
        ("events_serious", "serious", number_of(lambda e: bool(e.criteria))),
    ]  # fmt: skip


def dlt(people: list[Participant], log: list[Event]) -> str:
    evaluable = [p for p in people if p.number not in NOT_EVALUABLE]
    return f"{sum(event.dlt == 'Yes' for event in log)} of {len(evaluable)}"


def share(people: list[Participant], log: list[Event]) -> str:
    return f"{sum(event.grade <= 2 for event in log)} of {len(log)}"
