"""Profiles as the matching reads them: without name, sex, age, photograph and nationality.

The engine has no field for what must not count (`engine.matching.problem`), but people write it
into their profiles, and an encoder would read it there. Lines and pieces that say such a thing
(`性别：女`, `Date of birth: 3.4.1990`, `32 Jahre alt`) and the person's own full name are taken
out before a profile becomes a vector.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["neutral"]

_LABELS = """
姓名|性别|年龄|出生日期|出生年月|出生地|生日|民族|国籍|籍贯|婚姻状况|婚姻|婚否|政治面貌
照片|身高|体重|宗教信仰|宗教
name|full name|first name|last name|given name|family name|surname|sex|gender|age|date of birth
birth date|birthdate|birthday|born|born on|place of birth|birthplace|nationality|citizenship
marital status|religion|ethnicity|race|photo|photograph
vorname|nachname|familienname|geschlecht|alter|geburtsdatum|geburtsort|geburtstag|geburtsjahr
geboren|geboren am|geboren in|staatsangehörigkeit|staatsbürgerschaft|nationalität|familienstand
religionszugehörigkeit|konfession|foto|bewerbungsfoto|lichtbild
"""


def _labels() -> str:
    names = [name for line in _LABELS.strip().splitlines() for name in line.split("|")]
    # The longest first, or 'born' would leave ' on' of 'born on'.
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


# Between two pieces of a profile: a sign, a line end, or a gap.
_BREAK = r"\n;；，,。|·\t"
_START = rf"(?:(?<=[{_BREAK}\s/])|^)"
# Until the piece ends, or the next 'word:' begins on the same line.
_VALUE = rf"[^{_BREAK}]*?(?=[{_BREAK}]|\s+[^\s:：]{{1,24}}[:：]|\s{{2,}}|$)"
_SAID = re.compile(rf"{_START}(?:{_labels()})[ \u3000]*[:：]{_VALUE}", re.IGNORECASE)
_AGE = re.compile(
    r"\b\d{1,2}\s*(?:years old|year-old|jahre alt)\b|(?<!\d)\d{1,2}\s*(?:周岁|岁)", re.IGNORECASE
)
_SEX = re.compile(
    rf"(?:(?<=[{_BREAK}])|^)\s*(?:male|female|männlich|weiblich|男性?|女性?)\s*(?=[{_BREAK}]|$)",
    re.IGNORECASE,
)


def neutral(text: str, names: Iterable[str] = ()) -> str:
    """`text` without what must not count; `names`: the full names of the person.

    A name of one word is left, for it may also be a word of the profile (`Weber`, `高峰`); two
    Chinese characters go where they stand alone or after `我叫`. Time is linear.
    """
    for name in names:
        name = name.strip()
        if len(name) < 2 or (" " not in name and name.isascii()):
            continue
        exact = re.escape(name)
        alone = rf"(?<!\w){exact}(?!\w)|(?<=我叫|我是|本人){exact}"
        whole = exact if len(name) > 2 and not name.isascii() and " " not in name else alone
        text = re.sub(whole, " ", text, flags=re.IGNORECASE)
    for pattern in (_SAID, _AGE, _SEX):
        text = pattern.sub("", text)
    return text
