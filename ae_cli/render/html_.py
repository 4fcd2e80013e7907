"""Findings as one page to read, print and hand on: no script, nothing loaded from elsewhere.

All text passes through `tag`, which escapes it, so a template engine would add nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from importlib.resources import files

from ae_cli.findings import FileReport, Finding, Outcome, Report, RuleOutcome, Severity
from ae_cli.render import words
from ae_cli.render.text import count, safe


class Html(str):
    """Text that is markup already."""


POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HEAD = ("Where", "Participant", "Cells", "Finding", "Fix", "Key")
Content = str | Iterable[str]


def report(report: Report) -> Iterator[str]:
    """The page, line by line."""
    names = _names(report)
    title = f"Findings: {', '.join(names.values()) or 'records'}"
    style = files("ae_cli.render").joinpath("page.css").read_text("utf-8")
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"{tag('title', title)}\n<style>\n{style}</style>\n</head>\n<body>\n<main>"
    yield tag("h1", title)
    yield from _summary(report)
    yield from _found(report, names)
    yield from _together(report)
    yield from _rules(report)
    yield from _reading(report)
    yield "</main>\n</body>\n</html>"


def _names(report: Report) -> dict[str, str]:
    """Each path by its last part, where that tells the files apart; its end has them whole."""
    paths = dict.fromkeys(file.path for file in report.files)
    short = {path: re.split(r"[/\\]", path)[-1] for path in paths}
    return short if len(set(short.values())) == len(paths) else {path: path for path in paths}


def tag(name: str, content: Content = "", **attributes: str) -> Html:
    """An element; text in it is escaped, and what a screen would obey or hide is shown."""
    parts = [content] if isinstance(content, str) else content
    said = "".join(f' {key.strip("_")}="{escape(safe(v))}"' for key, v in attributes.items())
    return Html(f"<{name}{said}>{''.join(map(_escaped, parts))}</{name}>")


def _escaped(text: str) -> str:
    """A line of the file is no line of the page: a build log would obey one with `::`."""
    return text if isinstance(text, Html) else escape(safe(text, lines=True)).replace("\n", "<br>")


def _summary(report: Report) -> Iterator[str]:
    yield tag("ul", [_total(*each) for each in words.totals(report).items()], class_="totals")
    if report.baseline:
        yield tag("p", f"New findings only. Baseline {words.baseline(report)}.")
    yield tag("p", f"Rules: {words.outcomes(report)}.")
    yield from (tag("p", note) for note in report.notes)


def _total(severity: Severity, number: int) -> Html:
    digits, _, noun = count(number, severity.value).partition(" ")
    look = severity.value if number else "none"
    return tag("li", [tag("strong", digits), f" {noun}"], class_=look)


def _found(report: Report, names: dict[str, str]) -> Iterator[str]:
    """A section a rule, the worst first, below a list of them."""
    rules = {rule.id: rule for rule in report.rules}
    more = {rule.id: left for rule, left in words.unlisted(report)}
    by_rule = words.by_rule(report)
    yield tag("h2", "Findings by rule")
    if not by_rule:
        yield tag("p", "No new findings." if report.baseline else "No findings.")
    elif len(by_rule) > 1:
        lines = (_line(id, rules.get(id), found, more) for id, found in by_rule.items())
        yield from _table(("Severity", "Rule", "Title", "Findings"), lines, "index")
    for id, found in by_rule.items():
        named = [replace(each, file=names.get(each.file, each.file)) for each in found]
        yield from _section(id, rules.get(id), named, more.get(id, 0))


def _line(
    id: str, rule: RuleOutcome | None, found: list[Finding], more: dict[str, int]
) -> list[str]:
    """A rule in the list of those with findings."""
    link = tag("a", [tag("code", id)], href=f"#{id}")
    number = f"{len(found) + more.get(id, 0):,}"
    return [_badge(found[0].severity), link, rule.title if rule else "", number]


def _section(id: str, rule: RuleOutcome | None, found: list[Finding], more: int) -> Iterator[str]:
    title = f" {rule.title}" if rule and rule.title else ""
    total = len(found) + more
    yield f'<section id="{_escaped(id)}">'
    yield tag("h3", [_badge(found[0].severity), " ", tag("code", id), title])
    about = f"{rule.why[:1].upper()}{rule.why[1:]}. " if rule and rule.why else ""
    yield tag("p", f"{about}{count(total, 'finding')}.", class_="why")
    several = len({finding.severity for finding in found}) > 1
    yield from _table(HEAD, (_row(finding, several) for finding in found), "findings")
    if more:
        yield tag("p", f"{more:,} more, counted but not listed.")
    yield "</section>"


def _badge(severity: Severity) -> Html:
    return tag("span", severity.value, class_=f"badge {severity.value}")


def _row(finding: Finding, several: bool) -> list[str]:
    """Where severities of one rule differ, each row has its own mark."""
    cells = [tag("div", [tag("b", name), " ", value]) for name, value in words.pairs(finding)]
    mark = f"{_badge(finding.severity)} " if several else ""
    return [
        words.where(finding, most=None),
        finding.subject or "",
        Html("".join(cells)),
        Html(mark + _escaped(finding.message) + _effect(finding)),
        finding.fix,
        tag("code", finding.key),
    ]


def _together(report: Report) -> Iterator[str]:
    """What findings come to together: of each death, of each site."""
    for listing in report.listings:
        yield tag("h2", listing.title)
        rows = ([_cell(cell) for cell in row] for row in listing.rows)
        yield from _table(listing.headers, rows, "together")


def _cell(cell: str | int | float | None) -> str:
    return "" if cell is None else str(cell)


def _effect(finding: Finding) -> Html:
    """What the finding changes in the table."""
    return (
        tag("div", f"In the table: {finding.effect}", class_="effect") if finding.effect else Html()
    )


def _rules(report: Report) -> Iterator[str]:
    """Rules without findings: a rule not checked is not a rule passed."""
    for outcome, heading in (
        (Outcome.CRASHED, "Rules that crashed: a fault of ae-cli"),
        (Outcome.OFF, "Rules turned off in study.toml"),
        (Outcome.NOT_CHECKED, "Rules not checked"),
    ):
        rules = [rule for rule in report.rules if rule.outcome is outcome]
        if rules:
            yield tag("h2", heading)
            rows = ([tag("code", r.id), r.title, r.reason] for r in rules)
            yield from _table(("Rule", "Title", "Reason"), rows, "rules")
    for said, heading in (
        (words.ACCEPTED, "Rules with accepted findings alone"),
        (Outcome.PASSED.value, "Rules passed"),
    ):
        ids = [rule.id for rule in report.rules if words.outcome(rule) == said]
        if ids:
            yield tag("h2", heading)
            yield tag("p", Html(", ".join(tag("code", id) for id in ids)), class_="ids")


def _reading(report: Report) -> Iterator[str]:
    yield tag("h2", "What was read")
    head = ("File", "Role", "Rows read", "Used", "Excluded", "SHA-256")
    yield from _table(head, map(_file, report.files), "files")
    for file in (file for file in report.files if file.notes):
        yield tag("h3", words.source(file.path, file.sheet))
        yield tag("ul", [tag("li", note) for note in file.notes])
    if report.excluded:
        yield tag("h2", "Rows excluded")
        rows = ([words.source(r.file, r.sheet), str(r.row), r.reason] for r in report.excluded)
        yield from _table(("File", "Row", "Reason"), rows, "excluded")


def _file(file: FileReport) -> list[str]:
    rows = (file.rows_read, file.rows_used, file.rows_excluded)
    numbers = [f"{number:,}" for number in rows]
    return [words.source(file.path, file.sheet), file.role, *numbers, tag("code", file.sha256)]


def _table(head: Iterable[str], rows: Iterable[list[str]], kind: str) -> Iterator[str]:
    names = [tag("th", name, scope="col") for name in head]
    yield f'<table class="{kind}">\n<thead>{tag("tr", names)}</thead>\n<tbody>'
    for row in rows:
        yield tag("tr", [tag("td", cell) for cell in row])
    yield "</tbody>\n</table>"
