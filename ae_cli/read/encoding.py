"""The encoding of a text file: told by its bytes and by the headers they spell, or asked about.

A byte can be read in many ways and most of them raise no error. So an encoding is taken only where
it alone makes sense of the whole file, and what was taken is said with a sample.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ae_cli.errors import InputError
from ae_cli.read.scripts import CERTAIN, DOUBTFUL, foreign, makes_sense

Known = Callable[[str], int]  # how well a text's headers are known, those in ASCII left out

MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
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
# A Latin letter of two bytes in UTF-8, beside one of ASCII.
_IN_A_WORD = re.compile(rb"[a-z][\xc3-\xc5][\x80-\xbf]|[\xc3-\xc5][\x80-\xbf][a-z]")
HEAD = 1 << 16
ENOUGH, MANY = 16, 40  # distinct characters: few fit several encodings by chance
SAVE = "save it again as CSV UTF-8 (Excel: Save As, 'CSV UTF-8 (comma delimited)') or as .xlsx"


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


def to_utf8(path: str, data: bytes, named: str | None, known: Known) -> tuple[bytes, str]:
    """The text in UTF-8, and a note of how it was read, empty where there is nothing to say.

    `named` is what a person says it is. A mark at the beginning, and UTF-8 that cannot be anything
    else, are stronger. Raises InputError for text that is cut, mixed, or could be several things.
    """
    codecs = () if named is None else _codecs(named)
    if marked := _marked(path, data):
        return marked
    if _is_ascii(data) and not (named and named.lower().startswith(("hz", "iso2022", "utf-7"))):
        return data, ""
    wide = utf_16(data) if named is None else None
    if wide:
        return _strict(path, data, wide, "UTF-16").taken()
    utf8 = _decoded(data, "utf-8")
    if utf8 is not None and _surely_utf8(data):
        return data, f"read as UTF-8, not as {named}: it is valid UTF-8" if named else ""
    if named:
        return _as_named(path, data, named, codecs)
    if utf8 is None:
        _refuse_mixed(path, data)
        return _choose(path, data, _readings(data), known)
    others = [r for r in _readings(data) if r.name != "Windows-1252"]
    return _choose(path, data, [Reading("UTF-8", utf8), *others], known)


def utf_16(data: bytes) -> str | None:
    """The codec of UTF-16 without a mark: every second byte of its ASCII letters is zero."""
    head = data[: HEAD - HEAD % 2]
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if sum(zeros) * 20 < len(head) or min(zeros) * 10 > max(zeros) or len(head) < 4:
        return None
    codec = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    text = head.decode(codec, "replace")
    return codec if "\0" not in text and re.search("[\n\r,;|\t]", text) else None


def _is_ascii(data: bytes) -> bool:
    """ASCII and nothing else: no UTF-16 in which zeros are hidden, no Japanese behind escapes."""
    escaped = b"\x1b" in data and b"\x1b$" in data  # looking for one byte is the faster by far
    return data.isascii() and not escaped and not utf_16(data)


def _marked(path: str, data: bytes) -> tuple[bytes, str] | None:
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            if name == "UTF-8":
                data = data.removeprefix(mark)
                return (data if data.isascii() else _strict(path, data, codec, name).utf8), ""
            return _strict(path, data, codec, name).utf8, f"read as {name}"
    return None


def _surely_utf8(data: bytes) -> bool:
    """Whether valid UTF-8 can be nothing else. Two bytes a character can be Chinese: 头痛 in GBK is
    valid UTF-8, for two letters that nobody writes."""
    if re.search(rb"[\xe0-\xff]", data[:HEAD]):
        return True
    if beyond_latin := data.translate(None, bytes(range(0xC6))):
        return bool(beyond_latin.translate(None, bytes(range(0xE0))))
    return bool(_IN_A_WORD.search(data))


def _decoded(data: bytes, *codecs: str) -> str | None:
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeError:
            continue
    return None


def _strict(path: str, data: bytes, codec: str, name: str) -> Reading:
    try:
        return Reading(name, data.decode(codec))
    except UnicodeDecodeError as error:
        width = {"16": 2, "32": 4}.get(codec.lower()[4:6], 1)
        before = data[: error.start].decode(codec, "replace") if width > 1 else data
        line = _line(before, error.start)
        cut = error.end >= len(data)
        told = f"starts as {name} but is cut within a character" if cut else f"is not {name}"
        raise InputError(f"{path}, line {line}: the text {told}", SAVE) from None
    except UnicodeError as error:
        raise InputError(f"{path}: the text is not {name}: {error}", SAVE) from None


def _codecs(named: str) -> tuple[str, ...]:
    """The codecs of a name. Raises InputError for a name that is none."""
    plain = re.sub(r"[\W_]", "", named.lower())
    try:
        b"a".decode(named)
    except (LookupError, UnicodeError, ValueError):
        if plain not in ALSO:
            raise InputError(
                f"--encoding {named!r} is not an encoding",
                "for example: gb18030, big5, shift_jis, windows-1252, utf-8, utf-16",
            ) from None
    return CODECS[ALSO[plain]] if plain in ALSO else (named,)


def _as_named(path: str, data: bytes, named: str, codecs: tuple[str, ...]) -> tuple[bytes, str]:
    decoded = _decoded(data, *codecs)
    if decoded is None:
        return _strict(path, data, codecs[0], named).taken()
    text, note = Reading(named, decoded).taken()
    stray = None if _decoded(data, "utf-8") is not None else _utf8_within(data)
    if stray is not None and named.lower().replace("-", "") != "utf8":
        note += f"; the text in line {_line(data, stray)} could be UTF-8, please check it"
    return text, note


def _readings(data: bytes) -> list[Reading]:
    """Every encoding that reads the file from end to end."""
    codecs = {"ISO-2022-JP": ("iso2022_jp",)} if data.isascii() else CODECS
    found = ((name, _decoded(data, *each)) for name, each in codecs.items())
    return [Reading(name, text) for name, text in found if text is not None]


def _choose(path: str, data: bytes, readings: list[Reading], known: Known) -> tuple[bytes, str]:
    """The one reading whose headers are known; else the one that alone makes sense."""
    told = [r for r in readings if known(r.text)]
    if len(told) == 1:
        return told[0].taken()
    if not told:
        _refuse_cut(path, data, known)
    sense = {r.name: makes_sense(r.name, r.text) for r in readings}
    best = max(readings, key=lambda r: sense[r.name], default=None)
    distinct = len(foreign(best.text)) if best else 0
    doubtful = DOUBTFUL if distinct < MANY else CERTAIN
    likely = told or [r for r in readings if sense[r.name] >= doubtful]
    enough = best and (best.name in ("Windows-1252", "UTF-8") or distinct >= ENOUGH)
    if best and likely == [best] and enough and sense[best.name] >= CERTAIN:
        return best.taken()
    raise _ask(path, data, likely, readings)


def _ask(path: str, data: bytes, likely: list[Reading], readings: list[Reading]) -> InputError:
    if not readings:
        return _unreadable(path, data)
    line = _line(data, _first_foreign(data))
    shown = likely if len(likely) > 1 else [*likely, *(r for r in readings if r not in likely)]
    lines = "".join(f"\n    {r.name.lower():<14}{r.sample}" for r in shown)
    best = shown[0].name.lower()
    return InputError(
        f"{path}, line {line}: the text is not UTF-8 for certain, and could be several things"
        if any(r.name == "UTF-8" for r in shown)
        else f"{path}, line {line}: the text is not UTF-8, and could be several things",
        f"say which of these reads right, such as --encoding {best}:{lines}\n"
        f"    or {_other(data)}{SAVE}",
    )


def _refuse_cut(path: str, data: bytes, known: Known) -> None:
    """Raises InputError where an encoding makes known headers, and then does not read the rest."""
    for name, codecs in CODECS.items():
        stop = _stop(data, codecs[0])
        if stop < len(data) and known(data[:stop].decode(codecs[0], "ignore")):
            raise _broken_off(path, data, name, stop)


def _unreadable(path: str, data: bytes) -> InputError:
    """No encoding reads the file whole: where the one that gets furthest stops."""
    stops = {name: _stop(data, each[0]) for name, each in {"UTF-8": ("utf-8",), **CODECS}.items()}
    name = max(stops, key=lambda each: stops[each])
    return _broken_off(path, data, name, stops[name])


def _broken_off(path: str, data: bytes, name: str, stop: int) -> InputError:
    return InputError(
        f"{path}, line {_line(data, stop)}: the text is not UTF-8, "
        f"nor {name}, which reads it until there",
        f"it is cut, or mixed of several files: {_other(data)}{SAVE}",
    )


def _other(data: bytes) -> str:
    """A hint where the text may be in none of the encodings above."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:HEAD]).best()
    known = {codec for each in CODECS.values() for codec in each} | {
        "utf_8",
        "ascii",
        "gbk",
        "big5",
    }
    return f"try --encoding {best.encoding}, or " if best and best.encoding not in known else ""


