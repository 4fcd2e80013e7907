"""Write the corpus to a folder, to look at it or to try another program on it.

In the folder of the project: PYTHONPATH=.:tests python -m corpus FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from corpus import CASES


def main(folder: Path) -> None:
    """A folder a case, and a list of what is odd about each and what must come of it."""
    lines = ["| case | kind | part of docs/input.md | what is odd |", "|---|---|---|---|"]
    for number, case in enumerate(CASES, 1):
        place = folder / f"{number:03}"
        place.mkdir(parents=True, exist_ok=True)
        case.make().saved(place)
        odd = f"{case.name}: {case.odd}".replace("|", "\\|")
        lines.append(f"| {number:03} | {case.kind} | {case.section} | {odd} |")
    (folder / "manifest.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
