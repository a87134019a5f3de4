"""The sections of a CV: which lines tell of education, of work, of skills."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from talex.participants.importing.cells.languages import read_languages
from talex.participants.registering.resumes.headings import (
    EXPERIENCE,
    HEAD,
    LANGUAGES,
    PROFILE,
    SKILLS,
    heading_of,
)

_INLINE = re.compile(r"^\s*[•·■▪◆●*#-]*\s*([^:：]{2,24})[:：]\s*(\S.*)$")
# One job site's export glues its headings to the end of what stands before.
_GLUED = re.compile(r"(?<=\S)\s*((?:Education|Skill|Company) Details)\s*$", re.M)
_EMPLOYER = re.compile(r"(?:company|employer|arbeitgeber|公司名称|工作单位)\s*[-:：]\s*\S", re.I)
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0xAD, 0])
#: What stands between the parts of a line: see `pieces`.
SPLIT = re.compile(r"\t|\s{2,}|\s[|｜·•/]\s|[|｜]|\s-\s|[,，;；、]|\s@\s")


def clean_lines(lines: Iterable[str]) -> list[str]:
    """NFKC, without invisible signs; wide gaps stay (as two blanks), for they part columns."""
    text = "\n".join(lines).translate(_INVISIBLE)
    text = unicodedata.normalize("NFKC", text.replace("\u3000", "  ").replace("\t", "  "))
    text = _GLUED.sub(r"\n\1", text)
    kept = []
    for line in text.split("\n"):
        line = re.sub(
            r" {2,}", "  ", "".join(s if s == " " or not s.isspace() else " " for s in line)
        )
        kept.append(line.strip())
    return [line for line in kept if line]


def sections(lines: Iterable[str]) -> dict[str, list[str]]:
    """Section -> its lines, in order; `head` is what stands before the first heading.

    A line 'languages: English C1' opens no section: it is one line of that section.
    """
    found: dict[str, list[str]] = {HEAD: []}
    here = HEAD
    for line in lines:
        name = heading_of(line)
        if name is not None:
            here = name
            found.setdefault(here, [])
            continue
        if _EMPLOYER.match(line):  # whatever headings a description held in between
            here = EXPERIENCE
            found.setdefault(here, [])
        inline = _INLINE.match(line)
        name = heading_of(inline.group(1)) if inline and here != EXPERIENCE else None
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
