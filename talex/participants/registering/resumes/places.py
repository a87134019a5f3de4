"""Where somebody lives, of a postal address: city, region and country, no street, no postcode.

Better nothing than a street: a part that could be one is left out.
"""

from __future__ import annotations

import re

__all__ = ["coarse"]

_PARTS = re.compile(r"[,，;；·•、\n/]+|\s[-–—]\s")
#: German, Chinese and American ones (and D-01309, NY 10001-1234), British ones.
_POSTCODE = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{4})?(?!\w)"
    r"|(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)"
)
_STREET = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|allee|gasse|platz)(?!\w)"
    r"|\b(?:street|road|avenue|lane|boulevard|blvd|apartment|apt|building|floor|c/o|postfach)\b",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_STREET = re.compile(r"[路街道巷弄号號栋幢室楼村]|小区|花园|公寓|\d")
_HAN_CITY = re.compile(r".*?(?:市|自治州|地区|盟)|.*?(?:特别行政区|自治区|省)")
_HAN_PLACE = re.compile(r".*[区县旗]")


def _of_han(part: str) -> str:
    """湖北省武汉市洪山区珞喻路1037号 -> 湖北省武汉市."""
    if not _HAN_STREET.search(part):
        return part
    if found := _HAN_CITY.match(part):
        return found.group()
    found = _HAN_PLACE.match(part)
    return found.group() if found and not _HAN_STREET.search(found.group()) else ""


def _of_latin(part: str) -> str:
    return "" if _STREET.search(part) or any(sign.isdigit() for sign in part) else part


def _kept(part: str) -> str:
    # 'Karlsstraße 12 01309 Dresden': the postcode stands between street and town.
    pieces = [piece.strip(" .:：") for piece in _POSTCODE.split(part)]
    if _HAN.search(part):
        pieces = [word for piece in pieces for word in piece.split()]
    told = [_of_han(one) if _HAN.search(one) else _of_latin(one) for one in pieces]
    return " ".join(one for one in told if one)


def coarse(address: str) -> str:
    """City, region and country of an address as it was written, or ''."""
    kept = [_kept(part) for part in _PARTS.split(address)]
    return ", ".join(dict.fromkeys(part for part in kept if part))
