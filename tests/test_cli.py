"""The command line: what it prints and where, how it ends, which files and choices it takes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import (
    EVENTS,
    HEADER,
    ROOT,
    SUBJECTS,
    Run,
    command,
    end_to_end,
    environment,
    write_csv,
    write_xlsx,
)

from ae_cli.config import Config, load
from ae_cli.reports import REPORTS
from ae_cli.rules import RULES
from ae_cli.table import Table

HUCMSC, DIRTY = ROOT / "samples" / "hucmsc", ROOT / "samples" / "dirty"
SAMPLE = (HUCMSC / "events.xlsx", "--subjects", HUCMSC / "subjects.csv")
COMMANDS = ("validate", "summarize", "export", "init", "columns", "rules")

BAD = (HEADER, ("001", "Sepsis", "9", "N", "2024-03-04", "Low"))  # no such grade: an error


def rules_of(said: str) -> set[str]:
    return set(re.findall(r"AE-[A-Z]+-\d+", said))


# Help


def test_help_names_every_command(ae: Run) -> None:
    for words in (["--help"], ["-h"], []):
        ran = ae(*words)
        assert ran.code == (0 if words else 2)
        assert all(re.search(rf"^ +{name} ", ran.out + ran.err, re.M) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_an_example(ae: Run, name: str) -> None:
    ran = ae(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Example: ae-cli " in ran.out
    assert "─" not in ran.out  # no boxes: help is read in mails and manuals, too


def test_help_says_what_it_ends_with(ae: Run) -> None:
    said = " ".join(ae("validate", "--help").out.split())
    assert "0 if no error was found, 1 if one was, 2 if the file cannot be used" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope"], "nope"),
        (["validate", "--nope"], "--nope"),
        (["validate", "--subjects"], "--subjects"),
        (["export"], "FORMAT"),
        (["rules", "show"], "ID"),
    ],
)
def test_what_is_mistyped_is_usage(ae: Run, words: list[str], said: str) -> None:
    ran = ae(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


# Exit codes


def test_a_clean_log_ends_with_0(ae: Run, log: Path, people: Path) -> None:
    ran = ae("validate", log, "--subjects", people)
    assert ran.code == 0
    assert "0 errors, 0 warnings, 1 note" in ran.out


def test_errors_end_with_1(ae: Run, tmp_path: Path) -> None:
    ran = ae("validate", write_csv(tmp_path / "ae.csv", BAD))
    assert ran.code == 1
    assert "AE-CTC-01" in ran.out


@pytest.mark.parametrize(
    ("level", "code"), [("error", 0), ("warning", 0), ("note", 1), ("never", 0)]
)
def test_fail_on_a_note(ae: Run, log: Path, people: Path, level: str, code: int) -> None:
    ran = ae("validate", log, "--subjects", people, "--fail-on", level)
    assert ran.code == code
    assert "1 note" in ran.out


@pytest.mark.parametrize("level", ["error", "warning", "note", "never"])
def test_fail_on_an_error(ae: Run, tmp_path: Path, level: str) -> None:
    path = write_csv(tmp_path / "ae.csv", BAD)
    assert ae("validate", path, "--fail-on", level).code == (level != "never")


@pytest.mark.parametrize("words", [["summarize"], ["export", "xlsx"]])
def test_tables_end_with_0_unless_asked(ae: Run, tmp_path: Path, words: list[str]) -> None:
    path = write_csv(tmp_path / "ae.csv", BAD)
    force = ["--force"] * (words[0] == "export")
    assert ae(*words, path, *force).code == 0
    assert ae(*words, path, *force, "--fail-on", "error").code == 1
    assert ae(*words, path, *force, "--fail-on", "never").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["validate", "--fail-on", "errors"], "use one of: error, warning, note, never"),
        (["validate", "--format", "xml"], "use one of: full, concise, json"),
        (["validate", "--only", "XFD-99"], "did you mean AE-XFD-"),
        (["validate", "--ignore", "CTC-3"], ""),
        (["validate", "--ignore", "nonsense"], "nonsense"),
        (["validate", "--study", "x.toml", "--no-study"], "leave one of them out"),
        (["validate", "--study", "x.toml"], "x.toml does not exist"),
        (["summarize", "--format", "full"], "use one of: table, json, csv, markdown"),
        (["summarize", "--by", "dose"], "use one of: group"),
        (["summarize", "--ci", "wald"], "clopper-pearson"),
        (["summarize", "--group", "height"], "Subject ID"),
        (["summarize", "--group", ""], "--group is given and empty"),
        (["summarize", "--n", " "], "--n is given and empty"),
        (["validate", "--only", ","], "--only is given and empty"),
        (["validate", "--sheet", "AE"], "leave out --sheet"),
        (["export", "pdf"], "use one of: xlsx"),
        (["rules", "show", "XFD-99"], "did you mean"),
        (["rules", "--format", "csv"], "text, json"),
    ],
)
def test_an_option_of_no_use_ends_with_2(ae: Run, log: Path, words: list[str], said: str) -> None:
    files = [] if words[0] == "rules" else [log]
    first = 2 if words[:1] == ["export"] else 1
    ran = ae(*words[:first], *files, *words[first:])
    if words == ["validate", "--ignore", "CTC-3"]:  # a zero left out is no mistake
        assert ran.code == 0
        return
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert said in ran.err


def test_no_file_at_all_ends_with_2(
    ae: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["validate"], ["summarize"], ["summarize", "by", "group"], ["columns"], ["init"]):
        ran = ae(*words)
        assert (ran.code, ran.out) == (2, "")
        assert "no log of adverse events was named" in ran.err


@pytest.mark.parametrize("pattern", ["x***", "**x/*.csv", "***.csv"])
def test_a_pattern_of_no_use_ends_with_2(ae: Run, tmp_path: Path, pattern: str) -> None:
    ran = ae("validate", tmp_path / pattern)
    assert ran.code == 2 and pattern in ran.err  # a newer Python takes it, and finds no file


def test_a_closed_standard_input_ends_with_2(ae: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    ran = ae("validate", "-")
    assert ran.code == 2 and "standard input is closed" in ran.err


def test_a_file_named_twice_is_not_counted_twice(
    ae: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(log.parent)
    for again in (log, "ae.csv", Path("..") / log.parent.name / "ae.csv"):
        ran = ae("validate", log, again)
        assert (ran.code, ran.out) == (2, "")
        assert "is named twice" in ran.err


def test_a_rule_may_find_what_a_file_has_no_column_for(ae: Run, tmp_path: Path) -> None:
    """Of two files one has no column for seriousness and outcome: its rows are findings as well."""
    first = (("Subject", "AE term", "Grade", "Serious", "Outcome"),
             ("S1", "Nausea", "2", "N", "Recovered"))  # fmt: skip
    second = (("Subject", "AE term", "Grade"), ("S2", "Nausea", "5"), ("S3", "Vomiting", "3"))
    files = [write_csv(tmp_path / "1.csv", first), write_csv(tmp_path / "2.csv", second)]
    ran = ae("validate", *files, "--format", "json")
    assert ran.code == 1
    lacking = [f for f in ran.json["findings"] if f["rule"] == "AE-REQ-09"]
    assert [(f["row"], f["columns"], f["values"]) for f in lacking] == [(2, [], []), (3, [], [])]


class Sentinel(Exception):
    pass


def test_a_bug_of_ours_ends_with_70_and_shows_no_cell(
    ae: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Sentinel("participant 001 had Nausea")

    monkeypatch.setattr("ae_cli.reports.summarize", broken)
    ran = ae("summarize", log)
    assert (ran.code, ran.out) == (70, "")
    assert "internal error: Sentinel in summarize.py, line " in ran.err
    assert not re.search("Nausea|001|had", ran.err)


def test_a_panic_below_us_ends_with_70(ae: Run, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # what Rust raises: no Exception
        pass

    def broken(*_: object) -> None:
        raise PanicException("Nausea")

    monkeypatch.setattr("ae_cli.rules.check", broken)
    ran = ae("validate", log)
    assert ran.code == 70
    assert "internal error: PanicException" in ran.err
    assert "Nausea" not in ran.err


def test_a_rule_that_crashes_ends_with_70_and_the_others_still_run(
    ae: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    def broken(_: object) -> None:
        raise Sentinel("Nausea")

    monkeypatch.setitem(RULES, "AE-REQ-08", replace(RULES["AE-REQ-08"], test=broken))
    ran = ae("validate", log, "--format", "json")
    assert ran.code == 70
    crashed = [r for r in ran.json["rules"] if r["outcome"] == "crashed"]
    assert crashed == [
        {"id": "AE-REQ-08", "outcome": "crashed", "reason": "a bug of ours (Sentinel)"}
    ]
    assert sum(r["outcome"] == "passed" for r in ran.json["rules"]) > 5
    assert "Nausea" not in json.dumps(ran.json["rules"])


@pytest.mark.skipif(os.name == "nt", reason="signals are other ones there")
def test_ctrl_c_is_quiet_and_130() -> None:
    with subprocess.Popen(
        command("validate", "-"), env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        assert run.stdin
        run.stdin.write(b"Subject ID")
        run.stdin.flush()
        time.sleep(2)  # the program has started, and waits for more
        run.send_signal(signal.SIGINT)
        said = run.communicate(timeout=20)
    assert (run.returncode, *said) == (130, b"", b"")


@pytest.mark.parametrize("words", [["validate", "ae.csv"], ["summarize", "ae.csv"], ["rules"]])
def test_a_reader_who_has_gone_is_no_error(log: Path, words: list[str]) -> None:
    """As with `| head`, when the little there is to print finds nobody."""
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        command(*words), cwd=log.parent, env=environment(), stdout=write, stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("format", ["concise", "json"])
def test_head_is_no_error(tmp_path: Path, format: str) -> None:
    """More findings than a pipe holds, of which one line is read: 1 tells of the findings."""
    rows = [HEADER, *(("1", f"Nausea {i}", f"bad {i}", "N", "soon", "Low") for i in range(2000))]
    words = command("validate", write_csv(tmp_path / "ae.csv", rows), "--format", format)
    with subprocess.Popen(
        words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 1


# Streams


def test_data_go_to_stdout_and_the_rest_to_stderr(
    ae: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "ae.csv", EVENTS)
    write_csv(tmp_path / "people.csv", SUBJECTS)
    (tmp_path / "study.toml").write_text('[files]\nsubjects = "people.csv"\n')
    monkeypatch.chdir(tmp_path)
    for words in (["validate", "ae.csv", "--format", "json"],
                  ["summarize", "ae.csv", "--format", "json"]):  # fmt: skip
        ran = ae(*words)
        assert ran.json["schema"] == 1
        assert ran.err.splitlines() == [
            "study file: study.toml", "participants: people.csv (named in study.toml)",
        ]  # fmt: skip


def test_a_page_in_a_pipe_has_no_colour_and_is_not_wrapped() -> None:
    ran = end_to_end("summarize", *SAMPLE, cwd=ROOT)
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert max(map(len, ran.out.splitlines())) > 100


def test_text_in_a_pipe_is_utf_8_whatever_the_machine_speaks(tmp_path: Path) -> None:
    write_csv(tmp_path / "ae.csv", [("受试者编号", "不良事件名称"), ("001", "恶心"), ("", "头痛")])
    ran = subprocess.run(
        command("validate", "ae.csv"), cwd=tmp_path, capture_output=True, check=False,
        env=environment(PYTHONIOENCODING="ascii"),
    )  # fmt: skip
    assert ran.returncode == 1
    assert "不良事件名称=头痛" in ran.stdout.decode("utf-8")


# validate: formats, --only, --ignore


def test_full_and_concise_and_json_tell_of_the_same_findings(ae: Run) -> None:
    words = ("validate", DIRTY / "events.csv", "--subjects", DIRTY / "subjects.csv")
    full, concise, whole = (ae(*words, "--format", f) for f in ("full", "concise", "json"))
    assert full.code == concise.code == whole.code == 1
    found = [f["rule"] for f in whole.json["findings"]]
    assert rules_of(concise.out) == set(found)
    assert sum(bool(rules_of(line)) for line in concise.out.splitlines()) == len(found)
    tally = re.search(r"(\d+) errors, (\d+) warnings, (\d+) notes", full.out)
    assert tally is not None
    assert tally.group() in concise.out
    severities = [f["severity"] for f in whole.json["findings"]]
    counts = [severities.count(s) for s in ("error", "warning", "note")]
    assert [int(n) for n in tally.groups()] == counts


def test_in_a_pipe_it_is_one_line_a_finding(ae: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "ae.csv", BAD)
    assert ae("validate", path).out == ae("validate", path, "--format", "concise").out


def test_a_finding_says_where_what_and_how(ae: Run, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "ae.xlsx", {"AE": BAD})
    full = ae("validate", path, "--format", "full").out
    assert re.search(r"^AE-CTC-01 error: ", full, re.M)
    assert f"  --> {path} [AE] row 2, subject 001   Grade=9" in full
    assert re.search(r"^  fix: ", full, re.M)


@pytest.mark.parametrize("name", ["AE-CTC-01", "CTC-01", "ctc-01", "ctc-1"])
def test_only_takes_a_rule_by_any_name(ae: Run, tmp_path: Path, name: str) -> None:
    path = write_csv(tmp_path / "ae.csv", BAD)
    ran = ae("validate", path, "--only", name, "--format", "json")
    assert [r["id"] for r in ran.json["rules"]] == ["AE-CTC-01"]
    assert ran.code == 1
    left = ae("validate", path, "--ignore", name, "--format", "json")
    assert "AE-CTC-01" not in {r["id"] for r in left.json["rules"]}
    assert left.code == 0


def test_only_and_ignore_take_several_and_work_together(ae: Run, log: Path) -> None:
    words = ("validate", log, "--only", "REQ-01, REQ-02,CTC-01", "--ignore", "REQ-02")
    assert {r["id"] for r in ae(*words, "--format", "json").json["rules"]} == {
        "AE-REQ-01",
        "AE-CTC-01",
    }


# JSON, key by key

TEXT = str
COUNT = int
FILE = {
    "path": TEXT, "sheet": (TEXT, type(None)), "sha256": TEXT, "role": TEXT, "rows_read": COUNT,
    "rows_used": COUNT, "rows_excluded": COUNT, "notes": list,
}  # fmt: skip
FINDING = {
    "rule": TEXT, "severity": TEXT, "file": TEXT, "sheet": (TEXT, type(None)),
    "row": (COUNT, type(None)), "subject": (TEXT, type(None)), "fields": list, "columns": list,
    "values": list, "message": TEXT, "fix": TEXT, "key": TEXT,
}  # fmt: skip


def assert_shape(item: dict[str, Any], shape: dict[str, Any], also: Iterable[str] = ()) -> None:
    assert item.keys() - set(also) == shape.keys()
    for key, kind in shape.items():
        assert isinstance(item[key], kind), key
        assert not isinstance(item[key], bool), key


@pytest.fixture(scope="module")
def dirty() -> dict[str, Any]:
    words = ("validate", "events.csv", "--subjects", "subjects.csv", "--format", "json")
    ran = end_to_end(*words, cwd=DIRTY)
    assert ran.code == 1
    return dict(ran.json)


def test_json_of_validate(dirty: dict[str, Any]) -> None:
    parts = ["files", "excluded", "findings", "rules", "notes", "listings"]
    assert list(dirty) == ["schema", "command", *parts]
    assert (dirty["schema"], dirty["command"]) == (1, "validate")
    for file in dirty["files"]:
        assert_shape(file, FILE)
        assert file["rows_read"] == file["rows_used"] + file["rows_excluded"]
        assert re.fullmatch("[0-9a-f]{64}", file["sha256"])
    assert [file["role"] for file in dirty["files"]] == ["events", "participants"]
    assert len(dirty["excluded"]) == sum(file["rows_excluded"] for file in dirty["files"])
    for row in dirty["excluded"]:
        assert_shape(row, {"file": TEXT, "sheet": (TEXT, type(None)), "row": COUNT, "reason": TEXT})


def test_json_of_findings(dirty: dict[str, Any]) -> None:
    for finding in dirty["findings"]:
        assert_shape(finding, FINDING, also=["rows", "records", "effect"])
        assert finding["severity"] in ("error", "warning", "note")
        assert len(finding["fields"]) == len(finding["columns"]) == len(finding["values"])
        if "rows" in finding:
            assert len(finding["rows"]) > 1
            assert finding["row"] == finding["rows"][0]
    assert dirty["findings"] == sorted(
        dirty["findings"], key=lambda f: ["error", "warning", "note"].index(f["severity"])
    )


def test_json_of_rules(dirty: dict[str, Any]) -> None:
    found = [f["rule"] for f in dirty["findings"]]
    for rule in dirty["rules"]:
        if rule["outcome"] in ("passed", "findings"):
            assert_shape(rule, {"id": TEXT, "outcome": TEXT, "findings": COUNT})
            assert rule["findings"] == found.count(rule["id"])
            assert (rule["findings"] > 0) == (rule["outcome"] == "findings")
        else:
            assert_shape(rule, {"id": TEXT, "outcome": TEXT, "reason": TEXT})
            assert rule["outcome"] == "not checked"
            assert rule["reason"]
    assert [rule["id"] for rule in dirty["rules"]] == sorted(RULES)


def test_a_key_names_a_finding_across_corrections(ae: Run, tmp_path: Path) -> None:
    """Rows may move and the value may change: the key stays."""
    rows = [HEADER, ("001", "Sepsis", "9", "N", "2024-03-04", "Low")]
    moved = [HEADER, EVENTS[1], EVENTS[2], ("001", "Sepsis", "7", "N", "2024-03-04", "Low")]
    keys = []
    for name, log in (("a.csv", rows), ("b.csv", moved)):
        words = ("validate", write_csv(tmp_path / name, log), "--only", "CTC-01")
        (finding,) = ae(*words, "--format", "json").json["findings"]
        keys.append(finding["key"])
    assert keys[0] == keys[1]


ROW = {
    "key": TEXT, "label": TEXT, "indent": COUNT, "unit": TEXT, "section": TEXT, "cells": list,
}  # fmt: skip
CELLS: dict[str, dict[str, Any]] = {
    "participants": {"n": COUNT, "N": COUNT, "percent": float, "events": COUNT, "ci": list},
    "events": {"events": COUNT},
    "share": {"events": COUNT, "of": COUNT, "percent": float},
    "months": {"value": float, "unit": TEXT},
}


def test_json_of_summarize(ae: Run) -> None:
    page = ae("summarize", *SAMPLE, "--format", "json").json
    assert list(page) == [
        "schema", "command", "table", "title", "groups", "rows", "footnotes", "files", "findings",
        "ctcae", "listings",
    ]  # fmt: skip
    assert (page["schema"], page["command"], page["table"]) == (1, "summarize", "group")
    assert [group["N"] for group in page["groups"]] == [8, 8, 8, 24]
    assert [group["name"] for group in page["groups"]] == ["Low", "Medium", "High", "Total"]
    for group in page["groups"]:
        assert_shape(group, {"name": TEXT, "label": TEXT, "N": COUNT})
    for file in page["files"]:
        assert_shape(file, FILE)
    assert page["findings"].keys() == {"error", "warning", "note"}
    assert all(isinstance(note, str) for note in page["footnotes"])
    for row in page["rows"]:
        assert_shape(row, ROW)
        assert [cell["group"] for cell in row["cells"]] == ["Low", "Medium", "High", "Total"]
        for cell in row["cells"]:
            assert_cell(cell, row)


def assert_cell(cell: dict[str, Any], row: dict[str, Any]) -> None:
    told = cell.keys() - {"group", "status"}
    if cell["status"] == "not collected":
        assert told == set()
        return
    if cell["status"] == "not estimable":
        assert told == {"reason"}
        return
    assert cell["status"] == "ok"
    kind = "share" if "of" in cell else row["unit"]
    assert told <= CELLS[kind].keys(), row["key"]
    if row["key"] == "dlt_pending":  # a number alone
        assert cell["n"] >= 0 and told == {"n", "N"} and cell["N"] is None
        return
    for key in told:
        assert isinstance(cell[key], CELLS[kind][key]), (row["key"], key)
    if row["unit"] == "participants":
        assert 0 <= cell["n"] <= cell["N"]
        assert cell["percent"] == round(cell["percent"], 1)
    if "ci" in cell:
        low, high = cell["ci"]
        assert 0 <= low <= cell["n"] / cell["N"] <= high <= 1
    assert ("ci" in cell) <= (cell["group"] != "Total")


def test_a_cell_of_json_in_full(ae: Run, log: Path, people: Path) -> None:
    page = ae("summarize", log, "--subjects", people, "--format", "json").json
    row = next(row for row in page["rows"] if row["key"] == "any_ae")
    low = row["cells"][0]
    assert low.pop("ci") == pytest.approx([0.012579, 0.987421], abs=1e-6)
    assert low == {"group": "Low", "status": "ok", "n": 1, "N": 2, "percent": 50.0, "events": 2}
    assert row["unit"] == "participants"


# summarize


def test_three_spellings_give_the_same_table(ae: Run) -> None:
    file, *subjects = SAMPLE
    for format in ("table", "json", "csv", "markdown"):
        pages = [
            ae("summarize", file, *subjects, "--format", format),
            ae("summarize", "by", "group", file, *subjects, "--format", format),
            ae("summarize", file, *subjects, "--by", "group", "--format", format),
            ae("summarize", "by", "group", file, "--by", "group", *subjects, "--format", format),
        ]
        assert {page.out for page in pages} == {pages[0].out}
        assert [page.code for page in pages] == [0] * 4


def test_two_tables_named_are_refused(ae: Run, log: Path) -> None:
    ran = ae("summarize", "by", "group", log, "--by", "term")
    assert ran.code == 2
    assert "name two tables" in ran.err


def groups(page: Any) -> list[tuple[str, int | None]]:
    return [(group["name"], group["N"]) for group in page["groups"]]


def test_n_stands_in_for_a_participant_file(ae: Run, log: Path) -> None:
    page = ae("summarize", log, "--n", "Low=8, High = 4", "--format", "json").json
    assert groups(page) == [("Low", 8), ("High", 4), ("Total", 12)]
    any_ae = next(row for row in page["rows"] if row["key"] == "any_ae")["cells"]
    assert [(cell["n"], cell["N"]) for cell in any_ae] == [(1, 8), (2, 4), (3, 12)]


def test_n_may_name_a_group_without_events(ae: Run, log: Path) -> None:
    page = ae("summarize", log, "--n", "Low=8,Medium=8,High=4", "--format", "json").json
    assert groups(page) == [("Low", 8), ("Medium", 8), ("High", 4), ("Total", 20)]


@pytest.mark.parametrize(
    ("n", "said"),
    [
        ("Low=8,High=1", "2 participants"),
        ("Low=0,High=8", "'Low'"),
        ("Low=8", "does not name the group 'High'"),
        ("Low=8,Low=8,High=8", "twice"),
        ("Low=8,High", "'High'"),
        ("Low=eight,High=8", "'Low=eight'"),
        ("Low=-8,High=8", "'Low=-8'"),
        ("Low=8.5,High=8", "'Low=8.5'"),
        ("8,8", "'8'"),
        ("=8", "'=8'"),
    ],
)
def test_an_n_that_cannot_be_ends_with_2(ae: Run, log: Path, n: str, said: str) -> None:
    ran = ae("summarize", log, "--n", n)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_n_and_a_participant_file_must_agree(ae: Run, log: Path, people: Path) -> None:
    words = ("summarize", log, "--subjects", people, "--format", "json")
    agreed = ae(*words, "--n", "Low=2,High=2")
    assert agreed.code == 0
    assert agreed.json["rows"] == ae(*words).json["rows"]
    ran = ae(*words, "--n", "Low=8,High=8")
    assert (ran.code, ran.out) == (2, "")
    assert "disagree" in ran.err


def test_order_is_obeyed(ae: Run, log: Path, people: Path) -> None:
    words = ("summarize", log, "--subjects", people, "--format", "json")
    assert [name for name, _ in groups(ae(*words).json)] == ["Low", "High", "Total"]
    turned = ae(*words, "--order", "High, Low").json
    assert [name for name, _ in groups(turned)] == ["High", "Low", "Total"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("Low", "leaves out the group High"),
        ("Low,High,Medium", "not in the data: Medium"),
        ("Low,Hihg", "High"),
        ("Low,High,Low", "twice"),
        (",", ""),
    ],
)
def test_an_order_that_cannot_be_ends_with_2(
    ae: Run, log: Path, people: Path, order: str, said: str
) -> None:
    ran = ae("summarize", log, "--subjects", people, "--order", order)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("group", ["sex", "Sex", "SEX"])
def test_another_field_may_form_the_columns(ae: Run, log: Path, people: Path, group: str) -> None:
    words = ("summarize", log, "--subjects", people, "--group", group, "--format", "json")
    page = ae(*words).json
    assert groups(page) == [("F", 3), ("M", 1), ("Total", 4)]
    assert any("sex" in note.casefold() for note in page["footnotes"])


def test_a_group_that_nobody_has_names_those_there_are(ae: Run, log: Path, people: Path) -> None:
    ran = ae("summarize", log, "--subjects", people, "--group", "centre")
    assert ran.code == 2
    assert "'centre'" in ran.err
    assert "Sex" in ran.err


@pytest.mark.parametrize("method", ["clopper-pearson", "wilson", "jeffreys", "mid-p"])
def test_the_interval_has_a_method(ae: Run, method: str) -> None:
    page = ae("summarize", *SAMPLE, "--ci", method, "--format", "json").json
    assert sum("ci" in cell for row in page["rows"] for cell in row["cells"]) > 20
    word = {
        "clopper-pearson": "Clopper",
        "wilson": "Wilson",
        "jeffreys": "Jeffreys",
        "mid-p": "mid-p",
    }[method]
    assert any(word in note for note in page["footnotes"])


def test_there_may_be_no_interval(ae: Run) -> None:
    page = ae("summarize", *SAMPLE, "--ci", "none", "--format", "json").json
    assert not any("ci" in cell for row in page["rows"] for cell in row["cells"])
    assert not any("interval" in note for note in page["footnotes"])


def test_total_has_an_interval_only_when_asked(ae: Run) -> None:
    for words, there in (([], False), (["--ci-total"], True)):
        page = ae("summarize", *SAMPLE, *words, "--format", "json").json
        any_ae = next(row for row in page["rows"] if row["key"] == "any_ae")
        assert ("ci" in any_ae["cells"][-1]) is there


def test_rows_read_are_rows_used_and_excluded(ae: Run, log: Path, tmp_path: Path) -> None:
    few = write_csv(tmp_path / "few.csv", SUBJECTS[:3])
    ran = ae("summarize", log, "--subjects", few)
    assert "4 read = 3 used + 1 excluded" in ran.out


# study.toml


def test_a_study_file_beside_the_log_is_used_and_named(
    ae: Run, log: Path, people: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "study.toml"
    beside.write_text('title = "Study X"\n[[groups]]\nname = "High"\n[[groups]]\nname = "Low"\n')
    words = ("summarize", log, "--subjects", people, "--format", "json")
    ran = ae(*words)
    assert ran.err == f"study file: {beside}\n"
    assert [name for name, _ in groups(ran.json)] == ["High", "Low", "Total"]
    without = ae(*words, "--no-study")
    assert without.err == ""
    assert [name for name, _ in groups(without.json)] == ["Low", "High", "Total"]


def test_a_study_file_may_be_elsewhere(ae: Run, log: Path, people: Path, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text('title = "not this one"\n')
    other = tmp_path / "other"
    other.mkdir()
    (other / "s.toml").write_text('title = "Study Y"\n')
    ran = ae("summarize", log, "--subjects", people, "--study", other / "s.toml")
    assert "Study Y" in ran.out
    assert "not this one" not in ran.out


def test_the_files_of_a_study_are_relative_to_it(
    ae: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    write_csv(tmp_path / "data" / "ae.csv", EVENTS)
    write_csv(tmp_path / "data" / "dm.csv", SUBJECTS)
    (tmp_path / "study.toml").write_text(
        '[files]\nevents = ["data/ae.csv"]\nsubjects = "data/dm.csv"\n'
    )
    monkeypatch.chdir(tmp_path)
    page = ae("summarize", "--format", "json").json
    assert groups(page) == [("Low", 2), ("High", 2), ("Total", 4)]
    monkeypatch.chdir(tmp_path / "data")
    again = ae("summarize", "by", "group", "--study", "../study.toml", "--format", "json").json
    assert again["rows"] == page["rows"]


def test_participants_named_on_the_command_line_come_first(
    ae: Run, log: Path, people: Path, tmp_path: Path
) -> None:
    (tmp_path / "study.toml").write_text('[files]\nsubjects = "missing.csv"\n')
    assert ae("summarize", log, "--subjects", people).code == 0
    ran = ae("summarize", log)
    assert ran.code == 2
    assert "missing.csv does not exist" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "is not valid TOML"),
        ("title = 'a'\ntitle = 'b'\n", "is not valid TOML"),
        ("titel = 'a'\n", "titel"),
        ("[files]\nevent = 'ae.csv'\n", "files.event"),
        ("[[groups]]\nlabel = 'Low dose'\n", "groups.name (number 1) is missing"),
        ("[[groups]]\nname = 'Low'\ncolour = 'red'\n", "groups.colour (number 1)"),
        ("[[groups]]\nname = 'Low'\n[[groups]]\nname = 'Low'\n", "'Low' stands for two groups"),
        (
            "[[groups]]\nname = 'A'\n[[groups]]\nname = 'B'\nspellings = ['A']\n",
            "'A' stands for two",
        ),
        ("groups = 'Low'\n", "groups"),
        ("cut_off = 'soon'\n", "cut_off"),
        ("ctcae = '9.9'\n", "9.9"),
        ("coded_in = 'WHO'\n", "coded_in"),
        ("[window]\ndays_after_first_dose = -1\n", "window.days_after_first_dose"),
        ("[window]\ndays_after_first_dose = 'x'\n", "window.days_after_first_dose"),
        ("[related]\ncounts = ['perhaps']\n", "related.counts.0"),
        ("[severity_as_grade]\nmild = 6\n", "severity_as_grade"),
        ("[severity_as_grade]\nawful = 3\n", "awful"),
        ("[columns.events]\ngrade = 'Level'\n", "Level"),
        ("[columns.events]\ngrad = 'Grade'\n", "grad"),
    ],
)
def test_a_study_file_with_a_mistake_ends_with_2(
    ae: Run, log: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "study.toml").write_text(text, "utf-8")
    ran = ae("validate", log)
    assert (ran.code, ran.out) == (2, "")
    assert "study.toml" in ran.err
    assert said in ran.err
    assert ae("validate", log, "--no-study").code == 0


def test_a_study_file_from_notepad_has_a_mark_before_it(
    ae: Run, log: Path, people: Path, tmp_path: Path
) -> None:
    (tmp_path / "study.toml").write_bytes(b'\xef\xbb\xbftitle = "Study X"\r\n')
    assert "Study X" in ae("summarize", log, "--subjects", people).out


@pytest.mark.parametrize("data", [b"title = '\xff'", b"\xff\xfet\0", b"\0"])
def test_a_study_file_that_is_no_text_ends_with_2(
    ae: Run, log: Path, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "study.toml").write_bytes(data)
    ran = ae("validate", log)
    assert ran.code == 2
    assert "is not valid TOML" in ran.err


def test_a_column_may_be_named_in_the_study_file(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [("Person", "What", "Level"), ("1", "Nausea", "9")])
    assert ae("validate", log).code == 2
    (tmp_path / "study.toml").write_text(
        '[columns.events]\nsubject = "Person"\nterm = "What"\ngrade = "Level"\n'
    )
    ran = ae("validate", log, "--only", "CTC-01", "--format", "json")
    assert [f["columns"] for f in ran.json["findings"]] == [["Level"]]


# init


@pytest.mark.parametrize(
    "words",
    [
        [HUCMSC / "events.xlsx", "--subjects", HUCMSC / "subjects.csv"],
        [HUCMSC / "events-zh.xlsx"],
        [DIRTY / "events.csv", "--subjects", DIRTY / "subjects.csv"],
        [DIRTY / "events.csv"],
    ],
)
def test_init_writes_a_study_file_that_changes_no_number(
    ae: Run, tmp_path: Path, words: list[object]
) -> None:
    made = tmp_path / "study.toml"
    ran = ae("init", *words, "-o", made)
    assert (ran.code, ran.out) == (0, f"wrote {made}\n")
    load(made)
    before = ae("summarize", *words, "--no-study", "--format", "json").json
    after = ae("summarize", *words, "--study", made, "--format", "json").json
    files_from_it = ae("summarize", "--study", made, "--format", "json").json
    for page in (after, files_from_it):
        assert page["rows"] == before["rows"]
        assert page["groups"] == before["groups"]
        assert page["findings"] == before["findings"]


def test_every_line_of_it_may_be_switched_on(ae: Run, tmp_path: Path) -> None:
    made = tmp_path / "study.toml"
    assert ae("init", *SAMPLE, "-o", made).code == 0
    text = re.sub(r"^# (?=\[|[a-z_]+ = )", "", made.read_text("utf-8"), flags=re.M)
    Config.model_validate(tomllib.loads(text))


def test_init_writes_beside_the_log_and_replaces_nothing_unasked(
    ae: Run, log: Path, people: Path
) -> None:
    words = ("init", log, "--subjects", people)
    beside = log.with_name("study.toml")
    assert ae(*words).out == f"wrote {beside}\n"
    text = beside.read_text("utf-8")
    assert 'events = "ae.csv"' in text
    assert 'subjects = "people.csv"' in text
    beside.write_text("# mine\n")
    ran = ae(*words)
    assert ran.code == 2
    assert "already exists" in ran.err
    assert beside.read_text() == "# mine\n"
    assert ae(*words, "--force").code == 0
    assert beside.read_text("utf-8") == text


def test_init_never_writes_over_what_it_read(ae: Run, log: Path, people: Path) -> None:
    for path in (log, people):
        before = path.read_bytes()
        ran = ae("init", log, "--subjects", people, "-o", path, "--force")
        assert ran.code == 2
        assert "is an input of this run" in ran.err
        assert path.read_bytes() == before


def test_init_survives_hostile_names_of_groups(ae: Run, tmp_path: Path) -> None:
    names = ['a "b"', "c\\d", "=1+1", "[x]\n[y]", "高", "\u202ereversed", "tab\there", "'''"]
    rows = [HEADER, *((str(i), "Nausea", "1", "N", "2024-03-04", n) for i, n in enumerate(names))]
    log = write_csv(tmp_path / "ae.csv", rows)
    assert ae("init", log).code == 0
    assert {group.name for group in load(tmp_path / "study.toml").groups} == set(names)


# columns


def test_columns_shows_what_each_was_taken_for(ae: Run, log: Path, people: Path) -> None:
    shown = ae("columns", log, "--subjects", people)
    assert shown.code == 0
    assert re.search(r"^  Adverse event +-> Adverse event$", shown.out, re.M)
    assert re.search(r"^  First dose +-> First dose$", shown.out, re.M)
    assert f"{people}: participants" in shown.out
    for command_ in ("validate", "summarize"):
        assert ae(command_, log, "--subjects", people, "--columns").out == shown.out


def test_columns_says_what_is_missing_for_what(ae: Run, log: Path, people: Path) -> None:
    page = ae("columns", log, "--subjects", people, "--format", "json").json
    assert (page["schema"], page["command"]) == (1, "columns")
    assert [file["role"] for file in page["files"]] == ["events", "participants"]
    (grade,) = [c for c in page["files"][0]["columns"] if c["header"] == "Grade"]
    assert (grade["fields"], grade["label"], grade["reason"]) == (["grade"], "CTCAE grade", "")
    assert "AE-COD-12" in page["missing"]["rules"]["no column for Outcome"]
    assert "any_related" in page["missing"]["rows"] and "any_sae" not in page["missing"]["rows"]
    unchecked = {id for ids in page["missing"]["rules"].values() for id in ids}
    report = ae("validate", log, "--subjects", people, "--format", "json").json
    assert unchecked == {r["id"] for r in report["rules"] if r["outcome"] == "not checked"}
    said = ae("columns", log, "--subjects", people).out
    assert "no column for Outcome: COD-12" in said and "Any related adverse event" in said


def test_columns_says_what_is_not_read_and_why(ae: Run, tmp_path: Path) -> None:
    rows = [("Subject ID", "Adverse event", "Remark", ""), ("1", "Nausea", "x", "y")]
    said = ae("columns", write_csv(tmp_path / "ae.csv", rows)).out
    assert re.search(r"^  Remark +not read: ", said, re.M)
    assert "no header" in said


# rules


def test_rules_lists_every_rule(ae: Run) -> None:
    ran = ae("rules")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == sorted(RULES)
    page = ae("rules", "--format", "json").json
    assert [rule["id"] for rule in page["rules"]] == sorted(RULES)
    assert page["schema"] == 1
    for rule in page["rules"]:
        assert rule["severity"] in ("error", "warning", "note")
        assert rule["title"] and rule["why"] and rule["good"] and rule["bad"]


def test_each_rule_is_explained(ae: Run) -> None:
    for id in RULES:
        said = ae("rules", "show", id).out
        assert said.startswith(f"{id} ")
        assert all(
            word in said for word in ("why ", "needs ", "sources ", "  passes\n", "  fails\n")
        )


@pytest.mark.parametrize("name", ["AE-XFD-06", "XFD-06", "xfd-06", "xfd-6"])
def test_a_rule_is_shown_by_any_name(ae: Run, name: str) -> None:
    said = ae("rules", "show", name)
    assert said.out == ae("rules", "show", "AE-XFD-06").out
    (rule,) = ae("rules", "show", name, "--format", "json").json["rules"]
    assert rule["id"] == "AE-XFD-06"


# As Python sees it


def test_python_gives_what_the_command_line_gives(ae: Run, log: Path, people: Path) -> None:
    import ae_cli

    table = ae_cli.summarize(log, people)
    assert isinstance(table, Table)
    page = ae("summarize", log, "--subjects", people, "--format", "json").json
    assert [row.key for row in table.rows] == [row["key"] for row in page["rows"]]
    report = ae_cli.check(log, people)
    assert {f.rule for f in report.findings} == rules_of(
        ae("validate", log, "--subjects", people).out
    )


def test_the_module_and_the_program_are_the_same(log: Path) -> None:
    program = Path(sys.executable).with_name("ae-cli")
    if not program.exists():
        pytest.skip("ae-cli is not installed beside this Python")
    words = ["validate", str(log), "--format", "json"]
    one = subprocess.run([program, *words], env=environment(), capture_output=True, check=False)
    assert one.stdout == end_to_end(*words, cwd=log.parent).out.encode()


@pytest.mark.parametrize(
    "path", [HUCMSC / "events.xlsx", HUCMSC / "events-zh.xlsx", DIRTY / "events.csv"]
)
def test_a_mapping_that_is_saved_is_the_mapping(ae: Run, tmp_path: Path, path: Path) -> None:
    told = [path, "--no-study"]
    saved = ae("columns", *told, "--format", "toml")
    assert saved.code == 0
    study = tmp_path / "study.toml"
    study.write_text(saved.out, "utf-8")
    pages = [
        ae("columns", path, *how, "--format", "json").json
        for how in (("--no-study",), ("--study", study))
    ]
    fields = [[c["fields"] for c in page["files"][0]["columns"]] for page in pages]
    assert fields[0] == fields[1] and sum(map(len, fields[0])) > 10


def test_a_file_in_the_place_of_a_command_is_told_what_to_do(ae: Run) -> None:
    ran = ae("my log.xlsx")
    assert ran.code == 2
    assert 'to check it: ae-cli validate "my log.xlsx"' in ran.err
    assert "No such command" in ae("valdate").err


def test_a_finding_shows_the_column_that_was_read(ae: Run, tmp_path: Path) -> None:
    """One column of criteria stands for a column each: it is the one to look at."""
    head = (
        "Subject",
        "AE term",
        "Grade",
        "Serious",
        "SAE criterion",
        "Outcome",
        "Start date",
        "Group",
    )
    row = ("001", "Sepsis", "5", "Y", "Hospitalisation", "Fatal", "2024-03-04", "Low")
    log = write_csv(tmp_path / "ae.csv", [head, row])
    (found,) = ae("validate", log, "--only", "XFD-03", "--format", "json").json["findings"]
    assert found["columns"] == ["Outcome", "SAE criterion"]
    assert found["values"] == ["Fatal", "Hospitalisation"]


def test_numbers_are_asked_for_by_the_groups_of_the_log(ae: Run, tmp_path: Path) -> None:
    head = ("Subject", "AE term", "Grade", "Serious", "Start date", "Group")
    rows = [
        ("1", "Rash", "1", "N", "2024-03-04", "Dose 1"),
        ("2", "Rash", "1", "N", "2024-03-04", "Dose 2"),
    ]
    log = write_csv(tmp_path / "ae.csv", [head, *rows])
    (found,) = ae("validate", log, "--only", "XDS-45", "--format", "json").json["findings"]
    assert found["fix"].endswith('such as --n "Dose 1=8,Dose 2=8"')


def test_the_help_of_summarize_names_every_table(ae: Run) -> None:
    said = " ".join(ae("summarize", "--help").out.split())
    assert [name for name in REPORTS if not re.search(rf"\b{name}\b", said)] == []