def _stop(data: bytes, codec: str) -> int:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _refuse_mixed(path: str, data: bytes) -> None:
    """Raises InputError for text that is UTF-8 in one place and not in another."""
    good, bad = _utf8_within(data), _stop(data, "utf-8")
    if good is None:
        return
    cut = len(data) - bad < 4 and data[bad] >= 0xC2
    raise InputError(
        f"{path}, line {_line(data, bad)}: the text is not UTF-8, "
        + ("it is cut within a character" if cut else f"but line {_line(data, good)} is")
        + ("" if cut else ": two encodings are mixed"),
        SAVE if cut else f"save the parts each as CSV UTF-8 before joining them; or {SAVE}",
    )


def _utf8_within(data: bytes) -> int | None:
    """Where a text stands that is UTF-8: other encodings make such bytes by rare chance."""
    seen: set[bytes] = set()
    for found in re.finditer(rb"[\x80-\xff]{6,}", data):
        run = found[0]
        if run in seen:
            continue
        seen.add(run)
        text = _decoded(run, "utf-8")
        if text is not None and max(text) >= "\u0800":
            return found.start()
    return None


def _first_foreign(data: bytes) -> int:
    found = re.search(rb"[\x80-\xff\x1b]", data)
    return found.start() if found else 0


def _line(data: bytes | str, at: int) -> int:
    """The number of the line that a place is in."""
    if isinstance(data, str):
        before = data[:at]
        return (before.count("\n") or before.count("\r")) + 1
    return (data.count(b"\n", 0, at) or data.count(b"\r", 0, at)) + 1  # an old Mac's lines


def _words(text: str, most: int) -> Iterator[str]:
    """The first texts that are not ASCII, each cut short."""
    for found in re.finditer(r'[^\s,;|"]*[^\x00-\x7f][^\s,;|"]*', text[:HEAD]):
        yield found[0] if len(found[0]) <= 20 else found[0][:20] + "..."
        most -= 1
        if not most:
            return
