"""Years of work experience, asked for or had."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost


@dataclass(frozen=True, slots=True)
class Years:
    """Years from `least` to `most` (None: open above).

    不限 and 'no experience needed' are 0 to None (anybody); 应届毕业生 and 无工作经验 are 0 to 0
    (a beginner), which an opening means as 'beginners may come', never as a most.
    """

    least: float
    most: float | None

    @property
    def asks_nothing(self) -> bool:
        """Whether, read as a requirement, everybody fulfils it."""
        return self.least == 0


_ANYBODY = re.compile(
    r"不限|不要求|无要求|無要求|不作要求|(?:无需|无须|不需|不需要)(?:工作)?经[验历]|无工作经验要求|"
    r"\b(?:any|none required|not required|not needed|no experience (?:needed|required|necessary)|"
    r"no (?:minimum|requirements?))\b|keine (?:berufs)?erfahrung (?:nötig|erforderlich|notwendig)|"
    r"nicht erforderlich|egal|beliebig"
)
_BEGINNER = re.compile(
    r"应届|應屆|在校|在读|毕业生|实习生|(?:无|没有|零)(?:工作|相关)?(?:经[验历])?$|"
    r"\b(?:fresh(?:er|man)?|(?:recent|new|fresh) graduates?|graduate|entry[ -]level|no experience|"
    r"none|without experience|student|beginner)\b|berufseinsteiger|berufsanfänger|absolvent|"
    r"ohne (?:berufs)?erfahrung|keine (?:berufs)?erfahrung|^(?:keine?|ohne)$|einsteiger"
)
_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
        "十": 10}  # fmt: skip
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
          "nine": 9, "ten": 10, "ein": 1, "eine": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4,
          "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10}  # fmt: skip
_NUMBER = r"\d{1,2}(?:[.,]\d{1,2})?"
_YEAR = r"(?:周?年|years?|yrs?\.?|y\b|jahr(?:en?)?|j\b|jährige?)"
_MONTH = r"(?:个月|months?|monat(?:en?)?|mos?\b)"
_RANGE = re.compile(rf"({_NUMBER})\s*{_YEAR}?\s*(?:-|~|～|至|到|to|bis|and|und)\s*({_NUMBER})")
_SINGLE = re.compile(rf"({_NUMBER})")
_LEAST = re.compile(
    r"以上|起|及以上|至少|不少于|\+|\b(?:at least|min(?:imum|destens|d\.?|\.)?|more than|over|from|"
    r"mehr als|ab|above)\b|^>|≥|plus\b|or more|und mehr|oder mehr"
)
_MOST = re.compile(
    r"以下|以内|不超过|至多|不满|不到|\b(?:less than|under|up to|at most|max(?:imum|imal)?|bis(?: zu)?|"
    r"weniger als|unter|below)\b|^<|≤"
)
_FILLER = re.compile(
    rf"工作经[验历]|相关经[验历]|从业经[验历]|行业经[验历]|项目经[验历]|经[验历]|相关|工作|具有|具备|要求|有|的|及|{_YEAR}|"
    r"\b(?:of|working|work|professional|relevant|industry|experience|exp|berufserfahrung|erfahrung|"
    r"einschlägige|relevante|ca|circa|rund|etwa|about|approximately|around|约|in|or|oder|und|and|the|a|an|required|erforderlich|more|mehr|als|"
    r"mindestens|total|field|area|similar|role|zu|to|full[- ]time)\b|[\s.,;:()'’\-~]+"
)
_DIGITS_OF_WORDS = re.compile(
    r"\b(" + "|".join(_WORDS) + r")\b(?=[\s-]*(?:to|bis|or|und|-|year|jahr))"
)
_DIGITS_OF_HAN = re.compile(
    r"([一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?=\s*(?:周?年|[-至到]|个))"
)
_NAMED = re.compile(rf"\d\s*{_YEAR}.*(?:经[验历]|experience|erfahrung)")
_MOST_YEARS = 60
# Who looks after interns (Praktikumsbetreuer, 实习指导) is no intern.
_BESIDE_STUDIES = re.compile(
    r"werkstudent|studentische|\b(?:wissenschaftliche|wiss\.|stud\.|geprüfte)[rs]?\s*hilfskr[aä]ft|\bhiwi\b|"
    r"praktik(?:um|ums|a|ants?|anten|antin|antinnen)\b|\bpraxissemester\b|"
    r"working student|\b(?:student|graduate|teaching) (?:assistant|job|helper|worker)|"
    r"\bintern(?:s|ships?)?\b|实习(?!指导|导师|管理|基地)|助教|勤工助学|兼职学生",
    re.I,
)
_PROFESSION = re.compile(r"工作|全职|berufserfahrung|work(?:ing)? experience|professional", re.I)


def read_experience(cell: Cell) -> Read[Years]:
    """Years of experience of a cell; a bare number (up to 60) counts as years.

    Read are for example `3-5年`, `1年工作经验`, `10年以上`, `1年以下`, `应届毕业生`, `5+ years`,
    `at least 3 years`, `mind. 2 Jahre`, `6 months`. A single number is least and most alike for
    '3 years', open above for '3+'.
    """
    if isinstance(cell, bool):
        return lost("years_not_understood", cell)
    text = fact(cell).casefold()
    if not text:
        return Read(Years(0, 0), True) if isinstance(cell, str) and "无" in cell else blank()
    text = _DIGITS_OF_WORDS.sub(lambda found: str(_WORDS[found.group(1)]), text)
    text = _DIGITS_OF_HAN.sub(lambda found: str(_of_han(found.group(1))), text)
    text = re.sub(r"(?<!\d)半年", "0.5年", text)
    if not any(sign.isdigit() for sign in text):
        if _ANYBODY.search(text):
            return Read(Years(0, None), True)
        if _BEGINNER.search(text):
            return Read(Years(0, 0), True)
        return lost("years_not_understood", cell)
    if only_beside_studies(text):
        return Read(Years(0, 0), True)
    years = _of_numbers(text)
    return Read(years, True) if years else lost("years_not_understood", cell)


def beside_studies(text: str) -> bool:
    """Whether it was done beside studying or teaching oneself a profession: no years of one."""
    return bool(_BESIDE_STUDIES.search(text))


def only_beside_studies(text: str) -> bool:
    """The same, where no work is named along with it: 1年实习经验, not 3年工作经验(含实习)."""
    return beside_studies(text) and not _PROFESSION.search(text)


def _of_han(text: str) -> int:
    if "十" not in text:
        return _HAN[text]
    tens, _, ones = text.partition("十")
    return _HAN.get(tens, 1) * 10 + _HAN.get(ones, 0)


def _of_numbers(text: str) -> Years | None:
    text = _in_years(text)
    pair = _RANGE.search(text)
    if pair:
        numbers = sorted(_float(number) for number in pair.groups())
        rest = text[: pair.start()] + " " + text[pair.end() :]
    else:
        single = _SINGLE.search(text)
        if not single:
            return None
        numbers = [_float(single.group(1))]
        rest = text[: single.start()] + " " + text[single.end() :]
    most, least = bool(_MOST.search(rest)), bool(_LEAST.search(rest))
    left = _FILLER.sub("", _ANYBODY.sub("", _LEAST.sub("", _MOST.sub("", rest))))
    # '2 Jahre Berufserfahrung in der Industrie': what kind of experience may be any words.
    named = bool(_NAMED.search(text)) and len(text) <= 80 and not re.search(r"\d", rest)
    if (left and not named) or numbers[-1] > _MOST_YEARS:
        return None
    numbers = [round(number, 2) for number in numbers]
    if len(numbers) == 2:
        return Years(numbers[0], numbers[1])
    if most:
        return Years(0, numbers[0])
    return Years(numbers[0], None if least else numbers[0])


def _in_years(text: str) -> str:
    """Months and halves as years: `6-12个月`, `6 months`, `1 year 6 months`, `一年半`, `半年`."""
    text = re.sub(r"(\d+)\s*年半", r"\1.5年", text)

    def years(found: re.Match[str]) -> str:
        parts = [f"{int(number) / 12:.2f}" for number in found.groups() if number]
        return "-".join(parts) + "年"

    def both(found: re.Match[str]) -> str:
        return f"{int(found.group(1)) + int(found.group(2)) / 12:.2f}年"

    text = re.sub(rf"(\d{{1,2}})\s*{_YEAR}\s*(?:and|und|,)?\s*(\d{{1,2}})\s*{_MONTH}", both, text)
    return re.sub(rf"(?:(\d{{1,3}})\s*[-~至到]\s*)?(?<![\d.])(\d{{1,3}})\s*{_MONTH}", years, text)


def _float(number: str) -> float:
    return float(number.replace(",", "."))
