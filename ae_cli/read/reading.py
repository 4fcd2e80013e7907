"""Records of one kind, and the participants beside them: which sheets are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from ae_cli.config import Config
from ae_cli.errors import InputError
from ae_cli.model import KINDS, OTHERS, AdverseEvent, LabResult, Record, SafetyReport, Subject
from ae_cli.read import columns, files, forms, parts, redcap
from ae_cli.read.asides import without_asides
from ae_cli.read.column import Source
from ae_cli.read.course import check_others, with_course
from ae_cli.read.records import Records, read_records
from ae_cli.read.sheet import Chosen, Sheet
from ae_cli.read.written import UNDECIDED

ROLES: dict[type[Record], str] = {kind.model: kind.role for kind in KINDS.values()}
OF_EVENTS = frozenset(
    ("term", "grade", "serious", "start", "end", "outcome", "related", "action")
)  # what a list of participants does not have
MANY = 3  # of them: a list of participants may have a diagnosis, and dates


class Reading:
    """Reading records of one kind, `model`, and the participants beside them."""

    def __init__(
        self,
        config: Config,
        sheet: str | Sequence[str] | None,
        model: type[Record] = AdverseEvent,
        qualifiers: Records | None = None,
    ) -> None:
        self.config, self.model, self.qualifiers = config, model, qualifiers
        self.chosen: dict[type[Record], Chosen] = {
            kind.model: config.columns.get(name, {}) for name, kind in KINDS.items()
        }
        self.date_order: str | None = config.date_order
        self.codes = {kind.model: config.codes.get(name, {}) for name, kind in KINDS.items()}
        files = config.files
        named = {AdverseEvent: files.events_sheet, LabResult: files.labs_sheet}.get(model)
        wanted = sheet or named or ()
        self.asked = bool(sheet)
        self.wanted = [wanted] if isinstance(wanted, str) else list(wanted)

    def log(
        self, paths: Sequence[Path], subjects: Path | None, otherwise: Path | None
    ) -> tuple[Records, Records | None]:
        opened = [self.open(path) for path in paths]
        if self.asked and not any(sheet.name for found in opened for sheet in found):
            raise InputError(f"{paths[0]} has no sheets to choose from", "leave out --sheet")
        logs = [self.log_sheets(path, found) for path, found in zip(paths, opened, strict=True)]
        events = [sheet for log in logs for sheet in log]
        others = [s for found in opened for s in found if not any(s is e for e in events)]
        people = self.subjects_file(subjects) if subjects else self.subjects_sheet(others)
        if people is None and otherwise:
            people = self.subjects_file(otherwise)
        self.check_found(people)
        self.check_swapped(events, people if subjects else None)
        used = [*events, *([people] if people else [])]
        self.check_groups(logs, people)
        noted = (_with_others(*each, used) for each in zip(logs, opened, strict=True))
        events = [sheet for log in noted for sheet in log]
        log = self.both(events, people)
        orders = log[0].orders | (log[1].orders if log[1] else frozenset())
        if len(orders) > 1 and not self.date_order:  # one study writes both ways: none is told
            self.date_order = UNDECIDED
            log = self.both(events, people)
        return log

    def alone(self, path: Path) -> Records:
        """The records of one file, whatever else it holds."""
        return self.records(self.model, self.log_sheets(path, self.open(path)))

    def both(self, events: list[Sheet], people: Sheet | None) -> tuple[Records, Records | None]:
        """The records of both kinds."""
        subjects = self.records(Subject, [people]) if people else None
        return self.records(self.model, events), subjects

    def open(self, path: Path) -> list[Sheet]:
        wanted = {model: self.chosen[model] for model in (self.model, Subject)}
        found = files.sheets(path, wanted, self.config.files.encoding, self.config.limits)
        forms = [form for sheet in found for form in self.forms(sheet)]
        if not forms:
            raise InputError(f"{path} has no records", "export it again, with all forms")
        return forms

    def forms(self, sheet: Sheet) -> list[Sheet]:
        """A sheet, or the forms of a REDCap export in it, whose columns stand elsewhere then."""
        if not redcap.concerns(sheet, self.variables):
            return [sheet]
        shown = files.as_shown(sheet, forms.record_column(sheet))
        return redcap.opened(replace(shown, workbook=None, marks=None), self.variables)

    @cached_property
    def variables(self) -> dict[str, redcap.Variable]:
        """The data dictionary of REDCap, where one is given."""
        named = self.config.files.redcap_dictionary
        if not named:
            return {}
        data = files.content(Path(named), self.config.limits)
        return redcap.dictionary(named, data, self.config.files.encoding)

    def fields(self, sheet: Sheet, model: type[Record]) -> set[str]:
        return files.has_fields(sheet.headers, model, self.chosen[model])

    def is_subjects(self, sheet: Sheet) -> bool:
        """Whether a sheet looks like a list of participants, and not like a log."""
        fields = self.fields(sheet, Subject)
        logs = (files.is_log(self.fields(sheet, m), m) for m in (AdverseEvent, LabResult))
        return "subject" in fields and len(fields) > 1 and not any(logs)

    def is_of_others(self, sheet: Sheet) -> bool:
        """Whether a sheet looks like one of the other files of a study."""
        models = [KINDS[name].model for name in OTHERS]
        return any(files.is_log(self.fields(sheet, model), model) for model in models)

    def is_log(self, sheet: Sheet) -> bool:
        """Whether a sheet looks like a log of the records that are read."""
        return files.is_log(self.fields(sheet, self.model), self.model)

    def log_sheets(self, path: Path, found: list[Sheet]) -> list[Sheet]:
        """The sheets of a file that are the log: those that are named, else the only one."""
        if chosen := parts.named(path, found, self.wanted, self.is_log):
            return chosen
        likely = [s for s in found if self.is_log(s)]
        if len(likely) > 1:
            likely = parts.with_rows(likely, (self.subject_column(s) for s in likely))
        if len(likely) > 1:
            grouped = any(parts.ARMS & self.fields(s, self.model) for s in likely)
            raise parts.which(path, ROLES[self.model], likely, grouped)
        return (likely or found)[:1]

    def subject_column(self, sheet: Sheet) -> int | None:
        """Where the participants stand, by the header alone."""
        named = self.chosen[self.model].get("subject")
        has = (columns.recognise([header], self.model) for header in sheet.headers)
        return next((i for i, (header, fields) in enumerate(zip(sheet.headers, has, strict=True))
                     if header == named or "subject" in fields), None)  # fmt: skip

    def check_groups(self, logs: Sequence[Sequence[Sheet]], people: Sheet | None) -> None:
        """Ask whether the sheets of a log are its groups, where nothing else says them."""
        for log in logs if self.model is AdverseEvent else ():
            fields = [self.fields(sheet, self.model) for sheet in log]
            said = self.fields(people, Subject) if people else set()
            parts.check_groups(log, [*fields, said], self.config.files.group)

    def subjects_sheet(self, others: list[Sheet]) -> Sheet | None:
        wanted = self.config.files.subjects_sheet
        likely = [s for s in others if (s.name == wanted if wanted else self.is_subjects(s))]
        if len(likely) > 1:  # doses and the like name participants, too
            likely = [s for s in likely if not self.is_of_others(s)] or likely
        if len(likely) > 1:
            raise InputError(
                f"several sheets could list the participants: {parts.names(likely)}",
                'name one in study.toml: [files] subjects_sheet = "..."',
            )
        return likely[0] if likely else None

    def subjects_file(self, path: Path) -> Sheet:
        found = self.open(path)
        named = [s for s in found if s.name == self.config.files.subjects_sheet]
        likely = named or [s for s in found if self.is_subjects(s)]
        likely = likely or [s for s in found if "subject" in self.fields(s, Subject)]
        if len(likely) > 1:
            raise InputError(
                f"{path}: several sheets could list the participants: {parts.names(likely)}",
                'name one in study.toml: [files] subjects_sheet = "..."',
            )
        return (likely or found)[0]

    def check_found(self, people: Sheet | None) -> None:
        """Refuse to do without the sheet that study.toml names."""
        wanted = self.config.files.subjects_sheet
        if wanted and (people is None or people.name not in (None, wanted)):
            raise InputError(
                f"study.toml: there is no sheet {wanted!r} of participants",
                "correct subjects_sheet, or name its file with --subjects",
            )

    def check_swapped(self, events: Sequence[Sheet], people: Sheet | None) -> None:
        """Refuse a list of participants for the log, and a log for the list of participants."""
        if self.model is not AdverseEvent:
            return
        lists = [s for s in events if not self.is_log(s) and self.is_subjects(s)]
        log = (
            people if people and len(OF_EVENTS & self.fields(people, AdverseEvent)) > MANY else None
        )
        if lists and log:
            raise InputError(
                f"{lists[0].where} looks like a list of participants, and {log.where} like a log "
                "of events: they may have been swapped",
                "name the log first, and the list of participants with --subjects",
            )
        if lists:
            raise InputError(
                f"{lists[0].where} looks like a list of participants, and not like a log of events",
                "name the log, and this file with --subjects; if it is the log, say in study.toml"
                ' which column holds the term:\n[columns.events]\nterm = "..."',
            )
        if log:
            raise InputError(
                f"{log.where} looks like a log of events, and not like a list of participants",
                "give the list of participants with --subjects, or leave it out",
            )

    def qualified(self, sheet: Sheet, qualifiers: Records) -> Sheet:
        """The sheet of events with what supplemental qualifiers say of them."""
        from ae_cli.read.supplemental import joined

        named = [h.strip().upper() for h in sheet.headers]
        if not {"USUBJID", "AESEQ"} <= set(named):
            return sheet
        return joined(sheet, qualifiers, named.index("USUBJID"), named.index("AESEQ"))

    def records(self, model: type[Record], sheets: list[Sheet]) -> Records:
        return read_records(model, self.sources(model, sheets))

    def sources(self, model: type[Record], sheets: list[Sheet]) -> list[Source]:
        sources, first = [], 0
        for found in sheets:
            chosen = self.chosen[model]
            sheet, course = with_course(without_asides(found, model, chosen), model, chosen)
            if model is AdverseEvent and sheet.name and self.config.files.group == parts.BY_SHEET:
                sheet, header = parts.with_group(sheet)
                course = replace(course, fields={**course.fields, "arm": header})
            if model is AdverseEvent and self.qualifiers:
                sheet = self.qualified(sheet, self.qualifiers)
            mapping = columns.match(
                sheet.headers, model, chosen, partial(files.distinct, sheet), sheet.where, course
            )
            mapping = columns.other_version(sheet.headers, mapping, self.config.ctcae)
            if model is AdverseEvent:
                check_others(sheet, mapping.fields.get("grade"), {**chosen, **course.fields})
            named = mapping.fields.get("subject")
            shown = sheet if named is None else files.as_shown(sheet, named)
            codes = self.codes[model]
            added = dict(self.config.lists) if model in (AdverseEvent, SafetyReport) else {}
            sources.append(
                Source(shown, mapping, ROLES[model], first, self.date_order, codes, added)
            )
            first += shown.cells.height
        return sources


def _with_others(
    log: Sequence[Sheet], found: Sequence[Sheet], used: Sequence[Sheet]
) -> list[Sheet]:
    """The sheets of a log, the first with a note of those beside it that nothing is read from."""
    others = [sheet for sheet in found if not any(sheet is each for each in used)]
    if not others:
        return list(log)
    verb = "sheet is" if len(others) == 1 else "sheets are"
    note = f"{len(others)} other {verb} not read ({parts.names(others)})"
    return [replace(log[0], notes=(*log[0].notes, note)), *log[1:]]
