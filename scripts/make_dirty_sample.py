"""Make samples/dirty: a log under SDTM headers in which nearly every row breaks a rule.

    python scripts/make_dirty_sample.py

Writes events.csv, subjects.csv, the findings to be expected (expected.csv) and the same as a
table in README.md. Each row of ROWS says what differs from a clean record, and what a reader
should be told about it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sample_files import fill, markdown, write_csv

FOLDER = Path(__file__).resolve().parents[1] / "samples" / "dirty"

CRITERIA = ("AESCAN", "AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESOD", "AESMIE")
GASTRIC = "Gastrointestinal disorders"

CLEAN = {
    "STUDYID": "DIRTY",
    "DOMAIN": "AE",
    "USUBJID": "",
    "AESEQ": "",
    "AETERM": "Nausea",
    "AEDECOD": "",  # as AETERM unless said otherwise
    "AEBODSYS": GASTRIC,
    "AETOXGR": "1",
    "AESEV": "MILD",
    "AESER": "N",
    **dict.fromkeys(CRITERIA, "N"),
    "AEREL": "NOT RELATED",
    "AEACN": "DOSE NOT CHANGED",
    "AECONTRT": "N",
    "AEOUT": "RECOVERED/RESOLVED",
    "AESTDTC": "",
    "AEENDTC": "",
    "AEENRTPT": "",
    "AESTDY": "",
    "AEENDY": "",
    "EPOCH": "TREATMENT",
    "AEDTHDTC": "",
}

MODERATE = {"AETOXGR": "2", "AESEV": "MODERATE"}
SEVERE = {"AETOXGR": "3", "AESEV": "SEVERE"}
HOSPITAL = {"AESER": "Y", "AESHOSP": "Y"}
OPEN = {"AEOUT": "NOT RECOVERED/NOT RESOLVED", "AEENDTC": ""}
FEVER = {"AETERM": "Fever", "AEBODSYS": "General disorders and administration site conditions"}
SEPSIS = {"AETERM": "Sepsis", "AEBODSYS": "Infections and infestations"}
EYE_OTHER = {"AETERM": "Eye disorders - Other, specify", "AEBODSYS": "Eye disorders"}
ALOPECIA = {"AETERM": "Alopecia", "AEBODSYS": "Skin and subcutaneous tissue disorders"}


def died(on: str, **differences: str) -> dict[str, str]:
    """A clean fatal event, but for the differences."""
    return SEPSIS | {
        "AETOXGR": "5", "AESEV": "SEVERE", "AESER": "Y", "AESDTH": "Y", "AEOUT": "FATAL",
        "AEENDTC": on, "AEDTHDTC": on,
    } | differences  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row of the log: whose, its dates, how it differs, what is wrong, which rules say so.

    `may` are rules that could say so too: where the catalogue leaves that open.
    """

    subject: int
    start: str
    end: str = ""
    differs: dict[str, str] = field(default_factory=dict)
    wrong: str = ""
    rules: str = ""
    may: str = ""


