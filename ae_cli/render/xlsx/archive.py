"""A zip that holds no clock: same members, same bytes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can tell
NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")


class Archive(ZipFile):
    """A zip whose bytes depend on its contents alone, and which puts rows into empty sheets."""

    def __init__(self, file: IO[bytes], rows: Mapping[str, IO[bytes]]) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self.rows = rows

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Add a member."""
        super().writestr(_member(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Add a sheet: what openpyxl wrote around no rows, and the rows."""
        before, after = NO_ROWS.split(Path(filename).read_bytes())
        with self.open(_member(arcname), "w") as sheet:
            sheet.write(before + b"<sheetData>")
            self.rows[arcname].seek(0)
            shutil.copyfileobj(self.rows[arcname], sheet)
            sheet.write(b"</sheetData>" + after)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, EPOCH)
    member.compress_type = ZIP_DEFLATED
    member.create_system = 0  # the same on every system
    return member
