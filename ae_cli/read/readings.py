"""A text file's bytes as one encoding or another reads them, and what is to be seen in them."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ae_cli.errors import InputError

HEAD = 1 << 16
PIECE = 1 << 20  # bytes that are read together, at least
NEAR = 1 << 18  # characters behind a new one that are likely to hold more
# As said, and the codecs that read it, the plainest first.
CODECS = {
    "GB18030": ("gb18030",),
    "Big5": ("cp950", "big5hkscs"),
    "Shift-JIS": ("cp932",),
    "EUC-KR": ("cp949",),
    "EUC-JP": ("euc_jp",),
    "Windows-1252": ("cp1252",),
}
ONE_BYTE = ("windows-1250", "windows-1251", "windows-1253", "mac_roman", "cp437")
# These are read piece by piece: none keeps a state, and none has a character that ends with the
# byte of a sign that a piece ends with.
_IN_PIECES = {"utf-8", *ONE_BYTE, *(codec for each in CODECS.values() for codec in each)}
_END_OF_PIECE = (b"\n", b"\r", b"\t", b",", b";")
# What people call them. A wider codec reads all that the narrower one does, the same.
ALSO = {
    "gbk": "GB18030", "gb2312": "GB18030", "cp936": "GB18030", "gb18030": "GB18030",
    "big5": "Big5", "cp950": "Big5", "shiftjis": "Shift-JIS", "sjis": "Shift-JIS",
    "cp932": "Shift-JIS", "euckr": "EUC-KR", "cp949": "EUC-KR", "eucjp": "EUC-JP",
    "latin1": "Windows-1252", "iso88591": "Windows-1252", "windows1252": "Windows-1252",
    "cp1252": "Windows-1252",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A whole file as one encoding reads it: a piece at a time, for several are compared."""

    name: str
    data: bytes
    codec: str

    def pieces(self) -> Iterator[str]:
        return pieces(self.data, self.codec)

    @cached_property
    def head(self) -> str:
        """Enough of its beginning for headers, and for a sample."""
        return next(self.pieces(), "")[:PIECE]

    @cached_property
    def foreign(self) -> frozenset[str]:
        """The distinct characters that are not ASCII."""
        found: set[str] = set()
        new = re.compile(r"[^\x00-\x7f]")
        for piece in self.pieces():
            end = 0
            while first := new.search(piece, end):  # looking for a new one is the faster by far
                end = first.start() + NEAR
                found.update(c for c in set(piece[first.start() : end]) if c > "\x7f")
                new = re.compile(rf"[^\x00-\x7f{''.join(found)}]")
        return frozenset(found)

    @property
    def sample(self) -> str:
        return ", ".join(dict.fromkeys(_words(self.head, 3)))

    @property
    def utf8(self) -> bytes:
        if self.codec == "utf-8":
            return self.data
        out = io.BytesIO()  # gives its bytes away without copying them
        for piece in self.pieces():
            out.write(piece.encode("utf-8"))
        return out.getvalue()

    def taken(self) -> tuple[bytes, str]:
        """The text in UTF-8, and what is said of it."""
        such = f", such as {self.sample}" if self.sample else ""
        return self.utf8, f"read as {self.name}{such}" if self.name != "UTF-8" else ""


def pieces(data: bytes, codec: str) -> Iterator[str]:
    """The text piece by piece. Raises UnicodeDecodeError as if all were read at once."""
    if codec not in _IN_PIECES:
        yield data.decode(codec)
        return
    start = 0
    while start < len(data):
        end = _end_of_piece(data, start + PIECE - 1)
        try:
            yield data[start:end].decode(codec)
        except UnicodeDecodeError as error:
            at = start + error.start, start + error.end
            raise UnicodeDecodeError(error.encoding, data, *at, error.reason) from None
        start = end


def _end_of_piece(data: bytes, at: int) -> int:
    while at < len(data):
        ends = (data.find(mark, at, at + PIECE) for mark in _END_OF_PIECE)
        if end := next((each + 1 for each in ends if each >= 0), 0):
            return end
        at += PIECE
    return len(data)


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
    found = (reading(name, data, *each) for name, each in codecs.items())
    return [each for each in found if each]


def reading(name: str, data: bytes, *codecs: str) -> Reading | None:
    """The file as the first of these codecs that reads it whole."""
    return next((Reading(name, data, codec) for codec in codecs if reads(data, codec)), None)


def reads(data: bytes, codec: str) -> bool:
    """Whether a codec reads the file from end to end."""
    try:
        return all(True for _ in pieces(data, codec))
    except UnicodeError:
        return False


def utf_16(data: bytes) -> str | None:
    """The codec of UTF-16 without a mark: every second byte of its ASCII letters is zero."""
    head = data[: HEAD - HEAD % 2]
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if sum(zeros) * 20 < len(head) or min(zeros) * 10 > max(zeros) or len(head) < 4:
        return None
    codec = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    text = head.decode(codec, "replace")
    return codec if "\0" not in text and re.search("[\n\r,;|\t]", text) else None


def stop(data: bytes, codec: str) -> int:
    """Where a codec reads no further."""
    try:
        for _ in pieces(data, codec):
            pass
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
        if reads(run, "utf-8") and max(run.decode("utf-8")) >= "\u0800":
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
