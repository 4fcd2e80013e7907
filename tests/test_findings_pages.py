"""Findings in the formats of other programs: parsed as they would, whole, and harmless."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from test_render import FATAL, FILES, HOSTILE, REPORT, RULES, TWICE, hostile_report

from ae_cli.findings import Baseline, FileReport, Finding, Outcome, Report, RuleOutcome, Severity
from ae_cli.render import address, concise, findings_csv, full, github, html_, json_, junit, sarif
from ae_cli.render.text import looks_like_formula, safe
from ae_cli.render.xlsx.report import save

TEXT_FILE = FileReport("data/ae log.csv", None, "ef" * 32, "events", 9, 9, 0, of_text=True)
ON_LINES = replace(TWICE, file=TEXT_FILE.path, sheet=None)
CATALOGUE = tuple(
    replace(rule, title=f"Title of {rule.id}", category="cross-field", why="it counts twice")
    for rule in RULES
)
WHOLE = replace(REPORT, files=(*FILES, TEXT_FILE), findings=(FATAL, ON_LINES), rules=CATALOGUE)
KNOWN = replace(
    REPORT,
    rules=(replace(RULES[0], count=0, accepted=1), *RULES[1:]),
    findings=(TWICE,),
    baseline=Baseline("known.json", (FATAL,), 2, 1),
)
INJECTED = (
    *HOSTILE,
    "::error file=x::y\n::warning::z",
    "a%0A::error::b\r\n::stop-commands::x",
    "a,line=1,title=x:b",
    "]]></failure><x>&amp;&#x1b;",
    '"><img src=http://x onerror=alert(1)>',
    "[text](http://x) \\[a](1) {0}",
    "x\n=1+1",
    "\ufdd0\U0001f600\udc80",
)


def page(lines: Any) -> str:
    return lines if isinstance(lines, str) else "".join(f"{line}\n" for line in lines)


# GitHub


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands as a runner takes them from a log, line by line."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        values = {k: back(v, {"%3A": ":", "%2C": ","}) for k, v in properties.items()}
        found.append((match[1], values, back(match[3], {})))
    return found


def back(text: str, more: dict[str, str]) -> str:
    for code, character in {**more, "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(code, character)
    return text


def test_github_annotates_lines_of_text_files_and_names_rows_of_sheets() -> None:
    summary, fatal, twice, more, crashed = commands(page(github.report(WHOLE)))
    assert summary[0] == "notice"
    assert summary[2].startswith("1 error, 3 warnings, 0 notes; 70 rows read = 68 used + 2")
    assert fatal[:2] == ("error", {"file": "ae.xlsx", "title": "AE-XFD-06"})
    assert fatal[2] == (
        "ae.xlsx [AE] row 17, subject S-003: outcome is fatal but the grade is 4: CTCAE grade 5 is "
        "death (转归=死亡, CTCAE分级=4)\nfix: please confirm outcome, term and grade"
    )
    assert twice[:2] == (
        "warning",
        {"file": "data/ae log.csv", "line": "5", "title": "AE-XRC-01"},
    )
    assert more == ("warning", {"title": "AE-XRC-01"}, "2 more findings not listed")
    assert crashed[:2] == ("error", {"title": "AE-TIM-10"}) and "a bug of ae-cli" in crashed[2]


def test_github_says_that_it_shows_ten_of_a_kind() -> None:
    for number, said in ((9, False), (10, True)):
        report = Report((), (), (FATAL,) * number, ())
        assert ("GitHub shows 10" in commands(page(github.report(report)))[0][2]) is said


@pytest.mark.parametrize("text", INJECTED)
def test_no_text_becomes_a_command(text: str) -> None:
    found = commands(page(github.report(hostile_report(text))))
    assert [name for name, _, _ in found] == ["notice", "error", "warning", "error", "notice"]
    assert found[1][1]["file"] == address.relative(safe(text))


# JUnit


def cases(text: str) -> dict[str, ET.Element]:
    return {case.get("name", ""): case for case in ET.fromstring(text).iter("testcase")}


def test_junit_has_a_case_for_each_rule_with_its_outcome() -> None:
    root = ET.fromstring(junit.report(WHOLE))
    assert {k: root.get(k) for k in junit.COUNTED} == {
        "tests": "9", "failures": "1", "errors": "1", "skipped": "2",
    }  # fmt: skip
    assert [suite.get("name") for suite in root] == ["reading", "cross-field"]
    found = {
        name[:9]: [part.tag for part in case]
        for name, case in cases(ET.tostring(root, "unicode")).items()
    }
    assert {id: tags for id, tags in found.items() if id.startswith("AE-")} == {
        "AE-XFD-06": ["failure"], "AE-XRC-01": ["system-out"], "AE-COD-01": [],
        "AE-XDS-01": ["skipped"], "AE-XDS-02": ["skipped"], "AE-TIM-10": ["error"],
    }  # fmt: skip
    skipped = root.find(".//skipped")
    assert skipped is not None
    assert skipped.get("message") == "no participant file"


@pytest.mark.parametrize(("fail_on", "failing"), [("never", 0), ("error", 1), ("warning", 2)])
def test_junit_fails_where_the_run_does(fail_on: str, failing: int) -> None:
    root = ET.fromstring(junit.report(WHOLE, fail_on))
    assert len(root.findall(".//failure")) == failing == int(root.get("failures", ""))
    told = "".join(root.itertext())
    assert "CTCAE分级=4" in told
    assert "2 more findings not listed" in told


def test_junit_tells_of_accepted_findings_and_what_was_read() -> None:
    told = junit.report(KNOWN)
    case = cases(told)["AE-XFD-06"]
    assert [part.tag for part in case] == ["system-out"]
    assert case[0].text == "1 finding accepted by the baseline"
    assert "known.json: 1 finding accepted, 2 gone, 1 of rules that were not checked now" in told
    assert "row 45 excluded: total line" in told


@pytest.mark.parametrize("text", INJECTED)
def test_junit_is_xml_whatever_the_cells_hold(text: str) -> None:
    root = ET.fromstring(junit.report(hostile_report(text)).encode())
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == f"1 finding: {safe(text)}"
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "properties", "property", "failure", "error",
        "skipped", "system-out",
    }  # fmt: skip


# SARIF


def run(report: Report) -> Any:
    log = json.loads(sarif.report(report))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return only


def test_sarif_places_lines_as_regions_and_rows_as_logical_locations() -> None:
    fatal, twice, more = run(WHOLE)["results"]
    assert fatal["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "ae.xlsx"}},
            "logicalLocations": [
                {"name": "row 17", "fullyQualifiedName": "AE!17", "kind": "row"},
            ],
        }
    ]
    uri = {"artifactLocation": {"uri": "data/ae%20log.csv"}}
    assert twice["locations"] == [{"physicalLocation": {**uri, "region": {"startLine": 5}}}]
    lines = [p["physicalLocation"]["region"]["startLine"] for p in twice["relatedLocations"]]
    assert lines == [6, 7, 12]
    assert fatal["partialFingerprints"] == {"aeCliKey/v1": FATAL.key}
    assert fatal["properties"]["values"] == ["死亡", "4"]
    assert more["message"]["text"].startswith("2 more findings")
    assert "locations" not in more


def test_sarif_names_every_rule_and_what_was_not_checked() -> None:
    of_run = run(WHOLE)
    rules = of_run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    assert rules[0]["help"]["text"] == "Title of AE-XFD-06. Why: it counts twice."
    for result in of_run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
    (invocation,) = of_run["invocations"]
    assert invocation["executionSuccessful"] is False
    skipped = invocation["toolConfigurationNotifications"]
    assert [n["associatedRule"]["id"] for n in skipped] == ["AE-XDS-01", "AE-XDS-02"]
    (crashed,) = invocation["toolExecutionNotifications"]
    assert crashed["associatedRule"] == {"id": "AE-TIM-10"}
    assert [a["location"]["uri"] for a in of_run["artifacts"]] == [
        "ae.xlsx", "subjects.csv", "data/ae%20log.csv",
    ]  # fmt: skip


def test_sarif_with_a_baseline_says_what_is_new() -> None:
    of_run = run(KNOWN)
    assert of_run["results"][0]["baselineState"] == "new"
    assert of_run["properties"]["baseline"].startswith("known.json: 1 finding accepted, 2 gone")


@pytest.mark.parametrize("text", INJECTED)
def test_sarif_holds_any_text_and_no_link(text: str) -> None:
    told = sarif.report(hostile_report(text))
    assert safe(told, lines=True) == told
    result = run(hostile_report(text))["results"][0]
    assert not re.search(r"(?<!\\)\]\(", result["message"]["text"])
    assert result["properties"]["values"] == [text]
    assert re.fullmatch(
        r"[\w.~!$&'()*+,;=:@%/-]+",
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
    )


# CSV, JSON lines, text, workbook


def test_csv_has_a_row_for_each_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(findings_csv.report(WHOLE))))
    assert list(rows[0]) == list(findings_csv.HEADER)
    assert rows[0] == {
        "rule": "AE-XFD-06", "severity": "error", "file": "ae.xlsx", "sheet": "AE", "row": "17",
        "rows": "", "participant": "S-003", "columns": "转归 | CTCAE分级", "values": "死亡 | 4",
        "message": FATAL.message, "fix": FATAL.fix, "key": FATAL.key, "effect": "",
    }  # fmt: skip
    assert (rows[1]["row"], rows[1]["rows"], rows[1]["values"]) == ("5", "5 6 7 12", "")
    assert rows[2]["message"] == "2 more of this rule, counted but not listed"
    assert (rows[3]["rule"], rows[3]["severity"]) == ("AE-TIM-10", "crashed")
    assert "a bug of ae-cli" in rows[3]["message"]
    assert len(rows) == 4


@pytest.mark.parametrize("text", INJECTED)
def test_csv_runs_nothing(text: str) -> None:
    told = findings_csv.report(hostile_report(text))
    assert safe(told, lines=True) == told
    assert len(told.splitlines()) == 4
    for row in csv.reader(io.StringIO(told)):
        for cell in row:
            assert not looks_like_formula(cell), cell


def test_json_lines_are_the_items_of_the_json() -> None:
    for report in (REPORT, KNOWN):
        whole = json.loads(json_.report(report))
        head, *lines = map(json.loads, json_.report_lines(report))
        assert head == {"kind": "report", "schema": 1, "command": "validate"}
        items: dict[str, list[Any]] = {}
        for line in lines:
            items.setdefault(line.pop("kind"), []).append(line)
        for name, kind in json_.KINDS.items():
            found = whole.get(name, [])
            found = [found] if isinstance(found, dict) else found
            assert items.get(kind, []) == [f if isinstance(f, dict) else {"text": f} for f in found]


def test_the_text_cuts_nothing() -> None:
    many = tuple(replace(FATAL, row=row) for row in range(2, 40))
    told = page(full.whole(replace(REPORT, findings=many)))
    assert told.count("-->") == 38
    assert "--format concise lists all" not in told


def test_the_workbook_holds_findings_rules_files_and_excluded_rows() -> None:
    file = io.BytesIO()
    save(file, KNOWN)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Findings", "Summary", "Rules", "Files", "Excluded rows"]
    rules = {row[0]: row for row in book["Rules"].iter_rows(min_row=2, values_only=True)}
    assert rules["AE-XFD-06"][3:5] == ("accepted findings alone", 0)
    assert rules["AE-XFD-06"][7] == 1
    assert rules["AE-XDS-01"][3:6] == ("not checked", None, "no participant file")
    assert rules["AE-TIM-10"][3] == "crashed"
    read = list(book["Files"].iter_rows(min_row=2, values_only=True))
    assert read[0][3:6] == (45, 43, 2)
    excluded = list(book["Excluded rows"].iter_rows(min_row=2, values_only=True))
    assert excluded == [("ae.xlsx", "AE", 45, "total line"), ("ae.xlsx", "AE", 46, "unknown")]
    summary = dict(book["Summary"].iter_rows(min_row=2, values_only=True))
    assert summary["Baseline"].startswith("known.json: 1 finding accepted, 2 gone")


# HTML


class Read(HTMLParser):
    """A page as a browser takes it: its elements, their attributes, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "br":
            self.texts.append("\n")
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)


ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "ul", "li",
    "strong", "section", "span", "code", "a", "b", "div", "table", "thead", "tbody", "tr", "th",
    "td", "br",
}  # fmt: skip


