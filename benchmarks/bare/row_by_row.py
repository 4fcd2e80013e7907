"""Each row of a CSV file through the Pydantic model, with nothing else: no rules, no findings."""

import csv
import sys
from pathlib import Path

from pydantic import ValidationError

from ae_cli.model import AdverseEvent, cells

FIELDS = {cell.sdtm: name for name, cell in cells(AdverseEvent).items()}

refused = 0
with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        try:
            AdverseEvent.model_validate({FIELDS[header]: text for header, text in row.items()})
        except ValidationError:
            refused += 1
print(refused)
