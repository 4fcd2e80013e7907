"""Text in any encoding: told by the file or its headers, asked about, or refused with its line."""

from __future__ import annotations

from corpus.base import EN, LAST, ZH, Rows, edited, mapped
from corpus.case import Given, error, same, series
from corpus.write import csv_bytes

ENCODINGS = "Encodings"
MARKED = {"utf-8-sig": "UTF-8 with a mark", "utf-16": "UTF-16 with a mark",
          "utf-32": "UTF-32 with a mark"}  # fmt: skip
BARE = {"utf-8": "UTF-8", "utf-16-le": "UTF-16, little end first",
        "utf-16-be": "UTF-16, big end first", "gbk": "GBK", "gb18030": "GB18030"}  # fmt: skip

for _codec, _words in (MARKED | BARE).items():
    series(
        same(ENCODINGS, like=ZH, said=() if _codec.startswith("utf-8") else ("read as",)),
        f"Chinese in {_codec}", f"A Chinese log in {_words}, and nothing says so but its mark.",
        lambda codec=_codec: csv_bytes(ZH, encoding=codec),
    )  # fmt: skip


@same(ENCODINGS)
def big_end_first_with_a_mark() -> bytes:
    """An English log in UTF-16, big end first, with a mark."""
    return b"\xfe\xff" + csv_bytes(EN, encoding="utf-16-be")


@same(ENCODINGS)
def utf_32_big_end_first() -> bytes:
    """An English log in UTF-32, big end first, with a mark."""
    return b"\x00\x00\xfe\xff" + csv_bytes(EN, encoding="utf-32-be")


RARE = edited(ZH, {(5, "Adverse event"): "𠮷氏征阳性 ḿ"})


@same(ENCODINGS, like=RARE, said=("read as GB18030",))
def four_bytes_a_character() -> bytes:
    """A term holds characters that GB18030 has and GBK has not."""
    return csv_bytes(RARE, encoding="gb18030")


def _script(header: str, terms: tuple[str, ...]) -> Rows:
    """The English log, its terms in another script under a header in it."""
    others = {term: terms[i] for i, term in enumerate(sorted({row[2] for row in EN[1:]}))}
    rows = mapped(EN, "Adverse event", others.__getitem__)
    return ((*rows[0][:2], header, *rows[0][3:]), *rows[1:])


TRADITIONAL = _script("不良事件", ("貧血及虛弱", "疲倦感", "發燒或發熱", "頭痛及頭暈", "噁心與嘔吐",
                                   "皮膚搔癢症狀", "敗血症", "嘔吐不止"))  # fmt: skip
JAPANESE = _script("不良事件", ("貧血およびめまい", "けだるさ", "発熱のため",
                                "頭痛とめまい", "悪心および嘔吐", "皮膚のかゆみ", "敗血症",
                                "嘔吐があった"))  # fmt: skip
KOREAN = ("빈혈이 있음", "피로감", "발열과 오한", "두통과 어지러움", "오심과 구토가 있음",
          "피부 가려움증", "패혈증", "구토가 있음")  # fmt: skip

for _name, _rows, _codec in (
    ("Big5", TRADITIONAL, "big5"), ("Shift-JIS", JAPANESE, "shift_jis"),
):  # fmt: skip
    series(
        same(ENCODINGS, like=_rows, said=(f"read as {_name}",)), f"terms in {_name}",
        f"Terms in {_name} under a header that it alone makes a known one.",
        lambda rows=_rows, codec=_codec: csv_bytes(rows, encoding=codec),
    )  # fmt: skip
    series(
        same(ENCODINGS, like=_rows), f"{_name} by its name", f"The user names {_name}.",
        lambda rows=_rows, codec=_codec: Given(
            {"ae.csv": csv_bytes(rows, encoding=codec)}, encoding=codec),
    )  # fmt: skip

HANGUL = _script("Adverse event", KOREAN)


@same(ENCODINGS, like=HANGUL)
def euc_kr_by_its_name() -> Given:
    """Korean terms under English headers; the user names the encoding."""
    return Given({"ae.csv": csv_bytes(HANGUL, encoding="euc_kr")}, encoding="euc_kr")


