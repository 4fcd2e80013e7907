"""Values as people write them: grades, codes, words of closed lists, blanks, dose groups."""

from __future__ import annotations

import itertools

from corpus.base import EN, END, GROUPS, LAST, PEOPLE, START, edited, headed, lines, listed, mapped
from corpus.case import Expected, Given, error, finding, same, series
from corpus.write import csv_bytes

GRADES, CODES, ARMS = "Grades", "Codes", "Dose groups"
GRADE = "CTCAE grade"

SPELLED = {
    "with a point": ("1.0", "2.0", "3.0", "4.0", "5.0"),
    "in words": tuple(f"Grade {n}" for n in range(1, 6)),
    "with a letter": tuple(f"G{n}" for n in range(1, 6)),
    "with CTCAE": tuple(f"CTCAE grade {n}" for n in range(1, 6)),
    "in Roman letters": ("I", "II", "III", "IV", "V"),
    "in Roman signs": ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ"),
    "in Chinese with digits": tuple(f"{n}级" for n in range(1, 6)),
    "in Chinese with numerals": ("一级", "二级", "三级", "四级", "五级"),
    "in Roman signs with the Chinese word": ("Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级", "Ⅴ级"),
    "in full-width digits": ("１", "２", "３", "４", "５"),
    "with spaces around": (" 1", "2 ", " 3 ", "\t4", "5\u3000"),
}  # fmt: skip
for _name, _words in SPELLED.items():
    series(
        finding(GRADES, Expected("AE-TYP-04", rows=(3,)), like=EN)
        if _name == "with spaces around"
        else same(GRADES),
        f"grades {_name}", f"Grades {_name}, such as {_words[2].strip()}.",
        lambda words=_words: csv_bytes(mapped(EN, GRADE, lambda n: words[int(n) - 1])),
    )  # fmt: skip

MANY = ("2-3", "1级->2级", "Grade 1/2", "2～3", "Ⅱ至Ⅲ级", "1→2→1", "G1 to G2", "1, 2")
NO_GRADES = ("6", "2.5", "mild", "3?", "-1", "12", "2 3", "三到", "1O", "０．５", "轻度", "Severe",
             "Life threatening", "2024-02-03", "3*", "3级以上", "≥3", "<2")  # fmt: skip


@finding(GRADES, Expected("AE-CTC-08", rows=lines(MANY)), others=True,
         like=listed(GRADE, [""] * len(MANY)))  # fmt: skip
def grades_that_are_several() -> bytes:
    """Ranges and changes of grades: one record has one grade."""
    return csv_bytes(listed(GRADE, MANY))


@finding(GRADES, Expected("AE-CTC-01", rows=lines(NO_GRADES)), others=True,
         like=listed(GRADE, [""] * len(NO_GRADES)))  # fmt: skip
def grades_that_are_none() -> bytes:
    """Numbers outside 1 to 5, words of severity, doubts and bounds are no grades."""
    return csv_bytes(listed(GRADE, NO_GRADES))


BLANKS = ("NA", "N/A", "n.a.", ".", "-", "—", "^", "null", "  ", "UNK", "未知", "ND", "NaN", "/",
          "Not done", "不详")  # fmt: skip
for _header in (GRADE, START, END, "Serious"):
    series(
        finding("Values", others=True, like=listed(_header, [""] * len(BLANKS))),
        f"blanks of {_header.lower()}", f"{_header} holds {', '.join(BLANKS)}: nothing is known.",
        lambda header=_header: csv_bytes(listed(header, BLANKS)),
    )  # fmt: skip

YES = {"Yes": "No", "yes": "no", "TRUE": "FALSE", "是": "否", "有": "无", "√": "×", "SAE": "AE",
       "Serious": "Not serious", "严重": "非严重", "Ｙ": "Ｎ"}  # fmt: skip
for _yes, _no in YES.items():
    series(
        same("Values"), f"serious as {_yes} and {_no}", f"Serious is answered {_yes} or {_no}.",
        lambda yes=_yes, no=_no: csv_bytes(
            mapped(EN, "Serious", lambda v: yes if v == "Y" else no)),
    )  # fmt: skip

