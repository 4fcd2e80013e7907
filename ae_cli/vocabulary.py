"""Closed lists, and how people spell them, in English and Chinese.

Each spelling was decided one by one. What could mean two things is left out on purpose: a value
that is not here is a finding with the value, never a guess. Members carry CDISC's own words.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache


class Outcome(StrEnum):
    """Outcome of an event (CDISC codelist OUT)."""

    FATAL = "FATAL"
    NOT_RECOVERED = "NOT RECOVERED/NOT RESOLVED"
    RECOVERED = "RECOVERED/RESOLVED"
    SEQUELAE = "RECOVERED/RESOLVED WITH SEQUELAE"
    RECOVERING = "RECOVERING/RESOLVING"
    UNKNOWN = "UNKNOWN"


class Action(StrEnum):
    """Action taken with study treatment (CDISC codelist ACN; a delay is not in that list)."""

    DOSE_NOT_CHANGED = "DOSE NOT CHANGED"
    DOSE_REDUCED = "DOSE REDUCED"
    DOSE_INCREASED = "DOSE INCREASED"
    DOSE_RATE_REDUCED = "DOSE RATE REDUCED"
    DOSE_DELAYED = "DOSE DELAYED"
    INTERRUPTED = "DRUG INTERRUPTED"
    WITHDRAWN = "DRUG WITHDRAWN"
    NOT_APPLICABLE = "NOT APPLICABLE"
    UNKNOWN = "UNKNOWN"


class Causality(StrEnum):
    """Relationship to study treatment. CDISC has no list; these are the levels in use."""

    NOT_RELATED = "NOT RELATED"
    UNLIKELY = "UNLIKELY RELATED"
    POSSIBLE = "POSSIBLY RELATED"
    PROBABLE = "PROBABLY RELATED"
    DEFINITE = "DEFINITELY RELATED"
    RELATED = "RELATED"
    NOT_ASSESSABLE = "NOT ASSESSABLE"


class Intensity(StrEnum):
    """Severity in words (CDISC codelist AESEV). Not a CTCAE grade."""

    MILD = "MILD"
    MODERATE = "MODERATE"
    SEVERE = "SEVERE"


class Criterion(StrEnum):
    """Why an event is serious (ICH E2A)."""

    DEATH = "DEATH"
    LIFE_THREATENING = "LIFE THREATENING"
    HOSPITALISATION = "HOSPITALISATION"
    DISABILITY = "DISABILITY"
    CONGENITAL = "CONGENITAL ANOMALY"
    OTHER = "OTHER MEDICALLY IMPORTANT"


class VitalStatus(StrEnum):
    """Alive or dead."""

    ALIVE = "ALIVE"
    DEAD = "DEAD"


class Answer(StrEnum):
    """Yes or no."""

    YES = "Y"
    NO = "N"


class Evaluability(StrEnum):
    """Whether a participant can be judged for dose-limiting toxicity."""

    YES = "Y"
    NO = "N"
    PENDING = "PENDING"


# What each list counts as an exact CDISC value under an SDTM header.
NOT_CDISC = frozenset({Action.DOSE_DELAYED})

RELATED_BY_DEFAULT = (
    Causality.POSSIBLE,
    Causality.PROBABLE,
    Causality.DEFINITE,
    Causality.RELATED,
    Causality.NOT_ASSESSABLE,
)

# Cells that hold nothing. A word that answers ("none", "无") is the field's own business.
BLANKS = frozenset({"", "na", "n/a", "n.a.", "nan", "null", ".", "-", "--", "—", "–", "/", "^"})

# Answers that say "not known": understood, and the cell counts as unanswered.
UNANSWERED = (
    "unknown|unk|uk|u|not known|nk|not done|nd|not recorded|missing|not applicable|"
    "未知|不详|不明|未填|缺失|不适用"
)

# A term that says the participant had no event: the row is not an event.
NO_EVENT = (
    "none|no event|no events|no ae|no aes|nil|no adverse event|no adverse events|none reported|"
    "no ae reported|no adverse event reported|nothing to report|"
    "无|没有|无不良事件|未发生|未发生不良事件|无ae|没有不良事件|未见不良事件"
)

ONGOING = "ongoing|continuing|continues|still ongoing|present|持续|持续中|进行中|未结束|仍在持续"

_YES = "yes|true|checked|是|有|√|是的"
_NO = "no|false|unchecked|否|无|没有|不是|×"

SPELLINGS: dict[type[StrEnum], dict[StrEnum, str]] = {
    Answer: {Answer.YES: _YES, Answer.NO: _NO},
    Evaluability: {
        Evaluability.YES: _YES + "|evaluable|可评价",
        Evaluability.NO: _NO + "|not evaluable|non evaluable|不可评价",
        Evaluability.PENDING: "in window|open|in progress|待定|观察中",
    },
    VitalStatus: {
        VitalStatus.ALIVE: "living|存活|生存|在世",
        VitalStatus.DEAD: "died|deceased|death|死亡|已死亡|已故",
    },
    Intensity: {
        Intensity.MILD: "轻度|轻微|轻",
        Intensity.MODERATE: "中度|中等|中",
        Intensity.SEVERE: "重度|重|严重",
    },
    Outcome: {
        Outcome.FATAL: "death|died|dead|deceased|resulted in death|fatal outcome|"
        "死亡|致死|致命|导致死亡",
        Outcome.NOT_RECOVERED: "not recovered|not resolved|unresolved|not yet recovered|"
        "not yet resolved|ongoing|continuing|persistent|persisting|still present|"
        "condition still present and unchanged|condition worsening|worsening|worsened|unchanged|"
        "未恢复|未解决|未痊愈|未治愈|未好转|未缓解|持续|未好转/持续|症状持续|加重|恶化|未恢复/未痊愈|未恢复/未解决",
        Outcome.RECOVERED: "recovered|resolved|completely recovered|complete recovery|"
        "fully recovered|recovered completely|recovered without sequelae|cured|"
        "resolved without sequelae|recovered/resolved without sequelae|"
        "痊愈|已痊愈|治愈|已治愈|恢复|已恢复|解决|已解决|恢复/解决|恢复/痊愈|完全恢复|消失|已消失|"
        "症状消失|痊愈(无后遗症)|痊愈,无后遗症|痊愈无后遗症|恢复无后遗症|恢复/解决无后遗症",
        Outcome.SEQUELAE: "recovered with sequelae|resolved with sequelae|with sequelae|"
        "recovered/resolved with sequela|痊愈伴后遗症|痊愈有后遗症|痊愈(有后遗症)|恢复有后遗症|"
        "恢复伴后遗症|恢复/解决有后遗症|恢复/解决伴后遗症|有后遗症|伴有后遗症",
        Outcome.RECOVERING: "recovering|resolving|improving|improved|condition improving|"
        "好转|好转/缓解|好转中|恢复中|正在恢复|改善|恢复中/解决中|正在恢复/解决中",
        Outcome.UNKNOWN: "unk|not known|don't know|lost to follow-up|unknown/lost to follow-up|"
        "lost to follow up|未知|不详|不明|失访|未知/失访",
    },
    Action: {
        Action.DOSE_NOT_CHANGED: "none|no action|no action taken|no change|not changed|"
        "unchanged|dose unchanged|dose maintained|continued|no dose change|"
        "剂量不变|无|未采取措施|无措施|未调整|不变|继续用药|继续给药|未采取任何措施|剂量未变|未改变剂量",
        Action.DOSE_REDUCED: "reduced|dose decreased|dose reduction|减少剂量|减量|剂量减少|"
        "降低剂量|"
        "剂量降低|减少用量",
        Action.DOSE_INCREASED: "increased|dose increase|增加剂量|加量|剂量增加",
        Action.DOSE_RATE_REDUCED: "rate reduced|infusion rate reduced|infusion slowed|"
        "减慢滴速|降低输注速度|减慢输注速度|减慢输注",
        Action.DOSE_DELAYED: "delayed|dose delay|drug delayed|treatment delayed|"
        "延迟给药|延迟用药|推迟给药|推迟用药|延期给药",
        Action.INTERRUPTED: "interrupted|dose interrupted|treatment interrupted|held|drug held|"
        "dose held|temporarily stopped|temporarily discontinued|temporarily interrupted|"
        "暂停用药|暂停给药|暂停|中断用药|中断给药|暂时停药|暂时中断|用药中断",
        Action.WITHDRAWN: "withdrawn|discontinued|drug discontinued|treatment discontinued|"
        "permanently discontinued|permanently stopped|permanently withdrawn|stopped|"
        "dose discontinued|停止用药|停止给药|停药|永久停药|永久停止|终止用药|终止给药|永久停用",
        Action.NOT_APPLICABLE: "已结束用药|不适用|用药已结束|treatment already completed|"
        "treatment already ended",
        Action.UNKNOWN: "unk|not known|不详|未知|不明",
    },
    Causality: {
        Causality.NOT_RELATED: "unrelated|none|no|n|not related|no relationship|"
        "definitely not related|not suspected|"
        "无关|肯定无关|无关联|不相关|无关系|否|不相关的|与药物无关",
        Causality.UNLIKELY: "unlikely|remote|doubtful|improbable|probably not related|"
        "可能无关|很可能无关|不太可能|不太可能有关|不大可能有关|可能不相关",
        Causality.POSSIBLE: "possible|possibly|可能有关|可能相关|可能",
        Causality.PROBABLE: "probable|probably|likely|likely related|"
        "很可能有关|极可能有关|很可能相关|很可能|极可能|极可能相关",
        Causality.DEFINITE: "definite|definitely|certain|certainly related|"
        "肯定有关|肯定相关|肯定|一定有关|确定有关|明确有关",
        Causality.RELATED: "yes|y|suspected|有关|相关|是|有关联",
        Causality.NOT_ASSESSABLE: "unassessable|not assessable/unclassifiable|unclassifiable|"
        "unclassified|unknown|unk|cannot be determined|"
        "无法判定|无法判断|无法评价|无法评估|待评价|不能判定|未知|不详",
    },
    Criterion: {
        Criterion.DEATH: "fatal|results in death|resulted in death|死亡|导致死亡|致死",
        Criterion.LIFE_THREATENING: "life-threatening|immediately life threatening|"
        "危及生命|威胁生命",
        Criterion.HOSPITALISATION: "hospitalization|hospitalized|hospitalised|"
        "inpatient hospitalization|prolonged hospitalization|hospitalization or prolongation|"
        "requires or prolongs hospitalization|initial or prolonged hospitalization|"
        "住院|延长住院|延长住院时间|导致住院|需住院治疗或延长住院时间|住院或延长住院时间|导致住院或住院时间延长",
        Criterion.DISABILITY: "disability|incapacity|disability/incapacity|disabling|"
        "persistent or significant disability/incapacity|"
        "残疾|致残|功能丧失|导致永久的或严重的残疾/能力丧失|永久或严重致残|永久或显著的残疾或功能丧失",
        Criterion.CONGENITAL: "congenital anomaly/birth defect|birth defect|"
        "先天性异常|先天异常|出生缺陷|先天性异常或出生缺陷|先天异常或出生缺陷|先天性异常/出生缺陷",
        Criterion.OTHER: "medically important|important medical event|other medically significant|"
        "medically significant|other important medical event|"
        "other medically important condition|other medically important event|"
        "重要医学事件|其他重要医学事件|其他重要的医学事件|其它重要医学事件",
    },
}

# A column that asks whether the event is serious may be answered with the word itself.
EXPECTED_WORDS: dict[StrEnum, str] = {
    Answer.YES: "expected|listed|labelled|labeled|预期|可预期|预期的",
    Answer.NO: "unexpected|not expected|unlisted|not listed|unlabelled|unlabeled|"
    "非预期|不可预期|非预期的",
}
SERIOUS_WORDS = {
    Answer.YES: "serious|sae|严重",
    Answer.NO: "not serious|non-serious|ae|非严重|不严重",
}


_NOT_LETTERS = re.compile(r"[\W_]+")
_MARKS = {ord("√"): " yes ", ord("✓"): " yes ", ord("✔"): " yes ", ord("×"): " no "}


TREATED_WORDS = {
    Answer.NO: "none|nil|no treatment|none given|not given|no treatment given|"
    "未治疗|未予治疗|未处理|无需治疗|无治疗",
}
# What the grades are called. A word beside a number is no second grade: it must agree with it.
GRADE_WORDS = (
    "mild|轻度|轻微|轻",
    "moderate|中度|中等|中",
    "severe|重度|严重|重",
    "life-threatening|life threatening|危及生命|威胁生命",
    "death|fatal|death related to ae|死亡|致死|致命",
)


def same_name(text: str) -> str:
    """One form for names that differ in capitals, spaces or width alone. 10⁵ is not 105."""
    plain = (c if unicodedata.decomposition(c)[:6] in _RAISED else unicodedata.normalize("NFKC", c)
             for c in text)  # fmt: skip
    return " ".join("".join(plain).casefold().split())


def same_group(text: str) -> str:
    """One form for dose groups: as names, and `Dose1` is `Dose 1`. A space parts two numbers:
    `1 10` is not `11 0`."""
    return re.sub(r"(?<!\d) | (?!\d)", "", same_name(text))


_RAISED = ("<super", "<sub> ", "<fract")


def normalise(text: str) -> str:
    """One form for a spelling: NFKC, no case, punctuation and repeated spaces gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_MARKS))
    return _NOT_LETTERS.sub(" ", text.casefold()).strip()


