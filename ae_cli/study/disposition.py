"""What a record of disposition says: a death, the end of the treatment, the end of participation.

Files of disposition differ. The subcategory or the form may say which end is meant (STUDY
TREATMENT, STUDY PARTICIPATION). A file with one record a participant says neither: such a record
stands for both ends, so nobody is asked for a record that the study does not keep.
"""

from __future__ import annotations

from collections.abc import Collection

import narwhals as nw

_DEATH = r"(?i)\bdeath\b|\bdied\b|\bdead\b|\bdeceased\b|死亡|去世"
_SOMEBODY = (
    r"(?:spouse|wife|husband|partner|mother|father|parents?|sons?|daughters?|child|children|"
)
_SOMEBODY += r"siblings?|brother|sister|relatives?|(?:family|household) member|friend|caregiver)"
_NO_DEATH = (
    r"(?i)\bnot\s+(?:(?:known|yet|been|confirmed|to|be|have|due|a)\s+)*(?:death|dead|died|deceased)\b|"
    r"\bno\s+(?:evidence\s+of\s+)?death\b|"
    rf"\bdeath\s+(?:of|in)\s+(?:\S+\s+)?{_SOMEBODY}\b|\b{_SOMEBODY}(?:['’]s)?\s+(?:death|died)\b|"
    r"(?:未|无|非|没有|否认|未见)(?:死亡|去世)|"
    r"(?:家属|亲属|家人|配偶|父亲|母亲|父母|子女|儿子|女儿|丈夫|妻子)的?(?:死亡|去世)"
)
_ADVERSE = (
    r"(?i)\badverse (?:event|reaction|experience)|\btoxicit|\bside effect|"
    r"不良事件|不良反应|毒性"
)
_NOT_ADVERSE = (
    r"(?i)\b(?:no|not|non|without)\b(?:[\s-]+\w+){0,3}?[\s-]+(?:adverse|toxicit|side effect)|"
    r"(?:无|未|非|不是|没有)[^，。；,;]{0,4}(?:不良|毒性)"
)
_DISEASE = r"(?i)\bprogress|\bdisease under study\b|\brelapse|进展|复发"
_COMPLETED = r"(?i)\bcompleted?\b|完成"
_INCOMPLETE = r"(?i)\bnot completed?\b|\bincomplete|未完成|没有完成"
# A record of somebody who stays: seen alive, going on.
_STAYS = r"(?i)\blast contact\b|\balive\b|\bongoing\b|\bcontinu|末次随访|存活|继续"
_STAYS_NOT = (
    r"(?i)\b(?:unable|not|cannot|refus\w*|unwilling|declin\w*|no longer)\b[^,;]{0,20}\bcontinu|"
    r"\bnot\s+(?:\w+\s+)?alive\b|(?:不能|无法|未|不再|拒绝|不愿|不)继续"
)
_MILESTONE = (
    r"(?i)\bconsent (?:was )?(?:obtained|signed|given)\b|\brandomi[sz]ed\b|\benrol|\beligibil|"
    r"签署知情同意|随机|入组"
)
_MILESTONES = r"(?i)\bmilestone|里程碑"
_OTHER_CATEGORY = r"(?i)^\s*other\b"
_TREATMENT = r"(?i)\btreatment|\btx\b|dis[ck]tx|\bdrug\b|\bexposure\b|用药|治疗|给药"
_STUDY = r"(?i)\bstudy\b|\btrial\b|dis[ck]study|stddis[ck]|\bparticipation\b|研究|试验"
_WITHIN = r"(?i)screen|treatment|run-?in|筛选|治疗"  # epochs that others follow


def with_meaning(frame: nw.DataFrame) -> nw.DataFrame:
    """The records with what each says.

    `death`; `adverse` (for an adverse event) and `of_disease`; `concludes` (a last visit, an end,
    completed or not); `ends_treatment` and `ends_study` before completion; `closes` (the
    participation ended, completed or not; only where the record says so).
    """
    has = frame.columns
    says, form = _given(has, "reason", "term"), _given(has, "subcategory", "form", "category")
    death = _any(*(dead(text) for text in says))
    completed = _match(says, _COMPLETED, _INCOMPLETE) & ~death  # of "completed suicide" too
    record = _is_end(has, says)
    treatment = _match(form, _TREATMENT)
    study = _match(form, _STUDY) & ~treatment
    told_apart = treatment.any() if form else nw.lit(False)  # some record is of treatment alone
    left = record & ~completed
    return frame.with_columns(
        death=death,
        adverse=_match(says, _ADVERSE, _NOT_ADVERSE),
        of_disease=_match(says, _DISEASE),
        ends_treatment=left & (treatment | ~study | ~told_apart),
        ends_study=left & ~treatment | death,
        concludes=_concludes(has, says),
        closes=record & ~treatment & (study | ~_match(_given(has, "epoch"), _WITHIN)),
    )


