"""The numbers that a program must find in the laboratory results, counted without ae-cli."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sample_files import markdown

from hucmsc.grades import grade
from hucmsc.labs import Result
from hucmsc.study import GROUPS, Participant

TABLED = {
    "ALT": "alanine_aminotransferase_increased",
    "Total bilirubin": "blood_bilirubin_increased",
    "Platelets": "platelet_count_decreased",
}
DAYS = 30  # from the enzyme to the bilirubin


@dataclass
class Course:
    """The results of one participant and test that have a value."""

    baseline: Result | None = None
    later: list[Result] = field(default_factory=list)

    @property
    def worst(self) -> int:
        return max(map(grade, self.later))

    @property
    def worse(self) -> bool:
        return self.baseline is not None and self.worst > grade(self.baseline)

    def raised(self, times: int, of_baseline: bool) -> list[Result]:
        """The results of at least so many times the upper limit, or the baseline."""
        if of_baseline:
            start = self.baseline.value if self.baseline else None
            return [r for r in self.later if start and r.value and r.value >= times * start]
        return [r for r in self.later if r.value and r.value >= times * r.upper]


Courses = dict[tuple[int, str], Course]
Claim = Callable[[Participant], bool]


def courses(results: list[Result]) -> Courses:
    """By participant and test. The screening visit is the baseline; all others come after it."""
    found: Courses = {}
    for result in results:
        course = found.setdefault((result.participant, result.test), Course())
        if result.value is None:
            continue
        if result.visit == "Screening":
            course.baseline = result
        else:
            course.later.append(result)
    return found


def lab_table(people: list[Participant], results: list[Result]) -> str:
    """The laboratory counts as the README shows them."""
    lines = [(label, f"`{key}`", *cells) for key, label, cells in lab_counts(people, results)]
    return markdown(["Laboratory", "row", *GROUPS, "Total"], lines)


def lab_counts(
    people: list[Participant], results: list[Result]
) -> list[tuple[str, str, list[str]]]:
    """Key, label and a number for each group and the total."""
    found = courses(results)
    claims = [claim for test in TABLED for claim in shifts(found, test)] + screen(found)
    columns = [[p for p in people if p.group == group] for group in GROUPS] + [people]
    return [
        (key, label, [str(sum(map(is_so, c))) for c in columns]) for key, label, is_so in claims
    ]


def shifts(found: Courses, test: str) -> list[tuple[str, str, Claim]]:
    """Who has a result at baseline and after it, and the worst grade after it by the limits."""
    key = TABLED[test]

    def both(p: Participant) -> bool:
        course = found[p.number, test]
        return course.baseline is not None and bool(course.later)

    def worst_is(wanted: int) -> Claim:
        return lambda p: both(p) and found[p.number, test].worst == wanted

    return [
        (f"{key}_both", f"{test}, at baseline and later", both),
        *((f"{key}_*_{g}", f"{test}, worst grade {g} later", worst_is(g)) for g in range(5)),
        (f"{key}_emergent", f"{test}, worse than at baseline",
         lambda p: both(p) and found[p.number, test].worse),
    ]  # fmt: skip


def screen(found: Courses) -> list[tuple[str, str, Claim]]:
    """The screen for severe liver injury, by the upper limit and by baseline."""

    def enzymes(p: Participant, own: bool) -> list[Result]:
        return [r for test in ("ALT", "AST") for r in found[p.number, test].raised(3, own)]

    def bilirubin(p: Participant, own: bool) -> list[Result]:
        return found[p.number, "Total bilirubin"].raised(2, own)

    def both(p: Participant, own: bool) -> bool:
        pairs = [(e, b) for e in enzymes(p, own) for b in bilirubin(p, own)]
        return any(0 <= b.day - e.day <= DAYS for e, b in pairs)

    return [
        (f"liver_{name}{ending}", f"{label} {of}".strip(), lambda p, c=claim, o=own: bool(c(p, o)))
        for own, ending, of in ((False, "", "x ULN"), (True, "_base", "x baseline"))
        for name, label, claim in (
            ("enzymes", "ALT or AST at least 3", enzymes),
            ("bilirubin", "bilirubin at least 2", bilirubin),
            ("both", "both, bilirubin within 30 days after,", both),
        )
    ]
