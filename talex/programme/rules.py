"""Who may see and change the programme of an edition."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions import rules as editions
from talex.programme.models import Activity, Hall


def can_manage(actor: Actor, edition: UUID) -> bool:
    """Halls, tables, days and activities are the office's."""
    return editions.is_office(actor, edition)


def can_see_hall(actor: Actor, hall: Hall) -> bool:
    """Halls are shown to whoever has a part in the edition, and to the office."""
    return actor.all_powerful or any(g.edition == hall.edition_id for g in actor.grants)


def visible_halls(actor: Actor) -> Q:
    if actor.all_powerful:
        return Q()
    return Q(edition_id__in={g.edition for g in actor.grants})


def can_see_activity(actor: Actor, activity: Activity) -> bool:
    """The programme of an edition that is no draft is public."""
    return activity.edition.state != "draft" or can_manage(actor, activity.edition_id)


def visible_activities(actor: Actor) -> Q:
    if actor.all_powerful:
        return Q()
    return ~Q(edition__state="draft") | Q(edition_id__in=actor.editions("organiser"))
