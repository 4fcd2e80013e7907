"""A workbook looked at beside calamine: what is not safe to read, and what values do not tell."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from xml.parsers.expat import ExpatError

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read import formatting
from ae_cli.read.formatting import STRINGS
from ae_cli.read.limits import Area, raised
from ae_cli.read.marks import Marks, address, some
from ae_cli.read.package import DAMAGED, Package, broken
from ae_cli.read.search import count_texts, extent, matters, roughly
from ae_cli.read.walk import Full, Struck, Walk


class Looked:
    """The marks of every sheet. Raises InputError, when it is made, for what is not safe to read.

    The rest is found in another thread: calamine lets go of the interpreter while it reads.
    """

    def __init__(self, path: str, data: bytes, limits: Limits) -> None:
        self.path, self.package, self.limits = path, Package(path, data, limits), limits
        self.sheets = self.package.sheets() if self.package.is_xlsx else []
        self.struck = formatting.struck(self.package) if self.sheets else Struck()
        self.walked: dict[str, Marks] = {}
        self.check_texts()
        self.area = Area(path, limits)
        for name, part in self.sheets:
            self.check_area(name, part)
        if self.sheets:
            self.package.check_rest({part for _, part in self.sheets})

    def check_texts(self) -> None:
        """Refuse more shared texts than there may be cells."""
        name = self.package.names.get(STRINGS)
        texts = count_texts(self.package.checked(name)) if name else 0
        Area(self.path, self.limits).add(texts, 1, "the list of texts")

    def check_area(self, name: str, part: str) -> None:
        """Refuse a sheet that makes an area that does not fit into memory, as a stray cell does."""
        try:
            near = None if part in self.walked else roughly(self.package.checked(part))
        except ValueError as error:
            raise broken(self.path) from error
        if near and near[0] * near[1] <= self.area.left:
            return self.area.add(*near)
        marks = self.walked.get(part) or extent(self.package.checked(part))
        if marks is None or marks.rows * marks.columns > self.area.left:  # blank cells take no room
            marks = self.walked[part] = self.walk(part)
        self.area.add(marks.rows, marks.columns, f"sheet {name!r}")

    def walk(self, part: str) -> Marks:
        try:
            return Walk(self.struck, self.limits.cells).over(self.package.checked(part))
        except Full:
            most = self.limits.cells
            raise InputError(
                f"{self.path} has a sheet of more than {most:,} cells",
                f"save the table as CSV; {raised('cells', 2 * most)}",
            ) from None
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
