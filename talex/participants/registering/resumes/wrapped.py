"""Names that a narrow column has broken in two, made whole: Technische | Hochschule Aachen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from talex.participants.registering.resumes.entries import BULLET
from talex.participants.registering.resumes.periods import moment_in

_HAN = r"[\u4e00-\u9fff]"
#: What a name cannot end with.
_UNENDED = re.compile(
    r"(?:[&+/]|(?<=\w)-|,"
    r"|\b(?:of|for|and|the|at|in|für|und|der|des|die|dem|zu|an|am|im|de|la)"
    r"|\b(?:freie|hohe|staatliche|national|federal|state|imperial|[^\W\d_][\w-]*ische))$",
    re.I,
)
#: What no line begins with but the second part of a name.
_GOES_ON = re.compile(
    r"(?:of|for|and|für|und|der|des|zu)\s|[(（][A-ZÄÖÜ]{2,8}[)）]$"
    rf"|(?:大学(?!英语|本科|学历|专科)|学院|研究院|研究所|科学院|有限公司|股份有限公司|公司)(?!{_HAN}{{8}})"
)
_HAN_ENDS = re.compile(rf"{_HAN}{{2,}}$")
#: A university that is named only with its town: Technische Universität | München.
_TOWNLESS = re.compile(
    r"(?:^|\s|-)(?:universität|hochschule|university|institut|institute|akademie)$", re.I
)
_TOWN = re.compile(r"(?:zu |in |at )?[A-ZÄÖÜ][\wäöüß.]+(?:[ -][A-Za-zÄÖÜ][\wäöüß.]+)?")
_LONGEST = 60


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines of a section, with what was broken within a name joined again."""
    whole: list[str] = []
    for line in lines:
        if whole and (joint := _joint(whole[-1], line)) is not None:
            whole[-1] = f"{whole[-1]}{joint}{line}"
        else:
            whole.append(line)
    return whole


def _joint(one: str, two: str) -> str | None:
    """What to put between two lines that are one; None where they are two."""
    if len(one) > _LONGEST or BULLET.match(two) or moment_in(two) is not None:
        return None
    if moment_in(one) is not None and len(one) < 24:  # when, and nothing else
        return None
    if _GOES_ON.match(two):
        han = _HAN_ENDS.search(one) and re.match(_HAN, two)
        return "" if han else (None if re.match(_HAN, two) else " ")
    if _UNENDED.search(one):
        return "" if one.endswith("-") else " "
    return None


def with_town(school: str, after: str, named: bool) -> str:
    """A school that ends without its town, with the line below where that may be one.

    `named`: whether the discipline is told elsewhere, so the line below is none.
    """
    if named and _TOWNLESS.search(school) and len(after) <= 40 and _TOWN.fullmatch(after):
        return f"{school} {after}"
    return school
