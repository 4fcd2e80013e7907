"""Each page of a table and of findings, word for word; and text that would harm it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from ae_cli.findings import Excluded, FileReport, Finding, Outcome, Report, RuleOutcome, Severity
from ae_cli.render import FINDINGS, TABLES, WORKBOOKS, concise, load, terminal, words
from ae_cli.render.text import cell_text, safe, short
from ae_cli.render.wrap import wrap
from ae_cli.table import (
    Column,
    Count,
    Interval,
    NotCollected,
    NotEstimable,
    Quantity,
    Rate,
    Row,
    Share,
    Table,
)

CI = Interval(0.3491442055871758, 0.9681459737500557)
NOBODY = Interval(0.0, 0.3694166475528192)
FILES = (
    FileReport("ae.xlsx", "AE", "ab" * 32, "events", 45, 43, 2, ("title block of 3 rows skipped",)),
    FileReport("subjects.csv", None, "cd" * 32, "participants", 16, 16, 0),
)
ANY = (Rate(6, 8, 11, CI), Rate(16, 16))
TABLE = Table(
    "group",
    "Adverse events by dose group",
    (Column("Low", "低剂量", 8), Column("Total", "Total", 16)),
    (
        Row(
            "any_ae",
            "Any adverse event",
            "participants",
            (Rate(6, 8, 11, CI), Rate(16, 16)),
            0,
            "P",
        ),
        Row("any_sae", "Serious", "participants", (Rate(0, 8, 0, NOBODY), Rate(1, 16)), 1, "P"),
        Row("events", "Events", "events", (Count(11), Count(120)), 0, "E"),
        Row("share", "Grade 1-2", "share", (Share(9, 11), Share(0, 0)), 1, "E"),
        Row("dlt", "剂量限制性毒性", "participants", (NotCollected(), NotCollected()), 0, "E"),
        Row("time", "Follow-up", "months", (Quantity(5.25, "months"), NotEstimable("no dates"))),
    ),
    ("Intervals are exact.",),
    "cut-off 2024-03-01",
    FILES,
    (("error", 1), ("warning", 0), ("note", 0)),
)

FATAL = Finding(
    "AE-XFD-06",
    Severity.ERROR,
    "outcome is fatal but the grade is 4: CTCAE grade 5 is death",
    "please confirm outcome, term and grade",
    "ae.xlsx",
    "AE",
    17,
    (),
    "S-003",
    ("outcome", "grade"),
    ("转归", "CTCAE分级"),
    ("死亡", "4"),
    "AE-XFD-06|S-003|1",
)
TWICE = replace(
    FATAL,
    rule="AE-XRC-01",
    severity=Severity.WARNING,
    message="recorded more than once",
    fix="keep one",
    row=5,
    rows=(5, 6, 7, 12),
    columns=("开始日期",),
    values=(None,),
)
RULES = (
    RuleOutcome("AE-XFD-06", "", Severity.ERROR, Outcome.FINDINGS, 1),
    RuleOutcome("AE-XRC-01", "", Severity.WARNING, Outcome.FINDINGS, 3),
    RuleOutcome("AE-COD-01", "", Severity.ERROR, Outcome.PASSED),
    RuleOutcome("AE-XDS-01", "", Severity.ERROR, Outcome.NOT_CHECKED, 0, "no participant file"),
    RuleOutcome("AE-XDS-02", "", Severity.ERROR, Outcome.NOT_CHECKED, 0, "no participant file"),
    RuleOutcome("AE-TIM-10", "", Severity.ERROR, Outcome.CRASHED, 0, "ZeroDivisionError"),
)
EXCLUDED = (Excluded("ae.xlsx", "AE", 45, "total line"), Excluded("ae.xlsx", "AE", 46, "unknown"))
REPORT = Report(FILES, EXCLUDED, (TWICE, FATAL), RULES)

HOSTILE = (
    "[red]x[/red]",
    "\x1b[31mred\x9b1m\x7f",
    "=cmd|' /C calc'!A0",
    "nul\x00",
    "a\u202eb\u200bc\ud800",
    "| <script>alert(1)</script> ![x](http://x) &amp;",
    "two\r\nlines\tand a tab",
    "长" * 40_000,
)


def hostile(text: str) -> Table:
    """The table with this text wherever a file's text can stand."""
    columns = (Column(text, text, 8), TABLE.columns[1])
    rows = tuple(replace(row, label=text, section=text) for row in TABLE.rows)
    wrong = replace(TABLE.rows[-1], label=text, cells=(Count(1), NotEstimable(text)))
    return replace(
        TABLE, title=text, subtitle=text, columns=columns, rows=(*rows, wrong), footnotes=(text,)
    )


