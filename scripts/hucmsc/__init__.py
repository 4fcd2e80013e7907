"""The sample study in samples/hucmsc: what is written down, what is drawn, and its files.

    study.py    what is given: study.toml, the tables of the story, Participant and Event
    drawn.py    the ordinary rest, drawn by seeded dice
    checks.py   what must be true of the study, or it is not written
    counts.py   the numbers that a program must find in it
    labs.py     the laboratory results: what the story needs of them, and the rest drawn
    grades.py, lab_counts.py   their grades, and the numbers that a program must find in them
    rows.py     its records as rows of a file, in English and in Chinese

A file more is a module more. It draws from dice of its own, so that what is there stays as it is.
"""
