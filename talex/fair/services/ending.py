"""Requests that end without an answer: the term is over, a consent is taken back, a side blocks.

Nothing here asks the two sides; who calls it has decided that it may happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from talex.core.actor import SYSTEM, Actor
from talex.core.clock import now
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import limits
from talex.fair.choices import EndedBy, InterestState, MatchState, Side
from talex.fair.models import Interest, Match, RequestRules
from talex.ledger.services import record

CHUNK = 500


def end_waiting(
    actor: Actor,
    rows: QuerySet[Interest],
    why: EndedBy,
    states: Sequence[InterestState] = (InterestState.ASKED,),
) -> int:
    """Take back what waits for an answer among the rows, with why. In `work()`."""
    waiting = list(
        rows.select_for_update(of=("self",), no_key=True)
        .filter(state__in=states)
        .order_by("id")
        .only("id", "edition_id")
    )
    for at in range(0, len(waiting), CHUNK):
        Interest.objects.filter(
            pk__in=[one.pk for one in waiting[at : at + CHUNK]], state__in=states
        ).update(state=InterestState.WITHDRAWN, ended_by=why, answered_at=now())
    for interest in waiting:
        record(
            "fair.interest.withdrawn",
            actor=actor,
            edition=interest.edition_id,
            obj=interest,
            facts={"why": why.value},
        )
    return len(waiting)


def expire_interests(actor: Actor, edition: Edition | None = None) -> int:
    """End every request whose time is over. Safe to call often; reads treat them as over anyway."""
    rows = Interest.objects.all()
    if edition is not None:
        rows = rows.filter(edition=edition)
    if not rows.filter(state=InterestState.ASKED, expires_at__lte=now()).exists():
        return 0
    with work():
        return expire(actor, rows)


def expire(actor: Actor, rows: QuerySet[Interest]) -> int:
    """The same for some rows. In `work()`."""
    over = list(
        rows.select_for_update(no_key=True)
        .filter(state=InterestState.ASKED, expires_at__lte=now())
        .order_by("id")
        .only("id", "edition_id")
    )
    for at in range(0, len(over), CHUNK):
        Interest.objects.filter(
            pk__in=[one.pk for one in over[at : at + CHUNK]], state=InterestState.ASKED
        ).update(state=InterestState.EXPIRED)
    for interest in over:
        record(
            "fair.interest.expired",
            actor=actor,
            edition=interest.edition_id,
            obj=interest,
            facts={"why": "time"},
        )
    return len(over)


def remind(actor: Actor = SYSTEM) -> int:
    """Tell the ledger once of each request that ends soon without an answer; whoever sends mails
    follows these events. Returns how many."""
    hours: dict[UUID, int] = dict(RequestRules.objects.values_list("edition_id", "reminder_hours"))
    soon = now() + timedelta(hours=max([limits.REMINDER_HOURS, *hours.values()]))
    rows = Interest.objects.filter(
        state=InterestState.ASKED,
        reminded_at__isnull=True,
        expires_at__gt=now(),
        expires_at__lte=soon,
    )
    due = [
        pk
        for pk, edition, expires in rows.values_list("pk", "edition_id", "expires_at")
        if expires - now() <= timedelta(hours=hours.get(edition, limits.REMINDER_HOURS))
    ]
    if not due:
        return 0
    with work():
        return _reminded(actor, due)


def _reminded(actor: Actor, due: Sequence[UUID]) -> int:
    count = 0
    for at in range(0, len(due), CHUNK):
        # Two workers at once: the second finds them reminded.
        found = list(
            Interest.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=due[at : at + CHUNK], state=InterestState.ASKED)
            .filter(reminded_at__isnull=True)
            .select_related("talent")
            .order_by("id")
        )
        Interest.objects.filter(pk__in=[one.pk for one in found]).update(reminded_at=now())
        for one in found:
            record(
                "fair.interest.reminded",
                actor=actor,
                edition=one.edition_id,
                obj=one,
                subject=one.talent.person_id,
                facts={"asked_side": Side(one.side).other.value, "opening": str(one.opening_id)},
            )
        count += len(found)
    return count


def run_by_itself() -> None:
    """What the worker does every minute."""
    expire_interests(SYSTEM)
    remind()


def approved(talent: UUID, opening: UUID) -> bool:
    """Whether the office approved that the two meet."""
    return Match.objects.filter(
        talent_id=talent, opening_id=opening, state=MatchState.APPROVED
    ).exists()