def hostile_report(text: str) -> Report:
    finding = replace(
        FATAL, message=text, fix=text, file=text, sheet=text, subject=text, columns=(text,),
        values=(text,), key=text,
    )  # fmt: skip
    return replace(REPORT, findings=(finding,), notes=(text,))


def on_screen(width: int | None, page: Table | Report, **how: int | None) -> str:
    """What a terminal of this width shows, without its colours; or what a pipe gets."""
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=width is not None, no_color=True, color_system=None
    )
    show = terminal.table if isinstance(page, Table) else terminal.findings
    show(page, console, **how)
    return out.getvalue()


# Loading


def test_the_package_loads_nothing_until_it_is_asked_and_rich_for_the_terminal_alone() -> None:
    heavy = ("terminal", "full", "xlsx.report")
    modules = {*TABLES.values(), *(module for module, _ in FINDINGS.values())}
    light = sorted(modules - set(heavy))
    code = f"""
import sys
from ae_cli.render import load
assert not any(name.startswith("ae_cli.render.") for name in sys.modules)
for name in {light}:
    load(name)
assert not {{"rich", "openpyxl"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_command_line_loads_neither_pages_nor_data_before_a_command_runs() -> None:
    code = """
import sys
import ae_cli.cli
loaded = {".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("ae_cli")}
assert loaded == {"ae_cli", "ae_cli.cli", "ae_cli.errors"}, loaded
assert not {"polars", "pydantic", "rich", "openpyxl", "scipy"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_format_has_a_module_with_its_function() -> None:
    assert all(callable(load(name).table) for name in TABLES.values())
    assert all(callable(getattr(load(module), door)) for module, door in FINDINGS.values())
    assert all(callable(load(name).write) for name in WORKBOOKS.values())


# Words


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Rate(6, 8, 11, CI), "6 (75.0%) [34.9, 96.8]"),
        (Rate(6, 8), "6 (75.0%)"),
        (Rate(6, None, 11), "6"),
        (Rate(0, 8, 0, NOBODY), "0 [0.0, 36.9]"),
        (Rate(0, 8), "0"),
        (Rate(0, 0), "-"),
        (Rate(1, 10_000), "1 (0.0%)"),
        (Rate(1, 16), "1 (6.3%)"),  # 6.25: half up
        (Rate(8, 8, 8, Interval(0.6305833524471807, 1.0)), "8 (100.0%) [63.1, 100.0]"),
        (Rate(1, 8, 1, Interval(0.0325, 0.1)), "1 (12.5%) [3.3, 10.0]"),  # 3.25: half up
        (Count(0), "0"),
        (Share(9, 11), "9/11 (81.8%)"),
        (Share(0, 11), "0/11"),
        (Share(0, 0), "-"),
        (Quantity(5.5, "months"), "5.5"),
        (Quantity(5.25, "months"), "5.3"),
        (NotCollected(), "not collected"),
        (NotEstimable("why"), "not estimable"),
    ],
)
def test_a_cell_in_words(cell, text) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 转归 é　x", "plain 转归 é　x"),
        ("\x1b[31m", "␛[31m"),
        ("\x00\x7f\x9b", "␀␡⟨U+009B⟩"),
        ("a\u202eb\u2066\u200b\ufeff", "a⟨U+202E⟩b⟨U+2066⟩⟨U+200B⟩⟨U+FEFF⟩"),
        ("a\r\nb\nc\td\re", "a⏎b⏎c d␍e"),
        ("\ud83d", "⟨U+D83D⟩"),
        ("\u2028\U000e0041", "⟨U+2028⟩⟨U+E0041⟩"),
    ],
)
def test_what_a_screen_would_obey_or_hide_is_made_visible(text: str, shown: str) -> None:
    assert safe(text) == shown
    assert safe(shown) == shown


def test_line_breaks_stay_where_there_is_room_for_lines() -> None:
    assert safe("a\r\nb\nc\td\x00", lines=True) == "a\nb\nc d␀"