# fmt: off
ROWS = (
    Line(1, "2024-01-10", "2024-01-12"),
    Line(1, "2024-01-15", "2024-01-16", {"USUBJID": ""}, "no participant", "REQ-01"),
    Line(1, "2024-01-18", "2024-01-19", {"AETERM": "", "AEDECOD": "Nausea"},
         "no reported term", "REQ-02"),
    Line(1, "2024-01-22", "2024-01-23", {"AETOXGR": ""},
         "no grade, only a severity", "REQ-08"),
    Line(1, "2024-01-25", "2024-01-26", {"AESER": ""}, "serious or not: no answer", "REQ-09"),
    Line(1, "12 Mar 2024", "2024-03-14", {},
         "a date that can be understood but is not ISO 8601", "TYP-01"),
    Line(1, "2024-02-30", "", OPEN, "a day that does not exist", "TYP-01"),
    Line(1, "2024-02-05", "2024-02-06", MODERATE | {"AETOXGR": "Grade 2"},
         "a grade with a word", "TYP-02"),
    Line(1, "2024-02-12", "2024-02-13",
         dict.fromkeys(("AESER", *CRITERIA, "AECONTRT"), "No"),
         "every N written as No", " ".join(f"COD-{n:02}" for n in range(1, 11))),
    Line(1, "2024-02-19", "", OPEN | {"AEOUT": "Same as before"},
         "an outcome nobody can read", "COD-12"),
    Line(1, "2024-02-26", "2024-02-27", {"AEOUT": "Recovered", "AEACN": "None"},
         "outcome and action in other words than CDISC's", "COD-12 COD-13"),
    Line(1, "2024-03-04", "2024-03-05", {"AEOUT": "Recovered/Resolved"},
         "CDISC's word, but for capitals", "COD-15", may="COD-12"),
    Line(1, "2024-03-11", "2024-03-12", {"AETERM": "OTHER"},
         "a term that says nothing", "COD-17", may="CTC-02"),

    Line(2, "2024-01-11", "2024-01-15", FEVER | SEVERE | {"AESHOSP": "Y"},
         "in hospital, yet not serious", "XFD-01"),
    Line(2, "2024-01-18", "2024-01-20", FEVER | SEVERE | {"AESER": "Y"},
         "serious, and no reason given", "XFD-02"),
    Line(2, "2024-01-25", "", SEPSIS | {
         "AETOXGR": "5", "AESEV": "SEVERE", **HOSPITAL, "AEOUT": "UNKNOWN"},
         "grade 5, but neither outcome nor criterion is death", "XFD-05"),
    Line(2, "2024-02-01", "2024-02-03", {"AEDTHDTC": "2024-05-02"},
         "recovered, with a date of death", "XFD-09 XFD-10"),
    Line(2, "2024-02-08", "2024-02-10", OPEN | {"AEENDTC": "2024-02-10"},
         "not recovered, with an end date", "XFD-12"),
    Line(2, "2024-02-15", "", {}, "recovered, no end date", "XFD-13"),
    Line(2, "2024-02-22", "2024-02-20", {}, "ends before it starts", "XFD-16"),
    Line(2, "2024-02-29", "2024-03-01", {"AESEV": "SEVERE"},
         "grade 1 and severe", "XFD-32"),
    Line(2, "2024-03-07", "2024-03-09", FEVER | MODERATE | {"AESER": "Y", "AESLIFE": "Y"},
         "life-threatening at grade 2", "XFD-33"),
    Line(2, "2024-03-14", "2024-03-16", FEVER | SEVERE | {"AETOXGR": "4"},
         "grade 4, not serious: a clinical term", "XFD-34"),
    Line(2, "2024-03-21", "2024-03-28", SEVERE | {
         "AETOXGR": "4", "AETERM": "Platelet count decreased", "AEBODSYS": "Investigations"},
         "grade 4, not serious: a laboratory term", "XFD-34"),
    Line(2, "2024-04-04", "2024-04-06", HOSPITAL, "in hospital for grade 1", "XFD-35"),
    Line(2, "2024-04-11", "2024-04-13",
         {"AEOUT": "RECOVERING/RESOLVING", "AEENRTPT": "ONGOING"},
         "ongoing, with an end date", "XFD-14 XFD-36"),

    Line(3, "2024-01-12", "2024-01-13"),
    Line(3, "2024-01-19", "2024-01-20", {"AESEQ": "1"},
         "the sequence number of the row above", "XRC-01"),
    Line(3, "2024-01-26", "2024-01-27"),
    Line(3, "2024-01-26", "2024-01-27", {}, "the row above once more", "XRC-02"),
    Line(3, "2024-07-15", "", OPEN, "begins after the cut-off", "TIM-10 XDS-14"),
    Line(3, "2024-02-02", "2024-02-03", {"AETOXGR": "6"}, "no such grade", "CTC-01"),
    Line(3, "2024-02-09", "2024-02-10", {"AETOXGR": "0", "AESEV": ""},
         "grade 0 is not an event", "CTC-01"),
    Line(3, "2024-02-16", "2024-02-17", {"AETERM": "Nausia"},
         "not a CTCAE term: misspelled", "CTC-02"),
    Line(3, "2024-02-23", "2024-02-25", {"AETOXGR": "4", "AESEV": "SEVERE", **HOSPITAL},
         "nausea has no grade 4", "CTC-03"),
    Line(3, "2024-03-01", "2024-03-02", MODERATE | {
         "AETERM": "Syncope", "AEBODSYS": "Nervous system disorders"},
         "syncope is grade 3 or nothing", "CTC-05"),
    Line(3, "2024-03-08", "2024-03-09", EYE_OTHER, "other: what?", "CTC-06"),
    Line(3, "2024-03-15", "2024-03-16", MODERATE | {"AETOXGR": "2-3"},
         "two grades in one cell", "CTC-08", may="TYP-02"),
    Line(3, "2024-03-22", "2024-03-23", {"AEBODSYS": "Eye disorders"},
         "nausea is not of the eye", "CTC-10"),
    Line(3, "2024-03-29", "2024-03-30", {"AETERM": "Nausea and vomiting"},
         "two events in one term, and so not a CTCAE term", "PLA-02 CTC-02"),
    Line(3, "2024-04-05", "2024-04-06", MODERATE | {"AETERM": "Grade 2 nausea"},
         "a grade in the term, and so not a CTCAE term", "PLA-04 CTC-02"),

    Line(4, "2024-02-20", "", died("2024-03-01", AETOXGR="4", AESDTH="N", AESLIFE="Y",
         AEDTHDTC=""), "fatal at grade 4, and death is not the criterion", "XFD-03 XFD-06"),
    Line(5, "2024-03-20", "", SEVERE | SEPSIS | {
         "AESER": "Y", "AESDTH": "Y", "AEOUT": "UNKNOWN"},
         "results in death, outcome unknown", "XFD-04"),
    Line(6, "2024-03-25", "", died("2024-04-02", AESER="N"),
         "results in death, yet not serious", "XFD-01 XFD-07"),
    Line(6, "2024-04-09", "", OPEN, "begins a week after death", "XDS-15"),
    Line(7, "2024-03-27", "", died("", AEENDTC="2024-04-05"),
         "fatal, and no date of death anywhere", "XFD-08 XFD-10", may="XFD-05"),
    Line(8, "2024-04-01", "", died("2024-04-15") | ALOPECIA,
         "nobody dies of alopecia: it has no grade 5", "CTC-04"),
    Line(9, "2024-05-02", "", died("2024-05-10"), "dies two days earlier than in the other file",
         "XDS-09"),
    Line(9, "2024-05-03", "", died("2024-05-12", AETERM="Hepatic failure",
         AEBODSYS="Hepatobiliary disorders"),
         "a second death of one participant, on another day", "XRC-08 XRC-10"),
    Line(10, "2024-05-20", "", died("2024-05-18", AEENDTC=""),
         "the fatal event begins after the death", "TIM-09"),

    Line(11, "2024-01-16", "2024-01-17"),
    Line(13, "2024-01-17", "2024-01-18"),
    Line(14, "2024-01-18", "2024-01-19"),
    Line(15, "2024-01-23", "2024-01-24"),
    Line(99, "2024-01-24", "2024-01-25", {}, "a participant the other file does not know",
         "XDS-01"),
)
# fmt: on

