"""Years of experience that a CV states itself: 工作年限：5年, 8 years of experience, 10 Jahre Erfahrung.

What somebody says of all their years outweighs what their posts add up to, for a CV need not list
every post. A sentence may mean a part of them only ('3 years of experience with Spark'), and 'more
than 7 years' leaves open how many: where the posts show more, the posts count.
"""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from talex.participants.registering.resumes.periods import period_in
from talex.participants.registering.resumes.wrapped import joined

_HAN = {sign: number for number, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
_WORDS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
        "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn",
    )
    for number, word in enumerate(words.split(), start=1)
} | {"twenty": 20, "zwanzig": 20, "thirty": 30, "dreißig": 30}
_NUMBER = (
    rf"(?<![\d.,\-~/–—])(?P<n>\d{{1,2}}(?:[.,]\d)?|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
    rf"|\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?=[\s-]|jähr))"
)
_MORE = r"(?P<more>\s?\+|\s?余|\s?多|\s?plus\b)?"
_LEAST = r"(?P<least>(?:more than|over|at least|above|超过|逾|至少|mehr als|über|mindestens)\s?)?"
_MONTHS = r"(?:\s*(?:,|and|und|零|又)?\s*(?P<m>\d{1,2})\s*(?:个月|months?|mos?\b|monaten?|monate))?"
_YEARS = r"\s*-?\s*(?:周?年|years?['’]?|yrs?\b\.?['’]?|jahren?|jahre)"
#: 工作年限：5年, Total experience: 9 years 6 months, Berufserfahrung (Jahre): 10
_LABELLED = re.compile(
    r"(?:工作年限|工作年数|从业年限|工龄|(?:总)?(?:工作|从业|职业)经[验历]|"
    r"\b(?:total |overall )?(?:years of )?(?:(?:work(?:ing)?|professional|relevant|industry|total|overall) ){0,2}experience|"
    r"\b(?:gesamte )?(?:berufs|arbeits)erfahrung)"
    rf"\s*(?:[(（](?:years|yrs|in jahren|jahre|年)[)）]|in years|in jahren)?\s*(?:[:：]|-\s)\s*{_LEAST}{_NUMBER}{_MORE}(?:{_YEARS}|\s*$|\s*[|｜]){_MONTHS}(?P<up>以上)?",
    re.I,
)
_EXPERIENCE = r"(?:\s?(?:of|an|的|in|as)\s|\s|的)?(?:[^\W\d]+(?:[-/&][^\W\d]+)*\s){0,4}(?:experience|(?:[a-zäöü]+-?)?erfahrung)"
_FREE = (
    re.compile(rf"{_LEAST}{_NUMBER}{_MORE}{_YEARS}{_MONTHS}{_EXPERIENCE}", re.I),
    re.compile(rf"\bexperience of {_LEAST}{_NUMBER}{_MORE}{_YEARS}{_MONTHS}", re.I),
    re.compile(rf"{_LEAST}{_NUMBER}{_MORE}\s?-?\s?jährige[rmns]?\s(?:[\w-]+\s){{0,2}}[a-zäöü]*-?erfahrung", re.I),
    re.compile(rf"{_LEAST}{_NUMBER}{_MORE}\s*(?:周?年)(?P<up>以上|多|余)?(?:的)?[^\d\W]{{0,14}}?经[验历]"),
)  # fmt: skip
_MOST = 60
#: A sentence that says so much less than the posts show speaks of a part of them.
_APART = 1.5


@dataclass(frozen=True, slots=True)
class Stated:
    """`least`: so many or more; `whole`: said of all work, not in a sentence that may mean a part."""

    years: float
    least: bool
    whole: bool
    quote: str

    def outweighs(self, counted: float | None) -> bool:
        """Whether to be taken rather than the sum of the posts."""
        if counted is None or self.years > counted:
            return True
        return not self.least and (self.whole or counted - self.years <= _APART)


def is_total(line: str) -> bool:
    """Whether a line only states the years, among the posts that it sums up."""
    return len(line) <= 80 and bool(_LABELLED.match(line)) and period_in(line) is None


def stated(lines: Sequence[str], told: Sequence[str]) -> Stated | None:
    """The years that are stated: by a label in any of `lines`, or in a sentence of `told` (what
    stands above the sections, and the profile). The most of several sentences."""
    for line in lines:
        found = _LABELLED.search(line) if len(line) <= 200 else None
        if found and (one := _made(found, line, whole=True)) is not None:
            return one
    said = [
        one
        for line in joined(told)
        for pattern in _FREE
        for found in pattern.finditer(line)
        if (one := _made(found, line, whole=False)) is not None
    ]
    return max(said, key=lambda one: one.years, default=None)


def _made(found: re.Match[str], line: str, *, whole: bool) -> Stated | None:
    groups = found.groupdict()
    years = _number(groups["n"]) + int(groups.get("m") or 0) / 12
    if not 0 < years <= _MOST:
        return None
    least = bool(groups["least"] or groups["more"] or groups.get("up"))
    return Stated(round(years, 1), least, whole, line)


def _number(text: str) -> float:
    text = text.casefold()
    if text in _WORDS:
        return _WORDS[text]
    if text[0].isdigit():
        return float(text.replace(",", "."))
    tens, ten, ones = text.rpartition("十")
    return (_HAN[tens] if tens else 1) * 10 * bool(ten) + (_HAN[ones] if ones else 0)
