"""Dose-limiting toxicities of the evaluable, and what the study's design says of each dose.

The design is the study's, as study.toml states it under [dlt]: the table says what it would have
one do, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from ae_cli.errors import InputError
from ae_cli.findings import Listing, Report
from ae_cli.reports.footnotes import event_notes
from ae_cli.reports.group import dose_limiting
from ae_cli.reports.tally import across_groups
from ae_cli.statistics import boin_bounds, excess
from ae_cli.study import Study
from ae_cli.study.groups import NO_GROUP
from ae_cli.table import Rate, Row, Table

COHORT, BOTH = 3, 6  # participants of a cohort of 3+3, and of two
NEXT = "go on to the next dose"
SURE = 0.95  # of BOIN: above it a dose is given up


def without_dlt(study: Study) -> InputError | None:
    """Why there is no table of dose-limiting toxicities; None where there is one."""
    if study.has("dlt", "participant.dlt_evaluable"):
        return None
    missing = "column of dose-limiting toxicities (DLT)"
    if study.has("dlt"):
        missing = "participant file that says who was evaluable for DLT"
    return InputError(
        f"there is no {missing}", "the log needs a column DLT, the participant file DLT evaluable"
    )


def by_dlt(study: Study) -> tuple[Row, ...]:
    """The evaluable, those of them with a DLT, and those whose window is open."""
    return across_groups(study, dose_limiting(evaluable=True))


def design_listing(study: Study) -> tuple[Listing, ...]:
    """What the design says of each dose group; nothing without a design."""
    design = study.config.dlt.design
    if design is None:
        return ()
    rows = {row.key: row for row in by_dlt(study)}
    found = []
    groups = [(i, c) for i, c in enumerate(study.columns[:-1]) if c.name != NO_GROUP]
    for i, column in groups:
        hit, waiting = rows["dlt"].cells[i], rows["dlt_pending"].cells[i]
        n, of = (hit.n, hit.N or 0) if isinstance(hit, Rate) else (0, 0)
        open_ = waiting.n if isinstance(waiting, Rate) else 0
        said = STATES[design](study, n, of) if of else "nobody is evaluable yet"
        if said == NEXT and column is groups[-1][1]:
            said = "it may go on; there is no higher dose"
        found.append((column.label, of, n, open_, said + _wait(open_)))
    headers = ("Group", "Evaluable", "With DLT", "Window open", "By the design")
    return (Listing("Design", f"Status by the design: {_name(study)}", headers, tuple(found)),)


def _wait(open_: int) -> str:
    return f"; {open_} more may change it" if open_ else ""


def _name(study: Study) -> str:
    dlt = study.config.dlt
    if dlt.design == "3+3":
        return "3+3"
    if dlt.design == "boin":
        bounds = boin_bounds(dlt.target)
        return f"BOIN, target {dlt.target:g} (bounds {bounds.lower:.3f} and {bounds.upper:.3f})"
    a, b = dlt.prior
    return f"stop where P(rate > {dlt.limit:g}) > {dlt.cutoff:g}, prior Beta({a:g}, {b:g})"


def _three(study: Study, n: int, of: int) -> str:
    """3+3, as it is usually written: none of 3 or at most one of 6 goes on."""
    if n > 1:
        return "above the maximum tolerated dose: two or more with a DLT"
    if of > BOTH:
        return f"no rule: more than {BOTH} are evaluable"
    if of == BOTH or (of == COHORT and n == 0):
        return NEXT
    if of == COHORT:
        return f"{COHORT} more at this dose"
    cohort = COHORT if of < COHORT else BOTH
    return f"cohort not complete: {of} of {cohort} evaluable"


def _boin(study: Study, n: int, of: int) -> str:
    target = study.config.dlt.target
    bounds = boin_bounds(target)
    if of >= COHORT and excess(n, of, target) > SURE:
        return f"give this dose and those above up: P(rate > {target:g}) > {SURE:g}"
    if n / of <= bounds.lower:
        return NEXT
    return "back to the dose below" if n / of >= bounds.upper else "stay at this dose"


def _bayes(study: Study, n: int, of: int) -> str:
    dlt = study.config.dlt
    found = excess(n, of, dlt.limit, dlt.prior)
    return f"{'stop' if found > dlt.cutoff else 'go on'}: P(rate > {dlt.limit:g}) = {found:.3f}"


STATES = {"3+3": _three, "boin": _boin, "bayes": _bayes}


def dlt_notes(study: Study, table: Table, findings: Report) -> tuple[str, ...]:
    """The footnotes of events, and what the design is."""
    return (*event_notes(study, table, findings), *_notes(study))


def _notes(study: Study) -> Iterator[str]:
    yield (
        "Evaluable: as the participant file says, and whoever had a dose-limiting toxicity. Whose "
        "window is open counts in neither."
    )
    design = study.config.dlt.design
    if design is None:
        yield "No design: study.toml names none under [dlt]."
    elif design == "boin":
        yield (
            "BOIN: Liu and Yuan (2015), alternatives 0.6 and 1.4 times the target; a dose is given "
            f"up where P(rate > target) > {SURE:g} by a Beta(1, 1) prior and {COHORT} or more are "
            "evaluable."
        )
    if design:
        yield "The status is what the design would have one do; it decides nothing."
