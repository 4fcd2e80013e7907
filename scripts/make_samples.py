"""Make the sample study in samples/hucmsc: invented records, the same bytes at every run.

    python scripts/make_samples.py

Writes events.xlsx and subjects.csv, the same study as a Chinese hospital log (events-zh.xlsx),
and the counts in README.md; prints those counts. Groups, window and cut-off are read from
study.toml, system organ classes and permitted grades from the package's CTCAE table. What
matters to the story (serious events, deaths, events that changed dosing) is written down in
SPECIAL and the tables above it; a seeded generator fills in the ordinary rest.
"""

from __future__ import annotations

import csv
import io
import random
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

REPO = Path(__file__).resolve().parents[1]
FOLDER = REPO / "samples" / "hucmsc"
STUDY = tomllib.loads((FOLDER / "study.toml").read_text("utf-8"))
GROUPS = [group["name"] for group in STUDY["groups"]]
CUT_OFF: date = STUDY["cut_off"]
WINDOW: int = STUDY["window"]["days_after_first_dose"]
SIX_MONTHS = 183  # days after the first dose

SEED = 5442437
FIRST_WEEK = date(2022, 9, 5)  # a Monday
STAMP = datetime(2025, 7, 1)

# Days are study days: day 1 is the day of the first infusion.
EVENTS_PLANNED = (3, 2, 4, 0, 3, 2, 1, 3, 2, 3, 0, 4, 1, 3, 2, 2, 3, 4, 0, 2, 3, 1, 0, 4)
DIED = {3: 62, 7: 133, 10: 97, 14: 154, 21: 337}
LEFT = {20: 431}  # last seen alive; all others were followed for a year and a half
INFUSIONS = {5: (1, 15, 22), 15: (1,), 18: (1, 8)}  # all others: days 1, 8 and 15
NOT_EVALUABLE = {15}  # one infusion by own wish: too few to judge dose-limiting toxicity

EARLY = ("Fever", "Fever", "Chills", "Fatigue", "Headache", "Nausea", "Dizziness")
LATER = (
    "Abdominal distension",
    "Alanine aminotransferase increased",
    "Anorexia",
    "Ascites",
    "Aspartate aminotransferase increased",
    "Blood bilirubin increased",
    "Cough",
    "Diarrhea",
    "Edema limbs",
    "Hypoalbuminemia",
    "Hypokalemia",
    "Hyponatremia",
    "Insomnia",
    "Muscle cramp",
    "Platelet count decreased",
    "Pruritus",
    "Upper respiratory infection",
    "White blood cell decreased",
)

CHINESE = {
    "Yes": "是",
    "No": "否",
    "Death": "导致死亡",
    "Life-threatening": "危及生命",
    "Hospitalisation": "住院或延长住院时间",
    "Not related": "无关",
    "Unlikely": "可能无关",
    "Possible": "可能有关",
    "Probable": "很可能有关",
    "Definite": "肯定有关",
    "Dose not changed": "剂量不变",
    "Dose delayed": "延迟给药",
    "Drug interrupted": "暂停用药",
    "Drug withdrawn": "停止用药",
    "Not applicable": "不适用",
    "Recovered": "痊愈",
    "Recovering": "好转/缓解",
    "Not recovered": "未好转/持续",
    "Recovered with sequelae": "痊愈伴后遗症",
    "Fatal": "死亡",
    "M": "男",
    "F": "女",
} | {group["name"]: group["spellings"][0] for group in STUDY["groups"]}


