"""validate writes several files at once, all or none; a baseline accepts what it knows."""

from __future__ import annotations

import csv
import io
import json
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from conftest import EVENTS, HEADER, Run, write_csv
from hypothesis import given
from hypothesis import strategies as st

from ae_cli.cli.writing import SUFFIXES
from ae_cli.findings import Finding, Outcome, Report, RuleOutcome, Severity
from ae_cli.render import FINDINGS
from ae_cli.rules.baseline import Known, accept, compared

DIRTY = [
    HEADER,
    ("001", "Nausea", "9", "N", "2024-03-04", "Low"),
    ("002", "=cmd|' /C calc'!A0", "2", "perhaps", "2024-03-05", "Low"),
    ("003", "<script>alert(1)</script>\n::error::x", "7", "N", "2024-03-05", "High"),
]


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "ae.csv", DIRTY)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# Files


def test_every_suffix_has_a_format() -> None:
    assert set(SUFFIXES.values()) <= set(FINDINGS)


def test_all_files_are_written_and_hold_the_same_findings(
    ae: Run, dirty: Path, tmp_path: Path
) -> None:
    out = {suffix: tmp_path / f"found{suffix}" for suffix in SUFFIXES}
    words = [word for path in out.values() for word in ("-o", path)]
    ran = ae("validate", dirty, "--format", "json", *words)
    assert ran.code == 1
    assert ran.err == "".join(f"wrote {path}\n" for path in out.values())
    assert out[".json"].read_text("utf-8") == ran.out
    keys = [finding["key"] for finding in ran.json["findings"]]
    assert len(keys) == len(set(keys)) > 4
    lines = map(json.loads, out[".jsonl"].read_text("utf-8").splitlines())
    assert [line["key"] for line in lines if line["kind"] == "finding"] == keys
    text = out[".csv"].read_bytes().decode("utf-8-sig")
    assert [row["key"] for row in csv.DictReader(io.StringIO(text))] == keys
    sheet = openpyxl.load_workbook(out[".xlsx"])["Findings"]
    assert [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)] == keys
    results = json.loads(out[".sarif"].read_text("utf-8"))["runs"][0]["results"]
    assert [result["partialFingerprints"]["aeCliKey/v1"] for result in results] == keys
    assert ET.parse(out[".xml"]).getroot().get("name") == "ae-cli"
    page = out[".html"].read_text("utf-8")
    assert all(key in page for key in keys)
    assert "<script>" not in page
    assert out[".txt"].read_text("utf-8").count("-->") == len(keys)


