"""Who may see figures, open them down to people, freeze and release them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.bulletin.models import Bulletin, Snapshot
from talex.core.actor import Actor
from talex.editions.models import EditionState
from talex.editions.roles import Role
from talex.editions.rules import can_audit, is_office

PUBLIC = (EditionState.OPEN, EditionState.RUNNING, EditionState.CLOSED)


def can_see_figures(actor: Actor, edition: UUID) -> bool:
    """The office, auditors, and the press (who see numbers only)."""
    return can_audit(actor, edition) or actor.has(edition, Role.PRESS)


def can_open_records(actor: Actor, edition: UUID) -> bool:
    """Down to the evidence and the people behind it: the office and auditors."""
    return can_audit(actor, edition)


# Small numbers point at people; whoever may open the people needs no protection from them.
sees_small_counts = can_open_records


def can_freeze(actor: Actor, edition: UUID) -> bool:
    """Freeze figures, release them as a bulletin, take one back: the office."""
    return is_office(actor, edition)


def can_see_snapshot(actor: Actor, snapshot: Snapshot) -> bool:
    """The office and auditors all of them; the press what was released and still stands."""
    if can_audit(actor, snapshot.edition_id):
        return True
    return (
        actor.has(snapshot.edition_id, Role.PRESS)
        and snapshot.bulletins.filter(withdrawn_at__isnull=True).exists()
    )


def visible_snapshots(actor: Actor) -> Q:
    """The snapshots for which `can_see_snapshot` holds."""
    if actor.all_powerful:
        return Q()
    released = Bulletin.objects.filter(withdrawn_at__isnull=True).values("snapshot_id")
    return Q(edition_id__in=actor.editions(Role.ORGANISER, Role.AUDITOR)) | Q(
        edition_id__in=actor.editions(Role.PRESS), pk__in=released
    )


def can_see_bulletin(actor: Actor, bulletin: Bulletin) -> bool:
    """Everybody once the edition is public; before, whoever sees its figures.

    A bulletin that was taken back stays readable, marked so: it was said.
    """
    return bulletin.edition.state in PUBLIC or can_see_figures(actor, bulletin.edition_id)


def visible_bulletins(actor: Actor) -> Q:
    """The bulletins for which `can_see_bulletin` holds."""
    if actor.all_powerful:
        return Q()
    mine = actor.editions(Role.ORGANISER, Role.AUDITOR, Role.PRESS)
    return Q(edition__state__in=PUBLIC) | Q(edition_id__in=mine)