WORDS = {
    "Causality": {
        "Not related": "NONE", "Unlikely related": "REMOTE", "Possibly related": "POSSIBLE",
        "Probably related": "Likely", "Definitely related": "Certain",
    },
    "Outcome": {
        "Recovered": "Resolved without Sequelae", "Fatal": "Death",
        "Not recovered": "Condition still present and unchanged",
    },
    "Action taken": {
        "Dose not changed": "None", "Dose reduced": "reduced", "Drug interrupted": "Held",
        "Drug withdrawn": "Permanently discontinued",
    },
}  # fmt: skip
HAN = {
    "Causality": {
        "Not related": "肯定无关", "Unlikely related": "可能无关", "Possibly related": "可能有关",
        "Probably related": "极可能有关", "Definitely related": "肯定有关",
    },
    "Outcome": {"Recovered": "痊愈（无后遗症）", "Fatal": "致死", "Not recovered": "未好转/持续"},
    "Action taken": {
        "Dose not changed": "剂量不变", "Dose reduced": "减量", "Drug interrupted": "暂停用药",
        "Drug withdrawn": "永久停药",
    },
}  # fmt: skip
for _language, _table in {"English": WORDS, "Chinese": HAN}.items():
    for _header, _spelled in _table.items():
        series(
            same("Values", said=("=",)), f"{_header.lower()} in other {_language} words",
            f"{_header} in other {_language} words: {', '.join(_spelled.values())}.",
            lambda header=_header, spelled=_spelled: csv_bytes(
                mapped(EN, header, spelled.__getitem__)),
        )  # fmt: skip

# What value to read, and how it is spelled in practice.
PRACTICE = {
    "Causality": {
        "Not related": "肯定无关|无关|无关联|Unrelated|NONE|NOT RELATED",
        "Unlikely related": "可能无关|Unlikely|REMOTE|UNLIKELY RELATED|不太可能有关",
        "Possibly related": "可能有关|Possible|POSSIBLE|POSSIBLY RELATED",
        "Probably related": "很可能有关|极可能有关|Probable|PROBABLE",
        "Definitely related": "肯定有关|Definite|Certain",
        "Related": "有关|RELATED",
        "Not assessable": "无法判定|Unclassifiable",
    },
    "Outcome": {
        "Recovered": "痊愈|痊愈（无后遗症）|恢复/解决|Completely recovered|Complete recovery|"
                     "Resolved without Sequelae|Recovered",
        "Recovering": "好转/缓解|恢复中|Condition improving|Condition Improving",
        "Not recovered": "未好转/持续|未恢复/未解决|持续|症状持续|Condition worsening|"
                         "Condition still present and unchanged",
        "Recovered with sequelae": "痊愈伴后遗症|恢复/解决有后遗症|Resolved with Sequelae",
        "Unknown": "未知|Don't Know|Unknown/lost to follow-up|Lost to follow-up",
        "Fatal": "致死|死亡",
    },
    "Action taken": {
        "Dose not changed": "剂量不变", "Dose increased": "增加剂量", "Dose reduced": "减少剂量",
        "Drug interrupted": "暂停用药", "Drug withdrawn": "停止用药",
        "Not applicable": "已结束用药|不适用",
    },
}  # fmt: skip
for _header, _table in PRACTICE.items():
    _pairs = [(word, text) for word, texts in _table.items() for text in texts.split("|")]
    series(
        finding("Values", like=listed(_header, [word for word, _ in _pairs]), others=True),
        f"{_header.lower()} as in practice", f"{_header} is spelled in {len(_pairs)} ways.",
        lambda header=_header, pairs=_pairs: csv_bytes(listed(header, [t for _, t in pairs])),
    )  # fmt: skip

ODD = {
    ("Causality", "AE-COD-14"): ("maybe", "可能无关?", "related / not related", "可能有关□ 无关□",
                                 "1", "有关？", "yes/no"),
    ("Outcome", "AE-COD-12"): ("went home", "症状消失(后遗症 □有 □无)", "recovered?", "1",
                               "Recovered / Fatal", "出院"),
    ("Action taken", "AE-COD-13"): ("called the doctor", "减量/停药", "2", "换药"),
    ("Serious", "AE-COD-01"): ("perhaps", "是/否", "Y/N", "1", "0", "3", "是□ 否□"),
}  # fmt: skip
for (_header, _rule), _texts in ODD.items():
    series(
        finding("Values", Expected(_rule, rows=lines(_texts)), others=True,
                like=listed(_header, [""] * len(_texts))),
        f"{_header.lower()} that is none", f"{_header} holds what is nothing or two things.",
        lambda header=_header, texts=_texts: csv_bytes(listed(header, texts)),
    )  # fmt: skip

