"""What no table can show. Data cannot break these, so a breach is a bug of ours."""

from __future__ import annotations

from ae_cli.table import Rate, Row, Share, Table


class Impossible(Exception):
    """A number that cannot be: names the row and the column, never a value of the data."""


def verify(table: Table) -> None:
    """Raise Impossible where a table contradicts itself."""
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, Rate) and not _possible(cell.n, cell.N):
                raise Impossible(f"{table.name}: {row.key} in column {table.columns.index(column)}")
            if isinstance(cell, Share) and not _possible(cell.events, cell.of):
                raise Impossible(f"{table.name}: {row.key} in column {table.columns.index(column)}")
    _sums(table)


def _possible(part: int, whole: int | None) -> bool:
    return part >= 0 and (whole is None or part <= whole)


_PARTS = {
    "N": (("no_ae", "worst_grade_1_2", "worst_grade_3_plus", "worst_grade_ungraded"),
          ("no_ae", *(f"worst_grade_{g}" for g in range(1, 6)), "worst_grade_ungraded"),
          ("no_ae", *(f"worst_severity_{w}" for w in ("mild", "moderate", "severe", "missing")))),
    "events": ((*(f"events_grade_{g}" for g in range(1, 6)), "events_ungraded"),
               tuple(f"events_severity_{w}" for w in ("mild", "moderate", "severe", "missing"))),
}  # fmt: skip


def _sums(table: Table) -> None:
    """Worst grades and none make N; events by grade make all events."""
    rows = {row.key: row for row in table.rows}
    for whole, families in _PARTS.items():
        for parts in families:
            if all(_counted(rows.get(part)) for part in parts):
                _check_sum(table, rows, whole, parts)


def _check_sum(table: Table, rows: dict[str, Row], whole: str, parts: tuple[str, ...]) -> None:
    for i, column in enumerate(table.columns):
        of = column.N if whole == "N" else _number(rows[whole], i)
        if of is not None and sum(_number(rows[part], i) for part in parts) != of:
            raise Impossible(f"{table.name}: {', '.join(parts)} do not sum in column {i}")


def _counted(row: Row | None) -> bool:
    return row is not None and all(hasattr(c, "n") or hasattr(c, "events") for c in row.cells)


def _number(row: Row, column: int) -> int:
    cell = row.cells[column]
    return cell.n if isinstance(cell, Rate) else cell.events  # type: ignore[union-attr]