@cache
def spellings(kind: type[StrEnum]) -> dict[str, StrEnum]:
    """Normal form to member, for one list; the members' own words are spellings too."""
    table = {normalise(member): member for member in kind}
    for member, words in SPELLINGS[kind].items():
        _add(table, member, words)
    return table


@cache
def serious_spellings() -> dict[str, StrEnum]:
    """As `spellings(Answer)`, with the words a seriousness column may hold."""
    table = dict(spellings(Answer))
    for member, spelled in SERIOUS_WORDS.items():
        _add(table, member, spelled)
    return table


@cache
def expected_spellings() -> dict[str, StrEnum]:
    """As `spellings(Answer)`, with the words a column of expectedness may hold."""
    table = dict(spellings(Answer))
    for member, spelled in EXPECTED_WORDS.items():
        _add(table, member, spelled)
    return table


@cache
def treated_spellings() -> dict[str, StrEnum]:
    """As `spellings(Answer)`, with the words a column of treatments given may hold."""
    table = dict(spellings(Answer))
    for member, spelled in TREATED_WORDS.items():
        _add(table, member, spelled)
    return table


@cache
def words(joined: str) -> frozenset[str]:
    """The normal forms of a list written with bars."""
    return frozenset(normalise(word) for word in joined.split("|"))


def is_blank(text: str | None) -> bool:
    """Whether a cell holds nothing: empty, NA, a lone dot or dash."""
    return text is None or text.strip().casefold() in BLANKS


def _add(table: dict[str, StrEnum], member: StrEnum, spelled: str) -> None:
    for word in words(spelled):
        if table.setdefault(word, member) is not member:
            raise ValueError(f"{word!r} is spelled for both {table[word]} and {member}")