def test_the_same_log_gives_the_same_bytes(ae: Run, dirty: Path, tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
        ae("validate", dirty, "-o", one)
        ae("validate", dirty, "-o", two)
        assert one.read_bytes() == two.read_bytes(), suffix


@pytest.mark.parametrize("format", [f for f in FINDINGS if f not in ("xlsx", "text", "full")])
def test_every_format_is_printed_too(ae: Run, dirty: Path, format: str) -> None:
    ran = ae("validate", dirty, "--format", format)
    assert (ran.code, ran.err) == (1, "")
    assert "AE-CTC-01" in ran.out
    lines = ran.out.splitlines()
    assert format == "github" or not any(line.startswith("::") for line in lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "xlsx"], "name a file: -o findings.xlsx"),
        (["--format", "text"], "use one of: full, concise, json, jsonl, csv, xlsx, html"),
        (["-o", "found.pdf"], "found.pdf has no suffix that is known"),
        (["-o", "-"], "- has no suffix that is known"),
        (["-o", "nowhere/x.json"], "the folder nowhere does not exist"),
        (["-o", "a.json", "-o", "./a.json"], "is named twice"),
        (["-o", "there.json"], "there.json already exists"),
        (["-o", "new.html", "-o", "there.json"], "there.json already exists"),
        (["-o", "ae.csv", "--force"], "ae.csv is an input of this run"),
        (["-o", "known.json", "--force", "--baseline", "known.json"], "is an input of this run"),
        (["-o", "folder.json"], "folder.json is a folder"),
        (["-o", "a.html", "-o", "sub/../a.html"], "sub/../a.html is named twice"),
        (["-o", "a.html", "-o", "A.HTML"], "A.HTML is named twice"),
        (["-o", "link.json", "-o", "aim.json", "--force"], "aim.json is named twice"),
        (["-o", "q.xlsx", "--queries", "q.xlsx"], "q.xlsx is named by -o too"),
        (["--marked", "q.xlsx", "--queries", "./q.xlsx", "--force"], "is named by --queries too"),
        (["-o", "m.xlsx", "--marked", "m.xlsx", "--force"], "m.xlsx is named by -o too"),
        (["--queries", "known.xlsx", "--baseline", "known.xlsx"], "input of this run (--baseline)"),
        (
            ["--queries", "known.xlsx", "--baseline", "known.xlsx.bak"],
            "known.xlsx.bak is an input of this run (--baseline)",
        ),
        (["--marked", "folder.xlsx"], "name a file in it with --marked"),
        (["--marked", "there.xlsx"], "use --force to replace it, or --marked FILE"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(
    ae: Run, dirty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    words: list[str], said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("there.json").write_text("mine")
    for folder in ("folder.json", "folder.xlsx", "sub"):
        Path(folder).mkdir()
    for file in ("aim.json", "there.xlsx", "known.xlsx", "known.xlsx.bak"):
        Path(file).write_text("mine")
    Path("link.json").symlink_to("aim.json")
    known = ae("validate", "ae.csv", "--format", "json").out
    Path("known.json").write_text(known, "utf-8")
    before = names(tmp_path)
    ran = ae("validate", "ae.csv", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert names(tmp_path) == before
    assert Path("there.json").read_text() == "mine"
    assert dirty.read_text("utf-8").startswith("Subject ID")


def test_a_link_stays_a_link_and_rights_stay_as_they_were(
    ae: Run, dirty: Path, tmp_path: Path
) -> None:
    far = tmp_path / "far"
    far.mkdir()
    for name in ("q.xlsx", "f.json"):
        (tmp_path / name).symlink_to(far / name)
    words = ("-o", tmp_path / "f.json", "--queries", tmp_path / "q.xlsx", "--force")
    ae("validate", dirty, *words)
    for name in ("q.xlsx", "f.json"):
        (far / name).chmod(0o600)
    assert ae("validate", dirty, *words).code == 1
    for name in ("q.xlsx", "f.json"):
        assert (tmp_path / name).is_symlink() and not (far / name).is_symlink()
        assert stat.S_IMODE((far / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "q.xlsx.bak").stat().st_mode) == 0o600


def test_a_reader_who_goes_loses_no_file(dirty: Path, tmp_path: Path) -> None:
    """`ae-cli validate ... | head -1`: all is written, and the exit code tells of the findings."""
    write_csv(dirty, [DIRTY[0], *DIRTY[1:] * 3_000])
    words = ("-o", "f.json", "--queries", "q.xlsx", "--marked", "m.xlsx", "--only", "CTC-01")
    with subprocess.Popen(
        [sys.executable, "-m", "ae_cli", "validate", dirty, *words], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        run.stdout.readline()
        run.stdout.close()
        assert run.wait() == 1
    assert names(tmp_path) >= {"f.json", "q.xlsx", "m.xlsx"}


def test_all_files_of_a_run_or_none(
    ae: Run, dirty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the marked copy fails, neither the findings nor the query log are written."""
    monkeypatch.chdir(tmp_path)
    words = ("-o", "f.json", "--queries", "q.xlsx", "--marked", "m.xlsx")
    before = names(tmp_path)
    monkeypatch.setattr("ae_cli.render.marked.listed.add", lambda *_: 1 / 0)
    ran = ae("validate", dirty, *words)
    assert ran.code == 70 and "nothing was written" in ran.err
    assert names(tmp_path) == before


@pytest.mark.parametrize("door", ["html_.report", "xlsx.report.save", "sarif.report"])
def test_a_failure_leaves_no_file_and_the_old_ones_whole(
    ae: Run, dirty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    (tmp_path / "a.json").write_text("mine")

    def broken(*_: object) -> None:
        raise ValueError("Nausea")

    module, _, name = door.rpartition(".")
    monkeypatch.setattr(f"ae_cli.render.{module}.{name}", broken)
    files = [w for s in ("json", "html", "xlsx", "sarif") for w in ("-o", tmp_path / f"a.{s}")]
    ran = ae("validate", dirty, *files, "--force")
    assert (ran.code, ran.out) == (70, "")
    assert "Nausea" not in ran.err
    assert names(tmp_path) == {"ae.csv", "a.json"}
    assert (tmp_path / "a.json").read_text() == "mine"


# Baseline


def known(ae: Run, log: Path, path: Path, *words: object) -> Path:
    ae("validate", log, "-o", path, "--force", *words)
    return path


def test_known_findings_are_accepted_in_every_format(ae: Run, dirty: Path, tmp_path: Path) -> None:
    before = known(ae, dirty, tmp_path / "known.json")
    number = len(json.loads(before.read_text("utf-8"))["findings"])
    for format in FINDINGS:
        if format in ("xlsx", "text"):
            continue
        ran = ae("validate", dirty, "--baseline", before, "--format", format)
        assert ran.code == 0, format
        if format not in ("json", "jsonl", "csv"):
            assert f"known.json: {number} findings accepted, 0 gone" in ran.out, format
    told = ae("validate", dirty, "--baseline", before, "--format", "json").json
    assert told["findings"] == []
    assert told["baseline"] == {
        "path": str(before), "accepted": number, "gone": 0, "unasked": 0,
    }  # fmt: skip
    assert len(told["accepted"]) == number
    assert sum(rule.get("accepted", 0) for rule in told["rules"]) == number


def test_only_what_is_new_is_shown_and_what_is_gone_is_counted(
    ae: Run, dirty: Path, tmp_path: Path
) -> None:
    before = known(ae, dirty, tmp_path / "known.json")
    mended = [HEADER, ("001", "Nausea", "1", "N", "2024-03-04", "Low"), *DIRTY[2:]]
    mended.append(("004", "Rash", "8", "N", "2024-03-09", "Low"))
    ran = ae("validate", write_csv(dirty, mended), "--baseline", before, "--format", "json")
    assert ran.code == 1
    assert [f["subject"] for f in ran.json["findings"]] == ["004"]
    assert ran.json["baseline"]["gone"] == 1


def test_a_result_with_a_baseline_is_a_baseline_too(ae: Run, dirty: Path, tmp_path: Path) -> None:
    first = known(ae, dirty, tmp_path / "one.json")
    second = known(ae, dirty, tmp_path / "two.json", "--baseline", first)
    ran = ae("validate", dirty, "--baseline", second, "--format", "json")
    assert (ran.code, ran.json["findings"]) == (0, [])


def test_a_rule_that_is_not_asked_leaves_its_findings_neither_there_nor_gone(
    ae: Run, dirty: Path, tmp_path: Path
) -> None:
    before = known(ae, dirty, tmp_path / "known.json")
    total = len(json.loads(before.read_text("utf-8"))["findings"])
    ran = ae("validate", dirty, "--baseline", before, "--only", "CTC-01", "--format", "json")
    about = ran.json["baseline"]
    assert (about["accepted"], about["gone"], about["unasked"]) == (2, 0, total - 2)


def test_the_csv_has_new_findings_alone_and_says_the_rest_beside(
    ae: Run, dirty: Path, tmp_path: Path
) -> None:
    before = known(ae, dirty, tmp_path / "known.json")
    ran = ae("validate", dirty, "--baseline", before, "--format", "csv")
    assert len(ran.out.splitlines()) == 1
    assert "findings accepted, 0 gone" in ran.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("row", "2"), ("row", -1), ("row", 10**400), ("rows", [2, "3"]), ("rows", {"a": 1}),
        ("records", "many"), ("records", 1e300), ("values", "a"), ("values", [1]), ("fields", None),
        ("severity", "fatal"), ("severity", 3), ("key", None), ("message", ["m"]), ("subject", 7),
    ],
)  # fmt: skip
def test_a_baseline_changed_by_hand_is_damaged(
    ae: Run, dirty: Path, tmp_path: Path, name: str, value: object
) -> None:
    path = known(ae, dirty, tmp_path / "known.json")
    result = json.loads(path.read_text("utf-8"))
    result["findings"][0][name] = value
    path.write_text(json.dumps(result), "utf-8")
    ran = ae("validate", dirty, "--baseline", path)
    assert (ran.code, ran.out) == (2, "")
    assert f"is damaged at findings.0.{name}" in ran.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no JSON"),
        (b"key,message\n", "is no JSON"),
        (b"\xff\xfe\xff", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "is no result of `ae-cli validate`"),
        (b'{"schema": 1, "command": "summarize"}', "is no result of `ae-cli validate`"),
        (b'{"schema": 2, "command": "validate", "findings": []}', "has schema 2"),
        (b'{"command": "validate", "findings": []}', "has schema None"),
        (b'{"schema": 1, "command": "validate"}', "is damaged"),
        (b'{"schema": 1, "command": "validate", "findings": [{"key": "a"}]}', "is damaged"),
        (b'{"schema": 1, "command": "validate", "findings": ["a"]}', "is damaged"),
        (b'{"schema": 1, "command": "validate", "findings": 5}', "is damaged"),
    ],
)
def test_a_baseline_that_is_none_is_refused(
    ae: Run, dirty: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "known.json"
    path.write_bytes(content)
    ran = ae("validate", dirty, "--baseline", path)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ae("validate", dirty, "--baseline", tmp_path / "nowhere.json").code == 2


def test_a_baseline_of_powershell_is_read(ae: Run, dirty: Path, tmp_path: Path) -> None:
    """Its `>` writes UTF-16."""
    before = known(ae, dirty, tmp_path / "known.json")
    before.write_bytes(before.read_text("utf-8").encode("utf-16"))
    assert ae("validate", dirty, "--baseline", before).code == 0


# What is the same finding


def finding(key: str = "abc", **more: Any) -> Finding:
    return replace(Finding("AE-XRC-01", Severity.WARNING, "m", "f", key=key), **more)


def shown(now: list[Finding], before: list[Finding]) -> tuple[list[Any], ...]:
    return tuple([f.values or f.key for f in found] for found in compared(now, before))


def test_of_records_that_cannot_be_told_apart_as_many_are_known_as_there_were() -> None:
    a, b, c = (finding(key) for key in ("abc", "abc-2", "abc-3"))
    assert shown([a, b], [a, b]) == ([], ["abc", "abc-2"], [])
    assert shown([a, b, c], [a, b]) == (["abc-3"], ["abc", "abc-2"], [])
    assert shown([a], [a, b]) == ([], ["abc"], ["abc-2"])


def test_the_one_of_them_that_says_something_new_is_new() -> None:
    """A new row above the others takes their numbers: it is told by its values."""
    old = [finding("abc", values=("7",)), finding("abc-2", values=("8",))]
    now = [
        finding(key, values=(v,)) for key, v in zip(("abc", "abc-2", "abc-3"), "978", strict=True)
    ]
    assert shown(now, old) == ([("9",)], [("7",), ("8",)], [])


def test_a_value_that_changed_is_the_same_finding() -> None:
    assert shown([finding(values=("9",))], [finding(values=("8",))])[0] == []


def test_the_fault_of_another_event_is_new() -> None:
    """A rule about dates leaves the start out of its key: it tells one event from the next."""
    dates = {"fields": ("start", "end"), "columns": ("Start", "End")}
    known, *_ = old = [finding(values=("2024-03-04", "2024-03-01"), **dates)]
    ends = finding(values=("2024-03-04", "2024-03-02"), **dates)
    starts = finding(values=("2024-04-04", "2024-03-01"), **dates)
    assert compared([ends], old) == ((), (ends,), ())
    assert compared([starts], old) == ((starts,), (), (known,))


def test_a_finding_of_another_file_is_new() -> None:
    assert shown([finding(file="b.csv")], [finding(file="a.csv")]) == (["abc"], [], ["abc"])


def test_a_log_under_a_new_name_is_said(ae: Run, dirty: Path, tmp_path: Path) -> None:
    before = known(ae, dirty, tmp_path / "known.json")
    new = dirty.rename(tmp_path / "april.csv")
    ran = ae("validate", new, "--baseline", before, "--format", "json")
    assert (ran.code, ran.json["findings"]) == (0, [])
    assert f"{before} is of {dirty}: {new} was read in its place" in ran.json["notes"]


def test_with_several_new_files_none_is_taken_for_a_former_one(
    ae: Run, dirty: Path, tmp_path: Path
) -> None:
    before = known(ae, dirty, tmp_path / "known.json")
    one, two = dirty.rename(tmp_path / "one.csv"), write_csv(tmp_path / "two.csv", EVENTS)
    ran = ae("validate", one, two, "--baseline", before, "--format", "json")
    assert ran.json["baseline"]["accepted"] == 0 and ran.json["findings"]
    assert f"{before} is of {dirty} too, which was not read" in ran.json["notes"]


def test_a_finding_that_became_worse_is_new_and_one_that_became_less_is_not() -> None:
    worse = finding(severity=Severity.ERROR)
    assert shown([worse], [finding()]) == (["abc"], [], ["abc"])
    assert shown([finding()], [worse]) == ([], ["abc"], [])


def test_a_group_that_grew_is_new_and_one_that_shrank_is_not() -> None:
    two, three = finding(rows=(2, 3), records=2), finding(rows=(2, 3), records=3)
    assert shown([three], [two]) == (["abc"], [], ["abc"])
    assert shown([two], [three]) == ([], ["abc"], [])


def test_a_third_copy_of_an_event_is_not_accepted_with_the_two(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [*EVENTS, EVENTS[1]])
    before = known(ae, log, tmp_path / "known.json")
    assert "AE-XRC-02" in before.read_text("utf-8")
    write_csv(log, [*EVENTS, EVENTS[1], EVENTS[1]])
    ran = ae("validate", log, "--baseline", before, "--only", "XRC-02", "--format", "json")
    (new,) = ran.json["findings"]
    assert len(new["rows"]) == 3
    assert "records" not in new


def test_nor_is_a_copy_in_another_file(ae: Run, tmp_path: Path) -> None:
    log = write_csv(tmp_path / "ae.csv", [*EVENTS, EVENTS[1]])
    before = known(ae, log, tmp_path / "known.json")
    other = write_csv(tmp_path / "more.csv", [HEADER, EVENTS[1]])
    ran = ae("validate", log, other, "--baseline", before, "--only", "XRC-02", "--format", "json")
    (new,) = ran.json["findings"]
    assert (new["records"], len(new["rows"])) == (3, 2)


FINDING = st.builds(
    finding,
    st.sampled_from(["a", "a-2", "a-3", "b", "b-2"]),
    severity=st.sampled_from(Severity),
    records=st.integers(1, 3),
    values=st.sampled_from([("1",), ("2",)]),
)
SOME = st.lists(FINDING, max_size=6)


@given(SOME, SOME)
def test_every_finding_is_new_or_known_and_every_known_one_there_or_gone(
    now: list[Finding], before: list[Finding]
) -> None:
    new, old, left = compared(now, before)
    assert len(new) + len(old) == len(now)
    assert len(old) + len(left) == len(before)
    assert [f for f in now if any(f is other for other in new)] == list(new)
    for severity in Severity:  # whoever accepts a note has not accepted an error
        worse = sum(f.severity.rank <= severity.rank for f in old)
        assert worse <= sum(f.severity.rank <= severity.rank for f in before)


@given(SOME)
def test_nothing_is_new_or_gone_in_the_same_result(now: list[Finding]) -> None:
    new, old, left = compared(now, now)
    assert (new, list(old), left) == ((), now, ())


def test_rules_count_what_is_new_and_what_is_accepted() -> None:
    rules = (
        RuleOutcome("AE-XRC-01", "", Severity.WARNING, Outcome.FINDINGS, 2),
        RuleOutcome("AE-XDS-01", "", Severity.ERROR, Outcome.NOT_CHECKED, 0, "no file"),
    )
    old, new = finding("a"), finding("b")
    elsewhere = replace(finding("c"), rule="AE-XDS-01")
    report = accept(Report((), (), (old, new), rules), Path("k.json"), Known((old, elsewhere), {}))
    assert report.findings == (new,)
    assert (report.rules[0].count, report.rules[0].accepted) == (1, 1)
    assert report.baseline is not None
    assert (report.baseline.gone, report.baseline.unasked) == (0, 1)
