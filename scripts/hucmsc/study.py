"""What is given of the sample study: study.toml, CTCAE, and the tables that tell its story."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
FOLDER = REPO / "samples" / "hucmsc"
STUDY = tomllib.loads((FOLDER / "study.toml").read_text("utf-8"))
GROUPS = [group["name"] for group in STUDY["groups"]]
CUT_OFF: date = STUDY["cut_off"]
WINDOW: int = STUDY["window"]["days_after_first_dose"]
SIX_MONTHS = 183  # days after the first dose
FIRST_WEEK = date(2022, 9, 5)  # a Monday

# Days are study days: day 1 is the day of the first infusion.
EVENTS_PLANNED = (3, 2, 4, 0, 3, 2, 1, 3, 2, 3, 0, 4, 1, 3, 2, 2, 3, 4, 0, 2, 3, 1, 0, 4)
DIED = {3: 62, 7: 133, 10: 97, 14: 154, 21: 337}
LEFT = {20: 431}  # last seen alive; all others were followed for a year and a half
INFUSIONS = {5: (1, 15, 22), 15: (1,), 18: (1, 8)}  # all others: days 1, 8 and 15
NOT_EVALUABLE = {15}  # one infusion by own wish: too few to judge dose-limiting toxicity


def ctcae() -> dict[str, tuple[str, tuple[int, ...]]]:
    """Each term's system organ class and permitted grades."""
    path = REPO / "ae_cli" / "ctcae" / "data" / f"ctcae-{STUDY['ctcae']}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["term"]: (row["soc"], tuple(map(int, row["grades"]))) for row in rows}


TERMS = ctcae()


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
