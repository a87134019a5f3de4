"""Who may see and stop a job: its owner, the office of its edition, the all-powerful."""

from __future__ import annotations

from django.db.models import Q

from talex.core.actor import Actor
from talex.core.models import Job

# The roles are words of the room `editions`; core knows the one that keeps the office.
OFFICE = "organiser"


def can_see_job(actor: Actor, job: Job) -> bool:
    """Owner, office, all-powerful."""
    if actor.all_powerful:
        return True
    if not actor.signed_in:
        return False
    if actor.user is not None and job.owner_id == actor.user:
        return True
    return job.edition_id is not None and actor.has(job.edition_id, OFFICE)


def visible_jobs(actor: Actor) -> Q:
    """The same as a condition for a query."""
    if actor.all_powerful:
        return Q()
    if not actor.signed_in:
        return Q(pk__in=[])
    condition = Q(edition_id__in=actor.editions(OFFICE))
    if actor.user is not None:
        condition |= Q(owner_id=actor.user)
    return condition


def can_cancel_job(actor: Actor, job: Job) -> bool:
    """Whoever sees a job may stop it or run it again."""
    return can_see_job(actor, job)
