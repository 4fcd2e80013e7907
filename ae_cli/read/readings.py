"""A text file's bytes as one encoding or another reads them, and what is to be seen in them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ae_cli.errors import InputError

HEAD = 1 << 16
# As said, and the codecs that read it, the plainest first.
CODECS = {
    "GB18030": ("gb18030",),
    "Big5": ("cp950", "big5hkscs"),
    "Shift-JIS": ("cp932",),
    "EUC-KR": ("cp949",),
    "EUC-JP": ("euc_jp",),
    "Windows-1252": ("cp1252",),
}
# What people call them. A wider codec reads all that the narrower one does, the same.
ALSO = {
    "gbk": "GB18030", "gb2312": "GB18030", "cp936": "GB18030", "gb18030": "GB18030",
    "big5": "Big5", "cp950": "Big5", "shiftjis": "Shift-JIS", "sjis": "Shift-JIS",
    "cp932": "Shift-JIS", "euckr": "EUC-KR", "cp949": "EUC-KR", "eucjp": "EUC-JP",
    "latin1": "Windows-1252", "iso88591": "Windows-1252", "windows1252": "Windows-1252",
    "cp1252": "Windows-1252",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file as one encoding reads it."""

    name: str
    text: str

    @property
    def sample(self) -> str:
        return ", ".join(dict.fromkeys(_words(self.text, 3)))

    @property
    def utf8(self) -> bytes:
        return self.text.encode("utf-8")

    def taken(self) -> tuple[bytes, str]:
        """The text in UTF-8, and what is said of it."""
        such = f", such as {self.sample}" if self.sample else ""
        return self.utf8, f"read as {self.name}{such}" if self.name != "UTF-8" else ""


def codecs_of(named: str) -> tuple[str, ...]:
    """The codecs of a name. Raises InputError for a name that is none."""
    plain = re.sub(r"[\W_]", "", named.lower())
    try:
        known = codecs.lookup(named)._is_text_encoding
    except (LookupError, ValueError):
        known = False
    if not known and plain not in ALSO:
        raise InputError(
            f"the encoding {named!r} is not known",
            "for example: gb18030, big5, shift_jis, windows-1252, utf-8, utf-16",
        )
    return CODECS[ALSO[plain]] if plain in ALSO else (named,)


def readings(data: bytes) -> list[Reading]:
    """Every encoding that reads the file from end to end."""
    codecs = {"ISO-2022-JP": ("iso2022_jp",)} if data.isascii() else CODECS
    found = ((name, decoded(data, *each)) for name, each in codecs.items())
    return [Reading(name, text) for name, text in found if text is not None]


def utf_16(data: bytes) -> str | None:
    """The codec of UTF-16 without a mark: every second byte of its ASCII letters is zero."""
    head = data[: HEAD - HEAD % 2]
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if sum(zeros) * 20 < len(head) or min(zeros) * 10 > max(zeros) or len(head) < 4:
        return None
    codec = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    text = head.decode(codec, "replace")
    return codec if "\0" not in text and re.search("[\n\r,;|\t]", text) else None


def decoded(data: bytes, *codecs: str) -> str | None:
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeError:
            continue
    return None


def stop(data: bytes, codec: str) -> int:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def utf8_within(data: bytes) -> int | None:
    """Where a text stands that is UTF-8: other encodings make such bytes by rare chance."""
    seen: set[bytes] = set()
    for found in re.finditer(rb"[\x80-\xff]{6,}", data):
        run = found[0]
        if run in seen:
            continue
        seen.add(run)
        text = decoded(run, "utf-8")
        if text is not None and max(text) >= "\u0800":
            return found.start()
    return None


def first_foreign(data: bytes) -> int:
    found = re.search(rb"[\x80-\xff\x1b]", data)
    return found.start() if found else 0


def line_of(data: bytes | str, at: int) -> int:
    """The number of the line that a place is in."""
    if isinstance(data, str):
        before = data[:at]
        return (before.count("\n") or before.count("\r")) + 1
    return (data.count(b"\n", 0, at) or data.count(b"\r", 0, at)) + 1  # an old Mac's lines


def _words(text: str, most: int) -> Iterator[str]:
    """The first texts that are not ASCII, each cut short."""
    for found in re.finditer(r'[^\s,;|"]+', text[:HEAD]):
        if found[0].isascii():
            continue
        yield found[0] if len(found[0]) <= 20 else found[0][:20] + "..."
        most -= 1
        if not most:
            return