def test_a_long_value_is_shortened_and_counted() -> None:
    assert short("x" * 300) == "x" * 300
    assert short("x" * 40_000) == "x" * 300 + "… [40,000 characters in all]"


def test_rows_are_told_in_spans_and_the_rest_is_counted() -> None:
    assert words.rows([12, 5, 6, 7, 7]) == "rows 5-7, 12"
    assert words.rows(range(2, 41, 2)) == "rows 2, 4, 6, 8, 10, 12, 14, 16 and 12 more"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("grade 1-2 of all", 10, ["grade 1-2", "of all"]),
        ("分级缺失的事件", 5, ["分级", "缺失", "的事", "件"]),
        ("事件，单独列出。", 6, ["事件，", "单独列", "出。"]),
        ("abcdefghij kl", 4, ["abcd", "efgh", "ij", "kl"]),
        ("", 4, [""]),
        ("a  b", 4, ["a  b"]),
    ],
)
def test_lines_break_between_words_and_beside_wide_characters(text, width, lines) -> None:
    assert wrap(text, width) == lines


# JSON


def test_the_json_of_a_table() -> None:
    page = json.loads(load("json_").table(TABLE))
    assert list(page) == [
        "schema", "command", "table", "title", "groups", "rows", "footnotes", "files", "findings",
        "ctcae", "listings",
    ]  # fmt: skip
    assert (page["schema"], page["command"], page["table"]) == (1, "summarize", "group")
    assert page["groups"][0] == {"name": "Low", "label": "低剂量", "N": 8}
    assert page["findings"] == {"error": 1, "warning": 0, "note": 0}
    assert page["files"][1]["rows_used"] == 16
    assert {key: page["rows"][1][key] for key in ("key", "label", "indent", "unit")} == {
        "key": "any_sae", "label": "Serious", "indent": 1, "unit": "participants",
    }  # fmt: skip


def test_the_json_of_each_kind_of_cell() -> None:
    rows = json.loads(load("json_").table(TABLE))["rows"]
    cells = {row["key"]: row["cells"] for row in rows}
    low, total = {"group": "Low", "status": "ok"}, {"group": "Total", "status": "ok"}
    ci = [0.3491442055871758, 0.9681459737500557]
    assert cells["any_ae"] == [
        {**low, "n": 6, "N": 8, "percent": 75.0, "events": 11, "ci": ci},
        {**total, "n": 16, "N": 16, "percent": 100.0},
    ]
    assert cells["any_sae"][0]["percent"] == 0.0
    assert cells["events"][0] == {**low, "events": 11}
    assert cells["share"] == [
        {**low, "events": 9, "of": 11, "percent": 81.8},
        {**total, "events": 0, "of": 0},
    ]
    assert cells["dlt"][0] == {"group": "Low", "status": "not collected"}
    assert cells["time"] == [
        {**low, "value": 5.25, "unit": "months"},
        {"group": "Total", "status": "not estimable", "reason": "no dates"},
    ]
    assert {row["unit"] for row in rows} == {"participants", "events", "months"}


def test_without_n_a_rate_has_no_percentage_in_json() -> None:
    row = Row("any_ae", "Any", "participants", (Rate(6, None, 11), Rate(9, None)))
    columns = tuple(replace(column, N=None) for column in TABLE.columns)
    page = json.loads(load("json_").table(replace(TABLE, columns=columns, rows=(row,))))
    assert page["rows"][0]["cells"] == [
        {"group": "Low", "status": "ok", "n": 6, "N": None, "events": 11},
        {"group": "Total", "status": "ok", "n": 9, "N": None},
    ]
    assert page["groups"][0]["N"] is None