@pytest.mark.parametrize("text", INJECTED)
def test_a_page_runs_and_loads_nothing(text: str) -> None:
    told = Read(page(html_.report(hostile_report(text))))
    assert {tag for tag, _ in told.elements} <= ELEMENTS
    for _, attributes in told.elements:
        assert set(attributes) <= {
            "lang", "charset", "http-equiv", "content", "name", "class", "scope", "id", "href",
        }  # fmt: skip
        assert (attributes.get("href") or "#").startswith("#")
    assert safe(text, lines=True) in "".join(told.texts)


def test_the_style_loads_nothing() -> None:
    told = page(html_.report(REPORT))
    style = told[told.index("<style>") : told.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "http:" not in told
    assert "https:" not in told


def test_a_page_tells_all() -> None:
    told = " ".join(" ".join(Read(page(html_.report(WHOLE))).texts).split())
    for said in (
        "Findings: ae.xlsx, subjects.csv, ae log.csv", "1 error", "3 warnings", "0 notes",
        "Title of AE-XFD-06", "It counts twice. 1 finding.", "ae.xlsx [AE] row 17", "S-003",
        "转归 死亡", FATAL.message, FATAL.fix, FATAL.key, "ae log.csv rows 5-7, 12", "(blank)",
        "2 more, counted but not listed", "Rules not checked", "no participant file",
        "Rules that crashed: a fault of ae-cli", "Rules passed AE-COD-01",
        "title block of 3 rows skipped", "total line", "ab" * 32,
    ):  # fmt: skip
        assert said in told, said


def test_links_of_a_page_lead_to_its_rules() -> None:
    elements = Read(page(html_.report(WHOLE))).elements
    ids = {attributes.get("id") for _, attributes in elements}
    links = [a["href"] for _, a in elements if "href" in a]
    assert links == ["#AE-XFD-06", "#AE-XRC-01"]
    assert {link[1:] for link in links if link} <= ids


def test_a_page_with_a_baseline_says_so() -> None:
    told = " ".join(Read(page(html_.report(KNOWN))).texts)
    assert "New findings only. Baseline known.json: 1 finding accepted, 2 gone" in told
    assert "Rules with accepted findings alone" in told
    nothing = page(html_.report(replace(KNOWN, findings=(), rules=())))
    assert "No new findings." in nothing


def test_all_rows_of_a_group_stand_on_the_page() -> None:
    rows = tuple(range(2, 60, 2))
    told = page(html_.report(replace(REPORT, findings=(replace(TWICE, rows=rows),))))
    assert f"rows {', '.join(map(str, rows))}" in told


# Where a file is


def test_paths_are_relative_to_the_working_directory(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert address.uri(str(tmp_path / "a" / "b c.csv")) == "a/b%20c.csv"
    assert address.uri("../x.csv") == "../x.csv"
    assert address.uri("c:x.csv") == "c%3Ax.csv"
    assert address.uri(str(tmp_path.parent / "x.csv")).startswith("file:///")
    assert address.relative(str(tmp_path / "x.csv")) == "x.csv"


@pytest.mark.parametrize("render", [github, junit, sarif, html_, findings_csv])
def test_an_empty_report_is_a_page_too(render: Any) -> None:
    assert page(render.report(Report((), (), (), ())))


def test_a_rule_whose_findings_are_all_accepted_has_not_passed() -> None:
    from ae_cli.render import words

    rule = RuleOutcome("AE-XFD-06", "", Severity.ERROR, Outcome.FINDINGS, 0, accepted=2)
    report = Report((), (), (), (rule, RULES[2]))
    assert words.outcomes(report) == (
        "1 passed, 0 with findings, 0 not checked, 0 crashed, 1 with accepted findings alone"
    )


def test_no_line_of_a_finding_is_a_command_of_a_build_server() -> None:
    texts = ("##vso[task.setvariable]x", "##[error]x", "::error::x")
    found = tuple(Finding("AE-R", Severity.NOTE, text, text, text, row=1) for text in texts)
    lines = list(concise.concise(Report((), (), found, (), notes=texts)))
    assert not any(re.search(r"##(vso)?\[", line) or line.startswith("::") for line in lines)
    assert sum("vso[" in line for line in lines) == 2  # shown, and not run
