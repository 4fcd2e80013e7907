"""What a record of disposition says: a death, the end of the treatment, the end of participation.

Files of disposition differ. The subcategory or the form may say which end is meant (STUDY
TREATMENT, STUDY PARTICIPATION). A file with one record a participant says neither: such a record
stands for both ends, so nobody is asked for a record that the study does not keep.
"""

from __future__ import annotations

from collections.abc import Collection

import narwhals as nw

_DEATH = r"(?i)\bdeath\b|\bdied\b|\bdead\b|\bdeceased\b|死亡|去世"
_ADVERSE = (
    r"(?i)\badverse (?:event|reaction|experience)|\btoxicit|\bside effect|"
    r"不良事件|不良反应|毒性"
)
_DISEASE = r"(?i)\bprogress|\bdisease under study\b|\brelapse|进展|复发"
_COMPLETED = r"(?i)\bcompleted?\b|完成"
_INCOMPLETE = r"(?i)\bnot completed?\b|\bincomplete|未完成|没有完成"
# A record of somebody who stays: seen alive, going on.
_STAYS = r"(?i)\blast contact\b|\balive\b|\bongoing\b|\bcontinu|末次随访|存活|继续"
_MILESTONE = (
    r"(?i)\bconsent (?:was )?(?:obtained|signed|given)\b|\brandomi[sz]ed\b|\benrol|\beligibil|"
    r"签署知情同意|随机|入组"
)
_OTHER_CATEGORY = r"(?i)\bmilestone|^\s*other\b|里程碑"
_TREATMENT = r"(?i)\btreatment|\btx\b|dis[ck]tx|\bdrug\b|\bexposure\b|用药|治疗|给药"
_STUDY = r"(?i)\bstudy\b|\btrial\b|dis[ck]study|stddis[ck]|\bparticipation\b|研究|试验"
_WITHIN = r"(?i)screen|treatment|run-?in|筛选|治疗"  # epochs that others follow


def with_meaning(frame: nw.DataFrame) -> nw.DataFrame:
    """The records with what each says.

    `death`; `adverse` (for an adverse event) and `of_disease`; `ends_treatment` and `ends_study`
    before completion; `closes` (the participation ended, completed or not; only where the record
    says so).
    """
    has = frame.columns
    says, form = _given(has, "reason", "term"), _given(has, "subcategory", "form", "category")
    death, completed = _match(says, _DEATH), _match(says, _COMPLETED) & ~_match(says, _INCOMPLETE)
    record = _is_end(has, says)
    treatment = _match(form, _TREATMENT)
    study = _match(form, _STUDY) & ~treatment
    told_apart = treatment.any() if form else nw.lit(False)  # some record is of treatment alone
    left = record & ~completed
    return frame.with_columns(
        death=death,
        adverse=_match(says, _ADVERSE),
        of_disease=_match(says, _DISEASE),
        ends_treatment=left & (treatment | ~study | ~told_apart),
        ends_study=left & ~treatment | death,
        closes=record & ~treatment & (study | ~_match(_given(has, "epoch"), _WITHIN)),
    )


def _is_end(columns: Collection[str], says: list[nw.Expr]) -> nw.Expr:
    """Whether a record says that something ended: no milestone, no sign of life, no blank."""
    told = [~c.is_null() for c in (*says, *_given(columns, "subcategory", "form"))]
    other = _match(_given(columns, "category"), _OTHER_CATEGORY)
    return _any(*told) & ~other & ~_match(says, _MILESTONE) & ~_match(says, _STAYS)


def of_participants(rows: nw.DataFrame) -> nw.DataFrame:
    """One row a participant of records `with_meaning`, with the span of the date as `span_*`."""
    early, late = nw.col("span_earliest"), nw.col("span_latest")
    dead, closes = nw.col("death"), nw.col("closes")
    rows = rows.with_columns(
        dead_earliest_=nw.when(dead).then(early),
        dead_latest_=nw.when(dead).then(late),
        closed_earliest_=nw.when(closes).then(early),
        closed_latest_=nw.when(closes).then(late),
        killed_=dead & nw.col("adverse"),
        disease_=dead & nw.col("of_disease") & ~nw.col("adverse"),
        stopped_=nw.col("ends_treatment") & (nw.col("adverse") | dead),
        why_=nw.when(nw.col("ends_treatment")).then(_reason(rows.columns)),
    )
    return rows.group_by("subject").agg(
        ds_records=nw.len(),
        ds_last_earliest=early.max(), ds_last_latest=late.max(),
        ds_death=dead.any(),
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


def _reason(columns: Collection[str]) -> nw.Expr:
    given = _given(columns, "reason", "term")
    return nw.coalesce(*given) if given else nw.lit(None, nw.String)


def _given(columns: Collection[str], *names: str) -> list[nw.Expr]:
    return [nw.col(name) for name in names if name in columns]


def _match(columns: list[nw.Expr], pattern: str) -> nw.Expr:
    return _any(*(c.str.contains(pattern) for c in columns))


def _any(*claims: nw.Expr) -> nw.Expr:
    known = [claim.fill_null(False) for claim in claims]
    return nw.any_horizontal(*known, ignore_nulls=True) if known else nw.lit(False)