def test_the_json_of_a_report() -> None:
    text = load("json_").report(REPORT)
    page = json.loads(text)
    assert list(page) == [
        "schema", "command", "files", "excluded", "findings", "rules", "notes", "listings",
    ]  # fmt: skip
    assert page["excluded"][0] == {
        "file": "ae.xlsx", "sheet": "AE", "row": 45, "reason": "total line",
    }  # fmt: skip
    assert list(page["findings"][1]) == [
        "rule", "severity", "file", "sheet", "row", "subject", "fields", "columns", "values",
        "message", "fix", "key",
    ]  # fmt: skip
    assert page["findings"][1]["values"] == ["死亡", "4"]
    assert (page["findings"][0]["row"], page["findings"][0]["rows"]) == (5, [5, 6, 7, 12])
    assert page["findings"][0]["values"] == [None]
    assert page["rules"] == [
        {"id": "AE-XFD-06", "outcome": "findings", "findings": 1},
        {"id": "AE-XRC-01", "outcome": "findings", "findings": 3},
        {"id": "AE-COD-01", "outcome": "passed", "findings": 0},
        {"id": "AE-XDS-01", "outcome": "not checked", "reason": "no participant file"},
        {"id": "AE-XDS-02", "outcome": "not checked", "reason": "no participant file"},
        {"id": "AE-TIM-10", "outcome": "crashed", "reason": "ZeroDivisionError"},
    ]
    assert "转归" in text
    assert text.endswith("}\n")


def test_an_empty_report_is_json() -> None:
    empty: dict[str, list[str]] = {
        key: [] for key in ("files", "excluded", "findings", "rules", "notes", "listings")
    }
    page = load("json_").report(Report((), (), (), ()))
    assert json.loads(page) == {"schema": 1, "command": "validate", **empty}


@pytest.mark.parametrize("text", HOSTILE)
def test_json_keeps_any_text_whole_and_holds_nothing_a_screen_obeys(text: str) -> None:
    for page in (load("json_").table(hostile(text)), load("json_").report(hostile_report(text))):
        page.encode()
        assert safe(page, lines=True) == page
    assert json.loads(page)["findings"][0]["message"] == text


# CSV and Markdown

CSV = """\
key,label,unit,group,N,status,n,percent,lower,upper,events,of,value,reason,section,ctcae
any_ae,Any adverse event,participants,Low,8,ok,6,75.0,34.91442055871758,96.81459737500557,11,,,,P,
any_ae,Any adverse event,participants,Total,16,ok,16,100.0,,,,,,,P,
any_sae,Serious,participants,Low,8,ok,0,0.0,0,36.94166475528192,0,,,,P,
any_sae,Serious,participants,Total,16,ok,1,6.3,,,,,,,P,
events,Events,events,Low,,ok,,,,,11,,,,E,
events,Events,events,Total,,ok,,,,,120,,,,E,
share,Grade 1-2,events,Low,,ok,,81.8,,,9,11,,,E,
share,Grade 1-2,events,Total,,ok,,,,,0,0,,,E,
dlt,剂量限制性毒性,participants,Low,,not collected,,,,,,,,,E,
dlt,剂量限制性毒性,participants,Total,,not collected,,,,,,,,,E,
time,Follow-up,months,Low,,ok,,,,,,,5.25,,,
time,Follow-up,months,Total,,not estimable,,,,,,,,no dates,,
"""


def test_the_csv_of_a_table() -> None:
    assert load("csv_").table(TABLE) == CSV


@pytest.mark.parametrize("text", [*HOSTILE, " =1", "\t=1", "＝1+1", "@x", "-1", "+1"])
def test_no_text_in_csv_is_a_formula_and_none_is_lost(text: str) -> None:
    page = load("csv_").table(hostile(text))
    rows = list(csv.DictReader(io.StringIO(page)))
    assert len(rows) == 2 * len(hostile(text).rows)
    for cell in (rows[0]["label"], rows[0]["group"], rows[-1]["reason"]):
        assert cell.lstrip()[0] not in "=+-@＝＋－＠"
        assert cell.removeprefix("'") == safe(text)
    assert page.count("\n") == len(rows) + 1


MARKDOWN = """\
## Adverse events by dose group

cut-off 2024-03-01

|  | 低剂量<br>N=8 | Total<br>N=16 |
| --- | ---: | ---: |
| **P** |  |  |
| Any adverse event | 6 (75.0%) [34.9, 96.8] | 16 (100.0%) |
| &emsp;Serious | 0 [0.0, 36.9] | 1 (6.3%) |
| **E** |  |  |
| Events | 11 | 120 |
| &emsp;Grade 1-2 | 9/11 (81.8%) | - |
| 剂量限制性毒性 | not collected | not collected |
| Follow-up | 5.3 | not estimable |

- Intervals are exact.
- Follow-up, Total: not estimable, no dates
"""