def dead(text: nw.Expr) -> nw.Expr:
    """Whether a text says that the participant died: "not known to be dead" and "death of spouse"
    do not."""
    return _says(text, _DEATH, _NO_DEATH)


def _is_end(columns: Collection[str], says: list[nw.Expr]) -> nw.Expr:
    """Whether a record says that something ended: no milestone, no sign of life, no blank."""
    told = [~c.is_null() for c in (*says, *_given(columns, "subcategory", "form"))]
    return (
        _any(*told)
        & ~_match(_given(columns, "category"), _OTHER_CATEGORY)
        & _concludes(columns, says)
    )


def _concludes(columns: Collection[str], says: list[nw.Expr]) -> nw.Expr:
    """Whether a record is no milestone of somebody who goes on, and no sign of life: a final visit
    is one, too."""
    begun = _match(_given(columns, "category"), _MILESTONES) | _match(says, _MILESTONE)
    return ~begun & ~_match(says, _STAYS, _STAYS_NOT)


def of_participants(rows: nw.DataFrame) -> nw.DataFrame:
    """One row a participant of records `with_meaning`, with the span of the date as `span_*`.

    Dates of death that cannot be the same are no date: `ds_deaths_differ`.
    """
    early, late = nw.col("span_earliest"), nw.col("span_latest")
    death, closes, last = nw.col("death"), nw.col("closes"), nw.col("concludes") | nw.col("death")
    rows = rows.with_columns(
        dead_earliest_=nw.when(death).then(early),
        dead_latest_=nw.when(death).then(late),
        last_earliest_=nw.when(last).then(early),
        last_latest_=nw.when(last).then(late),
        closed_earliest_=nw.when(closes).then(early),
        closed_latest_=nw.when(closes).then(late),
        killed_=death & nw.col("adverse"),
        disease_=death & nw.col("of_disease") & ~nw.col("adverse"),
        stopped_=nw.col("ends_treatment") & (nw.col("adverse") | death),
        why_=nw.when(nw.col("ends_treatment")).then(_reason(rows.columns)),
    )
    found = rows.group_by("subject").agg(
        ds_records=nw.len(),
        ds_last_earliest=nw.col("last_earliest_").max(),
        ds_last_latest=nw.col("last_latest_").max(),
        ds_death=death.any(),
        ds_death_earliest=nw.col("dead_earliest_").max(),
        ds_death_latest=nw.col("dead_latest_").min(),
        ds_death_adverse=nw.col("killed_").any(),
        ds_death_disease=nw.col("disease_").any(),
        ds_left_study=nw.col("ends_study").any(),
        ds_closed_earliest=nw.col("closed_earliest_").max(),
        ds_closed_latest=nw.col("closed_latest_").max(),
        ds_left_treatment=nw.col("ends_treatment").any(),
        ds_treatment_adverse=nw.col("stopped_").any(),
        ds_treatment_reason=nw.col("why_").max(),
    )  # fmt: skip
    differ = (nw.col("ds_death_earliest") > nw.col("ds_death_latest")).fill_null(False)
    one = {f"ds_death_{end}": nw.when(~differ).then(nw.col(f"ds_death_{end}"))
           for end in ("earliest", "latest")}  # fmt: skip
    return found.with_columns(**one, ds_deaths_differ=differ)


def _reason(columns: Collection[str]) -> nw.Expr:
    given = _given(columns, "reason", "term")
    return nw.coalesce(*given) if given else nw.lit(None, nw.String)


def _given(columns: Collection[str], *names: str) -> list[nw.Expr]:
    return [nw.col(name) for name in names if name in columns]


def _match(columns: list[nw.Expr], pattern: str, but: str = "") -> nw.Expr:
    """Whether one of the columns has the pattern, and not the other one."""
    return _any(*(_says(column, pattern, but) for column in columns))


def _says(text: nw.Expr, pattern: str, but: str) -> nw.Expr:
    found = text.str.contains(pattern)
    return found & ~text.str.contains(but) if but else found


def _any(*claims: nw.Expr) -> nw.Expr:
    known = [claim.fill_null(False) for claim in claims]
    return nw.any_horizontal(*known, ignore_nulls=True) if known else nw.lit(False)
