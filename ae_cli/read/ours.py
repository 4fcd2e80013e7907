"""Files that ae-cli wrote itself: results that lie in the folder of a study are no data of it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from ae_cli.output import MARK

# How findings and a table begin as CSV, and findings as a page.
HEADS = {
    ".csv": re.compile(r"rule,severity,file,sheet,row,|key,label,unit,group,"),
    ".txt": re.compile(r"[A-Z]+-\S+ (error|warning|note): |Events by seriousness|found {2}\d"),
}
PROPERTIES = "docProps/custom.xml"


def written_here(path: Path) -> bool:
    """Whether this is a result of ours. A copy of a log in another format is a log."""
    suffix = path.suffix.lower()
    try:
        if suffix in HEADS:
            with path.open(encoding="utf-8-sig", errors="replace") as file:
                return bool(HEADS[suffix].match(file.readline(200)))
        if suffix == ".xlsx":
            with zipfile.ZipFile(path) as package:
                listed = PROPERTIES in package.namelist()
                return listed and f'name="{MARK}"'.encode() in package.read(PROPERTIES)
    except (OSError, zipfile.BadZipFile):
        pass  # whoever reads the file says what is wrong with it
    return False
