"""Congestion of the last run: what is sought by far more than it can meet, by industry, and what
the office can do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair import coverage, limits
from talex.fair.words import Words, words_of

#: So many of each side are shown, those most sought for each place.
MOST = 20
#: An industry, or a row, is sought by far more than it can meet from this many for each place on.
FAR = 2.0


@dataclass(frozen=True, slots=True)
class Trade:
    """An industry: its openings, their places, how many talents seek them, and how many of its
    openings have places that nobody was proposed for."""

    key: str
    name: str
    openings: int
    room: int
    sought: int
    pressed: int
    free: int
    advice: str = ""

    @property
    def pressure(self) -> float:
        return self.sought / max(self.room, 1)


@dataclass(frozen=True, slots=True)
class Jam:
    """A talent or an opening that is sought by more than it can meet."""

    row: Any
    pressure: float
    advice: list[str]


@dataclass(frozen=True, slots=True)
class Congested:
    """`openings_pressed`, `talents_pressed`: how many are sought by at least `FAR` for a place.

    `counted`: whether the last run counted who is sought; runs before that was known did not.
    """

    openings: list[Jam]
    talents: list[Jam]
    trades: list[Trade]
    openings_pressed: int
    talents_pressed: int
    counted: bool
    far: float = FAR


def _most(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(room__gt=0, sought__gte=F("room") * FAR)


def congested(actor: Actor, edition: Edition) -> Congested:
    """The congestion of the last run. Raises `NotAllowed` for who may not audit."""
    openings, talents = coverage.openings(actor, edition), coverage.talents(actor, edition)
    trades, of_opening = _trades(openings, words_of(edition))
    many, people = _most(openings), _most(talents)
    order = F("sought") * 1.0 / F("room")
    return Congested(
        [
            Jam(row, row.sought / row.room, _for_opening(row, trades, of_opening[row.opening_id]))
            for row in many.order_by(order.desc(), "id")[:MOST]
        ],
        [
            Jam(row, row.sought / row.room, _for_talent(row))
            for row in people.order_by(order.desc(), "id")[:MOST]
        ],
        sorted(trades.values(), key=lambda one: (-one.pressure, one.name)),
        many.count(),
        people.count(),
        openings.filter(listed__gt=0).exists() or not openings.filter(best__isnull=False).exists(),
    )


def _trades(
    openings: QuerySet[Any], words: Words
) -> tuple[dict[str, Trade], dict[UUID, tuple[str, ...]]]:
    """Industries with their sums, and the industries of each opening."""
    sums: dict[str, list[int]] = {}
    named: dict[str, str] = {}
    of_opening: dict[UUID, tuple[str, ...]] = {}
    columns = ("opening_id", "room", "sought", "proposals", "opening__industry",
               "opening__organisation__industry", "opening__organisation__industries")  # fmt: skip
    for pk, room, sought, proposals, own, first, more in openings.values_list(*columns):
        keys = _keys([own] if own else [first, *(more or ())], words, named)
        of_opening[pk] = tuple(keys)
        for key in keys:
            at = sums.setdefault(key, [0, 0, 0, 0, 0])
            told = (1, room, sought, room > 0 and sought >= FAR * room, proposals < room)
            for column, value in enumerate(told):
                at[column] += int(value)
    found = {}
    for key, (count, room, sought, pressed, free) in sums.items():
        one = Trade(key, named[key], count, room, sought, pressed, free)
        found[key] = Trade(key, named[key], count, room, sought, pressed, free, _for_trade(one))
    return found, of_opening


def _keys(texts: Iterable[str], words: Words, named: dict[str, str]) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        for key in words.industry_keys(text or ""):
            found[key] = None
            named.setdefault(key, words.industry_name(key) if key.startswith("@") else text)
    return list(found)


def _for_trade(one: Trade) -> str:
    if one.pressure >= FAR:
        return _("Win more openings of this industry, or more interviews from those there are.")
    if one.free and one.pressure < 1:
        return _("There are more places than talents seek: invite more talents of this industry.")
    return ""


def _for_opening(row: Any, trades: dict[str, Trade], keys: tuple[str, ...]) -> list[str]:
    """What the office can do about an opening that too many seek, the nearest first."""
    about, advice = row.opening, []
    if not about.interviews_wanted and row.room < limits.INTERVIEWS_MOST:
        advice.append(
            ngettext(
                "Ask for more interviews: nothing is said, so %(n)d is planned.",
                "Ask for more interviews: nothing is said, so %(n)d are planned.",
                row.room,
            )
            % {"n": row.room}
        )
    elif row.room < limits.INTERVIEWS_MOST:
        advice.append(_("Ask the organisation for more interviews or a second delegate."))
    # Of several industries the one with most; the opening itself does not count.
    free = max((trades[key].free for key in keys), default=0) - (row.proposals < row.room)
    if free > 0:
        advice.append(
            ngettext(
                "%(n)d opening of the same industry has free places: point to it.",
                "%(n)d openings of the same industry have free places: point to them.",
                free,
            )
            % {"n": free}
        )
    if not about.skills or not (about.degree_required or about.languages):
        advice.append(_("It asks for little: skills, degree or languages would part the many."))
    return advice or [_("Offer a group interview or a talk for those who find no place.")]


def _for_talent(row: Any) -> list[str]:
    advice = []
    if row.proposals >= row.room:
        advice.append(
            ngettext(
                "Has all %(n)d proposal: let the next run propose more for each talent.",
                "Has all %(n)d proposals: let the next run propose more for each talent.",
                row.room,
            )
            % {"n": row.room}
        )
    advice.append(_("Tell the organisations early that many seek this talent, and show others."))
    return advice
