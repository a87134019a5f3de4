"""Contact details in a text: e-mail addresses, telephone numbers, links, ids of messengers.

A reader gets them only after both sides agreed to meet. The text is compared in a folded form
(full-width signs, spelled-out `at` and `dot`), sign by sign, so that what is hidden is exactly what
was written. Better to hide a number too many than an address too few; dates, times, pay and years
stay readable.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MASK = "•••"

_AT = (
    r"(?:@|\s*[\(\[{<]\s*(?:at|@|ät|圈|艾特)\s*[\)\]}>]\s*"
    r"|\s+at\s+(?=[\w-]+\s*(?:\.|dot|punkt|点))|艾特)"
)
_DOT = r"(?:\.|\s*[\(\[{<]\s*(?:dot|punkt|点|\.)\s*[\)\]}>]\s*|\s+(?:dot|punkt)\s+|点)"
_EMAIL = re.compile(
    rf"[a-z0-9][a-z0-9._%+-]*\s?{_AT}\s?[a-z0-9-]+(?:{_DOT}[a-z0-9-]+)+", re.ASCII | re.IGNORECASE
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"，。；）)]+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org|net|cn|de|io|me|info|eu|edu|gov|app|link|uk|fr|co|top|xyz|hk|tw)"
    r"\b(?:/[^\s<>\"，。；）)]*)?",
    re.ASCII | re.IGNORECASE,
)
_MESSENGER = re.compile(
    r"(?:微信号?|薇信|威信|加\s?[vV]|v\s?信|vx|wx|wechat|weixin|qq号?|企鹅号?|whats\s?app|telegram"
    r"|(?:signal|lark|line|skype)(?=\s*(?:id)?\s*[:：=])|line\s?id|钉钉|飞书)"
    r"\s*(?:id|号码?|number|nummer|name|is|ist|是|为)?\s*[:：=\-]?\s*"
    r"[@+]?(?=[a-z0-9._-]*\d|[a-z][a-z0-9._-]{5,})[a-z0-9][a-z0-9._-]{4,30}",
    re.ASCII | re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[a-z0-9_]{4,30}\b", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s().·/-]{0,2}\d){6,17}(?![\w])", re.ASCII)
#: Digits as they are spelled in Chinese; only a row of them is a number to call (ten, hundred and
#: their like break it).
_SPELLED = str.maketrans("〇零○幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖", "00011223456789123456789")
#: What looks like a number to call and is none.
_DATE = re.compile(
    r"(?:\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})"
    r"(?:\D{1,3}\d{1,2}[:.]\d{2})?|\d{4}\s?[-–/]\s?\d{4}|\d{1,3}(?:[ .,]\d{3})+(?:\s?[-–]\s?\d{1,3}"
    r"(?:[ .,]\d{3})+)?",
    re.ASCII,
)
_LEAST = 7  # digits of a number that can be called


@dataclass(frozen=True, slots=True)
class Masked:
    """The text for a reader, and how many contact details are hidden in it."""

    text: str
    hidden: int


def _folded(text: str) -> str:
    """The text with each sign in its plain form, of the same length."""
    found = []
    for sign in text:
        plain = unicodedata.normalize("NFKC", sign)
        # What joins or separates without being seen must not split an address.
        found.append(plain if len(plain) == 1 else sign)
    return "".join(found)


def spans(text: str) -> list[tuple[int, int]]:
    """Where contact details stand: (start, end), in order, not overlapping."""
    plain = _folded(text)
    found: list[tuple[int, int]] = []
    for pattern in (_EMAIL, _LINK, _MESSENGER, _HANDLE):
        found += [match.span() for match in pattern.finditer(plain)]
    for match in _NUMBER.finditer(plain.translate(_SPELLED)):
        digits = sum(sign.isdigit() for sign in match.group())
        if digits >= _LEAST and not _DATE.fullmatch(match.group().strip()):
            found.append(match.span())
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def has_contact(text: str) -> bool:
    """Whether a text holds contact details."""
    return bool(spans(text))


def mask(text: str) -> Masked:
    """The text without its contact details."""
    found = spans(text)
    pieces, at = [], 0
    for start, end in found:
        pieces += [text[at:start], MASK]
        at = end
    return Masked("".join([*pieces, text[at:]]), len(found))