def test_the_markdown_of_a_table() -> None:
    assert load("markdown").table(TABLE) == MARKDOWN


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_makes_markup_in_markdown(text: str) -> None:
    page = load("markdown").table(hostile(text))
    assert safe(page, lines=True) == page
    assert "<script" not in page
    assert "![" not in page.replace("\\[", "")
    body = [line for line in page.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in body}) == 1


def test_html_and_pipes_are_escaped_once() -> None:
    row = replace(TABLE.rows[0], label="<b> | *x* & &amp;", section="")
    page = load("markdown").table(replace(TABLE, rows=(row,)))
    assert r"| &lt;b&gt; \| \*x\* &amp; &amp;amp; |" in page


# The terminal

NARROW = """\
Adverse events by dose group
cut-off 2024-03-01

                         低剂量         Total
                            N=8          N=16
─────────────────────────────────────────────
P
Any adverse event     6 (75.0%)   16 (100.0%)
                   [34.9, 96.8]
  Serious             0            1   (6.3%)
                    [0.0, 36.9]

E
Events               11          120
  Grade 1-2        9/11 (81.8%)    -
剂量限制性毒性     not collected
Follow-up           5.3                   not
                                    estimable
─────────────────────────────────────────────

- Intervals are exact.
- Follow-up, Total: not estimable, no dates
"""

IN_A_PIPE = """\
Adverse events by dose group
cut-off 2024-03-01

                                      低剂量          Total
                                         N=8           N=16
-----------------------------------------------------------
P
Any adverse event     6 (75.0%) [34.9, 96.8]    16 (100.0%)
"""


def test_a_table_on_a_narrow_screen_has_its_intervals_below() -> None:
    assert on_screen(50, TABLE) == NARROW


def test_a_table_in_a_pipe_is_as_wide_as_it_likes_and_plain() -> None:
    long = replace(TABLE, footnotes=("word " * 100 + "end",))
    page = on_screen(None, long)
    assert page.startswith(IN_A_PIPE)
    assert "─" not in page
    assert "- " + "word " * 100 + "end\n" in page
    assert not any(line.endswith(" ") for line in page.splitlines())


@pytest.mark.parametrize("width", [20, 30, 46, 60, 80, 132])
@pytest.mark.parametrize("groups", [0, 1, 3, 12])
def test_at_any_width_every_cell_is_shown_whole_and_no_line_is_too_long(width, groups) -> None:
    columns = tuple(Column(f"g{i}", f"Group {i} 组", 8) for i in range(groups))
    cells = [(Rate(i % 9, 8, i, CI), Count(10 * i), NotCollected()) for i in range(groups)]
    rows = tuple(Row(f"k{r}", f"Label {r}", "events", tuple(c[r] for c in cells)) for r in range(3))
    page = on_screen(width, replace(TABLE, columns=columns, rows=rows, footnotes=()))
    assert "…" not in page
    assert page.count("[34.9, 96.8]") == groups
    assert all(f"Group {i}" in page for i in range(groups))
    if width >= 30:
        assert max(map(cell_len, page.splitlines())) <= width


def test_three_dose_groups_and_a_total_fit_eighty_columns_in_one_panel() -> None:
    columns = tuple(Column(n, n, 8) for n in ("Low dose", "Medium dose", "High dose"))
    full = Rate(8, 8, 20, Interval(0.6305833524471807, 1.0))
    rows = (
        Row("any_ae", "Any adverse event", "participants", (full, full, full, Rate(24, 24))),
        Row("share", "Of grade 1-2", "share", (*(Share(100, 120),) * 3, Share(300, 360))),
    )
    page = on_screen(80, replace(TABLE, columns=(*columns, TABLE.columns[1]), rows=rows))
    assert page.count("Any adverse event") == 1
    assert page.count("[63.1, 100.0]") == 3
    assert max(map(cell_len, page.splitlines())) <= 80


