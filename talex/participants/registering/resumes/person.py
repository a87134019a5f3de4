"""Who the CV is of: name, address, telephone, year of birth, nationality, place."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from talex.participants.importing.cells.contact import read_email, read_phone
from talex.participants.registering.resumes.found import Found, quoted
from talex.participants.registering.resumes.headings import heading_of, is_title
from talex.participants.registering.resumes.periods import moment_in
from talex.participants.registering.resumes.places import coarse
from talex.participants.registering.resumes.sections import NAMED

#: Where the next cell of a row begins though nothing but a blank parts them: at its label. Chinese is
#: written without blanks, so any word before a colon is one.
_LABEL = (
    rf"\s(?:(?:{NAMED})(?:\s|[:：])|[\u4e00-\u9fff]{{2,8}}[:：]|(?-i:[A-ZÄÖÜ][\w-]{{2,20}}):\s)"
)
_END = rf"(?=\s{{2,}}|[|｜;；,，]|$|\s(?:性别|年龄|电话|手机|邮箱|籍贯|出生|民族)|{_LABEL})"
_LABELS = {
    "names": re.compile(rf"(?:姓\s*名|name|vor- und nachname|full name|名字)\s*[:：]\s*(.{{2,60}}?){_END}", re.I),
    "nationality": re.compile(rf"(?:国\s*籍|nationality|citizenship|staatsangehörigkeit|nationalität|staatsbürgerschaft)\s*[:：]?\s+?\s*([^\d:：]{{2,40}}?){_END}", re.I),
    "region": re.compile(r"(?:现居(?:住)?(?:地|城市)?|居住地(?:址)?|所在(?:地|城市)|现所在地|location|residence|current city|wohnort|wohnhaft in|anschrift|adresse|address)\s*[:：]?\s+?\s*(.{2,100}?)(?=\s{2,}|[|｜]|$|" + _LABEL + ")", re.I),
}  # fmt: skip
_COLONLESS = re.compile(
    r"(国\s*籍|现居(?:住)?(?:地|城市)?|居住地(?:址)?|所在(?:地|城市)|姓\s*名)\s*[:：]"
)
_BORN = re.compile(
    r"(?:出生(?:日期|年月|年份)?|生日|date of birth|birth ?date|born(?: on)?|d\.?o\.?b\.?|geburtsdatum|geboren(?: am)?|geb\.(?: am)?|geburtstag)\s*(?:/[^:：]{0,20})?[:：]?\s*(.{4,40})",
    re.I,
)
_PHONE_LABEL = re.compile(
    r"(?:电\s*话|手\s*机(?:号码?)?|联系(?:电话|方式)|tel(?:efon|ephone|\.)?|phone|mobile?|mobil(?:telefon)?|handy|cell|\bm|\bt)\s*[:：.]?\s*((?:\+|00|\(|\d)[\d\s().\-–/+]{5,24}\d)",
    re.I,
)
_PHONE_FREE = re.compile(
    r"(?<![\d./-])(\(?(?:\+|(?<!\d)00)[1-9][\d\s().\-–/]{7,24}\d|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,5}(?: ?[/-] ?| )\d[\d -]{4,12}\d)(?![\d./])"
)
_POSTCODE = re.compile(
    r"(?<![\d+])(?:D-)?\d{5} ([A-ZÄÖÜ][a-zäöüß]+(?:[- ](?:am|an der|im|[A-ZÄÖÜ][a-zäöüß]+)){0,3})(?=$|[\s,·|])"
)
_EMAIL = re.compile(r"[\w.+'-]{1,64}(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\w-]+(?:\.[\w-]+)+")
_TITLES = re.compile(
    r"^(?:(?:prof|dr|herr|frau|mr|mrs|ms|dipl|ing|m\.?sc|b\.?sc)\b\.?(?:[-\s]*(?:ing|rer|nat|med|phil|habil|inf|kfm)\b\.?)*\s*)+",
    re.I,
)
_AFTER = re.compile(
    r"\s*,?\s*(?:m\.?\s?sc|b\.?\s?sc|m\.?\s?a|b\.?\s?a|ph\.?\s?d|mba|m\.?\s?eng|b\.?\s?eng|dipl\.-\w+)\.?$",
    re.I,
)
_LATIN_NAME = re.compile(
    r"^(?:[^\W\d_][\w'’.-]*)(?: (?:(?:von|van|de|der|den|la|le|du|di|da|zu|al|el|bin|dos|y)|[^\W\d_][\w'’.-]*)){1,4}$"
)
_HAN_NAME = re.compile(
    r"^[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,3}$|^[\u4e00-\u9fff]{1,4}·[\u4e00-\u9fff]{1,8}$"
)
_NO_NAME = re.compile(
    r"engineer|manager|developer|scientist|student|lebenslauf|curriculum|resume|street|straße|str\.|road|university|universität|gmbh|details|profile|summary|skills|"
    r"consultant|designer|analyst|ingenieur|entwickler|leiter|professional|experience|简历|工程|经理|大学|学院|公司|本科|硕士|博士|男|女|求职|技能|联系|方式|岁",
    re.I,
)  # fmt: skip
_HEAD_LINES = 12
_LAST_FIRST = re.compile(
    r"(?P<last>(?:(?:von|van|de|zu|der) ){0,2}[A-ZÄÖÜ][^\W\d_]+(?:-[A-ZÄÖÜ][^\W\d_]+)?), "
    r"(?P<first>[A-ZÄÖÜ][^\W\d_]+(?:[- ][A-ZÄÖÜ][^\W\d_]+){0,2})"
)


def read_person(head: Sequence[str], lines: Sequence[str]) -> Iterator[Found]:
    """What the head of a CV says of the person; labels are looked for in its whole text."""
    yield from _name(head, lines)
    for line in (*lines, *_addresses_broken(lines)):
        if found := _EMAIL.search(line):
            read = read_email(found.group())
            if read.value:
                yield Found("email", read.value, quoted(line))
                break
    yield from _phone(head, lines)
    for line in lines:
        born = _BORN.search(line)
        if born and (moment := moment_in(born.group(1))):
            yield Found("birth_year", moment.start[:4], quoted(line))
            break
    told = list(_labelled(lines))
    yield from told
    if not any(one.field == "region" for one in told):
        yield from _town(head)


def _addresses_broken(lines: Sequence[str]) -> Iterator[str]:
    """E-mail addresses that a narrow column has broken: lena.vogel@exam | ple.org."""
    for one, two in pairwise(lines):
        at_end = re.search(r"[\w.+-]+@[\w.-]*$", one)
        if at_end and re.match(r"[\w-]*(?:\.[\w-]+)+(?:\s|$)", two):
            yield at_end.group() + two.split()[0]
        elif re.fullmatch(r"[\w.+-]+", one) and re.match(r"@[\w-]+\.", two):
            yield one + two.split()[0]


def _labelled(lines: Sequence[str]) -> Iterator[Found]:
    for field in ("nationality", "region"):
        for line in lines[:60]:
            if found := _LABELS[field].search(_COLONLESS.sub(r"\1: ", line)):
                value = found.group(1).strip(" :：,，")
                if field == "region":
                    value = coarse(value)
                if value and not heading_of(value):
                    yield Found(field, value[:100], quoted(line))
                    break


def _town(head: Sequence[str]) -> Iterator[Found]:
    """The town of a German address without a label: 50667 Köln."""
    for line in head[:_HEAD_LINES]:
        if found := _POSTCODE.search(line):
            yield Found("region", found.group(1), quoted(line))
            return


def _phone(head: Sequence[str], lines: Sequence[str]) -> Iterator[Found]:
    for pattern, where in ((_PHONE_LABEL, lines), (_PHONE_FREE, head), (_PHONE_FREE, lines[:40])):
        for line in where:
            for found in pattern.finditer(line):
                read = read_phone(found.group(1))
                if read.value:
                    yield Found("phone", read.value, quoted(line))
                    return


def _name(head: Sequence[str], lines: Sequence[str]) -> Iterator[Found]:
    for line in lines[:40]:
        if (found := _LABELS["names"].search(line)) and (name := _as_name(found.group(1))):
            yield Found("names", [name], quoted(line))
            return
    for line in [one for one in head[:_HEAD_LINES] if not is_title(one)][:4]:
        if len(line) > 80:  # a sentence or a list, not a name
            return
        for part in [*_turned(line), *re.split(r"\s{2,}|[|｜/,，(（]", line)]:
            part = re.sub(
                r"^(?:个人简历|简历|lebenslauf(?: von)?|curriculum vitae|resume(?: of)?)\s*[-:：]?\s*",
                "",
                part,
                flags=re.I,
            )
            if name := _as_name(part):
                other = _other_script(line, part)
                yield Found("names", [name, *other], quoted(line))
                return


def _turned(line: str) -> list[str]:
    """`Müller, Jörg-Uwe` the other way round, where the line holds nothing else."""
    found = _LAST_FIRST.fullmatch(line.strip())
    return [f"{found['first']} {found['last']}"] if found else []


def _other_script(line: str, part: str) -> list[str]:
    """王伟 (Wang Wei): the second way to write it stands beside the first."""
    rest = line.replace(part, " ", 1).strip(" ()（）/|-·")
    name = _as_name(rest)
    return [name] if name and name.isascii() != part.isascii() else []


def _as_name(text: str) -> str:
    name = _AFTER.sub("", _TITLES.sub("", " ".join(text.split()))).strip(" .,:：-–—()（）")
    if _NO_NAME.search(name) or heading_of(name) or is_title(name):
        return ""
    if _HAN_NAME.match(name):
        return name.replace(" ", "")
    if not _LATIN_NAME.match(name) or len(name) > 50:
        return ""
    words = name.split()
    if not all(word[0].isupper() or word in _PARTICLES for word in words):
        return ""
    return name.title() if name.isupper() else name


_PARTICLES = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "la",
        "le",
        "du",
        "di",
        "da",
        "zu",
        "al",
        "el",
        "bin",
        "dos",
        "y",
    ]
)
