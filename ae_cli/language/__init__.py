"""The language of a study's own conditions: one line of text, `grade >= 3 and serious is blank`.

Text to a tree (`grammar`), its names and values checked (`meaning`), conditions (`conditions`), and
these as expressions over columns (`expressed`). Nothing is executed.
"""

from ae_cli.language.conditions import Condition, fields_of, texts_of
from ae_cli.language.expressed import Expressed
from ae_cli.language.meaning import understood

__all__ = ["Condition", "Expressed", "fields_of", "texts_of", "understood"]
