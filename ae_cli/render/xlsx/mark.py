"""The mark of a workbook that is a result of ours, and no data of a study."""

from __future__ import annotations

from typing import Any

from openpyxl.packaging.custom import StringProperty

from ae_cli.output import MARK


def marked(book: Any) -> None:
    """Mark a workbook; once is enough."""
    if MARK not in book.custom_doc_props.names:
        book.custom_doc_props.append(StringProperty(name=MARK, value="result"))
