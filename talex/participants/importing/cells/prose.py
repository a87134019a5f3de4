"""Requirements that are stated in the running text of an opening, not in a column of their own.

Only phrases that name a requirement are taken, with the words as evidence: 本科及以上学历,
3年以上工作经验, 'at least 5 years of experience', 'abgeschlossenes Masterstudium'. What merely
mentions a degree (a team of doctors, a Master's programme next door) is left alone.
"""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re

from talex.participants.importing.cells.base import Cell, Read, blank, plain
from talex.participants.importing.cells.degree import levels_in
from talex.participants.importing.cells.experience import (
    Years,
    beside_studies,
    only_beside_studies,
    read_experience,
)
from talex.participants.importing.notes import note
from talex.participants.vocabulary import DegreeRequirement

_LEVEL = r"(?:高中|中专|大专|专科|本科|学士|硕士|研究生|博士)"
_LEVELS = rf"{_LEVEL}(?:生)?(?:\s*[/、或及和]\s*{_LEVEL}(?:生)?){{0,4}}"
_DEGREES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_LEVELS}(?:学历|学位|毕业)?\s*(?:及|或|以及|\(?含\)?)?\s*以上",
        rf"学历(?:要求|背景)?\s*[:：]\s*(?:统招|全日制|大学|普通|正规|国家|\s)*{_LEVELS}",
        rf"{_LEVELS}\s*(?:或|及|和)?\s*(?:同等|相关|以上)?(?:学历|学位|毕业)",
        rf"{_LEVELS}(?=\s*[1-9一二两三四五六七八九]\s*年\s*(?:以上)?\s*(?:工作|相关))",
        r"学历(?:要求)?\s*[:：]?\s*不限|不限学历",
        r"\b(?:bachelor|master|doctora|ph\.?\s?d|b\.?sc|m\.?sc)[\w.'’]{0,20}(?:\s*(?:or|/|and)\s*"
        r"(?:bachelor|master|doctora|ph\.?\s?d|b\.?sc|m\.?sc)[\w.'’]{0,20}){0,3}\s*(?:degree|or (?:above|higher)"
        r"|in\b|of (?:science|arts|engineering))",
        r"\babgeschlossene[snr]?\s+(?:\w+[- ]){0,2}?(?:bachelor|master|diplom|hochschul|universitäts|"
        r"promotion)\w*",
        r"\b(?:bachelor|master|diplom|hochschul)-?(?:abschluss|studium)\b",
    )
)
#: 2,5 and 2.5 alike; never the 5 of either alone.
_DIGITS = r"(?<!\d)(?<!\d[.,])\d{1,2}(?:[.,]\d)?"
# In Chinese '2.3年以上' at the beginning of a line is point 2, three years.
_YEAR_COUNT = r"(?:(?<=[^\d\n])\d{1,2}\.5|\d{1,2}|[一二两三四五六七八九十]{1,2})"
_YEARS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:至少|不少于|具有|具备|有|拥有)?\s*({_YEAR_COUNT}(?:\s*[-~～—–至到]\s*{_YEAR_COUNT})?\s*年\s*"
        r"(?:及|或|\(?含\)?)?\s*(?:以上|以内|左右|\+)?)"
        r"(?!的?轮岗|的?历史)[^。;；,，.!！?？\n]{0,28}?(?:经验|经历|工作年限)",
        rf"(?:工作|相关|开发|从业|项目|行业)经验\s*[:：]?\s*(?:要求)?\s*({_YEAR_COUNT}"
        rf"(?:\s*[-~～—–至到]\s*{_YEAR_COUNT})?\s*年\s*(?:及|或)?\s*(?:以上|以内)?)",
        rf"从事[^。;；,，.\n]{{0,20}}?({_YEAR_COUNT}(?:\s*[-~～—–至到]\s*{_YEAR_COUNT})?\s*年\s*(?:及|或)?\s*以上)",
        r"((?:经验不限|不限经验|无需经验|无经验要求|应届(?:毕业)?生(?:亦可|也可|均可|优先)|接受应届|欢迎应届))",
        rf"((?:at least |minimum (?:of )?|min\.? )?{_DIGITS}\s*(?:\+|-\s*{_DIGITS}\s*\+?|to {_DIGITS})?\s*"
        r"(?:or more )?years?)['’]?\s*(?:of )?(?:[\w-]+ ){0,4}?experience",
        rf"((?:mindestens |mind\. )?{_DIGITS}\s*(?:\+|-\s*{_DIGITS})?\s*jahr(?:en?)?)\s*(?:[\wäöüß-]+ ){{0,3}}?"
        r"(?:berufs)?erfahrung",
    )
)
_OTHERS = re.compile(r"优先|加分|preferred|a plus|nice to have|desirable|von vorteil|wünschenswert")
_NOT_REQUIRED = re.compile(r"公司|团队|成立|集团|拥有.{0,4}(?:多)?年(?:历史|品牌)")
_SUCH_AS = re.compile(
    r"[\s(,:]*(?:z\. ?b\.|etwa|auch|inkl\.|inklusive|durch|als|aus|in form von|im rahmen von|gerne?|as an?|e\.g\.|"
    r"including|incl\.|through|from|可?含|包括|包含)([^。;；\n]*)",
    re.I,
)
_LONGEST = 20_000


