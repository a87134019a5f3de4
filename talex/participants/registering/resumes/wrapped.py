"""Names that a narrow column has broken in two, made whole: Technische | Hochschule Aachen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from talex.participants.registering.resumes.entries import BULLET
from talex.participants.registering.resumes.periods import moment_in, period_in

_HAN = r"[\u4e00-\u9fff]"
#: The last sign of a line that the next word had no room on, as `layout` saw it on the page.
FULL = "\ufdd0"
#: What a name cannot end with.
_UNENDED = re.compile(
    r"(?:[&+/]|(?<=\w)-|,"
    r"|\b(?:of|for|and|the|at|in|für|und|der|des|die|dem|zu|an|am|im|de|la)"
    r"|\bfür [^\W\d_]+e|\b(?:of|and) (?:applied|natural|social|advanced)"
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
_SEVERAL = re.compile(r"[,，、;；|]")
_GAP = re.compile(r"\s{2,}|[|｜]")


def unwrapped(
    lines: Sequence[str],
    apart: Sequence[re.Pattern[str]] = (),
    first: re.Pattern[str] | None = None,
) -> list[str]:
    """The lines of a section, with what was broken within a name or a sentence joined again.

    `apart`: kinds of names (a degree, a school): a line of one kind does not go on in a line of
    another, though it fill its column. `first`: what no second line of a name begins with.
    """
    whole: list[str] = []
    full = False
    for marked in lines:
        line = marked.rstrip(FULL)
        joint = _joint(whole[-1], line) if whole else None
        if (
            joint is None
            and full
            and _flows(whole[-1], line, apart)
            and not (first and first.match(line))
        ):
            joint = between(whole[-1], line)
        if joint is not None:
            whole[-1] = f"{whole[-1]}{joint}{line}"
        else:
            whole.append(line)
        full = marked.endswith(FULL)
    return whole


def joined(lines: Sequence[str], *, lists: bool = False) -> list[str]:
    """Sentences that go on over the edge of a column, each in one line.

    `lists`: only lines that hold several things; a list with one a line stays as it is.
    """
    whole: list[str] = []
    full = False
    for marked in lines:
        line = marked.rstrip(FULL)
        flows = not lists or (full and _listed(whole[-1], line))
        if full and flows and not BULLET.match(line):
            whole[-1] += between(whole[-1], line) + line
        else:
            whole.append(line)
        full = marked.endswith(FULL)
    return whole


def _listed(one: str, two: str) -> bool:
    """Whether two lines are one list: things parted by signs in both of them."""
    seen = len(_SEVERAL.findall(one))
    return bool((seen and (_SEVERAL.search(two) or re.search(r"[,，、;；|]$", one))) or seen > 3)


def between(one: str, two: str) -> str:
    """What stands between two lines that are one: a blank, but not within Chinese or a word."""
    han = re.search(rf"{_HAN}$|[，。、；：（）]$", one) and re.match(
        rf"{_HAN}|[，。、；：（）]", two
    )
    return "" if han or re.search(r"[\w/]-$", one) else " "


def _flows(one: str, two: str, apart: Sequence[re.Pattern[str]]) -> bool:
    """Whether a line whose column is full goes on in the next."""
    if BULLET.match(two):
        return False
    if BULLET.match(one) or len(one) > _LONGEST:  # told, so it flows
        return period_in(two) is None
    if moment_in(two) is not None or (moment_in(one) is not None and len(one) < 24):
        return False
    if one.endswith((".", "。", ";", "；", ":", "：", ")", "）")) or _GAP.search(two):
        return False
    kinds = [{n for n, kind in enumerate(apart) if kind.search(text)} for text in (one, two)]
    return not (kinds[0] and kinds[1] and not kinds[0] & kinds[1])


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
