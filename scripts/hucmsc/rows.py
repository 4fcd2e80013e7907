"""The records of the sample study as rows of a file, in English and in Chinese."""

from __future__ import annotations

from datetime import date

from sample_files import Row

from hucmsc.labs import TESTS as LAB_TESTS
from hucmsc.labs import Result
from hucmsc.study import NOT_EVALUABLE, STUDY, TERMS, Event, Participant

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


def lab_row(result: Result, person: Participant) -> Row:
    return {
        "Subject ID": person.id,
        "Visit": result.visit,
        "Date": person.on(result.day),
        "Test": result.test,
        "Result": result.value,
        "Unit": LAB_TESTS[result.test][0],
        "Lower limit": result.lower,
        "Upper limit": result.upper,
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
