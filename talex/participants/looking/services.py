"""Noting who looked at whose data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from talex.core import clock
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.work import work
from talex.editions.roles import Role
from talex.participants.looking.models import Look, Way

#: A look is kept so long: a person who comes back a year later still finds it.
DAYS = 730


def note(
    actor: Actor,
    edition: UUID,
    persons: Iterable[UUID],
    way: Way,
    *,
    organisation: UUID | None = None,
) -> None:
    """Note that the actor sees data of these persons now.

    What a person sees of themself and what the machine reads for its own work is no look. For a
    delegate of several organisations `organisation` says for which; else the first one counts.
    On most requests this only reads: a second look on the same day adds nothing.
    """
    if actor.user is None:
        return
    role, of = _as_whom(actor, edition, organisation)
    day = clock.now().date()
    own = actor.persons()
    for some in chunks(sorted({one for one in persons if one not in own}), 500):
        known = set(
            Look.objects.filter(
                person__in=some, edition=edition, viewer=actor.user, organisation=of, role=role,
                way=way, day=day,
            ).values_list("person", flat=True)
        )  # fmt: skip
        new = [
            Look(
                person=one, edition_id=edition, viewer=actor.user, organisation=of, role=role,
                way=way, day=day,
            )
            for one in some
            if one not in known
        ]  # fmt: skip
        if new:
            # Two pages opened at once find neither row: the constraint keeps one.
            with work():
                Look.objects.bulk_create(new, ignore_conflicts=True)


def _as_whom(actor: Actor, edition: UUID, organisation: UUID | None) -> tuple[str, str]:
    if actor.has(edition, Role.ORGANISER):
        return Role.ORGANISER, ""
    if actor.has(edition, Role.AUDITOR):
        return Role.AUDITOR, ""
    mine = sorted(actor.organisations(edition), key=str)
    if mine:
        return Role.DELEGATE, str(organisation if organisation in mine else mine[0])
    if actor.has(edition, Role.PARTNER):
        return Role.PARTNER, ""
    return ("operator", "") if actor.all_powerful else ("other", "")


def forget_old() -> int:
    """Delete looks whose term is over; called by the worker every hour."""
    before = clock.now().date() - timedelta(days=DAYS)
    with work():
        return Look.objects.filter(day__lt=before).delete()[0]
