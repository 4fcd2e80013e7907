"""JSON: Dataset-JSON whole and in lines, packed, and objects of a program of one's own."""

from __future__ import annotations

import gzip
import json
import zlib

from corpus.base import EN, LAST, Rows, edited
from corpus.case import Expected, error, finding, same, series
from corpus.write import dataset, dataset_json, json_lines, objects

JSON, OTHER, CUT = "JSON", "Other formats", "Files that were cut"
OBJECTS = objects(EN)
ROWS = [list(row) for row in EN[1:]]
NDJSON = json_lines([dataset(EN), *ROWS])
ARRAY = json.dumps(OBJECTS, ensure_ascii=False, indent=1).encode()

WHOLE = {
    "ae.json": ("Dataset-JSON in one piece", dataset_json(EN)),
    "ae.ndjson": ("Dataset-JSON in lines", NDJSON),
    "ae.dsjc": ("Dataset-JSON packed by zlib", zlib.compress(NDJSON)),
    "ae.json.gz": ("Dataset-JSON packed by gzip", gzip.compress(dataset_json(EN), mtime=0)),
    "ae.jsonl": ("one object a line", json_lines(OBJECTS)),
    "array.json": ("an array of objects", ARRAY),
    "wide.json": ("an array of objects in UTF-16", ARRAY.decode().encode("utf-16")),
    "marked.json": ("an array of objects with a mark", b"\xef\xbb\xbf" + ARRAY),
    "json.csv": ("an array of objects named .csv", ARRAY),
}  # fmt: skip
for _file, (_name, _data) in WHOLE.items():
    series(
        same(OTHER, _file), _name, f"The log is {_name}.", lambda data=_data: data
    )  # fmt: skip


@same(JSON, "ae.jsonl")
def numbers_and_truth_values() -> bytes:
    """Grades are numbers and seriousness is true or false."""
    typed = [{**o, "CTCAE grade": int(o["CTCAE grade"]), "Serious": o["Serious"] == "Y"}
             for o in OBJECTS]  # fmt: skip
    return json_lines(typed)


@same(JSON, "ae.jsonl", said=("records without all keys",))
def keys_that_are_missing() -> bytes:
    """Objects leave out the keys that have no value."""
    return json_lines([{k: v for k, v in o.items() if v is not None} for o in OBJECTS])


@same(JSON, "ae.json")
def keys_in_another_order() -> bytes:
    """Every second object has its keys the other way round."""
    turned = [dict(reversed(o.items())) if i % 2 else o for i, o in enumerate(OBJECTS)]
    return json.dumps(turned).encode()


def with_third(**more: object) -> bytes:
    return json_lines([{**o, **(more if i == 2 else {})} for i, o in enumerate(OBJECTS)])


@finding(JSON, Expected("AE-CTC-01", rows=(3,), count=1), file="ae.jsonl", others=True,
         like=edited(EN, {(4, "CTCAE grade"): ""}))  # fmt: skip
def a_fraction_for_a_grade() -> bytes:
    """A grade is the number 2.5."""
    return with_third(**{"CTCAE grade": 2.5})


@finding(JSON, Expected("AE-CTC-01", rows=(3,), count=1), file="ae.jsonl", others=True)
def truth_for_a_grade() -> bytes:
    """A grade is true."""
    return with_third(**{"CTCAE grade": True})


def text(data: bytes, old: str, new: str) -> bytes:
    """The data with a text replaced that must be there."""
    assert old.encode() in data
    return data.replace(old.encode(), new.encode(), 1)


LINES = json_lines(OBJECTS)
SHORT: Rows = EN[:-1]
BROKEN: dict[str, tuple[str, str, bytes, tuple[str, ...]]] = {
    "fewer records than stated": (
        "ae.json", "Dataset-JSON says that there is one record more than there is.",
        dataset_json(EN, records=LAST), (f"has {LAST - 1} rows and says {LAST}",),
    ),
    "more records than stated": (
        "ae.ndjson", "Dataset-JSON in lines says that there is one record less than there is.",
        json_lines([dataset(SHORT), *ROWS]), (f"has {LAST - 1} rows and says {LAST - 2}",),
    ),
    "a row of nine items": (
        "ae.json", "A row of Dataset-JSON lacks an item: which one, nobody knows.",
        dataset_json(EN, rows=[*ROWS[:2], ROWS[2][:-1], *ROWS[3:]]),
        ("row 3 has 9 items, and there are 10 columns",),
    ),
    "two columns of one name": (
        "ae.json", "Two columns of Dataset-JSON have one name.",
        dataset_json(EN, columns=[{"name": "Subject ID"}] * 10), ("two columns are named",),
    ),
    "a key that stands twice": (
        "ae.jsonl", "An object has two grades.",
        text(LINES, '"CTCAE grade": ', '"CTCAE grade": "1", "CTCAE grade": '), ("given twice",),
    ),
    "NaN": (
        "ae.jsonl", "A grade is NaN, which is no JSON.",
        text(LINES, '"CTCAE grade": "1"', '"CTCAE grade": NaN'), ("NaN is no number",),
    ),
    "a list in a record": (
        "ae.jsonl", "A term is a list of two.",
        with_third(**{"Adverse event": ["Rash", "Fever"]}),
        ("line 3", "'Adverse event': a list or an object"),
    ),
    "an object in a record": (
        "array.json", "A grade is an object.",
        json.dumps([*OBJECTS[:4], {"CTCAE grade": {"from": 1, "to": 2}}]).encode(),
        ("record 5", "'CTCAE grade': a list or an object"),
    ),
    "a number in the array": (
        "array.json", "One item of the array is a number.",
        json.dumps([*OBJECTS, 3]).encode(), (f"record {LAST} is not a JSON object",),
    ),
    "an older version": (
        "ae.json", "Dataset-JSON 1.0, whose layout is another.",
        dataset_json(EN, datasetJSONVersion="1.0.0"), ("is Dataset-JSON 1.0.0",),
    ),
    "an empty array": ("array.json", "An array of nothing.", b"[]", ("has no columns",)),
}  # fmt: skip
for _name, (_file, _odd, _data, _said) in BROKEN.items():
    series(error(JSON, *_said, file=_file), _name, _odd, lambda data=_data: data)

ENDS = {
    "ae.json": dataset_json(EN)[:-40], "ae.ndjson": json_lines([dataset(EN), *ROWS[:-1]]),
    "ae.jsonl": LINES[:-20], "array.json": ARRAY[:-30], "ae.dsjc": zlib.compress(NDJSON)[:-4],
    "ae.json.gz": gzip.compress(dataset_json(EN), mtime=0)[:-6],
}  # fmt: skip
for _file, _data in ENDS.items():
    series(
        error(CUT, file=_file), f"{_file} cut short", f"The end of {_file} is missing.",
        lambda data=_data: data,
    )  # fmt: skip
