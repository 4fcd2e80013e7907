"""What study.toml says of the rules: severities, rules that are off, numbers, lists, options."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ae_cli.api import summarize
from ae_cli.config import Config, load
from ae_cli.errors import InputError
from ae_cli.findings import Outcome, Report
from ae_cli.render.concise import concise
from ae_cli.render.full import lines
from ae_cli.render.github import report as github
from ae_cli.render.html_ import report as as_html
from ae_cli.render.json_ import report as as_json
from ae_cli.render.json_ import report_lines as json_lines
from ae_cli.render.junit import report as junit
from ae_cli.render.sarif import report as sarif
from ae_cli.rules import RULES, check, rules_of
from ae_cli.rules.examples import DEATH, EVENT, PERSON
from ae_cli.rules.records import study_of
from ae_cli.rules.rule import Fields
from ae_cli.study.template import study_toml

TWO = [PERSON, PERSON | {"subject": "S2"}]
REASON = "screening goes on"


def checked(
    rules: dict[str, Any] | None = None,
    events: list[dict[str, str]] | None = None,
    only: tuple[str, ...] = (),
    **more: Any,
) -> Report:
    config = {"coded_in": "CTCAE", "rules": rules or {}, **more}
    return check(study_of(events or [EVENT], TWO, config), only=only)


def as_junit(report: Report) -> str:
    page = junit(report, "error")
    return page if isinstance(page, str) else "".join(page)


def outcome(report: Report, id: str) -> tuple[Outcome, str]:
    return next((r.outcome, r.reason) for r in report.rules if r.id == id)


def refused(tmp_path: Path, text: str) -> InputError:
    path = tmp_path / "study.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as raised:
        rules_of(load(path))
    return raised.value


def test_a_severity_of_the_study_is_that_of_every_finding() -> None:
    lipase = EVENT | {"term": "Lipase increased", "soc": "Investigations", "grade": "4"}
    events = [lipase, EVENT | {"seq": "2", "term": "Syncope", "grade": "4"}]
    own = checked(events=events, only=("XFD-34",))
    assert [f.severity for f in own.findings] == ["warning", "note"]
    set_to = checked({"severity": {"xfd-34": "error"}}, events, only=("XFD-34",))
    assert [f.severity for f in set_to.findings] == ["error", "error"]
    assert "severity as study.toml sets it: AE-XFD-34 error" in set_to.notes


def test_a_severity_of_the_study_is_that_of_findings_in_cells() -> None:
    events = [EVENT | {"grade": "0"}, EVENT | {"grade": "9", "seq": "2"}]
    assert {f.severity for f in checked(events=events, only=("CTC-01",)).findings} == {
        "error", "warning",
    }  # fmt: skip
    found = checked({"severity": {"CTC-01": "note"}}, events, only=("CTC-01",)).findings
    assert [f.severity for f in found] == ["note", "note"]


def test_a_rule_that_is_off_is_not_run_and_said_with_its_reason_in_every_report() -> None:
    report = checked({"off": {"XDS-19": REASON}})
    assert outcome(checked(), "AE-XDS-19")[0] is Outcome.FINDINGS
    assert outcome(report, "AE-XDS-19") == (Outcome.OFF, REASON)
    assert "AE-XDS-19" not in {f.rule for f in report.findings}
    for module in (json_lines, sarif, github, as_html, as_junit):
        page = module(report)
        page = page if isinstance(page, str) else "\n".join(page)
        assert REASON in page and "AE-XDS-19" in page
    assert "off in study.toml" in as_junit(report)
    full = "\n".join(line.plain for line in lines(report, None, 5))
    for page in (full, "\n".join(concise(report))):
        assert REASON in page and "AE-XDS-19" in page and "1 off" in page
    told = next(r for r in json.loads(as_json(report))["rules"] if r["id"] == "AE-XDS-19")
    assert told == {"id": "AE-XDS-19", "outcome": "off", "reason": REASON}
    assert " off" not in "\n".join(concise(checked()))


def test_a_table_says_which_rules_are_off() -> None:
    table = summarize([EVENT], TWO, {"rules": {"off": {"XDS-19": REASON}}})
    assert f"Rules turned off in study.toml: AE-XDS-19 ({REASON})." in table.footnotes
    assert not [note for note in summarize([EVENT], TWO).footnotes if "turned off" in note]


def test_only_runs_a_rule_that_is_off_and_says_so() -> None:
    report = checked({"off": {"XDS-19": REASON}}, only=("XDS-19",))
    assert outcome(report, "AE-XDS-19")[0] is Outcome.FINDINGS
    assert f"AE-XDS-19 is off in study.toml ({REASON}); --only runs it here" in report.notes


def test_a_cell_rule_can_be_off() -> None:
    report = checked({"off": {"CTC-01": REASON}}, [EVENT | {"grade": "9"}])
    assert outcome(report, "AE-CTC-01") == (Outcome.OFF, REASON)
    assert "AE-CTC-01" not in {f.rule for f in report.findings}


@pytest.mark.parametrize(
    ("text", "entry", "near"),
    [
        ('[rules]\nseverity = {"XFD-99" = "note"}', "rules.severity", "AE-XFD-"),
        ('[rules]\nseverity = {"XFD-34" = "bad"}', "rules.severity.XFD-34", "note"),
        ('[rules]\noff = {"XDS-99" = "why not"}', "rules.off", "AE-XDS-"),
        ('[rules]\noff = {"XDS-19" = " "}', "rules.off.XDS-19", "why"),
        ('[rules]\noff = {"XDS-19" = "-"}', "rules.off.XDS-19", "why"),
        ('[rules]\noff = {"XDS-19" = true}', "rules.off.XDS-19", "a text"),
        ('[rules]\noff = {"XDS-19" = "a b", "xds-19" = "b c"}', "rules.off", "AE-XDS-19"),
        ("[rules]\nsevrity = {}", "rules.sevrity", "severity"),
        ("[rule]\noff = {}", "rule", "rules"),
        ("[rules.thresholds]\nyongest = 12", "rules.thresholds.yongest", "youngest"),
        ("[rules.thresholds]\nyoungest = -1", "rules.thresholds.youngest", "0"),
        ("[rules.thresholds]\nyoungest = true", "rules.thresholds.youngest", "whole number"),
        ('[rules.thresholds]\nyoungest = "12"', "rules.thresholds.youngest", "whole number"),
        ("[rules.options]\nduration_close = true", "rules.options.duration_close", "n_closes"),
        ("[rules.options]\nduration_closes = 1", "rules.options.duration_closes", "true or false"),
        ('[rules.options]\ndeath_stands_in = "DS"', "rules.options.death_stands_in", "AE or DS"),
        ("[[rules.own]]\nid = 'X-1'\nwhere = 'grade > 3'\nsays = 'a'", "rules.own.id", "OWN-"),
        ("[[rules.own]]\nid = 'OWN-1'\nwhere = 'grade > 3'", "rules.own.says", "is missing"),
        ("[[rules.own]]\nid = 'OWN-1'\nwere = 'grade > 3'\nsays='a'", "rules.own.w", "is missing"),
        ("[lists]\naction = 'DOSE SPLIT'", "lists.action", "list of texts"),
        ("[lists]\naction = [3]", "lists.action", "list of texts"),
        ("[lists]\naction = ['none']", "lists.action", "DOSE NOT CHANGED"),
        ("[lists]\naction = ['Dose Reduced']", "lists.action", "DOSE REDUCED"),
        ("[lists]\naction = ['减量']", "lists.action", "DOSE REDUCED"),
        ("[lists]\naction = ['']", "lists.action", "no answer"),
        ("[lists]\naction = ['not done']", "lists.action", "no answer"),
        ("[lists]\naction = ['split?']", "lists.action", "doubt"),
        ("[lists]\naction = ['Split', 'SPLIT']", "lists.action", "twice"),
        ("[lists]\nactions = []", "lists.actions", "action"),
        ("[related]\ncounts = ['PROCEDURE']", "related.counts.0", "[lists] related"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_what_it_should_be(
    tmp_path: Path, text: str, entry: str, near: str
) -> None:
    error = refused(tmp_path, text)
    assert entry in error.what
    assert near in f"{error.what} {error.remedy}"


def test_two_own_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    one = "[[rules.own]]\nid = 'OWN-1'\nwhere = 'grade > 3'\nsays = 'a'\n"
    assert "two rules are called OWN-1" in refused(tmp_path, one * 2).what


def test_numbers_have_defaults_and_the_window_gives_its_own() -> None:
    def number(name: str, **entries: Any) -> int:
        config = Config.model_validate(entries)
        return Fields(study_of([EVENT], config=config), ()).threshold(name)

    assert number("youngest") == 18 and number("oldest") == 90
    assert number("youngest", rules={"thresholds": {"youngest": 12}}) == 12
    assert Config().days_after_last_dose is None  # and XDS-35 is not checked
    window = {"days_after_last_dose": 84}
    assert number("days_after_last_dose", window=window) == 84
    both = {"window": window, "rules": {"thresholds": {"days_after_last_dose": 0}}}
    assert number("days_after_last_dose", **both) == 0


LISTS = {"action": ["DOSE SPLIT"], "related": ["PROCEDURE RELATED"]}


@pytest.mark.parametrize("written", ["DOSE SPLIT", "dose split", " Dose-Split "])
def test_an_addition_to_a_list_is_accepted_as_itself(written: str) -> None:
    events = [EVENT | {"action": written}]
    assert outcome(checked(events=events), "AE-COD-13")[0] is Outcome.FINDINGS
    study = study_of(events, TWO, {"lists": LISTS})
    assert outcome(check(study), "AE-COD-13")[0] is Outcome.PASSED
    assert study.events["action"].to_list() == ["DOSE SPLIT"]
    assert "action_unreadable" not in study.events.columns


def test_an_addition_is_no_finding_under_sdtm_headers_and_its_spelling_is() -> None:
    sdtm = {"USUBJID": "S1", "AESEQ": "1", "AETERM": "Nausea"}

    def found(action: str) -> set[str]:
        study = study_of([sdtm | {"AEACN": action}], config={"lists": LISTS})
        return {f.rule for f in check(study).findings if "action" in f.fields}

    assert found("DOSE SPLIT") == set()
    assert found("dose split") == {"AE-COD-15"}
    assert found("DOSE SPLITTED") == {"AE-COD-13"}


def test_what_is_doubted_is_no_addition() -> None:
    study = study_of([EVENT | {"action": "dose split?"}], config={"lists": LISTS})
    assert study.events["action"].to_list() == [None]


def rows(config: dict[str, Any], events: list[dict[str, str]]) -> dict[str, Any]:
    return {row.key: row.cells[-1] for row in summarize(events, TWO, config).rows}


def test_an_addition_is_counted_as_an_answer_and_as_no_other() -> None:
    """The table is that of an answer it has no row for; blank would be told as missing."""
    config = {"lists": LISTS}
    split, other = (
        rows(config, [EVENT | {"action": a}, DEATH | {"seq": "2"}])
        for a in ("DOSE SPLIT", "DOSE INCREASED")
    )
    assert split == other


def test_an_added_relationship_counts_as_related_where_the_study_says_so() -> None:
    events = [EVENT | {"related": "procedure related"}]
    without = {"lists": LISTS}
    named = without | {"related": {"counts": ["possible", "PROCEDURE RELATED"]}}
    unrelated, related = rows(without, events), rows(named, events)
    as_not, as_yes = (
        rows({}, [EVENT | {"related": r}]) for r in ("NOT RELATED", "POSSIBLY RELATED")
    )
    assert unrelated == as_not and related == as_yes != as_not
    notes = summarize(events, TWO, without).footnotes
    assert "Not counted as related: procedure related." in notes
    assert not [n for n in summarize(events, TWO, named).footnotes if n.startswith("Not counted")]


def test_a_code_can_stand_for_an_addition() -> None:
    config = {"lists": LISTS, "codes": {"events": {"action": {"9": "DOSE SPLIT"}}}}
    study = study_of([EVENT | {"action": "9"}], config=config)
    assert study.events["action"].to_list() == ["DOSE SPLIT"]


BROKEN: list[dict[str, Any]] = [
    {"says": lambda row: row["no such column"]},
    {"says": "{no_such_column}"},
    {"fix": lambda row: 1 / 0},
    {"graded": lambda row: row["no such column"]},
    {"test": lambda ae: 1 / 0},
    {"test": lambda ae: ae.grade},
    {"test": lambda ae: ae.nothing > 3},
    {"needs": ("no such field",), "test": lambda ae: ae.grade > 3},
    {"asks": ("what nobody can answer",)},
    {"grouped": ("subject",), "says": lambda row: row["rows"][99]},
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("id", ["AE-REQ-08", "AE-XDS-19"])
def test_a_rule_that_fails_is_our_bug_and_all_others_run(
    broken: dict[str, Any], id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [EVENT | {"grade": ""}]
    before = checked(events=events)
    assert outcome(before, id)[0] is Outcome.FINDINGS
    monkeypatch.setitem(RULES, id, replace(RULES[id], **broken))
    report = checked(events=events)
    assert report.crashed()
    assert outcome(report, id)[0] is Outcome.CRASHED and outcome(report, id)[1]
    assert [r for r in report.rules if r.id != id] == [r for r in before.rules if r.id != id]
    assert [f for f in report.findings if f.rule != id] == [
        f for f in before.findings if f.rule != id
    ]


@pytest.mark.parametrize("broken", [BROKEN[0], BROKEN[1], BROKEN[2]])
def test_a_rule_on_cells_that_fails_at_its_words_is_our_bug_too(
    broken: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, "AE-CTC-01", replace(RULES["AE-CTC-01"], **broken))
    report = checked(events=[EVENT | {"grade": "9", "outcome": "?"}])
    assert outcome(report, "AE-CTC-01")[0] is Outcome.CRASHED
    assert outcome(report, "AE-COD-12")[0] is Outcome.FINDINGS
    assert "AE-CTC-01" not in {f.rule for f in report.findings}


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, MemoryError])
def test_what_is_no_bug_of_a_rule_goes_on(
    raised: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(ae: Any) -> Any:
        raise raised

    monkeypatch.setitem(RULES, "AE-REQ-08", replace(RULES["AE-REQ-08"], test=stopped))
    with pytest.raises(raised):
        checked()


def test_a_panic_of_the_engine_is_a_crash_of_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        """As that of Polars, which is no Exception."""

    def panics(ae: Any) -> Any:
        raise Panic("Zanzibar")

    monkeypatch.setitem(RULES, "AE-REQ-08", replace(RULES["AE-REQ-08"], test=panics))
    assert outcome(checked(), "AE-REQ-08") == (Outcome.CRASHED, "a bug of ours (Panic)")


def test_init_shows_every_entry_with_its_default() -> None:
    text = study_toml(study_of([EVENT], TWO), {"events": [Path("ae.csv")]}, Path())
    said = re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.M)
    config = Config.model_validate(tomllib.loads(said))
    rules, defaults = config.rules, Config().rules
    assert rules.options == defaults.options
    named = rules.thresholds.model_dump()
    assert named == defaults.thresholds.model_dump() | {"days_after_last_dose": 30}
    assert "OWN-01" in rules_of(config)
    assert config.lists.action == ("DOSE SPLIT",)
    assert all(
        entry in text for entry in (*type(rules).model_fields, *type(config.lists).model_fields)
    )


@pytest.fixture
def study_file(tmp_path: Path) -> str:
    path = tmp_path / "study.toml"
    path.write_text(
        f'[rules]\nseverity = {{"XFD-34" = "note"}}\noff = {{"XDS-19" = "{REASON}"}}\n'
        "[[rules.own]]\nid = 'OWN-01'\nwhere = 'grade > 3'\nsays = 'high\\u001b[31m'\n",
        "utf-8",
    )
    return str(path)


def test_the_list_of_rules_is_that_of_the_study(ae: Any, study_file: str) -> None:
    page = ae("rules", "--study", study_file).out
    listed = {line.split()[0]: line for line in page.splitlines()}
    assert f"(off in study.toml: {REASON})" in listed["AE-XDS-19"]
    assert listed["AE-XFD-34"].split()[1] == "note" and "study.toml" in listed["AE-XFD-34"]
    assert listed["OWN-01"].split()[1] == "warning" and "\x1b" not in page
    assert "study.toml" not in ae("rules").out


def test_json_of_the_rules_of_a_study(ae: Any, study_file: str) -> None:
    words = ("rules", "show", "xds-19", "--study", study_file, "--format", "json")
    told = json.loads(ae(*words).out)["rules"]
    assert [(rule["id"], rule["off"]) for rule in told] == [("AE-XDS-19", REASON)]
    words = ("rules", "show", "own-01", "--study", study_file, "--format", "json")
    (own,) = json.loads(ae(*words).out)["rules"]
    assert own["sources"] == ["study.toml: grade > 3"] and own["needs"] == ["grade"]
    assert "off" not in own and "overridden" not in own


def test_one_rule_of_a_study_in_words(ae: Any, study_file: str) -> None:
    page = ae("rules", "show", "XDS-19", "--study", study_file).out
    assert f"(off in study.toml: {REASON})" in page and "participant file" in page
    assert "severity by study.toml" in ae("rules", "show", "XFD-34", "--study", study_file).out
