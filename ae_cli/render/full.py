"""Findings as a person reads them: by rule, each with its place and its mending."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from ae_cli.findings import Finding, Outcome, Report, Severity
from ae_cli.render import columns, words
from ae_cli.render.text import short
from ae_cli.render.wrap import breaks

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}
NARROWEST = 10
Said = tuple[Severity, str, str]


def lines(report: Report, width: int | None, limit: int | None) -> Iterator[Text]:
    """The page: the worst rules first, the summary last."""
    more = {rule.id: count for rule, count in words.unlisted(report)}
    for rule, found in words.by_rule(report).items():
        yield from _rule(found[:limit], width)
        yield from _rest(len(found[limit:]) if limit is not None else 0, more.get(rule, 0))
        yield Text()
    for listing in report.listings:
        title, *rest = columns.lines(listing, width)
        yield Text(title, "bold")
        yield from map(Text, rest)
    yield from _summary(report, width, short_list=limit is not None)


def _rule(found: list[Finding], width: int | None) -> Iterator[Text]:
    """What several findings say alike is said once, above their places."""
    said: dict[Said, list[Finding]] = {}
    for finding in found:
        said.setdefault((finding.severity, finding.message, finding.fix), []).append(finding)
    for (severity, message, fix), alike in said.items():
        yield from hang(_head(alike[0].rule, severity), Text(short(message), "bold"), width)
        for finding in alike:
            yield from hang(Text("  --> ", "blue"), _place(finding), width)
        for effect in dict.fromkeys(finding.effect for finding in alike if finding.effect):
            yield from hang(Text("  table: ", "cyan"), Text(short(effect)), width)
        if fix:
            yield from hang(Text("  fix: ", "green"), Text(short(fix)), width)


def _head(rule: str, severity: Severity) -> Text:
    return Text(f"{rule} ", "bold").append(f"{severity}: ", COLOURS[severity])


def _place(finding: Finding) -> Text:
    details = "  ".join(words.details(finding))
    return Text(words.place(finding)).append(f"   {details}" if details else "", "magenta")


def _rest(hidden: int, unlisted: int) -> Iterator[Text]:
    if hidden:
        yield Text(f"  ... and {hidden:,} more; --format concise lists all", "dim")
    if unlisted:
        yield Text(f"  ... and {unlisted:,} more, counted but not listed", "dim")


def _summary(report: Report, width: int | None, short_list: bool) -> Iterator[Text]:
    yield from hang(Text("found  ", "dim"), _tally(report), width)
    if report.baseline:
        yield from hang(Text("known  ", "dim"), Text(words.baseline(report)), width)
    for file in report.files:
        about = f"{words.source(file.path, file.sheet)}: {words.reading(file, report)}"
        yield from hang(Text("read   ", "dim"), Text(about), width)
        for note in file.notes:
            yield from hang(Text("       "), Text(short(note), "dim"), width)
    for note in report.notes:
        yield from hang(Text("note   ", "dim"), Text(short(note)), width)
    yield from _rules(report, width, short_list)


def _tally(report: Report) -> Text:
    """The counts, in colour where they are not zero."""
    line = Text(words.tally(report))
    for severity, number in words.totals(report).items():
        line.highlight_regex(rf"[\d,]+ {severity}s?", COLOURS[severity] if number else "")
    return line


def _rules(report: Report, width: int | None, short_list: bool) -> Iterator[Text]:
    yield from hang(Text("rules  ", "dim"), Text(words.outcomes(report)), width)
    yield from _unchecked_in_short(report, width) if short_list else _unchecked(report, width)
    for reason, rules in words.by_reason(report, Outcome.OFF).items():
        about = Text(f"{', '.join(rules)}: {reason}")
        yield from hang(Text("       off in study.toml: ", "yellow"), about, width)
    for reason, rules in words.by_reason(report, Outcome.CRASHED).items():
        about = Text(f"{', '.join(rules)}: {reason}")
        yield from hang(Text("       crashed, a fault of ae-cli: ", "bold red"), about, width)


def _unchecked(report: Report, width: int | None) -> Iterator[Text]:
    """Every rule that was not checked, under its reason."""
    for reason, ids in words.unchecked(report).items():
        about = Text(f"{reason}: ").append(ids, "dim")
        yield from hang(Text("       not checked, ", "yellow"), about, width)


def _unchecked_in_short(report: Report, width: int | None) -> Iterator[Text]:
    """How many rules were not checked, by reason, and where each is listed."""
    if why := words.why_unchecked(report):
        told = "; ".join(f"{reason} {n:,}" for reason, n in why.items())
        about = Text(told).append(" (each in -o FILE.html or .txt)", "dim")
        yield from hang(Text("       not checked: ", "yellow"), about, width)


def hang(prefix: Text, body: Text, width: int | None) -> Iterator[Text]:
    """The body beside its prefix, wrapped; later lines stand under the first."""
    room = None if width is None else max(width - prefix.cell_len, NARROWEST)
    parts = body.divide(breaks(body.plain, room)) if room else [body]
    for part in parts:
        yield Text().append(prefix).append(part)
        prefix = Text(" " * prefix.cell_len)


def whole(report: Report) -> Iterator[str]:
    """The page as plain text, every finding on it: for a file."""
    for line in lines(report, None, None):
        yield line.plain.rstrip()