# Participants: dose group and, where they died, the day ("?" is not known).
SUBJECTS = ("Low", "Low", "Medium", "Medium", "Medium", "High", "High", "High", "Low", "Medium",
            "High", "High", "", "Low", "High", "High")  # fmt: skip
NUMBERS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15)
DIED = {
    4: "2024-03-01", 5: "2024-04-01", 6: "2024-04-02", 7: "?", 8: "2024-04-15", 9: "2024-05-12",
    10: "2024-05-18", 11: "2024-04-20",
}  # fmt: skip
SUBJECTS_WRONG = {
    7: ("died, and no date of death", "XDS-22"),
    11: ("died, and no event was fatal", "XDS-07"),
    12: ("treated, no event: for information", "XDS-19"),
    13: ("no dose group", "XDS-03"),
    14: ("planned and received dose differ", "XDS-04"),
    15: ("in the file twice", "XDS-02"),
}


def event_rows() -> list[dict[str, str]]:
    """The log. Sequence numbers count within a participant, where none is given."""
    rows, seen = [], Counter[int]()
    for line in ROWS:
        seen[line.subject] += 1
        row = CLEAN | {
            "USUBJID": subject_id(line.subject), "AESEQ": str(seen[line.subject]),
            "AESTDTC": line.start, "AEENDTC": line.end,
        } | line.differs  # fmt: skip
        rows.append(row | {"AEDECOD": row["AEDECOD"] or row["AETERM"]})
    return rows


