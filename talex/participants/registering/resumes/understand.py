"""A CV in Chinese, English or German, understood without any model: the same text, the same answer."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from talex.participants.importing.cells.languages import read_languages
from talex.participants.registering.resumes import headings
from talex.participants.registering.resumes import sections as parts
from talex.participants.registering.resumes.education import read_education
from talex.participants.registering.resumes.entries import BULLET
from talex.participants.registering.resumes.experience import read_experience_section
from talex.participants.registering.resumes.found import Found, quoted
from talex.participants.registering.resumes.periods import dated_posts, years_worked
from talex.participants.registering.resumes.person import read_person
from talex.participants.registering.resumes.stated import Stated, stated
from talex.participants.registering.resumes.wrapped import FULL, joined
from talex.participants.vocabulary import DegreeLevel

_MOST_SKILLS, _LONGEST_SKILL = 60, 60
_SKILL_SPLIT = re.compile(r"[,，;；、|•·\n▪■●]|\s{2,}|\s/\s|(?<=\D)/(?=\D)(?=\S{4,})")
_SKILL_LEVEL = re.compile(
    r"[-–]?\s*exp(?:e)?rience\s*-.*$|\s*[(（](?:sehr gut|gut|grundkenntnisse|experte|expert|advanced|basic|intermediate|fortgeschritten|熟练|精通|了解|良好)[^)）]*[)）]$|"
    r"^\d{1,2}(?:\.\d)?\s*\+?\s*(?:年(?:以上)?(?:的)?|years?(?: of)?|jahre)\s*|(?:的)?(?:开发|使用|工作|项目)?经验$|\s+experience$|"
    r"^(?:精通|熟练(?:掌握|使用|运用|操作)?|掌握|熟悉|了解|具备|擅长|使用|能够)|^(?:proficient (?:in|with)|knowledge of|familiar with|experienced? (?:in|with)|sehr gute kenntnisse in|kenntnisse in|gute kenntnisse in)\s+|等$|等(?:工具|软件|语言|技术)$",
    re.I,
)  # fmt: skip
_LANGUAGE_LINE = re.compile(
    r"^(?:[•·-]\s*)?(?:语言(?:能力)?|外语(?:水平|能力)?|英语(?:水平|能力)?|languages?|sprachen|sprachkenntnisse)\s*[:：]\s*(.+)$|\b(?:CET|TEM)\s?-?\s?[468]|大学英语[四六]级|雅思|IELTS|TOEFL|托福",
    re.I,
)
_WISHED = re.compile(r"(?:期望|意向|目标)(?:工作)?(?:城市|地点|地区)\s*[:：]\s*([^\s|；;]{2,60})")
_NOT_SKILL = re.compile(r"^\W*$|^(?:and|und|和|及)$", re.I)


def understand(lines: Iterable[str], today: date) -> list[Found]:
    """What the lines of a CV say, in the order in which a form asks for it.

    `lines`: text in reading order, columns apart by two blanks or a tab. Nothing is guessed that
    no words stand for; each answer quotes its words.
    """
    marked = parts.clean_lines(lines)
    cut = parts.sections(marked)
    broken = {name: cut.get(name, []) for name in (headings.EDUCATION, headings.EXPERIENCE)}
    told = [
        line
        for name in (headings.HEAD, headings.PERSONAL, headings.WISHES, headings.PROFILE)
        for line in cut.get(name, [])
    ]
    for name in (headings.PROFILE, headings.SKILLS, headings.LANGUAGES):
        if name in cut:
            cut[name] = joined(cut[name], lists=name != headings.PROFILE)
    cut = {name: [line.rstrip(FULL) for line in found] for name, found in cut.items()}
    clean = [line.rstrip(FULL) for line in marked]
    head = [*cut.get(headings.HEAD, []), *cut.get(headings.PERSONAL, [])]
    found = list(read_person(head, clean))
    found += _education(broken[headings.EDUCATION])
    found += _experience(broken[headings.EXPERIENCE], stated(clean, told), today)
    found += _skills(cut.get(headings.SKILLS, []))
    found += _languages(cut.get(headings.LANGUAGES, []), clean)
    found += _wishes(
        [*cut.get(headings.WISHES, []), *cut.get(headings.PERSONAL, []), *cut[headings.HEAD]]
    )
    if profile := cut.get(headings.PROFILE):
        found.append(Found("profile_text", "\n".join(profile)[:20_000], quoted(*profile[:3])))
    return found


def _education(lines: Sequence[str]) -> Iterator[Found]:
    rows = read_education(lines)
    if not rows:
        return
    said = quoted(*(line for _row, told, _open in rows for line in told[:3]))
    yield Found("education", [row for row, _told, _open in rows][:20], said)
    had = [(row, told) for row, told, still in rows if row["level"] and not still]
    if had:
        row, told = max(had, key=lambda one: DegreeLevel(one[0]["level"]).rank)
        yield Found("degree_level", row["level"], quoted(*told[:2]))


def _experience(lines: Sequence[str], total: Stated | None, today: date) -> Iterator[Found]:
    rows = read_experience_section(lines)
    if rows:
        yield Found(
            "experience",
            [row for row, _told in rows][:30],
            quoted(*(told[0] for _row, told in rows if told)),
        )
    dated = dated_posts(row for row, _told in rows)
    counted = years_worked(dated, today) if dated else None
    if total is not None and total.outweighs(counted):
        yield Found("experience_years", f"{total.years:g}", quoted(total.quote))
    elif counted is not None:
        yield Found("experience_years", f"{counted:g}", quoted(*(f"{a} - {b}" for a, b in dated)))
    now = next(((row, told) for row, told in rows if row["start"] and not row["end"]), None)
    if now and now[0]["position"]:
        yield Found("current_position", now[0]["position"], quoted(*now[1][:2]))


def _skills(lines: Sequence[str]) -> Iterator[Found]:
    words: dict[str, None] = {}
    for line in lines:
        line = BULLET.sub("", line)
        # 'Programming: Python, C' and 编程语言：Python name a group first.
        label = re.match(r"^[^:：,，]{2,30}[:：]\s*(.+)$", line)
        for word in _SKILL_SPLIT.split(label.group(1) if label else line):
            word = _SKILL_LEVEL.sub("", _SKILL_LEVEL.sub("", word.strip())).strip(" .。:：-–()（）")
            if len(word) > _LONGEST_SKILL or len(word.split()) > 6 or _NOT_SKILL.match(word):
                continue
            words.setdefault(word)
    if words:
        yield Found("skills", list(words)[:_MOST_SKILLS], quoted(*lines[:4]))


def _languages(lines: Sequence[str], clean: Sequence[str]) -> Iterator[Found]:
    told = [BULLET.sub("", line) for line in lines]
    if not told:
        for line in clean:
            if found := _LANGUAGE_LINE.search(line):
                told.append(found.group(1) or line)
    rows: dict[str, dict[str, str | None]] = {}
    used: list[str] = []
    for line in told[:20]:
        read = read_languages(re.sub(r"\s{2,}|[:：]|\s-\s", " ", line))
        for one in read.value or ():
            if one.code not in rows or rows[one.code]["level"] is None:
                rows[one.code] = {"code": one.code, "level": one.level}
                used.append(line)
    if rows:
        yield Found("languages", list(rows.values()), quoted(*dict.fromkeys(used)))


def _wishes(lines: Sequence[str]) -> Iterator[Found]:
    for line in lines:
        if found := _WISHED.search(line):
            places = [place for place in re.split(r"[,，、/]", found.group(1)) if place]
            yield Found("wished_regions", places, quoted(line))
            return
