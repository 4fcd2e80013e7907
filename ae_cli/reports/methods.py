"""The statistical methods of a table in words, and the sentence of an abstract; in two languages.

They say what was done with this log, from the same facts that the table's footnotes stand on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Literal

from ae_cli.reports.footnotes import INTERVALS
from ae_cli.reports.group import by_group
from ae_cli.study import Study
from ae_cli.table import Cell, Count, Rate, Share, percent

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Cells = Mapping[str, Cell]  # of Total, by the row's key

IN_CHINESE = {"clopper-pearson": "精确（Clopper-Pearson）"} | {
    name: f" {name.capitalize()} " for name in ("wilson", "jeffreys", "mid-p")
}


def methods(study: Study, language: Language) -> tuple[str, str]:
    """The paragraph of methods, and the sentences of an abstract, of the table by group."""
    cells = {row.key: row.cells[-1] for row in by_group(study)}
    said, told = {"en": (_english, _in_abstract), "zh": (_chinese, _in_chinese_abstract)}[language]
    joint = " " if language == "en" else ""
    return joint.join(said(study)), joint.join(told(study, cells))


def _english(study: Study) -> Iterator[str]:
    config, groups = study.config, study.columns[:-1]
    sizes = "; ".join(f"{c.label}, n = {c.N}" for c in groups if c.N is not None)
    yield (
        f"The analysis is of {_WHO[_population(study)][0]}, by {_BY[_grouping(study)][0]}"
        f"{f' ({sizes})' if sizes else ''}."
    )
    coded = "" if study.ctcae_coded else ", with terms coded in MedDRA"
    yield f"Adverse events were graded by CTCAE version {config.ctcae}{coded}."
    yield _EMERGENT[_emergence(study)][0]
    if days := config.window.days_after_first_dose:
        yield f"Events were counted until {days} days after the first dose."
    if days := config.window.days_after_last_dose:
        yield f"Events were counted until {days} days after the last dose."
    if config.cut_off:
        yield f"The data cut-off was {config.cut_off.isoformat()}."
    yield (
        "Each participant was counted once in a category, whatever the number of events; "
        "denominators are all participants of a group, with or without an event."
    )
    if config.episodes == "joined":
        yield "Records of one event whose grade changed were counted once, at its worst grade."
    if study.has("serious"):
        yield "Seriousness was recorded apart from severity, and is not derived from the grade."
    if study.has("related"):
        answers = ", ".join(str(answer).lower() for answer in config.related.counts)
        yield f"Events were counted as related where the relationship was {answers}."
    if study.choices.ci != "none":
        name = INTERVALS[study.choices.ci]
        yield f"Percentages of participants are given with {name} 95% confidence intervals."
    yield "No hypothesis was tested." if not _tested(study) else _TESTED[0]
    yield f"Tables were made with ae-cli {version('ae-cli')}."


def _chinese(study: Study) -> Iterator[str]:
    config, groups = study.config, study.columns[:-1]
    sizes = "；".join(f"{c.label} {c.N} 例" for c in groups if c.N is not None)
    yield (
        f"分析人群为{_WHO[_population(study)][1]}，按{_BY[_grouping(study)][1]}汇总"
        f"{f'（{sizes}）' if sizes else ''}。"
    )
    coded = "" if study.ctcae_coded else "，不良事件名称采用 MedDRA 编码"
    yield f"不良事件按 CTCAE {config.ctcae} 版分级{coded}。"
    yield _EMERGENT[_emergence(study)][1]
    if days := config.window.days_after_first_dose:
        yield f"统计首次给药后 {days} 天内发生的事件。"
    if days := config.window.days_after_last_dose:
        yield f"统计末次给药后 {days} 天内发生的事件。"
    if config.cut_off:
        yield f"数据截止日期为 {config.cut_off.isoformat()}。"
    yield "同一受试者在同一类别中无论发生多少次事件均只计一次；"
    yield "分母为该组全部受试者，包括未发生不良事件者。"
    if config.episodes == "joined":
        yield "同一事件因级别变化而分多行记录的，合并为一次事件，按最高级别统计。"
    if study.has("serious"):
        yield "严重性单独判定，不由分级推断。"
    if study.has("related"):
        words = "、".join(_RELATED.get(str(a), str(a)) for a in config.related.counts)
        yield f"与研究药物的关系判定为{words}的事件计为相关。"
    if study.choices.ci != "none":
        yield f"受试者百分比给出 95% {IN_CHINESE[study.choices.ci]}置信区间。"
    yield "未进行假设检验。" if not _tested(study) else _TESTED[1]
    yield f"表格由 ae-cli {version('ae-cli')} 生成。"


_WHO = {
    "saffl": ("participants with the safety population flag", "安全性人群（按数据中的标记）"),
    "dosed": ("participants who had a first dose", "至少接受一次给药的受试者"),
    "file": ("all participants of the participant file", "受试者名单中的全部受试者"),
    "given": (
        "the participants of each group, as their numbers were given",
        "各组给定例数的受试者",
    ),
    "log": ("participants with a record in the log of events", "不良事件记录中的受试者"),
}
_BY = {
    "actual_arm": ("the dose group received", "实际接受的剂量组"),
    "arm": ("dose group", "剂量组"),
    "events": ("the dose group in the log of events", "不良事件记录中的剂量组"),
}
_EMERGENT = {
    "flag": (
        "Treatment-emergent events were taken by the flag in the data.",
        "治疗期间不良事件按数据中的标记确定。",
    ),
    "dates": (
        "Treatment-emergent events are those that began on or after the first dose; an onset that "
        "is partial or missing counts unless it is certainly earlier.",
        "治疗期间不良事件指首次给药当日或之后发生的事件；开始日期不完整或缺失的，除非确定早于首次给药，均予计入。",
    ),
    "all": (
        "All events of the log were counted.",
        "统计全部已记录的不良事件。",
    ),
}
_TESTED = (
    "Comparisons between groups are exploratory and not adjusted for their number.",
    "组间比较为探索性分析，未做多重性校正。",
)
_RELATED = {
    "POSSIBLY RELATED": "可能有关", "PROBABLY RELATED": "很可能有关", "RELATED": "有关",
    "DEFINITELY RELATED": "肯定有关", "NOT ASSESSABLE": "无法判定", "UNLIKELY RELATED": "可能无关",
    "NOT RELATED": "无关",
}  # fmt: skip


def _population(study: Study) -> str:
    if study.basis["N"] != "participants":
        return "given" if study.columns[-1].N is not None else "log"
    if study.has("participant.safety"):
        return "saffl"
    return "dosed" if study.has("participant.first_dose") else "file"


def _grouping(study: Study) -> str:
    basis = study.choices.group or study.basis.get("group", "events")
    return basis if basis in _BY else "arm"


def _emergence(study: Study) -> str:
    if study.has("treatment_emergent"):
        return "flag"
    return "dates" if study.has("start", "participant.first_dose") else "all"


def _tested(study: Study) -> bool:
    return bool(study.choices.compare or study.choices.trend)


def _share(cell: Cell | None, form: str = "{n}", of: str = "{n} ({share}%)") -> str | None:
    """`20 (83.3%)`, or the number alone where nobody knows of how many."""
    if not isinstance(cell, Rate):
        return None
    share = percent(cell.n, cell.N)
    return form.format(n=cell.n) if share is None else of.format(n=cell.n, share=share)


def _people(cell: Cell | None) -> str | None:
    """The same in Chinese."""
    return _share(cell, "{n} 例", "{n} 例（{share}%）")


def _in_abstract(study: Study, cells: Cells) -> Iterator[str]:
    """What happened, with the three readings of "grade 1-2" told apart."""
    N = study.columns[-1].N
    of = f"Of {N} participants, " if N is not None else "In all, "
    yield f"{of}{_share(cells['any_ae'])} had an adverse event."
    worst, any_ = _share(cells.get("worst_grade_1_2")), _share(cells.get("any_grade_1_2"))
    share = cells.get("events_grade_1_2_share")
    if worst and any_ and isinstance(share, Share):
        yield (
            f"The worst grade was 1-2 in {worst}; {any_} had at least one event of grade 1-2; and "
            f"{share.events} of {share.of} graded events ({share.percent}%) were of grade 1-2."
        )
    if grave := _share(cells.get("any_grade_3_plus")):
        yield f"Events of grade 3 or more occurred in {grave}."
    if serious := _share(cells.get("any_sae")):
        events = cells.get("events_serious")
        number = f" ({events.events} events)" if isinstance(events, Count) else ""
        yield f"Serious adverse events{number} occurred in {serious}."
    fatal, dead = _share(cells.get("fatal_ae")), _share(cells.get("deaths"))
    if dead:
        known = f"; a fatal event was recorded of {fatal}" if fatal else ""
        yield f"{dead} died, of all causes{known}."
    elif fatal:
        yield f"{fatal} had a fatal event."


def _in_chinese_abstract(study: Study, cells: Cells) -> Iterator[str]:
    N = study.columns[-1].N
    of = f"{N} 例受试者中，" if N is not None else "共"
    yield f"{of}{_people(cells['any_ae'])}发生不良事件。"
    worst, any_ = _people(cells.get("worst_grade_1_2")), _people(cells.get("any_grade_1_2"))
    share = cells.get("events_grade_1_2_share")
    if worst and any_ and isinstance(share, Share):
        yield (
            f"最高级别为 1-2 级者 {worst}；至少发生一次 1-2 级事件者 {any_}；"
            f"已分级的 {share.of} 例次事件中 1-2 级 {share.events} 例次（{share.percent}%）。"
        )
    if grave := _people(cells.get("any_grade_3_plus")):
        yield f"3 级及以上不良事件 {grave}。"
    if serious := _people(cells.get("any_sae")):
        events = cells.get("events_serious")
        number = f"（{events.events} 例次）" if isinstance(events, Count) else ""
        yield f"严重不良事件 {serious}{number}。"
    fatal, dead = _people(cells.get("fatal_ae")), _people(cells.get("deaths"))
    if dead:
        yield f"全因死亡 {dead}，其中有致死性不良事件记录者 {fatal or '不详'}。"
    elif fatal:
        yield f"致死性不良事件 {fatal}。"
