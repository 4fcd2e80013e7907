"""study.toml: what is wrong is said with the entry, what it holds, and a line that is right."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from conftest import Run

from ae_cli.config import Config, load
from ae_cli.config_errors import EXAMPLES
from ae_cli.errors import InputError

RAW = re.compile(r"Input should|Field required|String should|valid (string|dictionary|list)")


def refused(tmp_path: Path, text: str) -> InputError:
    path = tmp_path / "study.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    assert not RAW.search(caught.value.what + caught.value.remedy)
    return caught.value


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('[files]\nctcae = "5.0"', "there is no entry files.ctcae", 'ctcae = "5.0"'),
        ('off = ["XDS-19"]', "there is no entry off", "off = {"),
        ('cut_of = "2025-03-31"', "no entry cut_of", "did you mean cut_off?"),
        ("[rules]\noff = true", "rules.off is true, and should be a table", "off = {"),
        ('[rules]\noff = ["XDS-19"]', "rules.off is a list", "off = {"),
        ('[rules]\noff = {"XDS-19" = true}', "rules.off.XDS-19 is true", "off = {"),
        ('["OWN-01"]\nwhere = "x"', "there is no entry OWN-01", "[[rules.own]]"),
        ('[rules.own]\nid = "OWN-01"', "rules.own is a table", "[[rules.own]]"),
        ('[[rules.own]]\nid = "own 1"', 'rules.own.id (number 1) is "own 1"', 'id = "OWN-01"'),
        ('[[rules.own]]\nid = "OWN-01"', "rules.own.where (number 1) is missing", "where = "),
        ('cut_off = "31.03.2025"', 'cut_off is "31.03.2025", and should be a date', "2025-06-30"),
        ('date_order = "ymd"', "should be 'dmy' or 'mdy'", 'date_order = "dmy"'),
        ("[window]\ndays_after_last_dose = -1", "a number of 0 or more", "_last_dose = 30"),
        ('groups = ["Low"]', 'groups (number 1) is "Low"', "[[groups]]"),
        ('[codes.events]\nserious = "x"', 'codes.events.serious is "x"', '1 = "Y"'),
        ('files = "ae.csv"', 'files is "ae.csv", and should be a table', 'events = "ae.csv"'),
        ("title = true", "title is true, and should be a text", 'title = "Study ABC-1"'),
    ],
)
def test_the_entry_what_it_holds_and_a_line_that_is_right(
    tmp_path: Path, text: str, what: str, line: str
) -> None:
    error = refused(tmp_path, text)
    assert what in error.what
    assert line in error.remedy


@pytest.mark.parametrize("line", EXAMPLES.values())
def test_the_lines_offered_are_right(line: str) -> None:
    Config.model_validate(tomllib.loads(line))


@pytest.mark.parametrize("written", ["2025-03-31", '"2025-03-31"'])
def test_a_date_may_be_a_date_or_a_text(tmp_path: Path, written: str) -> None:
    path = tmp_path / "study.toml"
    path.write_text(f"cut_off = {written}\ntitle = {written}\nctcae = 5.0\n", "utf-8")
    config = load(path)
    assert str(config.cut_off) == config.title == "2025-03-31"
    assert config.ctcae == "5.0"


def test_init_says_what_to_do_where_a_study_toml_is(ae: Run, tmp_path: Path) -> None:
    log = tmp_path / "ae.csv"
    log.write_text("Subject ID,Adverse event,Grade\n1,Nausea,1\n", "utf-8")
    assert ae("init", log).code == 0
    again = ae("init", log)
    assert again.code == 2
    assert "study.toml already exists" in again.err
    assert "--force" in again.err
    assert "ae-cli columns" in again.err
    assert "-o" in again.err