# Codes

NUMBERS = {"Y": "1", "N": "2"}
for _name, _header in {
    "in English": "SAE (1=Yes, 2=No)",
    "in Chinese": "是否SAE（1是 2否）",
}.items():
    series(
        same(CODES), f"codes that the header explains {_name}",
        f"Serious is 1 or 2 under the header {_header}.",
        lambda header=_header: csv_bytes(
            headed(mapped(EN, "Serious", NUMBERS.__getitem__), serious=header)),
    )  # fmt: skip


@same(CODES)
def codes_the_other_way_round() -> bytes:
    """The header says that 1 is no and 2 is yes."""
    turned = mapped(EN, "Serious", {"Y": "2", "N": "1"}.__getitem__)
    return csv_bytes(headed(turned, serious="Serious (1=No, 2=Yes)"))


@same(CODES)
def codes_by_study_toml() -> Given:
    """Serious is 1 or 0, and study.toml says which is which."""
    rows = mapped(EN, "Serious", {"Y": "1", "N": "0"}.__getitem__)
    return Given({"ae.csv": csv_bytes(rows)},
                 config={"codes": {"events": {"serious": {"1": "Y", "0": "N"}}}})  # fmt: skip


@finding(CODES, Expected("AE-COD-01", count=LAST - 1), others=True)
def codes_that_nothing_explains() -> bytes:
    """Serious is 1 or 2, and nothing says which is which."""
    return csv_bytes(mapped(EN, "Serious", NUMBERS.__getitem__))


@same(GRADES, like=EN)
def severity_that_holds_grades() -> bytes:
    """The column of grades is headed Severity."""
    return csv_bytes(headed(EN, ctcae="Severity"))


@same("Values")
def severity_that_holds_ae_or_sae() -> bytes:
    """A column headed Severity holds AE and SAE: it asks whether the event is serious."""
    rows = mapped(EN, "Serious", {"Y": "SAE", "N": "AE"}.__getitem__)
    return csv_bytes(headed(rows, serious="Severity"))


@same("Values")
def severity_in_chinese_that_holds_yes_or_no() -> bytes:
    """A column headed 严重程度 holds 是 and 否: it asks whether the event is serious."""
    rows = mapped(EN, "Serious", {"Y": "是", "N": "否"}.__getitem__)
    return csv_bytes(headed(rows, serious="严重程度"))


@error("Values", "Severity")
def severity_that_could_be_several_things() -> bytes:
    """A column headed Severity holds words of no list."""
    rows = mapped(EN, "CTCAE grade", lambda n: {"1": "slight", "2": "some"}.get(n, "bad"))
    return csv_bytes(headed(rows, ctcae="Severity"))


# Dose groups


@finding(ARMS, Expected("AE-TYP-04", count=1), said=("=",), like=EN)
def groups_in_other_capitals() -> bytes:
    """Dose groups differ in capitals, spaces and width."""
    ways = itertools.cycle((str.upper, str.lower, " {}".format, "{}  ".format))

    def written(arm: str) -> str:
        return next(ways)(arm)

    return csv_bytes(mapped(EN, "Dose group", written))


@finding(ARMS, Expected("AE-XDS-43", rows=(2,)), others=True, like=EN)
def a_group_that_the_participants_do_not_have() -> bytes:
    """An event names another dose group than the participant file."""
    other = next(name for name in GROUPS if name != EN[1][1])
    return csv_bytes(edited(EN, {(2, "Dose group"): other}))


@finding(ARMS, Expected("AE-XDS-03"), others=True)
def a_participant_without_a_group() -> Given:
    """A participant has no dose group: it stays in the table, in a column of its own."""
    people = [PEOPLE[0], (PEOPLE[1][0], "", *PEOPLE[1][2:]), *PEOPLE[2:]]
    return Given({"ae.csv": csv_bytes(EN), "people.csv": csv_bytes(people)})
