"""Time zones as people write them: IANA names, offsets, the names of large zones."""

from __future__ import annotations

import re
from functools import cache

from talex.core.clock import zone_names
from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost

#: Common names that are no IANA names. Where a name stands for several zones, the largest city.
_NAMES = {
    "北京时间": "Asia/Shanghai", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai",
    "中国": "Asia/Shanghai", "beijing": "Asia/Shanghai", "peking": "Asia/Shanghai",
    "china": "Asia/Shanghai", "beijing time": "Asia/Shanghai",
    "china standard time": "Asia/Shanghai", "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei",
    "东京": "Asia/Tokyo", "日本": "Asia/Tokyo", "japan": "Asia/Tokyo", "jst": "Asia/Tokyo",
    "首尔": "Asia/Seoul", "kst": "Asia/Seoul", "新加坡": "Asia/Singapore",
    "india": "Asia/Kolkata", "印度": "Asia/Kolkata", "ist": "Asia/Kolkata",
    "德国": "Europe/Berlin", "柏林": "Europe/Berlin", "germany": "Europe/Berlin",
    "deutschland": "Europe/Berlin", "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "伦敦": "Europe/London",
    "英国": "Europe/London", "uk": "Europe/London", "bst": "Europe/London",
    "巴黎": "Europe/Paris", "莫斯科": "Europe/Moscow", "msk": "Europe/Moscow",
    "纽约": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "et": "America/New_York", "eastern time": "America/New_York",
    "芝加哥": "America/Chicago", "cdt": "America/Chicago", "central time": "America/Chicago",
    "mst": "America/Denver", "mdt": "America/Denver", "mountain time": "America/Denver",
    "洛杉矶": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pacific time": "America/Los_Angeles", "悉尼": "Australia/Sydney", "aest": "Australia/Sydney",
    "utc": "UTC", "gmt": "UTC", "z": "UTC",
}  # fmt: skip
#: Offsets with minutes have no zone of their own in the IANA list.
_HALF = {"+5:30": "Asia/Kolkata", "+3:30": "Asia/Tehran", "+5:45": "Asia/Kathmandu",
         "+9:30": "Australia/Darwin", "+6:30": "Asia/Yangon", "+4:30": "Asia/Kabul",
         "-3:30": "America/St_Johns"}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt|东|西)?\s*([+-])\s*0?(\d{1,2})(?::?([0-5]\d))?(?:\s*(?:小时|h))?")
_EAST = re.compile(r"东\s*([1-9]|1[0-2]|[一二三四五六七八九]|十[一二]?)\s*区")
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
        "十一": 11, "十二": 12}  # fmt: skip


@cache
def _zones() -> dict[str, str]:
    zones = {name.casefold(): name for name in zone_names()}
    for name in sorted(zone_names()):
        city = name.rsplit("/", 1)[-1].replace("_", " ").casefold()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/")):
            zones.setdefault(city, name)
    # What people call so comes before the old names of the list ('EST' is a fixed offset there).
    return zones | _NAMES


def read_time_zone(cell: Cell) -> Read[str]:
    """An IANA zone: `Asia/Shanghai`, `Berlin`, `UTC+8`, `北京时间`, `东八区`, `CET`.

    Whole offsets become the fixed zones `Etc/GMT-8` (its sign is the reverse of the usual one).
    """
    text = fact(cell)
    if not text or isinstance(cell, bool):
        return blank() if not text else lost("time_zone_not_understood", cell)
    bare = re.sub(r"\([^)]*\)", " ", text).strip().casefold() or text.casefold().strip("()")
    for word in (text.casefold(), bare, bare.replace(" ", "_")):
        if word in _zones():
            return Read(_zones()[word], True)
    if east := _EAST.search(text):
        hours = _HAN.get(east.group(1)) or int(east.group(1))
        return Read("Asia/Shanghai" if hours == 8 else f"Etc/GMT-{hours}", True)
    found = _OFFSET.fullmatch(bare) or _OFFSET.search(text.casefold())
    if not found:
        return lost("time_zone_not_understood", cell)
    sign, hours, minutes = found.group(1), int(found.group(2)), int(found.group(3) or 0)
    if minutes:
        zone = _HALF.get(f"{sign}{hours}:{minutes:02}")
        return Read(zone, True) if zone else lost("time_zone_not_understood", cell)
    if hours > (14 if sign == "+" else 12):
        return lost("time_zone_not_understood", cell)
    if hours == 0:
        return Read("UTC", True)
    return Read(f"Etc/GMT{'-' if sign == '+' else '+'}{hours}", True)
