"""The sections of a CV: which lines tell of education, of work, of skills."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from talex.core.radicals import without_radicals
from talex.participants.importing.cells.languages import read_languages
from talex.participants.registering.resumes.headings import (
    EXPERIENCE,
    HEAD,
    LANGUAGES,
    PROFILE,
    SKILLS,
    heading_of,
)
from talex.participants.registering.resumes.wrapped import FULL

#: What stands below the posts in a line of its own; of one post it is called otherwise.
_LAST_LINES = re.compile(
    r"(?:专业|个人)?技能|(?:语言|外语)(?:能力|水平)?|(?:it-|edv-|fach)?kenntnisse|sprachen|"
    r"sprachkenntnisse|(?:technical |it )?skills|languages",
    re.IGNORECASE,
)
_INLINE = re.compile(r"^\s*[•·■▪◆●*#-]*\s*([^:：]{2,24})[:：]\s*(\S.*)$")
# One job site's export glues its headings to the end of what stands before.
_GLUED = re.compile(r"(?<=\S)\s*((?:Education|Skill|Company) Details)\s*$", re.M)
_EMPLOYER = re.compile(r"(?:company|employer|arbeitgeber|公司名称|工作单位)\s*[-:：]\s*\S", re.I)
#: Blanks as wide as a sign (an em, a Chinese one), and tabs.
_WIDE = re.compile("[\t\u2001\u2003\u3000]")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0xAD, 0])
#: What stands between the parts of a line: see `pieces`.
SPLIT = re.compile(r"\t|\s{2,}|\s[|｜·•/]\s|[|｜]|\s-\s|[,，;；、]|\s@\s")


def clean_lines(lines: Iterable[str]) -> list[str]:
    """NFKC, without invisible signs and radicals; wide gaps stay (as two blanks), for they part
    columns."""
    text = _WIDE.sub("  ", without_radicals("\n".join(lines).translate(_INVISIBLE)))
    text = unicodedata.normalize("NFKC", text)
    text = _GLUED.sub(r"\n\1", text)
    kept = []
    for line in text.split("\n"):
        line = re.sub(
            r" {2,}", "  ", "".join(s if s == " " or not s.isspace() else " " for s in line)
        )
        kept.append(with_colons(line.strip()))
    return [line for line in kept if line.rstrip(FULL)]


def sections(lines: Iterable[str]) -> dict[str, list[str]]:
    """Section -> its lines, in order; `head` is what stands before the first heading.

    A line 'languages: English C1' opens no section: it is one line of that section.
    """
    found: dict[str, list[str]] = {HEAD: []}
    here = HEAD
    for line in lines:
        name = heading_of(line)
        if name is None and is_header(line):
            continue
        if name is not None:
            here = name
            found.setdefault(here, [])
            continue
        if _EMPLOYER.match(line):  # whatever headings a description held in between
            here = EXPERIENCE
            found.setdefault(here, [])
        inline = _INLINE.match(line)
        name = heading_of(inline.group(1)) if inline else None
        if here == EXPERIENCE and inline and not _LAST_LINES.fullmatch(inline.group(1).strip()):
            name = None
        # 'Languages: Python, R' among the skills is of programming.
        programming = (
            name == LANGUAGES
            and here == SKILLS
            and not (inline and read_languages(inline.group(2)).value)
        )
        if inline and name in (SKILLS, LANGUAGES, PROFILE) and not programming:
            found.setdefault(str(name), []).append(inline.group(2))
            continue
        found[here].append(line)
    return found


#: Chinese is written without blanks: where one stands, something else begins ('光学工程 硕士').
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff]{2}) (?=[\u3400-\u9fff]{2})")


#: What the columns of a table of degrees or posts are called.
_COLUMN = re.compile(
    r"(?:起止|在校|就读|工作)?(?:时间|日期|年月|年份)|(?:毕业)?(?:院校|学校)(?:名称)?|(?:所学)?专业(?:名称)?|学历(?:学位)?|学位|(?:工作)?单位(?:名称)?|公司(?:名称)?|职位|岗位|职务|部门|工作内容|"
    r"period|from|to|dates?|years?|duration|degree|qualification|institut(?:e|ion)|university|school|employer|company|organi[sz]ation|position|role|title|field(?: of study)?|major|location|"
    r"zeitraum|von|bis|datum|jahr|abschluss|einrichtung|hochschule|schule|fach(?:richtung)?|studiengang|arbeitgeber|firma|unternehmen|funktion|tätigkeit|ort",
    re.I,
)


def is_header(line: str) -> bool:
    """Whether a line is the head of a table: 时间  学校  专业."""
    cells = [cell for cell in re.split(r"\s{2,}|[|｜]", line) if cell.strip()]
    return len(cells) > 1 and all(_COLUMN.fullmatch(cell.strip()) for cell in cells)


#: What a form says of a person, beside the cell that says it.
NAMED = (
    r"姓\s*名|性\s*别|民\s*族|籍\s*贯|国\s*籍|政治面貌|婚姻状况|出生(?:日期|年月|年份)?|(?:联系)?电话|手机(?:号码?)?|(?:电子)?邮箱|电子邮件|e-?mail(?:-adresse)?|"
    r"工作(?:年限|年数|经验)|现?居住(?:地|地址|城市)|现居地|所在(?:地|城市)|(?:最高)?学历|健康状况|(?:full )?name|vor- und nachname|nationality|date of birth|birth ?date|"
    r"(?:mobile )?phone|telephone|mobile|address|gender|marital status|(?:total )?(?:years of )?experience|geburtsdatum|geburtsort|familienstand|staatsangehörigkeit|"
    r"telefon|mobil|anschrift|wohnort|berufserfahrung"
)
_NAMED = re.compile(NAMED, re.I)


def with_colons(line: str) -> str:
    """A row of a form, 姓名 | 王伟 | 性别 | 男, as its pairs: 姓名: 王伟  性别: 男."""
    cells = [cell.strip() for cell in re.split(r"\s{2,}", line.rstrip(FULL))]
    labels = [bool(_NAMED.fullmatch(cell.rstrip(" :："))) for cell in cells]
    if len(cells) < 2 or len(cells) % 2 or not all(labels[::2]) or any(labels[1::2]):
        return line
    pairs = zip(cells[::2], cells[1::2], strict=True)
    return "  ".join(f"{label.rstrip(' :：')}: {value}" for label, value in pairs)


def pieces(line: str) -> list[str]:
    """The parts of a line between gaps, bars, commas and dashes; between Chinese words a blank is
    a gap."""
    line = _BETWEEN_HAN.sub("  ", line)
    return [part for piece in SPLIT.split(line) if (part := _stripped(piece))]


def _stripped(piece: str) -> str:
    """Without signs around it; the bracket that closes one within, as in 'Institut (KIT)', stays."""
    part = piece.strip(" \t-–—·•|:：)）(（")
    for opening, closing in ("()", "（）"):
        if part.count(opening) > part.count(closing) and f"{part}{closing}" in piece:
            part += closing
    return part
