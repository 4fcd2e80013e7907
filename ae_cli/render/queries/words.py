"""The words of a query log, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ae_cli.findings import Severity


class State(StrEnum):
    """What became of a finding from one run to the next."""

    NEW = "new"
    OPEN = "open"
    RESOLVED = "resolved"
    REOPENED = "reopened"


# Each column: its width, its header in English and in Chinese; and whether ae-cli writes it.
_COLUMNS: dict[str, tuple[float, str, str, bool]] = {
    "state": (11, "State", "质疑状态", True),
    "severity": (10, "Severity", "级别", True),
    "site": (10, "Site", "研究中心", True),
    "subject": (14, "Participant", "受试者", True),
    "row": (7, "Row", "行号", True),
    "term": (22, "Term", "不良事件", True),
    "question": (56, "Question", "质疑内容", True),
    "columns": (18, "Columns", "相关列", True),
    "values": (20, "Values", "现有内容", True),
    "answer": (36, "Answer", "答复", False),
    "status": (12, "Status", "处理情况", False),
    "owner": (12, "Owner", "负责人", False),
    "first": (12, "First seen", "首次发现", True),
    "last": (12, "Last seen", "最近发现", True),
    "rule": (12, "Rule", "规则", True),
    "file": (20, "File", "文件", True),
    "sheet": (12, "Sheet", "工作表", True),
    "key": (16, "Key", "质疑编号", True),
}
WIDTHS = {name: width for name, (width, *_) in _COLUMNS.items()}
OURS = tuple(name for name, (*_, ours) in _COLUMNS.items() if ours)

HEADERS: Mapping[str, Mapping[str, str]] = {
    "en": {name: english for name, (_, english, _, _) in _COLUMNS.items()},
    "zh": {name: chinese for name, (_, _, chinese, _) in _COLUMNS.items()},
}
STATES: Mapping[str, Mapping[State, str]] = {
    "en": {state: state.value.capitalize() for state in State},
    "zh": {State.NEW: "新增", State.OPEN: "未解决", State.RESOLVED: "已解决",
           State.REOPENED: "再次出现"},
}  # fmt: skip
SEVERITIES: Mapping[str, Mapping[Severity, str]] = {
    "en": {severity: severity.value for severity in Severity},
    "zh": {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"},
}
STATUSES = {"en": ("Sent", "Answered", "Closed"), "zh": ("已发出", "已答复", "已关闭")}
SHEET = {"en": "Queries", "zh": "质疑表"}
BLANK = {"en": "(blank)", "zh": "（空白）"}
TYPED = {"en": "written here before {day}: {text}", "zh": "{day}之前此处填写：{text}"}
REST = {"en": " … [{n:,} characters in all]", "zh": " …［共 {n:,} 个字符］"}
