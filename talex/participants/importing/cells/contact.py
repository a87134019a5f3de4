"""E-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost
from talex.participants.importing.notes import note

_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)
_MASK = re.compile(r"\*{2,}|[x×]{4,}|…|\.{3,}", re.I)
_PHONE = re.compile(r"\(?(?:\+|00)?[\d(][\d\s().\-–/]{4,24}\d")
#: The zero before an area code, which nobody dials after one of these country codes.
_TRUNK = re.compile(r"^(49|43|41|86)0(?=\d{6})")
_LABEL = re.compile(
    r"(?:tel|phone|mobile|mobil|telefon|handy|fax|电话|手机|固话|联系)[^\d+(]{0,12}", re.I
)
# 13800138000(微信同号): words around a number; 转 before an extension stays for `_EXTENSION`.
_OTHER_WORDS = re.compile(r"\([^()\d]*\)|(?:(?![转或])[\u4e00-\u9fff])+")
_EXTENSION = re.compile(r"\s*(?:转|ext\.?|x|durchwahl)\s*\d{1,5}$", re.I)


def read_email(cell: Cell) -> Read[str]:
    """The first e-mail address of a cell, its domain in small letters; the others are noted."""
    text = fact(cell)
    if not text:
        return blank()
    text = re.sub(r"^mailto:", "", text, flags=re.I)
    text = re.sub(r"\s*[(\[]\s*(?:at|ät)\s*[)\]]\s*", "@", text, flags=re.I)
    found = _EMAIL.findall(text)
    if _MASK.search(text) and (not found or "*" in found[0]):
        return Read(None, False, note("email_masked", text=text))
    good = [address for address in found if ".." not in address and not address.startswith(".")]
    if not good:
        return lost("email_not_understood", cell)
    local, _, domain = good[0].rpartition("@")
    local = local.strip("'`").rstrip(".")
    if not local:
        return lost("email_not_understood", cell)
    several = len({address.casefold() for address in good}) > 1
    return Read(f"{local}@{domain.lower()}", True, note("email_several") if several else None)


def read_phone(cell: Cell) -> Read[str]:
    """The first telephone number of a cell: digits, with + where a country code is stated.

    No country is guessed. 7 to 15 digits (E.164); an extension is dropped.
    """
    if isinstance(cell, bool):
        return lost("phone_not_understood", cell)
    text = fact(cell)
    if not text:
        return blank()
    if re.fullmatch(r"\d(?:[.,]\d+)?e\+?\d{1,2}", text, re.I):
        return Read(None, False, note("phone_scientific", text=text))
    text = re.sub(r"(?<=\d{7})\.0$", "", text)  # a number that a program wrote with a point
    if _MASK.search(text):
        return Read(None, False, note("phone_masked", text=text))
    numbers = [number for part in _parts(text) if (number := _digits(part))]
    if not numbers:
        return lost("phone_not_understood", cell)
    several = len(set(numbers)) > 1
    return Read(numbers[0], True, note("phone_several") if several else None)


def _parts(text: str) -> Iterator[str]:
    """Where a cell has several numbers, each; a slash within one (0711 / 12 34 56) parts none."""
    plain = _OTHER_WORDS.sub(" ", _LABEL.sub(" ", text))
    for part in re.split(r"[;；,，、|]|(?<=\d{7})/(?=\d{7})|\bor\b|\boder\b|或", plain):
        beside = re.split(r"\s/\s", part)
        whole = all(len(re.sub(r"\D", "", one)) >= 7 for one in beside)
        yield from beside if whole else [part]


def _digits(part: str) -> str:
    """One number as digits, with + where it says its country; '' where it is none."""
    number = _EXTENSION.sub("", part.strip()) if len(re.sub(r"\D", "", part)) > 11 else part
    if not _PHONE.fullmatch(number.strip()):
        return ""
    digits = re.sub(r"\D", "", re.sub(r"\(\s*0\s*\)", "", number))
    abroad = number.lstrip().startswith(("+", "(+")) or digits.startswith("00")
    digits = digits.removeprefix("00")
    if abroad:
        digits = _TRUNK.sub(r"\1", digits)
    return ("+" if abroad else "") + digits if 7 <= len(digits) <= 15 else ""
