"""Degrees of a CV: level, institution, discipline, year."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence

from talex.participants.importing.cells.degree import levels_in
from talex.participants.registering.resumes.entries import Entry, entries
from talex.participants.registering.resumes.sections import pieces
from talex.participants.registering.resumes.wrapped import unwrapped, with_town
from talex.participants.vocabulary import DegreeLevel

_SCHOOL = re.compile(
    r"大学(?!本科|英语|学历|专科)|大學|学院|學院|科学院|研究院|研究所|学校|中学|高中$|一中|党校|"
    r"\buniversit\w*|\buniv\.?\b|\binstitut\w*|\bcollege\b|\bschool\b|\bacademy\b|\bpolytechni\w*|\bfaculty\b|"
    r"\b(?:fach|musik|kunst)?hochschule\b|\b(?:TU|TH|FH|HS|HAW|RWTH|KIT|LMU|ETH|EPFL|MIT|IIT|NIT|IIM|DHBW|UCLA|HTW|HTL)\b|"
    r"gymnasium|\w*schule\b|\bakademie\b|kolleg\b|\bvidyalaya\b|\bENS\b|polit[eé]cnic\w*",
    re.I,
)  # fmt: skip
_DEGREE = re.compile(
    r"博士后|博士研究生|硕士研究生|博士|硕士|学士|本科|大专|专科|高中|中专|研究生|学位|学历|统招|全日制|在读|"
    r"\b(?:doctor|master|bachelor|associate)(?:'?s)?(?: degree)?(?: of (?:science|arts|engineering|technology|commerce|business administration|laws?|education|philosophy|computer applications?|management|pharmacy|medicine))?(?: ?\([^)]{1,12}\))?(?: in\b| of\b)?|"
    r"\b(?:b|m)\.?\s?(?:sc|eng|tech|ed|com|phil|a|e|s|ca|ba)\b\.?(?: ?\([^)]{1,12}\))?(?: (?:in|of)\b)?|\b(?:MBA|BBA|MCA|BCA|PGDM|LLM|LLB|BE|ME|BA|MA|BS|MS)\b\.?(?: (?:in|of)\b)?|\bph\.?\s?d\b\.?(?: (?:in|of)\b)?|"
    r"\bdr\.[\w. -]{0,12}|\bpromotion(?: (?:zum|zur|in|im fach)[^,]*)?|\bdoktorand\w*|\bdipl(?:om)?\b\.?-?(?:ing(?:enieur(?:in)?)?\b\.?)?|\b(?:allgemeine )?(?:fach)?(?:hoch)?schulreife\b|\babitur\b|\bmagister\b|\bstaatsexamen\b|"
    r"\b(?:master|bachelor|diplom|promotions)?-?(?:studium|studiengang)\b(?: (?:der|des|im fach|in))?|\bstudies\b|\bdegree\b|\bdiploma\b(?: (?:in|of)\b)?|\b(?:high school|secondary school|hsc|ssc)\b|\bausbildung (?:zum|zur|als)\b|\babschluss\b:?|\bstudied\b",
    re.I,
)  # fmt: skip
_LABELLED = re.compile(
    r"(?:专业(?:名称)?|主修|major(?:ing)?(?: in)?|field of study|fachrichtung|studiengang|fach|schwerpunkt|discipline|specialization)\s*[:：]\s*([^,，;；|/]{2,80}?)(?=\s{2,}|[,，;；|/]|$)",
    re.I,
)
_SCHOOL_LABEL = re.compile(
    r"^(?:(?:毕业)?(?:院校|学校)(?:名称)?|university|school|institution|college|hochschule|universität|schule)\s*[:：]\s*",
    re.I,
)
_NOISE = re.compile(
    r"\bgpa\b|grade|note\b|gesamtnote|abschlussnote|平均|绩点|排名|成绩|\d[.,]\d|^\d+%?$|cgpa|marks|thesis|thema\b|课程|奖学金|percent|%",
    re.I,
)
#: A mark behind what it is of.
_MARK = re.compile(
    r"\s*[(（\[](?:(?:gesamt|abschluss)?note|gpa|cgpa|grade|绩点|平均)[^)）\]]*(?:[)）\]]|$)|"
    r"\s*[-–—,;]\s{0,3}(?:(?:gesamt|abschluss)?note|c?gpa)\s{0,3}:?\s{0,3}\d(?:[.,]\d{1,2})?(?:\s?/\s?\d{1,2}(?:[.,]\d)?)?(?!\w)",
    re.I,
)
_STUDYING = re.compile(
    r"在读|就读|\b(?:pursuing|student|candidate|ongoing|in progress|expected|laufend|doktorand(?:in)?|angestrebt|voraussichtlich)\b",
    re.I,
)
_FORMS = re.compile(
    r"^(?:in|of|der|des|im fach|am|an der|at|at the|from|,|:|-)\s+|[(（][^)）]*$|^[)）]|[\s:：,-]+$"
)
# Job sites of India write 'discipline City, State school' without any mark between.
_STATES = "Andhra Pradesh|Assam|Bihar|Chhattisgarh|Delhi|Goa|Gujarat|Haryana|Himachal Pradesh|Jharkhand|Karnataka|Kerala|Madhya Pradesh|Maharashtra|Odisha|Orissa|Punjab|Rajasthan|Tamil Nadu|Telangana|Uttar Pradesh|Uttarakhand|West Bengal"
_CITY_STATE = re.compile(rf"\s[A-Z]\w+,\s(?:{_STATES})(?:, IN)?\s(?=[A-Z])", re.I)
#: A degree and no more; its discipline stands in the line below.
_BARE = re.compile(
    r"(?:(?:bachelor|master|doctor) of [a-z]+(?: \([^()]{1,12}\))?|[bm]\.? ?(?:sc|eng|a|ed)\.?)",
    re.I,
)
#: Signs of a place name that stands between the degree and the school.
_PLACE = re.compile(r"^(?:[A-ZÄÖÜ]\w+(?:[ -][A-Za-zäöüß]\w+)?)$")


def read_education(lines: Sequence[str]) -> list[tuple[dict[str, str], list[str], bool]]:
    """(row, its lines, whether it goes on) for each degree, in the order of the CV."""
    found = []
    for entry in entries(
        _with_disciplines(unwrapped(lines, (_SCHOOL, _DEGREE), _DEGREE)), single=True
    ):
        row, open_ = _row(entry)
        if row["level"] or row["institution"]:
            found.append((row, entry.lines, open_))
    return found


def _with_disciplines(lines: Sequence[str]) -> list[str]:
    """In a narrow column 'Bachelor of Science' stands above its discipline: one line again."""
    whole: list[str] = []
    for line in lines:
        bare = whole and _BARE.fullmatch(whole[-1]) and len(line) <= 60
        if bare and len(pieces(line)) == 1 and not re.search(r"\d", line) and not _named(line):
            whole[-1] += f" {line}"
        else:
            whole.append(line)
    return whole


def _named(line: str) -> bool:
    return bool(_SCHOOL.search(line) or _DEGREE.search(line) or _NOISE.search(line))


def _row(entry: Entry) -> tuple[dict[str, str], bool]:
    told = [_CITY_STATE.sub("  ", _MARK.sub("", line)) for line in (*entry.lead, *entry.rest[:3])]
    text = "  ".join(told)
    parts = [
        _SCHOOL_LABEL.sub("", part) for line in told[: len(entry.lead) + 2] for part in pieces(line)
    ]
    school = next((part for part in parts if _SCHOOL.search(part) and not _is_degree(part)), "")
    if not school:
        school = next((_cut_school(part) for part in parts if _SCHOOL.search(part)), "")
    without = text.replace(school, "  ") if school else text
    levels = levels_in(without[:300])
    level = max(levels, key=lambda one: one.rank) if levels else None
    if level is None and re.search(r"gymnasium|中学|高中", school, re.I):
        level = DegreeLevel.SECONDARY
    school, parts = _whole_school(school, parts, text)
    period = entry.period
    year = "" if period is None else (period.end or ("" if period.open else period.start))[:4]
    row = {
        "level": level.value if level else "",
        "institution": school[:200],
        "discipline": _discipline(parts, school, text)[:200],
        "year": year,
    }
    return row, bool((period and period.open) or _STUDYING.search(without))


def _whole_school(school: str, parts: list[str], text: str) -> tuple[str, list[str]]:
    """The school with the town that stands in the line below it, and the parts without it."""
    at = parts.index(school) + 1 if school in parts else len(parts)
    if at >= len(parts):
        return school, parts
    rest = [*parts[:at], *parts[at + 1 :]]
    whole = with_town(school, parts[at], bool(_discipline(rest, school, text)))
    return (school, parts) if whole == school else (whole, [*rest[: at - 1], whole, *rest[at:]])


def _is_degree(part: str) -> bool:
    """'Master of Science, University of X' in one piece names both."""
    return bool(
        _DEGREE.search(_SCHOOL.sub(" ", part))
        and len(part) > 12
        and levels_in(_SCHOOL.sub(" ", part))
    )


def _cut_school(part: str) -> str:
    """The school at the end, or the beginning, of a piece that also names the degree."""
    degree = _DEGREE.search(part)
    if degree is None:
        return part
    after = part[degree.end() :]
    if _SCHOOL.search(after):
        at = re.search(r"\b(?:an der|am|at the|at|from|der)\s+(.*)$", after)
        return (at.group(1) if at else after).strip()
    return part[: degree.start()].strip()


def _only_words(part: str) -> bool:
    return bool(
        2 <= len(part) <= 60 and not _named(part) and not any(sign.isdigit() for sign in part)
    )


def _discipline(parts: Sequence[str], school: str, text: str) -> str:
    if labelled := _LABELLED.search(text):
        return labelled.group(1).strip()
    candidates = [part for part in parts if part != school and not _NOISE.search(part)]
    for at, part in enumerate(candidates):
        degree = _DEGREE.search(part)
        if degree is None:
            continue
        left = _DEGREE.sub("  ", part.replace(school, "  ") if school else part)
        left = _FORMS.sub("", " ".join(left.replace("(", " ").replace(")", " ").split())).strip(
            " .-:：,"
        )
        left = re.sub(r"^(?:in|of|der|des|und|and|pursuing)\s+", "", left)
        if len(left) > 1 and not _SCHOOL.search(left):
            return left
        # 'MBA, Operations': the discipline stands behind the degree and a comma.
        after = candidates[at + 1] if at + 1 < len(candidates) else ""
        if not left and f"{part}, {after}" in text and _only_words(after):
            return after
    for part in candidates:
        if (
            not _DEGREE.search(part)
            and not _SCHOOL.search(part)
            and 2 <= len(part) <= 60
            and not any(s.isdigit() for s in part)
        ):
            if (
                len(candidates) > 1
                and _PLACE.fullmatch(part)
                and part is candidates[-1]
                and part.isascii()
            ):
                continue
            return re.sub(r"专业$", "", part)
    return ""