@dataclass(frozen=True)
class Participant:
    number: int
    first_dose: date
    sex: str
    age: int

    @property
    def id(self) -> str:
        return f"HUC-{self.number:03}"

    @property
    def group(self) -> str:
        return str(GROUPS[(self.number - 1) // 8])

    @property
    def infusions(self) -> tuple[int, ...]:
        return INFUSIONS.get(self.number, (1, 8, 15))

    @property
    def death_day(self) -> int | None:
        return DIED.get(self.number)

    @property
    def last_day(self) -> int:
        return self.death_day or LEFT.get(self.number, 549 + self.number % 5)

    def on(self, day: int) -> date:
        """The calendar day of a study day."""
        return self.first_dose + timedelta(days=day - 1)


@dataclass(frozen=True)
class Event:
    participant: int
    term: str
    grade: int
    start: int
    end: int | None
    criteria: str  # why serious; empty if it was not
    related: str
    action: str
    treated: str
    outcome: str
    dlt: str = "No"

    @property
    def serious(self) -> str:
        return "Yes" if self.criteria else "No"


# fmt: off
SPECIAL = (
    Event(3, "Esophageal varices hemorrhage", 4, 24, 31, "Life-threatening; Hospitalisation",
          "Not related", "Not applicable", "Yes", "Recovered"),
    Event(3, "Hepatic failure", 5, 52, 62, "Death", "Unlikely", "Not applicable", "Yes", "Fatal"),
    Event(5, "Upper respiratory infection", 2, 6, 13, "", "Not related", "Dose delayed", "Yes",
          "Recovered"),
    Event(12, "Peritoneal infection", 3, 71, 85, "Hospitalisation", "Unlikely", "Not applicable",
          "Yes", "Recovered"),
    Event(16, "Infusion related reaction", 2, 8, 8, "", "Definite", "Drug interrupted", "Yes",
          "Recovered"),
    Event(18, "Infusion related reaction", 3, 8, 9, "", "Probable", "Drug withdrawn", "Yes",
          "Recovered", dlt="Yes"),
    Event(22, "Platelet count decreased", 3, 40, 58, "", "Unlikely", "Not applicable", "No",
          "Recovered"),
    Event(24, "Fever", 1, 1, 2, "", "Probable", "Dose not changed", "No", "Recovered"),
    Event(24, "Fever", 2, 8, 10, "", "Probable", "Dose not changed", "Yes", "Recovered"),
)
# fmt: on


class Dice:
    """Choices that rest on `random()` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def between(self, low: int, high: int) -> int:
        return low + int(self._random() * (high - low + 1))

    def pick(self, choices: Sequence[Any]) -> Any:
        return choices[self.between(0, len(choices) - 1)]


def ctcae() -> dict[str, tuple[str, tuple[int, ...]]]:
    """Each term's system organ class and permitted grades."""
    path = REPO / "ae_cli" / "ctcae" / "data" / f"ctcae-{STUDY['ctcae']}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["term"]: (row["soc"], tuple(map(int, row["grades"]))) for row in rows}


TERMS = ctcae()


def participants(dice: Dice) -> list[Participant]:
    """24 in order of entry, one or two weeks apart; a pause before each higher dose."""
    people, day = [], FIRST_WEEK
    for number in range(1, 25):
        weekday = timedelta(days=dice.between(0, 4))
        sex, age = dice.pick("MMF"), dice.between(36, 67)
        people.append(Participant(number, day + weekday, sex, age))
        day += timedelta(weeks=dice.between(1, 2) + (4 if number % 8 == 0 else 0))
    return people


def events(people: list[Participant], dice: Dice) -> list[Event]:
    """The whole log, by participant and start."""
    log: list[Event] = []
    for person, planned in zip(people, EVENTS_PLANNED, strict=True):
        own = [event for event in SPECIAL if event.participant == person.number]
        while len(own) < planned:
            own.append(ordinary(person, {event.term for event in own}, dice))
        log += sorted(own, key=lambda event: (event.start, event.term))
    return log


def ordinary(person: Participant, taken: set[str], dice: Dice) -> Event:
    """An event like most: after an infusion and short, or of the disease and slow."""
    early = dice.between(1, 10) <= 4
    term = dice.pick([term for term in (EARLY if early else LATER) if term not in taken])
    grade = dice.pick([g for g in (1, 1, 1, 1, 1, 2, 2, 2, 3, 3) if g in TERMS[term][1]])
    start, end, outcome = (course_early if early else course_later)(person, dice)
    related = ("Possible", "Probable", "Definite") if early else ("Not related",) * 3 + (
        "Unlikely", "Unlikely", "Possible")  # fmt: skip
    action = "Dose not changed" if start <= person.infusions[-1] else "Not applicable"
    treated = "Yes" if grade > dice.between(1, 2) else "No"
    return Event(
        person.number, term, grade, start, end, "", dice.pick(related), action, treated, outcome
    )


def course_early(person: Participant, dice: Dice) -> tuple[int, int | None, str]:
    start = dice.pick(person.infusions) + dice.between(0, 1)
    return start, start + dice.between(0, 3), "Recovered"


def course_later(person: Participant, dice: Dice) -> tuple[int, int | None, str]:
    """Start, end and outcome. Who died had recovered by then, or had not and never did."""
    start = dice.between(3, min(145, person.last_day - 20))
    end = start + dice.between(4, 30)
    outcome = dice.pick(("Recovered",) * 6 + ("Recovering", "Not recovered", "Not recovered"))
    if person.death_day and (outcome == "Recovering" or end >= person.death_day):
        outcome = "Not recovered"
    return start, end if outcome == "Recovered" else None, outcome


# --- what must be true of it --------------------------------------------------------------------


def check(people: list[Participant], log: list[Event]) -> None:
    """Refuse a study that does not have the shape it should, or holds a mistake."""
    by_number = {person.number: person for person in people}
    for event in log:
        assert consistent(event, by_number[event.participant]), event
    for a, b in combinations(log, 2):
        same = (a.participant, a.term) == (b.participant, b.term)
        assert not same or (a.end is not None and a.end < b.start), (a, b)
    assert [sum(p.group == group for p in people) for group in GROUPS] == [8, 8, 8]
    assert all(p.on(p.last_day) <= CUT_OFF for p in people)
    assert all(p.last_day > SIX_MONTHS for p in people if not p.death_day)
    early_deaths = [p.group for p in people if p.death_day and p.death_day <= SIX_MONTHS]
    assert [early_deaths.count(group) for group in GROUPS] == [2, 2, 0]
    assert 45 <= len(log) <= 60 and sum(event.serious == "Yes" for event in log) == 3
    assert 0.7 < sum(event.grade <= 2 for event in log) / len(log) < 0.8


def consistent(event: Event, person: Participant) -> bool:
    """What a clean record is. A death is fatal, serious, grade 5, and ends on its day."""
    fatal = event.outcome == "Fatal"
    ended = event.outcome in ("Recovered", "Fatal")
    return (
        event.grade in TERMS[event.term][1]
        and 1 <= event.start <= WINDOW
        and (event.end is not None) == ended
        and event.start <= (event.end or event.start) <= person.last_day
        and fatal == (event.grade == 5) == ("Death" in event.criteria)
        and (not fatal or event.end == person.death_day)
        and (event.grade < 4 or event.serious == "Yes")
    )


# --- counting -----------------------------------------------------------------------------------


def counts(people: list[Participant], log: list[Event]) -> list[tuple[str, str, list[str]]]:
    """Key, label and a text for each group and the total: the numbers the program must find."""
    columns = [[p for p in people if p.group == group] for group in GROUPS] + [people]

    def each(count: Callable[[list[Participant], list[Event]], object]) -> list[str]:
        numbers = [{p.number for p in some} for some in columns]
        own = [[event for event in log if event.participant in some] for some in numbers]
        return [str(count(p, e)) for p, e in zip(columns, own, strict=True)]

    def with_event(wanted: Callable[[Event], bool]) -> list[str]:
        return each(lambda _, e: len({x.participant for x in e if wanted(x)}))

    def number_of(wanted: Callable[[Event], bool]) -> list[str]:
        return each(lambda _, e: sum(map(wanted, e)))

    def worst(e: list[Event]) -> list[int]:
        return [max(x.grade for x in e if x.participant == p) for p in {x.participant for x in e}]

    def worst_is(*grades: int) -> list[str]:
        return each(lambda _, e: sum(grade in grades for grade in worst(e)))

    def grade_is(grade: int) -> list[str]:
        return number_of(lambda e: e.grade == grade)

    def related(event: Event) -> bool:
        return event.related in ("Possible", "Probable", "Definite")

    fatal = {event.participant for event in log if event.outcome == "Fatal"}
    return [
        ("N", "Participants", each(lambda p, _: len(p))),
        ("any_ae", "with any event", with_event(lambda e: True)),
        ("no_ae", "with none", each(lambda p, e: len(p) - len({x.participant for x in e}))),
        *((f"worst_grade_{g}", f"worst grade {g}", worst_is(g)) for g in range(1, 6)),
        ("worst_grade_1_2", "worst grade 1 or 2", worst_is(1, 2)),
        ("worst_grade_3_plus", "worst grade 3 or more", worst_is(3, 4, 5)),
        ("any_grade_1_2", "any event of grade 1 or 2", with_event(lambda e: e.grade <= 2)),
        ("any_grade_3_plus", "any event of grade 3 or more", with_event(lambda e: e.grade >= 3)),
        ("any_sae", "any serious event", with_event(lambda e: bool(e.criteria))),
        ("sae_death", "serious: death", with_event(lambda e: "Death" in e.criteria)),
        ("sae_life_threatening", "serious: life-threatening",
         with_event(lambda e: "Life" in e.criteria)),
        ("sae_hospitalisation", "serious: hospitalisation",
         with_event(lambda e: "Hosp" in e.criteria)),
        ("any_related", "any related event", with_event(related)),
        ("related_grade_3_plus", "any related event of grade 3 or more",
         with_event(lambda e: related(e) and e.grade >= 3)),
        ("related_sae", "any related serious event",
         with_event(lambda e: related(e) and bool(e.criteria))),
        ("dose_interrupted", "infusion interrupted",
         with_event(lambda e: e.action == "Drug interrupted")),
        ("dose_delayed", "infusion delayed", with_event(lambda e: e.action == "Dose delayed")),
        ("drug_withdrawn", "infusions stopped",
         with_event(lambda e: e.action == "Drug withdrawn")),
        ("treatment_given", "any event that was treated",
         with_event(lambda e: e.treated == "Yes")),
        ("dlt", "dose-limiting toxicity, of the evaluable", each(dlt)),
        ("fatal_ae", "fatal event", with_event(lambda e: e.outcome == "Fatal")),
        ("deaths", "died, to the cut-off", each(lambda p, _: sum(bool(x.death_day) for x in p))),
        ("deaths_without_fatal_ae", "died without a fatal event",
         each(lambda p, _: sum(bool(x.death_day) and x.number not in fatal for x in p))),
        ("", "alive at six months",
         each(lambda p, _: sum((x.death_day or 999) > SIX_MONTHS for x in p))),
        ("events", "Events", number_of(lambda e: True)),
        *((f"events_grade_{g}", f"of grade {g}", grade_is(g)) for g in range(1, 6)),
        ("events_grade_1_2_share", "share of grade 1 or 2", each(share)),
        ("events_serious", "serious", number_of(lambda e: bool(e.criteria))),
    ]  # fmt: skip


def dlt(people: list[Participant], log: list[Event]) -> str:
    evaluable = [p for p in people if p.number not in NOT_EVALUABLE]
    return f"{sum(event.dlt == 'Yes' for event in log)} of {len(evaluable)}"


def share(people: list[Participant], log: list[Event]) -> str:
    return f"{sum(event.grade <= 2 for event in log)} of {len(log)}"


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fill(readme: Path, text: str) -> None:
    """Put text between the README's two marks."""
    begin, end = "<!-- made by the script -->\n\n", "\n\n<!-- end -->"
    before, _, rest = readme.read_text("utf-8").partition(begin)
    after = rest.partition(end)[2]
    assert after, f"{readme} lacks its marks"
    readme.write_bytes(f"{before}{begin}{text}{end}{after}".encode())


# --- writing ------------------------------------------------------------------------------------

Row = dict[str, object]


def event_row(event: Event, person: Participant) -> Row:
    return {
        "Subject ID": person.id,
        "Adverse event": event.term,
        "SOC": TERMS[event.term][0],
        "CTCAE grade": event.grade,
        "Serious": event.serious,
        "Reason serious": event.criteria or None,
        "Relationship": event.related,
        "Action taken": event.action,
        "Treatment given": event.treated,
        "Outcome": event.outcome,
        "Start date": person.on(event.start),
        "End date": person.on(event.end) if event.end else None,
        "Date of death": person.on(event.end) if event.end and event.grade == 5 else None,
        "DLT": event.dlt,
    }


def subject_row(person: Participant) -> Row:
    return {
        "Subject ID": person.id,
        "Dose group": person.group,
        "First dose": person.on(1),
        "Last dose": person.on(person.infusions[-1]),
        "Infusions": len(person.infusions),
        "Sex": person.sex,
        "Age": person.age,
        "Last contact": person.on(person.last_day),
        "Died": "Yes" if person.death_day else "No",
        "Date of death": person.on(person.death_day) if person.death_day else None,
        "DLT evaluable": "No" if person.number in NOT_EVALUABLE else "Yes",
    }


def event_row_zh(number: int, row: Row) -> Row:
    say = chinese
    return {
        "序号": number,
        "受试者编号": row["Subject ID"],
        "不良事件名称": row["Adverse event"],
        "系统器官分类": row["SOC"],
        "CTCAE分级": f"{row['CTCAE grade']}级",
        "是否为严重不良事件": say(row["Serious"]),
        "严重不良事件具体类型": say(row["Reason serious"]),
        "与试验药物的关系": say(row["Relationship"]),
        "对试验药物采取的措施": say(row["Action taken"]),
        "是否给予治疗": say(row["Treatment given"]),
        "转归": say(row["Outcome"]),
        "开始日期": say(row["Start date"]),
        "结束日期": say(row["End date"]),
        "死亡日期": say(row["Date of death"]),
        "是否为DLT": say(row["DLT"]),
    }


def subject_row_zh(row: Row) -> Row:
    say = chinese
    return {
        "受试者编号": row["Subject ID"],
        "剂量组": say(row["Dose group"]),
        "首次给药日期": say(row["First dose"]),
        "末次给药日期": say(row["Last dose"]),
        "输注次数": row["Infusions"],
        "性别": say(row["Sex"]),
        "年龄": row["Age"],
        "末次随访日期": say(row["Last contact"]),
        "是否死亡": say(row["Died"]),
        "死亡日期": say(row["Date of death"]),
        "DLT可评价": say(row["DLT evaluable"]),
    }


def chinese(value: object) -> str | None:
    """A cell as a Chinese hospital writes it."""
    if value is None:
        return None
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "；".join(CHINESE[part] for part in str(value).split("; "))


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


def write_xlsx(path: Path, sheets: dict[str, list[Row]]) -> None:
    """A workbook with fixed properties and times, stored unpacked: same rows, same bytes."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        write_sheet(book.create_sheet(title), rows)
    book.properties.creator = "ae-cli sample"
    book.properties.created = book.properties.modified = STAMP
    packed = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(packed, "w")).save()  # Workbook.save would stamp it anew
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            info.create_system = 0  # or it would tell on which system it was made
            target.writestr(info, source.read(name))


def write_sheet(sheet: Any, rows: list[Row]) -> None:
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    for cell in sheet[1]:
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for index, column in enumerate(sheet.iter_cols(min_row=1), start=1):
        for cell in column[1:]:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
        longest = max(width(cell.value) for cell in column)
        sheet.column_dimensions[get_column_letter(index)].width = min(max(longest + 3, 11), 46)


def width(value: object) -> int:
    """How many places a cell takes; a Chinese character takes two."""
    text = "" if value is None else str(value)[:10] if isinstance(value, date) else str(value)
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def main() -> None:
    dice = Dice(SEED)
    people = participants(dice)
    log = events(people, dice)
    check(people, log)
    by_number = {person.number: person for person in people}
    rows = [event_row(event, by_number[event.participant]) for event in log]
    subjects = [subject_row(person) for person in people]
    rows_zh = [event_row_zh(number, row) for number, row in enumerate(rows, start=1)]
    write_xlsx(FOLDER / "events.xlsx", {"AE log": rows})
    write_csv(FOLDER / "subjects.csv", subjects)
    write_xlsx(
        FOLDER / "events-zh.xlsx",
        {"不良事件": rows_zh, "受试者": [subject_row_zh(row) for row in subjects]},
    )
    lines = [
        (label, f"`{key}`" if key else "", *cells) for key, label, cells in counts(people, log)
    ]
    table = markdown(["", "row", *GROUPS, "Total"], lines)
    fill(FOLDER / "README.md", table)
    print(table)


if __name__ == "__main__":
    main()