FULL = """\
AE-XFD-06 error: outcome is fatal but the grade is 4: CTCAE grade 5 is death
  --> ae.xlsx [AE] row 17, subject S-003   转归=死亡  CTCAE分级=4
  fix: please confirm outcome, term and grade

AE-XRC-01 warning: recorded more than once
  --> ae.xlsx [AE] rows 5-7, 12, subject S-003   开始日期=(blank)
  fix: keep one
  ... and 2 more, counted but not listed

found  1 error, 3 warnings, 0 notes
read   ae.xlsx [AE]: 45 rows read = 43 used + 2 excluded (total line 1, unknown
       1)
       title block of 3 rows skipped
read   subjects.csv: 16 rows read = 16 used + 0 excluded
rules  1 passed, 2 with findings, 2 not checked, 1 crashed
       not checked: no participant file 2 (each in -o FILE.html or .txt)
       crashed, a fault of ae-cli: AE-TIM-10: ZeroDivisionError
"""


def test_findings_on_a_screen() -> None:
    assert on_screen(80, REPORT) == FULL


def test_findings_in_a_pipe_are_never_wrapped() -> None:
    assert on_screen(None, REPORT) == FULL.replace("unknown\n       1", "unknown 1")


def test_the_first_of_a_rule_are_shown_what_they_share_said_once_and_the_rest_counted() -> None:
    many = tuple(replace(FATAL, row=row, subject=f"S-{row}") for row in range(2, 19))
    page = on_screen(80, replace(REPORT, findings=many, rules=()))
    assert page.count("--> ae.xlsx [AE] row ") == 5
    assert page.count("outcome is fatal") == page.count("fix:") == 1
    assert "  ... and 12 more; --format concise lists all\n" in page
    assert on_screen(80, replace(REPORT, findings=many, rules=()), limit=20).count("-->") == 17


def test_a_file_lists_each_rule_that_was_not_checked() -> None:
    page = on_screen(None, REPORT, limit=None)
    assert "not checked, no participant file: XDS-01, XDS-02\n" in page


def test_nothing_found_is_said_too() -> None:
    report = Report(FILES[1:], (), (), RULES[2:3])
    assert on_screen(80, report) == (
        "found  0 errors, 0 warnings, 0 notes\n"
        "read   subjects.csv: 16 rows read = 16 used + 0 excluded\n"
        "rules  1 passed, 0 with findings, 0 not checked, 0 crashed\n"
    )


def test_concise_is_one_line_a_finding_and_a_summary() -> None:
    assert list(concise.concise(REPORT)) == [
        "ae.xlsx [AE]:5: AE-XRC-01 warning: recorded more than once (rows 5-7, 12; subject S-003; "
        "开始日期=(blank)) fix: keep one",
        "ae.xlsx [AE]:17: AE-XFD-06 error: outcome is fatal but the grade is 4: CTCAE grade 5 is "
        "death (subject S-003; 转归=死亡, CTCAE分级=4) fix: please confirm outcome, term and grade",
        "AE-XRC-01 warning: 2 more findings not listed",
        "AE-TIM-10 crashed: the rule crashed, a bug of ae-cli: please report it "
        "(ZeroDivisionError)",
        "1 error, 3 warnings, 0 notes; 61 rows read = 59 used + 2 excluded; "
        "rules: 1 passed, 2 with findings, 2 not checked, 1 crashed "
        "(not checked: no participant file: 2)",
    ]


def test_concise_without_a_place_has_no_place() -> None:
    bare = Finding("REQ-16", Severity.NOTE, "a header and no rows", "")
    lines = list(concise.concise(Report((), (), (bare, replace(bare, file="a.csv")), ())))
    said = "REQ-16 note: a header and no rows"
    assert lines[:2] == [said, f"a.csv: {said}"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [80, None])
def test_no_text_reaches_a_screen_as_anything_but_text(text: str, width: int | None) -> None:
    for page in (on_screen(width, hostile(text)), on_screen(width, hostile_report(text))):
        page.encode()
        assert safe(page, lines=True) == page
    lines = list(concise.concise(hostile_report(text)))
    assert all(safe(line) == line for line in lines)
    assert short(text) in lines[0]


def test_markup_is_shown_as_it_is_in_colour_too() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system="truecolor")
    terminal.findings(hostile_report("[red]x[/red] :smile:"), console)
    terminal.table(hostile("[red]x[/red] :smile:"), console)
    assert "[red]x[/red] :smile:" in out.getvalue()
    assert "\x1b[1;31merror" in out.getvalue()


def test_a_long_label_is_shown_whole_in_a_table() -> None:
    page = on_screen(80, replace(TABLE, rows=(replace(TABLE.rows[0], label="长" * 40_000),)))
    assert page.count("长") == 40_000
