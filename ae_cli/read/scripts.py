"""Whether a text makes sense in the script an encoding is for, or is the noise of a wrong one."""

from __future__ import annotations

import re
from itertools import islice

from ae_cli.read.readings import PIECE, Reading

# Shares of everyday characters among the distinct ones; names and rare terms are the rest.
CERTAIN, DOUBTFUL = 0.85, 0.7

# What each encoding's own everyday characters begin with; rarer ones stand behind them.
_EVERYDAY = {
    "GB18030": ("gb2312", ((0xA1, 0xA3), (0xA6, 0xA6), (0xB0, 0xD7))),
    "Big5": ("big5", ((0xA1, 0xC6),)),
    "Shift-JIS": ("shift_jis", ((0x81, 0x83), (0x88, 0x98))),
    "EUC-KR": ("euc_kr", ((0xA1, 0xA3), (0xB0, 0xC8))),
    "EUC-JP": ("euc_jp", ((0xA1, 0xA5), (0xB0, 0xCF))),
    "ISO-2022-JP": ("euc_jp", ((0xA1, 0xA5), (0xB0, 0xCF))),
}
# The accents and signs that stand at the same bytes in Western and Central European encodings. No
# other accent can tell which it is: è is č there, and ê is ę.
_LETTERS = "áâäçéëíîóôöúüßÁÂÄÇÉËÍÎÓÔÖÚÜ"
_QUOTES = "‘’“”–—…\u00a0"
_SIGNS = "•™°±µ·×÷©®§€«»†‡‰²³"
_WESTERN = re.compile(f"[\x00-\x7f{_LETTERS}{_QUOTES}{_SIGNS}]*")
# Each begins with the character it is about and looks around from there: other text is passed over
# at once.
_NOT_WESTERN = re.compile(
    f"[{_SIGNS}“”…\u00a0](?:"
    f"(?<=[A-Za-z{_LETTERS}][^\u00a0])(?=[A-Za-z{_LETTERS}])"  # a sign within a word
    f"|(?<=[a-z]\u00a0)(?=[a-z])"
    f"|(?<=[A-Za-z][×÷])|(?<=[×÷])(?=[A-Za-z])"
    f"|(?<=[²³])(?<!(?<![A-Za-z])m.)(?<!(?<![A-Za-z])[cdkm]m.)"  # a raised number but of metres
    ")"
)
_ANY = f"[A-Za-z{_LETTERS}]"
_FEW_LETTERS = re.compile(  # a word with accents and less than two letters without
    f"[{_LETTERS}](?:"
    f"(?<!{_ANY}.)[{_LETTERS}]*+[A-Za-z]?+[{_LETTERS}]*+"
    f"|(?<=(?<!{_ANY})[A-Za-z].)[{_LETTERS}]*+"
    f")(?!{_ANY})"
)
_ONE_SCRIPT = re.compile(
    "[\x80-\u017f]+|[\u0386-\u03ce]+|[\u0400-\u045f]+|[\u05d0-\u05ea]+|[\u0600-\u064a]+"
)
# Ů where a word ends may be 女 in GBK: Female女.
_RARE_AT_AN_EDGE = re.compile("(?<![a-z])[\u0100-\u017f]|[\u0100-\u017f](?![a-z])")
_RUN = re.compile(r"[^\x00-\x7f]+")
_WORDS = re.compile(r"[^\x00-\x7f](?: ?[^\x00-\x7f])*")
WORDS = 500_000  # looked at: all of a few megabytes
_EDGE = set(',;|\t\r\n"')


def makes_sense(reading: Reading) -> float:
    """How much a reading looks meant: its share of everyday characters, 0 where they stand as they
    do not in real text."""
    if reading.name == "UTF-8":
        return float(all(map(_is_of_scripts, reading.pieces())))
    if reading.name == "Windows-1252":
        return float(all(map(_is_western, reading.pieces())))
    share = everyday(reading)
    return share if share < DOUBTFUL or _stands_free(reading) else 0.0


def may_be_chinese(latin: Reading, chinese: Reading) -> bool:
    """Whether what UTF-8 reads as a rare letter at the edge of a word is a word in GB18030."""
    rare = any(map(_RARE_AT_AN_EDGE.search, latin.pieces()))
    return rare and everyday(chinese) >= DOUBTFUL


def everyday(reading: Reading) -> float:
    """The share of everyday characters among the distinct ones, in an encoding of many bytes; of
    the others it is not asked."""
    if reading.name not in _EVERYDAY:
        return 1.0
    common = sum(_is_everyday(reading.name, c) for c in reading.foreign)
    return common / len(reading.foreign) if reading.foreign else 0.0


def _is_of_scripts(text: str) -> bool:
    """Whether no run of letters is of two scripts."""
    return all(_ONE_SCRIPT.fullmatch(run) for run in set(_RUN.findall(text)))


def _is_western(text: str) -> bool:
    """ASCII with accents and signs that mean the same all over Europe, where words put them: one
    that stands alone may be Greek or Cyrillic, as in TNF-α."""
    return bool(
        _WESTERN.fullmatch(text) and not _NOT_WESTERN.search(text) and not _FEW_LETTERS.search(text)
    )


def _is_everyday(name: str, character: str) -> bool:
    codec, ranges = _EVERYDAY[name]
    try:
        code = character.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(code) > 1 and any(low <= code[0] <= high for low, high in ranges)


def _stands_free(reading: Reading) -> bool:
    """Words or whole cells, not single characters that swallowed the letter after them: an accent
    before a letter is one character in a multi-byte encoding.

    It is a matter of shares: of a large file as many words are looked at in each of its pieces.
    """
    most = WORDS * PIECE // max(len(reading.data), PIECE)
    free = total = 0
    for text in reading.pieces():
        for run in islice(_WORDS.finditer(text), most):
            before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
            free += len(run[0]) > 1 or {before, after} - {""} <= _EDGE
            total += 1
    return free * 2 >= total
