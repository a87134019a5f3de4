"""Cells that choose one of a few things: yes or no, mode of taking part, kinds."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost, plain

_YES = frozenset(
    [
        "是",
        "有",
        "对",
        "可",
        "可以",
        "能",
        "同意",
        "愿意",
        "接受",
        "yes",
        "y",
        "true",
        "t",
        "1",
        "ja",
        "j",
        "wahr",
        "si",
        "oui",
        "x",
        "✓",
        "✔",
        "√",
        "☑",
        "ok",
        "agree",
        "agreed",
    ]
)
_NO = frozenset(
    [
        "否",
        "无",
        "不",
        "没有",
        "不是",
        "错",
        "不可",
        "不可以",
        "不能",
        "不同意",
        "不愿意",
        "不接受",
        "no",
        "n",
        "false",
        "f",
        "0",
        "nein",
        "falsch",
        "non",
        "✗",
        "✘",
        "×",
        "☐",
        "none",
        "disagree",
    ]
)


def read_yes_no(cell: Cell) -> Read[bool]:
    """Yes or no in Chinese, English or German; ticks and 1/0 too."""
    if isinstance(cell, bool):
        return Read(cell, True)
    raw = plain(cell).casefold().strip(" .!。'\"[]")
    if raw in _YES:
        return Read(True, True)
    if raw in _NO:
        return Read(False, True)
    return lost("yesno_not_understood", cell) if fact(cell) else blank()


_MODES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("both", re.compile(
        r"均可|都可|皆可|不限|两者|线上线下|线下线上|混合|\bboth\b|\bhybrid\b|\bbeides?\b|\bbeide\b|"
        r"\b(?:any|either|egal)\b|(?:on-?\s?site|in[- ]person|vor ort).*(?:online|remote)|"
        r"(?:online|remote).*(?:on-?\s?site|in[- ]person|vor ort)|线上.*(?:线下|现场)|(?:线下|现场).*线上")),
    ("online", re.compile(
        r"线上|網上|网上|在线|远程|遠程|云端|视频|\b(?:online|remote(?:ly)?|virtual(?:ly)?|virtuell|"
        r"digital|video|zoom|teams)\b")),
    ("onsite", re.compile(
        r"线下|現場|现场|到场|参会|\bon-?\s?site\b|\bin[- ]person\b|\bvor ort\b|\bpräsenz|\bphysical")),
)  # fmt: skip


def read_mode(cell: Cell) -> Read[str]:
    """How somebody takes part: 'onsite', 'online' or 'both'."""
    return _choose(cell, _MODES)


_ORGANISATIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("innovation_centre", re.compile(
        r"创新中心|孵化|众创|加速器|innovation (?:cent|hub)|incubator|accelerator|innovationszentrum|"
        r"gründerzentrum")),
    ("industrial_park", re.compile(
        r"园区|产业园|科技园|工业园|开发区|高新区|industrial park|science park|technology park|"
        r"technologiepark|gewerbepark|industriepark")),
    ("investor", re.compile(
        r"投资机构|风投|创投|投资公司|基金(?!会)|\binvestor|venture|private equity|\bvc\b|investment|"
        r"kapitalgeber|beteiligungsgesellschaft")),
    ("hospital", re.compile(r"医院|卫生院|\bhospital|\bclinic|klinik|krankenhaus")),
    ("university", re.compile(
        r"大学|高校|院校|学院|\buniversit|\bcollege\b|hochschule|\bschool of\b|\btu\b")),
    ("institute", re.compile(
        r"研究院|研究所|科研|实验室|设计院|\binstitut|research (?:cent|lab)|laborator|forschung|"
        r"fraunhofer|max[- ]planck|helmholtz|leibniz")),
    ("talent_agency", re.compile(
        r"猎头|人才中介|人力资源机构|人才市场|talent agency|recruit|staffing|headhunt|personalvermittlung|"
        r"personaldienst")),
    ("association", re.compile(
        r"协会|学会|商会|联盟|社团|非营利|ngo|\bassociation|\bsociety\b|chamber|verband|verein|"
        r"kammer|stiftung|foundation|基金会")),
    ("international_organisation", re.compile(
        r"国际组织|international organi[sz]ation|internationale organisation|united nations|联合国")),
    ("district", re.compile(r"地区|行政区|市辖区|区县|\bdistrict\b|\bregion\b|\bbezirk\b|\bkreis\b")),
    ("government", re.compile(
        r"政府|机关|事业单位|人社局|科技局|部门|\bgovern|\bministry|authority|public sector|behörde|"
        r"ministerium|amt\b|öffentlich")),
    ("multinational", re.compile(
        r"外资|外企|合资|跨国|外商|multinational|foreign|joint venture|konzern|international tätig")),
    ("enterprise", re.compile(
        r"企业|公司|民营|私营|国企|国有|上市|股份|创业|集团|\bcompan|\benterprise|\bfirm\b|\bbusiness\b|"
        r"\bstart-?up|\bcorporat|unternehmen|firma|betrieb|mittelstand|\bgmbh\b|\bag\b|\bltd\b|\binc\b|\bsme\b|"
        r"\bkmu\b")),
)  # fmt: skip


def read_organisation_kind(cell: Cell) -> Read[str]:
    """Kind of an organisation by the words of DESIGN 4 (enterprise, university, institute, ...)."""
    return _choose(cell, _ORGANISATIONS)


_OPENINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("postdoc", re.compile(r"博士后|\bpost-?\s?doc|出站")),
    ("project", re.compile(
        r"项目|课题|揭榜|合作|技术需求|\bproject|\bprojekt|\bcooperation|kooperation|\bchallenge")),
    ("job", re.compile(
        r"全职|兼职|实习|岗位|职位|工作|社招|校招|招聘|正式|\bjob|full[- ]?time|part[- ]?time|\bintern|"
        r"\bposition|permanent|contract|temporary|employment|vollzeit|teilzeit|\bstelle|praktik|"
        r"festanstellung|befristet|werkstudent")),
)  # fmt: skip


def read_opening_kind(cell: Cell) -> Read[str]:
    """Kind of an opening: 'job', 'postdoc' or 'project'."""
    return _choose(cell, _OPENINGS)


def _choose(cell: Cell, choices: tuple[tuple[str, re.Pattern[str]], ...]) -> Read[str]:
    text = fact(cell).casefold()
    if not text:
        return blank()
    if not isinstance(cell, bool) and len(text) <= 200:
        for choice, _pattern in choices:
            if text == choice or text == choice.replace("_", " "):
                return Read(choice, True)
        for choice, pattern in choices:
            if pattern.search(text):
                return Read(choice, True)
    return lost("not_understood", cell)