def subject_rows() -> list[dict[str, str]]:
    return [
        {
            "STUDYID": "DIRTY",
            "USUBJID": subject_id(number),
            "ARM": arm,
            "ACTARM": "Medium" if number == 14 else arm,
            "SEX": "FM"[number % 2],
            "AGE": str(40 + number),
            "RFXSTDTC": "2024-01-08",
            "RFXENDTC": "2024-01-22",
            "RFPENDTC": DIED.get(number, "2024-06-28").replace("?", "2024-04-05"),
            "DTHFL": "Y" if number in DIED else "",
            "DTHDTC": DIED.get(number, "").strip("?"),
        }
        for number, arm in zip(NUMBERS, SUBJECTS, strict=True)
    ]


def subject_id(number: int) -> str:
    return f"DRT-{number:02}"


def expected() -> list[dict[str, str]]:
    """File, row, rule, whether it must be found, and why. Rows are those a person sees.

    A finding across rows may stand at any of those named.
    """
    found = [
        finding("events.csv", rows_of(number, line), rule, must, line.wrong)
        for number, line in enumerate(ROWS, start=2)
        for must, rules in (("yes", line.rules), ("may", line.may))
        for rule in rules.split()
    ]
    for number, (wrong, rule) in SUBJECTS_WRONG.items():
        rows = [row for row, n in enumerate(NUMBERS, start=2) if n == number]
        found.append(finding("subjects.csv", rows, rule, "yes", wrong))
    return found


def rows_of(number: int, line: Line) -> list[int]:
    return [number - 1, number] if "XRC" in line.rules else [number]


def finding(file: str, rows: list[int], rule: str, must: str, wrong: str) -> dict[str, str]:
    row = " ".join(map(str, rows))
    return {"file": file, "row": row, "rule": f"AE-{rule}", "must": must, "wrong": wrong}


def table(findings: list[dict[str, str]]) -> str:
    """The findings, a line a row of the file."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for f in findings:
        rule = f["rule"] if f["must"] == "yes" else f"({f['rule']})"
        lines.setdefault((f["file"], f["row"].replace(" ", ", "), f["wrong"]), []).append(rule)
    return markdown(
        ("file", "row", "what is wrong", "rule"),
        [(*key, " ".join(rules)) for key, rules in lines.items()],
    )


def main() -> None:
    findings = expected()
    write_csv(FOLDER / "events.csv", event_rows())
    write_csv(FOLDER / "subjects.csv", subject_rows())
    write_csv(FOLDER / "expected.csv", findings)
    fill(FOLDER / "README.md", table(findings))
    rules = {f["rule"] for f in findings if f["must"] == "yes"}
    print(f"{len(ROWS)} events, {len(NUMBERS)} participant rows, {len(rules)} rules broken:")
    print(" ".join(sorted(rules)))


if __name__ == "__main__":
    main()
