"""How many requests may wait at the same time, counted under a lock that is held to the commit.

A request holds nobody's time: what is counted is how many people wait for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, Message, NotAllowed
from talex.core.prepared import Prepared
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import limits, rules
from talex.fair.choices import InterestState, Side
from talex.fair.models import Interest, Opening, RequestRules
from talex.fair.services.arranging import lock_openings
from talex.ledger.services import record
from talex.participants.models import Organisation, Participation, Talent


@dataclass(frozen=True, slots=True)
class Stated:
    """An edition's limits: open requests a talent, an opening, an organisation; the terms."""

    per_talent: int
    per_opening: int
    per_organisation: int
    answer: timedelta
    reminder: timedelta


@dataclass(frozen=True, slots=True)
class Room:
    """How many requests wait (`open`), and how many may (`most`)."""

    open: int
    most: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.open)


@dataclass(frozen=True, slots=True)
class SetRequestRules:
    """Open requests a talent, an opening and an organisation; hours to answer; hours before the end
    at which who is asked is reminded (0: not)."""

    open_per_talent: int
    open_per_opening: int
    open_per_organisation: int
    answer_hours: int
    reminder_hours: int


def stated(edition: Edition) -> Stated:
    """What the edition's office decided, or the defaults."""
    row = next(iter(_RULES(edition.pk)), None)
    if row is None:
        return Stated(
            limits.OPEN_PER_TALENT,
            limits.OPEN_PER_OPENING,
            limits.OPEN_PER_ORGANISATION,
            limits.ANSWER_WITHIN,
            timedelta(hours=limits.REMINDER_HOURS),
        )
    per_talent, per_opening, per_organisation, answer, reminder = row
    return Stated(
        per_talent,
        per_opening,
        per_organisation,
        timedelta(hours=answer),
        timedelta(hours=reminder),
    )


_RULES = Prepared(
    lambda edition: RequestRules.objects.filter(edition=edition).values_list(
        "open_per_talent", "open_per_opening", "open_per_organisation", "answer_hours",
        "reminder_hours",
    )
)  # fmt: skip


def set_request_rules(actor: Actor, edition: Edition, command: SetRequestRules) -> RequestRules:
    """Decide the limits from now on; requests that wait already keep the term they were given."""
    if not rules.can_match(actor, edition.pk):
        raise NotAllowed
    faults: dict[str, Message] = {}
    for name in ("open_per_talent", "open_per_opening", "open_per_organisation"):
        if not 1 <= getattr(command, name) <= limits.OPEN_MOST:
            faults[name] = _("Give a number from 1 to 1,000.")
    if not 2 <= command.answer_hours <= limits.ANSWER_HOURS_MOST:
        faults["answer_hours"] = _("Give between 2 hours and 60 days (1,440 hours).")
    if not 0 <= command.reminder_hours < max(command.answer_hours, 1):
        faults["reminder_hours"] = _("The reminder comes before the term ends: give fewer hours.")
    if faults:
        raise Invalid(faults)
    with work():
        values = {name: getattr(command, name) for name in SetRequestRules.__slots__}
        kept, _made = RequestRules.objects.update_or_create(edition=edition, defaults=values)
        record(
            "fair.request_rules.set",
            actor=actor,
            edition=edition.pk,
            obj=kept,
            facts={name: str(value) for name, value in values.items()},
        )
    return kept


def _waiting(rows: QuerySet[Interest]) -> int:
    return rows.filter(state=InterestState.ASKED, expires_at__gt=now()).count()


def room_of_talent(talent: Talent, most: Stated) -> Room:
    """What waits of all the talent asked for."""
    present = now()
    waiting = sum(expires > present for (expires,) in _ASKED_BY(talent.pk))
    return Room(waiting, most.per_talent)


_ASKED_BY = Prepared(
    lambda talent: Interest.objects.filter(
        talent=talent, side=Side.TALENT, state=InterestState.ASKED
    ).values_list("expires_at")
)


def room_of_opening(opening: Opening, most: Stated) -> Room:
    """What waits of all invitations to one opening."""
    return Room(
        _waiting(Interest.objects.filter(opening=opening, side=Side.EMPLOYER)), most.per_opening
    )


def room_of_organisation(edition: Edition, organisation: Organisation, most: Stated) -> Room:
    """What waits of all invitations of one organisation in the edition."""
    rows = Interest.objects.filter(
        edition=edition, opening__organisation=organisation, side=Side.EMPLOYER
    )
    return Room(_waiting(rows), most.per_organisation)


FULL_TALENT = _(
    "All your open requests are used (%(most)d of %(most)d). Take one back, or wait for an answer, "
    "before you ask for another meeting."
)
FULL_OPENING = _(
    "All open invitations to this opening are used (%(most)d of %(most)d). Take one back, or wait "
    "for an answer, before you invite somebody else."
)


def take_room(talent: Talent, opening: Opening, side: Side, most: Stated) -> None:
    """Hold the row that counts until the commit, then count. Raises `Conflict` where it is full.

    A talent's requests wait for each other on the talent's row alone, so that a thousand talents
    ask for one opening side by side. Invitations wait on the organisation's place in the edition.
    None of these locks stands in the way of a foreign key's.
    """
    if side is Side.TALENT:
        _HOLD_TALENT(talent.pk)
        check_room(room_of_talent(talent, most), FULL_TALENT)
        return
    edition = opening.edition
    _lock(Participation.objects.filter(edition=edition, organisation=opening.organisation_id))
    found = room_of_organisation(edition, opening.organisation, most)
    told = _(
        "All open invitations of your organisation are used (%(most)d of %(most)d). Take one back, "
        "or wait for an answer, before you invite somebody else."
    )
    check_room(found, told)
    lock_openings([opening.pk])
    check_room(room_of_opening(opening, most), FULL_OPENING)


def _lock(rows: QuerySet[Any]) -> None:
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))


_HOLD_TALENT = Prepared(
    lambda pk: (
        Talent.objects.filter(pk=pk).select_for_update(no_key=True).order_by().values_list("pk")
    )
)


def check_room(room: Room, told: Message) -> None:
    """Raises `Conflict` where it is full. Pages ask before they offer a form."""
    if room.left < 1:
        raise Conflict(str(told) % {"most": room.most})
