"""One coding of an event, held against a release: every term, every code, and their path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ae_cli.meddra.release import LEVELS, Release

# Field of the log to the level it stands on; its code stands in the other field.
TERMS = {
    "llt": ("llt", "llt_code"),
    "preferred_term": ("pt", "pt_code"),
    "hlt": ("hlt", "hlt_code"),
    "hlgt": ("hlgt", "hlgt_code"),
    "soc": ("soc", "soc_code"),
    "primary_soc": ("soc", "primary_soc_code"),
}
FIELDS = tuple(field for term, (_, code) in TERMS.items() for field in (term, code))
Texts = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Coding:
    """What is wrong with a coding, in words; None where nothing is."""

    no_pt: str | None  # the preferred term is none
    unknown: str | None  # other terms, and codes, that do not exist
    mismatch: str | None  # codes of other terms
    retired: str | None  # a lowest level term that is not current
    spelled: str | None  # names in other capitals
    path: str | None  # levels that do not lie above each other


def coding(told: Texts, release: Release) -> Coding:
    """What a release says of the terms and codes of one record. Codes may be written 10.0."""
    texts = {f: text.strip().removesuffix(".0") for f, text in told.items() if text}
    if texts.get("soc") == texts.get("primary_soc"):
        texts.pop("soc", None)  # one column stands for both, or both say the same
    one = _One(texts, release)
    return Coding(*map(_joined, (
        one.no_pt(), one.unknown(), one.mismatches(), one.retired(), one.spelled(), one.path(),
    )))  # fmt: skip


def _joined(parts: Iterator[str]) -> str | None:
    return "; ".join(parts) or None


class _One:
    def __init__(self, texts: Mapping[str, str], release: Release) -> None:
        self.texts, self.release = texts, release
        self.by_name = {
            field: code
            for field, (level, coded) in TERMS.items()
            if field in texts and (code := release.code(level, texts[field], texts.get(coded)))
        }

    def stated(self, field: str) -> str | None:
        """The code of what stands in a field: by its name, else by its code."""
        level, coded = TERMS[field]
        code = self.texts.get(coded)
        own = code if code in self.release.terms[level] else None
        return self.by_name.get(field) or (own if field not in self.texts else None)

    def name(self, level: str, code: str) -> str:
        return self.release.terms[level][code]

    def no_pt(self) -> Iterator[str]:
        text = self.texts.get("preferred_term")
        if text and "preferred_term" not in self.by_name:
            yield f"{text!r} is no preferred term" + self.meant(text)

    def meant(self, text: str) -> str:
        """The preferred term of a lowest level term that stands in its place."""
        llt = self.release.code("llt", text)
        return f", but a lowest level term of {self._pt(llt)!r}" if llt else ""

    def _pt(self, llt: str) -> str:
        return self.name("pt", self.release.pt_of[llt])

    def unknown(self) -> Iterator[str]:
        for field, (level, coded) in TERMS.items():
            text, code = self.texts.get(field), self.texts.get(coded)
            if text and field != "preferred_term" and field not in self.by_name:
                yield f"{text!r} is no {LEVELS[level]}"
            if code and code not in self.release.terms[level]:
                yield f"{code} is no code of a {LEVELS[level]}"

    def mismatches(self) -> Iterator[str]:
        for field, code in self.by_name.items():
            level, coded = TERMS[field]
            given = self.texts.get(coded)
            if given and given in self.release.terms[level] and given != code:
                yield (
                    f"{given} is the code of {self.name(level, given)!r}; that of "
                    f"{self.name(level, code)!r} is {code}"
                )

    def retired(self) -> Iterator[str]:
        llt = self.stated("llt")
        if llt in self.release.not_current:
            yield f"{self.name('llt', llt)!r} is not current"

    def spelled(self) -> Iterator[str]:
        for field, code in self.by_name.items():
            listed = self.name(TERMS[field][0], code)
            if self.texts[field] != listed:
                yield f"{self.texts[field]!r} is written {listed!r}"

    def path(self) -> Iterator[str]:
        llt = self.stated("llt")
        pt = self.stated("preferred_term")
        if pt is None and llt and not {"preferred_term", "pt_code"} & set(self.texts):
            pt = self.release.pt_of[llt]
        if pt:
            yield from self.above(pt)
        elif "preferred_term" not in self.texts:
            yield from self.beside()

    def above(self, pt: str) -> Iterator[str]:
        """Levels that are not those of the preferred term."""
        ways, name = self.release.ways[pt], self.name("pt", pt)
        llt = self.stated("llt")
        if llt and self.release.pt_of[llt] != pt:
            yield f"{self.name('llt', llt)!r} belongs to {self._pt(llt)!r}, not to {name!r}"
        main = [way for way in ways if way.primary] or ways
        for field, among in (("hlt", main), ("hlgt", main), ("primary_soc", main), ("soc", ways)):
            level, code = TERMS[field][0], self.stated(field)
            right = {getattr(way, level): way for way in among}
            if code and code not in right:
                kept = " or ".join(repr(self.name(level, c)) for c in right)
                yield f"{name!r} lies under {kept}, not under {self.name(level, code)!r}"

    def beside(self) -> Iterator[str]:
        """High levels that never lie above each other, where no preferred term is known."""
        socs = [(low, soc) for low in ("hlgt", "hlt") for soc in ("primary_soc", "soc")]
        for low, high in (("hlt", "hlgt"), *socs):
            a, b = self.stated(low), self.stated(high)
            if a and b and (a, b) not in self.release.pairs:
                lower, upper = self.name(TERMS[low][0], a), self.name(TERMS[high][0], b)
                yield f"{lower!r} does not lie under {upper!r}"
                return
