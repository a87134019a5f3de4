"""The headings of a CV in three languages: which section a line opens.

Free of Talex, for the process that gets the lines out of a file loads it by its path (`child`).
"""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
import unicodedata

HEAD, EDUCATION, EXPERIENCE, SKILLS, LANGUAGES, PROFILE, PERSONAL, WISHES, OTHER = (
    "head", "education", "experience", "skills", "languages", "profile", "personal", "wishes", "other",
)  # fmt: skip

_HEADINGS: dict[str, str] = {
    EDUCATION: r"教育(?:背景|经历|经验|情况|程度)?|学历(?:背景|情况)?|学习经历|"
    r"education(?:al)?(?: details| background| and training| history| qualifications?)?|academic (?:background|qualifications?|history|education)|qualifications|"
    r"(?:schul|hochschul|aus|berufsaus|akademische (?:aus)?)?bildung|schul- und (?:berufs|hochschul)(?:aus)?bildung|bildungsweg|studium|akademischer werdegang|"
    r"ausbildung und studium|studium und ausbildung|schulische laufbahn|akademische laufbahn|schulischer werdegang|schule",
    EXPERIENCE: r"(?:工作|职业|任职|从业|实习|实践|社会实践|实习与工作)(?:经历|经验|背景|履历)|实习/工作经历|工作履历|"
    r"(?:work(?:ing)?|professional|employment|job|career|relevant|industry|internship|research|teaching)?\s?(?:experiences?|history)|employment|"
    r"career|company details|internships?|positions? held|professional background|work experience details|"
    r"(?:berufs|arbeits|praktische |berufliche )erfahrung(?:en)?|beruflicher werdegang|werdegang|berufspraxis|praktika|berufstätigkeit|"
    r"berufliche (?:stationen|laufbahn|tätigkeit(?:en)?)|tätigkeiten|berufliches|praxiserfahrung|beruf",
    SKILLS: r"(?:专业|个人|核心|职业|掌握|it|技术|相关|计算机)?(?:技能|能力)(?:特长|专长|清单|证书)?|技术栈|技能与证书|专业特长|专长|"
    r"(?:technical|key|core|professional|it|computer|hard|relevant)? ?skills?(?: details| set| summary| ?& ?tools)?|skills and (?:tools|competencies)|(?:core |key )?competenc(?:ies|es)|"
    r"technologies|areas of expertise|expertise|technical proficienc(?:y|ies)|"
    r"(?:edv|it|fach|software|computer|pc|sonstige |besondere |weitere )?-?\s?kenntnisse|(?:kenntnisse|fähigkeiten) und (?:fähigkeiten|kenntnisse|fertigkeiten)|fähigkeiten|kompetenzen|"
    r"fachkompetenzen|qualifikationen|technische kenntnisse|it-kompetenzen|edv",
    LANGUAGES: r"(?:外语|语言)(?:能力|水平|技能|情况)?|languages?(?: skills| proficiency)?|sprachen|(?:fremd)?sprach(?:kenntnisse|en)",
    PROFILE: r"自我(?:评价|介绍|描述)|个人(?:简介|优势|总结|评价|陈述|概述)|职业概述|"
    r"(?:professional |executive |career |personal )?(?:summary|profile|objective|statement)|about(?: me)?|overview|"
    r"(?:kurz|mein |berufs)?profil|über mich|zusammenfassung|kurzvorstellung",
    PERSONAL: r"(?:个人|基本)(?:信息|资料|情况)|联系方式|personal (?:details|information|data|info)|contact(?: details| information| me)?|"
    r"persönliche (?:daten|angaben|informationen)|persönliches|kontakt(?:daten)?|angaben zur person|zur person",
    WISHES: r"求职意向|期望工作|职业意向|意向",
    OTHER: r"(?:项目|科研|研究)(?:经历|经验|成果)|(?:主要)?项目|荣誉(?:奖项|证书)?|获奖(?:情况|经历)?|奖项|证书|兴趣爱好|爱好|特长爱好|论文(?:发表)?|发表论文|学术成果|校园经历|在校经历|志愿者?经历|培训经历|附加信息|其他(?:信息)?|主修课程|"
    r"(?:key |academic |personal |selected )?projects?(?: experience| details)?|research|publications?|(?:honou?rs|awards)(?: (?:and|&) (?:honou?rs|awards|achievements))?|achievements|certifications?|certificates|(?:hobbies|interests)(?: and (?:hobbies|interests))?|references|volunteer(?:ing)?(?: experience)?|"
    r"extra-?curricular activities|training|courses|patents|memberships|declaration|activities|"
    r"projekte|projekterfahrung|interessen|hobbys?|hobbies und interessen|ehrenamt(?:liches engagement)?|engagement|auszeichnungen|preise und auszeichnungen|publikationen|veröffentlichungen|zertifikate|(?:fort- und )?weiterbildung(?:en)?|referenzen|stipendien|sonstiges|mitgliedschaften|führerschein",
}
_WHOLE = {name: re.compile(rf"(?:{words})", re.I) for name, words in _HEADINGS.items()}
_TITLE = re.compile(
    r"(?:个人)?(?:简历|履历)|resumé|resume|résumé|curriculum vitae|cv|lebenslauf|tabellarischer lebenslauf|vita",
    re.I,
)
_FRAME = re.compile(r"^(?:[\W_]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、)]\s)+|[\W_]+$")


def heading_of(line: str) -> str | None:
    """The section that a line opens, where it is a heading and nothing else."""
    if len(line) > 60:
        return None
    plain = _bare(line)
    for name, pattern in _WHOLE.items():
        if pattern.fullmatch(plain):
            return name
    # 教育背景 EDUCATION, Berufserfahrung / Work experience: two ways to write one heading.
    parts = [
        _bare(part)
        for part in re.split(
            r"[/|&()]|(?<=[\u4e00-\u9fff])\s*(?=[a-z])|(?<=[a-z])\s*(?=[\u4e00-\u9fff])", plain
        )
    ]
    parts = [part for part in parts if part]
    if len(parts) == 2:
        found = {
            name for name, pattern in _WHOLE.items() for part in parts if pattern.fullmatch(part)
        }
        if len(found) == 1 and all(
            any(p.fullmatch(part) for p in _WHOLE.values()) or not part.isascii() for part in parts
        ):
            return found.pop()
    return None


def is_title(line: str) -> bool:
    """Whether a line only says that this is a CV."""
    return bool(_TITLE.fullmatch(_bare(line)))


def _bare(line: str) -> str:
    """Without decoration, in small letters; E D U C A T I O N and 教 育 背 景 without the gaps."""
    plain = _FRAME.sub("", unicodedata.normalize("NFKC", line)).strip().casefold()
    if re.fullmatch(r"(?:\w ){3,}\w", plain):
        plain = plain.replace(" ", "")
    return re.sub(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])", "", " ".join(plain.split()))
