"""Make the sample study in samples/hucmsc: invented records, the same bytes at every run.

    python scripts/make_samples.py

Writes events.xlsx, subjects.csv and labs.csv, the same study as a Chinese hospital log
(events-zh.xlsx), and the counts in README.md; prints those counts. Groups, window and cut-off are
read from study.toml, system organ classes and permitted grades from the package's CTCAE table.
What matters to the story (serious events, deaths, events that changed dosing) is written down in
the tables of hucmsc/study.py, and what the laboratory found of it in hucmsc/labs.py; seeded dice
fill in the ordinary rest.
"""

from __future__ import annotations

from hucmsc.checks import check, check_labs
from hucmsc.counts import table
from hucmsc.drawn import SEED, Dice, events, participants
from hucmsc.lab_counts import lab_table
from hucmsc.labs import results
from hucmsc.rows import event_row, event_row_zh, lab_row, subject_row, subject_row_zh
from hucmsc.study import FOLDER
from sample_files import fill, write_csv, write_xlsx


def main() -> None:
    dice = Dice(SEED)
    people = participants(dice)
    log = events(people, dice)
    labs = results(people, log)
    check(people, log)
    check_labs(people, log, labs)
    by_number = {person.number: person for person in people}
    rows = [event_row(event, by_number[event.participant]) for event in log]
    subjects = [subject_row(person) for person in people]
    rows_zh = [event_row_zh(number, row) for number, row in enumerate(rows, start=1)]
    write_xlsx(FOLDER / "events.xlsx", {"AE log": rows})
    write_csv(FOLDER / "subjects.csv", subjects)
    write_csv(FOLDER / "labs.csv", [lab_row(r, by_number[r.participant]) for r in labs])
    write_xlsx(
        FOLDER / "events-zh.xlsx",
        {"不良事件": rows_zh, "受试者": [subject_row_zh(row) for row in subjects]},
    )
    counted = table(people, log), lab_table(people, labs)
    fill(FOLDER / "README.md", *counted)
    print(*counted, sep="\n\n")


if __name__ == "__main__":
    main()
