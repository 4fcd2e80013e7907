"""From records to a study, step by step: grades, events, participants, groups, what is excluded."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

import narwhals as nw

from ae_cli import moments
from ae_cli.config import Config
from ae_cli.ctcae import dictionary
from ae_cli.meddra import Release
from ae_cli.read import Log, Records
from ae_cli.study import Choices, Study, counting, groups, others
from ae_cli.study.chosen import chosen_column
from ae_cli.study.clocks import with_clocks
from ae_cli.study.coding import left_join, with_ctcae
from ae_cli.study.disposition import with_meaning
from ae_cli.study.episodes import with_episodes
from ae_cli.study.levels import with_meddra
from ae_cli.study.population import arm_field, renamed, with_event_counts, with_population
from ae_cli.study.reconciliation import reconciled
from ae_cli.study.sites import with_sites
from ae_cli.study.zones import settled
from ae_cli.table import Column

EVERYONE = "All participants"
REFERENCE_DATE = "RFSTDTC"  # of SDTM: a protocol says which day it is, often that of the first dose


class Builder:
    """Holds the frames while the study's choices are applied to them, one after the other."""

    def __init__(
        self,
        log: Log,
        config: Config,
        choices: Choices,
        spelled: dict[str, str],
        release: Release | None = None,
    ) -> None:
        self.release = release
        self.dictionary = dictionary(config.ctcae)
        config = config.model_copy(update={"ctcae": self.dictionary.version})
        log, clocks = settled(log)
        self.log, self.config, self.choices = log, config, choices
        self.events = nw.from_native(log.events.frame, eager_only=True)
        self.fields = set(log.events.fields)
        self.fields |= {
            f"{name}.{f}" for name, records in log.others.items() for f in records.fields
        }
        self.subjects: nw.DataFrame | None = None
        self.people: nw.DataFrame | None = None  # the participants, each once
        self.others = {
            name: others.with_excluded(nw.from_native(records.frame, eager_only=True))
            for name, records in log.others.items()
        }
        self.basis: dict[str, str] = {"clocks": ", ".join(clocks)} if clocks else {}
        if spelled:
            self.basis["spelled"] = ", ".join(f"{name} = {best}" for name, best in spelled.items())

    def study(self) -> Study:
        """Every step, in order."""
        self.leave_out_blank_grades()
        self.leave_out_empty(self.events, self.fields, "treatment_emergent", "safety")
        self.grade_from_severity()
        self.events = counting.with_kind(self.events, frozenset(self.fields))
        self.events, coded = with_ctcae(self.events, self.dictionary, self.config.coded_in)
        if self.release:
            self.events = with_meddra(self.events, self.release)
        self.participants()
        self.place_events()
        self.events = counting.with_exclusions(self.events, frozenset(self.fields), self.config)
        self.events = with_episodes(self.events, self.fields, self.config)
        self.events = with_clocks(self.events, self.fields, self.config)
        columns = self.columns()
        if self.subjects is not None:
            self.subjects = with_event_counts(self.subjects, self.events, self.fields)
            if "participant.site" in self.fields:
                self.subjects = with_sites(self.subjects, self.events)
        labs = self.labs()
        self.join_others(labs)
        return Study(
            config=self.config,
            choices=self.choices,
            log=self.log,
            dictionary=self.dictionary,
            events=self.events.to_native(),
            subjects=None if self.subjects is None else self.subjects.to_native(),
            fields=frozenset(self.fields),
            unanswered=counting.unanswered(self.events, self.fields),
            columns=columns,
            ctcae_coded=coded,
            basis=self.basis,
            meddra=self.release,
            labs=labs,
            others={name: frame.to_native() for name, frame in self.others.items()},
        )

    def labs(self) -> Any:
        """Laboratory results, graded, with their participants; None where there are none."""
        if self.log.labs is None:
            return None
        from ae_cli.labs.beside import with_lab_grades, with_reported
        from ae_cli.labs.course import followed

        people = self.subjects.filter(~nw.col("repeated")) if self.subjects is not None else None
        if people is None:
            people = self.events.with_columns(excluded=nw.lit(None, nw.String))
            people = people.unique("subject", maintain_order=True)
        dosed = "first_dose_earliest" in people.columns
        once = people.filter(~nw.col("subject").is_null()).select(
            "subject", "group", not_counted="excluded",
            first_dose=_day_of_dose(people.columns) if dosed else nw.lit(None, nw.Datetime("us")),
        )  # fmt: skip
        known = self.log.subjects is not None
        labs = followed(self.log.labs, self.config.ctcae, known, once.to_native())
        events = self.events.to_native()
        self.events = nw.from_native(with_lab_grades(events, labs), eager_only=True)
        return with_reported(labs, events)

    def leave_out_blank_grades(self) -> None:
        """A grade column without a single entry, beside severities, was not collected."""
        if not {"grade", "severity"} <= self.fields:
            return
        marks = [c for c in ("grade", "grade_unreadable") if c in self.events.columns]
        empty = self.events["grade"].is_null().all() and marks == ["grade"]
        if empty and not self.events["severity"].is_null().all():
            self.fields.discard("grade")

    def leave_out_empty(self, frame: nw.DataFrame, fields: set[str], *names: str) -> None:
        """A column that decides who or what counts, without a single entry, was not collected."""
        for name in names:
            marks = [c for c in frame.columns if c.removesuffix("_earliest") == name]
            unread = f"{name}_unreadable" in frame.columns
            if name in fields and not unread and frame[marks[0]].is_null().all():
                fields.discard(name)

    def grade_from_severity(self) -> None:
        """Where study.toml says so, a severity in words is a grade."""
        table = self.config.severity_as_grade
        if not table or "severity" not in self.fields:
            return
        known = nw.col("grade") if "grade" in self.fields else nw.lit(None, nw.Int8)
        read = "grade_unreadable" in self.events.columns
        blank = ~nw.col("grade_unreadable") if read else nw.lit(True)
        for word, grade in table.items():
            stated = (nw.col("severity") == word) & blank
            known = nw.when(stated & known.is_null()).then(nw.lit(grade, nw.Int8)).otherwise(known)
        self.events = self.events.with_columns(grade=known)
        self.fields.add("grade")
        self.basis["grade"] = "severity"

    def participants(self) -> None:
        """The participant file, with who counts."""
        if not self.log.subjects:
            return
        subjects = nw.from_native(self.log.subjects.frame, eager_only=True)
        collected = set(self.log.subjects.fields)
        self.leave_out_empty(subjects, collected, "safety", "first_dose")
        subjects = self.with_doses(subjects, collected)
        fields = frozenset(collected)
        self.fields |= {f"participant.{f}" for f in fields}
        self.subjects = with_population(subjects, fields, self.config)
        if self.choices.group:
            group = chosen_column(self.choices.group, self.log.subjects, "the participant file")
            self.subjects = self.regroup(self.subjects, group)
        elif arm_field(fields) is None and "arm" in self.fields:
            self.subjects = self.regroup(self.subjects, self.arms_of_events())
        self.basis["group"] = self.choices.group or arm_field(fields) or "events"
        from_file = "doses" not in self.basis
        if from_file and "first_dose" in fields and _is_reference_date(self.log.subjects):
            self.basis["first_dose"] = REFERENCE_DATE
        if {"safety", "first_dose"} <= fields:
            dosed = ~nw.col("first_dose_earliest").is_null()
            dosed = dosed | nw.col("dosed") if "dosed" in self.subjects.columns else dosed
            self.basis["N by dose"] = str(len(self.subjects.filter(dosed & ~nw.col("repeated"))))

    def with_doses(self, subjects: nw.DataFrame, collected: set[str]) -> nw.DataFrame:
        """First and last dose by the dose records, where the participant file has no dates of them:
        SDTM's reference date may be another day."""
        by_reference = self.log.subjects is not None and _is_reference_date(self.log.subjects)
        if "exposure.start" not in self.fields or ("first_dose" in collected and not by_reference):
            return subjects
        found = others.dosed(self.others["exposure"], subjects)
        if found["first_dose_earliest"].is_null().all():  # they know none of these participants
            return subjects
        collected |= {"first_dose", "last_dose"}
        self.basis["doses"] = "exposure"
        return found

    def join_others(self, labs: Any) -> None:
        """What the other files say of each participant, beside every record."""
        if not self.others and labs is None:
            return
        if "disposition" in self.others:
            self.others["disposition"] = with_meaning(self.others["disposition"])
        if "qualifiers" in self.others:
            found = others.with_targets(self.others["qualifiers"], self.events)
            self.others["qualifiers"] = found
        if {"elements.epoch", "epoch"} <= self.fields:
            self.events = others.with_epochs(self.events, self.others["elements"])
        if "reports" in self.others:
            self.events, self.others["reports"] = reconciled(
                self.events, self.others["reports"], self.config
            )
        results = {} if labs is None else {"labs": nw.from_native(labs, eager_only=True)}
        said = others.told({**self.others, **results}, self.events)
        self.events = left_join(self.events, said, "subject")
        if self.subjects is not None:
            self.subjects = left_join(self.subjects, said, "subject")
        known = self.known()
        for name, frame in self.others.items():
            strangers = name != "reports"  # there a stranger is a finding
            rows = others.with_strangers(frame, known) if strangers else frame
            joined = rows if self.people is None else left_join(rows, self.people, "subject")
            self.others[name] = left_join(joined, said, "subject")

    def known(self) -> set[str]:
        """The participants whom the log or the participant file names."""
        frames = [f for f in (self.events, self.subjects) if f is not None]
        return {name for f in frames for name in f["subject"].drop_nulls().unique().to_list()}

    def regroup(self, frame: nw.DataFrame, group: nw.Series) -> nw.DataFrame:
        return frame.with_columns(group=group.fill_null(groups.NO_GROUP), grouped=~group.is_null())

    def arms_of_events(self) -> nw.Series:
        """Each participant's group by the events, where the participant file has none."""
        assert self.subjects is not None
        arms = self.events.select("subject", found=renamed(nw.col("arm"), self.config))
        found = nw.col("found")
        sides = arms.group_by("subject", drop_null_keys=True).agg(a=found.min(), z=found.max())
        one = nw.when(nw.col("a") == nw.col("z")).then(nw.col("a"))
        arms = sides.select("subject", found=one)  # in two groups: in none, with an error
        return left_join(self.subjects, arms, "subject")["found"]

    def place_events(self) -> None:
        """Each event's group, and what the participant file says of its participant."""
        if self.subjects is not None:
            self.join_participants()
        elif self.choices.group:
            group = chosen_column(self.choices.group, self.log.events, "the log")
            self.events = self.events.with_columns(group=group.fill_null(groups.NO_GROUP))
        elif "arm" in self.fields:
            arm = renamed(nw.col("arm"), self.config).fill_null(groups.NO_GROUP)
            self.events = self.events.with_columns(group=arm)
        else:
            self.events = self.events.with_columns(group=nw.lit(EVERYONE))

    def join_participants(self) -> None:
        assert self.subjects is not None
        left_out = {"record", "file", "row", "subject"}
        kept = [c for c in self.subjects.columns if c not in left_out]
        once = self.subjects.filter(~nw.col("repeated"), ~nw.col("subject").is_null())
        people = once.select(
            "subject", *(nw.col(c).alias(f"participant_{c}") for c in kept), known=nw.lit(True)
        )
        self.people = people
        joined = left_join(self.events, people, "subject")
        self.events = joined.with_columns(
            known=nw.col("known").fill_null(False), group=nw.col("participant_group"),
            participant_subject=nw.when(nw.col("known")).then(nw.col("subject")),
        )  # fmt: skip

    def columns(self) -> tuple[Column, ...]:
        """The groups with their numbers of participants."""
        counted = self.counted()
        seen = self.seen() if counted is None or self.choices.n else {}
        given = groups.parse_n(self.choices.n, self.config) if self.choices.n else None
        if given is not None:
            groups.check_n(given, seen, counted)
        N = counted if counted is not None else given
        names = groups.in_order(set(N or ()) | set(seen), self.numbers(), self.declared(N, seen))
        total = None if N is None else sum(N.values())
        self.basis["N"] = "participants" if counted is not None else "--n" if given else "none"
        return groups.columns(names, N, self.config, total)

    def declared(self, N: dict[str, int] | None, seen: dict[str, int]) -> list[str]:
        config = Config() if self.choices.group else self.config
        return groups.declared_order(config, self.choices.order, set(N or ()) | set(seen))

    def counted(self) -> dict[str, int] | None:
        """Participants who count, by group."""
        if self.subjects is None:
            return None
        return _tally(self.subjects.select("group", "counted").filter("counted"), nw.len())

    def seen(self) -> dict[str, int]:
        """Participants who stand in the log, by group: a row that says "none" names one too."""
        named = self.events.filter(~nw.col("subject").is_null(), ~nw.col("group").is_null())
        if self.subjects is not None:
            named = named.filter(nw.col("excluded").is_null())
        elif "safety" in self.fields:
            named = named.filter(counting.flagged("safety", named.columns))
        return _tally(named.select("group", "subject"), nw.col("subject").n_unique())

    def numbers(self) -> dict[str, float]:
        """Group name to the number the data give it (TRT01AN), the least of several: the order."""
        frame = self.subjects if "participant.arm_number" in self.fields else self.events
        if frame is None or "arm_number" not in frame.columns or self.choices.group:
            return {}
        found: dict[str, float] = {}
        for name, text in frame.select("group", "arm_number").unique().drop_nulls().iter_rows():
            if isfinite(number := _number(text)):
                found[name] = min(number, found.get(name, number))
        return found


def _day_of_dose(columns: list[str]) -> nw.Expr:
    """The first moment of the first dose, as results are held against it: see `study.zones`."""
    dose = moments.span("first_dose", columns)
    if dose.offset is None:
        return dose.earliest
    day = dose.earliest.dt.truncate("1d")
    return nw.when(~dose.offset.is_null()).then(day).otherwise(dose.earliest)


def _tally(frame: nw.DataFrame, what: nw.Expr) -> dict[str, int]:
    rows = frame.group_by("group").agg(n=what).iter_rows()
    return dict(sorted((str(group), int(n)) for group, n in rows))


def _is_reference_date(subjects: Records) -> bool:
    """Whether SDTM's reference date stands for the first dose: there was nothing better."""
    headers = (s.sheet.headers[s.mapping.fields["first_dose"]] for s in subjects.sources
               if "first_dose" in s.mapping.fields)  # fmt: skip
    return any(header.strip().upper() == REFERENCE_DATE for header in headers)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan
