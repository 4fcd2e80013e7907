"""The clean log that every odd file is held against: invented, and the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

Row = tuple[str, ...]
Rows = tuple[Row, ...]

ENGLISH = ("Subject ID", "Dose group", "Adverse event", "CTCAE grade", "Serious", "Causality",
           "Outcome", "Action taken", "Start date", "End date")  # fmt: skip
CHINESE = ("受试者编号", "剂量组", "不良事件名称", "CTCAE分级", "是否严重", "因果关系",
           "转归", "采取措施", "开始日期", "结束日期")  # fmt: skip
WORDS = {
    "Low dose": "低剂量组", "Middle dose": "中剂量组", "High dose": "高剂量组",
    "Nausea": "恶心", "Vomiting": "呕吐", "Headache": "头痛", "Fever": "发热",
    "Fatigue": "疲乏", "Anemia": "贫血", "Pruritus": "瘙痒", "Sepsis": "脓毒症",
    "Y": "是", "N": "否", "F": "女", "M": "男",
    "Not related": "无关", "Unlikely related": "可能无关", "Possibly related": "可能有关",
    "Probably related": "很可能有关", "Definitely related": "肯定有关",
    "Recovered": "痊愈", "Recovering": "好转", "Not recovered": "未恢复", "Fatal": "死亡",
    "Dose not changed": "剂量不变", "Dose reduced": "减少剂量", "Drug interrupted": "暂停用药",
    "Drug withdrawn": "停止用药",
}  # fmt: skip
GROUPS = ("Low dose", "Middle dose", "High dose")
STUDY = {"groups": [{"name": name, "spellings": [WORDS[name]]} for name in GROUPS]}
FIRST_DOSE = date(2024, 3, 1)

TERMS = ("Nausea", "Vomiting", "Headache", "Fever", "Fatigue", "Anemia", "Pruritus")
CAUSES = tuple(word for word in WORDS if word.endswith("related"))
ACTIONS = ("Dose not changed", "Dose reduced", "Drug interrupted")


def _arm(number: int) -> str:
    return GROUPS[(number - 1) % 3]


def _events(chance: random.Random) -> list[Row]:
    """One to three events for most participants. No term comes twice in one of them."""
    rows = []
    for number in range(1, 25):
        for term in chance.sample(TERMS, chance.choice((0, 1, 2, 2, 3, 3))):
            start = FIRST_DOSE + timedelta(chance.randrange(1, 60))
            end = chance.random() < 0.8 and start + timedelta(chance.randrange(1, 20))
            grade = chance.choice({"Anemia": "344", "Pruritus": "12"}.get(term, "11223"))
            rows.append((
                f"{number:03}", _arm(number), term, grade, "Y" if grade in "34" else "N",
                chance.choice(CAUSES), "Recovered" if end else "Not recovered",
                chance.choice(ACTIONS), start.isoformat(), end.isoformat() if end else "",
            ))  # fmt: skip
    return rows


DEATH = ("024", _arm(24), "Sepsis", "5", "Y", "Not related", "Fatal", "Drug withdrawn",
         "2024-05-02", "2024-05-09")  # fmt: skip
EN: Rows = (ENGLISH, *_events(random.Random(20240304)), DEATH)
ZH: Rows = (CHINESE, *(tuple(WORDS.get(cell, cell) for cell in row) for row in EN[1:]))
PEOPLE: Rows = (
    ("Subject ID", "Dose group", "First dose", "Sex", "Died", "Date of death", "Last contact"),
    *((f"{n:03}", _arm(n), FIRST_DOSE.isoformat(), "FM"[n % 2], "N", "", f"2024-08-{n:02}")
      for n in range(1, 24)),
    ("024", _arm(24), FIRST_DOSE.isoformat(), "F", "Y", "2024-05-09", "2024-05-09"),
)  # fmt: skip
LAST = len(EN)  # the line of the last event
START, END = "Start date", "End date"
DAYS = sum(bool(text) for row in EN[1:] for text in row[8:])  # how many dates there are


def place(header: str) -> int:
    """Where a column of the English log stands."""
    return ENGLISH.index(header)


def edited(rows: Rows, cells: Mapping[tuple[int, str], str]) -> Rows:
    """The log with some cells changed: (line of the file, English header) to text."""
    table = [list(row) for row in rows]
    for (line, header), text in cells.items():
        table[line - 1][place(header)] = text
    return tuple(map(tuple, table))


def listed(header: str, texts: Sequence[str]) -> Rows:
    """The log with these texts in a column, from the second line down."""
    return edited(EN, {(line, header): text for line, text in enumerate(texts, 2)})


def lines(texts: Sequence[str]) -> tuple[int, ...]:
    """The lines in which `listed` puts them."""
    return tuple(range(2, 2 + len(texts)))


def mapped(rows: Rows, header: str, change: Callable[[str], str]) -> Rows:
    """The log with every cell of a column in other words."""
    at = place(header)
    return (rows[0], *((*row[:at], change(row[at]), *row[at + 1 :]) for row in rows[1:]))


def headed(rows: Rows, **names: str) -> Rows:
    """The log under other headers, each named after the first word of the English one."""
    words = {header.split()[0].casefold(): i for i, header in enumerate(ENGLISH)}
    header = list(rows[0])
    for word, name in names.items():
        header[words[word]] = name
    return (tuple(header), *rows[1:])


def line_of(header: str, text: str, rows: Rows = EN) -> int:
    """The first line whose cell in this column is this text."""
    return next(i for i, row in enumerate(rows, 1) if row[place(header)] == text)