EUROPE = edited(EN, {(2, "Adverse event"): "Nausée “matinée” – 38.5 °C",
                     (3, "Adverse event"): "Crohn’s disease, 10 µg/L"})  # fmt: skip


@same(ENCODINGS, like=EUROPE, said=("read as Windows-1252",))
def windows_1252() -> bytes:
    """French accents, curly quotation marks and a degree sign in Windows-1252."""
    return csv_bytes(EUROPE, encoding="cp1252")


LATIN = edited(EN, {(2, "Adverse event"): "Übelkeit"})


@same(ENCODINGS, like=LATIN)
def latin_1() -> bytes:
    """A German term in ISO 8859-1, which is Windows-1252 there."""
    return csv_bytes(LATIN, encoding="iso8859-1")


CYRILLIC = edited(EN, {(2, "Adverse event"): "Тошнота и рвота"})


@error(ENCODINGS, "line 2", "--encoding")
def cyrillic_that_is_not_told() -> bytes:
    """Russian in Windows-1251 makes sense as several things."""
    return csv_bytes(CYRILLIC, encoding="cp1251")


@same(ENCODINGS, like=CYRILLIC)
def cyrillic_by_its_name() -> Given:
    """The same, and the user names it."""
    return Given({"ae.csv": csv_bytes(CYRILLIC, encoding="cp1251")}, encoding="cp1251")


FEW = edited(EN, {(2, "Adverse event"): "恶心"})


@error(ENCODINGS, "line 2", "could be several things", "--encoding gb18030", "恶心")
def two_characters_of_gbk() -> bytes:
    """Two Chinese characters in GBK under English headers could be Korean or Latin letters."""
    return csv_bytes(FEW, encoding="gbk")


@same(ENCODINGS, like=FEW)
def two_characters_of_gbk_by_its_name() -> Given:
    """The same, and the user names it."""
    return Given({"ae.csv": csv_bytes(FEW, encoding="gbk")}, encoding="gbk")


@error(ENCODINGS, "头痛")
def gbk_that_is_valid_utf_8() -> bytes:
    """The two characters for headache in GBK are valid UTF-8 for letters that nobody writes."""
    return csv_bytes(edited(EN, {(2, "Adverse event"): "头痛"}), encoding="gbk")


@error(ENCODINGS, f"line {LAST}", "two encodings")
def the_last_line_in_another_encoding() -> bytes:
    """A log in UTF-8 whose last line was pasted in GBK."""
    return csv_bytes(ZH[:-1]) + csv_bytes(ZH[-1:], encoding="gbk")


@error(ENCODINGS, "line 1", "two encodings")
def the_first_lines_in_another_encoding() -> bytes:
    """A header in GBK over lines in UTF-8."""
    return csv_bytes(ZH[:1], encoding="gbk") + csv_bytes(ZH[1:])


CUT = edited(ZH, {(LAST, "End date"): "持续"})


@error(ENCODINGS, f"line {LAST}", "cut")
def utf_8_that_is_cut() -> bytes:
    """UTF-8 that ends within a character."""
    return csv_bytes(CUT)[:-3]


@error(ENCODINGS, f"line {LAST}", "cut")
def utf_16_that_is_cut() -> bytes:
    """UTF-16 that ends within a character."""
    return csv_bytes(CUT, encoding="utf-16")[:-1]


@error(ENCODINGS, f"line {LAST}", "GB18030")
def gbk_that_is_cut() -> bytes:
    """GBK that ends within a character."""
    return csv_bytes(CUT, encoding="gbk")[:-2]


@error(ENCODINGS, "line 1", "the text is not shift_jis")
def a_name_that_is_wrong() -> Given:
    """The user names an encoding that cannot read the file."""
    return Given({"ae.csv": csv_bytes(ZH, encoding="gbk")}, encoding="shift_jis")


@error(ENCODINGS, "is not a table that can be read")
def utf_32_without_a_mark() -> bytes:
    """UTF-32 without its mark: no program writes it, and nothing tells it from other bytes."""
    return csv_bytes(ZH, encoding="utf-32-le")