def degree_in_text(cell: Cell) -> Read[DegreeRequirement]:
    """The least degree that the text of an opening asks for; a note quotes the words.

    A phrase that is only preferred (优先) is no requirement.
    """
    text = plain(cell)[:_LONGEST]
    for pattern in _DEGREES:
        for found in pattern.finditer(text):
            if _preferred(text, found.end()):
                continue
            said = note("found_in_text", text=found.group())
            if "不限" in found.group():
                return Read(DegreeRequirement.NONE, True, said)
            levels = levels_in(found.group())
            if levels:
                least = min(levels, key=lambda level: level.rank)
                return Read(DegreeRequirement(least.value), True, said)
    return blank()


def experience_in_text(cell: Cell) -> Read[Years]:
    """The years that the text of an opening asks for; a note quotes the words.

    Where several are named, the largest least counts: '5年以上开发经验，2年以上管理经验' asks for 5.
    """
    text = plain(cell)[:_LONGEST]
    best: tuple[Years, str] | None = None
    for pattern in _YEARS:
        for found in pattern.finditer(text):
            if _preferred(text, found.end()) or _NOT_REQUIRED.search(found.group()):
                continue
            if only_beside_studies(found.group()) or _through_studies(text, found.end()):
                continue
            words = re.sub(r"亦可|也可|均可|优先|接受|欢迎", "", found.group(1))
            read = read_experience(words)
            if read.value is None or read.value.least > 20:
                continue
            if best is None or read.value.least > best[0].least:
                best = read.value, found.group()
    if best is None:
        return blank()
    return Read(best[0], True, note("found_in_text", text=best[1]))


def _through_studies(text: str, end: int) -> bool:
    """Whether it goes on to say that jobs beside the studies will do: '(auch Praktika)', 含实习."""
    rest = _SUCH_AS.match(text[end : end + 40])
    return rest is not None and beside_studies(rest.group(1))


def _preferred(text: str, end: int) -> bool:
    """Whether the clause goes on to say that this is welcome, not asked."""
    rest = re.sub(r"^\W*\([^()]*\)", "", text[end : end + 60])  # 硕士及以上学历(博士优先)
    clause = re.split(r"[。;；\n.!！]|(?<=[,，])\s*(?:\d|具)", rest[:40], maxsplit=1)[0]
    clause = re.split(r"[,，]", clause, maxsplit=1)[0]
    return bool(_OTHERS.search(clause.casefold()))
