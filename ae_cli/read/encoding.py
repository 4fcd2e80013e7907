"""The encoding of a text file: told by its bytes and by the headers they spell, or asked about.

A byte can be read in many ways and most of them raise no error. So an encoding is taken only where
it alone makes sense of the whole file, and what was taken is said with a sample.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ae_cli.errors import InputError
from ae_cli.read.readings import (
    CODECS,
    HEAD,
    ONE_BYTE,
    PIECE,
    Reading,
    codecs_of,
    first_foreign,
    line_of,
    pieces,
    reading,
    readings,
    reads,
    stop,
    utf8_within,
    utf_16,
)
from ae_cli.read.scripts import CERTAIN, DOUBTFUL, everyday, makes_sense, may_be_chinese

Known = Callable[[str], int]  # how well a text's headers are known, those in ASCII left out

MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
# A Latin letter of two bytes in UTF-8, between two of ASCII.
_IN_A_WORD = re.compile(rb"[a-z][\xc3-\xc5][\x80-\xbf][a-z]")
ENOUGH, MANY = 16, 40  # distinct characters: few fit several encodings by chance
SAVE = "save it again as CSV UTF-8 (Excel: Save As, 'CSV UTF-8 (comma delimited)') or as .xlsx"


def to_utf8(path: str, data: bytes, named: str | None, known: Known) -> tuple[bytes, str]:
    """The text in UTF-8, and a note of how it was read, empty where there is nothing to say.

    `named` is what a person says it is. A mark at the beginning, and UTF-8 that cannot be anything
    else, are stronger. Raises InputError for text that is cut, mixed, or could be several things.
    """
    codecs = () if named is None else codecs_of(named)
    if marked := _marked(path, data):
        return marked
    if _is_ascii(data) and not (named and named.lower().startswith(("hz", "iso2022", "utf-7"))):
        return data, ""
    wide = utf_16(data) if named is None else None
    if wide:
        return _strict(path, data, wide, "UTF-16").taken()
    utf8 = reading("UTF-8", data, "utf-8")
    if utf8 and _surely_utf8(data):
        return data, f"read as UTF-8, not as {named}: it is valid UTF-8" if named else ""
    if named:
        return _as_named(path, data, named, codecs)
    if not utf8:
        _refuse_mixed(path, data)
        return _choose(path, data, readings(data), known)
    others = [r for r in readings(data) if r.name != "Windows-1252"]
    chinese = [r for r in others if r.name == "GB18030"]
    if any(may_be_chinese(utf8, r) for r in chinese):
        raise _ask(path, data, [utf8, *chinese], [])
    return _choose(path, data, [utf8, *others], known)


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


def _strict(path: str, data: bytes, codec: str, name: str) -> Reading:
    try:
        for _ in pieces(data, codec):
            pass
        return Reading(name, data, codec)
    except UnicodeDecodeError as error:
        width = {"16": 2, "32": 4}.get(codec.lower()[4:6], 1)
        before = data[: error.start].decode(codec, "replace") if width > 1 else data
        line = line_of(before, error.start)
        cut = error.end >= len(data)
        told = f"starts as {name} but is cut within a character" if cut else f"is not {name}"
        raise InputError(f"{path}, line {line}: the text {told}", SAVE) from None
    except UnicodeError as error:
        raise InputError(f"{path}: the text is not {name}: {error}", SAVE) from None


def _as_named(path: str, data: bytes, named: str, codecs: tuple[str, ...]) -> tuple[bytes, str]:
    whole = reading(named, data, *codecs)
    if not whole:
        return _strict(path, data, codecs[0], named).taken()
    text, note = whole.taken()
    stray = None if reads(data, "utf-8") else utf8_within(data)
    if stray is not None and named.lower().replace("-", "") != "utf8":
        note += f"; the text in line {line_of(data, stray)} could be UTF-8, please check it"
    return text, note


def _choose(path: str, data: bytes, whole: list[Reading], known: Known) -> tuple[bytes, str]:
    """The one reading whose headers are known; else the one that alone makes sense."""
    told = [r for r in whole if known(r.head) and _may_tell(r)]
    if len(told) == 1:
        return _whole(path, told[0]).taken()
    if not told:
        _refuse_cut(path, data, known)
    sense = {r.name: makes_sense(r) for r in whole}
    best = max(whole, key=lambda r: sense[r.name], default=None)
    distinct = len(best.foreign) if best else 0
    doubtful = DOUBTFUL if distinct < MANY else CERTAIN
    likely = told or [r for r in whole if sense[r.name] >= doubtful]
    enough = best and (best.name in ("Windows-1252", "UTF-8") or distinct >= ENOUGH)
    if best and likely == [best] and enough and sense[best.name] >= CERTAIN:
        return best.taken()
    raise _ask(path, data, likely, whole)


def _may_tell(one: Reading) -> bool:
    """Whether known headers tell an encoding: those of one byte a character are too many."""
    return one.name != "Windows-1252" or makes_sense(one) == 1


def _whole(path: str, one: Reading) -> Reading:
    """A reading whose headers are known. Raises InputError where its other lines are noise."""
    if everyday(one) < DOUBTFUL:
        raise InputError(
            f"{path}: the headers are {one.name}, but much of the text makes no sense in it",
            f"if several files were joined, {SAVE}; or say --encoding {one.name.lower()}",
        )
    return one


def _ask(path: str, data: bytes, likely: list[Reading], whole: list[Reading]) -> InputError:
    if not whole and not likely:
        return _unreadable(path, data)
    line = line_of(data, first_foreign(data))
    names = {r.name for r in whole}
    shown = likely if len(likely) > 1 else [*likely, *(r for r in whole if r not in likely)]
    shown = [*shown, *(_one_byte(data, shown) if "Windows-1252" in names else ())]
    lines = "".join(f"\n    {r.name.lower():<14}{r.sample}" for r in shown)
    certain = " for certain" if any(r.name == "UTF-8" for r in shown) else ""
    return InputError(
        f"{path}, line {line}: the text is not UTF-8{certain}, and could be several things",
        f"say which of these reads right, such as --encoding {shown[0].name.lower()}:{lines}\n"
        f"    or {_other(data)}{SAVE}",
    )


def _one_byte(data: bytes, shown: list[Reading]) -> Iterator[Reading]:
    """What other encodings of one byte a character would read, where they differ."""
    seen = {r.sample for r in shown}
    for name in ONE_BYTE:
        other = reading(name, data, name)
        if other and other.sample not in seen:
            seen.add(other.sample)
            yield other


def _refuse_cut(path: str, data: bytes, known: Known) -> None:
    """Raises InputError where an encoding makes known headers, and then does not read the rest."""
    for name, codecs in CODECS.items():
        end = stop(data, codecs[0])
        if end < len(data) and known(data[: min(end, PIECE)].decode(codecs[0], "ignore")):
            raise _broken_off(path, data, name, end)


def _unreadable(path: str, data: bytes) -> InputError:
    """No encoding reads the file whole: where the one that gets furthest stops."""
    stops = {name: stop(data, each[0]) for name, each in {"UTF-8": ("utf-8",), **CODECS}.items()}
    name = max(stops, key=lambda each: stops[each])
    return _broken_off(path, data, name, stops[name])


def _broken_off(path: str, data: bytes, name: str, end: int) -> InputError:
    return InputError(
        f"{path}, line {line_of(data, end)}: the text is not UTF-8, "
        f"nor {name}, which reads it until there",
        f"it is cut, or mixed of several files: {_other(data)}{SAVE}",
    )


def _other(data: bytes) -> str:
    """A hint where the text may be in none of the encodings above."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:HEAD]).best()
    known = {codec for each in CODECS.values() for codec in each}
    known |= {"utf_8", "ascii", "gbk", "big5"}
    return f"try --encoding {best.encoding}, or " if best and best.encoding not in known else ""


def _refuse_mixed(path: str, data: bytes) -> None:
    """Raises InputError for text that is UTF-8 in one place and not in another."""
    good, bad = utf8_within(data), stop(data, "utf-8")
    if good is None:
        return
    cut = len(data) - bad < 4 and data[bad] >= 0xC2
    raise InputError(
        f"{path}, line {line_of(data, bad)}: the text is not UTF-8, "
        + ("it is cut within a character" if cut else f"but line {line_of(data, good)} is")
        + ("" if cut else ": two encodings are mixed"),
        SAVE if cut else f"save the parts each as CSV UTF-8 before joining them; or {SAVE}",
    )
