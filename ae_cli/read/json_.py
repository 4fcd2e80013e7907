"""JSON: CDISC Dataset-JSON in its three encodings, JSON lines, and an array of objects.

What is read as JSON is told by its first characters, after unpacking; `dataset_json` and
`json_objects` make sheets of it. Nothing is read by halves: a key given twice, a number that is
none and a file that ends early are refused.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

from ae_cli.config import Limits
from ae_cli.errors import InputError
from ae_cli.read.limits import Area, check_growth
from ae_cli.read.sheet import Sheet

BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
GZIP, ZLIB = b"\x1f\x8b", (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_START = re.compile(r'\s*(\{\s*["}]|\[\s*[\{\]])')  # no CSV begins so; [Subject ID],[Term] is one


TIMES = 4  # JSON takes so many times its size, when it is unpacked and read
VALUES = 2  # so many commas and brackets a cell: some stand within texts


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class Refused(ValueError):
    """What JSON may say, and a table may not."""


def is_json(data: bytes) -> bool:
    """Whether a file, unpacked, begins as JSON does."""
    if data.startswith((GZIP, *ZLIB)):
        return bool(_START.match(_text(_begin(data))))
    return bool(_START.match(_text(data[:4096])))


def refuse_packed(path: str, _data: bytes, _limits: Limits) -> list[Sheet]:
    raise InputError(f"{path} is packed by gzip, and no JSON is in it", "unpack it and name that")


def read(path: str, data: bytes, limits: Limits) -> list[Sheet]:
    """One sheet from JSON of any of these kinds."""
    from ae_cli.read import dataset_json, json_objects

    if data.startswith((GZIP, *ZLIB)):
        data = unpacked(path, data, limits)
    area = Area(path, limits)
    _check_values(data, area)
    text = _decoded(path, data)
    del data
    try:
        whole = loads(text)
    except json.JSONDecodeError as error:
        if "Extra data" not in error.msg and not _one_a_line(text):
            raise _broken(path, f"line {error.lineno}", error) from None
        lines = list(_lines(path, text))
        first = lines[0][1]
        kind = dataset_json if dataset_json.is_header(first) else json_objects
        return [kind.from_lines(path, lines, area)]
    except (ValueError, RecursionError) as error:
        raise _broken(path, "", error) from None
    if isinstance(whole, list):
        return [json_objects.from_array(path, whole, area)]
    if dataset_json.is_header(whole):
        return [dataset_json.from_object(path, whole, area)]
    return [json_objects.from_lines(path, [(text[: text.index("{")].count("\n") + 1, whole)], area)]


def _check_values(data: bytes, area: Area) -> None:
    """Raises InputError for more values than a table may have, before each of them is made."""
    values = sum(data.count(mark) for mark in (b",", b"{", b"["))
    if values > VALUES * area.left:
        area.check(values, 1, "the list of values")


def loads(text: str) -> Any:
    """JSON as the standard has it. Raises ValueError for NaN, for a key given twice, and for half a
    character: \\ud83d without \\ude00."""
    value = json.loads(
        text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float
    )
    if _HALF.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as error:
            half = ascii(error.object[error.start])
            raise Refused(f"{half} in a text is half of a character") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"{twice!r} is given twice")
    return found


def _constant(name: str) -> None:
    raise Refused(f"{name} is no number")


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Refused(f"{text} is too large a number")
    return number


def _one_a_line(text: str) -> bool:
    """Whether the first line is a JSON value of its own."""
    try:
        loads(text.lstrip().split("\n", 1)[0])
    except (ValueError, RecursionError):
        return False
    return True


def _lines(path: str, text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, loads(line)
            except (ValueError, RecursionError) as error:
                raise _broken(path, f"line {number}", error) from None


def _broken(path: str, where: str, error: Exception) -> InputError:
    place = f"{path}, {where}" if where else path
    if isinstance(error, Refused):
        return InputError(f"{place}: {error}", "correct it in the program that wrote it")
    return InputError(
        f"{place}: the JSON is broken or cut short", "get the file again, and check its length"
    )


def _text(data: bytes) -> str:
    """The beginning of a file as text."""
    encoding = "utf-16" if data.startswith(BOMS[1:]) else "utf-8-sig"
    return codecs.getincrementaldecoder(encoding)("replace").decode(data)


def _decoded(path: str, data: bytes) -> str:
    encoding = "utf-16" if data.startswith(BOMS[1:]) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: the text is not UTF-8", "save it as UTF-8"
        ) from None


def _begin(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(data[:4096], 4096)
    except zlib.error:
        return b""


def unpacked(path: str, data: bytes, limits: Limits) -> bytes:
    """What zlib or gzip packed, whole. Raises InputError for what is cut or grows beyond reason."""
    out, rest = bytearray(), data
    while rest:
        unpacking = zlib.decompressobj(wbits=47)  # either of the two
        try:
            out += unpacking.decompress(rest, limits.bytes // TIMES + 1 - len(out))
        except zlib.error:
            raise _cut(path) from None
        check_growth(path, len(data), TIMES * len(out), limits)
        if not unpacking.eof:
            raise _cut(path)
        rest = unpacking.unused_data
    return bytes(out)


def _cut(path: str) -> InputError:
    return InputError(f"{path} cannot be unpacked: it is cut or damaged", "get the file again")
