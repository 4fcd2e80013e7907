"""One normal form for a CTCAE name, however it is typed: layout, case, British spelling.

Only differences of writing are removed. Synonyms and abbreviations are other words, and other
words are never applied, only suggested.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# British fragments and the American ones CTCAE is written in. Each serves at least one term and
# no two terms become one by them (tests/test_ctcae.py holds both).
BRITISH = (
    ("aem", "em"),  # anaemia, haemorrhage, ischaemic, hyperkalaemia
    ("oedem", "edem"),  # oedema, lymphoedema, papilloedema
    ("rrhoea", "rrhea"),  # diarrhoea, rhinorrhoea, dysmenorrhoea
    ("pnoea", "pnea"),  # dyspnoea, apnoea
    ("aesthe", "esthe"),  # paraesthesia, dysaesthesia
    ("caec", "cec"),  # caecal
    ("faec", "fec"),  # faecal
    ("gynaec", "gynec"),  # gynaecomastia
    ("foet", "fet"),  # foetal
    ("leuco", "leuko"),  # leucocytosis, leucoencephalopathy
    ("trophin", "tropin"),  # corticotrophin: here it is CTCAE that keeps the British form
    ("tumour", "tumor"),
    ("colour", "color"),  # discolouration too
    ("odour", "odor"),
    ("isation", "ization"),  # virilisation
    ("ised", "ized"),  # generalised, localised
)

# Not a fragment like the others: the "o" of "gastroesophageal" ends "gastro" and stays.
_OESOPHAGUS = re.compile(r"\boesophag")
_JOINED_OESOPHAGUS = re.compile(r"o-?o?esophag")

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
# Ligatures and dashes that Unicode's own compatibility forms leave alone.
_LETTERS = str.maketrans({"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"} | dict.fromkeys(_DASHES, "-"))
# Space around a dash or comma says nothing: "Chest pain-cardiac", "Other,specify".
_LOOSE_MARK = re.compile(r"\s*([-,])\s*")


@lru_cache(maxsize=4096)  # the same text is looked for among terms, aliases and other versions
def normal_form(text: str) -> str:
    """`text` without differences of case, space, dash, accent and British spelling."""
    if not text.isascii():
        text = _plain_letters(text)
    words = " ".join(text.casefold().split())
    return _american(_LOOSE_MARK.sub(r"\1", words))


def _plain_letters(text: str) -> str:
    """Unicode's compatibility form (NFKD), less accents (Mn) and invisible characters (Cf)."""
    letters = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in letters if unicodedata.category(c) not in {"Mn", "Cf"})


def _american(words: str) -> str:
    for british, american in BRITISH:
        words = words.replace(british, american)
    if "esophag" in words:
        words = _OESOPHAGUS.sub("esophag", _JOINED_OESOPHAGUS.sub("oesophag", words))
    return words
