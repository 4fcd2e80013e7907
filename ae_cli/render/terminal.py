"""The terminal: tables and findings in colour. In a pipe: plain, and never wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from ae_cli.findings import Listing, Report
from ae_cli.render import columns, full
from ae_cli.render.layout import GAP, Block, Panel, label_lines, panels, spanning
from ae_cli.render.text import footnotes, listed_alone, safe, sections
from ae_cli.render.wrap import wrap
from ae_cli.table import Row, Table

NOTE = "- "


def table(table: Table, console: Console) -> None:
    """Print the table: whole at any width, in panels if it must."""
    width = page_width(console)
    rule = "─" if width and not console.options.ascii_only else "-"
    show(console, _title(table, width))
    if not listed_alone(table):
        for panel in panels(table, width):
            show(console, _panel(table, panel, rule))
    for listing in table.listings:
        show(console, _listing(listing, width))
    show(console, _footnotes(table, width))


def findings(report: Report, console: Console, limit: int | None = 5) -> None:
    """Print the findings by rule, the first `limit` of each; the summary last."""
    show(console, full.lines(report, page_width(console), limit))


def page_width(console: Console) -> int | None:
    """The width of the screen; a pipe has none."""
    return console.width if console.is_terminal else None


def show(console: Console, lines: Iterable[Text]) -> None:
    """Print lines that are laid out already: none is wrapped again, none is cut."""
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)


def _title(table: Table, width: int | None) -> Iterator[Text]:
    yield from (Text(line, "bold") for line in _wrapped(table.title, width))
    if table.subtitle:
        yield from (Text(line, "dim") for line in _wrapped(table.subtitle, width))


def _wrapped(text: str, width: int | None) -> list[str]:
    return wrap(safe(text), width) if width else [safe(text)]


def _panel(table: Table, panel: Panel, rule: str) -> Iterator[Text]:
    yield Text()
    yield from _head(panel)
    yield Text(rule * panel.width, "dim")
    for i, (section, row) in enumerate(sections(table)):
        if section:
            yield from _section(section, panel, first=i == 0)
        yield from _row(row, i, panel)
    yield Text(rule * panel.width, "dim")


def _section(name: str, panel: Panel, *, first: bool) -> Iterator[Text]:
    if not first:
        yield Text()
    yield from (Text(line, "bold cyan") for line in wrap(name, panel.width))


def _head(panel: Panel) -> Iterator[Text]:
    """The headings, standing on the rule."""
    height = max((len(block.head) for block in panel.blocks), default=0)
    for i in range(-height, 0):
        line = Text(" " * panel.label)
        for block in panel.blocks:
            words = block.head[i] if -i <= len(block.head) else " " * block.width
            line.append(" " * GAP).append(words, "bold")
        yield line


def _row(row: Row, i: int, panel: Panel) -> Iterator[Text]:
    labels = label_lines(row, panel.label)
    if words := spanning(row):
        yield from _spanned(labels, words)
        return
    cells = [block.cells[i] for block in panel.blocks]
    for n, (label, *pieces) in enumerate(zip_longest(labels, *cells)):
        line = Text(label if label is not None else " " * panel.label)
        for block, piece in zip(panel.blocks, pieces, strict=True):
            line.append(" " * GAP).append(_piece(block, piece, second=n > 0))
        yield line


def _spanned(labels: list[str], words: str) -> Iterator[Text]:
    for n, label in enumerate(labels):
        line = Text(label)
        yield line if n else line.append(" " * GAP).append(words, "dim italic")


def _piece(block: Block, piece: str | None, *, second: bool) -> Text:
    """A line of a cell: the number stands out, its interval stands back."""
    line = Text(piece or " " * block.width, "dim" if second else "")
    line.highlight_regex(r"\[.*\]|[a-z].*", "dim")
    return line


def _listing(listing: Listing, width: int | None) -> Iterator[Text]:
    """A listing under its title; of an empty one only that there is nothing in it."""
    yield Text()
    head, *rest = columns.lines(listing, width)
    yield Text(f"{head}: {len(listing.rows) or 'none'}", "bold")
    yield from (Text(line) for line in (rest[:-1] if listing.rows else ()))


def _footnotes(table: Table, width: int | None) -> Iterator[Text]:
    notes = footnotes(table)
    if notes:
        yield Text()
    for note in notes:
        lines = wrap(note, max(width - len(NOTE), 1)) if width else [note]
        for i, line in enumerate(lines):
            yield Text().append(NOTE if i == 0 else " " * len(NOTE), "dim").append(line)
