"""A workbook looked at beside calamine: what is not safe to read, and what values do not tell."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from xml.parsers.expat import ExpatError

from ae_cli.errors import InputError
from ae_cli.read import formatting
from ae_cli.read.marks import Marks, address, some
from ae_cli.read.package import DAMAGED, Package, broken
from ae_cli.read.search import extent, matters, plain
from ae_cli.read.walk import Struck, Walk

LARGEST = 5_000_000  # cells, filled or not: calamine makes room for every one
SPARSE = 4  # a larger sheet is read if one in so many of its cells is filled


class Looked:
    """The marks of every sheet. Raises InputError, when it is made, for what is not safe to read.

    The rest is found in another thread: calamine lets go of the interpreter while it reads.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.package = path, Package(path, data)
        self.sheets = self.package.sheets() if self.package.is_xlsx else []
        self.struck = formatting.struck(self.package) if self.sheets else Struck()
        self.walked: dict[str, Marks] = {}
        for name, part in self.sheets:
            self.check_area(name, part)
        if self.sheets:
            self.package.check_rest({part for _, part in self.sheets})

    def check_area(self, name: str, part: str) -> None:
        """Refuse a sheet in which a stray cell makes an area that does not fit into memory."""
        try:
            if part in self.walked or plain(self.package.checked(part)):
                return
        except ValueError as error:
            raise broken(self.path) from error
        marks = extent(self.package.checked(part))
        if marks is None or _too_large(marks):  # blank cells take no room
            marks = self.walked[part] = self.walk(part)
        if _too_large(marks):
            raise InputError(
                f"{self.path}: sheet {name!r} is filled down to cell "
                f"{address((marks.rows, marks.columns))}",
                "delete the columns and rows outside the table, and save it",
            )

    def walk(self, part: str) -> Marks:
        try:
            return Walk(self.struck).over(self.package.checked(part))
        except (ExpatError, *DAMAGED) as error:
            raise broken(self.path) from error

    def marks(self, pool: ThreadPoolExecutor, sheets: int) -> list[Future[Marks]]:
        """The marks of each sheet of the workbook, in its order; empty for what is no .xlsx."""
        if not self.sheets:
            return [pool.submit(Marks) for _ in range(sheets)]
        if sheets != len(self.sheets):
            raise broken(self.path)
        return [pool.submit(self.look, name, part) for name, part in self.sheets]

    def look(self, name: str, part: str) -> Marks:
        if part not in self.walked and matters(self.package.checked(part), self.struck):
            self.walked[part] = self.walk(part)
        marks = self.walked.get(part) or Marks()
        if marks.uncalculated:
            n, cells = len(marks.uncalculated), some(map(address, marks.uncalculated))
            raise InputError(
                f"{self.path} [{name}]: {n} {'formula has' if n == 1 else 'formulas have'} no value"
                f" ({cells})",
                "open it in Excel, which calculates them, and save it",
            )
        return marks


def _too_large(marks: Marks) -> bool:
    return marks.rows * marks.columns > max(LARGEST, SPARSE * marks.cells)
