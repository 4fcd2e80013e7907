"""Every rule there is, and how a study is checked against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ae_cli.findings import (
    Excluded,
    FileReport,
    Finding,
    Listing,
    Outcome,
    Report,
    RuleOutcome,
)
from ae_cli.read import NO_FILE
from ae_cli.rules import (  # each import fills the registry
    cells,
    clocks,
    coded,
    dates,
    days,
    death,
    deaths_elsewhere,
    deaths_in_disposition,
    disposition,
    duplicates,
    ends,
    exposure,
    grade,
    labs,
    meddra,
    pairs,
    participants,
    plausible,
    reconciliation,
    required,
    seriousness,
    severity,
    sites,
    standard,
    study_files,
    terms,
    texts,
    unanswered,
)
from ae_cli.rules.chosen import off, rules_of, said_of, select
from ae_cli.rules.deaths import disagreeing
from ae_cli.rules.engine import Verdict, not_checked, run
from ae_cli.rules.locate import in_cells, located
from ae_cli.rules.names import rule_id
from ae_cli.rules.own import strange_groups
from ae_cli.rules.questions import Language
from ae_cli.rules.rule import NOTE, RULES, Example, Rule
from ae_cli.study import Study, zones

__all__ = ["RULES", "Example", "Rule", "check", "off", "rule_id", "rules_of", "unchecked"]


def check(
    study: Study,
    only: Sequence[str] = (),
    ignore: Sequence[str] = (),
    language: Language | None = None,
) -> Report:
    """Check a study against every rule, or `only` some. Raises InputError for an unknown rule.

    A rule that is off in study.toml is not run, unless `only` names it. Findings have a question
    for the site where its `language` is said.
    """
    rules = rules_of(study.config)
    chosen = select(rules, only, ignore)
    turned_off = {} if only else off(study.config, rules)
    running = [rule for rule in chosen if rule.id not in turned_off]
    verdicts, broken = located(study, run(study, running), language)
    on_cells = [rule for rule in running if rule.kind == "cell"]
    crashed, in_text = in_cells(study, on_cells, language)
    found = [*in_text, *broken]
    counts = Counter(finding.rule for finding in found)
    by_id = {v.rule.id: v for v in (*verdicts, *crashed)}
    by_id |= {r.id: Verdict(r, Outcome.OFF, (), turned_off[r.id]) for r in chosen
              if r.id in turned_off}  # fmt: skip
    outcomes = tuple(_outcome(study, rule, by_id.get(rule.id), counts[rule.id]) for rule in chosen)
    excluded = _excluded(study)
    listings, failed = ((), ()) if only else _together(study)
    return Report(
        files=_files(study, excluded),
        excluded=excluded,
        findings=tuple(sorted(found, key=_order)),
        rules=(*outcomes, *failed),
        notes=(*_notes(study), *said_of(study.config, chosen, bool(only))),
        listings=listings,
    )


TOGETHER = {"deaths": disagreeing, "seriousness": severity.cross_table, "sites": sites.listed}


def _together(study: Study) -> tuple[tuple[Listing, ...], tuple[RuleOutcome, ...]]:
    """What findings come to together, where there is something to say; and what failed: our bug."""
    listings, failed = [], []
    for name, made in TOGETHER.items():
        try:
            listings.append(made(study))
        except Exception as error:  # the findings are whole without it
            reason = f"a bug of ours ({type(error).__name__})"
            title = f"The listing of {name}"
            failed.append(RuleOutcome(title, title, NOTE, Outcome.CRASHED, reason=reason))
    return tuple(each for each in listings if each.rows), tuple(failed)


def read_only(study: Study) -> Report:
    """What was read and excluded, no rule being asked: of laboratory results without events."""
    excluded = _excluded(study)
    return Report(files=_files(study, excluded), excluded=excluded, findings=(), rules=())


def unchecked(study: Study) -> dict[str, list[str]]:
    """The rules that cannot be checked in this study, under the reason they share."""
    found: dict[str, list[str]] = {}
    rules = rules_of(study.config)
    turned_off = off(study.config, rules)
    for rule in rules.values():
        if rule.id in turned_off:
            continue
        if reason := not_checked(study, rule) or _cell_not_checked(study, rule):
            found.setdefault(reason, []).append(rule.id)
    return found


def _notes(study: Study) -> tuple[str, ...]:
    """How much of the log CTCAE and MedDRA could be asked about, whose first dose is used, and how
    clock times are compared."""
    by_doses = ("first dose: by the dose records; the participant file has no date of it",)
    doses = by_doses if "doses" in study.basis else ()
    return (
        *_ctcae_note(study),
        *_meddra_note(study),
        *doses,
        *zones.said(study),
        *strange_groups(study),
    )


def _meddra_note(study: Study) -> tuple[str, ...]:
    if study.meddra is None or not study.has("preferred_term"):
        return (study.meddra.name,) if study.meddra else ()
    found, named = study.meddra_share()
    told = f"{study.meddra.name}: {found:,} of {named:,} preferred terms of the log are in it"
    doubt = ", which may be coded in another language or dictionary" if named and not found else ""
    return (told + doubt,)


def _ctcae_note(study: Study) -> tuple[str, ...]:
    matched, named = study.ctcae_share()
    if not named or not study.has("grade"):
        return ()
    coded = "" if study.ctcae_coded else ", as in a log coded in MedDRA"
    return (
        f"CTCAE {study.dictionary.version}: grades are checked for {matched:,} of {named:,} terms, "
        f"those that are CTCAE's{coded}",
    )


def _order(finding: Finding) -> tuple[int, str, str, int]:
    """Errors first, by rule, then as they stand in the file."""
    return (finding.severity.rank, finding.rule, finding.file, finding.row or 0)


def _outcome(study: Study, rule: Rule, verdict: Verdict | None, count: int) -> RuleOutcome:
    if verdict:
        return _said(rule, verdict.outcome, count, verdict.reason)
    reason = _cell_not_checked(study, rule)
    outcome = Outcome.FINDINGS if count else Outcome.NOT_CHECKED if reason else Outcome.PASSED
    return _said(rule, outcome, count, "" if count else reason)


def _said(rule: Rule, outcome: Outcome, count: int, reason: str) -> RuleOutcome:
    return RuleOutcome(
        rule.id, rule.title, rule.severity, outcome, count, reason, rule.category, rule.why,
        rule.sources,
    )  # fmt: skip


def _cell_not_checked(study: Study, rule: Rule) -> str:
    if reason := not_checked(study, rule):
        return reason
    standard = any(source.mapping.standard for source in study.log.events.sources)
    return (
        "only in a log with SDTM or ADaM headers" if rule.profile == "SDTM" and not standard else ""
    )


def _excluded(study: Study) -> tuple[Excluded, ...]:
    """Every row that was read and is not counted, with its reason."""
    import narwhals as nw

    found = []
    for kind, records in study.log.kinds():
        frame = study.frame(kind)
        rows = nw.from_native(frame).lazy().filter(~nw.col("excluded").is_null())
        table = rows.select("record", "file", "row", "excluded").unique().collect("polars")
        for _, file, row, reason in sorted(table.iter_rows()):
            sheet = records.sources[file].sheet
            role = records.sources[file].role
            found.append(Excluded(sheet.path, sheet.name, row, reason, role))
        for source in records.sources:
            at, role = (source.sheet.path, source.sheet.name), source.role
            found += [Excluded(*at, *each, role) for each in source.sheet.left_out]
    return tuple(each for each in found if each.file != NO_FILE)


def _files(study: Study, excluded: tuple[Excluded, ...]) -> tuple[FileReport, ...]:
    lost = Counter((e.file, e.sheet, e.role) for e in excluded)
    reports = []
    for _, records in study.log.kinds():
        for number, source in enumerate(records.sources):
            sheet = source.sheet
            if sheet.path == NO_FILE:
                continue
            read = sheet.cells.height + len(sheet.left_out)
            out = lost[sheet.path, sheet.name, source.role]
            typed = tuple(note for at, note in records.notes if at == number)
            notes = (*sheet.notes, *source.mapping.notes, *typed)
            reports.append(
                FileReport(
                    sheet.path, sheet.name, sheet.sha256, source.role, read, read - out, out, notes,
                    sheet.of_text,
                )
            )  # fmt: skip
    return tuple(reports)


_ = (
    cells, clocks, coded, dates, days, death, deaths_elsewhere, deaths_in_disposition, disposition,
    duplicates, ends, exposure, grade, labs, meddra, pairs, participants, plausible, reconciliation,
    required, seriousness, standard, study_files, terms, texts, unanswered,
)  # fmt: skip
